"""The pages, each a few lines: read, call one procedure, render. Procedures block, so they run in threads."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from comity.access.people import Officer
from comity.console.forms import check_form, query_from, read_form
from comity.console.guard import Guard
from comity.console.rendering import Page, Renderer
from comity.console.speech import Speech
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
    new_secret,
    set_cookie,
)
from comity.console.wording import shown_data
from comity.console.words import SPEECH
from comity.errors import ComityError, MalformedError, NotSignedInError
from comity.procedures import sign_in as signing
from comity.procedures.check import run_check
from comity.procedures.desk import Desk
from comity.procedures.submit import read_record
from comity.procedures.trail import TrailLine, hits_on_own, own_acts
from comity.records.handling import Purpose, parse_purpose
from comity.records.kind import Kind
from comity.records.kinds import kind_named

STATIC = Path(__file__).parent / "static"
STATIC_FILES = frozenset({"console.css", "console.js", "mark.svg"})
TRAIL_LINES = 50

LinesOf: TypeAlias = Callable[[Officer, int, datetime | None, Desk], list[TrailLine]]


def build_console(desk: Desk, speech: Speech = SPEECH) -> ASGIApp:
    """Return the web console of a node."""
    pages = Pages(desk, speech)
    routes = [
        Route("/", pages.start, methods=["GET"]),
        Route("/sign-in", pages.sign_in, methods=["GET", "POST"]),
        Route("/sign-out", pages.sign_out, methods=["POST"]),
        Route("/language", pages.language, methods=["POST"]),
        Route("/check/{kind}", pages.check, methods=["GET", "POST"]),
        Route("/records/{record}", pages.record, methods=["GET"]),
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
    """Return one of our own files, by its name."""
    name = request.path_params["name"]
    if name not in STATIC_FILES:
        raise HTTPException(404)
    return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})


class Pages:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk, speech: Speech) -> None:
        self._desk = desk
        self._speech = speech
        self._renderer = Renderer(speech)

    def _visitor(self, request: Request) -> Visitor:
        """Return who is at the door; an ended session is the same as none."""
        language = self._speech.choose(request.headers.get("accept-language", ""), cookie(LANGUAGE, request))
        session = cookie(SESSION, request)
        if session:
            try:
                return Visitor(language, session, signing.session_officer(session, self._desk))
            except NotSignedInError:
                pass
        return Visitor(language, cookie(ENTRY, request) or new_secret())

    async def _inside(self, request: Request) -> Visitor:
        """Return who has signed in; raises `NotSignedInError`."""
        visitor = await run_in_threadpool(self._visitor, request)
        if visitor.officer is None:
            raise NotSignedInError
        return visitor

    async def start(self, request: Request) -> Response:
        """Lead to the first page that one may see."""
        await self._inside(request)
        return RedirectResponse("/check/person", 303)

    async def sign_in(self, request: Request) -> Response:
        """Show the form, or open a session."""
        visitor = await run_in_threadpool(self._visitor, request)
        if visitor.officer is not None:
            return RedirectResponse("/", 303)
        if request.method == "GET":
            return self._entry(request, visitor, Page("sign_in.html", {"account": "", "is_wrong": False}))
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        account = posted.get("account", "").strip()
        try:
            opened = await run_in_threadpool(
                signing.sign_in, account, posted.get("passphrase", ""), posted.get("code", ""), self._desk
            )
        except NotSignedInError:
            page = Page("sign_in.html", {"account": account, "is_wrong": True}, 401)
            return self._entry(request, visitor, page)
        response = RedirectResponse("/", 303)
        set_cookie(response, request, SESSION, opened.token.reveal())
        drop_cookie(response, request, ENTRY)
        return response

    def _entry(self, request: Request, visitor: Visitor, page: Page) -> Response:
        response = self._renderer.render(page, request, visitor)
        set_cookie(response, request, ENTRY, visitor.secret)
        return response

    async def sign_out(self, request: Request) -> Response:
        """End the session."""
        visitor = await self._inside(request)
        check_post(request, visitor, (await read_form(request)).get("token", ""))
        await run_in_threadpool(signing.sign_out, cookie(SESSION, request), self._desk)
        response = RedirectResponse("/sign-in", 303)
        drop_cookie(response, request, SESSION)
        return response

    async def language(self, request: Request) -> Response:
        """Note which language the browser's pages are to be in."""
        visitor = await run_in_threadpool(self._visitor, request)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        chosen, back = posted.get("language", ""), posted.get("back", "/")
        # Only a path of our own: two slashes, or a backslash, would lead to another site.
        is_own = back.startswith("/") and not back.startswith("//") and "\\" not in back
        response = RedirectResponse(back if is_own else "/", 303)
        if chosen in self._renderer.languages():
            set_cookie(response, request, LANGUAGE, chosen, YEAR_S)
        return response

    async def check(self, request: Request) -> Response:
        """Show a kind's form, or answer what it asks."""
        visitor = await self._inside(request)
        kind = _kind(request.path_params["kind"])
        if request.method == "GET":
            purpose = self._purpose(visitor, cookie(PURPOSE, request))
            values = {"kind": kind.code, "form": check_form(kind, {}), "purpose": purpose}
            values |= {
                "answer": None,
                "fault": None,
                "at": self._desk.clock(),
                "purposes": _purposes(visitor),
            }
            return self._renderer.render(Page("check.html", values), request, visitor)
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        return await self._answer(request, visitor, posted)

    async def _answer(self, request: Request, visitor: Visitor, posted: dict[str, str]) -> Response:
        kind, officer = _kind(request.path_params["kind"]), visitor.officer
        assert officer is not None, "only those inside come here"
        purpose = self._purpose(visitor, posted.get("purpose", ""))
        query = query_from(kind, posted)
        answer = await run_in_threadpool(run_check, query, officer, purpose, self._desk)
        fault = None
        if answer.error is not None:
            speaker = self._speech.speaker(visitor.language)
            fault = (answer.error.field, speaker.error(answer.error.code, answer.error.field))
        form = check_form(kind, posted, fault, focus=False)
        values = {"kind": kind.code, "form": form, "answer": answer, "purpose": purpose, "fault": fault}
        values |= {"at": self._desk.clock(), "purposes": _purposes(visitor)}
        page = Page("check.html", values, 422 if fault else 200)
        response = self._renderer.render(page, request, visitor)
        if purpose is not None:
            set_cookie(response, request, PURPOSE, purpose.value)
        return response

    def _purpose(self, visitor: Visitor, stated: str) -> Purpose | None:
        """Return the purpose stated, or the only one that the account has."""
        if stated:
            try:
                return parse_purpose(stated)
            except MalformedError:
                return None
        purposes = visitor.officer.purposes if visitor.officer else frozenset[Purpose]()
        return next(iter(purposes)) if len(purposes) == 1 else None

    async def record(self, request: Request) -> Response:
        """Show a record as far as the visitor may see it."""
        visitor = await self._inside(request)
        assert visitor.officer is not None, "inside means signed in"
        purpose = self._purpose(visitor, cookie(PURPOSE, request))
        one = request.path_params["record"]
        seen = await run_in_threadpool(read_record, one, visitor.officer, purpose, self._desk)
        values = {
            "seen": seen,
            "held": seen.held,
            "is_own": seen.held.owner == visitor.officer.bureau.code,
            "shown": shown_data(seen),
        }
        return self._renderer.render(Page("record.html", values), request, visitor)

    async def trail(self, request: Request) -> Response:
        """Show the visitor's own acts."""
        return await self._trail(request, own_acts, "own")

    async def hits(self, request: Request) -> Response:
        """Show who met the records of the visitor's bureau."""
        return await self._trail(request, hits_on_own, "hits")

    async def _trail(self, request: Request, lines_of: LinesOf, what: str) -> Response:
        visitor = await self._inside(request)
        assert visitor.officer is not None, "inside means signed in"
        lines = await run_in_threadpool(lines_of, visitor.officer, TRAIL_LINES, _moment(request), self._desk)
        values = {"lines": lines, "what": what, "is_full": len(lines) == TRAIL_LINES}
        return self._renderer.render(Page("trail.html", values), request, visitor)

    async def on_error(self, request: Request, error: Exception) -> Response:
        """Show what went wrong; who has not signed in is led to the form."""
        if isinstance(error, NotSignedInError):
            response: Response = RedirectResponse("/sign-in", 303)
            drop_cookie(response, request, SESSION)
            return response
        code, status = _code_and_status(error)
        visitor = await run_in_threadpool(self._visitor, request)
        page = Page("error.html", {"code": code, "rule": getattr(error, "rule", "")}, status)
        return self._renderer.render(page, request, visitor)


def _kind(code: str) -> Kind:
    try:
        return kind_named(code)
    except MalformedError:
        raise HTTPException(404) from None


def _purposes(visitor: Visitor) -> list[Purpose]:
    """Return the purposes that the visitor may state, in their usual order."""
    admitted = visitor.officer.purposes if visitor.officer else frozenset[Purpose]()
    return [one for one in Purpose if not admitted or one in admitted]


def _code_and_status(error: Exception) -> tuple[str, int]:
    if isinstance(error, ComityError):
        return error.code, error.status
    if isinstance(error, HTTPException):
        return {404: "unknown-path", 405: "unknown-method"}.get(
            error.status_code, "body-too-large"
        ), error.status_code
    return "error", 500


def _moment(request: Request) -> datetime | None:
    text = request.query_params.get("before")
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedError("moment-form", "before") from None
    if moment.tzinfo is None:
        raise MalformedError("moment-form", "before")
    return moment
