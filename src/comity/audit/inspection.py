"""Checking a whole stored log: every entry, every kept subtree, every head, in one pass, page by page.

    page of rows -> leaves from the bytes -> tree -> compared with kept subtrees and signed heads -> faults

The tree is computed from the sealed bytes alone; everything else that is stored is compared with it. Memory
does not grow with the log. What no inspection of the store can see is a log that was cut back to an earlier
state as a whole: that takes a head that was kept elsewhere, given as `known`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from comity.audit.entries import decode
from comity.audit.heads import Head, Verifier, verify_head
from comity.audit.lines import Line, Shown, line_of, shown_in
from comity.audit.merkle import TILE_LEVELS, Frontier, grow, leaf_hash
from comity.errors import DamagedError, MalformedError

_FAULTS_LISTED_MAX: Final = 1000
_ABSENT_LEAF: Final = bytes(32)


class Fault(NamedTuple):
    """One thing that does not hold together: a stable code, and where.

    entry-missing      no entry has this number
    entry-altered      the bytes of this entry do not have the leaf hash stored with them
    entry-unreadable   the bytes of this entry are no entry in canonical form
    entry-columns      what this entry is searched by differs from its bytes
    entry-beyond       an entry lies outside the log
    shown-missing      a record that an entry showed is not in the index of records (entry, record)
    shown-beyond       the index of records names one that the entry did not show (entry, record)
    tile-altered       a kept subtree differs from the entries under it (first entry..after the last)
    tile-missing       a kept subtree is absent
    tile-beyond        a kept subtree lies outside the log
    head-missing       no head has this number
    head-altered       this head is not what the node signed for this size
    head-root          the entries between these two heads are not those that were signed (sizes)
    head-beyond        a head lies outside the log
    tip                the place where appending goes on differs from the entries
    known-head         a head kept elsewhere is not this node's
    log-forked         a head kept elsewhere was signed for other entries (size)
    log-shortened      a head kept elsewhere is larger than the log (size)
    """

    code: str
    place: str


@dataclass(frozen=True)
class AuditReport:
    """What an inspection found. `faults` lists the first thousand of `faults_count`."""

    size: int
    checked: int
    heads_count: int
    root: bytes
    faults: tuple[Fault, ...]
    faults_count: int
    finished: bool

    @property
    def sound(self) -> bool:
        """Whether the whole log was checked and nothing is wrong with it."""
        return self.finished and self.faults_count == 0


class Tile(NamedTuple):
    """A kept root of the complete subtree number `position` of a level."""

    level: int
    position: int
    root: bytes


class Tip(NamedTuple):
    """The place where appending goes on: the tree so far, and how many heads were signed."""

    frontier: Frontier
    heads_count: int


class StoredHead(NamedTuple):
    """A stored head: its place in the order of heads, its size, its signed note."""

    number: int
    size: int
    note: str


@dataclass(frozen=True)
class Page:
    """All that is stored of the entries from `first` up to `last`, `last` not included.

    `heads` are those that end here: larger than `first` (from 0 on in the first page), up to `last`; by size.
    """

    first: int
    last: int
    lines: Sequence[Line]
    shown: Sequence[Shown]
    tiles: Sequence[Tile]
    heads: Sequence[StoredHead]


@dataclass
class Inspector:
    """Takes the pages of a log in order and gathers what is wrong. Pages begin at multiples of 256."""

    verifier: Verifier
    known: Sequence[str] = ()
    _frontier: Frontier = field(default_factory=Frontier)
    _heads_count: int = 0
    _head_size: int = -1
    _diverged: bool = False
    _faults: list[Fault] = field(default_factory=list[Fault])
    _faults_count: int = 0
    _known: list[Head] = field(default_factory=list[Head])

    def __post_init__(self) -> None:
        for note in self.known:
            head = self._head(note)
            if head is None:
                self.fault("known-head", note.partition("\n\n")[0].replace("\n", " "))
            else:
                self._known.append(head)
        self._known.sort(key=lambda head: head.size)

    @property
    def checked(self) -> int:
        """How many entries were checked so far."""
        return self._frontier.size

    def fault(self, code: str, place: object) -> None:
        """Note a fault; beyond the first thousand they are only counted."""
        self._faults_count += 1
        if len(self._faults) < _FAULTS_LISTED_MAX:
            self._faults.append(Fault(code, str(place)))

    def take(self, page: Page) -> None:
        """Check the next page."""
        assert page.first == self.checked, "pages come in order"
        leaves = self._check_lines(page)
        roots: dict[tuple[int, int], bytes] = {}
        for stored in page.heads:
            self._advance(leaves[self.checked - page.first : stored.size - page.first], roots)
            self._check_head(stored)
        self._advance(leaves[self.checked - page.first :], roots)
        self._check_tiles(page, roots)

    def finish(self, size: int, tip: Tip | None) -> None:
        """Compare the end of the log with the place where appending goes on; None if that is damaged."""
        if tip != Tip(self._frontier, self._heads_count):
            self.fault("tip", size)
        if tip is not None and tip.frontier.size > size:
            self.fault("entry-missing", f"{size}..{tip.frontier.size}")
        if self._head_size != size:
            self.fault("head-missing", self._heads_count)
        for head in self._known:
            self.fault("log-shortened", head.size)

    def report(self, size: int, *, finished: bool) -> AuditReport:
        """Return what was found."""
        return AuditReport(
            size,
            self.checked,
            self._heads_count,
            self._frontier.root,
            tuple(self._faults),
            self._faults_count,
            finished,
        )

    def _check_lines(self, page: Page) -> list[bytes]:
        """Return the leaf of each entry, computed from its bytes; of a missing one, 32 zero bytes."""
        leaves = [_ABSENT_LEAF] * (page.last - page.first)
        shown: set[Shown] = set()
        for line in page.lines:
            leaf = leaves[line.seq - page.first] = leaf_hash(line.body)
            shown.update(self._check_line(line, leaf))
        for seq in sorted(set(range(page.first, page.last)).difference(line.seq for line in page.lines)):
            self.fault("entry-missing", seq)
        stored = set(page.shown)
        for row in sorted(shown - stored):
            self.fault("shown-missing", f"{row.seq} {row.record}")
        for row in sorted(stored - shown):
            self.fault("shown-beyond", f"{row.seq} {row.record}")
        return leaves

    def _check_line(self, line: Line, leaf: bytes) -> Sequence[Shown]:
        """Return the records that the entry showed, having checked the entry by itself; its bytes have this leaf."""
        if line.leaf != leaf:
            self.fault("entry-altered", line.seq)
            line = line._replace(leaf=leaf)  # told of already: what is next is the columns
        try:
            entry = decode(line.body)
        except MalformedError:
            self.fault("entry-unreadable", line.seq)
            return ()
        if line_of(line.seq, entry, line.body, leaf) != line:
            self.fault("entry-columns", line.seq)
        return shown_in(line.seq, entry)

    def _advance(self, leaves: Sequence[bytes], roots: dict[tuple[int, int], bytes]) -> None:
        """Append the leaves, stopping at each head that was kept elsewhere; note completed subtrees."""
        while self._known and self._known[0].size <= self.checked + len(leaves):
            head = self._known.pop(0)
            count = head.size - self.checked
            self._grow(leaves[:count], roots)
            leaves = leaves[count:]
            if head.root != self._frontier.root:
                self.fault("log-forked", head.size)
        self._grow(leaves, roots)

    def _grow(self, leaves: Sequence[bytes], roots: dict[tuple[int, int], bytes]) -> None:
        self._frontier, completed = grow(self._frontier, leaves)
        for level in TILE_LEVELS[1:]:
            if level in completed:
                start, nodes = completed[level]
                roots.update(((level, start + offset), node) for offset, node in enumerate(nodes))

    def _check_tiles(self, page: Page, roots: dict[tuple[int, int], bytes]) -> None:
        stored = {(tile.level, tile.position): tile.root for tile in page.tiles}
        for (level, position), root in roots.items():
            if (level, position) not in stored:
                self.fault("tile-missing", _leaves_under(level, position))
            elif stored[level, position] != root:
                self.fault("tile-altered", _leaves_under(level, position))

    def _check_head(self, stored: StoredHead) -> None:
        for number in range(self._heads_count, min(stored.number, self._heads_count + _FAULTS_LISTED_MAX)):
            self.fault("head-missing", number)
        head = self._head(stored.note)
        if head is None or head.size != stored.size or stored.number < self._heads_count:
            self.fault("head-altered", stored.number)
        elif head.root != self._frontier.root and not self._diverged:
            # From here on no root can agree; the first that does not says where the entries were changed.
            self._diverged = True
            self.fault("head-root", f"{max(self._head_size, 0)}..{head.size}")
        self._heads_count, self._head_size = max(stored.number + 1, self._heads_count), stored.size

    def _head(self, note: str) -> Head | None:
        try:
            return verify_head(note, self.verifier)
        except DamagedError:
            return None


def _leaves_under(level: int, position: int) -> str:
    return f"{position << level}..{position + 1 << level}"
