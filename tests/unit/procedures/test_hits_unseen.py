"""Whoever checked is told, once, when the record that was met can be seen no more; why it cannot looks alike."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from tests.journeys.console_visitor import open_account, visitor, words_of
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.procedures.clockwork import tick
from comity.procedures.submit import withdraw

Way = Callable[[HitDesk, str], object]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        yield made


def withdrawn(desk: HitDesk, record: str) -> None:
    withdraw(record, None, desk.officer("egy-registrar"), desk.desk)


def kept_from_france(desk: HitDesk, _record: str) -> None:
    desk.enter(share={"except": ["FRA"]})


def unpurposed(desk: HitDesk, _record: str) -> None:
    desk.enter(purposes=["investigation"])


WAYS: list[Way] = [withdrawn, kept_from_france, unpurposed]


def met(desk: HitDesk) -> tuple[str, str]:
    """Return the record that is met, and the hit."""
    record = desk.enter()
    one = desk.hit()
    tick(desk.desk, None)
    return record, one


@pytest.mark.parametrize("way", WAYS)
def test_whoever_checked_is_told(desk: HitDesk, way: Way) -> None:
    record, _one = met(desk)
    way(desk, record)
    tick(desk.desk, None)
    assert desk.told("FRA") == ["met", "unseen"]


@pytest.mark.parametrize("way", WAYS)
def test_nobody_is_told_twice(desk: HitDesk, way: Way) -> None:
    record, _one = met(desk)
    way(desk, record)
    tick(desk.desk, None)
    if way is not withdrawn:
        desk.enter(share={"only": ["KEN"]})
        tick(desk.desk, None)
    tick(desk.desk, None)
    assert desk.told("FRA").count("unseen") == 1


@pytest.mark.parametrize("way", WAYS)
def test_whoever_sees_it_again_is_told_and_told_once_more_when_it_goes(desk: HitDesk, way: Way) -> None:
    record, one = met(desk)
    shown: list[object] = []
    for step in (way, lambda desk, _record: desk.enter(), way):
        step(desk, record)
        tick(desk.desk, None)
        shown.append(desk.page(one, "fra-officer").to_json()["unseen_at"])
    assert desk.told("FRA") == ["met", "unseen", "seen-again", "unseen"]
    assert [at is None for at in shown] == [False, True, False]


@pytest.mark.parametrize("way", WAYS)
def test_the_hit_says_so_to_whoever_checked_alone(desk: HitDesk, way: Way) -> None:
    record, one = met(desk)
    before = desk.page(one, "fra-officer").to_json()
    way(desk, record)
    tick(desk.desk, None)
    asker, owner = desk.page(one, "fra-officer").to_json(), desk.page(one).to_json()
    assert (before["unseen_at"], asker["unseen_at"]) == (None, desk.clock().isoformat())
    assert "unseen_at" not in owner


def test_every_way_looks_alike(tmp_path: Path) -> None:
    shown: list[Mapping[str, object]] = []
    for place, way in enumerate(WAYS):
        with hit_desk(tmp_path / str(place)) as desk:
            record, one = met(desk)
            way(desk, record)
            tick(desk.desk, None)
            page = desk.page(one, "fra-officer").to_json()
            shown.append({name: value for name, value in page.items() if name not in {"hit", "record"}})
    assert shown[0] == shown[1] == shown[2]


def test_whoever_still_sees_it_is_told_nothing(desk: HitDesk) -> None:
    _record, one = met(desk)
    desk.enter(share={"except": ["KEN"]})
    tick(desk.desk, None)
    assert (desk.told("FRA"), desk.page(one, "fra-officer").to_json()["unseen_at"]) == (["met"], None)


def test_of_a_closed_hit_nobody_is_told(desk: HitDesk) -> None:
    record, one = met(desk)
    desk.close(one, "not-pursued")
    withdrawn(desk, record)
    tick(desk.desk, None)
    assert "unseen" not in desk.told("FRA")


def test_an_owner_s_own_check_is_not_told_of_its_own_withdrawal(desk: HitDesk) -> None:
    record = desk.enter()
    desk.hit("egy-officer")
    withdrawn(desk, record)
    tick(desk.desk, None)
    assert "unseen" not in desk.told("EGY")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Hold nobody and nothing because of it"),
        ("fr", "Ne retenez personne ni rien"),
        ("es", "No retenga a nadie ni nada"),
        ("ar", "لا توقف أحداً ولا تحجز شيئاً"),
    ],
)
def test_the_page_says_to_hold_nobody(desk: HitDesk, way: Way, language: str, words: str) -> None:
    record, one = met(desk)
    entering = visitor(desk.node, **{"Accept-Language": language})
    entering.sign_in(desk.node, open_account(desk.node, "fra-inside", "FRA"))
    before = words_of(entering.client.get(f"/inbox/{one}").text)
    way(desk, record)
    tick(desk.desk, None)
    after = words_of(entering.client.get(f"/inbox/{one}").text)
    assert (words in before, words in after) == (False, True)
