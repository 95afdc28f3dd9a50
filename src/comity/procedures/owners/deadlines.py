"""The deadlines of proposals and requests for access: both bureaus are told once that the owner's time is over.

    the last moment looked at -> open requests whose time has come since -> both told, the moment moved: one transaction

A decision after the deadline counts as well. Deadlines are days: they are looked at once an hour. A clock that was
ahead and is put right begins anew from there: better told twice than never.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from comity.procedures.desk import Desk
from comity.registry import events, owner_requests, positions
from comity.registry.events import Event

EVERY: Final = timedelta(hours=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def tell_overdue(desk: Desk) -> int:
    """Tell of the requests whose time has come since it was last looked at; return of how many."""
    now = desk.clock()
    with desk.registry.read() as connection:
        last = _EPOCH + positions.position(connection, positions.REQUESTS_DUE) * _MICROSECOND
    if abs(now - last) < EVERY:  # the clocks of two machines are a little apart
        return 0
    with desk.registry.quietly() as connection:
        # Read again under the lock: another process may have been first.
        last = _EPOCH + positions.position(connection, positions.REQUESTS_DUE) * _MICROSECOND
        due = owner_requests.came_due(connection, last, now)
        told = [
            Event(bureau, one.what, "overdue", one.id, now)
            for one in due
            for bureau in (one.owner, one.bureau)
        ]
        events.tell(connection, told)
        positions.move(connection, positions.REQUESTS_DUE, (now - _EPOCH) // _MICROSECOND)
    return len(due)
