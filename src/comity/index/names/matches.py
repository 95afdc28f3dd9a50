"""What the words asked for may mean in a segment, kept for the next time they are asked.

part -> words with prices, pairs of words with prices -> laid down in arrays that fill and start anew -> bounds
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.burial import Burial
from comity.index.names.kept import NOT_KEPT, Kept, kept_key, unpack_matches
from comity.index.names.layout import Layout
from comity.index.names.lookup import match_word, write_by_price
from comity.index.names.query import Part
from comity.index.names.spans import PRICES_COUNT, match_spans

Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]

_WORDS_ROOM, _SPANS_ROOM = 1 << 23, 1 << 22
_ROOM_MIN = 1 << 12
PARTS_KEPT = 16_384
"""For so many parts it is known what they may mean; nearly all of whom nobody holds lead to nothing, and fill no array."""

NO_BEARERS = np.zeros(PRICES_COUNT, dtype=np.int64)
NO_BEARERS.flags.writeable = False


class Matches:
    """The matches of parts with one segment. `words`, `prices` and the span arrays are what bounds point into."""

    def __init__(self, layout: Layout, kept: Kept | None = None) -> None:
        # Small segments keep no words.
        self._layout, self._kept = layout, kept if kept and kept.keys.size else None
        forms, words = layout.form_starts.size - 1, layout.word_space.size
        self._form_stamp = np.zeros(forms, dtype=np.uint8)
        self._form_list = np.zeros(forms, dtype=np.uint32)
        self._form_least = np.zeros(forms, dtype=np.float32)
        self._word_list = np.zeros(words, dtype=np.uint32)
        self.word_scratch = np.zeros(words, dtype=np.uint8)
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
        self._forget()

    def _forget(self) -> None:
        self._words_filled, self._spans_filled = 0, 0
        self._bounds: dict[tuple[tuple[str, str], int], tuple[int, int, int, int]] = {}
        self._counts: dict[tuple[tuple[str, str], int], tuple[int, NDArray[np.int64]]] = {}

    def bounds_of(self, parts: tuple[Part, ...], space: int) -> NDArray[np.int64]:
        """Return where the words and the pairs of each part begin and end, a line a part."""
        found = self._all(parts, space)
        if found is None:
            self._forget()
            found = self._all(parts, space)
        while found is None:
            # One question alone fills the arrays.
            self._make_room(2 * self.words.size, 2 * self.span_rows.size)
            found = self._all(parts, space)
        return np.array(found, dtype=np.int64).reshape(len(parts), 4)

    def _all(self, parts: tuple[Part, ...], space: int) -> list[tuple[int, int, int, int]] | None:
        found: list[tuple[int, int, int, int]] = []
        for part in parts:
            bounds = self._bounds.get((part.key, space)) or self._match(part, space)
            if bounds is None:
                return None
            found.append(bounds)
        return found

    def _match(self, part: Part, space: int) -> tuple[int, int, int, int] | None:
        if len(self._bounds) >= PARTS_KEPT:
            return None
        begin, span_begin = self._words_filled, self._spans_filled
        end, span_end = self._unpacked(self._kept, part, space) if self._kept else (NOT_KEPT, NOT_KEPT)
        if end == NOT_KEPT:
            end, span_end = self._matched(part, space)
        if end < 0 or span_end < 0:
            return None
        self._words_filled, self._spans_filled = end, span_end
        bounds = self._bounds[part.key, space] = (begin, end, span_begin, span_end)
        return bounds

    def _unpacked(self, kept: Kept, part: Part, space: int) -> tuple[int, int]:
        layout = self._layout
        return unpack_matches(
            np.uint64(kept_key(*part.key, space)), kept.starts, kept.keys, kept.bounds, kept.codes, space,
            layout.word_space.size, layout.pair_row_starts, layout.pair_rows, layout.pair_places, layout.row_space,
            self.words, self.prices, self._words_filled, self.span_rows, self.span_prices, self.span_places,
            self._spans_filled,
        )  # fmt: skip

    def _matched(self, part: Part, space: int) -> tuple[int, int]:
        layout = self._layout
        return _match_part(
            part.letters, part.bounds, part.sounds, part.sound_bounds, part.prices, part.depths, space, part.script,
            np.uint32(part.native), layout.key_starts, layout.key_tags, layout.key_forms, layout.group_buckets,
            layout.group_keys, layout.group_starts, layout.form_starts,
            layout.form_letters, layout.form_sound_starts, layout.form_sounds, layout.form_masks,
            layout.form_word_starts, layout.form_words, layout.form_prices, layout.word_space, layout.word_script,
            layout.word_native, self._form_stamp, self._form_list, self._form_least, self.word_scratch,
            self._word_list, layout.pair_buckets, layout.pair_keys, layout.pair_starts, layout.pair_sound_starts,
            layout.pair_sounds, layout.pair_row_starts, layout.pair_rows, layout.pair_places, layout.row_space,
            self.words, self.prices, self._words_filled, self.span_rows, self.span_prices, self.span_places,
            self._spans_filled,
        )  # fmt: skip

    def counts_of(
        self, parts: tuple[Part, ...], space: int, bounds: NDArray[np.int64], burial: Burial
    ) -> NDArray[np.int64]:
        """Return how many public names have a word that each part may mean, a line a part, by price."""
        known, version = self._counts, burial.version
        keys = [(part.key, space) for part in parts]
        new = [place for place, key in enumerate(keys) if key not in known or known[key][0] != version]
        if new:
            counted = _count(
                bounds[new], self.words, self.prices, self.span_rows, self.span_prices, burial.word_public,
                self._layout.row_public, burial.row_dead,
            )  # fmt: skip
            for place, line in zip(new, counted, strict=True):
                # Of each its own, not a part of what was counted together.
                known[keys[place]] = (version, line.copy() if line.any() else NO_BEARERS)
        return np.concatenate([known[key][1] for key in keys]).reshape(len(parts), PRICES_COUNT)


@kernel(nogil=True)
def _match_part(  # noqa: PLR0913  # a kernel: packed arrays
    letters: Small, bounds: NDArray[np.int64], sounds: Small, sound_bounds: NDArray[np.int64],
    prices: NDArray[np.float32], depths: Small, space: int, script: int, native: np.uint32,
    key_starts: Numbers, key_tags: NDArray[np.uint16], key_forms: Numbers,
    group_buckets: Numbers, group_keys: NDArray[np.uint64], group_starts: Numbers,
    form_starts: Numbers, form_letters: Small, form_sound_starts: Numbers, form_sounds: Small,
    form_masks: NDArray[np.uint64], form_word_starts: Numbers, form_words: Numbers, form_prices: Small,
    word_space: NDArray[np.uint16], word_script: Small, word_native: Numbers,
    form_stamp: Small, form_list: Numbers, form_least: NDArray[np.float32], word_price: Small, word_list: Numbers,
    pair_buckets: Numbers, pair_keys: NDArray[np.uint64], pair_starts: Numbers, pair_sound_starts: Numbers,
    pair_sounds: Small, pair_row_starts: Numbers, pair_rows: Numbers, pair_places: Small,
    row_space: NDArray[np.uint16],
    out_words: Numbers, out_prices: Small, at: int,
    span_rows: Numbers, span_prices: Small, span_places: Small, span_at: int,
) -> tuple[int, int]:  # fmt: skip
    """Write what a part may mean from a place on; return the places after the last, -1 where there is no room."""
    found = match_word(
        letters, bounds, sounds, sound_bounds, prices, depths, space, script, native, key_starts, key_tags,
        key_forms, group_buckets, group_keys, group_starts, form_starts, form_letters, form_sound_starts, form_sounds, form_masks, form_word_starts,
        form_words, form_prices, word_space, word_script, word_native, form_stamp, form_list, form_least,
        word_price, word_list,
    )  # fmt: skip
    if at + found > out_words.size:
        for place in range(found):
            word_price[word_list[place]] = 0
        return -1, -1
    write_by_price(word_list, found, word_price, out_words, out_prices, at)
    span_end = match_spans(
        letters, bounds, prices, space, pair_buckets, pair_keys, pair_starts, pair_sound_starts, pair_sounds,
        pair_row_starts, pair_rows, pair_places, row_space, span_rows, span_prices, span_places, span_at,
    )  # fmt: skip
    return at + found, span_end


@kernel(nogil=True)
def _count(
    bounds: NDArray[np.int64], words: Numbers, prices: Small, span_rows: Numbers, span_prices: Small,
    word_public: Numbers, row_public: Small, row_dead: NDArray[np.bool_],
) -> NDArray[np.int64]:  # fmt: skip
    counts = np.zeros((bounds.shape[0], PRICES_COUNT), dtype=np.int64)
    for part in range(bounds.shape[0]):
        for place in range(bounds[part, 0], bounds[part, 1]):
            counts[part, prices[place]] += word_public[words[place]]
        for place in range(bounds[part, 2], bounds[part, 3]):
            row = span_rows[place]
            if row_public[row] and not row_dead[row]:
                counts[part, span_prices[place]] += 1
    return counts
