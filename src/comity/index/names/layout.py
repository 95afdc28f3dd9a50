"""How do names lie in the index? Entries become arrays: rows, words, forms, keys, pairs.

    entries -> rows (one a way to cut a name) -> distinct words -> their forms -> keys of the forms
                                              -> postings (word -> rows)
                                              -> pairs (two neighbouring words written as one -> row)

The same entries in any order give the same arrays.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.errors import MalformedError
from comity.index.names.entries import NameEntry
from comity.index.names.keys import (
    DEEP,
    HEARD,
    KEYS_MAX,
    SHALLOW,
    class_codes,
    class_keys,
    hash_without,
    letter_keys,
)
from comity.index.names.lookup import PRICE_STEPS
from comity.names.forms import forms_of
from comity.names.parts import LETTERS_MAX, Word, core_words, parse_name
from comity.names.sounds import CLASSES, SYMBOLS_MAX, letter_codes, sound_codes

LIGHT = 0x8000_0000
ROW_WORDS_MAX = 24
NEAR_FORM_STEPS = 4
SCRIPTS = ("", "han", "latin")
_PAIR_SEED = np.uint64(3)


@dataclass(frozen=True, slots=True)
class Layout:
    """The arrays of one segment. `*_starts` has one entry more than what it cuts into pieces."""

    row_record: NDArray[np.uint32]
    row_audience: NDArray[np.uint32]
    row_public: NDArray[np.uint8]
    row_core: NDArray[np.uint8]
    row_starts: NDArray[np.uint32]
    row_words: NDArray[np.uint32]
    word_space: NDArray[np.uint16]
    word_script: NDArray[np.uint8]
    word_native: NDArray[np.uint32]
    word_public: NDArray[np.uint32]
    word_form: NDArray[np.uint32]
    post_starts: NDArray[np.uint32]
    post_rows: NDArray[np.uint32]
    space_ids: NDArray[np.uint16]
    space_public: NDArray[np.uint32]
    form_starts: NDArray[np.uint32]
    form_letters: NDArray[np.uint8]
    form_sound_starts: NDArray[np.uint32]
    form_sounds: NDArray[np.uint8]
    form_masks: NDArray[np.uint64]
    form_word_starts: NDArray[np.uint32]
    form_words: NDArray[np.uint32]
    form_prices: NDArray[np.uint8]
    key_starts: NDArray[np.uint32]
    key_tags: NDArray[np.uint16]
    key_forms: NDArray[np.uint32]
    pair_starts: NDArray[np.uint32]
    pair_tags: NDArray[np.uint16]
    pair_rows: NDArray[np.uint32]
    pair_places: NDArray[np.uint8]

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The names of the arrays, in order."""
        return tuple(field.name for field in fields(cls))

    @classmethod
    def kinds(cls) -> dict[str, type[np.unsignedinteger]]:
        """The type of number in each array."""
        return {name: _KINDS.get(name, np.uint32) for name in cls.names()}


_KINDS: Final[dict[str, type[np.unsignedinteger]]] = {
    "form_masks": np.uint64,
    **dict.fromkeys(("word_space", "space_ids", "key_tags", "pair_tags"), np.uint16),
    **dict.fromkeys(
        (
            "row_public",
            "row_core",
            "word_script",
            "form_letters",
            "form_sounds",
            "form_prices",
            "pair_places",
        ),
        np.uint8,
    ),
}

_Row = tuple[int, int, int, bool, tuple[tuple[str, str, bool], ...]]


def lay_out(entries: Iterable[NameEntry]) -> Layout:
    """Return the arrays of a segment that holds these entries."""
    rows = _rows(entries)
    words, word_ids = _words(rows)
    row_arrays = _row_arrays(rows, word_ids)
    forms = _forms(words)
    core = row_arrays["row_words"]
    depths = _depths(forms, words)
    keys = _keys(forms, depths)
    postings = _postings(row_arrays, words)
    pairs = _pairs(row_arrays["row_starts"], core, forms)
    return Layout(**row_arrays, **postings, **forms, **keys, **pairs)


