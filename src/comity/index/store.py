"""The index as a whole: layers, the position they stand at, and who may be led where.

apply(changes) -> delta -> save() -> new segment -> manifest swapped -> every process reopens
"""

import json
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

import numpy as np
from numpy.typing import NDArray

from comity.access.decide import Grant
from comity.access.masks import Audience
from comity.errors import DamagedError
from comity.index.digests import damaged_files
from comity.index.exact import hash_key
from comity.index.files import exclusive, save_text, sync_directory
from comity.index.names import Layer, rarity, search_all
from comity.index.segment import Delta, Entry, Segment, open_segment, write_segment
from comity.records.kind import Terms

MANIFEST = "CURRENT"
NAME_CANDIDATES_MAX = 100
KEY_CANDIDATES_MAX = 2000
REOPEN_TRIES = 5
RARITIES_KEPT = 100_000
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class IndexChange:
    """One numbered change as the index follows it: the record's audience before and after."""

    number: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Indexed:
    """A record as it is to be found from now on; `terms` is None where it is not to be found any more."""

    record: int
    audience: int
    terms: Terms | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which segments make up the index, at which position, with which names for spaces of names."""

    position: int
    segments: tuple[str, ...]
    spaces: tuple[str, ...]
    pairs: Mapping[tuple[int, int], int]

    def to_text(self) -> str:
        """Return the manifest as stored."""
        pairs = [[before, after, count] for (before, after), count in sorted(self.pairs.items())]
        return json.dumps(
            {"position": self.position, "segments": self.segments, "spaces": self.spaces, "pairs": pairs}
        )


def read_manifest(directory: Path) -> Manifest:
    """Return the manifest of an index directory, an empty one where there is none yet."""
    path = directory / MANIFEST
    if not path.exists():
        return Manifest(0, (), (), {})
    try:
        data = json.loads(path.read_text("utf-8"))
        pairs = {(before, after): count for before, after, count in data["pairs"]}
        return Manifest(int(data["position"]), tuple(data["segments"]), tuple(data["spaces"]), pairs)
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError(what="index manifest") from error


class Index:
    """The candidates of a check, from mapped segments and a delta. Safe for use by several threads."""

    def __init__(self, directory: Path, secret: bytes) -> None:
        self._directory, self._secret = directory, secret
        self._lock = threading.RLock()
        directory.mkdir(parents=True, exist_ok=True)
        self._audiences: dict[int, Audience] = {}
        self._admitted: dict[tuple[int, str | None, bool], NDArray[np.bool_]] = {}
        self._damage = ""
        try:
            self._load(read_manifest(directory))
        except DamagedError as error:
            # Answers stay right: every change is followed anew, in memory, until `comity rebuild`.
            self._begin_empty(error.what)

    def _begin_empty(self, damage: str) -> None:
        self._damage = damage
        self._load(Manifest(0, (), (), {}))

    def _load(self, manifest: Manifest) -> None:
        self._segments = [open_segment(self._directory / name) for name in manifest.segments]
        self._manifest = manifest
        self._spaces = {name: place for place, name in enumerate(manifest.spaces)}
        self._pairs = Counter(manifest.pairs)
        self._position = manifest.position
        self._delta = Delta()
        # Kept until the names change: comparing one check's candidates asks for the same words again and again.
        self._rarities: dict[str, float] = {}

    @property
    def position(self) -> int:
        """The number of the last change that the index holds."""
        return self._position

    @property
    def audiences_known(self) -> int:
        """The highest audience identifier that the index knows the rule of, -1 where none."""
        return max(self._audiences, default=-1)

    @property
    def delta_count(self) -> int:
        """How many records the delta speaks of."""
        return len(self._delta.replaced)

    def learn_audiences(self, audiences: Mapping[int, Audience]) -> None:
        """Take in the rules behind audience identifiers."""
        with self._lock:
            self._audiences.update(audiences)
            self._admitted.clear()

    def forget_audiences(self) -> None:
        """Drop the rules, to learn them anew: a bureau has joined, and masks are made of bureaus."""
        with self._lock:
            self._audiences.clear()
            self._admitted.clear()

    def refresh(self) -> None:
        """Take over the segments that another process has saved meanwhile, if they reach further.

        Where those are damaged, what this process holds stays as it is, and `faults` tells of them.
        """
        with self._lock:
            if self._damage == DROPPED:
                return
            for attempt in range(REOPEN_TRIES):
                try:
                    manifest = read_manifest(self._directory)
                    if manifest.segments == self._manifest.segments or manifest.position < self._position:
                        return
                    self._load(manifest)
                except DamagedError as error:
                    # Another process may have swapped again and swept up between the two readings.
                    if attempt == REOPEN_TRIES - 1:
                        self._damage = error.what
                else:
                    self._damage = ""
                    return

    def faults(self) -> list[str]:
        """Return what of the index on the disk is not as it was written; reads all of it."""
        with self._lock:
            found = [f"index-damaged {self._damage}"] if self._damage else []
            for segment in self._manifest.segments:
                found += [
                    f"index-damaged {segment}/{name}" for name in damaged_files(self._directory / segment)
                ]
            return found

    def drop(self) -> None:
        """Hold nothing, at position 0, until every change is followed anew; the disk stays as it is."""
        with self._lock:
            self._begin_empty(DROPPED)

    def apply(self, changes: Sequence[IndexChange], records: Sequence[Indexed]) -> None:
        """Follow numbered changes; `records` are the changed records as they stand now."""
        with self._lock:
            fresh = [change for change in changes if change.number > self._position]
            if not fresh:
                return
            entries = [self._entry(record) for record in records if record.terms is not None]
            for record in records:
                if record.terms is None:
                    self._delta.remove(record.record)
            self._delta.put(entries)
            self._rarities.clear()
            for change in fresh:
                before = -1 if change.before is None else change.before
                self._pairs[before, -1 if change.after is None else change.after] += 1
            self._position = fresh[-1].number

    def _entry(self, record: Indexed) -> Entry:
        assert record.terms is not None
        hashes = tuple(hash_key(self._secret, meaning, key) for meaning, key in record.terms.keys)
        names = tuple((self._space(meaning), text) for meaning, text in record.terms.names)
        return Entry(record.record, record.audience, hashes, names, record.is_open)

    def _space(self, meaning: str) -> int:
        return self._spaces.setdefault(meaning, len(self._spaces))

    def as_of(self, grant: Grant) -> int:
        """Return how many changes so far the grant's bureau could see, for its purpose.

        The registry's own count would betray changes of withheld records; this one does not.
        """
        with self._lock:
            admitted = self._admitted_by(grant)
            return sum(
                count
                for (before, after), count in self._pairs.items()
                if (before >= 0 and admitted[before]) or (after >= 0 and admitted[after])
            )

    def _admitted_by(self, grant: Grant) -> NDArray[np.bool_]:
        name = (grant.bureau.bit, grant.purpose, grant.is_oversight)
        if name not in self._admitted:
            admitted = np.zeros(max(self._audiences, default=-1) + 1, np.bool_)
            for number, audience in self._audiences.items():
                admitted[number] = audience.admits(grant)
            self._admitted[name] = admitted
        return self._admitted[name]

    def admits(self, grant: Grant, audience: int) -> bool:
        """Return whether records of this audience are visible to the grant's bureau, for its purpose."""
        with self._lock:
            admitted = self._admitted_by(grant)
            return audience < len(admitted) and bool(admitted[audience])

    def candidates(self, terms: Terms, grant: Grant) -> list[int]:
        """Return the numbers of the records that these terms may mean and the grant's bureau may see.

        Restrictions are applied before any limit, so a withheld record pushes no other out.
        """
        with self._lock:
            admitted = self._admitted_by(grant)
            found: dict[int, None] = {}
            for meaning, key in terms.keys:
                found.update(dict.fromkeys(self._by_key(meaning, key, admitted)))
            for meaning, text in terms.names:
                found.update(dict.fromkeys(self._by_name(meaning, text, admitted)))
            return list(found)

    def _by_key(self, meaning: str, key: str, admitted: NDArray[np.bool_]) -> list[int]:
        hashed = hash_key(self._secret, meaning, key)
        layers: list[Segment | Delta] = [*self._segments, self._delta]
        found: list[int] = []
        for depth, layer in enumerate(layers):
            newer = layers[depth + 1 :]
            for record in layer.find(hashed):
                audience = layer.audience_of(record)
                if audience is None or not admitted[audience]:
                    continue
                if not any(above.has_replaced(record) for above in newer):
                    found.append(record)
        return found[:KEY_CANDIDATES_MAX]

    def _by_name(self, meaning: str, text: str, admitted: NDArray[np.bool_]) -> list[int]:
        space = self._spaces.get(meaning)
        if space is None:
            return []
        found = search_all(self._name_layers(), text, space, admitted, NAME_CANDIDATES_MAX)
        return [candidate.record for candidate in found]

    def _name_layers(self) -> list[tuple[Layer, frozenset[int]]]:
        """Return the names of every layer, with the records that newer layers replaced."""
        layers: list[tuple[Layer, frozenset[int]]] = [
            (segment.names, self._replaced_above(depth)) for depth, segment in enumerate(self._segments)
        ]
        return [*layers, (self._delta.names, frozenset())]

    def _replaced_above(self, depth: int) -> frozenset[int]:
        replaced = set(self._delta.replaced)
        for segment in self._segments[depth + 1 :]:
            replaced.update(segment.replaced.tolist())
        return frozenset(replaced)

    def idf(self, word: str) -> float:
        """Return how rare a word of a name is, as its inverse document frequency in natural-log units."""
        with self._lock:
            known = self._rarities.get(word)
            if known is None:
                if len(self._rarities) >= RARITIES_KEPT:
                    self._rarities.clear()
                known = self._rarities[word] = rarity(self._name_layers(), word)
            return known

    def save(self) -> None:
        """Write the delta as a new segment and swap the manifest. A crash leaves the old or the new one.

        Where another process has swapped first, its segments are taken over and nothing is written.
        """
        with self._lock, exclusive(self._directory):
            if self._damage:
                return  # what lies there is for `comity rebuild` to replace
            if read_manifest(self._directory).segments != self._manifest.segments:
                self._load(read_manifest(self._directory))
                return
            if not self._delta.replaced:
                return
            name = f"segment-{self._position:012d}"
            rmtree(self._directory / name, ignore_errors=True)
            write_segment(self._directory / name, self._delta.entries, self._delta.replaced)
            self._swap((*self._manifest.segments, name))

    def save_whole(self, entries: Sequence[Indexed]) -> None:
        """Replace every layer by one segment of these records, which stand at the index's position."""
        with self._lock, exclusive(self._directory):
            made = {record.record: self._entry(record) for record in entries if record.terms is not None}
            name = f"whole-{self._position:012d}"
            if name in self._manifest.segments:
                return
            rmtree(self._directory / name, ignore_errors=True)
            write_segment(self._directory / name, made, ())
            self._swap((name,))

    def _swap(self, segments: tuple[str, ...]) -> None:
        sync_directory(self._directory)
        spaces = tuple(sorted(self._spaces, key=self._spaces.__getitem__))
        manifest = Manifest(self._position, segments, spaces, dict(self._pairs))
        save_text(self._directory / MANIFEST, manifest.to_text())
        self._load(manifest)
        self._damage = ""
        for old in self._directory.iterdir():
            if old.is_dir() and old.name not in segments:
                rmtree(old, ignore_errors=True)
