"""The pages of messages: the inbox with its clocks, a thread, writing with files, drafts, passing on."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.acts import Act
from comity.access.people import Officer
from comity.console.entry_forms import RELIABILITIES
from comity.console.forms import read_form
from comity.console.multipart import Limits, Part, is_multipart, parts_of
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.console.writing import (
    LANGUAGES,
    PhraseWording,
    Written,
    add_file,
    codes_in,
    draft_line,
    message_from,
    referred,
    typed_from,
)
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.bureau_keys import read_directory
from comity.procedures.leave import leave
from comity.procedures.messages import drafts_left, keeping, passing_on, reading, searching, sending
from comity.procedures.messages.reading import LISTS, Thread
from comity.procedures.owed import owed
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.messages.message import FILE_NAMES, REFERENCE_KINDS, Priority
from comity.records.messages.phrases import PHRASES

LINES = 50
OWED_LINES = 200
PASSING_BYTES_MAX: Final = 512 * 1024
"""A word of one's own may have 20,000 characters: each letter of most scripts takes six bytes and more in a form."""
OWED_PATHS: Final[Mapping[str, str]] = {
    "message": "/messages/",
    "hit": "/inbox/",
    "proposal": "/proposals/",
    "access": "/access-requests/",
}
"""Where each thing that another bureau owes is shown."""

SEARCHED: Final = ("text", "bureau", "about", "before")
FORM: Final = Limits(form_bytes=256 * 1024 * 1024, file_bytes=keeping.FILE_BYTES_MAX)
"""The bytes in all bound what is read, not what is held: one file at a time."""


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """Whom the form under a thread writes to, what it answers, and the others who may be written to as well."""

    to: tuple[str, ...]
    answers: str | None
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passing:
    """A message that was not passed on: where it stands, what was typed, and what is wrong: a field and a sentence."""

    message: str
    thread: str
    before: str | None
    typed: Mapping[str, str]
    fault: tuple[str, str]


def message_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = MessagePages(reception)
    return [
        Route("/messages", pages.inbox, methods=["GET"]),
        Route("/messages/new", pages.compose, methods=["GET", "POST"]),
        Route("/messages/search", pages.search, methods=["GET", "POST"]),
        Route("/messages/owed", pages.owed, methods=["GET"]),
        Route("/messages/drafts", pages.drafts, methods=["GET"]),
        Route("/messages/drafts/left", pages.left_drafts, methods=["GET"]),
        Route("/messages/drafts/left/{draft}", pages.left_draft, methods=["POST"]),
        Route("/messages/drafts/{draft}", pages.draft, methods=["GET", "POST"]),
        Route("/messages/threads/{thread}", pages.thread, methods=["GET", "POST"]),
        Route("/messages/{message}", pages.message, methods=["GET"]),
        Route("/messages/{message}/forward", pages.forward, methods=["POST"]),
        Route("/messages/{message}/leave", pages.let_forward, methods=["POST"]),
        Route("/messages/{message}/files/{place}", pages.file, methods=["GET"]),
        Route("/bureau-keys", pages.keys, methods=["GET"]),
    ]


