"""What one process of a node writes, another knows: records at the next check, keys and accounts at once."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.copies import copy_node

from comity.access.credentials import token_digest
from comity.access.people import Officer
from comity.app import Node, open_node
from comity.errors import NotSignedInError
from comity.procedures import people
from comity.procedures.check import run_check
from comity.procedures.clockwork import tick
from comity.procedures.daily import turn
from comity.procedures.known_keys import KnownKeys
from comity.procedures.picture import count_the_log
from comity.procedures.sign_in import key_officer, known_key_officer, officer_named, renew_known_key
from comity.procedures.submit import submit, withdraw
from comity.records.handling import Purpose
from comity.registry import accounts

PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}


@pytest.fixture
def writing(tmp_path: Path) -> Iterator[Node]:
    """The node as one process has it open, with a registrar of Egypt."""
    copy_node(tmp_path / "node", (("egy", "EGY", "registrar"),))
    with open_node(tmp_path / "node") as node:
        yield node


@pytest.fixture
def reading(writing: Node) -> Iterator[Node]:
    """The same node as another process has it open."""
    with open_node(writing.directory) as node:
        yield node


def registrar(node: Node) -> Officer:
    return officer_named("egy", node.desk)


def outcome(node: Node) -> str:
    return run_check(dict(PASSPORT), registrar(node), Purpose.BORDER, node.desk).outcome


def enter(node: Node) -> str:
    return submit({**PASSPORT, "source_id": "one"}, registrar(node), node.desk).receipt.public_id


def test_a_record_is_found_by_another_process_at_its_next_check(writing: Node, reading: Node) -> None:
    outcome(reading)
    enter(writing)
    assert outcome(reading) == "hit"


def test_a_withdrawn_record_is_gone_in_another_process_at_its_next_check(
    writing: Node, reading: Node
) -> None:
    record = enter(writing)
    outcome(reading)
    withdraw(record, None, registrar(writing), writing.desk)
    assert outcome(reading) == "no_hit"


def test_while_nobody_writes_no_check_asks_the_registry(reading: Node) -> None:
    reading.desk.follower.clock = lambda: 100.0
    outcome(reading)
    outcome(reading)
    assert reading.desk.follower.is_level()


def test_a_writer_that_has_ended_is_noticed_in_memory(writing: Node, reading: Node) -> None:
    outcome(reading)
    enter(writing)
    assert not reading.desk.follower.is_level()


def test_where_a_writer_died_half_way_the_registry_is_asked_within_50_ms(
    writing: Node, reading: Node
) -> None:
    moments = iter([10.0, 10.04, 10.06])
    reading.desk.follower.clock = lambda: next(moments)
    pulse = writing.desk.registry._pulse
    assert pulse is not None
    pulse.begin()
    reading.desk.follower.catch_up()
    assert [reading.desk.follower.is_level(), reading.desk.follower.is_level()] == [True, False]


def test_the_registry_is_asked_each_second_whatever_the_pulse_says(reading: Node) -> None:
    moments = iter([10.0, 10.9, 11.1])
    reading.desk.follower.clock = lambda: next(moments)
    reading.desk.follower.catch_up()
    assert [reading.desk.follower.is_level(), reading.desk.follower.is_level()] == [True, False]


def test_asked_while_it_is_level_the_index_stays_so_for_longer(reading: Node) -> None:
    follower, now = reading.desk.follower, [10.0]
    follower.clock = lambda: now[0]
    follower.catch_up()
    now[0] = 10.6
    before = (follower.is_level(), follower.is_level(0.5))
    follower.ask()
    now[0] = 11.5
    assert (before, follower.is_level()) == ((True, False), True)


@pytest.fixture
def key(writing: Node) -> str:
    return people.new_key(registrar(writing), writing.desk).reveal()


def test_a_key_proven_is_known_without_the_registry(reading: Node, key: str) -> None:
    key_officer(key, reading.desk)
    assert known_key_officer(key, reading.desk) is not None


def test_a_key_revoked_in_one_process_is_refused_in_another_at_once(
    writing: Node, reading: Node, key: str
) -> None:
    key_officer(key, reading.desk)
    with writing.desk.registry.write() as connection:
        accounts.revoke_key(connection, key.split("_")[1], writing.desk.clock())
    with pytest.raises(NotSignedInError):
        key_officer(key, reading.desk)


def test_a_key_whose_account_is_closed_is_refused_at_once(writing: Node, reading: Node, key: str) -> None:
    key_officer(key, reading.desk)
    with writing.desk.registry.write() as connection:
        accounts.change_account(connection, "egy", state="closed")
    with pytest.raises(NotSignedInError):
        key_officer(key, reading.desk)


def test_a_record_entered_leaves_keys_known(writing: Node, reading: Node, key: str) -> None:
    key_officer(key, reading.desk)
    enter(writing)
    assert known_key_officer(key, reading.desk) is not None


def test_a_known_key_that_expires_meanwhile_is_refused(reading: Node, key: str) -> None:
    key_officer(key, reading.desk)
    later = reading.desk.clock().replace(year=reading.desk.clock().year + 5)
    with pytest.raises(NotSignedInError):
        key_officer(key, replace(reading.desk, clock=lambda: later))


def test_a_known_key_asked_for_anew_is_known_for_longer(reading: Node, key: str) -> None:
    keys, now = reading.desk.keys, [10.0]
    keys.clock = lambda: now[0]
    key_officer(key, reading.desk)
    digest = token_digest(key)
    first = known_key_officer(key, reading.desk)
    is_ageing = [keys.ageing(digest)]
    now[0] = 13.0
    is_ageing.append(keys.ageing(digest))
    renew_known_key(key.split("_")[1], digest, reading.desk)
    now[0] = 17.0
    assert is_ageing == [None, key.split("_")[1]]
    assert first is not None
    assert known_key_officer(key, reading.desk) is first


def test_a_key_that_is_found_revoked_when_asked_for_anew_is_known_no_more(
    writing: Node, reading: Node, key: str
) -> None:
    key_officer(key, reading.desk)
    # Past the pulse, as another program would.
    with writing.desk.registry.quietly() as connection:
        accounts.revoke_key(connection, key.split("_")[1], writing.desk.clock())
    before = known_key_officer(key, reading.desk)
    renew_known_key(key.split("_")[1], token_digest(key), reading.desk)
    assert before is not None
    assert known_key_officer(key, reading.desk) is None


def test_a_key_revoked_while_it_is_asked_for_anew_is_known_no_more(
    writing: Node, reading: Node, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_officer(key, reading.desk)
    know = KnownKeys.know

    def too_late(keys: KnownKeys, digest: str, key_id: str, officer: Officer, *until: Any) -> None:
        with writing.desk.registry.write() as connection:
            accounts.revoke_key(connection, key_id, writing.desk.clock())
        know(keys, digest, key_id, officer, *until)

    monkeypatch.setattr(KnownKeys, "know", too_late)
    renew_known_key(key.split("_")[1], token_digest(key), reading.desk)
    assert known_key_officer(key, reading.desk) is None


def test_a_check_finds_what_another_program_has_imported(reading: Node, tmp_path: Path) -> None:
    outcome(reading)
    (tmp_path / "list.jsonl").write_text(json.dumps({**PASSPORT, "source_id": "two"}) + "\n")
    words = ["import", "jsonl", str(tmp_path / "list.jsonl"), "--owner", "EGY", "--share", "all"]
    command = [sys.executable, "-m", "comity.cli", *words, "--node", str(reading.directory)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, outcome(reading)) == (0, "hit"), done.stderr


def test_the_rounds_of_a_clock_that_finds_nothing_due_make_nobody_ask_anew(
    writing: Node, reading: Node
) -> None:
    tick(writing.desk, None)
    turn(writing.desk)  # retention runs once a day
    before = writing.desk.registry.beat()
    outcome(reading)
    tick(writing.desk, None)
    turn(writing.desk)
    outcome(reading)
    assert count_the_log(writing.desk), "the check is a line that was not counted"
    assert writing.desk.registry.beat() == before
