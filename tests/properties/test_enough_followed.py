"""What is left out because it cannot be worth what is wanted is what would have been foretold to be worth less."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.index.names import Foresight, NameEntry, NameSegment, Search, search_all
from comity.index.names import search as names_search
from comity.index.names.entries import packed_date
from comity.matching.dates import DATE_WEIGHTS
from comity.matching.foresight import WEIGHING

WORDS = [
    "Odessa",
    "Odesa",
    "Marlowe",
    "Marlow",
    "Maloew",
    "Marlo",
    "Quentin",
    "Quillfeather",
    "Quill",
    "Tarik",
    "Tareq",
]
word = st.sampled_from(WORDS) | st.text("aeioumnrstlk", min_size=3, max_size=8)
small = st.sampled_from(["bin", "al", "jr", "Ivanovich", "A.", "O.", "M.", "Сергей", "طارق", "林佳蓉"])
name = st.lists(word | small, min_size=1, max_size=4).map(" ".join)
date = st.sampled_from(
    ["", "1970", "1970-02", "1970-02-03", "1970-03-02", "1970-02-13", "1971-02-03", "1982-11-30"]
)


def found(segments: list[NameSegment], asked: str, born: str, floor: float) -> dict[int, float]:
    foresight = Foresight(WEIGHING, DATE_WEIGHTS, packed_date(born, 0), floor)
    search = Search(0, np.ones(1, dtype=np.bool_), 500, foresight)
    return {one.record: one.promise for one in search_all(segments, asked, search)}


def segments_of(held: list[tuple[str, str]], cut: int) -> list[NameSegment]:
    entries = [
        NameEntry(record, 0, 0, text, counts=True, dates=(packed_date(born, 0),) if born else ())
        for record, (text, born) in enumerate(held)
    ]
    return [NameSegment.of(some) for some in (entries[:cut], entries[cut:]) if some]


def check_nothing_is_left_out(
    asked: str, born: str, held: list[tuple[str, str]], cut: int, floor: float
) -> None:
    segments = segments_of(held, cut)
    try:
        everything = found(segments, asked, born, -math.inf)
    except MalformedError:
        return
    worth = {record: promise for record, promise in everything.items() if promise >= floor}
    assert found(segments, asked, born, floor) == pytest.approx(worth)


@settings(max_examples=300, deadline=None)
@given(
    name, date, st.lists(st.tuples(name, date), min_size=1, max_size=12), st.integers(0, 6), st.floats(-8, 12)
)
def test_no_row_that_is_worth_it_is_left_out(
    asked: str, born: str, held: list[tuple[str, str]], cut: int, floor: float
) -> None:
    check_nothing_is_left_out(asked, born, held, cut, floor)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(word, min_size=8, max_size=12).map(" ".join),
    st.lists(st.lists(word, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=12),
    st.floats(-30, 4),
)
def test_no_row_that_is_worth_it_is_left_out_of_many_words(asked: str, held: list[str], floor: float) -> None:
    check_nothing_is_left_out(asked, "", [(one, "") for one in held], 6, floor)


CORES = ["Omair", "Omar", "Omayr", "Hadi", "Rahman", "Odessa", "العمير", "عمير", "الهادي", "الرحمن"]
core = st.sampled_from(CORES)
# "Omair", "Al Omair", "Alomair", "Omair Hadi", "Omairhadi": what is two words here is one there, met nearer or farther.
unit = (
    core
    | st.builds(
        "{}{}{}".format, st.sampled_from(["Al", "El", "Bin", "Abdul"]), st.sampled_from(["", " "]), core
    )
    | st.builds(lambda one, other: f"{one}{other}".capitalize(), core, core)
)
name_of_joined = st.lists(unit, min_size=1, max_size=3).map(" ".join)


def found_without_a_glance(segments: list[NameSegment], asked: str, floor: float) -> dict[int, float]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(names_search, "is_glanced", lambda _foresight: False)
        return found(segments, asked, "", floor)


@settings(max_examples=300, deadline=None)
@given(
    name_of_joined, st.lists(name_of_joined, min_size=1, max_size=12), st.integers(0, 6), st.integers(0, 11)
)
def test_a_glance_passes_over_nothing_that_two_words_as_one_meet_nearer_or_farther(
    asked: str, held: list[str], cut: int, which: int
) -> None:
    segments = segments_of([(text, "") for text in held], cut)
    everything = sorted(found(segments, asked, "", -math.inf).values())
    if not everything:
        return
    # Just below what one of them is worth: what is said of it may not fall short by anything.
    floor = everything[which % len(everything)] - 1e-6
    assert found(segments, asked, "", floor) == found_without_a_glance(segments, asked, floor)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("Odessa Marlowe", "Odessa M."),
        ("Odessa Marlowe", "Odess Marlowe"),
        ("Odessa Quillfeather", "Odessa Quill"),
        ("Odessa Marlowe", "Odessamarlowe"),
        ("Odessamarlowe", "Odessa Marlowe"),
        ("Odessa Quentin Marlowe", "O. Q. Marlowe"),
        ("O. Q. Marlowe", "Odessa Quentin Marlowe"),
    ],
)
def test_shortened_and_joined_names_are_found_as_far_as_they_are_worth_it(asked: str, held: str) -> None:
    crowd = [(f"{one} {other}", "") for one in WORDS for other in WORDS if one != other]
    segments = segments_of([(held, ""), *crowd], 40)
    promise = found(segments, asked, "", -math.inf)[0]
    assert found(segments, asked, "", promise - 0.01)[0] == pytest.approx(promise)
    assert 0 not in found(segments, asked, "", promise + 0.01)


def test_a_date_may_be_worth_it_where_the_name_is_not() -> None:
    asked, born = "Odessa Quentin Tarik Marlowe Nimrod Oleander", "1970-02-03"
    segments = segments_of([("Urs Kilian Sturm Raimund Lothar Meinhard", born)], 1)
    promise = found(segments, asked, born, -math.inf)[0]
    assert promise < 0
    assert found(segments, asked, born, promise - 0.01)[0] == pytest.approx(promise)
