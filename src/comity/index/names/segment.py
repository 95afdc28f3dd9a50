"""A segment of the name index: built once, mapped from files, shared by all processes, never written again.

entries -> lay_out -> files, made durable -> opened (mapped) -> searched by kernels
"""

from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.index.files import load_array, save_array, sync_directory
from comity.index.names.approach import approach
from comity.index.names.book import Book, book_of
from comity.index.names.burial import Burial
from comity.index.names.commonest import keep_commonest
from comity.index.names.days import EVERYONE, Days
from comity.index.names.entries import NameEntry
from comity.index.names.foretell import foretell, uncounted
from comity.index.names.gather import gather
from comity.index.names.glance import row_glances, word_glances
from comity.index.names.kept import Kept
from comity.index.names.layout import Layout, lay_out, lay_out_as_said
from comity.index.names.matches import Matches
from comity.index.names.query import Question
from comity.index.names.rarities import add_counts
from comity.index.names.rows import ROW_WORDS_MAX
from comity.index.names.spellings import HAN
from comity.index.names.weights import EXTRA_WEIGHT, Weighed
from comity.names.forms import take_forms_from

DAY_ROWS_MAX = 1024
"""So many names of persons born on the day asked for are looked at, however little their words meet those asked."""

State = tuple[tuple[int, int], ...]
"""What segments are searched together, and how often records of each have been buried."""


class Gathered(NamedTuple):
    """Rows with their sums of weights: the likeliest by name, and of those born on the day asked for."""

    rows: NDArray[np.uint32]
    sums: NDArray[np.float32]
    day_rows: NDArray[np.uint32]
    day_sums: NDArray[np.float32]


def build_name_segment(entries: Iterable[NameEntry], directory: Path) -> None:
    """Write a segment of these entries; every file is durable when this returns.

    The same entries in any order give the same bytes.
    """
    directory.mkdir(parents=True, exist_ok=True)
    layout, said = lay_out_as_said(entries)
    for name in Layout.names():
        save_array(directory / f"{name}.npy", getattr(layout, name))
    book = book_of(layout, said)
    book.save(directory)
    keep_commonest(layout, said, book).save(directory)
    sync_directory(directory)


