"""Where every page begins: who is at the door, in which language, for what purpose; and how it is answered."""

from datetime import datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from comity.access.people import Officer
from comity.console.rendering import Page, Renderer
from comity.console.visitor import ENTRY, LANGUAGE, PURPOSE, SESSION, Visitor, cookie, new_secret
from comity.errors import MalformedError, NotSignedInError
from comity.phrases.speech import Speech
from comity.procedures import sign_in as signing
from comity.procedures.desk import Desk
from comity.procedures.trail import parse_moment
from comity.records.handling import Purpose, parse_purpose

_MET: Final = "comity.visitor"


class Reception:
    """Receives visitors for all pages, around one desk."""

    def __init__(self, desk: Desk, speech: Speech) -> None:
        self.desk = desk
        self.speech = speech
        self._renderer = Renderer(speech, desk.guard)

    def meet(self, request: Request) -> Visitor:
        """Return who is at the door; an ended session is the same as none."""
        language = self.speech.choose(request.headers.get("accept-language", ""), cookie(LANGUAGE, request))
        session = cookie(SESSION, request)
        if session:
            try:
                return Visitor(language, session, signing.session_officer(session, self.desk))
            except NotSignedInError:
                pass
        return Visitor(language, cookie(ENTRY, request) or new_secret())

    async def visitor(self, request: Request) -> Visitor:
        """Return who is at the door, signed in or not; looked up once in each request, a page of an error included."""
        met: Visitor | None = request.scope.get(_MET)
        if met is None:
            met = request.scope[_MET] = await run_in_threadpool(self.meet, request)
        return met

    async def inside(self, request: Request) -> tuple[Visitor, Officer]:
        """Return who has signed in, and as whom; raises `NotSignedInError`."""
        visitor = await self.visitor(request)
        if visitor.officer is None:
            raise NotSignedInError
        return visitor, visitor.officer

    def render(self, page: Page, request: Request, visitor: Visitor) -> Response:
        """Return a page in the visitor's language."""
        return self._renderer.render(page, request, visitor)

    def ask_purpose(self, request: Request, visitor: Visitor, officer: Officer) -> Response:
        """Return the page that asks for what the visitor wants to read on: nothing has been read yet."""
        return self.render(Page("purpose.html", {"purposes": purposes_of(officer)}), request, visitor)

    def purpose(self, officer: Officer, request: Request) -> Purpose | None:
        """Return the purpose that the visitor stated last, or the only one that the account has."""
        return stated_purpose(officer, cookie(PURPOSE, request))


def purposes_of(officer: Officer) -> list[Purpose]:
    """Return the purposes that an officer may state, in their usual order."""
    return [one for one in Purpose if not officer.purposes or one in officer.purposes]


def stated_purpose(officer: Officer, stated: str) -> Purpose | None:
    """Return the purpose stated, or the only one that the account has."""
    if stated:
        try:
            return parse_purpose(stated)
        except MalformedError:
            return None
    return next(iter(officer.purposes)) if len(officer.purposes) == 1 else None


def moment_of(text: str | None) -> datetime | None:
    """Return the moment that an address or a form names; raises `MalformedError` `moment-form`."""
    return parse_moment(text, "before") if text else None


def own_path(text: str) -> str:
    """Return the text where it is a path of our own, the start otherwise.

    Two slashes, or a backslash, would lead to another site; control characters, which browsers drop, could
    make two slashes of what looks like one.
    """
    is_own = text.startswith("/") and not text.startswith("//") and "\\" not in text and text.isprintable()
    return text if is_own else "/"
