"""What do outside lists say? One reader a list: rows of a file to records as `parse_record` takes them.

A reader streams, and never raises on a bad row: it yields the row with its error and its line.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from comity.errors import MalformedError
from comity.sources import csv_mapped, eu, interpol, jsonl, ofac, un
from comity.sources.mapping import read_mapping
from comity.sources.rows import SourceRow

READERS: Mapping[str, Callable[[Path], Iterator[SourceRow]]] = {
    "eu": eu.read,
    "interpol": interpol.read,
    "jsonl": jsonl.read,
    "ofac": ofac.read,
    "un": un.read,
}
"""The readers by their word at the command line."""


MAPPED = "csv"
"""The word for a table that a mapping file explains."""

SOURCES = tuple(sorted((*READERS, MAPPED)))
"""The words for sources at the command line."""


def reader_named(source: str, mapping: str = "") -> Callable[[Path], Iterator[SourceRow]]:
    """Return the reader of a source; a table is read through `mapping`, a shipped one's name or a file.

    Raises `MalformedError` `unknown-source`, `mapping-missing`, `mapping-unneeded`, or what `read_mapping` says.
    """
    if source == MAPPED:
        if not mapping:
            raise MalformedError("mapping-missing", "mapping")
        return partial(csv_mapped.read, mapping=read_mapping(mapping))
    if mapping:
        raise MalformedError("mapping-unneeded", "mapping")
    if source not in READERS:
        raise MalformedError("unknown-source", "source")
    return READERS[source]
