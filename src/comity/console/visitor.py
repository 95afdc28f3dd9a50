"""Who is at the web door: the cookies they bring, their language, the token of their forms.

A form's token is a digest of the visitor's secret cookie: another site can neither read nor guess it.
Source: OWASP, Cross-Site Request Forgery Prevention (token bound to the session, Fetch Metadata, Origin).
"""

import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from comity.access.credentials import same_digest
from comity.access.people import Officer
from comity.errors import RefusedError

SESSION, ENTRY, LANGUAGE, PURPOSE = "comity-session", "comity-entry", "comity-language", "comity-purpose"
YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """Someone at the door. `officer` is None before sign-in; `secret` ties forms to this browser."""

    language: str
    secret: str
    officer: Officer | None = None

    @property
    def form_token(self) -> str:
        """The token that this visitor's forms carry."""
        return hashlib.sha256(b"form\0" + self.secret.encode("utf-8", "replace")).hexdigest()


def cookie_name(name: str, request: Request) -> str:
    """Return the name of a cookie: over TLS with the prefix that binds it to this host alone."""
    return f"__Host-{name}" if request.url.scheme == "https" else name


def cookie(name: str, request: Request) -> str:
    """Return what a cookie says, or nothing."""
    return request.cookies.get(cookie_name(name, request), "")


def set_cookie(response: Response, request: Request, name: str, value: str, age_s: int | None = None) -> None:
    """Give the browser a cookie that no script and no other site can use; without `age_s` until it closes."""
    response.set_cookie(
        cookie_name(name, request),
        value,
        max_age=age_s,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def drop_cookie(response: Response, request: Request, name: str) -> None:
    """Take a cookie away."""
    response.delete_cookie(
        cookie_name(name, request), secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )


def new_secret() -> str:
    """Return a random secret for a browser that has not signed in."""
    return secrets.token_urlsafe(32)


def check_post(request: Request, visitor: Visitor, token: str) -> None:
    """Raise `RefusedError` unless the post comes from one of our own pages, made for this visit.

    Rules: `other-site`; `page-out-of-date` where the browser vouches that the page is ours, but its token is
    of another visit: another tab has signed in or out meanwhile.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    is_other = site not in {None, "same-origin", "none"}
    # Browsers write `null` for posts from pages that send no referrer, as ours do: the token decides then.
    if origin not in {None, "null"}:
        is_other = is_other or urlsplit(str(origin)).netloc != request.url.netloc
    if is_other or not same_digest(visitor.form_token, token.encode("ascii", "replace").decode()):
        is_stale = site == "same-origin" and not is_other and token != ""
        raise RefusedError(act="form:post", rule="page-out-of-date" if is_stale else "other-site")
