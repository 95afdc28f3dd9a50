"""Requests that never came into force: no record of theirs comes of age, so they come of age by themselves.

    draft, refused or withdrawn, unchanged for its kind's period -> words, steps and keys removed, logged, owner told

While a redress case blocks a request, nothing of it is removed.
"""

from datetime import UTC, date, datetime, time

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.records.notices.states import NoticeState
from comity.records.retention import months_after, since
from comity.registry import events, notices, redress
from comity.registry.events import Event
from comity.registry.notices import HeldNotice

PAGE = 200
AT_REST = frozenset({NoticeState.DRAFT, NoticeState.REFUSED, NoticeState.WITHDRAWN})


def lapse_due(today: date, officer: Officer, desk: Desk) -> int:
    """Remove the requests whose time is over; return how many. For whoever runs retention, who is shown none."""
    after, count = "", 0
    oldest = datetime.combine(since(today, desk.retention.shortest_months), time.max, UTC)
    while True:
        with desk.registry.read() as connection:
            resting = notices.never_in_force(connection, AT_REST, oldest, after, PAGE)
        due = [held for held in resting if _is_over(held, today, desk)]
        if due:
            count += _remove(due, officer, desk)
        if len(resting) < PAGE:
            return count
        after = resting[-1].id


def _is_over(held: HeldNotice, today: date, desk: Desk) -> bool:
    content = held.latest
    months = desk.retention.months_of(content.kind, content.colour.purposes)
    return months_after(held.changed_at.date(), months) <= today


def _remove(due: list[HeldNotice], officer: Officer, desk: Desk) -> int:
    with desk.registry.write() as connection:
        gone = [held for held in due if _still_due(connection, held)]
        notices.forget_requests(connection, [held.id for held in gone])
        at = desk.clock()
        for held in gone:
            kept = desk.registry.mark("request", held.id, held.latest.to_bytes().decode())
            query: dict[str, object] = {
                "record": held.id,
                "why": "lapsed",
                "digest": kept,
                "versions": held.version,
            }
            entry = entry_of(officer, Act.RETENTION_RUN, at, "purged", kind=held.latest.kind, query=query)
            named = msgspec.structs.replace(entry, records=(held.id,), owners=(held.owner,))
            desk.registry.append(connection, named)
        events.tell(connection, [Event(one.owner, one.form.value, "purge", one.id, at) for one in gone])
    return len(gone)


def _still_due(connection: Connection, held: HeldNotice) -> bool:
    now = notices.fetch(connection, held.id)
    return (
        now is not None and now.version == held.version and not redress.blocked_things(connection, [held.id])
    )
