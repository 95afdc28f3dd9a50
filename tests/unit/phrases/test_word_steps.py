"""A name's explanation, word by word: who met whom, by what rule, how rare, and what speaks for or against."""

import pytest

from comity.phrases.wording import Step, Wording
from comity.phrases.words import words
from comity.records.check import Agreement, Hit
from comity.records.fieldtype import Json

WORDS: tuple[dict[str, Json], ...] = (
    {"query": "tarek", "record": "طارق", "rule": "transliteration", "rarity": 7.31, "weight": 2.4},
    {"query": "m", "record": "mansour", "rule": "initial", "rarity": 0.4, "weight": 0.12},
    {"query": "", "record": "al-hadidy", "rule": "extra", "rarity": 9.0, "weight": -0.9},
)


def step_of(language: str) -> Step:
    agreement = Agreement("name", "similar", 1.5, "Tarek M", "طارق", "transliteration", WORDS)
    (step,) = Wording(words(language)).steps(hit_by(agreement), "person")
    return step


def hit_by(agreement: Agreement) -> Hit:
    return Hit("P2ABC", None, "person", 0.9, (agreement,), "FRA", None, "check", "full")


def test_each_word_is_told_with_its_rule_and_what_it_speaks_for() -> None:
    first, second, third = step_of("en").words

    assert (first.asked, first.held, first.stance) == ("tarek", "طارق", "for")
    assert first.reason == "The same name in another script or romanisation."
    assert second.stance == "little"
    assert (third.asked, third.held, third.stance) == ("", "al-hadidy", "against")
    assert third.reason == "The record’s name has a part more."


def test_how_rare_a_word_is_is_told_in_two_digits_and_not_of_the_commonest() -> None:
    first, second, third = step_of("en").words

    assert "1,500" in first.rarity
    assert second.rarity == ""
    assert "8,100" in third.rarity


@pytest.mark.parametrize("language", ["ar", "en", "es", "fr"])
def test_it_is_told_in_every_language(language: str) -> None:
    step = step_of(language)

    assert all(word.reason for word in step.words)
    assert step.words[0].rarity
    assert words(language).value("stance", "against") != "against"


def test_what_is_no_name_has_no_words() -> None:
    agreement = Agreement("born", "agrees", 1.5, "1970", "1970", "same-year")
    (step,) = Wording(words("en")).steps(hit_by(agreement), "person")

    assert step.words == ()
