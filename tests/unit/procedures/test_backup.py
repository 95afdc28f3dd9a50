"""Backing up and restoring: whole, while others write, on either database, and nothing half done left behind."""

import struct
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.copies import copy_node

from comity.access.credentials import Secret
from comity.app import Node, node_files, open_node, restore_node
from comity.errors import ConflictError, DamagedError, MalformedError, RefusedError
from comity.procedures import backup, upkeep
from comity.procedures.backup import BackupOrder, BackupReport, RestoreOrder, back_up, quiet
from comity.procedures.check import run_check
from comity.procedures.sealed_file import COSTS, MAGIC, SealedWriter
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.handling import Purpose
from comity.records.kinds import KINDS
from comity.registry import dump
from comity.registry.schema import AUDIT, METADATA

WORD = Secret("a passphrase of a test")
VEHICLE = {**KINDS["vehicle"].examples[0], "kind": "vehicle", "share": "all", "review_on": "2031-05-01"}


CHEAP = (1, 8, 1)


@pytest.fixture(autouse=True)
def cheap_backups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal backups at costs of no protection, which they state; one test holds the full ones."""
    monkeypatch.setattr(backup, "SealedWriter", partial(SealedWriter, costs=CHEAP))


def made_node(directory: Path, url: str | None = None) -> None:
    copy_node(directory, (("egy", "EGY", "registrar"),), url)
    with open_node(directory) as node:
        for place in range(3):
            enter(node, f"V{place}")


def enter(node: Node, source_id: str) -> None:
    submit({**VEHICLE, "source_id": source_id}, officer_named("egy", node.desk), node.desk)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made_node(tmp_path / "node")
    with open_node(tmp_path / "node") as one:
        yield one


def backed_up(node: Node, file: Path, account: str = "operator") -> BackupReport:
    order = BackupOrder(file, WORD, node_files(node.directory))
    return back_up(order, officer_named(account, node.desk), node.desk)


def rows_of(node: Node) -> dict[str, list[tuple[object, ...]]]:
    with node.desk.registry.read() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in dump.tables()
        }


def test_every_table_is_dumped_but_sessions_and_how_far_journals_were_taken() -> None:
    assert {table.name for table in dump.tables()} == set(METADATA.tables) - dump.LEFT_OUT


@pytest.mark.parametrize("to_postgres", [False, pytest.param(True, marks=pytest.mark.postgres)])
def test_a_restored_node_holds_every_row(
    registry_url: str, tmp_path: Path, to_postgres: bool, request: pytest.FixtureRequest
) -> None:
    if to_postgres and registry_url.startswith("postgresql"):
        pytest.skip("one database a test")
    made_node(tmp_path / "one", registry_url)
    with open_node(tmp_path / "one") as node:
        backed_up(node, tmp_path / "copy")
        before = rows_of(node)
    url = request.getfixturevalue("postgres_url") if to_postgres else None
    restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two", url)
    with open_node(tmp_path / "two") as node:
        after = rows_of(node)
    unaudited = [name for name in before if not name.startswith("audit_")]
    assert {name: after[name] for name in unaudited} == {name: before[name] for name in unaudited}


def test_a_backup_is_sealed_at_the_full_costs(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "SealedWriter", SealedWriter)
    backed_up(node, tmp_path / "copy")
    costs = struct.unpack_from(">III", (tmp_path / "copy").read_bytes(), len(MAGIC) + 16)
    assert (costs, restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two")) == (COSTS, [])


def test_a_restored_node_answers_as_before(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    query = {"kind": "vehicle", "vin": VEHICLE["vin"]}
    before = run_check(query, officer_named("egy", node.desk), Purpose.BORDER, node.desk)
    restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two")
    with open_node(tmp_path / "two") as two:
        after = run_check(query, officer_named("egy", two.desk), Purpose.BORDER, two.desk)
    # Each check opens a hit of its own.
    assert [replace(hit, opened=None) for hit in after.hits] == [
        replace(hit, opened=None) for hit in before.hits
    ]


def test_the_doctor_finds_nothing_wrong_with_a_restored_node(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    assert restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two") == []


def test_the_log_of_a_restored_node_goes_on_soundly(node: Node, tmp_path: Path) -> None:
    report = backed_up(node, tmp_path / "copy")
    restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two")
    with open_node(tmp_path / "two") as two:
        enter(two, "V9")
        assert upkeep.verify_log(two.desk, known=[report.head]).sound


def test_a_backup_and_a_restoration_are_in_the_log(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two")
    outcomes: list[str] = []
    for one in (tmp_path / "node", tmp_path / "two"):
        with open_node(one) as opened, opened.desk.registry.read() as connection:
            outcomes.append(
                connection.execute(select(AUDIT.entries.c.outcome).order_by(AUDIT.entries.c.seq.desc()))
                .scalars()
                .first()
            )
    assert outcomes == ["backup-made", "restored"]


def test_what_is_written_while_a_backup_runs_is_wholly_in_it_or_not(node: Node, tmp_path: Path) -> None:
    written: list[int] = []

    def writing_meanwhile(stage: str, _done: int, _total: int) -> None:
        if stage == "writing":
            enter(node, f"meanwhile-{len(written)}")
            written.append(1)

    order = BackupOrder(tmp_path / "copy", WORD, node_files(node.directory))
    back_up(order, officer_named("operator", node.desk), node.desk, writing_meanwhile)
    assert written
    assert restore_node(RestoreOrder(order.file, WORD), tmp_path / "two") == []


@pytest.mark.parametrize("stage", ["writing", "reading back"])
def test_an_interrupted_backup_leaves_nothing(node: Node, tmp_path: Path, stage: str) -> None:
    def interrupting(at: str, _done: int, _total: int) -> None:
        if at == stage:
            raise KeyboardInterrupt

    order = BackupOrder(tmp_path / "copy", WORD, node_files(node.directory))
    with pytest.raises(KeyboardInterrupt):
        back_up(order, officer_named("operator", node.desk), node.desk, interrupting)
    assert list(tmp_path.glob("copy*")) == []


def test_an_interrupted_restoration_leaves_nothing(node: Node, tmp_path: Path) -> None:
    def interrupting(_stage: str, _done: int, _total: int) -> None:
        raise KeyboardInterrupt

    backed_up(node, tmp_path / "copy")
    with pytest.raises(KeyboardInterrupt):
        restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two", None, interrupting)
    assert not (tmp_path / "two").exists()


def test_a_backup_takes_no_other_files_place(node: Node, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("something else")
    with pytest.raises(ConflictError):
        backed_up(node, tmp_path / "copy")


def test_who_checks_does_not_back_up(node: Node, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        backed_up(node, tmp_path / "copy", "desk")


def test_a_backup_is_its_owners_alone_to_read(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600


def test_no_record_can_be_read_in_a_backup(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    assert str(VEHICLE["vin"]).encode() not in (tmp_path / "copy").read_bytes()


def test_another_passphrase_restores_nothing(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    with pytest.raises(MalformedError):
        restore_node(RestoreOrder(tmp_path / "copy", Secret("another")), tmp_path / "two")


def test_a_damaged_backup_restores_nothing(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    content = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DamagedError):
        restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two", None, quiet)
    assert not (tmp_path / "two").exists()


def test_a_node_is_not_restored_over_another(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    with pytest.raises(ConflictError):
        restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "node")


def test_a_node_is_not_restored_into_a_database_in_use(node: Node, tmp_path: Path) -> None:
    backed_up(node, tmp_path / "copy")
    url = f"sqlite:///{tmp_path / 'node' / 'registry.sqlite'}"
    with pytest.raises(ConflictError):
        restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two", url)


def test_a_backup_of_an_earlier_release_is_restored(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = dump.Part("earlier_checks", ("seq", "bureau"), [(7, "EGY")])
    parts, counts = dump.parts, dump.row_counts
    with monkeypatch.context() as earlier:
        earlier.setattr(backup, "SCHEMA_VERSION", 2)
        earlier.setattr(dump, "LEFT_OUT", {*dump.LEFT_OUT, "message_keys", "earlier_runs"})
        earlier.setattr(dump, "parts", lambda connection: chain([gone], parts(connection)))
        earlier.setattr(dump, "row_counts", lambda connection: {**counts(connection), gone.table: 1})
        backed_up(node, tmp_path / "copy")
    assert restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two", None) == []


def test_a_backup_of_a_later_release_is_not(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as later:
        later.setattr(backup, "SCHEMA_VERSION", 99)
        backed_up(node, tmp_path / "copy")
    with pytest.raises(ConflictError) as told:
        restore_node(RestoreOrder(tmp_path / "copy", WORD), tmp_path / "two", None)
    assert told.value.rule == "other-schema"
