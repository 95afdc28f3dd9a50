"""Which records name somebody whom they are not about? Owners, managers, operators, parents, and free text.

    numbered changes -> records as they stand -> what they say of others -> keys, as messages have them -> blocks
    whom a check asks for -> the ways to find it in words -> the records that may name them

The clock follows the changes a while after they were made, and each search first catches up. What is kept is a
function of the change log: dropped, it comes out equal. A node of an earlier release begins at the first change by
itself, and so does one whose names are read otherwise than before. Only the controller's search asks; checks never do.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.message_keys import (
    begin_anew,
    digests_of,
    heard_ways,
    keys_of,
    led_by,
    possible_ways,
)
from comity.procedures.redress_words import Sought
from comity.records.kind import Field, naming_fields, values
from comity.records.kinds import KINDS
from comity.records.notices import colour_named
from comity.records.notices.content import Content
from comity.records.record import HeldRecord, Record
from comity.registry import holdings, mention_keys, packs, positions
from comity.registry.holdings import Change
from comity.registry.pack_form import Pack

CHANGES_MAX: Final = 1000
PACKS_MAX: Final = 16
CLOCK_S: Final = 0.25
"""For so long the clock makes keys each second, which has other things to do."""

TEXTS_KEPT: Final = 1 << 12
STEP_S: Final = 0.2
"""Of packs so much is done in one transaction."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A text of a record that may name somebody else, where it stands, and whether it is a name and nothing more."""

    path: str
    text: str
    is_name: bool


def mentions_in(record: Record) -> list[Mention]:
    """Return what a record says of others than whom it is about."""
    return [
        Mention(one.path, str(one.value), one.field.names_another)
        for one in values(record.kind.naming, record.data)
    ]


def mentions_in_request(content: Content, *, is_alone: bool) -> list[Mention]:
    """Return what the particulars of a request say of others than whom it is about: facts, grounds, who holds it.

    What its record's own fields say, too, where no record rests on it: else that is looked through as a record.
    """
    said = [*values(_naming_particulars(content.colour.code), content.particulars)]
    if is_alone:
        said += values(KINDS[content.kind].naming, content.record)
    return [Mention(one.path, str(one.value), one.field.names_another) for one in said]


@lru_cache
def _naming_particulars(colour: str) -> tuple[Field, ...]:
    return naming_fields(colour_named(colour).fields)


@dataclass(frozen=True, slots=True)
class Followed:
    """How many of all numbered changes were followed."""

    count: int
    total: int

    @property
    def is_all(self) -> bool:
        """Whether nothing is left to be followed."""
        return self.count >= self.total


def follow_within(desk: Desk, seconds: float) -> Followed:
    """Follow the changes for so long at most, one step at least; return how far that has come."""
    begin_anew(positions.READINGS_OF_MENTIONS, _drop, desk)
    end = time.monotonic() + seconds
    while _follow_some(desk) and time.monotonic() < end:
        pass
    with desk.registry.read() as connection:
        return Followed(
            positions.position(connection, positions.CHANGES_TO_MENTIONS), holdings.position(connection)
        )


def _drop(connection: Connection) -> None:
    """Drop all keys: the changes are followed from the first on."""
    mention_keys.drop(connection)
    positions.move(connection, positions.CHANGES_TO_MENTIONS, 0)


def _follow_some(desk: Desk) -> bool:
    """Follow the next changes; return whether there were any."""
    with desk.registry.read() as connection:
        start = positions.position(connection, positions.CHANGES_TO_MENTIONS)
        if start >= holdings.position(connection):
            return False
        packed = packs.entered_after(connection, start, PACKS_MAX)
        changes = [] if packed else holdings.single_changes(connection, start, CHANGES_MAX)
        held = holdings.fetch(connection, {change.record for change in changes})
    digests, end = _of_packs(packed, desk) if packed else _of_changes(changes, held, desk)
    with desk.registry.quietly() as connection:
        if positions.position(connection, positions.CHANGES_TO_MENTIONS) != start:
            return True  # another process was here meanwhile
        later = mention_keys.changed_since(connection, [*digests], end)
        mention_keys.put(connection, {one: some for one, some in digests.items() if one not in later})
        positions.move(connection, positions.CHANGES_TO_MENTIONS, end)
    return True


Digests: TypeAlias = dict[int, Collection[int]]


def _of_changes(changes: Sequence[Change], held: Mapping[int, HeldRecord], desk: Desk) -> tuple[Digests, int]:
    """Return the digests of the records that changed, as far as there is time, and the last change of these."""
    stop, end = time.monotonic() + STEP_S, 0
    digests: Digests = {}
    for change in changes:
        if change.record not in digests:
            one = held.get(change.record)
            digests[change.record] = () if one is None else digests_of(keys_in(one.record), desk)
        end = change.number
        if time.monotonic() >= stop:
            break
    return digests, end


def _of_packs(packed: Sequence[Pack], desk: Desk) -> tuple[Digests, int]:
    """Return the same of the records of packs: most kinds of packs say nothing of anybody, and are passed over."""
    stop, end = time.monotonic() + STEP_S, 0
    digests: Digests = {}
    for pack in packed:
        columns = pack.columns
        if not {one.name for one in columns.kind.naming}.isdisjoint(columns.names):
            keys = ((place, keys_in(columns.record(place))) for place in range(pack.count))
            digests.update(
                {pack.first_record + place: digests_of(some, desk) for place, some in keys if some}
            )
        end = pack.first_change + pack.count - 1
        if time.monotonic() >= stop:
            break
    return digests, end


def keys_in(record: Record) -> frozenset[str]:
    """Return the keys of what a record says of others."""
    texts = tuple(one.text for one in mentions_in(record))
    return _keys(texts) if texts else frozenset()


@lru_cache(maxsize=TEXTS_KEPT)
def _keys(texts: tuple[str, ...]) -> frozenset[str]:
    """Return the keys of texts: those of a list are the same again and again."""
    return frozenset(keys_of(texts))


def numbers_naming(sought: Sought, connection: Connection, desk: Desk) -> Sequence[int]:
    """Return the records that may name whom is sought, by number."""
    ways = [way for way in possible_ways(sought) if way is not None] + heard_ways(sought)
    return sorted({number for some in led_by(ways, mention_keys.blocks(connection), desk) for number in some})


def kept(connection: Connection) -> Mapping[int, frozenset[int]]:
    """Return the digests that are kept, by the number of their record: what a test compares."""
    found: dict[int, set[int]] = {}
    for block in mention_keys.blocks(connection):
        for digest, place in zip(block.digests.tolist(), block.places.tolist(), strict=True):
            found.setdefault(block.first + place, set()).add(digest)
    return {number: frozenset(some) for number, some in found.items()}
