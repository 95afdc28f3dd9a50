"""What the index foretells of a comparison is what the comparison says, or more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.index.names import Foresight, NameEntry, NameSegment, Search, rarity, search_all
from comity.matching.dates import DATE_WEIGHTS
from comity.matching.foresight import MARGIN, WEIGHING
from comity.matching.name_evidence import name_evidence
from comity.matching.names import Rarity, RecordName, compare_names
from comity.names import parse_name
from comity.names.sounds import sounds_of

FORESIGHT = Foresight(WEIGHING, DATE_WEIGHTS)
LIKELY = 4.5
"""Evidence from which on a name alone may be a hit at the analyst's floor, the lowest. Words of two and three letters
are left out but for those that names are full of: such as meet without a common key (bin and van, uam and van) may turn
out better than the index could know."""

# Two words written as one are not looked for from a word of fewer than four sounds: "aaaa" sounds "a".
word = st.text("aeioumnrstlk", min_size=4, max_size=8).filter(lambda text: len(sounds_of(text)) >= 4)
name = st.lists(
    word | st.sampled_from(["bin", "al", "jr", "Ivanovich", "A.", "K.", "R.", "van"]), min_size=1, max_size=4
).map(" ".join)
far_name = st.sampled_from(
    [
        "Сергей Лозинцев",
        "林佳蓉",
        "Lin Chia-jung",
        "طارق منصور",
        "Tarik Mansur",
        "Sergei Ivanovich Lozintsev",
        "도한결",
    ]
)


class SegmentRarity(Rarity):
    """How rare words are in one segment."""

    def __init__(self, segment: NameSegment) -> None:
        self.segment = segment

    def idf(self, word: str) -> float:
        return rarity([self.segment], word)


def differences(asked: str, held: list[str]) -> list[float]:
    """Return by how much each likely candidate's comparison turned out better than was foretold."""
    segment = NameSegment.of([NameEntry(record, 0, 0, text, counts=True) for record, text in enumerate(held)])
    try:
        found = search_all([segment], asked, Search(0, np.ones(1, dtype=np.bool_), 50, FORESIGHT))
    except MalformedError:
        return []
    query, rare = parse_name(asked), SegmentRarity(segment)
    told = [name_evidence(compare_names(query, [RecordName(held[one.record])], rare)) for one in found]
    return [exact - one.promise for exact, one in zip(told, found, strict=True) if exact > LIKELY]


@settings(max_examples=150, deadline=None)
@given(name | far_name, st.lists(name | far_name, min_size=1, max_size=6))
def test_a_comparison_says_no_more_than_was_foretold(asked: str, held: list[str]) -> None:
    assert max(differences(asked, [*held, asked]), default=0.0) <= MARGIN


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("Odessa Marlowe", "Odessa Marlowe"),
        ("Odessa Marlowe", "Marlowe Odessa"),
        ("Odessa Marlowe", "Odessa Marlow"),
        ("Odessa Marlowe", "Odessa Maloew"),
        ("Odessa Marlowe", "O. Marlowe"),
        ("K. R. Marlowe", "K. R. Marlowe"),
        ("K.R.T.", "K.R.T."),
        ("Odessa Marlowe", "Odessa Quentin Marlowe"),
        ("Ivan Petrovich Lozintsev", "Ivan Lozintsev"),
        ("Ivan Petrovich Lozintsev", "Ivan Sergeevich Lozintsev"),
        ("Abdul Rahman Mansur", "Abdurrahman Mansur"),
        ("John Farrow Jr", "John Farrow Sr"),
        ("Сергей Лозинцев", "Sergei Lozintsev"),
        ("林佳蓉", "林佳蓉"),
        ("Pieter van der Velde", "Pieter Velde"),
        ("Bonaventura Marl", "Bonaventura Marlowthwaite"),
    ],
)
def test_what_is_foretold_is_what_the_comparison_says(asked: str, held: str) -> None:
    (difference,) = differences(asked, [held]) or [0.0]
    assert abs(difference) < 0.6
