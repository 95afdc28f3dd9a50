"""Spellings of the same consonant classes lie together, in the order of their sounds: a search walks along them.

    forms -> by class key, then by sounds -> groups -> a directory from class key to group
    form asked for -> its group -> sound distance to each form in turn, columns of a common beginning taken over

Neighbours in a group mostly begin alike, so most columns of the distance are already there; a beginning that is too
far already is passed over with all that share it.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.names.sounds import GAP_PRICES, PRICES, SYMBOLS_MAX

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Columns = NDArray[np.int32]
Near = NDArray[np.int64]

CENTS = np.round(PRICES * 100).astype(np.int32)
GAP_CENTS = np.round(GAP_PRICES * 100).astype(np.int32)
GAP_CENTS_MIN = int(GAP_CENTS.min())
# Spellings that are near are written so many at a time: which, and how far in hundredths.
NEAR_AT_ONCE = 256
PLACE, FAR_CENTS = 0, 1


def group_directory(class_keys: Hashes) -> dict[str, NDArray[np.generic]]:
    """Return where groups begin, given the class keys of all forms in order, and the directory to find them by key."""
    begins = np.flatnonzero(
        np.concatenate([np.ones(min(1, class_keys.size), np.bool_), np.diff(class_keys) != 0])
    )
    keys = class_keys[begins]
    bits = max(4, int(keys.size).bit_length() - 1)
    shift = np.uint64(64 - bits)
    counts = np.bincount((keys >> shift).astype(np.int64), minlength=1 << bits)
    buckets = np.zeros((1 << bits) + 1, dtype=np.uint32)
    np.cumsum(counts, out=buckets[1:])
    return {
        "group_buckets": buckets,
        "group_keys": keys,
        "group_starts": np.append(begins, class_keys.size).astype(np.uint32),
    }


@kernel(nogil=True)
def group_of(key: np.uint64, buckets: Numbers, keys: Hashes) -> int:
    """Return the number of the group of a class key, -1 where there is none."""
    bucket = np.int64(0)
    width = buckets.size - 1
    while width > 1:
        width >>= 1
        bucket += 1
    bucket = np.int64(key >> np.uint64(64 - bucket))
    for group in range(np.int64(buckets[bucket]), np.int64(buckets[bucket + 1])):
        if keys[group] == key:
            return group
    return -1


@kernel(nogil=True)
def begin_columns(sounds: Small, start: int, count: int, columns: Columns, profile: Columns) -> None:
    """Write the first column of the distance, the sounds asked for against none, and what meeting them costs.

    A column holds each distance less the gaps of the sounds asked for until there, so a gap costs nothing more; a
    line of `profile` holds, for one sound of the other side, what it costs to meet each sound asked for instead of
    leaving it out. All in hundredths: whole numbers compare faster.
    """
    columns[0, : count + 1] = 0
    gaps = 0
    for line in range(count):
        sound = sounds[start + line]
        gaps += GAP_CENTS[sound]
        columns[SYMBOLS_MAX + 1, line] = gaps
        for facing in range(CENTS.shape[0]):
            profile[facing, line] = CENTS[facing, sound] - GAP_CENTS[sound]


@kernel(nogil=True)
def walk_group(
    first: int, last: int, count: int, cap: int, starts: Numbers, sounds: Small, columns: Columns, profile: Columns,
    near: Near,
) -> tuple[int, int]:  # fmt: skip
    """Write the spellings from one on that are not over the cap, each with its distance, until `near` is full.

    Return how many, and where to go on. Columns of the sounds that a spelling begins with as the one before it
    stand already; where they are over the cap as a whole, whoever begins like that is passed over.
    """
    found, standing, over, before = 0, 0, 0, np.int64(0)
    longer_max = cap // GAP_CENTS_MIN
    for other in range(first, last):
        start = np.int64(starts[other])
        others_count = np.int64(starts[other + 1]) - start
        common, both = 0, min(standing, others_count)
        while common < both and sounds[start + common] == sounds[before + common]:
            common += 1
        before, standing = start, common
        if over and common >= over:
            continue
        over = 0
        if abs(count - others_count) > longer_max:
            continue
        while standing < others_count:
            facing = sounds[start + standing]
            costs, now, following = profile[facing], columns[standing], columns[standing + 1]
            gap = GAP_CENTS[facing]
            diagonal = now[0]
            above = diagonal + gap
            following[0] = above
            least = above
            for line in range(count):
                left = now[line + 1]
                across = min(diagonal + costs[line], left + gap)
                above = min(above, across)
                diagonal = left
                following[line + 1] = above
                least = min(least, above + columns[SYMBOLS_MAX + 1, line])
            standing += 1
            if least > cap:
                over = standing
                break
        if over:
            continue
        far = np.int64(columns[others_count, count])
        if count:
            far += columns[SYMBOLS_MAX + 1, count - 1]
        if far <= cap:
            near[found, PLACE], near[found, FAR_CENTS] = other, far
            found += 1
            if found == near.shape[0]:
                return found, other + 1
    return found, last


@kernel(nogil=True)
def new_columns() -> tuple[Columns, Columns, Near]:
    """Return room for the columns of a distance, for a profile, and for the spellings that are near."""
    return (
        np.empty((SYMBOLS_MAX + 2, SYMBOLS_MAX + 2), dtype=np.int32),
        np.empty((CENTS.shape[0], SYMBOLS_MAX + 1), dtype=np.int32),
        np.empty((NEAR_AT_ONCE, 2), dtype=np.int64),
    )
