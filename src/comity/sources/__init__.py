"""What do outside lists say? One reader a list: rows of a file to records as `parse_record` takes them.

A reader streams, and never raises on a bad row: it yields the row with its error and its line.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from comity.errors import MalformedError
from comity.sources import interpol, jsonl, un
from comity.sources.rows import SourceRow

READERS: Mapping[str, Callable[[Path], Iterator[SourceRow]]] = {
    "interpol": interpol.read,
    "jsonl": jsonl.read,
    "un": un.read,
}
"""The readers by their word at the command line."""


def reader_named(source: str) -> Callable[[Path], Iterator[SourceRow]]:
    """Return the reader of a source; raises `MalformedError` `unknown-source`."""
    if source not in READERS:
        raise MalformedError("unknown-source", "source")
    return READERS[source]
