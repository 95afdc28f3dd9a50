"""What a clock that is not proven holds back, who says that it is right, and how that is noted.

clock jumps -> held back, told -> whoever runs the node looks, and confirms -> logged, then followed
"""

import logging
from datetime import datetime
from typing import Final

from comity.access.acts import Act
from comity.access.people import SECRETARIAT_REGION, Officer
from comity.access.roles import role_named
from comity.errors import ConflictError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.idempotency import KEPT_FOR
from comity.procedures.leave import leave
from comity.procedures.node_clock import Judged, Standing
from comity.procedures.node_officer import NODE_ACCOUNT
from comity.registry import accounts, idempotency

LOGGER: Final = logging.getLogger("comity.clock")


def require_proven(desk: Desk) -> datetime:
    """Return the moment by which what cannot be undone may be done; raises `ConflictError` where it is not proven.

    It is taken first and proven then: a clock that jumps in between is found out, and one that jumps later changes
    nothing of it. So a run goes by this moment to its end, and asks no clock what is due.
    """
    at = desk.clock()
    standing = desk.guard.look().standing
    if standing is not Standing.PROVEN:
        raise ConflictError(what="clock", rule=f"clock-{standing.value}")
    return at


def clock_of(officer: Officer, desk: Desk) -> Judged:
    """Return how the machine's clock stands, for whoever runs the node; raises `RefusedError`, after logging."""
    leave(officer, Act.NODE_OPERATE, desk, {"clock": "show"})
    judged = desk.guard.look()
    desk.registry.log(entry_of(officer, Act.NODE_OPERATE, desk.clock(), "done", query={"clock": "show"}))
    return judged


def confirm_clock(officer: Officer, desk: Desk) -> Judged:
    """Take the machine's clock as right; return how it stands then. Raises `RefusedError`, after logging.

    The line in the log is the last by the node's time until then. Where that is set back, sessions and locks that
    were begun by it end: they would last by as much longer. Killed between the line and the clock, it is done anew.
    """
    leave(officer, Act.NODE_OPERATE, desk, {"clock": "confirm"})
    desk.registry.settle()
    before = desk.guard.look()
    entry = entry_of(officer, Act.NODE_OPERATE, before.at, "clock-confirmed", query=_terms(before))
    with desk.registry.acting(entry) as connection:
        if before.wall < before.at:
            accounts.end_begun_after(connection, before.wall)
            idempotency.begin_anew(connection, before.wall, KEPT_FOR)
    return desk.guard.confirm()


def watch_clock(desk: Desk, before: Standing | None) -> Standing:
    """Return how the clock stands; where that is news and no good ones, say so in the log and to whoever reads ours."""
    judged = desk.guard.look()
    if judged.standing is before or (before is None and judged.standing is Standing.PROVEN):
        return judged.standing
    told = (judged.standing.value, _second(judged.at), _second(judged.wall))
    LOGGER.warning("the machine's clock is %s: the node's time is %s, the machine's %s", *told)
    offices = [one for one in desk.registry.bureaus().values() if one.region == SECRETARIAT_REGION]
    if offices:
        node = Officer(NODE_ACCOUNT, offices[0], role_named("operator"), door="node")
        outcome = f"clock-{judged.standing.value}"
        desk.registry.log(entry_of(node, Act.NODE_OPERATE, judged.at, outcome, query=_terms(judged)))
    return judged.standing


def _terms(judged: Judged) -> dict[str, object]:
    return {
        "clock": judged.standing.value,
        "node_time": _second(judged.at),
        "machine_time": _second(judged.wall),
    }


def _second(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
