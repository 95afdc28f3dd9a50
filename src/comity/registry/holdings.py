"""The records as the registry keeps them: compared, stored, versioned, numbered, all in one transaction.

Every function works inside the caller's transaction; those that write need one opened by `writing`.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from heapq import merge
from typing import Any, TypeAlias

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, or_, select, update

from comity.records.record import HeldRecord, Record, State, record_from_bytes
from comity.registry import audiences, pack_form, packs
from comity.registry.blocking import blocked_among
from comity.registry.inserting import insert_all
from comity.registry.pack_form import PackedRow
from comity.registry.schema import CHANGES, FETCH_MAX, NODE, RECORDS, VERSIONS

# Made once: putting a statement together takes longer than the database takes to answer it.
_WITH_IDS = select(RECORDS).where(RECORDS.c.public_id.in_(bindparam("ids", expanding=True)))
_NUMBERED = RECORDS.c.number.in_(bindparam("numbers", expanding=True))
_WHOLE = select(RECORDS).where(_NUMBERED)
_SAYING = select(RECORDS.c.number, RECORDS.c.state, RECORDS.c.body).where(_NUMBERED)
_LAST_CHANGE = select(NODE.c.last_change)

HeldRow: TypeAlias = Row[tuple[object, ...]] | PackedRow
"""A record as it is stored: in a row of its own, or in a pack."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A record as an owner hands it in. `origin` says in which list or through which door it came.

    `body` and `digest` are worked out: the record's canonical bytes, which every step needs, and their SHA-256.
    """

    owner: str
    list_name: str
    origin: str
    record: Record
    body: bytes = field(init=False)
    digest: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", self.record.to_bytes())
        object.__setattr__(self, "digest", hashlib.sha256(self.body).digest())


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a record, as which version.

    `entered`, `amended`, `unchanged`; `withdrawn`, `suspended`, `resumed`, `purged`; `barred` or `retired`
    where it is not taken again.
    """

    public_id: str
    what: str
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    """One numbered change. Audiences are None where the record was not held before, or is not after."""

    number: int
    record: int
    before: int | None
    after: int | None


_MOVES: Mapping[tuple[str, State], str] = {
    (State.ACTIVE, State.WITHDRAWN): "withdrawn",
    (State.SUSPENDED, State.WITHDRAWN): "withdrawn",
    (State.ACTIVE, State.SUSPENDED): "suspended",
    (State.SUSPENDED, State.ACTIVE): "resumed",
}
"""What a change from one state to another is called; others change nothing."""


def public_id(secret: bytes, submission: Submission) -> str:
    """Return the identifier that the doors show: 20 characters, the same each time the record comes.

    It is a keyed digest, so it tells nothing of how many records there are, and nobody can work out
    the identifier of a record that they were not shown.
    """
    record = submission.record
    name = f"{submission.owner}\x1f{submission.list_name}\x1f{record.kind.code}\x1f{record.source_id}"
    return pack_form.public_text(hmac.digest(secret, name.encode(), "sha256")[: pack_form.ID_BYTES])


def accept(
    connection: Connection,
    submissions: Sequence[Submission],
    ids: Sequence[str],
    secret: bytes,
    account: str,
    at: datetime,
) -> list[Receipt]:
    """Store the submissions and number their changes; return a receipt for each, in order.

    `ids` are their public ids, as `public_id` makes them. A record that comes again unchanged changes nothing.
    One submission among these for the same record as an earlier one counts as a newer version of it.
    """
    if len(set(ids)) < len(ids):
        each = zip(submissions, ids, strict=True)
        return [accept(connection, [one], [known], secret, account, at)[0] for one, known in each]
    listed = [(one.owner, one.list_name, known) for one, known in zip(submissions, ids, strict=True)]
    held = _rows_by_id(connection, ids, packs.maybe_packed(connection, listed))
    audiences = _audience_ids(connection, submissions)
    withdrawn = [row.number for row in held.values() if row.state == State.WITHDRAWN]
    writer = _Writer(connection, account, at, secret)
    writer.blocked = blocked_among(connection, withdrawn)
    receipts = [
        writer.put(one, submission, audience, held.get(one))
        for one, submission, audience in zip(ids, submissions, audiences, strict=True)
    ]
    writer.flush()
    return receipts


