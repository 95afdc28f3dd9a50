"""What is decided about how long records are held: questions to owners, renewals, what was purged, who blocks.

    retention_terms ─ one row for a record whose owner was asked, or has kept it beyond its period
    tombstones ─ what is left of a purged record: a keyed digest, and the entry of the log that tells of it
    blocks ─ records that a redress case takes out of every answer, whatever their owner says
    suppressions ─ keyed digests of what was erased by decision, so that no import brings it back

Every function works in the caller's transaction.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from comity.registry import packs
from comity.registry.blocking import BLOCKS
from comity.registry.schema import FETCH_MAX, METADATA, RECORDS, Moment

TERMS = Table(
    "retention_terms",
    METADATA,
    Column("record", BigInteger, ForeignKey("records.number"), primary_key=True, autoincrement=False),
    Column("owner", String(3), nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("kept_until", Date),  # none until the owner has kept it once
    Column("step", String(20), nullable=False),  # asked, kept, suspended, let-go
    Column("asked_on", Date),
    Column("reminders", Integer, nullable=False),
    Column("reason", Text),
    Column("account", String(80)),
    Column("at", Moment, nullable=False),
    Index("retention_terms_by_owner", "owner", "step", "ends_on"),
)

TOMBSTONES = Table(
    "tombstones",
    METADATA,
    Column("record", BigInteger, ForeignKey("records.number"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),  # a purged record may be entered anew
    Column("public_id", String(24), nullable=False),
    Column("owner", String(3), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("why", String(20), nullable=False),  # unanswered, let-go, withdrawn, erased
    Column("digest", LargeBinary(32), nullable=False),
    Column("purged_at", Moment, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Index("tombstones_by_owner", "owner", "purged_at"),
    Index("tombstones_by_id", "public_id"),
)

SUPPRESSIONS = Table(
    "suppressions",
    METADATA,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("owner", String(3), nullable=False),
    Column("case_ref", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Index("suppressions_by_owner", "owner"),
)

RUNS = Table(
    "retention_runs",  # which days are done, so that a clock that strikes twice does nothing twice
    METADATA,
    Column("day", Date, primary_key=True),
    Column("finished_at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Term:
    """What stands about the retention of one record; `number` is the registry's own, `record` what doors show."""

    number: int
    record: str
    owner: str
    kind: str
    state: str
    ends_on: date
    kept_until: date | None
    step: str
    reminders: int
    reason: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a purged record. `seq` is the number of the entry that tells of the purge."""

    number: int
    version: int
    record: str
    owner: str
    kind: str
    why: str
    digest: bytes
    purged_at: datetime
    seq: int


def kept_until(connection: Connection, number: int) -> date | None:
    """Return until when the owner has kept a record at its last review, or None."""
    found: date | None = connection.execute(
        select(TERMS.c.kept_until).where(TERMS.c.record == number)
    ).scalar()
    return found


def terms_of(connection: Connection, numbers: Sequence[int]) -> dict[int, Term]:
    """Return what stands about each of these records; most have nothing."""
    found: dict[int, Term] = {}
    for start in range(0, len(numbers), FETCH_MAX):
        chunk = numbers[start : start + FETCH_MAX]
        found.update(
            {row.record: _term(row) for row in connection.execute(_terms(TERMS.c.record.in_(chunk)))}
        )
    return found


def open_terms(connection: Connection, owner: str, limit: int, after: tuple[date, str] | None) -> list[Term]:
    """Return up to `limit` unanswered questions to an owner, earliest end first, `after` the last one seen."""
    open_ = TERMS.c.step.in_(("asked", "suspended"))
    chosen = and_(TERMS.c.owner == owner, open_)
    if after is not None:
        day, one = after
        later = and_(TERMS.c.ends_on == day, RECORDS.c.public_id > one)
        chosen = and_(chosen, or_(TERMS.c.ends_on > day, later))
    ordered = _terms(chosen).order_by(TERMS.c.ends_on, RECORDS.c.public_id).limit(limit)
    return [_term(row) for row in connection.execute(ordered)]


def put_term(connection: Connection, number: int, values: Mapping[str, object]) -> None:
    """Note what stands about a record, over what stood before."""
    changed = connection.execute(update(TERMS).where(TERMS.c.record == number).values(**values))
    if changed.rowcount == 0:
        packs.give_row(connection, number)
        connection.execute(insert(TERMS).values(**{"record": number, "reminders": 0, **values}))


def drop_terms(connection: Connection, numbers: Sequence[int]) -> None:
    """Forget what stands about records: they are purged."""
    for start in range(0, len(numbers), FETCH_MAX):
        connection.execute(delete(TERMS).where(TERMS.c.record.in_(numbers[start : start + FETCH_MAX])))


def bury(connection: Connection, stones: Sequence[Tombstone]) -> None:
    """Put up the tombstones of purged records."""
    rows = [
        {
            "record": one.number,
            "version": one.version,
            "public_id": one.record,
            "owner": one.owner,
            "kind": one.kind,
            "why": one.why,
            "digest": one.digest,
            "purged_at": one.purged_at,
            "seq": one.seq,
        }
        for one in stones
    ]
    if rows:
        connection.execute(insert(TOMBSTONES), rows)


def tombstones_of(connection: Connection, owner: str, limit: int) -> list[Tombstone]:
    """Return the newest tombstones of an owner's records, at most `limit`."""
    chosen = select(TOMBSTONES).where(TOMBSTONES.c.owner == owner)
    newest = chosen.order_by(TOMBSTONES.c.purged_at.desc(), TOMBSTONES.c.public_id).limit(limit)
    return [_stone(row) for row in connection.execute(newest)]


