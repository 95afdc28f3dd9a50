"""What is asked of the name index? The words of a name, each neighbouring two as one, packed for the kernels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.index.names.keys import DEEP, EXACT, HEARD, SHALLOW
from comity.index.names.rows import row_words
from comity.index.names.spellings import HAN, script_id, sounds_of_forms, sounds_said, word_native_id
from comity.names.chance import expected_rarity
from comity.names.fold import fold
from comity.names.forms import Form, asked_forms, forms_of, usual_form
from comity.names.parts import Name, Word
from comity.names.scripts import script_of
from comity.names.sounds import SYMBOLS_MAX, letter_codes

WORDS_MAX = 12
JOINED_LETTERS_MIN = 4
JOINED_FORMS_MAX = 3
JOINED_FORMS_KEPT = 5
JOINING_PRICE = 0.1
NEAR_FORM_PRICE = 0.25
SINGLE_LETTER, HAS_NICKNAMES = 1, 2
PLACES_KEPT = 1024
WORDS_KEPT, PAIRS_KEPT = 16_384, 8_192
"""How many are kept for whoever asks next: some three kilobytes each. Words come again and again, pairs of them seldom."""


@dataclass(frozen=True, slots=True)
class Part:
    """A word of the query, or two neighbouring words taken as one, with its forms end to end."""

    key: tuple[str, str]
    letters: NDArray[np.uint8]
    bounds: NDArray[np.int64]
    sounds: NDArray[np.uint8]
    sound_bounds: NDArray[np.int64]
    prices: NDArray[np.float32]
    depths: NDArray[np.uint8]
    script: int
    native: int
    expected: float
    usual: NDArray[np.uint64]
    usual_letters: bytes
    marks: int

    @property
    def is_han(self) -> bool:
        """Whether the word is in Han characters."""
        return self.script == HAN


def _part(key: tuple[str, str], native: str, forms: tuple[Form, ...], depths: list[int]) -> Part:
    codes = [letter_codes(form.text) for form in forms]
    letters = np.frombuffer(b"".join(codes), dtype=np.uint8)
    bounds = np.array(list(accumulate(map(len, codes), initial=0)), dtype=np.int64)
    sounds, sound_bounds, usual = sounds_of_forms(letters, bounds)
    spelling = forms[0].text if forms else ""
    marks = SINGLE_LETTER if len(spelling) == 1 else 0
    if any(form.rule == "nickname" for form in forms):
        marks |= HAS_NICKNAMES
    return Part(
        key, letters, bounds, sounds, sound_bounds, np.array([form.price for form in forms], dtype=np.float32),
        np.array(depths, dtype=np.uint8), script_id(key[1]), word_native_id(native), expected_rarity(spelling),
        usual, codes[0] if codes else b"", marks,
    )  # fmt: skip


class Counted(NamedTuple):
    """Words whose bearers are to be counted: how each usually sounds, its characters, how rare it is expected."""

    sounds: NDArray[np.uint64]
    natives: NDArray[np.uint32]
    is_han: NDArray[np.bool_]
    expected: NDArray[np.float64]


def counted(words: Sequence[str]) -> Counted:
    """Return what is to be known of words to count who bears them: their usual spelling alone is read."""
    codes, natives, is_han, expected = zip(*map(_usual, words), strict=True)
    bounds = np.array(list(accumulate(map(len, codes), initial=0)), dtype=np.int64)
    return Counted(
        sounds_said(np.frombuffer(b"".join(codes), dtype=np.uint8), bounds),
        np.array(natives, dtype=np.uint32),
        np.array(is_han, dtype=np.bool_),
        np.array(expected, dtype=np.float64),
    )


@lru_cache(maxsize=WORDS_KEPT)
def _usual(word: str) -> tuple[bytes, int, bool, float]:
    folded = fold(word)
    script = script_of(folded)
    forms = usual_form(folded, script)
    spelling = forms[0].text if forms else ""
    return letter_codes(spelling), word_native_id(folded), script_id(script) == HAN, expected_rarity(spelling)


@lru_cache(maxsize=WORDS_KEPT)
def word_part(text: str, script: str) -> Part:
    """Return the part that one word of a query makes."""
    return part_of(text, script, asked_forms(text, script))


def part_of(text: str, script: str, forms: tuple[Form, ...]) -> Part:
    """Return the part that a word makes whose forms are known, as `asked_forms` returns them."""
    return _part((text, script), text, forms, [_depth(form, script) for form in forms])


def _depth(form: Form, script: str) -> int:
    """Return how widely a form is looked for: typing errors are made in the letters that were typed."""
    if form.rule == "nickname":
        return EXACT
    if form.rule == "respelt":
        return HEARD
    if form.price == 0 and script in {"latin", ""}:
        return DEEP
    return SHALLOW if form.price <= NEAR_FORM_PRICE else HEARD


@lru_cache(maxsize=PAIRS_KEPT)
def pair_part(one: str, one_script: str, other: str, other_script: str) -> Part:
    """Return the part that two neighbouring words make when written as one."""
    joined: dict[str, Form] = {}
    for first in forms_of(one, one_script)[:JOINED_FORMS_MAX]:
        for second in forms_of(other, other_script)[:JOINED_FORMS_MAX]:
            text = (first.text + second.text)[:SYMBOLS_MAX]
            price = first.price + second.price + JOINING_PRICE
            if text not in joined or joined[text].price > price:
                joined[text] = Form(text, price, "joined")
    forms = tuple(sorted(joined.values(), key=lambda form: (form.price, form.text)))[:JOINED_FORMS_KEPT]
    native = one + other if one_script == other_script else ""
    depths = [SHALLOW if place == 0 else HEARD for place in range(len(forms))]
    return _part((f"{one} {other}", one_script), native, forms, depths)


@dataclass(frozen=True, slots=True)
class Question:
    """One way to cut the name asked for: its parts, where each begins and ends, and its words' own traits."""

    parts: tuple[Part, ...]
    part_first: NDArray[np.int64]
    part_last: NDArray[np.int64]
    part_marks: NDArray[np.uint8]
    expected: NDArray[np.float64]
    word_marks: NDArray[np.uint32]
    natives: NDArray[np.uint32]
    scripts: NDArray[np.uint8]
    letters: NDArray[np.uint8]
    letter_bounds: NDArray[np.int64]


