"""Opened hits as the registry keeps them: found by bureau, by what waits for whom, by when a clock strikes.

Every function works inside the caller's transaction; those that write need one opened by `writing`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from comity.audit.entries import Entry, decode
from comity.records.hits import WAITING, HitState, OpenedHit, wakes_at, without_words
from comity.records.record import HeldRecord
from comity.registry import packs
from comity.registry.schema import AUDIT, FETCH_MAX, METADATA, RECORDS, Moment, in_plain_order

HITS = Table(
    "hits",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("owner", String(3), nullable=False),
    Column("bureau", String(3), nullable=False),
    Column("second", String(3)),
    Column("account", String(80), nullable=False),
    Column("record", String(24), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("wakes_at", Moment),  # when the clock has something to do with it; none where it has not
    Column("same", String(32), nullable=False),  # the same for the same account, question and record
    Column("seq", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("hits_by_owner", "owner", "state", "opened_at", "id"),
    Index("hits_by_bureau", "bureau", "state", "opened_at", "id"),
    Index("hits_by_second", "second", "state", "opened_at", "id"),
    Index("hits_by_account", "account", "opened_at", "id"),
    Index("hits_by_record", "record"),
    Index("hits_by_same", "same", "opened_at"),
    Index("hits_by_waking", "wakes_at"),
)

_NO_END: Final = 2**63 - 1
_SHOWN_BETWEEN: Final = (
    select(AUDIT.shown.c.seq)
    .where(AUDIT.shown.c.seq >= bindparam("start"), AUDIT.shown.c.seq < bindparam("end"))
    .limit(1)
)

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(OpenedHit)


@dataclass(frozen=True, slots=True)
class Opening:
    """A hit to be opened, and what is the same for every check of its kind by the same account."""

    hit: OpenedHit
    same: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which hits are asked for: a bureau's, on which side, in which states; one account's alone, perhaps.

    `side` is `owner` (to be answered for, as owner or as second), `bureau` (its own checks') or None for both.
    """

    bureau: str
    side: str | None = None
    states: frozenset[HitState] = frozenset()
    account: str | None = None
    record: str | None = None


def add(connection: Connection, openings: Sequence[Opening]) -> None:
    """Keep hits that are opened."""
    if openings:
        connection.execute(
            insert(HITS),
            [
                {"id": one.hit.id, "same": one.same, "seq": one.hit.meeting.seq, **_row(one.hit)}
                for one in openings
            ],
        )


def save(connection: Connection, hits: Sequence[OpenedHit]) -> None:
    """Keep what became of hits."""
    if not hits:
        return
    rows = [{"key": hit.id, **_row(hit)} for hit in hits]
    columns = [name for name in rows[0] if name != "key"]
    statement = update(HITS).where(HITS.c.id == bindparam("key"))
    connection.execute(statement.values({name: bindparam(name) for name in columns}), rows)


# Made once: each check that hits asks the second.
_BODY = select(HITS.c.body).where(HITS.c.id == bindparam("one"))
_LATEST = (
    select(HITS.c.same, HITS.c.body)
    .where(HITS.c.same.in_(bindparam("chunk", expanding=True)), HITS.c.opened_at >= bindparam("since"))
    .order_by(HITS.c.opened_at, HITS.c.id)
)


def hit_with(connection: Connection, one: str) -> OpenedHit | None:
    """Return the hit with this identifier, or None."""
    body: bytes | None = connection.execute(_BODY, {"one": one}).scalar()
    return None if body is None else _decoder.decode(body)


def latest_of(connection: Connection, same: Iterable[str], since: datetime) -> dict[str, OpenedHit]:
    """Return the newest hit opened at this moment or later for each of these, where there is one."""
    wanted = list(dict.fromkeys(same))
    found: dict[str, OpenedHit] = {}
    for start in range(0, len(wanted), FETCH_MAX):
        chunk = wanted[start : start + FETCH_MAX]
        rows = connection.execute(_LATEST, {"chunk": chunk, "since": since})
        found.update({row.same: _decoder.decode(row.body) for row in rows})
    return found


def waking(connection: Connection, at: datetime, limit: int) -> list[OpenedHit]:
    """Return up to `limit` hits whose clock has struck, the longest ago first."""
    rows = connection.execute(
        select(HITS.c.body).where(HITS.c.wakes_at <= at).order_by(HITS.c.wakes_at).limit(limit)
    )
    return [_decoder.decode(body) for body in rows.scalars()]


