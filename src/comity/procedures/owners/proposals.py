"""Proposing a correction or an addition to a record's owner, and deciding it.

    record seen -> changes typed by its kind, against the version seen -> kept, owner told, a clock runs
    decided: nothing has moved on -> applied as the owner's own amendment, logged, told, in one transaction

A proposal replaces a field that its author sees, or adds to a list. What the record said is never part of
what the author is shown later: that is as far as the author may see the record then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, RefusedError
from comity.procedures.desk import Desk, Visible
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.owners.asking import (
    PROPOSING,
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
from comity.procedures.records_page import page_of, shown_data
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View
from comity.records.kind import Field, parse_fields
from comity.records.record import HeldRecord
from comity.registry.owner_requests import PROPOSAL, OwnerRequest

NAMES: Final = frozenset({"record", "version", "changes", "reason"})
CHANGES_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One change: a field, and what it is to say (None to remove it), or what is to be added to its list."""

    field: str
    new: Json
    is_addition: bool

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors take and show."""
        return {"field": self.field, "add" if self.is_addition else "new": self.new}


def propose(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> ShownRequest:
    """Propose changes of a record to its owner, and return the proposal.

    `data` has the `record`, the `version` that was seen, the `changes`, each `{"field", "new"}` or `{"field",
    "add"}`, and the `reason`. Raises, after logging, `MalformedError`; `UnknownError` alike for a record that is
    not held and for one that may not be seen; `RefusedError`: `own-record`, `view-too-narrow` for a pointer, or
    for a field that the view does not show; `ConflictError` `stale-version` where the record has moved on.
    """
    asked = _asked(data)
    grant = leave(officer, Act.PROPOSAL_MAKE, desk, asked, purpose)
    with noting(officer, Act.PROPOSAL_MAKE, desk, asked):
        given = _given(data)
        seen = visible_record(given.get("record"), grant, desk)
        if seen.view is View.POINTER:
            raise RefusedError(act=Act.PROPOSAL_MAKE.value, rule="view-too-narrow")
        if given.get("version") != page_of(seen, grant, desk).versions[0].number:
            raise ConflictError(what="record", rule="stale-version")
        changes = parse_changes(given.get("changes"), seen)
        fields = {"fields": ",".join(change.field for change in changes)}
        made = Asked(seen, reason_in(given), _said(changes, seen.held), fields)
        return hand_in(PROPOSING, made, officer, purpose, desk)


def _asked(data: Json) -> dict[str, Json]:
    """Return what the log keeps: which record, never what its changes say."""
    return {"record": data.get("record")} if isinstance(data, dict) else {"malformed": type(data).__name__}


def _given(data: Json) -> Mapping[str, Json]:
    given = object_in(data, NAMES, "proposal")
    version = given.get("version")
    if version is None:
        raise MalformedError("field-missing", "version")
    if not isinstance(version, int) or isinstance(version, bool):
        raise MalformedError("number-expected", "version")
    return given


def _said(changes: Sequence[ProposedChange], held: HeldRecord) -> bytes:
    # What the fields said goes with it, for the owner's eyes: a field that has moved on is not written over.
    said = {
        "changes": [{**change.to_json(), "old": held.record.data.get(change.field)} for change in changes]
    }
    return msgspec.json.encode(said, order="sorted")


def parse_changes(value: Json, seen: Visible) -> list[ProposedChange]:
    """Return the changes in canonical form, as the record's kind types its fields.

    Raises `MalformedError`, and `RefusedError` `view-too-narrow` for a field that the reader does not see whole.
    """
    if not isinstance(value, list):
        raise MalformedError("list-expected", "changes")
    if not value:
        raise MalformedError("field-missing", "changes")
    if len(value) > CHANGES_MAX:
        raise MalformedError("too-many-values", "changes")
    changes = [_change(one, f"changes.{place}", seen) for place, one in enumerate(value)]
    if len({change.field for change in changes}) < len(changes):
        raise MalformedError("field-twice", "changes")
    return changes


def _change(value: Json, path: str, seen: Visible) -> ProposedChange:
    if not isinstance(value, dict) or set(value) not in ({"field", "new"}, {"field", "add"}):
        raise MalformedError("change-form", path)
    kind, data = seen.held.record.kind, seen.held.record.data
    field = next((one for one in kind.fields if one.name == value["field"]), None)
    if field is None:
        raise MalformedError("unknown-field", f"{path}.field")
    is_addition = "add" in value
    if is_addition and not field.many:
        raise MalformedError("change-form", path)
    if not is_addition and seen.view is not View.FULL and field.name not in kind.summary:
        raise RefusedError(act=Act.PROPOSAL_MAKE.value, rule="view-too-narrow")
    new = _typed(field, value["add" if is_addition else "new"], path)
    if is_addition and new is None:
        raise MalformedError("field-missing", f"{path}.add")
    if not is_addition and new == data.get(field.name):
        raise MalformedError("nothing-changes", path)
    if new is None and field.required:
        raise MalformedError("field-missing", f"{path}.new")
    return ProposedChange(field.name, new, is_addition)


def _typed(field: Field, value: Json, path: str) -> Json:
    return parse_fields((replace(field, required=False),), {field.name: value}, f"{path}.").get(field.name)


def decide_proposal(one: str, data: Json, officer: Officer, desk: Desk) -> ShownRequest:
    """Accept a proposal, or refuse it with a reason.

    Raises as `decide`, and `ConflictError` `stale-proposal` where a field says something else than when the
    proposal was made.
    """
    return decide(PROPOSING, one, data, _amended, officer, desk)


def _amended(request: OwnerRequest, held: HeldRecord) -> Amendment:
    kind, data = held.record.kind, dict(held.record.data)
    for change in changes_of(request):
        now = data.get(change.field)
        if change.is_addition:
            listed = now if isinstance(now, list) else []
            added = change.new if isinstance(change.new, list) else []
            data[change.field] = [*listed, *(value for value in added if value not in listed)]
            continue
        if now != old_value(request, change.field):
            raise ConflictError(what=PROPOSAL, rule="stale-proposal")
        data[change.field] = change.new
    stated = {name: value for name, value in data.items() if value is not None}
    return Amendment(parse_fields(kind.fields, stated), held.record.handling)


def changes_of(request: OwnerRequest) -> list[ProposedChange]:
    """Return the changes that a proposal makes."""
    said: dict[str, list[dict[str, Json]]] = msgspec.json.decode(request.said)
    return [
        ProposedChange(str(one["field"]), one.get("add", one.get("new")), "add" in one)
        for one in said.get("changes", ())
    ]


def old_value(request: OwnerRequest, field: str) -> Json:
    """Return what a field said when the proposal was made: for its owner alone."""
    said: dict[str, list[dict[str, Json]]] = msgspec.json.decode(request.said)
    return next((one.get("old") for one in said.get("changes", ()) if one["field"] == field), None)


def proposal_json(shown: ShownRequest) -> dict[str, Json]:
    """Return a proposal as the doors show it; `now` is what its reader sees the record say at present."""
    seen = shown.seen
    present = {} if seen is None else shown_data(seen.held.record, seen.view)
    changes: list[Json] = [
        {**change.to_json(), "now": present.get(change.field)} for change in changes_of(shown.request)
    ]
    return {**shown.to_json(), "changes": changes}


def list_proposals(order: ListOrder, officer: Officer, desk: Desk) -> RequestList:
    """Return a page of the bureau's proposals; raises as `list_requests`."""
    return list_requests(PROPOSING, order, officer, desk)


def read_proposal(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Return a proposal to or from the officer's bureau; raises as `read_request`."""
    return read_request(PROPOSING, one, officer, desk)


def withdraw_proposal(one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Withdraw a proposal of the officer's own bureau; raises as `take_back`."""
    return take_back(PROPOSING, one, officer, desk)
