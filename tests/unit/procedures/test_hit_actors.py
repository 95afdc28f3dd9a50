"""Who acted on a hit: the bureau and its unit, for whom it stood in; the account to its own bureau alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.console_visitor import open_account, visitor
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.access.roles import role_named
from comity.procedures.duties import set_duty
from comity.procedures.hits_clock import strike
from comity.registry import accounts
from comity.registry.accounts import Account


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        with made.desk.registry.write() as connection:
            for bureau, unit in (("KEN", "port-watch"), ("EGY", "night-desk"), ("FRA", "gate-9")):
                accounts.add_unit(connection, bureau, unit)
                account = Account(f"{bureau.lower()}-unit", bureau, role_named("registrar"), unit=unit)
                accounts.add_account(connection, account, made.clock())
        yield made


def stood_in_for(desk: HitDesk) -> str:
    """Let Kenya answer for Egypt, which was silent; return the hit."""
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.ask(one, account="fra-unit")
    desk.clock.pass_on(minutes=10)
    strike(desk.desk)
    desk.answer(one, account="ken-unit")
    return one


def test_whoever_stands_in_is_shown_with_its_unit_and_for_whom(desk: HitDesk) -> None:
    answer = desk.page(stood_in_for(desk), "fra-registrar").to_json()["answer"]
    assert isinstance(answer, dict)
    assert (answer["bureau"], answer["unit"], answer["on_behalf_of"]) == ("KEN", "port-watch", "EGY")


@pytest.mark.parametrize(
    ("reader", "seen"), [("ken-registrar", "ken-unit"), ("egy-registrar", None), ("fra-registrar", None)]
)
def test_the_account_is_shown_to_its_own_bureau_alone(desk: HitDesk, reader: str, seen: str | None) -> None:
    answer = desk.page(stood_in_for(desk), reader).to_json()["answer"]
    assert isinstance(answer, dict)
    assert answer.get("account") == seen


def test_who_asked_is_shown_with_its_unit(desk: HitDesk) -> None:
    question = desk.page(stood_in_for(desk)).to_json()["question"]
    assert isinstance(question, dict)
    assert (question["unit"], "account" in question) == ("gate-9", False)


@pytest.mark.parametrize(("account", "is_on_duty"), [("egy-unit", True), ("egy-registrar", False)])
def test_a_delegate_on_duty_is_marked(desk: HitDesk, account: str, is_on_duty: bool) -> None:
    set_duty({"account": "egy-unit"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.answer(one, account=account)
    answer = desk.page(one, "fra-registrar").to_json()["answer"]
    assert isinstance(answer, dict)
    assert (answer["on_duty"], answer["on_behalf_of"]) == (is_on_duty, None)


def test_a_delegate_who_was_on_duty_stays_marked(desk: HitDesk) -> None:
    set_duty({"account": "egy-unit"}, desk.officer("egy-registrar"), desk.desk)
    one = desk.hit()
    desk.answer(one, account="egy-unit")
    set_duty({"account": None}, desk.officer("egy-registrar"), desk.desk)
    desk.close(one, "identity-confirmed")
    shown = desk.page(one).to_json()
    assert isinstance(shown["answer"], dict)
    assert isinstance(shown["outcome"], dict)
    assert (shown["answer"]["on_duty"], shown["outcome"]["on_duty"]) == (True, False)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "<bdi>port-watch</bdi> · on behalf of \u2068Egypt\u2069"),
        ("fr", "<bdi>port-watch</bdi> · pour le compte de\u00a0: \u2068Égypte\u2069"),
        ("es", "<bdi>port-watch</bdi> · en nombre de: \u2068Egipto\u2069"),
        ("ar", "<bdi>port-watch</bdi> · نيابةً عن: \u2068مصر\u2069"),
    ],
)
def test_the_page_says_who_acted_for_whom(desk: HitDesk, language: str, words: str) -> None:
    one = stood_in_for(desk)
    entering = visitor(desk.node, **{"Accept-Language": language})
    entering.sign_in(desk.node, open_account(desk.node, "fra-inside", "FRA"))
    page = entering.client.get(f"/inbox/{one}").text
    assert (words in page, "ken-unit" in page) == (True, False)
