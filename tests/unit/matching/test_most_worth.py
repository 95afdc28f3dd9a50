"""The most that names can be worth beside a short name in Han characters: never less than comparing them tells."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.matching.most_worth import MostWorth, _Asked, most_worth, other_characters
from comity.matching.name_evidence import evidence_of_all
from comity.matching.names import Rarity, RecordName, compare_all
from comity.matching.names.doubts import price_of_doubt
from comity.matching.names.traits import LENGTH, SCRIPT, SCRIPT_NUMBERS, SIGNS, TEXT, TRAITS_COUNT
from comity.matching.profiles import BORDER
from comity.matching.score import score_all
from comity.names import parse_name
from comity.records.check import parse_check
from comity.records.handling import Restriction, Share
from comity.records.record import parse_record

# Characters that sound alike in some language, or are read in one letter, and those that some names have alike.
LETTERS = "王汪旺李里力丽小晓笑明名铭欧鸥伊一安金林"
han = st.text(LETTERS, min_size=1, max_size=4)
latin = st.lists(
    st.sampled_from(
        ["Wang", "Xiaoming", "Li", "E.", "A", "de", "la", "bin", "Ou", "Yi", "Mingming", "Jin", "Jr"]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
name = han | latin | st.sampled_from(["ワン リ", "왕소명", "先生", "金·李", "", "?!"])


class RarityByLetters(Rarity):
    """How rare a word is by how many letters it has, so much each."""

    def __init__(self, each: float) -> None:
        self._each = each

    def idf(self, word: str) -> float:
        return self._each * len(word)


def told(query: str, each: float) -> MostWorth:
    found = most_worth(parse_name(query), RarityByLetters(each))
    assert found
    return found


@settings(max_examples=400, deadline=None)
@given(st.text(LETTERS, min_size=1, max_size=3), st.lists(name, min_size=1, max_size=12), st.floats(0.5, 9.0))
def test_no_name_is_worth_more_than_was_told_before_it_was_read(
    query: str, names: list[str], each: float
) -> None:
    held = [RecordName(text) for text in names]
    worth = evidence_of_all(compare_all(parse_name(query), held, RarityByLetters(each))).tolist()
    ahead = told(query, each)
    assert [text for text, most in zip(names, worth, strict=True) if most > ahead.of(text)] == []


@given(
    st.text(LETTERS, min_size=1, max_size=3),
    st.text(LETTERS, min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_other_characters_cost_what_they_cost_in_a_comparison(
    one: str, other: str, native: bool, held_native: bool
) -> None:
    scripts = ["han" if is_native else "transcribed" for is_native in (native, held_native)]
    asked, held = np.zeros((2, TRAITS_COUNT), dtype=np.int32)
    asked[[TEXT, SCRIPT, LENGTH, SIGNS]] = 1, SCRIPT_NUMBERS[scripts[0]], len(one), 0
    held[[TEXT, SCRIPT, LENGTH, SIGNS]] = 2, SCRIPT_NUMBERS[scripts[1]], len(other), len(one)
    signs = np.array([ord(letter) for letter in one + other], dtype=np.int32)
    price = price_of_doubt(asked, held, signs, 0.0)
    assert other_characters(_Asked(one, scripts[0], 1.0, has_nickname=False), (other, scripts[1])) == price


@pytest.mark.parametrize("query", ["Wang Li", "王小明明", "王 Li", "ワン"])
def test_nothing_is_told_beside_a_name_that_is_longer_or_otherwise_written(query: str) -> None:
    assert most_worth(parse_name(query), RarityByLetters(3.0)) is None


@pytest.mark.parametrize("text", ["王小明", "小王明", "王小明李", "ワン リ", "先生", "王·李"])
def test_what_only_reading_can_tell_is_read(text: str) -> None:
    assert told("王小明", 3.0).of(text) == math.inf


def test_a_common_name_is_told_apart_by_its_characters() -> None:
    ahead = told("王明", 4.0)
    assert max(map(ahead.of, ("汪铭", "Wang Ming", "旺名"))) < 6.0 < ahead.of("王明")


def test_a_record_is_scored_as_if_all_its_names_were_read() -> None:
    names = [["汪铭", "Wang Ming"], ["王明"], ["旺名"], ["汪铭", "王明"]]
    records = [
        parse_record(
            {"kind": "person", "source_id": str(place), "names": [{"name": text} for text in some]},
            Share(Restriction.ALL),
        )
        for place, some in enumerate(names)
    ]
    check = parse_check({"kind": "person", "name": "王明"})
    rarity = RarityByLetters(4.0)
    whole = score_all(check, records, BORDER, rarity)
    ahead = score_all(check, records, BORDER, rarity, worth_min=6.0)
    assert ahead == [None, whole[1], None, whole[3]]
