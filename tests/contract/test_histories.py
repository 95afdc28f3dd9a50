"""Versions of records, and which are due for review, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.copies import copy_tables

from comity.audit.heads import Signer
from comity.records.handling import Share
from comity.records.kinds import KINDS
from comity.records.record import HeldRecord, State, parse_record
from comity.registry import accounts, audit_log, histories, holdings, imports
from comity.registry.engine import writing
from comity.registry.histories import HeldVersion
from comity.registry.holdings import Submission
from comity.registry.imports import ImportRun
from comity.registry.registry import Handed, Registry

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
ONE_PM = NOON.replace(hour=13)
MAY, JUNE = date(2030, 5, 1), date(2030, 6, 1)


@pytest.fixture
def registry(registry_place: str) -> Iterator[Registry]:
    engine = copy_tables(registry_place)
    signer = Signer("police.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))), lambda: NOON)
    with writing(engine) as connection:
        audit_log.start(connection, signer)
        accounts.add_bureaus(connection, {"EGY": "africa", "KEN": "africa"})
    made = Registry(engine, signer, bytes(32))
    yield made
    made.close()


def enter(registry: Registry, account: str = "ana", owner: str = "EGY", **fields: object) -> str:
    stated = {**KINDS["vehicle"].examples[0], "kind": "vehicle", "source_id": "one", **fields}
    handed = Submission(owner, "own", "own", parse_record(stated, Share()))
    with registry.write() as connection:
        return registry.accept(connection, Handed([handed], account, NOON))[0].public_id


def held(registry: Registry, one: str) -> HeldRecord:
    found = registry.record_with(one)
    assert found is not None
    return found


def history(registry: Registry, record: HeldRecord) -> list[HeldVersion]:
    with registry.read() as connection:
        return histories.history(connection, record)


def due(registry: Registry, by: date, limit: int = 9, after: tuple[date, str] | None = None) -> list[str]:
    with registry.read() as connection:
        found = histories.due_for_review(connection, "EGY", by, limit, after)
    return [record.record.source_id for record in found]


def test_each_version_tells_what_it_said_and_who_made_it(registry: Registry) -> None:
    one = enter(registry, "ana", colour="red")
    enter(registry, "ben", colour="blue")
    versions = history(registry, held(registry, one))
    assert [(version.number, version.account, version.record.data["colour"]) for version in versions] == [
        (1, "ana", "red"),
        (2, "ben", "blue"),
    ]


def test_a_withdrawal_is_a_version(registry: Registry) -> None:
    one = enter(registry)
    with registry.write() as connection:
        holdings.withdraw(connection, [one], "ben", ONE_PM)
    last = history(registry, held(registry, one))[-1]
    assert (last.number, last.state, last.account, last.at) == (2, State.WITHDRAWN, "ben", ONE_PM)


def test_versions_end_with_the_record_that_was_asked_about(registry: Registry) -> None:
    first = held(registry, enter(registry, colour="red"))
    enter(registry, colour="blue")
    assert [version.number for version in history(registry, first)] == [1]


def test_another_records_versions_are_not_mixed_in(registry: Registry) -> None:
    enter(registry, source_id="other", colour="red")
    enter(registry, source_id="other", colour="blue")
    assert len(history(registry, held(registry, enter(registry)))) == 1


def test_records_are_due_from_their_date_on_earliest_first(registry: Registry) -> None:
    enter(registry, source_id="june", review_on=JUNE.isoformat())
    enter(registry, source_id="may", review_on=MAY.isoformat())
    enter(registry, source_id="never")
    assert (due(registry, MAY), due(registry, JUNE)) == (["may"], ["may", "june"])


def test_only_the_owners_records_are_due(registry: Registry) -> None:
    enter(registry, owner="KEN", review_on=MAY.isoformat())
    assert due(registry, JUNE) == []


def test_a_review_goes_on_after_the_last_record_seen(registry: Registry) -> None:
    ids = {name: enter(registry, source_id=name, review_on=MAY.isoformat()) for name in ("a", "b", "c")}
    first = due(registry, MAY, limit=2)
    rest = due(registry, MAY, after=(MAY, ids[first[-1]]))
    assert sorted(first + rest) == ["a", "b", "c"]


def test_what_a_run_itself_entered_was_not_held_before_it(registry: Registry) -> None:
    enter(registry)
    run = ImportRun("run", "jsonl", "EGY", "own", "own")
    with registry.write() as connection:
        imports.rows_done(connection, run, ONE_PM)
        handed = parse_record(
            {**KINDS["vehicle"].examples[0], "kind": "vehicle", "source_id": "two"}, Share()
        )
        registry.accept(
            connection,
            Handed([Submission("EGY", "own", "own", handed)], "ana", ONE_PM),
        )
        assert imports.held_before(connection, run) == 1
