"""How do names lie in the index? Entries become arrays: rows, words, forms, keys, pairs, rarities.

    entries -> rows (one a way to cut a name) -> distinct words -> their forms -> keys of the forms
                                              -> postings (word -> rows)
                                              -> pairs (two neighbouring words written as one -> row)
                                              -> rarities (usual sound -> how many names bear it)
                                              -> days (date -> rows born on it)

The same entries in any order give the same arrays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.index.names.dates import days_of
from comity.index.names.entries import NameEntry
from comity.index.names.rarities import rarity_table
from comity.index.names.rows import WORD_MASK, Rows, WordKey, moved, postings, rows_of
from comity.index.names.spans import pairs_of
from comity.index.names.spellings import HAN, Arrays, keys_of, spellings_of, usual_sounds


@dataclass(frozen=True, slots=True)
class Layout:
    """The arrays of one segment. `*_starts` has one entry more than what it cuts into pieces."""

    row_record: NDArray[np.uint32]
    row_audience: NDArray[np.uint32]
    row_public: NDArray[np.uint8]
    row_space: NDArray[np.uint16]
    row_core: NDArray[np.uint8]
    row_starts: NDArray[np.uint32]
    row_words: NDArray[np.uint32]
    row_date_starts: NDArray[np.uint32]
    row_dates: NDArray[np.uint32]
    day_dates: NDArray[np.uint32]
    day_rows: NDArray[np.uint32]
    word_space: NDArray[np.uint16]
    word_script: NDArray[np.uint8]
    word_native: NDArray[np.uint32]
    word_public: NDArray[np.uint32]
    word_form: NDArray[np.uint32]
    word_sound: NDArray[np.uint64]
    word_expected: NDArray[np.float32]
    rarity_starts: NDArray[np.uint32]
    rarity_keys: NDArray[np.uint64]
    rarity_counts: NDArray[np.uint32]
    post_starts: NDArray[np.uint32]
    post_rows: NDArray[np.uint32]
    space_ids: NDArray[np.uint16]
    space_public: NDArray[np.uint32]
    form_starts: NDArray[np.uint32]
    form_letters: NDArray[np.uint8]
    form_sound_starts: NDArray[np.uint32]
    form_sounds: NDArray[np.uint8]
    form_masks: NDArray[np.uint64]
    group_buckets: NDArray[np.uint32]
    group_keys: NDArray[np.uint64]
    group_starts: NDArray[np.uint32]
    form_word_starts: NDArray[np.uint32]
    form_words: NDArray[np.uint32]
    form_prices: NDArray[np.uint8]
    key_starts: NDArray[np.uint32]
    key_tags: NDArray[np.uint16]
    key_forms: NDArray[np.uint32]
    pair_buckets: NDArray[np.uint32]
    pair_keys: NDArray[np.uint64]
    pair_starts: NDArray[np.uint32]
    pair_sound_starts: NDArray[np.uint32]
    pair_sounds: NDArray[np.uint8]
    pair_row_starts: NDArray[np.uint32]
    pair_rows: NDArray[np.uint32]
    pair_places: NDArray[np.uint8]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of the arrays, in order."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def kinds(cls) -> dict[str, type[np.generic]]:
        """The type of number in each array."""
        return {name: _KINDS.get(name, np.uint32) for name in cls.names()}


_KINDS: Final[dict[str, type[np.generic]]] = {
    "word_expected": np.float32,
    **dict.fromkeys(("form_masks", "group_keys", "pair_keys", "word_sound", "rarity_keys"), np.uint64),
    **dict.fromkeys(("row_space", "word_space", "space_ids", "key_tags"), np.uint16),
    **dict.fromkeys(("row_public", "row_core", "word_script", "form_letters", "form_sounds"), np.uint8),
    **dict.fromkeys(("form_prices", "pair_places", "pair_sounds"), np.uint8),
}


@dataclass(frozen=True, slots=True)
class Said:
    """The words of a segment by number, and what forms each is read in: where they begin, which, exact prices."""

    words: list[WordKey]
    starts: NDArray[np.uint32]
    forms: NDArray[np.uint32]
    prices: NDArray[np.float64]


def lay_out(entries: Iterable[NameEntry]) -> Layout:
    """Return the arrays of a segment that holds these entries."""
    return lay_out_as_said(entries)[0]


def lay_out_as_said(entries: Iterable[NameEntry]) -> tuple[Layout, Said]:
    """Return the arrays of a segment that holds these entries, and what its words are."""
    drafted = rows_of(entries)
    rows, spelt, said = _by_usual_form(drafted, spellings_of(drafted.words))
    pairs = pairs_of(rows.arrays, spelt)
    keys = keys_of(spelt)
    days = days_of(rows.arrays["row_date_starts"], rows.arrays["row_dates"])
    return Layout(**rows.arrays, **days, **_words(rows, spelt), **spelt, **keys, **pairs), said


def _by_usual_form(rows: Rows, spelt: Arrays) -> tuple[Rows, Arrays, Said]:
    """Number the words anew, in the order of their usual spellings: words that sound alike lie together then.

    A search meets them together, and memory is read in lines.
    """
    order = np.argsort(spelt["word_form"], kind="stable")
    rank = np.empty(order.size, dtype=np.uint32)
    rank[order] = np.arange(order.size, dtype=np.uint32)
    flat = rows.arrays["row_words"]
    words = rank[flat & np.uint32(WORD_MASK)] if flat.size else flat
    starts = spelt["form_word_starts"]
    links = rank[spelt["form_words"]]
    forms = np.repeat(np.arange(starts.size - 1, dtype=np.uint64), np.diff(starts))
    by_form = np.argsort((forms << np.uint64(32)) | links)
    renumbered = Rows(
        [rows.words[place] for place in order.tolist()],
        {**rows.arrays, "row_words": words | (flat & ~np.uint32(WORD_MASK))},
    )
    of_words = {
        name: spelt[name][order] for name in ("word_script", "word_native", "word_expected", "word_form")
    }
    said_starts, said_forms = moved(spelt["said_starts"], spelt["said_forms"], order)
    _, said_prices = moved(spelt["said_starts"], spelt["said_prices"], order)
    kept = {name: array for name, array in spelt.items() if not name.startswith("said_")}
    return (
        renumbered,
        {**kept, **of_words, "form_words": links[by_form], "form_prices": spelt["form_prices"][by_form]},
        Said(renumbered.words, said_starts, said_forms, said_prices),
    )


def _words(rows: Rows, spelt: Arrays) -> Arrays:
    held = rows.arrays
    post_starts, post_rows, word_public = postings(
        held["row_starts"], held["row_words"], held["row_public"], len(rows.words)
    )
    sounds = usual_sounds(spelt["word_form"], spelt["form_sound_starts"], spelt["form_sounds"])
    space_ids, space_counts = np.unique(held["row_space"][held["row_public"] == 1], return_counts=True)
    return {
        "word_space": np.array([space for space, _, _ in rows.words], dtype=np.uint16),
        "word_public": word_public,
        "word_sound": sounds,
        "post_starts": post_starts,
        "post_rows": post_rows,
        "space_ids": space_ids,
        "space_public": space_counts.astype(np.uint32),
        **rarity_table(sounds, spelt["word_native"], spelt["word_script"] == HAN, word_public),
    }
