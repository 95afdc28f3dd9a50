"""Whoever reads what a bureau says of its duty desk, units and officers leaves a line, as with any reading."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.access.roles import role_named
from comity.errors import RefusedError
from comity.procedures.bureaus import officers, units
from comity.procedures.duties import read_duty, set_duty
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        yield made


def own(desk: HitDesk, account: str) -> list[tuple[str, str]]:
    """Return the act and outcome of each line of an account, oldest first."""
    desk.desk.registry.settle()
    with desk.desk.registry.read() as connection:
        found = [one.entry for one in audit_log.own_entries(connection, account, 50, None)]
    return [(entry.act, entry.outcome) for entry in reversed(found)]


def test_a_reading_leaves_one_line(desk: HitDesk) -> None:
    read_duty(desk.officer("egy-registrar"), desk.desk)
    assert own(desk, "egy-registrar") == [("duty:set", "read")]


def test_one_that_is_refused_leaves_one_line(desk: HitDesk) -> None:
    with pytest.raises(RefusedError):
        read_duty(desk.officer("egy-officer"), desk.desk)
    assert own(desk, "egy-officer") == [("duty:set", "refused")]


def test_setting_it_leaves_one_line(desk: HitDesk) -> None:
    set_duty({"second": "KEN"}, desk.officer("egy-registrar"), desk.desk)
    assert own(desk, "egy-registrar") == [("duty:set", "done")]


@pytest.mark.parametrize("listed", [units, officers])
def test_so_does_a_list_of_units_and_of_officers(desk: HitDesk, listed: Callable[..., object]) -> None:
    with desk.desk.registry.write() as connection:
        account = Account("egy-admin", "EGY", role_named("administrator"))
        accounts.add_account(connection, account, desk.clock())
    listed(desk.officer("egy-admin"), desk.desk)
    assert own(desk, "egy-admin") == [("account:manage", "done")]
