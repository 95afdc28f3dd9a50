"""The journal: durable lines, torn tails, damage, files used again; and their taking over by the log."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.copies import copy_tables

from comity.audit.entries import Entry, encode, new_nonce
from comity.audit.heads import Signer
from comity.errors import OverloadedError
from comity.registry import audit_log, journal, taking_over
from comity.registry.engine import writing
from comity.registry.journal import FILE_BYTES, FIRST, JournalWriter, journal_files
from comity.registry.registry import Beside, Registry

KEY = bytes(range(32))
NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)


def entry(account: str = "ana", after_s: int = 0) -> Entry:
    return Entry(
        at=NOON + timedelta(seconds=after_s),
        act="check:make",
        account=account,
        bureau="FRA",
        outcome="no_hit",
        door="http",
        nonce=new_nonce(),
    )


def lines_in(directory: Path) -> list[bytes]:
    return [
        line
        for file in journal_files(directory, KEY)
        for frame in file.frames(*FIRST)
        for line in frame.lines
    ]


@pytest.fixture
def registry(registry_place: str, tmp_path: Path) -> Iterator[Registry]:
    engine = copy_tables(registry_place)
    key = Ed25519PrivateKey.from_private_bytes(KEY)
    signer = Signer("police.example", key, lambda: NOON)
    with writing(engine) as connection:
        audit_log.start(connection, signer)
    made = Registry(engine, signer, KEY, Beside(tmp_path / "pulse", tmp_path / "journal", KEY))
    made.begin_journal()
    yield made
    made.close()


def logged(registry: Registry) -> list[str]:
    """Return the accounts of all lines that the log holds, in order."""
    with registry.read() as connection:
        size = audit_log.verify(connection, registry.signer.verifier, lambda *_: True).size
        return [audit_log.entry_at(connection, seq).entry.account for seq in range(size)]


def test_lines_are_read_as_they_were_handed_in(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY)
    writer.append([b"one", b"two"])
    writer.append([b"three"])
    assert lines_in(tmp_path) == [b"one", b"two", b"three"]


def test_a_file_has_room_from_its_first_line_until_it_is_full(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY)
    has_room = [writer.has_room()]
    writer.append([b"one"])
    has_room.append(writer.has_room())
    writer.append([b"x" * FILE_BYTES])
    has_room.append(writer.has_room())
    writer.append([b"two"])
    has_room.append(writer.has_room())
    assert has_room == [False, True, False, True]


def test_a_torn_frame_is_the_end(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY)
    writer.append([b"one"])
    writer.append([b"x" * 1000])
    file = journal_files(tmp_path, KEY)[0]
    end = next(file.frames(*FIRST)).end
    with file.path.open("r+b") as cut:
        cut.seek(end + 500)
        cut.write(bytes(1000))
    assert lines_in(tmp_path) == [b"one"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    frames=st.lists(
        st.lists(st.binary(max_size=90).filter(lambda line: b"\n" not in line), min_size=1), max_size=5
    ),
    cut=st.integers(0, 4000),
)
def test_whatever_is_cut_off_what_stands_before_is_read(
    tmp_path: Path, frames: list[list[bytes]], cut: int
) -> None:
    shutil.rmtree(tmp_path / "cut", ignore_errors=True)
    writer = JournalWriter(tmp_path / "cut", KEY)
    writer.append([b"first"])
    for lines in frames:
        writer.append(lines)
    writer.close()
    file = journal_files(tmp_path / "cut", KEY)[0]
    whole = list(file.frames(*FIRST))
    os.truncate(file.path, 64 + cut)
    kept = [frame for frame in whole if frame.end <= 64 + cut]
    # A frame whose filling alone is cut off is whole.
    assert list(file.frames(*FIRST))[: len(kept)] == kept


def test_what_an_earlier_use_of_the_file_left_is_not_read(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY)
    for number in range(5):
        writer.append([b"%d" % number])
    writer.close()
    journal_files(tmp_path, KEY)[0].retire()
    again = JournalWriter(tmp_path, KEY)
    again.append([b"new"])
    assert lines_in(tmp_path) == [b"new"]


def test_a_line_changed_on_the_disk_does_not_hold(tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path, KEY)
    writer.append([b"account a"])
    file = journal_files(tmp_path, KEY)[0]
    file.path.write_bytes(file.path.read_bytes().replace(b"account a", b"account b"))
    assert lines_in(tmp_path) == []


def test_with_too_many_files_waiting_nothing_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "FILES_MAX", 1)
    JournalWriter(tmp_path, KEY).append([b"one"])
    with pytest.raises(OverloadedError):
        JournalWriter(tmp_path, KEY).append([b"two"])


def test_the_log_takes_over_what_the_journal_holds(registry: Registry) -> None:
    registry.log_all([entry("ana"), entry("bob")])
    registry.settle()
    assert logged(registry) == ["ana", "bob"]


def test_the_log_takes_over_each_line_once(registry: Registry) -> None:
    registry.log(entry("ana"))
    registry.settle()
    registry.log(entry("bob"))
    registry.settle()
    registry.settle()
    assert logged(registry) == ["ana", "bob"]


@pytest.mark.parametrize("at_once", [1, 3, 4096])
def test_lines_of_several_journals_stand_in_the_log_as_they_were_made(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """However many of one wait, a line of another is not put behind those that were made after it."""
    monkeypatch.setattr(taking_over, "LINES_AT_ONCE", at_once)
    writers = [JournalWriter(tmp_path / "journal", KEY) for _ in range(3)]
    whose = (0, 0, 0, 1, 0, 2, 2, 0, 1, 0, 0, 0)
    for place, writer in enumerate(whose):
        writers[writer].append([encode(entry(f"a{place}", place))])
    while registry.settle():
        pass
    assert logged(registry) == [f"a{place}" for place in range(len(whose))]


def test_a_log_with_lines_from_the_journal_is_sound(registry: Registry) -> None:
    registry.log_all([entry() for _ in range(700)])
    registry.settle()
    with registry.read() as connection:
        assert audit_log.verify(connection, registry.signer.verifier, lambda *_: True).sound


def test_lines_of_a_writer_that_died_are_taken_over(registry: Registry, tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "journal", KEY)
    writer.append([encode(entry("dead"))])
    writer.close()
    registry.settle()
    assert logged(registry) == ["dead"]


def test_a_file_taken_over_and_let_go_is_used_again(registry: Registry, tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "journal", KEY)
    writer.append([encode(entry())])
    writer.close()
    registry.settle()
    assert journal_files(tmp_path / "journal", KEY) == []


def damage_first_of_three(registry: Registry, directory: Path) -> None:
    writer = JournalWriter(directory, KEY)
    for account in ("one", "two", "three"):
        writer.append([encode(entry(account))])
    writer.close()
    file = journal_files(directory, KEY)[0]
    file.path.write_bytes(file.path.read_bytes().replace(b'"account":"one"', b'"account":"ONE"'))
    registry.settle()


def test_lines_beyond_a_damaged_one_are_taken_over(registry: Registry, tmp_path: Path) -> None:
    damage_first_of_three(registry, tmp_path / "journal")
    assert logged(registry) == ["two", "three"]


def test_a_damaged_journal_is_a_fault(registry: Registry, tmp_path: Path) -> None:
    damage_first_of_three(registry, tmp_path / "journal")
    assert [fault.split()[0] for fault in registry.journal_faults()] == ["journal-damaged"]


def test_a_torn_journal_is_no_fault(registry: Registry, tmp_path: Path) -> None:
    writer = JournalWriter(tmp_path / "journal", KEY)
    writer.append([encode(entry())])
    writer.close()
    file = journal_files(tmp_path / "journal", KEY)[0]
    content = file.path.read_bytes()
    file.path.write_bytes(content[:100] + bytes(20) + content[120:])
    registry.settle()
    assert registry.journal_faults() == []