class NameSegment:
    """An immutable part of the name index. Its methods want one thread at a time: `Index` sees to that.

    `serial` tells segments of one process apart; `part_chances` are kept for whoever searches it first of several.
    """

    _serials = count()

    def __init__(self, layout: Layout, book: Book | None = None, kept: Kept | None = None) -> None:
        for name in Layout.names():
            # In memory or mapped, the arrays are of one kind to the kernels, which are compiled once so.
            getattr(layout, name).flags.writeable = False
        self.layout = layout
        self.serial = next(self._serials)
        self.burial = Burial(layout)
        self.matches = Matches(layout, kept)
        self._days = Days(layout)
        rows, words = layout.row_record.size, layout.word_space.size
        # Scratch arrays of the kernels: all zeros between two searches.
        size = 1 << max(6, (2 * rows).bit_length())
        self._table = np.zeros(size, dtype=np.uint64)
        self._touched = np.zeros(rows, dtype=np.uint32)
        # The chance to meet each word, 0 where it has not been asked for since the names last changed.
        self._chances = np.zeros(words, dtype=np.float32)
        self.part_chances: dict[tuple[str, str], float] = {}
        self._state: State = ()
        self._word_glances = word_glances(layout.word_form, layout.form_starts, layout.form_letters)
        self._row_glances = row_glances(layout.row_starts, layout.row_words, self._word_glances)
        self._book = book
        if book:
            take_forms_from(book)

    @classmethod
    def open(cls, directory: Path) -> "NameSegment":
        """Return the segment in a directory, mapped; raises `DamagedError`.

        While it is held, nobody in this process needs to read the words that lie in it.
        """
        kinds = Layout.kinds()
        layout = Layout(
            **{
                name: load_array(directory / f"{name}.npy", kinds[name]).view(np.ndarray)
                for name in Layout.names()
            }
        )
        return cls(layout, Book.open(directory, layout), Kept.open(directory))

    @classmethod
    def of(cls, entries: Iterable[NameEntry]) -> "NameSegment":
        """Return a segment of these entries in memory."""
        return cls(lay_out(entries))

    @property
    def rows_count(self) -> int:
        """How many names it holds, each way to cut one counted apart."""
        return self.layout.row_record.size

    def bury(self, records: Iterable[int]) -> None:
        """Answer with these records no more, and count their words no more."""
        self.burial.add(records)

    def segments(self) -> list["NameSegment"]:
        """Return this segment alone, as a layer to search."""
        return [self]

    def stand_at(self, state: State) -> None:
        """Count words anew where names have changed, here or in another layer, since this was called last."""
        if state != self._state:
            self._chances[:] = 0.0
            self.part_chances.clear()
            self._state = state

    def add_counts(
        self, sounds: NDArray[np.uint64], natives: NDArray[np.uint32], is_han: NDArray[np.bool_],
        borne: NDArray[np.int64],
    ) -> None:  # fmt: skip
        """Add to `borne` how many public names bear each word described."""
        layout = self.layout
        add_counts(
            sounds,
            natives,
            is_han,
            layout.rarity_starts,
            layout.rarity_keys,
            self.burial.rarity_counts,
            borne,
        )

    def describe(
        self, words: NDArray[np.uint32]
    ) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.bool_], NDArray[np.float32]]:
        """Return the sounds of words, their characters, whether these are Han, and how rare they are expected."""
        layout = self.layout
        return (
            layout.word_sound[words],
            layout.word_native[words],
            layout.word_script[words] == HAN,
            layout.word_expected[words],
        )

    def gather(
        self, bounds: NDArray[np.int64], question: Question, weighed: Weighed, admitted: NDArray[np.bool_], space: int,
        limit: int,
    ) -> Gathered:  # fmt: skip
        """Return the likeliest rows and those of the day asked for, with their sums of weights."""
        layout, matches, date = self.layout, self.matches, weighed.date
        rows, sums, day_rows, day_sums = gather(
            bounds, matches.words, matches.prices, matches.span_rows, matches.span_prices, weighed.followed,
            weighed.always, self._favoured(weighed), layout.post_starts,
            layout.post_rows, layout.row_audience, layout.row_core, self.burial.row_dead,
            admitted, self._table, self._touched, EXTRA_WEIGHT, limit, layout.row_space, space,
            self._days.of_day(date), DAY_ROWS_MAX, weighed.is_glanced, self._row_glances, self._word_glances,
            weighed.most, question.part_first, question.part_last, question.word_marks, question.letters,
            question.letter_bounds, weighed.numbers, weighed.floor,
        )  # fmt: skip
        return Gathered(rows, sums, day_rows, day_sums)

    def _favoured(self, weighed: Weighed) -> NDArray[np.uint64]:
        """Return the set of the rows of which a date may speak for them."""
        return self._days.in_favour(weighed.date) if weighed.is_told_apart else EVERYONE

    def foretell(
        self, rows: NDArray[np.uint32], bounds: NDArray[np.int64], question: Question, weighed: Weighed,
        count: Callable[[NDArray[np.uint32]], NDArray[np.float64]],
    ) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:  # fmt: skip
        """Return those of these rows that may be worth the floor, and what comparing each is foretold to be worth.

        `count` returns the chance to meet each of some words; it is asked for words not met before.
        """
        layout, matches = self.layout, self.matches
        near, words, slots, prices = approach(
            rows, np.empty((rows.size, ROW_WORDS_MAX), dtype=np.uint16), bounds, matches.words, matches.prices,
            matches.span_rows, matches.span_prices, weighed.most, question.part_first, question.part_last,
            question.word_marks, question.letters, question.letter_bounds, layout.row_starts, layout.row_words,
            layout.row_date_starts, layout.row_dates, self._word_glances, layout.word_form, layout.form_starts, layout.form_letters,
            weighed.numbers, weighed.date, weighed.date_numbers, self._favoured(weighed), weighed.floor,
        )  # fmt: skip
        if not near.size:
            return near, np.empty(0, dtype=np.float64)
        unknown = uncounted(words, self._chances)
        if unknown.size:
            self._chances[unknown] = count(unknown)
        return near, foretell(
            near, words, slots, prices, bounds, matches.span_rows,
            matches.span_prices, matches.span_places, question.part_first, question.part_last, question.part_marks, question.expected,
            weighed.chances, question.word_marks, question.natives, question.scripts, question.letters,
            question.letter_bounds, layout.row_starts, layout.row_words, layout.row_date_starts, layout.row_dates,
            layout.word_form, layout.word_native, layout.word_script, layout.form_starts, layout.form_letters,
            self._chances, weighed.numbers, weighed.date, weighed.date_numbers,
        )  # fmt: skip
