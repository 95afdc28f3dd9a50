"""What the words asked for may mean is kept for so many of them: memory is level, however many are asked."""

from itertools import product

import numpy as np

from comity.index.names import NameEntry, NameSegment
from comity.index.names.matches import (
    _LINES_MIN,
    COUNTS_AT,
    LINE_NUMBERS,
    NO_BEARERS,
    PARTS_KEPT,
    add_bearers,
)
from comity.index.names.query import Part, part_of
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.table import COUNTS_FILLED
from comity.names.forms import Form

SYLLABLES = ("ka", "ro", "mi", "ta", "she", "lo", "vi", "dra", "mo", "be", "khu", "ni")


def parts(count: int) -> list[Part]:
    """Words that nobody read: each is its own form."""
    words = ("".join(some) for some in product(SYLLABLES, repeat=4))
    return [
        part_of(word, "latin", (Form(word, 0.0, "same"),))
        for word, _ in zip(words, range(count), strict=False)
    ]


def test_no_more_words_are_kept_than_are_to_be() -> None:
    matches = NameSegment.of([NameEntry(1, 0, 0, "Quorblin Vashtemir", True)]).matches

    for part in parts(PARTS_KEPT + 100):
        matches.bounds_of((part,), 0)

    assert len(matches._numbers) <= PARTS_KEPT
    assert len(matches._lines) <= PARTS_KEPT


def test_what_is_forgotten_is_matched_again_alike() -> None:
    segment = NameSegment.of([NameEntry(1, 0, 0, "Karomi Tashelo", True)])
    matches, asked = segment.matches, part_of("karomi", "latin", (Form("karomi", 0.0, "same"),))
    before = np.diff(matches.bounds_of((asked,), 0))

    for part in parts(PARTS_KEPT + 1):
        matches.bounds_of((part,), 0)

    assert np.diff(matches.bounds_of((asked,), 0)).tolist() == before.tolist()
    assert before[0, 0] > 0


def test_a_word_that_nobody_bears_needs_no_counts_of_its_own() -> None:
    segment = NameSegment.of([NameEntry(1, 0, 0, "Quorblin Vashtemir", True)])
    matches, (one, other) = segment.matches, parts(2)

    counts = counts_of(segment, (one, other))

    assert not counts.any()
    assert not matches.state[COUNTS_FILLED]
    assert [matches._lines[number, COUNTS_AT] for number in matches.lines_of((one, other), 0)] == 2 * [
        NO_BEARERS
    ]


def test_what_a_word_leads_to_is_counted_once_and_again_when_records_were_buried() -> None:
    names = ["Karomi Tashelo", "Karomi Vidra", "Quorblin Vashtemir"]
    segment = NameSegment.of([NameEntry(place, 0, 0, name, True) for place, name in enumerate(names)])
    asked = (part_of("karomi", "latin", (Form("karomi", 0.0, "same"),)),)

    counted = []
    for gone in ([], [2], [1], [0]):
        segment.bury(gone)
        counted += [int(counts_of(segment, asked)[0].sum()), int(counts_of(segment, asked)[0].sum())]

    assert counted == [2, 2, 2, 2, 1, 1, 0, 0]
    assert segment.matches.state[COUNTS_FILLED] == 1


def test_words_that_come_when_the_lines_are_full_lead_where_they_did() -> None:
    segment = NameSegment.of([NameEntry(1, 0, 0, "Karomi Tashelo", True)])
    matches, asked = segment.matches, parts(3 * _LINES_MIN)
    each = [matches.bounds_of((part,), 0)[0].tolist() for part in asked]

    assert matches.bounds_of(tuple(asked), 0).tolist() == each
    assert any(begin < end for begin, end, _, _ in each)


def counts_of(
    segment: NameSegment, asked: tuple[Part, ...]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return how many public names have what each part may mean, by price, as a search counts them."""
    counts = np.zeros((len(asked), PRICES_COUNT), dtype=np.int64)
    for place, number in enumerate(segment.matches.lines_of(asked, 0)):
        add_bearers(segment.matches.table.address, number * LINE_NUMBERS, counts[place])
    return counts
