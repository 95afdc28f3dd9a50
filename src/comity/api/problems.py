"""Errors as problem+json (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from comity.errors import ComityError
from comity.records.fieldtype import Json

LOGGER = logging.getLogger("comity.api")
STATUS_CODES: Mapping[int, str] = {404: "unknown-path", 405: "unknown-method", 413: "body-too-large"}


def json_response(value: Json, status: int = 200) -> Response:
    """Return a JSON answer that nothing on the way may keep."""
    return Response(
        msgspec.json.encode(value),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def problem(code: str, status: int, data: Mapping[str, str | int] | None = None) -> Response:
    """Return an error in the one form that all errors have."""
    body: dict[str, Json] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        **(data or {}),
    }
    headers = {"Cache-Control": "no-store"}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if data and "retry_after_s" in data:
        headers["Retry-After"] = str(data["retry_after_s"])
    return Response(msgspec.json.encode(body), status, headers, "application/problem+json")


async def on_error(_request: Request, error: Exception) -> Response:
    """Answer one of our own errors; an unexpected one is logged and answered without detail."""
    if isinstance(error, ComityError):
        return problem(error.code, error.status, error.data)
    if isinstance(error, HTTPException):
        return problem(STATUS_CODES.get(error.status_code, "bad-request"), error.status_code)
    # The message may hold what was asked, so only the kind of error is logged.
    LOGGER.error("unexpected %s", type(error).__name__)
    return problem("error", 500)
