"""Which words of the index may be the word asked for? From forms to keys to forms to words, with their prices.

    forms of the query word -> keys -> forms of the index -> likeness -> words of the index, least price each

The answer depends on the word and the segment alone, so it is kept for the next query with the same word.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.buckets import bucket_bounds, key_tag
from comity.index.names.groups import (
    CENTS,
    FAR_CENTS,
    GAP_CENTS_MIN,
    PLACE,
    Columns,
    Near,
    begin_columns,
    group_of,
    new_columns,
    walk_group,
)
from comity.index.names.keys import HEARD as HEARD_DEPTH
from comity.index.names.keys import KEYS_MAX, class_codes, class_key, letter_keys, thinned_keys
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import HAN, PRICE_STEPS
from comity.names.likeness import FAR, letter_places, price_limit, typing_errors
from comity.names.sounds import ALPHABET, SYMBOLS_MAX

OTHER_CHARACTERS_STEPS = 6
# Of words that meet truly in two scripts, 97 in 100 do so at this price or less (development set).
HEARD_LIMIT = 1.35
# Sounds that only one of two words has, however often: more than so many cannot be near.
STRANGE_SOUNDS_MAX = 6
LETTER_CODES = len(ALPHABET) + 1
# Which family of keys has already proposed a form, in the upper bits to which form of the word asked for:
# there is room for 62, and a word asked for has `ASKED_FORMS_MAX` at most.
TURN_SHIFT = 2
TURN_MASK = np.uint8(0xFC)
TYPED, HEARD = np.uint8(1), np.uint8(2)
GROUPED = TURN_MASK
# Sounds that only one of two words has: each two of them cost at least the cheapest exchange.
STRANGE_CENTS_MIN = int(min(CENTS[CENTS > 0].min() // 2, GAP_CENTS_MIN))
# Distances are whole hundredths: what lies on a limit is not over it, however the limit was rounded.
SLACK = 1e-4
# Forms are looked at so many at a time; the columns of a batch.
BATCH = 128
FORM, MARK, LETTERS, LETTERS_END, SOUNDS, SOUNDS_END, MASK, BATCH_COLUMNS = range(8)

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Batch = NDArray[np.int64]


@kernel(nogil=True)
def sounds_mask(sounds: Small, start: int, stop: int) -> np.uint64:
    """Return which sounds occur, one bit each."""
    mask = np.uint64(0)
    for place in range(start, stop):
        mask |= np.uint64(1) << np.uint64(sounds[place])
    return mask


@kernel(nogil=True)
def cents_below(price: float) -> int:
    """Return the whole hundredths that are not over a price."""
    return np.int64(np.floor(price * 100 + 0.01))


@kernel(nogil=True)
def _bits(mask: np.uint64) -> int:
    """Count the bits that are set."""
    mask -= (mask >> np.uint64(1)) & np.uint64(0x5555555555555555)
    mask = (mask & np.uint64(0x3333333333333333)) + ((mask >> np.uint64(2)) & np.uint64(0x3333333333333333))
    mask = (mask + (mask >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((mask * np.uint64(0x0101010101010101)) >> np.uint64(56))


@kernel(nogil=True)
def match_word(  # noqa: PLR0913  # a kernel: packed arrays
    letters: Small, bounds: NDArray[np.int64], sounds: Small, sound_bounds: NDArray[np.int64],
    prices: NDArray[np.float32], depths: Small, space: int, script: int, native: np.uint32,
    key_starts: Numbers, key_tags: NDArray[np.uint16], key_forms: Numbers,
    group_buckets: Numbers, group_keys: NDArray[np.uint64], group_starts: Numbers,
    form_starts: Numbers, form_letters: Small, form_sound_starts: Numbers, form_sounds: Small,
    form_masks: NDArray[np.uint64], form_word_starts: Numbers, form_words: Numbers, form_prices: Small,
    word_space: NDArray[np.uint16], word_script: Small, word_native: Numbers,
    form_stamp: Small, form_list: Numbers, form_least: NDArray[np.float32],
    word_price: Small, word_list: Numbers,
) -> int:  # fmt: skip
    """Note the words of one space that the forms may mean in `word_list`, with their prices; return how many.

    `form_stamp` is a scratch array of zeros, left so; `form_least` is scratch. `word_price` must be all zeros; the
    words found have their price in 1/16 and one more in it then.
    """
    keys = np.empty(KEYS_MAX, dtype=np.uint64)
    places = np.empty(LETTER_CODES, dtype=np.uint64)
    classes = np.empty(SYMBOLS_MAX + 1, dtype=np.uint8)
    columns, profile, near = new_columns()
    batch = np.empty((BATCH, BATCH_COLUMNS), dtype=np.int64)
    found, seen = 0, 0
    for form in range(prices.size):
        start, count = bounds[form], bounds[form + 1] - bounds[form]
        sound_start, sounds_count = sound_bounds[form], sound_bounds[form + 1] - sound_bounds[form]
        mask = sounds_mask(sounds, sound_start, sound_start + sounds_count)
        # Most forms of a word that nobody bears meet none: nothing is laid out for them.
        is_begun = is_placed = False
        typed_keys = letter_keys(letters[start : start + count], count, depths[form], keys, 0)
        keys_count = typed_keys
        length = 0
        if depths[form] >= HEARD_DEPTH:
            length = class_codes(sounds[sound_start : sound_start + sounds_count], sounds_count, classes)
        if length:
            group = group_of(class_key(classes, length), group_buckets, group_keys)
            if group >= 0:
                begin_columns(sounds, sound_start, sounds_count, columns, profile)
                is_begun = True
                found, seen = _hear_group(
                    np.int64(group_starts[group]), np.int64(group_starts[group + 1]),
                    sounds_count, count, mask, prices[form], columns, profile, near, form_starts,
                    form_sound_starts, form_sounds, form_masks, form_stamp, form_list, form_least, form_word_starts,
                    form_words, form_prices, space, script, native, word_space, word_script, word_native, word_price,
                    word_list, found, seen,
                )  # fmt: skip
            keys_count = thinned_keys(classes, length, depths[form], keys, keys_count)
        place, entry, filled = 0, np.int64(-1), 0
        while place < keys_count:
            place, entry, filled = _fill_batch(
                keys, typed_keys, keys_count, place, entry, key_starts, key_tags, key_forms, batch
            )
            if not filled:
                break
            if not is_begun:
                begin_columns(sounds, sound_start, sounds_count, columns, profile)
            if not is_placed:
                letter_places(letters[start : start + count], count, places)
            is_begun = is_placed = True
            _fetch_batch(batch, filled, form_starts, form_sound_starts, form_masks)
            found, seen = _weigh_batch(
                batch, filled, np.uint8((form + 1) << TURN_SHIFT), places, mask, prices[form], count, form_letters,
                sounds_count, form_sound_starts, form_sounds, columns, profile, near, form_stamp, form_list,
                form_least,
                form_word_starts, form_words, form_prices, space, script, native, word_space, word_script,
                word_native, word_price, word_list, found, seen,
            )  # fmt: skip
    for place in range(seen):
        form_stamp[form_list[place]] = 0
    return found


@kernel(nogil=True)
def _fill_batch(
    keys: NDArray[np.uint64], typed_keys: int, keys_count: int, place: int, entry: int, key_starts: Numbers,
    key_tags: NDArray[np.uint16], key_forms: Numbers, batch: Batch,
) -> tuple[int, int, int]:  # fmt: skip
    """Note the forms under keys from an entry on, until the batch is full; return where to go on, and how many."""
    filled = 0
    while place < keys_count:
        key = keys[place]
        tag = key_tag(key)
        begin, end = bucket_bounds(key, key_starts)
        for at in range(max(begin, entry), end):
            if key_tags[at] != tag:
                continue
            if filled == BATCH:
                return place, at, filled
            batch[filled, FORM] = key_forms[at]
            batch[filled, MARK] = TYPED if place < typed_keys else HEARD
            filled += 1
        entry = np.int64(-1)
        place += 1
    return place, entry, filled


@kernel(nogil=True)
def _fetch_batch(
    batch: Batch,
    filled: int,
    form_starts: Numbers,
    form_sound_starts: Numbers,
    form_masks: NDArray[np.uint64],
) -> None:
    """Read what is to be known of each form. They lie anywhere in memory: nothing else here waits for a read."""
    for place in range(filled):
        form = batch[place, FORM]
        batch[place, LETTERS] = form_starts[form]
        batch[place, LETTERS_END] = form_starts[form + 1]
        batch[place, SOUNDS] = form_sound_starts[form]
        batch[place, SOUNDS_END] = form_sound_starts[form + 1]
        batch[place, MASK] = np.int64(form_masks[form])


@kernel(nogil=True)
def _weigh_batch(  # noqa: PLR0913  # a kernel: packed arrays
    batch: Batch, filled: int, turn: np.uint8, places: NDArray[np.uint64], mask: np.uint64, price: float, count: int,
    form_letters: Small, sounds_count: int, form_sound_starts: Numbers, form_sounds: Small, columns: Columns,
    profile: Columns, near: Near, form_stamp: Small, form_list: Numbers, form_least: NDArray[np.float32], form_word_starts: Numbers,
    form_words: Numbers, form_prices: Small, space: int, script: int, native: np.uint32,
    word_space: NDArray[np.uint16], word_script: Small, word_native: Numbers, word_price: Small,
    word_list: Numbers, found: int, seen: int,
) -> tuple[int, int]:  # fmt: skip
    """Note the words of the forms that are near; return how many words and forms have been seen."""
    for place in range(filled):
        other, mark = batch[place, FORM], np.uint8(batch[place, MARK])
        stamp = form_stamp[other]
        if stamp == 0:
            form_list[seen] = other
            seen += 1
            form_least[other] = FAR
        if stamp & TURN_MASK != turn:
            stamp = turn
        if stamp & mark or form_least[other] <= price:
            continue
        form_stamp[other] = stamp | mark
        far = _distance(
            mark, places, mask, batch[place], price, form_least[other], count, form_letters, sounds_count,
            form_sound_starts, form_sounds, columns, profile, near,
        )  # fmt: skip
        if far >= FAR or price + far >= form_least[other]:
            continue
        form_least[other] = price + far
        found = _note_words(
            other, price + far, form_word_starts, form_words, form_prices, space, script, native, word_space,
            word_script, word_native, word_price, word_list, found,
        )  # fmt: skip
    return found, seen


@kernel(nogil=True)
def _hear_group(  # noqa: PLR0913  # a kernel: packed arrays
    first: int, last: int, sounds_count: int, letters_count: int, mask: np.uint64, price: float, columns: Columns,
    profile: Columns, near: Near, form_starts: Numbers, form_sound_starts: Numbers, form_sounds: Small,
    form_masks: NDArray[np.uint64], form_stamp: Small, form_list: Numbers, form_least: NDArray[np.float32],
    form_word_starts: Numbers, form_words: Numbers, form_prices: Small, space: int, script: int, native: np.uint32,
    word_space: NDArray[np.uint16], word_script: Small, word_native: Numbers, word_price: Small, word_list: Numbers,
    found: int, seen: int,
) -> tuple[int, int]:  # fmt: skip
    """Note the words of a group's forms that sound near; return how many words and forms have been seen."""
    cap = cents_below(HEARD_LIMIT - price)
    while first < last and cap >= 0:
        near_count, first = walk_group(
            first, last, sounds_count, cap, form_sound_starts, form_sounds, columns, profile, near
        )
        for place in range(near_count):
            other, far = near[place, PLACE], near[place, FAR_CENTS] / 100
            if _bits(mask ^ form_masks[other]) > STRANGE_SOUNDS_MAX:
                continue
            letters = max(letters_count, np.int64(form_starts[other + 1]) - np.int64(form_starts[other]))
            if far > price_limit(letters) - price + SLACK:
                continue
            if form_stamp[other] == 0:
                form_list[seen] = other
                seen += 1
                form_stamp[other] = GROUPED
            elif price + far >= form_least[other]:
                continue
            form_least[other] = price + far
            found = _note_words(
                other, price + far, form_word_starts, form_words, form_prices, space, script, native, word_space,
                word_script, word_native, word_price, word_list, found,
            )  # fmt: skip
    return found, seen


