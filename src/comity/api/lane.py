"""The short way of a single check: straight from the server to `Checks`, past everything that other routes need.

    POST /v1/checks with a key proven a moment ago -> one check -> answer; anything unusual goes the usual way

What is answered is the same either way; a test asks both.
"""

import time
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from comity.access.people import Officer
from comity.api import requests
from comity.api.checks import Checks
from comity.api.guard import Guard
from comity.api.meters import Meters
from comity.api.problems import problem_of
from comity.errors import ComityError
from comity.procedures.desk import Desk
from comity.procedures.sign_in import known_key_officer
from comity.records.handling import Purpose

PATH: Final = "/v1/checks"
HEADERS: Final = ((b"content-type", b"application/json"), (b"cache-control", b"no-store"))
SCHEME: Final = requests.SCHEME.encode()
PURPOSE: Final = requests.PURPOSE_HEADER.encode()
PURPOSES: Final = {purpose.value.encode(): purpose for purpose in Purpose}


class Lane:
    """Answers single checks, and hands every other request on."""

    def __init__(self, rest: ASGIApp, checks: Checks, desk: Desk, meters: Meters) -> None:
        self._rest, self._checks, self._desk, self._meters = rest, checks, desk, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST":
            await self._rest(scope, receive, send)
            return
        asked = self._asked(scope)
        if asked is None:
            await self._rest(scope, receive, send)
            return
        first = await receive()
        if first.get("more_body") or len(first.get("body", b"")) > requests.CHECK_BYTES_MAX:
            await self._rest(scope, _again(first, receive), send)
            return
        if first["type"] != "http.disconnect":
            await self._answer(first["body"], asked, scope, send)

    def _asked(self, scope: Scope) -> tuple[Officer, Purpose | None] | None:
        """Return who asks and for what purpose; None where that takes more than a look."""
        officer: Officer | None = None
        purpose: Purpose | None = None
        for name, value in scope["headers"]:
            if name == b"authorization":
                if officer is not None or value[:7].lower() != SCHEME:
                    return None
                officer = known_key_officer(value[7:].strip().decode("latin-1"), self._desk)
            elif name == PURPOSE:
                purpose = PURPOSES.get(value) if purpose is None else None
                if purpose is None:
                    return None
        return None if officer is None else (officer, purpose)

    async def _answer(
        self, line: bytes, asked: tuple[Officer, Purpose | None], scope: Scope, send: Send
    ) -> None:
        start, status = time.perf_counter(), 500
        try:
            made = await self._checks.one(line, *asked)
            status = 200
            length = b"%d" % len(made.answer)
            headers = [*HEADERS, (b"content-length", length)]
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": made.answer})
        except ComityError as error:
            status = error.status
            await problem_of(error)(scope, _nothing_more, send)
        finally:
            self._meters.request(PATH, status, time.perf_counter() - start)


async def _nothing_more() -> Message:
    return {"type": "http.disconnect"}


def _again(first: Message, receive: Receive) -> Receive:
    """Return what receives a message once more, and then those that follow it."""
    waiting = [first]

    async def receive_again() -> Message:
        return waiting.pop() if waiting else await receive()

    return receive_again


def with_lane(rest: ASGIApp, checks: Checks, desk: Desk, meters: Meters) -> ASGIApp:
    """Return the application with the short way before it, inside the same outermost wall."""
    return Guard(Lane(rest, checks, desk, meters))
