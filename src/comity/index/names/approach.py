"""Which of the rows gathered are worth a closer look? Their words, each once; what each may count at most.

rows -> distinct words -> the price of each with each part -> the most that each row counts -> rows that may be worth it
                                                                                   -> their words, slots and prices

Nearly all rows that share one word with the name asked for end here; `foretell` looks at the few that are left.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import prefetch
from comity.index.names.dates import best_date_weight
from comity.index.names.days import has_row
from comity.index.names.enough import NEVER, unmet
from comity.index.names.foretell import AS_WRITTEN, EVIDENCE_MIN, FURTHER_WORD, shared_beginning
from comity.index.names.glance import beginnings, is_shortened
from comity.index.names.rows import LIGHT, WORD_MASK
from comity.index.names.slots import SLOT_NONE, new_slots, slot_of, slot_or_add
from comity.index.names.spans import PRICES_COUNT

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Slots = NDArray[np.uint16]
Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

_MASK = np.uint32(WORD_MASK)
_NOTHING = 255
# Rows are asked of the memory so many before they are looked at.
AHEAD = 8


@kernel(nogil=True)
def approach(  # noqa: PLR0913  # a kernel: packed arrays
    rows: Numbers, slots: Slots, bounds: Integers, match_words: Numbers, match_prices: Small, span_rows: Numbers,
    span_prices: Small, most: Reals, part_first: Integers, part_last: Integers, word_marks: Numbers, letters: Small,
    letter_bounds: Integers, row_starts: Numbers, row_words: Numbers, row_date_starts: Numbers, row_dates: Numbers,
    word_glances: Numbers, word_form: Numbers, form_starts: Numbers, form_letters: Small, numbers: Reals, date: int,
    date_numbers: Reals, favoured: NDArray[np.uint64], floor: float,
) -> tuple[Numbers, Numbers, Slots, Small]:  # fmt: skip
    """Return the rows that may be worth `floor`, with their words, slots and prices; `slots` is scratch, a line a row.

    `favoured` is a set of all rows of which a date may speak for them.
    """
    words, table, table_slots = _distinct_words(rows, row_starts, row_words, slots)
    prices = _word_prices(words.size, bounds, match_words, match_prices, table, table_slots)
    if floor <= numbers[EVIDENCE_MIN]:
        return rows, words, slots, prices
    values = _values(prices, most, part_first, part_last, word_marks.size)
    by_span = _by_span(rows, bounds, span_rows, span_prices, most, part_first, part_last, word_marks.size)
    by_itself, by_initial, cut_off = unmet(word_marks, most, numbers)
    begun = beginnings(letters, letter_bounds)
    best = np.empty(word_marks.size, dtype=np.float64)
    kept = np.empty(rows.size, dtype=np.int64)
    count = 0
    for line in range(rows.size):
        row = rows[line]
        is_dated = date != 0 and has_row(row, favoured)
        dated = 0.0
        if is_dated:
            dated = _date_weight(date, row, row_date_starts, row_dates, date_numbers)
        # A date that speaks for the row counts in full at most, one that speaks against it always does.
        least = floor - dated
        if least <= numbers[EVIDENCE_MIN]:
            kept[count] = line  # no name is worth less
            count += 1
            continue
        held = row_words[row_starts[row] : row_starts[row + 1]]
        is_whole = True
        for word in range(word_marks.size):
            best[word] = by_span[line, word]
            for place in range(held.size):
                best[word] = max(best[word], values[word, slots[line, place]])
            is_whole &= best[word] >= most[word, 0] or word_marks[word] >= LIGHT
        least -= numbers[AS_WRITTEN] if is_whole else 0.0
        if _count_all(best, by_itself, by_initial, cut_off, numbers) < least:
            continue
        _shorten(
            held, best, by_itself, by_initial, cut_off, letters, letter_bounds, begun, word_glances,
            word_form, form_starts, form_letters,
        )  # fmt: skip
        total = _count_all(best, by_itself, by_itself, by_itself, numbers)
        if total >= least and date != 0 and not is_dated:
            # Few come so far: nobody else's date need be read.
            least -= _date_weight(date, row, row_date_starts, row_dates, date_numbers)
        if total >= least:
            kept[count] = line
            count += 1
    return _compacted(kept[:count], rows, words, slots, prices, row_starts)


@kernel(nogil=True, inline="always")
def _date_weight(
    date: int, row: int, row_date_starts: Numbers, row_dates: Numbers, date_numbers: Reals
) -> float:
    begin, end = np.int64(row_date_starts[row]), np.int64(row_date_starts[row + 1])
    return best_date_weight(date, row_dates, begin, end, date_numbers)


@kernel(nogil=True)
def _values(prices: Small, most: Reals, part_first: Integers, part_last: Integers, asked: int) -> Reals:
    """Return by word asked for and word held the most that their meeting counts."""
    values = np.full((asked, prices.shape[1]), NEVER, dtype=np.float64)
    for part in range(prices.shape[0]):
        first, last = part_first[part], part_last[part]
        for slot in range(prices.shape[1]):
            step = np.int64(prices[part, slot])
            if step < PRICES_COUNT:
                # Two words written as one share what their meeting counts.
                counted = most[part, step] if first == last else most[part, step] / 2
                values[first, slot] = max(values[first, slot], counted)
                values[last, slot] = max(values[last, slot], counted)
    return values


@kernel(nogil=True)
def _by_span(  # noqa: PLR0913  # a kernel: packed arrays
    rows: Numbers, bounds: Integers, span_rows: Numbers, span_prices: Small, most: Reals, part_first: Integers,
    part_last: Integers, asked: int,
) -> Reals:  # fmt: skip
    """Return by row and word asked for the most that the word counts met by two words of the row as one."""
    found = np.full((rows.size, asked), NEVER, dtype=np.float64)
    table, lines = new_slots(rows.size)
    for line in range(rows.size):
        slot_or_add(rows[line], line, table, lines)
    for part in range(bounds.shape[0]):
        if part_first[part] != part_last[part]:
            continue  # two words joined on both sides say no more than the words themselves
        word = part_first[part]
        for place in range(bounds[part, 2], bounds[part, 3]):
            line = slot_of(span_rows[place], table, lines)
            if line != SLOT_NONE:
                found[line, word] = max(found[line, word], most[part, span_prices[place]])
    return found


@kernel(nogil=True, inline="always")
def _count_all(best: Reals, by_itself: Reals, by_initial: Reals, cut_off: Reals, numbers: Reals) -> float:
    """Return the most that a row counts whose words meet so well, or else are shortened."""
    total = 0.0
    for word in range(best.size):
        total += max(best[word], by_itself[word], by_initial[word], cut_off[word])
    # The first word that meets is no further one.
    return total - min(0.0, numbers[FURTHER_WORD])


@kernel(nogil=True, inline="always")
def _shorten(  # noqa: PLR0913  # a kernel: packed arrays
    held: Numbers, best: Reals, by_itself: Reals, by_initial: Reals, cut_off: Reals, letters: Small,
    letter_bounds: Integers, begun: Integers, word_glances: Numbers, word_form: Numbers, form_starts: Numbers, form_letters: Small,
) -> None:  # fmt: skip
    """Raise what a word counts by a word of the row that is its initial or is cut off from it, or the other way round."""
    for asked in range(best.size):
        if max(by_initial[asked], cut_off[asked]) <= max(best[asked], by_itself[asked]):
            continue
        count = letter_bounds[asked + 1] - letter_bounds[asked]
        for place in range(held.size):
            if held[place] >= LIGHT or not is_shortened(
                begun[asked], count, word_glances[held[place] & _MASK]
            ):
                continue
            both = shared_beginning(
                letters, letter_bounds[asked], letter_bounds[asked + 1],
                np.int64(word_form[held[place] & _MASK]), form_starts, form_letters,
            )  # fmt: skip
            if both:
                best[asked] = max(best[asked], by_initial[asked] if both == 1 else cut_off[asked])


@kernel(nogil=True)
def _compacted(
    lines: Integers, rows: Numbers, words: Numbers, slots: Slots, prices: Small, row_starts: Numbers
) -> tuple[Numbers, Numbers, Slots, Small]:
    """Return these lines of the rows, and of the words and prices what they need."""
    number = np.full(words.size, -1, dtype=np.int64)
    kept = np.empty(words.size, dtype=np.int64)
    count = 0
    out_slots = np.empty((lines.size, slots.shape[1]), dtype=np.uint16)
    for place in range(lines.size):
        line = lines[place]
        for word in range(np.int64(row_starts[rows[line] + 1]) - np.int64(row_starts[rows[line]])):
            slot = slots[line, word]
            if number[slot] < 0:
                number[slot], kept[count] = count, slot
                count += 1
            out_slots[place, word] = number[slot]
    out_prices = np.empty((prices.shape[0], count), dtype=np.uint8)
    for part in range(prices.shape[0]):
        for word in range(count):
            out_prices[part, word] = prices[part, kept[word]]
    return rows[lines], words[kept[:count]], out_slots, out_prices


@kernel(nogil=True)
def _distinct_words(
    rows: Numbers, row_starts: Numbers, row_words: Numbers, slots: Slots
) -> tuple[Numbers, Numbers, Slots]:
    """Return the words of these rows, each once, and a table of which is which; write it by row and place, too."""
    starts, flat = row_starts.ctypes.data, row_words.ctypes.data
    room = 0
    for line in range(rows.size):
        if line + AHEAD < rows.size:
            prefetch(starts + 4 * np.int64(rows[line + AHEAD]))
        row = rows[line]
        room += np.int64(row_starts[row + 1]) - np.int64(row_starts[row])
    words = np.empty(room, dtype=np.uint32)
    table, table_slots = new_slots(room)
    count = 0
    for line in range(rows.size):
        if line + AHEAD < rows.size:
            prefetch(flat + 4 * np.int64(row_starts[rows[line + AHEAD]]))
        begin = np.int64(row_starts[rows[line]])
        for place in range(begin, np.int64(row_starts[rows[line] + 1])):
            word = row_words[place] & _MASK
            slot = slot_or_add(word, count, table, table_slots)
            if slot == count:
                words[count] = word
                count += 1
            slots[line, place - begin] = slot
    return words[:count].copy(), table, table_slots


@kernel(nogil=True)
def _word_prices(
    words_count: int, bounds: NDArray[np.int64], match_words: Numbers, match_prices: Small, table: Numbers,
    table_slots: Slots,
) -> Small:  # fmt: skip
    """Return by part and word the price, 255 where they do not meet."""
    prices = np.full((bounds.shape[0], words_count), _NOTHING, dtype=np.uint8)
    for part in range(bounds.shape[0]):
        for place in range(bounds[part, 0], bounds[part, 1]):
            slot = slot_of(match_words[place], table, table_slots)
            if slot != SLOT_NONE:
                prices[part, slot] = match_prices[place]
    return prices
