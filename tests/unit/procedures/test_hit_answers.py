"""Answers to hits as things stand when they are given, and whom to call for one."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import NOON, HitDesk, hit_desk, rule_of

from comity.access.roles import role_named
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.clockwork import tick
from comity.procedures.duties import set_duty
from comity.procedures.hits_clock import strike
from comity.procedures.submit import withdraw
from comity.records.hits import HitState
from comity.registry import accounts, hits
from comity.registry.accounts import Account
from comity.registry.schema import AUDIT


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        yield made


def passed_to_kenya(desk: HitDesk) -> str:
    """Let a hit on Egypt's record be asked about, and passed on to Kenya for its silence."""
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=10)
    strike(desk.desk)
    return one


def test_nobody_confirms_a_record_that_was_withdrawn(desk: HitDesk) -> None:
    one = desk.hit()
    desk.ask(one)
    withdraw(desk.enter(), None, desk.officer("egy-registrar"), desk.desk)
    with pytest.raises(ConflictError) as error:
        desk.answer(one)
    assert (rule_of(error), desk.page(one).line.hit.state) == ("not-answering", HitState.ASKED)


def test_nobody_confirms_a_record_whose_time_is_over(desk: HitDesk) -> None:
    desk.enter(retain_until="2026-03-05")
    one = desk.hit()
    desk.ask(one, "bureau")
    desk.clock.pass_on(hours=12)
    with pytest.raises(ConflictError) as error:
        desk.answer(one)
    assert rule_of(error) == "not-answering"


@pytest.mark.parametrize("reason", ["no-longer-valid", "declined"])
def test_an_owner_refuses_to_confirm_what_it_has_withdrawn(desk: HitDesk, reason: str) -> None:
    one = desk.hit()
    desk.ask(one)
    withdraw(desk.enter(), None, desk.officer("egy-registrar"), desk.desk)
    assert desk.answer(one, "refused", reason=reason).line.hit.reply is not None


def test_whoever_stands_in_answers_no_more_once_the_owner_names_another(desk: HitDesk) -> None:
    one = passed_to_kenya(desk)
    set_duty({"second": "BRA"}, desk.officer("egy-registrar"), desk.desk)
    with pytest.raises(UnknownError):
        desk.answer(one, account="ken-registrar")


def named_another(desk: HitDesk) -> None:
    set_duty({"second": "BRA"}, desk.officer("egy-registrar"), desk.desk)


def named_none(desk: HitDesk) -> None:
    set_duty({"second": None}, desk.officer("egy-registrar"), desk.desk)


def withheld(desk: HitDesk) -> None:
    desk.enter(share={"only": ["FRA"]})


def withdrawn(desk: HitDesk) -> None:
    withdraw(desk.enter(), None, desk.officer("egy-registrar"), desk.desk)


ENDS = pytest.mark.parametrize("ended", [named_another, named_none, withheld, withdrawn])


@ENDS
def test_whoever_stood_in_is_told_nothing_more(desk: HitDesk, ended: Callable[[HitDesk], None]) -> None:
    one = passed_to_kenya(desk)
    ended(desk)
    tick(desk.desk, None)
    desk.answer(one, "refused", reason="declined", note="Between us.")
    desk.close(one, "not-pursued")
    assert (desk.told("KEN"), desk.listed("ken-registrar")) == (["passed-on"], [])
    with pytest.raises(UnknownError):
        desk.page(one, "ken-registrar")


@ENDS
def test_whoever_asked_is_shown_no_more_who_stood_in(desk: HitDesk, ended: Callable[[HitDesk], None]) -> None:
    one = passed_to_kenya(desk)
    ended(desk)
    tick(desk.desk, None)
    assert desk.page(one, "fra-officer").to_json()["passed_on_to"] != "KEN"


@pytest.mark.parametrize("ended", [withheld, withdrawn])
def test_whoever_is_still_named_stands_in_again_once_the_record_is_back(
    desk: HitDesk, ended: Callable[[HitDesk], None]
) -> None:
    one = passed_to_kenya(desk)
    ended(desk)
    tick(desk.desk, None)
    desk.enter()
    tick(desk.desk, None)
    tick(desk.desk, None)
    assert desk.told("KEN") == ["passed-on", "passed-on"]
    assert desk.answer(one, account="ken-registrar").line.hit.state is HitState.CONFIRMED


def test_whoever_is_named_no_more_does_not(desk: HitDesk) -> None:
    passed_to_kenya(desk)
    withdrawn(desk)
    named_none(desk)
    tick(desk.desk, None)
    desk.enter()
    tick(desk.desk, None)
    assert (desk.told("KEN"), desk.listed("ken-registrar")) == (["passed-on"], [])


