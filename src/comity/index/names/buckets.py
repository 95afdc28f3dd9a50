"""Hashes sorted into buckets by their low bits: a lookup reads one bucket."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel


def bucketed(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the bounds of a power of two of buckets, and the order in which the hashes lie in them.

    Within a bucket they keep the order in which they came.
    """
    bits = max(4, int(hashes.size).bit_length() - 1)
    starts = np.zeros((1 << bits) + 1, dtype=np.uint32)
    order = np.empty(hashes.size, dtype=np.uint32)
    _fill(hashes, starts, order)
    return starts, order


@kernel()
def _fill(hashes: NDArray[np.uint64], starts: NDArray[np.uint32], order: NDArray[np.uint32]) -> None:
    mask = np.uint64(starts.size - 2)
    for hashed in hashes:
        starts[np.int64(hashed & mask) + 1] += np.uint32(1)
    for bucket in range(1, starts.size):
        starts[bucket] += starts[bucket - 1]
    filled = starts[:-1].copy()
    for place in range(hashes.size):
        bucket = np.int64(hashes[place] & mask)
        order[filled[bucket]] = place
        filled[bucket] += np.uint32(1)


@kernel(nogil=True)
def bucket_bounds(key: np.uint64, starts: NDArray[np.uint32]) -> tuple[int, int]:
    """Return where the entries of a key's bucket begin and end."""
    bucket = np.int64(key & np.uint64(starts.size - 2))
    return np.int64(starts[bucket]), np.int64(starts[bucket + 1])


@kernel(nogil=True)
def key_tag(key: np.uint64) -> np.uint16:
    """Return the part of a key that tells entries of one bucket apart."""
    return np.uint16(key >> np.uint64(48))
