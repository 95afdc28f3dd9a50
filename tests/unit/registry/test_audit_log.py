"""The stored audit log, on SQLite and on PostgreSQL alike."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text

from comity.audit.entries import Entry, encode
from comity.audit.heads import Signer, verify_head
from comity.audit.proofs import (
    ConsistencyProof,
    EntryProof,
    InclusionProof,
    verify_entry_included,
    verify_log_grown,
)
from comity.errors import ConflictError, DamagedError, MalformedError, UnknownError
from comity.registry import audit_log
from comity.registry.audit_tables import audit_tables

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
SIGNER = Signer("police.example/node", Ed25519PrivateKey.from_private_bytes(bytes(range(32))), lambda: NOON)
VERIFIER = SIGNER.verifier


def entry(number: int, **changes) -> Entry:
    plain = {
        "at": NOON + timedelta(seconds=number),
        "act": "check:make",
        "account": f"fra.{number % 3}",
        "bureau": "FRA",
        "outcome": "no_hit",
        "door": "http",
        "nonce": number.to_bytes(16, "big"),
        "query": {"name": "محمد", "number": str(number)},
    }
    return Entry(**plain | changes)


def entries(start: int, stop: int) -> list[Entry]:
    return [entry(number) for number in range(start, stop)]


def on_and_on(checked: int, size: int) -> bool:
    return True


@pytest.fixture
def engine(registry_url: str) -> Iterator[Engine]:
    """A database with an empty log."""
    made = open_database(registry_url)
    metadata = MetaData()
    audit_tables(metadata)
    metadata.create_all(made)
    with made.begin() as connection:
        audit_log.start(connection, SIGNER)
    yield made
    made.dispose()


def open_database(url: str) -> Engine:
    made = create_engine(url)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", lambda driver, _: setattr(driver, "isolation_level", None))
        event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


def append(engine: Engine, *groups: list[Entry]) -> None:
    for group in groups:
        with engine.begin() as connection:
            audit_log.append(connection, group, SIGNER)


def report(connection: Connection, known: tuple[str, ...] = ()):
    return audit_log.verify(connection, VERIFIER, on_and_on, known)


def test_entries_are_numbered_in_their_order(engine):
    with engine.begin() as connection:
        assert [audit_log.append(connection, entries(0, n), SIGNER) for n in (2, 3)] == [
            range(2),
            range(2, 5),
        ]


def test_an_entry_is_read_back_by_its_number(engine):
    append(engine, entries(0, 3))
    with engine.connect() as connection:
        assert audit_log.entry_at(connection, 2) == (2, entry(2))


def test_an_entry_may_come_as_its_bytes(engine):
    with engine.begin() as connection:
        audit_log.append(connection, [encode(entry(7))], SIGNER)
        assert audit_log.entry_at(connection, 0).entry == entry(7)


def test_bytes_that_are_no_entry_are_refused(engine):
    with engine.begin() as connection, pytest.raises(MalformedError):
        audit_log.append(connection, [b"{}"], SIGNER)


def test_nothing_appended_signs_nothing(engine):
    with engine.begin() as connection:
        before = audit_log.latest_head(connection)
        assert audit_log.append(connection, [], SIGNER) == range(0)
        assert audit_log.latest_head(connection) == before


def test_text_that_a_database_cannot_hold_is_logged_all_the_same(engine):
    odd = entry(
        0, account="a\x00\ud800", outcome="\x00", records=("\x00", "e\u0301", "é"), owners=("A", "B", "B")
    )
    append(engine, [odd])
    with engine.connect() as connection:
        assert (audit_log.entry_at(connection, 0).entry.account, report(connection).sound) == (
            "a\x00\ufffd",
            True,
        )


def test_a_rolled_back_transaction_leaves_no_line(engine):
    with engine.connect() as connection:
        audit_log.append(connection, entries(0, 2), SIGNER)
        connection.rollback()
        assert audit_log.append(connection, entries(0, 1), SIGNER) == range(1)


def test_a_log_begins_once(engine):
    with engine.begin() as connection, pytest.raises(ConflictError):
        audit_log.start(connection, SIGNER)


def test_a_log_that_never_began_is_damaged(engine):
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_tip"))
        with pytest.raises(DamagedError):
            audit_log.append(connection, entries(0, 1), SIGNER)


def test_an_empty_log_has_a_signed_head(engine):
    with engine.connect() as connection:
        assert verify_head(audit_log.latest_head(connection), VERIFIER).size == 0


def test_an_empty_log_is_sound(engine):
    with engine.connect() as connection:
        assert report(connection).sound


def test_a_log_of_many_appends_is_sound(engine):
    append(engine, entries(0, 1), entries(1, 300), entries(300, 5000), entries(5000, 5001))
    with engine.connect() as connection:
        found = report(connection)
    assert (found.sound, found.size, found.checked, found.heads_count) == (True, 5001, 5001, 5)


def test_an_account_reads_its_own_acts_newest_first(engine):
    append(engine, entries(0, 9))
    with engine.connect() as connection:
        assert [seq for seq, _ in audit_log.own_entries(connection, "fra.1", 2)] == [7, 4]


def test_reading_goes_on_before_the_last_number_seen(engine):
    append(engine, entries(0, 9))
    with engine.connect() as connection:
        assert [seq for seq, _ in audit_log.own_entries(connection, "fra.1", 2, before=4)] == [1]


def test_an_owner_finds_who_met_its_records(engine):
    shown = [
        entry(0, records=("R-1", "R-2"), owners=("EGY", "EGY")),
        entry(1, records=("R-3",), owners=("BEL",)),
        entry(2),
        entry(3, records=("R-3", "R-1"), owners=("BEL", "EGY")),
    ]
    append(engine, shown)
    with engine.connect() as connection:
        assert [seq for seq, _ in audit_log.entries_about(connection, "EGY", 10)] == [3, 0]


def test_an_owner_reads_page_by_page(engine):
    append(engine, [entry(number, records=("R-1", "R-2"), owners=("EGY", "EGY")) for number in range(5)])
    with engine.connect() as connection:
        pages = [audit_log.entries_about(connection, "EGY", 2, before) for before in (None, 3, 1)]
    assert [[seq for seq, _ in page] for page in pages] == [[4, 3], [2, 1], [0]]


def test_who_saw_one_record_is_found(engine):
    append(engine, [entry(number, records=(f"R-{number % 2}",), owners=("EGY",)) for number in range(4)])
    with engine.connect() as connection:
        assert [seq for seq, _ in audit_log.entries_on(connection, "R-1", 10)] == [3, 1]


def test_an_entry_is_proven_offline(engine):
    append(engine, entries(0, 700), entries(700, 801))
    with engine.connect() as connection:
        taken_home = audit_log.entry_proof(connection, 300, VERIFIER).to_json()
    assert EntryProof.from_json(taken_home).verify(VERIFIER) == entry(300)


def test_a_proof_does_not_hold_for_another_entry(engine):
    append(engine, entries(0, 10))
    with engine.connect() as connection:
        proof, head = audit_log.inclusion_proof(connection, 3), audit_log.latest_head(connection)
    with pytest.raises(DamagedError, match="audit-inclusion"):
        verify_entry_included(encode(entry(4)), proof, head, VERIFIER)


def test_a_proof_does_not_hold_under_another_head(engine):
    append(engine, entries(0, 10))
    with engine.connect() as connection:
        proof = audit_log.inclusion_proof(connection, 3)
    append(engine, entries(10, 11))
    with engine.connect() as connection, pytest.raises(DamagedError, match="audit-inclusion"):
        verify_entry_included(encode(entry(3)), proof, audit_log.latest_head(connection), VERIFIER)


@pytest.mark.parametrize("seq", [-1, 3, 10**15])
def test_an_entry_that_is_not_there_is_unknown(engine, seq):
    append(engine, entries(0, 3))
    with engine.connect() as connection:
        for ask in (audit_log.entry_at, audit_log.inclusion_proof):
            with pytest.raises(UnknownError):
                ask(connection, seq)


def test_a_log_is_proven_to_have_only_grown(engine):
    append(engine, entries(0, 600))
    with engine.connect() as connection:
        old = audit_log.latest_head(connection)
    append(engine, entries(600, 1300))
    with engine.connect() as connection:
        new = audit_log.latest_head(connection)
        proof = ConsistencyProof.from_json(audit_log.consistency_proof(connection, 600, 1300).to_json())
    assert [head.size for head in verify_log_grown(old, new, proof, VERIFIER)] == [600, 1300]


def test_heads_in_the_wrong_order_prove_no_growth(engine):
    append(engine, entries(0, 2))
    with engine.connect() as connection:
        old = audit_log.latest_head(connection)
    append(engine, entries(2, 5))
    with engine.connect() as connection:
        new, proof = audit_log.latest_head(connection), audit_log.consistency_proof(connection, 2, 5)
    with pytest.raises(DamagedError, match="audit-consistency"):
        verify_log_grown(new, old, proof, VERIFIER)


@pytest.mark.parametrize(("old", "new"), [(-1, 2), (2, 1), (0, 4)])
def test_sizes_that_the_log_never_had_are_unknown(engine, old, new):
    append(engine, entries(0, 3))
    with engine.connect() as connection, pytest.raises(UnknownError):
        audit_log.consistency_proof(connection, old, new)


def test_a_damaged_tile_is_not_taken_for_a_proof(engine):
    append(engine, entries(0, 600))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_tiles WHERE position = 1"))
        with pytest.raises(DamagedError):
            audit_log.inclusion_proof(connection, 0)


@pytest.mark.parametrize("document", [b"", b"{}", b"[1]", b'{"seq":-1,"size":1,"path":[]}', b"\xff"])
def test_a_text_that_is_no_proof_is_refused(document):
    with pytest.raises(MalformedError, match="audit-proof"):
        InclusionProof.from_json(document)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_entries SET seq = 4611686018427387904 WHERE seq = 3", ("entry-missing", "3")),
        ("UPDATE audit_entries SET seq = -5 WHERE seq = 3", ("entry-beyond", "-5")),
        ("UPDATE audit_entries SET account = 'nobody' WHERE seq = 3", ("entry-columns", "3")),
        ("DELETE FROM audit_entries WHERE seq > 250", ("entry-missing", "251..600")),
        ("DELETE FROM audit_entries", ("entry-missing", "0..600")),
        ("DELETE FROM audit_records", ("shown-missing", "0 R-1")),
        ("UPDATE audit_records SET seq = 9223372036854775807", ("shown-beyond", "9223372036854775807")),
        (
            "UPDATE audit_tiles SET position = 9223372036854775807 WHERE position = 1",
            ("tile-missing", "256..512"),
        ),
        ("UPDATE audit_tiles SET level = 9 WHERE position = 1", ("tile-beyond", "1")),
        ("UPDATE audit_tiles SET hash = audit_tip.peaks FROM audit_tip", ("tile-altered", "0..256")),
        ("DELETE FROM audit_heads WHERE number = 1", ("head-missing", "1")),
        ("DELETE FROM audit_heads WHERE number = 2", ("head-missing", "2")),
        ("UPDATE audit_heads SET number = 9223372036854775806 WHERE number = 2", ("head-missing", "2")),
        ("UPDATE audit_heads SET size = 5 WHERE number = 1", ("head-altered", "1")),
        ("UPDATE audit_heads SET size = 700 WHERE number = 2", ("head-beyond", "2")),
        ("UPDATE audit_tip SET heads = heads + 1", ("tip", "600")),
        ("UPDATE audit_tip SET size = 4611686018427387904", ("tip", "600")),
        ("UPDATE audit_tip SET size = 4611686018427387904, peaks = substr(peaks, 1, 32)", ("tip", "600")),
        ("DELETE FROM audit_tip", ("tip", "600")),
    ],
)
def test_an_inspection_names_what_was_changed(engine, statement, fault):
    append(engine, [entry(0, records=("R-1",), owners=("EGY",)), *entries(1, 300)], entries(300, 600))
    with engine.begin() as connection:
        connection.execute(text(statement))
        assert fault in report(connection).faults


def test_the_sound_log_that_those_changes_begin_with_has_no_fault(engine):
    append(engine, [entry(0, records=("R-1",), owners=("EGY",)), *entries(1, 300)], entries(300, 600))
    with engine.connect() as connection:
        assert report(connection).faults == ()


def test_an_inspection_can_be_stopped(engine):
    append(engine, entries(0, 5000))
    with engine.connect() as connection:
        stopped = audit_log.verify(connection, VERIFIER, lambda checked, size: False)
    assert (stopped.finished, stopped.sound, stopped.checked) == (False, False, 4096)


def test_a_log_cut_back_is_found_by_a_head_kept_elsewhere(engine):
    append(engine, entries(0, 5))
    with engine.connect() as connection:
        kept = audit_log.latest_head(connection)
        connection.rollback()
        with connection.begin() as later:
            for table in ("entries", "heads", "tip"):
                connection.execute(text(f"DELETE FROM audit_{table}"))
            audit_log.start(connection, SIGNER)
            found = report(connection, (kept,))
            later.rollback()
    assert found.faults == (("log-shortened", "5"),)


def test_a_log_written_anew_is_found_by_a_head_kept_elsewhere(engine):
    append(engine, entries(0, 5))
    with engine.connect() as connection:
        kept = audit_log.latest_head(connection)
        connection.rollback()
        with connection.begin() as later:
            for table in ("entries", "heads", "tip"):
                connection.execute(text(f"DELETE FROM audit_{table}"))
            audit_log.start(connection, SIGNER)
            audit_log.append(connection, entries(1, 8), SIGNER)
            found = report(connection, (kept,))
            later.rollback()
    assert found.faults == (("log-forked", "5"),)


def test_a_log_that_grew_agrees_with_the_heads_kept_elsewhere(engine):
    kept = []
    for number in range(4):
        append(engine, entries(number * 3, number * 3 + 3))
        with engine.connect() as connection:
            kept.append(audit_log.latest_head(connection))
    with engine.connect() as connection:
        assert report(connection, tuple(reversed(kept))).sound


def test_a_head_of_another_node_is_told(engine):
    other = Signer("other.example", SIGNER.key, SIGNER.clock)
    with engine.connect() as connection:
        found = report(
            connection, (other.sign(verify_head(audit_log.latest_head(connection), VERIFIER).tree),)
        )
    assert [fault.code for fault in found.faults] == ["known-head"]


def test_threads_append_one_after_the_other(engine):
    threads = [
        threading.Thread(target=append, args=(engine, *([entry(0)] for _ in range(10)))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        found = report(connection)
    assert (found.sound, found.size) == (True, 40)


def test_a_tip_that_moved_meanwhile_refuses_the_append(sqlite_url):
    """Two deferred transactions of one SQLite connection cannot interleave, so the tip is moved by hand."""
    made = create_engine(sqlite_url)
    metadata = MetaData()
    audit_tables(metadata)
    metadata.create_all(made)

    def move(connection, cursor, statement, *rest):
        if statement.startswith("INSERT INTO audit_entries"):
            cursor.execute("UPDATE audit_tip SET size = 9")

    with made.connect() as connection:
        audit_log.start(connection, SIGNER)
        event.listen(made, "before_cursor_execute", move)
        with pytest.raises(ConflictError, match="appended-meanwhile"):
            audit_log.append(connection, entries(0, 1), SIGNER)
    made.dispose()


def test_the_first_line_since_a_moment_is_found_where_lines_are_nearly_in_order(engine: Engine) -> None:
    order = [*range(40), 43, 41, 40, 42, *range(44, 90)]
    append(engine, [entry(number) for number in order[:30]], [entry(number) for number in order[30:]])
    with engine.connect() as connection:
        for second in range(-1, 92):
            since = next((place for place, number in enumerate(order) if number >= second), len(order))
            assert audit_log.first_since(connection, NOON + timedelta(seconds=second)) == since


def test_a_line_is_found_by_its_moment_to_the_microsecond(engine: Engine) -> None:
    # Later than what a float still tells apart.
    evening = datetime(2038, 5, 1, 12, tzinfo=UTC)
    moments = [evening + timedelta(microseconds=number) for number in range(200)]
    append(engine, [entry(number, at=at) for number, at in enumerate(moments)])
    with engine.connect() as connection:
        assert [audit_log.first_since(connection, at) for at in moments] == list(range(200))
