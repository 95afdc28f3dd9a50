"""Exact keys of recent changes, in memory: a table that takes new pairs and lets records go.

    hash -> slot (full hash, first and last node) -> nodes in order of entry: record, audience, next

Compiled code reads the arrays by address. They are only ever replaced by larger ones, and whoever holds a
view of them holds the arrays, so that a look-up that has begun ends in the arrays that it began in.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comity.index.kernels import recent as kernels
from comity.index.kernels.recent import NO_NODE

SLOTS_MIN = 1024


def _zeros64(count: int) -> NDArray[np.uint64]:
    return np.zeros(count, np.uint64)


def _zeros(count: int) -> NDArray[np.uint32]:
    return np.zeros(count, np.uint32)


@dataclass(slots=True)
class RecentTable:
    """The pairs of recent changes. A node is three words: record (0 where it is gone), audience, next node."""

    hashes: NDArray[np.uint64] = field(default_factory=lambda: _zeros64(SLOTS_MIN))
    ends: NDArray[np.uint32] = field(default_factory=lambda: _zeros(2 * SLOTS_MIN))
    nodes: NDArray[np.uint32] = field(default_factory=lambda: _zeros(3 * SLOTS_MIN))
    gone: NDArray[np.uint32] = field(default_factory=lambda: _zeros(SLOTS_MIN))
    slots_used: int = 0
    nodes_used: int = 1
    gone_count: int = 0

    def put(self, record: int, audience: int, hashes: tuple[int, ...]) -> None:
        """Hold a record under these hashes too."""
        for hashed in hashes:
            self._make_room()
            place = int(kernels.slot_of(hashed, self.hashes, self.ends))
            self.slots_used += self.ends[2 * place] == NO_NODE
            kernels.link(place, hashed, self.nodes_used, self.hashes, self.ends, self.nodes)
            # The record last: a node is met by others only when it is whole.
            self.nodes[3 * self.nodes_used + 1] = audience
            self.nodes[3 * self.nodes_used] = record
            self.nodes_used += 1

    def remove(self, record: int, hashes: tuple[int, ...]) -> None:
        """Hold a record under these hashes once less: what was put first goes first."""
        for hashed in hashes:
            kernels.unlink(record, hashed, self.hashes, self.ends, self.nodes)

    def bury(self, record: int) -> None:
        """Hold that whatever older layers say of a record counts no more."""
        if 2 * (self.gone_count + 1) > len(self.gone):
            larger = _zeros(2 * len(self.gone))
            for one in self.gone[self.gone > 0].tolist():
                kernels.add(one, larger)
            self.gone = larger
        self.gone_count += bool(kernels.add(record, self.gone))

    def _make_room(self) -> None:
        if 3 * (self.nodes_used + 1) > len(self.nodes):
            self.nodes = np.concatenate([self.nodes, np.zeros_like(self.nodes)])
        if 2 * (self.slots_used + 1) > len(self.hashes):
            hashes, ends = _zeros64(2 * len(self.hashes)), _zeros(2 * len(self.ends))
            kernels.move(self.hashes, self.ends, hashes, ends)
            self.hashes, self.ends = hashes, ends
