"""The header `Idempotency-Key`: a changing request that is sent again is told what the first was told.

    route -> no key -> its door, as ever
          -> key -> held -> told again, under `Idempotency-Replayed`
                 -> not held -> its door, which takes the key with the act -> the answer kept -> answer

Source: IETF draft httpapi-idempotency-key-header; `docs/http.md` says which of its rules are followed, decision 16 why.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive

from comity.access.people import Officer
from comity.api.description import operations
from comity.api.faults import ACTS
from comity.api.guard import log_unexpected
from comity.api.problems import problem_of
from comity.api.requests import PURPOSE_HEADER, UnreadError, officer_asking, stated_purpose
from comity.api.topic import REPLAYED, Described, Repeats
from comity.errors import ComityError, MalformedError
from comity.procedures.desk import Desk
from comity.procedures.idempotency import (
    HEADER,
    Kept,
    Repeated,
    claim_for,
    holder_of,
    keep,
    parse_key,
    seal,
    told_again,
)
from comity.records.fieldtype import Json
from comity.registry.idempotency import Claim, TakenError, claiming

BODY_BYTES_MAX: Final = 16 * 1024 * 1024
"""The largest body that any route takes."""

Door = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request that came with a key: of which operation, from whom, what it takes with its act, and its body."""

    request: Request
    operation: Described
    repeats: Repeats
    officer: Officer
    claim: Claim
    body: "Body"


class Body:
    """A request's body on its way to the door, of which a digest is made meanwhile."""

    def __init__(self, receive: Receive) -> None:
        self._receive, self._digest = receive, hashlib.sha256()

    async def receive(self) -> Message:
        """Return the next part."""
        message = await self._receive()
        self._digest.update(message.get("body", b""))
        return message

    def digest(self) -> str:
        """Return the digest of what has been read."""
        return self._digest.hexdigest()

    async def read_through(self, request: Request) -> None:
        """Read what no door reads; raises 413 where it is too large for any."""
        size = 0
        async for part in Request(request.scope, self.receive).stream():
            size += len(part)
            if size > BODY_BYTES_MAX:
                raise HTTPException(413)


class Repeating:
    """Lets the routes that change something take keys, around one desk."""

    def __init__(self, desk: Desk, routes: Sequence[Route]) -> None:
        self._desk = desk
        self._shows = {route.path: route.endpoint for route in routes if "GET" in (route.methods or ())}
        self._operations = {(one.method.upper(), one.path): one for one in operations() if one.repeats}

    def guarded(self, route: Route) -> Route:
        """Return the route with keys taken, where one of its methods changes something."""
        methods, door = sorted(route.methods or ()), route.endpoint
        known = {method: self._operations.get((method, route.path)) for method in methods}
        if not any(known.values()):
            return route

        async def taking_keys(request: Request) -> Response:
            one = known[request.method]
            values = [] if one is None else request.headers.getlist(HEADER)
            answer: Response = await (
                door(request) if one is None or not values else self._answer(request, one, values, door)
            )
            return answer

        return Route(route.path, taking_keys, methods=methods)

    async def _answer(self, request: Request, one: Described, values: Sequence[str], door: Door) -> Response:
        keyed = await run_in_threadpool(self._keyed, request, one, values)
        taken = await run_in_threadpool(holder_of, keyed.claim, self._desk)
        if taken is not None:
            if one.body is not None:
                await keyed.body.read_through(request)
            return await self._again(keyed, await run_in_threadpool(self._told, keyed))
        try:
            with claiming(keyed.claim):
                response = await door(Request(request.scope, keyed.body.receive))
        except TakenError:
            # Another request with this key was quicker; whatever this one had begun is undone.
            return await self._again(keyed, await run_in_threadpool(self._told, keyed))
        await self._keep(keyed, response)
        return response

    def _keyed(self, request: Request, one: Described, values: Sequence[str]) -> Keyed:
        officer, desk = officer_asking(request, self._desk), self._desk
        try:
            key = parse_key(values)
        except MalformedError as error:
            raise UnreadError(error.code, error.field) from None
        body, scope = Body(request.receive), request.scope
        query, purpose = scope["query_string"].decode("latin-1"), request.headers.get(PURPOSE_HEADER, "")

        def asked() -> tuple[str, ...]:
            return request.method, scope["path"], query, purpose, body.digest() if one.body else ""

        claim = claim_for(key, asked, officer, desk)
        repeats = one.repeats
        assert repeats is not None, "only such operations take keys"
        names = _names(repeats, request.path_params)
        if not repeats.is_kept and names is not None:
            # What it will be told again is known before it is done, and is kept with the act itself.
            claim.answer = seal(Kept(one.done[0], names), desk)
        return Keyed(request, one, repeats, officer, claim, body)

    def _told(self, keyed: Keyed) -> Kept:
        request, one = keyed.request, keyed.operation
        repeated = Repeated(
            keyed.officer,
            ACTS[request.method, one.path],
            str(request.scope["path"]),
            stated_purpose(request),
        )
        return told_again(keyed.claim, holder_of(keyed.claim, self._desk), repeated, self._desk)

    async def _again(self, keyed: Keyed, kept: Kept) -> Response:
        body: str | bytes | memoryview | None = kept.body
        if keyed.repeats.shown_at is not None:
            try:
                shown = await self._shown(keyed.request, keyed.repeats.shown_at, kept.names)
            except ComityError as error:
                # It was done, and whoever did it may not see it (any more): as if they asked for it now.
                response = problem_of(error)
                response.headers[REPLAYED] = "true"
                return response
            body = shown.body if body is None else body
        headers = {"Cache-Control": "no-store", REPLAYED: "true"}
        return Response(body, kept.status, headers, "application/json")

    async def _shown(self, request: Request, address: str, names: Mapping[str, str]) -> Response:
        """Return what an address shows now to whoever repeats a request: its own door decides, and logs."""
        scope = {
            **request.scope,
            "method": "GET",
            "path": address.format_map(names),
            "query_string": b"",
            "path_params": dict(names),
        }
        response: Response = await self._shows[address](Request(scope))
        return response

    async def _keep(self, keyed: Keyed, response: Response) -> None:
        if not keyed.claim.is_taken or keyed.claim.answer is not None:
            return
        said: dict[str, Json] = msgspec.json.decode(response.body)
        names = _names(keyed.repeats, {**said, **keyed.request.path_params})
        assert names is not None, "an answer names what was made"
        body = bytes(response.body).decode() if keyed.repeats.is_kept else None
        try:
            await run_in_threadpool(keep, keyed.claim, Kept(response.status_code, names, body), self._desk)
        except Exception as error:  # noqa: BLE001  # it is done, and is answered as such; a repetition is told `unknown`
            log_unexpected(error)


def _names(repeats: Repeats, known: Mapping[str, object]) -> dict[str, str] | None:
    """Return the names that lead to what a request was about; None where not all are known yet."""
    wanted = re.findall(r"\{(\w+)\}", repeats.shown_at or "")
    return {name: str(known[name]) for name in wanted} if known.keys() >= {*wanted} else None
