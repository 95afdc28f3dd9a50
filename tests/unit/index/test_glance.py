"""Rows that a glance tells are worth too little are passed over, and push nobody out."""

import math
from itertools import product

import numpy as np
import pytest

from comity.index.names import Foresight, NameEntry, NameSegment, Search, search_all
from comity.index.names.foretell import MISSING, MISSING_COUNTS, SLOPE
from comity.index.names.glance import (
    beginnings,
    is_shortened,
    row_glances,
    shortened,
    word_glances,
    worth_a_look,
)
from comity.index.names.rows import LIGHT
from comity.index.names.spans import PRICES_COUNT
from comity.matching.dates import DATE_WEIGHTS
from comity.matching.foresight import WEIGHING
from comity.names.sounds import letter_codes

MORE = 2**64 - 1


def packed(words: list[str]) -> tuple[np.ndarray[tuple[int], np.dtype[np.uint8]], list[int]]:
    codes = [letter_codes(word) for word in words]
    bounds = np.cumsum([0, *map(len, codes)])
    return np.frombuffer(b"".join(codes), dtype=np.uint8), bounds.tolist()


def glances_of(words: list[str]) -> list[int]:
    letters, bounds = packed(words)
    forms = np.arange(len(words), dtype=np.uint32)
    return word_glances(forms, np.array(bounds, dtype=np.uint32), letters).tolist()


def may_be_short(asked: str, held: str) -> bool:
    letters, bounds = packed([asked])
    (seen,), ends = glances_of([held]), np.array(bounds, dtype=np.int64)
    (begun,) = beginnings(letters, ends).tolist()
    told = is_shortened(begun, len(asked), seen)
    # The table of all beginnings says the same.
    assert told == bool(shortened(letters, ends)[seen >> 6])
    return told


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("odessa", "o"),
        ("o", "odessa"),
        ("o", "o"),
        ("odessa", "ode"),
        ("ode", "odessa"),
        ("5", "5ab"),
        ("5ab", "5"),
        ("a5b", "a5bcd"),
        ("ab5", "ab5"),
        ("ab9", "ab9d"),
    ],
)
def test_a_word_cut_off_is_never_passed_over(asked: str, held: str) -> None:
    assert may_be_short(asked, held)


@pytest.mark.parametrize(
    ("asked", "held"), [("odessa", "marlowe"), ("odessa", "od"), ("odessa", "odile"), ("m", "odessa")]
)
def test_other_words_are_told_apart(asked: str, held: str) -> None:
    assert not may_be_short(asked, held)


def test_a_word_without_a_spelling_is_seen_without_letters() -> None:
    seen = word_glances(np.array([7], np.uint32), np.array([0], np.uint32), np.zeros(0, np.uint8))
    assert int(seen[0]) >> 6 == 0


def test_a_row_is_seen_by_its_words_and_one_of_more_than_three_is_looked_at_in_any_case() -> None:
    words = np.array([5, 6, 7, 8], dtype=np.uint32)
    flat = np.array([0, 1 | LIGHT, 3, 0, 1, 2, 3], dtype=np.uint32)
    seen = row_glances(np.array([0, 0, 3, 7], dtype=np.uint32), flat, words)
    assert seen.tolist() == [0, 5 | 6 << 21 | 8 << 42, MORE]


def test_a_damaged_file_leads_nowhere_outside_it() -> None:
    starts, letters = np.array([0, 2**32 - 1, 2], np.uint32), np.array([1, 2], np.uint8)
    assert len(word_glances(np.array([0, 1, 2, 2**31], np.uint32), starts, letters)) == 4
    words = np.array([5, 6], dtype=np.uint32)
    flat = np.array([0, 9, 1], dtype=np.uint32)
    seen = row_glances(np.array([0, 1, 2, 1, 2**32 - 1, 2**32 - 2], dtype=np.uint32), flat, words)
    assert seen.tolist() == [5, MORE, MORE, MORE, MORE]


def found(segment: NameSegment, asked: str, floor: float) -> dict[int, float]:
    foresight = Foresight(WEIGHING, DATE_WEIGHTS, 0, floor)
    search = Search(0, np.ones(1, dtype=np.bool_), 500, foresight)
    return {one.record: one.promise for one in search_all([segment], asked, search)}


def test_a_crowd_that_shares_one_word_pushes_nobody_out() -> None:
    asked, meant = "Odessa Quillfeather", NameEntry(1200, 0, 0, "Odessa Quill", counts=True)
    promise = found(NameSegment.of([meant]), asked, -math.inf)[1200]
    others = ["".join(letters) for letters in product("bklmnprt", "aiou", "bdgkz", "ae", "nrst")]
    crowd = [
        NameEntry(record, 0, 0, f"Odessa {other}", counts=False) for record, other in enumerate(others[:1200])
    ]
    assert found(NameSegment.of([*crowd, meant]), asked, promise - 0.01) == {1200: pytest.approx(promise)}


def test_a_name_of_more_than_eight_words_is_found() -> None:
    words = "Odessa Marlowe Quentin Tarik Nimrod Oleander Raimund Lothar Meinhard Sturm"
    held = [words, "Odessa Sturm", "Lothar Meinhard", "Nimrod Urs"]
    segment = NameSegment.of(NameEntry(record, 0, 0, name, counts=True) for record, name in enumerate(held))
    assert 0 in found(segment, words, WEIGHING.evidence_min + 0.1)


def test_a_ninth_word_met_as_nobody_follows_counts_where_the_first_led_to_a_row() -> None:
    # Nine words share eight bits: the ninth has that of the first.
    asked = 9
    bounds = np.zeros((asked, 4), dtype=np.int64)
    bounds[0], bounds[1:8], bounds[8] = (0, 1, 0, 0), (1, 1, 0, 0), (1, 2, 0, 0)
    always = np.ones((asked, PRICES_COUNT), dtype=np.float32)
    always[8] = 0.0
    most = np.full((asked, PRICES_COUNT), 20.0)
    numbers = WEIGHING.numbers()
    words = np.array([70, 6500], dtype=np.uint32)
    seen = row_glances(np.array([0, 2], dtype=np.uint32), np.arange(2, dtype=np.uint32), words)
    lists = np.array([[0, 0, 1, 1]], dtype=np.int64)
    each = np.arange(asked, dtype=np.int64)
    # Both words met, and the others alone.
    floor = 2 * 20.0 + (asked - 2) * (numbers[SLOPE] * numbers[MISSING] + numbers[MISSING_COUNTS])
    worth_a_look(
        np.zeros(1, dtype=np.uint32), lists, bounds, np.arange(2, dtype=np.uint32), np.zeros(2, dtype=np.uint8),
        np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint8), always, seen, words, most, each, each,
        np.zeros(asked, dtype=np.uint32), np.zeros(0, dtype=np.uint8), np.zeros(asked + 1, dtype=np.int64), numbers,
        floor,
    )  # fmt: skip
    assert lists[0, 3] == 1