class _Writer:
    """Collects the rows of one `accept` or `withdraw` and writes them in few statements."""

    def __init__(self, connection: Connection, account: str, at: datetime, secret: bytes = b"") -> None:
        row = connection.execute(select(NODE.c.last_record, NODE.c.last_change)).one()
        self._connection, self._account, self._at, self._secret = connection, account, at, secret
        self.blocked = set[int]()
        self._last_record, self._last_change = int(row.last_record), int(row.last_change)
        self._new: list[dict[str, object]] = []
        self._changed: list[dict[str, object]] = []
        self._versions: list[dict[str, object]] = []
        self._changes: list[dict[str, object]] = []
        self._unpacked: dict[int, PackedRow] = {}

    def put(self, one: str, submission: Submission, audience: int, held: HeldRow | None) -> Receipt:
        """Enter a new record or a newer version of a held one."""
        digest, handling = submission.digest, submission.record.handling
        row: dict[str, object] = {
            "origin": submission.origin,
            "state": State.ACTIVE.value,
            "audience": audience,
            "changed_at": self._at,
            "retain_until": handling.retain_until,
            "review_on": handling.review_on,
            "digest": digest,
            "body": submission.body,
        }
        if held is not None and held.state == State.PURGED:
            return self._enter_anew(held, row, submission)
        if held is None:
            self._last_record += 1
            identity = {"number": self._last_record, "public_id": one, "owner": submission.owner}
            listed = {"list_name": submission.list_name, "kind": submission.record.kind.code}
            self._new.append({**identity, **listed, "version": 1, "entered_at": self._at, **row})
            self._change(self._last_record, "entered", None, audience)
            return Receipt(one, "entered", 1)
        is_standing = held.state in {State.ACTIVE, State.SUSPENDED}
        if held.digest == digest and is_standing and held.audience == audience:
            return Receipt(one, "unchanged", held.version)
        before = held.audience if held.state == State.ACTIVE else None
        after: int | None = audience
        if held.state == State.SUSPENDED or held.number in self.blocked:
            # New words of the owner lift neither a block nor the end of retention, nor do they after a withdrawal.
            row["state"], after = State.SUSPENDED.value, None
        self._keep(held)
        self._amend(held, row)
        self._change(held.number, "amended", before, after)
        return Receipt(one, "amended", held.version + 1)

    def _enter_anew(self, held: HeldRow, row: Mapping[str, object], submission: Submission) -> Receipt:
        """Enter a record whose earlier life was purged: what is held of it begins now.

        The very words that were purged are not taken again, or a list read twice would undo the purge.
        """
        if hmac.digest(self._secret, submission.body, "sha256") == held.digest:
            return Receipt(held.public_id, "retired", held.version)
        self._amend(held, {**row, "entered_at": self._at})
        self._change(held.number, "entered", None, int(str(row["audience"])))
        return Receipt(held.public_id, "entered", held.version + 1)

    def _amend(self, held: HeldRow, row: Mapping[str, object]) -> None:
        if isinstance(held, PackedRow):
            self._unpacked[held.number] = held
        self._changed.append(
            {"key": held.number, "version": held.version + 1, "entered_at": held.entered_at, **row}
        )

    def move(self, held: HeldRow, to: State) -> Receipt:
        """Bring a held record into another state, what it says unchanged; being there already changes nothing."""
        what = _MOVES.get((held.state, to))
        if what is None:
            return Receipt(held.public_id, "unchanged", held.version)
        self._keep(held)
        kept = ("origin", "audience", "retain_until", "review_on", "digest", "body")
        row = {name: getattr(held, name) for name in kept}
        self._amend(held, {**row, "state": to.value, "changed_at": self._at})
        before = held.audience if held.state == State.ACTIVE else None
        self._change(held.number, what, before, held.audience if to is State.ACTIVE else None)
        return Receipt(held.public_id, what, held.version + 1)

    def purge(self, held: HeldRow, digest: bytes) -> Receipt:
        """Leave of a record its number, its identifier and a digest; `digest` tells nothing without the key."""
        if held.state == State.PURGED:
            return Receipt(held.public_id, "unchanged", held.version)
        row = {"origin": "", "audience": held.audience, "retain_until": None, "review_on": None}
        self._amend(
            held,
            {**row, "state": State.PURGED.value, "changed_at": self._at, "digest": digest, "body": b""},
        )
        self._change(held.number, "purged", held.audience if held.state == State.ACTIVE else None, None)
        return Receipt(held.public_id, "purged", held.version + 1)

    def _keep(self, held: HeldRow) -> None:
        self._versions.append(
            {
                "record": held.number,
                "version": held.version,
                "state": held.state,
                "changed_at": held.changed_at,
                "account": self._account,
                "body": held.body,
            }
        )

    def _change(self, record: int, what: str, before: int | None, after: int | None) -> None:
        self._last_change += 1
        self._changes.append(
            {
                "number": self._last_change,
                "record": record,
                "what": what,
                "before": before,
                "after": after,
                "at": self._at,
                "account": self._account,
            }
        )

    def flush(self) -> None:
        """Write everything collected."""
        if not self._changes:
            return
        packs.unpack(self._connection, [*self._unpacked.values()])
        insert_all(self._connection, RECORDS, self._new)
        insert_all(self._connection, VERSIONS, self._versions)
        if self._changed:
            columns = [name for name in self._changed[0] if name != "key"]
            amending = update(RECORDS).where(RECORDS.c.number == bindparam("key"))
            amending = amending.values({name: bindparam(name) for name in columns})
            self._connection.execute(amending, self._changed)
        insert_all(self._connection, CHANGES, self._changes)
        self._connection.execute(
            update(NODE).values(last_record=self._last_record, last_change=self._last_change)
        )


