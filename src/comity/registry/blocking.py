"""Which records a redress case takes out of every answer, whatever their owner says.

It stands apart from what else is decided about records, for whoever stores a record asks it.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, ForeignKey, Index, String, Table, select

from comity.registry.schema import FETCH_MAX, METADATA, Moment

BLOCKS = Table(
    "blocks",
    METADATA,
    Column("record", BigInteger, ForeignKey("records.number"), primary_key=True, autoincrement=False),
    Column("case_ref", String(40), primary_key=True),
    Column("owner", String(3), nullable=False),
    Column("at", Moment, nullable=False),
    Index("blocks_by_owner", "owner"),
)


def blocked_among(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Return those of the records that a case blocks."""
    found: set[int] = set()
    for start in range(0, len(numbers), FETCH_MAX):
        some = numbers[start : start + FETCH_MAX]
        found.update(connection.execute(select(BLOCKS.c.record).where(BLOCKS.c.record.in_(some))).scalars())
    return found
