"""Comity's own form: one record a line, as `POST /v1/records` takes it."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.sources.rows import READ_ERRORS, SourceRow, open_list

LINE_BYTES_MAX = 1_000_000


def read(path: Path) -> Iterator[SourceRow]:
    """Yield the records of a file; empty lines are passed over.

    Rows that are no JSON object carry the error `json-form` or `object-expected`; a line of over a
    million bytes carries `line-too-long`. Raises `MalformedError` `list-form` where the file is damaged.
    """
    try:
        with open_list(path) as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _row(number, line)
    except READ_ERRORS as error:
        raise MalformedError("list-form", "file") from error


def _row(number: int, line: bytes) -> SourceRow:
    if len(line) > LINE_BYTES_MAX:
        return SourceRow(number, None, MalformedError("line-too-long", "record"))
    try:
        data: Json = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        shown = line[:2000].decode("utf-8", "replace")
        return SourceRow(number, None, MalformedError("json-form", "record"), shown)
    if not isinstance(data, dict):
        return SourceRow(number, None, MalformedError("object-expected", "record"), data)
    return SourceRow(number, data, raw=data)
