"""Which words of the index may be the word asked for? From forms to keys to forms to words, with their prices.

    forms of the query word -> keys -> forms of the index -> likeness -> words of the index, least price each

The answer depends on the word and the segment alone, so it is kept for the next query with the same word.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.index.names.keys import KEYS_MAX, class_keys, letter_keys
from comity.names.likeness import price_limit, sound_distance, typing_distance

PRICE_STEPS = 16
PRICES_COUNT = 64
OTHER_CHARACTERS_STEPS = 6
HAN_SCRIPT = 1


@njit(cache=True, nogil=True)
def bucket_bounds(key: np.uint64, starts: NDArray[np.uint32]) -> tuple[int, int]:
    """Return where the entries of a key's bucket begin and end."""
    bucket = key & np.uint64(starts.size - 2)
    return starts[bucket], starts[bucket + np.uint64(1)]


@njit(cache=True, nogil=True)
def key_tag(key: np.uint64) -> np.uint16:
    """Return the part of a key that tells entries of one bucket apart."""
    return np.uint16(key >> np.uint64(48))


@njit(cache=True, nogil=True)
def match_word(  # noqa: PLR0913  # a kernel: packed arrays
    letters: NDArray[np.uint8],
    letters_count: NDArray[np.int32],
    sounds: NDArray[np.uint8],
    sounds_count: NDArray[np.int32],
    prices: NDArray[np.float32],
    space: int,
    script: int,
    native: np.uint32,
    key_starts: NDArray[np.uint32],
    key_tags: NDArray[np.uint16],
    key_forms: NDArray[np.uint32],
    form_starts: NDArray[np.uint32],
    form_letters: NDArray[np.uint8],
    form_sound_starts: NDArray[np.uint32],
    form_sounds: NDArray[np.uint8],
    form_word_starts: NDArray[np.uint32],
    form_words: NDArray[np.uint32],
    form_prices: NDArray[np.uint8],
    word_space: NDArray[np.uint16],
    word_script: NDArray[np.uint8],
    word_native: NDArray[np.uint32],
    form_stamp: NDArray[np.uint8],
    word_price: NDArray[np.uint8],
) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """Return the words of one space that the forms may mean, cheapest first, and their prices in 1/16.

    `form_stamp` and `word_price` are scratch arrays of zeros, left so.
    """
    keys = np.empty(KEYS_MAX, dtype=np.uint64)
    room = 256
    found = np.empty(room, dtype=np.uint32)
    found_count = 0
    seen_room = 1024
    seen = np.empty(seen_room, dtype=np.uint32)
    for form in range(letters_count.size):
        keys_count = letter_keys(letters[form], letters_count[form], keys, 0)
        keys_count = class_keys(sounds[form], sounds_count[form], True, keys, keys_count)
        seen_count = 0
        for place in range(keys_count):
            tag = key_tag(keys[place])
            begin, end = bucket_bounds(keys[place], key_starts)
            for entry in range(begin, end):
                if key_tags[entry] != tag:
                    continue
                other = key_forms[entry]
                if form_stamp[other]:
                    continue
                form_stamp[other] = 1
                if seen_count == seen_room:
                    grown = np.empty(seen_room * 2, dtype=np.uint32)
                    grown[:seen_room] = seen
                    seen = grown
                    seen_room *= 2
                seen[seen_count] = other
                seen_count += 1
                other_start = form_starts[other]
                other_count = form_starts[other + 1] - other_start
                limit = price_limit(max(letters_count[form], other_count)) - prices[form]
                sound_start = form_sound_starts[other]
                far = sound_distance(
                    sounds[form], sounds_count[form],
                    form_sounds[sound_start:], form_sound_starts[other + 1] - sound_start, limit,
                )  # fmt: skip
                if far > 0.9:
                    typed = typing_distance(
                        letters[form],
                        letters_count[form],
                        form_letters[other_start:],
                        other_count,
                        min(far, limit),
                    )
                    far = min(far, typed)
                if far > limit:
                    continue
                for link in range(form_word_starts[other], form_word_starts[other + 1]):
                    word = form_words[link]
                    if word_space[word] != space:
                        continue
                    steps = np.int64((prices[form] + far) * PRICE_STEPS + 0.5) + form_prices[link]
                    if (
                        script == HAN_SCRIPT
                        and word_script[word] == HAN_SCRIPT
                        and word_native[word] != native
                    ):
                        steps += OTHER_CHARACTERS_STEPS
                    if steps >= PRICES_COUNT:
                        continue
                    if word_price[word] == 0:
                        if found_count == room:
                            wider = np.empty(room * 2, dtype=np.uint32)
                            wider[:room] = found
                            found = wider
                            room *= 2
                        found[found_count] = word
                        found_count += 1
                        word_price[word] = steps + 1
                    elif word_price[word] > steps + 1:
                        word_price[word] = steps + 1
        for place in range(seen_count):
            form_stamp[seen[place]] = 0
    found = np.sort(found[:found_count])
    found_prices = np.empty(found_count, dtype=np.uint8)
    for place in range(found_count):
        found_prices[place] = word_price[found[place]] - 1
        word_price[found[place]] = 0
    order = np.argsort(found_prices, kind="mergesort")
    return found[order], found_prices[order]
