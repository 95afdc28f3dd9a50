"""What must always be true of names: of folding, of comparing two, of finding them in an index."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.index.names import Foresight, NameDelta, NameEntry, NameSegment, Search, search_all
from comity.matching.dates import DATE_WEIGHTS
from comity.matching.foresight import WEIGHING
from comity.matching.name_evidence import EVIDENCE_MIN, name_evidence
from comity.matching.names import NameComparison, Rarity, RecordName, compare_names
from comity.names import fold, parse_name

FORESIGHT = Foresight(WEIGHING, DATE_WEIGHTS)
ALL = np.ones(2, dtype=np.bool_)
PUBLIC_ONLY = np.array([True, False])
INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad"
LETTERS = "abcdefghijklmnopqrstuvwxyz"

any_text = st.text(max_size=60) | st.text(
    st.characters(categories=["Cs", "So", "Mn", "Lo", "Nd"]), max_size=40
)
latin_word = st.text(LETTERS, min_size=4, max_size=10)
latin_name = st.lists(latin_word, min_size=2, max_size=4, unique=True).map(" ".join)


class EvenRarity(Rarity):
    """Every word as rare as every other."""

    def idf(self, word: str) -> float:
        return 6.0 if word else 0.0


def met(one: str, other: str) -> NameComparison:
    return compare_names(parse_name(one), [RecordName(other)], EvenRarity())


def entries(names: list[str]) -> list[NameEntry]:
    return [NameEntry(record, 0, 0, name, counts=True) for record, name in enumerate(names)]


def found(layer: NameSegment | NameDelta, name: str, limit: int = 20) -> list[int]:
    return [one.record for one in search_all([layer], name, Search(0, ALL, limit, FORESIGHT))]


@given(any_text)
def test_any_text_is_folded_once_and_for_all(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(any_text)
def test_any_text_is_a_name_or_malformed(text: str) -> None:
    try:
        assert parse_name(text).words
    except MalformedError as error:
        assert error.code.startswith("name-")  # noqa: PT017  # either outcome is allowed


@settings(max_examples=40, deadline=None)
@given(latin_name, any_text)
def test_any_stored_text_can_be_compared(name: str, text: str) -> None:
    assert 0.0 <= met(name, text).score <= 1.0


@settings(max_examples=40, deadline=None)
@given(latin_name, any_text)
def test_names_never_speak_more_against_than_the_bound(name: str, text: str) -> None:
    assert name_evidence(met(name, text)) >= EVIDENCE_MIN


@settings(max_examples=40, deadline=None)
@given(latin_name)
def test_a_name_meets_itself_word_by_word(name: str) -> None:
    assert {word.rule for word in met(name, name).words} <= {"same", "particle"}


@settings(max_examples=40, deadline=None)
@given(latin_name)
def test_capitals_change_nothing(name: str) -> None:
    assert met(name.upper(), name).weight == met(name, name).weight


@settings(max_examples=40, deadline=None)
@given(latin_name, st.sampled_from(INVISIBLE), st.integers(0, 8))
def test_invisible_signs_change_nothing(name: str, sign: str, place: int) -> None:
    assert met(name[:place] + sign + name[place:], name).weight == met(name, name).weight


@settings(max_examples=40, deadline=None)
@given(latin_name, latin_name)
def test_no_other_name_meets_better_than_the_name_itself(one: str, other: str) -> None:
    assert met(one, other).weight <= met(one, one).weight + 1e-6


@settings(max_examples=15, deadline=None)
@given(st.lists(latin_name, min_size=1, max_size=8, unique=True))
def test_every_name_held_is_found_as_written(names: list[str]) -> None:
    segment = NameSegment.of(entries(names))
    assert all(record in found(segment, name) for record, name in enumerate(names))


@settings(max_examples=15, deadline=None)
@given(st.lists(latin_name, min_size=2, max_size=8, unique=True))
def test_names_followed_one_by_one_are_found_as_names_built_together(names: list[str]) -> None:
    delta = NameDelta()
    for entry in entries(names):
        delta.add([entry])
        found(delta, names[0])
    assert found(delta, names[-1]) == found(NameSegment.of(entries(names)), names[-1])


@settings(max_examples=15, deadline=None)
@given(latin_name, st.integers(1, 6))
def test_withheld_names_push_no_visible_one_out(name: str, withheld: int) -> None:
    hidden = [NameEntry(record, 1, 0, name, counts=False) for record in range(withheld)]
    segment = NameSegment.of([*hidden, NameEntry(withheld, 0, 0, name, counts=True)])
    answer = search_all([segment], name, Search(0, PUBLIC_ONLY, 1, FORESIGHT))
    assert [one.record for one in answer] == [withheld]


@settings(max_examples=25, deadline=None)
@given(any_text)
def test_an_index_answers_any_text_or_calls_it_malformed(text: str) -> None:
    segment = NameSegment.of(entries(["Margery Thistlewood", "Виктор Запорожец"]))
    try:
        assert set(found(segment, text)) <= {0, 1}
    except MalformedError as error:
        assert error.code.startswith("name-")  # noqa: PT017  # either outcome is allowed
