"""Messages as the controller of files meets them: whoever wrote them, to whomever.

Nobody else reads them so; a bureau's own box is in `messages`. Every function works in the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, func, select, update

from comity.registry import attachments, message_keys
from comity.registry.attachments import ATTACHMENTS, FILES, HOLDERS, WAITING
from comity.registry.messages import MESSAGES

ERASED: Final = "–"
IN_ONE_QUESTION: Final = 500
"""So many names are put into one question; databases take some tens of thousands."""


@dataclass(frozen=True, slots=True)
class HeldMessage:
    """A message as it is held. Of a sealed one `body` is the envelope; of an erased one nothing is left."""

    number: int
    public_id: str
    thread: str
    author: str
    at: datetime
    header: bytes
    forwards: bytes | None
    envelope: str | None
    body: bytes


class MessageText(NamedTuple):
    """What an open message says: no more of it than a search through all of them needs."""

    number: int
    public_id: str
    thread: str
    header: bytes
    forwards: bytes | None
    body: bytes


_SEALED: Final = (MESSAGES.c.public_id, MESSAGES.c.number, MESSAGES.c.thread)
_IS_SEALED: Final = MESSAGES.c.envelope.is_not(None) & (func.length(MESSAGES.c.body) > 0)
"""Sealed, and not erased."""

_COLUMNS: Final = [MESSAGES.c[name] for name in HeldMessage.__slots__]


def _held(row: Row[tuple[object, ...]]) -> HeldMessage:
    return HeldMessage(**{name: getattr(row, name) for name in HeldMessage.__slots__})


def held_with(connection: Connection, public_id: str) -> HeldMessage | None:
    """Return the message with this identifier, or None."""
    row = connection.execute(select(*_COLUMNS).where(MESSAGES.c.public_id == public_id)).first()
    return None if row is None else _held(row)


def texts_after(connection: Connection, number: int, limit: int) -> tuple[list[MessageText], int | None]:
    """Return what the open ones of up to `limit` messages after one say, and the number of the last of these.

    Sealed and erased ones are left out; without a last one there are no more.
    """
    columns = [MESSAGES.c[name] for name in MessageText._fields]
    # What is sealed is left out here: asked for in the question, SQLite goes by the index of envelopes, not in order.
    chosen = select(*columns, MESSAGES.c.envelope).where(MESSAGES.c.number > number)
    rows = connection.execute(chosen.order_by(MESSAGES.c.number).limit(limit)).all()
    found = [MessageText._make(row[:-1]) for row in rows if row.envelope is None and row.body]
    return found, rows[-1].number if rows else None


def last_number(connection: Connection) -> int:
    """Return the number of the last message; 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(MESSAGES.c.number), 0))).scalar_one())


def texts_at(connection: Connection, numbers: Sequence[int]) -> list[MessageText]:
    """Return what the open messages of these numbers say, in order."""
    columns = [MESSAGES.c[name] for name in MessageText._fields]
    found: list[MessageText] = []
    for start in range(0, len(numbers), IN_ONE_QUESTION):
        here = MESSAGES.c.number.in_(numbers[start : start + IN_ONE_QUESTION])
        rows = connection.execute(
            select(*columns, MESSAGES.c.envelope).where(here).order_by(MESSAGES.c.number)
        )
        found.extend(MessageText._make(row[:-1]) for row in rows if row.envelope is None and row.body)
    return found


def held_at(connection: Connection, numbers: Sequence[int]) -> list[HeldMessage]:
    """Return the messages of these numbers, in order."""
    chosen = select(*_COLUMNS).where(MESSAGES.c.number.in_(numbers))
    return [_held(row) for row in connection.execute(chosen.order_by(MESSAGES.c.number))]


def sealed_in(connection: Connection, threads: Sequence[str]) -> list[tuple[str, int, str]]:
    """Return the sealed messages of these threads that are not erased: identifier, number and thread of each."""
    found: list[tuple[str, int, str]] = []
    for start in range(0, len(threads), IN_ONE_QUESTION):
        some = threads[start : start + IN_ONE_QUESTION]
        chosen = select(*_SEALED).where(MESSAGES.c.thread.in_(some), _IS_SEALED)
        found.extend((row.public_id, row.number, row.thread) for row in connection.execute(chosen))
    return found


def sealed_before(connection: Connection, public_id: str) -> list[tuple[str, int, str]]:
    """Return the same of all threads, of identifiers before this one, in the order of these."""
    chosen = select(*_SEALED).where(MESSAGES.c.public_id < public_id, _IS_SEALED)
    rows = connection.execute(chosen.order_by(MESSAGES.c.public_id))
    return [(row.public_id, row.number, row.thread) for row in rows]


def erase(connection: Connection, held: HeldMessage) -> None:
    """Remove what a message says, and its files where no other message has them; its header stays.

    Of the header the words go that restrict its use: they are free text. A mark stands for them.

    The digest of an envelope stays, too, so that the same one is not taken again.
    """
    here = FILES.c.message == held.number
    message_keys.forget(connection, held.number)
    digests = list(connection.execute(select(FILES.c.digest).where(here)).scalars())
    connection.execute(delete(FILES).where(here))
    attachments.let_go(connection, held.number, digests)
    wanted = set(connection.execute(select(FILES.c.digest).where(FILES.c.digest.in_(digests))).scalars())
    gone = [digest for digest in digests if digest not in wanted]
    for table in (WAITING, HOLDERS, ATTACHMENTS):
        connection.execute(delete(table).where(table.c.digest.in_(gone)))
    header: dict[str, object] = msgspec.json.decode(held.header)
    if header.get("handling_note") is not None:
        header["handling_note"] = ERASED
    values = {
        "header": msgspec.json.encode(header, order="sorted"),
        "subject": None,
        "phrase": None,
        "forwards": None,
        "body": b"",
    }
    connection.execute(update(MESSAGES).where(MESSAGES.c.number == held.number).values(**values))
