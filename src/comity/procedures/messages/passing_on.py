"""Passing a message on to other bureaus; H2 and H3 only with their author's leave.

asked -> authorised -> found in the own box -> leave held -> sent as a message of one's own that quotes it
"""

from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import terms
from comity.procedures.messages.reading import own_message
from comity.procedures.messages.sending import TOPIC, Letter, Sent, check_purpose, dispatch
from comity.procedures.messages.shown import (
    Forwarded,
    ShownMessage,
    may_forward,
    show,
)
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.handling import bureau_code
from comity.records.messages.message import Content, Header, parse_header, split
from comity.records.types.text import parse_long_text
from comity.registry import events, messages
from comity.registry.events import Event
from comity.registry.messages import AUTHOR

CHAIN_MAX = 8
"""How often one message is passed on: each quotes all before it."""


@dataclass(frozen=True, slots=True)
class Leave:
    """The author's leave for a bureau to pass a message on."""

    message: str
    bureau: str

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"message": self.message, "bureau": self.bureau}


def forward(message: str, data: Json, officer: Officer, desk: Desk) -> Sent:
    """Pass a message on to the bureaus in `data`, with a note of one's own in `text` where there is one.

    It is handled at least as strictly as its author said. Raises, after logging, what `send` raises, and
    `RefusedError`: `forward-leave` for H2 and H3 without leave, `sealed` for what the node cannot quote,
    `withheld-by-case` for what the controller blocks or has erased.
    """
    asked = {"forward": message, **terms(data)}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        with desk.registry.read() as connection:
            original = show([own_message(connection, message, officer)], officer, connection, desk)[0]
        if original.withheld is not None:
            raise RefusedError(act=Act.MESSAGE_SEND.value, rule="withheld-by-case")
        if original.envelope is not None:
            raise RefusedError(act=Act.MESSAGE_SEND.value, rule="sealed")
        if not may_forward(original):
            raise RefusedError(act=Act.MESSAGE_SEND.value, rule="forward-leave")
        letter = _letter(original, data)
        check_purpose(letter.header, officer)
        return dispatch(letter, officer, desk)


def _letter(original: ShownMessage, data: Json) -> Letter:
    head, said = split(data)
    if set(said) - {"text"}:
        raise MalformedError("unknown-field", next(iter(set(said) - {"text"})))
    content = original.content
    assert content is not None, "sealed messages are refused before"
    if _chain_length(original.forwarded) >= CHAIN_MAX:
        raise MalformedError("too-many-values", "forwarded")
    note = said.get("text")
    header = _handled(parse_header({"purpose": original.header.purpose.value, **head}), original.header)
    quoted = Forwarded(
        author=original.boxed.author,
        at=original.boxed.at.isoformat(),
        handling_code=original.header.handling_code,
        handling_note=original.header.handling_note,
        content=content,
        forwarded=original.forwarded,
    )
    said_here = Content(
        subject=content.subject,
        text=None if note is None else parse_long_text(note, "text"),
        language=None,
        reliability=content.reliability,
        stated=None,
    )
    return Letter(
        header,
        said_here.to_bytes(),
        subject=content.subject,
        forwards=msgspec.json.encode(quoted.to_json(), order="sorted"),
        quotes=original.boxed.public_id,
        phrase=None if content.stated is None else content.stated.phrase.code,
        files=tuple((one.name, one.digest) for one in original.files),
    )


def _handled(header: Header, original: Header) -> Header:
    """Return the header with the stricter of the two handling codes; H3 keeps its author's words."""
    if original.handling_code > header.handling_code:
        return replace(header, handling_code=original.handling_code, handling_note=original.handling_note)
    if original.handling_code == header.handling_code == "H3":
        return replace(header, handling_note=original.handling_note)
    return header


def _chain_length(forwarded: Forwarded | None) -> int:
    return 0 if forwarded is None else 1 + _chain_length(forwarded.forwarded)


def let_forward(message: str, bureau: Json, officer: Officer, desk: Desk) -> Leave:
    """Let a reader of one's own message pass it on.

    Raises, after logging, `RefusedError` `not-the-author`, and `UnknownError` for a bureau that is no reader.
    """
    asked: dict[str, Json] = {"message": message, "leave": bureau}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        code = bureau_code(bureau, "bureau")
        at = desk.clock()
        entry = entry_of(officer, Act.MESSAGE_SEND, at, "leave-given", query=asked_terms(asked))
        with desk.registry.acting(entry) as connection:
            _give(connection, message, code, officer)
            events.tell(connection, [Event(code, TOPIC, "leave-given", message, at)])
    return Leave(message, code)


def _give(connection: Connection, message: str, bureau: str, officer: Officer) -> None:
    boxed = own_message(connection, message, officer)
    if boxed.part != AUTHOR:
        raise RefusedError(act=Act.MESSAGE_SEND.value, rule="not-the-author")
    if bureau == officer.bureau.code or not messages.let_forward(connection, boxed.number, bureau):
        raise UnknownError(what="bureau", name=bureau)