def page(
    connection: Connection, wanted: Wanted, limit: int, after: tuple[datetime, str] | None
) -> list[OpenedHit]:
    """Return up to `limit` hits, newest first; `after` is when the last one seen was opened, and its id."""
    chosen = select(HITS.c.body).where(_chosen(wanted))
    if after is not None:
        opened, one = HITS.c.opened_at, HITS.c.id
        chosen = chosen.where(or_(opened < after[0], and_(opened == after[0], one < after[1])))
    rows = connection.execute(chosen.order_by(HITS.c.opened_at.desc(), HITS.c.id.desc()).limit(limit))
    return [_decoder.decode(body) for body in rows.scalars()]


def waiting(connection: Connection, wanted: Wanted, limit: int) -> list[OpenedHit]:
    """Return up to `limit` hits, those whose answer is due first at the head."""
    chosen = select(HITS.c.body).where(_chosen(wanted)).order_by(HITS.c.due_at, HITS.c.id).limit(limit)
    return [_decoder.decode(body) for body in connection.execute(chosen).scalars()]


def count(connection: Connection, wanted: Wanted) -> int:
    """Return how many hits are wanted so."""
    return connection.execute(select(func.count()).select_from(HITS).where(_chosen(wanted))).scalar_one()


def _chosen(wanted: Wanted) -> ColumnElement[bool]:
    sides = {
        "owner": or_(HITS.c.owner == wanted.bureau, HITS.c.second == wanted.bureau),
        "bureau": HITS.c.bureau == wanted.bureau,
        None: or_(
            HITS.c.owner == wanted.bureau, HITS.c.bureau == wanted.bureau, HITS.c.second == wanted.bureau
        ),
    }
    terms: list[ColumnElement[bool]] = [sides[wanted.side]]
    if wanted.states:
        terms.append(HITS.c.state.in_(sorted(state.value for state in wanted.states)))
    if wanted.account is not None:
        terms.append(HITS.c.account == wanted.account)
    if wanted.record is not None:
        terms.append(HITS.c.record == wanted.record)
    return and_(*terms)


def on_record(connection: Connection, record: str, limit: int) -> list[OpenedHit]:
    """Return up to `limit` hits that were opened on a record, the newest first."""
    chosen = select(HITS.c.body).where(HITS.c.record == record).order_by(HITS.c.opened_at.desc(), HITS.c.id)
    return [_decoder.decode(body) for body in connection.execute(chosen.limit(limit)).scalars()]


def ids_on(connection: Connection, records: Sequence[str]) -> list[str]:
    """Return the identifiers of the hits that were opened on any of these records."""
    found: list[str] = []
    for start in range(0, len(records), FETCH_MAX):
        chosen = select(HITS.c.id).where(HITS.c.record.in_(records[start : start + FETCH_MAX]))
        found += connection.execute(chosen).scalars()
    return found


def between(connection: Connection, start: str, end: str) -> list[OpenedHit]:
    """Return the hits whose identifiers are not before `start`, and before `end`."""
    identifier = in_plain_order(connection, HITS.c.id)
    chosen = select(HITS.c.body).where(identifier >= start, identifier < end)
    bodies = connection.execute(chosen).scalars()
    return [_decoder.decode(body) for body in bodies]


def unclosed_on(connection: Connection, records: Sequence[str]) -> list[OpenedHit]:
    """Return the hits on any of these records that are not closed."""
    found: list[OpenedHit] = []
    for start in range(0, len(records), FETCH_MAX):
        chosen = select(HITS.c.body).where(
            HITS.c.record.in_(records[start : start + FETCH_MAX]), HITS.c.state != HitState.CLOSED.value
        )
        bodies = connection.execute(chosen.order_by(HITS.c.opened_at, HITS.c.id)).scalars()
        found += [_decoder.decode(body) for body in bodies]
    return found


