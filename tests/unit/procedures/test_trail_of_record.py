"""The trail of one record: its owner and, by order, a controller read it; to others it is no record."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.check import run_check
from comity.procedures.records_page import read_page
from comity.procedures.submit import withdraw
from comity.procedures.trail_of_record import RecordTrail, TrailRequest, trail_of_record
from comity.records.handling import Purpose
from comity.registry import audit_log

ORDER = "CCF 17/2026"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield node


def check(node: Node, who: str = "fra-officer") -> None:
    query = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
    assert run_check(query, officer(node, who), Purpose.ROAD, node.desk).hits


def trail(node: Node, record: str, who: str = "egy-registrar", **asked: object) -> RecordTrail:
    return trail_of_record(TrailRequest(record, **asked), officer(node, who), node.desk)


def test_the_owner_sees_who_hit_the_record_and_for_what_purpose(node: Node) -> None:
    record = enter(node)
    check(node)
    told = trail(node, record).lines[0].to_json()
    assert [told[name] for name in ("act", "bureau", "purpose", "outcome")] == [
        "check:make",
        "FRA",
        "road",
        "hit",
    ]


def test_the_owner_sees_who_opened_the_record(node: Node) -> None:
    record = enter(node)
    read_page(record, officer(node, "ken-officer"), Purpose.BORDER, node.desk)
    told = trail(node, record).lines[0].to_json()
    assert [told[name] for name in ("act", "bureau")] == ["record:read", "KEN"]


def test_the_newest_meeting_comes_first(node: Node) -> None:
    record = enter(node)
    check(node, "fra-officer")
    check(node, "ken-officer")
    assert [line.entry.bureau for line in trail(node, record).lines] == ["KEN", "FRA"]


def test_the_owner_learns_no_account_of_another_bureau(node: Node) -> None:
    record = enter(node)
    check(node)
    assert "account" not in trail(node, record).lines[0].to_json()


def test_the_owner_learns_the_accounts_of_its_own_bureau(node: Node) -> None:
    record = enter(node)
    check(node, "egy-officer")
    assert trail(node, record).lines[0].to_json()["account"] == "egy-officer"


def test_what_was_asked_is_not_told(node: Node) -> None:
    record = enter(node)
    check(node)
    assert "query" not in trail(node, record).lines[0].to_json()


def test_a_meeting_with_another_record_is_not_listed(node: Node) -> None:
    record = enter(node)
    enter(node, source_id="P2", names=[{"name": "Quillon Ashdownbury", "type": "primary"}])
    query = {"kind": "person", "name": "Quillon Ashdownbury"}
    run_check(query, officer(node, "fra-officer"), Purpose.ROAD, node.desk)
    assert trail(node, record).lines == ()


def test_a_withdrawn_record_keeps_its_trail(node: Node) -> None:
    record = enter(node)
    check(node)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    assert len(trail(node, record).lines) == 1


def test_pages_show_every_line_once(node: Node) -> None:
    record = enter(node)
    for _time in range(3):
        check(node)
    first = trail(node, record, limit=2)
    second = trail(node, record, limit=2, before=first.lines[-1].entry.at)
    assert (len(first.lines), first.is_full, len(second.lines), second.is_full) == (2, True, 1, False)


def test_a_controller_reads_the_trail_of_any_record_by_order(node: Node) -> None:
    record = enter(node, share="owner")
    check(node, "egy-officer")
    assert trail(node, record, "files-controller", order=ORDER).lines[0].to_json()["account"] == "egy-officer"


def test_a_bureau_s_own_controller_reads_the_trail_of_its_records_by_order(node: Node) -> None:
    assert trail(node, enter(node), "egy-controller", order=ORDER).owner == "EGY"


def test_to_a_bureau_s_controller_the_records_of_others_are_none(node: Node) -> None:
    record = enter(node)
    with pytest.raises(UnknownError) as others:
        trail(node, record, "fra-controller", order=ORDER)
    with pytest.raises(UnknownError) as unheld:
        trail(node, "A" * 20, "fra-controller", order=ORDER)
    assert (others.value.what, others.value.code) == (unheld.value.what, unheld.value.code)


def test_the_owner_learns_that_a_controller_read_the_trail(node: Node) -> None:
    record = enter(node)
    trail(node, record, "files-controller", order=ORDER)
    assert trail(node, record).lines[0].to_json()["act"] == "audit:record"


def test_the_log_names_the_controllers_order(node: Node) -> None:
    trail(node, enter(node), "files-controller", order=ORDER)
    with node.desk.registry.read() as connection:
        line = audit_log.own_entries(connection, "files-controller", 1)[0]
    assert line.entry.query["order"] == ORDER


def test_a_controller_without_an_order_is_told_before_the_record_is_sought(node: Node) -> None:
    with pytest.raises(MalformedError) as refused:
        trail(node, "A" * 20, "files-controller")
    assert (refused.value.code, refused.value.field) == ("field-missing", "order")


@pytest.mark.parametrize("share", ["all", "owner"])
def test_another_bureau_gets_the_answer_of_a_record_not_held(node: Node, share: str) -> None:
    record = enter(node, share=share)

    def answer(one: str) -> tuple[object, ...]:
        with pytest.raises(UnknownError) as unknown:
            trail(node, one, "fra-registrar")
        return unknown.value.code, {**unknown.value.data, "name": ""}

    assert answer(record) == answer("A" * 20)


def test_an_officer_of_the_owner_is_refused_whatever_is_held(node: Node) -> None:
    with pytest.raises(RefusedError):
        trail(node, enter(node), "egy-officer")


@pytest.mark.parametrize("limit", [0, 201])
def test_a_limit_out_of_bounds_is_told(node: Node, limit: int) -> None:
    with pytest.raises(MalformedError):
        trail(node, enter(node), limit=limit)


@pytest.mark.parametrize(("who", "outcome"), [("egy-registrar", "done"), ("ken-registrar", "unknown")])
def test_each_reading_leaves_a_line(node: Node, who: str, outcome: str) -> None:
    record = enter(node)
    with suppress(UnknownError):
        trail(node, record, who)
    with node.desk.registry.read() as connection:
        assert audit_log.own_entries(connection, who, 1)[0].entry.outcome == outcome
