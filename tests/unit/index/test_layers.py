"""The index while it is followed, saved, merged and shared: always what a plain dictionary would say."""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.masks import audience_of
from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.index.exact import exact_key
from comity.index.merging import mergeable
from comity.index.store import Index, IndexChange, Indexed, NewBlock
from comity.records.handling import Handling, Purpose, Restriction, Share
from comity.records.kind import Terms

BUREAUS = {code: Bureau(code, bit, "europe") for bit, code in enumerate(("AAA", "BBB"))}
SHARED, WITHHELD = 0, 1
AUDIENCES = {
    SHARED: audience_of("AAA", Handling(share=Share(Restriction.ALL)), BUREAUS),
    WITHHELD: audience_of("AAA", Handling(share=Share(Restriction.OWNER)), BUREAUS),
}
KEYS = [f"K{number}" for number in range(6)]


def grant_of(code: str) -> Grant:
    return authorise(Officer("one", BUREAUS[code], role_named("registrar")), Act.CHECK, Purpose.BORDER)


def opened(directory: Path) -> Index:
    index = Index(directory, b"secret")
    index.learn_audiences(AUDIENCES)
    return index


@dataclass
class Plain:
    """What is held: the audience and keys of each record, and the changes so far."""

    held: dict[int, tuple[int, tuple[str, ...]]] = field(default_factory=dict)
    changes: list[tuple[IndexChange | NewBlock, Indexed | None]] = field(default_factory=list)
    last_record: int = 0
    last_change: int = 0

    def set(self, record: int, state: tuple[int, tuple[str, ...]] | None) -> None:
        before, after = self.held.get(record), state
        if before is None and after is None:
            return
        self.last_change += 1
        change = IndexChange(
            self.last_change,
            record,
            None if before is None else before[0],
            None if after is None else after[0],
        )
        terms = None if after is None else Terms(tuple(("document.number", key) for key in after[1]), ())
        indexed = Indexed(record, -1 if after is None else after[0], terms, is_open=True)
        self.changes.append((change, indexed))
        if after is None:
            del self.held[record]
        else:
            self.held[record] = after

    def enter(self, audience: int, keys: tuple[str, ...]) -> None:
        self.last_record += 1
        self.set(self.last_record, (audience, keys))

    def enter_block(self, audience: int, keys: list[str]) -> None:
        first = self.last_record + 1
        columns = (("document.number", keys),)
        self.changes.append((NewBlock(self.last_change + 1, first, len(keys), audience, columns), None))
        self.held |= {first + place: (audience, (key,)) for place, key in enumerate(keys)}
        self.last_record += len(keys)
        self.last_change += len(keys)

    def feed(self, index: Index) -> None:
        for change, indexed in self.changes:
            if isinstance(change, NewBlock):
                index.apply_block(change)
            elif indexed is not None:
                index.apply([change], [indexed])

    def found(self, key: str, code: str) -> list[int]:
        seen = {SHARED} if code == "BBB" else {SHARED, WITHHELD}
        return sorted(one for one, (audience, keys) in self.held.items() if key in keys and audience in seen)


def found(index: Index, code: str) -> list[list[int]]:
    grant = grant_of(code)
    return [sorted(index.candidates(Terms((("document.number", key),), ()), grant)) for key in KEYS]


def found_at_once(index: Index, code: str) -> list[list[int]]:
    places, records = index.candidates_batch(
        [exact_key("document.number", key) for key in KEYS], grant_of(code)
    )
    pairs = list(zip(places.tolist(), records.tolist(), strict=True))
    return [sorted(record for place, record in pairs if place == wanted) for wanted in range(len(KEYS))]


records = st.integers(1, 12)
audiences = st.sampled_from([SHARED, WITHHELD])
some_keys = st.lists(st.sampled_from(KEYS), max_size=2, unique=True).map(tuple)
steps = st.one_of(
    st.tuples(st.just("enter"), audiences, some_keys),
    st.tuples(st.just("amend"), records, audiences, some_keys),
    st.tuples(st.just("withdraw"), records),
    st.tuples(st.just("block"), audiences, st.lists(st.sampled_from(KEYS), min_size=1, max_size=5)),
    st.tuples(st.just("save")),
    st.tuples(st.just("save elsewhere")),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(steps, max_size=25))
