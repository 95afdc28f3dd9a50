"""The pages about records held: one record, who met it, and which of one's own are due for review."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.acts import Act
from comity.console.changes import ChangeWording
from comity.console.forms import read_form
from comity.console.reception import Reception, moment_of, own_path, stated_purpose
from comity.console.rendering import Page
from comity.console.visitor import PURPOSE, Visitor, check_post, set_cookie
from comity.errors import MalformedError
from comity.procedures.holders import held_elsewhere, holders_of
from comity.procedures.records_page import read_page
from comity.procedures.records_review import due_for_review
from comity.procedures.trail_of_record import TrailRequest, trail_of_record

LINES = 50
SOON_DAYS = 90


def record_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = RecordPages(reception)
    return [
        Route("/purpose", pages.state_purpose, methods=["POST"]),
        Route("/records/{record}", pages.record, methods=["GET"]),
        Route("/records/{record}/trail", pages.trail, methods=["GET"]),
        Route("/records/{record}/holders", pages.holders, methods=["GET"]),
        Route("/holders", pages.held_elsewhere, methods=["GET"]),
        Route("/trail/record", pages.trail_by_order, methods=["GET", "POST"]),
        Route("/reviews", pages.reviews, methods=["GET"]),
    ]


class RecordPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception

    async def record(self, request: Request) -> Response:
        """Show a record as far as the visitor may see it, and what changed in it."""
        visitor, officer = await self._reception.inside(request)
        purpose = self._reception.purpose(officer, request)
        if purpose is None and Act.RECORD_READ in officer.acts():
            return self._reception.ask_purpose(request, visitor, officer)
        one = request.path_params["record"]
        page = await run_in_threadpool(read_page, one, officer, purpose, self._reception.desk)
        speaker = self._reception.speech.speaker(visitor.language)
        values = {"page": page, "held": page.seen.held, "changes": ChangeWording(speaker)}
        return self._reception.render(Page("record.html", values), request, visitor)

    async def state_purpose(self, request: Request) -> Response:
        """Note for what the visitor reads on, and go back to what was to be read."""
        visitor, officer = await self._reception.inside(request)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        purpose = stated_purpose(officer, posted.get("purpose", ""))
        response = RedirectResponse(own_path(posted.get("back", "/")), 303)
        if purpose is not None:
            set_cookie(response, request, PURPOSE, purpose.value)
        return response

    async def trail(self, request: Request) -> Response:
        """Show an owner who met its record."""
        visitor, _officer = await self._reception.inside(request)
        asked = TrailRequest(
            request.path_params["record"], LINES, moment_of(request.query_params.get("before"))
        )
        return await self._show_trail(request, visitor, asked)

    async def holders(self, request: Request) -> Response:
        """Show an owner who holds its record."""
        visitor, officer = await self._reception.inside(request)
        one = request.path_params["record"]
        found = await run_in_threadpool(holders_of, one, None, officer, self._reception.desk)
        return self._reception.render(Page("holders.html", {"found": found}), request, visitor)

    async def held_elsewhere(self, request: Request) -> Response:
        """Show which of the bureau's records were shown to others."""
        visitor, officer = await self._reception.inside(request)
        after = request.query_params.get("after")
        page = await run_in_threadpool(held_elsewhere, LINES, after, officer, self._reception.desk)
        return self._reception.render(Page("held_elsewhere.html", {"page": page}), request, visitor)

    async def trail_by_order(self, request: Request) -> Response:
        """Show a controller who met a record. Both are posted: an order belongs in no address."""
        visitor, _officer = await self._reception.inside(request)
        if request.method == "GET":
            values = {"trail": None, "asked": TrailRequest(""), "fault": None}
            return self._reception.render(Page("trail_of_record.html", values), request, visitor)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        asked = TrailRequest(
            posted.get("record", "").strip(),
            LINES,
            moment_of(posted.get("before")),
            posted.get("order", "").strip() or None,
        )
        return await self._show_trail(request, visitor, asked)

    async def _show_trail(self, request: Request, visitor: Visitor, asked: TrailRequest) -> Response:
        assert visitor.officer is not None, "only those inside come here"
        trail, fault = None, None
        try:
            trail = await run_in_threadpool(trail_of_record, asked, visitor.officer, self._reception.desk)
        except MalformedError as error:
            fault = self._reception.speech.speaker(visitor.language).error(error.code, error.field)
        values = {"trail": trail, "asked": asked, "fault": fault}
        page = Page("trail_of_record.html", values, 422 if fault else 200)
        return self._reception.render(page, request, visitor)

    async def reviews(self, request: Request) -> Response:
        """Show which of the bureau's records are due for review."""
        visitor, officer = await self._reception.inside(request)
        is_soon = "soon" in request.query_params
        after = request.query_params.get("after")
        days = SOON_DAYS if is_soon else 0
        due = await run_in_threadpool(due_for_review, days, LINES, after, officer, self._reception.desk)
        values = {"due": due, "is_soon": is_soon}
        return self._reception.render(Page("reviews.html", values), request, visitor)
