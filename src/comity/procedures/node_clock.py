"""What time is it? The machine's clock, held against what the node knows: its last moment, and the time since.

    last known moment + time that passed = expected; the machine's clock beside it -> followed, or not

Nobody can tell a clock that jumped from a machine that was switched off. So what the clock went ahead while nothing
counted the time is *unproven*. It is believed up to 31 days in all; each day on which the clock is seen to go evenly
proves seven. Until at most a day is left unproven, nothing is done that cannot be undone: no record is suspended or
purged, no notice expires. A clock farther ahead, or behind what was written, is not followed at all until whoever runs
the node says that it is right: the node's own time goes on evenly from its last known moment.

What is known lies in a file of the node's directory, in one line: a clock is a machine's own. Every process judges by
it and comes to the same; the clock process keeps it. Killed anywhere, the node goes on from what was written last.
"""

import fcntl
import os
import threading
import time
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from comity.records.fieldtype import Json

AHEAD_MAX: Final = timedelta(days=31)
"""So much that nothing has proven is believed: a node may be switched off for weeks."""

RESTORED_UNPROVEN: Final = timedelta(days=24)
"""So much is unproven where a node was restored of an old backup: it may be switched off for a week after that."""

UNPROVEN_MAX: Final = timedelta(days=1)
"""With no more than that unproven, what cannot be undone is done: longer than a night, or a change of the hour."""

BEHIND_MAX: Final = timedelta(minutes=5)
"""A clock that is set back by no more is waited for."""

PROVEN_PER_EVEN: Final = 7
"""So many seconds are proven by one in which the clock goes evenly: a node that rests six days of seven works."""

ONE_LOOK_MAX: Final = timedelta(days=1)
"""No more than this is counted as even between two looks: a clock that nobody looked at proves little."""

KEPT_EVERY_S: Final = 60.0
_LOOKED_EVERY_S: Final = 1.0
_NOTICED_S: Final = 1.0
"""While the two clocks have not come apart by a second since they were last judged, nothing is judged anew."""

_LINE_BYTES: Final = 512
_NOTHING: Final = timedelta()
_BOOT_CLOCK: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
"""Counts while a machine sleeps, where there is such a clock."""


class Standing(StrEnum):
    """How the machine's clock stands: `proven`, `unproven`, `ahead` or `behind`; the last two are not followed."""

    PROVEN = "proven"
    UNPROVEN = "unproven"
    AHEAD = "ahead"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the machine says: its clock, and for how long it has run since it was started as `boot`."""

    wall: datetime
    boot: str
    since_boot_s: float


class Mark(msgspec.Struct, frozen=True):
    """The last known moment, when in the machine's run it was, how many seconds of it are unproven.

    `is_waiting` where the clock was set back a little, and is waited for.
    """

    at: datetime
    boot: str
    since_boot_s: float
    unproven_s: float = 0.0
    standing: Standing = Standing.PROVEN
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """The node's moment, the machine's, and the mark that this leaves."""

    at: datetime
    wall: datetime
    mark: Mark

    @property
    def standing(self) -> Standing:
        """How the machine's clock stands."""
        return self.mark.standing

    @property
    def is_followed(self) -> bool:
        """Whether the node goes by the machine's clock."""
        return self.standing not in {Standing.AHEAD, Standing.BEHIND}

    @property
    def proven_in(self) -> timedelta:
        """For how long the clock has to go evenly until all may be done again; nothing where it may now."""
        left = timedelta(seconds=self.mark.unproven_s) - UNPROVEN_MAX
        return max(_NOTHING, left / PROVEN_PER_EVEN)

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "clock": self.standing.value,
            "node_time": self.at.isoformat(timespec="seconds"),
            "machine_time": self.wall.isoformat(timespec="seconds"),
            "proven_in_h": round(self.proven_in / timedelta(hours=1), 1) if self.is_followed else None,
        }


def judge(mark: Mark, reading: Reading) -> Judged:
    """Return what time it is for the node, by what it knew before and what the machine says now."""
    passed_s = _passed_s(mark, reading)
    expected = mark.at + timedelta(seconds=passed_s)
    gap_s = (reading.wall - expected).total_seconds()
    if gap_s < -BEHIND_MAX.total_seconds():
        return _held(reading, expected, mark.unproven_s, Standing.BEHIND)
    left_s = max(0.0, mark.unproven_s - PROVEN_PER_EVEN * min(passed_s, ONE_LOOK_MAX.total_seconds()))
    unproven_s = left_s + max(0.0, gap_s)
    if unproven_s > AHEAD_MAX.total_seconds():
        return _held(reading, expected, left_s, Standing.AHEAD)
    standing = Standing.UNPROVEN if unproven_s > UNPROVEN_MAX.total_seconds() else Standing.PROVEN
    at = reading.wall
    if gap_s < -_NOTICED_S:
        # Set back a little: the node's time stands still until the clock has come there again.
        at = max(at, mark.at if mark.is_waiting else expected)
    left = Mark(at, reading.boot, reading.since_boot_s, unproven_s, standing, at > reading.wall)
    return Judged(at, reading.wall, left)


def _held(reading: Reading, at: datetime, unproven_s: float, standing: Standing) -> Judged:
    return Judged(at, reading.wall, Mark(at, reading.boot, reading.since_boot_s, unproven_s, standing))


