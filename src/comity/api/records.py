"""The routes about records held: what they said before, who met them, which are due for review."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.problems import json_response
from comity.api.requests import LINES_DEFAULT, officer_asking, page_asked, stated_purpose, whole_number
from comity.api.topic import KEYED, PAGED, PURPOSE, Described, Topic
from comity.procedures.desk import Desk
from comity.procedures.holders import held_elsewhere, holders_of
from comity.procedures.records_page import read_page
from comity.procedures.records_review import due_for_review
from comity.procedures.trail_of_record import TrailRequest, trail_of_record


def record_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = RecordDoors(desk)
    return [
        Route("/v1/records/{record}/versions", doors.versions, methods=["GET"]),
        Route("/v1/records/{record}/trail", doors.trail, methods=["GET"]),
        Route("/v1/records/{record}/holders", doors.holders, methods=["GET"]),
        Route("/v1/holders", doors.held_elsewhere, methods=["GET"]),
        Route("/v1/reviews", doors.reviews, methods=["GET"]),
    ]


class RecordDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def versions(self, request: Request) -> Response:
        """Show what each version of a record changed, as far as the caller may see it."""
        officer = await self._officer(request)
        one, purpose = request.path_params["record"], stated_purpose(request)
        page = await run_in_threadpool(read_page, one, officer, purpose, self._desk)
        return json_response(page.versions_json())

    async def trail(self, request: Request) -> Response:
        """Show who met a record, to its owner and to a controller with an order."""
        officer = await self._officer(request)
        limit, before = page_asked(request)
        order = request.query_params.get("order")
        asked = TrailRequest(request.path_params["record"], limit, before, order)
        trail = await run_in_threadpool(trail_of_record, asked, officer, self._desk)
        return json_response(trail.to_json())

    async def holders(self, request: Request) -> Response:
        """Show who holds a record, to its owner and to a controller with an order."""
        officer = await self._officer(request)
        one, order = request.path_params["record"], request.query_params.get("order")
        found = await run_in_threadpool(holders_of, one, order, officer, self._desk)
        return json_response(found.to_json())

    async def held_elsewhere(self, request: Request) -> Response:
        """List the records of the caller's bureau that were shown to others."""
        officer = await self._officer(request)
        limit = whole_number(request, "limit", LINES_DEFAULT)
        assert limit is not None, "a default is given"
        after = request.query_params.get("after")
        found = await run_in_threadpool(held_elsewhere, limit, after, officer, self._desk)
        return json_response(found.to_json())

    async def reviews(self, request: Request) -> Response:
        """List the records of the caller's bureau that are due for review."""
        officer = await self._officer(request)
        days, limit = whole_number(request, "within_days", 0), whole_number(request, "limit", LINES_DEFAULT)
        assert days is not None, "a default is given"
        assert limit is not None, "a default is given"
        after = request.query_params.get("after")
        due = await run_in_threadpool(due_for_review, days, limit, after, officer, self._desk)
        return json_response(due.to_json())


RECORDS = Topic(
    record_routes,
    (
        Described(
            "get",
            "/v1/records/{record}/versions",
            "What each version of a record changed",
            "Versions",
            errors=(*KEYED, 404, 422),
            parameters=(PURPOSE,),
        ),
        Described(
            "get",
            "/v1/records/{record}/trail",
            "Who met a record: for its owner, or by a controller's order",
            "Trail",
            errors=(*KEYED, 404, 422),
            parameters=("order", *PAGED),
        ),
        Described(
            "get",
            "/v1/records/{record}/holders",
            "Who holds a record: to whom it was sent or shown, who took it, who holds the same",
            "Holders",
            errors=(*KEYED, 404, 422),
            parameters=("order",),
        ),
        Described(
            "get",
            "/v1/holders",
            "One's own records that were shown to other bureaus",
            "HeldElsewhere",
            errors=(*KEYED, 422),
            parameters=("limit", "after"),
        ),
        Described(
            "get",
            "/v1/reviews",
            "One's own records that are due for review",
            "Reviews",
            errors=(*KEYED, 422),
            parameters=("within_days", "limit", "after"),
        ),
    ),
)
