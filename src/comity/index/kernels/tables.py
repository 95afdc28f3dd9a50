"""Building tables of exact keys from sorted pairs; the form of a table is told in `index/exact/table.py`."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

SLOTS = 8
SHARED = 0x80000000

HASHES, RECORDS = 'Array(uint64, 1, "C", readonly=True)', 'Array(uint32, 1, "C", readonly=True)'


@kernel("int64(uint64[::1], uint32[::1])")
def settle(hashes: NDArray[np.uint64], records: NDArray[np.uint32]) -> int:
    """Order the records of equal hashes and keep equal pairs once; return how many pairs are kept."""
    kept, start = 0, 0
    while start < hashes.size:
        stop = start + 1
        while stop < hashes.size and hashes[stop] == hashes[start]:
            stop += 1
        if stop - start > 1:
            records[start:stop].sort()
        for place in range(start, stop):
            if place == start or records[place] != records[place - 1]:
                hashes[kept], records[kept] = hashes[place], records[place]
                kept += 1
        start = stop
    return kept


@kernel(f"int64({HASHES}, {RECORDS}, {HASHES}, {RECORDS}, uint64[::1], uint32[::1])")
def merge(
    hashes: NDArray[np.uint64],
    records: NDArray[np.uint32],
    other_hashes: NDArray[np.uint64],
    other_records: NDArray[np.uint32],
    made_hashes: NDArray[np.uint64],
    made_records: NDArray[np.uint32],
) -> int:
    """Merge two sorted sources; return how many pairs there are."""
    one, other, made = 0, 0, 0
    while one < hashes.size or other < other_hashes.size:
        is_first = other == other_hashes.size or (
            one < hashes.size
            and (
                hashes[one] < other_hashes[other]
                or (hashes[one] == other_hashes[other] and records[one] <= other_records[other])
            )
        )
        if is_first:
            hashed, record = hashes[one], records[one]
            one += 1
        else:
            hashed, record = other_hashes[other], other_records[other]
            other += 1
        if made == 0 or made_hashes[made - 1] != hashed or made_records[made - 1] != record:
            made_hashes[made], made_records[made] = hashed, record
            made += 1
    return made


@kernel(f"int64({HASHES})")
def count_groups(hashes: NDArray[np.uint64]) -> int:
    groups = 0
    for place in range(hashes.size):
        if place == 0 or hashes[place] != hashes[place - 1]:
            groups += 1
    return groups


@kernel("int64(uint64, int64)", inline="always")
def home_of(hashed: int, homes: int) -> int:
    """Return the bucket that is a hash's own."""
    return np.int64(((hashed >> np.uint64(32)) * np.uint64(homes)) >> np.uint64(32))


@kernel(f"UniTuple(int64, 2)({HASHES}, int64)")
def measure(hashes: NDArray[np.uint64], homes: int) -> tuple[int, int]:
    """Return how many buckets and how many words of lists a table takes; the last bucket is empty."""
    bucket, slot, listed, start = 0, 0, 0, 0
    while start < hashes.size:
        stop = start + 1
        while stop < hashes.size and hashes[stop] == hashes[start]:
            stop += 1
        if stop - start > 1:
            listed += 1 + stop - start
        home = home_of(hashes[start], homes)
        if home > bucket:
            bucket, slot = home, 0
        slot += 1
        if slot == SLOTS:
            bucket, slot = bucket + 1, 0
        start = stop
    return max(bucket, homes - 1) + 2, listed


@kernel(f"void({HASHES}, {RECORDS}, int64, uint32[:, ::1], uint32[::1])")
def fill(
    hashes: NDArray[np.uint64],
    records: NDArray[np.uint32],
    homes: int,
    buckets: NDArray[np.uint32],
    lists: NDArray[np.uint32],
) -> None:
    """Write the buckets and lists."""
    bucket, slot, listed, start = 0, 0, 0, 0
    while start < hashes.size:
        stop = start + 1
        while stop < hashes.size and hashes[stop] == hashes[start]:
            stop += 1
        home = home_of(hashes[start], homes)
        if home > bucket:
            bucket, slot = home, 0
        buckets[bucket, slot] = np.uint32(hashes[start] & np.uint64(0xFFFFFFFF))
        if stop - start == 1:
            buckets[bucket, SLOTS + slot] = records[start]
        else:
            buckets[bucket, SLOTS + slot] = np.uint32(SHARED | listed)
            lists[listed] = stop - start
            for place in range(start, stop):
                lists[listed + 1 + place - start] = records[place]
            listed += 1 + stop - start
        slot += 1
        if slot == SLOTS:
            bucket, slot = bucket + 1, 0
        start = stop
