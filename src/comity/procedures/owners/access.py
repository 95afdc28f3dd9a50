"""Asking an owner to see a record whole that one sees as a summary or pointer, and deciding it.

record seen in part -> asked with a reason, a clock runs -> the owner opens it to that bureau, or refuses
"""

from dataclasses import replace
from typing import Final

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, RefusedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.owners.asking import (
    ACCESSING,
    Asked,
    ListOrder,
    RequestList,
    ShownRequest,
    as_ended,
    hand_in,
    list_requests,
    object_in,
    party_to,
    read_request,
    reason_in,
    take_back,
    tell,
    visible_record,
)
from comity.procedures.owners.deciding import Amendment, amend_record, decide
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View, closed_to, opened_to, parse_share
from comity.records.record import HeldRecord, State
from comity.registry import holdings, owner_requests
from comity.registry.owner_requests import ACCEPTED, ENDED, OwnerRequest

NAMES: Final = frozenset({"record", "reason"})


def ask_access(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> ShownRequest:
    """Ask the owner to open a record to the officer's bureau.

    `data` has the `record` and the `reason`. Raises, after logging, `MalformedError`; `UnknownError` alike for a
    record that is not held and for one that may not be seen; `RefusedError`: `own-record`, `seen-whole`;
    `ConflictError` `exists` where the bureau waits for an answer already.
    """
    asked: dict[str, Json] = {"record": data.get("record") if isinstance(data, dict) else None}
    grant = leave(officer, Act.ACCESS_REQUEST, desk, asked, purpose)
    with noting(officer, Act.ACCESS_REQUEST, desk, asked):
        given = object_in(data, NAMES, "request")
        seen = visible_record(given.get("record"), grant, desk)
        if seen.view is View.FULL:
            raise RefusedError(act=Act.ACCESS_REQUEST.value, rule="seen-whole")
        return hand_in(ACCESSING, Asked(seen, reason_in(given)), officer, purpose, desk)


def decide_access(one: str, data: Json, officer: Officer, desk: Desk) -> ShownRequest:
    """Open the record to the bureau that asked, as an amendment of its handling; raises as `decide`."""
    return decide(ACCESSING, one, data, _opened, officer, desk)


def _opened(request: OwnerRequest, held: HeldRecord) -> Amendment:
    before = held.record.handling
    after = opened_to(before, request.bureau)
    if after.share == before.share:
        return Amendment(held.record.data, after)
    # It was withheld from that bureau meanwhile: so it is again where access is taken back.
    shares = {"before": before.share.to_json(), "after": after.share.to_json()}
    return Amendment(held.record.data, after, msgspec.json.encode(shares))


def _closed(request: OwnerRequest, held: HeldRecord) -> Amendment:
    """Return the record as it was shared before access was given, unless its owner has said otherwise since."""
    handling = closed_to(held.record.handling, request.bureau)
    shares: dict[str, Json] = msgspec.json.decode(request.said)
    if shares.get("after") == handling.share.to_json():
        handling = replace(handling, share=parse_share(shares["before"]))
    return Amendment(held.record.data, handling)


def end_access(one: str, data: Json, officer: Officer, desk: Desk) -> ShownRequest:
    """Take back access that the officer's bureau has given, for a `reason` that the other bureau reads.

    The record is shown to that bureau as it is to every other from then on. Raises, after logging, `MalformedError`,
    `UnknownError` for a request that is not to the officer's bureau, and `ConflictError` `nothing-given` where no
    access was given, or it was taken back already; `record-withdrawn`.
    """
    asked: dict[str, Json] = {ACCESSING.what: one}
    leave(officer, Act.ACCESS_DECIDE, desk, asked)
    with noting(officer, Act.ACCESS_DECIDE, desk, asked):
        reason, at = reason_in(object_in(data, frozenset({"reason"}), "request")), desk.clock()
        with desk.registry.write() as connection:
            request = party_to(ACCESSING, one, officer, connection)
            if request.owner != officer.bureau.code:
                raise UnknownError(what=ACCESSING.what, name=one[:40])
            if request.state != ACCEPTED:
                raise ConflictError(what=ACCESSING.what, rule="nothing-given")
            held = holdings.fetch_by_id(connection, request.public_id)
            if held is not None and request.bureau in held.record.handling.opened:
                if held.state is State.WITHDRAWN:  # new words would bring it back
                    raise ConflictError(what="record", rule="record-withdrawn")
                amend_record((request, held), _closed(request, held), officer, connection, desk)
            owner_requests.end(connection, request.id, ENDED, reason, at)
            tell(connection, request.bureau, ACCESSING, ENDED, request.id, at)
            terms: dict[str, Json] = {**asked, "record": request.public_id}
            entry = entry_of(officer, Act.ACCESS_DECIDE, at, ENDED, query=asked_terms(terms))
            desk.registry.append(connection, entry)
    return as_ended(ACCESSING, one, officer, desk)


def list_access(order: ListOrder, officer: Officer, desk: Desk) -> RequestList:
    """Return a page of the bureau's requests for access; raises as `list_requests`."""
    return list_requests(ACCESSING, order, officer, desk)


def read_access(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Return a request to or from the officer's bureau; raises as `read_request`."""
    return read_request(ACCESSING, one, officer, desk)


def withdraw_access(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Withdraw a request of the officer's own bureau; raises as `take_back`."""
    return take_back(ACCESSING, one, officer, desk)
