"""Digests of a segment's files, so that a flipped bit on the disk is found and not searched."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from comity.errors import DamagedError
from comity.index.files import save_text

DIGESTS = "DIGESTS"


NONE_KNOWN: Mapping[str, str] = MappingProxyType({})


def write_digests(directory: Path, known: Mapping[str, str] = NONE_KNOWN) -> None:
    """Write the SHA-256 of every file of a finished segment beside them, durable when this returns.

    `known` are those of files that are other segments' too, by name: what is wrong with such a file stays found out.
    """
    names = {str(file.relative_to(directory)): file for file in _files(directory)}
    lines = (f"{known.get(name) or digest_of(file)}  {name}\n" for name, file in names.items())
    save_text(directory / DIGESTS, "".join(lines))


def sound_digests(directory: Path) -> dict[str, str]:
    """Return the digests of a segment's files by name; raises `DamagedError` where one is not as it was written."""
    damaged = damaged_files(directory)
    if damaged:
        raise DamagedError(what=f"{directory.name}/{damaged[0]}")
    return _stated(directory)


def damaged_files(directory: Path) -> list[str]:
    """Return which files of a segment are not as they were written: changed, missing, or never there."""
    try:
        stated = _stated(directory)
    except (OSError, UnicodeDecodeError):
        return [DIGESTS]
    found = {str(file.relative_to(directory)): digest_of(file) for file in _files(directory)}
    return sorted(name for name in {*stated, *found} if stated.get(name) != found.get(name))


def _stated(directory: Path) -> dict[str, str]:
    lines = (directory / DIGESTS).read_text("utf-8").splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(directory: Path) -> list[Path]:
    return sorted(file for file in directory.rglob("*") if file.is_file() and file.name != DIGESTS)
