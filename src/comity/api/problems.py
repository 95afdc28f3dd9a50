"""Errors as problem+json (RFC 9457)."""

from collections.abc import Mapping
from http import HTTPStatus

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from comity.errors import ComityError
from comity.records.fieldtype import Json

STATUS_CODES: Mapping[int, str] = {404: "unknown-path", 405: "unknown-method", 413: "body-too-large"}


def json_response(value: Json, status: int = 200) -> Response:
    """Return a JSON answer that nothing on the way may keep."""
    return Response(
        msgspec.json.encode(value),
        status,
        media_type="application/json",
        headers={"Cache-Control": "no-store"},
    )


def problem(
    code: str,
    status: int,
    data: Mapping[str, str | int] | None = None,
    extra_headers: Mapping[str, str] | None = None,
) -> Response:
    """Return an error in the one form that all errors have."""
    body: dict[str, Json] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        **(data or {}),
    }
    headers = {"Cache-Control": "no-store", **(extra_headers or {})}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    if data and "retry_after_s" in data:
        headers["Retry-After"] = str(data["retry_after_s"])
    return Response(msgspec.json.encode(body), status, headers, "application/problem+json")


def problem_of(error: ComityError) -> Response:
    """Return one of our own errors in the one form."""
    return problem(error.code, error.status, error.data)


async def on_error(_request: Request, error: Exception) -> Response:
    """Answer one of our own errors, or one of the router's."""
    if isinstance(error, ComityError):
        return problem_of(error)
    assert isinstance(error, HTTPException), "no other error is registered with this handler"
    code = STATUS_CODES.get(error.status_code, "bad-request")
    # A 405 names the methods that the path has (RFC 9110, 15.5.6).
    return problem(code, error.status_code, extra_headers=error.headers)
