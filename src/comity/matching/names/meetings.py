"""Which words of a query may be which of the records' names? Each two of them once, whatever names they stand in.

words asked for, words held -> prices between their forms -> doubts -> rules; and who may be cut short or contrary
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.matching.names import rules
from comity.matching.names.doubts import price_of_doubt
from comity.matching.names.traits import (
    FORMS,
    FORMS_END,
    IDENTITY,
    MARKS,
    PATRONYMIC_ROLE,
    ROLE,
    SCRIPT,
    SUFFIX,
    SUFFIX_ROLE,
    TEXT,
    WORD,
)
from comity.names.forms import ASKED_FORMS_MAX
from comity.names.likeness import FAR, letter_places, price_limit, sound_distance_between, typing_errors
from comity.names.sounds import ALPHABET, GAP_PRICES, PRICES, SYMBOLS_MAX

CUT_OFF_LETTERS_MIN = 3
NOT_SHORT, ONE_LETTER, CUT_SHORT = 0, 1, 2
NO_RIVAL, RIVAL, OTHER_SUFFIX = 0, 1, 2

# For each sound those that are written for it at less than it costs alone, one bit each.
_NEAR = np.array(
    [
        sum(1 << other for other, price in enumerate(row) if price < gap)
        for row, gap in zip(PRICES, GAP_PRICES, strict=True)
    ],
    dtype=np.uint64,
)
_ROUNDING = 1e-4

Small = NDArray[np.uint8]
Starts = NDArray[np.int32]
Traits = NDArray[np.int32]


@kernel(nogil=True)
def meet(  # noqa: PLR0913  # a kernel: packed arrays
    asked: NDArray[np.int32], held: NDArray[np.int32], traits: Traits, signs: NDArray[np.int32], letters: Small,
    letter_starts: Starts, sounds: Small, sound_starts: Starts, form_prices: NDArray[np.float32], nicknames: Small,
) -> tuple[NDArray[np.float64], Small, Small, Small, Small, Small]:  # fmt: skip
    """Return for each two words price, rule, whether one is short for the other, whether they are rivals.

    The price is `FAR` where they do not meet. Then which words asked for and which held must be known by rarity.
    """
    shape = (asked.size, held.size)
    price = np.full(shape, FAR, dtype=np.float64)
    rule = np.zeros(shape, dtype=np.uint8)
    short = np.zeros(shape, dtype=np.uint8)
    rival = np.zeros(shape, dtype=np.uint8)
    weighed = np.zeros(asked.size, dtype=np.uint8)
    weighed_held = np.zeros(held.size, dtype=np.uint8)
    places = np.empty((ASKED_FORMS_MAX, len(ALPHABET) + 1), dtype=np.uint64)
    masks = np.empty((ASKED_FORMS_MAX, 2), dtype=np.uint64)
    held_masks, masks_starts = _masks_of(held, traits, letters, letter_starts, sounds, sound_starts)
    row = np.empty(SYMBOLS_MAX + 1, dtype=np.float32)
    for part in range(asked.size):
        one = traits[asked[part]]
        for form in range(one[FORMS], one[FORMS_END]):
            start = letter_starts[form]
            letter_places(letters[start:], letter_starts[form + 1] - start, places[form - one[FORMS]])
            _write_masks(form, letters, letter_starts, sounds, sound_starts, masks[form - one[FORMS]])
        for facing in range(held.size):
            other = traits[held[facing]]
            if not (one[MARKS] & WORD or other[MARKS] & WORD):
                # Two words joined on both sides say no more than the words themselves.
                continue
            exact, met, typed = _least_price(
                one, other, places, masks, held_masks[masks_starts[facing] :], letters, letter_starts, sounds,
                sound_starts, form_prices, row,
            )  # fmt: skip
            if exact < FAR:
                far = np.float64(np.float32(exact))
                found = _rule(one, other, nicknames[met], typed, far)
                if found not in (rules.JOINED, rules.NICKNAME):
                    far += price_of_doubt(one, other, signs, far)
                if far < FAR:
                    price[part, facing] = far
                    rule[part, facing] = _counted(one, other, letter_starts, found)
            if one[MARKS] & other[MARKS] & WORD:
                short[part, facing] = _short(one, other, letters, letter_starts)
                rival[part, facing] = _rival(one, other)
            if price[part, facing] < FAR or short[part, facing] == CUT_SHORT:
                weighed[part] = weighed_held[facing] = 1
    return price, rule, short, rival, weighed, weighed_held


@kernel(nogil=True)
def _masks_of(
    held: NDArray[np.int32], traits: Traits, letters: Small, letter_starts: Starts, sounds: Small,
    sound_starts: Starts,
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:  # fmt: skip
    """Return which letters and sounds the forms of all words have, and where each word's forms begin."""
    starts = np.zeros(held.size + 1, dtype=np.int64)
    for place in range(held.size):
        starts[place + 1] = starts[place] + traits[held[place], FORMS_END] - traits[held[place], FORMS]
    masks = np.empty((starts[held.size] + 1, 2), dtype=np.uint64)
    for place in range(held.size):
        first = traits[held[place], FORMS]
        for form in range(first, traits[held[place], FORMS_END]):
            out = masks[starts[place] + form - first]
            _write_masks(form, letters, letter_starts, sounds, sound_starts, out)
    return masks, starts


