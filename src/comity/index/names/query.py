"""What is asked of the name index? The words of a name, each neighbouring two as one, packed for the kernels."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from comity.index.names.keys import DEEP, EXACT, HEARD, SHALLOW
from comity.index.names.layout import row_words, script_id, word_native_id
from comity.names.fold import fold
from comity.names.forms import Form, PackedForms, asked_forms, forms_of, pack
from comity.names.parts import Name, Word
from comity.names.scripts import script_of
from comity.names.sounds import SYMBOLS_MAX

WORDS_MAX = 12
JOINED_FORMS_MAX = 3
JOINED_FORMS_KEPT = 5
JOINING_PRICE = 0.1
NEAR_FORM_PRICE = 0.25
EXTRA_WEIGHT = 0.2
# A query word without counterpart, a row word without, one against the other; an initial that fits, a word cut
# off; and the most that a particle that agrees is worth.
PENALTIES = np.array([1.2, 0.6, 2.5, 1.5, 3.0, 0.4], dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Part:
    """A word of the query, or two neighbouring words taken as one, with its forms."""

    key: tuple[str, str]
    forms: PackedForms
    depths: NDArray[np.uint8]
    script: int
    native: int
    spelling: str

    @classmethod
    def of_text(cls, word: str) -> "Part":
        """Return the part that one word makes."""
        folded = fold(word)
        return word_part(folded, script_of(folded))


@lru_cache(maxsize=65_536)
def word_part(text: str, script: str) -> Part:
    """Return the part that one word of a query makes."""
    forms = asked_forms(text, script)
    spelling = forms[0].text if forms else ""
    depths = np.array([_depth(form, script) for form in forms], dtype=np.uint8)
    return Part((text, script), pack(forms), depths, script_id(script), word_native_id(text), spelling)


def _depth(form: Form, script: str) -> int:
    """Return how widely a form is looked for: typing errors are made in the letters that were typed."""
    if form.rule == "nickname":
        return EXACT
    if form.rule == "respelt":
        return HEARD
    if form.price == 0 and script in {"latin", ""}:
        return DEEP
    return SHALLOW if form.price <= NEAR_FORM_PRICE else HEARD


@lru_cache(maxsize=65_536)
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
    spelling = forms[0].text if forms else ""
    script = script_id(one_script)
    depths = np.array([SHALLOW if place == 0 else HEARD for place in range(len(forms))], dtype=np.uint8)
    key = (f"{one} {other}", one_script)
    return Part(key, pack(forms), depths, script, word_native_id(native), spelling)


@dataclass(frozen=True, slots=True)
class Question:
    """One way to cut the name asked for: its parts, where each begins and ends, and its words' own traits."""

    parts: tuple[Part, ...]
    part_first: NDArray[np.int64]
    part_last: NDArray[np.int64]
    light: NDArray[np.bool_]
    initials: NDArray[np.uint8]
    letters: NDArray[np.uint8]
    letters_count: NDArray[np.int32]


def questions(name: Name) -> list[Question]:
    """Return what to ask of the index for a name: one question a way to cut it."""
    return [_question(cut) for cut in name.cuts]


def _question(cut: tuple[Word, ...]) -> Question:
    words = row_words(cut)[:WORDS_MAX]
    parts = [word_part(text, script) for text, script, _ in words]
    first, last = list(range(len(words))), list(range(len(words)))
    letters = np.zeros((len(words), SYMBOLS_MAX), dtype=np.uint8)
    letters_count = np.zeros(len(words), dtype=np.int32)
    for place, part in enumerate(parts):
        if part.forms.letters_count.size:
            letters[place], letters_count[place] = part.forms.letters[0], part.forms.letters_count[0]
    for place in range(len(words) - 1):
        (one, one_script, _), (other, other_script, _) = words[place], words[place + 1]
        if len(one) + len(other) >= 4:
            parts.append(pair_part(one, one_script, other, other_script))
            first.append(place)
            last.append(place + 1)
    return Question(
        tuple(parts),
        np.array(first, dtype=np.int64),
        np.array(last, dtype=np.int64),
        np.array([light for *_, light in words], dtype=np.bool_),
        np.array([len(text) == 1 for text, *_ in words], dtype=np.uint8),
        letters,
        letters_count,
    )
