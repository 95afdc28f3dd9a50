"""All layers of exact keys asked at once: the tables on the disk, those in memory, the recent changes.

    keys -> hashes -> every layer's bucket -> tags -> audience admitted? -> replaced by a newer layer? -> found

A compiled call takes one array of addresses (`LayerView`) instead of a dozen arrays. Audiences and replaced
records are settled in it, before any limit, so that a withheld record pushes no other out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from comity.compiled import direct
from comity.index.exact.hashing import HashKey, hash_key
from comity.index.exact.recent import RecentTable
from comity.index.exact.table import ExactTable
from comity.index.kernels import probing

FIRST_FOUND = 64


@dataclass(frozen=True, slots=True)
class LayerView:
    """What of one immutable layer a look-up needs: its table, its runs of audiences, what it replaced.

    `runs` has three rows: first record, record after the last, audience; in order. `replaced` is in order.
    """

    table: ExactTable
    runs: NDArray[np.uint32]
    replaced: NDArray[np.uint32]


@dataclass(slots=True)
class ExactLayers:
    """The layers as one look-up sees them, oldest first, and the recent changes above them.

    Holds every array that the addresses lead to.
    """

    key: HashKey
    views: tuple[LayerView, ...]
    recent: RecentTable
    _held: tuple[NDArray[np.generic], ...] = field(init=False)
    _addresses: NDArray[np.int64] = field(init=False)
    context: int = field(init=False)
    """Where the addresses stand, for compiled code, as long as these layers are held."""
    _count: Callable[[bytes, int, NDArray[np.bool_]], int] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        recent = self.recent
        self._held = _arrays(recent)
        words = [_at(recent.hashes), len(recent.hashes) - 1, _at(recent.ends), _at(recent.nodes)]
        words += [_at(recent.gone), len(recent.gone) - 1, len(self.views)]
        words += [_signed(half) for half in self.key]
        for view in self.views:
            table = view.table
            words += [_at(table.buckets), table.homes, _at(table.lists), len(table.lists)]
            words += [_at(view.runs), view.runs.shape[1], _at(view.replaced), len(view.replaced)]
        self._addresses = np.array(words, np.int64)
        self.context = _at(self._addresses)

    def is_current(self) -> bool:
        """Return whether the recent changes stand in the arrays held here: they may have outgrown them.

        Then others are to be made in place of these. These are never changed: a look-up that has begun in another
        thread reads by address, and what it reads stays where it is as long as it holds these.
        """
        return all(one is other for one, other in zip(_arrays(self.recent), self._held, strict=True))

    def find(self, key: bytes, admitted: NDArray[np.bool_]) -> list[int]:
        """Return the records under a key whose audience is admitted, oldest layer first."""
        # Nearly every check finds nothing, and nothing is made for it.
        count = self._count
        if count is None:
            count = self._count = direct(probing.count)
        if not count(key, self.context, admitted):
            return []
        return self.find_hash(hash_key(self.key, key), admitted)

    def find_hash(self, hashed: int, admitted: NDArray[np.bool_]) -> list[int]:
        """Return the records under a hash whose audience is admitted, oldest layer first."""
        found = np.empty(FIRST_FOUND, np.uint32)
        while (count := probing.find(hashed, self.context, admitted, _at(found), len(found))) > len(found):
            found = np.empty(count, np.uint32)
        records: list[int] = found[:count].tolist()
        return records

    def find_packed(
        self, packed: bytes, count: int, admitted: NDArray[np.bool_]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return (place of the key, record) for everything found under `count` keys, in order of the keys.

        `packed` is what `packed_keys` makes of them.
        """
        room = FIRST_FOUND + count
        while True:
            places, records = np.empty(room, np.uint32), np.empty(room, np.uint32)
            found, keys = probing.find_packed(packed, self.context, admitted, _at(places), _at(records), room)
            assert keys == count, "a key may not contain a zero byte"
            if found <= room:
                return places[:found], records[:found]
            room = found


def _arrays(recent: RecentTable) -> tuple[NDArray[np.generic], ...]:
    return recent.hashes, recent.ends, recent.nodes, recent.gone


def _signed(word: int) -> int:
    return word - (1 << 64 if word >> 63 else 0)


def _at(array: NDArray[np.generic]) -> int:
    return int(array.ctypes.data)


def stacked(runs: Sequence[tuple[int, int, int]]) -> NDArray[np.uint32]:
    """Return runs of (first record, record after the last, audience) as `LayerView` takes them."""
    return np.ascontiguousarray(np.array(runs, np.uint32).reshape(-1, 3).T)
