"""A segment of the name index: built once, mapped from files, shared by all processes, never written again.

entries -> lay_out -> files, made durable -> opened (mapped) -> searched by kernels
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.index.files import load_array, save_array, sync_directory
from comity.index.names.entries import NameEntry
from comity.index.names.gather import gather, weigh
from comity.index.names.layout import LIGHT, Layout, lay_out
from comity.index.names.lookup import PRICES_COUNT, match_word
from comity.index.names.query import EXTRA_WEIGHT, PENALTIES, Part, Question
from comity.index.names.spans import match_spans

MATCHES_KEPT = 16_384


@dataclass(frozen=True, slots=True)
class PartMatch:
    """What a part of a query may mean in a segment: words and pairs of words, with prices."""

    words: NDArray[np.uint32]
    prices: NDArray[np.uint8]
    span_rows: NDArray[np.uint32]
    span_prices: NDArray[np.uint8]
    span_places: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Burial:
    """The rows of a segment that newer versions replaced, and how often each word is still borne in public."""

    records: frozenset[int]
    row_dead: NDArray[np.bool_]
    word_public: NDArray[np.uint32]
    space_public: dict[int, int]


def build_name_segment(entries: Iterable[NameEntry], directory: Path) -> None:
    """Write a segment of these entries; every file is durable when this returns.

    The same entries in any order give the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    layout = lay_out(entries)
    for name in Layout.names():
        save_array(directory / f"{name}.npy", getattr(layout, name))
    sync_directory(directory)


