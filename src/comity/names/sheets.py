"""The spellings of a word as compiled code takes them: what a word in Latin letters may be besides, and how others respell it.

    spellings with prices -> without the article, with other letters, as heard -> in order -> respelt, where heard apart

A sheet has one row a spelling, its letters as codes. `forms` turns rows into what it hands on.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.names.readings.sound_automaton import uncounted
from comity.names.rewriting import (
    GROUP_PRICES,
    GROUPS_COUNT,
    RESPELLINGS,
    SOMALI_X,
    rewritten,
    signs_in,
)
from comity.names.sounds import ALPHABET, CLASSES, SYMBOLS_MAX, VOWEL_MARK, write_sounds

Codes = NDArray[np.uint8]
Rows = tuple[Codes, NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]
"""Letters of rows, a zero after each, their prices, their rules, their numbers."""

GIVEN, ARTICLE, LATIN, HEARD, RESPELT = range(5)
"""By which rule a row came to be."""
WIDTH: Final = 160
ROWS: Final = 64
FORMS_MAX: Final = 12
ASKED_FORMS_MAX: Final = 32
RESPELT_MAX: Final = 8
RESPELT_SOURCES_MAX: Final = 4
HEARD_LETTERS_MIN: Final = 3
HEARD_PRICE: Final = 0.35
_ARTICLE_PRICE: Final = 0.2
_STEM_LETTERS_MIN: Final = 4
# The h that ends a feminine name in Arabic, Persian and Hebrew is not heard: Atiyah and Atija.
_SILENT_H_PRICE: Final = 0.1
# Where there are so few consonants the index hears whether a vowel ends a word.
_END_HEARD_MAX: Final = 2
_CLASSES_WIDTH: Final = SYMBOLS_MAX
_A, _D, _E, _H, _L, _N, _R, _S, _T, _U, _Z = (
    np.uint8(ALPHABET.index(letter) + 1) for letter in "adehlnrstuz"
)
_DIGITS: Final = ALPHABET.index("0")


class Sheet(NamedTuple):
    """Rows of letters, how long each is, its price and rule, in which order they count; what some rows' consonants are.

    `sounds` is scratch.
    """

    texts: Codes
    sizes: NDArray[np.int64]
    prices: NDArray[np.float64]
    rules: NDArray[np.int64]
    order: NDArray[np.int64]
    consonants: Codes
    consonants_sizes: NDArray[np.int64]
    sounds: Codes


@kernel(nogil=True)
def new_sheet() -> Sheet:
    """Return a sheet; what is in it means nothing."""
    return Sheet(
        np.empty(ROWS * WIDTH, np.uint8), np.empty(ROWS, np.int64), np.empty(ROWS, np.float64), np.empty(ROWS, np.int64),
        np.empty(ROWS, np.int64), np.empty(ROWS * _CLASSES_WIDTH, np.uint8), np.empty(ROWS, np.int64),
        np.empty(SYMBOLS_MAX, np.uint8),
    )  # fmt: skip


@uncounted
def _is_same(codes: Codes, one: int, other: int, size: int) -> bool:
    for place in range(size):  # noqa: SIM110  # kernels know no generators
        if codes[one + place] != codes[other + place]:
            return False
    return True


@uncounted
def offer(sheet: Sheet, count: int, size: int, price: float, rule: int) -> int:
    """Take the row after the last among the rows, or its lower price where it is one of them; return how many they are."""
    if size == 0:
        return count
    for row in range(count):
        if sheet.sizes[row] == size and _is_same(sheet.texts, row * WIDTH, count * WIDTH, size):
            if sheet.prices[row] > price:
                sheet.prices[row], sheet.rules[row] = price, rule
            return count
    sheet.sizes[count], sheet.prices[count], sheet.rules[count] = size, price, rule
    return count + 1


@uncounted
def hear(sheet: Sheet, row: int) -> None:
    """Note the consonants of a row, as the index hears them: a vowel counts at the beginning alone."""
    start, first = row * WIDTH, row * _CLASSES_WIDTH
    at = first
    for place in range(write_sounds(sheet.texts, start, start + sheet.sizes[row], sheet.sounds, 0)):
        kind = CLASSES[sheet.sounds[place]]
        if kind and not (at > first and (kind == VOWEL_MARK or sheet.consonants[at - 1] == kind)):
            sheet.consonants[at] = kind
            at += 1
    sheet.consonants_sizes[row] = at - first


@uncounted
def _sounds_as(sheet: Sheet, one: int, other: int) -> bool:
    size = sheet.consonants_sizes[one]
    return sheet.consonants_sizes[other] == size and _is_same(
        sheet.consonants, one * _CLASSES_WIDTH, other * _CLASSES_WIDTH, size
    )


@uncounted
def _stem_after_article(texts: Codes, start: int, size: int) -> int:
    """Return how many letters the Arabic article takes that a word begins with, 0 where it begins with none.

    It is written on, apart, or not at all, and takes the sound of many letters that it stands before.
    """
    if size < 2 + _STEM_LETTERS_MIN:
        return 0
    one, two, three = texts[start], texts[start + 1], texts[start + 2]
    if two == _L and (one == _A or one == _E or one == _U):  # noqa: PLR1714  # kernels know no sets
        return 2
    if one != _A:
        return 0
    if two == three and (two == _R or two == _S or two == _T or two == _D or two == _N or two == _Z):  # noqa: PLR1714
        return 2
    is_ash = two == _S and three == _H and texts[start + 3] == _S and texts[start + 4] == _H
    return 3 if is_ash and size >= 3 + _STEM_LETTERS_MIN else 0


@uncounted
def _copy(sheet: Sheet, start: int, size: int, count: int) -> int:
    """Write letters of the sheet into the row after the last; return how many."""
    for place in range(min(size, WIDTH)):
        sheet.texts[count * WIDTH + place] = sheet.texts[start + place]
    return min(size, WIDTH)


@uncounted
def _is_silent_h(sheet: Sheet, start: int, size: int, count: int) -> bool:
    """Return whether a word ends in an h that nobody hears, and is so short that its end is heard."""
    if size < 2 or sheet.texts[start + size - 1] != _H:
        return False
    before = sheet.texts[start + size - 2]
    if before != _A and before != _E:  # noqa: PLR1714
        return False
    sheet.sizes[count] = _copy(sheet, start, size, count)
    hear(sheet, count)
    heard = sheet.consonants_sizes[count]
    if heard and sheet.consonants[count * _CLASSES_WIDTH] == VOWEL_MARK:
        heard -= 1
    return bool(heard <= _END_HEARD_MAX)


@uncounted
def offer_latin(sheet: Sheet, count: int, text: int, size: int) -> int:
    """Offer what else a word in Latin letters may be: without its article, with other letters; return how many rows.

    The word itself stands in the sheet from `text` on, behind the rows that are used.
    """
    for row in range(count):
        taken = _stem_after_article(sheet.texts, row * WIDTH, sheet.sizes[row])
        if taken:
            stem = _copy(sheet, row * WIDTH + taken, sheet.sizes[row] - taken, count)
            count = offer(sheet, count, stem, sheet.prices[row] + _ARTICLE_PRICE, ARTICLE)
    signs = signs_in(sheet.texts, text, size)
    for group in range(SOMALI_X, RESPELLINGS):
        length = rewritten(sheet.texts, text, size, signs, group, count * WIDTH, WIDTH)
        count = offer(sheet, count, length, GROUP_PRICES[group], LATIN)
    if _is_silent_h(sheet, text, size, count):
        count = offer(sheet, count, _copy(sheet, text, size - 1, count), _SILENT_H_PRICE, LATIN)
    return count


@uncounted
def offer_heard(sheet: Sheet, count: int, heard: Codes, first: int, last: int) -> int:
    """Offer a word as it is heard, given in codes, where no row has its letters or its sound; return how many rows."""
    size = min(last - first, SYMBOLS_MAX)
    if size <= 0:
        return count
    for place in range(size):
        sheet.texts[count * WIDTH + place] = heard[first + place]
    sheet.sizes[count] = size
    hear(sheet, count)
    for row in range(count):
        if sheet.sizes[row] == size and _is_same(sheet.texts, row * WIDTH, count * WIDTH, size):
            return count
        hear(sheet, row)
        if _sounds_as(sheet, row, count):
            return count
    return offer(sheet, count, size, HEARD_PRICE, HEARD)


@uncounted
def _rank(code: np.uint8) -> np.int64:
    """Return the place of a letter in the order of texts: digits come first."""
    return np.int64(code - _DIGITS if code > _DIGITS else code + _DIGITS)


@uncounted
def _comes_before(sheet: Sheet, one: int, other: int) -> bool:
    if sheet.prices[one] != sheet.prices[other]:
        return bool(sheet.prices[one] < sheet.prices[other])
    for place in range(min(sheet.sizes[one], sheet.sizes[other])):
        first, second = sheet.texts[one * WIDTH + place], sheet.texts[other * WIDTH + place]
        if first != second:
            return bool(_rank(first) < _rank(second))
    return bool(sheet.sizes[one] < sheet.sizes[other])


@uncounted
def put_in_order(sheet: Sheet, count: int) -> None:
    """Write the numbers of the rows into the sheet's order, by price, then by letters."""
    for row in range(count):
        place = row
        while place > 0 and _comes_before(sheet, row, sheet.order[place - 1]):
            sheet.order[place] = sheet.order[place - 1]
            place -= 1
        sheet.order[place] = row


