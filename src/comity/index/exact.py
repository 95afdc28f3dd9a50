"""Exact keys: a keyed 64-bit hash of (meaning, key) to record numbers, sorted, in mapped arrays.

12 bytes a key. Keys that collide and keys that several records share are all kept: a look-up returns the
whole run of equal hashes, and the registry's record settles what was meant. The hash is keyed with the
node's secret, so that nobody can choose keys that collide.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.index.files import load_array, save_array


def hash_key(secret: bytes, meaning: str, key: str) -> int:
    """Return the 64-bit keyed hash of one exact key."""
    text = f"{meaning}\x1f{key}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=secret).digest(), "little")


@dataclass(frozen=True, slots=True)
class ExactSegment:
    """Sorted hashes and, place by place, the numbers of the records they lead to."""

    hashes: NDArray[np.uint64]
    records: NDArray[np.uint32]

    def find(self, hashed: int) -> NDArray[np.uint32]:
        """Return the numbers of all records with this hash."""
        wanted = np.uint64(hashed)
        start = int(np.searchsorted(self.hashes, wanted, "left"))
        stop = start
        while stop < len(self.hashes) and self.hashes[stop] == wanted:
            stop += 1
        return self.records[start:stop]


def build_exact(pairs: Iterable[tuple[int, int]], directory: Path) -> None:
    """Write the segment of (hash, record number) pairs; equal pairs are kept once."""
    distinct = sorted(set(pairs))
    hashes = np.fromiter((pair[0] for pair in distinct), np.uint64, len(distinct))
    records = np.fromiter((pair[1] for pair in distinct), np.uint32, len(distinct))
    save_array(directory / "exact-hashes.npy", hashes)
    save_array(directory / "exact-records.npy", records)


def open_exact(directory: Path) -> ExactSegment:
    """Return the segment, mapped; raises `DamagedError`."""
    return ExactSegment(
        load_array(directory / "exact-hashes.npy", np.uint64),
        load_array(directory / "exact-records.npy", np.uint32),
    )


@dataclass(slots=True)
class ExactDelta:
    """The same look-up over recent changes, in memory."""

    by_hash: dict[int, dict[int, None]] = field(default_factory=dict[int, dict[int, None]])
    by_record: dict[int, tuple[int, ...]] = field(default_factory=dict[int, tuple[int, ...]])

    def put(self, record: int, hashes: tuple[int, ...]) -> None:
        """Hold a record under these hashes in place of those it had."""
        self.remove(record)
        self.by_record[record] = hashes
        for hashed in hashes:
            self.by_hash.setdefault(hashed, {})[record] = None

    def remove(self, record: int) -> None:
        """Forget a record."""
        for hashed in self.by_record.pop(record, ()):
            records = self.by_hash[hashed]
            del records[record]
            if not records:
                del self.by_hash[hashed]

    def find(self, hashed: int) -> tuple[int, ...]:
        """Return the numbers of all records with this hash."""
        return tuple(self.by_hash.get(hashed, ()))
