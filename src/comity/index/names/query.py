"""What is asked of the name index? The words of a name, each neighbouring two as one, packed for the kernels."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import direct
from comity.index.names.asked_parts import (
    LINE,
    NEAR_FORM_PRICE,
    READ,
    READ_LETTERS_MAX,
    SOUNDS_END,
    Packed,
    parts_of_pairs,
    parts_of_words,
)
from comity.index.names.cuts import read_words
from comity.index.names.keys import DEEP, EXACT, SHALLOW
from comity.index.names.keys import HEARD as HEARD_DEPTH
from comity.index.names.rows import row_words
from comity.index.names.spellings import HAN, script_id, sounds_of_forms, sounds_said, word_native_id
from comity.names.chance import expected_rarity
from comity.names.fold import fold
from comity.names.forms import (
    HEARD,
    Form,
    forms_of,
    is_plain,
    needs_stem,
    own_forms_asked,
    take_read,
    usual_form,
    widened,
)
from comity.names.parts import Name, Word
from comity.names.readings.learnt import packed_table
from comity.names.scripts import script_of
from comity.names.sounds import all_letter_codes, letter_codes, letters_of
from comity.names.variant_marks import variant_marks

WORDS_MAX = 12
JOINED_LETTERS_MIN = 4
SINGLE_LETTER, HAS_NICKNAMES = 1, 2
_TYPED: Final = frozenset({"latin", ""})
"""Scripts whose letters are typed as they stand in a form."""
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


class _Known(NamedTuple):
    """A word of a query: its part, and its first forms as `parts_of_pairs` takes them, with their prices."""

    part: Part
    lead: bytes
    prices: tuple[float, ...]


_words: OrderedDict[tuple[str, str], _Known] = OrderedDict()
_pairs: OrderedDict[tuple[str, str, str, str], Part] = OrderedDict()


def word_part(text: str, script: str) -> Part:
    """Return the part that one word of a query makes."""
    return _known([(text, script)])[0].part


def pair_part(one: str, one_script: str, other: str, other_script: str) -> Part:
    """Return the part that two neighbouring words make when written as one."""
    words = [(one, one_script), (other, other_script)]
    return _joined(words, _known(words), (0,))[0]


def _known(words: Sequence[tuple[str, str]]) -> list[_Known]:
    """Return what is known of some words; those that are new are read together."""
    found = [_words.get(word) for word in words]
    if None not in found:
        return [one for one in found if one is not None]
    new = list(dict.fromkeys([word for word, one in zip(words, found, strict=True) if one is None]))
    fresh = dict(zip(new, _read(new), strict=True))
    for word, one in fresh.items():
        _words[word] = one
        if len(_words) > WORDS_KEPT:
            _words.popitem(last=False)
    return [fresh[word] if one is None else one for word, one in zip(words, found, strict=True)]


def _read(words: Sequence[tuple[str, str]]) -> list[_Known]:
    """Return the parts of words that are asked for the first time."""
    infos: list[int] = []
    given: list[bytes] = []
    prices: list[float] = []
    for text, script in words:
        if len(text) <= READ_LETTERS_MAX and is_plain(text, script):
            infos += (READ, 1)
            continue
        forms = own_forms_asked(text, script)
        infos += (len(forms), script in _TYPED)
        for spelling, price, _ in forms:
            given.append(all_letter_codes(spelling))
            prices.append(price)
    raw = "\0".join([text for text, _ in words]).encode("utf-8", "replace")
    packed = _words_kernel()(
        np.frombuffer(raw, dtype=np.uint8), np.array(infos, dtype=np.int64),
        np.frombuffer(b"\0".join([*given, b""]) or b"\0", dtype=np.uint8), np.array(prices, dtype=np.float64),
        variant_marks(), *packed_table(HEARD),
    )  # fmt: skip
    found: list[_Known] = []
    for place, (made, read) in enumerate(
        zip(_parts_cut(packed, words), read_words(packed, len(words)), strict=True)
    ):
        text, script = words[place]
        if infos[2 * place] == READ:
            take_read(text, script, read.forms)
        part = made
        if read.varies or needs_stem(text, script):
            part = part_of(text, script, widened(text, script, forms_of(text, script)))
        found.append(_Known(part, read.lead, read.prices))
    return found


def _parts_cut(packed: Packed, keys: Sequence[tuple[str, str]]) -> list[Part]:
    """Return the parts that lie end to end, a key for each."""
    letters, small, numbers, prices, usual, _ = packed
    # No kernel writes into it; those that read it are compiled for what is not written.
    letters.flags.writeable = False
    lines: list[int] = numbers[-len(keys) * LINE :].tolist()
    codes = letters.tobytes()
    spelt, depths = letters_of(codes), lines[SOUNDS_END - LINE]
    begin = sound = form = bound = 0
    parts: list[Part] = []
    for place, key in enumerate(keys):
        forms, end, sounds_end, native, _, _, _, first = lines[place * LINE : place * LINE + LINE]
        middle, last = bound + forms + 1, form + forms
        part = Part(
            key, letters[begin:end], numbers[bound:middle], small[sound:sounds_end],
            numbers[middle : middle + forms + 1], prices[form:last], small[depths + form : depths + last],
            script_id(key[1]), native, expected_rarity(spelt[begin : begin + first]), usual[place : place + 1],
            codes[begin : begin + first], SINGLE_LETTER if first == 1 else 0,
        )  # fmt: skip
        parts.append(part)
        begin, sound, form, bound = end, sounds_end, last, middle + forms + 1
    return parts


def _joined(words: Sequence[tuple[str, str]], known: Sequence[_Known], places: Sequence[int]) -> list[Part]:
    """Return the parts that neighbouring words make when written as one, from each of some places on."""
    keys = [(*words[place], *words[place + 1]) for place in places]
    found = [_pairs.get(key) for key in keys]
    if None not in found:
        return [part for part in found if part is not None]
    new = [place for place, part in zip(places, found, strict=True) if part is None]
    raw = "\0".join([text for text, _ in words]).encode("utf-8", "replace")
    packed = _pairs_kernel()(
        np.frombuffer(raw, dtype=np.uint8),
        np.frombuffer(bytes([script_id(script) for _, script in words]), dtype=np.uint8),
        np.frombuffer(b"".join([one.lead for one in known]), dtype=np.uint8),
        np.array([price for one in known for price in one.prices], dtype=np.float64),
        np.array(new, dtype=np.int64),
    )
    texts = [text for text, _ in words]
    made = _parts_cut(packed, [(f"{texts[place]} {texts[place + 1]}", words[place][1]) for place in new])
    fresh = dict(zip(new, made, strict=True))
    for place, part in fresh.items():
        _pairs[*words[place], *words[place + 1]] = part
        if len(_pairs) > PAIRS_KEPT:
            _pairs.popitem(last=False)
    return [fresh[place] if part is None else part for place, part in zip(places, found, strict=True)]


@lru_cache(maxsize=1)
def _words_kernel() -> Callable[..., Packed]:
    return direct(parts_of_words)


@lru_cache(maxsize=1)
def _pairs_kernel() -> Callable[..., Packed]:
    return direct(parts_of_pairs)


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
        return HEARD_DEPTH
    if form.price == 0 and script in _TYPED:
        return DEEP
    return SHALLOW if form.price <= NEAR_FORM_PRICE else HEARD_DEPTH


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
    spelt = [(text, script) for text, script, _ in words]
    known = _known(spelt)
    parts = [one.part for one in known]
    usual = [part.usual_letters for part in parts]
    natives, scripts = [part.native for part in parts], bytes([part.script for part in parts])
    joined = tuple(
        [
            place
            for place, (one, other) in enumerate(pairwise(words))
            if len(one[0]) + len(other[0]) >= JOINED_LETTERS_MIN
        ]
    )
    if joined:
        parts += _joined(spelt, known, joined)
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
