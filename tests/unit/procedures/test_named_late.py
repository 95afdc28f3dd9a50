"""Whom an owner names to stand in once the time is over already is told of what waits, and may answer it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.procedures.duties import set_duty
from comity.procedures.hits_clock import strike


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        yield made


def name(desk: HitDesk, second: str | None) -> None:
    set_duty({"second": second}, desk.officer("egy-registrar"), desk.desk)


def overdue(desk: HitDesk) -> str:
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=10)
    strike(desk.desk)
    return one


def test_who_is_named_late_answers(desk: HitDesk) -> None:
    one = overdue(desk)
    name(desk, "KEN")
    assert (desk.told("KEN"), desk.listed("ken-registrar", "answer")) == (["passed-on"], [one])
    assert desk.answer(one, account="ken-registrar").line.hit.reply is not None


def test_who_is_named_instead_of_another_answers(desk: HitDesk) -> None:
    name(desk, "KEN")
    one = overdue(desk)
    name(desk, "BRA")
    assert (desk.told("BRA"), desk.page(one).line.hit.second, desk.listed("ken-registrar")) == (
        ["passed-on"],
        "BRA",
        [],
    )


def test_who_is_named_again_is_told_once(desk: HitDesk) -> None:
    overdue(desk)
    for _ in range(2):
        name(desk, "KEN")
    assert desk.told("KEN") == ["passed-on"]


def test_a_page_that_was_open_stays_good(desk: HitDesk) -> None:
    one = overdue(desk)
    version = desk.page(one).line.hit.version
    name(desk, "KEN")
    assert desk.answer(one, version=version).line.hit.reply is not None


@pytest.mark.parametrize("second", ["FRA", None])
def test_nobody_answers_what_it_asked_itself(desk: HitDesk, second: str | None) -> None:
    one = overdue(desk)
    name(desk, second)
    assert desk.page(one).line.hit.second is None


def test_who_may_not_see_the_record_is_told_nothing(desk: HitDesk) -> None:
    desk.enter(share={"except": ["KEN"]})
    overdue(desk)
    name(desk, "KEN")
    assert (desk.told("KEN"), desk.listed("ken-registrar")) == ([], [])


def test_what_is_not_overdue_is_passed_on_to_nobody(desk: HitDesk) -> None:
    desk.ask(desk.hit())
    name(desk, "KEN")
    assert desk.told("KEN") == []


def test_what_is_answered_is_passed_on_to_nobody(desk: HitDesk) -> None:
    desk.answer(overdue(desk))
    name(desk, "KEN")
    assert desk.told("KEN") == []