class MessagePages:
    """The routes' own functions."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._desk = reception.desk

    async def inbox(self, request: Request) -> Response:
        """Show the bureau's threads."""
        visitor, officer = await self._reception.inside(request)
        which, before = request.query_params.get("list", "all"), request.query_params.get("before")
        found = await run_in_threadpool(reading.inbox, which, LINES, before, officer, self._desk)
        return self._render(
            "messages.html", {"inbox": found, "which": which, "lists": LISTS}, request, visitor
        )

    async def search(self, request: Request) -> Response:
        """Show the form that searches the bureau's messages, or what it found. It is posted, as names are."""
        visitor, officer = await self._reception.inside(request)
        values: dict[str, object] = {"found": None, "posted": {}, "fault": None}
        status = 200
        if request.method == "POST":
            posted = await self._posted(request, visitor)
            asked: dict[str, Json] = {
                name: posted[name].strip() for name in SEARCHED if posted.get(name, "").strip()
            }
            values["posted"] = posted
            try:
                values["found"] = await run_in_threadpool(searching.search, asked, officer, self._desk)
            except MalformedError as error:
                values["fault"], status = self._told(error, visitor), error.status
        else:
            await run_in_threadpool(
                leave, officer, Act.MESSAGE_READ, self._desk, {"path": "/messages/search"}
            )
        return self._render("message_search.html", values, request, visitor, status)

    async def owed(self, request: Request) -> Response:
        """Show what other bureaus owe the visitor's."""
        visitor, officer = await self._reception.inside(request)
        found = await run_in_threadpool(owed, officer, self._desk, OWED_LINES)
        return self._render("owed.html", {"owed": found, "paths": OWED_PATHS}, request, visitor)

    async def compose(self, request: Request) -> Response:
        """Show the form of a new message, or send it."""
        visitor, officer = await self._reception.inside(request)
        await run_in_threadpool(leave, officer, Act.MESSAGE_SEND, self._desk, {"path": "/messages/new"})
        if request.method == "GET":
            asked = request.query_params
            phrase = PHRASES.get(asked.get("phrase", ""))
            typed = {"to": asked.get("to", ""), "purpose": "investigation", **referred(asked)}
            return self._form(request, (visitor, officer), Written(phrase, typed))
        sent = await self._send(request, (visitor, officer))
        if isinstance(sent, Written):
            return self._form(request, (visitor, officer), sent, sent.status)
        return RedirectResponse(sent, 303)

    def _form(
        self, request: Request, who: tuple[Visitor, Officer], written: Written, status: int = 200
    ) -> Response:
        visitor, officer = who
        values = {"written": written, **self._choices(officer)}
        return self._render("message_new.html", values, request, visitor, status)

    def _choices(self, officer: Officer) -> dict[str, object]:
        bureaus = sorted(code for code in self._desk.registry.bureaus() if code != officer.bureau.code)
        purposes = [one for one in Purpose if not officer.purposes or one in officer.purposes]
        return {
            "bureaus": bureaus,
            "phrases": list(PHRASES.values()),
            "purposes": purposes,
            "priorities": list(Priority),
            "languages_of_text": LANGUAGES,
            "reliabilities": RELIABILITIES,
            "reference_kinds": REFERENCE_KINDS,
            "endings": ",".join(sorted(f".{end}" for end in FILE_NAMES)),
            "file_bytes_max": keeping.FILE_BYTES_MAX,
        }

    async def _send(self, request: Request, who: tuple[Visitor, Officer]) -> str | Written:
        """Send what was posted, or keep it as a draft; return where to go now, or what was typed.

        That is shown again where something is wrong with it, or a phrase was chosen.
        """
        visitor, officer = who
        posted, refused = await self._typed(request, who)
        phrase = PHRASES.get(posted.get("phrase", ""))
        if refused or posted.get("do") == "phrase":
            return Written(phrase, posted, refused=refused)
        draft, data = posted.get("draft") or None, message_from(posted)
        try:
            if posted.get("do") == "draft":
                await self._keep_draft(data, draft, officer)
                return "/messages/drafts"
            sent = await run_in_threadpool(sending.send, data, officer, self._desk)
        except (MalformedError, RefusedError, ConflictError, UnknownError) as error:
            field, sentence = self._told(error, visitor)
            return Written(phrase, posted, (field, sentence))
        if draft is not None:
            with suppress(UnknownError):  # dropped meanwhile, by another tab
                await run_in_threadpool(keeping.drop_draft, draft, officer, self._desk)
        return f"/messages/threads/{sent.thread}"

    async def _keep_draft(self, data: dict[str, Json], draft: str | None, officer: Officer) -> None:
        try:
            await run_in_threadpool(keeping.save_draft, data, draft, officer, self._desk)
        except UnknownError:  # dropped meanwhile, by another tab: what was typed is kept all the same
            await run_in_threadpool(keeping.save_draft, data, None, officer, self._desk)

    def _told(self, error: ComityError, visitor: Visitor) -> tuple[str, str]:
        """Return the field at fault and what is wrong, in the visitor's language."""
        speaker = self._reception.speech.speaker(visitor.language)
        if isinstance(error, MalformedError):
            return error.field, speaker.error(error.code, error.field)
        return "", speaker.error(str(getattr(error, "rule", error.code)))

    async def _typed(
        self, request: Request, who: tuple[Visitor, Officer]
    ) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
        """Return what was typed, the files kept that came with it, and those that were not, with the reason."""
        visitor = who[0]
        if not is_multipart(request):
            return await self._posted(request, visitor), ()
        posted: dict[str, str] = {}
        refused: list[tuple[str, str]] = []
        try:
            await self._take(request, who, posted, refused)
        except HTTPException as error:
            if error.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                raise
            check_post(request, visitor, posted.get("token", ""))
            sentence = self._reception.speech.speaker(visitor.language).error("body-too-large")
            refused.append(("", sentence))
        return posted, tuple(refused)

    async def _take(
        self,
        request: Request,
        who: tuple[Visitor, Officer],
        posted: dict[str, str],
        refused: list[tuple[str, str]],
    ) -> None:
        """Take in a form as it arrives: what was typed into `posted`, files not kept into `refused`."""
        visitor = who[0]
        is_ours = False
        async for part in parts_of(request, FORM):
            if part.file_name is None:
                posted.setdefault(part.name, part.text)
                continue
            if not is_ours:  # the token comes before the files, and nothing is kept without it
                check_post(request, visitor, posted.get("token", ""))
                is_ours = True
            if part.file_name or part.body:
                fault = await self._keep(part, posted, who)
                refused.extend([] if fault is None else [(part.file_name, fault)])
        if not is_ours:
            check_post(request, visitor, posted.get("token", ""))

    async def _keep(self, part: Part, posted: dict[str, str], who: tuple[Visitor, Officer]) -> str | None:
        """Keep a file and let the form carry it; return what is wrong with it, if anything."""
        visitor, officer = who
        body, name = bytes(part.body), part.file_name
        try:
            kept = await run_in_threadpool(keeping.keep_file, name, body, officer, self._desk)
        except MalformedError as error:
            return self._told(error, visitor)[1]
        if not add_file(posted, kept):
            return self._reception.speech.speaker(visitor.language).error("too-many-values", "attachments")
        return None

    async def drafts(self, request: Request) -> Response:
        """List the account's drafts."""
        visitor, officer = await self._reception.inside(request)
        found = await run_in_threadpool(keeping.drafts, officer, self._desk)
        left: list[drafts_left.LeftDraft] = []
        if Act.RECORD_RETAIN in officer.acts():
            left = await run_in_threadpool(drafts_left.left_drafts, officer, self._desk)
        values = {
            "drafts": [(draft_line(one), drafts_left.purged_on(one)) for one in found],
            "left": [(draft_line(one.shown), one) for one in left],
        }
        return self._render("drafts.html", values, request, visitor)

    async def left_drafts(self, _request: Request) -> Response:
        """Lead to the page on which they stand."""
        return RedirectResponse("/messages/drafts", 303)

    async def left_draft(self, request: Request) -> Response:
        """Take over or drop what a closed account of the bureau has left."""
        visitor, officer = await self._reception.inside(request)
        posted, one = await self._posted(request, visitor), request.path_params["draft"]
        what = posted.get("do", "")
        await run_in_threadpool(drafts_left.answer_left, one, what, officer, self._desk)
        mine = f"/messages/drafts/{one}"
        return RedirectResponse(mine if what == "take-over" else "/messages/drafts", 303)

    async def draft(self, request: Request) -> Response:
        """Go on with a draft, or drop it."""
        visitor, officer = await self._reception.inside(request)
        one = request.path_params["draft"]
        if request.method == "POST":
            await self._posted(request, visitor)
            await run_in_threadpool(keeping.drop_draft, one, officer, self._desk)
            return RedirectResponse("/messages/drafts", 303)
        found = await run_in_threadpool(keeping.read_draft, one, officer, self._desk)
        typed = {**typed_from(found.data), "draft": found.id}
        return self._form(request, (visitor, officer), Written(PHRASES.get(typed.get("phrase", "")), typed))

    async def thread(self, request: Request) -> Response:
        """Show a thread, or send an answer in it."""
        visitor, officer = await self._reception.inside(request)
        if request.method == "GET":
            phrase = PHRASES.get(request.query_params.get("phrase", ""))
            return await self._thread(request, (visitor, officer), Written(phrase))
        sent = await self._send(request, (visitor, officer))
        if isinstance(sent, Written):
            return await self._thread(request, (visitor, officer), sent, sent.status)
        return RedirectResponse(sent, 303)

    async def _thread(
        self,
        request: Request,
        who: tuple[Visitor, Officer],
        written: Written,
        status: int = 200,
        passing: Passing | None = None,
    ) -> Response:
        visitor, officer = who
        one, before = request.path_params.get("thread", ""), request.query_params.get("before")
        if passing is not None:
            one, before = passing.thread, passing.before
        found = await run_in_threadpool(reading.read_thread, one, officer, self._desk, before)
        values = {
            "thread": found,
            "is_earlier": before is not None,
            "written": written,
            "passing": passing,
            "answered": _to_answer(found, officer.bureau.code),
            **self._choices(officer),
        }
        values["address"] = str(request.base_url).rstrip("/")
        return self._render("thread.html", values, request, visitor, status)

    async def message(self, request: Request) -> Response:
        """Lead to a message in its thread, on the page of it where it stands."""
        _visitor, officer = await self._reception.inside(request)
        one = request.path_params["message"]
        found = await run_in_threadpool(reading.read_message, one, officer, self._desk)
        before = await run_in_threadpool(reading.page_with, found, officer, self._desk)
        page = "" if before is None else f"?before={before}"
        return RedirectResponse(
            f"/messages/threads/{found.boxed.thread}{page}#m-{found.boxed.public_id}", 303
        )

    async def forward(self, request: Request) -> Response:
        """Pass a message on, or show what is wrong with that beside what was typed."""
        visitor, officer = await self._reception.inside(request)
        posted = await read_form(request, bytes_max=PASSING_BYTES_MAX)
        check_post(request, visitor, posted.get("token", ""))
        data: dict[str, Json] = {"to": codes_in(posted)}
        if posted.get("text", "").strip():
            data["text"] = posted["text"]
        one = request.path_params["message"]
        try:
            sent = await run_in_threadpool(passing_on.forward, one, data, officer, self._desk)
        except (MalformedError, RefusedError, ConflictError) as error:
            found = await run_in_threadpool(reading.read_message, one, officer, self._desk)
            before = await run_in_threadpool(reading.page_with, found, officer, self._desk)
            told = self._told(error, visitor)
            passing = Passing(one, found.boxed.thread, before, posted, told)
            return await self._thread(request, (visitor, officer), Written(), error.status, passing)
        return RedirectResponse(f"/messages/threads/{sent.thread}", 303)

    async def let_forward(self, request: Request) -> Response:
        """Let a reader of one's own message pass it on."""
        visitor, officer = await self._reception.inside(request)
        posted = await self._posted(request, visitor)
        one = request.path_params["message"]
        bureau = posted.get("bureau", "")
        await run_in_threadpool(passing_on.let_forward, one, bureau, officer, self._desk)
        return RedirectResponse(f"/messages/{one}", 303)

    async def file(self, request: Request) -> Response:
        """Give out one file of a message, to be saved and never shown."""
        _visitor, officer = await self._reception.inside(request)
        one, place = request.path_params["message"], request.path_params["place"]
        if not place.isascii() or not place.isdigit() or len(place) > 4:
            raise UnknownError(what="file", name=place[:40])
        name, body = await run_in_threadpool(keeping.fetch_file, one, int(place), officer, self._desk)
        disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        return Response(
            body, headers={"Content-Disposition": disposition}, media_type="application/octet-stream"
        )

    async def keys(self, request: Request) -> Response:
        """Show the directory of the bureaus' keys."""
        visitor, officer = await self._reception.inside(request)
        found = await run_in_threadpool(read_directory, officer, self._desk)
        return self._render("bureau_keys.html", {"directory": found.directory}, request, visitor)

    async def _posted(self, request: Request, visitor: Visitor) -> dict[str, str]:
        posted = await read_form(request)
        check_post(request, visitor, posted.get("token", ""))
        return posted

    def _render(
        self,
        template: str,
        values: Mapping[str, object],
        request: Request,
        visitor: Visitor,
        status: int = 200,
    ) -> Response:
        speaker = self._reception.speech.speaker(visitor.language)
        shown = {"now": self._desk.clock(), "saying": PhraseWording(speaker), **values}
        return self._reception.render(Page(template, shown, status), request, visitor)


def _to_answer(thread: Thread, own: str) -> ToAnswer:
    """Return to whom the form under a thread writes: who wrote last, or whom one's own last message went to."""
    last = next((one for one in reversed(thread.messages) if not one.is_own), None)
    if last is None:
        return ToAnswer(thread.messages[-1].to, None, ())
    author = last.boxed.author
    others = (
        tuple(code for code in last.to if code not in {own, author}) if last.header.shows_recipients else ()
    )
    return ToAnswer((author,), last.boxed.public_id, others)
