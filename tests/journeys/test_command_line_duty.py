"""The duty desk from the command line: one thing is set at a time, and takes nothing else back."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.copies import copy_node
from tests.journeys.command_line import comity_here

PEOPLE = (("egy-registrar", "EGY", "registrar"),)
ALL = ("--second", "KEN", "--contact", "+20 2 5550100", "--account", "egy-registrar", "--days", "border=5")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("duty") / "node"
    copy_node(directory, PEOPLE)
    return directory


def duty(home: Path, *words: str) -> dict[str, object]:
    """Return the duty desk after a command."""
    place = ("--node", str(home), "--as", "egy-registrar", "--json")
    done = comity_here("duty", *words, *place)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def of(desk: dict[str, object]) -> Sequence[object]:
    days = desk["days"]
    assert isinstance(days, dict)
    return desk["second"], desk["contact"], desk["account"], days["border"], desk["kinds"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--contact", "+20 2 5550199"), ("KEN", "+20 2 5550199", "egy-registrar", 5, {"person": 9})),
        (("--second", "FRA"), ("FRA", "+20 2 5550100", "egy-registrar", 5, {"person": 9})),
        (("--days", "border=7"), ("KEN", "+20 2 5550100", "egy-registrar", 7, {"person": 9})),
        (("--second", ""), (None, "+20 2 5550100", "egy-registrar", 5, {"person": 9})),
        (("--contact", "", "--account", ""), ("KEN", None, None, 5, {"person": 9})),
        (("--days", "person=", "--days", "border="), ("KEN", "+20 2 5550100", "egy-registrar", 3, {})),
    ],
)
def test_what_is_not_named_stays(home: Path, words: tuple[str, ...], expected: tuple[object, ...]) -> None:
    duty(home, "set", *ALL, "--days", "person=9")
    duty(home, "set", *words)
    assert of(duty(home, "show")) == expected


def test_days_that_are_none_are_told(home: Path) -> None:
    done = comity_here("duty", "set", "--days", "border=soon", "--node", str(home), "--as", "egy-registrar")
    assert done.returncode != 0
