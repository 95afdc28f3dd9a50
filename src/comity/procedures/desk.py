"""The desk: the parts that procedures work with, handed over in one value. Nothing is looked up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from comity.access.decide import Grant
from comity.access.visibility import may_see
from comity.index.store import Index
from comity.matching.profiles import Profile
from comity.procedures.follow import Follower
from comity.procedures.known_keys import KnownKeys
from comity.procedures.node_clock import NodeClock
from comity.procedures.sealing import Box
from comity.records.handling import View
from comity.records.record import HeldRecord, State
from comity.records.retention import SECRETARIAT, RetentionProfile
from comity.registry import retention
from comity.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Visible:
    """A record that the grant's bureau may see, and how much of it."""

    held: HeldRecord
    view: View


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of one node. `clock` is the only source of time, always in UTC; `guard` tells whether to trust it."""

    registry: Registry
    index: Index
    follower: Follower
    profile: Profile
    box: Box
    clock: Callable[[], datetime]
    keys: KnownKeys
    guard: NodeClock
    retention: RetentionProfile = SECRETARIAT

    def visible(self, grant: Grant, numbers: Sequence[int]) -> list[Visible]:
        """Return those of the records that the grant's bureau may see now. The one reader of candidates."""
        held = self.registry.fetch(numbers)
        return [seen for number in numbers if number in held and (seen := self.seen(grant, held[number]))]

    def seen(self, grant: Grant, held: HeldRecord) -> Visible | None:
        """Return the record as the grant's bureau may see it, or None."""
        view = may_see(grant, held.owner, held.record.handling)
        if view is None or held.state is not State.ACTIVE or self.is_over(held):
            return None
        return Visible(held, view)

    def is_over(self, held: HeldRecord) -> bool:
        """Return whether the record's retention is over, whether or not the clock's run has come to it yet."""
        today = self.clock().date()
        stated = held.record.handling.retain_until
        if stated is not None and stated <= today:
            return True
        # Few records are older than their period: only of those is it asked whether their owner kept them.
        return self.retention.natural_end(held) <= today and self.ends_on(held) <= today

    def ends_on(self, held: HeldRecord) -> date:
        """Return the first day on which the record answers nobody any more."""
        with self.registry.read() as connection:
            return self.retention.ends_on(held, retention.kept_until(connection, held.number))
