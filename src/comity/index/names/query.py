"""What is asked of the name index? The words of a name, each neighbouring two as one, packed for the kernels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

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


class Part(NamedTuple):
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


def _part(
    key: tuple[str, str], native: int, texts: Sequence[str], prices: Sequence[float], depths: Sequence[int], marks: int
) -> Part:  # fmt: skip
    codes = [letter_codes(text) for text in texts]
    letters = np.frombuffer(b"".join(codes), dtype=np.uint8)
    if len(codes) == 1:
        bounds, some_prices, some_depths = _of_one(len(codes[0]), prices[0], depths[0])
    else:
        bounds = np.array([*accumulate(map(len, codes), initial=0)], dtype=np.int64)
        some_prices, some_depths = np.array(prices, dtype=np.float32), _depths(tuple(depths))
    sounds, sound_bounds, usual = sounds_of_forms(letters, bounds)
    spelling = texts[0] if texts else ""
    if len(spelling) == 1:
        marks |= SINGLE_LETTER
    return Part(
        key, letters, bounds, sounds, sound_bounds, some_prices, some_depths, script_id(key[1]), native,
        expected_rarity(spelling), usual, codes[0] if codes else b"", marks,
    )  # fmt: skip


# What many parts have alike is made once; no kernel writes into it.
@lru_cache(maxsize=PLACES_KEPT)
def _of_one(
    letters: int, price: float, depth: int
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.uint8]]:
    """Return the bounds, the prices and the depths of a part that has one form."""
    bounds = np.array([0, letters], dtype=np.int64)
    return bounds, np.array([price], dtype=np.float32), np.array([depth], dtype=np.uint8)


@lru_cache(maxsize=PLACES_KEPT)
def _depths(depths: tuple[int, ...]) -> NDArray[np.uint8]:
    return np.array(depths, dtype=np.uint8)


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
    texts, prices, rules = [*zip(*forms, strict=True)] or ((), (), ())
    marks = HAS_NICKNAMES if "nickname" in rules else 0
    depths = [_depth(form, script) for form in forms]
    return _part((text, script), word_native_id(text), texts, prices, depths, marks)


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
    firsts = forms_of(one, one_script)[:JOINED_FORMS_MAX]
    seconds = forms_of(other, other_script)[:JOINED_FORMS_MAX]
    joined: dict[str, float] = {}
    for first, first_price, _ in firsts:
        for second, second_price, _ in seconds:
            text = (first + second)[:SYMBOLS_MAX]
            price = first_price + second_price + JOINING_PRICE
            if text not in joined or joined[text] > price:
                joined[text] = price
    texts, prices = [*joined], [*joined.values()]
    if len(texts) > 1:
        ordered = sorted(zip(prices, texts, strict=True))[:JOINED_FORMS_KEPT]
        prices, texts = [price for price, _ in ordered], [text for _, text in ordered]
    native = word_native_id(one + other if one_script == other_script else "")
    return _part((f"{one} {other}", one_script), native, texts, prices, _JOINED_DEPTHS[: len(texts)], 0)


_JOINED_DEPTHS: Final = (SHALLOW, *(HEARD,) * (JOINED_FORMS_KEPT - 1))


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