@kernel(nogil=True)
def _write_masks(
    form: int, letters: Small, letter_starts: Starts, sounds: Small, sound_starts: Starts,
    out: NDArray[np.uint64],
) -> None:  # fmt: skip
    out[0] = out[1] = np.uint64(0)
    for place in range(letter_starts[form], letter_starts[form + 1]):
        out[0] |= np.uint64(1) << np.uint64(letters[place])
    for place in range(sound_starts[form], sound_starts[form + 1]):
        out[1] |= np.uint64(1) << np.uint64(sounds[place])


@kernel(nogil=True)
def _least_price(  # noqa: PLR0913  # a kernel: packed arrays
    one: Traits, other: Traits, places: NDArray[np.uint64], masks: NDArray[np.uint64],
    held_masks: NDArray[np.uint64], letters: Small, letter_starts: Starts, sounds: Small, sound_starts: Starts,
    form_prices: NDArray[np.float32], row: NDArray[np.float32],
) -> tuple[float, int, bool]:  # fmt: skip
    """Return the least price over all pairs of forms, the form asked for that met, whether letters decided it."""
    best, met, by_letters = FAR, 0, False
    for form in range(one[FORMS], one[FORMS_END]):
        count = int(letter_starts[form + 1] - letter_starts[form])
        mask = masks[form - one[FORMS]]
        for facing in range(other[FORMS], other[FORMS_END]):
            start = form_prices[form] + form_prices[facing]
            begin, end = int(letter_starts[facing]), int(letter_starts[facing + 1])
            limit = min(best, price_limit(max(count, end - begin))) - start
            if limit < 0.0:
                continue
            held_mask = held_masks[facing - other[FORMS]]
            typed = FAR
            if abs(count - (end - begin)) <= limit and _strange(mask[0], held_mask[0]) <= limit:
                typed = float(typing_errors(places[form - one[FORMS]], count, letters, begin, end))
                typed = typed if typed <= limit else FAR
            heard = FAR
            if typed > 0.0:
                heard = _heard(form, facing, mask[1], held_mask[1], sounds, sound_starts, limit, row)
            found = min(typed, heard)
            if found < FAR and start + found < best:
                best, met, by_letters = start + found, form, typed <= heard
    return best, met, by_letters


@kernel(nogil=True)
def _strange(one: np.uint64, other: np.uint64) -> int:
    """Return how many letters one of two spellings has that the other lacks: so many typing errors at least."""
    most = 0
    for mask in (one & ~other, other & ~one):
        count, left = 0, mask
        while left:
            left &= left - np.uint64(1)
            count += 1
        most = max(most, count)
    return most


