"""A load in bulk, killed with signal 9 at instants of its work and gone on with: nothing stored is lost (law 3)."""

import json
import shutil
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from processes import finished, instants, killed_once, seeded, started
from test_killed import everything_held, import_words
from tests.copies import copy_node

from comity.app import open_node
from comity.procedures import upkeep
from comity.procedures.bulk_list import FIRST_ROWS

pytestmark = pytest.mark.slow

KILLS = 6
# Two transactions of a load: its first is of so many rows, the other of all the rest.
LIST_ROWS = 16_000

Held = list[tuple[object, ...]]


@dataclass
class Loaded:
    """What loads that were killed left, beside one that never was."""

    expected: Held
    left: list[Held] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    lost: set[tuple[object, ...]] = field(default_factory=set)
    at_work: int = 0
    left_a_part: int = 0


def list_to_load(directory: Path) -> Path:
    """Write a list of documents; every fiftieth states what is not packed, every thousandth is refused."""
    file = directory / "list.jsonl"
    rows = [
        {
            "kind": "travel_document",
            "source_id": f"D{number}",
            "type": "P",
            "issuer": "KEN",
            "number": "***" if number % 1000 == 0 else f"K{number:07d}",
        }
        | ({"share": "owner"} if number % 50 == 1 else {})
        for number in range(LIST_ROWS)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Loads in bulk, each killed twice, on nodes that are alike, and then ended."""
    directory = tmp_path_factory.mktemp("bulk")
    copy_node(directory / "empty")
    file, output = list_to_load(directory), directory / "output"
    twin = shutil.copytree(directory / "empty", directory / "twin")
    storing_s = time_of_storing(file, twin, output)
    loaded = Loaded(everything_held(twin, 2 * LIST_ROWS))
    moments = instants(KILLS, storing_s, seeded("bulk"))
    for place in range(0, KILLS, 2):
        node = shutil.copytree(directory / "empty", directory / f"node{place}")
        before: Held = []
        # Once after its first transaction, when the second is likely to be under way, and once as it goes on. The
        # first of all at once: however a busy machine's time was measured, that leaves a part.
        shares = (1 / 3 if place else 0, 1)
        for instant, rows, share in zip(moments[place : place + 2], (FIRST_ROWS, 0), shares, strict=True):
            process = started(load_words(file, node), output)
            loaded.at_work += killed_once(process, partial(has_done, node, rows), share * instant)
            before = examined(node, before, loaded)
            loaded.left_a_part += 0 < len(before) < len(loaded.expected)
        assert finished(load_words(file, node), output) == 0
        loaded.left.append(examined(node, before, loaded))
    return loaded


def rows_done(node: Path) -> int:
    """Return how many rows the load says are done, -1 where it has not begun."""
    with closing(
        sqlite3.connect(f"file:{node / 'registry.sqlite'}?mode=ro", uri=True, timeout=5)
    ) as connection:
        found = connection.execute("SELECT rows_done FROM imports").fetchone()
    return -1 if found is None else int(found[0])


def has_done(node: Path, rows: int) -> bool:
    """Return whether a load has begun, and so many rows are done."""
    return rows_done(node) >= rows


def time_of_storing(file: Path, node: Path, output: Path) -> float:
    """Load a list on a node; return the seconds from its first sign of work to its last row."""
    process = started(load_words(file, node), output)
    begun = ended = 0.0
    while process.is_alive() and not ended:
        rows, now = rows_done(node), time.monotonic()
        begun = begun or (now if rows >= 0 else 0.0)
        ended = now if rows >= LIST_ROWS else 0.0
        time.sleep(0.002)
    process.join(300)
    assert process.exitcode == 0
    return (ended or time.monotonic()) - begun


def load_words(file: Path, node: Path) -> list[str]:
    return [*import_words(file, node), "--bulk"]


def examined(node: Path, before: Held, loaded: Loaded) -> Held:
    """Examine a node; return what it holds, having noted what it held before and does not now."""
    with open_node(node) as opened:
        loaded.findings += upkeep.examine(opened.desk)
    held = everything_held(node, 2 * LIST_ROWS)
    loaded.lost |= set(before) - set(held)
    return held


def test_a_load_that_was_killed_ends_as_one_that_was_not(loaded: Loaded) -> None:
    assert all(left == loaded.expected for left in loaded.left)


def test_what_a_killed_load_had_stored_is_never_gone(loaded: Loaded) -> None:
    assert loaded.lost == set()


def test_the_doctor_finds_nothing_wrong_after_a_load_is_killed(loaded: Loaded) -> None:
    assert loaded.findings == []


def test_a_kill_leaves_a_part_of_the_list(loaded: Loaded) -> None:
    assert loaded.left_a_part


def test_a_load_is_killed_at_work(loaded: Loaded) -> None:
    assert loaded.at_work >= KILLS // 2