@uncounted
def respell(sheet: Sheet, rows: int, count: int) -> int:
    """Add the likeliest of so many rows in order as other languages spell them, where the index would not hear them as one.

    Yanovsky is written Janowski, Hasan is Khasan, Jerry is Gerry: one sound, other letters. `rows` are used; return
    how many stand in the order then.
    """
    first, asked, is_heard = count, count, False
    for source in range(min(count, RESPELT_SOURCES_MAX)):
        row = sheet.order[source]
        signs = signs_in(sheet.texts, row * WIDTH, sheet.sizes[row])
        for group in range(RESPELLINGS, GROUPS_COUNT):
            size = rewritten(sheet.texts, row * WIDTH, sheet.sizes[row], signs, group, rows * WIDTH, WIDTH)
            if size == 0:
                continue
            if not is_heard:
                for place in range(first):
                    hear(sheet, sheet.order[place])
                is_heard = True
            sheet.sizes[rows] = size
            hear(sheet, rows)
            is_new = True
            for place in range(asked):
                is_new = is_new and not _sounds_as(sheet, sheet.order[place], rows)
            if not is_new:
                continue
            sheet.sizes[rows] = min(size, SYMBOLS_MAX)
            sheet.prices[rows], sheet.rules[rows] = sheet.prices[row] + GROUP_PRICES[group], RESPELT
            sheet.order[asked] = rows
            asked, rows = asked + 1, rows + 1
            if asked - first == RESPELT_MAX:
                return min(asked, ASKED_FORMS_MAX)
    return min(asked, ASKED_FORMS_MAX)


