"""Which two neighbouring words of a row are, written as one, the word asked for?  Abd + ar-Rahman, Wei + Xuan."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.index.names.layout import pair_key
from comity.index.names.lookup import PRICE_STEPS, PRICES_COUNT, bucket_bounds, key_tag
from comity.names.likeness import FAR, price_limit, sound_distance
from comity.names.sounds import SYMBOLS_MAX

WORD_MASK = np.uint32(0x7FFFFFFF)
JOINING_PRICE = 0.1


@njit(cache=True, nogil=True)
def match_spans(  # noqa: PLR0913  # a kernel: packed arrays
    sounds: NDArray[np.uint8],
    sounds_count: NDArray[np.int32],
    prices: NDArray[np.float32],
    space: int,
    pair_starts: NDArray[np.uint32],
    pair_tags: NDArray[np.uint16],
    pair_rows: NDArray[np.uint32],
    pair_places: NDArray[np.uint8],
    row_starts: NDArray[np.uint32],
    row_words: NDArray[np.uint32],
    word_space: NDArray[np.uint16],
    word_form: NDArray[np.uint32],
    form_sound_starts: NDArray[np.uint32],
    form_sounds: NDArray[np.uint8],
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint8]]:
    """Return rows, prices in 1/16 and places of the first of the two words, cheapest first."""
    room = 64
    rows = np.empty(room, dtype=np.uint32)
    steps = np.empty(room, dtype=np.uint8)
    places = np.empty(room, dtype=np.uint8)
    found = 0
    joined = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    for form in range(sounds_count.size):
        if sounds_count[form] < 4:
            continue
        key = pair_key(sounds[form], sounds_count[form])
        tag = key_tag(key)
        begin, end = bucket_bounds(key, pair_starts)
        for entry in range(begin, end):
            if pair_tags[entry] != tag:
                continue
            row, place = pair_rows[entry], pair_places[entry]
            first = row_starts[row] + place
            if word_space[row_words[first] & WORD_MASK] != space:
                continue
            count = 0
            for word in (row_words[first] & WORD_MASK, row_words[first + 1] & WORD_MASK):
                meant = word_form[word]
                for sound in range(form_sound_starts[meant], form_sound_starts[meant + 1]):
                    if count < SYMBOLS_MAX and not (count and joined[count - 1] == form_sounds[sound]):
                        joined[count] = form_sounds[sound]
                        count += 1
            far = sound_distance(sounds[form], sounds_count[form], joined, count, price_limit(count))
            price = np.int64((far + prices[form] + JOINING_PRICE) * PRICE_STEPS + 0.5)
            if far >= FAR or price >= PRICES_COUNT:
                continue
            if found == room:
                rows, steps, places = _wider(rows, room), _wider(steps, room), _wider(places, room)
                room *= 2
            rows[found], steps[found], places[found] = row, price, place
            found += 1
    order = np.argsort(steps[:found], kind="mergesort")
    return rows[:found][order], steps[:found][order], places[:found][order]


@njit(cache=True, nogil=True)
def _wider(values: NDArray[np.generic], room: int) -> NDArray[np.generic]:
    wider = np.empty(room * 2, dtype=values.dtype)
    wider[:room] = values
    return wider
