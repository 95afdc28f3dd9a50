"""A list in pieces: rows that follow each other, and what of them can be read field by field.

rows -> Pieces -> piece: columns, the leaves of their records in the log's tree, which rows are odd
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from comity.errors import MalformedError
from comity.records.columnar import ColumnReader, Columns
from comity.records.fieldtype import Json
from comity.records.handling import Share

BULK_ROWS = 65_536
"""Rows a piece at most: as many as are lost, and read again, where a load is interrupted."""

FIRST_ROWS = 4096
"""Rows of the first piece; four times as many follow each time."""

GROWTH = 4


class Row(Protocol):
    """A row of a list, as a source reads it."""

    @property
    def line(self) -> int:
        """Where it stands in the file, from 1."""
        ...

    @property
    def data(self) -> dict[str, Json] | None:
        """The record it states, or None where it states none."""
        ...

    @property
    def error(self) -> MalformedError | None:
        """What is wrong with it."""
        ...

    @property
    def raw(self) -> Json:
        """The row as it came."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a list, `count` of them: `columns` are those that are plainly sound, `odd` the places of all others.

    `rows()` are all of them as they came, to be asked for before the next piece is taken.
    """

    count: int
    columns: Sequence[Columns]
    odd: Sequence[int]
    rows: Callable[[], Sequence[Row]]


class Pieces(Iterator[Row]):
    """The rows of a list, one by one or in pieces. `share` holds where a row states none.

    Taking raises what the rows raise.
    """

    def __init__(self, rows: Iterator[Row], share: Share) -> None:
        self._rows, self._reader = rows, ColumnReader(share)

    def __next__(self) -> Row:
        return next(self._rows)

    def take(self, most: int) -> Piece | None:
        """Return the next rows, at most so many; None where there are no more."""
        rows = list(islice(self._rows, most))
        if not rows:
            return None
        columns, odd = self._reader.read([{} if row.data is None else row.data for row in rows])
        return Piece(len(rows), columns, odd, lambda: rows)


def sizes() -> Iterator[int]:
    """Yield how many rows each piece of a load has, as long as most of them can be packed."""
    size = FIRST_ROWS
    while True:
        yield size
        size = min(GROWTH * size, BULK_ROWS)
