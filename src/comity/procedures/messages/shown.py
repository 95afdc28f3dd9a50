"""A message as one bureau may see it: what it says, to whom, how its readers stand, what it is about.

Its author sees every recipient and what each did. A recipient sees itself, and the others where the author
opened them; a second addressee sees whose answer did not come. What it refers to is shown as far as the
reader may see that: not held and not visible look alike.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Officer
from comity.procedures.desk import Desk, Visible
from comity.procedures.records_page import shown_data
from comity.records.fieldtype import Json
from comity.records.messages.message import Content, Header, Reference, content_from_bytes, header_from_bytes
from comity.registry import attachments, holdings, messages, messages_held, redress
from comity.registry.attachments import File
from comity.registry.messages import AUTHOR, SECOND, Boxed, Receipt


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message that is passed on: whose it was, when it was said, and what it passed on itself."""

    author: str
    at: str
    handling_code: str
    handling_note: str | None
    content: Content
    forwarded: "Forwarded | None" = None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show, and that `forwarded_from_bytes` reads."""
        return {
            "author": self.author,
            "at": self.at,
            "handling_code": self.handling_code,
            "handling_note": self.handling_note,
            "content": self.content.to_json(),
            "forwarded": None if self.forwarded is None else self.forwarded.to_json(),
        }


def forwarded_from_bytes(body: bytes | None) -> Forwarded | None:
    """Return what a message passes on, or None."""
    return None if body is None else _forwarded(msgspec.json.decode(body))


def _forwarded(data: Mapping[str, Json]) -> Forwarded:
    note, within = data["handling_note"], data["forwarded"]
    return Forwarded(
        author=str(data["author"]),
        at=str(data["at"]),
        handling_code=str(data["handling_code"]),
        handling_note=None if note is None else str(note),
        content=content_from_bytes(msgspec.json.encode(data["content"])),
        forwarded=_forwarded(within) if isinstance(within, dict) else None,
    )


@dataclass(frozen=True, slots=True)
class ShownReference:
    """Something that a message is about, and the record behind it where the reader may see that."""

    reference: Reference
    seen: Visible | None = None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        shown: dict[str, Json] = {"kind": self.reference.kind, "id": self.reference.id, "record": None}
        if self.seen is not None:
            record = self.seen.held.record
            shown["record"] = {
                "kind": record.kind.code,
                "owner": self.seen.held.owner,
                "view": self.seen.view.value,
                "data": shown_data(record, self.seen.view),
            }
        return shown


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message as its reader may see it. `content` is None for a sealed one, `envelope` for a plain one.

    `withheld` is why its reader sees neither: `blocked` while a redress case runs, `erased` by its decision.
    """

    boxed: Boxed
    header: Header
    to: tuple[str, ...]
    second: str | None
    content: Content | None
    forwarded: Forwarded | None
    references: tuple[ShownReference, ...] = ()
    files: tuple[File, ...] = ()
    receipts: tuple[Receipt, ...] = field(default=())
    withheld: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether the reader's bureau wrote it."""
        return self.boxed.part == AUTHOR

    @property
    def envelope(self) -> bytes | None:
        """The envelope of a sealed message."""
        return None if self.boxed.envelope is None or self.withheld else self.boxed.body

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        boxed = self.boxed
        references: list[Json] = [one.to_json() for one in self.references]
        files: list[Json] = [
            {"place": one.place, "name": one.name, "digest": one.digest, "size": one.size}
            for one in self.files
        ]
        receipts: list[Json] = [receipt_json(one) for one in self.receipts]
        sealed: Json = None if self.envelope is None else msgspec.json.decode(self.envelope)
        return {
            "message": boxed.public_id,
            "thread": boxed.thread,
            "place": boxed.position,
            "author": boxed.author,
            "account": boxed.account if self.is_own else None,
            "unit": boxed.unit,
            "at": boxed.at.isoformat(),
            "part": boxed.part,
            "answers": boxed.answers,
            **self.header.to_json(),
            "to": [*self.to],
            "second": self.second,
            "content": None if self.content is None else self.content.to_json(),
            "sealed": sealed,
            "forwarded": None if self.forwarded is None else self.forwarded.to_json(),
            "references": references,
            "files": files,
            "receipts": receipts,
            "may_forward": may_forward(self),
            "withheld": self.withheld,
            **_clock(boxed),
        }


