"""What a record said before, and which records are due for review: read only, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, and_, or_, select

from comity.records.record import HeldRecord, Record, State, record_from_bytes
from comity.registry import packs
from comity.registry.holdings import held_record
from comity.registry.schema import CHANGES, RECORDS, VERSIONS


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """One version of a record: what it said, since when, and by which account it was handed in."""

    number: int
    state: State
    at: datetime
    account: str
    record: Record


def history(connection: Connection, held: HeldRecord) -> list[HeldVersion]:
    """Return the versions of a record up to the one given, oldest first."""
    # The stored row of a version names who replaced it; who made it stands with its change, one a version.
    accounts = connection.execute(
        select(CHANGES.c.account).where(CHANGES.c.record == held.number).order_by(CHANGES.c.number)
    )
    entered_by = packs.maker_of(connection, held.number)
    makers = [*([] if entered_by is None else [entered_by]), *accounts.scalars()]
    earlier = connection.execute(
        select(VERSIONS)
        .where(VERSIONS.c.record == held.number, VERSIONS.c.version < held.version)
        .order_by(VERSIONS.c.version)
    )
    made = [_version(row, makers) for row in earlier]
    last = HeldVersion(held.version, held.state, held.changed_at, makers[held.version - 1], held.record)
    return [*made, last]


def _version(row: Row[tuple[object, ...]], makers: Sequence[str]) -> HeldVersion:
    number = int(row.version)
    maker = makers[number - 1]
    return HeldVersion(number, State(row.state), row.changed_at, maker, record_from_bytes(row.body))


def due_for_review(
    connection: Connection, owner: str, by: date, limit: int, after: tuple[date, str] | None
) -> list[HeldRecord]:
    """Return up to `limit` active records of an owner whose review date is `by` or earlier, earliest first.

    `after` is the review date and public id of the last record seen.
    """
    day, one = RECORDS.c.review_on, RECORDS.c.public_id
    chosen = select(RECORDS).where(RECORDS.c.owner == owner, RECORDS.c.state == State.ACTIVE.value, day <= by)
    if after is not None:
        chosen = chosen.where(or_(day > after[0], and_(day == after[0], one > after[1])))
    rows = [*connection.execute(chosen.order_by(day, one).limit(limit))]
    packed = packs.due_rows(connection, owner, by, limit, after)
    merged = sorted([*rows, *packed], key=lambda row: (row.review_on, row.public_id)) if packed else rows
    return [held_record(row) for row in merged[:limit]]
