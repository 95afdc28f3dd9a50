"""Whom may a bureau's grant see? Audiences as masks, made once for each kind of grant, and what was counted by them."""

from collections.abc import Mapping
from threading import RLock
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from comity.access.decide import Grant
from comity.access.masks import Audience

Mask: TypeAlias = NDArray[np.bool_]
Pairs: TypeAlias = Mapping[tuple[int, int], int]
"""How many changes led from one audience to another, -1 being none."""

_Name: TypeAlias = tuple[int, str | None, bool]


class Admissions:
    """The rules behind audience identifiers, as masks. Safe for several threads, which share the lock given."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._audiences: dict[int, Audience] = {}
        self._masks: dict[_Name, Mask] = {}
        self._counted: dict[_Name, tuple[int, int]] = {}

    @property
    def highest(self) -> int:
        """The highest identifier whose rule is known, -1 where none."""
        return max(self._audiences, default=-1)

    def learn(self, audiences: Mapping[int, Audience]) -> None:
        """Take in rules."""
        with self._lock:
            self._audiences.update(audiences)
            self._masks, self._counted = {}, {}

    def forget(self) -> None:
        """Drop the rules, to learn them anew."""
        with self._lock:
            self._audiences.clear()
            self._masks, self._counted = {}, {}

    def mask(self, grant: Grant) -> Mask:
        """Return by identifier whether records of an audience are visible to the grant's bureau, for its purpose."""
        name = _name(grant)
        known = self._masks.get(name)
        if known is not None:
            return known
        with self._lock:
            mask = np.zeros(self.highest + 1, np.bool_)
            for number, audience in self._audiences.items():
                mask[number] = audience.admits(grant)
            self._masks[name] = mask
            return mask

    def counted(self, grant: Grant, position: int) -> int | None:
        """Return what `count` said of the changes up to a position, where it was the last to be counted."""
        known = self._counted.get(_name(grant))
        return known[1] if known is not None and known[0] == position else None

    def count(self, grant: Grant, pairs: Pairs, position: int) -> int:
        """Return how many of the changes up to a position the grant's bureau could see."""
        with self._lock:
            seen = self.mask(grant).tolist()
            found = sum(
                count
                for (before, after), count in pairs.items()
                if (before >= 0 and seen[before]) or (after >= 0 and seen[after])
            )
            self._counted[_name(grant)] = position, found
            return found


def _name(grant: Grant) -> _Name:
    return grant.bureau.bit, grant.purpose, grant.is_oversight
