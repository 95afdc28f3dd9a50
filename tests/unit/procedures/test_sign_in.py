"""Who gets in, and who does not: passphrases, codes, locks, sessions, API keys, ranks."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.access.acts import Act
from comity.access.credentials import code_at
from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import open_node
from comity.errors import NotSignedInError, RefusedError
from comity.procedures import people
from comity.procedures.desk import Desk
from comity.procedures.people import Credentials
from comity.procedures.sign_in import key_officer, officer_named, session_officer, sign_in, sign_out
from comity.registry import accounts
from comity.registry.accounts import Account

START = dt.datetime(2030, 1, 1, 12, tzinfo=dt.UTC)


@dataclass
class Door:
    """A node, one account `ana` of EGY, and a clock that is moved by hand."""

    desk: Desk
    shown: Credentials
    at: dt.datetime = START

    def enter(self, code: str | None = None, passphrase: str | None = None) -> str:
        right = code_at(self.shown.code_secret.reveal(), self.at.timestamp())
        word = self.shown.passphrase.reveal() if passphrase is None else passphrase
        return sign_in("ana", word, right if code is None else code, self.desk).token.reveal()

    def officer(self) -> Officer:
        return officer_named("ana", self.desk)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        made, shown = people.with_secrets(Account("ana", "EGY", role_named("registrar")), node.desk)
        with node.desk.registry.write() as connection:
            accounts.add_account(connection, made, START)
        one = Door(node.desk, shown)
        one.desk = replace(node.desk, clock=lambda: one.at)
        yield one


def test_the_right_passphrase_and_code_open_a_session(full_passphrases: None, door: Door) -> None:
    assert session_officer(door.enter(), door.desk).account == "ana"


def test_a_wrong_passphrase_is_refused(door: Door) -> None:
    with pytest.raises(NotSignedInError):
        door.enter(passphrase="wrong")


def test_a_wrong_code_is_refused(door: Door) -> None:
    with pytest.raises(NotSignedInError):
        door.enter(code="no")


def test_a_code_works_once(door: Door) -> None:
    door.enter()
    with pytest.raises(NotSignedInError):
        door.enter()


def test_five_failures_lock_out_the_right_credentials(door: Door) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedInError):
            door.enter(code="no")
    with pytest.raises(NotSignedInError):
        door.enter()


def test_four_failures_do_not_lock(door: Door) -> None:
    for _ in range(4):
        with pytest.raises(NotSignedInError):
            door.enter(code="no")
    assert door.enter()


def test_a_lock_ends(door: Door) -> None:
    for _ in range(5):
        with pytest.raises(NotSignedInError):
            door.enter(code="no")
    door.at += dt.timedelta(minutes=16)
    assert door.enter()


def test_an_idle_session_ends(door: Door) -> None:
    token = door.enter()
    door.at += dt.timedelta(minutes=30)
    with pytest.raises(NotSignedInError):
        session_officer(token, door.desk)


def test_a_session_in_use_ends_after_twelve_hours(door: Door) -> None:
    token = door.enter()
    for _ in range(35):
        door.at += dt.timedelta(minutes=20)
        session_officer(token, door.desk)
    door.at += dt.timedelta(minutes=20)
    with pytest.raises(NotSignedInError):
        session_officer(token, door.desk)


def test_a_session_signed_out_is_over(door: Door) -> None:
    token = door.enter()
    sign_out(token, door.desk)
    with pytest.raises(NotSignedInError):
        session_officer(token, door.desk)


def test_a_key_narrows_the_acts(door: Door) -> None:
    key = people.new_key(door.officer(), door.desk, [Act.CHECK.value]).reveal()
    assert key_officer(key, door.desk).acts() == {Act.CHECK}


def test_an_expired_key_is_refused(door: Door) -> None:
    key = people.new_key(door.officer(), door.desk, days=1).reveal()
    door.at += dt.timedelta(days=1)
    with pytest.raises(NotSignedInError):
        key_officer(key, door.desk)


def test_a_revoked_key_is_refused(door: Door) -> None:
    key = people.new_key(door.officer(), door.desk).reveal()
    people.end_key(key.split("_")[1], door.officer(), door.desk)
    with pytest.raises(NotSignedInError):
        key_officer(key, door.desk)


def test_a_key_with_another_secret_is_refused(door: Door) -> None:
    key = people.new_key(door.officer(), door.desk).reveal()
    with pytest.raises(NotSignedInError):
        key_officer(key + "x", door.desk)


@pytest.mark.parametrize("role", ["administrator", "operator"])
def test_an_administrator_opens_no_account_of_their_rank_or_above(door: Door, role: str) -> None:
    chief = replace(door.officer(), role=role_named("administrator"))
    with pytest.raises(RefusedError):
        people.open_account(Account("new", "EGY", role_named(role)), chief, door.desk)


def test_an_administrator_opens_no_account_of_another_bureau(door: Door) -> None:
    chief = replace(door.officer(), role=role_named("administrator"))
    with pytest.raises(RefusedError):
        people.open_account(Account("new", "FRA", role_named("officer")), chief, door.desk)
