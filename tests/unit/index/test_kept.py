"""What common words may mean is kept in a segment: the same that matching them gives, for public words alone."""

import random
from collections.abc import Sequence
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from comity.index.files import load_array, save_array
from comity.index.names import (
    Foresight,
    NameCandidate,
    NameEntry,
    NameSegment,
    Search,
    build_name_segment,
    search_all,
)
from comity.index.names import commonest as choosing
from comity.index.names import kept as keeping
from comity.index.names.kept import MATCHING_EDITION, NOT_KEPT
from comity.index.names.matches import Matches
from comity.index.names.query import Part, word_part
from comity.index.names.rows import row_words, stored_cuts
from comity.names.weighing import PLAIN_DATES, PLAIN_WEIGHING

WORDS = (
    "robert", "bob", "bobby", "william", "bill", "anna", "annabel", "joanna", "sa", "kov", "sakov", "marta", "martha",
    "ivanka", "jan", "johan", "wei", "xuan", "weixuan", "олег", "ольга", "анна", "роберт", "сергей", "сергий",
    "محمد", "محمود", "احمد", "حمد", "王伟", "李娜", "佐藤", "김서윤", "박서준", "דוד", "דודי",
)  # fmt: skip
SYLLABLES = ("ka", "ro", "mi", "ta", "shen", "lo", "vi", "dra", "mo", "bel", "khu", "ni", "sa", "yel", "zor")
MATCHED = {1: "e8820ab12bae5137"}
"""What the words of the test are matched with, as a digest, by edition. A changed table changes the digest alone."""


def names_of(seed: int, count: int) -> list[str]:
    chosen = random.Random(seed)
    made = ["".join(chosen.choices(SYLLABLES, k=chosen.randint(1, 3))) for _ in range(40)]
    return [" ".join(chosen.choices([*WORDS, *made], k=chosen.randint(1, 4))) for _ in range(count)]


def entries_of(names: Sequence[str], *, spaces: int = 2, withheld_every: int = 5) -> list[NameEntry]:
    """Every fifth name is withheld, with an audience of its own."""
    return [
        NameEntry(
            number, int(number % withheld_every == 0), number % spaces, name, number % withheld_every > 0
        )
        for number, name in enumerate(names)
    ]


