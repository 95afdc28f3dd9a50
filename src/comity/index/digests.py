"""Digests of a segment's files, so that a flipped bit on the disk is found and not searched."""

import hashlib
from pathlib import Path

from comity.index.files import save_text

DIGESTS = "DIGESTS"


def write_digests(directory: Path) -> None:
    """Write the SHA-256 of every file of a finished segment beside them, durable when this returns."""
    lines = (f"{digest_of(file)}  {file.relative_to(directory)}\n" for file in _files(directory))
    save_text(directory / DIGESTS, "".join(lines))


def damaged_files(directory: Path) -> list[str]:
    """Return which files of a segment are not as they were written: changed, missing, or never there."""
    try:
        lines = (directory / DIGESTS).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return [DIGESTS]
    stated = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    found = {str(file.relative_to(directory)): digest_of(file) for file in _files(directory)}
    return sorted(name for name in {*stated, *found} if stated.get(name) != found.get(name))


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(directory: Path) -> list[Path]:
    return sorted(file for file in directory.rglob("*") if file.is_file() and file.name != DIGESTS)
