"""Importing an outside list for its owner.

    rows -> parsed -> chunks (stored, logged, position noted: one transaction each) -> the missing withdrawn

The same file again changes nothing; a newer one of the same origin amends, and withdraws what it no longer
has. An interrupted import goes on after the last chunk that was stored. A row that is refused keeps the
record that it names as it was: a slip in a newer file is no word of the owner's to withdraw. A file that
lacks more than a fifth of the list, and more than twenty records, may be cut short: nothing is withdrawn
until the order says that it may be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Chunk, Entry
from comity.audit.merkle import leaf_hash, root_of
from comity.errors import MalformedError, RefusedError, ShrunkenListError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.records.fieldtype import Json
from comity.records.handling import Handling, Share
from comity.records.kinds import kind_named
from comity.records.pieces import Row
from comity.records.record import Record, parse_record
from comity.registry import accounts, holdings, imports
from comity.registry.holdings import Receipt, Submission
from comity.registry.imports import ImportRun
from comity.registry.registry import Handed

CHUNK_ROWS = 1000
MISSING_MAX = 20
MISSING_SHARE_MAX = 0.2
"""A newer file that lacks more records than this, and more of the list than this, needs a word."""

NOT_AGAIN: Mapping[str, str] = {"barred": "erased-by-decision", "retired": "purged-unchanged"}
"""Why a record that was purged is not taken again, by what its receipt says."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not taken, and why. `source_id` is empty where the row names no record."""

    line: int
    code: str
    field: str
    row: Json
    source_id: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return the form that the rejects' file has."""
        return {
            "line": self.line,
            "source_id": self.source_id,
            "code": self.code,
            "field": self.field,
            "row": self.row,
        }


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the rows of a list."""

    read: int = 0
    entered: int = 0
    amended: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    rejected: int = 0
    resumed_after: int = 0

    def plus(self, receipts: Iterable[Receipt], rejected: int) -> "Tally":
        """Return the tally with these receipts and rejects added."""
        counts = {"entered": self.entered, "amended": self.amended, "unchanged": self.unchanged}
        counts["withdrawn"] = self.withdrawn
        for receipt in receipts:
            if receipt.what in counts:
                counts[receipt.what] += 1
        return replace(self, **counts, rejected=self.rejected + rejected)


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What is to be imported: the run, the sharing where records do not speak of it, whether only to try.

    `accepts_withdrawals` lets a file that lacks much of the list withdraw it all the same; `is_bulk` wants a first
    load in bulk, however small.
    """

    run: ImportRun
    share: Share
    is_dry: bool = False
    accepts_withdrawals: bool = False
    is_bulk: bool = False


@dataclass(slots=True)
class Work:
    """An import under way."""

    order: ImportOrder
    officer: Officer
    desk: Desk
    done: int
    tally: Tally
    seen: set[str] = field(default_factory=set[str])


def import_list(
    rows: Iterator[Row],
    order: ImportOrder,
    officer: Officer,
    desk: Desk,
    reject: Callable[[Reject], None],
    progress: Callable[[int], None],
) -> Tally:
    """Import the rows of a list; `reject` is given each row that is not taken, `progress` the rows done.

    Raises `MalformedError` `unknown-bureau` for an owner that the node does not know, and `RefusedError`
    where the officer may not enter records for this owner. Raises `ShrunkenListError` before anything is
    withdrawn where the file lacks too much of the list; what it has is stored, and running it again with
    `accepts_withdrawals` goes on there.
    """
    authorise_owner(order, officer, desk)
    done = 0
    if not order.is_dry:
        with desk.registry.entering() as connection:
            done = imports.rows_done(connection, order.run, desk.clock())
    work = Work(order, officer, desk, done, Tally(resumed_after=done))
    while chunk := list(islice(rows, CHUNK_ROWS)):
        rejects = _take(chunk, work)
        for one in rejects:
            reject(one)
        progress(work.tally.read)
    if order.is_dry:
        desk.registry.log(entry_for(work, "tried", None, rejected=work.tally.rejected))
    else:
        _withdraw_missing(work)
    return work.tally


def authorise_owner(order: ImportOrder, officer: Officer, desk: Desk) -> None:
    """Let an officer enter records for the owner that an order names; raises as `import_list`."""
    owner = order.run.owner
    asked: dict[str, Json] = {"import": order.run.source, "owner": owner}
    act = Act.RECORD_SUBMIT if owner == officer.bureau.code else Act.RECORD_SUBMIT_FOR
    leave(officer, act, desk, asked)
    if owner not in desk.registry.bureaus():
        raise MalformedError("unknown-bureau", "owner")
    with desk.registry.read() as connection:
        allowed = owner == officer.bureau.code or accounts.may_enter_for(
            connection, owner, officer.bureau.code
        )
    if not allowed:
        raise RefusedError(act=act.value, rule="no-leave-of-owner")


