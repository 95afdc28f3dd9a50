"""The index as a whole: layers, the position they stand at, and who may be led where.

apply(changes) -> delta -> save() -> new segment -> manifest swapped -> every process reopens
save() -> segments of about one size -> merged -> manifest swapped -> every process reopens
"""

import math
import threading
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.access.decide import Grant
from comity.access.masks import Audience
from comity.errors import DamagedError
from comity.index.admissions import Admissions
from comity.index.changes import IndexChange, Indexed, NewBlock
from comity.index.delta import Delta, Entry, block_pairs, block_runs
from comity.index.digests import damaged_files
from comity.index.exact import ExactLayers, HashKey, Pairs, exact_key, hash_key, merge_pairs, packed_keys
from comity.index.files import exclusive, is_kept, keeping, save_text, sync_directory
from comity.index.manifest import MANIFEST, Manifest, read_manifest
from comity.index.merging import mergeable
from comity.index.names import (
    Foresight,
    Layer,
    NameCandidate,
    Search,
    dated,
    meaning_of,
    packed_date,
    rarities,
    search_all,
)
from comity.index.runs import Runs, joined
from comity.index.segment import Contents, Segment, merge_segments, open_segment, write_segment
from comity.index.steps import BlockStep, Step, going_on
from comity.names.edition import readings_edition
from comity.names.weighing import PLAIN_DATES, PLAIN_WEIGHING, DateWeights, Weighing
from comity.records.kind import Terms

__all__ = ["Index", "IndexChange", "Indexed", "Manifest", "NewBlock", "read_manifest"]

NAME_CANDIDATES_MAX = 200
KEY_CANDIDATES_MAX = 2000
REOPEN_TRIES = 5
RARITIES_KEPT = 100_000
DROPPED = "dropped"


