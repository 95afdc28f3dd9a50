"""Deciding what is asked of an owner, be it a correction or access.

decision parsed -> the request is to one's own bureau and open -> taken: the record amended as the owner's own
-> ended, told, logged, in one transaction
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.drafting import Correction, amend_subject
from comity.procedures.notices.subjects import make_ready
from comity.procedures.noting import noting
from comity.procedures.owners.asking import (
    ShownRequest,
    Topic,
    as_ended,
    check_open,
    is_blocked,
    object_in,
    party_to,
    reason_in,
    tell,
)
from comity.procedures.submit import NOTICED_LISTS
from comity.records.fieldtype import Json
from comity.records.handling import Handling
from comity.records.record import HeldRecord, Record, State
from comity.registry import holdings, owner_requests
from comity.registry.holdings import Submission
from comity.registry.owner_requests import ACCEPTED, REFUSED, OwnerRequest
from comity.registry.registry import Handed


@dataclass(frozen=True, slots=True)
class Decision:
    """What an owner decides: whether it accepts, why, and on which version of its record it looked."""

    is_accepted: bool
    reason: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What an owner's record says once the request is taken; what is to be remembered of how it was before."""

    data: Mapping[str, Json]
    handling: Handling
    before: bytes | None = None


Amending = Callable[[OwnerRequest, HeldRecord], Amendment]
"""Says what a record becomes once a request is taken; raises `ConflictError` where it cannot be any more."""


def decide(
    topic: Topic, one: str, data: Json, amending: Amending, officer: Officer, desk: Desk
) -> ShownRequest:
    """Accept a request, which amends the record at once, or refuse it with a reason.

    An answer after the deadline counts as well. Raises, after logging, `MalformedError`, `UnknownError` for a
    request that is not to the officer's bureau, and `ConflictError`: `request-ended`, `record-withdrawn`,
    `stale-version` where the record is not as the decider saw it, `blocked-by-case` while a redress case blocks what
    would be accepted, and what `amending` raises.
    """
    asked: dict[str, Json] = {topic.what: one}
    leave(officer, topic.decide, desk, asked)
    with noting(officer, topic.decide, desk, asked):
        decision = parse_decision(data)
        at = desk.clock()
        if decision.is_accepted:
            with desk.registry.read() as connection:
                request = _request_to(topic, one, officer, connection)
                held = _held_for(request, decision, connection)
            _make_ready(held, amending(request, held))
        with desk.registry.write() as connection:
            request = _request_to(topic, one, officer, connection)
            terms = {**asked, "record": request.public_id}
            if decision.is_accepted:
                held = _held_for(request, decision, connection)
                amendment = amending(request, held)
                terms["version"] = amend_record((request, held), amendment, officer, connection, desk)
                if amendment.before is not None:
                    owner_requests.remember(connection, request.id, amendment.before)
            state = ACCEPTED if decision.is_accepted else REFUSED
            owner_requests.end(connection, request.id, state, decision.reason, at)
            tell(connection, request.bureau, topic, state, request.id, at)
            entry = entry_of(officer, topic.decide, at, state, query=asked_terms(terms))
            desk.registry.append(connection, entry)
    return as_ended(topic, one, officer, desk)


def _request_to(topic: Topic, one: str, officer: Officer, connection: Connection) -> OwnerRequest:
    """Return a request that waits for the officer's bureau to decide; raises `UnknownError`, `ConflictError`."""
    request = party_to(topic, one, officer, connection)
    if request.owner != officer.bureau.code:
        raise UnknownError(what=topic.what, name=one[:40])
    check_open(request)
    return request


def _make_ready(held: HeldRecord, amendment: Amendment) -> None:
    """Make the keys of names ahead of the transaction that needs them: what a notice rests on gets some."""
    if held.list_name in NOTICED_LISTS and amendment.data != held.record.data:
        make_ready(held.record.kind.code, amendment.data)


def parse_decision(data: Json) -> Decision:
    """Return the decision that `{"accept": true, "reason": ..., "version": ...}` states.

    A refusal gives its reason. Raises `MalformedError`.
    """
    given = object_in(data, frozenset({"accept", "reason", "version"}), "decision")
    accept, version = given.get("accept"), given.get("version")
    if not isinstance(accept, bool):
        raise MalformedError("truth-expected", "accept")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        raise MalformedError("number-expected", "version")
    reason = None if accept and given.get("reason") is None else reason_in(given)
    return Decision(accept, reason, version)


def _held_for(request: OwnerRequest, decision: Decision, connection: Connection) -> HeldRecord:
    """Return the record to amend.

    Raises `ConflictError`: `blocked-by-case`, `record-withdrawn`, and `stale-version` where it is not as the decider
    saw it.
    """
    if is_blocked(request, connection):
        raise ConflictError(what=request.what, rule="blocked-by-case")
    held = holdings.fetch_by_id(connection, request.public_id)
    if held is None or held.state is not State.ACTIVE:
        raise ConflictError(what="record", rule="record-withdrawn")
    if decision.version is not None and decision.version != held.version:
        raise ConflictError(what="record", rule="stale-version")
    return held


def amend_record(
    decided: tuple[OwnerRequest, HeldRecord],
    amendment: Amendment,
    officer: Officer,
    connection: Connection,
    desk: Desk,
) -> int:
    """Amend a record as its owner's own, in the caller's transaction; return its version.

    What a notice or diffusion rests on says nothing new before a second person has reviewed it: it becomes an update
    that waits, and the record stays at its version.
    """
    request, held = decided
    before = held.record
    if held.list_name in NOTICED_LISTS and amendment.data != before.data:
        said = {*before.data, *amendment.data}
        changes = {name: amendment.data.get(name) for name in said}
        changed = {name: new for name, new in changes.items() if new != before.data.get(name)}
        amend_subject(connection, held.public_id, Correction(changed, request.account), officer, desk)
        return held.version
    record = Record(before.kind, before.source_id, before.notice, amendment.data, amendment.handling)
    origin = owner_requests.origin_of(connection, held.number)
    submission = Submission(held.owner, held.list_name, origin, record)
    handed = Handed([submission], officer.account, desk.clock())
    return desk.registry.accept(connection, handed)[0].version
