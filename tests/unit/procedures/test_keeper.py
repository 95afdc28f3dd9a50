"""Who saves the index: the keeper where a node is served, whoever imports a list where it is not."""

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import CLI_ACCOUNT, Node, open_node
from comity.procedures import keeper
from comity.procedures.check import run_check
from comity.procedures.keeper import keep
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

COUNT = 30


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        yield node


def imported(node: Node, directory: Path) -> None:
    """Import a short list into a node, as another program does."""
    path = directory / "list.jsonl"
    rows = [
        {"kind": "travel_document", "source_id": f"D{n}", "type": "P", "issuer": "KEN", "number": f"K{n:07d}"}
        for n in range(COUNT)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    words = ["import", "jsonl", str(path), "--owner", "KEN", "--share", "all", "--node", str(node.directory)]
    subprocess.run([sys.executable, "-m", "comity.cli", *words], capture_output=True, check=True)


def saved_position(node: Node) -> int:
    """Return up to which change the index that lies on disk goes."""
    node.desk.index.refresh()
    return node.desk.index.position


def finds(node: Node) -> bool:
    query: Json = {"kind": "travel_document", "issuer": "KEN", "number": "K0000007"}
    return run_check(query, officer_named(CLI_ACCOUNT, node.desk), Purpose.BORDER, node.desk).outcome == "hit"


def test_a_keeper_is_known_while_it_runs(node: Node) -> None:
    seen: list[bool] = []
    rounds = iter((False, True))
    keep(node.desk, lambda: next(rounds), lambda _seconds: seen.append(node.desk.index.is_kept()))
    assert (seen, node.desk.index.is_kept()) == ([True], False)


def test_who_asks_is_taken_for_no_keeper(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    with node.desk.index.keeping():
        pass
    with (node.directory / "index" / "kept").open("rb") as another:
        fcntl.flock(another, fcntl.LOCK_EX)  # as whoever asks, until a moment later
        monkeypatch.setattr(time, "sleep", lambda _seconds: fcntl.flock(another, fcntl.LOCK_UN))
        assert not node.desk.index.is_kept()


def test_an_import_saves_the_index_where_nobody_else_does(node: Node, tmp_path: Path) -> None:
    imported(node, tmp_path)
    assert saved_position(node) == node.desk.registry.position()


def test_an_import_leaves_the_index_to_a_keeper(node: Node, tmp_path: Path) -> None:
    with node.desk.index.keeping():
        imported(node, tmp_path)
        assert saved_position(node) < node.desk.registry.position()
    assert finds(node)


def test_a_keeper_saves_what_an_import_left(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "SAVE_AT", COUNT)
    with node.desk.index.keeping():
        imported(node, tmp_path)
    rounds = iter((False, True))
    keep(node.desk, lambda: next(rounds), lambda _seconds: None)
    with open_node(node.directory) as other:
        assert saved_position(other) == other.desk.registry.position()
