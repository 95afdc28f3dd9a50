"""Parts of a query, against a plain version of how they are made."""

import numpy as np
import pytest

from comity.index.names import query
from comity.index.names.asked_parts import JOINED_FORMS_KEPT, JOINED_FORMS_MAX, JOINING_PRICE
from comity.index.names.keys import HEARD, SHALLOW
from comity.index.names.query import (
    HAS_NICKNAMES,
    SINGLE_LETTER,
    Part,
    pair_part,
    part_of,
    questions,
    word_part,
)
from comity.names.forms import Form, asked_forms, forms_of
from comity.names.parts import parse_name
from comity.names.sounds import SYMBOLS_MAX, letter_codes, sound_codes

PAIRS = [
    ("nali", "latin", "dakepumega", "latin"),
    ("лозинцев", "cyrillic", "сергей", "cyrillic"),
    ("طارق", "arabic", "منصور", "arabic"),
    ("xhevahire", "latin", "лозинцев", "cyrillic"),
    ("a" * 30, "latin", "b" * 30, "latin"),
]


def plainly_joined(pair: tuple[str, str, str, str]) -> list[Form]:
    """Return the forms of a pair as a plain reading of the rule makes them."""
    one, one_script, other, other_script = pair
    joined: dict[str, Form] = {}
    for first in forms_of(one, one_script)[:JOINED_FORMS_MAX]:
        for second in forms_of(other, other_script)[:JOINED_FORMS_MAX]:
            text = (first.text + second.text)[:SYMBOLS_MAX]
            price = first.price + second.price + JOINING_PRICE
            if text not in joined or joined[text].price > price:
                joined[text] = Form(text, price, "joined")
    return sorted(joined.values(), key=lambda form: (form.price, form.text))[:JOINED_FORMS_KEPT]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_has_the_letters_of_its_joined_forms(pair: tuple[str, str, str, str]) -> None:
    part = pair_part(*pair)
    assert part.letters.tobytes() == b"".join(letter_codes(form.text) for form in plainly_joined(pair))


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_has_the_prices_of_its_joined_forms(pair: tuple[str, str, str, str]) -> None:
    expected = np.array([form.price for form in plainly_joined(pair)], dtype=np.float32)
    assert pair_part(*pair).prices.tolist() == expected.tolist()


@pytest.mark.parametrize("pair", PAIRS)
def test_the_likeliest_form_of_a_pair_is_looked_for_most_widely(pair: tuple[str, str, str, str]) -> None:
    count = len(plainly_joined(pair))
    assert pair_part(*pair).depths.tolist() == [SHALLOW, *[HEARD] * (count - 1)]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_sounds_as_its_joined_forms(pair: tuple[str, str, str, str]) -> None:
    part = pair_part(*pair)
    heard = [
        part.sounds[part.sound_bounds[place] : part.sound_bounds[place + 1]].tobytes()
        for place in range(part.prices.size)
    ]
    assert heard == [sound_codes(form.text) for form in plainly_joined(pair)]


def test_a_word_that_nobody_can_read_has_no_form() -> None:
    part = part_of("᠀", "", ())
    assert (part.letters.size, part.bounds.tolist(), part.prices.size, part.usual.tolist()) == (
        0,
        [0],
        0,
        [0],
    )


def test_a_word_of_one_letter_is_marked() -> None:
    assert part_of("o", "latin", (Form("o", 0.0, "latin"),)).marks == SINGLE_LETTER


def test_a_word_with_short_forms_is_marked() -> None:
    forms = (Form("michael", 0.0, "latin"), Form("mike", 0.3, "nickname"))
    assert part_of("michael", "latin", forms).marks == HAS_NICKNAMES


WORDS = [
    ("dakepumega", "latin"),
    ("yanovsky", "latin"),
    ("alkhaderi", "latin"),
    ("xhevahire", "latin"),
    ("tschingis", "latin"),
    ("michael", "latin"),
    ("yakoob", "latin"),
    ("gerardus", "latin"),
    ("o", "latin"),
    ("h" * 60, "latin"),
    ("27", ""),
    ("müllerová", "latin"),
    ("лозинцев", "cyrillic"),
    ("طارق", "arabic"),
    ("佳蓉", "han"),
    ("hsuehyen", "latin-chinese"),
]


def told(part: Part) -> list[object]:
    """Return all that a part says; what lies behind its sounds is room."""
    arrays = (
        part.letters,
        part.bounds,
        part.sounds[: part.sound_bounds[-1]],
        part.sound_bounds,
        part.prices,
        part.depths,
    )
    values = part.key, part.script, part.native, part.expected, part.usual_letters, part.marks
    return [*(array.tolist() for array in arrays), *values, part.usual.tolist()]


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_the_part_that_its_forms_make(word: tuple[str, str]) -> None:
    assert told(word_part(*word)) == told(part_of(*word, asked_forms(*word)))


def test_words_read_together_are_the_parts_that_each_makes_alone() -> None:
    (question,) = questions(parse_name("Zhemikardo Лозинцебов Vakhtirbusha"))
    alone = [
        word_part("zhemikardo", "latin"),
        word_part("лозинцебов", "cyrillic"),
        word_part("vakhtirbusha", "latin"),
    ]
    query._words.clear()
    (again,) = questions(parse_name("Vakhtirbusha Zhemikardo"))
    assert [told(part) for part in (*question.parts[:3], again.parts[1], again.parts[0])] == [
        told(part) for part in (*alone, alone[0], alone[2])
    ]


def test_pairs_taken_together_are_those_that_each_two_words_make() -> None:
    (question,) = questions(parse_name("Zhemikardo Лозинцебов Vakhtirbusha"))
    query._pairs.clear()
    alone = [
        pair_part("лозинцебов", "cyrillic", "vakhtirbusha", "latin"),
        pair_part("zhemikardo", "latin", "лозинцебов", "cyrillic"),
    ]
    assert [told(part) for part in question.parts[3:]] == [told(part) for part in reversed(alone)]


def test_so_many_words_and_pairs_are_kept_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "WORDS_KEPT", 3)
    monkeypatch.setattr(query, "PAIRS_KEPT", 2)
    query._words.clear()
    query._pairs.clear()
    questions(parse_name("Badurik Cedurik Dedurik Fedurik Gedurik"))
    assert (len(query._words), len(query._pairs)) == (3, 2)
