"""Reading one's own bureau's box: the inbox, a thread, a message, the feed of all of it.

    asked -> authorised -> what the clock has passed on -> found in the own box -> noted as delivered or read,
    logged in the same transaction -> shown

A message is delivered when its bureau fetches a list that has it, and read when someone opens it: the author
sees both. What is not in the box does not exist.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import known_form
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.messages.shown import ShownMessage, receipt_json, records_shown, show
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json
from comity.records.messages.message import Header, header_from_bytes
from comity.registry import deliveries, messages, redress
from comity.registry.messages import AUTHOR, Boxed, Receipt, ThreadLine

THREAD_MAX = 200
"""The most messages of a thread that are shown at once, the last ones."""

LISTS = ("all", "unread", "due")


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A thread in the inbox: its last message and what stands open. `to` is as its reader may see it."""

    line: ThreadLine
    header: Header
    is_own: bool
    to: tuple[str, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        line, header = self.line, self.header
        return {
            "thread": line.thread,
            "message": line.message,
            "author": line.author,
            "to": [*self.to],
            "at": line.at.isoformat(),
            "subject": line.subject,
            "phrase": line.phrase,
            "is_sealed": line.is_sealed,
            "priority": header.priority.value,
            "handling_code": header.handling_code,
            "messages_count": line.messages_count,
            "is_unread": line.is_unread,
            "due_at": None if line.due_at is None else line.due_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of the inbox; `next` asks for the threads after it, None at the end."""

    lines: tuple[InboxLine, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"threads": [line.to_json() for line in self.lines], "next": self.next}


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as one bureau has it, oldest message first; `next` asks for those before it, None at the beginning."""

    id: str
    messages: tuple[ShownMessage, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"thread": self.id, "messages": [one.to_json() for one in self.messages], "next": self.next}


@dataclass(frozen=True, slots=True)
class Post:
    """Messages in the order of the box. `next` asks for those after them, the same as before where none are."""

    messages: tuple[ShownMessage, ...]
    next: str

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"messages": [one.to_json() for one in self.messages], "next": self.next}


@dataclass(frozen=True, slots=True)
class Receipts:
    """What each reader of a message did with it."""

    message: str
    receipts: tuple[Receipt, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"message": self.message, "receipts": [receipt_json(one) for one in self.receipts]}


def inbox(which: str, limit: int, before: str | None, officer: Officer, desk: Desk) -> Inbox:
    """Return a page of the bureau's threads: `all`, `unread`, or those `due` an answer, most pressing first.

    Raises `RefusedError`, and `MalformedError` for a list, limit or cursor that is none, all logged.
    """
    asked: dict[str, Json] = {"list": which, "before": before}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        place = cursor(before, "before")
        check_limit(limit)
        if which not in LISTS:
            raise MalformedError("not-a-choice", "list")
    pass_on_overdue(desk)
    own = officer.bureau.code
    with desk.registry.read() as connection:
        lines = (
            messages.due(connection, own, limit, place)
            if which == "due"
            else messages.inbox(connection, own, which, limit, place)
        )
        blocked = redress.blocked_things(connection, [line.message for line in lines])
    log_delivered(
        entry_of(officer, Act.MESSAGE_READ, desk.clock(), "done", query=asked_terms(asked)), own, desk
    )
    is_full = len(lines) == limit
    shown = tuple(_line(line, own, blocked) for line in lines)
    return Inbox(shown, str(lines[-1].position) if is_full else None)


def _line(line: ThreadLine, own: str, blocked: Collection[str]) -> InboxLine:
    if line.message in blocked:
        line = replace(line, subject=None, phrase=None)
    header = header_from_bytes(line.header)
    is_own = line.author == own
    return InboxLine(line, header, is_own, header.to if is_own or header.shows_recipients else (own,))


def log_delivered(entry: Entry, bureau: str, desk: Desk) -> None:
    """Log a reading, and note with it that the bureau has fetched all that waited in its box."""
    with desk.registry.read() as connection:
        waiting = deliveries.undelivered(connection, bureau)
    if waiting is None:
        desk.registry.log(entry)
        return
    with desk.registry.acting(entry) as connection:
        deliveries.deliver(connection, bureau, waiting[1], entry.at)


def read_thread(thread: str, officer: Officer, desk: Desk, before: str | None = None) -> Thread:
    """Return a thread of the bureau's box, its last messages or those `before` a place, and note them as read.

    Raises `RefusedError`, `MalformedError` for the place, and `UnknownError` alike for a thread that is not held and
    one of others.
    """
    asked: dict[str, Json] = {"thread": thread} if before is None else {"thread": thread, "before": before}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        one, place = known_form(thread, "thread"), cursor(before, "before")
        pass_on_overdue(desk)
        with desk.registry.read() as connection:
            boxes = messages.thread_in(connection, officer.bureau.code, one, THREAD_MAX, place)
            shown = show(boxes, officer, connection, desk)
        if not shown:
            raise UnknownError(what="thread", name=thread[:40])
    _note_read(boxes, shown, asked, officer, desk)
    return Thread(one, tuple(shown), str(boxes[0].position) if len(boxes) == THREAD_MAX else None)


def read_message(message: str, officer: Officer, desk: Desk) -> ShownMessage:
    """Return a message of the bureau's box, and note it as read; raises as `read_thread`."""
    asked: dict[str, Json] = {"message": message}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        pass_on_overdue(desk)
        with desk.registry.read() as connection:
            boxed = own_message(connection, message, officer)
            shown = show([boxed], officer, connection, desk)
    _note_read([boxed], shown, asked, officer, desk)
    return shown[0]


def page_with(shown: ShownMessage, officer: Officer, desk: Desk) -> str | None:
    """Return the cursor of the page of its thread that a message stands on, amid what came before and after it.

    None where that is the thread's last page.
    """
    boxed = shown.boxed
    with desk.registry.read() as connection:
        later = messages.places_after(
            connection, officer.bureau.code, boxed.thread, boxed.position, THREAD_MAX
        )
    return str(later[THREAD_MAX // 2]) if len(later) == THREAD_MAX else None


def own_message(connection: Connection, message: str, officer: Officer) -> Boxed:
    """Return a message of the bureau's box; raises `UnknownError` for every other."""
    boxed = messages.message_in(connection, officer.bureau.code, known_form(message, "message"))
    if boxed is None:
        raise UnknownError(what="message", name=message[:40])
    return boxed


def _note_read(
    boxes: Sequence[Boxed], shown: Sequence[ShownMessage], asked: Json, officer: Officer, desk: Desk
) -> None:
    records, owners = records_shown(shown)
    entry = entry_of(officer, Act.MESSAGE_READ, desk.clock(), "done", query=asked_terms(asked))
    entry = msgspec.structs.replace(entry, records=records, owners=owners)
    unread = [boxed.position for boxed in boxes if boxed.read_at is None]
    if not unread:
        desk.registry.log(entry)
        return
    with desk.registry.acting(entry) as connection:
        deliveries.mark_read(connection, officer.bureau.code, unread, entry.at)


def post(after: str | None, limit: int, officer: Officer, desk: Desk) -> Post:
    """Return the messages of the bureau's box after the cursor, oldest first, its own included.

    For systems: what is fetched so is delivered, and not yet read by anybody. Raises as `inbox`.
    """
    asked: dict[str, Json] = {"after": after}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        start = cursor(after, "after") or 0
        check_limit(limit)
    pass_on_overdue(desk)
    own = officer.bureau.code
    with desk.registry.read() as connection:
        boxes = messages.after(connection, own, start, limit)
        shown = show(boxes, officer, connection, desk)
        waiting = deliveries.undelivered(connection, own)
    records, owners = records_shown(shown)
    entry = entry_of(officer, Act.MESSAGE_READ, desk.clock(), "done", query=asked_terms(asked))
    entry = msgspec.structs.replace(entry, records=records, owners=owners)
    last = boxes[-1].position if boxes else start
    if boxes and waiting is not None and boxes[0].position <= waiting[0] + 1 <= last:
        with desk.registry.acting(entry) as connection:
            deliveries.deliver(connection, own, last, entry.at)
    else:
        desk.registry.log(entry)
    return Post(tuple(shown), str(last))


def receipts_of(message: str, officer: Officer, desk: Desk) -> Receipts:
    """Return what each reader did with a message of the bureau's own.

    Raises `RefusedError` `not-the-author` for one that was sent to it: receipts are its author's alone.
    """
    asked: dict[str, Json] = {"receipts": message}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        pass_on_overdue(desk)
        with desk.registry.read() as connection:
            boxed = own_message(connection, message, officer)
            if boxed.part != AUTHOR:
                raise RefusedError(act=Act.MESSAGE_READ.value, rule="not-the-author")
            found = messages.receipts(connection, [boxed.number]).get(boxed.number, [])
    desk.registry.log(entry_of(officer, Act.MESSAGE_READ, desk.clock(), "done", query=asked_terms(asked)))
    return Receipts(boxed.public_id, tuple(found))


def cursor(text: str | None, field: str) -> int | None:
    """Return the place that a cursor names; raises `MalformedError` `cursor-form`."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15:
        raise MalformedError("cursor-form", field)
    return int(text)


def check_limit(limit: int) -> None:
    """Raise `MalformedError` unless so many lines may be asked for."""
    if not 1 <= limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")
