"""Which of a few numbers is this, if any? A small table that stays in the processor's nearest cache.

numbers, as they come -> table of the numbers and their slots, 0, 1, 2 ... -> the slot of a number, or none

An array as long as the index would answer with one read too, but each of those reads waits for memory.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

SLOT_NONE = -1
ROOM_EACH = 3
_SPREAD = np.uint32(0x9E3779B1)
_SHIFT = np.uint32(12)

Numbers = NDArray[np.uint32]


@kernel(nogil=True)
def new_slots(count: int) -> tuple[Numbers, NDArray[np.uint16]]:
    """Return an empty table with room for so many numbers: the numbers, each and one more, and their slots."""
    size = 16
    while size < ROOM_EACH * count:
        size *= 2
    return np.zeros(size, dtype=np.uint32), np.empty(size, dtype=np.uint16)


@kernel(nogil=True, inline="always")
def slot_or_add(number: int, count: int, table: Numbers, slots: NDArray[np.uint16]) -> int:
    """Return the slot of a number, the next one, `count`, where it is new."""
    place = _place_of(number, table)
    if table[place] == 0:
        table[place], slots[place] = number + 1, count
    return np.int64(slots[place])


@kernel(nogil=True, inline="always")
def slot_of(number: int, table: Numbers, slots: NDArray[np.uint16]) -> int:
    """Return the slot of a number, `SLOT_NONE` where it has none."""
    place = _place_of(number, table)
    return np.int64(slots[place]) if table[place] else SLOT_NONE


@kernel(nogil=True, inline="always")
def _place_of(number: int, table: Numbers) -> int:
    """Return where a number stands in the table, or where it would."""
    mask = np.uint32(table.size - 1)
    sought = np.uint32(number + 1)
    place = (sought * _SPREAD >> _SHIFT) & mask
    while table[place] != 0 and table[place] != sought:  # noqa: PLR1714  # kernels know no sets
        place = (place + np.uint32(1)) & mask
    return place
