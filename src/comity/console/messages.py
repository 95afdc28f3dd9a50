"""The pages of messages: the inbox with its clocks, a thread, writing, answering, passing on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from comity.access.acts import Act
from comity.access.people import Officer
from comity.console.forms import read_form
from comity.console.reception import Reception
from comity.console.rendering import Page
from comity.console.visitor import Visitor, check_post
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.phrases.coded import SpokenPhrase, spoken, title
from comity.phrases.speech import Speaker
from comity.procedures.bureau_keys import read_directory
from comity.procedures.leave import leave
from comity.procedures.messages import keeping, passing_on, reading, sending
from comity.procedures.messages.reading import LISTS, Thread
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.messages.message import Priority, Stated
from comity.records.messages.phrases import PHRASES, CodedPhrase

LINES = 50
PLAIN = ("subject", "text", "language", "priority", "purpose", "handling_code", "handling_note", "second")


def message_routes(reception: Reception) -> list[Route]:
    """Return the routes of these pages."""
    pages = MessagePages(reception)
    return [
        Route("/messages", pages.inbox, methods=["GET"]),
        Route("/messages/new", pages.compose, methods=["GET", "POST"]),
        Route("/messages/threads/{thread}", pages.thread, methods=["GET", "POST"]),
        Route("/messages/{message}", pages.message, methods=["GET"]),
        Route("/messages/{message}/forward", pages.forward, methods=["POST"]),
        Route("/messages/{message}/leave", pages.let_forward, methods=["POST"]),
        Route("/messages/{message}/files/{place}", pages.file, methods=["GET"]),
        Route("/bureau-keys", pages.keys, methods=["GET"]),
    ]


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was typed, and what is wrong with it: a field's name and a sentence."""

    phrase: CodedPhrase | None = None
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    fault: tuple[str, str] | None = None


class PhraseWording:
    """Says coded phrases in the language of one speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def spoken(self, stated: Stated) -> SpokenPhrase:
        """Return a phrase with its values."""
        return spoken(stated, self._speaker)

    def title(self, code: str) -> str:
        """Return what a phrase is called."""
        return title(code, self._speaker)


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

    async def compose(self, request: Request) -> Response:
        """Show the form of a new message, or send it."""
        visitor, officer = await self._reception.inside(request)
        await run_in_threadpool(leave, officer, Act.MESSAGE_SEND, self._desk, {"path": "/messages/new"})
        if request.method == "GET":
            asked = request.query_params
            phrase = PHRASES.get(asked.get("phrase", ""))
            typed = {"to": asked.get("to", ""), "purpose": "investigation"}
            return self._form(request, (visitor, officer), Written(phrase, typed))
        posted = await self._posted(request, visitor)
        sent = await self._send(request, (visitor, officer), posted)
        if isinstance(sent, Written):
            return self._form(request, (visitor, officer), sent, 422)
        return RedirectResponse(f"/messages/threads/{sent}", 303)

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
        }

    async def _send(
        self, request: Request, who: tuple[Visitor, Officer], posted: dict[str, str]
    ) -> str | Written:
        """Return the thread in which the message stands now, or what was typed and what is wrong with it."""
        visitor, officer = who
        del request
        try:
            sent = await run_in_threadpool(sending.send, message_from(posted), officer, self._desk)
        except (MalformedError, RefusedError) as error:
            speaker = self._reception.speech.speaker(visitor.language)
            if isinstance(error, MalformedError):
                fault = (error.field, speaker.error(error.code, error.field))
            else:
                fault = ("", speaker.error(error.rule))
            return Written(PHRASES.get(posted.get("phrase", "")), posted, fault)
        return sent.thread

    async def thread(self, request: Request) -> Response:
        """Show a thread, or send an answer in it."""
        visitor, officer = await self._reception.inside(request)
        one = request.path_params["thread"]
        if request.method == "GET":
            phrase = PHRASES.get(request.query_params.get("phrase", ""))
            return await self._thread(request, (visitor, officer), Written(phrase))
        posted = await self._posted(request, visitor)
        sent = await self._send(request, (visitor, officer), posted)
        if isinstance(sent, Written):
            return await self._thread(request, (visitor, officer), sent, 422)
        return RedirectResponse(f"/messages/threads/{one}", 303)

    async def _thread(
        self, request: Request, who: tuple[Visitor, Officer], written: Written, status: int = 200
    ) -> Response:
        visitor, officer = who
        one = request.path_params["thread"]
        found = await run_in_threadpool(reading.read_thread, one, officer, self._desk)
        values = {
            "thread": found,
            "written": written,
            "answered": _to_answer(found),
            **self._choices(officer),
        }
        values["address"] = str(request.base_url).rstrip("/")
        return self._render("thread.html", values, request, visitor, status)

    async def message(self, request: Request) -> Response:
        """Lead to the thread of a message."""
        _visitor, officer = await self._reception.inside(request)
        one = request.path_params["message"]
        found = await run_in_threadpool(reading.read_message, one, officer, self._desk)
        return RedirectResponse(f"/messages/threads/{found.boxed.thread}#m-{found.boxed.public_id}", 303)

    async def forward(self, request: Request) -> Response:
        """Pass a message on."""
        visitor, officer = await self._reception.inside(request)
        posted = await self._posted(request, visitor)
        data: dict[str, Json] = {"to": _codes(posted)}
        if posted.get("text", "").strip():
            data["text"] = posted["text"]
        one = request.path_params["message"]
        sent = await run_in_threadpool(passing_on.forward, one, data, officer, self._desk)
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


def _to_answer(thread: Thread) -> tuple[str, str] | None:
    """Return the author and identifier of the last message of others, which an answer goes to."""
    last = next((one for one in reversed(thread.messages) if not one.is_own), None)
    return None if last is None else (last.boxed.author, last.boxed.public_id)


def _codes(posted: Mapping[str, str]) -> list[Json]:
    return [code for code in posted.get("to", "").replace(",", " ").split() if code]


def message_from(posted: Mapping[str, str]) -> dict[str, Json]:
    """Return the message that a form states: what was filled in, as it was typed."""
    data: dict[str, Json] = {"to": _codes(posted)}
    for name in (*PLAIN, "answers"):
        if posted.get(name, "").strip():
            data[name] = posted[name].strip()
    phrase = PHRASES.get(posted.get("phrase", ""))
    if phrase is not None:
        values: dict[str, Json] = {
            one.name: posted[f"v-{one.name}"].strip()
            for one in phrase.fields
            if posted.get(f"v-{one.name}", "").strip()
        }
        data["phrase"] = {"code": phrase.code, "values": values}
    elif posted.get("asks") or "second" in data:
        data["asks"] = True
    return data
