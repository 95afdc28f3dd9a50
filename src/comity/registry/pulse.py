"""The pulse: a few mapped numbers that tell every process of a node at once that something was written.

    a writer has begun -> its transaction -> it has ended: `begun` and `ended` move; every process sees it in memory

Reading it costs a fraction of a microsecond, asking the database for its position a thousand times that. A writer
says that it has begun while it holds the database's own lock, and that it has ended before its caller hears of
it: whoever reads the pulse after a receipt was given reads a number that it has not seen. A writer that died
between leaves `begun` ahead of `ended`; whoever sees that asks the database, until another writer has ended.
"""

import fcntl
import mmap
import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

_BYTES: Final = 64
_BEGUN, _ENDED, _ACCESS = range(3)


class Beat(NamedTuple):
    """How many writers have begun and ended, and how many of those may have changed who may do what."""

    begun: int
    ended: int
    access: int


@dataclass(frozen=True, slots=True)
class Pulse:
    """The pulse of one node, mapped from its file and shared by every process on this machine."""

    _handle: int
    _numbers: memoryview
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> Beat:
        """Return the numbers as they are now."""
        numbers = self._numbers
        return Beat(numbers[_BEGUN], numbers[_ENDED], numbers[_ACCESS])

    def begin(self) -> int:
        """Tell that a writer has begun, who holds the database's lock; return its number, for the end."""
        with self._alone():
            number = self._numbers[_BEGUN] + 1
            self._numbers[_BEGUN] = number
        return number

    def end(self, number: int) -> None:
        """Tell that a writer of records alone has ended, whether it wrote anything or not."""
        with self._alone():
            self._numbers[_ENDED] = max(number, self._numbers[_ENDED])

    def end_access(self, number: int) -> None:
        """Tell that a writer has ended who may have changed accounts, keys or bureaus."""
        with self._alone():
            self._numbers[_ACCESS] += 1
            self._numbers[_ENDED] = max(number, self._numbers[_ENDED])

    @contextmanager
    def _alone(self) -> Generator[None, None, None]:
        """Hold the numbers against other writers, in this process and others; a dead process holds nothing."""
        with self._lock:
            fcntl.flock(self._handle, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._handle, fcntl.LOCK_UN)


def open_pulse(path: Path) -> Pulse:
    """Return the pulse whose numbers this file holds; it is made where there is none."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if os.fstat(handle).st_size < _BYTES:
        os.ftruncate(handle, _BYTES)
    return Pulse(handle, memoryview(mmap.mmap(handle, _BYTES)).cast("Q"))
