"""A private partner learns go or wait; the police learn the rest."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.access.roles import role_named
from comity.api.partner import ANSWERS
from comity.errors import MalformedError, RefusedError
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.partner import PURPOSES, partner_check
from comity.procedures.trail import hits_on_own, own_acts
from comity.records.handling import Purpose
from comity.registry import accounts
from comity.registry.accounts import Account

STOLEN = {"type": "P", "issuer": "EGY", "number": "K1234567"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        with made.desk.registry.write() as connection:
            account = Account("airline", "FRA", role_named("partner"))
            accounts.add_account(connection, account, made.clock())
        yield made


def asked(desk: HitDesk, **fields: object) -> str:
    return partner_check({**STOLEN, **fields}, desk.officer("airline"), None, desk.desk)


def test_a_stolen_document_waits(desk: HitDesk) -> None:
    assert asked(desk) == "wait"


def test_another_document_goes(desk: HitDesk) -> None:
    assert asked(desk, number="K7654321") == "go"


def test_what_is_withheld_from_the_national_bureau_goes(desk: HitDesk) -> None:
    desk.enter(source_id="D2", number="H1234567", share={"except": ["FRA"]})
    assert asked(desk, number="H1234567") == "go"


def test_both_answers_have_the_same_length() -> None:
    assert len({len(body) for body in ANSWERS.values()}) == 1


def test_the_police_of_both_sides_are_told(desk: HitDesk) -> None:
    asked(desk)
    tick(desk.desk, None)
    assert (desk.told("EGY"), desk.told("FRA")) == (["opened"], ["met"])


def test_the_national_bureau_sees_what_the_partner_asked(desk: HitDesk) -> None:
    asked(desk)
    tick(desk.desk, None)
    page = desk.page(desk.listed("fra-registrar")[0], "fra-registrar")
    assert (page.asked or {}).get("number") == "K1234567"


def test_the_owner_s_trail_names_the_partner_s_check(desk: HitDesk) -> None:
    asked(desk)
    newest = hits_on_own(desk.officer("egy-registrar"), 1, None, desk.desk)[0].entry
    assert (newest.act, newest.bureau) == ("partner:check", "FRA")


def test_a_partner_s_own_trail_names_no_record(desk: HitDesk) -> None:
    asked(desk)
    line = own_acts(desk.officer("airline"), 1, None, desk.desk)[0].to_json()
    assert (line["outcome"], line["records"]) == ("wait", [])


@pytest.mark.parametrize("extra", [{"name": "Anna"}, {"mrz": "P<"}, {"kind": "person"}, {"floor": 0}])
def test_nothing_but_the_three_fields_is_taken(desk: HitDesk, extra: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        asked(desk, **extra)


@pytest.mark.parametrize("field", ["type", "issuer", "number"])
def test_all_three_fields_are_needed(desk: HitDesk, field: str) -> None:
    with pytest.raises(MalformedError) as error:
        asked(desk, **{field: None})
    assert error.value.field == field


@pytest.mark.parametrize("account", ["fra-officer", "fra-registrar", "fra-controller", "operator"])
def test_only_partners_ask_so(desk: HitDesk, account: str) -> None:
    with pytest.raises(RefusedError):
        partner_check(dict(STOLEN), desk.officer(account), None, desk.desk)


def test_a_partner_makes_no_check_of_an_officer(desk: HitDesk) -> None:
    with pytest.raises(RefusedError):
        desk.check("airline")


def test_each_act_leaves_one_line(desk: HitDesk) -> None:
    for number in ("K1234567", "K7654321"):
        asked(desk, number=number)
    with pytest.raises(MalformedError):
        asked(desk, number=None)
    lines = own_acts(desk.officer("airline"), 9, None, desk.desk)
    assert [line.entry.outcome for line in lines] == ["invalid", "go", "wait"]


def reported_later(desk: HitDesk, **handling: object) -> None:
    """Let the airline ask for a passport that is reported stolen an hour later."""
    assert asked(desk, number="L7654321") == "go"
    tick(desk.desk, None)
    desk.clock.pass_on(hours=1)
    desk.enter(source_id="D3", number="L7654321", **handling)
    tick(desk.desk, None)


def test_the_police_are_told_of_a_document_that_is_reported_after_the_partner_asked(desk: HitDesk) -> None:
    reported_later(desk)
    assert (desk.told("EGY"), desk.told("FRA")) == (["opened"], ["met"])


def test_the_police_learn_when_the_partner_asked(desk: HitDesk) -> None:
    reported_later(desk)
    hit = desk.page(desk.listed("fra-registrar")[0], "fra-registrar").line.hit
    waited = (hit.opened_at - hit.meeting.met_at).total_seconds()
    assert (hit.meeting.origin, hit.meeting.account, waited >= 3600) == ("recent", "airline", True)


def test_nobody_is_told_where_the_owner_withholds_it_from_the_national_bureau(desk: HitDesk) -> None:
    reported_later(desk, share={"except": ["FRA"]})
    assert (desk.told("EGY"), desk.told("FRA")) == ([], [])


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.procedures.partner.AN_HOUR_MAX", 3)


@pytest.mark.usefixtures("few")
def test_who_asks_too_often_within_an_hour_is_refused(desk: HitDesk) -> None:
    for place in range(3):
        asked(desk, number=f"K765432{place}")
    with pytest.raises(RefusedError, match="too-many-checks"):
        asked(desk)


@pytest.mark.usefixtures("few")
def test_an_hour_later_a_partner_may_ask_again(desk: HitDesk) -> None:
    for place in range(3):
        asked(desk, number=f"K765432{place}")
    desk.clock.pass_on(hours=1)
    assert asked(desk) == "wait"


@pytest.mark.usefixtures("few")
def test_what_others_ask_does_not_count(desk: HitDesk) -> None:
    for _ in range(4):
        run_check(
            {"kind": "travel_document", **STOLEN}, desk.officer("fra-officer"), Purpose.BORDER, desk.desk
        )
    assert asked(desk) == "wait"


@pytest.mark.parametrize("purpose", [one for one in Purpose if one not in PURPOSES])
def test_a_partner_states_no_purpose_of_the_police(desk: HitDesk, purpose: Purpose) -> None:
    """Answers for one purpose and another would tell for which a record is shown."""
    desk.enter(purposes=[purpose.value])
    with pytest.raises(RefusedError) as refused:
        partner_check(dict(STOLEN), desk.officer("airline"), purpose, desk.desk)
    assert refused.value.rule == "purpose-not-admitted"


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_partner_is_answered_for_what_it_checks_documents_for(desk: HitDesk, purpose: Purpose) -> None:
    desk.enter(purposes=[purpose.value])
    assert partner_check(dict(STOLEN), desk.officer("airline"), purpose, desk.desk) == "wait"


def test_an_account_bound_to_security_checks_for_that(desk: HitDesk) -> None:
    bound = replace(desk.officer("airline"), purposes=frozenset({Purpose.SECURITY}))
    assert partner_check(dict(STOLEN), bound, None, desk.desk) == "wait"
