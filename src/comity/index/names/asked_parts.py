"""Parts of a question in compiled code: all new words of a name in one call, all its new pairs in another.

    words -> their forms (plain Latin words are read here, of others they are given) -> respelt -> letters, sounds, depths
    leading forms of each word -> two neighbours as one -> the same

Parts lie end to end in a few arrays. A line of numbers says of each where it ends: see `LINE`.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.keys import DEEP, HEARD, SHALLOW, hash_without
from comity.index.names.spellings import NATIVE_BASIS, NATIVE_PRIME, SOUND_SEED
from comity.names.readings.sound_automaton import uncounted
from comity.names.readings.sound_search import LETTERS_MAX, search
from comity.names.sheets import (
    ASKED_FORMS_MAX,
    FORMS_MAX,
    GIVEN,
    HEARD_LETTERS_MIN,
    RESPELT,
    ROWS,
    WIDTH,
    Sheet,
    new_sheet,
    offer,
    offer_heard,
    offer_latin,
    put_in_order,
    respell,
)
from comity.names.sounds import LETTERS, SYMBOLS_MAX, write_sounds
from comity.names.variant_marks import may_vary

Codes = NDArray[np.uint8]
Lines = NDArray[np.int64]
Prices = NDArray[np.float64]

JOINED_FORMS_MAX: Final = 3
JOINED_FORMS_KEPT: Final = 5
JOINING_PRICE: Final = 0.1
NEAR_FORM_PRICE: Final = 0.25
VARIANT_SOURCES_MAX: Final = 3
READ: Final = -1
"""Instead of how many forms a word is given with: it is in plain Latin letters, and read here."""
READ_LETTERS_MAX: Final = SYMBOLS_MAX // 2
"""A longer word's forms may have more letters than a part keeps, and are wanted whole."""

LINE: Final = 8
FORMS, LETTERS_END, SOUNDS_END, NATIVE, VARIES, LEAD_END, OWN, FIRST = range(LINE)
"""Of a part: its forms, where its letters, sounds and lead end, the number of its characters, whether it may have
variants, how many forms are its own and not respelt, how many letters the first has."""

_CODE_OF_A: Final = ord(LETTERS[0]) - 1

Packed = tuple[Codes, Codes, Lines, NDArray[np.float32], NDArray[np.uint64], Prices]
"""Letters; sounds, then depths, rules and leads; bounds of letters and sounds, then lines; prices; numbers of how each
usually sounds; exact prices of the words' own forms."""


class _Out(NamedTuple):
    """Where parts are written, and in `filled` how far each array is."""

    letters: Codes
    sounds: Codes
    depths: Codes
    rules: Codes
    leads: Codes
    bounds: Lines
    prices: NDArray[np.float32]
    usual: NDArray[np.uint64]
    exact: Prices
    lines: Lines
    filled: Lines


_LETTERS, _SOUNDS, _FORMS, _LEADS, _BOUNDS, _EXACT, _PARTS, _FILLS = range(8)


@kernel(nogil=True)
def _room(parts: int, forms_max: int) -> _Out:
    forms = parts * forms_max
    return _Out(
        np.empty(forms * SYMBOLS_MAX, np.uint8), np.empty(forms * SYMBOLS_MAX, np.uint8), np.empty(forms, np.uint8),
        np.empty(forms, np.uint8), np.empty(parts * (1 + JOINED_FORMS_MAX * (SYMBOLS_MAX + 1)), np.uint8),
        np.empty(2 * (forms + parts), np.int64), np.empty(forms, np.float32), np.zeros(parts, np.uint64),
        np.empty(forms, np.float64), np.zeros(parts * LINE, np.int64), np.zeros(_FILLS, np.int64),
    )  # fmt: skip


