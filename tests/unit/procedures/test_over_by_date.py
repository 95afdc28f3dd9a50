"""A record whose last day is over answers nobody from then on, whether or not the run of retention has come to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import PASSPORT, QUERY, HitDesk, hit_desk

from comity.procedures.clockwork import tick
from comity.procedures.duties import set_duty
from comity.procedures.watches import set_watch
from comity.records.handling import Purpose

OVER, LAST_DAY = "2026-03-04", "2026-03-05"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        yield made


def enter(desk: HitDesk, retain_until: str) -> str:
    one = desk.enter(retain_until=retain_until)
    tick(desk.desk, None)
    return one


@pytest.mark.parametrize(("until", "told"), [(OVER, []), (LAST_DAY, ["met"])])
def test_it_alarms_nobody_who_watches_for_it(desk: HitDesk, until: str, told: list[str]) -> None:
    set_watch(dict(QUERY), desk.officer("fra-registrar"), Purpose.LOCATE, desk.desk)
    enter(desk, until)
    assert desk.told("FRA") == told


def test_it_meets_no_earlier_check(desk: HitDesk) -> None:
    desk.check()
    tick(desk.desk, None)
    enter(desk, OVER)
    assert (desk.told("EGY"), desk.told("FRA")) == ([], [])


def test_whoever_met_it_is_told_that_it_can_be_seen_no_more(desk: HitDesk) -> None:
    enter(desk, LAST_DAY)
    desk.hit()
    enter(desk, OVER)
    assert desk.told("FRA") == ["met", "unseen"]


def test_whoever_met_it_is_told_that_it_can_be_seen_again(desk: HitDesk) -> None:
    enter(desk, LAST_DAY)
    desk.hit()
    enter(desk, OVER)
    desk.enter(**{**PASSPORT, "retain_until": "2027-01-01"})
    tick(desk.desk, None)
    assert desk.told("FRA") == ["met", "unseen", "seen-again"]


@pytest.mark.parametrize(("hours", "told"), [(1, ["passed-on"]), (13, [])])
def test_a_hit_on_it_is_passed_on_to_nobody(desk: HitDesk, hours: int, told: list[str]) -> None:
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    enter(desk, LAST_DAY)
    desk.ask(desk.hit())
    desk.clock.pass_on(hours=hours)
    tick(desk.desk, None)
    tick(desk.desk, None)
    assert desk.told("KEN") == told
