"""Under which keys is a spelling found? Hashes that two spellings of one name share.

Two families: the letters with up to two of them left out (typing errors), and the classes of the consonants with
at most one left out (other romanisations). Spellings of the same classes lie together, so their key is no entry of a
table but the name of their group. Keys only propose; `likeness` decides, so a collision costs time, never
a false candidate.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.names.sounds import CLASSES, SYMBOLS_MAX, VOWEL_MARK

Codes = NDArray[np.uint8]

# A spelling of n letters has at most 1 + n + n(n-1)/2 keys by letters; deletions stop at this many letters.
DEEP_LETTERS_MAX = 18
KEYS_MAX = 1 + SYMBOLS_MAX + DEEP_LETTERS_MAX * (DEEP_LETTERS_MAX - 1) // 2 + SYMBOLS_MAX + 4
DEEP_LETTERS_MIN = 6
# How widely a form is looked for: its letters exactly; its consonants too; with one typing error or consonant
# left out; with two typing errors.
EXACT, HEARD, SHALLOW, DEEP = 0, 1, 2, 3
SHALLOW_LETTERS_MIN = 3
THIN_CLASSES_MIN = 5

_BASIS = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_LETTER_SEED = np.uint64(1)
_CLASS_SEED = np.uint64(2)


@kernel(nogil=True)
def hash_without(codes: Codes, count: int, first: int, second: int, seed: np.uint64) -> np.uint64:
    """Return the hash of codes with the places `first` and `second` left out (-1 for none)."""
    value = _BASIS ^ seed
    for place in range(count):
        if place != first and place != second:  # noqa: PLR1714  # a tuple of two kinds of integer does not compile
            value = (value ^ np.uint64(codes[place])) * _PRIME
    value ^= value >> np.uint64(33)
    value *= _MIX
    return value ^ (value >> np.uint64(29))


@kernel(nogil=True)
def letter_keys(codes: Codes, count: int, depth: int, out: NDArray[np.uint64], start: int) -> int:
    """Write the keys of a spelling's letters into `out` from `start`; return the place after the last."""
    out[start] = hash_without(codes, count, -1, -1, _LETTER_SEED)
    start += 1
    if count < SHALLOW_LETTERS_MIN or depth < SHALLOW:
        return start
    for first in range(count):
        if first and codes[first] == codes[first - 1]:
            continue
        out[start] = hash_without(codes, count, first, -1, _LETTER_SEED)
        start += 1
        if depth < DEEP or not DEEP_LETTERS_MIN <= count <= DEEP_LETTERS_MAX:
            continue
        for second in range(first + 1, count):
            if second > first + 1 and codes[second] == codes[second - 1]:
                continue
            out[start] = hash_without(codes, count, first, second, _LETTER_SEED)
            start += 1
    return start


@kernel(nogil=True)
def class_codes(sounds: Codes, count: int, out: Codes) -> int:
    """Write the consonant classes of a spelling's sounds into `out`; return how many.

    A vowel at the beginning is kept as a mark; where there are at most two consonants, one at the end is too:
    "ali", "lee" and "al" must not all share a key.
    """
    length = 0
    consonants = 0
    for place in range(count):
        kind = CLASSES[sounds[place]]
        if kind == 0:
            continue
        if kind == VOWEL_MARK:
            if length == 0:
                out[0] = VOWEL_MARK
                length = 1
            continue
        if length and out[length - 1] == kind:
            continue
        out[length] = kind
        length += 1
        consonants += 1
    if (
        consonants <= 2
        and count
        and length
        and CLASSES[sounds[count - 1]] == VOWEL_MARK
        and length < SYMBOLS_MAX
    ):
        out[length] = VOWEL_MARK
        length += 1
    return length


@kernel(nogil=True)
def class_key(classes: Codes, length: int) -> np.uint64:
    """Return the key that all spellings of these consonant classes share."""
    return hash_without(classes, length, -1, -1, _CLASS_SEED)


@kernel(nogil=True)
def thinned_keys(classes: Codes, length: int, depth: int, out: NDArray[np.uint64], start: int) -> int:
    """Write the keys of consonant classes with one left out, where they are looked for so; return the place after."""
    if depth == SHALLOW and length >= THIN_CLASSES_MIN:
        for place in range(length):
            out[start] = hash_without(classes, length, place, -1, _CLASS_SEED)
            start += 1
    return start
