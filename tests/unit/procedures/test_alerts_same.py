"""Two bureaus that hold the same learn of it by any name or number that both records state, whichever came last."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import PASSPORT, HitDesk, hit_desk

from comity.procedures.clockwork import tick
from comity.procedures.submit import submit

BORN = ["1983-11-19"]
FIRST: dict[str, object] = {"type": "P", "issuer": "EGY", "number": "B1112223"}
SECOND: dict[str, object] = {"type": "P", "issuer": "KEN", "number": "B4445556"}


def person(*names: str, **said: object) -> dict[str, object]:
    stated = [{"name": one, "type": "primary" if place == 0 else "alias"} for place, one in enumerate(names)]
    return {"kind": "person", "share": "all", "names": stated, **said}


TWICE_NAMED = person("Ottoline Verhaegen", "Brunhild Kasparova", born=BORN, documents=[FIRST, SECOND])
SHARING = {
    "alias": person("Brunhild Kasparova", born=BORN),
    "passport": person("Zeynep Dalamanoglu", documents=[SECOND]),
}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        yield made


def enter(desk: HitDesk, record: dict[str, object], owner: str) -> None:
    submit({"source_id": owner, **record}, desk.officer(f"{owner}-registrar"), desk.desk)
    tick(desk.desk, None)


@pytest.mark.parametrize("sharing", SHARING.values(), ids=SHARING)
@pytest.mark.parametrize("last", ["egy", "ken"])
def test_what_stands_second_in_a_record_is_met_whichever_came_last(
    desk: HitDesk, sharing: dict[str, object], last: str
) -> None:
    records = {"egy": TWICE_NAMED, "ken": sharing}
    for owner in sorted(records, key=lambda one: one == last):
        enter(desk, records[owner], owner)
    assert sorted([*desk.told("EGY"), *desk.told("KEN")]) == ["met", "opened"]


def test_a_record_that_shares_two_things_is_told_once(desk: HitDesk) -> None:
    enter(desk, person("Brunhild Kasparova", born=BORN, documents=[FIRST, SECOND]), "ken")
    enter(desk, TWICE_NAMED, "egy")
    assert (desk.told("KEN"), desk.told("EGY")) == (["opened"], ["met"])


def test_what_stands_second_tells_nothing_of_what_is_withheld(desk: HitDesk) -> None:
    enter(desk, {**SHARING["passport"], "share": "owner"}, "ken")
    enter(desk, TWICE_NAMED, "egy")
    assert (desk.told("KEN"), desk.told("EGY")) == ([], [])


def test_a_weak_alias_alone_makes_no_two_records_the_same(desk: HitDesk) -> None:
    weak = [{"name": "Ottoline Verhaegen", "type": "primary"}, {"name": "Abu Zayd", "type": "weak"}]
    enter(desk, person("Abu Zayd"), "ken")
    enter(desk, person("Ottoline Verhaegen", names=weak), "egy")
    assert (desk.told("KEN"), desk.told("EGY")) == ([], [])


@pytest.mark.parametrize("over", ["egy", "ken"])
def test_a_record_whose_time_is_over_means_nothing_any_more(desk: HitDesk, over: str) -> None:
    for owner in ("ken", "egy"):
        ended: dict[str, object] = {"retain_until": "2026-03-01"} if owner == over else {}
        enter(desk, {**PASSPORT, **ended}, owner)
    assert (desk.told("KEN"), desk.told("EGY")) == ([], [])
