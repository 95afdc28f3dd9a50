"""The pages, each a few lines: read, call one procedure, render. Procedures block, so they run in threads."""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from comity.access.acts import Act
from comity.access.people import Officer
from comity.console.forms import check_form, query_from, read_form
from comity.console.guard import Guard
from comity.console.reception import Reception, moment_of, own_path, purposes_of, stated_purpose
from comity.console.rendering import STATIC, STATIC_FILES, Page, digest_of
from comity.console.topics import TOPICS
from comity.console.visitor import (
    ENTRY,
    LANGUAGE,
    PURPOSE,
    SESSION,
    YEAR_S,
    Visitor,
    check_post,
    cookie,
    drop_cookie,
    set_cookie,
)
from comity.errors import ComityError, MalformedError, NotSignedInError, RefusedError
from comity.phrases.speech import Speech
from comity.phrases.words import SPEECH
from comity.procedures import sign_in as signing
from comity.procedures.check import run_check
from comity.procedures.desk import Desk
from comity.procedures.trail import TrailLine, hits_on_own, own_acts
from comity.records.kind import Kind
from comity.records.kinds import kind_named

TRAIL_LINES = 50
FAULTS: Final[Mapping[int, str]] = {404: "unknown-path", 405: "unknown-method", 413: "body-too-large"}
"""What is told of a status that no procedure has chosen; of any other, that the form came in pieces."""

LinesOf: TypeAlias = Callable[[Officer, int, datetime | None, Desk], list[TrailLine]]


def build_console(desk: Desk, speech: Speech = SPEECH) -> ASGIApp:
    """Return the web console of a node."""
    reception = Reception(desk, speech)
    pages = Pages(reception)
    routes = [
        Route("/", pages.start, methods=["GET"]),
        Route("/sign-in", pages.sign_in, methods=["GET", "POST"]),
        Route("/sign-out", pages.sign_out, methods=["POST"]),
        Route("/language", pages.language, methods=["POST"]),
        Route("/check/{kind}", pages.check, methods=["GET", "POST"]),
        *(route for topic in TOPICS for route in topic(reception)),
        Route("/trail", pages.trail, methods=["GET"]),
        Route("/trail/hits", pages.hits, methods=["GET"]),
        Route("/static/{name}", static_file, methods=["GET"]),
    ]
    handlers = {
        ComityError: pages.on_error,
        HTTPException: pages.on_error,
        Exception: pages.on_error,
    }
    return Guard(Starlette(routes=routes, exception_handlers=handlers))


async def static_file(request: Request) -> Response:
    """Return one of our own files, by its name; a browser keeps what it asked for by its content's digest."""
    name = request.path_params["name"]
    if name not in STATIC_FILES:
        raise HTTPException(404)
    is_same = request.query_params.get("is") == digest_of(name)
    kept = "public, max-age=31536000, immutable" if is_same else "no-cache"
    return FileResponse(STATIC / name, headers={"Cache-Control": kept})


