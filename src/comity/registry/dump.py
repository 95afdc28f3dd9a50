"""The whole registry as parts of rows, table by table, and back: the same on SQLite and PostgreSQL.

    a reader's one state -> parts, in the order that keys between tables ask for -> another, empty database

What the schema holds is dumped, whatever tables it grows. Left out are sessions, as nobody is signed in at a
node that was restored, and how far journals were taken over, as they lie on the machine and not in the registry.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

import msgspec
from sqlalchemy import Connection, Date, Table, func, insert, select

from comity.errors import DamagedError
from comity.registry.schema import METADATA, NODE
from comity.registry.tables import TABLES

ROWS_A_PART: Final = 250
"""A record may have some 100 KB, so that a part stays well within memory."""

LEFT_OUT: Final = frozenset({"sessions", "audit_journals"})

GONE: Final = frozenset({"earlier_checks"})
"""Tables of earlier releases. What they held follows from the log, and is made anew when the node is opened."""


class Part(msgspec.Struct, frozen=True, tag="part"):
    """Rows of one table, each with a value for each of the columns."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]


def tables() -> list[Table]:
    """Return the tables that are dumped, those that others refer to first."""
    return [table for table in METADATA.sorted_tables if table.name in TABLES and table.name not in LEFT_OUT]


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each dumped table has."""
    return {
        str(table.name): connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables()
    }


def parts(connection: Connection) -> Iterator[Part]:
    """Yield every row that the connection's transaction sees, in order of the tables' keys."""
    for table in tables():
        columns = tuple(str(column.name) for column in table.columns)
        ordered = select(table).order_by(*table.primary_key.columns)
        found = connection.execute(ordered.execution_options(yield_per=ROWS_A_PART))
        for rows in found.partitions():
            yield Part(str(table.name), columns, [tuple(row) for row in rows])


def is_empty(connection: Connection) -> bool:
    """Return whether the tables have been created, but never held a node."""
    return connection.execute(select(NODE.c.id)).first() is None


def put(connection: Connection, part: Part) -> None:
    """Insert the rows of a part; raises `DamagedError` where this schema has no such table or columns."""
    if part.table in GONE:
        return
    table = next((one for one in tables() if one.name == part.table), None)
    if table is None or set(part.columns) != {column.name for column in table.columns}:
        raise DamagedError(what="backup")
    days = {column.name for column in table.columns if isinstance(column.type, Date)}
    rows = [_row(part.columns, row, days) for row in part.rows]
    if rows:
        connection.execute(insert(table), rows)


def _row(columns: tuple[str, ...], row: tuple[object, ...], days: set[str]) -> Mapping[str, object]:
    values = dict(zip(columns, row, strict=True))
    for name in days:
        # A day has no form of its own in the dump; it is text there.
        values[name] = date.fromisoformat(value) if isinstance(value := values[name], str) else value
    return values