def test_an_index_says_what_a_dictionary_says(taken: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        index, other, plain = opened(Path(directory)), opened(Path(directory)), Plain()
        for step, *what in taken:
            match step:
                case "enter":
                    plain.enter(*what)
                case "amend" if what[0] <= plain.last_record:
                    plain.set(what[0], (what[1], what[2]))
                case "withdraw" if what[0] <= plain.last_record:
                    plain.set(what[0], None)
                case "block":
                    plain.enter_block(*what)
                case "save":
                    plain.feed(index)
                    index.save()
                case "save elsewhere":
                    plain.feed(other)
                    other.save()
                    index.refresh()
        for one in (index, other, opened(Path(directory))):
            plain.feed(one)
            for code in BUREAUS:
                expected = [plain.found(key, code) for key in KEYS]
                assert (found(one, code), found_at_once(one, code)) == (expected, expected)


@settings(max_examples=30, deadline=None)
@given(st.lists(steps, max_size=20))
def test_the_position_of_a_bureau_does_not_depend_on_who_saved(taken: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        index, plain = opened(Path(directory) / "one"), Plain()
        for step, *what in taken:
            if step == "enter":
                plain.enter(*what)
            elif step == "block":
                plain.enter_block(*what)
            elif step == "withdraw" and what[0] <= plain.last_record:
                plain.set(what[0], None)
            elif step == "save":
                plain.feed(index)
                index.save()
        unsaved = opened(Path(directory) / "two")
        plain.feed(index)
        plain.feed(unsaved)
        assert [index.as_of(grant_of(code)) for code in BUREAUS] == [
            unsaved.as_of(grant_of(code)) for code in BUREAUS
        ]


@pytest.fixture
def plain() -> Plain:
    made = Plain()
    made.enter_block(SHARED, [*KEYS, *KEYS])
    made.enter(WITHHELD, ("K0",))
    made.set(2, None)
    made.set(3, (WITHHELD, ("K5",)))
    return made


def test_what_was_followed_beyond_a_foreign_save_is_still_held(tmp_path: Path, plain: Plain) -> None:
    index, other = opened(tmp_path), opened(tmp_path)
    plain.feed(other)
    other.save()
    plain.enter(SHARED, ("K1",))
    plain.feed(index)
    index.refresh()
    assert index.position == plain.last_change
    assert found(index, "AAA") == [plain.found(key, "AAA") for key in KEYS]


def test_a_foreign_save_leaves_only_what_it_lacks_in_memory(tmp_path: Path, plain: Plain) -> None:
    index, other = opened(tmp_path), opened(tmp_path)
    plain.feed(other)
    other.save()
    plain.enter(SHARED, ("K1",))
    plain.feed(index)
    index.refresh()
    assert index.delta_count == 1


def test_many_single_changes_outgrow_what_a_look_up_held(tmp_path: Path) -> None:
    index, plain = opened(tmp_path), Plain()
    for number in range(3000):
        plain.enter(SHARED, (KEYS[number % 6], f"X{number}"))
    plain.feed(index)
    assert found(index, "BBB") == [plain.found(key, "BBB")[:2000] for key in KEYS]


def test_segments_of_about_one_size_are_merged(tmp_path: Path) -> None:
    index, plain = opened(tmp_path), Plain()
    for number in range(20):
        plain.enter(SHARED, (KEYS[number % 6],))
        plain.feed(index)
        index.save()
    assert (index.segments_count <= 3, found(index, "BBB")) == (
        True,
        [plain.found(key, "BBB") for key in KEYS],
    )


@given(st.lists(st.integers(1, 1000), max_size=30))
def test_few_segments_are_left_after_merging(sizes: list[int]) -> None:
    start = mergeable(sizes)
    left = sizes if start is None else [*sizes[:start], sum(sizes[start:])]
    assert all(4 * sum(left[place + 1 :]) <= size for place, size in enumerate(left[:-1]))


CHILDREN = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import test_layers

def child(directory, left):
    real = os.fsync
    def fsync(handle):
        nonlocal left
        real(handle)
        left -= 1
        if not left:
            os._exit(9)
    index, plain = test_layers.opened(directory), test_layers.Plain()
    plain.enter_block(0, [*test_layers.KEYS] * 2)
    for record in (2, 3, 5):
        plain.set(record, None)
    plain.feed(index)
    os.fsync = fsync
    index.save()
    plain.enter(0, ("K1",))
    plain.feed(index)
    index.save()

# Once to its end, so that the kernels are loaded for all.
child(Path(sys.argv[2]) / "whole", 0)
for instant in sys.argv[3:]:
    forked = os.fork()
    if not forked:
        child(Path(sys.argv[2]) / instant, int(instant))
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]), flush=True)
"""
"""Forks a child for each instant, which ends itself there, with 9, or ends well: one start of Python for all."""
INSTANTS = range(1, 60, 4)


@pytest.mark.slow
def test_a_save_that_dies_at_any_instant_leaves_an_index_that_answers(tmp_path: Path) -> None:
    plain = Plain()
    plain.enter_block(SHARED, [*KEYS] * 2)
    for record in (2, 3, 5):
        plain.set(record, None)
    plain.enter(SHARED, ("K1",))
    words = [sys.executable, "-c", CHILDREN, str(Path(__file__).parent), str(tmp_path), *map(str, INSTANTS)]
    told = subprocess.run(words, env=dict(os.environ), check=True, capture_output=True, text=True)
    ends = [int(line) for line in told.stdout.split()]
    assert (set(ends), len(ends), ends.count(9) >= 4) == ({0, 9}, len(INSTANTS), True), told.stderr
    for instant in INSTANTS:
        directory = tmp_path / str(instant)
        index = opened(directory)
        assert index.faults() == []
        plain.feed(index)
        index.save()
        assert (found(index, "BBB"), opened(directory).position) == (
            [plain.found(key, "BBB") for key in KEYS],
            plain.last_change,
        )
