"""Entries become rows: one a way to cut a name, its words numbered, with where each word stands.

    entries -> cuts of each name -> rows of provisional word numbers -> words in order -> rows in order, each once
                                                                     -> postings (word -> rows)

The same entries in any order give the same arrays.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.errors import MalformedError
from comity.index.names.entries import NameEntry
from comity.names.parts import LETTERS_MAX, ROLES, Role, Word, parse_name

Numbers = NDArray[np.uint32]
Kind = TypeVar("Kind", bound=np.generic)

LIGHT = 0x8000_0000
ROLE_SHIFT = 28
WORD_MASK = (1 << ROLE_SHIFT) - 1
PLAIN, SUFFIX, PATRONYMIC, OPTIONAL = 0, 1, 2, 3
ROW_WORDS_MAX = 24
_PRIME = np.uint64(0x9E3779B97F4A7C15)

RowWord = tuple[str, str, int]
"""A word of a row: its text, its script, and its marks (`LIGHT` and the role) in the upper four bits."""

WordKey = tuple[int, str, str]
"""A word of the index: its space, its text, its script."""


def row_words(cut: tuple[Word, ...]) -> tuple[RowWord, ...]:
    """Return the words of a cut that are kept, with their marks: light (a particle), and the role.

    Titles go: they come and go with the years and tell nobody apart.
    """
    kept = [
        (text, script, _MARKS[role] if len(text) > 1 else _SHORT_MARKS[role]) for text, script, role, _ in cut
    ]
    if kept and max([marks for _, _, marks in kept]) >= LIGHT:
        tells = any(word.bears_identity for word in cut)
        kept = [
            (text, script, marks if tells else marks & ~LIGHT)
            for (text, script, marks), word in zip(kept, cut, strict=True)
            if word.role != "title" or not tells
        ]
    return tuple(kept[:ROW_WORDS_MAX])


def _marks(role: Role, letters: int) -> int:
    light = 0 if Word("", "", role).bears_identity else LIGHT
    if role == "suffix":
        return light | SUFFIX << ROLE_SHIFT
    if role == "patronymic":
        return light | PATRONYMIC << ROLE_SHIFT
    return light | (OPTIONAL if role in {"initial", "forebear"} or letters == 1 else PLAIN) << ROLE_SHIFT


_MARKS: Final = {role: _marks(role, 2) for role in ROLES}
_SHORT_MARKS: Final = {role: _marks(role, 1) for role in ROLES}


def stored_cuts(text: str) -> tuple[tuple[Word, ...], ...]:
    """Return the cuts of a stored name, shortened to what can be parsed; none where nobody can read it."""
    try:
        return parse_name(text[:LETTERS_MAX]).cuts
    except MalformedError as error:
        if error.code != "name-too-many-words":
            return ()
        return parse_name(" ".join(text.split()[:ROW_WORDS_MAX])[: LETTERS_MAX // 4]).cuts


@dataclass(slots=True)
class _Draft:
    """Rows as they come, with provisional numbers of words."""

    record: "array[int]" = field(default_factory=lambda: array("I"))
    audience: "array[int]" = field(default_factory=lambda: array("I"))
    public: "array[int]" = field(default_factory=lambda: array("B"))
    space: "array[int]" = field(default_factory=lambda: array("H"))
    counts: "array[int]" = field(default_factory=lambda: array("B"))
    flat: "array[int]" = field(default_factory=lambda: array("I"))
    date_counts: "array[int]" = field(default_factory=lambda: array("B"))
    dates: "array[int]" = field(default_factory=lambda: array("I"))
    words: dict[WordKey, int] = field(default_factory=dict[WordKey, int])

    def add(self, entry: NameEntry) -> None:
        """Take in one entry: a row a cut."""
        space, dates, numbers, flat = entry.space, entry.dates[:255], self.words, self.flat
        for cut in stored_cuts(entry.text):
            words = row_words(cut)
            self.record.append(entry.record)
            self.audience.append(entry.audience)
            self.public.append(entry.counts)
            self.space.append(space)
            self.counts.append(len(words))
            for text, script, marks in words:
                flat.append(numbers.setdefault((space, text, script), len(numbers)) | marks)
            self.date_counts.append(len(dates))
            if dates:
                self.dates.extend(dates)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows in order, each once, and the words they are made of, in order."""

    words: list[WordKey]
    arrays: dict[str, NDArray[np.generic]]


def rows_of(entries: Iterable[NameEntry]) -> Rows:
    """Return the rows and the words of these entries."""
    draft = _Draft()
    for entry in entries:
        draft.add(entry)
    words = sorted(draft.words)
    rank = np.zeros(len(words) + 1, dtype=np.uint32)
    rank[[draft.words[word] for word in words]] = np.arange(len(words), dtype=np.uint32)
    flat = np.frombuffer(draft.flat, dtype=np.uint32)
    flat = rank[flat & WORD_MASK] | (flat & ~np.uint32(WORD_MASK))
    return Rows(words, _ordered(draft, flat))


