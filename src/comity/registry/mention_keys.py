"""The keys by which records are found that name somebody whom they are not about: keyed digests, in blocks.

    records as they stand, in the order of their changes -> the digests of each -> the block of its number

Told apart from the index, which checks ask: no check is led to a record by these. Which digests stand for what is
the caller's affair. Every function works in the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Column, Connection, LargeBinary, Table, delete, insert, select

from comity.records.record import HeldRecord
from comity.registry.message_keys import DIGEST, Block, block_of
from comity.registry.schema import CHANGES, FETCH_MAX, METADATA

WIDTH: Final = 256
"""Records of so many numbers share a block; a place in it is one byte."""


def table_of_blocks(name: str) -> Table:
    """Return a table of blocks of keys of what is numbered."""
    return Table(
        name,
        METADATA,
        Column("first", BigInteger, primary_key=True, autoincrement=False),
        Column("digests", LargeBinary, nullable=False),
        Column("places", LargeBinary, nullable=False),
    )


MENTION_KEYS: Final = table_of_blocks("mention_keys")


def drop(connection: Connection, table: Table = MENTION_KEYS) -> None:
    """Remove every block."""
    connection.execute(delete(table))


def blocks(connection: Connection, table: Table = MENTION_KEYS) -> Iterator[Block]:
    """Yield every block, in order."""
    for row in connection.execute(select(table).order_by(table.c.first)):
        yield _block(row.first, row.digests, row.places)


def _block(first: int, digests: bytes, places: bytes) -> Block:
    return Block(first, first + WIDTH - 1, np.frombuffer(digests, DIGEST), np.frombuffer(places, np.uint8))


def put(
    connection: Connection, digests_of: Mapping[int, Collection[int]], table: Table = MENTION_KEYS
) -> None:
    """Keep the digests of these records, by number, in place of what was kept; of one without any nothing is."""
    by_block: defaultdict[int, dict[int, Collection[int]]] = defaultdict(dict)
    for number, digests in digests_of.items():
        by_block[number - number % WIDTH][number] = digests
    held = _held(connection, [*by_block], table)
    gone: list[int] = []
    kept: list[dict[str, object]] = []
    for first, some in by_block.items():
        before = held.get(first)
        block = block_of(first, first + WIDTH - 1, some)
        if before is not None:
            others = ~np.isin(before.places, np.array([number - first for number in some], np.uint8))
            block = _sorted(
                first,
                np.concatenate([before.digests[others], block.digests]),
                np.concatenate([before.places[others], block.places]),
            )
            gone.append(first)
        if len(block.digests):
            stored = {"digests": block.digests.tobytes(), "places": block.places.tobytes()}
            kept.append({"first": first, **stored})
    for start in range(0, len(gone), FETCH_MAX):
        connection.execute(delete(table).where(table.c.first.in_(gone[start : start + FETCH_MAX])))
    if kept:
        connection.execute(insert(table), kept)


def _held(connection: Connection, firsts: Sequence[int], table: Table) -> dict[int, Block]:
    found: dict[int, Block] = {}
    for start in range(0, len(firsts), FETCH_MAX):
        chosen = select(table).where(table.c.first.in_(firsts[start : start + FETCH_MAX]))
        found.update(
            {row.first: _block(row.first, row.digests, row.places) for row in connection.execute(chosen)}
        )
    return found


def _sorted(first: int, digests: NDArray[np.uint32], places: NDArray[np.uint8]) -> Block:
    order = np.argsort(digests, kind="stable")
    return Block(first, first + WIDTH - 1, digests[order], places[order])


def forget(connection: Connection, records: Sequence[HeldRecord]) -> None:
    """Remove every digest of records that are purged."""
    put(connection, {one.number: () for one in records})


def changed_since(connection: Connection, numbers: Sequence[int], change: int) -> set[int]:
    """Return which of these records have changed after a change of this number."""
    found: set[int] = set()
    for start in range(0, len(numbers), FETCH_MAX):
        here = CHANGES.c.record.in_(numbers[start : start + FETCH_MAX]) & (CHANGES.c.number > change)
        found.update(connection.execute(select(CHANGES.c.record).where(here)).scalars())
    return found