def passed_on_by(connection: Connection, owner: str, second: str | None) -> list[OpenedHit]:
    """Return an owner's hits that are not closed and were passed on to another than this bureau."""
    chosen = select(HITS.c.body).where(
        HITS.c.owner == owner, HITS.c.state != HitState.CLOSED.value, HITS.c.second.is_not(None)
    )
    found = [_decoder.decode(body) for body in connection.execute(chosen.order_by(HITS.c.id)).scalars()]
    return [hit for hit in found if hit.second != second]


def overdue_of(connection: Connection, owner: str) -> list[OpenedHit]:
    """Return an owner's hits that wait for an answer whose time is over, and of which the clock has taken note."""
    waiting_ones = HITS.c.state.in_(sorted(state.value for state in WAITING))
    chosen = select(HITS.c.body).where(HITS.c.owner == owner, waiting_ones, HITS.c.wakes_at.is_(None))
    return [_decoder.decode(body) for body in connection.execute(chosen.order_by(HITS.c.id)).scalars()]


def of_same(connection: Connection, record: str, owner: str) -> list[OpenedHit]:
    """Return the hits by which an owner was told that another bureau holds what this record of its own means.

    No account has such hits, so they are few among an owner's; either record may be the one that was met.
    """
    own = or_(HITS.c.owner == owner, HITS.c.bureau == owner)
    chosen = select(HITS.c.body).where(HITS.c.account == "", own).order_by(HITS.c.opened_at, HITS.c.id)
    found = [_decoder.decode(body) for body in connection.execute(chosen).scalars()]
    return [hit for hit in found if record in {hit.meeting.record, hit.meeting.other}]


def has_lines(connection: Connection, start: int, end: int | None = None) -> bool:
    """Return whether a line from `start` on, and before `end`, has shown a record."""
    bounds = {"start": start, "end": _NO_END if end is None else end}
    return connection.execute(_SHOWN_BETWEEN, bounds).first() is not None


def lines_with_records(
    connection: Connection, start: int, acts: Sequence[str], limit: int
) -> tuple[list[tuple[int, Entry]], int]:
    """Return audit lines from `start` on that showed records, of these acts, and where to go on.

    At most `limit` lines are looked at; lines that showed nothing, nearly all of them, cost nothing.
    """
    entries, shown = AUDIT.entries.c, AUDIT.shown.c
    seqs = list(
        connection.execute(
            select(shown.seq).where(shown.seq >= start).distinct().order_by(shown.seq).limit(limit)
        ).scalars()
    )
    size: int = connection.execute(select(AUDIT.tip.c.size)).scalar_one()
    rows = connection.execute(
        select(entries.seq, entries.body)
        .where(entries.seq.in_(seqs), entries.act.in_(acts))
        .order_by(entries.seq)
    )
    end = seqs[-1] + 1 if len(seqs) == limit else size
    return [(row.seq, decode(row.body)) for row in rows], end


def kinds_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Return the kind of each of these records."""
    wanted = list(dict.fromkeys(ids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), FETCH_MAX):
        chunk = wanted[start : start + FETCH_MAX]
        rows = connection.execute(
            select(RECORDS.c.public_id, RECORDS.c.kind).where(RECORDS.c.public_id.in_(chunk))
        )
        found.update({row.public_id: row.kind for row in rows})
    packed = packs.rows_with_ids(connection, [one for one in wanted if one not in found])
    return {**found, **{one: row.kind for one, row in packed.items()}}


def forget(connection: Connection, records: Sequence[HeldRecord]) -> None:
    """Forget what bureaus wrote to each other about these records, which are purged; end what still runs.

    Which record was met, when and by whom stays, as in the audit log: identifiers and moments.
    """
    gone = [one.public_id for one in records]
    for start in range(0, len(gone), FETCH_MAX):
        chosen = select(HITS.c.body).where(HITS.c.record.in_(gone[start : start + FETCH_MAX]))
        found = [_decoder.decode(body) for body in connection.execute(chosen).scalars()]
        save(connection, [without_words(hit) for hit in found])


def _row(hit: OpenedHit) -> dict[str, object]:
    return {
        "owner": hit.meeting.owner,
        "bureau": hit.meeting.bureau,
        "second": hit.second,
        "account": hit.meeting.account,
        "record": hit.meeting.record,
        "state": hit.state.value,
        "version": hit.version,
        "opened_at": hit.opened_at,
        "due_at": hit.due_at,
        "wakes_at": wakes_at(hit),
        "body": _encoder.encode(hit),
    }
