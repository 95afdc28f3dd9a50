"""Reading requests: who asks, for what purpose, which body; all within bounds."""

from datetime import datetime

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

from comity.access.people import Officer
from comity.errors import MalformedError, NotSignedInError
from comity.procedures.desk import Desk
from comity.procedures.sign_in import key_officer
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, parse_purpose

RECORD_BYTES_MAX = 256 * 1024
CHECK_BYTES_MAX = 64 * 1024
LINES_DEFAULT = 50
SCHEME = "bearer "


def officer_asking(request: Request, desk: Desk) -> Officer:
    """Return who the request's API key stands for; raises `NotSignedInError`."""
    header = request.headers.get("authorization", "")
    if not header.lower().startswith(SCHEME):
        raise NotSignedInError
    return key_officer(header[len(SCHEME) :].strip(), desk)


def stated_purpose(request: Request) -> Purpose | None:
    """Return the purpose in the header `Comity-Purpose`, or None."""
    value = request.headers.get("comity-purpose")
    return None if value is None else parse_purpose(value)


async def json_or_fault(request: Request, bytes_max: int) -> tuple[Json, MalformedError | None]:
    """Return the body, or None and what is wrong with it; raises 413 for one that is too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > bytes_max:
            raise HTTPException(413)
    try:
        return decoded(bytes(body)), None
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
    """Return a number in the address; raises `MalformedError` `number-expected`."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise MalformedError("number-expected", name)
    return int(text)


def page_asked(request: Request) -> tuple[int, datetime | None]:
    """Return how many lines are asked for, and the time of the last one seen; raises `MalformedError`."""
    limit = whole_number(request, "limit", LINES_DEFAULT)
    assert limit is not None, "a default is given"
    before = request.query_params.get("before")
    if before is None:
        return limit, None
    try:
        moment = datetime.fromisoformat(before)
    except ValueError:
        raise MalformedError("moment-form", "before") from None
    if moment.tzinfo is None:
        raise MalformedError("moment-form", "before")
    return limit, moment
