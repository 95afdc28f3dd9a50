"""The routes about messages: the inbox, threads, sending, answers, receipts, files, drafts."""

from functools import partial
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from comity.access.people import Officer
from comity.api.message_schemas import message_schemas
from comity.api.problems import json_response
from comity.api.redress import text_in
from comity.api.requests import LINES_DEFAULT, UnreadError, by_method, officer_asking, whole_number, with_body
from comity.api.topic import JSON, KEYED, RECEIPT, Described, Topic, shown_anew
from comity.procedures.desk import Desk
from comity.procedures.messages import drafts_left, keeping, passing_on, reading, searching, sending
from comity.procedures.owed import owed
from comity.records.fieldtype import Json
from comity.records.messages.phrases import PHRASES

MESSAGE_BYTES_MAX: Final = 16 * 1024 * 1024
"""An envelope carries its files inside, in base 64."""

SMALL_BYTES_MAX: Final = 256 * 1024
BYTES = "application/octet-stream"
FILE_HEADERS = {
    "Cache-Control": "no-store",
    # Whatever a file is named or holds, no browser shows it or runs it here.
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


def message_routes(desk: Desk) -> list[Route]:
    """Return the routes, around one desk. Names that are no identifiers come before those that are."""
    doors = MessageDoors(desk)
    whole = by_method(GET=doors.inbox, POST=doors.send)
    drafts = by_method(GET=doors.drafts, POST=doors.save_draft)
    draft = by_method(GET=doors.draft, PUT=doors.save_draft, DELETE=doors.drop_draft)
    return [
        Route("/v1/messages", whole, methods=["GET", "POST"]),
        Route("/v1/messages/feed", doors.feed, methods=["GET"]),
        Route("/v1/messages/search", doors.search, methods=["POST"]),
        Route("/v1/messages/owed", doors.owed, methods=["GET"]),
        Route("/v1/messages/phrases", doors.phrases, methods=["GET"]),
        Route("/v1/messages/files", doors.keep_file, methods=["POST"]),
        Route("/v1/messages/drafts", drafts, methods=["GET", "POST"]),
        Route("/v1/messages/drafts/left", doors.left_drafts, methods=["GET"]),
        Route("/v1/messages/drafts/left/{draft}", doors.answer_left, methods=["POST"]),
        Route("/v1/messages/drafts/{draft}", draft, methods=["GET", "PUT", "DELETE"]),
        Route("/v1/messages/threads/{thread}", doors.thread, methods=["GET"]),
        Route("/v1/messages/{message}", doors.message, methods=["GET"]),
        Route("/v1/messages/{message}/receipts", doors.receipts, methods=["GET"]),
        Route("/v1/messages/{message}/forward", doors.forward, methods=["POST"]),
        Route("/v1/messages/{message}/leave", doors.let_forward, methods=["POST"]),
        Route("/v1/messages/{message}/files/{place}", doors.file, methods=["GET"]),
    ]


class MessageDoors:
    """The routes' own functions, around one desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def _officer(self, request: Request) -> Officer:
        return await run_in_threadpool(officer_asking, request, self._desk)

    async def inbox(self, request: Request) -> Response:
        """List the bureau's threads."""
        officer = await self._officer(request)
        which, limit = request.query_params.get("list", "all"), _limit(request)
        before = request.query_params.get("before")
        found = await run_in_threadpool(reading.inbox, which, limit, before, officer, self._desk)
        return json_response(found.to_json())

    async def feed(self, request: Request) -> Response:
        """Show the messages of the bureau's box after a cursor."""
        officer = await self._officer(request)
        after, limit = request.query_params.get("after"), _limit(request)
        found = await run_in_threadpool(reading.post, after, limit, officer, self._desk)
        return json_response(found.to_json())

    async def search(self, request: Request) -> Response:
        """Search the bureau's box. It is posted: what is searched for belongs in no address."""
        officer = await self._officer(request)
        act = partial(searching.search, officer=officer, desk=self._desk)
        found = await with_body(request, SMALL_BYTES_MAX, act)
        return json_response(found.to_json())

    async def owed(self, request: Request) -> Response:
        """List what other bureaus owe the caller's."""
        officer = await self._officer(request)
        found = await run_in_threadpool(owed, officer, self._desk, _limit(request))
        return json_response(found.to_json())

    async def phrases(self, request: Request) -> Response:
        """Show the coded phrases and their fields."""
        await self._officer(request)
        return json_response(phrases_json())

    async def send(self, request: Request) -> Response:
        """Send a message."""
        officer = await self._officer(request)
        act = partial(sending.send, officer=officer, desk=self._desk)
        sent = await with_body(request, MESSAGE_BYTES_MAX, act)
        return json_response(sent.to_json(), 201)

    async def thread(self, request: Request) -> Response:
        """Show a thread."""
        officer = await self._officer(request)
        one = request.path_params["thread"]
        before = request.query_params.get("before")
        found = await run_in_threadpool(reading.read_thread, one, officer, self._desk, before)
        return json_response(found.to_json())

    async def message(self, request: Request) -> Response:
        """Show a message."""
        officer = await self._officer(request)
        one = request.path_params["message"]
        found = await run_in_threadpool(reading.read_message, one, officer, self._desk)
        return json_response(found.to_json())

    async def receipts(self, request: Request) -> Response:
        """Show what the readers of one's own message did with it."""
        officer = await self._officer(request)
        one = request.path_params["message"]
        found = await run_in_threadpool(reading.receipts_of, one, officer, self._desk)
        return json_response(found.to_json())

    async def forward(self, request: Request) -> Response:
        """Pass a message on."""
        officer = await self._officer(request)
        one = request.path_params["message"]
        act = partial(passing_on.forward, one, officer=officer, desk=self._desk)
        sent = await with_body(request, SMALL_BYTES_MAX, lambda body: act(data=body))
        return json_response(sent.to_json(), 201)

    async def let_forward(self, request: Request) -> Response:
        """Let a reader of one's own message pass it on."""
        officer = await self._officer(request)
        one = request.path_params["message"]

        def act(body: Json) -> passing_on.Leave:
            bureau = body.get("bureau") if isinstance(body, dict) else None
            return passing_on.let_forward(one, bureau, officer, self._desk)

        given = await with_body(request, SMALL_BYTES_MAX, act)
        return json_response(given.to_json())

    async def keep_file(self, request: Request) -> Response:
        """Keep a file for a message that is to be written."""
        officer = await self._officer(request)
        name = request.query_params.get("name")
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > keeping.FILE_BYTES_MAX:
                raise HTTPException(413)
        kept = await run_in_threadpool(keeping.keep_file, name, bytes(body), officer, self._desk)
        return json_response(kept.to_json(), 201)

    async def file(self, request: Request) -> Response:
        """Give out one file of a message, to be saved and never shown."""
        officer = await self._officer(request)
        one, place = request.path_params["message"], request.path_params["place"]
        if not place.isascii() or not place.isdigit() or len(place) > 4:
            raise UnreadError("number-expected", "place")
        name, body = await run_in_threadpool(keeping.fetch_file, one, int(place), officer, self._desk)
        return file_response(name, body)

    async def drafts(self, request: Request) -> Response:
        """List the account's drafts."""
        officer = await self._officer(request)
        found = await run_in_threadpool(keeping.drafts, officer, self._desk)
        return json_response({"drafts": [one.to_json() for one in found]})

    async def save_draft(self, request: Request) -> Response:
        """Keep a draft, or a newer form of one."""
        officer = await self._officer(request)
        one = request.path_params.get("draft")
        act = partial(keeping.save_draft, draft=one, officer=officer, desk=self._desk)
        kept = await with_body(request, keeping.DRAFT_BYTES_MAX, act)
        return json_response(kept.to_json(), 201 if one is None else 200)

    async def draft(self, request: Request) -> Response:
        """Show one of the account's drafts."""
        officer = await self._officer(request)
        one = request.path_params["draft"]
        found = await run_in_threadpool(keeping.read_draft, one, officer, self._desk)
        return json_response(found.to_json())

    async def drop_draft(self, request: Request) -> Response:
        """Remove one of the account's drafts."""
        officer = await self._officer(request)
        one = request.path_params["draft"]
        await run_in_threadpool(keeping.drop_draft, one, officer, self._desk)
        return json_response({"draft": one})

    async def left_drafts(self, request: Request) -> Response:
        """List what closed accounts of the bureau have left."""
        officer = await self._officer(request)
        found = await run_in_threadpool(drafts_left.left_drafts, officer, self._desk)
        return json_response({"drafts": [one.to_json() for one in found]})

    async def answer_left(self, request: Request) -> Response:
        """Take over or drop what a closed account of the bureau has left."""
        officer, one = await self._officer(request), request.path_params["draft"]

        def act(body: Json) -> str:
            what = text_in(body, "answer")
            drafts_left.answer_left(one, what, officer, self._desk)
            return what

        return json_response({"draft": one, "answer": await with_body(request, SMALL_BYTES_MAX, act)})


def _limit(request: Request) -> int:
    limit = whole_number(request, "limit", LINES_DEFAULT)
    assert limit is not None, "a default is given"
    return limit


def file_response(name: str, body: bytes) -> Response:
    """Return a file as something to be saved under its name (RFC 6266, RFC 8187)."""
    headers = {**FILE_HEADERS, "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(body, headers=headers, media_type=BYTES)


def phrases_json() -> dict[str, Json]:
    """Return the coded phrases as the doors show them."""
    return {
        "phrases": [
            {
                "code": phrase.code,
                "asks": phrase.asks,
                "is_urgent": phrase.is_urgent,
                "answer_within": None
                if phrase.answer_within is None
                else int(phrase.answer_within.total_seconds() // 60),
                "one_of": [*phrase.one_of],
                "fields": [
                    {
                        "field": field.name,
                        "type": "" if field.type is None else field.type.name,
                        "is_required": field.required,
                    }
                    for field in phrase.fields
                ],
            }
            for phrase in PHRASES.values()
        ]
    }


FOUND = (*KEYED, 404)
ANEW = shown_anew("/v1/messages/drafts/{draft}")
WRITTEN = (*KEYED, 404, 409, 413, 422)
MESSAGES = Topic(
    message_routes,
    (
        Described(
            "get",
            "/v1/messages",
            "The bureau's threads",
            "Inbox",
            errors=(*KEYED, 422),
            parameters=("list", "limit", "before"),
        ),
        Described(
            "post",
            "/v1/messages",
            "Send a message",
            "MessageSent",
            done=(201,),
            errors=WRITTEN,
            body=JSON,
            takes="MessageSending",
            repeats=RECEIPT,
        ),
        Described(
            "get",
            "/v1/messages/feed",
            "The bureau's messages, in order",
            "MessagePost",
            errors=(*KEYED, 422),
            parameters=("after", "limit"),
        ),
        Described(
            "post",
            "/v1/messages/search",
            "Search the bureau's messages",
            "MessagesFound",
            errors=(*KEYED, 413, 422),
            body=JSON,
            takes="MessageSearch",
        ),
        Described(
            "get",
            "/v1/messages/owed",
            "What other bureaus owe one's own",
            "Owed",
            errors=(*KEYED, 422),
            parameters=("limit",),
        ),
        Described("get", "/v1/messages/phrases", "The coded phrases", "Phrases", errors=KEYED),
        Described(
            "post",
            "/v1/messages/files",
            "Keep a file for a message",
            "MessageFile",
            done=(201,),
            errors=(*KEYED, 413, 422),
            body=BYTES,
            parameters=("name",),
            repeats=RECEIPT,
        ),
        Described("get", "/v1/messages/drafts", "The account's drafts", "MessageDrafts", errors=KEYED),
        Described(
            "post",
            "/v1/messages/drafts",
            "Keep a draft",
            "MessageDraft",
            done=(201,),
            errors=WRITTEN,
            body=JSON,
            takes="AnyMessage",
            repeats=ANEW,
        ),
        Described(
            "get",
            "/v1/messages/drafts/left",
            "Drafts of the bureau's closed accounts",
            "LeftDrafts",
            errors=KEYED,
        ),
        Described(
            "post",
            "/v1/messages/drafts/left/{draft}",
            "Take over or drop a draft of a closed account",
            "LeftAnswered",
            errors=WRITTEN,
            body=JSON,
            takes="LeftAnswer",
            repeats=RECEIPT,
        ),
        Described("get", "/v1/messages/drafts/{draft}", "Show a draft", "MessageDraft", errors=FOUND),
        Described(
            "put",
            "/v1/messages/drafts/{draft}",
            "Keep a newer form of a draft",
            "MessageDraft",
            errors=WRITTEN,
            body=JSON,
            takes="AnyMessage",
            repeats=ANEW,
        ),
        Described(
            "delete",
            "/v1/messages/drafts/{draft}",
            "Remove a draft",
            "Dropped",
            errors=FOUND,
            repeats=RECEIPT,
        ),
        Described(
            "get",
            "/v1/messages/threads/{thread}",
            "Show a thread",
            "MessageThread",
            errors=(*FOUND, 422),
            parameters=("before",),
        ),
        Described("get", "/v1/messages/{message}", "Show a message", "MessageShown", errors=FOUND),
        Described(
            "get",
            "/v1/messages/{message}/receipts",
            "What the readers of one's own message did with it",
            "MessageReceipts",
            errors=FOUND,
        ),
        Described(
            "post",
            "/v1/messages/{message}/forward",
            "Pass a message on",
            "MessageSent",
            done=(201,),
            errors=WRITTEN,
            body=JSON,
            takes="MessagePassing",
            repeats=RECEIPT,
        ),
        Described(
            "post",
            "/v1/messages/{message}/leave",
            "Let a reader of one's own message pass it on",
            "MessageLeaveGiven",
            errors=(*KEYED, 404, 413, 422),
            body=JSON,
            takes="MessageLeave",
            repeats=RECEIPT,
        ),
        Described(
            "get",
            "/v1/messages/{message}/files/{place}",
            "Fetch a file of a message",
            "",
            errors=(*KEYED, 404, 422),
            media=BYTES,
        ),
    ),
    message_schemas(),
)
