"""What a segment knows of those searched with it holds for these alone, and only until a record is buried."""

from collections.abc import Sequence

import numpy as np

from comity.index.names import (
    Foresight,
    NameCandidate,
    NameEntry,
    NameSegment,
    Search,
    packed_date,
    search_all,
)
from comity.matching.foresight import FORETOLD_DATES, WEIGHING

ASKED = ("Odessa Marlowe", "Odesa Marlow", "Quentin Marlowe")
FIRST = [("Odessa Marlowe", "1970-02-03"), ("Odesa Marlo", "1970"), ("Quentin Tarik", "1970-01-01")]
OTHER = [("Odessa Quentin", "1970-03-02"), *(("Marlowe Tarik", "1971-02-03"),) * 40]


def segment(names: Sequence[tuple[str, str]], first: int) -> NameSegment:
    return NameSegment.of(
        NameEntry(first + place, 0, 0, name, counts=True, dates=(packed_date(born, 0),))
        for place, (name, born) in enumerate(names)
    )


def answers(segments: list[NameSegment], born: str) -> list[list[NameCandidate]]:
    foresight = Foresight(WEIGHING, FORETOLD_DATES, packed_date(born, 0), 0.0)
    search = Search(0, np.ones(1, dtype=np.bool_), 50, foresight)
    return [search_all(segments, name, search) for name in ASKED]


def fresh() -> tuple[NameSegment, NameSegment]:
    return segment(FIRST, 0), segment(OTHER, 100)


def test_segments_that_were_searched_with_others_meanwhile_answer_as_new_ones() -> None:
    one, other = fresh()
    asked = [[one, other], [one], [other], [one, other], [other, one], [one]]
    for born in ("", "1970-02-03", ""):
        for segments in asked:
            new = dict(zip((one, other), fresh(), strict=True))
            assert answers(segments, born) == answers([new[held] for held in segments], born)


def test_a_record_buried_after_a_search_counts_no_more_in_the_next() -> None:
    one, other = fresh()
    before = answers([one, other], "1970-02-03")
    other.bury(range(101, 141))
    kept = answers([one, segment(OTHER[:1], 100)], "1970-02-03")

    assert answers([one, other], "1970-02-03") == kept
    assert before != kept