@kernel(nogil=True)
def _packed(out: _Out) -> Packed:
    filled = out.filled
    forms, sounds = filled[_FORMS], filled[_SOUNDS]
    small = np.empty(sounds + 2 * forms + filled[_LEADS], np.uint8)
    small[:sounds] = out.sounds[:sounds]
    small[sounds : sounds + forms] = out.depths[:forms]
    small[sounds + forms : sounds + 2 * forms] = out.rules[:forms]
    small[sounds + 2 * forms :] = out.leads[: filled[_LEADS]]
    numbers = np.empty(filled[_BOUNDS] + out.lines.size, np.int64)
    numbers[: filled[_BOUNDS]] = out.bounds[: filled[_BOUNDS]]
    numbers[filled[_BOUNDS] :] = out.lines
    return (
        out.letters[: filled[_LETTERS]].copy(), small, numbers, out.prices[:forms].copy(), out.usual,
        out.exact[: filled[_EXACT]].copy(),
    )  # fmt: skip


@uncounted
def _write_part(sheet: Sheet, own: int, count: int, deep: bool, out: _Out) -> None:  # noqa: FBT001
    """Write the forms that stand in the sheet's order, so many their own, as the next part."""
    filled = out.filled
    part = filled[_PARTS]
    first, bounds, sound_bounds = filled[_SOUNDS], filled[_BOUNDS], filled[_BOUNDS] + count + 1
    begin = filled[_LETTERS]
    out.bounds[bounds] = out.bounds[sound_bounds] = 0
    for place in range(count):
        row = sheet.order[place]
        at, size = filled[_LETTERS], min(sheet.sizes[row], SYMBOLS_MAX)
        for number in range(size):
            out.letters[at + number] = sheet.texts[row * WIDTH + number]
        filled[_LETTERS] = at + size
        filled[_SOUNDS] = write_sounds(out.letters, at, at + size, out.sounds, filled[_SOUNDS])
        out.bounds[bounds + place + 1] = filled[_LETTERS] - begin
        out.bounds[sound_bounds + place + 1] = filled[_SOUNDS] - first
        form, price = filled[_FORMS] + place, sheet.prices[row]
        out.prices[form], out.rules[form] = price, sheet.rules[row]
        out.depths[form] = SHALLOW if price <= NEAR_FORM_PRICE else HEARD
        if sheet.rules[row] == RESPELT:
            out.depths[form] = HEARD
        elif deep and price == 0:
            out.depths[form] = DEEP
        if place < own:
            out.exact[filled[_EXACT]] = price
            filled[_EXACT] += 1
    if count:
        out.usual[part] = hash_without(
            out.sounds[first : filled[_SOUNDS]], out.bounds[sound_bounds + 1], -1, -1, SOUND_SEED
        )
        out.lines[part * LINE + FIRST] = out.bounds[bounds + 1]
    filled[_FORMS] += count
    filled[_BOUNDS] += 2 * (count + 1)
    filled[_PARTS] += 1
    line = part * LINE
    out.lines[line + FORMS], out.lines[line + OWN] = count, own
    out.lines[line + LETTERS_END], out.lines[line + SOUNDS_END] = filled[_LETTERS], filled[_SOUNDS]


@uncounted
def _write_lead(sheet: Sheet, own: int, out: _Out) -> None:
    """Write the first forms of the last part: how many, how long each is, their letters."""
    at, leads = out.filled[_LEADS], min(own, JOINED_FORMS_MAX)
    out.leads[at] = leads
    after = at + 1 + leads
    for place in range(leads):
        row = sheet.order[place]
        size = min(sheet.sizes[row], SYMBOLS_MAX)
        out.leads[at + 1 + place] = size
        for number in range(size):
            out.leads[after + number] = sheet.texts[row * WIDTH + number]
        after += size
    out.filled[_LEADS] = after
    out.lines[(out.filled[_PARTS] - 1) * LINE + LEAD_END] = after


