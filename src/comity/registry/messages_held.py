"""Messages as the controller of files meets them: whoever wrote them, to whomever.

Nobody else reads them so; a bureau's own box is in `messages`. Every function works in the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection, Row, delete, select, update

from comity.registry.attachments import ATTACHMENTS, FILES, HOLDERS
from comity.registry.messages import MESSAGES

ERASED: Final = "–"


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


_COLUMNS: Final = [MESSAGES.c[name] for name in HeldMessage.__slots__]


def _held(row: Row[tuple[object, ...]]) -> HeldMessage:
    return HeldMessage(**{name: getattr(row, name) for name in HeldMessage.__slots__})


def held_with(connection: Connection, public_id: str) -> HeldMessage | None:
    """Return the message with this identifier, or None."""
    row = connection.execute(select(*_COLUMNS).where(MESSAGES.c.public_id == public_id)).first()
    return None if row is None else _held(row)


def held_after(connection: Connection, number: int, limit: int) -> list[HeldMessage]:
    """Return up to `limit` messages after one, in order."""
    chosen = select(*_COLUMNS).where(MESSAGES.c.number > number)
    return [_held(row) for row in connection.execute(chosen.order_by(MESSAGES.c.number).limit(limit))]


def sealed_in(connection: Connection, threads: Sequence[str]) -> list[HeldMessage]:
    """Return the sealed messages of these threads, in order."""
    chosen = select(*_COLUMNS).where(MESSAGES.c.thread.in_(threads), MESSAGES.c.envelope.is_not(None))
    return [_held(row) for row in connection.execute(chosen.order_by(MESSAGES.c.number))]


def erase(connection: Connection, held: HeldMessage) -> None:
    """Remove what a message says, and its files where no other message has them; its header stays.

    Of the header the words go that restrict its use: they are free text. A mark stands for them.

    The digest of an envelope stays, too, so that the same one is not taken again.
    """
    here = FILES.c.message == held.number
    digests = list(connection.execute(select(FILES.c.digest).where(here)).scalars())
    connection.execute(delete(FILES).where(here))
    wanted = set(connection.execute(select(FILES.c.digest).where(FILES.c.digest.in_(digests))).scalars())
    gone = [digest for digest in digests if digest not in wanted]
    for table in (HOLDERS, ATTACHMENTS):
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
