"""Asking an owner to see a record whole that one sees as a summary or pointer, and deciding it.

record seen in part -> asked with a reason, a clock runs -> the owner opens it to that bureau, or refuses
"""

from typing import Final

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import RefusedError
from comity.procedures.desk import Desk
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.owners.asking import (
    ACCESSING,
    Asked,
    ListOrder,
    RequestList,
    ShownRequest,
    hand_in,
    list_requests,
    object_in,
    read_request,
    reason_in,
    take_back,
    visible_record,
)
from comity.procedures.owners.deciding import Amendment, decide
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View, opened_to
from comity.records.record import HeldRecord
from comity.registry.owner_requests import OwnerRequest

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
    return Amendment(held.record.data, opened_to(held.record.handling, request.bureau))


def list_access(order: ListOrder, officer: Officer, desk: Desk) -> RequestList:
    """Return a page of the bureau's requests for access; raises as `list_requests`."""
    return list_requests(ACCESSING, order, officer, desk)


def read_access(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Return a request to or from the officer's bureau; raises as `read_request`."""
    return read_request(ACCESSING, one, officer, desk)


def withdraw_access(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Withdraw a request of the officer's own bureau; raises as `take_back`."""
    return take_back(ACCESSING, one, officer, desk)