class Pages:
    """The routes' own functions, around one reception."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def start(self, request: Request) -> Response:
        """Lead to the first page that one may see."""
        _visitor, officer = await self._reception.inside(request)
        acts = officer.acts()
        other = "/partner" if Act.PARTNER_CHECK in acts else "/trail"
        return RedirectResponse("/check/person" if Act.CHECK in acts else other, 303)

    async def sign_in(self, request: Request) -> Response:
        """Show the form, or open a session and go where the visitor was going."""
        visitor = await self._reception.visitor(request)
        asked = request.query_params if request.method == "GET" else await read_form(request)
        back = own_path(asked.get("back", "/"))
        if visitor.officer is not None:  # by another tab, perhaps
            return RedirectResponse(back, 303)
        if request.method == "GET":
            why = "ended" if "ended" in asked else ""
            return self._entry(request, visitor, _sign_in_page(back, why))
        try:
            check_post(request, visitor, asked.get("token", ""))
        except RefusedError as error:
            if error.rule != "page-out-of-date":
                raise
            return self._entry(request, visitor, _sign_in_page(back, "stale", status=403))
        return await self._open(request, visitor, asked, back)

    async def _open(
        self, request: Request, visitor: Visitor, posted: Mapping[str, str], back: str
    ) -> Response:
        account = posted.get("account", "").strip()
        try:
            opened = await run_in_threadpool(
                signing.sign_in, account, posted.get("passphrase", ""), posted.get("code", ""), self._desk
            )
        except NotSignedInError:
            return self._entry(request, visitor, _sign_in_page(back, "wrong", account, 401))
        response = RedirectResponse(back, 303)
        set_cookie(response, request, SESSION, opened.token.reveal())
        drop_cookie(response, request, ENTRY)
        return response

    def _entry(self, request: Request, visitor: Visitor, page: Page) -> Response:
        response = self._reception.render(page, request, visitor)
        set_cookie(response, request, ENTRY, visitor.secret)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session. What the browser kept of its pages goes with it."""
        visitor, _officer = await self._reception.inside(request)
        check_post(request, visitor, (await read_form(request)).get("token", ""))
        await run_in_threadpool(signing.sign_out, cookie(SESSION, request), self._desk)
        response = RedirectResponse("/sign-in", 303)
        response.headers["Clear-Site-Data"] = '"cache"'
        drop_cookie(response, request, SESSION)
        return response

    async def language(self, request: Request) -> Response:
        """Note which language the browser's pages are to be in."""
        visitor = await self._reception.visitor(request)
        posted = await read_form(request)
        response = RedirectResponse(own_path(posted.get("back", "/")), 303)
        try:
            check_post(request, visitor, posted.get("token", ""))
        except RefusedError as error:
            if error.rule != "page-out-of-date":
                raise
            return response  # the page comes anew, and with it a token that holds
        chosen = posted.get("language", "")
        if chosen in {code for code, _name in self._reception.speech.languages}:
            set_cookie(response, request, LANGUAGE, chosen, YEAR_S)
        return response

    async def check(self, request: Request) -> Response:
        """Show a kind's form, or answer what it asks."""
        visitor, officer = await self._reception.inside(request)
        kind = _kind(request.path_params["kind"])
        if request.method == "GET":
            purpose = self._reception.purpose(officer, request)
            values = {"kind": kind.code, "form": check_form(kind, {}), "purpose": purpose}
            values |= {"answer": None, "fault": None}
            values |= {"at": self._desk.clock(), "purposes": purposes_of(officer)}
            return self._reception.render(Page("check.html", values), request, visitor)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        return await self._answer(request, visitor, officer, posted)

    async def _answer(
        self, request: Request, visitor: Visitor, officer: Officer, posted: dict[str, str]
    ) -> Response:
        kind = _kind(request.path_params["kind"])
        purpose = stated_purpose(officer, posted.get("purpose", ""))
        query = query_from(kind, posted)
        answer = await run_in_threadpool(run_check, query, officer, purpose, self._desk)
        fault = None
        if answer.error is not None:
            speaker = self._reception.speech.speaker(visitor.language)
            fault = (answer.error.field, speaker.error(answer.error.code, answer.error.field))
        form = check_form(kind, posted, fault, focus=False)
        values = {"kind": kind.code, "form": form, "answer": answer, "purpose": purpose, "fault": fault}
        values |= {"at": self._desk.clock(), "purposes": purposes_of(officer)}
        page = Page("check.html", values, 422 if fault else 200)
        response = self._reception.render(page, request, visitor)
        if purpose is not None:
            set_cookie(response, request, PURPOSE, purpose.value)
        return response

    async def trail(self, request: Request) -> Response:
        """Show the visitor's own acts."""
        return await self._trail(request, own_acts, "own")

    async def hits(self, request: Request) -> Response:
        """Show who met the records of the visitor's bureau."""
        return await self._trail(request, hits_on_own, "hits")

    async def _trail(self, request: Request, lines_of: LinesOf, what: str) -> Response:
        visitor, officer = await self._reception.inside(request)
        before = moment_of(request.query_params.get("before"))
        lines = await run_in_threadpool(lines_of, officer, TRAIL_LINES, before, self._desk)
        values = {"lines": lines, "what": what, "is_full": len(lines) == TRAIL_LINES}
        return self._reception.render(Page("trail.html", values), request, visitor)

    async def on_error(self, request: Request, error: Exception) -> Response:
        """Show what went wrong; who has not signed in is led to the form, and from there back.

        What is only posted is not there to be read, though the way back leads to it: after signing in, after another
        language is chosen. The page above it is, whose form it was.
        """
        if isinstance(error, NotSignedInError):
            response: Response = RedirectResponse(_entry_address(request), 303)
            drop_cookie(response, request, SESSION)
            return response
        code, status = _code_and_status(error)
        if status == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            return RedirectResponse(request.url.path.rpartition("/")[0] or "/", 303)
        visitor = await self._reception.visitor(request)
        page = Page("error.html", {"code": code, "rule": getattr(error, "rule", "")}, status)
        return self._reception.render(page, request, visitor)


def _sign_in_page(back: str, why: str, account: str = "", status: int = 200) -> Page:
    """Return the form. `why` it is shown again: `ended`, `stale`, `wrong` or nothing."""
    return Page("sign_in.html", {"account": account, "why": why, "back": back}, status)


def _entry_address(request: Request) -> str:
    """Return the form's address, with the page to go back to and whether a session has ended."""
    path = request.url.path
    asked = {} if path in {"/", "/sign-out"} else {"back": path}
    # Who signs out of an ended session is where they wanted to be.
    if cookie(SESSION, request) and path != "/sign-out":
        asked["ended"] = "1"
    return f"/sign-in?{urlencode(asked)}" if asked else "/sign-in"


def _kind(code: str) -> Kind:
    try:
        return kind_named(code)
    except MalformedError:
        raise HTTPException(404) from None


def _code_and_status(error: Exception) -> tuple[str, int]:
    if isinstance(error, ComityError):
        return error.code, error.status
    if isinstance(error, HTTPException):
        return FAULTS.get(error.status_code, "form-broken"), error.status_code
    return "error", 500
