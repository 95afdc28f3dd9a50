r"""The journal: audit lines made durable by one append and one flush, before the log takes them over.

    lines -> one frame -> appended, flushed -> answered;  soon after: frame by frame -> the log -> file used again

Each process that serves writes a file of its own, so that none waits for another. A frame is sealed with the
node's key over the file's identifier, its place in the order and its lines: what was cut short by a crash, left
over from an earlier use of the file, altered or moved does not hold. A frame that does not hold is the end of
the file, unless a later one holds: then lines are missing that were answered for, and the file is kept as
damaged.

    file   = header (64 bytes: magic, identifier, seal), frames
    frame  = magic, bytes of the body, place in the order, seal (16 bytes); body: lines, each ended by \\n
    frames begin at multiples of 64 bytes
"""

import fcntl
import os
import secrets
import struct
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from errno import ENOSPC
from hashlib import blake2b
from hmac import compare_digest
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from comity.errors import DamagedError, FullError, OverloadedError

FILE_BYTES: Final = 16 * 2**20
"""A file is closed once it is larger, and used again once the log has taken it over."""

FILES_MAX: Final = 128
"""Files that wait to be taken over; with more, nothing is logged and so nothing is answered."""

SPARES_MAX: Final = 4
FRAME_BYTES_MAX: Final = 32 * 2**20
RETRY_AFTER_S: Final = 2
LIVE, SPARE, DAMAGED = ".journal", ".spare", ".damaged"

_FRAME_BYTES_USUAL: Final = 8 * 2**20
_ALIGNED: Final = 64
_FILE_MAGIC: Final = b"comity journal 1"
_FRAME_MAGIC: Final = b"CJF2"
_OLDER_MAGIC: Final = b"CJF1"
"""Of frames that an earlier release wrote; they are still read."""
_ANY_MAGIC: Final = b"CJF"
_HEADER: Final = struct.Struct("<16s16s16s16x")
_FRAME: Final = struct.Struct("<4sIQ16s")
_ORDER: Final = struct.Struct("<Q4x")


class Frame(NamedTuple):
    """Lines that became durable together: where the frame ends, its place in the order, its body."""

    end: int
    order: int
    body: bytes

    @property
    def lines(self) -> list[bytes]:
        """The lines, as they were handed in."""
        return self.body.split(b"\n")[:-1]


class _Seals:
    """Makes and tests the seals of the frames of one file, with a key of that file's own.

    AES-GCM over nothing, the frame being what is authenticated beside it (GMAC, NIST SP 800-38D), with the frame's
    place in the order as nonce: no place in a file is sealed twice, and no two files have one identifier.
    """

    def __init__(self, key: bytes, identifier: bytes) -> None:
        self._key, self._identifier = key, identifier
        own = blake2b(b"journal frames", digest_size=32, key=key, salt=identifier).digest()
        self._cipher = AESGCM(own)

    def seal(self, order: int, body: bytes) -> bytes:
        """Return the seal of a frame."""
        return self._cipher.encrypt(_ORDER.pack(order), b"", body)

    def holds(self, magic: bytes, order: int, body: bytes, seal: bytes) -> bool:
        """Return whether a frame of either form is as it was sealed."""
        if magic == _FRAME_MAGIC:
            return compare_digest(seal, self.seal(order, body))
        return magic == _OLDER_MAGIC and compare_digest(seal, self._older(order, body))

    def _older(self, order: int, body: bytes) -> bytes:
        head = struct.pack("<QQ", order, len(body))
        sealed = blake2b(head, digest_size=16, key=self._key, salt=self._identifier)
        sealed.update(body)
        return sealed.digest()


