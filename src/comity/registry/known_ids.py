"""A set of identifiers' prefixes in memory, for a load of tens of millions: 8 bytes each, twice that as it grows."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

SLOTS_MIN = 1 << 16


class KnownIds:
    """The prefixes of the identifiers that a list holds already. It may say yes too often, and never no."""

    def __init__(self) -> None:
        self._slots = np.zeros(SLOTS_MIN, np.uint64)
        self._count = 0

    def add(self, prefixes: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Take in these prefixes; return which of them were not there yet, each told once."""
        while 2 * (self._count + len(prefixes)) > len(self._slots):
            larger = np.zeros(2 * len(self._slots), np.uint64)
            _add(self._slots[self._slots > 0], larger, np.zeros(self._count, np.bool_))
            self._slots = larger
        # 0 stands for nothing: its place is shared with 1.
        fresh = np.zeros(len(prefixes), np.bool_)
        self._count += int(_add(np.maximum(prefixes, np.uint64(1)), self._slots, fresh))
        return fresh


@kernel("int64(uint64[::1], uint64[::1], bool_[::1])")
def _add(prefixes: NDArray[np.uint64], slots: NDArray[np.uint64], fresh: NDArray[np.bool_]) -> int:
    mask, count = np.uint64(slots.size - 1), 0
    for place in range(prefixes.size):
        prefix = prefixes[place]
        slot = prefix & mask
        while slots[slot] != 0 and slots[slot] != prefix:
            slot = (slot + np.uint64(1)) & mask
        if slots[slot] == 0:
            slots[slot] = prefix
            fresh[place] = True
            count += 1
    return count
