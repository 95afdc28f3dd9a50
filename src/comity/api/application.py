"""The routes, each a few lines: read, call one procedure, write. Procedures block, so they run in threads."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from comity.access.acts import Act
from comity.access.people import Officer
from comity.api import lane
from comity.api.checks import Checks
from comity.api.description import describe
from comity.api.elsewhere import Elsewhere, InThreads
from comity.api.express import Express
from comity.api.faults import Faults
from comity.api.guard import Guard
from comity.api.idempotency import Repeating
from comity.api.meters import Measured, Meters
from comity.api.problems import json_response, problem
from comity.api.requests import (
    CHECK_BYTES_MAX,
    RECORD_BYTES_MAX,
    body_within,
    json_or_fault,
    officer_asking,
    page_asked,
    stated_purpose,
    whole_number,
)
from comity.api.topics import TOPICS
from comity.errors import ComityError, MalformedError
from comity.procedures import submit as submitting
from comity.procedures.desk import Desk
from comity.procedures.leave import leave
from comity.procedures.node_clock import Standing
from comity.procedures.records_page import read_page
from comity.procedures.statistics import statistics
from comity.procedures.trail import hits_on_own, latest_head, own_acts
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

CHUNK_BYTES = 64 * 1024
CHUNKS_AT_ONCE = 4
"""Pieces of one batch that are under way at the same time; no more of it is read until one is answered."""


@dataclass(frozen=True, slots=True)
class Process:
    """One of the processes that serve a node: where it has checks weighed, and the row that it counts in."""

    elsewhere: Elsewhere
    rows: NDArray[np.float64] | None = None
    row: int = 0


class Api(Starlette):
    """The HTTP API of a node. Single checks take a short way of their own, past what other routes need."""

    short: ASGIApp | None = None
    express: Express

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self.short is not None and scope["type"] == "http" and scope["path"] == lane.PATH:
            await self.short(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def build_api(desk: Desk, process: Process | None = None) -> Api:
    """Return the HTTP API of a node, as one process of several serves it, or one by itself."""
    process = process or Process(InThreads(desk))
    doors = Doors(desk)
    routes = [
        Route("/healthz", doors.health, methods=["GET"]),
        Route("/metrics", doors.metrics, methods=["GET"]),
        Route("/openapi.json", doors.openapi, methods=["GET"]),
        Route("/v1/checks", doors.check, methods=["POST"]),
        Route("/v1/checks/batch", doors.check_batch, methods=["POST"]),
        Route("/v1/records", doors.submit, methods=["POST"]),
        Route("/v1/records/{record}", doors.record, methods=["GET", "DELETE"]),
        *(route for topic in TOPICS for route in topic.routes(desk)),
        Route("/v1/statistics", doors.statistics, methods=["GET"]),
        Route("/v1/audit", doors.own_acts, methods=["GET"]),
        Route("/v1/audit/hits", doors.hits, methods=["GET"]),
        Route("/v1/audit/head", doors.head, methods=["GET"]),
    ]
    repeating = Repeating(desk, routes)
    routes = [repeating.guarded(route) for route in routes]
    paths: dict[object, str] = {route.endpoint: route.path for route in routes}
    meters = Meters(paths.values(), process.rows, process.row)
    doors.begin(Checks(desk, process.elsewhere, meters), meters)
    faults = Faults(desk, paths)
    handlers = {ComityError: faults.on_error, HTTPException: faults.on_error}
    api = Api(
        routes=routes,
        exception_handlers=handlers,
        middleware=[Middleware(Measured, meters, paths), Middleware(Guard)],
    )
    # A path with a slash too many is unknown; a redirect would be an answer in another form.
    api.router.redirect_slashes = False
    usual = super(Api, api).__call__
    api.short = lane.with_lane(usual, doors.checks, desk, meters)
    api.express = Express(desk, process.elsewhere, meters)
    return api


class Doors:
    """The routes' own functions, around one desk."""

    checks: Checks
    _meters: Meters

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def begin(self, checks: Checks, meters: Meters) -> None:
        """Take what answers checks and what counts: both are made once the routes are known."""
        self.checks, self._meters = checks, meters

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def health(self, _request: Request) -> Response:
        """Say whether the node answers, and nothing else: everyone may ask."""
        is_alive = await run_in_threadpool(self._desk.registry.is_alive)
        if not is_alive:
            return problem("unhealthy", 503)
        standing = (await run_in_threadpool(self._desk.guard.look)).standing
        told: dict[str, Json] = {} if standing is Standing.PROVEN else {"clock": standing.value}
        return json_response({"status": "ok", **told})

    async def metrics(self, request: Request) -> Response:
        """Show the counts, to a key that runs the node."""
        officer = await self._officer(request)
        await run_in_threadpool(leave, officer, Act.NODE_OPERATE, self._desk, {"path": "/metrics"})
        is_alive = await run_in_threadpool(self._desk.registry.is_alive)
        clock = await run_in_threadpool(self._desk.guard.look)
        return self._meters.page(is_database_up=is_alive, is_clock_followed=clock.is_followed)

    async def openapi(self, _request: Request) -> Response:
        """Describe the API."""
        return json_response(describe())

    async def check(self, request: Request) -> Response:
        """Answer one check."""
        officer = await self._officer(request)
        purpose = stated_purpose(request)
        body = await body_within(request, CHECK_BYTES_MAX)
        made = await self.checks.one(body, officer, purpose)
        return Response(made.answer, 200, {"Cache-Control": "no-store"}, "application/json")

    async def check_batch(self, request: Request) -> Response:
        """Answer a stream of checks, one JSON object a line, in the same order."""
        officer = await self._officer(request)
        answers = self._answers(request, officer, stated_purpose(request))
        # The first answers decide the status: a refusal comes before anything is sent.
        first = await anext(answers, b"")
        return Answering(
            _after(first, answers), media_type="application/x-ndjson", headers={"Cache-Control": "no-store"}
        )

    async def _answers(
        self, request: Request, officer: Officer, purpose: Purpose | None
    ) -> AsyncIterator[bytes]:
        under_way: deque[asyncio.Task[bytes]] = deque()
        chunks = _chunks(request)
        # The first lines go alone: whether they are refused, and what the log then says, is no race.
        async for data in chunks:
            yield await self.checks.many(data, officer, purpose)
            break
        try:
            async for data in chunks:
                under_way.append(asyncio.ensure_future(self.checks.many(data, officer, purpose)))
                # The next lines are read while the audit entries of these are on their way to the disk.
                if len(under_way) == CHUNKS_AT_ONCE:
                    yield await under_way.popleft()
            while under_way:
                yield await under_way.popleft()
        finally:
            for task in under_way:
                task.cancel()

    async def submit(self, request: Request) -> Response:
        """Enter or amend a record of the caller's own bureau."""
        officer = await self._officer(request)
        record, fault = await json_or_fault(request, RECORD_BYTES_MAX)
        try:
            made = await run_in_threadpool(submitting.submit, record, officer, self._desk)
        except MalformedError as error:
            raise fault or error from None
        doubts: list[Json] = [{"field": name, "code": code} for name, code in made.doubts]
        receipt = made.receipt
        body: dict[str, Json] = {
            "record": receipt.public_id,
            "what": receipt.what,
            "version": receipt.version,
            "doubts": doubts,
        }
        return json_response(body, 201 if receipt.what == "entered" else 200)

    async def record(self, request: Request) -> Response:
        """Show a record, or withdraw it."""
        return await (self.withdraw(request) if request.method == "DELETE" else self.read(request))

    async def read(self, request: Request) -> Response:
        """Show a record as far as the caller may see it."""
        officer = await self._officer(request)
        one, purpose = request.path_params["record"], stated_purpose(request)
        page = await run_in_threadpool(read_page, one, officer, purpose, self._desk)
        return json_response(page.to_json())

    async def withdraw(self, request: Request) -> Response:
        """Withdraw a record of the caller's own bureau."""
        officer = await self._officer(request)
        one, version = request.path_params["record"], whole_number(request, "version", None)
        receipt = await run_in_threadpool(submitting.withdraw, one, version, officer, self._desk)
        return json_response({"record": receipt.public_id, "what": receipt.what, "version": receipt.version})

    async def statistics(self, request: Request) -> Response:
        """Count what the caller's bureau may see."""
        officer = await self._officer(request)
        return json_response(
            await run_in_threadpool(statistics, officer, stated_purpose(request), self._desk)
        )

    async def own_acts(self, request: Request) -> Response:
        """Show the caller's own acts."""
        officer = await self._officer(request)
        limit, before = page_asked(request)
        lines = await run_in_threadpool(own_acts, officer, limit, before, self._desk)
        return json_response({"lines": [line.to_json() for line in lines]})

    async def hits(self, request: Request) -> Response:
        """Show who met the records of the caller's bureau."""
        officer = await self._officer(request)
        limit, before = page_asked(request)
        lines = await run_in_threadpool(hits_on_own, officer, limit, before, self._desk)
        return json_response({"lines": [line.to_json() for line in lines]})

    async def head(self, request: Request) -> Response:
        """Show the newest signed head of the audit log."""
        officer = await self._officer(request)
        return json_response({"head": await run_in_threadpool(latest_head, officer, self._desk)})


class Answering(StreamingResponse):
    """Streams answers while the questions are still arriving."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the answers. Only they read the request."""
        # The framework would watch for a disconnect by reading the request, and so swallow questions.
        await self.stream_response(send)


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in rest:
        yield part


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield the lines of the body, whole ones together; one that is too long is yielded cut, and still too long."""
    rest, is_open = b"", True
    while is_open:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        is_open = message.get("more_body", False)
        whole, end, begun = (rest + message.get("body", b"")).rpartition(b"\n")
        rest = begun[: CHECK_BYTES_MAX + 1]
        if not is_open and rest.strip():  # the last line may end without a line end
            whole, end, rest = whole + end + rest, b"\n", b""
        for chunk in _in_pieces(whole) if end else ():
            yield chunk


def _in_pieces(lines: bytes) -> Iterator[bytes]:
    """Yield lines in pieces that keep the loop for a moment only."""
    start = 0
    while len(lines) - start > CHUNK_BYTES:
        end = lines.rfind(b"\n", start, start + CHUNK_BYTES)
        if end < 0:
            end = lines.find(b"\n", start)
        if end < 0:
            break
        yield lines[start:end]
        start = end + 1
    yield lines[start:]
