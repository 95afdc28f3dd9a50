"""Taking the numbered changes, in order, to the index.

registry.changes -> records as they stand -> terms and audiences -> index.apply
"""

import json
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from comity.access.masks import Audience, audience_of
from comity.access.people import Bureau
from comity.access.visibility import is_open
from comity.index.store import Index, IndexChange, Indexed, NewBlock
from comity.records.handling import Handling, parse_purposes, parse_share
from comity.records.kind import search_terms
from comity.records.record import Record
from comity.registry.pack_form import Pack
from comity.registry.registry import Registry

BATCH = 2000
PACKS = 128
"""How many packs are followed at a time: some sixty thousand records."""

ASK_AFTER_S = 0.05
"""How long the pulse alone is trusted where it may not tell: writers on other machines, or one that died."""

ASK_ALWAYS_AFTER_S = 1.0
"""How long it is trusted where it does tell: a registry that was changed by other means is found out too."""


def nothing(_done: int, _total: int) -> None:
    """Take note of no progress."""


@dataclass(slots=True)
class Follower:
    """Keeps an index level with a registry. One at a time in a process; others wait their turn."""

    registry: Registry
    index: Index
    lock: threading.Lock = field(default_factory=threading.Lock)
    clock: Callable[[], float] = time.monotonic
    _bureaus_count: int = 0
    _level_with: int = -1  # what the pulse counted as ended when the registry was last asked
    _asked_at: float = 0.0

    def mind_bureaus(self, count: int) -> None:
        """Learn every rule anew where this is not the count of bureaus it was learnt with.

        A rule may name a bureau before the bureau joins. Its mask must have the newcomer's bit before any
        officer of the newcomer asks, in every process of the node.
        """
        if count == self._bureaus_count:
            return
        with self.lock:
            bureaus = self.registry.bureaus()
            # In one step, so that no check meanwhile finds a rule missing.
            self.index.learn_audiences(audiences(self.registry.audience_rules(-1), bureaus))
            self._bureaus_count = len(bureaus)

    def catch_up(self, progress: Callable[[int, int], None] = nothing) -> None:
        """Bring the index to the registry's position, so that what was acknowledged before is found."""
        if not self.is_level():
            self.ask(progress)

    def ask(self, progress: Callable[[int, int], None] = nothing) -> None:
        """Ask the registry, and bring the index to its position; meanwhile what is level stays so."""
        beat, asked_at = self.registry.beat(), self.clock()
        if self.registry.position() != self.index.position or self.index.audiences_known < 0:
            self._follow(progress)
        # What was written after the pulse was read is not counted: the next check asks again.
        self._level_with, self._asked_at = -1 if beat is None else beat.ended, asked_at

    def is_level(self, part: float = 1.0) -> bool:
        """Return whether the index holds all that any writer has been given a receipt for; asks no database.

        False where that cannot be known from memory. On SQLite the pulse tells of every writer that has ended.
        Where other machines may write (PostgreSQL), or a writer has begun and not ended, the registry was asked
        less than `ASK_AFTER_S` ago; or less than `part` of the time for which that is trusted.
        """
        beat = self.registry.beat()
        if beat is None or beat.ended != self._level_with:
            return False
        is_sure = beat.begun == beat.ended and not self.registry.is_shared
        return self.clock() - self._asked_at < part * (ASK_ALWAYS_AFTER_S if is_sure else ASK_AFTER_S)

    def _follow(self, progress: Callable[[int, int], None]) -> None:
        with self.lock:
            self.index.refresh()
            # Segments taken over hold audiences by number; their rules are the registry's.
            self._learn_audiences()
            start, end = self.index.position, self.registry.position()
            while self.index.position < end:
                if packed := self.registry.packs_after(self.index.position, PACKS):
                    self._learn_audiences()
                    for block in blocks_of(packed):
                        self.index.apply_block(block)
                    progress(self.index.position - start, end - start)
                    continue
                changes = self.registry.single_changes(self.index.position, BATCH)
                self._learn_audiences()
                numbers = list(dict.fromkeys(change.record for change in changes))
                active = self.registry.active_records(numbers)
                audience = {change.record: change.after for change in changes}
                self.index.apply(
                    [
                        IndexChange(change.number, change.record, change.before, change.after)
                        for change in changes
                    ],
                    [
                        indexed(active.get(number), number, -1 if (now := audience[number]) is None else now)
                        for number in numbers
                    ],
                )
                progress(self.index.position - start, end - start)

    def _learn_audiences(self) -> None:
        rules = self.registry.audience_rules(self.index.audiences_known)
        if rules:
            self.index.learn_audiences(audiences(rules, self.registry.bureaus()))


def audiences(rules: Mapping[int, str], bureaus: Mapping[str, Bureau]) -> dict[int, Audience]:
    """Return the audiences that stored rules state, as masks over these bureaus."""
    made: dict[int, Audience] = {}
    for number, rule in rules.items():
        stated = json.loads(rule)
        handling = Handling(share=parse_share(stated["share"]), purposes=parse_purposes(stated["purposes"]))
        made[number] = audience_of(stated["owner"], handling, bureaus)
    return made


def indexed(record: Record | None, number: int, audience: int) -> Indexed:
    """Return the record of this number as the index is to find it; None where it answers no checks."""
    if record is None:
        return Indexed(number, audience, None, is_open=False)
    return Indexed(number, audience, search_terms(record.kind, record.data), is_open(record.handling))


def blocks_of(packed: Sequence[Pack]) -> Iterator[NewBlock]:
    """Yield the records of neighbouring packs as the index takes them; those that can be are taken together."""
    keyed = ((pack, pack.columns.keys()) for pack in packed)
    for (audience, meanings), some in groupby(keyed, _sort_of):
        group = list(some)
        columns = tuple(
            (meaning, [key for _pack, keys in group for key in keys[place][1]])
            for place, meaning in enumerate(meanings)
        )
        first, count = group[0][0], sum(pack.count for pack, _keys in group)
        yield NewBlock(first.first_change, first.first_record, count, audience, columns)


def _sort_of(keyed: tuple[Pack, tuple[tuple[str, Sequence[str]], ...]]) -> tuple[int, tuple[str, ...]]:
    pack, keys = keyed
    return pack.audience, tuple(meaning for meaning, _ in keys)


def without(block: NewBlock, apart: Collection[int]) -> Iterator[NewBlock]:
    """Yield a block as it is without these records: in as many pieces as they leave."""
    inside = sorted(one for one in apart if block.first_record <= one < block.first_record + block.count)
    start = 0
    for stop in [*(one - block.first_record for one in inside), block.count]:
        if stop > start:
            columns = tuple((meaning, keys[start:stop]) for meaning, keys in block.columns)
            change, record = block.first_change + start, block.first_record + start
            yield NewBlock(change, record, stop - start, block.audience, columns)
        start = stop + 1
