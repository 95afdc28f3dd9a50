"""The routes about what is asked of owners: proposals and requests for access."""

from collections.abc import Callable
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.message_schemas import request_schemas
from comity.api.problems import json_response
from comity.api.requests import (
    LINES_DEFAULT,
    RECORD_BYTES_MAX,
    by_method,
    officer_asking,
    stated_purpose,
    whole_number,
    with_body,
)
from comity.api.topic import JSON, KEYED, PURPOSE, Described, Topic, shown_anew
from comity.procedures.desk import Desk
from comity.procedures.owners import access, proposals
from comity.procedures.owners.asking import ListOrder, RequestList, ShownRequest
from comity.records.fieldtype import Json


def owner_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk."""
    doors = OwnerDoors(desk)
    return [
        Route("/v1/proposals", by_method(GET=doors.proposals, POST=doors.propose), methods=["GET", "POST"]),
        Route(
            "/v1/proposals/{proposal}",
            by_method(GET=doors.proposal, DELETE=doors.withdraw_proposal),
            methods=["GET", "DELETE"],
        ),
        Route("/v1/proposals/{proposal}/decision", doors.decide_proposal, methods=["POST"]),
        Route("/v1/access-requests", by_method(GET=doors.requests, POST=doors.ask), methods=["GET", "POST"]),
        Route(
            "/v1/access-requests/{access}",
            by_method(GET=doors.request, DELETE=doors.withdraw_request),
            methods=["GET", "DELETE"],
        ),
        Route("/v1/access-requests/{access}/decision", doors.decide_request, methods=["POST"]),
        Route("/v1/access-requests/{access}/end", doors.end_access, methods=["POST"]),
    ]


class OwnerDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def _listed(
        self, request: Request, found: Callable[[ListOrder, Officer, Desk], RequestList]
    ) -> RequestList:
        officer = await self._officer(request)
        limit = whole_number(request, "limit", LINES_DEFAULT)
        assert limit is not None, "a default is given"
        asked = request.query_params
        order = ListOrder(asked.get("side", "in"), asked.get("state", "open"), limit, asked.get("before"))
        return await run_in_threadpool(found, order, officer, self._desk)

    async def _one(
        self, request: Request, name: str, act: Callable[[str, Officer, Desk], ShownRequest]
    ) -> ShownRequest:
        officer = await self._officer(request)
        return await run_in_threadpool(act, request.path_params[name], officer, self._desk)

    async def _stated(
        self, request: Request, name: str, act: Callable[[str, Json, Officer, Desk], ShownRequest]
    ) -> ShownRequest:
        """Return what becomes of a request by what the caller states of it."""
        officer, one = await self._officer(request), request.path_params[name]
        return await with_body(request, RECORD_BYTES_MAX, lambda body: act(one, body, officer, self._desk))

    async def proposals(self, request: Request) -> Response:
        """List proposals to the bureau, or its own."""
        found = await self._listed(request, proposals.list_proposals)
        shown: list[Json] = [proposals.proposal_json(one) for one in found.requests]
        return json_response({"proposals": shown, "next": found.next})

    async def propose(self, request: Request) -> Response:
        """Propose changes of a record to its owner."""
        officer = await self._officer(request)
        purpose = stated_purpose(request)
        act = partial(proposals.propose, officer=officer, purpose=purpose, desk=self._desk)
        made = await with_body(request, RECORD_BYTES_MAX, act)
        return json_response(proposals.proposal_json(made), 201)

    async def proposal(self, request: Request) -> Response:
        """Show a proposal."""
        found = await self._one(request, "proposal", proposals.read_proposal)
        return json_response(proposals.proposal_json(found))

    async def withdraw_proposal(self, request: Request) -> Response:
        """Withdraw a proposal."""
        found = await self._one(request, "proposal", proposals.withdraw_proposal)
        return json_response(proposals.proposal_json(found))

    async def decide_proposal(self, request: Request) -> Response:
        """Accept or refuse a proposal to the bureau."""
        decided = await self._stated(request, "proposal", proposals.decide_proposal)
        return json_response(proposals.proposal_json(decided))

    async def requests(self, request: Request) -> Response:
        """List requests for access to the bureau's records, or its own."""
        found = await self._listed(request, access.list_access)
        return json_response({"requests": [one.to_json() for one in found.requests], "next": found.next})

    async def ask(self, request: Request) -> Response:
        """Ask an owner to see a record whole."""
        officer = await self._officer(request)
        purpose = stated_purpose(request)
        act = partial(access.ask_access, officer=officer, purpose=purpose, desk=self._desk)
        made = await with_body(request, RECORD_BYTES_MAX, act)
        return json_response(made.to_json(), 201)

    async def request(self, request: Request) -> Response:
        """Show a request for access."""
        return json_response((await self._one(request, "access", access.read_access)).to_json())

    async def withdraw_request(self, request: Request) -> Response:
        """Withdraw a request for access."""
        return json_response((await self._one(request, "access", access.withdraw_access)).to_json())

    async def decide_request(self, request: Request) -> Response:
        """Open a record of the bureau's own to who asked, or refuse."""
        return json_response((await self._stated(request, "access", access.decide_access)).to_json())

    async def end_access(self, request: Request) -> Response:
        """Take back access that the bureau has given."""
        return json_response((await self._stated(request, "access", access.end_access)).to_json())


LISTED = ("side", "state", "limit", "before")
FOUND = (*KEYED, 404)
MADE = (*KEYED, 404, 409, 413, 422)


def _described(path: str, name: str, words: tuple[str, str, str]) -> tuple[Described, ...]:
    """Return the operations of one of the two things that are asked of owners."""
    many, taken, given = words
    one = f"{path}/{{{name}}}"
    return (
        Described("get", path, f"List: {name}", many, errors=(*KEYED, 422), parameters=LISTED),
        Described(
            "post",
            path,
            f"Ask an owner: {name}",
            given,
            done=(201,),
            errors=MADE,
            body=JSON,
            takes=taken,
            parameters=(PURPOSE,),
            repeats=shown_anew(one),
        ),
        Described("get", one, f"Show: {name}", given, errors=FOUND),
        Described(
            "delete",
            one,
            f"Withdraw: {name}",
            given,
            errors=(*FOUND, 409),
            repeats=shown_anew(one),
        ),
        Described(
            "post",
            f"{one}/decision",
            f"Decide: {name}",
            given,
            errors=MADE,
            body=JSON,
            takes="Decision",
            repeats=shown_anew(one),
        ),
    )


OWNERS = Topic(
    owner_routes,
    (
        *_described("/v1/proposals", "proposal", ("Proposals", "Proposing", "Proposal")),
        *_described("/v1/access-requests", "access", ("AccessRequests", "AccessAsking", "AccessRequest")),
        Described(
            "post",
            "/v1/access-requests/{access}/end",
            "Take back access that was given",
            "AccessRequest",
            errors=MADE,
            body=JSON,
            takes="AccessEnding",
            repeats=shown_anew("/v1/access-requests/{access}"),
        ),
    ),
    request_schemas(),
)