def withdraw(connection: Connection, ids: Sequence[str], account: str, at: datetime) -> list[Receipt]:
    """Withdraw records by public id; return a receipt for each one that is held, in order."""
    return _move(connection, ids, State.WITHDRAWN, (account, at))


def restate(connection: Connection, one: str, record: Record, account: str, at: datetime) -> Receipt:
    """Enter what a held record says from now on, its owner, list and origin unchanged."""
    held = _rows_by_id(connection, [one])[one]
    submission = Submission(held.owner, held.list_name, held.origin, record)
    writer = _Writer(connection, account, at)
    receipt = writer.put(one, submission, _audience_ids(connection, [submission])[0], held)
    writer.flush()
    return receipt


def suspend(connection: Connection, ids: Sequence[str], account: str, at: datetime) -> list[Receipt]:
    """Take active records out of every answer, as `withdraw`; only `resume` brings them back."""
    return _move(connection, ids, State.SUSPENDED, (account, at))


def resume(connection: Connection, ids: Sequence[str], account: str, at: datetime) -> list[Receipt]:
    """Let suspended records answer again, as `withdraw`."""
    return _move(connection, ids, State.ACTIVE, (account, at))


def _move(connection: Connection, ids: Sequence[str], to: State, by: tuple[str, datetime]) -> list[Receipt]:
    held = _rows_by_id(connection, ids)
    writer = _Writer(connection, *by)
    known = [held[one] for one in dict.fromkeys(ids) if one in held]
    receipts = [writer.move(one, to) for one in known if one.state != State.PURGED]
    writer.flush()
    return receipts


def purge(
    connection: Connection, ids: Sequence[str], secret: bytes, account: str, at: datetime
) -> dict[str, bytes]:
    """Remove bodies and versions for good; return what is left of each, a keyed digest by public id.

    The digest is an HMAC of what the record last said: nobody can confirm a guess of it without the key.
    A record that is purged already, or not held, is left out.
    """
    held = [row for row in _rows_by_id(connection, ids).values() if row.state != State.PURGED]
    writer = _Writer(connection, account, at)
    digests = {row.public_id: hmac.digest(secret, row.body, "sha256") for row in held}
    for row in held:
        writer.purge(row, digests[row.public_id])
    writer.flush()
    for start in range(0, len(held), FETCH_MAX):
        numbers = [row.number for row in held[start : start + FETCH_MAX]]
        connection.execute(delete(VERSIONS).where(VERSIONS.c.record.in_(numbers)))
    packs.blank(connection, [row.number for row in held])
    return digests


