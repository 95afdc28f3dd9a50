"""What the rollups may tell one reader, added up by the database itself.

Counts of records that the reader may not see are out before anything is added (law 1); then another bureau's few
of a key; what is left is the sum. Each statement is put together once, and filled in: that takes several times what a
small node's database does to answer it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
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


@dataclass(frozen=True, slots=True)
class Reader:
    """Who is told: of every bureau's counts under audiences `admitted`; under `own` of its own bureau's alone.

    `admitted` is None where there are counts under no others. A figure of another bureau is told from `fewest` on.
    """

    bureau: str
    admitted: tuple[int, ...] | None
    own: tuple[int, ...]
    fewest: int


class _Shape(NamedTuple):
    """What of a question changes its statement: the rest is filled in."""

    column: str
    has_kind: bool
    has_bureaus: bool
    is_limited: bool


def audiences(connection: Connection, column: str, measures: Sequence[str], span: Span) -> list[int]:
    """Return the audiences under which there are counts."""
    asked = _Shape(column, span.kind is not None, span.bureaus is not None, is_limited=False)
    return sorted(connection.execute(_audiences(asked), _filling(measures, span)).scalars())


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
    asked = _by_months(_shape("key", span, reader))
    rows = connection.execute(asked, _filling((measure,), span, reader))
    return [(str(row[0]), row[1], int(row[2])) for row in rows]


def spread(
    connection: Connection, measures: Sequence[str], span: Span, reader: Reader
) -> dict[str, dict[str, int]]:
    """Return how each measure spreads over its keys: of every bureau with enough of that measure, whole."""
    asked = _spreading(_shape("key", span, reader))
    found: dict[str, dict[str, int]] = {measure: {} for measure in measures}
    for measure, key, count in connection.execute(asked, _filling(measures, span, reader)):
        found[measure][key] = int(count)
    return found


def _sums(
    connection: Connection, column: str, measures: Sequence[str], span: Span, reader: Reader
) -> list[tuple[tuple[str, str], int]]:
    asked = _summing(_shape(column, span, reader))
    rows = connection.execute(asked, _filling(measures, span, reader))
    return [((row[0], str(row[1])), int(row[2])) for row in rows]


def _shape(column: str, span: Span, reader: Reader) -> _Shape:
    return _Shape(column, span.kind is not None, span.bureaus is not None, reader.admitted is not None)


def _filling(measures: Sequence[str], span: Span, reader: Reader | None = None) -> dict[str, object]:
    """Return what is filled into a statement; it takes what it has places for."""
    filled: dict[str, object] = {
        "months": _months(span.first, span.last),
        "first_day": span.first * 100,
        "last_day": span.last * 100 + 99,
        "measures": list(measures),
        "of_kind": span.kind,
        "of_bureaus": span.bureaus,
    }
    if reader is not None:
        filled |= {
            "admitted": reader.admitted,
            "own": reader.own,
            "reader": reader.bureau,
            "fewest": reader.fewest,
        }
    return filled


@cache
def _audiences(shape: _Shape) -> Select[int]:
    table = table_with(shape.column)
    return select(table.c.audience).where(*_narrows(shape)).distinct()


@cache
def _summing(shape: _Shape) -> Select[*tuple[Any, ...]]:
    table = table_with(shape.column)
    return _grouped(_by_bureau(shape, table.c.measure, table.c[shape.column]))


@cache
def _by_months(shape: _Shape) -> Select[*tuple[Any, ...]]:
    summed = _by_bureau(shape, BY_STEP.c.month, BY_STEP.c.key)
    return _grouped(summed).order_by(summed.c.first, summed.c.second)


@cache
def _spreading(shape: _Shape) -> Select[*tuple[Any, ...]]:
    summed = _by_bureau(shape, BY_STEP.c.measure, BY_STEP.c.key)
    whole = func.sum(summed.c.total).over(partition_by=(summed.c.first, summed.c.bureau)).label("whole")
    weighed = select(summed.c.first, summed.c.second, summed.c.bureau, summed.c.total, whole).subquery()
    return (
        select(weighed.c.first, weighed.c.second, func.sum(weighed.c.total))
        .where(or_(weighed.c.whole >= bindparam("fewest"), weighed.c.bureau == bindparam("reader")))
        .group_by(weighed.c.first, weighed.c.second)
    )


def _grouped(summed: FromClause) -> Select[*tuple[Any, ...]]:
    """Return the sums by two columns: of other bureaus, those that are not few alone."""
    return (
        select(summed.c.first, summed.c.second, func.sum(summed.c.total))
        .where(or_(summed.c.total >= bindparam("fewest"), summed.c.bureau == bindparam("reader")))
        .group_by(summed.c.first, summed.c.second)
    )


def _by_bureau(shape: _Shape, first: ColumnElement[Any], second: ColumnElement[Any]) -> FromClause:
    """Return the sums by two columns and bureau, of what the reader may see alone."""
    table = table_with(shape.column)
    narrows = _narrows(shape)
    if shape.is_limited:
        own = and_(table.c.audience.in_(_numbers("own")), table.c.bureau == bindparam("reader"))
        narrows.append(or_(table.c.audience.in_(_numbers("admitted")), own))
    summed = (first.label("first"), second.label("second"), table.c.bureau.label("bureau"))
    total = func.sum(table.c.count).label("total")
    places = [literal_column(str(place), Integer) for place in (1, 2, 3)]
    return select(*summed, total).where(*narrows).group_by(*places).subquery()


def _narrows(shape: _Shape) -> list[ColumnElement[bool]]:
    """Return what narrows the table that has this column to a span."""
    table = table_with(shape.column)
    narrowed: list[ColumnElement[bool]]
    if table is BY_DAY:
        narrowed = [table.c.day.between(bindparam("first_day"), bindparam("last_day"))]
    else:
        # Named one by one: the key begins with the month and goes on with the measure.
        narrowed = [table.c.month.in_(bindparam("months", expanding=True))]
    narrowed.append(table.c.measure.in_(bindparam("measures", expanding=True)))
    if shape.has_kind and "kind" in table.c:
        narrowed.append(table.c.kind == bindparam("of_kind"))
    if shape.has_bureaus:
        narrowed.append(table.c.bureau.in_(bindparam("of_bureaus", expanding=True)))
    return narrowed


def _numbers(name: str) -> BindParameter[int]:
    """Return numbers as they are written into a statement: there may be more than a statement has places."""
    return bindparam(name, type_=Integer(), expanding=True, literal_execute=True)


def _months(first: int, last: int) -> list[int]:
    months: list[int] = []
    while first <= last:
        months.append(first)
        first += 89 if first % 100 == 12 else 1
    return months
