"""The records as the registry keeps them: compared, stored, versioned, numbered, all in one transaction.

Every function works inside the caller's transaction; those that write need one opened by `writing`.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from comity.records.handling import Handling
from comity.records.record import HeldRecord, Record, State, record_from_bytes
from comity.registry.schema import AUDIENCES, CHANGES, NODE, RECORDS, VERSIONS

FETCH_MAX = 500
"""How many rows one statement asks for; both databases bound the number of parameters."""


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
    """What became of a submission: `entered`, `amended`, `unchanged` or `withdrawn`, as which version."""

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


def public_id(secret: bytes, submission: Submission) -> str:
    """Return the identifier that the doors show: 20 characters, the same each time the record comes.

    It is a keyed digest, so it tells nothing of how many records there are, and nobody can work out
    the identifier of a record that they were not shown.
    """
    name = "\x1f".join(  # noqa: FLY002 - four names do not fit one line
        (submission.owner, submission.list_name, submission.record.kind.code, submission.record.source_id)
    )
    digest = hmac.digest(secret, name.encode(), "sha256")
    return base64.b32encode(digest[:13]).decode()[:20]


@lru_cache(maxsize=4096)
def rule_text(owner: str, handling: Handling) -> str:
    """Return the canonical text of the rule on who sees a record."""
    frame = handling.to_json()
    return json.dumps(
        {"owner": owner, "purposes": frame["purposes"], "share": frame["share"]}, sort_keys=True
    )


def accept(
    connection: Connection, submissions: Sequence[Submission], secret: bytes, account: str, at: datetime
) -> list[Receipt]:
    """Store the submissions and number their changes; return a receipt for each, in order.

    A record that comes again unchanged changes nothing. One submission among these for the same record
    as an earlier one counts as a newer version of it.
    """
    ids = [public_id(secret, submission) for submission in submissions]
    if len(set(ids)) < len(ids):
        halves = [accept(connection, [submission], secret, account, at) for submission in submissions]
        return [receipt for half in halves for receipt in half]
    held = _rows_by_id(connection, ids)
    audiences = _audience_ids(connection, submissions)
    writer = _Writer(connection, account, at)
    receipts = [
        writer.put(one, submission, audience, held.get(one))
        for one, submission, audience in zip(ids, submissions, audiences, strict=True)
    ]
    writer.flush()
    return receipts


class _Writer:
    """Collects the rows of one `accept` or `withdraw` and writes them in few statements."""

    def __init__(self, connection: Connection, account: str, at: datetime) -> None:
        row = connection.execute(select(NODE.c.last_record, NODE.c.last_change)).one()
        self._connection, self._account, self._at = connection, account, at
        self._last_record, self._last_change = int(row.last_record), int(row.last_change)
        self._new: list[dict[str, object]] = []
        self._changed: list[dict[str, object]] = []
        self._versions: list[dict[str, object]] = []
        self._changes: list[dict[str, object]] = []

    def put(
        self, one: str, submission: Submission, audience: int, held: Row[tuple[object, ...]] | None
    ) -> Receipt:
        """Enter a new record or a newer version of a held one."""
        digest, handling = submission.digest, submission.record.handling
        row = {
            "origin": submission.origin,
            "state": State.ACTIVE.value,
            "audience": audience,
            "changed_at": self._at,
            "retain_until": handling.retain_until,
            "review_on": handling.review_on,
            "digest": digest,
            "body": submission.body,
        }
        if held is None:
            self._last_record += 1
            identity = {"number": self._last_record, "public_id": one, "owner": submission.owner}
            listed = {"list_name": submission.list_name, "kind": submission.record.kind.code}
            self._new.append({**identity, **listed, "version": 1, "entered_at": self._at, **row})
            self._change(self._last_record, "entered", None, audience)
            return Receipt(one, "entered", 1)
        if held.digest == digest and held.state == State.ACTIVE and held.audience == audience:
            return Receipt(one, "unchanged", held.version)
        before = held.audience if held.state == State.ACTIVE else None
        self._keep(held)
        self._changed.append({"key": held.number, "version": held.version + 1, **row})
        self._change(held.number, "amended", before, audience)
        return Receipt(one, "amended", held.version + 1)

    def withdraw(self, held: Row[tuple[object, ...]]) -> Receipt:
        """Withdraw a held record; withdrawing it twice changes nothing."""
        if held.state != State.ACTIVE:
            return Receipt(held.public_id, "unchanged", held.version)
        self._keep(held)
        self._changed.append(
            {
                "key": held.number,
                "version": held.version + 1,
                "origin": held.origin,
                "state": State.WITHDRAWN.value,
                "audience": held.audience,
                "changed_at": self._at,
                "retain_until": held.retain_until,
                "review_on": held.review_on,
                "digest": held.digest,
                "body": held.body,
            }
        )
        self._change(held.number, "withdrawn", held.audience, None)
        return Receipt(held.public_id, "withdrawn", held.version + 1)

    def _keep(self, held: Row[tuple[object, ...]]) -> None:
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
        if self._new:
            self._connection.execute(insert(RECORDS), self._new)
        if self._versions:
            self._connection.execute(insert(VERSIONS), self._versions)
        if self._changed:
            columns = [name for name in self._changed[0] if name != "key"]
            statement = update(RECORDS).where(RECORDS.c.number == bindparam("key"))
            self._connection.execute(
                statement.values({name: bindparam(name) for name in columns}), self._changed
            )
        self._connection.execute(insert(CHANGES), self._changes)
        self._connection.execute(
            update(NODE).values(last_record=self._last_record, last_change=self._last_change)
        )


def withdraw(connection: Connection, ids: Sequence[str], account: str, at: datetime) -> list[Receipt]:
    """Withdraw records by public id; return a receipt for each one that is held, in order."""
    held = _rows_by_id(connection, ids)
    writer = _Writer(connection, account, at)
    receipts = [writer.withdraw(held[one]) for one in dict.fromkeys(ids) if one in held]
    writer.flush()
    return receipts


def _rows_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Row[tuple[object, ...]]]:
    rows: dict[str, Row[tuple[object, ...]]] = {}
    for start in range(0, len(ids), FETCH_MAX):
        chunk = ids[start : start + FETCH_MAX]
        for row in connection.execute(select(RECORDS).where(RECORDS.c.public_id.in_(chunk))):
            rows[row.public_id] = row
    return rows


def _audience_ids(connection: Connection, submissions: Sequence[Submission]) -> list[int]:
    rules = [rule_text(submission.owner, submission.record.handling) for submission in submissions]
    distinct = list(dict.fromkeys(rules))
    known: dict[str, int] = {}
    for start in range(0, len(distinct), FETCH_MAX):
        chunk = distinct[start : start + FETCH_MAX]
        for row in connection.execute(select(AUDIENCES).where(AUDIENCES.c.rule.in_(chunk))):
            known[row.rule] = row.id
    new = [rule for rule in distinct if rule not in known]
    if new:
        first = connection.execute(select(func.coalesce(func.max(AUDIENCES.c.id), -1))).scalar_one() + 1
        connection.execute(
            insert(AUDIENCES), [{"id": first + place, "rule": rule} for place, rule in enumerate(new)]
        )
        known.update({rule: first + place for place, rule in enumerate(new)})
    return [known[rule] for rule in rules]


def audience_rules(connection: Connection, after: int) -> dict[int, str]:
    """Return the audience rules with identifiers above `after`."""
    rows = connection.execute(select(AUDIENCES).where(AUDIENCES.c.id > after).order_by(AUDIENCES.c.id))
    return {row.id: row.rule for row in rows}


def position(connection: Connection) -> int:
    """Return the number of the last change."""
    return int(connection.execute(select(NODE.c.last_change)).scalar_one())


def changes(connection: Connection, after: int, limit: int) -> list[Change]:
    """Return up to `limit` changes after the given number, in order."""
    rows = connection.execute(
        select(CHANGES.c.number, CHANGES.c.record, CHANGES.c.before, CHANGES.c.after)
        .where(CHANGES.c.number > after)
        .order_by(CHANGES.c.number)
        .limit(limit)
    )
    return [Change(row.number, row.record, row.before, row.after) for row in rows]


def fetch(connection: Connection, numbers: Iterable[int]) -> dict[int, HeldRecord]:
    """Return the held records with these numbers, withdrawn ones included."""
    wanted = list(numbers)
    found: dict[int, HeldRecord] = {}
    for start in range(0, len(wanted), FETCH_MAX):
        chunk = wanted[start : start + FETCH_MAX]
        for row in connection.execute(select(RECORDS).where(RECORDS.c.number.in_(chunk))):
            found[row.number] = held_record(row)
    return found


def fetch_by_id(connection: Connection, one: str) -> HeldRecord | None:
    """Return the held record with this public id, or None."""
    row = connection.execute(select(RECORDS).where(RECORDS.c.public_id == one)).first()
    return None if row is None else held_record(row)


def held_ids(connection: Connection, owner: str, list_name: str, origin: str) -> set[str]:
    """Return the public ids of the active records that came from one origin."""
    rows = connection.execute(
        select(RECORDS.c.public_id).where(
            RECORDS.c.owner == owner,
            RECORDS.c.list_name == list_name,
            RECORDS.c.origin == origin,
            RECORDS.c.state == State.ACTIVE.value,
        )
    )
    return set(rows.scalars())


def held_record(row: Row[tuple[object, ...]]) -> HeldRecord:
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
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def active_after(connection: Connection, after: int, limit: int) -> list[tuple[HeldRecord, int]]:
    """Return up to `limit` active records with numbers above `after`, in order, with their audiences."""
    rows = connection.execute(
        select(RECORDS)
        .where(RECORDS.c.number > after, RECORDS.c.state == State.ACTIVE.value)
        .order_by(RECORDS.c.number)
        .limit(limit)
    )
    return [(held_record(row), row.audience) for row in rows]


def disagreements(connection: Connection) -> list[str]:
    """Return where records and changes do not hold together: counts, numbers, digests."""
    node = connection.execute(select(NODE.c.last_record, NODE.c.last_change)).one()
    records = connection.execute(select(func.count(), func.max(RECORDS.c.number))).one()
    numbered = connection.execute(select(func.count(), func.max(CHANGES.c.number))).one()
    found: list[str] = []
    if (records[0], records[1] or 0) != (node.last_record, node.last_record):
        found.append("records-missing")
    if (numbered[0], numbered[1] or 0) != (node.last_change, node.last_change):
        found.append("changes-missing")
    for number, body, digest in connection.execute(
        select(RECORDS.c.number, RECORDS.c.body, RECORDS.c.digest).execution_options(yield_per=FETCH_MAX)
    ):
        if hashlib.sha256(body).digest() != digest:
            found.append(f"record-damaged {number}")
    return found
