"""The controller's decision on a record of a case, with its reasons, and carrying it out.

    compliant | not-concerned -> block lifted
    correct -> the owner told, the record blocked until it is amended -> settled, block lifted
    erase -> purged from every place, kept from coming back, with a receipt

A decision is made once. It is the controller's alone; the owner is told what was decided.
"""

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.purging import PurgeOrder, purge, sweep
from comity.procedures.redress import TEXT_CHARS_MAX, naming, open_case_held, record_in_case
from comity.procedures.redress_owner import acting_on, lift, tell_owner
from comity.procedures.redress_things import remove, thing_with
from comity.records.fieldtype import Json
from comity.records.types.text import parse_paragraphs
from comity.registry import holdings, notices, redress, retention
from comity.registry.redress import CaseRecord, Done
from comity.registry.suppressing import Barred

NEVER_CORRECTED = 0
"""The version of what its owner cannot amend: a message that was sent, a standing check, a distinction."""

DECISIONS = ("compliant", "correct", "erase", "not-concerned")


def decide(ref: str, record: str, decision: str, reasons: str, officer: Officer, desk: Desk) -> None:
    """Decide on a record of a case, and carry the decision out as far as the controller can.

    Raises, after logging, `RefusedError`, `UnknownError`, `MalformedError` for the decision or its reasons,
    and `ConflictError` `decided` or `closed`.
    """
    asked: dict[str, Json] = {"case": ref, "record": record, "decision": decision}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        if decision not in DECISIONS:
            raise MalformedError("not-a-choice", "decision")
        text = parse_paragraphs(reasons, "reasons", TEXT_CHARS_MAX)
        if decision == "erase":
            _erase(ref, record, text, officer, desk)
            return
        with acting_on(asked, "decided", officer, desk) as (connection, one):
            _check_undecided(one)
            redress.seal(connection, ref, f"reasons.{record}", desk.box.seal(text))
            version = _version(connection, one, desk)
            if decision == "correct" and version == NEVER_CORRECTED:
                raise MalformedError("never-corrected", "decision")
            is_done = decision != "correct" or version is None
            values = {"decision": decision, "is_done": int(is_done), "version_decided": version}
            redress.change(connection, ref, record, values)
            if is_done:
                lift(connection, one, officer.account, desk)
            tell_owner(connection, one, f"decided-{decision}", desk)
        desk.follower.catch_up()


def settle(ref: str, record: str, officer: Officer, desk: Desk) -> None:
    """Note that a record that was to be corrected is corrected, and lift its block.

    Raises, after logging, `RefusedError`, `UnknownError`, and `ConflictError` `not-corrected` where its owner
    has not amended or withdrawn it since the decision.
    """
    asked: dict[str, Json] = {"case": ref, "record": record}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        with acting_on(asked, "settled", officer, desk) as (connection, one):
            if one.decision != "correct" or one.is_done:
                raise ConflictError(what="record", rule="decided")
            version = _version(connection, one, desk)
            if version is not None and version == one.version_decided:
                raise ConflictError(what="record", rule="not-corrected")
            redress.change(connection, ref, record, {"is_done": 1})
            lift(connection, one, officer.account, desk)
        desk.follower.catch_up()


def _version(connection: Connection, one: CaseRecord, desk: Desk) -> int | None:
    """Return which version of a thing is held: None for none, `NEVER_CORRECTED` where there is but one."""
    if one.is_record:
        held = holdings.fetch(connection, [one.number]).get(one.number)
        return None if held is None else held.version
    thing = thing_with(connection, one.record, desk)
    if thing is None:
        return None
    return NEVER_CORRECTED if thing.version is None else thing.version


def _check_undecided(one: CaseRecord) -> None:
    if one.decision is not None:
        raise ConflictError(what="record", rule="decided")


def _erase(ref: str, record: str, reasons: str, officer: Officer, desk: Desk) -> None:
    """Erase a record for good. Its line in the log is the purge's own."""
    order = PurgeOrder(officer, Act.REDRESS_HANDLE, "erased", ref)
    at = desk.clock()
    with desk.registry.write() as connection:
        open_case_held(connection, ref)
        one = record_in_case(connection, ref, record)
        _check_undecided(one)
        digest, seq = (_purge if one.is_record else _remove)(connection, one, order, desk)
        redress.seal(connection, ref, f"reasons.{record}", desk.box.seal(reasons))
        done = {"decision": "erase", "is_done": 1, "is_blocked": 0, "digest": digest, "seq": seq}
        redress.change(connection, ref, record, done)
        redress.note_step(connection, ref, Done(at, officer.account, "purged", record))
        tell_owner(connection, one, "erased", desk)
    desk.follower.catch_up()
    if one.is_record or one.kind == redress.FORMER:
        sweep(desk)
    else:
        desk.registry.scrub()


def _purge(connection: Connection, one: CaseRecord, order: PurgeOrder, desk: Desk) -> tuple[bytes, int]:
    """Purge a record, and keep it from coming back; return its digest and its line in the log."""
    assert order.order is not None, "a case orders it"
    held = holdings.fetch(connection, [one.number]).get(one.number)
    if held is None:
        raise ConflictError(what="record", rule="purged")
    barred = Barred(held.owner, held.public_id, held.record)
    desk.registry.suppress(connection, barred, order.order, desk.clock())
    (stone,) = purge([held], order, connection, desk)
    for case in retention.blockers(connection, one.number):
        retention.unblock(connection, one.number, case)
        redress.change(connection, case, one.record, {"is_blocked": 0})
    return stone.digest, stone.seq


def _remove(connection: Connection, one: CaseRecord, order: PurgeOrder, desk: Desk) -> tuple[bytes, int]:
    """Erase what is no record; return the digest of what it said and its line in the log."""
    assert order.order is not None, "a case orders it"
    thing = thing_with(connection, one.record, desk)
    if thing is None:
        raise ConflictError(what="record", rule="purged")
    if thing.kind in {"notice", "diffusion"}:
        request = notices.fetch(connection, one.record)
        assert request is not None, "it is held, in this transaction"
        record = request.latest.to_record(request.reference)
        barred = Barred(one.owner, one.record, record)
        desk.registry.suppress(connection, barred, order.order, desk.clock())
    digest = desk.registry.receipt(thing.body)
    remove(connection, thing, desk)
    query = {"record": one.record, "why": order.why, "digest": digest.hex(), "order": order.order}
    entry = entry_of(order.officer, order.act, desk.clock(), "purged", kind=one.kind, query={**query})
    (seq,) = desk.registry.append_all(connection, [naming(entry, [one])])
    return digest, seq
