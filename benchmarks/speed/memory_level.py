"""Is the memory of each process of a served node level, after so many checks? Its work alone, as fast as it goes.

    python benchmarks/speed/memory_level.py {searcher,behind} [--checks 400000] [--new 0.8] [--dir DIR]

searcher: checks by name, most of people never asked for -> messages -> weighed -> a line a step
behind:   lines of checks, documents and persons -> taken over, indexed | begin to wait, are counted -> a line a step

A line says what a process holds in memory of its own, in MB, and of that what SQLite holds and what of the
allocator's heap is free; what is mapped from files and shared, which is not its own; microseconds of processor time
a check; and the longest that the collector of garbage took at once, in milliseconds of processor time.
"""

import argparse
import ctypes
import gc
import os
import random
import select
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from filled_node import ASK, OTHER_SEED, fill, new_node, officer_of, queries
from invented import Inventor

from comity.access.acts import Act
from comity.access.people import Officer
from comity.api.elsewhere import Job
from comity.api.guard import log_unexpected
from comity.api.searchers import Channels, job_message, new_pair, search
from comity.app import Node, open_node
from comity.audit.entries import encode
from comity.cli.ticking import let_arrays_go
from comity.procedures.clockwork import tick
from comity.procedures.daily import turn
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.glancing import glance_at, prepare
from comity.procedures.keeper import SAVE_AT
from comity.procedures.submit import submit
from comity.procedures.waiting_checks import gather_checks
from comity.procedures.warming import warm_up
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry.journal import JournalWriter

STEPS = 20
RECORDS = 10_000
HELD_SHARE = 0.001
KNOWN_COUNT = 20_000
FRAME_LINES = 32
ROUND_LINES = 4000
WRITES_SHARE = 0.001
DRAWN_TOGETHER = 1000
SENT_TOGETHER = 200
REPLY_BYTES_MAX = 1 << 18
Columns = tuple[str, ...]
SHOWN: Columns = ("own", "sqlite", "free", "file", "shared", "us", "gc ms")


class _Heap(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_size_t)
        for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usm", "fsm", "used", "free", "top")
    ]


def memory_mb() -> list[float]:
    """Return what this process holds, as `SHOWN` names it."""
    rollup = Path("/proc/self/smaps_rollup").read_text("ascii")
    status = Path("/proc/self/status").read_text("ascii")
    library, sqlite = ctypes.CDLL(None), ctypes.CDLL("libsqlite3.so.0")
    library.mallinfo2.restype = _Heap
    sqlite.sqlite3_memory_used.restype = ctypes.c_int64
    return [
        _kilobytes(rollup, "Anonymous") / 1024,
        sqlite.sqlite3_memory_used() / 2**20,
        library.mallinfo2().free / 2**20,
        _kilobytes(status, "RssFile") / 1024,
        _kilobytes(status, "RssShmem") / 1024,
    ]


def _kilobytes(text: str, name: str) -> int:
    return int(text.split(f"{name}:")[1].split(maxsplit=1)[0])


def strangers() -> Iterator[dict[str, Json]]:
    """Yield checks of persons whom nobody has entered, without end."""
    inventor = Inventor(OTHER_SEED)
    while True:
        for row in inventor.rows(DRAWN_TOGETHER, "person"):
            yield {"kind": "person", **ASK["person"](row)}


def people(share_new: float) -> Iterator[bytes]:
    """Yield checks by name: most of persons nobody asked for before, some known, few held."""
    chance, asked = random.Random(3), strangers()
    held = [msgspec.json.encode(one) for one in queries(2000, RECORDS)["person"][1::2]]
    known = [msgspec.json.encode(next(asked)) for _ in range(KNOWN_COUNT)]
    while True:
        if chance.random() < HELD_SHARE:
            yield chance.choice(held)
        else:
            yield msgspec.json.encode(next(asked)) if chance.random() < share_new else chance.choice(known)


def as_searcher(node: Node, share_new: float) -> Callable[[int], None]:
    """Return what weighs so many checks by name, each a message of a worker."""
    officer, asked = officer_of(node), people(share_new)
    node.desk.registry.begin_journal()
    channels = Channels(new_pair(), [new_pair()])
    come = select.poll()
    come.register(channels.jobs.receiving, select.POLLIN)

    def work(count: int) -> None:
        for _ in range(0, count, SENT_TOGETHER):
            for number in range(SENT_TOGETHER):
                channels.jobs.sending.send(
                    job_message(0, number, Job([next(asked)], officer, Purpose.BORDER))
                )
            search(channels, node.desk, lambda: not come.poll(0), log_unexpected)
            while select.select([channels.replies[0].receiving], [], [], 0)[0]:
                channels.replies[0].receiving.recv(REPLY_BYTES_MAX)

    return work


