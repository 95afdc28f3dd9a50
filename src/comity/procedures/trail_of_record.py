"""Who met one record, when and for what purpose: for its owner, and for a controller who has an order.

    asked -> authorised -> record found and the asker entitled -> logged -> lines, newest first

Everybody else gets the answer that a record which is not held gets.
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from comity.access.acts import Act
from comity.access.people import SECRETARIAT_REGION, Officer
from comity.audit.entries import Entry, for_owner
from comity.errors import MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX, act_json
from comity.records.fieldtype import Json, clean_text
from comity.records.record import HeldRecord
from comity.registry import audit_log

ORDER_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class TrailRequest:
    """Which record's trail is asked for, how much of it, and by what order where a controller asks.

    `before` is the time of the last line seen.
    """

    record: str
    limit: int = 50
    before: datetime | None = None
    order: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """One act that showed the record: `account` is named to its own bureau and to controllers alone."""

    entry: Entry
    account: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show. What was asked belongs to the bureau that asked."""
        shown = act_json(self.entry)
        return shown if self.account is None else {**shown, "account": self.account}


@dataclass(frozen=True, slots=True)
class RecordTrail:
    """The trail of one record, newest first. `is_full` tells that earlier lines may follow."""

    record: str
    owner: str
    lines: tuple[Meeting, ...]
    is_full: bool

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        lines: list[Json] = [line.to_json() for line in self.lines]
        return {"record": self.record, "owner": self.owner, "lines": lines}


def trail_of_record(asked: TrailRequest, officer: Officer, desk: Desk) -> RecordTrail:
    """Return who met a record: for its owner's registrars, and for controllers, who name their order.

    Raises `RefusedError`; `MalformedError` for a controller without an order and for a limit out of range;
    `UnknownError` alike for a record that is not held and for one of another bureau, unless a controller of the
    secretariat's asks. All are logged.
    """
    is_controller = Act.AUDIT_RECORD in officer.acts()
    act = Act.AUDIT_RECORD if is_controller else Act.AUDIT_HITS
    terms: dict[str, Json] = {"record": asked.record, "order": asked.order}
    leave(officer, act, desk, terms)
    with noting(officer, act, desk, terms):
        _check(asked, is_controller=is_controller)
        held = desk.registry.record_with(asked.record)
        if held is None or not may_order(officer, held):
            raise UnknownError(what="record", name=asked.record[:40])
    desk.registry.settle()
    with desk.registry.read() as connection:
        last = None if asked.before is None else audit_log.first_since(connection, asked.before)
        found = audit_log.entries_on(connection, held.public_id, asked.limit, last)
    done = entry_of(officer, act, desk.clock(), "done", query=asked_terms(terms))
    desk.registry.log(_told(done, held))
    lines = tuple(_line(logged.entry, held, officer, is_controller=is_controller) for logged in found)
    return RecordTrail(held.public_id, held.owner, lines, len(lines) == asked.limit)


def may_order(officer: Officer, held: HeldRecord) -> bool:
    """Return whether an officer may be told of who met a record, and who holds it.

    Of its own bureau's it may; of any the secretariat's controller, who is no country's: what an order of a bureau's
    own controller opens is not what other owners withhold from that bureau.
    """
    is_secretariat_s = officer.bureau.region == SECRETARIAT_REGION and Act.AUDIT_RECORD in officer.acts()
    return is_secretariat_s or held.owner == officer.bureau.code


def _check(asked: TrailRequest, *, is_controller: bool) -> None:
    if not 1 <= asked.limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")
    if is_controller and asked.order is None:
        raise MalformedError("field-missing", "order")
    if asked.order is not None:
        clean_text(asked.order, "order", ORDER_CHARS_MAX)


def _told(entry: Entry, held: HeldRecord) -> Entry:
    """Return the entry so that the owner, too, learns that a stranger to its bureau read the trail."""
    if entry.bureau == held.owner:
        return entry
    return msgspec.structs.replace(entry, records=(held.public_id,), owners=(held.owner,))


def _line(entry: Entry, held: HeldRecord, officer: Officer, *, is_controller: bool) -> Meeting:
    may_know = is_controller or entry.bureau == officer.bureau.code
    return Meeting(for_owner(entry, held.owner), entry.account if may_know else None)