@kernel(nogil=True)
def _note_words(  # noqa: PLR0913  # a kernel: packed arrays
    form: int, far: float, form_word_starts: Numbers, form_words: Numbers, form_prices: Small,
    space: int, script: int, native: np.uint32,
    word_space: NDArray[np.uint16], word_script: Small, word_native: Numbers,
    word_price: Small, word_list: Numbers, found: int,
) -> int:  # fmt: skip
    """Keep the words of a form that is so far away; return how many words have been found."""
    steps = np.int64(far * PRICE_STEPS + 0.5)
    for link in range(np.int64(form_word_starts[form]), np.int64(form_word_starts[form + 1])):
        word = form_words[link]
        if word_space[word] != space:
            continue
        price = steps + form_prices[link]
        if script == HAN and word_script[word] == HAN and word_native[word] != native:
            price += OTHER_CHARACTERS_STEPS
        if price >= PRICES_COUNT:
            continue
        if word_price[word] == 0:
            word_list[found] = word
            word_price[word] = price + 1
            found += 1
        else:
            word_price[word] = min(word_price[word], price + 1)
    return found


@kernel(nogil=True)
def _distance(
    mark: np.uint8, places: NDArray[np.uint64], mask: np.uint64, other: NDArray[np.int64], price: float, least: float,
    letters_count: int, form_letters: Small, sounds_count: int, form_sound_starts: Numbers, form_sounds: Small,
    columns: Columns, profile: Columns, near: Near,
) -> float:  # fmt: skip
    """Return how far a form asked for is from one held, `FAR` where it is over what its key or price allows.

    `other` is the line of the form held in a batch.
    """
    strange = _bits(mask ^ np.uint64(other[MASK]))
    if mark == HEARD and strange > STRANGE_SOUNDS_MAX:
        return FAR
    limit = price_limit(max(letters_count, other[LETTERS_END] - other[LETTERS])) - price + SLACK
    far = FAR
    if mark == TYPED:
        far = float(typing_errors(places, letters_count, form_letters, other[LETTERS], other[LETTERS_END]))
        if far > limit:
            return FAR
    cap = cents_below(min(far, limit, HEARD_LIMIT - price, least - price))
    others_count = other[SOUNDS_END] - other[SOUNDS]
    if cap < 0 or strange * STRANGE_CENTS_MIN > cap or abs(sounds_count - others_count) * GAP_CENTS_MIN > cap:
        return far
    form = other[FORM]
    is_near, _ = walk_group(
        form, form + 1, sounds_count, cap, form_sound_starts, form_sounds, columns, profile, near
    )
    return min(far, near[0, FAR_CENTS] / 100) if is_near else far


@kernel(nogil=True)
def write_by_price(
    word_list: Numbers, found: int, word_price: Small, words: Numbers, prices: Small, at: int
) -> None:
    """Write the words found and their prices from a place on, cheapest first, and wipe the scratch array."""
    filled = np.zeros(PRICES_COUNT + 2, dtype=np.int64)
    for place in range(found):
        filled[word_price[word_list[place]] + 1] += 1
    for price in range(1, PRICES_COUNT + 2):
        filled[price] += filled[price - 1]
    for place in range(found):
        word = word_list[place]
        price = word_price[word]
        words[at + filled[price]] = word
        prices[at + filled[price]] = price - 1
        filled[price] += 1
        word_price[word] = 0
