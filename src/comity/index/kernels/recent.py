"""The table of recent changes; its form is told in `index/exact/recent.py`."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

NO_NODE = 0
"""Node 0 is none, as record 0 is: zeros are empty."""


@kernel("int64(uint64, uint64[::1], uint32[::1])")
def slot_of(hashed: int, hashes: NDArray[np.uint64], ends: NDArray[np.uint32]) -> int:
    """Return the slot of a hash, or the empty one that it would take."""
    mask = hashes.size - 1
    place = np.int64(hashed) & mask
    while ends[2 * place] != NO_NODE and hashes[place] != hashed:
        place = (place + 1) & mask
    return place


@kernel("void(int64, uint64, int64, uint64[::1], uint32[::1], uint32[::1])")
def link(
    place: int,
    hashed: int,
    node: int,
    hashes: NDArray[np.uint64],
    ends: NDArray[np.uint32],
    nodes: NDArray[np.uint32],
) -> None:
    """Put a node at the end of a slot's chain."""
    hashes[place] = hashed
    if ends[2 * place] == NO_NODE:
        ends[2 * place] = node
    else:
        nodes[3 * ends[2 * place + 1] + 2] = node
    ends[2 * place + 1] = node


@kernel("void(uint32, uint64, uint64[::1], uint32[::1], uint32[::1])")
def unlink(
    record: int,
    hashed: int,
    hashes: NDArray[np.uint64],
    ends: NDArray[np.uint32],
    nodes: NDArray[np.uint32],
) -> None:
    """Leave the eldest node of a record out of a hash's chain; it stays, empty."""
    node = ends[2 * slot_of(hashed, hashes, ends)]
    while node != NO_NODE:
        if nodes[3 * node] == record:
            nodes[3 * node] = 0
            return
        node = nodes[3 * node + 2]


@kernel("void(uint64[::1], uint32[::1], uint64[::1], uint32[::1])")
def move(
    hashes: NDArray[np.uint64],
    ends: NDArray[np.uint32],
    larger_hashes: NDArray[np.uint64],
    larger_ends: NDArray[np.uint32],
) -> None:
    for place in range(hashes.size):
        if ends[2 * place] != NO_NODE:
            found = slot_of(hashes[place], larger_hashes, larger_ends)
            larger_hashes[found] = hashes[place]
            larger_ends[2 * found] = ends[2 * place]
            larger_ends[2 * found + 1] = ends[2 * place + 1]


@kernel("boolean(uint32, uint32[::1])")
def add(record: int, gone: NDArray[np.uint32]) -> bool:
    """Add a record to the set; return whether it is new there."""
    mask = gone.size - 1
    place = (np.int64(record) * 2654435761) & mask
    while gone[place] != 0 and gone[place] != record:
        place = (place + 1) & mask
    is_new = gone[place] == 0
    gone[place] = record
    return is_new
