"""Importing a list: repeatable, amending, withdrawing, resumable; rejects with line, code and field."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import CLI_ACCOUNT, Node, open_node
from comity.cli.importing import order_of
from comity.errors import MalformedError, RefusedError, ShrunkenListError
from comity.procedures.check import run_check
from comity.procedures.import_list import Reject, Tally, import_list
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
from comity.registry import accounts, audit_log
from comity.sources import jsonl
from comity.sources.rows import SourceRow

ROWS = [
    {"kind": "travel_document", "source_id": f"D{n}", "type": "P", "issuer": "KEN", "number": f"K{n:07d}"}
    for n in range(2500)
]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        yield node


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(
    node: Node, path: Path, *, owner: str = "KEN", is_dry: bool = False, accepts_withdrawals: bool = False
) -> tuple[Tally, list[Reject]]:
    rejects: list[Reject] = []
    order = order_of("jsonl", path, owner, "all", is_dry=is_dry)
    order = replace(order, accepts_withdrawals=accepts_withdrawals)
    officer = officer_named(CLI_ACCOUNT, node.desk)
    tally = import_list(jsonl.read(path), order, officer, node.desk, rejects.append, lambda _done: None)
    return tally, rejects


def finds(node: Node, number: str) -> bool:
    query = {"kind": "travel_document", "issuer": "KEN", "number": number}
    officer = officer_named(CLI_ACCOUNT, node.desk)
    return run_check(query, officer, Purpose.BORDER, node.desk).outcome == "hit"


def test_every_row_is_entered(node: Node, tmp_path: Path) -> None:
    assert run(node, write(tmp_path / "list.jsonl", [*ROWS]))[0].entered == len(ROWS)


def test_the_same_file_again_changes_nothing(node: Node, tmp_path: Path) -> None:
    path = write(tmp_path / "list.jsonl", [*ROWS[:20]])
    run(node, path)
    before = node.desk.registry.position()
    run(node, path)
    assert node.desk.registry.position() == before


def test_a_newer_file_amends(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:20]]))
    newer = [{**ROWS[0], "number": "K9999999"}, *ROWS[1:20]]
    assert run(node, write(tmp_path / "list.jsonl", [*newer]))[0].amended == 1


def test_a_newer_file_withdraws_what_it_no_longer_has(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:20]]))
    run(node, write(tmp_path / "list.jsonl", [*ROWS[1:20]]))
    assert not finds(node, "K0000000")


def test_a_file_of_another_name_withdraws_nothing(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "one.jsonl", [*ROWS[:20]]))
    run(node, write(tmp_path / "two.jsonl", [*ROWS[20:30]]))
    assert finds(node, "K0000000")


def test_a_bad_row_is_told_by_line_code_and_field(node: Node, tmp_path: Path) -> None:
    bad = {**ROWS[1], "number": "***"}
    _tally, rejects = run(node, write(tmp_path / "list.jsonl", [ROWS[0], bad]))
    assert [(one.line, one.code, one.field) for one in rejects] == [(2, "identifier-empty", "number")]


def test_a_dry_run_stores_nothing(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:20]]), is_dry=True)
    assert node.desk.registry.position() == 0


class _Interrupted(Exception):  # noqa: N818 - it stands for a person's hand, not for a fault
    pass


def interrupted(rows: Iterator[SourceRow], after: int) -> Iterator[SourceRow]:
    for place, row in enumerate(rows):
        if place == after:
            raise _Interrupted
        yield row


def test_an_interrupted_import_goes_on_where_it_stopped(node: Node, tmp_path: Path) -> None:
    path = write(tmp_path / "list.jsonl", [*ROWS])
    order = order_of("jsonl", path, "KEN", "all", is_dry=False)
    officer = officer_named(CLI_ACCOUNT, node.desk)
    with pytest.raises(_Interrupted):
        import_list(interrupted(jsonl.read(path), 2200), order, officer, node.desk, print, lambda _done: None)
    tally, _rejects = run(node, path)
    assert (tally.resumed_after, tally.entered) == (2000, 500)


def test_an_owner_that_the_node_does_not_know_is_refused_by_name(node: Node, tmp_path: Path) -> None:
    with pytest.raises(MalformedError) as refused:
        run(node, write(tmp_path / "list.jsonl", [ROWS[0]]), owner="QQQ")
    assert (refused.value.code, refused.value.field) == ("unknown-bureau", "owner")


def test_an_owner_can_take_back_its_leave(node: Node, tmp_path: Path) -> None:
    with node.desk.registry.write() as connection:
        accounts.take_back(connection, "KEN", "XPO")
    with pytest.raises(RefusedError) as refused:
        run(node, write(tmp_path / "list.jsonl", [ROWS[0]]))
    assert refused.value.rule == "no-leave-of-owner"


def test_each_chunk_leaves_one_line_and_the_end_another(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS]))
    with node.desk.registry.read() as connection:
        lines = audit_log.own_entries(connection, CLI_ACCOUNT, 50)
    assert [line.entry.outcome for line in lines] == ["done", "chunk", "chunk", "chunk"]


def test_a_dry_run_leaves_one_line(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:20]]), is_dry=True)
    with node.desk.registry.read() as connection:
        lines = audit_log.own_entries(connection, CLI_ACCOUNT, 50)
    assert [line.entry.outcome for line in lines] == ["tried"]


def test_a_refused_row_keeps_the_record_that_it_names(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:20]]))
    run(node, write(tmp_path / "list.jsonl", [{**ROWS[0], "number": "***"}, *ROWS[1:20]]))
    assert finds(node, "K0000000")


def test_a_reject_names_its_record(node: Node, tmp_path: Path) -> None:
    _tally, rejects = run(node, write(tmp_path / "list.jsonl", [{**ROWS[1], "number": "***"}]))
    assert rejects[0].to_json()["source_id"] == "D1"


def test_a_file_that_breaks_off_withdraws_nothing(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:20]]))
    path = write(tmp_path / "list.jsonl", [*ROWS[:10]])
    order = order_of("jsonl", path, "KEN", "all", is_dry=False)
    officer = officer_named(CLI_ACCOUNT, node.desk)
    with pytest.raises(_Interrupted):
        import_list(interrupted(jsonl.read(path), 5), order, officer, node.desk, print, lambda _done: None)
    assert finds(node, "K0000015")


def test_the_missing_are_withdrawn_in_chunks(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS]))
    newer = write(tmp_path / "list.jsonl", [ROWS[0]])
    assert run(node, newer, accepts_withdrawals=True)[0].withdrawn == len(ROWS) - 1


@pytest.mark.parametrize(("held", "kept"), [(100, 79), (25, 4)])
def test_a_file_that_lacks_too_much_of_the_list_stops(
    node: Node, tmp_path: Path, held: int, kept: int
) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:held]]))
    with pytest.raises(ShrunkenListError) as stopped:
        run(node, write(tmp_path / "list.jsonl", [*ROWS[:kept]]))
    assert (stopped.value.missing, stopped.value.held) == (held - kept, held)


@pytest.mark.parametrize(("held", "kept"), [(100, 80), (20, 0), (24, 4)])
def test_a_file_that_lacks_little_withdraws(node: Node, tmp_path: Path, held: int, kept: int) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:held]]))
    tally, _rejects = run(node, write(tmp_path / "list.jsonl", [*ROWS[:kept]]))
    assert tally.withdrawn == held - kept


def test_a_file_that_stops_withdraws_nothing(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:100]]))
    with pytest.raises(ShrunkenListError):
        run(node, write(tmp_path / "list.jsonl", [ROWS[0]]))
    assert finds(node, "K0000050")


def test_a_file_that_stops_leaves_a_line(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:100]]))
    with pytest.raises(ShrunkenListError):
        run(node, write(tmp_path / "list.jsonl", [ROWS[0]]))
    with node.desk.registry.read() as connection:
        assert audit_log.own_entries(connection, CLI_ACCOUNT, 1)[0].entry.outcome == "stopped"


def test_what_a_file_adds_does_not_excuse_what_it_lacks(node: Node, tmp_path: Path) -> None:
    run(node, write(tmp_path / "list.jsonl", [*ROWS[:50]]))
    newer = write(tmp_path / "list.jsonl", [*ROWS[25:1000]])
    for _time in range(2):
        with pytest.raises(ShrunkenListError) as stopped:
            run(node, newer)
    assert (stopped.value.missing, stopped.value.held) == (25, 50)