@pytest.fixture(autouse=True)
def small_segments_keep_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a segment of few names keep words as one of many does."""
    monkeypatch.setattr(choosing, "NAMES_MIN", 1)
    monkeypatch.setattr(choosing, "NAMES_A_WORD", 2)
    monkeypatch.setattr(choosing, "BEARERS_MIN", 2)


def opened(directory: Path, entries: Sequence[NameEntry]) -> NameSegment:
    build_name_segment(entries, directory)
    return NameSegment.open(directory)


def without_kept(directory: Path) -> NameSegment:
    for file in directory.glob("kept_*"):
        file.rename(file.with_suffix(".away"))
    found = NameSegment.open(directory)
    for file in directory.glob("kept_*"):
        file.rename(file.with_suffix(".npy"))
    return found


def parts_of(names: Sequence[str]) -> list[Part]:
    words = {
        (text, script) for name in names for cut in stored_cuts(name) for text, script, _ in row_words(cut)
    }
    return [word_part(*word) for word in sorted(words)]


def meant(
    matches: Matches, part: Part, space: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int, int]]]:
    """Return words and prices as sorted, and rows, prices and places of pairs in their order."""
    begin, end, span_begin, span_end = matches.bounds_of((part,), space)[0].tolist()
    prices = matches.prices[begin:end].tolist()
    assert prices == sorted(prices)
    spans = (matches.span_rows, matches.span_prices, matches.span_places)
    rows, costs, places = (array[span_begin:span_end].tolist() for array in spans)
    words = zip(matches.words[begin:end].tolist(), prices, strict=True)
    return sorted(words), list(zip(rows, costs, places, strict=True))


def is_kept(segment: NameSegment, part: Part, space: int = 0) -> bool:
    matches = segment.matches
    return matches._is_kept and matches._unpacked(part, space, 0) != NOT_KEPT


def found(segment: NameSegment, name: str, space: int, *, sees_all: bool) -> list[NameCandidate]:
    search = Search(space, np.array([True, sees_all]), 50, Foresight(PLAIN_WEIGHING, PLAIN_DATES))
    return search_all([segment], name, search)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_matching_gives(tmp_path: Path, seed: int) -> None:
    names = names_of(seed, 150)
    segment = opened(tmp_path, entries_of(names))
    parts = [(part, space) for part in parts_of(names) for space in range(3)]
    plain = without_kept(tmp_path)

    assert len([one for one in parts if is_kept(segment, *one)]) > 30
    assert [meant(segment.matches, *one) for one in parts] == [meant(plain.matches, *one) for one in parts]


@pytest.mark.parametrize("sees_all", [True, False])
def test_a_search_is_answered_the_same_with_and_without(tmp_path: Path, *, sees_all: bool) -> None:
    names = names_of(9, 200)
    segment = opened(tmp_path, entries_of(names))
    plain = without_kept(tmp_path)
    asked = [(name, space) for name in names_of(10, 60) + names[:60] for space in (0, 1)]

    answers = [found(segment, *one, sees_all=sees_all) for one in asked]
    assert answers == [found(plain, *one, sees_all=sees_all) for one in asked]
    assert len([one for one in answers if one]) > len(asked) // 2


def test_a_word_that_is_kept_is_not_matched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = opened(tmp_path, entries_of(["Quorblin Vashtemir"] * 20, spaces=1))
    monkeypatch.setattr(Matches, "_matched", lambda *_: pytest.fail("matched anew"))

    assert len(segment.matches.bounds_of((word_part("quorblin", "latin"),), 0))


def test_words_that_only_withheld_names_bear_are_not_kept(tmp_path: Path) -> None:
    hidden = [NameEntry(100 + number, 1, 0, "Quorblin Anna", False) for number in range(50)]
    segment = opened(tmp_path, [*entries_of(["Anna Roberta"] * 20, spaces=1), *hidden])

    assert is_kept(segment, word_part("anna", "latin"))
    assert not is_kept(segment, word_part("quorblin", "latin"))


@pytest.mark.parametrize("meetings_max", [choosing.MEETINGS_MAX, 300])
def test_withheld_names_do_not_change_which_words_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meetings_max: int
) -> None:
    monkeypatch.setattr(choosing, "MEETINGS_MAX", meetings_max)
    public = entries_of(names_of(3, 150), withheld_every=1_000_000)
    # Words like those of public names, so that what these may mean is more by them.
    hidden = [NameEntry(1000 + number, 1, 0, name, False) for number, name in enumerate(names_of(4, 150))]
    alone, beside = (
        opened(tmp_path / "alone", public[1:]),
        opened(tmp_path / "beside", [*public[1:], *hidden]),
    )
    parts = parts_of(names_of(3, 150))

    kept = [is_kept(alone, part) for part in parts]
    assert any(kept)
    assert kept == [is_kept(beside, part) for part in parts]


def test_what_another_edition_kept_is_never_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    segment = opened(tmp_path, entries_of(["Quorblin Vashtemir"] * 20, spaces=1))
    monkeypatch.setattr(keeping, "_edition", lambda: b"another edition")

    assert not is_kept(segment, word_part("quorblin", "latin"))


def test_a_segment_built_without_is_opened(tmp_path: Path) -> None:
    opened(tmp_path, entries_of(["Quorblin Vashtemir"] * 20, spaces=1))

    assert found(without_kept(tmp_path), "Quorblin", 0, sees_all=True)


def test_a_segment_of_few_names_keeps_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "NAMES_MIN", 21)
    segment = opened(tmp_path, entries_of(["Quorblin Vashtemir"] * 20, spaces=1))

    assert not is_kept(segment, word_part("quorblin", "latin"))


def test_room_is_made_for_what_is_kept(tmp_path: Path) -> None:
    names = names_of(5, 150)
    segment = opened(tmp_path, entries_of(names))
    matches = segment.matches
    matches._make_room(1, 1)
    part = word_part("anna", "latin")

    assert meant(matches, part, 1) == meant(without_kept(tmp_path).matches, part, 1)


def test_damage_leads_to_no_word_that_is_not_there(tmp_path: Path) -> None:
    names = names_of(6, 120)
    segment = opened(tmp_path, entries_of(names))
    codes = load_array(tmp_path / "kept_codes.npy", np.uint8)
    chosen = random.Random(8)
    words, pairs = segment.layout.word_space.size, segment.layout.row_record.size
    parts = parts_of(names)
    for _ in range(40):
        damaged = codes.copy()
        for _ in range(20):
            damaged[chosen.randrange(damaged.size)] = chosen.randrange(256)
        save_array(tmp_path / "kept_codes.npy", damaged)
        other = NameSegment.open(tmp_path)
        for part in parts:
            begin, end, span_begin, span_end = other.matches.bounds_of((part,), 0)[0].tolist()
            assert (other.matches.words[begin:end] < words).all()
            assert (other.matches.span_rows[span_begin:span_end] < pairs).all()


def test_damage_makes_no_room_for_more_words_than_there_are(tmp_path: Path) -> None:
    segment = opened(tmp_path, entries_of(names_of(6, 120)))
    room = segment.matches.words.size
    codes = load_array(tmp_path / "kept_codes.npy", np.uint8)
    save_array(
        tmp_path / "kept_codes.npy",
        np.full_like(codes, 0xFF) & np.where(np.arange(codes.size) % 5 == 4, 0x7F, 0xFF).astype(np.uint8),
    )
    other = NameSegment.open(tmp_path)

    other.matches.bounds_of(tuple(parts_of(names_of(6, 5))), 0)
    assert other.matches.words.size == room


def test_the_same_entries_in_any_order_give_the_same_bytes(tmp_path: Path) -> None:
    entries = entries_of(names_of(7, 150))
    opened(tmp_path / "one", entries)
    opened(tmp_path / "other", entries[::-1])

    for file in (tmp_path / "one").glob("kept_*"):
        assert file.read_bytes() == (tmp_path / "other" / file.name).read_bytes()


def test_words_are_matched_as_the_edition_says() -> None:
    # Where words are matched otherwise: raise MATCHING_EDITION, and put the new digest here.
    names = names_of(1, 300)
    segment = NameSegment.of(entries_of(names, spaces=1))
    asked = [*parts_of(names), *(word_part(one + two, "latin") for one, two in pairwise(SYLLABLES))]
    said = [(part.key, meant(segment.matches, part, 0)) for part in asked]

    assert MATCHED[MATCHING_EDITION] == blake2b(repr(said).encode(), digest_size=8).hexdigest()
