"""One question asked of all segments together, in one call of compiled code.

lines of the parts in each segment -> what meets them at all -> chances and weights -> likeliest rows of all segments
                                                             -> what comparing each is foretold to be worth

Nearly every question ends where it is seen that nothing meets its words and that nobody was born on its day. A
segment is its table of addresses (`table`): fifty arrays to a call would cost more than the search.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.approach import approach
from comity.index.names.days import everyone, in_favour, rows_of_day
from comity.index.names.enough import weigh
from comity.index.names.foretell import foretell
from comity.index.names.gather import gather
from comity.index.names.matches import (
    BEGIN,
    IS_HAN,
    LINE_NUMBERS,
    NATIVE,
    PRESENT,
    SPAN_END,
    USUAL,
    add_bearers,
)
from comity.index.names.rarities import borne_by
from comity.index.names.rows import ROW_WORDS_MAX
from comity.index.names.slots import new_slots, slot_or_add
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import HAN
from comity.index.names.table import (
    DAY_DATES,
    DAY_ROWS,
    FORM_LETTERS,
    FORM_STARTS,
    LINES,
    LOOSE_DATES,
    LOOSE_ROWS,
    MATCH_PRICES,
    MATCH_WORDS,
    POST_ROWS,
    POST_STARTS,
    RARITY_COUNTS_NOW,
    RARITY_KEYS,
    RARITY_STARTS,
    ROW_AUDIENCE,
    ROW_CORE,
    ROW_DATE_STARTS,
    ROW_DATES,
    ROW_DEAD,
    ROW_GLANCES,
    ROW_RECORD,
    ROW_SPACE,
    ROW_STARTS,
    ROW_SUMS,
    ROW_TOUCHED,
    ROW_WORDS,
    SPAN_PLACES,
    SPAN_PRICES,
    SPAN_ROWS,
    WORD_CHANCES,
    WORD_EXPECTED,
    WORD_FORM,
    WORD_GLANCES,
    WORD_NATIVE,
    WORD_SCRIPT,
    WORD_SOUND,
    flags_of,
    floats_of,
    hashes_of,
    integers_of,
    numbers_of,
    shorts_of,
    small_of,
)
from comity.index.names.weights import EXTRA_WEIGHT
from comity.names.chance import chance_of_bearers

DAY_ROWS_MAX = 1024
"""So many names of persons born on the day asked for are looked at, however little their words meet those asked."""

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Floats = NDArray[np.float32]
Reals = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Words(NamedTuple):
    """The question: as `query.Question` has it."""

    part_first: Integers
    part_last: Integers
    part_marks: Small
    expected: Reals
    word_marks: Numbers
    natives: Numbers
    scripts: Small
    letters: Small
    letter_bounds: Integers


class Worth(NamedTuple):
    """What is wanted, and what each meeting is worth: as `enough.weigh` says it, and the chances it was said from."""

    followed: Floats
    always: Floats
    is_told_apart: bool
    most: Reals
    chances: Reals
    numbers: Reals
    date: int
    date_numbers: Reals
    floor: float
    is_glanced: bool


_ARRAYS = (
    "int64[::1], int64[::1], int64[::1], int64[::1], uint8[::1], float64[::1], uint32[::1], uint32[::1], uint8[::1], "
    "uint8[::1], int64[::1], boolean[::1], float64[::1], float64[::1]"
)
_FOUND = "Tuple((uint32[::1], float64[::1]))"


@kernel(f"{_FOUND}({_ARRAYS}, int64, int64, float64, boolean, int64, int64, int64)", nogil=True)
def ask(  # noqa: PLR0913  # a kernel: packed arrays
    tables: Integers, line_numbers: Integers, part_first: Integers, part_last: Integers, part_marks: Small,
    expected: Reals, word_marks: Numbers, natives: Numbers, scripts: Small, letters: Small, letter_bounds: Integers,
    admitted: Flags, numbers: Reals, date_numbers: Reals, space: int, date: int, floor: float, is_glanced: bool,
    rows_max: int, persons: int, persons_all: int,
) -> tuple[Numbers, Reals]:  # fmt: skip
    """Return the records that may be meant and the promise of each row of theirs, in no order.

    `tables` says where the tables of the segments stand, `line_numbers` for each of them which lines its parts have.
    `persons` are the public names of the space, `persons_all` those of all. Where `is_glanced`, rows worth less than
    `floor` are passed over at a glance.
    """
    words = Words(
        part_first, part_last, part_marks, expected, word_marks, natives, scripts, letters, letter_bounds
    )
    lines = line_numbers.reshape((tables.size, part_first.size)) * LINE_NUMBERS
    present = _present(tables, lines)
    if not present.any() and not _is_day_held(tables, date):
        return np.empty(0, dtype=np.uint32), np.empty(0, dtype=np.float64)
    counts = np.zeros((part_first.size, PRICES_COUNT), dtype=np.int64)
    for segment in range(tables.size):
        for part in range(part_first.size):
            add_bearers(tables[segment], lines[segment, part], counts[part])
    chances = _chances(tables, lines, expected, persons_all)
    followed, always, is_told_apart, most = weigh(
        counts, present, expected, persons, chances, part_first, part_last, part_marks, word_marks, numbers, floor, date,
        date_numbers,
    )  # fmt: skip
    worth = Worth(
        followed, always, is_told_apart, most, chances, numbers, date, date_numbers, floor, is_glanced
    )
    rows, favoured = _likely_rows(tables, lines, words, worth, admitted, space, rows_max)
    records = np.empty(0, dtype=np.uint32)
    promises = np.empty(0, dtype=np.float64)
    for segment in range(tables.size):
        if rows[segment].size:
            near, values = _foretold(
                tables, tables[segment], rows[segment], _bounds(tables[segment], lines[segment]), words, worth,
                favoured[segment], persons_all,
            )  # fmt: skip
            records = np.concatenate((records, numbers_of(tables[segment], ROW_RECORD)[near]))
            promises = np.concatenate((promises, values))
    return records, promises


@kernel(nogil=True)
def _present(tables: Integers, lines: Integers) -> Hashes:
    """Return by part one bit for each price at which something meets it in any segment."""
    present = np.zeros(lines.shape[1], dtype=np.uint64)
    for segment in range(tables.size):
        held = integers_of(tables[segment], LINES)
        for part in range(lines.shape[1]):
            present[part] |= np.uint64(held[lines[segment, part] + PRESENT])
    return present


@kernel(nogil=True)
def _is_day_held(tables: Integers, date: int) -> bool:
    """Return whether anybody was born on the whole day asked for."""
    for table in tables:
        if rows_of_day(date, numbers_of(table, DAY_DATES), numbers_of(table, DAY_ROWS)).size:
            return True
    return False


@kernel(nogil=True)
def _bounds(table: int, lines: Integers) -> Integers:
    """Return where the words and the pairs of each part begin and end."""
    held = integers_of(table, LINES)
    bounds = np.empty((lines.size, SPAN_END + 1), dtype=np.int64)
    for part in range(lines.size):
        for column in range(BEGIN, SPAN_END + 1):
            bounds[part, column] = held[lines[part] + column]
    return bounds


@kernel(nogil=True)
def _borne(tables: Integers, sound: np.uint64, native: np.uint32, is_han: bool) -> int:
    """Return how many public names of all segments bear a word."""
    borne = np.int64(0)
    for table in tables:
        borne += borne_by(
            sound, native, is_han, numbers_of(table, RARITY_STARTS), hashes_of(table, RARITY_KEYS),
            numbers_of(table, RARITY_COUNTS_NOW),
        )  # fmt: skip
    return borne


@kernel(nogil=True)
def _chances(tables: Integers, lines: Integers, expected: Reals, persons: int) -> Reals:
    """Return the chance to meet each part as it is written."""
    chances = np.empty(expected.size, dtype=np.float64)
    held = integers_of(tables[0], LINES)
    for part in range(expected.size):
        line = lines[0, part]
        borne = _borne(
            tables, np.uint64(held[line + USUAL]), np.uint32(held[line + NATIVE]), held[line + IS_HAN] != 0
        )
        chances[part] = chance_of_bearers(borne, expected[part], persons, 0.0)
    return chances


@kernel(nogil=True)
def _likely_rows(
    tables: Integers, lines: Integers, words: Words, worth: Worth, admitted: Flags, space: int, rows_max: int
) -> tuple[list[Numbers], list[Hashes]]:
    """Return by segment the rows that are among the likeliest of all, and the set of those that a date may speak for."""
    rows, sums = [np.empty(0, np.uint32)], [np.empty(0, np.float32)]
    day_rows, day_sums = [np.empty(0, np.uint32)], [np.empty(0, np.float32)]
    favoured = [np.empty(0, np.uint64)]
    for some in (rows, day_rows):
        some.clear()
    for some_sums in (sums, day_sums):
        some_sums.clear()
    favoured.clear()
    is_day = False
    for segment in range(tables.size):
        table = tables[segment]
        favoured.append(_favoured(table, worth))
        found = _gathered(
            table, _bounds(table, lines[segment]), words, worth, favoured[segment], admitted, space, rows_max
        )
        rows.append(found[0])
        sums.append(found[1])
        day_rows.append(found[2])
        day_sums.append(found[3])
        is_day |= found[2].size > 0
    if tables.size > 1:
        rows = _likeliest(tables, rows, sums, rows_max)
        day_rows = _likeliest(tables, day_rows, day_sums, DAY_ROWS_MAX)
    if is_day:
        for segment in range(tables.size):
            rows[segment] = _each_once(rows[segment], day_rows[segment])
    return rows, favoured


@kernel(nogil=True)
def _favoured(table: int, worth: Worth) -> Hashes:
    """Return the set of the rows of which a date may speak for them; of all where they are not told apart."""
    if not worth.is_told_apart:
        return everyone()
    return in_favour(
        worth.date, numbers_of(table, DAY_DATES), numbers_of(table, DAY_ROWS), numbers_of(table, LOOSE_DATES),
        numbers_of(table, LOOSE_ROWS),
    )  # fmt: skip


@kernel(nogil=True)
def _gathered(
    table: int, bounds: Integers, words: Words, worth: Worth, favoured: Hashes, admitted: Flags, space: int, rows_max: int
) -> tuple[Numbers, Floats, Numbers, Floats]:  # fmt: skip
    """Return the likeliest rows of a segment and those of the day asked for, with their sums of weights."""
    day_rows = rows_of_day(worth.date, numbers_of(table, DAY_DATES), numbers_of(table, DAY_ROWS))
    return gather(
        bounds, numbers_of(table, MATCH_WORDS), small_of(table, MATCH_PRICES), numbers_of(table, SPAN_ROWS),
        small_of(table, SPAN_PRICES), worth.followed, worth.always, favoured, numbers_of(table, POST_STARTS),
        numbers_of(table, POST_ROWS), numbers_of(table, ROW_AUDIENCE), small_of(table, ROW_CORE), flags_of(table, ROW_DEAD),
        admitted, hashes_of(table, ROW_SUMS), numbers_of(table, ROW_TOUCHED), EXTRA_WEIGHT, rows_max,
        shorts_of(table, ROW_SPACE), space, day_rows, DAY_ROWS_MAX, worth.is_glanced, hashes_of(table, ROW_GLANCES),
        numbers_of(table, WORD_GLANCES), worth.most, words.part_first, words.part_last, words.word_marks, words.letters,
        words.letter_bounds, worth.numbers, worth.floor,
    )  # fmt: skip


@kernel(nogil=True)
def _likeliest(tables: Integers, rows: list[Numbers], sums: list[Floats], most: int) -> list[Numbers]:
    """Return the rows of each segment that are among the likeliest of all segments together."""
    total = 0
    for segment in range(tables.size):
        total += rows[segment].size
    if total <= most:
        return rows
    keys = np.empty(total, dtype=np.uint64)
    at = 0
    for segment in range(tables.size):
        records = numbers_of(tables[segment], ROW_RECORD)
        # The greatest sum first, then the least record: as whole numbers reals sort so but for their sign. No sum is -0.
        bits = (sums[segment] + np.float32(0.0)).view(np.uint32)
        for place in range(bits.size):
            flip = np.uint32(0xFFFFFFFF) if bits[place] >> np.uint32(31) else np.uint32(0x80000000)
            rank = np.uint64(np.uint32(0xFFFFFFFF) ^ bits[place] ^ flip)
            keys[at] = rank << np.uint64(32) | np.uint64(records[rows[segment][place]])
            at += 1
    keep = np.zeros(total, dtype=np.bool_)
    keep[np.argsort(keys, kind="mergesort")[:most]] = True
    kept = [rows[0][:0]]
    kept.clear()
    at = 0
    for segment in range(tables.size):
        end = at + rows[segment].size
        kept.append(rows[segment][keep[at:end]])
        at = end
    return kept


@kernel(nogil=True)
def _each_once(rows: Numbers, others: Numbers) -> Numbers:
    """Return the rows of both, each once."""
    found = np.empty(rows.size + others.size, dtype=np.uint32)
    table, slots = new_slots(found.size)
    count = 0
    for some in (rows, others):
        for row in some:
            if slot_or_add(row, count, table, slots) == count:
                found[count] = row
                count += 1
    return found[:count]


@kernel(nogil=True)
def _foretold(
    tables: Integers, table: int, rows: Numbers, bounds: Integers, words: Words, worth: Worth, favoured: Hashes,
    persons: int,
) -> tuple[Numbers, Reals]:  # fmt: skip
    """Return those of these rows that may be worth the floor, and what comparing each is foretold to be worth."""
    match_words, match_prices = numbers_of(table, MATCH_WORDS), small_of(table, MATCH_PRICES)
    span_rows, span_prices = numbers_of(table, SPAN_ROWS), small_of(table, SPAN_PRICES)
    row_starts, row_words = numbers_of(table, ROW_STARTS), numbers_of(table, ROW_WORDS)
    date_starts, dates = numbers_of(table, ROW_DATE_STARTS), numbers_of(table, ROW_DATES)
    word_form, form_starts, form_letters = (
        numbers_of(table, WORD_FORM),
        numbers_of(table, FORM_STARTS),
        small_of(table, FORM_LETTERS),
    )
    near, held, slots, prices = approach(
        rows, np.empty((rows.size, ROW_WORDS_MAX), dtype=np.uint16), bounds, match_words, match_prices, span_rows,
        span_prices, worth.most, words.part_first, words.part_last, words.word_marks, words.letters,
        words.letter_bounds, row_starts, row_words, date_starts, dates, numbers_of(table, WORD_GLANCES), word_form,
        form_starts, form_letters, worth.numbers, worth.date, worth.date_numbers, favoured, worth.floor,
    )  # fmt: skip
    if not near.size:
        return near, np.empty(0, dtype=np.float64)
    _count_words(tables, table, held, persons)
    return near, foretell(
        near, held, slots, prices, bounds, span_rows, span_prices, small_of(table, SPAN_PLACES), words.part_first,
        words.part_last, words.part_marks, words.expected, worth.chances, words.word_marks, words.natives,
        words.scripts, words.letters, words.letter_bounds, row_starts, row_words, date_starts, dates, word_form,
        numbers_of(table, WORD_NATIVE), small_of(table, WORD_SCRIPT), form_starts, form_letters,
        floats_of(table, WORD_CHANCES), worth.numbers, worth.date, worth.date_numbers,
    )  # fmt: skip


@kernel(nogil=True)
def _count_words(tables: Integers, table: int, words: Numbers, persons: int) -> None:
    """Note the chance to meet each of these words of a segment that is not known yet (0)."""
    chances = floats_of(table, WORD_CHANCES)
    sounds, natives = hashes_of(table, WORD_SOUND), numbers_of(table, WORD_NATIVE)
    scripts, expected = small_of(table, WORD_SCRIPT), floats_of(table, WORD_EXPECTED)
    for word in words:
        if chances[word] == 0.0:
            borne = _borne(tables, sounds[word], natives[word], scripts[word] == HAN)
            chances[word] = chance_of_bearers(borne, np.float64(expected[word]), persons, 0.0)