class Foretold(NamedTuple):
    """With what an index foretells the worth of a name and a date, and what it leaves out of one name asked."""

    weighing: Weighing
    dates: DateWeights
    promise_min: float = -math.inf


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that a check may mean; `promise` is about what comparing it will be worth, infinite by a key."""

    record: int
    promise: float


class Index:
    """The candidates of a check, from mapped segments and a delta. Safe for use by several threads.

    Exact keys are looked up without a lock: what a look-up sees is replaced whole. Names are searched under it.
    """

    def __init__(self, directory: Path, secret: bytes) -> None:
        self._directory, self._key = directory, HashKey.of(secret)
        self._lock = threading.RLock()
        directory.mkdir(parents=True, exist_ok=True)
        self._admissions = Admissions(self._lock)
        self._damage = self._unsound = ""
        self._segments: list[Segment] = []
        self._steps: list[Step | BlockStep] = []
        try:
            self._load(read_manifest(directory))
        except DamagedError as error:
            # Answers stay right: every change is followed anew, in memory, until `comity rebuild`.
            self._begin_empty(error.what)

    def _begin_empty(self, damage: str) -> None:
        self._damage = damage
        self._steps = []
        self._load(Manifest(0, (), (), {}))

    def _load(self, manifest: Manifest) -> None:
        """Stand where the manifest does, and from there on where this process did before."""
        held = {segment.name: segment for segment in self._segments}
        segments = [held.get(name) or open_segment(self._directory / name) for name in manifest.segments]
        spaces = {name: place for place, name in enumerate(manifest.spaces)}
        renamed = self._renamed(spaces) if self._steps else {}
        self._segments, self._manifest, self._spaces = segments, manifest, spaces
        self._admissions.begin(manifest.pairs)
        self._position = manifest.position
        self._delta = Delta()
        # Kept until the names change: comparing one check's candidates asks for the same words again and again.
        self._rarities: dict[str, float] = {}
        for depth, segment in enumerate(segments):
            for newer in segments[depth + 1 :]:
                segment.bury_names(newer.replaced.tolist())
        self._steps = going_on(self._steps, manifest.position)
        for step in self._steps:
            self._take(step, renamed)
        self._publish()

    def _renamed(self, spaces: dict[str, int]) -> dict[int, int]:
        """Return, for the numbers of spaces of names that this process gave, those that they have now."""
        return {place: spaces.setdefault(name, len(spaces)) for name, place in self._spaces.items()}

    def _publish(self) -> None:
        """Let look-ups see the layers as they are now."""
        views = [segment.view() for segment in self._segments]
        views += [block.view() for block in self._delta.blocks]
        self._exact = ExactLayers(self._key, tuple(views), self._delta.recent)

    @property
    def position(self) -> int:
        """The number of the last change that the index holds."""
        return self._position

    @property
    def audiences_known(self) -> int:
        """The highest audience identifier that the index knows the rule of, -1 where none."""
        return self._admissions.highest

    @property
    def delta_count(self) -> int:
        """How many records the delta speaks of."""
        return self._delta.records_count

    @property
    def unsound(self) -> str:
        """Which file of a segment was found not to be as it was written when the segment was to be merged, if any."""
        return self._unsound if self._unsound.partition("/")[0] in self._manifest.segments else ""

    @property
    def segments_count(self) -> int:
        """How many segments on the disk a look-up asks."""
        return len(self._segments)

    def learn_audiences(self, audiences: Mapping[int, Audience]) -> None:
        """Take in the rules behind audience identifiers."""
        self._admissions.learn(audiences)

    def forget_audiences(self) -> None:
        """Drop the rules, to learn them anew: a bureau has joined, and masks are made of bureaus."""
        self._admissions.forget()

    def refresh(self) -> None:
        """Take over the segments that another process has saved meanwhile.

        What this process has followed beyond them it still holds. Where they are damaged, what it holds stays as
        it is, and `faults` tells of them.
        """
        with self._lock:
            if self._damage == DROPPED:
                return
            for attempt in range(REOPEN_TRIES):
                try:
                    manifest = read_manifest(self._directory)
                    if (
                        manifest.segments == self._manifest.segments
                        or manifest.position < self._manifest.position
                    ):
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
            segments = self._manifest.segments
        for segment in segments:
            found += [f"index-damaged {segment}/{name}" for name in damaged_files(self._directory / segment)]
        return found

    def is_outdated(self) -> bool:
        """Return whether what lies on the disk was made by other readings of names than these."""
        with self._lock:
            has_names = any(segment.names for segment in self._segments)
            return has_names and self._manifest.readings != readings_edition()

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
            gone = [record.record for record in records if record.terms is None]
            step = Step(fresh, entries, gone)
            self._steps.append(step)
            self._take(step, {})
            if not self._exact.is_current():
                self._publish()

    def apply_block(self, block: NewBlock) -> None:
        """Follow the changes that entered a block of new records."""
        with self._lock:
            if block.first_change <= self._position:
                return
            pairs, runs = block_pairs(self._key, block), block_runs(block)
            step = BlockStep(block.first_change, block.count, block.audience, pairs, runs)
            self._steps.append(step)
            self._take(step, {})
            self._publish()

    def _take(self, step: Step | BlockStep, renamed: Mapping[int, int]) -> None:
        """Hold what a step brought, as far as it lies beyond the position."""
        if isinstance(step, BlockStep):
            self._delta.add_block(step.pairs, step.runs, step.count)
            self._admissions.passed(-1, step.audience, step.count)
        else:
            self._take_records(step, renamed)
        self._position = step.last

    def _take_records(self, step: Step, renamed: Mapping[int, int]) -> None:
        fresh = [change for change in step.changes if change.number > self._position]
        first: dict[int, int | None] = {}
        for change in fresh:
            first.setdefault(change.record, change.before)
        entries = [_with_spaces(entry, renamed) for entry in step.entries] if renamed else step.entries
        self._delta.put(entries)
        for record, before in first.items():
            # What was not held before is not in older layers either, or they hold already that it is gone.
            if before is not None:
                self._delta.bury(record)
        for record in step.gone:
            self._delta.remove(record)
        for segment in self._segments:
            segment.bury_names([record for record, before in first.items() if before is not None])
        self._rarities.clear()
        for change in fresh:
            before = -1 if change.before is None else change.before
            self._admissions.passed(before, -1 if change.after is None else change.after)

    def _entry(self, record: Indexed) -> Entry:
        assert record.terms is not None
        hashes = tuple(hash_key(self._key, exact_key(meaning, key)) for meaning, key in record.terms.keys)
        names = tuple((self._space(meaning), text) for meaning, text in record.terms.names)
        packed = (packed_date(text, self._space(meaning)) for meaning, text in record.terms.dates)
        dates = tuple(date for date in packed if date)
        return Entry(record.record, record.audience, hashes, names, record.is_open, dates)

    def _space(self, meaning: str) -> int:
        return self._spaces.setdefault(meaning, len(self._spaces))

    def as_of(self, grant: Grant) -> int:
        """Return how many changes so far the grant's bureau could see, for its purpose.

        The registry's own count would betray changes of withheld records; this one does not.
        """
        return self._admissions.count(grant)

    def admits(self, grant: Grant, audience: int) -> bool:
        """Return whether records of this audience are visible to the grant's bureau, for its purpose."""
        admitted = self._admissions.mask(grant)
        return audience < len(admitted) and bool(admitted[audience])

    def candidates(self, terms: Terms, grant: Grant) -> list[int]:
        """Return the numbers of the records that these terms may mean and the grant's bureau may see.

        By name in the order of a plain weighing: for those who look at all of them anyway.
        """
        return [one.record for one in self.promising(terms, grant, Foretold(PLAIN_WEIGHING, PLAIN_DATES))]

    def promising(self, terms: Terms, grant: Grant, foretold: Foretold) -> list[Candidate]:
        """Return the records that these terms may mean and the grant's bureau may see, best promise first.

        Restrictions are applied before any limit, so a withheld record pushes no other out.
        """
        exact, admitted = self._exact, self._admissions.mask(grant)
        found: dict[int, float] = {}
        for meaning, key in terms.keys:
            for record in exact.find(exact_key(meaning, key), admitted)[:KEY_CANDIDATES_MAX]:
                found[record] = math.inf
        if terms.names:
            with self._lock:
                foresight = self._foresight(terms, foretold)
                for meaning, text in terms.names:
                    for one in self._by_name(meaning, text, admitted, foresight):
                        # Of two names asked, the one that found the record tells half of what it may be worth.
                        found.setdefault(one.record, one.promise if len(terms.names) == 1 else math.inf)
        return [Candidate(record, promise) for record, promise in found.items()]

    def _foresight(self, terms: Terms, foretold: Foretold) -> Foresight:
        least = foretold.promise_min if len(terms.names) == 1 else -math.inf
        date = next((packed_date(text, self._space(meaning)) for meaning, text in terms.dates), 0)
        return Foresight(foretold.weighing, foretold.dates, date, least)

    def candidates_batch(
        self, keys: Sequence[bytes], grant: Grant
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return (place of the key, record number) for all records under these keys that the bureau may see.

        In order of the keys, each made by `exact_key`. Candidates of one key are not limited.
        """
        return self._exact.find_packed(packed_keys(keys), len(keys), self._admissions.mask(grant))

    def has_any(self, key: bytes, grant: Grant) -> bool:
        """Return whether there is a record under a key, made by `exact_key`, that the bureau may see."""
        return bool(self._exact.find(key, self._admissions.mask(grant)))

    def exact_for(self, grant: Grant) -> tuple[ExactLayers, NDArray[np.bool_]]:
        """Return what compiled code asks for exact keys, to be held meanwhile, and whom the bureau may see."""
        return self._exact, self._admissions.mask(grant)

    def found_among(self, packed: bytes, count: int, grant: Grant) -> NDArray[np.uint32]:
        """Return the places of those of `count` keys under which there is a record that the bureau may see.

        `packed` holds the keys, each made as by `exact_key` and ended by a zero byte. A place may come twice.
        """
        places, _records = self._exact.find_packed(packed, count, self._admissions.mask(grant))
        return places

    def _by_name(
        self, meaning: str, text: str, admitted: NDArray[np.bool_], foresight: Foresight
    ) -> list[NameCandidate]:
        space = self._spaces.get(meaning)
        if space is None:
            return []
        return search_all(self._name_layers(), text, Search(space, admitted, NAME_CANDIDATES_MAX, foresight))

    def _name_layers(self) -> list[Layer]:
        """Return the names of every layer; what newer layers replaced is buried in them."""
        return [*(kept.names for segment in self._segments for kept in segment.names), self._delta.names]

    def idf(self, word: str) -> float:
        """Return how rare a word of a name is, as its inverse document frequency in natural-log units."""
        return self.idf_all([word])[0]

    def idf_all(self, words: Sequence[str]) -> list[float]:
        """Return the same of some words; those not asked before are counted together."""
        with self._lock:
            known = self._rarities
            fresh = [word for word in dict.fromkeys(words) if word not in known]
            if fresh:
                if len(known) + len(fresh) > RARITIES_KEPT:
                    known.clear()
                    fresh = list(dict.fromkeys(words))
                known.update(zip(fresh, rarities(self._name_layers(), fresh), strict=True))
            return [known[word] for word in words]

    def keeping(self) -> AbstractContextManager[None]:
        """Return what tells other processes, while it is entered, that this one saves whatever is followed."""
        return keeping(self._directory)

    def is_kept(self) -> bool:
        """Return whether a process is `keeping` the index."""
        return is_kept(self._directory)

    def save(self) -> None:
        """Write the delta as a new segment and swap the manifest. A crash leaves the old or the new one.

        Where another process has swapped first, its segments are taken over. Checks go on meanwhile, and changes
        followed meanwhile are held. Segments of about one size are merged afterwards, unless one is `unsound`.
        """
        if self._save_delta():
            self._merge()

    def _save_delta(self) -> bool:
        with exclusive(self._directory):
            with self._lock:
                if self._damage:
                    return False  # what lies there is for `comity rebuild` to replace
                if read_manifest(self._directory).segments != self._manifest.segments:
                    self._load(read_manifest(self._directory))
                if self._position == self._manifest.position:
                    return False
                frozen, contents = self._frozen(self._manifest.segments), self._delta.contents()
            name = f"segment-{frozen.position:012d}"
            with self._new_directory(name) as directory:
                write_segment(directory, contents)
            self._swap(replace(frozen, segments=(*frozen.segments, name)))
            return True

    def _frozen(self, segments: tuple[str, ...]) -> Manifest:
        spaces = tuple(sorted(self._spaces, key=self._spaces.__getitem__))
        # A segment put upon those of other readings makes the index no newer than they are.
        readings = (
            self._manifest.readings if set(segments) & set(self._manifest.segments) else readings_edition()
        )
        return Manifest(self._position, segments, spaces, dict(self._admissions.pairs), readings)

    def _merge(self) -> None:
        """Merge the newest segments while they are of about one size with those below."""
        with exclusive(self._directory):
            while True:
                with self._lock:
                    manifest, segments = self._manifest, list(self._segments)
                    start = mergeable([segment.records_count() for segment in segments])
                    if self._damage or start is None or read_manifest(self._directory) != manifest:
                        return
                if self.unsound:
                    return
                name = f"merged-{manifest.position:012d}-{len(segments) - start}"
                try:
                    with self._new_directory(name) as directory:
                        merge_segments(directory, segments[start:], is_lowest=start == 0)
                except DamagedError as error:
                    self._unsound = error.what
                    return
                self._swap(replace(manifest, segments=(*manifest.segments[:start], name)))

    def save_whole(self, records: Iterable[Indexed | NewBlock]) -> None:
        """Replace every layer by one segment of these records, which stand at the index's position."""
        with self._lock, exclusive(self._directory):
            name = f"whole-{self._position:012d}-{readings_edition()}"
            if name in self._manifest.segments:
                return
            contents = self._whole(iter(records))
            frozen = self._frozen((name,))
            with self._new_directory(name) as directory:
                write_segment(directory, contents)
            self._swap(frozen)

    def _whole(self, records: Iterator[Indexed | NewBlock]) -> Contents:
        """Return the contents of one segment of all these records, each of which is given once."""
        pairs: list[Pairs] = []
        runs: list[Runs] = []
        single = Delta()
        for record in records:
            if isinstance(record, NewBlock):
                pairs.append(block_pairs(self._key, record))
                runs.append(block_runs(record))
            elif record.terms is not None:
                single.put([self._entry(record)])
        rest = single.contents()
        none = [np.zeros(0, np.bool_)] * (len(pairs) + 1)
        return Contents(
            merge_pairs([*pairs, rest.pairs], none), joined([*runs, rest.runs]), rest.replaced, rest.names
        )

    @contextmanager
    def _new_directory(self, name: str) -> Generator[Path]:
        """Yield a directory that is not there yet; what an earlier try left is taken away."""
        rmtree(self._directory / name, ignore_errors=True)
        yield self._directory / name
        sync_directory(self._directory)

    def _swap(self, manifest: Manifest) -> None:
        """Let a manifest count from now on, in this process too, and sweep up what it does not name."""
        save_text(self._directory / MANIFEST, manifest.to_text())
        with self._lock:
            self._load(manifest)
            self._damage = ""
        for old in self._directory.iterdir():
            if old.is_dir() and old.name not in manifest.segments:
                rmtree(old, ignore_errors=True)


def _with_spaces(entry: Entry, renamed: Mapping[int, int]) -> Entry:
    names = tuple((renamed.get(space, space), text) for space, text in entry.names)
    dates = tuple(dated(date, renamed.get(meaning_of(date), meaning_of(date))) for date in entry.dates)
    return Entry(entry.record, entry.audience, entry.hashes, names, entry.is_open, dates)
