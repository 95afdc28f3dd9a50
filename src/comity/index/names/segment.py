"""A segment of the name index: built once, mapped from files, shared by all processes, never written again.

entries -> lay_out -> files, made durable -> opened (mapped) -> searched by kernels
"""

from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.index.files import load_array, save_array, sync_directory
from comity.index.names.book import Book, book_of
from comity.index.names.burial import Burial
from comity.index.names.commonest import keep_commonest
from comity.index.names.days import other_dates
from comity.index.names.entries import NameEntry
from comity.index.names.glance import row_glances, word_glances
from comity.index.names.kept import Kept
from comity.index.names.layout import Layout, lay_out, lay_out_as_said
from comity.index.names.matches import Matches
from comity.index.names.rarities import add_counts
from comity.index.names.table import (
    BURIED,
    LOOSE_DATES,
    LOOSE_ROWS,
    RARITY_COUNTS_NOW,
    ROW_DEAD,
    ROW_GLANCES,
    ROW_SUMS,
    ROW_TOUCHED,
    WORD_CHANCES,
    WORD_GLANCES,
    WORD_PUBLIC_NOW,
)
from comity.names.forms import take_forms_from

State = tuple[tuple[int, int], ...]
"""What segments are searched together, and how often records of each have been buried."""

Together = tuple[NDArray[np.int64], Mapping[int, int], int]
"""Where the tables of the segments stand, how many public names each space has in all of them, and all spaces."""


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

    `serial` tells segments of one process apart; `matches.table` is what kernels take of it. `together` is known of all
    that were searched with it last, and of which it was the first.
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
        table, (rows, words) = self.matches.table, (layout.row_record.size, layout.word_space.size)
        # Scratch arrays of the kernels: all zeros between two searches.
        table.put(ROW_SUMS, np.zeros(1 << max(6, (2 * rows).bit_length()), dtype=np.uint64))
        table.put(ROW_TOUCHED, np.zeros(rows, dtype=np.uint32))
        # The chance to meet each word, 0 where it has not been asked for since the names last changed.
        self._chances = np.zeros(words, dtype=np.float32)
        table.put(WORD_CHANCES, self._chances)
        glances = word_glances(layout.word_form, layout.form_starts, layout.form_letters)
        table.put(WORD_GLANCES, glances)
        table.put(ROW_GLANCES, row_glances(layout.row_starts, layout.row_words, glances))
        table.put(ROW_DEAD, self.burial.row_dead)
        self._put_buried()
        self.is_ready_for_dates = False
        self.state: State = ()
        self.together: Together | None = None
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
        self._put_buried()

    def _put_buried(self) -> None:
        """Let kernels see how often each word is still borne: the arrays are others once a record was buried."""
        table, burial = self.matches.table, self.burial
        table.put(WORD_PUBLIC_NOW, burial.word_public)
        table.put(RARITY_COUNTS_NOW, burial.rarity_counts)
        self.matches.state[BURIED] = burial.version

    def segments(self) -> list["NameSegment"]:
        """Return this segment alone, as a layer to search."""
        return [self]

    def stand_at(self, state: State, date: int) -> int:
        """Return where the table of the segment stands, made ready for a search with this date, 0 for none.

        Words are counted anew where names have changed, here or in another layer, since this was called last.
        """
        if state != self.state:
            self._chances[:] = 0.0
            self.state = state
        if date and not self.is_ready_for_dates:
            dates, rows = other_dates(self.layout)
            self.matches.table.put(LOOSE_DATES, dates)
            self.matches.table.put(LOOSE_ROWS, rows)
            self.is_ready_for_dates = True
        return self.matches.table.address

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