def as_keeper(node: Node, share_of_persons: float) -> Callable[[int], None]:
    """Return what makes so many lines durable, as workers do, and takes them over, as the keeper does."""
    officer, asked, chance = officer_of(node), strangers(), random.Random(4)
    journals = node.desk.registry._journals  # noqa: SLF001  # beside the workers, as one more of them
    assert journals is not None
    journal = JournalWriter(journals.directory, journals.key)

    def work(count: int) -> None:
        for _ in range(0, count, ROUND_LINES):
            persons = round(ROUND_LINES * share_of_persons)
            lines = list(_documents(officer, chance, ROUND_LINES - persons, node))
            lines += [_person(officer, next(asked), node) for _ in range(persons)]
            chance.shuffle(lines)
            for start in range(0, len(lines), FRAME_LINES):
                journal.append(lines[start : start + FRAME_LINES])
            for _ in range(round(ROUND_LINES * WRITES_SHARE)):
                _enter(officer, chance, node)
            while node.desk.registry.settle():
                pass
            node.desk.follower.catch_up()
            if node.desk.index.delta_count >= SAVE_AT:
                node.desk.index.save()

    return work


def _documents(officer: Officer, chance: random.Random, count: int, node: Node) -> Iterator[bytes]:
    form = b'{"id":"%d","kind":"travel_document","type":"P","issuer":"EGY","number":"Z%010d"}'
    numbers = [chance.randrange(10**10) for _ in range(count)]
    for start in range(0, count, FRAME_LINES):
        asked = b"\n".join(form % (one, one) for one in numbers[start : start + FRAME_LINES])
        yield from glance_at(asked, officer, Purpose.BORDER, node.desk).entries.splitlines()


def _person(officer: Officer, query: dict[str, Json], node: Node) -> bytes:
    at = node.desk.clock()
    return encode(
        entry_of(
            officer, Act.CHECK, at, "no_hit", purpose=Purpose.BORDER, kind="person", query=asked_terms(query)
        )
    )


def _enter(officer: Officer, chance: random.Random, node: Node) -> None:
    number = f"W{chance.randrange(10**9):09}"
    record: dict[str, Json] = {"kind": "travel_document", "source_id": number.lower(), "type": "P"}
    submit({**record, "issuer": "EGY", "number": number}, officer, node.desk)


def as_clock(node: Node) -> Callable[[int], None]:
    """Return what does all that a node's clock has to do."""
    let_arrays_go()

    def work(_count: int) -> None:
        tick(node.desk, None)
        turn(node.desk)
        while gather_checks(node.desk):
            pass

    return work


class Apart:
    """A process of its own with the node open: does a piece of its work when it is told to, says what it holds."""

    def __init__(self, directory: Path, role: Callable[[Node], Callable[[int], None]]) -> None:
        self._ours, theirs = Pipe()
        self.process = os.fork()
        if not self.process:
            _be(theirs, directory, role)

    def step(self, count: int) -> list[float]:
        """Do so much of the work; return the columns that are shown."""
        self._ours.send(count)
        shown: list[float] = self._ours.recv()
        return shown

    def end(self) -> None:
        """Let it go."""
        self._ours.send(-1)
        os.waitpid(self.process, 0)


class Pauses:
    """How long the collector of garbage takes at once."""

    def __init__(self) -> None:
        self._begun = self._longest = 0.0
        gc.callbacks.append(self._note)

    def _note(self, phase: str, _about: dict[str, int]) -> None:
        now = time.process_time()
        if phase == "start":
            self._begun = now
        else:
            self._longest = max(self._longest, now - self._begun)

    def longest_ms(self) -> float:
        """Return the longest since this was asked last."""
        longest, self._longest = self._longest, 0.0
        return longest * 1000


def _be(told: Connection, directory: Path, role: Callable[[Node], Callable[[int], None]]) -> None:
    with open_node(directory) as node:
        node.desk.follower.catch_up()
        work, pauses = role(node), Pauses()
        while (count := told.recv()) >= 0:
            begun = time.process_time()
            if count:
                work(count)
            spent_us = (time.process_time() - begun) / max(1, count) * 1e6
            told.send([*memory_mb(), spent_us, pauses.longest_ms()])
    sys.stdout.flush()
    os._exit(0)


def main() -> None:
    """Print a line a step."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("role", choices=["searcher", "behind"])
    options.add_argument("--checks", type=int, default=400_000)
    options.add_argument(
        "--new", type=float, default=0.8, help="the share of persons nobody asked for before"
    )
    options.add_argument("--persons", type=float, default=0.08, help="the share of checks by name, behind")
    options.add_argument(
        "--dir", type=Path, help="where the node is made, with room for half a kilobyte a check"
    )
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.dir) as home:
        directory = Path(home) / "node"
        with new_node(directory) as node:
            fill(node, Path(home), RECORDS)
            tick(node.desk, None)
            prepare(node.desk)
        roles: dict[str, Callable[[Node], Callable[[int], None]]]
        if chosen.role == "searcher":
            warm_up()
            roles = {"searcher": lambda node: as_searcher(node, chosen.new)}
        else:
            roles = {"keeper": lambda node: as_keeper(node, chosen.persons), "clock": as_clock}
        gc.collect()
        gc.freeze()
        apart = {name: Apart(directory, role) for name, role in roles.items()}
        print(f"{'checks':>10} {'':10}", *(f"{name:>7}" for name in SHOWN))
        each = chosen.checks // STEPS
        for step in range(STEPS + 1):
            for name, one in apart.items():
                shown = one.step(each if step else 0)
                print(f"{step * each:>10,} {name:10}", *(f"{value:>7.1f}" for value in shown), flush=True)
        for one in apart.values():
            one.end()


if __name__ == "__main__":
    main()
