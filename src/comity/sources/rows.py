"""One row of an outside list, read or refused; opening lists, compressed or not; tables with a header."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias, cast

from comity.errors import MalformedError
from comity.records.fieldtype import Json

Cells: TypeAlias = dict[str, str]
"""The cells of a table's row by their columns, without surrounding space."""

READ_ERRORS = (OSError, EOFError, zlib.error)
"""What a file that is cut off or damaged raises while it is read."""


class SourceRow(NamedTuple):
    """A row: its line, from 1, and either the record it states or what is wrong with it."""

    line: int
    data: dict[str, Json] | None
    error: MalformedError | None = None
    raw: Json = None


def open_list(path: Path) -> BinaryIO:
    """Open a list for reading, `.gz` or plain; raises `MalformedError` `file-unreadable`."""
    try:
        return cast("BinaryIO", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise MalformedError("file-unreadable", "file") from error


class Table:
    """A table: its columns, stated or read from its first line, and its rows one after the other.

    Making one and reading it raise `csv.Error` and `READ_ERRORS`.
    """

    def __init__(self, file: BinaryIO, columns: Sequence[str] = (), delimiter: str = ",") -> None:
        text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="")
        self._rows = csv.reader(text, delimiter=delimiter)
        self.columns = columns or next(self._rows, list[str]())

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's line in the file and its cells; one that is too short has fewer."""
        for row in self._rows:
            if row:
                named = zip(self.columns, row, strict=False)
                yield self._rows.line_num, {name: text.strip() for name, text in named if name}
