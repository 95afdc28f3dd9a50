"""One layer of the index: an immutable segment on disk, or the delta of recent changes in memory.

A later layer replaces what earlier ones say of the records it names; `Layer.replaced` lists them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.index.digests import write_digests
from comity.index.exact import ExactDelta, ExactSegment, build_exact, open_exact
from comity.index.files import load_array, save_array
from comity.index.names import NameDelta, NameEntry, NameSegment, build_name_segment

NOWHERE = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index holds of one record: its audience, hashes of its exact keys, its names by space."""

    record: int
    audience: int
    hashes: tuple[int, ...]
    names: tuple[tuple[int, str], ...]
    is_open: bool

    def name_entries(self) -> list[NameEntry]:
        """Return the entries of the name index. Only records open to all teach how rare a word is."""
        return [
            NameEntry(self.record, self.audience, space, text, self.is_open) for space, text in self.names
        ]


@dataclass(frozen=True, slots=True)
class Segment:
    """An immutable layer, mapped from its directory."""

    name: str
    exact: ExactSegment
    names: NameSegment
    numbers: NDArray[np.uint32]
    audiences: NDArray[np.uint32]
    replaced: NDArray[np.uint32]

    def find(self, hashed: int) -> Sequence[int]:
        """Return the numbers of the records with this hash."""
        found: list[int] = self.exact.find(hashed).tolist()
        return found

    def audience_of(self, record: int) -> int | None:
        """Return the record's audience, or None where this layer does not hold it."""
        place = int(np.searchsorted(self.numbers, np.uint32(record)))
        if place < len(self.numbers) and self.numbers[place] == record:
            return int(self.audiences[place])
        return None

    def has_replaced(self, record: int) -> bool:
        """Return whether this layer says something newer of the record than earlier ones."""
        place = int(np.searchsorted(self.replaced, np.uint32(record)))
        return place < len(self.replaced) and bool(self.replaced[place] == record)


def write_segment(directory: Path, entries: Mapping[int, Entry], replaced: Iterable[int]) -> None:
    """Write a segment of these entries; every file is durable when this returns."""
    directory.mkdir(parents=True)
    numbers = np.array(sorted(entries), np.uint32)
    audiences = np.array([entries[int(number)].audience for number in numbers], np.uint32)
    pairs = ((hashed, entry.record) for entry in entries.values() for hashed in entry.hashes)
    build_exact(pairs, directory)
    build_name_segment(
        (name for number in sorted(entries) for name in entries[number].name_entries()), directory / "names"
    )
    save_array(directory / "numbers.npy", numbers)
    save_array(directory / "audiences.npy", audiences)
    save_array(directory / "replaced.npy", np.array(sorted(set(replaced)), np.uint32))
    write_digests(directory)


def open_segment(directory: Path) -> Segment:
    """Return the segment in a directory; raises `DamagedError`."""
    return Segment(
        directory.name,
        open_exact(directory),
        NameSegment.open(directory / "names"),
        load_array(directory / "numbers.npy", np.uint32),
        load_array(directory / "audiences.npy", np.uint32),
        load_array(directory / "replaced.npy", np.uint32),
    )


@dataclass(slots=True)
class Delta:
    """The layer of recent changes, in memory, the newest of all."""

    exact: ExactDelta = field(default_factory=ExactDelta)
    names: NameDelta = field(default_factory=NameDelta)
    entries: dict[int, Entry] = field(default_factory=dict[int, Entry])
    replaced: set[int] = field(default_factory=set[int])

    def put(self, entries: Sequence[Entry]) -> None:
        """Hold these records as they are now."""
        for entry in entries:
            self.remove(entry.record)
            self.entries[entry.record] = entry
            self.exact.put(entry.record, entry.hashes)
        self.names.add([name for entry in entries for name in entry.name_entries()])

    def remove(self, record: int) -> None:
        """Hold that a record answers no checks any more."""
        self.replaced.add(record)
        if self.entries.pop(record, None) is not None:
            self.exact.remove(record)
            self.names.remove(record)

    def find(self, hashed: int) -> Sequence[int]:
        """Return the numbers of the records with this hash."""
        return self.exact.find(hashed)

    def audience_of(self, record: int) -> int | None:
        """Return the record's audience, or None where this layer does not hold it."""
        entry = self.entries.get(record)
        return None if entry is None else entry.audience

    def has_replaced(self, record: int) -> bool:
        """Return whether this layer says something newer of the record than earlier ones."""
        return record in self.replaced
