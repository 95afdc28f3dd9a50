"""Entering many rows at once.

SQLAlchemy works through every parameter of every row anew. Here the statement is compiled once for a table,
and what a column's type makes of a value is made once a value: the rows of one chunk share their moments.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.compiler import SQLCompiler


@dataclass(frozen=True, slots=True)
class _Insertion:
    """A statement for one driver: its text, and by column in its order what makes a value the driver's own."""

    text: str
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]


def insert_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Enter rows that all name the same columns; of none there is nothing to do."""
    if not rows:
        return
    dialect = connection.dialect
    if not dialect.positional:
        connection.execute(insert(table), [*rows])
        return
    insertion = _insertion(table, tuple(rows[0]), dialect)
    columns = [_made([row[name] for row in rows], make) for name, make in insertion.columns]
    connection.exec_driver_sql(insertion.text, [*zip(*columns, strict=True)])


def _made(values: list[object], make: Callable[[Any], Any] | None) -> list[object]:
    if make is None:
        return values
    known = {value: make(value) for value in set(values)}
    return [known[value] for value in values]


@lru_cache(maxsize=16)
def _insertion(table: Table, names: tuple[str, ...], dialect: Dialect) -> _Insertion:
    compiled = insert(table).compile(dialect=dialect, column_keys=[*names])
    assert isinstance(compiled, SQLCompiler), "an insertion is SQL"
    types = ((name, table.c[name].type) for name in compiled.positiontup or ())
    makers = tuple((name, type_.dialect_impl(dialect).bind_processor(dialect)) for name, type_ in types)
    return _Insertion(str(compiled), makers)
