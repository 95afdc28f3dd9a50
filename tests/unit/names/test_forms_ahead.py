"""The forms of many words, searched for ahead in another thread, are those of each word alone."""

import random

from comity.names import forms_ahead
from comity.names.forms import _forms, forms_of
from comity.names.forms_ahead import forms_of_all
from comity.names.readings import learnt
from comity.names.scripts import TRANSCRIBED, script_of

LETTERS = (
    "abdeghijklmnorstuvwxyz",
    "абвгдежзиклмнорстуєі",
    "ابتدرسعلمنوي",
    "אבגדהולמנרש",
    "カリンストマノ",
    "김이박정민수",
    "翰森斯特尔馬",
)


def invented(count: int, seed: int) -> list[tuple[str, str]]:
    chosen = random.Random(seed)
    words = ["".join(chosen.choices(chosen.choice(LETTERS), k=chosen.randint(1, 7))) for _ in range(count)]
    return [(word, TRANSCRIBED if word[0] == "翰" else script_of(word)) for word in words]


def test_the_forms_of_many_words_are_those_of_each() -> None:
    words = invented(1_300, 1)

    found = list(forms_of_all(words))

    assert found == [_forms(*word) for word in words]


def test_what_was_found_ahead_is_all_taken_or_forgotten() -> None:
    for _ in forms_of_all(invented(700, 2)):
        pass

    assert learnt._ahead == {}


def test_words_known_from_before_are_not_searched_for_again() -> None:
    words = invented(50, 3)
    for word in words:
        forms_of(*word)

    assert forms_ahead._asks(words) == []


def test_every_word_that_is_searched_for_ahead_is_asked_for_so() -> None:
    words = [word for word in invented(200, 4) if word[1] != "latin"]
    found = learnt.search_all(forms_ahead._asks(words))

    with learnt.known_beforehand(found):
        for word in words:
            forms_of(*word)

        assert learnt._ahead == {}
