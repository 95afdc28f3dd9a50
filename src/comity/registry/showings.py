"""To which bureaus records were shown, how often and when: read from the log, in the caller's transaction."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from comity.audit.lines import moment
from comity.registry.schema import AUDIT

WINDOW: Final = 4000
WINDOWS_MAX: Final = 25
"""So many lines at once, and so often, are looked through for one page of a list."""

_JOINED: Final = AUDIT.shown.join(AUDIT.entries, AUDIT.entries.c.seq == AUDIT.shown.c.seq)


@dataclass(frozen=True, slots=True)
class Showing:
    """How often a bureau was shown a record by one act with one outcome, first and last when."""

    bureau: str
    act: str
    outcome: str
    times_count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class LastShown:
    """The newest line in which a record was shown to another bureau than its owner's."""

    record: str
    bureau: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shown:
    """What counts as shown to others: records of an owner, by these acts."""

    owner: str
    acts: Collection[str]

    def to_others(self) -> ColumnElement[bool]:
        """Return the condition on a line."""
        entries = AUDIT.entries.c
        return and_(entries.bureau != self.owner, entries.act.in_(sorted(self.acts)))


def showings_of(connection: Connection, record: str, wanted: Shown) -> list[Showing]:
    """Return to which bureaus but its owner's a record was shown."""
    entries = AUDIT.entries.c
    times = (func.count(), func.min(entries.at_us), func.max(entries.at_us))
    rows = connection.execute(
        select(entries.bureau, entries.act, entries.outcome, *times)
        .select_from(_JOINED)
        .where(AUDIT.shown.c.record == record, wanted.to_others())
        .group_by(entries.bureau, entries.act, entries.outcome)
    )
    return [Showing(who, act, how, many, moment(a), moment(b)) for who, act, how, many, a, b in rows]


def last_shown(connection: Connection, wanted: Shown, limit: int, after: str | None) -> list[LastShown]:
    """Return up to `limit` records, the one that was shown to others last first, each once.

    `after` is the last record seen: where the list goes on, however often that one was shown.
    """
    place = None if after is None else _newest(connection, after, wanted)
    found: dict[str, LastShown] = {}
    before: set[str] = set() if after is None else {after}
    for record, bureau, at_us in _lines(connection, wanted, place):
        if record in found or record in before:
            continue
        if place is not None and (_newest(connection, record, wanted) or 0) >= place:
            before.add(record)
            continue
        found[record] = LastShown(record, bureau, moment(at_us))
        if len(found) == limit:
            break
    return [*found.values()]


def _lines(connection: Connection, wanted: Shown, before: int | None) -> Iterator[tuple[str, str, int]]:
    """Yield the lines that showed an owner's records to others, newest first."""
    shown, entries = AUDIT.shown.c, AUDIT.entries.c
    chosen = select(shown.seq, shown.record, entries.bureau, entries.at_us).select_from(_JOINED)
    chosen = chosen.where(shown.owner == wanted.owner, wanted.to_others())
    for _ in range(WINDOWS_MAX):
        page = chosen if before is None else chosen.where(shown.seq < before)
        rows = connection.execute(page.order_by(shown.seq.desc()).limit(WINDOW)).all()
        yield from ((record, bureau, at_us) for _, record, bureau, at_us in rows)
        if len(rows) < WINDOW:
            return
        before = int(rows[-1].seq)


def _newest(connection: Connection, record: str, wanted: Shown) -> int | None:
    shown = AUDIT.shown.c
    chosen = select(shown.seq).select_from(_JOINED).where(shown.record == record, wanted.to_others())
    newest: int | None = connection.execute(chosen.order_by(shown.seq.desc()).limit(1)).scalar()
    return newest
