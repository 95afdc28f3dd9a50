"""The pages on standing checks: what the bureau watches, until when, and a form to watch something more."""

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.console.forms import check_form, query_from, read_form, whole_typed
from comity.console.reception import Reception, purposes_of, stated_purpose
from comity.console.rendering import Page
from comity.console.visitor import check_post
from comity.errors import ConflictError, MalformedError
from comity.procedures.watches import DAYS_DEFAULT, end_watch, list_watches, set_watch
from comity.records.kind import Kind
from comity.records.kinds import kind_named


def watch_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = WatchPages(reception)
    return [
        Route("/watches", pages.watches, methods=["GET"]),
        Route("/watches/end", pages.end, methods=["POST"]),
        Route("/watches/new/{kind}", pages.stand, methods=["GET", "POST"]),
    ]


class WatchPages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def watches(self, request: Request) -> Response:
        """List the bureau's standing checks."""
        visitor, officer = await self._reception.inside(request)
        found = await run_in_threadpool(list_watches, officer, self._desk)
        return self._reception.render(Page("watches.html", {"watches": found}), request, visitor)

    async def end(self, request: Request) -> Response:
        """End a standing check."""
        visitor, officer = await self._reception.inside(request)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        await run_in_threadpool(end_watch, posted.get("watch", ""), officer, self._desk)
        return RedirectResponse("/watches", 303)

    async def stand(self, request: Request) -> Response:
        """Show a kind's form, or let the check that it states stand."""
        visitor, officer = await self._reception.inside(request)
        kind = _kind(request.path_params["kind"])
        posted: dict[str, str] = {}
        fault: tuple[str, str] | None = None
        if request.method == "POST":
            posted = await read_form(request)
            check_post(request, visitor, posted.get("token", ""))
            purpose = stated_purpose(officer, posted.get("purpose", ""))
            query = {**query_from(kind, posted), "days": whole_typed(posted.get("days", "")) or 0}
            try:
                await run_in_threadpool(set_watch, query, officer, purpose, self._desk)
                return RedirectResponse("/watches", 303)
            except (MalformedError, ConflictError) as error:
                told = self._reception.speech.speaker(visitor.language)
                data = error.data
                fault = (str(data.get("field", "")), told.error(str(data.get("rule", error.code))))
        values = {
            "kind": kind.code,
            "form": check_form(kind, posted, fault, focus=fault is None),
            "fault": fault,
            "days": posted.get("days", str(DAYS_DEFAULT)),
            "purpose": posted.get("purpose") or self._reception.purpose(officer, request),
            "purposes": purposes_of(officer),
        }
        page = Page("watch.html", values, 422 if fault else 200)
        return self._reception.render(page, request, visitor)


def _kind(code: str) -> Kind:
    try:
        return kind_named(code)
    except MalformedError:
        raise HTTPException(404) from None
