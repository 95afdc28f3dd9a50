"""OFAC's list of specially designated nationals: the main file, its aliases and addresses beside it.

    sdn.csv + alt.csv + add.csv (+ sdn_comments.csv) -> persons, organisations, vessels, aircraft, wallets

The files have no header; `-0-` is an empty cell. The siblings are found by name: where the main file's
name has `sdn`, theirs has `alt`, `add`, `sdn_comments`. Each address of a digital currency becomes an
account of its own, held by the entry, so that it is found by its number.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.types.text import NAME
from comity.sources.ofac_entry import COLUMNS, Entry, records_of
from comity.sources.rows import READ_ERRORS, SourceRow, open_list
from comity.sources.texts import fitting

Sibling: TypeAlias = Mapping[str, list[list[str]]]

SIBLINGS = {"alt": 5, "add": 6, "sdn_comments": 2}
"""The files beside the main one, by their word, and how many columns each has."""

EMPTY = "-0-"
# The official files end with the control character that ended files on old systems.
PADDING = " \x1a"
EMPTY_CELLS = frozenset({"", EMPTY, f"{EMPTY} "})
"""How nearly all empty cells are written: as those of the official files are."""


def read(path: Path) -> Iterator[SourceRow]:
    """Yield the entries of the list, each with its aliases and addresses, and its wallets after it.

    Raises `MalformedError` `list-form` where the main file is not that list.
    """
    aliases, addresses, comments = (_sibling(path, word) for word in SIBLINGS)
    for line, cells in _rows(path):
        if len(cells) != len(COLUMNS) or not (cells[0].isascii() and cells[0].isdigit()):
            if line == 1:
                raise MalformedError("list-form", "file")
            yield SourceRow(line, None, MalformedError("row-form", "record"), [*cells])
            continue
        beside = [sibling.get(cells[0], []) for sibling in (aliases, addresses, comments)]
        yield from _entry(line, Entry(dict(zip(COLUMNS, cells, strict=True)), *beside))


def siblings(path: Path) -> tuple[Path, ...]:
    """Return the files beside the main one that belong to the list."""
    found = (_beside(path, word) for word in SIBLINGS)
    return tuple(one for one in found if one is not None)


def _beside(path: Path, word: str) -> Path | None:
    name = path.name.lower().removesuffix(".gz")
    wanted = name.replace("sdn", word)
    if wanted == name or not path.parent.is_dir():
        return None
    files = sorted(path.parent.iterdir())
    return next((one for one in files if one.name.lower().removesuffix(".gz") == wanted), None)


def _sibling(path: Path, word: str) -> Sibling:
    beside, found = _beside(path, word), defaultdict[str, list[list[str]]](list)
    for _line, cells in _rows(beside) if beside is not None else ():
        found[cells[0]].append([*cells, *[""] * (SIBLINGS[word] - len(cells))])
    return found


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    with open_list(path) as file:
        lines = csv.reader(io.TextIOWrapper(file, "utf-8-sig", "replace", newline=""))
        try:
            for cells in lines:
                bare = ["" if cell in EMPTY_CELLS else _bare(cell) for cell in cells]
                if any(bare):
                    yield lines.line_num, bare
        except (csv.Error, *READ_ERRORS) as error:
            raise MalformedError("list-form", "file") from error


def _bare(cell: str) -> str:
    text = cell.strip(PADDING)
    return "" if text == EMPTY else text


def _entry(line: int, entry: Entry) -> Iterator[SourceRow]:
    raw: Json = [*entry.cells.values()]
    if entry.kind is None:
        yield SourceRow(line, None, MalformedError("not-a-choice", "type"), raw)
    elif fitting(NAME, entry.cells["name"]) is None:
        yield SourceRow(line, None, MalformedError("name-letters", "name"), raw)
    else:
        for record in records_of(entry, entry.kind):
            yield SourceRow(line, record, raw=raw)
