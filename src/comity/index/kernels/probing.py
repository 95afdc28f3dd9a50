"""Looking exact keys up in all layers, by the addresses that `index/exact/layers.py` puts together."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import address_of, load32, load64, prefetch, store32
from comity.index.kernels.siphash import BYTES, hash_at
from comity.index.kernels.tables import SHARED, SLOTS, home_of

# The words of a layer in the array of addresses.
TABLE, HOMES, LISTS, LISTS_COUNT, RUNS, RUNS_COUNT, REPLACED, REPLACED_COUNT, WORDS = range(9)
# The words of the recent changes, which come first.
RECENT_HASHES, RECENT_MASK, RECENT_ENDS, RECENT_NODES, GONE, GONE_MASK = range(6)
LAYERS_COUNT, KEY_LOW, KEY_HIGH, FIRST_LAYER = 6, 7, 8, 9
LINE_BYTES = 64
AHEAD = 64
"""How many keys of a batch are hashed and asked of the memory before the first of them is looked at."""

ADMITTED = 'Array(bool_, 1, "C")'


@kernel("int64(int64, int64)", inline="always")
def _word(context: int, place: int) -> int:
    return load64(context + 8 * place)


@kernel("int64(int64, int64, uint32)")
def _last_not_above(address: int, count: int, record: int) -> int:
    """Return the place of the last of `count` ordered words that is not above a record, -1 where none is."""
    low, high = 0, count
    while low < high:
        middle = (low + high) >> 1
        if load32(address + 4 * middle) <= record:
            low = middle + 1
        else:
            high = middle
    return low - 1


@kernel("boolean(uint32, int64)")
def _is_gone(record: int, context: int) -> bool:
    """Return whether recent changes replaced a record."""
    mask = _word(context, GONE_MASK)
    place = (np.int64(record) * 2654435761) & mask
    while True:
        met = load32(_word(context, GONE) + 4 * place)
        if met == 0 or met == record:
            return met != 0
        place = (place + 1) & mask


@kernel(f"boolean(uint32, int64, int64, {ADMITTED})")
def _is_seen(record: int, depth: int, context: int, admitted: NDArray[np.bool_]) -> bool:
    """Return whether a layer's record is of an admitted audience, and no newer layer replaced it."""
    at = FIRST_LAYER + depth * WORDS
    runs, count = _word(context, at + RUNS), _word(context, at + RUNS_COUNT)
    run = _last_not_above(runs, count, record)
    if run < 0 or load32(runs + 4 * (count + run)) <= record:
        return False
    audience = load32(runs + 4 * (2 * count + run))
    if audience >= admitted.size or not admitted[audience] or _is_gone(record, context):
        return False
    for above in range(depth + 1, _word(context, LAYERS_COUNT)):
        at = FIRST_LAYER + above * WORDS
        replaced, count = _word(context, at + REPLACED), _word(context, at + REPLACED_COUNT)
        place = _last_not_above(replaced, count, record)
        if place >= 0 and load32(replaced + 4 * place) == record:
            return False
    return True


@kernel(f"int64(uint32, int64, int64, {ADMITTED}, int64, int64, int64)")
def _take(
    place: int,
    depth: int,
    context: int,
    admitted: NDArray[np.bool_],
    found: int,
    room: int,
    count: int,
) -> int:
    """Take what a slot leads to, one record or a list of them; return how many are found so far."""
    if place < SHARED:
        if _is_seen(place, depth, context, admitted):
            if count < room:
                store32(found + 4 * count, place)
            return count + 1
        return count
    at = FIRST_LAYER + depth * WORDS
    listed = np.int64(place - SHARED)
    # A damaged file must not lead outside the lists.
    if listed >= _word(context, at + LISTS_COUNT):
        return count
    left = _word(context, at + LISTS_COUNT) - listed - 1
    listed = _word(context, at + LISTS) + 4 * listed
    for one in range(min(left, np.int64(load32(listed)))):
        record = load32(listed + 4 + 4 * one)
        if _is_seen(record, depth, context, admitted):
            if count < room:
                store32(found + 4 * count, record)
            count += 1
    return count


