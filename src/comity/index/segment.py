"""One immutable layer of the index: files that are written once, mapped by every process, merged with others.

    Contents (pairs, runs of audiences, what was replaced, names) -> write_segment -> files -> open_segment
    neighbouring segments -> merge_segments -> one segment in their place

A later layer replaces what earlier ones say of the records it names in `replaced`. Names are not merged: a
merged segment has those of its sources one beside the other, each with the records that later ones replaced.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from comity.index.digests import sound_digests, write_digests
from comity.index.exact import ExactTable, Pairs, build_table, merge_pairs, open_table, save_table
from comity.index.exact.layers import LayerView
from comity.index.exact.table import open_pairs
from comity.index.files import load_array, save_array, sync_directory
from comity.index.names import NameEntry, NameSegment, build_name_segment
from comity.index.runs import Runs, joined, records_count, without

NOTHING_GONE = np.zeros(0, np.bool_)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a segment is made of."""

    pairs: Pairs
    runs: Runs
    replaced: NDArray[np.uint32]
    names: Iterable[NameEntry] = ()


@dataclass(frozen=True, slots=True)
class SegmentNames:
    """Names of a segment, and the records of which a source merged later says something newer."""

    names: NameSegment
    dead: frozenset[int]


@dataclass(frozen=True, slots=True)
class Segment:
    """An immutable layer, mapped from its directory."""

    directory: Path
    table: ExactTable
    runs: Runs
    replaced: NDArray[np.uint32]
    names: tuple[SegmentNames, ...]
    pairs_count: int

    @property
    def name(self) -> str:
        """The name of its directory."""
        return self.directory.name

    def bury_names(self, records: Iterable[int]) -> None:
        """Answer by name with these records no more: later layers say something newer of them."""
        records = frozenset(records)
        if records:
            for kept in self.names:
                kept.names.bury(records)

    def view(self) -> LayerView:
        """Return what a look-up of exact keys needs."""
        return LayerView(self.table, self.runs, self.replaced)

    def records_count(self) -> int:
        """Return how many records it speaks of."""
        return records_count(self.runs) + len(self.replaced)


def marks(records: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which records are among these, by record number, as far as the highest of them."""
    if not len(records):
        return NOTHING_GONE
    marked = np.zeros(int(records.max()) + 1, np.bool_)
    marked[records] = True
    return marked


def write_segment(directory: Path, contents: Contents) -> None:
    """Write a segment; every file is durable when this returns."""
    directory.mkdir(parents=True)
    _write_exact(directory, contents)
    names = list(contents.names)
    if names:
        build_name_segment(names, directory / "names-0")
        save_array(directory / "dead-0.npy", np.zeros(0, np.uint32))
    write_digests(directory)


def _write_exact(directory: Path, contents: Contents) -> None:
    save_table(directory, build_table(contents.pairs), contents.pairs)
    save_array(directory / "runs.npy", contents.runs)
    save_array(directory / "replaced.npy", contents.replaced)


def open_segment(directory: Path) -> Segment:
    """Return the segment in a directory; raises `DamagedError`."""
    names: list[SegmentNames] = []
    while (found := directory / f"names-{len(names)}").exists():
        dead = load_array(directory / f"dead-{len(names)}.npy", np.uint32)
        kept = SegmentNames(NameSegment.open(found), frozenset(dead.tolist()))
        kept.names.bury(kept.dead)
        names.append(kept)
    runs = load_array(directory / "runs.npy", np.uint32)
    table = open_table(directory)
    replaced = load_array(directory / "replaced.npy", np.uint32)
    return Segment(directory, table, runs, replaced, tuple(names), len(open_pairs(directory).hashes))


def merge_segments(directory: Path, sources: Sequence[Segment], *, is_lowest: bool) -> None:
    """Write one segment that says what these neighbours say together; every file is durable when this returns.

    `is_lowest` says that no segment lies below them, so that what they replace there is of no use any more. Raises
    `DamagedError`, before anything is written, where a file of theirs is not as it was: what is wrong in it would be
    right by the digests of the new segment.
    """
    stated = [sound_digests(source.directory) for source in sources]
    directory.mkdir(parents=True)
    newer = [marks(_replaced(sources[place + 1 :])) for place in range(len(sources))]
    pairs = merge_pairs([open_pairs(source.directory) for source in sources], newer)
    runs = joined([without(source.runs, gone) for source, gone in zip(sources, newer, strict=True)])
    _write_exact(directory, Contents(pairs, runs, _replaced([] if is_lowest else sources)))
    write_digests(directory, _keep_names(directory, sources, stated))


def _replaced(segments: Sequence[Segment]) -> NDArray[np.uint32]:
    return np.unique(np.concatenate([np.zeros(0, np.uint32), *(one.replaced for one in segments)]))


def _keep_names(
    directory: Path, sources: Sequence[Segment], stated: Sequence[Mapping[str, str]]
) -> dict[str, str]:
    """Give the merged segment the names of its sources: the same files, by another name. Return their digests."""
    place, digests = 0, dict[str, str]()
    for depth, source in enumerate(sources):
        newer = _replaced(sources[depth + 1 :]).tolist()
        for number, kept in enumerate(source.names):
            target = directory / f"names-{place}"
            target.mkdir()
            for file in (source.directory / f"names-{number}").iterdir():
                os.link(file, target / file.name)
                digests[f"{target.name}/{file.name}"] = stated[depth][f"names-{number}/{file.name}"]
            sync_directory(target)
            dead = np.array(sorted(kept.dead.union(newer)), np.uint32)
            save_array(directory / f"dead-{place}.npy", dead)
            place += 1
    return digests
