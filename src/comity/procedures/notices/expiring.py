"""Notices whose day has come: out of every answer, with an audit line each.

Their records answer nobody from that day on, whether or not this has run: it brings the notices after them.
"""

from dataclasses import replace

from comity.access.acts import Act
from comity.access.people import Officer
from comity.procedures.clock_standing import require_proven
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.standing import addressee_events, events_of, standing_terms
from comity.procedures.noting import noting
from comity.records.notices.states import Move, NoticeState
from comity.registry import events, holdings, notices
from comity.registry.notices import HeldNotice, Step

PAGE = 200


def expire_due(officer: Officer, desk: Desk) -> int:
    """Return how many notices and diffusions have expired now.

    Raises, after logging, `RefusedError`, and `ConflictError` for a clock that is not proven.
    """
    leave(officer, Act.NOTICE_EXPIRE, desk, {})
    with noting(officer, Act.NOTICE_EXPIRE, desk, {}):
        today = require_proven(desk).date()
    count = 0
    while True:
        with desk.registry.read() as connection:
            due = notices.overdue(connection, today, PAGE)
        for held in due:
            _expire(held, officer, desk)
        count += len(due)
        if len(due) < PAGE:
            break
    return count


def _expire(held: HeldNotice, officer: Officer, desk: Desk) -> None:
    at = desk.clock()
    with desk.registry.entering() as connection:
        now = notices.fetch(connection, held.id)
        if now is None or now.version != held.version:
            return
        if now.since is not None:
            holdings.withdraw(connection, [now.id], officer.account, at)
        over = replace(
            now,
            state=NoticeState.EXPIRED,
            version=now.version + 1,
            reviewer=None,
            changed_at=at,
            since=None,
        )
        step = Step(over.version, Move.EXPIRE.value, over.state, at, officer.account, officer.bureau.code)
        notices.change(connection, over, step)
        told = events_of(now, Move.EXPIRE.value, officer, desk)
        told += addressee_events(now, over, Move.EXPIRE.value, officer, desk)
        events.tell(connection, told)
        query = {"notice": held.id, **standing_terms(now, over)}
        entry = entry_of(officer, Act.NOTICE_EXPIRE, at, "done", kind=over.latest.kind, query=query)
        desk.registry.append(connection, entry)
