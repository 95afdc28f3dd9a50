"""The compiled parts of the name index against the plain rules that they carry out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.index.names import Foresight, NameEntry, NameSegment, Search, packed_date, search_all
from comity.index.names.dates import best_date_weight
from comity.index.names.days import everyone
from comity.index.names.gather import gather
from comity.index.names.groups import FAR_CENTS, PLACE, begin_columns, new_columns, walk_group
from comity.index.names.spans import PRICES_COUNT
from comity.index.names.spellings import HAN
from comity.index.names.weights import LEADING_PARTS, POSTINGS_MAX, weights_to_follow
from comity.matching.dates import DATE_WEIGHTS, compare_dates
from comity.names.chance import weight_of_bearers
from comity.names.likeness import FAR, sound_distance
from comity.names.sounds import SYMBOLS_MAX, letter_codes, sound_codes, write_sounds
from comity.names.weighing import PLAIN_DATES, PLAIN_WEIGHING

spelling = st.text("abcdefghijklmnopqrstuvwxyz0159", max_size=45) | st.lists(
    st.sampled_from(["tsch", "sh", "x", "qu", "ck", "ng", "schtsch", "a", "e", "z", "szcz", "c", "h"]),
    max_size=9,
).map("".join)
word = st.text("aeioukstnr", min_size=1, max_size=9)
partial_date = st.builds(
    lambda year, month, day, parts: "-".join((f"{year:04}", f"{month:02}", f"{day:02}")[:parts]),
    st.integers(1969, 1972),
    st.integers(1, 12),
    st.integers(1, 12),
    st.integers(1, 3),
)


@settings(deadline=None)
@given(spelling)
def test_compiled_sounds_are_the_sounds_of_the_spelling(text: str) -> None:
    letters = np.frombuffer(letter_codes(text), dtype=np.uint8)
    out = np.zeros(SYMBOLS_MAX + 1, dtype=np.uint8)
    count = write_sounds(letters, 0, letters.size, out, 0)
    assert out[:count].tobytes() == sound_codes(letter_text(letters))


def letter_text(letters: np.ndarray) -> str:
    return "".join("\0abcdefghijklmnopqrstuvwxyz0123456789"[code] for code in letters)


@settings(max_examples=200, deadline=None)
@given(partial_date, partial_date)
def test_packed_dates_meet_as_written_ones(asked: str, held: str) -> None:
    dates = np.array([packed_date(held, 3)], dtype=np.uint32)
    weight = best_date_weight(packed_date(asked, 3), dates, 0, 1, DATE_WEIGHTS.numbers())
    assert weight == compare_dates(asked, held).weight


def test_a_date_of_another_kind_says_nothing() -> None:
    dates = np.array([packed_date("1970-02-03", 4)], dtype=np.uint32)
    assert best_date_weight(packed_date("1970-02-03", 3), dates, 0, 1, DATE_WEIGHTS.numbers()) == 0.0


@settings(deadline=None)
@given(word, st.lists(word, min_size=1, max_size=12), st.sampled_from([30, 90, 135, 500]), st.integers(1, 4))
def test_walking_along_a_group_finds_each_distance(
    asked: str, others: list[str], cap: int, room: int
) -> None:
    sounds = np.frombuffer(sound_codes(asked), dtype=np.uint8)
    columns, profile, near = new_columns()
    begin_columns(sounds, 0, sounds.size, columns, profile)
    held = sorted(map(sound_codes, others))
    starts = np.concatenate([[0], np.cumsum([len(other) for other in held])]).astype(np.uint32)
    codes = np.frombuffer(b"".join(held), dtype=np.uint8)
    found, begin = [FAR] * len(held), 0
    while begin < len(held):
        # Written a few at a time: the walk goes on where there was no more room.
        count, begin = walk_group(
            begin, len(held), sounds.size, cap, starts, codes, columns, profile, near[:room]
        )
        for place, far in near[:count, [PLACE, FAR_CENTS]].tolist():
            found[place] = far / 100
    plain = [np.frombuffer(other, dtype=np.uint8) for other in held]
    # What lies on the cap is not over it; a sum of 32-bit floats may be, by a hair.
    far = [sound_distance(sounds, sounds.size, other, other.size, cap / 100 + 1e-4) for other in plain]
    assert found == pytest.approx(far, abs=1e-4)


def plain_weights(counts: np.ndarray, expected: np.ndarray, persons: int) -> list[list[float]]:
    """Say the rule step by step: all weights, the heaviest affordable ones, the nearest of the two rarest words."""
    borne = np.cumsum(counts, axis=1)
    weights = [
        [
            max(
                0.0,
                float(np.float32(weight_of_bearers(borne[part, step], expected[part], persons, step / 16))),
            )
            for step in range(PRICES_COUNT)
        ]
        for part in range(len(expected))
    ]
    led = [
        (part, step)
        for part in range(len(expected))
        for step in range(PRICES_COUNT)
        if counts[part, step] and weights[part][step] > 0
    ]
    followed = [list(line) for line in weights]
    cost = 0
    for part, step in sorted(led, key=lambda place: -weights[place[0]][place[1]]):
        cost += int(counts[part, step])
        if cost > POSTINGS_MAX:
            followed[part][step] = 0.0
    best = {
        part: max((weights[part][step] for one, step in led if one == part), default=0.0) for part, _ in led
    }
    for part in sorted(best, key=lambda one: -best[one])[:LEADING_PARTS]:
        step = next(step for one, step in led if one == part and weights[part][step] == best[part])
        followed[part][step] = best[part]
    return followed


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 5))
def test_what_is_followed_is_what_the_rule_says(seed: int, parts: int) -> None:
    chosen = np.random.default_rng(seed)
    counts = chosen.integers(0, 4000, (parts, PRICES_COUNT)) * (chosen.random((parts, PRICES_COUNT)) < 0.2)
    expected = chosen.uniform(2.0, 12.0, parts)
    everywhere = np.full(parts, 2**64 - 1, dtype=np.uint64)
    followed = weights_to_follow(counts, everywhere, expected, 100_000)
    assert np.allclose(followed, plain_weights(counts, expected, 100_000), atol=1e-6)
    # Where nothing is met at a price, nothing need be said of it: the rest stays as it is.
    present = ((counts > 0) << np.arange(PRICES_COUNT, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
    assert np.array_equal(
        weights_to_follow(counts, present, expected, 100_000), np.where(counts, followed, np.float32(0.0))
    )


NAMES = [
    "Odessa Marlowe",
    "Odesa Marlo",
    "王小明",
    "Wang Xiaoming",
    "Odessa Quillfeather",
    "Mar Low",
    "汪曉明",
]


@pytest.mark.parametrize("gone", [{0}, {2}, {2, 3, 6}, {0, 1, 4, 5}])
def test_buried_records_count_no_more(gone: set[int]) -> None:
    entries = [NameEntry(record, 0, 0, name, counts=True) for record, name in enumerate(NAMES)]
    buried = NameSegment.of(entries)
    buried.bury(gone)
    rebuilt = NameSegment.of([entry for entry in entries if entry.record not in gone])
    assert borne_everywhere(buried) == borne_everywhere(rebuilt)


def borne_everywhere(segment: NameSegment) -> list[int]:
    """Return how many bear each word of the list of names, asked in one segment that holds them all."""
    asked = NameSegment.of([NameEntry(record, 0, 0, name, counts=True) for record, name in enumerate(NAMES)])
    return borne_in(segment, asked)


def borne_in(segment: NameSegment, asked: NameSegment) -> list[int]:
    """Return how many bear each word that a segment holds in another one."""
    layout = asked.layout
    borne = np.zeros(layout.word_space.size, dtype=np.int64)
    segment.add_counts(layout.word_sound, layout.word_native, layout.word_script == HAN, borne)
    return borne.tolist()


@pytest.mark.parametrize("name", ["Odran Greave", "Ruben Gummfold", "Saad Jorvik", "Albert Schaundt"])
def test_two_words_written_as_one_are_found_though_a_group_of_letters_spans_the_gap(name: str) -> None:
    segment = NameSegment.of([NameEntry(0, 0, 0, name, counts=True)])
    search = Search(0, np.ones(1, dtype=np.bool_), 10, Foresight(PLAIN_WEIGHING, PLAIN_DATES))
    assert [one.record for one in search_all([segment], name.replace(" ", ""), search)] == [0]


def test_a_word_in_han_counts_with_words_that_sound_alike_in_other_scripts() -> None:
    entries = [NameEntry(record, 0, 0, name, counts=True) for record, name in enumerate(["王", "汪", "Wang"])]
    segment = NameSegment.of(entries)
    # Each of the two Han words is itself and "Wang"; "Wang" is all three.
    assert sorted(borne_in(segment, segment)) == [2, 2, 3]


@pytest.mark.parametrize("is_glanced", [False, True])
@pytest.mark.parametrize(("word_price", "span_price"), [(0, 17), (9, 2), (5, 5)])
def test_of_a_word_and_two_as_one_that_meet_a_part_in_a_row_the_nearer_counts(
    word_price: int, span_price: int, *, is_glanced: bool
) -> None:
    # "العمير" is Omair, and less nearly "Al Omair": whichever comes first in the arrays, the heavier is added.
    weights = np.linspace(9.0, 1.0, PRICES_COUNT, dtype=np.float32).reshape(1, -1)
    rows, sums, _, _ = gather(
        np.array([[0, 1, 0, 2]], dtype=np.int64), np.zeros(1, dtype=np.uint32), np.array([word_price], dtype=np.uint8),
        np.zeros(2, dtype=np.uint32), np.array([30, span_price], dtype=np.uint8), weights, weights, everyone(),
        np.array([0, 1], dtype=np.uint32), np.zeros(1, dtype=np.uint32), np.zeros(1, dtype=np.uint32),
        np.zeros(1, dtype=np.uint8), np.zeros(1, dtype=np.bool_), np.ones(1, dtype=np.bool_),
        np.zeros(64, dtype=np.uint64), np.zeros(64, dtype=np.uint32), 0.0, 10, np.zeros(1, dtype=np.uint16), 0,
        np.empty(0, dtype=np.uint32), 10,
        is_glanced, np.zeros(1, dtype=np.uint64), np.zeros(1, dtype=np.uint32), weights.astype(np.float64),
        np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.uint32),
        np.empty(0, dtype=np.uint8), np.zeros(2, dtype=np.int64), PLAIN_WEIGHING.numbers(), 0.0,
    )  # fmt: skip
    assert rows.tolist() == [0]
    assert sums[0] == pytest.approx(float(weights[0, min(word_price, span_price)]), abs=0.001)
