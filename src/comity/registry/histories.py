"""What a record said before, and which records are due for review, in the caller's transaction.

A version whose words a redress case erased stays with its number, its moment and its handling, and says nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Row, and_, func, or_, select, update

from comity.records.record import HeldRecord, Record, State, record_from_bytes
from comity.registry import packs
from comity.registry.holdings import held_record
from comity.registry.schema import CHANGES, FETCH_MAX, RECORDS, VERSIONS

VERSION_BASE: Final = 36
"""In which digits a version stands in the identifier of what a record said before it."""

_PAIRS_MAX: Final = 200
"""So many versions one statement asks for, each by two numbers."""

_AS_HELD: Final = select(RECORDS.c.number, RECORDS.c.public_id, RECORDS.c.version, RECORDS.c.body)


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """One version of a record: what it said, since when, and by which account it was handed in."""

    number: int
    state: State
    at: datetime
    account: str
    record: Record


@dataclass(frozen=True, slots=True)
class Replaced:
    """That one version of a record was replaced by the next, and what each said, as the registry keeps it."""

    record: str
    version: int
    before: bytes
    after: bytes


def replaced_after(connection: Connection, change: int, limit: int) -> tuple[list[Replaced], int]:
    """Return what up to `limit` changes after one have replaced, and the number of the last of these; 0 for none.

    Of records that are purged by now nothing is returned: nothing is left of what they said.
    """
    chosen = select(CHANGES.c.number, CHANGES.c.record).where(CHANGES.c.number > change)
    rows = connection.execute(chosen.order_by(CHANGES.c.number).limit(limit)).all()
    if not rows:
        return [], 0
    end = rows[-1].number
    found: list[Replaced] = []
    records = sorted({row.record for row in rows})
    for start in range(0, len(records), FETCH_MAX):
        found += _replaced(connection, records[start : start + FETCH_MAX], change, end)
    return found, end


def _replaced(connection: Connection, records: Sequence[int], start: int, end: int) -> list[Replaced]:
    """Return what changes after `start`, and not after `end`, have replaced of these records."""
    here = RECORDS.c.number.in_(records) & (RECORDS.c.state != State.PURGED.value)
    held = {row.number: row for row in connection.execute(_AS_HELD.where(here)).all()}
    # Each change made one version: as many as came since a change are newer than what was held then.
    counts = {one: _changes_since(connection, records, one) for one in (start, end)}
    first = {one: max(row.version - counts[start].get(one, 0), 1) for one, row in held.items()}
    last = {one: row.version - counts[end].get(one, 0) for one, row in held.items()}
    bodies = {(one, row.version): row.body for one, row in held.items()}
    wanted = [
        and_(VERSIONS.c.record == one, VERSIONS.c.version.between(first[one], last[one]))
        for one in held
        if first[one] < last[one]
    ]
    for place in range(0, len(wanted), _PAIRS_MAX):
        kept = select(VERSIONS.c.record, VERSIONS.c.version, VERSIONS.c.body)
        rows = connection.execute(kept.where(or_(*wanted[place : place + _PAIRS_MAX])))
        bodies |= {(row.record, row.version): row.body for row in rows}
    return [
        Replaced(row.public_id, version, bodies[one, version], bodies[one, version + 1])
        for one, row in held.items()
        for version in range(first[one], last[one])
        if (one, version) in bodies and (one, version + 1) in bodies
    ]


def _changes_since(connection: Connection, records: Sequence[int], change: int) -> dict[int, int]:
    counted = select(CHANGES.c.record, func.count()).where(
        CHANGES.c.record.in_(records), CHANGES.c.number > change
    )
    return {row[0]: row[1] for row in connection.execute(counted.group_by(CHANGES.c.record))}


def said_by(connection: Connection, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], bytes]:
    """Return what these versions said, by record and version, as the registry keeps it: earlier ones and present."""
    found: dict[tuple[str, int], bytes] = {}
    asked = sorted(wanted)
    for start in range(0, len(asked), _PAIRS_MAX):
        some = asked[start : start + _PAIRS_MAX]
        by_id = {one for one, _ in some}
        held = {row.number: row for row in connection.execute(_AS_HELD.where(RECORDS.c.public_id.in_(by_id)))}
        ids = {number: row.public_id for number, row in held.items()}
        numbers = {one: number for number, one in ids.items()}
        pairs = [
            and_(VERSIONS.c.record == numbers[one], VERSIONS.c.version == version)
            for one, version in some
            if one in numbers
        ]
        chosen = select(VERSIONS.c.record, VERSIONS.c.version, VERSIONS.c.body)
        rows = connection.execute(chosen.where(or_(*pairs))) if pairs else ()
        found |= {(ids[row.record], row.version): row.body for row in rows}
        found |= {(row.public_id, row.version): row.body for row in held.values()}
    return {one: found[one] for one in wanted if one in found}


def forget_before(connection: Connection, held: HeldRecord, version: int) -> None:
    """Remove what the versions of a record before one said, wherever the registry keeps it.

    Their numbers, moments and handling stay, which say who might see the record, and not of whom it spoke.
    """
    for one in history(connection, held):
        if one.number < min(version, held.version):
            there = and_(VERSIONS.c.record == held.number, VERSIONS.c.version == one.number)
            bare = replace(one.record, notice=None, data={})
            connection.execute(update(VERSIONS).where(there).values(body=bare.to_bytes()))
    packs.blank(connection, [held.number])


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


def withheld(versions: Sequence[HeldVersion], before: int) -> list[HeldVersion]:
    """Return the versions with nothing said by those before one, as if that had been erased."""
    return [
        replace(one, record=replace(one.record, notice=None, data={})) if one.number < before else one
        for one in versions
    ]


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
