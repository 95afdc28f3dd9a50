"""The Merkle tree of RFC 6962: grow it, take its root, prove what is in it.

A tree of n leaves is known by its *peaks*, the roots of the complete subtrees that n splits into, largest
first; that is all that appending needs. Proofs also need inner roots. Those of complete subtrees never
change, so every eighth level of them is kept (`TILE_LEVELS`), and a proof rebuilds the rest from at most 256
neighbours a level. Hashing: RFC 6962 section 2.1. Proofs and their verification: RFC 9162 section 2.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, NamedTuple, Protocol

# Levels of complete subtrees that are stored: 1, 256, 65,536 and 16,777,216 leaves.
TILE_LEVELS: Final = (0, 8, 16, 24)

EMPTY_ROOT: Final = sha256(b"").digest()


class Tree(NamedTuple):
    """What a head says of a tree: how many leaves, and the root over them."""

    size: int
    root: bytes


class SubtreeReader(Protocol):
    """Where the stored roots of complete subtrees are read."""

    def subtrees(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Return `count` roots of a stored level, from the subtree numbered `start` on."""
        ...


@dataclass(frozen=True)
class Frontier:
    """A tree as far as appending needs it: its size and its peaks, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        assert len(self.peaks) == self.size.bit_count(), "one peak for each bit of the size"

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        if not self.peaks:
            return EMPTY_ROOT
        *higher, root = self.peaks
        for peak in reversed(higher):
            root = node_hash(peak, root)
        return root

    @property
    def tree(self) -> Tree:
        """Size and root, as heads and proofs take them."""
        return Tree(self.size, self.root)


class Run(NamedTuple):
    """Roots of neighbouring complete subtrees of one level; `start` numbers the first among its level."""

    start: int
    roots: Sequence[bytes]


class Growth(NamedTuple):
    """What appending brought: the new frontier, and per stored level the subtrees that became complete."""

    frontier: Frontier
    completed: Mapping[int, Run]


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a leaf. The byte 0 keeps leaves and nodes apart (RFC 6962 section 2.1)."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over these leaf hashes."""
    return grow(Frontier(), leaves).frontier.root


def grow(frontier: Frontier, leaves: Sequence[bytes]) -> Growth:
    """Return the tree with these leaf hashes appended.

    Works a whole level at a time, which is what makes it fast: one hash a leaf, and no walk up per leaf.
    """
    size, top = frontier.size + len(leaves), max(frontier.size, 1).bit_length()
    peaks = _by_level(frontier)
    kept: list[bytes] = []
    completed: dict[int, Run] = {}
    start, nodes, level = frontier.size, list(leaves), 0
    while nodes or level < top:
        if nodes and level in TILE_LEVELS:
            completed[level] = Run(start, nodes)
        row = [peaks[level], *nodes] if level in peaks else nodes
        if len(row) % 2:
            kept.append(row[-1])
        nodes = _pairs(row)
        start, level = start // 2, level + 1
    return Growth(Frontier(size, tuple(reversed(kept))), completed)


def inclusion_path(reader: SubtreeReader, seq: int, size: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from leaf `seq` to the root of the first `size` leaves, leaf side first.

    Source: RFC 9162 section 2.1.3.1.
    """
    assert 0 <= seq < size
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if seq < middle:
            path.append(_range_root(reader, middle, end))
            end = middle
        else:
            path.append(_range_root(reader, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_path(reader: SubtreeReader, old_size: int, new_size: int) -> tuple[bytes, ...]:
    """Return the hashes that show the first `old_size` leaves unchanged among the first `new_size`.

    Empty where the old tree is empty or both are the same. Source: RFC 9162 section 2.1.4.1.
    """
    assert 0 <= old_size <= new_size
    if old_size in (0, new_size):
        return ()
    path: list[bytes] = []
    start, end, whole = 0, new_size, True
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            path.append(_range_root(reader, middle, end))
            end = middle
        else:
            path.append(_range_root(reader, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(_range_root(reader, start, end))
    return tuple(reversed(path))


def is_included(leaf: bytes, seq: int, tree: Tree, path: Sequence[bytes]) -> bool:
    """Return whether the path proves that this leaf hash stands at place `seq` of the tree.

    Source: RFC 9162 section 2.1.3.2.
    """
    if not 0 <= seq < tree.size:
        return False
    place, last, root = seq, tree.size - 1, leaf
    for neighbour in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            root = node_hash(neighbour, root)
            while not place % 2 and place:
                place, last = place // 2, last // 2
        else:
            root = node_hash(root, neighbour)
        place, last = place // 2, last // 2
    return last == 0 and root == tree.root


def is_consistent(old: Tree, new: Tree, path: Sequence[bytes]) -> bool:
    """Return whether the path proves that the new tree begins with all leaves of the old one, in order.

    Source: RFC 9162 section 2.1.4.2; the empty tree is the beginning of every tree.
    """
    if old.size == 0:
        return old.root == EMPTY_ROOT and not path
    if old.size >= new.size:
        return old == new and not path
    hashes = [old.root, *path] if old.size.bit_count() == 1 else list(path)
    if not hashes:
        return False
    place, last = old.size - 1, new.size - 1
    while place % 2:
        place, last = place // 2, last // 2
    old_root = new_root = hashes[0]
    for neighbour in hashes[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old_root, new_root = node_hash(neighbour, old_root), node_hash(neighbour, new_root)
            while not place % 2 and place:
                place, last = place // 2, last // 2
        else:
            new_root = node_hash(new_root, neighbour)
        place, last = place // 2, last // 2
    return last == 0 and (old_root, new_root) == (old.root, new.root)


def _by_level(frontier: Frontier) -> dict[int, bytes]:
    levels = [level for level in range(frontier.size.bit_length()) if frontier.size >> level & 1]
    return dict(zip(reversed(levels), frontier.peaks, strict=True))


def _pairs(row: Sequence[bytes]) -> list[bytes]:
    each = iter(row)
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(each, each, strict=False)]


def _split(count: int) -> int:
    """Return the largest power of two below `count`: where RFC 6962 splits a tree."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(reader: SubtreeReader, start: int, end: int) -> bytes:
    """Return the root over the leaves from `start` to `end`, a range that RFC 6962's splitting makes."""
    count = end - start
    if count.bit_count() > 1:
        middle = start + _split(count)
        return node_hash(_range_root(reader, start, middle), _range_root(reader, middle, end))
    level = count.bit_length() - 1
    stored = max(kept for kept in TILE_LEVELS if kept <= level)
    nodes: Sequence[bytes] = reader.subtrees(stored, start >> stored, 1 << level - stored)
    while len(nodes) > 1:
        nodes = _pairs(nodes)
    return nodes[0]
