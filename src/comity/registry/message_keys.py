"""The keys by which open messages are found again: keyed digests, block by block, told apart from what messages say.

    open messages in order -> so many at a time -> a block: sorted digests, and the place of the message of each

A block is made once its messages are all there, and changes only when one of them is erased. Which digests stand
for what is the caller's affair. Every function works in the caller's transaction.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from comity.registry.messages import MESSAGES
from comity.registry.schema import METADATA

BLOCK: Final = 128
"""So many messages make a block; a place in it is one byte."""


def _table(name: str) -> Table:
    return Table(
        name,
        METADATA,
        Column("first", BigInteger, primary_key=True, autoincrement=False),
        Column("last", BigInteger, nullable=False),
        Column("digests", LargeBinary, nullable=False),
        Column("places", LargeBinary, nullable=False),
    )


MESSAGE_KEYS: Final = _table("message_keys")
MESSAGE_STARTS: Final = _table("message_starts")
"""By how words begin, for bureaus that search their own boxes: apart, so that a redress search reads none of it."""

DIGEST: Final = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Block:
    """The digests of the messages of the numbers `first` to `last`, sorted, and the place of each one's message."""

    first: int
    last: int
    digests: NDArray[np.uint32]
    places: NDArray[np.uint8]

    def with_digest(self, sought: NDArray[np.uint32]) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Yield, for each of these digests that is here, which it is and the numbers of its messages."""
        starts = np.searchsorted(self.digests, sought)
        ends = np.searchsorted(self.digests, sought, "right")
        for which in np.flatnonzero(ends > starts).tolist():
            yield which, self.places[starts[which] : ends[which]].astype(np.int64) + self.first


def block_of(first: int, last: int, digests_of: dict[int, Collection[int]]) -> Block:
    """Return a block of messages, given the digests of each by its number."""
    digests = np.array([one for some in digests_of.values() for one in some], DIGEST)
    places = np.array([number - first for number, some in digests_of.items() for _ in some], np.uint8)
    order = np.argsort(digests, kind="stable")
    return Block(first, last, digests[order], places[order])


def last_kept(connection: Connection) -> int:
    """Return the number of the last message that is in a block; 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(MESSAGE_KEYS.c.last), 0))).scalar_one())


def keep(connection: Connection, block: Block, starts: Block) -> None:
    """Keep a block, and the same messages' beginnings of words, without what was erased since they were read."""
    between = MESSAGES.c.number.between(block.first, block.last)
    erased = select(MESSAGES.c.number).where(between, func.length(MESSAGES.c.body) == 0)
    for number in connection.execute(erased).scalars():
        block, starts = _without(block, number), _without(starts, number)
    for table, one in ((MESSAGE_KEYS, block), (MESSAGE_STARTS, starts)):
        row = {"first": one.first, "last": one.last, **_stored(one)}
        connection.execute(insert(table).values(row))


def drop(connection: Connection) -> None:
    """Remove every block."""
    connection.execute(delete(MESSAGE_KEYS))
    connection.execute(delete(MESSAGE_STARTS))


def blocks(connection: Connection, table: Table = MESSAGE_KEYS) -> Iterator[Block]:
    """Yield every block, in order."""
    for row in connection.execute(select(table).order_by(table.c.first)):
        digests, places = np.frombuffer(row.digests, DIGEST), np.frombuffer(row.places, np.uint8)
        yield Block(row.first, row.last, digests, places)


def forget(connection: Connection, number: int) -> None:
    """Remove every digest of one message."""
    for table in (MESSAGE_KEYS, MESSAGE_STARTS):
        here = (table.c.first <= number) & (table.c.last >= number)
        row = connection.execute(select(table).where(here)).first()
        if row is not None:
            digests, places = np.frombuffer(row.digests, DIGEST), np.frombuffer(row.places, np.uint8)
            block = _without(Block(row.first, row.last, digests, places), number)
            connection.execute(update(table).where(here).values(_stored(block)))


def _without(block: Block, number: int) -> Block:
    others = block.places != number - block.first
    return Block(block.first, block.last, block.digests[others], block.places[others])


def _stored(block: Block) -> dict[str, bytes]:
    return {"digests": block.digests.tobytes(), "places": block.places.tobytes()}
