"""What the rollups may tell one reader, added up by the database itself.

Counts of records that the reader may not see are out before anything is added (law 1); then another bureau's few
of a key; what is left is the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
)

from comity.registry.tallies import BY_DAY, BY_KIND, BY_PURPOSE, BY_STEP

_TABLES = {"purpose": BY_PURPOSE, "day": BY_DAY, "key": BY_STEP}


def table_with(column: str) -> Table:
    """Return the rollup that is added up by this column."""
    return _TABLES.get(column, BY_KIND)


@dataclass(frozen=True, slots=True)
class Span:
    """Which counts are asked for: months from `first` to `last` (202611), of a kind and of bureaus, or all."""

    first: int
    last: int
    kind: str | None = None
    bureaus: tuple[str, ...] | None = None

    def narrows(self, column: str, measures: Sequence[str]) -> list[ColumnElement[bool]]:
        """Return what narrows the table that has this column to the span."""
        table = table_with(column)
        narrowed: list[ColumnElement[bool]]
        if table is BY_DAY:
            narrowed = [table.c.day.between(self.first * 100, self.last * 100 + 99)]
        else:
            # Named one by one: the key begins with the month and goes on with the measure.
            narrowed = [table.c.month.in_(_months(self.first, self.last))]
        narrowed.append(table.c.measure.in_(list(measures)))
        if self.kind is not None and "kind" in table.c:
            narrowed.append(table.c.kind == self.kind)
        if self.bureaus is not None:
            narrowed.append(table.c.bureau.in_(self.bureaus))
        return narrowed


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told: of every bureau's counts under audiences `admitted`; under `own` of its own bureau's alone.

    `admitted` is None where there are counts under no others. A figure of another bureau is told from `fewest` on.
    """

    bureau: str
    admitted: tuple[int, ...] | None
    own: tuple[int, ...]
    fewest: int


def audiences(connection: Connection, column: str, measures: Sequence[str], span: Span) -> list[int]:
    """Return the audiences under which there are counts."""
    table = table_with(column)
    found = connection.execute(
        select(table.c.audience).where(*span.narrows(column, measures)).distinct()
    ).scalars()
    return sorted(found)


def by(connection: Connection, column: str, measure: str, span: Span, reader: Reader) -> dict[str, int]:
    """Return what may be told by `bureau`, `kind`, `month`, `purpose` or `day`."""
    return {key: count for (_measure, key), count in _sums(connection, column, (measure,), span, reader)}


def by_step(
    connection: Connection, measures: Sequence[str], span: Span, reader: Reader
) -> dict[str, dict[str, int]]:
    """Return what may be told of each of these measures, by key."""
    found: dict[str, dict[str, int]] = {measure: {} for measure in measures}
    for (measure, key), count in _sums(connection, "key", measures, span, reader):
        found[measure][key] = count
    return found


def by_month_and_step(
    connection: Connection, measure: str, span: Span, reader: Reader
) -> list[tuple[str, str, int]]:
    """Return what may be told of a measure by month and key; another bureau's few of a month are left out."""
    columns = (BY_STEP.c.month.label("first"), BY_STEP.c.key.label("second"))
    summed = _by_bureau("key", columns, (measure,), span, reader)
    rows = connection.execute(
        select(summed.c.first, summed.c.second, func.sum(summed.c.total))
        .where(_told(summed, reader))
        .group_by(summed.c.first, summed.c.second)
        .order_by(summed.c.first, summed.c.second)
    )
    return [(str(row[0]), row[1], int(row[2])) for row in rows]


def spread(
    connection: Connection, measures: Sequence[str], span: Span, reader: Reader
) -> dict[str, dict[str, int]]:
    """Return how each measure spreads over its keys: of every bureau with enough of that measure, whole."""
    columns = (BY_STEP.c.measure.label("first"), BY_STEP.c.key.label("second"))
    summed = _by_bureau("key", columns, measures, span, reader)
    whole = func.sum(summed.c.total).over(partition_by=(summed.c.first, summed.c.bureau)).label("whole")
    weighed = select(summed.c.first, summed.c.second, summed.c.bureau, summed.c.total, whole).subquery()
    rows = connection.execute(
        select(weighed.c.first, weighed.c.second, func.sum(weighed.c.total))
        .where(or_(weighed.c.whole >= reader.fewest, weighed.c.bureau == reader.bureau))
        .group_by(weighed.c.first, weighed.c.second)
    )
    found: dict[str, dict[str, int]] = {measure: {} for measure in measures}
    for measure, key, count in rows:
        found[measure][key] = int(count)
    return found


def _sums(
    connection: Connection, column: str, measures: Sequence[str], span: Span, reader: Reader
) -> list[tuple[tuple[str, str], int]]:
    table = table_with(column)
    columns = (table.c.measure.label("first"), table.c[column].label("second"))
    summed = _by_bureau(column, columns, measures, span, reader)
    rows = connection.execute(
        select(summed.c.first, summed.c.second, func.sum(summed.c.total))
        .where(_told(summed, reader))
        .group_by(summed.c.first, summed.c.second)
    )
    return [((row[0], str(row[1])), int(row[2])) for row in rows]


def _by_bureau(
    column: str,
    columns: tuple[ColumnElement[object], ColumnElement[object]],
    measures: Sequence[str],
    span: Span,
    reader: Reader,
) -> FromClause:
    """Return the sums by two columns and bureau, of what the reader may see alone."""
    table = table_with(column)
    narrows = span.narrows(column, measures)
    if reader.admitted is not None:
        own = and_(table.c.audience.in_(_numbers(reader.own)), table.c.bureau == reader.bureau)
        narrows.append(or_(table.c.audience.in_(_numbers(reader.admitted)), own))
    bureau = table.c.bureau.label("bureau")
    total = func.sum(table.c.count).label("total")
    places = [literal_column(str(place), Integer) for place in (1, 2, 3)]
    return select(*columns, bureau, total).where(*narrows).group_by(*places).subquery()


def _told(summed: FromClause, reader: Reader) -> ColumnElement[bool]:
    return or_(summed.c.total >= reader.fewest, summed.c.bureau == reader.bureau)


def _numbers(audiences: Sequence[int]) -> BindParameter[int]:
    """Return numbers as they are written into a statement: there may be more than a statement has places."""
    return bindparam(None, list(audiences), Integer(), expanding=True, literal_execute=True)


def _months(first: int, last: int) -> list[int]:
    months: list[int] = []
    while first <= last:
        months.append(first)
        first += 89 if first % 100 == 12 else 1
    return months
