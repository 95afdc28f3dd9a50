"""Records that came in packs are held like any other, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from tests.copies import copy_tables

from comity.audit.heads import Signer
from comity.records.columnar import ColumnReader
from comity.records.handling import Restriction, Share
from comity.records.record import HeldRecord, State, parse_record
from comity.registry import (
    accounts,
    audit_log,
    histories,
    holdings,
    imports,
    number_runs,
    pack_ids,
    packs,
    retention,
    soundness,
)
from comity.registry.engine import writing
from comity.registry.holdings import Change, Submission
from comity.registry.imports import ImportRun
from comity.registry.known_ids import KnownIds
from comity.registry.pack_form import PACKS, Entered
from comity.registry.registry import Handed, Registry

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
EVERYONE = Share(Restriction.ALL)
MAY, JUNE = date(2030, 5, 1), date(2030, 6, 1)
COUNT = 1200


def rows(count: int, **fields: object) -> list[dict[str, object]]:
    one = {"kind": "travel_document", "type": "P", "issuer": "EGY", "status": "stolen", **fields}
    return [{**one, "source_id": f"D{number}", "number": f"A{number:07}"} for number in range(count)]


def submission(number: int, **fields: object) -> Submission:
    stated = {**rows(number + 1)[number], **fields}
    return Submission("EGY", "own", "jsonl:list", parse_record(stated, EVERYONE))


@pytest.fixture
def empty(registry_place: str) -> Iterator[Registry]:
    engine = copy_tables(registry_place)
    signer = Signer("police.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))), lambda: NOON)
    with writing(engine) as connection:
        audit_log.start(connection, signer)
        accounts.add_bureaus(connection, {"EGY": "africa", "KEN": "africa"})
    made = Registry(engine, signer, bytes(32))
    yield made
    made.close()


def pack(
    registry: Registry, some: list[dict[str, object]], known: KnownIds | None = None, owner: str = "EGY"
):
    read, left = ColumnReader(EVERYONE).read(some)
    assert left == []
    with registry.write() as connection:
        by = Entered(owner, "own", "jsonl:list", "ana", NOON)
        return registry.enter_columns(connection, read, known or KnownIds(), by)


@pytest.fixture
def registry(empty: Registry) -> Registry:
    pack(empty, rows(COUNT))
    return empty


def held(registry: Registry, number: int) -> HeldRecord:
    found = registry.record_with(registry.public_id(submission(number)))
    assert found is not None
    return found


def accept(registry: Registry, *handed: Submission) -> list[str]:
    with registry.write() as connection:
        return [one.what for one in registry.accept(connection, Handed(handed, "ben", LATER))]


def withdraw(registry: Registry, number: int) -> None:
    with registry.write() as connection:
        holdings.withdraw(connection, [registry.public_id(submission(number))], "ben", LATER)


def examined(registry: Registry) -> list[str]:
    with registry.read() as connection:
        return soundness.disagreements(connection)


def test_a_packed_record_is_found_by_its_identifier(registry: Registry) -> None:
    assert held(registry, 777).record == submission(777).record


def test_a_packed_record_is_found_by_its_number(registry: Registry) -> None:
    assert registry.fetch([778, 5000])[778] == held(registry, 777)


def test_a_packed_record_reads_as_one_with_a_row_of_its_own(empty: Registry) -> None:
    pack(empty, rows(100))
    packed = held(empty, 7)
    with empty.write() as connection:
        packs.give_row(connection, packed.number)
    assert held(empty, 7) == packed


def test_an_identifier_that_is_not_held_leads_nowhere(registry: Registry) -> None:
    assert registry.record_with("A" * 20) is None


def test_packed_records_have_changes_like_others(registry: Registry) -> None:
    withdraw(registry, 3)
    assert registry.changes(COUNT - 2, 10) == [
        Change(COUNT - 1, COUNT - 1, None, 0),
        Change(COUNT, COUNT, None, 0),
        Change(COUNT + 1, 4, 0, None),
    ]


def test_every_change_is_told_once_however_it_is_paged(registry: Registry) -> None:
    accept(registry, submission(COUNT))
    pack(registry, [{**row, "source_id": f"N{row['source_id']}"} for row in rows(100)])
    numbers: list[int] = []
    while page := registry.changes(numbers[-1] if numbers else 0, 70):
        numbers += [change.number for change in page]
    assert numbers == list(range(1, COUNT + 102))


def test_the_same_record_again_changes_nothing(registry: Registry) -> None:
    assert (accept(registry, submission(9)), registry.position()) == (["unchanged"], COUNT)


def test_a_newer_version_amends_a_packed_record(registry: Registry) -> None:
    accept(registry, submission(9, status="lost"))
    assert (held(registry, 9).version, held(registry, 9).record.data["status"]) == (2, "lost")


def test_an_amended_record_keeps_its_first_version_and_who_made_it(registry: Registry) -> None:
    accept(registry, submission(9, status="lost"))
    with registry.read() as connection:
        versions = histories.history(connection, held(registry, 9))
    assert [(one.account, one.record.data["status"]) for one in versions] == [
        ("ana", "stolen"),
        ("ben", "lost"),
    ]


def test_a_withdrawn_record_stays_held_as_withdrawn(registry: Registry) -> None:
    withdraw(registry, 9)
    assert held(registry, 9).state is State.WITHDRAWN


def test_withdrawn_records_are_not_counted(registry: Registry) -> None:
    withdraw(registry, 9)
    assert registry.counts() == [("travel_document", "EGY", 0, COUNT - 1)]


def test_nothing_disagrees_after_changes_of_packed_records(registry: Registry) -> None:
    withdraw(registry, 9)
    accept(registry, submission(10, status="lost"), submission(COUNT))
    assert examined(registry) == []


def test_a_purged_record_is_gone_from_its_pack(registry: Registry) -> None:
    one = registry.public_id(submission(9))
    with registry.write() as connection:
        registry.purge(connection, [one], "ben", LATER)
        left = packs.rows_numbered(connection, [10])[10]
    assert (registry.record_with(one), b"A0000009" in left.body, examined(registry)) == (None, False, [])


def test_neighbours_of_a_purged_record_say_what_they_said(registry: Registry) -> None:
    with registry.write() as connection:
        registry.purge(connection, [registry.public_id(submission(9))], "ben", LATER)
    assert held(registry, 10).record == submission(10).record


def test_a_changed_pack_is_told(registry: Registry) -> None:
    with registry.write() as connection:
        connection.execute(PACKS.update().where(PACKS.c.first_record == 513).values(body=b"x"))
    assert examined(registry) == ["pack-damaged 513"]


def test_a_block_gives_a_packed_record_a_row_of_its_own(registry: Registry) -> None:
    with registry.write() as connection:
        retention.block(connection, 10, "EGY", "C1", NOON)
        assert retention.blocked_of(connection, "EGY", 9)[0][0] == registry.public_id(submission(9))


def test_packed_records_are_due_for_review_by_day_and_identifier(empty: Registry) -> None:
    pack(empty, [{**row, "review_on": JUNE.isoformat()} for row in rows(100)])
    accept(empty, submission(100, review_on=MAY.isoformat()))
    ids = sorted(empty.public_id(submission(number)) for number in range(100))
    with empty.read() as connection:
        found = [one.public_id for one in histories.due_for_review(connection, "EGY", JUNE, 6, None)]
        rest = histories.due_for_review(connection, "EGY", JUNE, 6, (JUNE, ids[2]))
    assert (found[1:], [one.public_id for one in rest]) == (ids[:5], ids[3:9])


def test_packed_records_come_of_age_with_the_others(registry: Registry) -> None:
    withdraw(registry, 2)
    with registry.read() as connection:
        found = holdings.come_of_age(connection, MAY, NOON, 1, 3)
        none = holdings.come_of_age(connection, MAY, NOON - timedelta(days=1), 0, 3)
    assert ([one.number for one in found], none) == ([2, 3, 4], [])


def test_the_records_of_an_origin_are_told_but_for_withdrawn_ones(registry: Registry) -> None:
    withdraw(registry, 2)
    with registry.read() as connection:
        found = holdings.held_ids(connection, "EGY", "own", "jsonl:list")
    assert found == {registry.public_id(submission(number)) for number in range(COUNT) if number != 2}


def test_packed_records_count_as_held_before_a_later_run(registry: Registry) -> None:
    run = ImportRun("run", "jsonl", "EGY", "own", "jsonl:list")
    with registry.write() as connection:
        imports.rows_done(connection, run, LATER)
        assert imports.held_before(connection, run) == COUNT


def test_what_a_list_holds_already_is_left_to_be_accepted(registry: Registry) -> None:
    known = registry.known_ids("EGY", "own")
    sorted_ = pack(registry, rows(COUNT + 100), known)
    assert (sorted_.packed, sum(map(len, sorted_.left))) == (100, COUNT)


def test_what_stands_twice_among_rows_is_left_to_be_accepted(empty: Registry) -> None:
    sorted_ = pack(empty, [*rows(200), *rows(3)])
    assert (sorted_.packed, sum(map(len, sorted_.left))) == (197, 6)


def test_another_owners_record_of_the_same_name_is_another(registry: Registry) -> None:
    assert pack(registry, rows(100), owner="KEN").packed == 100


def test_many_identifiers_are_found_together_as_one_by_one(empty: Registry) -> None:
    known = KnownIds()
    for part in range(number_runs.RUNS_MERGED + 2):
        pack(empty, [{**row, "source_id": f"{part}-{row['source_id']}"} for row in rows(400)], known)
    with empty.read() as connection:
        parts = connection.execute(select(pack_ids.PACK_IDS.c.prefixes)).scalars()
        held = [prefix for part in parts for prefix in np.frombuffer(part, np.uint64).tolist()]
        strangers = [0, 2**63 - 1, 2**63, 2**64 - 1, *(prefix ^ 1 for prefix in held[:50])]
        asked = sorted([*held[::7], *strangers])
        together = pack_ids.numbers_with(connection, asked)
        singly = {one: pack_ids.numbers_with(connection, [one]).get(one) for one in asked}
    assert (len(asked) > number_runs.MANY, together) == (
        True,
        {one: found for one, found in singly.items() if found},
    )


def test_only_identifiers_of_lists_that_came_in_bulk_are_looked_for_in_packs(registry: Registry) -> None:
    lists = [("EGY", "own", "a"), ("EGY", "other", "b"), ("KEN", "own", "c")]
    with registry.read() as connection:
        assert packs.maybe_packed(connection, lists) == ["a"]


def test_few_records_get_rows_of_their_own(empty: Registry) -> None:
    assert pack(empty, rows(10)).packed == 0


def test_of_an_owner_with_erasures_nothing_is_packed(empty: Registry) -> None:
    with empty.write() as connection:
        retention.suppress(connection, [bytes(32)], "EGY", "C1", NOON)
    assert pack(empty, rows(100)).packed == 0


def test_identifiers_are_found_after_their_runs_were_merged(empty: Registry) -> None:
    known = KnownIds()
    for part in range(number_runs.RUNS_MERGED + 2):
        pack(empty, [{**row, "source_id": f"{part}-{row['source_id']}"} for row in rows(80)], known)
    found = empty.record_with(empty.public_id(submission(7, source_id="3-D7")))
    with empty.read() as connection:
        runs = connection.execute(select(pack_ids.PACK_IDS.c.run).distinct()).scalars().all()
    assert (found is not None and found.number, len(runs)) == (3 * 80 + 8, 3)