def _take(chunk: list[Row], work: Work) -> list[Reject]:
    """Parse a chunk and store what of it is not stored yet."""
    submissions: list[Submission] = []
    stated: list[Row] = []
    rejects: list[Reject] = []
    first = work.tally.read
    for place, row in enumerate(chunk, first + 1):
        parsed = parsed_row(row, work.order)
        if isinstance(parsed, Reject):
            rejects.append(parsed)
            _keep_named(row, work)
        elif place > work.done:
            submissions.append(parsed)
            stated.append(row)
        else:
            work.seen.add(work.desk.registry.public_id(parsed))
    work.tally = replace(work.tally, read=first + len(chunk))
    receipts = [] if work.order.is_dry else _store(submissions, work)
    rejects += [
        Reject(row.line, NOT_AGAIN[receipt.what], "record", row.raw, one.record.source_id)
        for row, one, receipt in zip(stated, submissions, receipts, strict=False)
        if receipt.what in NOT_AGAIN
    ]
    work.seen.update(receipt.public_id for receipt in receipts)
    work.tally = work.tally.plus(receipts, len(rejects))
    return rejects


def parsed_row(row: Row, order: ImportOrder) -> Submission | Reject:
    """Return the record that a row states, as it is handed in, or why it is not taken."""
    if row.data is None:
        error = row.error or MalformedError("row-empty", "record")
        return Reject(row.line, error.code, error.field, row.raw)
    try:
        record = parse_record(row.data, order.share)
    except MalformedError as error:
        return Reject(row.line, error.code, error.field, row.raw, str(row.data.get("source_id") or ""))
    return Submission(order.run.owner, order.run.list_name, order.run.origin, record)


def _keep_named(row: Row, work: Work) -> None:
    """Note the record that a refused row names, so that it is not withdrawn as missing."""
    identity = row.data.get("source_id") if row.data is not None else None
    if row.data is None or not isinstance(identity, str | int):
        return
    run = work.order.run
    try:
        kind = kind_named(row.data.get("kind"))
    except MalformedError:
        return
    named = Record(kind, str(identity).strip(), None, {}, Handling())
    work.seen.add(work.desk.registry.public_id(Submission(run.owner, run.list_name, run.origin, named)))


def _store(submissions: list[Submission], work: Work) -> list[Receipt]:
    if not submissions:
        return []
    desk, at = work.desk, work.desk.clock()
    with desk.registry.entering() as connection:
        receipts = desk.registry.accept(connection, Handed(submissions, work.officer.account, at))
        imports.note_rows(connection, work.order.run, work.tally.read)
        leaves = [leaf_hash(submission.digest) for submission in submissions]
        desk.registry.append(connection, entry_for(work, "chunk", Chunk(len(submissions), root_of(leaves))))
    return receipts


def _withdraw_missing(work: Work) -> None:
    """Withdraw, chunk by chunk, what the list no longer has; note with the last chunk that the run is done."""
    run, desk = work.order.run, work.desk
    with desk.registry.read() as connection:
        missing = sorted(holdings.held_ids(connection, run.owner, run.list_name, run.origin) - work.seen)
        held = imports.held_before(connection, run)
    if _is_shrunken(len(missing), held) and not work.order.accepts_withdrawals:
        desk.registry.log(entry_for(work, "stopped", None, missing=len(missing), held=held))
        raise ShrunkenListError(len(missing), held)
    for start in range(0, max(len(missing), 1), CHUNK_ROWS):
        is_last = start + CHUNK_ROWS >= len(missing)
        with desk.registry.entering() as connection:
            chunk, at = missing[start : start + CHUNK_ROWS], desk.clock()
            receipts = holdings.withdraw(connection, chunk, work.officer.account, at)
            if is_last:
                imports.finish(connection, run, at)
            desk.registry.append(
                connection, entry_for(work, "done" if is_last else "chunk", None, withdrawn=len(receipts))
            )
        work.tally = work.tally.plus(receipts, 0)


def _is_shrunken(missing: int, held: int) -> bool:
    return missing > MISSING_MAX and missing > MISSING_SHARE_MAX * held


def entry_for(work: Work, outcome: str, chunk: Chunk | None, **counts: int) -> Entry:
    """Return the audit entry of a step of an import."""
    run = work.order.run
    act = Act.RECORD_SUBMIT if run.owner == work.officer.bureau.code else Act.RECORD_SUBMIT_FOR
    query: dict[str, object] = {"source": run.source, "origin": run.origin, "rows": work.tally.read, **counts}
    entry = entry_of(work.officer, act, work.desk.clock(), outcome, query=query, on_behalf_of=run.owner)
    return msgspec.structs.replace(entry, chunk=chunk)