def _rows_by_id(
    connection: Connection, ids: Sequence[str], packed: Sequence[str] | None = None
) -> dict[str, HeldRow]:
    rows: dict[str, HeldRow] = {}
    for start in range(0, len(ids), FETCH_MAX):
        chunk = ids[start : start + FETCH_MAX]
        rows.update({row.public_id: row for row in connection.execute(_WITH_IDS, {"ids": chunk}).all()})
    sought = ids if packed is None else packed
    return {**packs.rows_with_ids(connection, [one for one in sought if one not in rows]), **rows}


def _audience_ids(connection: Connection, submissions: Sequence[Submission]) -> list[int]:
    rules = [audiences.rule_text(submission.owner, submission.record.handling) for submission in submissions]
    return audiences.ids_of(connection, rules)


def position(connection: Connection) -> int:
    """Return the number of the last change."""
    return int(connection.execute(_LAST_CHANGE).scalar_one())


def changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Return up to `limit` changes after the given number, in order, those that entered packs among them."""
    single = _rows_of_changes(connection, after, limit, None)
    packed = [
        Change(number, record, None, to)
        for number, record, to in packs.changes_after(connection, after, limit)
    ]
    return list(merge(single, packed, key=lambda change: change.number))[:limit] if packed else single


def single_changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Return up to `limit` changes after the given number, in order, up to the next that entered a pack."""
    return _rows_of_changes(connection, after, limit, packs.next_change(connection, after))


def _rows_of_changes(connection: Connection, after: int, limit: int, before: int | None) -> list[Change]:
    chosen = select(CHANGES.c.number, CHANGES.c.record, CHANGES.c.before, CHANGES.c.after)
    chosen = chosen.where(CHANGES.c.number > after)
    if before is not None:
        chosen = chosen.where(CHANGES.c.number < before)
    rows = connection.execute(chosen.order_by(CHANGES.c.number).limit(limit))
    return [Change(row.number, row.record, row.before, row.after) for row in rows]


def fetch(connection: Connection, numbers: Iterable[int]) -> dict[int, HeldRecord]:
    """Return the held records with these numbers, withdrawn ones included; of purged ones nothing is held."""
    rows = _rows_numbered(connection, _WHOLE, numbers)
    return {number: held_record(row) for number, row in rows.items() if row.state != State.PURGED}


def active_records(connection: Connection, numbers: Iterable[int]) -> dict[int, Record]:
    """Return what those of these records say that are active: all that a follower asks for."""
    rows = _rows_numbered(connection, _SAYING, numbers)
    return {number: record_from_bytes(row.body) for number, row in rows.items() if row.state == State.ACTIVE}


def _rows_numbered(
    connection: Connection, asked: Select[*tuple[Any, ...]], numbers: Iterable[int]
) -> dict[int, HeldRow]:
    """Return the rows with these numbers; `asked` says what is wanted of records with rows of their own."""
    wanted = list(numbers)
    rows: dict[int, HeldRow] = {}
    for start in range(0, len(wanted), FETCH_MAX):
        chunk = wanted[start : start + FETCH_MAX]
        rows.update({row.number: row for row in connection.execute(asked, {"numbers": chunk}).all()})
    missing = [number for number in wanted if number not in rows]
    return {**rows, **packs.rows_numbered(connection, missing)} if missing else rows


def fetch_by_id(connection: Connection, one: str) -> HeldRecord | None:
    """Return the held record with this public id, or None."""
    row = _rows_by_id(connection, [one]).get(one)
    return None if row is None or row.state == State.PURGED else held_record(row)


