"""A first load in bulk: the same records, rejects and log as row by row, resumed where it was interrupted."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import CLI_ACCOUNT, Node, open_node
from comity.cli.importing import order_of
from comity.procedures import upkeep
from comity.procedures.bulk_list import import_bulk
from comity.procedures.check import run_check
from comity.procedures.import_list import Reject, Tally, import_list
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.registry import audit_log, holdings
from comity.sources import jsonl
from comity.sources.rows import SourceRow


def documents(count: int) -> list[object]:
    one = {"kind": "travel_document", "type": "P", "issuer": "KEN"}
    return [{**one, "source_id": f"D{n}", "number": f"K{n:07d}"} for n in range(count)]


def mixed() -> list[object]:
    """Documents and vehicles, faulty rows, rows that come again, persons, restrictions."""
    chosen = random.Random(5)
    made: list[object] = documents(300)
    made += [
        {"kind": "vehicle", "source_id": f"V{n}", "plate": f"L {n}", "country": "FRA", "year": 2000 + n % 20}
        for n in range(200)
    ]
    made += [{**row, "source_id": f"R{row['source_id']}", "share": "owner"} for row in documents(120)]
    made += [{**row, "number": "***"} for row in documents(20)]
    made += [{**row, "status": "lost"} for row in documents(15)]
    made += [{"kind": "person", "source_id": f"P{n}", **KINDS["person"].examples[0]} for n in range(3)]
    made += [
        {"kind": "spaceship", "source_id": "S"},
        [],
        "text",
        {"source_id": "X"},
        {**documents(1)[0], "x": 1},
    ]
    made += [
        {"kind": "vehicle", "source_id": "F", "plate": "A1", "former_plates": ["B2", "C3"], "country": "FRA"}
    ]
    chosen.shuffle(made)
    return made


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        yield node


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(way, node: Node, path: Path, rows: Iterator[SourceRow] | None = None) -> tuple[Tally, list[Reject]]:
    rejects: list[Reject] = []
    order = order_of("jsonl", path, "KEN", "all", is_dry=False)
    officer = officer_named(CLI_ACCOUNT, node.desk)
    tally = way(rows or jsonl.read(path), order, officer, node.desk, rejects.append, lambda _done: None)
    return tally, rejects


def everything(node: Node) -> list[tuple[object, ...]]:
    with node.desk.registry.read() as connection:
        held = holdings.fetch(connection, range(1, 5000)).values()
    return sorted((one.record.source_id, one.version, one.state, one.record.to_bytes()) for one in held)


def finds(node: Node, number: str) -> bool:
    officer = officer_named(CLI_ACCOUNT, node.desk)
    query = {"kind": "travel_document", "issuer": "KEN", "number": number}
    return run_check(query, officer, Purpose.BORDER, node.desk).outcome == "hit"


def test_both_ways_give_the_same_records_and_rejects(tmp_path: Path) -> None:
    path = write(tmp_path / "list.jsonl", mixed())
    made = []
    for name, way in (("rows", import_list), ("bulk", import_bulk)):
        copy_node(tmp_path / name)
        with open_node(tmp_path / name) as node:
            tally, rejects = run(way, node, path)
            made.append(
                (
                    tally,
                    sorted(rejects, key=lambda one: one.line),
                    everything(node),
                    upkeep.examine(node.desk),
                )
            )
    assert made[0] == made[1]


def test_what_was_loaded_is_found(node: Node, tmp_path: Path) -> None:
    run(import_bulk, node, write(tmp_path / "list.jsonl", documents(500)))
    assert (finds(node, "K0000123"), finds(node, "K0009999")) == (True, False)


def test_what_was_loaded_is_found_in_a_rebuilt_index(node: Node, tmp_path: Path) -> None:
    run(import_bulk, node, write(tmp_path / "list.jsonl", documents(500)))
    upkeep.rebuild(node.desk)
    assert (finds(node, "K0000123"), node.desk.index.segments_count) == (True, 1)


def test_a_withdrawn_record_of_a_load_is_not_in_a_rebuilt_index(node: Node, tmp_path: Path) -> None:
    run(import_bulk, node, write(tmp_path / "list.jsonl", documents(500)))
    run(import_list, node, write(tmp_path / "list.jsonl", documents(499)))
    upkeep.rebuild(node.desk)
    assert (finds(node, "K0000498"), finds(node, "K0000499")) == (True, False)


def test_the_log_has_one_entry_a_chunk_with_its_root(node: Node, tmp_path: Path) -> None:
    run(import_bulk, node, write(tmp_path / "list.jsonl", documents(500)))
    with node.desk.registry.read() as connection:
        lines = audit_log.own_entries(connection, CLI_ACCOUNT, 10)
    assert [line.entry.chunk.count for line in lines if line.entry.chunk is not None] == [500]


def test_the_root_of_a_chunk_is_that_of_the_slow_way(tmp_path: Path) -> None:
    path, roots = write(tmp_path / "list.jsonl", documents(500)), []
    for name, way in (("rows", import_list), ("bulk", import_bulk)):
        copy_node(tmp_path / name)
        with open_node(tmp_path / name) as node:
            run(way, node, path)
            with node.desk.registry.read() as connection:
                lines = audit_log.own_entries(connection, CLI_ACCOUNT, 10)
            roots += [line.entry.chunk for line in lines if line.entry.chunk is not None]
    assert roots[0] == roots[1]


def test_a_newer_file_of_a_loaded_list_amends_and_withdraws(node: Node, tmp_path: Path) -> None:
    run(import_bulk, node, write(tmp_path / "list.jsonl", documents(500)))
    newer = [{**documents(1)[0], "number": "K9999999"}, *documents(495)[1:]]
    tally, _rejects = run(import_bulk, node, write(tmp_path / "list.jsonl", newer))
    assert (tally.amended, tally.withdrawn, tally.unchanged) == (1, 5, 494)


class _Interrupted(Exception):  # noqa: N818 - it stands for a person's hand, not for a fault
    pass


def interrupted(rows: Iterator[SourceRow], after: int) -> Iterator[SourceRow]:
    for place, row in enumerate(rows):
        if place == after:
            raise _Interrupted
        yield row


def test_an_interrupted_load_goes_on_after_its_last_chunk(node: Node, tmp_path: Path) -> None:
    rows = [*documents(9000)]
    rows[5] = {**documents(1)[0], "source_id": "bad", "number": "***"}
    path = write(tmp_path / "list.jsonl", rows)
    with pytest.raises(_Interrupted):
        run(import_bulk, node, path, interrupted(jsonl.read(path), 8500))
    tally, rejects = run(import_bulk, node, path)
    assert (tally.resumed_after, tally.entered, [one.line for one in rejects]) == (4096, 4904, [6])
