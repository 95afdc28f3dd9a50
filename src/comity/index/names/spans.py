"""Which two neighbouring words of a row are, written as one, the word asked for?  Abd + ar-Rahman, Wei + Xuan."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.index.names.buckets import bucket_bounds, key_tag
from comity.index.names.keys import hash_without
from comity.index.names.rows import WORD_MASK
from comity.index.names.spellings import PRICE_STEPS
from comity.names.likeness import FAR, price_limit, sound_distance_between
from comity.names.sounds import CLASSES, SYMBOLS_MAX

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]

PRICES_COUNT = 64
JOINING_PRICE = 0.1
_MASK = np.uint32(WORD_MASK)
_PAIR_SEED = np.uint64(3)


@njit(cache=True, nogil=True)
def pair_key(sounds: Small, start: int, count: int) -> np.uint64:
    """Return the key of two words written as one: their classes of sounds in order, vowels all of one class."""
    classes = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    length = 0
    for place in range(start, start + count):
        kind = CLASSES[sounds[place]]
        if kind and not (length and classes[length - 1] == kind):
            classes[length] = kind
            length += 1
    return hash_without(classes, length, -1, -1, _PAIR_SEED)


@njit(cache=True, nogil=True)
def _join_sounds(one: int, other: int, sound_starts: Numbers, form_sounds: Small, out: Small) -> int:
    """Write the sounds of two forms as those of one word; return how many."""
    count = 0
    for turn in range(2):
        form = other if turn else one
        for sound in range(sound_starts[form], sound_starts[form + 1]):
            if count < SYMBOLS_MAX and not (count and out[count - 1] == form_sounds[sound]):
                out[count] = form_sounds[sound]
                count += 1
    return count


@njit(cache=True)
def all_pairs(
    row_starts: Numbers, flat: Numbers, word_form: Numbers, sound_starts: Numbers, form_sounds: Small
) -> tuple[NDArray[np.uint64], Numbers, Small]:
    """Return the keys of every two neighbouring words of all rows, the rows, and the places in them."""
    hashes = np.empty(flat.size, dtype=np.uint64)
    rows = np.empty(flat.size, dtype=np.uint32)
    places = np.empty(flat.size, dtype=np.uint8)
    sounds = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    none = sound_starts.size - 1
    filled = 0
    for row in range(row_starts.size - 1):
        for place in range(row_starts[row], np.int64(row_starts[row + 1]) - 1):
            one, other = word_form[flat[place] & _MASK], word_form[flat[place + 1] & _MASK]
            if one == none or other == none:
                continue
            count = _join_sounds(one, other, sound_starts, form_sounds, sounds)
            hashes[filled] = pair_key(sounds, 0, count)
            rows[filled] = row
            places[filled] = place - row_starts[row]
            filled += 1
    return hashes[:filled], rows[:filled], places[:filled]


@njit(cache=True, nogil=True)
def match_spans(  # noqa: PLR0913  # a kernel: packed arrays
    sounds: Small,
    sound_bounds: NDArray[np.int64],
    prices: NDArray[np.float32],
    space: int,
    pair_starts: Numbers,
    pair_tags: NDArray[np.uint16],
    pair_rows: Numbers,
    pair_places: Small,
    row_space: NDArray[np.uint16],
    row_starts: Numbers,
    row_words: Numbers,
    word_form: Numbers,
    sound_starts: Numbers,
    form_sounds: Small,
    out_rows: Numbers,
    out_prices: Small,
    out_places: Small,
    at: int,
) -> int:
    """Write rows, prices in 1/16 and places of the first of the two words; return the place after the last.

    -1 where there is no room. A pair that several forms meet is written for each; they come in no order.
    """
    joined = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    scratch = np.empty(SYMBOLS_MAX + 1, dtype=np.float32)
    for form in range(prices.size):
        start, count = sound_bounds[form], sound_bounds[form + 1] - sound_bounds[form]
        if count < 4:
            continue
        key = pair_key(sounds, start, count)
        tag = key_tag(key)
        begin, end = bucket_bounds(key, pair_starts)
        for entry in range(begin, end):
            row = pair_rows[entry]
            if pair_tags[entry] != tag or row_space[row] != space:
                continue
            first = row_starts[row] + pair_places[entry]
            one, other = word_form[row_words[first] & _MASK], word_form[row_words[first + 1] & _MASK]
            size = _join_sounds(one, other, sound_starts, form_sounds, joined)
            far = sound_distance_between(sounds, start, count, joined, 0, size, price_limit(size), scratch)
            price = np.int64((far + prices[form] + JOINING_PRICE) * PRICE_STEPS + 0.5)
            if far >= FAR or price >= PRICES_COUNT:
                continue
            if at == out_rows.size:
                return -1
            out_rows[at], out_prices[at], out_places[at] = row, price, pair_places[entry]
            at += 1
    return at