def _ordered(draft: _Draft, flat: Numbers) -> dict[str, NDArray[np.generic]]:
    record = np.frombuffer(draft.record, dtype=np.uint32)
    audience = np.frombuffer(draft.audience, dtype=np.uint32)
    public, space = np.frombuffer(draft.public, dtype=np.uint8), np.frombuffer(draft.space, dtype=np.uint16)
    counts, date_counts = np.frombuffer(draft.counts, np.uint8), np.frombuffer(draft.date_counts, np.uint8)
    starts = starts_of(counts)
    content = _contents(starts, flat, audience, public, space)
    order = np.lexsort((content, record))
    again = (record[order][1:] == record[order][:-1]) & (content[order][1:] == content[order][:-1])
    order = order[np.concatenate([np.ones(min(1, order.size), np.bool_), ~again])]
    row_starts, row_words = moved(starts, flat, order)
    dates = np.frombuffer(draft.dates, dtype=np.uint32)
    date_starts, row_dates = moved(starts_of(date_counts), dates, order)
    heavy = np.add.reduceat(np.concatenate([row_words < LIGHT, [False]]), row_starts[:-1], dtype=np.int64)
    return {
        "row_record": record[order],
        "row_audience": audience[order],
        "row_public": public[order],
        "row_space": space[order],
        "row_core": heavy.astype(np.uint8) if order.size else np.zeros(0, np.uint8),
        "row_starts": row_starts,
        "row_words": row_words,
        "row_date_starts": date_starts,
        "row_dates": row_dates,
    }


def starts_of(counts: NDArray[np.integer]) -> Numbers:
    """Return where each piece of so many begins, and where the last one ends."""
    starts = np.zeros(len(counts) + 1, dtype=np.uint32)
    np.cumsum(counts, dtype=np.uint32, out=starts[1:])
    return starts


@kernel()
def _contents(
    starts: Numbers, flat: Numbers, audience: Numbers, public: NDArray[np.uint8], space: NDArray[np.uint16]
) -> NDArray[np.uint64]:
    """Return a number for what each row says: rows of one record that say the same have the same."""
    out = np.empty(audience.size, dtype=np.uint64)
    for row in range(audience.size):
        value = np.uint64(audience[row]) * np.uint64(2) + np.uint64(public[row])
        value = (value ^ (np.uint64(space[row]) << np.uint64(40))) * _PRIME
        for place in range(starts[row], starts[row + 1]):
            value = (value ^ (value >> np.uint64(29)) ^ np.uint64(flat[place])) * _PRIME
        out[row] = value ^ (value >> np.uint64(32))
    return out


@kernel()
def moved(starts: Numbers, flat: NDArray[Kind], order: NDArray[np.int64]) -> tuple[Numbers, NDArray[Kind]]:
    """Return the pieces of `flat` in a new order, with where each begins."""
    fresh = np.zeros(order.size + 1, dtype=np.uint32)
    for place in range(order.size):
        fresh[place + 1] = fresh[place] + (starts[order[place] + 1] - starts[order[place]])
    out = np.empty(fresh[-1], dtype=flat.dtype)
    at = 0
    for piece in order:
        for place in range(starts[piece], starts[piece + 1]):
            out[at] = flat[place]
            at += 1
    return fresh, out


@kernel()
def postings(
    starts: Numbers, flat: Numbers, public: NDArray[np.uint8], words: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Return where the rows of each word begin, the rows, and how many of them all may see.

    A word that stands twice in a name is posted once; where it is light it is not posted.
    """
    post_starts = np.zeros(words + 1, dtype=np.uint32)
    word_public = np.zeros(words, dtype=np.uint32)
    for row in range(public.size):
        for place in range(starts[row], starts[row + 1]):
            if _is_posted(starts[row], place, flat):
                word = flat[place] & np.uint32(WORD_MASK)
                post_starts[word + 1] += np.uint32(1)
                word_public[word] += np.uint32(public[row])
    for word in range(words):
        post_starts[word + 1] += post_starts[word]
    filled = post_starts[:-1].copy()
    rows = np.empty(post_starts[-1], dtype=np.uint32)
    for row in range(public.size):
        for place in range(starts[row], starts[row + 1]):
            if _is_posted(starts[row], place, flat):
                word = flat[place] & np.uint32(WORD_MASK)
                rows[filled[word]] = row
                filled[word] += np.uint32(1)
    return post_starts, rows, word_public


@kernel()
def _is_posted(start: int, place: int, flat: Numbers) -> bool:
    if flat[place] >= np.uint32(LIGHT):
        return False
    for before in range(start, place):
        if flat[before] < np.uint32(LIGHT) and (flat[before] ^ flat[place]) & np.uint32(WORD_MASK) == 0:
            return False
    return True
