"""What was erased by decision stays away: the owner cannot enter it again, by whatever door or identifier.

    a record's own identifier, its numbers, its names with a birth date -> keyed digests -> the list

The list holds digests under the node's key alone: it tells nobody who was erased.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from comity.names.fold import fold
from comity.records.kind import search_terms
from comity.records.record import Record
from comity.registry import retention
from comity.registry.holdings import Submission


@dataclass(frozen=True, slots=True)
class Barred:
    """A record that is to be kept away: whose it was, and what it said."""

    owner: str
    public_id: str
    record: Record


def known_by(record: Record) -> list[str]:
    """Return what a record is known by to others than its owner: numbers, and names with a date of birth.

    A name alone is many people's, so it keeps nobody out.
    """
    terms = search_terms(record.kind, record.data)
    born = record.data.get("born")
    dates = born if isinstance(born, list) else []
    numbers = [f"{meaning}\x1f{key}" for meaning, key in terms.keys]
    return [*numbers, *(f"{fold(name)}\x1f{day}" for _meaning, name in terms.names for day in dates)]


def digests_of(secret: bytes, owner: str, public_id: str, record: Record) -> list[bytes]:
    """Return the digests under which a record is kept away from its owner's hand."""
    known = (f"{record.kind.code}\x1f{term}" for term in known_by(record))
    return [retention.suppression_digest(secret, owner, term) for term in (public_id, *known)]


def barred_among(
    connection: Connection, secret: bytes, submissions: Sequence[Submission], ids: Sequence[str]
) -> set[str]:
    """Return the public ids of those submissions that a decision keeps away; mostly one question, no digest."""
    owners = {submission.owner for submission in submissions}
    wary = {owner for owner in owners if retention.has_suppressions(connection, owner)}
    if not wary:
        return set()
    digests = {
        one: digests_of(secret, submission.owner, one, submission.record)
        for one, submission in zip(ids, submissions, strict=True)
        if submission.owner in wary
    }
    known = retention.suppressed(connection, (digest for all_ in digests.values() for digest in all_))
    return {one for one, all_ in digests.items() if not known.isdisjoint(all_)}
