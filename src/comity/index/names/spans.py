"""Which two neighbouring words of a row are, written as one, the word asked for?  Abd + ar-Rahman, Wei + Xuan."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.groups import (
    FAR_CENTS,
    PLACE,
    Columns,
    Near,
    begin_columns,
    group_directory,
    group_of,
    new_columns,
    walk_group,
)
from comity.index.names.keys import hash_without
from comity.index.names.rows import WORD_MASK
from comity.index.names.spellings import PRICE_STEPS
from comity.names.likeness import price_limit
from comity.names.sounds import CLASSES, NEIGHBOURS, SYMBOLS_MAX, write_sounds

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Hashes = NDArray[np.uint64]
Arrays = dict[str, NDArray[np.generic]]

PRICES_COUNT = 64
JOINING_PRICE = 0.1
SPAN_SOUNDS_MIN = 4
_MASK = np.uint32(WORD_MASK)
_PAIR_SEED = np.uint64(3)
# No two words written as one are farther from a word: the greatest that `price_limit` says.
PAIR_CENTS_MAX = 230
# The sounds of a pair as numbers that sort as the sounds do: ten in each, of six bits.
_PACKED_EACH = 10
_PACKED_WORDS = SYMBOLS_MAX // _PACKED_EACH


@kernel(nogil=True)
def pair_key(sounds: Small, start: int, count: int) -> np.uint64:
    """Return the key of two words written as one: their classes of sounds in order, vowels all of one class."""
    classes = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    length = 0
    for place in range(start, start + count):
        kind = CLASSES[sounds[place]]
        if kind and not (length and classes[length - 1] == kind):
            classes[length] = kind
            length += 1
    return hash_without(classes, length, -1, -1, _PAIR_SEED)


@kernel(nogil=True)
def _join_sounds(one: int, other: int, sound_starts: Numbers, form_sounds: Small, out: Small) -> int:
    """Write the sounds of two forms as those of one word; return how many."""
    count = 0
    for turn in range(2):
        form = other if turn else one
        for sound in range(sound_starts[form], sound_starts[form + 1]):
            if count < SYMBOLS_MAX and not (count and out[count - 1] == form_sounds[sound]):
                out[count] = form_sounds[sound]
                count += 1
    return count


def pairs_of(rows: Arrays, spelt: Arrays) -> Arrays:
    """Return every two neighbouring words of all rows, joined: the joined sounds, each once, and who bears them.

    They lie by key and then by sounds, as the spellings of words do, so that a search walks along them.
    """
    keys, packed, owners, places = _all_pairs(
        rows["row_starts"],
        rows["row_words"],
        spelt["word_form"],
        spelt["form_sound_starts"],
        spelt["form_sounds"],
    )
    order = np.lexsort((*(packed[:, word] for word in reversed(range(_PACKED_WORDS))), keys))
    keys, packed = keys[order], packed[order]
    fresh = np.ones(keys.size, dtype=np.bool_)
    fresh[1:] = (keys[1:] != keys[:-1]) | (packed[1:] != packed[:-1]).any(axis=1)
    begins = np.flatnonzero(fresh)
    directory = group_directory(keys[begins])
    starts, sounds = _unpacked(packed[begins])
    return {
        "pair_buckets": directory["group_buckets"],
        "pair_keys": directory["group_keys"],
        "pair_starts": directory["group_starts"],
        "pair_sound_starts": starts,
        "pair_sounds": sounds,
        "pair_row_starts": np.append(begins, keys.size).astype(np.uint32),
        "pair_rows": owners[order],
        "pair_places": places[order],
    }


@kernel()
def _all_pairs(
    row_starts: Numbers, flat: Numbers, word_form: Numbers, sound_starts: Numbers, form_sounds: Small
) -> tuple[Hashes, Hashes, Numbers, Small]:
    """Return the keys of every two neighbouring words of all rows, their joined sounds in order as numbers,
    ten sounds in each, the rows, and the places in them."""
    keys = np.empty(flat.size, dtype=np.uint64)
    packed = np.zeros((flat.size, _PACKED_WORDS), dtype=np.uint64)
    rows = np.empty(flat.size, dtype=np.uint32)
    places = np.empty(flat.size, dtype=np.uint8)
    sounds = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    none = sound_starts.size - 1
    filled = 0
    for row in range(row_starts.size - 1):
        for place in range(row_starts[row], np.int64(row_starts[row + 1]) - 1):
            one, other = word_form[flat[place] & _MASK], word_form[flat[place + 1] & _MASK]
            if one == none or other == none:
                continue
            count = _join_sounds(one, other, sound_starts, form_sounds, sounds)
            keys[filled] = pair_key(sounds, 0, count)
            for sound in range(count):
                shift = np.uint64(6 * (_PACKED_EACH - 1 - sound % _PACKED_EACH))
                packed[filled, sound // _PACKED_EACH] |= np.uint64(sounds[sound]) << shift
            rows[filled] = row
            places[filled] = place - row_starts[row]
            filled += 1
    return keys[:filled], packed[:filled], rows[:filled], places[:filled]


@kernel()
def _unpacked(packed: Hashes) -> tuple[Numbers, Small]:
    """Return where the sounds of each pair begin, and the sounds."""
    starts = np.zeros(packed.shape[0] + 1, dtype=np.uint32)
    sounds = np.empty(packed.shape[0] * SYMBOLS_MAX, dtype=np.uint8)
    at = 0
    for pair in range(packed.shape[0]):
        for sound in range(SYMBOLS_MAX):
            shift = np.uint64(6 * (_PACKED_EACH - 1 - sound % _PACKED_EACH))
            code = np.uint8((packed[pair, sound // _PACKED_EACH] >> shift) & np.uint64(63))
            if code == 0:
                break
            sounds[at] = code
            at += 1
        starts[pair + 1] = at
    return starts, sounds[:at].copy()


@kernel(nogil=True)
def match_spans(  # noqa: PLR0913  # a kernel: packed arrays
    letters: Small, bounds: NDArray[np.int64], prices: NDArray[np.float32], space: int,
    pair_buckets: Numbers, pair_keys: Hashes, pair_starts: Numbers, pair_sound_starts: Numbers, pair_sounds: Small,
    pair_row_starts: Numbers, pair_rows: Numbers, pair_places: Small, row_space: NDArray[np.uint16],
    out_rows: Numbers, out_prices: Small, out_places: Small, at: int,
) -> int:  # fmt: skip
    """Write rows, prices in 1/16 and places of the first of the two words; return the place after the last.

    -1 where there is no room. A pair that several forms meet is written for each; they come in no order.
    """
    columns, profile, near = new_columns()
    sounds, written = np.empty(SYMBOLS_MAX, dtype=np.uint8), np.empty(2 * SYMBOLS_MAX, dtype=np.uint8)
    tried = np.empty(SYMBOLS_MAX + 1, dtype=np.uint64)
    for form in range(prices.size):
        start, stop = bounds[form], bounds[form + 1]
        tried_count = 0
        # As one word first, then parted: letters across the gap, Jean Grellier's n and g, are no group there.
        for gap in range(stop - start):
            if gap and not NEIGHBOURS[letters[start + gap - 1], letters[start + gap]]:
                continue
            count = _parted_sounds(letters, start, start + gap, stop, written, sounds)
            key = pair_key(sounds, 0, count)
            if count < SPAN_SOUNDS_MIN or _is_among(key, tried, tried_count):
                continue
            tried[tried_count] = key
            tried_count += 1
            group = group_of(key, pair_buckets, pair_keys)
            if group < 0:
                continue
            begin_columns(sounds, 0, count, columns, profile)
            at = _note_pairs(
                count, prices[form], group, space, columns, profile, near, pair_starts, pair_sound_starts,
                pair_sounds, pair_row_starts, pair_rows, pair_places, row_space, out_rows, out_prices, out_places, at,
            )  # fmt: skip
            if at < 0:
                return -1
    return at


@kernel(nogil=True)
def _parted_sounds(letters: Small, start: int, gap: int, stop: int, written: Small, out: Small) -> int:
    """Write the sounds of a spelling with a gap before a place in it; return how many. `written` is scratch."""
    middle = write_sounds(letters, start, gap, written, 0)
    end = write_sounds(letters, gap, stop, written, middle)
    count = 0
    for place in range(end):
        if count < SYMBOLS_MAX and not (count and out[count - 1] == written[place]):
            out[count] = written[place]
            count += 1
    return count


@kernel(nogil=True)
def _is_among(key: np.uint64, tried: Hashes, count: int) -> bool:
    for place in range(count):
        if tried[place] == key:
            return True
    return False


@kernel(nogil=True)
def _note_pairs(  # noqa: PLR0913  # a kernel: packed arrays
    count: int, form_price: float, group: int, space: int, columns: Columns, profile: Columns, near: Near,
    pair_starts: Numbers, pair_sound_starts: Numbers, pair_sounds: Small, pair_row_starts: Numbers,
    pair_rows: Numbers, pair_places: Small, row_space: NDArray[np.uint16], out_rows: Numbers, out_prices: Small,
    out_places: Small, at: int,
) -> int:  # fmt: skip
    """Write who bears the pairs of a group that sound near; return the place after the last, -1 without room."""
    begin, last = np.int64(pair_starts[group]), np.int64(pair_starts[group + 1])
    while begin < last:
        found, begin = walk_group(
            begin, last, count, PAIR_CENTS_MAX, pair_sound_starts, pair_sounds, columns, profile, near
        )
        for place in range(found):
            pair, far = near[place, PLACE], near[place, FAR_CENTS] / 100
            price = np.int64((far + form_price + JOINING_PRICE) * PRICE_STEPS + 0.5)
            length = np.int64(pair_sound_starts[pair + 1]) - np.int64(pair_sound_starts[pair])
            if far > price_limit(length) + 1e-4 or price >= PRICES_COUNT:
                continue
            at = write_bearers(
                pair, price, space, pair_row_starts, pair_rows, pair_places, row_space, out_rows, out_prices, out_places,
                at,
            )  # fmt: skip
            if at < 0:
                return -1
    return at


@kernel(nogil=True)
def write_bearers(
    pair: int, price: int, space: int, pair_row_starts: Numbers, pair_rows: Numbers, pair_places: Small,
    row_space: NDArray[np.uint16], out_rows: Numbers, out_prices: Small, out_places: Small, at: int,
) -> int:  # fmt: skip
    """Write the rows of one space that bear a pair; return the place after the last, -1 where there is no room."""
    for bearer in range(np.int64(pair_row_starts[pair]), np.int64(pair_row_starts[pair + 1])):
        if row_space[pair_rows[bearer]] != space:
            continue
        if at == out_rows.size:
            return -1
        out_rows[at], out_prices[at], out_places[at] = pair_rows[bearer], price, pair_places[bearer]
        at += 1
    return at
