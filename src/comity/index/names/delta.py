"""The names of recent changes, in memory: a few small segments that are merged as they fill.

add -> waiting -> (next search) a new small segment -> merged with others of its size
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from comity.index.names.entries import NameEntry
from comity.index.names.segment import NameSegment

GROWTH = 6


@dataclass(slots=True)
class _Tier:
    """A small segment with the entries it was made of, and the records removed since."""

    segment: NameSegment
    entries: list[NameEntry]
    gone: set[int] = field(default_factory=set[int])


class NameDelta:
    """The name index of recent changes. A name added is found by the next search; safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._tiers: list[_Tier] = []
        self._waiting: list[NameEntry] = []

    def add(self, entries: Iterable[NameEntry]) -> None:
        """Hold these names too."""
        with self._lock:
            self._waiting.extend(entries)

    def bury(self, records: Iterable[int]) -> None:
        """Hold no name of these records any more."""
        gone = set(records)
        with self._lock:
            self._waiting = [entry for entry in self._waiting if entry.record not in gone]
            for tier in self._tiers:
                tier.gone |= gone
                tier.segment.bury(gone)

    def segments(self) -> list[NameSegment]:
        """Return the segments of the delta, without the records removed."""
        with self._lock:
            self._settle()
            return [tier.segment for tier in self._tiers]

    def _settle(self) -> None:
        """Make a segment of what waits, merging segments that are not much larger into it."""
        if not self._waiting:
            return
        entries, self._waiting = self._waiting, []
        while self._tiers and len(self._tiers[-1].entries) < GROWTH * len(entries):
            tier = self._tiers.pop()
            entries += [entry for entry in tier.entries if entry.record not in tier.gone]
        self._tiers.append(_Tier(NameSegment.of(entries), entries))
