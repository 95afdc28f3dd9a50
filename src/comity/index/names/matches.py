"""What the words asked for may mean in a segment, kept for the next time they are asked.

part -> words with prices, pairs of words with prices -> laid down in arrays that fill and start anew
     -> a line of numbers: where they begin and end, at which prices anything is met, whose bearers are counted
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from comity.compiled import direct, kernel
from comity.index.names.kept import NO_ROOM, NOT_KEPT, Kept, kept_key, unpack_matches
from comity.index.names.layout import Layout
from comity.index.names.lookup import match_word, write_by_price
from comity.index.names.query import Part
from comity.index.names.spans import PRICES_COUNT, match_spans
from comity.index.names.table import (
    BURIED,
    COUNTS,
    COUNTS_FILLED,
    FORM_LEAST,
    FORM_LETTERS,
    FORM_LIST,
    FORM_MASKS,
    FORM_PRICES,
    FORM_SOUND_STARTS,
    FORM_SOUNDS,
    FORM_STAMP,
    FORM_STARTS,
    FORM_WORD_STARTS,
    FORM_WORDS,
    GROUP_BUCKETS,
    GROUP_KEYS,
    GROUP_STARTS,
    KEPT_BOUNDS,
    KEPT_CODES,
    KEPT_KEYS,
    KEPT_STARTS,
    KEY_FORMS,
    KEY_STARTS,
    KEY_TAGS,
    LINES,
    MATCH_PRICES,
    MATCH_WORDS,
    PAIR_BUCKETS,
    PAIR_KEYS,
    PAIR_PLACES,
    PAIR_ROW_STARTS,
    PAIR_ROWS,
    PAIR_SOUND_STARTS,
    PAIR_SOUNDS,
    PAIR_STARTS,
    ROW_DEAD,
    ROW_PUBLIC,
    ROW_SPACE,
    SPAN_PLACES,
    SPAN_PRICES,
    SPAN_ROWS,
    SPANS_FILLED,
    STATE,
    STATE_NUMBERS,
    WORD_LIST,
    WORD_NATIVE,
    WORD_PUBLIC_NOW,
    WORD_SCRATCH,
    WORD_SCRIPT,
    WORD_SPACE,
    WORDS_FILLED,
    Table,
    flags_of,
    floats_of,
    hashes_of,
    integers_of,
    numbers_of,
    shorts_of,
    small_of,
)

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Integers = NDArray[np.int64]

_WORDS_ROOM, _SPANS_ROOM = 1 << 23, 1 << 22
_ROOM_MIN = 1 << 12
_LINES_MIN = 256
PARTS_KEPT = 16_384
"""For so many parts it is known what they may mean; nearly all of whom nobody holds lead to nothing, and fill no array."""

# The columns of a line: where its words and its pairs begin and end, one bit for each price at which there is any, how
# often records had been buried when its bearers were counted, and where their counts stand.
BEGIN, END, SPAN_BEGIN, SPAN_END, PRESENT, COUNTED, COUNTS_AT = range(7)
# How the usual form of the part sounds, and which characters it has.
USUAL, NATIVE, IS_HAN, LINE_NUMBERS = range(7, 11)
NOT_COUNTED, NO_BEARERS = -1, -1


class Matches:
    """The matches of parts with one segment. `words`, `prices` and the span arrays are what lines point into."""

    def __init__(self, layout: Layout, kept: Kept | None = None) -> None:
        self.table = Table(layout)
        # Small segments keep no words.
        self._is_kept = kept is not None and kept.keys.size > 0
        if kept is not None:
            for place, array in (
                (KEPT_STARTS, kept.starts), (KEPT_KEYS, kept.keys), (KEPT_BOUNDS, kept.bounds), (KEPT_CODES, kept.codes),
            ):  # fmt: skip
                self.table.put(place, array)
        forms, words = layout.form_starts.size - 1, layout.word_space.size
        self.table.put(FORM_STAMP, np.zeros(forms, dtype=np.uint8))
        self.table.put(FORM_LIST, np.zeros(forms, dtype=np.uint32))
        self.table.put(FORM_LEAST, np.zeros(forms, dtype=np.float32))
        self.table.put(WORD_LIST, np.zeros(words, dtype=np.uint32))
        self.table.put(WORD_SCRATCH, np.zeros(words, dtype=np.uint8))
        self.state = np.zeros(STATE_NUMBERS, dtype=np.int64)
        self.table.put(STATE, self.state)
        self._lines = np.zeros((_LINES_MIN, LINE_NUMBERS), dtype=np.int64)
        self._counts = np.zeros((0, PRICES_COUNT), dtype=np.int64)
        self._make_room(
            max(_ROOM_MIN, min(_WORDS_ROOM, 16 * words)),
            max(_ROOM_MIN, min(_SPANS_ROOM, 2 * layout.row_record.size)),
        )

    def _make_room(self, words_room: int, spans_room: int) -> None:
        self.words = np.empty(words_room, dtype=np.uint32)
        self.prices = np.empty(words_room, dtype=np.uint8)
        self.span_rows = np.empty(spans_room, dtype=np.uint32)
        self.span_prices = np.empty(spans_room, dtype=np.uint8)
        self.span_places = np.empty(spans_room, dtype=np.uint8)
        for place, array in (
            (MATCH_WORDS, self.words), (MATCH_PRICES, self.prices), (SPAN_ROWS, self.span_rows),
            (SPAN_PRICES, self.span_prices), (SPAN_PLACES, self.span_places),
        ):  # fmt: skip
            self.table.put(place, array)
        self._forget()

    def _forget(self) -> None:
        self.state[WORDS_FILLED] = self.state[SPANS_FILLED] = self.state[COUNTS_FILLED] = 0
        self._numbers: dict[tuple[tuple[str, str], int], int] = {}
        self.table.put(LINES, self._lines)

    def bounds_of(self, parts: tuple[Part, ...], space: int) -> Integers:
        """Return where the words and the pairs of each part begin and end, a line a part."""
        numbers = self.lines_of(parts, space)  # which may make the lines anew
        return self._lines[numbers, BEGIN : SPAN_END + 1]

    def lines_of(self, parts: tuple[Part, ...], space: int) -> list[int]:
        """Return the numbers of the lines of parts, with room for their counts."""
        found = self._all(parts, space)
        if found is None:
            self._forget()
            found = self._all(parts, space)
        while found is None:
            # One question alone fills the arrays.
            self._make_room(2 * self.words.size, 2 * self.span_rows.size)
            found = self._all(parts, space)
        if self.state[COUNTS_FILLED] + len(parts) > len(self._counts):
            room = np.zeros((max(_LINES_MIN, 2 * len(self._counts)), PRICES_COUNT), dtype=np.int64)
            room[: len(self._counts)] = self._counts
            self._counts = room
            self.table.put(COUNTS, room)
        return found

    def _all(self, parts: tuple[Part, ...], space: int) -> list[int] | None:
        known, found = self._numbers, list[int]()
        for part in parts:
            key = part.key, space
            number = known.get(key)
            if number is None:
                number = self._match(part, space)
                if number < 0:
                    return None
                known[key] = number
            found.append(number)
        return found

    def _match(self, part: Part, space: int) -> int:
        """Write the line of a part that is not known; return its number, `NO_ROOM` where there is none."""
        number = len(self._numbers)
        if number >= PARTS_KEPT:
            return NO_ROOM
        if number == len(self._lines):
            self._lines = np.concatenate([self._lines, np.zeros_like(self._lines)])
            self.table.put(LINES, self._lines)
        done = self._unpacked(part, space, number) if self._is_kept else NOT_KEPT
        if done == NOT_KEPT:
            done = self._matched(part, space, number)
        return number if done >= 0 else NO_ROOM

    def _unpacked(self, part: Part, space: int, number: int) -> int:
        return _compiled()[0](
            self.table.address,
            number,
            kept_key(*part.key, space),
            space,
            part.usual,
            part.native,
            part.is_han,
        )

    def _matched(self, part: Part, space: int, number: int) -> int:
        return _compiled()[1](
            self.table.address, number, part.letters, part.bounds, part.sounds, part.sound_bounds, part.prices,
            part.depths, part.usual, space, part.script, part.native, part.is_han,
        )  # fmt: skip


@cache
def _compiled() -> tuple[Callable[..., int], Callable[..., int]]:
    return direct(_unpack_part), direct(_match_part)


@kernel("int64(int64, int64, uint64, int64, uint64[::1], int64, boolean)", nogil=True)
def _unpack_part(  # noqa: PLR0913  # a kernel
    table: int, number: int, key: np.uint64, space: int, usual: NDArray[np.uint64], native: int, is_han: bool
) -> int:
    """Write the line of a part by what is kept of it; return how many words, or why there is no line."""
    state = integers_of(table, STATE)
    end, span_end = unpack_matches(
        key, numbers_of(table, KEPT_STARTS), hashes_of(table, KEPT_KEYS), hashes_of(table, KEPT_BOUNDS),
        small_of(table, KEPT_CODES), space, numbers_of(table, WORD_NATIVE).size, numbers_of(table, PAIR_ROW_STARTS),
        numbers_of(table, PAIR_ROWS), small_of(table, PAIR_PLACES), shorts_of(table, ROW_SPACE),
        numbers_of(table, MATCH_WORDS), small_of(table, MATCH_PRICES), state[WORDS_FILLED],
        numbers_of(table, SPAN_ROWS), small_of(table, SPAN_PRICES), small_of(table, SPAN_PLACES), state[SPANS_FILLED],
    )  # fmt: skip
    if end < 0 or span_end < 0:
        return min(end, span_end)
    return _write_line(table, number, end, span_end, usual[0], native, is_han)


@kernel(
    "int64(int64, int64, uint8[::1], int64[::1], uint8[::1], int64[::1], float32[::1], uint8[::1], uint64[::1], "
    "int64, int64, int64, boolean)",
    nogil=True,
)
def _match_part(  # noqa: PLR0913  # a kernel: packed arrays
    table: int, number: int, letters: Small, bounds: Integers, sounds: Small, sound_bounds: Integers,
    prices: NDArray[np.float32], depths: Small, usual: NDArray[np.uint64], space: int, script: int, native: int,
    is_han: bool,
) -> int:  # fmt: skip
    """Write the line of a part, and what it may mean; return how many words, `NO_ROOM` where there is no room."""
    state = integers_of(table, STATE)
    word_list, word_price = numbers_of(table, WORD_LIST), small_of(table, WORD_SCRATCH)
    found = match_word(
        letters, bounds, sounds, sound_bounds, prices, depths, space, script, np.uint32(native),
        numbers_of(table, KEY_STARTS), shorts_of(table, KEY_TAGS), numbers_of(table, KEY_FORMS),
        numbers_of(table, GROUP_BUCKETS), hashes_of(table, GROUP_KEYS), numbers_of(table, GROUP_STARTS),
        numbers_of(table, FORM_STARTS), small_of(table, FORM_LETTERS), numbers_of(table, FORM_SOUND_STARTS),
        small_of(table, FORM_SOUNDS), hashes_of(table, FORM_MASKS), numbers_of(table, FORM_WORD_STARTS),
        numbers_of(table, FORM_WORDS), small_of(table, FORM_PRICES), shorts_of(table, WORD_SPACE),
        small_of(table, WORD_SCRIPT), numbers_of(table, WORD_NATIVE), small_of(table, FORM_STAMP),
        numbers_of(table, FORM_LIST), floats_of(table, FORM_LEAST), word_price, word_list,
    )  # fmt: skip
    at, words = state[WORDS_FILLED], numbers_of(table, MATCH_WORDS)
    if at + found > words.size:
        for place in range(found):
            word_price[word_list[place]] = 0
        return NO_ROOM
    if found:
        write_by_price(word_list, found, word_price, words, small_of(table, MATCH_PRICES), at)
    span_end = match_spans(
        letters, bounds, prices, space, numbers_of(table, PAIR_BUCKETS), hashes_of(table, PAIR_KEYS),
        numbers_of(table, PAIR_STARTS), numbers_of(table, PAIR_SOUND_STARTS), small_of(table, PAIR_SOUNDS),
        numbers_of(table, PAIR_ROW_STARTS), numbers_of(table, PAIR_ROWS), small_of(table, PAIR_PLACES),
        shorts_of(table, ROW_SPACE), numbers_of(table, SPAN_ROWS), small_of(table, SPAN_PRICES),
        small_of(table, SPAN_PLACES), state[SPANS_FILLED],
    )  # fmt: skip
    if span_end < 0:
        return NO_ROOM
    return _write_line(table, number, at + found, span_end, usual[0], native, is_han)


@kernel(nogil=True)
def _write_line(  # noqa: PLR0913  # a kernel
    table: int, number: int, end: int, span_end: int, usual: np.uint64, native: int, is_han: bool
) -> int:
    """Write the line of a part whose words and pairs were laid down after all others; return how many words."""
    state, lines = integers_of(table, STATE), integers_of(table, LINES)
    prices, span_prices = small_of(table, MATCH_PRICES), small_of(table, SPAN_PRICES)
    begin, span_begin, at = state[WORDS_FILLED], state[SPANS_FILLED], number * LINE_NUMBERS
    present = np.uint64(0)
    for place in range(begin, end):
        present |= np.uint64(1) << np.uint64(prices[place])
    for place in range(span_begin, span_end):
        present |= np.uint64(1) << np.uint64(span_prices[place])
    lines[at + BEGIN], lines[at + END] = begin, end
    lines[at + SPAN_BEGIN], lines[at + SPAN_END] = span_begin, span_end
    lines[at + PRESENT] = np.int64(present)
    lines[at + COUNTED], lines[at + COUNTS_AT] = NOT_COUNTED, NO_BEARERS
    lines[at + USUAL], lines[at + NATIVE], lines[at + IS_HAN] = np.int64(usual), native, is_han
    state[WORDS_FILLED], state[SPANS_FILLED] = end, span_end
    return end - begin


@kernel(nogil=True)
def add_bearers(table: int, line: int, counts: Integers) -> None:
    """Add to `counts`, by price, how many public names have what the part of a line may mean.

    They are counted once, and again after records were buried; of what nobody bears nothing is kept.
    """
    state, lines, kept = integers_of(table, STATE), integers_of(table, LINES), integers_of(table, COUNTS)
    at = lines[line + COUNTS_AT]
    if lines[line + COUNTED] != state[BURIED]:
        free = state[COUNTS_FILLED] * PRICES_COUNT
        if lines[line + COUNTED] == NOT_COUNTED:
            at = free
        # Bearers only become fewer: who has none will have none.
        if at != NO_BEARERS and not _count(table, line, kept[at : at + PRICES_COUNT]):
            at = NO_BEARERS
        state[COUNTS_FILLED] += at == free
        lines[line + COUNTED], lines[line + COUNTS_AT] = state[BURIED], at
    if at != NO_BEARERS:
        for price in range(PRICES_COUNT):
            counts[price] += kept[at + price]


@kernel(nogil=True)
def _count(table: int, line: int, counts: Integers) -> bool:
    """Write how many public names bear what a line leads to, by price; return whether any does."""
    lines, words, prices = (
        integers_of(table, LINES),
        numbers_of(table, MATCH_WORDS),
        small_of(table, MATCH_PRICES),
    )
    span_rows, span_prices = numbers_of(table, SPAN_ROWS), small_of(table, SPAN_PRICES)
    word_public, row_public, row_dead = (
        numbers_of(table, WORD_PUBLIC_NOW),
        small_of(table, ROW_PUBLIC),
        flags_of(table, ROW_DEAD),
    )
    counts[:] = 0
    is_any = False
    for place in range(lines[line + BEGIN], lines[line + END]):
        borne = np.int64(word_public[words[place]])
        counts[prices[place]] += borne
        is_any |= borne != 0
    for place in range(lines[line + SPAN_BEGIN], lines[line + SPAN_END]):
        row = span_rows[place]
        if row_public[row] and not row_dead[row]:
            counts[span_prices[place]] += 1
            is_any = True
    return is_any