def _after(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


class JournalWriter:
    """Appends frames to a file of its own. One thread at a time. Holds the file's lock while it lives."""

    def __init__(self, directory: Path, key: bytes) -> None:
        self._directory, self._key = directory, key
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle, self._path = -1, directory
        self._seals, self._place, self._order = _Seals(key, b""), 0, 0

    def has_room(self) -> bool:
        """Return whether the next line goes to the file that is open; to begin another takes many times as long."""
        return self._handle >= 0 and self._place < FILE_BYTES

    def append(self, lines: Sequence[bytes]) -> None:
        """Return once these lines are durable. One that holds line ends is several; it may end with one.

        Raises `FullError` where the disk takes no more, and `OverloadedError` where too much waits to be taken
        over; then none of the lines counts.
        """
        start, size = 0, 0
        for place, line in enumerate(lines):
            size += len(line) + 1
            if size >= _FRAME_BYTES_USUAL or place == len(lines) - 1:
                some = lines[start : place + 1]
                # The lines of a batch come as one, and are not copied here.
                self.append_body(b"".join([one if one.endswith(b"\n") else one + b"\n" for one in some]))
                start, size = place + 1, 0

    def append_body(self, body: bytes) -> None:
        """Return once these lines, each ended by a line end, are durable; raises as `append`."""
        assert 0 < len(body) <= FRAME_BYTES_MAX, "a frame has lines, and not too many"
        try:
            if not self.has_room():
                self._open_next()
            seal = self._seals.seal(self._order, body)
            self._write(_FRAME.pack(_FRAME_MAGIC, len(body), self._order, seal), body)
        except BaseException as error:
            # Whether anything of it lies on the disk is not known: this file is not written to any more, and no
            # other frame gets this one's place.
            self.close()
            if not isinstance(error, OSError):
                raise
            raise (FullError() if error.errno == ENOSPC else OverloadedError(RETRY_AFTER_S)) from None

    def _write(self, head: bytes, body: bytes) -> None:
        whole = len(head) + len(body)
        written = os.pwritev(self._handle, (head, body), self._place)
        while written < whole:
            rest = memoryview(head + body)[written:]
            written += os.pwrite(self._handle, rest, self._place + written)
        os.fdatasync(self._handle)
        self._place, self._order = _after(self._place + whole), self._order + 1

    def _open_next(self) -> None:
        self.close()
        if len(list(self._directory.glob(f"*{LIVE}"))) >= FILES_MAX:
            raise OverloadedError(RETRY_AFTER_S)
        identifier = secrets.token_bytes(16)
        path = self._directory / f"{identifier.hex()}{LIVE}"
        handle = self._claimed_spare(path)
        try:
            os.pwrite(handle, _header(self._key, identifier), 0)
            os.fsync(handle)
            _sync_directory(self._directory)
        except OSError:
            os.close(handle)
            path.unlink(missing_ok=True)
            raise
        self._handle, self._path = handle, path
        self._seals, self._place, self._order = _Seals(self._key, identifier), _HEADER.size, 0

    def _claimed_spare(self, path: Path) -> int:
        """Return an open, locked file at this path: one that was used before, or a new one of full size."""
        for spare in self._directory.glob(f"*{SPARE}"):
            with suppress(FileNotFoundError):  # another process was faster
                mine = spare.with_suffix(f".{os.getpid()}.new")
                spare.rename(mine)
                return _locked(mine, path)
        fresh = path.with_suffix(".new")
        handle = os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            # Written to the end beforehand: a flush then has no new size to write, which takes longer.
            for _ in range(FILE_BYTES // 2**20):
                os.write(handle, bytes(2**20))
            os.fsync(handle)
        except OSError:
            os.close(handle)
            fresh.unlink(missing_ok=True)
            raise
        os.close(handle)
        return _locked(fresh, path)

    def close(self) -> None:
        """Let the file go; the next line begins another."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _locked(made: Path, path: Path) -> int:
    """Return the file, open and locked, under its name at last: nobody finds it there unlocked."""
    handle = os.open(made, os.O_RDWR)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    made.rename(path)
    return handle


def _header(key: bytes, identifier: bytes) -> bytes:
    seal = blake2b(_FILE_MAGIC + identifier, digest_size=16, key=key).digest()
    return _HEADER.pack(_FILE_MAGIC, identifier, seal)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True, slots=True)
class JournalFile:
    """A journal file as its reader sees it."""

    path: Path
    key: bytes

    @property
    def name(self) -> str:
        """The file's identifier, as the registry keeps it."""
        return self.path.stem

    def frames(self, place: int, order: int) -> Iterator[Frame]:
        """Yield the frames from this place on, the first of which has this order; see `FIRST`."""
        with self.path.open("rb") as file:
            identifier = self._identifier()
            if file.read(_HEADER.size) != _header(self.key, identifier):
                return
            seals = _Seals(self.key, identifier)
            while (frame := _frame(seals, file.fileno(), place, order)) is not None and frame.order == order:
                yield frame
                place, order = frame.end, order + 1

    def _identifier(self) -> bytes:
        try:
            return bytes.fromhex(self.name)
        except ValueError:
            raise DamagedError(what="journal") from None

    def frame_beyond(self, place: int, order: int) -> Frame | None:
        """Return the next frame that holds, after one that does not; None where there is none."""
        with self.path.open("rb") as file:
            file.seek(place)
            rest, at, seals = file.read(), 0, _Seals(self.key, self._identifier())
            while (at := rest.find(_ANY_MAGIC, at)) >= 0:
                if (frame := _frame(seals, file.fileno(), place + at, order)) is not None:
                    return frame
                at += 1
        return None

    def is_written_to(self) -> bool:
        """Return whether a process that lives holds the file."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(handle)
        return False

    def retire(self) -> None:
        """Give the file up for another use, or delete it where enough of them wait for one."""
        if len(list(self.path.parent.glob(f"*{SPARE}"))) >= SPARES_MAX:
            self.path.unlink(missing_ok=True)
        else:
            self.path.rename(self.path.with_suffix(SPARE))


def _frame(seals: _Seals, handle: int, place: int, order: int) -> Frame | None:
    """Return the frame at a place of a file; None where none that holds has this order or a later one."""
    head = os.pread(handle, _FRAME.size, place)
    if len(head) < _FRAME.size:
        return None
    magic, length, stated, seal = _FRAME.unpack(head)
    if not magic.startswith(_ANY_MAGIC) or stated < order or length > FRAME_BYTES_MAX:
        return None
    body = os.pread(handle, length, place + _FRAME.size)
    if len(body) != length or not seals.holds(magic, stated, body, seal):
        return None
    return Frame(_after(place + _FRAME.size + length), stated, body)


FIRST: Final = (_HEADER.size, 0)
"""Where the first frame begins, and its order."""


def journal_files(directory: Path, key: bytes) -> list[JournalFile]:
    """Return the files that may hold lines which the log has not taken over, in order of their names."""
    return [JournalFile(path, key) for path in sorted(directory.glob(f"*{LIVE}"))]


def damaged_journals(directory: Path) -> list[str]:
    """Return the names of the files that were kept because lines in them cannot be read."""
    return sorted(path.name for path in directory.glob(f"*{DAMAGED}"))
