"""One who was found to be another is not stopped again, and nobody hides behind that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.properties.lives import lines_of
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.errors import ConflictError, UnknownError
from comity.procedures.check import run_check
from comity.procedures.distinctions import KEPT_FOR, agree_distinction, undo_distinction
from comity.records.check import Answer, Hit
from comity.records.handling import Purpose

WANTED = {
    "kind": "person",
    "source_id": "P1",
    "names": [{"name": "Abdelaziz Testmansour", "type": "primary"}],
    "born": ["1971-04-09"],
    "documents": [{"type": "P", "issuer": "EGY", "number": "A7654321"}],
    "share": "all",
}
TRAVELLER = {"kind": "person", "name": "Abdelaziz Testmansour", "born": "1971-04-09", "document": "F0011223"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        enter(made)
        yield made


def enter(desk: HitDesk, **fields: object) -> str:
    from comity.procedures.submit import submit

    return submit({**WANTED, **fields}, desk.officer("egy-registrar"), desk.desk).receipt.public_id


def check(desk: HitDesk, account: str = "fra-officer", **terms: object) -> Answer:
    return run_check({**TRAVELLER, **terms}, desk.officer(account), Purpose.BORDER, desk.desk)


def met(desk: HitDesk, account: str = "fra-officer", **terms: object) -> Hit:
    return check(desk, account, **terms).hits[0]


def distinguished(desk: HitDesk, **terms: object) -> str:
    """Check, find that it is another, and say so; returns the hit's name."""
    one = str(met(desk, **terms).opened)
    desk.close(one, "not-identical", distinguish=True)
    desk.clock.pass_on(hours=1)
    return one


def test_a_distinguished_traveller_opens_no_hit_again(desk: HitDesk) -> None:
    distinguished(desk)
    assert met(desk).opened is None


def test_a_distinguished_traveller_is_still_shown_as_a_hit(desk: HitDesk) -> None:
    distinguished(desk)
    assert met(desk).action == "known-other"


def test_the_name_with_the_birth_date_alone_tells_nobody_from_its_bearer(desk: HitDesk) -> None:
    one = str(met(desk, document=None).opened)
    with pytest.raises(ConflictError) as error:
        desk.close(one, "not-identical", distinguish=True)
    assert error.value.rule == "nothing-to-distinguish"


def test_another_document_is_another_traveller(desk: HitDesk) -> None:
    distinguished(desk)
    assert met(desk, document="F9999999").opened is not None


def test_other_bureaus_heed_it_once_the_owner_agrees(desk: HitDesk) -> None:
    one = distinguished(desk)
    before = met(desk, "ken-officer").opened
    agree_distinction(one, desk.officer("egy-registrar"), desk.desk)
    desk.clock.pass_on(hours=1)
    assert (before is None, met(desk, "ken-officer").opened) == (False, None)


def test_an_owner_agrees_by_saying_itself_that_it_is_another(desk: HitDesk) -> None:
    one = str(met(desk).opened)
    desk.answer(one, "refused", reason="not-identical", distinguish=True)
    desk.clock.pass_on(hours=1)
    assert met(desk, "ken-officer").opened is None


def test_what_the_owner_agreed_to_stays_agreed_where_another_officer_finds_it_too(desk: HitDesk) -> None:
    first, second = str(met(desk).opened), str(met(desk, "fra-registrar").opened)
    desk.close(first, "not-identical", distinguish=True)
    agree_distinction(first, desk.officer("egy-registrar"), desk.desk)
    desk.close(second, "not-identical", "fra-registrar", distinguish=True)
    desk.clock.pass_on(hours=1)
    assert met(desk, "ken-officer").opened is None


def test_only_the_owner_agrees(desk: HitDesk) -> None:
    one = distinguished(desk)
    with pytest.raises(ConflictError):
        agree_distinction(one, desk.officer("fra-registrar"), desk.desk)


def test_a_record_that_comes_to_hold_the_number_stops_its_bearer(desk: HitDesk) -> None:
    distinguished(desk)
    enter(desk, documents=[{"type": "P", "issuer": "FRA", "number": "F0011223"}])
    assert met(desk).opened is not None


def test_a_distinction_holds_for_one_record_alone(desk: HitDesk) -> None:
    distinguished(desk)
    enter(desk, source_id="P2")
    assert len([hit for hit in check(desk).hits if hit.opened is not None]) == 1


def test_a_distinction_comes_to_its_end(desk: HitDesk) -> None:
    distinguished(desk)
    desk.clock.at += KEPT_FOR
    assert met(desk).opened is not None


def test_a_hit_closed_in_another_way_distinguishes_nobody(desk: HitDesk) -> None:
    one = str(met(desk).opened)
    with pytest.raises(ConflictError):
        desk.close(one, "not-pursued", distinguish=True)


def test_a_stolen_document_is_never_distinguished_by_its_own_number(desk: HitDesk) -> None:
    desk.enter()
    one = desk.hit()
    with pytest.raises(ConflictError):
        desk.close(one, "not-identical", distinguish=True)


@pytest.mark.parametrize("who", ["fra-officer", "fra-registrar", "egy-registrar"])
def test_who_was_held_to_be_another_is_stopped_again(desk: HitDesk, who: str) -> None:
    one = distinguished(desk)
    page = undo_distinction(one, desk.officer(who), desk.desk)
    assert (page.set_apart, met(desk).opened is None) == (None, False)


def test_an_owner_s_agreement_ends_with_it(desk: HitDesk) -> None:
    one = distinguished(desk)
    agree_distinction(one, desk.officer("egy-registrar"), desk.desk)
    undo_distinction(one, desk.officer("egy-registrar"), desk.desk)
    assert met(desk, "ken-officer").opened is not None


def test_the_other_side_is_told_that_it_has_ended(desk: HitDesk) -> None:
    one = distinguished(desk)
    undo_distinction(one, desk.officer("egy-registrar"), desk.desk)
    assert (desk.told("FRA")[-1], desk.told("EGY")[-1]) == ("undistinguished", "closed")


def test_nobody_else_ends_it(desk: HitDesk) -> None:
    one = distinguished(desk)
    with pytest.raises(UnknownError):
        undo_distinction(one, desk.officer("ken-registrar"), desk.desk)
    assert met(desk).opened is None


def test_what_has_ended_is_not_ended_again(desk: HitDesk) -> None:
    one = distinguished(desk)
    undo_distinction(one, desk.officer("egy-registrar"), desk.desk)
    with pytest.raises(ConflictError, match="nothing-to-distinguish"):
        undo_distinction(one, desk.officer("fra-registrar"), desk.desk)


def test_both_sides_read_that_a_traveller_is_known_to_be_another(desk: HitDesk) -> None:
    one = distinguished(desk)
    agreed = {"until": "2027-03-04T12:00:00+00:00", "is_agreed": False}
    shown = [desk.page(one, who).to_json()["set_apart"] for who in ("egy-registrar", "fra-officer")]
    assert shown == [agreed, agreed]


def test_ending_it_leaves_one_line(desk: HitDesk) -> None:
    one = distinguished(desk)
    before = lines_of(desk.desk)
    undo_distinction(one, desk.officer("egy-registrar"), desk.desk)
    assert lines_of(desk.desk) == before + 1
