"""The desk: the parts that procedures work with, handed over in one value. Nothing is looked up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from comity.access.decide import Grant
from comity.access.visibility import may_see
from comity.index.store import Index
from comity.matching.profiles import Profile
from comity.procedures.follow import Follower
from comity.procedures.sealing import Box
from comity.records.handling import View
from comity.records.record import HeldRecord, State
from comity.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class Visible:
    """A record that the grant's bureau may see, and how much of it."""

    held: HeldRecord
    view: View


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts of one node. `clock` is the only source of time, always in UTC."""

    registry: Registry
    index: Index
    follower: Follower
    profile: Profile
    box: Box
    clock: Callable[[], datetime]

    def visible(self, grant: Grant, numbers: Sequence[int]) -> list[Visible]:
        """Return those of the records that the grant's bureau may see now. The one reader of candidates."""
        held = self.registry.fetch(numbers)
        return [seen for number in numbers if number in held and (seen := self.seen(grant, held[number]))]

    def seen(self, grant: Grant, held: HeldRecord) -> Visible | None:
        """Return the record as the grant's bureau may see it, or None."""
        view = may_see(grant, held.owner, held.record.handling)
        if view is None or held.state is not State.ACTIVE:
            return None
        return Visible(held, view)
