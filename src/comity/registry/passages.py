"""What was said beside records or is said of them no more, one passage after the other; and the keys of their words.

    an amended record's former words · a note on a hit · what is proposed or asked, and answered -> a number each
    passages in order -> the digests of each -> the block of its number, as `mention_keys` has them

A passage says where its words stand, never the words. One whose words are gone keeps its number alone, so that
numbers are never given twice. Every function works in the caller's transaction.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    func,
    insert,
    select,
    update,
)

from comity.registry import mention_keys
from comity.registry.message_keys import Block
from comity.registry.schema import FETCH_MAX, METADATA

FORMER, NOTE, ASKED = "former", "note", "asked"
"""What a passage is of: a record's earlier version, a hit's notes, a proposal or a request for access."""

GONE: Final = "gone"

PASSAGES: Final = Table(
    "passages",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("what", String(10), nullable=False),
    Column("one", String(24), nullable=False),  # the record's, the hit's, the request's identifier
    Column("version", Integer, nullable=False),  # of a record, the one that said it; 0 of anything else
    Index("passages_by_one", "one"),
)

PASSAGE_KEYS: Final = mention_keys.table_of_blocks("passage_keys")


@dataclass(frozen=True, slots=True)
class Passage:
    """Where words stand: in a version of the record `one`, in the notes of a hit, in what is asked of an owner."""

    what: str
    one: str
    version: int = 0


def add(connection: Connection, some: Sequence[Passage]) -> None:
    """Number these passages, after all others."""
    start = last_number(connection) + 1
    rows = [
        {"number": number, "what": one.what, "one": one.one, "version": one.version}
        for number, one in enumerate(some, start)
    ]
    if rows:
        connection.execute(insert(PASSAGES), rows)


def last_number(connection: Connection) -> int:
    """Return the number of the last passage; 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(PASSAGES.c.number), 0))).scalar_one())


def after(connection: Connection, number: int, limit: int) -> dict[int, Passage]:
    """Return up to `limit` passages after a number, in order; those whose words are gone among them."""
    chosen = select(PASSAGES).where(PASSAGES.c.number > number).order_by(PASSAGES.c.number).limit(limit)
    return {row.number: Passage(row.what, row.one, row.version) for row in connection.execute(chosen)}


def at(connection: Connection, numbers: Sequence[int]) -> dict[int, Passage]:
    """Return the passages of these numbers whose words are not gone, in order."""
    found: dict[int, Passage] = {}
    for start in range(0, len(numbers), FETCH_MAX):
        here = PASSAGES.c.number.in_(numbers[start : start + FETCH_MAX])
        chosen = select(PASSAGES).where(here, PASSAGES.c.what != GONE).order_by(PASSAGES.c.number)
        found.update(
            {row.number: Passage(row.what, row.one, row.version) for row in connection.execute(chosen)}
        )
    return found


def known(connection: Connection, ones: Sequence[str]) -> set[str]:
    """Return those of these hits and requests that have a passage."""
    found: set[str] = set()
    for start in range(0, len(ones), FETCH_MAX):
        here = PASSAGES.c.one.in_(ones[start : start + FETCH_MAX])
        found.update(connection.execute(select(PASSAGES.c.one).where(here)).scalars())
    return found


def forget(connection: Connection, ones: Sequence[str], before: int | None = None) -> None:
    """Forget the passages of these records, hits or requests, and their keys; of versions `before` one alone."""
    gone: list[int] = []
    for start in range(0, len(ones), FETCH_MAX):
        chosen = select(PASSAGES.c.number).where(PASSAGES.c.one.in_(ones[start : start + FETCH_MAX]))
        if before is not None:
            chosen = chosen.where(PASSAGES.c.version < before)
        gone += connection.execute(chosen).scalars()
    put(connection, dict.fromkeys(gone, ()))
    for start in range(0, len(gone), FETCH_MAX):
        here = PASSAGES.c.number.in_(gone[start : start + FETCH_MAX])
        connection.execute(update(PASSAGES).where(here).values(what=GONE, one="", version=0))


def put(connection: Connection, digests_of: Mapping[int, Collection[int]]) -> None:
    """Keep the digests of these passages, by number, in place of what was kept."""
    mention_keys.put(connection, digests_of, PASSAGE_KEYS)


def blocks(connection: Connection) -> Iterator[Block]:
    """Yield every block of keys, in order."""
    yield from mention_keys.blocks(connection, PASSAGE_KEYS)


def drop_keys(connection: Connection) -> None:
    """Remove every key; the passages stay."""
    mention_keys.drop(connection, PASSAGE_KEYS)
