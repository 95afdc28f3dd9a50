"""The European Union's consolidated list, as one table of all its annexes.

    row -> names in every script, numbers, dates, places -> person, organisation or vessel

An entry is known by regulation, annex and number in the annex; where the annex does not number its entries,
by its name. Ports, airports, zones and currencies that are listed become organisations.
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.sources.eu_entry import record_of
from comity.sources.rows import READ_ERRORS, Cells, SourceRow, Table, open_list

NEEDED = frozenset({"celex", "recordId", "annex", "schema", "name"})
NAME_DIGITS = 12


def read(path: Path) -> Iterator[SourceRow]:
    """Yield the entries of the list. Raises `MalformedError` `list-form` where the file is not that list."""
    seen: dict[str, int] = {}
    with open_list(path) as file:
        try:
            table = Table(file)
            if not NEEDED.issubset(table.columns):
                raise MalformedError("list-form", "file")
            for line, cells in table.rows():
                yield _row(line, {name: text for name, text in cells.items() if text}, seen)
        except (csv.Error, *READ_ERRORS) as error:
            raise MalformedError("list-form", "file") from error


def _row(line: int, cells: Cells, seen: dict[str, int]) -> SourceRow:
    raw: dict[str, Json] = {**cells}
    if "name" not in cells:
        return SourceRow(line, None, MalformedError("field-missing", "name"), raw)
    record = record_of(cells)
    if record is None:
        return SourceRow(line, None, MalformedError("not-a-choice", "schema"), raw)
    if not record.get("names"):
        return SourceRow(line, None, MalformedError("name-letters", "name"), raw)
    return SourceRow(line, {**record, "source_id": _source_id(cells, seen)}, raw=raw)


def _source_id(cells: Cells, seen: dict[str, int]) -> str:
    number = cells.get("recordId") or hashlib.sha256(cells["name"].encode()).hexdigest()[:NAME_DIGITS]
    identity = f"{cells.get('celex', '')}/{cells.get('annex', '')}/{number}"
    seen[identity] = seen.get(identity, 0) + 1
    # Some annexes have two entries under one number.
    return identity if seen[identity] == 1 else f"{identity}#{seen[identity]}"