def test_whoever_still_stands_in_still_reads(desk: HitDesk) -> None:
    one = passed_to_kenya(desk)
    set_duty({"second": "KEN", "contact": "+20 2 555"}, desk.officer("egy-registrar"), desk.desk)
    desk.enter(share={"except": ["BRA"]})
    tick(desk.desk, None)
    assert desk.page(one, "ken-registrar").line.side == "second"


@pytest.mark.parametrize("word", ["confirmed", "later"])
def test_whoever_stands_in_answers_for_no_record_that_it_may_not_see(desk: HitDesk, word: str) -> None:
    one = passed_to_kenya(desk)
    desk.enter(share={"only": ["FRA"]})
    with pytest.raises(RefusedError, match="other-bureau"):
        desk.answer(one, word, account="ken-registrar", by="2026-03-04T13:00:00Z")


def test_whoever_stands_in_answers_while_it_sees_the_record(desk: HitDesk) -> None:
    one = passed_to_kenya(desk)
    assert desk.answer(one, account="ken-registrar").line.hit.state is HitState.CONFIRMED


def test_the_delegate_on_duty_is_one_who_may_answer(desk: HitDesk) -> None:
    with pytest.raises(MalformedError) as error:
        set_duty({"account": "egy-officer"}, desk.officer("egy-registrar"), desk.desk)
    assert error.value.code == "cannot-answer"


def test_a_closed_account_is_no_delegate(desk: HitDesk) -> None:
    with desk.desk.registry.write() as connection:
        account = Account("egy-gone", "EGY", role_named("registrar"), is_open=False)
        accounts.add_account(connection, account, desk.clock())
    with pytest.raises(UnknownError):
        set_duty({"account": "egy-gone"}, desk.officer("egy-registrar"), desk.desk)


CALL = "+20 2 5550 0100, day and night"


def reachable(desk: HitDesk, owner: str = "egy", **said: object) -> None:
    set_duty({"contact": CALL, **said}, desk.officer(f"{owner}-registrar"), desk.desk)


def test_whoever_meets_a_record_reads_how_to_reach_its_owner(desk: HitDesk) -> None:
    reachable(desk)
    assert desk.page(desk.hit(), "fra-officer").to_json()["contacts"] == {"EGY": CALL}


def test_whoever_meets_a_record_reads_how_to_reach_who_stands_in(desk: HitDesk) -> None:
    set_duty({"contact": "+254 5550 0199"}, desk.officer("ken-registrar"), desk.desk)
    one = passed_to_kenya(desk)
    assert desk.page(one, "fra-officer").contacts == {"KEN": "+254 5550 0199"}


def test_an_owner_without_a_contact_shows_none(desk: HitDesk) -> None:
    assert "contacts" not in desk.page(desk.hit(), "fra-officer").to_json()


@pytest.mark.parametrize("account", ["egy-registrar", "ken-registrar"])
def test_how_to_reach_an_owner_is_for_whoever_checked(desk: HitDesk, account: str) -> None:
    one = passed_to_kenya(desk)
    reachable(desk, second="KEN")
    assert desk.page(one, account).contacts == {}


def test_the_log_does_not_keep_whom_one_calls(desk: HitDesk) -> None:
    reachable(desk)
    with desk.desk.registry.read() as connection:
        bodies = connection.execute(AUDIT.entries.select()).all()
    assert [row for row in bodies if b"5550" in row.body] == []


def test_a_contact_that_is_too_long_is_not_taken(desk: HitDesk) -> None:
    with pytest.raises(MalformedError):
        reachable(desk, contact="1" * 201)


def test_nobody_but_an_owner_answers_what_it_asked_itself(desk: HitDesk) -> None:
    set_duty({"second": "FRA"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    desk.clock.pass_on(minutes=11)
    strike(desk.desk)
    with pytest.raises(RefusedError):
        desk.answer(one, account="fra-registrar")
    assert desk.told("FRA") == ["met", "overdue"]


def test_nor_what_an_earlier_release_passed_on_to_it(desk: HitDesk) -> None:
    set_duty({"second": "FRA"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one)
    with desk.desk.registry.quietly() as connection:
        held = hits.hit_with(connection, one)
        assert held is not None
        hits.save(connection, [replace(held, escalated_at=NOON, second="FRA")])
    with pytest.raises(RefusedError):
        desk.answer(one, account="fra-registrar")


def test_a_clock_that_is_put_back_between_two_looks_stops_nothing(desk: HitDesk) -> None:
    desk.ask(desk.hit())
    moments = iter([NOON + timedelta(minutes=11)] * 2)
    put_back = replace(desk.desk, clock=lambda: next(moments, NOON))
    assert strike(put_back) == 1
