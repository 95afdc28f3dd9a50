"""Purging records: what they said is removed from every place of the node, and what proves it stays.

    held -> bodies and versions removed, logged, tombstone put up (one transaction) -> index built anew

A topic that keeps copies of what records say adds what forgets them to `COPIES`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.procedures import passage_keys, upkeep
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.hits_unseen import tell_purged
from comity.procedures.redress_beside import counts_of
from comity.records.record import HeldRecord
from comity.registry import distinctions, hits, mention_keys, notices, owner_requests, retention
from comity.registry.retention import Tombstone

COPIES: tuple[Callable[[Connection, Sequence[HeldRecord]], None], ...] = (
    owner_requests.forget,
    notices.forget,
    hits.forget,
    distinctions.forget_records,
    mention_keys.forget,
    passage_keys.forget,
)
"""What forgets the copies that other topics keep of these records, in the purge's own transaction.

Events, the outbox and messages name records by their identifiers alone; standing and earlier checks keep what
their askers asked, not what a record says.
"""


@dataclass(frozen=True, slots=True)
class PurgeOrder:
    """By whom records are purged, in which act, and why: `unanswered`, `let-go`, `withdrawn`, `erased`."""

    officer: Officer
    act: Act
    why: str
    order: str | None = None


def purge(
    records: Sequence[HeldRecord], order: PurgeOrder, connection: Connection, desk: Desk
) -> list[Tombstone]:
    """Remove records in the caller's transaction, one audit line each; return what is left of them."""
    at = desk.clock()
    counts = {} if order.order is None else _beside(records, connection)
    digests = desk.registry.purge(connection, [one.public_id for one in records], order.officer.account, at)
    purged = [one for one in records if one.public_id in digests]
    tell_purged(connection, purged, desk)
    for forget in COPIES:
        forget(connection, purged)
    entries = [
        _entry(one, digests[one.public_id], order, counts.get(one.public_id, {}), desk) for one in purged
    ]
    numbers = desk.registry.append_all(connection, entries) if entries else range(0)
    stones = [
        Tombstone(
            number=one.number,
            version=one.version + 1,
            record=one.public_id,
            owner=one.owner,
            kind=one.record.kind.code,
            why=order.why,
            digest=digests[one.public_id],
            purged_at=at,
            seq=seq,
        )
        for one, seq in zip(purged, numbers, strict=True)
    ]
    retention.bury(connection, stones)
    retention.drop_terms(connection, [one.number for one in purged])
    return stones


def _beside(records: Sequence[HeldRecord], connection: Connection) -> dict[str, dict[str, int]]:
    """Return how much stands beside each of these records, and goes with it."""
    return {one.public_id: counts_of(connection, one.public_id, one.number) for one in records}


def _entry(
    held: HeldRecord, digest: bytes, order: PurgeOrder, counts: Mapping[str, int], desk: Desk
) -> Entry:
    query: dict[str, object] = {
        "record": held.public_id,
        "why": order.why,
        "digest": digest.hex(),
        "versions": held.version,
    }
    query |= {} if order.order is None else {"order": order.order}
    query |= {"with": counts} if counts else {}
    entry = entry_of(
        order.officer, order.act, desk.clock(), "purged", kind=held.record.kind.code, query=query
    )
    return msgspec.structs.replace(entry, records=(held.public_id,), owners=(held.owner,))


def sweep(desk: Desk) -> None:
    """Let nothing of purged records stand in the index's segments or in the database's own files."""
    upkeep.rebuild(desk)
    desk.registry.scrub()