@uncounted
def _native(raw: Codes, start: int, stop: int, value: np.uint32) -> np.uint32:
    """Return the number of the characters of a word as written, going on from a value."""
    for place in range(start, stop):
        value = np.uint32((value ^ np.uint32(raw[place])) * np.uint32(NATIVE_PRIME))
    return value


@uncounted
def _end_of(raw: Codes, start: int) -> int:
    while start < raw.size and raw[start]:
        start += 1
    return start


@kernel(nogil=True)
def _asked_of_table(raw: Codes, infos: Lines) -> tuple[Lines, NDArray[np.uint32]]:
    """Return of each word how many letters the learnt table is asked for, and the letters, end to end."""
    lengths, points = np.zeros(infos.size // 2, np.int64), np.empty(raw.size, np.uint32)
    start = filled = 0
    for word in range(lengths.size):
        stop = _end_of(raw, start)
        if infos[2 * word] == READ and stop - start >= HEARD_LETTERS_MIN:
            lengths[word] = min(stop - start, LETTERS_MAX)
            for place in range(lengths[word]):
                points[filled + place] = raw[start + place]
            filled += lengths[word]
        start = stop + 1
    return lengths, points[:filled]


@kernel(
    "Tuple((uint8[::1], uint8[::1], int64[::1], float32[::1], uint64[::1], float64[::1]))(uint8[::1], int64[::1], uint8[::1],"
    "float64[::1], uint64[::1], int64[::1], int32[::1], int32[::1], float64[::1], int32[::1], uint8[::1], int64[::1],"
    "float64[::1], int32[::1], float64[::1], int32[::1])",
    nogil=True,
)
def parts_of_words(  # noqa: PLR0913  # a kernel takes its arrays one by one
    raw: Codes,
    infos: Lines,
    given: Codes,
    given_prices: Prices,
    marks: NDArray[np.uint64],
    keys: NDArray[np.int64],
    group_starts: NDArray[np.int32],
    group_numbers: NDArray[np.int32],
    group_costs: Prices,
    latin_starts: NDArray[np.int32],
    latin: Codes,
    arc_slots: NDArray[np.int64],
    arc_costs: Prices,
    arc_targets: NDArray[np.int32],
    retreat_costs: Prices,
    retreat_targets: NDArray[np.int32],
) -> Packed:
    """Return the parts of some words, which `raw` holds in UTF-8, a zero between two.

    `infos` says of each how many forms of it are given, or `READ`, and whether those without a price are looked for
    most widely. `given` are those forms in codes, a zero after each, with their prices, in their order.
    """
    sheet, out = new_sheet(), _room(infos.size // 2, ASKED_FORMS_MAX)
    lengths, points = _asked_of_table(raw, infos)
    counts, stops, texts, _ = search(
        lengths, points, 1, keys, group_starts, group_numbers, group_costs, latin_starts, latin, arc_slots, arc_costs,
        arc_targets, retreat_costs, retreat_targets,
    )  # fmt: skip
    for place in range(texts.size):
        texts[place] -= _CODE_OF_A
    start = at = form = found = 0
    for word in range(infos.size // 2):
        stop, count = _end_of(raw, start), infos[2 * word]
        if count == READ:
            count = _read(sheet, raw, start, stop)
            if counts[word]:
                count = offer_heard(sheet, count, texts, stops[found], stops[found + 1])
                found += 1
            put_in_order(sheet, count)
        else:
            for row in range(count):
                size = _end_of(given, at) - at
                sheet.texts[row * WIDTH : row * WIDTH + size] = given[at : at + size]
                sheet.sizes[row], sheet.prices[row], sheet.rules[row] = size, given_prices[form], GIVEN
                sheet.order[row] = row
                at, form = at + size + 1, form + 1
        own = min(count, FORMS_MAX) if infos[2 * word] == READ else count
        _write_part(sheet, own, respell(sheet, count, own), infos[2 * word + 1] != 0, out)
        _write_lead(sheet, own, out)
        line = word * LINE
        out.lines[line + NATIVE] = _native(raw, start, stop, np.uint32(NATIVE_BASIS))
        for place in range(min(own, VARIANT_SOURCES_MAX)):
            row = sheet.order[place]
            out.lines[line + VARIES] |= may_vary(sheet.texts, row * WIDTH, sheet.sizes[row], marks)
        start = stop + 1
    return _packed(out)


@uncounted
def _read(sheet: Sheet, raw: Codes, start: int, stop: int) -> int:
    """Write a word in plain Latin letters into the sheet, and what else it may be but for how it is heard."""
    size, text = stop - start, (ROWS - 1) * WIDTH
    for place in range(size):
        sheet.texts[place] = sheet.texts[text + place] = raw[start + place] - _CODE_OF_A
    return offer_latin(sheet, offer(sheet, 0, size, 0.0, GIVEN), text, size)


@kernel(
    "Tuple((uint8[::1], uint8[::1], int64[::1], float32[::1], uint64[::1], float64[::1]))(uint8[::1], uint8[::1], uint8[::1],"
    "float64[::1], int64[::1])",
    nogil=True,
)
def parts_of_pairs(raw: Codes, scripts: Codes, leads: Codes, prices: Prices, pairs: Lines) -> Packed:
    """Return what some neighbouring words make when written as one: each that begins at a place of `pairs`.

    `raw` holds all words in UTF-8, a zero between two, `leads` and `prices` the first forms of each.
    """
    sheet, out = new_sheet(), _room(pairs.size, JOINED_FORMS_KEPT)
    words = scripts.size
    raws, firsts, costs = (
        np.zeros(words + 1, np.int64),
        np.zeros(words + 1, np.int64),
        np.zeros(words + 1, np.int64),
    )
    for word in range(words):
        raws[word + 1] = _end_of(raw, raws[word]) + 1
        after = firsts[word] + 1 + np.int64(leads[firsts[word]])
        for form in range(leads[firsts[word]]):
            after += np.int64(leads[firsts[word] + 1 + form])
        firsts[word + 1], costs[word + 1] = after, costs[word] + np.int64(leads[firsts[word]])
    for pair in range(pairs.size):
        one = pairs[pair]
        count = _join(sheet, leads, prices, firsts[one], firsts[one + 1], costs[one], costs[one + 1])
        put_in_order(sheet, count)
        kept = min(count, JOINED_FORMS_KEPT)
        _write_part(sheet, 0, kept, False, out)  # noqa: FBT003
        for place in range(kept):
            out.depths[out.filled[_FORMS] - kept + place] = HEARD if place else SHALLOW
        native = np.uint32(NATIVE_BASIS)
        if scripts[one] == scripts[one + 1]:
            native = _native(raw, raws[one], raws[one + 1] - 1, native)
            native = _native(raw, raws[one + 1], raws[one + 2] - 1, native)
        out.lines[pair * LINE + NATIVE] = native
    return _packed(out)


@uncounted
def _join(  # noqa: PLR0913  # a kernel: two words, and where their forms and prices are
    sheet: Sheet, leads: Codes, prices: Prices, one: int, other: int, one_price: int, other_price: int
) -> int:
    """Write each leading form of a word with each of another into the sheet; return how many differ."""
    count, at = 0, one + 1 + np.int64(leads[one])
    for first in range(leads[one]):
        size = np.int64(leads[one + 1 + first])
        behind = other + 1 + np.int64(leads[other])
        for second in range(leads[other]):
            more = min(np.int64(leads[other + 1 + second]), SYMBOLS_MAX - size)
            row = count * WIDTH
            for place in range(size):
                sheet.texts[row + place] = leads[at + place]
            for place in range(more):
                sheet.texts[row + size + place] = leads[behind + place]
            price = prices[one_price + first] + prices[other_price + second] + JOINING_PRICE
            count = offer(sheet, count, size + more, price, GIVEN)
            behind += np.int64(leads[other + 1 + second])
        at += size
    return count