def questions(name: Name) -> list[Question]:
    """Return what to ask of the index for a name: one question a way to cut it."""
    return [_question(cut) for cut in name.cuts]


def _question(cut: tuple[Word, ...]) -> Question:
    words = row_words(cut)[:WORDS_MAX]
    parts = [word_part(text, script) for text, script, _ in words]
    usual = [part.usual_letters for part in parts]
    natives, scripts = [part.native for part in parts], bytes([part.script for part in parts])
    joined = tuple(
        place
        for place, (one, other) in enumerate(pairwise(words))
        if len(one[0]) + len(other[0]) >= JOINED_LETTERS_MIN
    )
    for place in joined:
        (one, one_script, _), (other, other_script, _) = words[place], words[place + 1]
        parts.append(pair_part(one, one_script, other, other_script))
    return Question(
        tuple(parts),
        *_places(len(words), joined),
        np.frombuffer(bytes([part.marks for part in parts]), dtype=np.uint8),
        np.array([part.expected for part in parts], dtype=np.float64),
        np.array([marks for *_, marks in words], dtype=np.uint32),
        np.array(natives, dtype=np.uint32),
        np.frombuffer(scripts, dtype=np.uint8),
        np.frombuffer(b"".join(usual), dtype=np.uint8),
        np.array(list(accumulate(map(len, usual), initial=0)), dtype=np.int64),
    )


@lru_cache(maxsize=PLACES_KEPT)
def _places(words: int, joined: tuple[int, ...]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each part begins and ends: the words, then two neighbouring words as one from each of some places."""
    first = np.array([*range(words), *joined], dtype=np.int64)
    last = np.array([*range(words), *(place + 1 for place in joined)], dtype=np.int64)
    return first, last
