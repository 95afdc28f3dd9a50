"""What is worth a look for a check is kept, and never taken for what another check or profile asks."""

from dataclasses import replace

import pytest

from comity.matching.profiles import PROFILES
from comity.procedures import likeliest
from comity.records.check import parse_check
from comity.records.fieldtype import Json

PERSON: dict[str, Json] = {"kind": "person", "name": "Odessa Marlowe", "born": "1970-02-03"}
ASKED: tuple[dict[str, Json], ...] = (
    PERSON,
    {**PERSON, "floor": 0.0},
    {**PERSON, "floor": 0.5},
    {"kind": "person", "name": "Odessa Marlowe"},
    {**PERSON, "sex": "F"},
    {"kind": "vehicle", "plate": "AB1234"},
)


def test_what_is_kept_is_what_would_be_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    checks = [(parse_check(asked), profile) for asked in ASKED for profile in PROFILES.values()]
    monkeypatch.setattr(likeliest, "aims_kept", {})
    kept = [likeliest.aim_of(*one) for one in checks]
    kept_again = [likeliest.aim_of(*one) for one in checks]
    anew: list[likeliest.Aim] = []
    for one in checks:
        monkeypatch.setattr(likeliest, "aims_kept", {})
        anew.append(likeliest.aim_of(*one))
    assert kept == kept_again == anew


def test_no_more_is_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeliest, "aims_kept", {})
    monkeypatch.setattr(likeliest, "AIMS_KEPT", 8)
    check = parse_check(PERSON)
    (profile, *_) = PROFILES.values()
    for place in range(100):
        likeliest.aim_of(replace(check, floor=place / 100), profile)
    assert len(likeliest.aims_kept) <= 8
