"""What will comparing a row with the name asked for be worth? Its words paired one to one, as a comparison does it.

    prices of words and pairs of words -> weight of each meeting -> best pairing -> words left over -> evidence
                                       -> with the dates of the row -> the promise of its record

The index knows prices in sixteenths and not which form met, so where a comparison might go either way this takes the
better: the promise is about what the comparison will say, and seldom less.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.index.names.dates import best_date_weight
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
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import PRICE_STEPS
from comity.names.chance import chance_by_length, weight_of_chance

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Reals = NDArray[np.float64]

# The order of the numbers in `Weighing`.
MISSING, EXTRA, CONTRADICTS, OPTIONAL_MISSING, OPTIONAL_EXTRA, INITIAL, CUT_OFF_SHARE = range(7)
PARTICLE_MAX, PARTICLE_MISSING, SUFFIX_CONTRADICTS, SLOPE, FURTHER_WORD, ALIKE = range(7, 13)
MISSING_COUNTS, EXTRA_COUNTS, CONTRADICTS_COUNTS, AS_WRITTEN, OPTIONAL_WEIGHT, EVIDENCE_MIN = range(13, 19)
# How two words meet, as far as it counts.
SAME, LIKE, OTHERWISE, PARTICLE = 0, 1, 2, 3
NICKNAME_STEPS = 8
TYPING_STEPS = 16
_MASK, _LIGHT = np.uint32(WORD_MASK), np.uint32(LIGHT)
_NOTHING = 255


@njit(cache=True, nogil=True)
def words_to_count(
    rows: Numbers, row_starts: Numbers, row_words: Numbers, chances: NDArray[np.float32]
) -> Numbers:
    """Return the words of these rows whose chance is not known yet (0), each once; they are marked with -1."""
    out = np.empty(rows.size * ROW_WORDS_MAX, dtype=np.uint32)
    found = 0
    for row in rows:
        for place in range(row_starts[row], row_starts[row + 1]):
            word = row_words[place] & _MASK
            if chances[word] == 0.0:
                chances[word] = -1.0
                out[found] = word
                found += 1
    return out[:found].copy()


@njit(cache=True, nogil=True)
def foretell(  # noqa: PLR0913  # a kernel: packed arrays
    rows: Numbers, bounds: NDArray[np.int64], match_words: Numbers, match_prices: Small,
    span_rows: Numbers, span_prices: Small, span_places: Small,
    part_first: NDArray[np.int64], part_last: NDArray[np.int64], part_marks: Small, expected: Reals, part_chances: Reals,
    word_marks: Numbers, natives: Numbers, scripts: Small, letters: Small, letter_bounds: NDArray[np.int64],
    row_starts: Numbers, row_words: Numbers, row_date_starts: Numbers, row_dates: Numbers,
    word_form: Numbers, word_native: Numbers, word_script: Small, form_starts: Numbers, form_letters: Small,
    chances: NDArray[np.float32], word_scratch: Small, row_scratch: Numbers,
    numbers: Reals, date: int, date_numbers: Reals,
) -> Reals:  # fmt: skip
    """Return the promise of each row. `word_scratch` and `row_scratch` are scratch arrays of zeros, left so."""
    prices = _price_tables(
        rows, bounds, match_words, match_prices, span_rows, span_prices, span_places, part_first, part_last,
        row_starts, row_words, word_scratch, row_scratch,
    )  # fmt: skip
    parts = part_first.size
    weights = np.empty((parts, 2 * ROW_WORDS_MAX), dtype=np.float64)
    kinds = np.empty((parts, 2 * ROW_WORDS_MAX), dtype=np.uint8)
    asked_used = np.empty(word_marks.size, dtype=np.bool_)
    held_used = np.empty(ROW_WORDS_MAX + 1, dtype=np.bool_)
    promises = np.empty(rows.size, dtype=np.float64)
    for line in range(rows.size):
        row = rows[line]
        held = row_words[row_starts[row] : row_starts[row + 1]]
        _weigh_meetings(
            prices[line], held, part_first, part_last, part_marks, expected, part_chances, word_marks, natives,
            scripts, word_native, word_script, chances, numbers, weights, kinds,
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
        promises[line] = max(evidence, numbers[EVIDENCE_MIN]) + best_date_weight(
            date, row_dates, np.int64(row_date_starts[row]), np.int64(row_date_starts[row + 1]), date_numbers
        )
    return promises


@njit(cache=True, nogil=True)
def _price_tables(  # noqa: PLR0913  # a kernel: packed arrays
    rows: Numbers, bounds: NDArray[np.int64], match_words: Numbers, match_prices: Small,
    span_rows: Numbers, span_prices: Small, span_places: Small,
    part_first: NDArray[np.int64], part_last: NDArray[np.int64],
    row_starts: Numbers, row_words: Numbers, word_scratch: Small, row_scratch: Numbers,
) -> NDArray[np.uint8]:  # fmt: skip
    """Return by row, part and word the price, 255 where they do not meet; then by the first of two words as one."""
    prices = np.full((rows.size, part_first.size, 2 * ROW_WORDS_MAX), _NOTHING, dtype=np.uint8)
    for line in range(rows.size):
        row_scratch[rows[line]] = line + 1
    for part in range(part_first.size):
        for place in range(bounds[part, 0], bounds[part, 1]):
            word_scratch[match_words[place]] = match_prices[place] + 1
        for line in range(rows.size):
            begin = np.int64(row_starts[rows[line]])
            for word in range(begin, np.int64(row_starts[rows[line] + 1])):
                price = word_scratch[row_words[word] & _MASK]
                if price:
                    prices[line, part, word - begin] = price - 1
        for place in range(bounds[part, 0], bounds[part, 1]):
            word_scratch[match_words[place]] = 0
        if part_first[part] != part_last[part]:
            continue  # two words joined on both sides say no more than the words themselves
        for place in range(bounds[part, 2], bounds[part, 3]):
            line = np.int64(row_scratch[span_rows[place]]) - 1
            if line >= 0:
                at = ROW_WORDS_MAX + np.int64(span_places[place])
                prices[line, part, at] = min(prices[line, part, at], span_prices[place])
    for line in range(rows.size):
        row_scratch[rows[line]] = 0
    return prices


@njit(cache=True, nogil=True)
def _weigh_meetings(  # noqa: PLR0913  # a kernel: packed arrays
    prices: Small, held: Numbers, part_first: NDArray[np.int64], part_last: NDArray[np.int64], part_marks: Small,
    expected: Reals, part_chances: Reals, word_marks: Numbers, natives: Numbers, scripts: Small,
    word_native: Numbers, word_script: Small, chances: NDArray[np.float32], numbers: Reals,
    weights: Reals, kinds: Small,
) -> None:  # fmt: skip
    """Write what each meeting of a part with a word, or with two as one, weighs (0 for none), and of which kind."""
    for part in range(part_first.size):
        asked = part_first[part]
        is_single = asked == part_last[part]
        for place in range(2 * ROW_WORDS_MAX):
            weights[part, place] = 0.0
            at = place if place < ROW_WORDS_MAX else place - ROW_WORDS_MAX
            is_pair = place >= ROW_WORDS_MAX
            if at >= held.size or prices[part, place] >= PRICES_COUNT:
                continue
            steps = np.int64(prices[part, place])
            word = held[at] & _MASK
            price = steps / PRICE_STEPS
            kinds[part, place] = OTHERWISE
            if part_marks[part] & SINGLE_LETTER:
                weights[part, place] = numbers[INITIAL]
                continue
            chance = part_chances[part] if is_pair else max(part_chances[part], np.float64(chances[word]))
            by_length = chance_by_length(expected[part], price) if steps else 0.0
            weight = weight_of_chance(chance, by_length, price)
            is_light = (is_single and word_marks[asked] >= _LIGHT) or (not is_pair and held[at] >= _LIGHT)
            if is_light:
                weight = min(weight, numbers[PARTICLE_MAX])
                kinds[part, place] = PARTICLE
            elif is_single and not is_pair:
                kinds[part, place] = _kind_of_meeting(
                    natives[asked] == word_native[word], scripts[asked] == word_script[word], steps,
                    part_marks[part] & HAS_NICKNAMES,
                )  # fmt: skip
            weights[part, place] = max(weight, 0.0)


@njit(cache=True, nogil=True)
def _kind_of_meeting(is_same: bool, one_script: bool, steps: int, has_nicknames: int) -> int:
    """Return whether two words are the same, spelt alike in one script, or met otherwise, as far as prices tell."""
    if is_same:
        return SAME
    if not one_script or steps >= TYPING_STEPS or (has_nicknames and steps >= NICKNAME_STEPS):
        return OTHERWISE
    return LIKE


@njit(cache=True, nogil=True)
def _pair(  # noqa: PLR0913  # a kernel: packed arrays
    weights: Reals, kinds: Small, words: int, part_first: NDArray[np.int64], part_last: NDArray[np.int64],
    asked_used: NDArray[np.bool_], held_used: NDArray[np.bool_], numbers: Reals,
) -> tuple[float, int, bool]:  # fmt: skip
    """Take the heaviest meetings that share no word; return their evidence, how many count, whether all are same."""
    evidence, meetings, is_same = 0.0, 0, True
    while True:
        best, best_part, best_place = 0.0, -1, -1
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


@njit(cache=True, nogil=True)
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
        start, count = letter_bounds[asked], letter_bounds[asked + 1] - letter_bounds[asked]
        for place in range(held.size):
            if held_used[place] or held[place] >= _LIGHT:
                continue
            word = held[place] & _MASK
            form = np.int64(word_form[word])
            if count == 0 or form >= form_starts.size - 1:
                continue
            other = np.int64(form_starts[form])
            both = min(count, np.int64(form_starts[form + 1]) - other)
            same = 0
            while same < both and form_letters[other + same] == letters[start + same]:
                same += 1
            if same < both or both == 0 or both == 2:  # noqa: PLR1714  # kernels know no sets
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


@njit(cache=True, nogil=True)
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
            evidence += _alone(word_marks[asked], numbers, MISSING, OPTIONAL_MISSING, MISSING_COUNTS)
    for place in range(held.size):
        if not held_used[place]:
            is_none = False
            evidence += _alone(held[place], numbers, EXTRA, OPTIONAL_EXTRA, EXTRA_COUNTS)
    return evidence, is_none


@njit(cache=True, nogil=True)
def _are_contrary(one: int, other: int) -> bool:
    """Whether two words stand in each other's place: both core, and of no roles that differ."""
    role, facing = (one & ~_LIGHT) >> ROLE_SHIFT, (other & ~_LIGHT) >> ROLE_SHIFT
    if role == SUFFIX or facing == SUFFIX:
        return role == facing
    if one >= _LIGHT or other >= _LIGHT:
        return False
    return (role == PATRONYMIC) == (facing == PATRONYMIC)


@njit(cache=True, nogil=True)
def _alone(marks: int, numbers: Reals, plain: int, optional: int, counts: int) -> float:
    """Return what a word without a counterpart is worth."""
    weight = numbers[plain]
    if marks >= _LIGHT:
        weight = numbers[PARTICLE_MISSING]
    elif (marks & ~_LIGHT) >> ROLE_SHIFT in (PATRONYMIC, OPTIONAL):
        weight = numbers[optional]
    return numbers[SLOPE] * weight + (0.0 if weight >= numbers[OPTIONAL_WEIGHT] else numbers[counts])