@uncounted
def _take(sheet: Sheet, given: Codes, prices: NDArray[np.float64]) -> None:
    """Write given spellings, a zero after each, into the first rows, in their order."""
    at = 0
    for row in range(prices.size):
        size = 0
        while given[at]:
            if size < WIDTH:
                sheet.texts[row * WIDTH + size] = given[at]
                size += 1
            at += 1
        at += 1
        sheet.sizes[row], sheet.prices[row], sheet.rules[row], sheet.order[row] = (
            size,
            prices[row],
            GIVEN,
            row,
        )


@kernel(nogil=True)
def _rows(sheet: Sheet, first: int, last: int) -> Rows:
    """Return the letters of rows in order, a zero after each, their prices and rules, and which rows they are."""
    letters, at = np.empty((last - first) * (WIDTH + 1), np.uint8), 0
    rows = sheet.order[first:last].copy()
    for row in rows:
        for place in range(sheet.sizes[row]):
            letters[at] = sheet.texts[row * WIDTH + place]
            at += 1
        letters[at] = 0
        at += 1
    return letters[:at].copy(), sheet.prices[rows], sheet.rules[rows], rows


@kernel(
    "Tuple((uint8[::1], float64[::1], int64[::1], int64[::1]))(uint8[::1], float64[::1], uint8[::1], uint8[::1])",
    nogil=True,
)
def latin_rows(given: Codes, prices: NDArray[np.float64], text: Codes, heard: Codes) -> Rows:
    """Return the spellings of a word in Latin letters: those given, what else `text` may be, and how it is heard."""
    sheet, own, size = new_sheet(), (ROWS - 1) * WIDTH, min(text.size, WIDTH)
    _take(sheet, given, prices)
    sheet.texts[own : own + size] = text[:size]
    count = offer_heard(sheet, offer_latin(sheet, prices.size, own, size), heard, 0, heard.size)
    put_in_order(sheet, count)
    return _rows(sheet, 0, min(count, FORMS_MAX))


@kernel(
    "Tuple((uint8[::1], float64[::1], int64[::1], int64[::1]))(uint8[::1], float64[::1])",
    nogil=True,
)
def respelt_rows(given: Codes, prices: NDArray[np.float64]) -> Rows:
    """Return the likeliest of some spellings as other languages write them, where the index would not hear them as one."""
    sheet = new_sheet()
    _take(sheet, given, prices)
    return _rows(sheet, prices.size, max(prices.size, respell(sheet, prices.size, prices.size)))
