"""Taking the journals' lines over into the audit log, each exactly once, in the order of each journal.

    journal files -> frames not taken yet, by their moments -> log and places taken, one transaction -> files used again

Frames of several journals stand in the log as they were made, however many lines waited: whoever reads what was
done last finds it last.

Whoever holds the directory's lock takes over: a serving node's keeper all the time, any reader of the log before
it reads. How far a file was taken is written with the lines, so that a crash between the two cannot be.
"""

import fcntl
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, String, Table, delete, insert, select, update

from comity.audit.entries import Written, read_back
from comity.audit.heads import Signer
from comity.registry import audit_log
from comity.registry.journal import DAMAGED, FIRST, Frame, JournalFile, damaged_journals, journal_files
from comity.registry.schema import METADATA

TAKEN: Final = Table(
    "audit_journals",  # how far each journal file was taken over; a file that is gone has no row
    METADATA,
    Column("name", String(32), primary_key=True),
    Column("place", BigInteger, nullable=False),
    Column("frames", BigInteger, nullable=False),  # the order of the next frame
)

Writing = Callable[[], AbstractContextManager[Connection]]

LINES_AT_ONCE: Final = 4096
"""Lines of one transaction, about: other writers wait that long."""


@dataclass(frozen=True, slots=True)
class Journals:
    """The journals of one node: where they lie, and the key that seals them."""

    directory: Path
    key: bytes
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def take_over(self, writing: Writing, signer: Signer) -> int:
        """Take over every line that is durable as this begins; return how many there were.

        Another process that takes over at the moment is waited for.
        """
        if not self.directory.is_dir() or not journal_files(self.directory, self.key):
            return 0
        with _exclusive(self.directory):
            files = journal_files(self.directory, self.key)
            # Whether anybody writes to it is asked first: what is written afterwards is not lost.
            closed = [file for file in files if not file.is_written_to()]
            count = self._take(files, writing, signer)
            return count + sum(self._retire(file, writing, signer) for file in closed)

    def faults(self) -> list[str]:
        """Return which journals hold lines that cannot be read any more, though they were answered for."""
        return [f"journal-damaged {name}" for name in damaged_journals(self.directory)]

    def _take(self, files: Sequence[JournalFile], writing: Writing, signer: Signer) -> int:
        count = 0
        # Without a transaction while there is nothing new, which is most of the time.
        while new := [file for file in files if self._has_more(file)]:
            taken = self._take_some(new, writing, signer)
            count += taken
            if taken < LINES_AT_ONCE:
                break  # what has come meanwhile waits for more: a transaction a line is dear
        return count

    def _has_more(self, file: JournalFile) -> bool:
        return next(file.frames(*self._seen.get(file.name, FIRST)), None) is not None

    def _take_some(self, files: Sequence[JournalFile], writing: Writing, signer: Signer) -> int:
        """Take over some frames of these files in one transaction; return how many lines."""
        with writing() as connection:
            known = {file.name: _taken(connection, file.name) for file in files}
            places = dict(known)
            lines: list[Written] = []
            frames = merge(*(_told_apart(file, *known[file.name]) for file in files), key=_moment)
            for one in frames:
                lines += one.lines
                places[one.name] = one.frame.end, one.frame.order + 1
                if len(lines) >= LINES_AT_ONCE:
                    break
            if lines:
                audit_log.append(connection, lines, signer)
            for name, (place, order) in places.items():
                if (place, order) != known[name]:
                    _note(connection, name, place, order)
        self._seen.update(places)
        return len(lines)

    def _retire(self, file: JournalFile, writing: Writing, signer: Signer) -> int:
        """Give up a file that nobody writes to; keep it where frames hold beyond one that does not.

        Those are taken over all the same: what can be read is not lost with what cannot.
        """
        with writing() as connection:
            place, order = _taken(connection, file.name)
        count, is_damaged = 0, False
        while (frame := file.frame_beyond(place, order)) is not None:
            is_damaged = True
            lines = [read_back(line) for line in frame.lines]
            place, order = frame.end, frame.order + 1
            with writing() as connection:
                audit_log.append(connection, lines, signer)
                _note(connection, file.name, place, order)
            count += len(lines)
        if is_damaged:
            file.path.rename(file.path.with_suffix(DAMAGED))
        else:
            file.retire()
        # Only now: a file that is still there under its name must still be known.
        with writing() as connection:
            connection.execute(delete(TAKEN).where(TAKEN.c.name == file.name))
        self._seen.pop(file.name, None)
        return count


class _Told(NamedTuple):
    """A frame of a journal, and its lines as entries."""

    name: str
    frame: Frame
    lines: list[Written]


def _told_apart(file: JournalFile, place: int, order: int) -> Iterator[_Told]:
    for frame in file.frames(place, order):
        yield _Told(file.name, frame, [read_back(line) for line in frame.lines])


def _moment(told: _Told) -> datetime:
    return told.lines[0].entry.at


def _taken(connection: Connection, name: str) -> tuple[int, int]:
    row = connection.execute(select(TAKEN.c.place, TAKEN.c.frames).where(TAKEN.c.name == name)).first()
    return FIRST if row is None else (row.place, row.frames)


def _note(connection: Connection, name: str, place: int, order: int) -> None:
    moved = connection.execute(update(TAKEN).where(TAKEN.c.name == name).values(place=place, frames=order))
    if moved.rowcount != 1:
        connection.execute(insert(TAKEN).values(name=name, place=place, frames=order))


@contextmanager
def _exclusive(directory: Path) -> Generator[None, None, None]:
    handle = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
