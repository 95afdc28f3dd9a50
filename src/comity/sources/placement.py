"""Where the records of a file belong: under which list's name, from which origin, made of which files."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.errors import MalformedError
from comity.sources import ofac

WHOLE_LISTS = frozenset({"un", "eu", "ofac"})
"""Sources whose file is the whole list, whatever its name: a newer one withdraws what it no longer has."""

OWN_FORM = "jsonl"
OWN_LIST = "own"
READ_BYTES = 1 << 20
NAME_MAX = 80
ORIGIN_MAX = 200


@dataclass(frozen=True, slots=True)
class Placement:
    """The name space of the identifiers, the origin within which records are withdrawn, and the files."""

    list_name: str
    origin: str
    files: tuple[Path, ...]

    def digest(self) -> str:
        """Return the SHA-256 of the files' contents; raises `MalformedError` `file-unreadable`."""
        whole = hashlib.sha256()
        for file in self.files:
            digest = hashlib.sha256()
            for block in _blocks(file):
                digest.update(block)
            whole.update(digest.digest())
        return whole.hexdigest()


def placement_of(source: str, file: Path, mapping: str = "") -> Placement:
    """Return where the records of a file belong.

    Two files of different names never withdraw each other's records, unless each is the whole list. Tables
    have a name space for each mapping, for their identifiers are often mere row numbers.
    """
    files = (file, *(ofac.siblings(file) if source == "ofac" else ()))
    if source in WHOLE_LISTS:
        return Placement(source, source, files)
    stem = file.name.removesuffix(".gz")
    if mapping:
        # The mapping decides what a row says: another one makes another import of it.
        shipped = Path(mapping)
        name = f"{source}:{shipped.stem}"[:NAME_MAX]
        files = (*files, *((shipped,) if shipped.is_file() else ()))
        return Placement(name, f"{name}:{stem}"[:ORIGIN_MAX], files)
    name = OWN_LIST if source == OWN_FORM else source
    return Placement(name, f"{source}:{stem}"[:ORIGIN_MAX], files)


def _blocks(file: Path) -> Iterator[bytes]:
    try:
        with file.open("rb") as content:
            while block := content.read(READ_BYTES):
                yield block
    except OSError as error:
        raise MalformedError("file-unreadable", "file") from error
