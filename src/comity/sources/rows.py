"""One row of an outside list, read or refused; and opening lists, compressed or not."""

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from comity.errors import MalformedError
from comity.records.fieldtype import Json

READ_ERRORS = (OSError, EOFError, zlib.error)
"""What a file that is cut off or damaged raises while it is read."""


@dataclass(frozen=True, slots=True)
class SourceRow:
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
