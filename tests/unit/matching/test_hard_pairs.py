"""Pairs of names that are hard to tell, with the verdict a trained examiner gives: tests/cases/hard_pairs.tsv.

A pair's likeness is the weight of its meeting over the weight of the name met with itself, the better of both ways.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from comity.matching.names import Rarity, RecordName, compare_names
from comity.names import fold, parse_name
from comity.names.chance import expected_rarity
from comity.names.forms import forms_of
from comity.names.scripts import script_of

CASES = Path(__file__).parents[2] / "cases" / "hard_pairs.tsv"
SAME_MIN, OTHER_MAX, VARIANT_MAX = 0.5, 0.5, 0.92


class RarityByLength(Rarity):
    """How rare a word is without any index: by a short table and its length."""

    def idf(self, word: str) -> float:
        forms = forms_of(fold(word), script_of(fold(word)))
        return min(12.0, expected_rarity(forms[0].text)) if forms else 5.0


def hard_pairs() -> Iterator[tuple[str, str, str, str]]:
    for line in CASES.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            phenomenon, one, other, verdict, _why = line.split("\t")
            yield phenomenon, _seen(one), _seen(other), verdict


def _seen(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


def likeness(one: str, other: str) -> float:
    met = compare_names(parse_name(one), [RecordName(other)], RarityByLength())
    itself = compare_names(parse_name(one), [RecordName(one)], RarityByLength())
    return met.weight / itself.weight


def parameters(wanted: str) -> list[object]:
    found: list[object] = []
    for phenomenon, one, other, verdict in hard_pairs():
        if verdict == wanted:
            found.append(pytest.param(one, other, id=f"{phenomenon}: {one} | {other}"))
    return found


def test_the_table_holds_at_least_three_hundred_pairs() -> None:
    assert len(list(hard_pairs())) >= 300


@pytest.mark.parametrize(("one", "other"), parameters("same"))
def test_spellings_of_one_name_keep_half_of_its_weight(one: str, other: str) -> None:
    assert max(likeness(one, other), likeness(other, one)) >= SAME_MIN


@pytest.mark.parametrize(("one", "other"), parameters("variant"))
def test_another_form_of_a_name_weighs_less_than_a_spelling_but_keeps_half(one: str, other: str) -> None:
    assert SAME_MIN <= max(likeness(one, other), likeness(other, one)) <= VARIANT_MAX


@pytest.mark.parametrize(("one", "other"), parameters("other"))
def test_other_people_s_names_keep_less_than_half(one: str, other: str) -> None:
    assert min(likeness(one, other), likeness(other, one)) < OTHER_MAX