def held_among(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of these public ids under which a record is held."""
    return {one for one, row in _rows_by_id(connection, ids).items() if row.state != State.PURGED}


def held_ids(connection: Connection, owner: str, list_name: str, origin: str) -> set[str]:
    """Return the public ids of the records that came from one origin and stand, suspended ones included."""
    standing = select(RECORDS.c.public_id).where(
        RECORDS.c.owner == owner,
        RECORDS.c.list_name == list_name,
        RECORDS.c.origin == origin,
        RECORDS.c.state.in_((State.ACTIVE.value, State.SUSPENDED.value)),
    )
    found = set(connection.execute(standing).scalars())
    condition = packs.from_origin(owner, list_name, origin)
    if packs.count_of(connection, *condition):
        found |= packs.standing_ids(connection, condition)
    return found


def held_record(row: HeldRow) -> HeldRecord:
    """Return the held record that a row states."""
    return HeldRecord(
        number=row.number,
        public_id=row.public_id,
        owner=row.owner,
        list_name=row.list_name,
        version=row.version,
        state=State(row.state),
        entered_at=row.entered_at,
        changed_at=row.changed_at,
        record=record_from_bytes(row.body),
    )


def counts(connection: Connection) -> list[tuple[str, str, int, int]]:
    """Return (kind, owner, audience, count) over the active records."""
    columns = (RECORDS.c.kind, RECORDS.c.owner, RECORDS.c.audience)
    rows = connection.execute(
        select(*columns, func.count()).where(RECORDS.c.state == State.ACTIVE.value).group_by(*columns)
    )
    found = packs.counts(connection)
    for kind, owner, audience, count in rows:
        found[kind, owner, audience] = found.get((kind, owner, audience), 0) + count
    return [(*name, count) for name, count in sorted(found.items())]


def audiences_when(connection: Connection, ids: Sequence[str], at: datetime) -> dict[str, int]:
    """Return the audience that each of these records had at a moment; those that answered nobody are left out.

    Changes stay, so that asking again later gives the same.
    """
    found: dict[str, int] = {}
    for start in range(0, len(ids), FETCH_MAX):
        chunk = ids[start : start + FETCH_MAX]
        rows = connection.execute(
            select(RECORDS.c.public_id, CHANGES.c.after)
            .join(CHANGES, CHANGES.c.record == RECORDS.c.number)
            .where(RECORDS.c.public_id.in_(chunk), CHANGES.c.at <= at)
            .order_by(CHANGES.c.number)
        )
        found.update({row[0]: -1 if row[1] is None else row[1] for row in rows})
    return {one: audience for one, audience in found.items() if audience >= 0}


def active_after(connection: Connection, after: int, limit: int) -> list[tuple[HeldRecord, int]]:
    """Return up to `limit` active records with numbers above `after`, in order, with their audiences.

    Those with rows of their own: packs are given whole, by `packs.all_after`.
    """
    rows = connection.execute(
        select(RECORDS)
        .where(RECORDS.c.number > after, RECORDS.c.state == State.ACTIVE.value)
        .order_by(RECORDS.c.number)
        .limit(limit)
    )
    return [(held_record(row), row.audience) for row in rows]


def come_of_age(
    connection: Connection, stated_by: date, entered_by: datetime, after: int, limit: int
) -> list[HeldRecord]:
    """Return up to `limit` held records with numbers above `after`, in order, whose retention may be ending.

    Those are the records that their owner keeps until `stated_by` at most, and those entered by `entered_by`.
    """
    rows = connection.execute(
        select(RECORDS)
        .where(
            RECORDS.c.number > after,
            RECORDS.c.state != State.PURGED.value,
            or_(RECORDS.c.retain_until <= stated_by, RECORDS.c.entered_at <= entered_by),
        )
        .order_by(RECORDS.c.number)
        .limit(limit)
    )
    found = [held_record(row) for row in rows]
    packed = packs.standing_rows(connection, packs.of_age(stated_by, entered_by), after, limit)
    if not packed:
        return found
    return sorted([*found, *map(held_record, packed)], key=lambda held: held.number)[:limit]


def at_rest_after(connection: Connection, after: int, limit: int) -> list[HeldRecord]:
    """Return up to `limit` held records that answer no check, withdrawn or suspended, by number."""
    resting = (State.WITHDRAWN.value, State.SUSPENDED.value)
    chosen = select(RECORDS).where(RECORDS.c.number > after, RECORDS.c.state.in_(resting))
    return [held_record(row) for row in connection.execute(chosen.order_by(RECORDS.c.number).limit(limit))]
