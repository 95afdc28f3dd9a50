"""Counts of what was done, kept as they come: rollups that follow the audit log by position.

    audit log from the position on -> added up -> rows grown, position moved: one transaction

A count is in exactly once, whatever is killed when; counting anew from the beginning gives the same. A record
met is counted under the rule on who saw it then (its audience), so that a reader can be told of those alone
that it may see; searches are nobody's record, and have none.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    String,
    Table,
    delete,
    func,
    select,
    text,
)

from comity.access.acts import Act
from comity.registry import holdings, positions
from comity.registry.schema import AUDIT, METADATA

LOG_TO_TALLIES: Final = "log-to-tallies"
PAGE: Final = 5000
NO_AUDIENCE: Final = -1
SEARCHES, HITS = "searches", "hits"

BY_KIND = Table(
    "tallies_by_kind",
    METADATA,
    Column("month", Integer, primary_key=True, autoincrement=False),  # 202611
    Column("measure", String(20), primary_key=True),
    Column("bureau", String(3), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("audience", Integer, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

BY_PURPOSE = Table(
    "tallies_by_purpose",
    METADATA,
    Column("month", Integer, primary_key=True, autoincrement=False),
    Column("measure", String(20), primary_key=True),
    Column("bureau", String(3), primary_key=True),
    Column("purpose", String(20), primary_key=True),
    Column("audience", Integer, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

BY_DAY = Table(
    "tallies_by_day",
    METADATA,
    Column("day", Integer, primary_key=True, autoincrement=False),  # 20261125
    Column("measure", String(20), primary_key=True),
    Column("bureau", String(3), primary_key=True),
    Column("audience", Integer, primary_key=True, autoincrement=False),
    Column("count", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

TABLES: Final = (BY_KIND, BY_PURPOSE, BY_DAY)
Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """A count: of which key, under which audience (`NO_AUDIENCE` where it is of no record)."""

    key: str
    bureau: str
    audience: int
    count: int


class _Asked(msgspec.Struct):
    """What of an entry's body is counted; the rest is read over."""

    kind: str | None = None
    records: tuple[str, ...] = ()


_asked = msgspec.json.Decoder(_Asked)
_COUNTED: Final = (Act.CHECK.value, Act.PARTNER_CHECK.value)
_ANSWERED: Final = ("hit", "no_hit")


def lag(connection: Connection) -> int:
    """Return how many entries of the log are not counted yet."""
    size = connection.execute(select(AUDIT.tip.c.size)).scalar_one()
    return int(size) - positions.position(connection, LOG_TO_TALLIES)


def count_on(connection: Connection, entries_max: int = PAGE) -> int:
    """Count the next entries of the log, at most so many; return how many were taken.

    In a transaction that writes: what is counted and how far are durable together.
    """
    start = positions.position(connection, LOG_TO_TALLIES)
    size = int(connection.execute(select(AUDIT.tip.c.size)).scalar_one())
    end = min(size, start + entries_max)
    if end == start:
        return 0
    entries = AUDIT.entries.c
    rows = connection.execute(
        select(entries.at_us, entries.bureau, entries.purpose, entries.outcome, entries.body).where(
            entries.seq >= start,
            entries.seq < end,
            entries.act.in_(_COUNTED),
            entries.outcome.in_(_ANSWERED),
        )
    )
    sums: Counter[tuple[str, Key]] = Counter()
    for at_us, bureau, purpose, outcome, body in rows:
        at = datetime.fromtimestamp(at_us / 1_000_000, UTC)
        asked = _asked.decode(body)
        act = _Made(at, bureau, purpose or "", asked.kind or "")
        _add(sums, act, SEARCHES, NO_AUDIENCE)
        if outcome == "hit":
            seen_by = holdings.audiences_when(connection, asked.records, at)
            for audience in seen_by.values():
                _add(sums, act, HITS, audience)
    grow(connection, sums)
    positions.move(connection, LOG_TO_TALLIES, end)
    return end - start


@dataclass(frozen=True, slots=True)
class _Made:
    at: datetime
    bureau: str
    purpose: str
    kind: str


def _add(sums: Counter[tuple[str, Key]], act: _Made, measure: str, audience: int) -> None:
    month = act.at.year * 100 + act.at.month
    sums[BY_KIND.name, (month, measure, act.bureau, act.kind, audience)] += 1
    sums[BY_PURPOSE.name, (month, measure, act.bureau, act.purpose, audience)] += 1
    sums[BY_DAY.name, (month * 100 + act.at.day, measure, act.bureau, audience)] += 1


def grow(connection: Connection, sums: Mapping[tuple[str, Key], int]) -> None:
    """Add counts, by table and key, to those that stand."""
    for table in TABLES:
        columns = [column.name for column in table.columns]
        rows = [
            dict(zip(columns, (*key, count), strict=True))
            for (name, key), count in sums.items()
            if name == table.name
        ]
        if rows:
            connection.execute(_growing(table.name, columns), rows)


def _growing(table: str, columns: Sequence[str]) -> Any:
    keys, places = ", ".join(columns[:-1]), ", ".join(f":{name}" for name in columns)
    # The same words on both databases; our own names, no values.
    return text(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) "  # noqa: S608
        f"ON CONFLICT ({keys}) DO UPDATE SET count = {table}.count + excluded.count"
    )


def forget(connection: Connection) -> None:
    """Drop every count, to count anew from the beginning of the log."""
    for table in TABLES:
        connection.execute(delete(table))
    positions.move(connection, LOG_TO_TALLIES, 0)


@dataclass(frozen=True, slots=True)
class Span:
    """Which counts are asked for: a measure, months from `first` to `last` (202611), and a kind, or all."""

    measure: str
    first: int
    last: int
    kind: str | None = None

    def months(self, table: Table) -> Iterable[ColumnElement[bool]]:
        """Return what narrows a table of months to this span."""
        narrowed = [
            table.c.measure == self.measure,
            table.c.month >= self.first,
            table.c.month <= self.last,
        ]
        return [*narrowed, table.c.kind == self.kind] if self.kind and table is BY_KIND else narrowed


def by(connection: Connection, column: str, span: Span) -> list[Tally]:
    """Return the counts of a span by `kind`, `month`, `purpose` or `day`, each by bureau and audience."""
    table = {"purpose": BY_PURPOSE, "day": BY_DAY}.get(column, BY_KIND)
    if column == "day":
        days = table.c.day.between(span.first * 100, span.last * 100 + 99)
        narrowed: Iterable[ColumnElement[bool]] = (table.c.measure == span.measure, days)
    else:
        narrowed = span.months(table)
    columns = (table.c[column], table.c.bureau, table.c.audience)
    rows = connection.execute(select(*columns, func.sum(table.c.count)).where(*narrowed).group_by(*columns))
    return [Tally(str(row[0]), row[1], row[2], int(row[3])) for row in rows]


def by_bureau(connection: Connection, span: Span) -> list[Tally]:
    """Return the counts of a span by bureau and audience."""
    columns = (BY_KIND.c.bureau, BY_KIND.c.audience)
    narrowed = span.months(BY_KIND)
    rows = connection.execute(select(*columns, func.sum(BY_KIND.c.count)).where(*narrowed).group_by(*columns))
    return [Tally(row[0], row[0], row[1], int(row[2])) for row in rows]
