"""What a node does by the clock, one job after the other: `serve` has it done every second, `comity tick` once.

    lines of the log -> hits -> clocks struck, deadlines told -> new records meet earlier checks
    -> keys of messages kept, and of records that name others, and of what stands beside them
    -> events sent -> forgotten

Each job goes on from its own durable place, does its work and moves its place in one transaction, and so may be
killed anywhere and run by several at once.
"""

from dataclasses import dataclass

from comity.access.acts import Act
from comity.access.people import Officer
from comity.procedures import passage_keys
from comity.procedures.alerts import meet_changes
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.hits_clock import strike
from comity.procedures.hits_opening import follow_log, is_level
from comity.procedures.leave import leave
from comity.procedures.mention_keys import CLOCK_S, follow_within
from comity.procedures.message_keys import keep_keys
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.owners.deadlines import tell_overdue
from comity.procedures.sending import Courier, deliver
from comity.procedures.waiting_checks import gather_checks
from comity.records.fieldtype import Json
from comity.registry import distinctions, earlier, idempotency, watches


@dataclass(frozen=True, slots=True)
class Ticked:
    """How much each job did: hits opened, clocks struck, alerts raised, events sent, things forgotten."""

    hits: int
    clocks: int
    alerts: int
    sent: int
    forgotten: int

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        done: dict[str, Json] = {"hits": self.hits, "clocks": self.clocks, "alerts": self.alerts}
        return {**done, "sent": self.sent, "forgotten": self.forgotten}


def tick(desk: Desk, courier: Courier | None) -> Ticked:
    """Do what is due now. Without a courier, what has to be sent waits."""
    desk.registry.settle()
    opened = 0 if is_level(desk) else follow_log(desk)
    struck = strike(desk) + pass_on_overdue(desk) + tell_overdue(desk)
    gather_checks(desk)
    alerts = meet_changes(desk)
    keep_keys(desk)
    follow_within(desk, CLOCK_S)
    passage_keys.follow_within(desk, CLOCK_S)
    sent = 0 if courier is None else deliver(desk, courier)
    return Ticked(opened, struck, alerts, sent, _forget(desk))


def tick_once(officer: Officer, desk: Desk, courier: Courier | None) -> Ticked:
    """Do what is due now, by the hand of who runs the node; raises `RefusedError`."""
    leave(officer, Act.NODE_OPERATE, desk, {"tick": True})
    done = tick(desk, courier)
    desk.registry.log(entry_of(officer, Act.NODE_OPERATE, desk.clock(), "done", query={"tick": True}))
    return done


def _forget(desk: Desk) -> int:
    at = desk.clock()
    if not desk.guard.is_proven:  # looked at last: a clock that jumps in between is found out
        return 0
    with desk.registry.read() as connection:
        is_due = (
            distinctions.has_ended(connection, at)
            or watches.has_ended(connection, at)
            or earlier.has_ended(connection, at.date())
            or idempotency.has_ended(connection, at)
        )
    if not is_due:
        return 0
    with desk.registry.quietly() as connection:
        gone = distinctions.forget(connection, at) + watches.end_due(connection, at)
        return gone + earlier.forget(connection, at.date()) + idempotency.forget(connection, at)