@kernel(nogil=True)
def _heard(
    form: int, facing: int, mask: np.uint64, held_mask: np.uint64, sounds: Small, sound_starts: Starts,
    limit: float, row: NDArray[np.float32],
) -> float:  # fmt: skip
    """Return the price between the sounds of two forms, `FAR` over the limit."""
    start, stop = int(sound_starts[form]), int(sound_starts[form + 1])
    begin, end = int(sound_starts[facing]), int(sound_starts[facing + 1])
    # Each sound that is written for none of the other's costs at least what it costs alone.
    most = limit + _ROUNDING
    if _price_alone(sounds, start, stop, held_mask) > most or _price_alone(sounds, begin, end, mask) > most:
        return FAR
    return sound_distance_between(sounds, start, stop - start, sounds, begin, end - begin, limit, row)


@kernel(nogil=True)
def _price_alone(sounds: Small, start: int, stop: int, other: np.uint64) -> float:
    price = 0.0
    for place in range(start, stop):
        if not _NEAR[sounds[place]] & other:
            price += GAP_PRICES[sounds[place]]
    return price


@kernel(nogil=True)
def _rule(one: Traits, other: Traits, by_nickname: int, typed: bool, price: float) -> int:  # noqa: FBT001
    if not one[MARKS] & other[MARKS] & WORD:
        return rules.JOINED
    if one[TEXT] == other[TEXT]:
        return rules.SAME
    if by_nickname:
        return rules.NICKNAME
    if one[SCRIPT] != other[SCRIPT]:
        return rules.TRANSLITERATION
    return rules.TYPING_ERROR if typed and price >= 1.0 else rules.SPELLING


@kernel(nogil=True)
def _counted(one: Traits, other: Traits, letter_starts: Starts, rule: int) -> int:
    """Return the rule by which a meeting counts: one letter is an initial, a particle counts as such.

    One letter that both names write is a word like any other: who bears it on both sides is as rare as it is.
    """
    if letter_starts[one[FORMS] + 1] - letter_starts[one[FORMS]] == 1 and rule != rules.SAME:
        return rules.INITIAL
    return rules.PARTICLE if _is_light(one) or _is_light(other) else rule


@kernel(nogil=True)
def _is_light(traits: Traits) -> bool:
    return traits[MARKS] & WORD and not traits[MARKS] & IDENTITY


@kernel(nogil=True)
def _short(one: Traits, other: Traits, letters: Small, letter_starts: Starts) -> int:
    """Return whether one word's usual spelling begins the other's: as an initial, or cut off."""
    if not one[MARKS] & other[MARKS] & IDENTITY:
        return NOT_SHORT
    if one[FORMS] == one[FORMS_END] or other[FORMS] == other[FORMS_END]:
        return NOT_SHORT
    start, facing = letter_starts[one[FORMS]], letter_starts[other[FORMS]]
    count = min(letter_starts[one[FORMS] + 1] - start, letter_starts[other[FORMS] + 1] - facing)
    for place in range(count):
        if letters[start + place] != letters[facing + place]:
            return NOT_SHORT
    if count == 1:
        return ONE_LETTER
    return CUT_SHORT if count >= CUT_OFF_LETTERS_MIN else NOT_SHORT


@kernel(nogil=True)
def _rival(one: Traits, other: Traits) -> int:
    """Return whether two words stand in each other's place: both core, and of no roles that differ."""
    if SUFFIX_ROLE in (one[ROLE], other[ROLE]):
        differ = one[ROLE] == other[ROLE] and one[SUFFIX] != other[SUFFIX]
        return OTHER_SUFFIX if differ else NO_RIVAL
    if not one[MARKS] & other[MARKS] & IDENTITY:
        return NO_RIVAL
    return RIVAL if PATRONYMIC_ROLE not in (one[ROLE], other[ROLE]) or one[ROLE] == other[ROLE] else NO_RIVAL
