"""A load in bulk, killed with signal 9 at instants of its work and gone on with: nothing stored is lost (law 3)."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from processes import finished, instants, killed_after, seeded, started
from test_killed import everything_held, import_words, most_of

from comity.app import init_node, open_node
from comity.procedures import upkeep

pytestmark = pytest.mark.slow

KILLS = 6
# Two transactions of a load: 4,096 rows, and the rest.
LIST_ROWS = 9000

Held = list[tuple[object, ...]]


@dataclass
class Loaded:
    """What loads that were killed left, beside one that never was."""

    expected: Held
    left: list[Held] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    lost: set[tuple[object, ...]] = field(default_factory=set)
    at_work: int = 0


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
    init_node(directory / "empty", "Test")
    file, output = list_to_load(directory), directory / "output"
    twin = shutil.copytree(directory / "empty", directory / "twin")
    span_s = most_of(load_words(file, twin), output)
    loaded = Loaded(everything_held(twin, 2 * LIST_ROWS))
    # Storing is the first part of a load; after it the kernels of names are made ready and the index is saved.
    moments = instants(KILLS, span_s / 6, seeded("bulk"))
    for place in range(0, KILLS, 2):
        node = shutil.copytree(directory / "empty", directory / f"node{place}")
        before: Held = []
        for instant in moments[place : place + 2]:
            loaded.at_work += killed_after(started(load_words(file, node), output), instant)
            before = examined(node, before, loaded)
        assert finished(load_words(file, node), output) == 0
        loaded.left.append(examined(node, before, loaded))
    return loaded


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


def test_a_load_is_killed_at_work(loaded: Loaded) -> None:
    assert loaded.at_work >= KILLS // 2
