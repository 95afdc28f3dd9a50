"""What bureaus are told: one numbered row of events for each bureau, and what goes out of the house of them.

    something happens -> tell, in its own transaction -> the bureau's feed -> its outbox, where it has addresses

An event names a thing by its identifier and says what became of it; it holds no data of any record. Events of
a bureau are numbered by themselves, so that their numbers tell nothing of what others are told (law 1).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, String, Table, bindparam, func, insert, select

from comity.records.notices.states import Move
from comity.registry import outbox
from comity.registry.schema import METADATA, Moment

EVENTS = Table(
    "events",
    METADATA,
    Column("bureau", String(3), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("topic", String(20), nullable=False),
    Column("what", String(40), nullable=False),
    Column("about", String(40), nullable=False),
    Column("account", String(80)),
    sqlite_with_rowid=False,
)


_ASKED: Final = frozenset({"received", "accepted", "refused", "withdrawn", "overdue", "ended"})
_MOVED: Final = frozenset(move.value for move in Move) | {"purge"}
CASE: Final = frozenset(
    {
        *("blocked", "unblocked", "redress-asked", "erased", "decided-compliant", "decided-correct"),
        "decided-not-concerned",
    }
)
"""What a redress case does with anything of a bureau's, whatever it is."""

TOLD: Final[Mapping[str, frozenset[str]]] = {
    "hit": frozenset(
        {
            *("opened", "met", "asked", "promised", "confirmed", "refused", "closed", "reminded"),
            *("overdue", "passed-on", "distinguished", "undistinguished", "unseen", "seen-again"),
        }
    ),
    "record": frozenset({"withdrawal-due", "asked", "reminded", "suspended", "purged"}),
    "notice": _MOVED,
    "diffusion": _MOVED,
    "message": frozenset({"received", "leave-given", "passed-on"}),
    "watch": frozenset(),
    "proposal": _ASKED,
    "access": _ASKED,
}
"""Everything that bureaus are told, by topic: each has a sentence in every language."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a bureau is told: `what` became of the thing `about`, an identifier, of a `topic` such as `hit`.

    `account` is whom in the bureau it is for, where it is for one above all.
    """

    bureau: str
    topic: str
    what: str
    about: str
    at: datetime
    account: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its number among those of its bureau."""

    number: int
    event: Event


def tell(connection: Connection, events: Sequence[Event]) -> list[Told]:
    """Number the events, keep them, and queue them for the addresses of their bureaus.

    In a transaction that writes: what happened and who was told of it are durable together.
    """
    if not events:
        return []
    last = _last_numbers(connection, {event.bureau for event in events})
    told: list[Told] = []
    for event in events:
        assert event.what in TOLD[event.topic] | CASE, f"nobody could read {event.topic}.{event.what}"
        last[event.bureau] += 1
        told.append(Told(last[event.bureau], event))
    connection.execute(insert(EVENTS), [_row(one) for one in told])
    outbox.queue(connection, [(one.event.bureau, one.number, one.event.at) for one in told])
    return told


def after(connection: Connection, bureau: str, number: int, limit: int) -> list[Told]:
    """Return up to `limit` events of a bureau after this number, in order."""
    rows = connection.execute(
        select(EVENTS)
        .where(EVENTS.c.bureau == bureau, EVENTS.c.number > number)
        .order_by(EVENTS.c.number)
        .limit(limit)
    )
    return [
        Told(row.number, Event(row.bureau, row.topic, row.what, row.about, row.at, row.account))
        for row in rows
    ]


_LAST: Final = select(func.max(EVENTS.c.number)).where(EVENTS.c.bureau == bindparam("bureau"))


def _last_numbers(connection: Connection, bureaus: set[str]) -> dict[str, int]:
    # One bureau at a time: each is one step in the key, where grouping would read every event they were told.
    return {one: connection.execute(_LAST, {"bureau": one}).scalar() or 0 for one in sorted(bureaus)}


def _row(told: Told) -> dict[str, object]:
    event = told.event
    return {
        "bureau": event.bureau,
        "number": told.number,
        "at": event.at,
        "topic": event.topic,
        "what": event.what,
        "about": event.about,
        "account": event.account,
    }
