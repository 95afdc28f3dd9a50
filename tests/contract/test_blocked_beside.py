"""What a case blocks beside a record is not purged with that record, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.contract.test_former_words import amended, noted, proposed
from tests.unit.procedures.gathered import File, file
from tests.unit.procedures.offices import officer

from comity.procedures.retention_run import run_retention

PLACES: dict[str, Callable[[File], str]] = {
    "former": lambda made: f"{amended(made)}.2",
    "note": lambda made: f"{noted(made)}.n",
    "proposal": proposed,
}


@pytest.fixture
def made(tmp_path: Path, registry_place: str) -> Iterator[File]:
    with file(tmp_path, registry_place) as filled:
        yield filled


SUSPENDED, OVER, LATER = 9000, 9400, 9500
"""Days from now: when the record is suspended, when its grace is over, and one more."""


def is_held_after(made: File, one: str, days_of_runs: Sequence[int]) -> bool:
    """Run retention on these days; return whether the thing is held then."""
    desk = made.node.desk
    for days in days_of_runs:
        at = desk.clock() + timedelta(days=days)
        later = replace(desk, clock=lambda at=at: at)
        run_retention(officer(made.node, "operator"), later)
    return made.about(one).thing is not None


@pytest.mark.parametrize("what", PLACES)
def test_what_is_blocked_is_kept_until_it_is_decided_on(made: File, what: str) -> None:
    one = PLACES[what](made)
    made.attach(one)
    made.block(one)
    kept = is_held_after(made, one, (SUSPENDED, OVER))
    made.decide(one, "compliant")
    assert (kept, is_held_after(made, one, (LATER,))) == (True, False)
