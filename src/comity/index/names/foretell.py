"""What will comparing a row with the name asked for be worth? Its words paired one to one, as a comparison does it.

    prices of words and pairs of words -> weight of each meeting -> best pairing -> words left over -> evidence
                                       -> with the dates of the row -> the promise of its record

The index knows prices in sixteenths and not which form met, so where a comparison might go either way this takes the
better: the promise is about what the comparison will say, and seldom less.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.dates import best_date_weight, weight_beside
from comity.index.names.query import HAS_NICKNAMES, SINGLE_LETTER
from comity.index.names.rows import (
    LIGHT,
    OPTIONAL,
    PATRONYMIC,
    PLAIN,
    ROLE_SHIFT,
    ROW_WORDS_MAX,
    SUFFIX,
    WORD_MASK,
)
from comity.index.names.slots import SLOT_NONE, new_slots, slot_of, slot_or_add
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import PRICE_STEPS
from comity.names.chance import chance_by_length, weight_of_chance

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Reals = NDArray[np.float64]
Slots = NDArray[np.uint16]

# The order of the numbers in `Weighing`.
MISSING, EXTRA, CONTRADICTS, OPTIONAL_MISSING, OPTIONAL_EXTRA, INITIAL, CUT_OFF_SHARE = range(7)
PARTICLE_MAX, PARTICLE_MISSING, SUFFIX_CONTRADICTS, SLOPE, FURTHER_WORD, ALIKE = range(7, 13)
MISSING_COUNTS, EXTRA_COUNTS, CONTRADICTS_COUNTS, AS_WRITTEN, OPTIONAL_WEIGHT, EVIDENCE_MIN, MEETING_MIN = (
    range(13, 20)
)
# How two words meet, as far as it counts.
SAME, LIKE, OTHERWISE, PARTICLE = 0, 1, 2, 3
NICKNAME_STEPS = 8
TYPING_STEPS = 16
_MASK, _LIGHT = np.uint32(WORD_MASK), np.uint32(LIGHT)
_NOTHING = 255
_NO_MEETING = -1000.0


@kernel(nogil=True)
def foretell(  # noqa: PLR0913  # a kernel: packed arrays
    rows: Numbers, words: Numbers, slots: Slots, prices: Small,
    bounds: NDArray[np.int64], span_rows: Numbers, span_prices: Small, span_places: Small,
    part_first: NDArray[np.int64], part_last: NDArray[np.int64], part_marks: Small, expected: Reals, part_chances: Reals,
    word_marks: Numbers, natives: Numbers, scripts: Small, letters: Small, letter_bounds: NDArray[np.int64],
    row_starts: Numbers, row_words: Numbers, row_date_starts: Numbers, row_dates: Numbers,
    word_form: Numbers, word_native: Numbers, word_script: Small, form_starts: Numbers, form_letters: Small,
    chances: NDArray[np.float32], numbers: Reals, date: int, date_numbers: Reals,
) -> Reals:  # fmt: skip
    """Return the promise of each row. `words`, `slots` and `prices` are as `approach` made them."""
    pair_prices = _pair_prices(rows, bounds, span_rows, span_prices, span_places, part_first, part_last)
    base, base_kinds = _weigh_words(
        words, prices, part_first, part_last, part_marks, expected, part_chances, natives, scripts, word_native,
        word_script, chances, numbers,
    )  # fmt: skip
    weights = np.empty((part_first.size, 2 * ROW_WORDS_MAX), dtype=np.float64)
    kinds = np.empty((part_first.size, 2 * ROW_WORDS_MAX), dtype=np.uint8)
    asked_used = np.empty(word_marks.size, dtype=np.bool_)
    held_used = np.empty(ROW_WORDS_MAX + 1, dtype=np.bool_)
    promises = np.empty(rows.size, dtype=np.float64)
    for line in range(rows.size):
        row = rows[line]
        held = row_words[row_starts[row] : row_starts[row + 1]]
        _place_weights(
            held, slots[line], base, base_kinds, pair_prices[line], part_first, part_last, part_marks, expected,
            part_chances, word_marks, numbers, weights, kinds,
        )  # fmt: skip
        asked_used[:], held_used[:] = False, False
        evidence, meetings, is_same = _pair(
            weights, kinds, held.size, part_first, part_last, asked_used, held_used, numbers
        )
        more, shorts, is_whole = _short_meetings(
            held, asked_used, held_used, word_marks, letters, letter_bounds, word_form, form_starts, form_letters,
            chances, part_chances, numbers,
        )  # fmt: skip
        left, none_left = _left_over(held, asked_used, held_used, word_marks, numbers)
        evidence += more + left + numbers[FURTHER_WORD] * max(0, meetings + shorts - 1)
        if is_same and is_whole and none_left:
            evidence += numbers[AS_WRITTEN]
        worth = max(evidence, numbers[EVIDENCE_MIN])
        dated = best_date_weight(
            date, row_dates, np.int64(row_date_starts[row]), np.int64(row_date_starts[row + 1]), date_numbers
        )
        promises[line] = worth + weight_beside(dated, worth, date_numbers)
    return promises


@kernel(nogil=True)
def _pair_prices(
    rows: Numbers, bounds: NDArray[np.int64], span_rows: Numbers, span_prices: Small, span_places: Small,
    part_first: NDArray[np.int64], part_last: NDArray[np.int64],
) -> Small:  # fmt: skip
    """Return by row, part and first of two words the price of the two as one, 255 where they do not meet."""
    prices = np.full((rows.size, bounds.shape[0], ROW_WORDS_MAX), _NOTHING, dtype=np.uint8)
    table, lines = new_slots(rows.size)
    for line in range(rows.size):
        slot_or_add(rows[line], line, table, lines)
    for part in range(bounds.shape[0]):
        if part_first[part] != part_last[part]:
            continue  # two words joined on both sides say no more than the words themselves
        for place in range(bounds[part, 2], bounds[part, 3]):
            line = slot_of(span_rows[place], table, lines)
            if line != SLOT_NONE:
                word = np.int64(span_places[place])
                prices[line, part, word] = min(prices[line, part, word], span_prices[place])
    return prices


@kernel(nogil=True)
def _weigh_words(  # noqa: PLR0913  # a kernel: packed arrays
    words: Numbers, prices: Small, part_first: NDArray[np.int64], part_last: NDArray[np.int64], part_marks: Small,
    expected: Reals, part_chances: Reals, natives: Numbers, scripts: Small, word_native: Numbers, word_script: Small,
    chances: NDArray[np.float32], numbers: Reals,
) -> tuple[Reals, Small]:  # fmt: skip
    """Return by part and word what their meeting weighs (`_NO_MEETING` for none), and of which kind it is."""
    weights = np.full(prices.shape, _NO_MEETING, dtype=np.float64)
    kinds = np.full(prices.shape, OTHERWISE, dtype=np.uint8)
    for part in range(prices.shape[0]):
        asked = part_first[part]
        for slot in range(words.size):
            steps = np.int64(prices[part, slot])
            if steps >= PRICES_COUNT:
                continue
            word = words[slot]
            chance = max(part_chances[part], np.float64(chances[word]))
            marks = part_marks[part]
            if natives[asked] == word_native[word]:
                marks &= ~SINGLE_LETTER  # one letter that both names write is a word like any other
            weights[part, slot] = _weight(marks, chance, expected[part], steps, numbers)
            if asked == part_last[part] and not marks & SINGLE_LETTER:
                kinds[part, slot] = _kind_of_meeting(
                    natives[asked] == word_native[word], scripts[asked] == word_script[word], steps,
                    part_marks[part] & HAS_NICKNAMES,
                )  # fmt: skip
    return weights, kinds


@kernel(nogil=True)
def _weight(marks: int, chance: float, expected: float, steps: int, numbers: Reals) -> float:
    if marks & SINGLE_LETTER:
        return numbers[INITIAL]
    price = steps / PRICE_STEPS
    by_length = chance_by_length(expected, price) if steps else 0.0
    return weight_of_chance(chance, by_length, price)


@kernel(nogil=True)
def _place_weights(  # noqa: PLR0913  # a kernel: packed arrays
    held: Numbers, slots: Slots, base: Reals, base_kinds: Small, pair_prices: Small,
    part_first: NDArray[np.int64], part_last: NDArray[np.int64], part_marks: Small, expected: Reals, part_chances: Reals,
    word_marks: Numbers, numbers: Reals, weights: Reals, kinds: Small,
) -> None:  # fmt: skip
    """Write what each part weighs with each word of a row, and then with each word and the next as one."""
    for part in range(part_first.size):
        is_light = part_first[part] == part_last[part] and word_marks[part_first[part]] >= _LIGHT
        may_be_light = not part_marks[part] & SINGLE_LETTER
        for place in range(held.size):
            weights[part, place], kinds[part, place] = (
                base[part, slots[place]],
                base_kinds[part, slots[place]],
            )
            is_word = may_be_light or kinds[part, place] == SAME
            if is_word and (is_light or held[place] >= _LIGHT):
                weights[part, place] = min(weights[part, place], numbers[PARTICLE_MAX])
                kinds[part, place] = PARTICLE
            if weights[part, place] <= 0.0 and not (
                weights[part, place] > numbers[MEETING_MIN]
                and part_first[part] == part_last[part]
                and _are_contrary(word_marks[part_first[part]], held[place])
            ):
                weights[part, place] = _NO_MEETING
            steps = np.int64(pair_prices[part, place])
            at = ROW_WORDS_MAX + place
            weights[part, at], kinds[part, at] = _NO_MEETING, OTHERWISE
            if steps < PRICES_COUNT:
                weights[part, at] = _weight(
                    part_marks[part], part_chances[part], expected[part], steps, numbers
                )
                if may_be_light and is_light:
                    weights[part, at] = min(weights[part, at], numbers[PARTICLE_MAX])
                    kinds[part, at] = PARTICLE
                if weights[part, at] <= 0.0:
                    weights[part, at] = _NO_MEETING


@kernel(nogil=True)
def _kind_of_meeting(is_same: bool, one_script: bool, steps: int, has_nicknames: int) -> int:
    """Return whether two words are the same, spelt alike in one script, or met otherwise, as far as prices tell."""
    if is_same:
        return SAME
    if not one_script or steps >= TYPING_STEPS or (has_nicknames and steps >= NICKNAME_STEPS):
        return OTHERWISE
    return LIKE


@kernel(nogil=True)
def _pair(  # noqa: PLR0913  # a kernel: packed arrays
    weights: Reals, kinds: Small, words: int, part_first: NDArray[np.int64], part_last: NDArray[np.int64],
    asked_used: NDArray[np.bool_], held_used: NDArray[np.bool_], numbers: Reals,
) -> tuple[float, int, bool]:  # fmt: skip
    """Take the heaviest meetings that share no word; return their evidence, how many count, whether all are same."""
    evidence, meetings, is_same = 0.0, 0, True
    while True:
        best, best_part, best_place = _NO_MEETING, -1, -1
        for part in range(part_first.size):
            if asked_used[part_first[part]] or asked_used[part_last[part]]:
                continue
            for turn in range(2):
                for word in range(words - turn):
                    place = word + turn * ROW_WORDS_MAX
                    if weights[part, place] > best and not held_used[word] and not held_used[word + turn]:
                        best, best_part, best_place = weights[part, place], part, place
        if best_part < 0:
            return evidence, meetings, is_same
        kind = kinds[best_part, best_place]
        evidence += numbers[SLOPE] * best + (numbers[ALIKE] if kind == LIKE else 0.0)
        meetings += 0 if kind == PARTICLE else 1
        is_same = is_same and (kind == SAME or kind == PARTICLE)  # noqa: PLR1714  # kernels know no sets
        asked_used[part_first[best_part]], asked_used[part_last[best_part]] = True, True
        word = best_place if best_place < ROW_WORDS_MAX else best_place - ROW_WORDS_MAX
        held_used[word] = True
        if best_place >= ROW_WORDS_MAX:
            held_used[word + 1] = True


@kernel(nogil=True)
def _short_meetings(  # noqa: PLR0913  # a kernel: packed arrays
    held: Numbers, asked_used: NDArray[np.bool_], held_used: NDArray[np.bool_], word_marks: Numbers,
    letters: Small, letter_bounds: NDArray[np.int64], word_form: Numbers, form_starts: Numbers, form_letters: Small,
    chances: NDArray[np.float32], part_chances: Reals, numbers: Reals,
) -> tuple[float, int, bool]:  # fmt: skip
    """Pair initials with words and words cut off with whole ones; return evidence, count, whether there were none."""
    evidence, meetings = 0.0, 0
    for asked in range(asked_used.size):
        if asked_used[asked] or word_marks[asked] >= _LIGHT:
            continue
        for place in range(held.size):
            if held_used[place] or held[place] >= _LIGHT:
                continue
            word = held[place] & _MASK
            both = shared_beginning(
                letters, letter_bounds[asked], letter_bounds[asked + 1], np.int64(word_form[word]), form_starts, form_letters
            )  # fmt: skip
            if both == 0:
                continue
            weight = numbers[INITIAL]
            if both > 1:
                chance = max(part_chances[asked], np.float64(chances[word]))
                weight = numbers[CUT_OFF_SHARE] * weight_of_chance(chance, 0.0, 0.0)
            evidence += numbers[SLOPE] * weight
            meetings += 1
            asked_used[asked], held_used[place] = True, True
            break
    return evidence, meetings, meetings == 0


@kernel(nogil=True)
def shared_beginning(
    letters: Small, start: int, end: int, form: int, form_starts: Numbers, form_letters: Small
) -> int:
    """Return how many letters a word and a form begin alike with, if one is the other's initial or cut off from it.

    0 where neither is: two letters are no word cut off.
    """
    if start == end or form >= form_starts.size - 1:
        return 0
    other = np.int64(form_starts[form])
    both = min(end - start, np.int64(form_starts[form + 1]) - other)
    same = 0
    while same < both and form_letters[other + same] == letters[start + same]:
        same += 1
    return 0 if same < both or both == 2 else both  # noqa: PLR2004


@kernel(nogil=True)
def _left_over(
    held: Numbers,
    asked_used: NDArray[np.bool_],
    held_used: NDArray[np.bool_],
    word_marks: Numbers,
    numbers: Reals,
) -> tuple[float, bool]:
    """Return what words weigh that stand against each other or alone, and whether there are none."""
    evidence, is_none = 0.0, True
    for asked in range(asked_used.size):
        if asked_used[asked]:
            continue
        is_none = False
        for place in range(held.size):
            if not held_used[place] and _are_contrary(word_marks[asked], held[place]):
                is_suffix = (word_marks[asked] & ~_LIGHT) >> ROLE_SHIFT == SUFFIX
                weight = numbers[SUFFIX_CONTRADICTS] if is_suffix else numbers[CONTRADICTS]
                evidence += numbers[SLOPE] * weight + numbers[CONTRADICTS_COUNTS]
                asked_used[asked], held_used[place] = True, True
                break
        if not asked_used[asked]:
            evidence += alone(word_marks[asked], numbers, MISSING, OPTIONAL_MISSING, MISSING_COUNTS)
    for place in range(held.size):
        if not held_used[place]:
            is_none = False
            evidence += alone(held[place], numbers, EXTRA, OPTIONAL_EXTRA, EXTRA_COUNTS)
    return evidence, is_none


@kernel(nogil=True)
def _are_contrary(one: int, other: int) -> bool:
    """Whether two words stand in each other's place: both core, and of no roles that differ."""
    role, facing = (one & ~_LIGHT) >> ROLE_SHIFT, (other & ~_LIGHT) >> ROLE_SHIFT
    if role == SUFFIX or facing == SUFFIX:
        return role == facing
    if one >= _LIGHT or other >= _LIGHT:
        return False
    return (role == PATRONYMIC) == (facing == PATRONYMIC)


@kernel(nogil=True)
def alone(marks: int, numbers: Reals, plain: int, optional: int, counts: int) -> float:
    """Return what a word without a counterpart is worth."""
    weight = numbers[plain]
    if marks >= _LIGHT:
        weight = numbers[PARTICLE_MISSING]
    elif (marks & ~_LIGHT) >> ROLE_SHIFT in (PATRONYMIC, OPTIONAL):
        weight = numbers[optional]
    return numbers[SLOPE] * weight + (0.0 if weight >= numbers[OPTIONAL_WEIGHT] else numbers[counts])