def tombstone(connection: Connection, record: str) -> Tombstone | None:
    """Return the newest tombstone of a record by its public id, or None."""
    chosen = select(TOMBSTONES).where(TOMBSTONES.c.public_id == record)
    row = connection.execute(chosen.order_by(TOMBSTONES.c.version.desc()).limit(1)).first()
    return None if row is None else _stone(row)


def block(connection: Connection, number: int, owner: str, case_ref: str, at: datetime) -> None:
    """Note that a case blocks a record; noting it twice changes nothing."""
    if case_ref not in blockers(connection, number):
        packs.give_row(connection, number)
        connection.execute(insert(BLOCKS).values(record=number, case_ref=case_ref, owner=owner, at=at))


def unblock(connection: Connection, number: int, case_ref: str) -> None:
    """Note that a case blocks a record no more."""
    connection.execute(delete(BLOCKS).where(BLOCKS.c.record == number, BLOCKS.c.case_ref == case_ref))


def blockers(connection: Connection, number: int) -> list[str]:
    """Return the references of the cases that block a record."""
    chosen = select(BLOCKS.c.case_ref).where(BLOCKS.c.record == number).order_by(BLOCKS.c.case_ref)
    return list(connection.execute(chosen).scalars())


def blocked_among(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of these records, by public id, that a case blocks."""
    found: set[str] = set()
    for start in range(0, len(ids), FETCH_MAX):
        chosen = (
            select(RECORDS.c.public_id)
            .join(BLOCKS, BLOCKS.c.record == RECORDS.c.number)
            .where(RECORDS.c.public_id.in_(ids[start : start + FETCH_MAX]))
        )
        found.update(connection.execute(chosen).scalars())
    return found


def blocked_of(connection: Connection, owner: str, limit: int) -> list[tuple[str, str, datetime]]:
    """Return (record, case, since) of the blocked records of an owner, newest first."""
    chosen = (
        select(RECORDS.c.public_id, BLOCKS.c.case_ref, BLOCKS.c.at)
        .join(RECORDS, RECORDS.c.number == BLOCKS.c.record)
        .where(BLOCKS.c.owner == owner)
        .order_by(BLOCKS.c.at.desc(), RECORDS.c.public_id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(chosen)]


def suppression_digest(secret: bytes, owner: str, term: str) -> bytes:
    """Return what stands for one thing that an erased record was known by; nobody reads it back."""
    return hmac.digest(secret, f"suppressed\x1f{owner}\x1f{term}".encode(), "sha256")


def suppress(
    connection: Connection, digests: Iterable[bytes], owner: str, case_ref: str, at: datetime
) -> None:
    """Keep what these digests stand for from being entered again by this owner."""
    wanted = dict.fromkeys(digests)
    known = suppressed(connection, wanted)
    rows = [
        {"digest": one, "owner": owner, "case_ref": case_ref, "at": at} for one in wanted if one not in known
    ]
    if rows:
        connection.execute(insert(SUPPRESSIONS), rows)


# Made once: each record that is entered asks it.
_SUPPRESSED_OF = select(SUPPRESSIONS.c.digest).where(SUPPRESSIONS.c.owner == bindparam("owned_by")).limit(1)


def has_suppressions(connection: Connection, owner: str) -> bool:
    """Return whether anything of an owner was erased by decision: mostly nothing was, and nothing is looked up."""
    return connection.execute(_SUPPRESSED_OF, {"owned_by": owner}).first() is not None


def suppressed(connection: Connection, digests: Iterable[bytes]) -> set[bytes]:
    """Return those of the digests that are on the list."""
    wanted = list(digests)
    found: set[bytes] = set()
    for start in range(0, len(wanted), FETCH_MAX):
        chunk = wanted[start : start + FETCH_MAX]
        chosen = select(SUPPRESSIONS.c.digest).where(SUPPRESSIONS.c.digest.in_(chunk))
        found.update(connection.execute(chosen).scalars())
    return found


def is_done(connection: Connection, day: date) -> bool:
    """Return whether the run of a day is finished."""
    return connection.execute(select(RUNS.c.day).where(RUNS.c.day == day)).first() is not None


def note_done(connection: Connection, day: date, at: datetime) -> None:
    """Note that the run of a day is finished."""
    if not is_done(connection, day):
        connection.execute(insert(RUNS).values(day=day, finished_at=at))


def is_sweep_owed(connection: Connection) -> bool:
    """Return whether anything was purged since the last run that finished: the index may still hold its words."""
    last = select(func.max(RUNS.c.finished_at)).scalar_subquery()
    purged = select(func.max(TOMBSTONES.c.purged_at)).scalar_subquery()
    row = connection.execute(select(purged, last)).one()
    return row[0] is not None and (row[1] is None or row[0] > row[1])


def counts_of_steps(connection: Connection) -> dict[str, int]:
    """Return how many records stand at each step."""
    rows = connection.execute(select(TERMS.c.step, func.count()).group_by(TERMS.c.step))
    return {row[0]: row[1] for row in rows}


def _terms(condition: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    columns = (RECORDS.c.public_id, RECORDS.c.kind, RECORDS.c.state)
    joined = select(TERMS, *columns).join(RECORDS, RECORDS.c.number == TERMS.c.record)
    return joined.where(condition)


def _term(row: Row[tuple[object, ...]]) -> Term:
    return Term(
        number=row.record,
        record=row.public_id,
        owner=row.owner,
        kind=row.kind,
        state=row.state,
        ends_on=row.ends_on,
        kept_until=row.kept_until,
        step=row.step,
        reminders=row.reminders,
        reason=row.reason,
        at=row.at,
    )


def _stone(row: Row[tuple[object, ...]]) -> Tombstone:
    return Tombstone(
        number=row.record,
        version=row.version,
        record=row.public_id,
        owner=row.owner,
        kind=row.kind,
        why=row.why,
        digest=row.digest,
        purged_at=row.purged_at,
        seq=row.seq,
    )
