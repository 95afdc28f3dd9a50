"""When has enough been followed? When no row that only the rest leads to can be worth what is wanted.

chances of parts -> the most that each meeting counts, by price
                 -> meetings from the lightest on, as long as rows met by these alone stay below what is wanted -> left out

What is said here is a bound: it takes the better wherever `foretell` looks closer.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.dates import are_apart, most_of_date
from comity.index.names.foretell import (
    ALIKE,
    AS_WRITTEN,
    CUT_OFF_SHARE,
    EVIDENCE_MIN,
    FURTHER_WORD,
    INITIAL,
    MISSING,
    MISSING_COUNTS,
    OPTIONAL_MISSING,
    PARTICLE_MAX,
    SLOPE,
    alone,
)
from comity.index.names.query import SINGLE_LETTER
from comity.index.names.rows import LIGHT
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import PRICE_STEPS
from comity.index.names.weights import is_present, weights_to_follow
from comity.names.chance import chance_by_length, weight_of_chance

Reals = NDArray[np.float64]
Floats = NDArray[np.float32]
Small = NDArray[np.uint8]
Integers = NDArray[np.int64]
Numbers = NDArray[np.uint32]
Hashes = NDArray[np.uint64]

NEVER = -1000.0
# What is said of a price at which nothing is met: if it were ever asked for, nobody would be passed over for it.
ANYTHING = 1000.0


@kernel(nogil=True)
def weigh(  # noqa: PLR0913  # a kernel: packed arrays
    counts: Integers, present: Hashes, expected: Reals, persons: int, part_chances: Reals, part_first: Integers,
    part_last: Integers, part_marks: Small, word_marks: Numbers, numbers: Reals, floor: float, date: int,
    date_numbers: Reals,
) -> tuple[Floats, Floats, bool, Reals]:  # fmt: skip
    """Return by part and price the weights of meetings to follow so that no row worth `floor` is missed, and the most.

    First to rows of which a date may speak for them, then to all others, and whether these are told apart. The most is
    what a meeting counts as evidence. A bit of `present` says of each price whether there is a meeting at it.
    """
    followed = weights_to_follow(counts, present, expected, persons)
    always = followed.copy()
    most = most_by_price(part_chances, present, expected, part_marks, numbers)
    dated = most_of_date(date, date_numbers)
    if not are_apart(date, date_numbers):
        # Any row may have the best of dates.
        floor, dated = floor - dated, 0.0
    if floor > numbers[EVIDENCE_MIN]:
        leave_out_the_rest(
            counts, followed, always, most, part_first, part_last, word_marks, numbers, floor, dated
        )
    return followed, always, np.any(followed != always), most


@kernel(nogil=True)
def most_by_price(
    part_chances: Reals, present: Hashes, expected: Reals, part_marks: Small, numbers: Reals
) -> Reals:
    """Return the most that a meeting of each part counts as evidence at each price, if it is not the first to count.

    The chance to meet the word held is at least that of the one asked for: what is rarer than both weighs no more.
    Said of the prices that are present, and of meetings as written, met or not.
    """
    most = np.full((part_chances.size, PRICES_COUNT), ANYTHING, dtype=np.float64)
    beside = numbers[FURTHER_WORD] + max(0.0, numbers[ALIKE])
    for part in range(part_chances.size):
        is_letter = part_marks[part] & SINGLE_LETTER
        is_over = False
        for step in range(PRICES_COUNT):
            if step and not is_present(present[part], step):
                continue
            weight = 0.0
            if not is_over:
                price = step / PRICE_STEPS
                by_length = chance_by_length(expected[part], price) if step else 0.0
                weight = weight_of_chance(part_chances[part], by_length, price)
                is_over = weight <= 0.0
            if is_letter:
                weight = numbers[INITIAL] if step else max(weight, numbers[INITIAL])
            counted = numbers[SLOPE] * max(weight, 0.0) + beside
            if weight > 0.0:
                counted = max(counted, numbers[SLOPE] * min(weight, numbers[PARTICLE_MAX]))
            most[part, step] = counted
    return most


@kernel(nogil=True)
def unmet(word_marks: Numbers, most: Reals, numbers: Reals) -> tuple[Reals, Reals, Reals]:
    """Return what each word asked for counts at most where it meets none: alone, by its initial, cut off."""
    by_itself = np.empty(word_marks.size, dtype=np.float64)
    by_initial = np.full(word_marks.size, NEVER, dtype=np.float64)
    cut_off = np.full(word_marks.size, NEVER, dtype=np.float64)
    for word in range(word_marks.size):
        by_itself[word] = alone(word_marks[word], numbers, MISSING, OPTIONAL_MISSING, MISSING_COUNTS)
        if word_marks[word] < LIGHT:
            by_initial[word] = numbers[SLOPE] * numbers[INITIAL] + numbers[FURTHER_WORD]
            whole = max(0.0, most[word, 0] - numbers[FURTHER_WORD])
            cut_off[word] = numbers[CUT_OFF_SHARE] * whole + numbers[FURTHER_WORD]
    return by_itself, by_initial, cut_off


@kernel(nogil=True)
def leave_out_the_rest(  # noqa: PLR0913  # a kernel: packed arrays
    counts: Integers, followed: Floats, always: Floats, most: Reals, part_first: Integers, part_last: Integers,
    word_marks: Numbers, numbers: Reals, floor: float, dated: float,
) -> None:  # fmt: skip
    """Wipe the weights of the lightest meetings that lead to no row worth `floor` which heavier ones do not lead to.

    In `followed` as if the date of each row counted for as much as `dated`, in `always` as if none did. Of the words
    that such a row lacks one at most is taken to be cut off: nobody abbreviates all of a name.
    """
    flat = np.empty(followed.size, dtype=np.int64)
    weights = np.empty(followed.size, dtype=np.float32)
    count = 0
    for part in range(followed.shape[0]):
        for step in range(PRICES_COUNT):
            if counts[part, step] and followed[part, step] > 0.0:
                flat[count], weights[count] = part * PRICES_COUNT + step, followed[part, step]
                count += 1
    by_itself, by_initial, cut_off = unmet(word_marks, most, numbers)
    lacking = np.maximum(by_itself, by_initial)
    met = np.full(word_marks.size, NEVER, dtype=np.float64)
    is_whole = np.zeros(word_marks.size, dtype=np.bool_)
    is_enough = floor - dated <= numbers[EVIDENCE_MIN]
    for place in np.argsort(weights[:count], kind="mergesort"):
        part, step = flat[place] // PRICES_COUNT, flat[place] % PRICES_COUNT
        first, last = part_first[part], part_last[part]
        # Two words written as one share what their meeting counts.
        counted = most[part, step] if first == last else most[part, step] / 2
        met[first], met[last] = max(met[first], counted), max(met[last], counted)
        is_whole[first] |= first == last and step == 0
        best = _best_of_met(met, lacking, cut_off, is_whole, numbers)
        if best >= floor:
            return
        always[part, step] = 0.0
        is_enough = is_enough or best >= floor - dated
        if not is_enough:
            followed[part, step] = 0.0


@kernel(nogil=True)
def _best_of_met(
    met: Reals, lacking: Reals, cut_off: Reals, is_whole: NDArray[np.bool_], numbers: Reals
) -> float:
    """Return the most that a row counts of which at least one word is met, by the meetings looked at."""
    best = NEVER
    for one in range(met.size):
        total, gain = met[one], 0.0
        for other in range(met.size):
            if other != one:
                counted = max(met[other], lacking[other])
                total += counted
                gain = max(gain, cut_off[other] - counted)
        best = max(best, total + gain)
    # The first word that meets is no further one.
    return best - min(0.0, numbers[FURTHER_WORD]) + (numbers[AS_WRITTEN] if is_whole.all() else 0.0)
