"""Travellers who were found not to be whom a record means, by keyed marks of their papers alone.

The bureau that found it out is heeded at once in its own checks; once the record's owner has agreed, in
everybody's. What is kept cannot be read back: a mark is a keyed digest of a document's number, or of a name with
a birth date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    or_,
    select,
    update,
)

from comity.records.record import HeldRecord
from comity.registry.schema import METADATA, Moment

DISTINCTIONS = Table(
    "distinctions",
    METADATA,
    Column("record", String(24), primary_key=True),
    Column("mark", String(32), primary_key=True),
    Column("bureau", String(3), primary_key=True),
    Column("hit", String(20), nullable=False),
    Column("account", String(80), nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("agreed_at", Moment),
    Index("distinctions_by_hit", "hit"),
    Index("distinctions_by_end", "until"),
)


@dataclass(frozen=True, slots=True)
class Distinction:
    """That whoever has papers of this mark is not whom the record means."""

    record: str
    mark: str
    bureau: str
    hit: str
    account: str
    at: datetime
    until: datetime
    agreed_at: datetime | None = None


def add(connection: Connection, found: Sequence[Distinction]) -> None:
    """Keep distinctions; a newer one of the same bureau takes the place of an older one.

    What the owner has agreed to stays agreed: that the bureau says it again takes nothing back.
    """
    for one in found:
        same = and_(
            DISTINCTIONS.c.record == one.record,
            DISTINCTIONS.c.mark == one.mark,
            DISTINCTIONS.c.bureau == one.bureau,
        )
        standing = and_(same, DISTINCTIONS.c.until > one.at)
        agreed_at = connection.execute(select(DISTINCTIONS.c.agreed_at).where(standing)).scalar()
        connection.execute(delete(DISTINCTIONS).where(same))
        connection.execute(
            insert(DISTINCTIONS).values(
                record=one.record,
                mark=one.mark,
                bureau=one.bureau,
                hit=one.hit,
                account=one.account,
                at=one.at,
                until=one.until,
                agreed_at=one.agreed_at or agreed_at,
            )
        )


def of_hit(connection: Connection, hit: str) -> list[Distinction]:
    """Return what was found out in one hit."""
    return _chosen(connection, DISTINCTIONS.c.hit == hit)


def on_record(connection: Connection, record: str) -> list[Distinction]:
    """Return who was found not to be meant by a record, by marks."""
    return _chosen(connection, DISTINCTIONS.c.record == record)


def marked(connection: Connection, marks: Sequence[str]) -> list[Distinction]:
    """Return what was found out about whoever has one of these marks, by whichever bureau."""
    return _chosen(connection, DISTINCTIONS.c.mark.in_(marks))


def _chosen(connection: Connection, term: ColumnElement[bool]) -> list[Distinction]:
    ordered = select(DISTINCTIONS).where(term).order_by(DISTINCTIONS.c.at, DISTINCTIONS.c.mark)
    return [
        Distinction(row.record, row.mark, row.bureau, row.hit, row.account, row.at, row.until, row.agreed_at)
        for row in connection.execute(ordered)
    ]


def agree(connection: Connection, hit: str, at: datetime) -> int:
    """Let what was found out in a hit hold for everybody; return how many marks that are."""
    changed = connection.execute(
        update(DISTINCTIONS)
        .where(DISTINCTIONS.c.hit == hit, DISTINCTIONS.c.agreed_at.is_(None))
        .values(agreed_at=at)
    )
    return changed.rowcount


# Made once: each check of a person that hits asks it.
_KNOWN: Final = (
    select(DISTINCTIONS.c.record, DISTINCTIONS.c.at)
    .where(
        DISTINCTIONS.c.record.in_(bindparam("records", expanding=True)),
        DISTINCTIONS.c.mark.in_(bindparam("marks", expanding=True)),
        DISTINCTIONS.c.until > bindparam("moment"),
        or_(DISTINCTIONS.c.bureau == bindparam("asking"), DISTINCTIONS.c.agreed_at.is_not(None)),
    )
    .order_by(DISTINCTIONS.c.at)
)


def known(
    connection: Connection, records: Sequence[str], marks: Sequence[str], bureau: str, at: datetime
) -> dict[str, datetime]:
    """Return since when whoever has one of these marks is known not to be meant, by record, to a bureau."""
    if not marks or not records:
        return {}
    asked = {"records": records, "marks": marks, "moment": at, "asking": bureau}
    return {row.record: row.at for row in connection.execute(_KNOWN, asked)}


def forget_records(connection: Connection, records: Sequence[HeldRecord]) -> None:
    """Forget who is not meant by these records, which are purged and mean nobody any more."""
    gone = [one.public_id for one in records]
    connection.execute(delete(DISTINCTIONS).where(DISTINCTIONS.c.record.in_(gone)))


def forget_hit(connection: Connection, hit: str) -> None:
    """Forget who was found not to be meant in one hit."""
    connection.execute(delete(DISTINCTIONS).where(DISTINCTIONS.c.hit == hit))


def has_ended(connection: Connection, at: datetime) -> bool:
    """Return whether anything has come to its end."""
    ended = select(DISTINCTIONS.c.mark).where(DISTINCTIONS.c.until <= at).limit(1)
    return connection.execute(ended).first() is not None


def forget(connection: Connection, at: datetime) -> int:
    """Forget what has come to its end; return how many marks."""
    return connection.execute(delete(DISTINCTIONS).where(DISTINCTIONS.c.until <= at)).rowcount
