"""A request that never came into force is not kept for ever."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.unit.procedures.gathered import file as filed
from tests.unit.procedures.offices import RED, enter, officer, offices, refused, step

from comity.app import Node
from comity.audit.entries import decode
from comity.procedures.daily import turn
from comity.procedures.notices.drafting import amend
from comity.records.notices.states import Form
from comity.records.retention import months_after
from comity.registry import events, notices
from comity.registry.notices import HeldNotice
from comity.registry.schema import AUDIT, METADATA


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def after(node: Node, *, months: int, days: int = 0) -> Node:
    at = node.desk.clock()
    end = months_after(at.date(), months) + timedelta(days=days)
    moment = at.replace(year=end.year, month=end.month, day=end.day)
    return replace(node, desk=replace(node.desk, clock=lambda: moment))


def drafted(node: Node) -> HeldNotice:
    return enter(node, {**RED, "reference": "rest"})


def withdrawn(node: Node) -> HeldNotice:
    return step(node, drafted(node), "withdraw", "egy-registrar")


def held(node: Node, one: HeldNotice) -> HeldNotice | None:
    with node.desk.registry.read() as connection:
        return notices.fetch(connection, one.id)


RESTING = pytest.mark.parametrize("rest", [drafted, withdrawn, refused])


@RESTING
def test_it_is_purged_when_its_period_is_over(node: Node, rest) -> None:
    one = rest(node)
    turn(after(node, months=60, days=-1).desk)
    before = held(node, one)
    turn(after(node, months=60).desk)
    assert (before, held(node, one)) == (one, None)


@RESTING
def test_no_word_of_it_is_held_then(node: Node, rest) -> None:
    rest(node)
    turn(after(node, months=60).desk)
    with node.desk.registry.read() as connection:
        rows = [
            str(row)
            for table in METADATA.sorted_tables
            if table.name.startswith("notice")
            for row in connection.execute(text(f"SELECT * FROM {table.name}"))
        ]
    assert rows == []


def test_the_log_names_what_was_purged_and_its_owner_is_told(node: Node) -> None:
    one = refused(node)
    turn(after(node, months=60).desk)
    with node.desk.registry.read() as connection:
        bodies = connection.execute(AUDIT.entries.select()).all()
        told = [
            two.event.what for two in events.after(connection, "EGY", 0, 100) if two.event.about == one.id
        ]
    purged = [entry for row in bodies if (entry := decode(row.body)).outcome == "purged"]
    assert ([(entry.records, entry.query["why"]) for entry in purged], told[-1]) == (
        [((one.id,), "lapsed")],
        "purge",
    )


def purges(node: Node) -> int:
    with node.desk.registry.read() as connection:
        bodies = connection.execute(AUDIT.entries.select()).all()
    return sum(decode(row.body).outcome == "purged" for row in bodies)


def test_a_second_run_of_the_day_does_nothing(node: Node) -> None:
    drafted(node)
    turn(after(node, months=60).desk)
    turn(after(node, months=60).desk)
    assert purges(node) == 1


def test_amending_a_draft_begins_its_period_anew(node: Node) -> None:
    one, later = drafted(node), after(node, months=30)
    amend(
        one.id,
        Form.NOTICE,
        one.version,
        {**RED, "language": "fra"},
        officer(node, "egy-registrar"),
        later.desk,
    )
    turn(after(node, months=60).desk)
    assert held(node, one) is not None


def test_what_waits_for_review_stays(node: Node) -> None:
    waiting = step(node, drafted(node), "submit", "egy-registrar")
    turn(after(node, months=61).desk)
    assert held(node, waiting) is not None


@pytest.mark.parametrize("is_blocked", [True, False])
def test_what_a_case_blocks_stays(tmp_path: Path, *, is_blocked: bool) -> None:
    with filed(tmp_path) as file:
        one = file.made["refused"]
        file.attach(one)
        if is_blocked:
            file.block(one)
        turn(after(file.node, months=61).desk)
        with file.node.desk.registry.read() as connection:
            assert (notices.fetch(connection, one) is not None) == is_blocked
        assert file.about(one).standing.record == one
