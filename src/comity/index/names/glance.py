"""Can a row that one word led to be worth what is wanted? Nearly none: a glance at eight bytes a row tells.

words -> three letters and a few bits each -> three words a row in eight bytes (made when a segment is opened)
question -> what each of its words may mean, as a set of such words -> rows led to that another word, or an initial,
                                                                       may bring to what is wanted

What is said here is a bound, as in `approach`, and lets more through: `approach` looks at the words themselves.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import prefetch
from comity.index.names.enough import NEVER, unmet
from comity.index.names.foretell import AS_WRITTEN, FURTHER_WORD, PARTICLE_MAX, SLOPE
from comity.index.names.rows import LIGHT, WORD_MASK
from comity.index.names.spans import PRICES_COUNT

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Sets = NDArray[np.uint16]
Floats = NDArray[np.float32]
Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Hashes = NDArray[np.uint64]

# A word is its first three letters, five bits each, and six bits of its number; three such make a row.
_LETTER, _LETTER_BITS, _LETTERS, _NUMBER_BITS, _WORDS = 31, 5, 1 << 15, 6, 3
_CODE_BITS = 3 * _LETTER_BITS + _NUMBER_BITS
_CODE = np.uint64((1 << _CODE_BITS) - 1)
# A row of more words is looked at closer in any case.
_MORE = np.uint64(2**64 - 1)
_SPREAD = np.uint64(0x9E3779B1)
_ROOM_EACH, _ROOM_BITS_MIN, _ROOM_BITS_MAX = 8, 10, 20
# By word asked for, eight at most: who meets it as far as meetings are followed, and who otherwise.
_FAR_SHIFT = 8
# What a word counts: alone, met, cut off, either; met otherwise, and with each of these; where it led to the row.
_MET, _CUT, _FAR, _LEADING, _VALUES = 1, 2, 4, 8, 9
# Rows are asked of the memory so many before they are looked at.
_AHEAD = 16
# Sums are made in another order than where rows are looked at closer.
_SLACK = 1e-9
# The columns of a list of rows, as `gather` makes it.
PART, PRICE, ALWAYS, STOP = range(4)


@kernel(nogil=True)
def word_glances(word_form: Numbers, form_starts: Numbers, form_letters: Small) -> Numbers:
    """Return what is seen of each word at a glance. A damaged file must not lead outside it: nobody has looked at it yet."""
    found = np.empty(word_form.size, dtype=np.uint32)
    for word in range(word_form.size):
        form, letters = np.int64(word_form[word]), 0
        if form < form_starts.size - 1:
            begin, end = np.int64(form_starts[form]), np.int64(form_starts[form + 1])
            letters = _beginning(form_letters, begin, min(end, form_letters.size))
        number = (np.uint64(word) * _SPREAD >> np.uint64(13)) & np.uint64((1 << _NUMBER_BITS) - 1)
        found[word] = np.uint32(letters << _NUMBER_BITS) | np.uint32(number)
    return found


@kernel(nogil=True)
def row_glances(row_starts: Numbers, row_words: Numbers, words: Numbers) -> Hashes:
    """Return what is seen of each row at a glance; of one that leads outside a damaged file, that it is to be looked at."""
    found = np.zeros(row_starts.size - 1, dtype=np.uint64)
    for row in range(found.size):
        begin, end = np.int64(row_starts[row]), np.int64(row_starts[row + 1])
        is_odd = begin > end or end > row_words.size
        if is_odd or end - begin > _WORDS:
            found[row] = _MORE
            continue
        for place in range(begin, end):
            word = np.int64(row_words[place] & np.uint32(WORD_MASK))
            if word >= words.size:
                found[row] = _MORE
                break
            found[row] |= np.uint64(words[word]) << np.uint64(_CODE_BITS * (place - begin))
    return found


@kernel(nogil=True, inline="always")
def _beginning(letters: Small, begin: int, end: int) -> int:
    """Return the first three letters as fifteen bits, 0 for one that is not there."""
    found = 0
    for place in range(begin, begin + 3):
        found <<= _LETTER_BITS
        if place < end:
            # Some digits are taken for one another.
            found |= min(np.int64(letters[place]), _LETTER)
    return found


@kernel(nogil=True, inline="always")
def _place(number: np.uint64, table: Sets) -> np.int64:
    mixed = np.uint32(number * _SPREAD)
    return np.int64(mixed >> np.uint32(32 - _ROOM_BITS_MAX)) & np.int64(table.size - 1)


@kernel(nogil=True)
def _new_set(count: int) -> Sets:
    bits = _ROOM_BITS_MIN
    while bits < _ROOM_BITS_MAX and 1 << bits < _ROOM_EACH * count:
        bits += 1
    return np.zeros(1 << bits, dtype=np.uint16)


@kernel(nogil=True)
def worth_a_look(  # noqa: PLR0913  # a kernel: packed arrays
    led: Numbers, lists: Integers, bounds: Integers, match_words: Numbers, match_prices: Small, span_rows: Numbers,
    span_prices: Small, always: Floats, glances: Hashes, words: Numbers, most: Reals, part_first: Integers,
    part_last: Integers, word_marks: Numbers, letters: Small, letter_bounds: Integers, numbers: Reals, floor: float,
) -> None:  # fmt: skip
    """Keep of the rows that lists led to those that may be worth `floor`; the end of each list is written anew."""
    meets, spans, best, left = _meetings(
        bounds, match_words, match_prices, span_rows, span_prices, always, words, most, part_first, part_last,
        word_marks.size,
    )  # fmt: skip
    values = _values(best, left, word_marks, most, numbers)
    short = shortened(letters, letter_bounds)
    first = glances.ctypes.data
    begin, count = 0, 0
    for line in range(lists.shape[0]):
        part, price, end = lists[line, PART], lists[line, PRICE], lists[line, STOP]
        one, other = part_first[part], part_last[part]
        own = np.uint16(1 << (one & 7) | 1 << (other & 7))
        # A ninth word asked for shares the bit of the first: what its own may mean, it may mean of such a word, too.
        all_own = own | own << np.uint16(_FAR_SHIFT)
        others = np.uint16(0xFFFF) ^ all_own
        counted = most[part, price] if one == other else most[part, price] / 2
        by_itself = _count(
            values,
            max(counted, left[one]),
            max(counted, left[other]),
            one,
            other,
            all_own,
            own,
            word_marks,
            numbers,
        )
        for place in range(begin, end):
            if place + _AHEAD < led.size:
                prefetch(first + 8 * np.int64(led[place + _AHEAD]))
            row = led[place]
            seen = glances[row]
            met, cut = np.uint16(0), np.uint16(0)
            if seen != _MORE:
                met = spans[_place(np.uint64(row), spans)]
                for _ in range(_WORDS):
                    code = seen & _CODE
                    met |= meets[_place(code, meets)]
                    cut |= short[np.int64(code >> np.uint64(_NUMBER_BITS))]
                    seen >>= np.uint64(_CODE_BITS)
                worth = by_itself
                if (met | cut) & others:
                    worth = _count(
                        values, max(counted, left[one]), max(counted, left[other]), one, other, met | own, cut | own,
                        word_marks, numbers,
                    )  # fmt: skip
                if worth < floor:
                    continue
            led[count] = row
            count += 1
        begin, lists[line, STOP] = end, count


@kernel(nogil=True, inline="always")
def _count(
    values: Reals, counted: float, other_counted: float, one: int, other: int, met: np.uint16, cut: np.uint16,
    word_marks: Numbers, numbers: Reals,
) -> float:  # fmt: skip
    """Return the most that a row counts that a meeting led to, of which other words may be met or cut off."""
    total, is_whole = -min(0.0, numbers[FURTHER_WORD]), True
    for word in range(values.shape[0]):
        bit = np.int64(word & 7)
        is_met, is_far, is_cut = (met >> bit) & 1, (met >> (bit + _FAR_SHIFT)) & 1, (cut >> bit) & 1
        value = values[word, is_met * _MET | is_cut * _CUT | is_far * _FAR]
        if word == one:
            value = max(counted, values[word, _LEADING])
        elif word == other:
            value = max(other_counted, values[word, _LEADING])
        total += value
        is_whole &= (is_met | is_far) != 0 or word_marks[word] >= LIGHT
    return total + (max(0.0, numbers[AS_WRITTEN]) if is_whole else 0.0) + _SLACK


@kernel(nogil=True)
def _values(best: Reals, left: Reals, word_marks: Numbers, most: Reals, numbers: Reals) -> Reals:
    """Return by word asked for the most that it counts, as the columns say."""
    by_itself, by_initial, cut_off = unmet(word_marks, most, numbers)
    values = np.empty((word_marks.size, _VALUES), dtype=np.float64)
    for word in range(word_marks.size):
        short = max(by_itself[word], by_initial[word], cut_off[word])
        for ways in range(_LEADING):
            value = short if ways & _CUT else by_itself[word]
            value = max(value, best[word] if ways & _MET else NEVER)
            values[word, ways] = max(value, left[word] if ways & _FAR else NEVER)
        # Particles lead to no row, and may be what is met.
        values[word, _LEADING] = max(short, numbers[SLOPE] * numbers[PARTICLE_MAX])
    return values


@kernel(nogil=True)
def shortened(letters: Small, letter_bounds: Integers) -> Small:
    """Return by the first letters of a word held which words asked for may be cut off from it, or it from them.

    As `shared_beginning` takes it: by one letter, or by three and more.
    """
    found = np.zeros(_LETTERS, dtype=np.uint8)
    for word in range(letter_bounds.size - 1):
        begin, end = letter_bounds[word], letter_bounds[word + 1]
        if begin == end:
            continue
        bit, both = np.uint8(1 << (word & 7)), _beginning(letters, begin, end)
        initial = both >> 2 * _LETTER_BITS << 2 * _LETTER_BITS
        found[initial] |= bit
        if end - begin == 1:
            for rest in range(1 << 2 * _LETTER_BITS):
                found[initial | rest] |= bit
        elif end - begin > 2:  # noqa: PLR2004
            found[both] |= bit
    return found


@kernel(nogil=True)
def beginnings(letters: Small, letter_bounds: Integers) -> Integers:
    """Return the first three letters of each word asked for as `is_shortened` takes them."""
    found = np.empty(letter_bounds.size - 1, dtype=np.int64)
    for word in range(found.size):
        found[word] = _beginning(letters, letter_bounds[word], letter_bounds[word + 1])
    return found


@kernel(nogil=True, inline="always")
def is_shortened(beginning: int, count: int, word_glance: int) -> bool:
    """Return whether a word of so many letters may be cut off from one held, or the other way round, as `shortened` says.

    For the few rows that are looked at closer: its table is worth making for many.
    """
    held, initial = np.int64(word_glance) >> _NUMBER_BITS, beginning >> 2 * _LETTER_BITS
    if count == 1:
        return held >> 2 * _LETTER_BITS == initial
    return count > 0 and (held == initial << 2 * _LETTER_BITS or (count > 2 and held == beginning))  # noqa: PLR2004


@kernel(nogil=True)
def _meetings(  # noqa: PLR0913  # a kernel: packed arrays
    bounds: Integers, match_words: Numbers, match_prices: Small, span_rows: Numbers, span_prices: Small,
    always: Floats, words: Numbers, most: Reals, part_first: Integers, part_last: Integers, asked: int,
) -> tuple[Sets, Sets, Reals, Reals]:  # fmt: skip
    """Return the words, and the rows with pairs of words, that may be met, by whom; the most that each word counts.

    First by meetings that are followed, then by all others.
    """
    words_count, spans_count = 0, 0
    for part in range(bounds.shape[0]):
        words_count += bounds[part, 1] - bounds[part, 0]
        spans_count += bounds[part, 3] - bounds[part, 2] if part_first[part] == part_last[part] else 0
    meets, spans = _new_set(words_count), _new_set(spans_count)
    best = np.full(asked, NEVER, dtype=np.float64)
    left = np.full(asked, NEVER, dtype=np.float64)
    for part in range(bounds.shape[0]):
        one, other = part_first[part], part_last[part]
        own = np.uint16(1 << (one & 7) | 1 << (other & 7))
        is_there = np.zeros(PRICES_COUNT, dtype=np.bool_)
        for place in range(bounds[part, 0], bounds[part, 1]):
            price = match_prices[place]
            mark = own if always[part, price] > 0.0 else own << np.uint16(_FAR_SHIFT)
            meets[_place(np.uint64(words[match_words[place]]), meets)] |= mark
            is_there[price] = True
        for place in range(bounds[part, 2], bounds[part, 3]):
            price = span_prices[place]
            is_there[price] = True
            if one == other:
                mark = own if always[part, price] > 0.0 else own << np.uint16(_FAR_SHIFT)
                spans[_place(np.uint64(span_rows[place]), spans)] |= mark
        for price in range(PRICES_COUNT):
            if not is_there[price]:
                continue
            counted = most[part, price] if one == other else most[part, price] / 2
            if always[part, price] > 0.0:
                best[one], best[other] = max(best[one], counted), max(best[other], counted)
            else:
                left[one], left[other] = max(left[one], counted), max(left[other], counted)
    return meets, spans, best, left
