"""The tree and its proofs, against a slow and plain reading of RFC 6962 section 2.1."""

from collections.abc import Sequence
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from comity.audit.merkle import (
    TILE_LEVELS,
    Frontier,
    Tree,
    consistency_path,
    grow,
    inclusion_path,
    is_consistent,
    is_included,
)

SIZE_MAX = 1200
LEAVES = [sha256(number.to_bytes(4, "big")).digest() for number in range(SIZE_MAX)]
sizes = st.integers(1, SIZE_MAX)


def slow_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, over leaf hashes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + slow_root(leaves[:split]) + slow_root(leaves[split:])).digest()


class SlowReader:
    """Computes each subtree anew, and counts what is read."""

    def __init__(self) -> None:
        self.read = 0

    def subtrees(self, level: int, start: int, count: int) -> Sequence[bytes]:
        assert level in TILE_LEVELS
        self.read += count
        width = 1 << level
        return [slow_root(LEAVES[at * width : (at + 1) * width]) for at in range(start, start + count)]


@given(sizes)
def test_the_root_is_that_of_the_slow_tree(size):
    assert grow(Frontier(), LEAVES[:size]).frontier.root == slow_root(LEAVES[:size])


@given(st.lists(st.integers(0, 300), max_size=8))
def test_a_tree_grown_in_parts_equals_one_grown_at_once(parts):
    frontier = Frontier()
    for part in parts:
        frontier = grow(frontier, LEAVES[:part]).frontier
    assert frontier == grow(Frontier(), [leaf for part in parts for leaf in LEAVES[:part]]).frontier


@given(st.lists(st.integers(0, 300), max_size=8))
def test_completed_subtrees_are_those_of_the_slow_tree_each_once(parts):
    frontier, kept, leaves = Frontier(), {}, [leaf for part in parts for leaf in LEAVES[:part]]
    for part in parts:
        frontier, completed = grow(frontier, LEAVES[:part])
        if 8 in completed:
            start, roots = completed[8]
            assert not kept.keys() & set(range(start, start + len(roots)))
            kept.update(enumerate(roots, start))
    assert kept == {at: slow_root(leaves[at << 8 : (at + 1) << 8]) for at in range(len(leaves) >> 8)}


@given(sizes, st.data())
def test_every_entry_is_proven_included(size, data):
    seq = data.draw(st.integers(0, size - 1))
    tree = Tree(size, slow_root(LEAVES[:size]))
    assert is_included(LEAVES[seq], seq, tree, inclusion_path(SlowReader(), seq, size))


@given(sizes, sizes)
def test_every_growth_is_proven_consistent(one, other):
    old, new = sorted((one, other))
    path = consistency_path(SlowReader(), old, new)
    assert is_consistent(Tree(old, slow_root(LEAVES[:old])), Tree(new, slow_root(LEAVES[:new])), path)


@given(sizes, st.data())
def test_a_proof_holds_for_its_own_place_leaf_and_tree_only(size, data):
    seq, elsewhere = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-2, size + 1))
    leaf = data.draw(st.sampled_from(LEAVES))
    other_size = data.draw(st.integers(0, SIZE_MAX))
    tree = Tree(other_size, slow_root(LEAVES[:other_size]))
    proven = is_included(leaf, elsewhere, tree, inclusion_path(SlowReader(), seq, size))
    assert not proven or (elsewhere < other_size and LEAVES[elsewhere] == leaf)


@given(sizes, st.data())
def test_a_damaged_inclusion_proof_proves_nothing(size, data):
    seq = data.draw(st.integers(0, size - 1))
    tree = Tree(size, slow_root(LEAVES[:size]))
    path = inclusion_path(SlowReader(), seq, size)
    assert not is_included(LEAVES[seq], seq, tree, data.draw(damaged(path)))


@given(sizes, sizes, st.data())
def test_a_damaged_consistency_proof_proves_nothing(one, other, data):
    old, new = sorted((one, other))
    path = consistency_path(SlowReader(), old, new)
    trees = (Tree(old, slow_root(LEAVES[:old])), Tree(new, slow_root(LEAVES[:new])))
    assert not is_consistent(*trees, data.draw(damaged(path)))


@given(st.integers(2, SIZE_MAX), st.data())
def test_a_rewritten_log_is_never_consistent(new, data):
    old = data.draw(st.integers(1, new - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*LEAVES[:changed], bytes(32), *LEAVES[changed + 1 : old]]
    path = consistency_path(SlowReader(), old, new)
    assert not is_consistent(Tree(old, slow_root(rewritten)), Tree(new, slow_root(LEAVES[:new])), path)


def damaged(path: Sequence[bytes]) -> st.SearchStrategy[tuple[bytes, ...]]:
    """A path with one part changed, left out, or put in."""
    places = st.integers(0, len(path) - 1) if path else st.nothing()
    changed = places.map(lambda at: (*path[:at], bytes(32), *path[at + 1 :]))
    shorter = places.map(lambda at: (*path[:at], *path[at + 1 :]))
    longer = st.integers(0, len(path)).map(lambda at: (*path[:at], bytes(32), *path[at:]))
    return changed | shorter | longer


class CountingReader:
    """Any subtree is 32 zero bytes: what matters is how many are read."""

    def __init__(self) -> None:
        self.read = 0

    def subtrees(self, level: int, start: int, count: int) -> Sequence[bytes]:
        self.read += count
        return [bytes(32)] * count


@given(st.integers(1, 10**9), st.data())
def test_a_proof_reads_at_most_two_groups_of_256_a_level(size, data):
    reader = CountingReader()
    inclusion_path(reader, data.draw(st.integers(0, size - 1)), size)
    assert reader.read <= 2 * 256 * len(TILE_LEVELS)
