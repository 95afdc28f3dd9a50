"""Whom may a bureau's grant see? Audiences as masks, and how many changes each kind of grant could see so far.

Both are made once for each kind of grant. A new audience makes each mask longer, a change is added to each count when
it is asked for next: a node has thousands of audiences, and asks with every check.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from threading import RLock
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from comity.access.decide import Grant
from comity.access.masks import Audience

STEPS_MAX: Final = 4096
"""So many steps are kept for those who have not counted them yet; then all count anew."""

Mask: TypeAlias = NDArray[np.bool_]
Pairs: TypeAlias = Mapping[tuple[int, int], int]
"""How many changes led from one audience to another, -1 being none."""

_Name: TypeAlias = tuple[int, str | None, bool]
_Steps: TypeAlias = list[tuple[int, int, int]]


class _Counted(NamedTuple):
    """What a kind of grant could see of all changes up to a place among some steps."""

    steps: _Steps
    place: int
    total: int


class Admissions:
    """The rules behind audience identifiers, and the changes that led from one to another.

    Safe for several threads, which share the lock given: whoever changes several things at once holds it meanwhile.
    """

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._audiences: dict[int, Audience] = {}
        self._masks: dict[_Name, Mask] = {}
        self.highest = -1
        """The highest identifier whose rule is known, -1 where none."""
        self.begin({})

    def begin(self, pairs: Pairs) -> None:
        """Begin with these changes."""
        with self._lock:
            self.pairs = Counter(pairs)
            self._steps: _Steps = []
            self._counted: dict[_Name, _Counted] = {}

    def passed(self, before: int, after: int, count: int = 1) -> None:
        """Take in that so many changes led from one audience to another, -1 being none."""
        with self._lock:
            self.pairs[before, after] += count
            if len(self._steps) >= STEPS_MAX:
                self._steps, self._counted = [], {}
            self._steps.append((before, after, count))

    def learn(self, audiences: Mapping[int, Audience]) -> None:
        """Take in rules."""
        with self._lock:
            if any(number <= self.highest for number in audiences):
                self._masks, self._counted = {}, {}
            self._audiences.update(audiences)
            self.highest = max((self.highest, *audiences))

    def forget(self) -> None:
        """Drop the rules, to learn them anew."""
        with self._lock:
            self._audiences.clear()
            self._masks, self._counted, self.highest = {}, {}, -1

    def mask(self, grant: Grant) -> Mask:
        """Return by identifier whether records of an audience are visible to the grant's bureau, for its purpose."""
        name = _name(grant)
        known = self._masks.get(name)
        if known is not None and known.size > self.highest:
            return known
        with self._lock:
            begin = 0 if known is None else known.size
            mask = np.zeros(self.highest + 1, np.bool_)
            if known is not None:
                mask[:begin] = known
            for number in range(begin, self.highest + 1):
                audience = self._audiences.get(number)
                mask[number] = audience is not None and audience.admits(grant)
            self._masks[name] = mask
            return mask

    def count(self, grant: Grant) -> int:
        """Return how many of the changes so far the grant's bureau could see, for its purpose."""
        name = _name(grant)
        known = self._counted.get(name)
        if known is not None and known.steps is self._steps and known.place == len(known.steps):
            return known.total
        with self._lock:
            seen, known = self.mask(grant), self._counted.get(name)
            if known is None:
                pairs = ((before, after, count) for (before, after), count in self.pairs.items())
                total = _seen(pairs, seen.tolist())
            else:
                total = known.total + _seen(known.steps[known.place :], seen)
            self._counted[name] = _Counted(self._steps, len(self._steps), total)
            return total


def _seen(steps: Iterable[tuple[int, int, int]], seen: Sequence[bool] | Mask) -> int:
    return sum(
        count
        for before, after, count in steps
        if (before >= 0 and seen[before]) or (after >= 0 and seen[after])
    )


def _name(grant: Grant) -> _Name:
    return grant.bureau.bit, grant.purpose, grant.is_oversight
