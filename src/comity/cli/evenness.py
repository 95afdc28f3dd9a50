"""Which worker holds how many connections? One that holds more than its share lets some go, one at a time.

A worker that dies leaves its clients to the others, and the one that takes its place begins with none. Clients keep a
connection for hours, so that without this they would all stay with the survivor, which answers for two. Who comes
anew is taken by a worker that holds no more than the others: see `accepting`.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

PAUSE_S: Final = 0.01
"""Between two that are let go: who comes anew is counted meanwhile, so that no more go than must."""

EXCESS: Final = 1.1
SPARE: Final = 2.0
"""A share is taken so many times, and so many connections more, before any is let go: a few more cost nothing."""

Counts = NDArray[np.int64]


class Share:
    """A worker's share of the connections; `counts` says how many each worker holds, in memory that all share."""

    def __init__(self, counts: Counts, slot: int) -> None:
        self._counts, self._slot = counts, slot
        self._next_at = 0.0
        self.note(0)

    def note(self, held: int) -> None:
        """Tell the others how many connections this worker holds."""
        self._counts[self._slot] = held

    def is_ahead(self, more: int) -> bool:
        """Return whether another worker holds fewer than this one, of which `more` are not counted yet."""
        held = self._counts.tolist()
        own = held.pop(self._slot) + more
        return any(one < own for one in held)

    def is_exceeded(self, now: float) -> bool:
        """Return whether one connection is to be let go now: asked once an answer, so nearly always at once."""
        if now < self._next_at:
            return False
        self._next_at = now + PAUSE_S
        held = self._counts.tolist()  # of a few numbers an array's mean takes longer than all of this
        return bool(held[self._slot] > EXCESS * sum(held) / len(held) + SPARE)


def whole() -> Share:
    """Return the share of a worker that is alone."""
    return Share(np.zeros(1, dtype=np.int64), 0)
