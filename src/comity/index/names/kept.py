"""What the commonest words may mean lies in a segment already: a process need not match them when they are first asked.

    words that many public names bear -> matched when the segment is built -> words and pairs with prices, packed
    part -> its key -> unpacked where matches lie -> as if it had been matched

Only words of names that every bureau may see: how soon a word is matched must not tell of names that others hold.
A key is made with the editions of the readings and of the matching: what others laid down is never found.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.files import load_array, save_array
from comity.index.names.buckets import bucket_bounds, bucketed
from comity.index.names.spans import PRICES_COUNT, write_bearers
from comity.names.edition import readings_edition

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Hashes = NDArray[np.uint64]

MATCHING_EDITION: Final = 1
"""Raised whenever a word is matched otherwise than before; `tests/unit/index/test_kept.py` tells when it must be."""

NOT_KEPT, NO_ROOM = -2, -1
_KEYS = "kept_keys.npy"
# A number takes so many bytes at most, seven bits in each.
_NUMBER_BYTES = 5


@lru_cache(maxsize=1)
def _edition() -> bytes:
    return f"{MATCHING_EDITION}-{readings_edition()}".encode()


def kept_key(text: str, script: str, space: int) -> int:
    """Return under what a word of a space is kept."""
    said = f"{space}\0{script}\0{text}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(said, digest_size=8, key=_edition()).digest(), "little")


@dataclass(frozen=True, slots=True)
class Kept:
    """The words whose matches a segment holds: buckets of keys; where the codes of each key begin and end; the codes."""

    starts: Numbers
    keys: Hashes
    bounds: Hashes
    codes: Small

    def save(self, directory: Path) -> None:
        """Write the files of what is kept, durable when this returns."""
        for name in ("starts", "keys", "bounds", "codes"):
            save_array(directory / f"kept_{name}.npy", getattr(self, name))

    @classmethod
    def open(cls, directory: Path) -> "Kept | None":
        """Return what a directory keeps, mapped, None where the segment was built without; raises `DamagedError`."""
        if not (directory / _KEYS).exists():
            return None
        return cls(
            load_array(directory / "kept_starts.npy", np.uint32),
            load_array(directory / _KEYS, np.uint64),
            load_array(directory / "kept_bounds.npy", np.uint64),
            load_array(directory / "kept_codes.npy", np.uint8),
        )


def kept_of(packed: dict[int, Small]) -> Kept:
    """Return the arrays of words packed by `pack_matches`, by their keys."""
    keys = np.fromiter(packed.keys(), np.uint64, len(packed))
    starts, order = bucketed(keys)
    codes = list(packed.values())
    in_order = [codes[place] for place in order.tolist()]
    bounds = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum([one.size for one in in_order], out=bounds[1:])
    return Kept(starts, keys[order], bounds, np.concatenate([np.zeros(0, np.uint8), *in_order]))


@kernel(nogil=True)
def _put_number(number: int, codes: Small, at: int) -> int:
    while number >= 128:
        codes[at] = np.uint8(128 | (number & 127))
        number >>= 7
        at += 1
    codes[at] = np.uint8(number)
    return at + 1


@kernel(nogil=True, inline="always")
def _number(codes: Small, at: int, end: int) -> tuple[int, int]:
    """Return the number that begins at a place, and the place after it; beyond the end where it is cut off."""
    number, shift = np.int64(0), np.int64(0)
    while at < end and shift < 7 * _NUMBER_BYTES:
        code = np.int64(codes[at])
        at += 1
        number |= (code & 127) << shift
        if code < 128:
            return number, at
        shift += 7
    return np.int64(0), end + 1


@kernel(nogil=True)
def packed_bytes_max(words: int, spans: int) -> int:
    """Return how many bytes so many words and rows of pairs may take when they are packed."""
    return _NUMBER_BYTES * (2 + 2 * PRICES_COUNT + words) + spans * (_NUMBER_BYTES + 1)


@kernel()
def pack_matches(
    words: Numbers, prices: Small, span_rows: Numbers, span_prices: Small, span_places: Small, pair_of: Numbers,
    row_starts: Numbers, pair_row_starts: Numbers, pair_rows: Numbers, row_space: NDArray[np.uint16], space: int,
    codes: Small,
) -> int:  # fmt: skip
    """Write the words, by price and then by number, then the pairs, in their order; return how many bytes.

    `words` are sorted by price, and within a price they are here. Of pairs only which and their price are written:
    who bears them the segment says. `pair_of` says which pair begins with each word of each row. -1 where the rows
    are not those of whole pairs: they cannot be written so.
    """
    at = _put_number(words.size, codes, 0)
    place = 0
    while place < words.size:
        last = place
        while last < words.size and prices[last] == prices[place]:
            last += 1
        codes[at] = prices[place]
        at = _put_number(last - place, codes, at + 1)
        before = np.int64(0)
        for word in np.sort(words[place:last]):
            at = _put_number(np.int64(word) - before, codes, at)
            before = np.int64(word)
        place = last
    place, before = 0, np.int64(0)
    while place < span_rows.size:
        pair = np.int64(pair_of[row_starts[span_rows[place]] + span_places[place]])
        price = span_prices[place]
        for bearer in range(pair_row_starts[pair], pair_row_starts[pair + 1]):
            if row_space[pair_rows[bearer]] == space:
                if (
                    place == span_rows.size
                    or span_rows[place] != pair_rows[bearer]
                    or span_prices[place] != price
                ):
                    return -1
                place += 1
        step = pair - before
        at = _put_number(2 * step if step >= 0 else -2 * step - 1, codes, at)
        codes[at] = price
        at += 1
        before = pair
    return at


@kernel(nogil=True)
def unpack_matches(  # noqa: PLR0913  # a kernel: packed arrays
    key: np.uint64, starts: Numbers, keys: Hashes, bounds: Hashes, codes: Small, space: int, words_count: int,
    pair_row_starts: Numbers, pair_rows: Numbers, pair_places: Small, row_space: NDArray[np.uint16],
    words: Numbers, prices: Small, at: int, span_rows: Numbers, span_prices: Small, span_places: Small, span_at: int,
) -> tuple[int, int]:  # fmt: skip
    """Write what is kept under a key from two places on; return the places after the last, or why there are none.

    A damaged file must neither write beyond its room nor lead to words and pairs that are not there.
    """
    begin, end = bucket_bounds(key, starts)
    for entry in range(begin, end):
        if keys[entry] != key:
            continue
        place, last = np.int64(bounds[entry]), np.int64(bounds[entry + 1])
        if place < 0 or last > codes.size:
            break
        count, place = _number(codes, place, last)
        if count > words_count:
            break
        if at + count > words.size:
            return NO_ROOM, NO_ROOM
        place = _unpack_words(codes, place, last, words_count, words, prices, at, at + count)
        if place > last:
            break
        span_at = _unpack_pairs(
            codes, place, last, space, pair_row_starts, pair_rows, pair_places, row_space, span_rows, span_prices,
            span_places, span_at,
        )  # fmt: skip
        if span_at == NOT_KEPT:
            break
        return (NO_ROOM, NO_ROOM) if span_at == NO_ROOM else (at + count, span_at)
    return NOT_KEPT, NOT_KEPT


@kernel(nogil=True)
def _unpack_words(
    codes: Small, place: int, last: int, words_count: int, words: Numbers, prices: Small, at: int, end: int
) -> int:
    """Write so many words with their prices; return the place after their codes, beyond the last if it fails."""
    while at < end:
        if place >= last:
            return last + 1
        price = codes[place]
        same, place = _number(codes, place + 1, last)
        if price >= PRICES_COUNT or same < 1 or at + same > end:
            return last + 1
        word = np.int64(0)
        for _ in range(same):
            step, place = _number(codes, place, last)
            word += step
            if word >= words_count:
                return last + 1
            words[at], prices[at] = word, price
            at += 1
    return place


@kernel(nogil=True)
def _unpack_pairs(
    codes: Small, place: int, last: int, space: int, pair_row_starts: Numbers, pair_rows: Numbers, pair_places: Small,
    row_space: NDArray[np.uint16], span_rows: Numbers, span_prices: Small, span_places: Small, span_at: int,
) -> int:  # fmt: skip
    """Write who bears the pairs; return the place after the last, or why there is none."""
    pair = np.int64(0)
    while place < last:
        step, place = _number(codes, place, last)
        pair += step >> 1 if step & 1 == 0 else -((step + 1) >> 1)
        if place >= last or not 0 <= pair < pair_row_starts.size - 1 or codes[place] >= PRICES_COUNT:
            return NOT_KEPT
        span_at = write_bearers(
            pair, np.int64(codes[place]), space, pair_row_starts, pair_rows, pair_places, row_space, span_rows,
            span_prices, span_places, span_at,
        )  # fmt: skip
        if span_at < 0:
            return NO_ROOM
        place += 1
    return span_at