def _passed_s(mark: Mark, reading: Reading) -> float:
    """Return for how long the machine has run since the mark; 0 where it was started anew since."""
    return max(0.0, reading.since_boot_s - mark.since_boot_s) if mark.boot == reading.boot else 0.0


def confirmed(reading: Reading) -> Judged:
    """Return how a clock stands that somebody has said to be right."""
    return Judged(reading.wall, reading.wall, Mark(reading.wall, reading.boot, reading.since_boot_s))


def says_more(before: Mark, after: Mark) -> bool:
    """Return whether a mark is to be written: the clock stands otherwise or has jumped, or a minute has passed."""
    passed_s = after.since_boot_s - before.since_boot_s
    jumped_s = (after.at - before.at).total_seconds() - passed_s
    return (
        (before.boot, before.standing, before.is_waiting) != (after.boot, after.standing, after.is_waiting)
        or not 0 <= passed_s < KEPT_EVERY_S
        or (abs(jumped_s) > _NOTICED_S and not after.is_waiting)
    )


def this_machine() -> Callable[[], Reading]:
    """Return what reads this machine's clock; `boot` is the kernel's own name for this run, where it has one."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        boot = uuid.uuid4().hex

    def read() -> Reading:
        return Reading(datetime.now(UTC), boot, time.clock_gettime(_BOOT_CLOCK))

    return read


class NodeClock:
    """The clock of one node on this machine: called, it tells the node's moment, always in UTC.

    `last_written` is the moment of the last line of the log: what a node knows that has no mark yet, or lost it.
    """

    def __init__(
        self, file: Path, last_written: datetime | None, read: Callable[[], Reading] | None = None
    ) -> None:
        self._file, self._is_machine = file, read is None
        self._read = read or this_machine()
        self._lock = threading.Lock()
        self._apart_s: float | None = None
        self._judged = self._begin(last_written)

    def __call__(self) -> datetime:
        """Return the node's moment."""
        apart_s = self._apart_s
        if apart_s is not None and self._is_machine:
            wall_s = time.time()
            if abs(wall_s - time.clock_gettime(_BOOT_CLOCK) - apart_s) < _NOTICED_S:
                return datetime.fromtimestamp(wall_s, UTC)
        last, reading = self._judged, self._read()
        if 0 <= _passed_s(last.mark, reading) < _LOOKED_EVERY_S and last.mark.boot == reading.boot:
            judged = judge(last.mark, reading)
            if judged.standing is last.standing and not judged.is_followed:
                return judged.at
        return self.look().at

    @property
    def is_proven(self) -> bool:
        """Whether what cannot be undone may be done now."""
        return self.look().standing is Standing.PROVEN

    def look(self) -> Judged:
        """Return how the clock stands now, by what every process knows; what that leaves known is written down."""
        reading = self._read()
        with self._lock, _alone(self._file) as handle:
            before = _read_mark(handle) or self._judged.mark
            judged = judge(before, reading)
            if says_more(before, judged.mark):
                _write_mark(handle, judged.mark)
            return self._taken(judged)

    def confirm(self) -> Judged:
        """Take the machine's clock as right from now on; durable when it returns."""
        return self._put(confirmed(self._read()))

    def restored(self) -> Judged:
        """Go by the machine's clock where a node was restored of an old backup, with weeks of it unproven."""
        judged, reading = self.look(), self._read()
        if judged.standing is not Standing.AHEAD:
            return judged
        mark = Mark(reading.wall, reading.boot, reading.since_boot_s, RESTORED_UNPROVEN.total_seconds())
        return self._put(judge(mark, reading))

    def _put(self, judged: Judged) -> Judged:
        with self._lock, _alone(self._file) as handle:
            _write_mark(handle, judged.mark)
            return self._taken(judged)

    def _begin(self, last_written: datetime | None) -> Judged:
        """Go on from where the node's time was. Where the machine was started anew, the last line may be later."""
        reading = self._read()
        with _alone(self._file) as handle:
            mark = _read_mark(handle) or Mark(last_written or reading.wall, "", 0.0)
            late = _NOTHING if last_written is None else last_written - mark.at
            if last_written is not None and mark.boot != reading.boot and _NOTHING < late <= BEHIND_MAX:
                mark = msgspec.structs.replace(mark, at=last_written)
            judged = judge(mark, reading)
            if says_more(mark, judged.mark):
                _write_mark(handle, judged.mark)
        return self._taken(judged)

    def _taken(self, judged: Judged) -> Judged:
        is_even = judged.is_followed and judged.at == judged.wall
        self._apart_s = judged.wall.timestamp() - judged.mark.since_boot_s if is_even else None
        self._judged = judged
        return judged


@contextmanager
def _alone(file: Path) -> Generator[int, None, None]:
    """Open the file of the mark, which is made where there is none, and hold it against other processes."""
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _read_mark(handle: int) -> Mark | None:
    """Return the mark that is written, or None where there is none that can be read."""
    try:
        return msgspec.json.decode(os.pread(handle, _LINE_BYTES, 0), type=Mark)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _write_mark(handle: int, mark: Mark) -> None:
    """Write the mark over the one before: one write of one block, so that no process dies in the middle of it."""
    line = msgspec.json.encode(mark).ljust(_LINE_BYTES - 1) + b"\n"
    os.pwrite(handle, line, 0)
    os.fdatasync(handle)
