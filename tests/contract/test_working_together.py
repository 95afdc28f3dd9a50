"""Hits, waiting checks, duties, retention and redress: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer
from tests.unit.procedures.hit_desk import QUERY, HitDesk, hit_desk

from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ConflictError, RefusedError
from comity.procedures import redress, redress_decide, redress_find, retention, watches
from comity.procedures.clockwork import tick
from comity.procedures.duties import read_duty, set_duty
from comity.procedures.hits_clock import strike
from comity.procedures.redress import Request
from comity.procedures.retention_run import run_retention
from comity.records.handling import Purpose
from comity.records.hits import HitState
from comity.registry import accounts
from comity.registry.accounts import Account

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path, registry_place: str) -> Iterator[HitDesk]:
    with hit_desk(tmp_path, registry_place) as made:
        yield made


@pytest.fixture
def node(tmp_path: Path, registry_place: str) -> Iterator[Node]:
    with bureaus(tmp_path, registry_place) as node:
        with node.desk.registry.write() as connection:
            accounts.add_account(connection, Account("ccf", "XPO", role_named("controller")), START)
        yield replace(node, desk=replace(node.desk, clock=lambda: START))


def test_a_hit_goes_from_its_check_to_its_end(desk: HitDesk) -> None:
    desk.enter()
    one = desk.hit()
    again = desk.hit()
    desk.ask(one)
    desk.answer(one)
    desk.close(one, "identity-confirmed")
    hit = desk.page(one).line.hit
    assert (again, hit.times_count, hit.state) == (one, 2, HitState.CLOSED)


def test_of_two_answers_the_first_holds(desk: HitDesk) -> None:
    desk.enter()
    one = desk.hit()
    desk.ask(one)
    desk.answer(one)
    with pytest.raises(ConflictError):
        desk.answer(one, "refused", reason="declined")


def test_a_silent_owner_is_reminded_and_its_hit_passed_on(desk: HitDesk) -> None:
    set_duty({"second": "KEN", "kinds": {"person": 9}}, desk.officer("egy-registrar"), desk.desk)
    desk.enter()
    desk.ask(desk.hit())
    for minutes in (5, 5):
        desk.clock.pass_on(minutes=minutes)
        strike(desk.desk)
    assert (desk.told("EGY"), desk.told("KEN")) == (["opened", "asked", "reminded", "overdue"], ["passed-on"])


def test_duties_are_kept_and_taken_back(desk: HitDesk) -> None:
    egypt = desk.officer("egy-registrar")
    set_duty({"second": "KEN", "days": {"border": 5}, "kinds": {"person": 9}}, egypt, desk.desk)
    kept = read_duty(egypt, desk.desk).duty
    set_duty({}, egypt, desk.desk)
    left = read_duty(egypt, desk.desk).duty
    assert (kept.second, kept.days, kept.kinds) == ("KEN", {"border": 5}, {"person": 9})
    assert (left.second, left.days, left.kinds) == (None, {}, {})


def test_waiting_and_standing_checks_meet_what_comes(desk: HitDesk) -> None:
    desk.check()
    watches.set_watch({**QUERY, "days": 30}, desk.officer("ken-registrar"), Purpose.BORDER, desk.desk)
    tick(desk.desk, None)
    desk.enter()
    tick(desk.desk, None)
    assert (desk.told("FRA"), desk.told("KEN")) == (["met"], ["met"])


def test_an_unanswered_record_is_asked_suspended_and_purged(node: Node) -> None:
    record = enter(node, retain_until="2026-06-01")
    counts: list[str] = []
    for day in (date(2026, 3, 2), date(2026, 6, 1), date(2026, 7, 2)):
        clock = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        desk = replace(node.desk, clock=lambda clock=clock: clock)
        done = run_retention(officer(node, "operator"), desk).counts
        counts.append(next(what for what in ("purged", "suspended", "asked") if done[what]))
    stones = retention.receipts(officer(node, "egy-registrar"), node.desk)
    assert (counts, [one.record for one in stones]) == (["asked", "suspended", "purged"], [record])


def test_a_case_finds_blocks_and_erases(node: Node) -> None:
    record = enter(node)
    controller = officer(node, "ccf")
    asked = Request("deletion", {"name": "Zuzanna Applicantova"}, "Please erase it.")
    ref = redress.open_case(asked, controller, node.desk).ref
    query = {"kind": "person", "name": "Abdelaziz Testmansour"}
    found = [one.about.record for one in redress_find.find(ref, query, controller, node.desk)]
    redress_find.attach(ref, record, controller, node.desk)
    redress_decide.decide(ref, record, "erase", "for these reasons", controller, node.desk)
    with pytest.raises(RefusedError) as refused:
        enter(node)
    assert (found, refused.value.rule) == ([record], "erased-by-decision")