def _clock(boxed: Boxed) -> dict[str, Json]:
    moments = {"due_at": boxed.due_at, "answered_at": boxed.answered_at, "escalated_at": boxed.escalated_at}
    return {name: None if at is None else at.isoformat() for name, at in moments.items()}


def receipt_json(receipt: Receipt) -> dict[str, Json]:
    """Return a receipt as the doors show it."""
    moments = ("delivered_at", "read_at", "due_at", "answered_at", "escalated_at")
    shown: dict[str, Json] = {"bureau": receipt.bureau, "part": receipt.part}
    for name in moments:
        at = getattr(receipt, name)
        shown[name] = None if at is None else at.isoformat()
    return {**shown, "may_forward": receipt.may_forward}


def may_forward(shown: ShownMessage) -> bool:
    """Return whether the reader may pass the message on: H2 and H3 want the author's leave, sealed ones never."""
    if shown.envelope is not None or shown.withheld is not None:
        return False
    return shown.is_own or shown.boxed.may_forward or shown.header.handling_code in {"H0", "H1"}


def show(boxes: Sequence[Boxed], officer: Officer, connection: Connection, desk: Desk) -> list[ShownMessage]:
    """Return messages of the officer's own box as it may see them; reads within the caller's transaction."""
    numbers = [boxed.number for boxed in boxes]
    files = attachments.files_of(connection, numbers)
    own = [boxed.number for boxed in boxes if boxed.part == AUTHOR]
    receipts = messages.receipts(connection, own)
    blocked = redress.blocked_things(connection, [boxed.public_id for boxed in boxes])
    answered = [boxed.answers for boxed in boxes if boxed.answers is not None]
    known = messages.held_in(connection, officer.bureau.code, answered)
    shown: list[ShownMessage] = []
    for boxed in boxes:
        withheld = withheld_for(boxed, blocked)
        header = _header(boxed, withheld)
        is_open = boxed.envelope is None and withheld is None
        content = content_from_bytes(boxed.body) if is_open else None
        to, second = seen_readers(boxed, header)
        shown.append(
            ShownMessage(
                # What it answers may have gone to others alone: then there is no such message for this reader.
                boxed if boxed.answers in known else replace(boxed, answers=None),
                header,
                to,
                second,
                content,
                forwarded_from_bytes(boxed.forwards) if is_open else None,
                tuple(_references(content, header, officer, connection, desk)),
                () if withheld else tuple(files.get(boxed.number, ())),
                tuple(receipts.get(boxed.number, ())),
                withheld,
            )
        )
    return shown


def _header(boxed: Boxed, withheld: str | None) -> Header:
    """Return how a message is carried; of one that is withheld without the words that restrict its use."""
    header = header_from_bytes(boxed.header)
    if withheld is None or header.handling_note is None:
        return header
    return replace(header, handling_note=messages_held.ERASED)


def withheld_for(boxed: Boxed, blocked: Collection[str]) -> str | None:
    """Return why a message is shown to nobody: `erased`, `blocked`, or None where it is not."""
    if not boxed.body:
        return "erased"
    return "blocked" if boxed.public_id in blocked else None


def seen_readers(boxed: Boxed, header: Header) -> tuple[tuple[str, ...], str | None]:
    """Return to whom a message went, and who was second, as the bureau whose box it stands in may know."""
    if boxed.part == AUTHOR or header.shows_recipients:
        return header.to, header.second
    if boxed.part == SECOND:
        return header.to, boxed.bureau
    return (boxed.bureau,), None


def _references(
    content: Content | None, header: Header, officer: Officer, connection: Connection, desk: Desk
) -> list[ShownReference]:
    if content is None:
        return []
    grant = _grant(header, officer)
    found: list[ShownReference] = []
    for one in content.references:
        held = holdings.fetch_by_id(connection, one.id) if one.kind == "record" else None
        found.append(ShownReference(one, None if held is None else desk.seen(grant, held)))
    return found


def _grant(header: Header, officer: Officer) -> Grant:
    """Return the grant to read what a message is about, for the message's purpose where the account has it."""
    admits = not officer.purposes or header.purpose in officer.purposes
    return authorise(officer, Act.MESSAGE_READ, header.purpose if admits else None)


def records_shown(shown: Sequence[ShownMessage]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the identifiers and owners of the records that these messages showed: their owners learn of it."""
    seen = [
        reference.seen.held for one in shown for reference in one.references if reference.seen is not None
    ]
    return tuple(held.public_id for held in seen), tuple(held.owner for held in seen)
