"""Reading requests: who asks, for what purpose, which body; all within bounds."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from comity.access.people import Officer
from comity.errors import MalformedError, NotSignedInError
from comity.procedures.desk import Desk
from comity.procedures.sign_in import key_officer
from comity.procedures.trail import parse_moment
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, parse_purpose

RECORD_BYTES_MAX = 256 * 1024
CHECK_BYTES_MAX = 64 * 1024
LINES_DEFAULT = 50
SCHEME = "bearer "
PURPOSE_HEADER = "comity-purpose"

Answered = TypeVar("Answered")


class UnreadError(MalformedError):
    """A header or an address is malformed: no procedure has seen the request, so the door logs it."""


def officer_asking(request: Request, desk: Desk) -> Officer:
    """Return who the request's API key stands for, and note it with the request; raises `NotSignedInError`."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(SCHEME):
        raise NotSignedInError
    officer = key_officer(header[len(SCHEME) :].strip(), desk)
    request.state.officer = officer
    return officer


def stated_purpose(request: Request) -> Purpose | None:
    """Return the purpose in the header `Comity-Purpose`, or None; raises `UnreadError`."""
    value = request.headers.get(PURPOSE_HEADER)
    try:
        return None if value is None else parse_purpose(value)
    except MalformedError as error:
        raise UnreadError(error.code, error.field) from None


async def body_within(request: Request, bytes_max: int) -> bytes:
    """Return the body; raises 413 for one that is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise HTTPException(413)
    return bytes(body)


async def json_or_fault(request: Request, bytes_max: int) -> tuple[Json, MalformedError | None]:
    """Return the body, or None and what is wrong with it; raises 413 for one that is too large."""
    body = await body_within(request, bytes_max)
    try:
        return decoded(body), None
    except MalformedError as error:
        return None, error


def decoded(body: bytes) -> Json:
    """Return the JSON value; raises `MalformedError` `json-form`."""
    try:
        value: Json = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise MalformedError("json-form", "body") from None
    return value


def whole_number(request: Request, name: str, default: int | None) -> int | None:
    """Return a number in the address; raises `UnreadError` `number-expected`."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise UnreadError("number-expected", name)
    return int(text)


def page_asked(request: Request) -> tuple[int, datetime | None]:
    """Return how many lines are asked for, and the time of the last one seen; raises `UnreadError`."""
    limit = whole_number(request, "limit", LINES_DEFAULT)
    assert limit is not None, "a default is given"
    before = request.query_params.get("before")
    if before is None:
        return limit, None
    try:
        return limit, parse_moment(before, "before")
    except MalformedError as error:
        raise UnreadError(error.code, error.field) from None


def by_method(**doors: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """Return the one function of a route that answers each method by its own."""

    async def door(request: Request) -> Response:
        # Starlette takes HEAD wherever it takes GET.
        return await doors["GET" if request.method == "HEAD" else request.method](request)

    return door


async def with_body(request: Request, bytes_max: int, act: Callable[[Json], Answered]) -> Answered:
    """Return what a procedure makes of the request's JSON body, run in a thread.

    What is no JSON goes the same way, as nothing: the attempt is logged before it is answered as what it was.
    """
    body, fault = await json_or_fault(request, bytes_max)
    try:
        return await run_in_threadpool(act, body)
    except MalformedError as error:
        raise fault or error from None
