"""A record that was met can be seen no more, or again: the bureau that checked is told, while its hit is not closed.

    changed records -> hits on them that are not closed -> may the bureau that checked see it now? -> noted, told

A record that is purged closes its hits: that is told in the purge itself, for afterwards no hit is left to look at.

Somebody may stand before an officer because of it. Withdrawn, suspended, blocked and withheld look alike (law 1).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from comity.access.people import Bureau
from comity.access.visibility import may_see
from comity.procedures.desk import Desk
from comity.procedures.hits import is_answering, purpose_of
from comity.procedures.node_officer import bureau_grant
from comity.records.hits import OpenedHit
from comity.records.record import HeldRecord
from comity.registry import duties, events, hits
from comity.registry.events import Event


def tell_unseen(
    connection: Connection, changed: Sequence[HeldRecord], bureaus: Mapping[str, Bureau], desk: Desk
) -> None:
    """Note and tell, in the caller's transaction, of each hit whose record its bureau can see no more, or sees again.

    Once each time: what came back may go again.
    """
    records = {one.public_id: one for one in changed}
    unclosed = hits.unclosed_on(connection, list(records))
    seconds = {one: duties.duty_of(connection, one).second for one in {hit.meeting.owner for hit in unclosed}}
    met = {hit.meeting.record for hit in unclosed}
    answering = {one for one in met if is_answering(connection, records[one], desk)}
    lost = _Lost(records, answering, bureaus)
    pairs = [(hit, _as_seen(hit, seconds[hit.meeting.owner], lost, desk)) for hit in unclosed]
    hits.save(connection, [after for before, after in pairs if after != before])
    turned = [after for before, after in pairs if after.unseen_at != before.unseen_at]
    passed_on = [after for before, after in pairs if after.second not in {None, before.second}]
    events.tell(
        connection, [*(_told(hit, desk) for hit in turned), *(_passed(hit, desk) for hit in passed_on)]
    )


def tell_purged(connection: Connection, purged: Sequence[HeldRecord], desk: Desk) -> None:
    """Note and tell, in the purge's own transaction, of each hit that the purge is about to close.

    Whoever was told before, when the record was suspended or withdrawn, is not told again.
    """
    lost = [
        replace(hit, unseen_at=desk.clock())
        for hit in hits.unclosed_on(connection, [one.public_id for one in purged])
        if hit.unseen_at is None and hit.meeting.bureau != hit.meeting.owner
    ]
    hits.save(connection, lost)
    events.tell(connection, [_told(hit, desk) for hit in lost])


@dataclass(frozen=True, slots=True)
class _Lost:
    """To whom records are lost: to everybody those that do not answer any more, to others what they may not see."""

    records: Mapping[str, HeldRecord]
    answering: AbstractSet[str]
    bureaus: Mapping[str, Bureau]

    def to(self, bureau: str, hit: OpenedHit) -> bool:
        """Return whether a bureau can see the record of a hit no more."""
        held = self.records[hit.meeting.record]
        if bureau not in self.bureaus:
            return False
        if held.public_id not in self.answering:
            return True
        grant = bureau_grant(self.bureaus[bureau], purpose_of(hit))
        return may_see(grant, held.owner, held.record.handling) is None


def _as_seen(hit: OpenedHit, named: str | None, lost: _Lost, desk: Desk) -> OpenedHit:
    """Return a hit as its record can be seen now.

    Whoever cannot see it stands in for its owner no more; whom the owner has `named` does again, where it still waits
    for an answer whose time is over.
    """
    meeting = hit.meeting
    is_lost = meeting.bureau != meeting.owner and lost.to(meeting.bureau, hit)
    is_overdue = hit.is_waiting and hit.escalated_at is not None
    second = hit.second or (named if is_overdue and named != meeting.bureau else None)
    stands_in = second is not None and not lost.to(second, hit)
    since = hit.unseen_at or desk.clock()
    return replace(hit, unseen_at=since if is_lost else None, second=second if stands_in else None)


def _passed(hit: OpenedHit, desk: Desk) -> Event:
    return Event(str(hit.second), "hit", "passed-on", hit.id, desk.clock())


def _told(hit: OpenedHit, desk: Desk) -> Event:
    what = "seen-again" if hit.unseen_at is None else "unseen"
    return Event(hit.meeting.bureau, "hit", what, hit.id, desk.clock(), hit.meeting.account)
