"""The clocks of hits: an owner is reminded at half its time; silent at the end of it, its hit is passed on.

    hits whose clock has struck -> reminded, or passed on with a line in the log -> told: one transaction

It may be killed anywhere and run by several at once: a clock strikes in the same transaction that notes it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Bureau
from comity.access.visibility import may_see
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.hits import is_answering, naming, purpose_of
from comity.procedures.node_officer import bureau_grant, node_officer
from comity.records.hits import OpenedHit, escalate, remind
from comity.registry import accounts, duties, events, hits, holdings
from comity.registry.duties import Duty
from comity.registry.events import Event

STRUCK_MAX = 200


def strike(desk: Desk) -> int:
    """Do what is due at the desk's moment; return to how many hits."""
    count = 0
    while True:
        with desk.registry.read() as connection:
            if not hits.waking(connection, desk.clock(), 1):
                return count
        bureaus = desk.registry.bureaus()
        with desk.registry.quietly() as connection:
            at = desk.clock()  # the one moment for all of it: a clock can be put back at any other
            struck = hits.waking(connection, at, STRUCK_MAX)
            for hit in struck:
                _strike(connection, hit, at, bureaus, desk)
        count += len(struck)


def _strike(
    connection: Connection, hit: OpenedHit, at: datetime, bureaus: Mapping[str, Bureau], desk: Desk
) -> None:
    duty = duties.duty_of(connection, hit.meeting.owner)
    reminded = remind(hit, at)
    if reminded is not None:
        hits.save(connection, [reminded])
        events.tell(connection, [_to_owner(hit, "reminded", at, duty)])
        return
    second = duty.second if _may_know(connection, duty, hit, (bureaus, desk)) else None
    passed_on = escalate(hit, at, second)
    assert passed_on is not None, "a clock strikes to remind or to pass on"
    hits.save(connection, [passed_on])
    events.tell(connection, [_to_owner(hit, "overdue", at, duty), *_to_others(passed_on, at)])
    officer = node_officer(bureaus[hit.meeting.owner])
    query = {"hit": hit.id, "to": passed_on.second}
    entry = entry_of(officer, Act.HIT_ESCALATE, at, "done", purpose=purpose_of(hit), query=query)
    desk.registry.append(connection, naming(entry, hit))


def pass_on_to_named(connection: Connection, duty: Duty, at: datetime, desk: Desk) -> None:
    """Pass on, to whom a bureau names only now, the hits on its records whose time was over before.

    In the caller's transaction, which logs it. Who stood in until then has been let go already.
    """
    asking = accounts.all_bureaus(connection), desk
    left = [hit for hit in hits.overdue_of(connection, duty.bureau) if hit.second is None]
    named = [
        replace(hit, second=duty.second)
        for hit in left
        if duty.second != hit.meeting.bureau and _may_know(connection, duty, hit, asking)
    ]
    hits.save(connection, named)
    events.tell(connection, [Event(str(hit.second), "hit", "passed-on", hit.id, at) for hit in named])


def _to_owner(hit: OpenedHit, what: str, at: datetime, duty: Duty) -> Event:
    return Event(hit.meeting.owner, "hit", what, hit.id, at, duty.account)


def _to_others(hit: OpenedHit, at: datetime) -> list[Event]:
    meeting = hit.meeting
    told: list[Event] = []
    if meeting.bureau != meeting.owner:
        told.append(Event(meeting.bureau, "hit", "overdue", hit.id, at, meeting.account))
    if hit.second is not None:
        told.append(Event(hit.second, "hit", "passed-on", hit.id, at))
    return told


def _may_know(
    connection: Connection, duty: Duty, hit: OpenedHit, asking: tuple[Mapping[str, Bureau], Desk]
) -> bool:
    """Return whether the second bureau may see the record: who may not is not told that it was met."""
    bureaus, desk = asking
    held = holdings.fetch_by_id(connection, hit.meeting.record)
    if duty.second is None or duty.second not in bureaus or held is None:
        return False
    if not is_answering(connection, held, desk):
        return False
    grant = bureau_grant(bureaus[duty.second], purpose_of(hit))
    return may_see(grant, held.owner, held.record.handling) is not None
