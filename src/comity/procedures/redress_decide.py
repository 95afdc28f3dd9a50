"""The controller's decision on a record of a case, with its reasons, and carrying it out.

    compliant | not-concerned -> block lifted
    correct -> the owner told, the record blocked until it is amended -> settled, block lifted
    erase -> purged from every place, kept from coming back, with a receipt

A decision is made once. It is the controller's alone; the owner is told what was decided.
"""

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError
from comity.procedures.desk import Desk
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.purging import PurgeOrder, purge, sweep
from comity.procedures.redress import TEXT_CHARS_MAX, open_case_held, record_in_case
from comity.procedures.redress_owner import acting_on, lift
from comity.records.fieldtype import Json, clean_text
from comity.registry import events, holdings, redress, retention
from comity.registry.events import Event
from comity.registry.redress import CaseRecord, Done

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
        text = clean_text(reasons, "reasons", TEXT_CHARS_MAX)
        if decision == "erase":
            _erase(ref, record, text, officer, desk)
            return
        with acting_on(asked, "decided", officer, desk) as (connection, one):
            _check_undecided(one)
            redress.seal(connection, ref, f"reasons.{record}", desk.box.seal(text))
            held = holdings.fetch(connection, [one.number]).get(one.number)
            is_done = decision != "correct" or held is None
            values = {"decision": decision, "is_done": int(is_done)}
            redress.change(
                connection, ref, record, {**values, "version_decided": held.version if held else None}
            )
            if is_done:
                lift(connection, one, officer.account, desk)
            told = Event(one.owner, "record", f"decided-{decision}", record, desk.clock())
            events.tell(connection, [told])
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
            held = holdings.fetch(connection, [one.number]).get(one.number)
            if held is not None and held.version == one.version_decided:
                raise ConflictError(what="record", rule="not-corrected")
            redress.change(connection, ref, record, {"is_done": 1})
            lift(connection, one, officer.account, desk)
        desk.follower.catch_up()


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
        held = holdings.fetch(connection, [one.number]).get(one.number)
        if held is None:
            raise ConflictError(what="record", rule="purged")
        desk.registry.suppress(connection, held, ref, at)
        (stone,) = purge([held], order, connection, desk)
        for case in retention.blockers(connection, one.number):
            retention.unblock(connection, one.number, case)
            redress.change(connection, case, record, {"is_blocked": 0})
        redress.seal(connection, ref, f"reasons.{record}", desk.box.seal(reasons))
        done = {"decision": "erase", "is_done": 1, "digest": stone.digest, "seq": stone.seq}
        redress.change(connection, ref, record, done)
        redress.note_step(connection, ref, Done(at, officer.account, "purged", record))
        events.tell(connection, [Event(one.owner, "record", "erased", record, at)])
    desk.follower.catch_up()
    sweep(desk)
