"""How far are two spellings apart? A price in typing errors, 0 for the same spelling.

Two distances are taken and the lesser holds: letters (insertion, deletion, substitution, neighbours swapped,
one each) and sounds (`sounds.PRICES`: exchanging i and y costs next to nothing, p and m a full error).
Kernels are compiled by numba and kept in its cache; a slow, plain version of each stands in the tests.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.names.sounds import GAP_PRICES, PRICES, SYMBOLS_MAX

Codes = NDArray[np.uint8]

FAR: float = 9.0


@kernel(nogil=True)
def letter_places(letters: Codes, count: int, out: NDArray[np.uint64]) -> None:
    """Write for each letter code the places where it stands in a spelling, one bit each."""
    out[:] = np.uint64(0)
    for place in range(count):
        out[letters[place]] |= np.uint64(1) << np.uint64(place)


@kernel(nogil=True)
def typing_errors(places: NDArray[np.uint64], count: int, other: Codes, start: int, stop: int) -> int:
    """Return the number of typing errors between the spelling that `places` describes and a piece of `other`.

    Optimal string alignment on the bits of a word. Source: Hyyrö, "A bit-vector algorithm for computing
    Levenshtein and Damerau edit distances", 2003.
    """
    if count == 0:
        return stop - start
    one = np.uint64(1)
    last = one << np.uint64(count - 1)
    plus = ~np.uint64(0)
    minus = np.uint64(0)
    diagonal = np.uint64(0)
    match_before = np.uint64(0)
    errors = count
    for column in range(start, stop):
        match = places[other[column]]
        swapped = (((~diagonal) & match) << one) & match_before
        diagonal = (((match & plus) + plus) ^ plus) | match | minus | swapped
        across_plus = minus | ~(diagonal | plus)
        across_minus = diagonal & plus
        if across_plus & last:
            errors += 1
        if across_minus & last:
            errors -= 1
        across_plus = (across_plus << one) | one
        across_minus = across_minus << one
        plus = across_minus | ~(diagonal | across_plus)
        minus = diagonal & across_plus
        match_before = match
    return errors


@kernel(nogil=True)
def sound_distance(one: Codes, one_count: int, other: Codes, other_count: int, limit: float) -> float:
    """Return the least price of turning the sounds of one spelling into the other's, `FAR` over the limit."""
    row = np.empty(SYMBOLS_MAX + 1, dtype=np.float32)
    return sound_distance_between(one, 0, one_count, other, 0, other_count, limit, row)


@kernel(nogil=True)
def sound_distance_between(
    one: Codes, one_start: int, one_count: int, other: Codes, other_start: int, other_count: int, limit: float,
    row: NDArray[np.float32],
) -> float:  # fmt: skip
    """Return the same between pieces of two arrays; `row` is scratch."""
    row[0] = 0.0
    for column in range(1, other_count + 1):
        row[column] = row[column - 1] + GAP_PRICES[other[other_start + column - 1]]
    for line in range(one_start, one_start + one_count):
        sound = one[line]
        gap = GAP_PRICES[sound]
        diagonal = row[0]
        left = diagonal + gap
        row[0] = left
        least = left
        for column in range(1, other_count + 1):
            facing = other[other_start + column - 1]
            above = row[column]
            left = min(diagonal + PRICES[sound, facing], above + gap, left + GAP_PRICES[facing])
            diagonal = above
            row[column] = left
            least = min(least, left)
        if least > limit:
            return FAR
    return float(row[other_count]) if row[other_count] <= limit else FAR


@kernel(nogil=True)
def price_limit(letters_count: int) -> float:
    """Return the price above which two words of this length (the longer's) are no longer taken as one."""
    return min(2.3, 0.35 + 0.28 * letters_count)
