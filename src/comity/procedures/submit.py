"""Entering, amending and withdrawing records.

parsed -> authorised -> accepted (stored, logged and numbered in one transaction) -> receipt
"""

import secrets
from dataclasses import dataclass

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import ConflictError, RefusedError, UnknownError
from comity.procedures.desk import Desk, Visible
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, Share, View
from comity.records.record import parse_record
from comity.registry import holdings
from comity.registry.holdings import Receipt, Submission
from comity.registry.registry import Handed

OWN_LIST = "own"
"""The list of records that a bureau hands in by itself, through whichever door."""

NOTICED_LISTS = frozenset({"notices", "diffusions"})
"""The lists of records that notices and diffusions bring into force and take out of it again."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission, and the weak evidence against what it says."""

    receipt: Receipt
    doubts: tuple[tuple[str, str], ...]


def submit(data: Json, officer: Officer, desk: Desk) -> Submitted:
    """Enter a record for the officer's own bureau, or amend the one with the same `source_id`.

    Raises `MalformedError` and `RefusedError`, both after logging; the latter, too, for what was erased by
    decision, and for the very words that were purged when their time was over. A record that says nothing of sharing
    is the owner's alone.
    """
    # What it says of somebody stays out of the log, which cannot forget it when the record is purged.
    asked: Json = {"kind": data.get("kind")} if isinstance(data, dict) else data
    leave(officer, Act.RECORD_SUBMIT, desk, asked)
    with noting(officer, Act.RECORD_SUBMIT, desk, asked):
        record = parse_record(data, Share(), default_id=secrets.token_hex(12))
        submission = Submission(officer.bureau.code, OWN_LIST, "own", record)
        receipt = _accept(submission, officer, desk)
    return Submitted(receipt, record.doubts())


def _accept(submission: Submission, officer: Officer, desk: Desk) -> Receipt:
    with desk.registry.entering() as connection:
        receipt = desk.registry.accept(connection, Handed([submission], officer.account, desk.clock()))[0]
        refuse_gone(receipt, Act.RECORD_SUBMIT)
        desk.registry.append(
            connection,
            entry_of(
                officer,
                Act.RECORD_SUBMIT,
                desk.clock(),
                receipt.what,
                kind=submission.record.kind.code,
                query={"record": receipt.public_id, "version": receipt.version},
            ),
        )
    return receipt


def refuse_gone(receipt: Receipt, act: Act) -> None:
    """Raise `RefusedError` for what is not taken again: erased by decision, or purged in these very words."""
    if receipt.what == "barred":
        raise RefusedError(act=act.value, rule="erased-by-decision")
    if receipt.what == "retired":
        raise RefusedError(act=act.value, rule="purged-unchanged")


def withdraw(public_id: str, version: int | None, officer: Officer, desk: Desk) -> Receipt:
    """Withdraw one of the officer's own bureau's records; from the next check on it is not found.

    `version`, where given, must be the one held: raises `ConflictError` `stale-version` otherwise,
    `held-by-notice` where the record goes with a notice or diffusion that has to be withdrawn, and
    `UnknownError` for every record that is not the bureau's own, held or not.
    """
    asked: dict[str, Json] = {"record": public_id, "version": version}
    leave(officer, Act.RECORD_WITHDRAW, desk, asked)
    # What is refused is undone, and logged apart: an idempotency key is taken by what is done alone.
    with noting(officer, Act.RECORD_WITHDRAW, desk, asked), desk.registry.entering() as connection:
        held = holdings.fetch_by_id(connection, public_id)
        if held is None or held.owner != officer.bureau.code:
            raise UnknownError(what="record", name=public_id[:40])
        if version is not None and version != held.version:
            raise ConflictError(what="record", rule="stale-version")
        if held.list_name in NOTICED_LISTS:
            raise ConflictError(what="record", rule="held-by-notice")
        receipts = holdings.withdraw(connection, [public_id], officer.account, desk.clock())
        entry = entry_of(officer, Act.RECORD_WITHDRAW, desk.clock(), "done", query=asked_terms(asked))
        desk.registry.append(connection, entry)
    return receipts[0]


def read_record(public_id: str, officer: Officer, purpose: Purpose | None, desk: Desk) -> Visible:
    """Return a record as the officer's bureau may see it, its own withdrawn ones included.

    Raises `UnknownError` alike for a record that is not held and for one that may not be seen.
    """
    asked: dict[str, Json] = {"record": public_id}
    grant = leave(officer, Act.RECORD_READ, desk, asked, purpose)
    held = desk.registry.record_with(public_id)
    seen = None if held is None else desk.seen(grant, held)
    if seen is None and held is not None and held.owner == officer.bureau.code:
        seen = Visible(held, View.FULL)
    shown = seen is not None
    entry = entry_of(
        officer,
        Act.RECORD_READ,
        desk.clock(),
        "done" if shown else "unknown",
        purpose=purpose,
        query=asked_terms(asked),
    )
    desk.registry.log(_naming(entry, seen))
    if seen is None:
        raise UnknownError(what="record", name=public_id[:40])
    return seen


def _naming(entry: Entry, seen: Visible | None) -> Entry:
    """Return the entry with the record that was shown, so that its owner learns who read it."""
    if seen is None:
        return entry
    return msgspec.structs.replace(entry, records=(seen.held.public_id,), owners=(seen.held.owner,))
