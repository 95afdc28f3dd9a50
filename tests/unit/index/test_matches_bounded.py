"""What the words asked for may mean is kept for so many of them: memory is level, however many are asked."""

from itertools import product

import numpy as np

from comity.index.names import NameEntry, NameSegment
from comity.index.names.matches import NO_BEARERS, PARTS_KEPT
from comity.index.names.query import Part, part_of
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

    assert len(matches._bounds) <= PARTS_KEPT


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

    counts = matches.counts_of((one, other), 0, matches.bounds_of((one, other), 0), segment.burial)

    assert not counts.any()
    assert all(line is NO_BEARERS for _, line in matches._counts.values())
