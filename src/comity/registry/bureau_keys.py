"""The directory of the bureaus' keys: a log of its own, of which every event is shown to every bureau.

Each event is a statement that a bureau signed: these keys are ours, or this key is revoked. Events are the
leaves of a Merkle tree, in order, whose signed head stands with the newest. As everybody may read all of it,
it tells nothing of what else the audit log holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
)

from comity.registry.schema import METADATA, Moment

EVENTS: Final = Table(
    "key_events",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("bureau", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("key", String(64), nullable=False),
    Column("what", String(10), nullable=False),  # published, revoked
    Column("at", Moment, nullable=False),
    Column("event", LargeBinary, nullable=False),
    Column("head", Text, nullable=False),  # the signed head once this event was in
    Column("entry", BigInteger, nullable=False),  # its number in the audit log
    Index("key_events_by_key", "key", "what", unique=True),
)


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One event of the directory: whose, which key, `published` or `revoked`, its signed bytes, its head."""

    place: int
    bureau: str
    key: str
    what: str
    at: datetime
    event: bytes
    head: str
    entry: int


def events(connection: Connection) -> list[KeyEvent]:
    """Return the whole directory, in order."""
    rows = connection.execute(select(EVENTS).order_by(EVENTS.c.place))
    return [KeyEvent(**{name: getattr(row, name) for name in KeyEvent.__slots__}) for row in rows]


def events_of(connection: Connection, key: str) -> Sequence[KeyEvent]:
    """Return the events of one key, in order."""
    rows = connection.execute(select(EVENTS).where(EVENTS.c.key == key).order_by(EVENTS.c.place))
    return [KeyEvent(**{name: getattr(row, name) for name in KeyEvent.__slots__}) for row in rows]


def add(connection: Connection, event: KeyEvent) -> None:
    """Add an event at its place."""
    values = {name: getattr(event, name) for name in KeyEvent.__slots__}
    connection.execute(insert(EVENTS).values(**values))
