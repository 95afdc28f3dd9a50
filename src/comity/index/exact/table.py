"""A table of exact keys, built once from sorted pairs and mapped by every process.

A bucket is one cache line: eight 32-bit tags, eight 32-bit places. The upper half of a hash chooses the bucket,
the lower half is the tag. A key whose bucket is full stands in the next one that is not; a look-up goes on
while buckets are full, and collects every place whose tag is its own. A place is a record number, or, with its
highest bit set, a position in `lists`, where the records of a shared key stand behind their count.

    pairs sorted by hash -> buckets in that very order: the table is written front to back

The pairs stay beside the table, unmapped: tags alone could not be merged into a larger table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.errors import DamagedError
from comity.index.files import load_array, save_array
from comity.index.kernels import tables
from comity.index.kernels.tables import SHARED, SLOTS

LOAD = 0.8
RECORD_MAX = SHARED - 1
"""The highest record number: two thousand million records a node."""


class Pairs(NamedTuple):
    """Hashes and, place by place, the records they lead to."""

    hashes: NDArray[np.uint64]
    records: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class ExactTable:
    """The buckets, 16 words each, and the lists of shared keys. `homes` buckets may be a key's own."""

    buckets: NDArray[np.uint32]
    lists: NDArray[np.uint32]
    homes: int

    @property
    def bytes_count(self) -> int:
        """How much is mapped."""
        return self.buckets.nbytes + self.lists.nbytes


def sorted_pairs(hashes: NDArray[np.uint64], records: NDArray[np.uint32]) -> Pairs:
    """Return the pairs in order of hash and record, each once."""
    order = np.argsort(hashes)
    pairs = Pairs(hashes[order], records[order])
    kept = int(tables.settle(*pairs))
    return Pairs(pairs.hashes[:kept], pairs.records[:kept])


def merge_pairs(sources: Sequence[Pairs], dropped: Sequence[NDArray[np.bool_]]) -> Pairs:
    """Return the pairs of several sorted sources in order, each once.

    `dropped` says for each source, by record number, which records it no longer speaks for; it may be shorter.
    """
    waiting = [_without(source, gone) for source, gone in zip(sources, dropped, strict=True)]
    while len(waiting) > 1:
        # The two smallest first: each pair is moved as few times as can be.
        waiting.sort(key=lambda pairs: len(pairs.hashes), reverse=True)
        waiting.append(_two_merged(waiting.pop(), waiting.pop()))
    return waiting[0] if waiting else Pairs(np.empty(0, np.uint64), np.empty(0, np.uint32))


def _without(pairs: Pairs, gone: NDArray[np.bool_]) -> Pairs:
    if not len(gone):
        return pairs
    kept = ~np.where(pairs.records < len(gone), gone[np.minimum(pairs.records, len(gone) - 1)], False)
    return Pairs(pairs.hashes[kept], pairs.records[kept])


def _two_merged(one: Pairs, other: Pairs) -> Pairs:
    total = len(one.hashes) + len(other.hashes)
    made = Pairs(np.empty(total, np.uint64), np.empty(total, np.uint32))
    kept = int(tables.merge(*one, *other, *made))
    return Pairs(made.hashes[:kept], made.records[:kept])


def build_table(pairs: Pairs) -> ExactTable:
    """Return the table of sorted pairs, in memory."""
    groups = int(tables.count_groups(pairs.hashes))
    homes = max(1, -(-groups * 100 // int(SLOTS * LOAD * 100)))
    buckets_count, listed = tables.measure(pairs.hashes, homes)
    buckets = np.zeros((int(buckets_count), 2 * SLOTS), np.uint32)
    lists = np.zeros(int(listed), np.uint32)
    tables.fill(pairs.hashes, pairs.records, homes, buckets, lists)
    return ExactTable(buckets, lists, homes)


def save_table(directory: Path, table: ExactTable, pairs: Pairs) -> None:
    """Write a table and its pairs; durable when this returns."""
    save_array(directory / "exact-buckets.npy", table.buckets)
    save_array(directory / "exact-lists.npy", table.lists)
    save_array(directory / "exact-homes.npy", np.array([table.homes], np.uint32))
    save_array(directory / "pairs-hashes.npy", pairs.hashes)
    save_array(directory / "pairs-records.npy", pairs.records)


def open_table(directory: Path) -> ExactTable:
    """Return the table in a directory, mapped; raises `DamagedError`."""
    buckets = load_array(directory / "exact-buckets.npy", np.uint32)
    lists = load_array(directory / "exact-lists.npy", np.uint32)
    homes = load_array(directory / "exact-homes.npy", np.uint32)
    # Compiled code reads by address: what would lead it outside is found here.
    if buckets.ndim != 2 or buckets[-1].any():
        raise DamagedError(what="exact-buckets.npy")
    if homes.shape != (1,) or not 0 < int(homes[0]) < len(buckets):
        raise DamagedError(what="exact-homes.npy")
    return ExactTable(buckets, lists, int(homes[0]))


def open_pairs(directory: Path) -> Pairs:
    """Return the pairs that a table was made of, mapped; raises `DamagedError`."""
    hashes = load_array(directory / "pairs-hashes.npy", np.uint64)
    return Pairs(hashes, load_array(directory / "pairs-records.npy", np.uint32))