class NameSegment:
    """An immutable part of the name index. Safe for use by several threads."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._lock = threading.Lock()
        rows, words, forms = layout.row_record.size, layout.word_space.size, layout.form_starts.size
        # Scratch arrays of the kernels: all zeros between two searches.
        self._sums = np.zeros(rows, dtype=np.uint32)
        self._touched = np.zeros(rows, dtype=np.uint32)
        self._form_stamp = np.zeros(forms, dtype=np.uint8)
        self._form_list = np.zeros(forms, dtype=np.uint32)
        self._form_least = np.zeros(forms, dtype=np.float32)
        self._word_list = np.zeros(words, dtype=np.uint32)
        self._word_scratch = np.zeros(words, dtype=np.uint8)
        self._matches: OrderedDict[tuple[object, ...], PartMatch] = OrderedDict()
        spaces = dict(zip(layout.space_ids.tolist(), layout.space_public.tolist(), strict=True))
        self._unburied = Burial(frozenset(), np.zeros(rows, dtype=np.bool_), layout.word_public, spaces)
        self._burial = self._unburied

    @classmethod
    def open(cls, directory: Path) -> "NameSegment":
        """Return the segment in a directory, mapped; raises `DamagedError`."""
        kinds = Layout.kinds()
        return cls(
            Layout(
                **{
                    name: load_array(directory / f"{name}.npy", kinds[name]).view(np.ndarray)
                    for name in Layout.names()
                }
            )
        )

    @classmethod
    def of(cls, entries: Iterable[NameEntry]) -> "NameSegment":
        """Return a segment of these entries in memory."""
        return cls(lay_out(entries))

    @property
    def rows_count(self) -> int:
        """How many names it holds, each way to cut one counted apart."""
        return self._layout.row_record.size

    def bury(self, records: frozenset[int]) -> Burial:
        """Return the view of the segment without these records."""
        with self._lock:
            if not records:
                return self._unburied
            if records != self._burial.records:
                self._burial = self._bury(records)
            return self._burial

    def _bury(self, records: frozenset[int]) -> Burial:
        layout = self._layout
        dead = np.isin(layout.row_record, np.fromiter(records, dtype=np.uint32, count=len(records)))
        word_public = np.array(layout.word_public)
        spaces = dict(self._unburied.space_public)
        for row in np.flatnonzero(dead & (layout.row_public == 1)):
            words = layout.row_words[layout.row_starts[row] : layout.row_starts[row + 1]]
            if words.size == 0:
                continue
            spaces[int(layout.word_space[words[0] & (LIGHT - 1)])] -= 1
            word_public[np.unique(words[words < LIGHT])] -= 1
        return Burial(records, dead, word_public, spaces)

    def match(self, part: Part, space: int) -> PartMatch:
        """Return what a part of a query may mean here. Depends on nothing else, so it is kept for the next time."""
        key = (part.key, space)
        with self._lock:
            kept = self._matches.get(key)
            if kept is not None:
                self._matches.move_to_end(key)
                return kept
            found = self._match(part, space)
            self._matches[key] = found
            if len(self._matches) > MATCHES_KEPT:
                self._matches.popitem(last=False)
            return found

    def _match(self, part: Part, space: int) -> PartMatch:
        layout, forms = self._layout, part.forms
        words, prices = match_word(
            forms.letters, forms.letters_count, forms.sounds, forms.sounds_count, forms.prices, part.depths,
            space, part.script, np.uint32(part.native), layout.key_starts, layout.key_tags, layout.key_forms,
            layout.form_starts, layout.form_letters, layout.form_sound_starts, layout.form_sounds,
            layout.form_masks, layout.form_word_starts, layout.form_words, layout.form_prices,
            layout.word_space, layout.word_script, layout.word_native, self._form_stamp, self._form_list,
            self._form_least, self._word_scratch, self._word_list,
        )  # fmt: skip
        rows, span_prices, places = match_spans(
            forms.sounds, forms.sounds_count, forms.prices, space, layout.pair_starts, layout.pair_tags,
            layout.pair_rows, layout.pair_places, layout.row_starts, layout.row_words, layout.word_space,
            layout.word_form, layout.form_sound_starts, layout.form_sounds,
        )  # fmt: skip
        return PartMatch(words, prices, rows, span_prices, places)

    def counts(self, match: PartMatch, burial: Burial) -> NDArray[np.int64]:
        """Return how many public names have a word that a part may mean, by price."""
        layout = self._layout
        counts = np.bincount(match.prices, weights=burial.word_public[match.words], minlength=PRICES_COUNT)
        if match.span_rows.size:
            public = (layout.row_public[match.span_rows] == 1) & ~burial.row_dead[match.span_rows]
            counts += np.bincount(match.span_prices[public], minlength=PRICES_COUNT)
        return counts.astype(np.int64)

    def gather(
        self, matches: list[PartMatch], weights: NDArray[np.float32], burial: Burial,
        admitted: NDArray[np.bool_], limit: int,
    ) -> tuple[NDArray[np.uint32], NDArray[np.float32], NDArray[np.uint32]]:  # fmt: skip
        """Return the likeliest rows, their sums of weights, and their records."""
        layout = self._layout
        starts, words, prices, span_starts, span_rows, span_prices, _ = _joined(matches)
        with self._lock:
            rows, sums = gather(
                starts, words, prices, weights, span_starts, span_rows, span_prices,
                layout.post_starts, layout.post_rows, layout.row_audience, layout.row_core, burial.row_dead,
                admitted, self._sums, self._touched, EXTRA_WEIGHT, limit,
            )  # fmt: skip
        return rows, sums, layout.row_record[rows]

    def weigh(
        self,
        rows: NDArray[np.uint32],
        matches: list[PartMatch],
        weights: NDArray[np.float32],
        question: Question,
    ) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """Return the records of these rows and their scores."""
        layout = self._layout
        starts, words, prices, span_starts, span_rows, span_prices, span_places = _joined(matches)
        with self._lock:
            scores = weigh(
                rows, starts, words, prices, weights, span_starts, span_rows, span_prices, span_places,
                question.part_first, question.part_last, question.light, question.initials, question.letters,
                question.letters_count, layout.row_starts, layout.row_words, layout.word_form,
                layout.form_starts, layout.form_letters, self._word_scratch, PENALTIES,
            )  # fmt: skip
        return layout.row_record[rows], scores

    def segments(self, dead: frozenset[int]) -> list[tuple["NameSegment", Burial]]:
        """Return this segment without the dead records, as a layer to search."""
        return [(self, self.bury(dead))]

    def public_count(self, part: Part, burial: Burial) -> tuple[int, int]:
        """Return how many public names have a word spelt as a part, and how many public names there are."""
        borne, persons = 0, 0
        for space, count in burial.space_public.items():
            match = self.match(part, space)
            borne += int(burial.word_public[match.words[match.prices == 0]].sum())
            persons += count
        return borne, persons


def _joined(matches: list[PartMatch]) -> tuple[
    NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint8],
    NDArray[np.int64], NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint8],
]:  # fmt: skip
    """Lay the matches of all parts end to end for the kernels."""
    starts = np.zeros(len(matches) + 1, dtype=np.int64)
    span_starts = np.zeros(len(matches) + 1, dtype=np.int64)
    starts[1:] = np.cumsum([match.words.size for match in matches])
    span_starts[1:] = np.cumsum([match.span_rows.size for match in matches])
    return (
        starts,
        np.concatenate([match.words for match in matches]),
        np.concatenate([match.prices for match in matches]),
        span_starts,
        np.concatenate([match.span_rows for match in matches]),
        np.concatenate([match.span_prices for match in matches]),
        np.concatenate([match.span_places for match in matches]),
    )