def word_native_id(word: str) -> int:
    """Return a 32-bit number for the characters of a word as written."""
    value = 0x811C9DC5
    for byte in word.encode("utf-8", "replace"):
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value


def script_id(script: str) -> int:
    """Return the number of the scripts that lookup treats apart, 0 for all others."""
    return SCRIPTS.index(script) if script in SCRIPTS else 0


def row_words(cut: tuple[Word, ...]) -> tuple[tuple[str, str, bool], ...]:
    """Return the words of a cut that are kept: text, script, and whether they are light (a particle).

    Titles go: they come and go with the years and tell nobody apart.
    """
    core = core_words(cut)
    kept: list[tuple[str, str, bool]] = []
    for word in cut:
        light = word not in core
        if not (light and word.role == "title"):
            kept.append((word.text, word.script, light))
    return tuple(kept[:ROW_WORDS_MAX])


def _rows(entries: Iterable[NameEntry]) -> list[_Row]:
    rows: set[_Row] = set()
    for entry in entries:
        for cut in stored_cuts(entry.text):
            rows.add((entry.record, entry.space, entry.audience, entry.counts, row_words(cut)))
    return sorted(rows)


def stored_cuts(text: str) -> tuple[tuple[Word, ...], ...]:
    """Return the cuts of a stored name, shortened to what can be parsed; none where nobody can read it."""
    try:
        return parse_name(text[:LETTERS_MAX]).cuts
    except MalformedError as error:
        if error.code != "name-too-many-words":
            return ()
        return parse_name(" ".join(text.split()[:ROW_WORDS_MAX])[: LETTERS_MAX // 4]).cuts


def _words(rows: list[_Row]) -> tuple[list[tuple[int, str, str]], dict[tuple[int, str, str], int]]:
    distinct = {(row[1], text, script) for row in rows for text, script, _ in row[4]}
    words = sorted(distinct)
    return words, {word: place for place, word in enumerate(words)}


def _row_arrays(
    rows: list[_Row], word_ids: dict[tuple[int, str, str], int]
) -> dict[str, NDArray[np.generic]]:
    flat = [
        word_ids[row[1], text, script] | (LIGHT if light else 0)
        for row in rows
        for text, script, light in row[4]
    ]
    return {
        "row_record": np.array([row[0] for row in rows], dtype=np.uint32),
        "row_audience": np.array([row[2] for row in rows], dtype=np.uint32),
        "row_public": np.array([row[3] for row in rows], dtype=np.uint8),
        "row_core": np.array([sum(not light for *_, light in row[4]) for row in rows], dtype=np.uint8),
        "row_starts": _starts([len(row[4]) for row in rows]),
        "row_words": np.array(flat, dtype=np.uint32),
    }


def _starts(counts: list[int] | NDArray[np.int64]) -> NDArray[np.uint32]:
    starts = np.zeros(len(counts) + 1, dtype=np.uint32)
    starts[1:] = np.cumsum(np.asarray(counts, dtype=np.int64)).astype(np.uint32)
    return starts


def _postings(
    rows: dict[str, NDArray[np.generic]], words: list[tuple[int, str, str]]
) -> dict[str, NDArray[np.generic]]:
    row_starts = rows["row_starts"].astype(np.int64)
    flat = rows["row_words"].astype(np.int64)
    owners = np.repeat(np.arange(row_starts.size - 1), np.diff(row_starts))
    heavy = flat & LIGHT == 0
    word_of, row_of = flat[heavy], owners[heavy]
    # A word that stands twice in a name is posted once.
    posted = (
        np.unique(np.stack([word_of, row_of], axis=1), axis=0) if word_of.size else np.zeros((0, 2), np.int64)
    )
    counts = np.bincount(posted[:, 0], minlength=len(words))
    public = rows["row_public"].astype(bool)
    word_public = np.bincount(posted[public[posted[:, 1]], 0], minlength=len(words))
    spaces = np.array([word[0] for word in words], dtype=np.uint16)
    # The space of a row is that of its first word; a row has at least one.
    row_space = spaces[(flat[row_starts[:-1]] & ~LIGHT)] if flat.size else np.zeros(0, np.uint16)
    space_ids, space_counts = np.unique(row_space[public], return_counts=True)
    return {
        "word_space": spaces,
        "word_script": np.array([script_id(script) for _, _, script in words], dtype=np.uint8),
        "word_native": np.array([word_native_id(text) for _, text, _ in words], dtype=np.uint32),
        "word_public": word_public.astype(np.uint32),
        "post_starts": _starts(counts),
        "post_rows": posted[:, 1].astype(np.uint32),
        "space_ids": space_ids.astype(np.uint16),
        "space_public": space_counts.astype(np.uint32),
    }


def _forms(words: list[tuple[int, str, str]]) -> dict[str, NDArray[np.generic]]:
    form_ids: dict[str, int] = {}
    links: list[tuple[int, int, int]] = []
    first_form: list[str | None] = []
    for place, (_, text, script) in enumerate(words):
        forms = forms_of(text, script)
        first_form.append(forms[0].text if forms else None)
        for form in forms:
            number = form_ids.setdefault(form.text, len(form_ids))
            links.append((number, place, round(form.price * PRICE_STEPS)))
    ordered = sorted(form_ids)
    rank = np.zeros(len(form_ids), dtype=np.int64)
    rank[[form_ids[text] for text in ordered]] = np.arange(len(ordered))
    table = np.array(links, dtype=np.int64).reshape(-1, 3)
    table[:, 0] = rank[table[:, 0]]
    table = table[np.lexsort((table[:, 1], table[:, 0]))]
    letters = [letter_codes(text) for text in ordered]
    sounds = [sound_codes(text) for text in ordered]
    none = len(ordered)
    return {
        "form_starts": _starts([len(codes) for codes in letters]),
        "form_letters": np.frombuffer(b"".join(letters), dtype=np.uint8),
        "form_sound_starts": _starts([len(codes) for codes in sounds]),
        "form_sounds": np.frombuffer(b"".join(sounds), dtype=np.uint8),
        "form_masks": np.array([_mask(codes) for codes in sounds], dtype=np.uint64),
        "form_word_starts": _starts(np.bincount(table[:, 0], minlength=len(ordered))),
        "form_words": table[:, 1].astype(np.uint32),
        "form_prices": table[:, 2].astype(np.uint8),
        "word_form": np.array(
            [none if text is None else rank[form_ids[text]] for text in first_form], dtype=np.uint32
        ),
    }


def _mask(codes: bytes) -> int:
    mask = 0
    for code in codes:
        mask |= 1 << code
    return mask


def _depths(forms: dict[str, NDArray[np.generic]], words: list[tuple[int, str, str]]) -> NDArray[np.uint8]:
    """Return how widely each form is looked for: typing errors are made in the letters that were typed."""
    latin = np.array([script in {"latin", ""} for _, _, script in words], dtype=np.bool_)
    usual = forms["form_prices"] == 0
    near = forms["form_prices"] <= NEAR_FORM_STEPS
    by_link = np.where(usual & latin[forms["form_words"]], DEEP, np.where(near, SHALLOW, HEARD))
    depths = np.zeros(forms["form_starts"].size - 1, dtype=np.uint8)
    owners = np.repeat(np.arange(depths.size), np.diff(forms["form_word_starts"].astype(np.int64)))
    np.maximum.at(depths, owners, by_link.astype(np.uint8))
    return depths


def _keys(forms: dict[str, NDArray[np.generic]], depths: NDArray[np.uint8]) -> dict[str, NDArray[np.generic]]:
    hashes, owners = _all_keys(
        forms["form_starts"], forms["form_letters"], forms["form_sound_starts"], forms["form_sounds"], depths
    )
    starts, order = _buckets(hashes)
    tags = (hashes[order] >> np.uint64(48)).astype(np.uint16)
    return {"key_starts": starts, "key_tags": tags, "key_forms": owners[order]}


def _buckets(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Sort hashes into a power of two of buckets by their low bits; return the bounds and the order."""
    bits = max(4, int(hashes.size).bit_length() - 1)
    bucket_of = (hashes & np.uint64((1 << bits) - 1)).astype(np.uint32)
    order = np.argsort(bucket_of, kind="stable")
    starts = np.zeros((1 << bits) + 1, dtype=np.uint32)
    starts[1:] = np.cumsum(np.bincount(bucket_of, minlength=1 << bits)).astype(np.uint32)
    return starts, order


@njit(cache=True)
def _all_keys(
    form_starts: NDArray[np.uint32],
    form_letters: NDArray[np.uint8],
    sound_starts: NDArray[np.uint32],
    form_sounds: NDArray[np.uint8],
    depths: NDArray[np.uint8],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    keys = np.empty(KEYS_MAX, dtype=np.uint64)
    room = max(1024, (form_starts.size - 1) * 24)
    hashes = np.empty(room, dtype=np.uint64)
    owners = np.empty(room, dtype=np.uint32)
    filled = 0
    for form in range(form_starts.size - 1):
        begin, end = form_starts[form], form_starts[form + 1]
        count = letter_keys(form_letters[begin:end], end - begin, depths[form], keys, 0)
        begin, end = sound_starts[form], sound_starts[form + 1]
        count = class_keys(form_sounds[begin:end], end - begin, depths[form], keys, count)
        if filled + count > room:
            room *= 2
            hashes, owners = _grown(hashes, room), _grown(owners, room)
        for place in range(count):
            hashes[filled] = keys[place]
            owners[filled] = form
            filled += 1
    return hashes[:filled], owners[:filled]


@njit(cache=True)
def _grown(values: NDArray[np.generic], room: int) -> NDArray[np.generic]:
    wider = np.empty(room, dtype=values.dtype)
    wider[: values.size] = values
    return wider


def _pairs(
    row_starts: NDArray[np.generic], flat: NDArray[np.generic], forms: dict[str, NDArray[np.generic]]
) -> dict[str, NDArray[np.generic]]:
    hashes, rows, places = _all_pairs(
        row_starts, flat, forms["word_form"], forms["form_sound_starts"], forms["form_sounds"]
    )
    starts, order = _buckets(hashes)
    tags = (hashes[order] >> np.uint64(48)).astype(np.uint16)
    return {
        "pair_starts": starts,
        "pair_tags": tags,
        "pair_rows": rows[order],
        "pair_places": places[order],
    }


@njit(cache=True)
def pair_key(sounds: NDArray[np.uint8], count: int) -> np.uint64:
    """Return the key of two words written as one: their classes of sounds in order, vowels all of one class."""
    classes = np.empty(SYMBOLS_MAX, dtype=np.uint8)
    length = 0
    for place in range(count):
        kind = CLASSES[sounds[place]]
        if kind and not (length and classes[length - 1] == kind):
            classes[length] = kind
            length += 1
    return hash_without(classes, length, -1, -1, _PAIR_SEED)


@njit(cache=True)
def _all_pairs(
    row_starts: NDArray[np.uint32],
    flat: NDArray[np.uint32],
    word_form: NDArray[np.uint32],
    sound_starts: NDArray[np.uint32],
    form_sounds: NDArray[np.uint8],
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.uint8]]:
    hashes = np.empty(flat.size, dtype=np.uint64)
    rows = np.empty(flat.size, dtype=np.uint32)
    places = np.empty(flat.size, dtype=np.uint8)
    sounds = np.empty(SYMBOLS_MAX * 2, dtype=np.uint8)
    none = sound_starts.size - 1
    filled = 0
    for row in range(row_starts.size - 1):
        for place in range(row_starts[row], np.int64(row_starts[row + 1]) - 1):
            one = word_form[flat[place] & np.uint32(0x7FFFFFFF)]
            other = word_form[flat[place + 1] & np.uint32(0x7FFFFFFF)]
            if one == none or other == none:
                continue
            count = 0
            for form in (one, other):
                for sound in range(sound_starts[form], sound_starts[form + 1]):
                    if count < SYMBOLS_MAX and not (count and sounds[count - 1] == form_sounds[sound]):
                        sounds[count] = form_sounds[sound]
                        count += 1
            hashes[filled] = pair_key(sounds, count)
            rows[filled] = row
            places[filled] = place - row_starts[row]
            filled += 1
    return hashes[:filled], rows[:filled], places[:filled]