@kernel(f"int64(uint64, int64, {ADMITTED}, int64, int64, int64)")
def _in_recent(
    hashed: int,
    context: int,
    admitted: NDArray[np.bool_],
    found: int,
    room: int,
    count: int,
) -> int:
    """Take what recent changes hold under a hash."""
    mask = _word(context, RECENT_MASK)
    place = np.int64(hashed) & mask
    while True:
        node = load32(_word(context, RECENT_ENDS) + 8 * place)
        if node == 0:
            return count
        if np.uint64(load64(_word(context, RECENT_HASHES) + 8 * place)) == hashed:
            break
        place = (place + 1) & mask
    while node != 0:
        at = _word(context, RECENT_NODES) + 12 * np.int64(node)
        record, audience = load32(at), load32(at + 4)
        if record != 0 and audience < admitted.size and admitted[audience]:
            if count < room:
                store32(found + 4 * count, record)
            count += 1
        node = load32(at + 8)
    return count


@kernel(f"int64(uint64, int64, {ADMITTED}, int64, int64, int64)")
def _look_up(
    hashed: int,
    context: int,
    admitted: NDArray[np.bool_],
    found: int,
    room: int,
    count: int,
) -> int:
    """Take what all layers hold under a hash, oldest first; return how many are found so far."""
    tag = np.uint32(hashed & np.uint64(0xFFFFFFFF))
    for depth in range(_word(context, LAYERS_COUNT)):
        at = FIRST_LAYER + depth * WORDS
        bucket = _word(context, at + TABLE) + LINE_BYTES * home_of(hashed, _word(context, at + HOMES))
        while True:
            met = 0
            for slot in range(SLOTS):
                met |= (load32(bucket + 4 * slot) == tag) << slot
            if met:
                for slot in range(SLOTS):
                    place = load32(bucket + 4 * (SLOTS + slot))
                    if met >> slot & 1 and place != 0:
                        count = _take(place, depth, context, admitted, found, room, count)
            if load32(bucket + 4 * (2 * SLOTS - 1)) == 0:
                break
            bucket += LINE_BYTES
    return _in_recent(hashed, context, admitted, found, room, count)


@kernel(f"int64(uint64, int64, {ADMITTED}, int64, int64)")
def find(hashed: int, context: int, admitted: NDArray[np.bool_], found: int, room: int) -> int:
    return _look_up(hashed, context, admitted, found, room, 0)


@kernel("uint64(int64, int64, int64)", inline="always")
def _hashed(address: int, length: int, context: int) -> int:
    low, high = np.uint64(_word(context, KEY_LOW)), np.uint64(_word(context, KEY_HIGH))
    return hash_at(address, length, low, high)


@kernel(f"int64(int64, int64, int64, {ADMITTED})")
def count_at(address: int, length: int, context: int, admitted: NDArray[np.bool_]) -> int:
    """Return how many records there are under the key of so many bytes at an address."""
    return _look_up(_hashed(address, length, context), context, admitted, 0, 0, 0)


@kernel(f"int64({BYTES}, int64, {ADMITTED})")
def count(key: bytes, context: int, admitted: NDArray[np.bool_]) -> int:
    """Return how many records there are under a key."""
    return count_at(address_of(key), len(key), context, admitted)


@kernel(f"UniTuple(int64, 2)({BYTES}, int64, {ADMITTED}, int64, int64, int64)")
def find_packed(
    packed: bytes,
    context: int,
    admitted: NDArray[np.bool_],
    places: int,
    records: int,
    room: int,
) -> tuple[int, int]:
    """Look up texts ended by zero bytes, `AHEAD` at a time: all asked of the memory, then each looked at."""
    hashes = np.empty(AHEAD, np.uint64)
    start, waiting, keys, count = 0, 0, 0, 0
    text = address_of(packed)
    for place in range(len(packed) + 1):
        is_end = place == len(packed)
        if not is_end and packed[place] == 0:
            hashes[waiting] = hashed = _hashed(text + start, place - start, context)
            for depth in range(_word(context, LAYERS_COUNT)):
                at = FIRST_LAYER + depth * WORDS
                home = home_of(hashed, _word(context, at + HOMES))
                prefetch(_word(context, at + TABLE) + LINE_BYTES * home)
            waiting += 1
            start = place + 1
        if waiting == AHEAD or (is_end and waiting):
            for one in range(waiting):
                before = count
                count = _look_up(hashes[one], context, admitted, records, room, count)
                for found in range(before, min(count, room)):
                    store32(places + 4 * found, keys + one)
            keys += waiting
            waiting = 0
    return count, keys
