"""Asking an owner to see a record whole that one sees as a summary or pointer, and deciding it.

record seen in part -> asked with a reason, a clock runs -> the owner opens it to that bureau, or refuses
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk, Visible
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import new_id
from comity.procedures.noting import noting
from comity.procedures.owners.asking import (
    ACCESSING,
    Amendment,
    ListOrder,
    RequestList,
    ShownRequest,
    amend,
    as_decided,
    check_open,
    held_for,
    list_requests,
    parse_decision,
    party_to,
    read_request,
    reason_in,
    take_back,
    tell,
    visible_record,
)
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View, opened_to
from comity.registry import owner_requests
from comity.registry.owner_requests import ACCEPTED, ACCESS, OPEN, REFUSED, OwnerRequest

ANSWER_WITHIN: Final = timedelta(days=7)


def ask_access(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> ShownRequest:
    """Ask the owner to open a record to the officer's bureau.

    `data` has the `record` and the `reason`. Raises, after logging, `MalformedError`; `UnknownError` alike for a
    record that is not held and for one that may not be seen; `RefusedError`: `own-record`, `seen-whole`;
    `ConflictError` `exists` where the bureau waits for an answer already.
    """
    asked: dict[str, Json] = {"record": data.get("record") if isinstance(data, dict) else None}
    grant = leave(officer, Act.ACCESS_REQUEST, desk, asked, purpose)
    with noting(officer, Act.ACCESS_REQUEST, desk, asked):
        given = _given(data)
        seen = visible_record(given.get("record"), grant, desk)
        if seen.view is View.FULL:
            raise RefusedError(act=Act.ACCESS_REQUEST.value, rule="seen-whole")
        request = _request(seen, reason_in(given), officer, purpose, desk)
        named = {"access": request.id, "record": request.public_id}
        entry = entry_of(officer, Act.ACCESS_REQUEST, desk.clock(), "done", purpose=purpose, query=named)
        entry = msgspec.structs.replace(entry, records=(request.public_id,), owners=(request.owner,))
        with desk.registry.acting(entry) as connection:
            if owner_requests.open_on(connection, request.record, request.bureau, ACCESS):
                raise ConflictError(what=ACCESS, rule="exists")
            owner_requests.add(connection, request)
            tell(connection, request.owner, ACCESSING, "received", request.id, desk.clock())
    return ShownRequest(request, is_incoming=False, is_overdue=False, seen=seen)


def _given(data: Json) -> Mapping[str, Json]:
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "request")
    for name in data:
        if name not in {"record", "reason"}:
            raise MalformedError("unknown-field", name[:200])
    return data


def _request(
    seen: Visible, reason: str, officer: Officer, purpose: Purpose | None, desk: Desk
) -> OwnerRequest:
    at = desk.clock()
    return OwnerRequest(
        id=new_id(),
        what=ACCESS,
        record=seen.held.number,
        public_id=seen.held.public_id,
        owner=seen.held.owner,
        bureau=officer.bureau.code,
        account=officer.account,
        version=seen.held.version,
        purpose=None if purpose is None else purpose.value,
        said=b"{}",
        reason=reason,
        state=OPEN,
        made_at=at,
        due_at=at + ANSWER_WITHIN,
    )


def decide_access(one: str, data: Json, officer: Officer, desk: Desk) -> ShownRequest:
    """Open the record to the bureau that asked, as an amendment of its handling, or refuse with a reason.

    Raises, after logging, as `decide_proposal` does.
    """
    asked: dict[str, Json] = {"access": one}
    leave(officer, Act.ACCESS_DECIDE, desk, asked)
    with noting(officer, Act.ACCESS_DECIDE, desk, asked):
        decision = parse_decision(data)
        at = desk.clock()
        with desk.registry.write() as connection:
            request = party_to(ACCESSING, one, officer, connection)
            if request.owner != officer.bureau.code:
                raise UnknownError(what=ACCESS, name=one[:40])
            check_open(request)
            terms = {**asked, "record": request.public_id}
            if decision.is_accepted:
                held = held_for(request, decision, connection)
                opened = opened_to(held.record.handling, request.bureau)
                amendment = Amendment(held.record.data, opened)
                terms["version"] = amend(held, amendment, officer, connection, desk)
            state = ACCEPTED if decision.is_accepted else REFUSED
            owner_requests.end(connection, request.id, state, decision.reason, at)
            tell(connection, request.bureau, ACCESSING, state, request.id, at)
            entry = entry_of(officer, Act.ACCESS_DECIDE, at, state, query=asked_terms(terms))
            desk.registry.append(connection, entry)
    return as_decided(ACCESSING, one, officer, desk)


def list_access(order: ListOrder, officer: Officer, desk: Desk) -> RequestList:
    """Return a page of the bureau's requests for access; raises as `list_requests`."""
    return list_requests(ACCESSING, order, officer, desk)


def read_access(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Return a request to or from the officer's bureau; raises as `read_request`."""
    return read_request(ACCESSING, one, officer, desk)


def withdraw_access(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Withdraw a request of the officer's own bureau; raises as `take_back`."""
    return take_back(ACCESSING, one, officer, desk)
