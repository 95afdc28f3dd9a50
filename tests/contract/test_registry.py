"""What every registry promises, on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from tests.copies import copy_tables

from comity.audit.entries import Entry
from comity.audit.heads import Signer
from comity.errors import MalformedError
from comity.records.handling import Handling, Restriction, Share
from comity.records.kinds import KINDS
from comity.records.record import State, parse_record
from comity.registry import accounts, audit_log, holdings, soundness
from comity.registry.engine import writing
from comity.registry.holdings import Change, Receipt, Submission
from comity.registry.registry import Handed, Registry
from comity.registry.schema import VERSIONS

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
EVERYONE, NOBODY = Share(Restriction.ALL), Share(Restriction.OWNER)


class BrokenError(Exception):
    """What a test breaks a transaction with."""


@pytest.fixture
def registry(registry_place: str) -> Iterator[Registry]:
    engine = copy_tables(registry_place)
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    signer = Signer("police.example", key, lambda: NOON)
    with writing(engine) as connection:
        audit_log.start(connection, signer)
        accounts.add_bureaus(connection, {"EGY": "africa"})
    made = Registry(engine, signer, bytes(32))
    yield made
    made.close()


def submission(source_id: str = "one", share: Share = EVERYONE, place: int = 0) -> Submission:
    example = {**KINDS["vehicle"].examples[place], "kind": "vehicle", "source_id": source_id}
    record = replace(parse_record(example, share, default_id="none"), handling=Handling(share=share))
    return Submission("EGY", "own", "own", record)


def accept(registry: Registry, *handed: Submission) -> list[Receipt]:
    with registry.write() as connection:
        return registry.accept(connection, Handed(handed, "ana", NOON))


def withdraw(registry: Registry, one: str) -> list[Receipt]:
    with registry.write() as connection:
        return holdings.withdraw(connection, [one], "ana", NOON)


def break_an_act(registry: Registry) -> None:
    with registry.acting(entry()) as connection:
        registry.accept(connection, Handed([submission()], "ana", NOON))
        raise BrokenError


def entry() -> Entry:
    return Entry(
        at=NOON + timedelta(seconds=1),
        act="record:submit",
        account="ana",
        bureau="EGY",
        outcome="entered",
        door="cli",
        nonce=bytes(16),
        query={},
    )


def test_a_new_record_is_entered(registry: Registry) -> None:
    assert accept(registry, submission())[0].what == "entered"


def test_the_same_record_again_changes_nothing(registry: Registry) -> None:
    accept(registry, submission())
    accept(registry, submission())
    assert registry.position() == 1


def test_another_rule_amends_the_record(registry: Registry) -> None:
    accept(registry, submission())
    receipt = accept(registry, submission(share=NOBODY))[0]
    assert (receipt.what, receipt.version) == ("amended", 2)


def test_two_versions_handed_in_together_count_in_order(registry: Registry) -> None:
    receipts = accept(registry, submission(), submission(share=NOBODY))
    assert [receipt.what for receipt in receipts] == ["entered", "amended"]


def test_a_withdrawn_record_stays_held_as_withdrawn(registry: Registry) -> None:
    one = accept(registry, submission())[0].public_id
    withdraw(registry, one)
    held = registry.record_with(one)
    assert held is not None
    assert held.state is State.WITHDRAWN


def test_withdrawing_twice_changes_nothing(registry: Registry) -> None:
    one = accept(registry, submission())[0].public_id
    withdraw(registry, one)
    assert withdraw(registry, one)[0].what == "unchanged"


def test_withdrawing_what_is_not_held_gives_no_receipt(registry: Registry) -> None:
    assert withdraw(registry, "A" * 20) == []


def test_changes_are_numbered_and_name_their_audiences(registry: Registry) -> None:
    one = accept(registry, submission())[0].public_id
    accept(registry, submission(share=NOBODY))
    withdraw(registry, one)
    assert registry.changes(0, 10) == [Change(1, 1, None, 0), Change(2, 1, 0, 1), Change(3, 1, 1, None)]


def test_records_of_one_rule_share_an_audience(registry: Registry) -> None:
    accept(registry, submission("one"), submission("two"))
    assert len(registry.audience_rules(-1)) == 1


def test_every_earlier_version_is_kept(registry: Registry) -> None:
    one = accept(registry, submission())[0].public_id
    accept(registry, submission(share=NOBODY))
    withdraw(registry, one)
    with registry.read() as connection:
        kept = connection.execute(select(VERSIONS.c.version).order_by(VERSIONS.c.version)).scalars().all()
    assert kept == [1, 2]


def test_withdrawn_records_are_not_counted(registry: Registry) -> None:
    one = accept(registry, submission("one"), submission("two"))[0].public_id
    withdraw(registry, one)
    assert registry.counts() == [("vehicle", "EGY", 0, 1)]


def test_a_broken_act_leaves_no_record(registry: Registry) -> None:
    with pytest.raises(BrokenError):
        break_an_act(registry)
    assert registry.record_with(registry.public_id(submission())) is None


def test_a_broken_act_takes_no_number(registry: Registry) -> None:
    with pytest.raises(BrokenError):
        break_an_act(registry)
    assert registry.position() == 0


def test_a_broken_act_leaves_no_audit_line(registry: Registry) -> None:
    with pytest.raises(BrokenError):
        break_an_act(registry)
    with registry.read() as connection:
        assert audit_log.own_entries(connection, "ana", 10) == []


def test_an_act_done_leaves_one_audit_line(registry: Registry) -> None:
    with registry.acting(entry()) as connection:
        registry.accept(connection, Handed([submission()], "ana", NOON))
    with registry.read() as connection:
        assert len(audit_log.own_entries(connection, "ana", 10)) == 1


def test_nothing_held_disagrees_with_itself(registry: Registry) -> None:
    one = accept(registry, submission("one"), submission("two"))[0].public_id
    withdraw(registry, one)
    with registry.read() as connection:
        assert soundness.disagreements(connection) == []


def test_an_entry_that_cannot_be_written_takes_no_other_with_it(registry: Registry) -> None:
    bad = msgspec.structs.replace(entry(), query={"half": 0.5})
    with pytest.raises(MalformedError):
        registry.log_all([entry(), bad])
    registry.log(entry())
    with registry.read() as connection:
        assert len(audit_log.own_entries(connection, "ana", 10)) == 1


def test_a_reader_sees_one_state_throughout(registry: Registry) -> None:
    with registry.read() as connection:
        before = holdings.position(connection)
        accept(registry, submission())
        assert holdings.position(connection) == before
