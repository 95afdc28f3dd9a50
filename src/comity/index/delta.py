"""The layers of recent changes, in memory: records as they stand now, over blocks of new records.

Blocks are small segments without files: immutable, merged as they grow, looked up like those on the disk.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from comity.index.changes import NewBlock
from comity.index.exact import (
    ExactTable,
    HashKey,
    Pairs,
    RecentTable,
    build_table,
    exact_key,
    hash_packed,
    merge_pairs,
    packed_keys,
    sorted_pairs,
)
from comity.index.exact.layers import LayerView, stacked
from comity.index.names import NameDelta, NameEntry
from comity.index.runs import Runs, joined, runs_of, without
from comity.index.segment import NOTHING_GONE, Contents, marks

GROWTH = 4
NONE = np.zeros(0, np.uint32)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of one record: its audience, hashes of its exact keys, its names by space."""

    record: int
    audience: int
    hashes: tuple[int, ...]
    names: tuple[tuple[int, str], ...]
    is_open: bool
    dates: tuple[int, ...] = ()

    def name_entries(self) -> list[NameEntry]:
        """Return the entries of the name index. Only records open to all teach how rare a word is."""
        return [
            NameEntry(self.record, self.audience, space, text, self.is_open, self.dates)
            for space, text in self.names
        ]


@dataclass(frozen=True, slots=True)
class Block:
    """New records in memory: their pairs, table and runs of audiences."""

    pairs: Pairs
    table: ExactTable
    runs: Runs

    def view(self) -> LayerView:
        """Return what a look-up of exact keys needs."""
        return LayerView(self.table, self.runs, NONE)


def block_pairs(key: HashKey, block: NewBlock) -> Pairs:
    """Return the pairs of a block of new records, in order."""
    if not block.columns:
        return Pairs(np.zeros(0, np.uint64), NONE)
    hashes = [_column_hashes(key, meaning, keys) for meaning, keys in block.columns]
    records = np.arange(block.first_record, block.first_record + block.count, dtype=np.uint32)
    return sorted_pairs(np.concatenate(hashes), np.tile(records, len(hashes)))


def _column_hashes(key: HashKey, meaning: str, keys: Sequence[str]) -> np.ndarray:
    head = exact_key(meaning, "")
    # The head before each key but the first stands between them: one join instead of a text for each.
    joined_keys = (b"\x00" + head).join([one.encode("utf-8", "surrogatepass") for one in keys])
    return hash_packed(key, packed_keys([head + joined_keys]), len(keys))


def block_runs(block: NewBlock) -> Runs:
    """Return the runs of a block of new records."""
    return stacked([(block.first_record, block.first_record + block.count, block.audience)])


@dataclass(slots=True)
class Delta:
    """The layers of recent changes, in memory, the newest of all."""

    recent: RecentTable = field(default_factory=RecentTable)
    names: NameDelta = field(default_factory=NameDelta)
    entries: dict[int, Entry] = field(default_factory=dict[int, Entry])
    replaced: set[int] = field(default_factory=set[int])
    blocks: list[Block] = field(default_factory=list[Block])
    blocks_count: int = 0

    def put(self, entries: Sequence[Entry]) -> None:
        """Hold these records as they are now."""
        for entry in entries:
            before = self.entries.get(entry.record)
            # First in, then out: a look-up between the two finds the record.
            self.recent.put(entry.record, entry.audience, entry.hashes)
            if before is not None:
                self._leave_out(before)
            self.entries[entry.record] = entry
        self.names.add([name for entry in entries for name in entry.name_entries()])

    def bury(self, record: int) -> None:
        """Hold that what older layers say of a record counts no more."""
        if record not in self.replaced:
            self.replaced.add(record)
            self.recent.bury(record)

    def remove(self, record: int) -> None:
        """Hold that a record answers no checks any more."""
        self.bury(record)
        before = self.entries.pop(record, None)
        if before is not None:
            self._leave_out(before)

    def _leave_out(self, entry: Entry) -> None:
        self.recent.remove(entry.record, entry.hashes)
        if entry.names:
            self.names.bury([entry.record])

    def add_block(self, pairs: Pairs, runs: Runs, count: int) -> None:
        """Hold new records, merging blocks that are not much larger into theirs."""
        while self.blocks and len(self.blocks[-1].pairs.hashes) < GROWTH * len(pairs.hashes):
            older = self.blocks.pop()
            pairs = merge_pairs([older.pairs, pairs], [NOTHING_GONE, NOTHING_GONE])
            runs = joined([older.runs, runs])
        self.blocks.append(Block(pairs, build_table(pairs), runs))
        self.blocks_count += count

    @property
    def records_count(self) -> int:
        """How many records the delta speaks of."""
        return len(self.replaced.union(self.entries)) + self.blocks_count

    def contents(self) -> Contents:
        """Return what a segment of all this is made of."""
        replaced = np.array(sorted(self.replaced), np.uint32)
        gone = marks(replaced)
        entries = [self.entries[number] for number in sorted(self.entries)]
        hashes = np.array([hashed for entry in entries for hashed in entry.hashes], np.uint64)
        owners = np.array([entry.record for entry in entries for _ in entry.hashes], np.uint32)
        blocks = [block.pairs for block in self.blocks]
        pairs = merge_pairs([*blocks, sorted_pairs(hashes, owners)], [*([gone] * len(blocks)), NOTHING_GONE])
        own = runs_of([entry.record for entry in entries], [entry.audience for entry in entries])
        runs = joined([*(without(block.runs, gone) for block in self.blocks), own])
        names = (name for entry in entries for name in entry.name_entries())
        return Contents(pairs, runs, replaced, names)
