"""What proposals and requests for access have in common: who is party to them, making, listing, taking back.

Two bureaus know of each: who asked, and who owns the record. To everybody else it is as unknown as one that was
never made.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk, Visible
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import known_form, new_id
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import Purpose
from comity.records.messages.message import PUBLIC_ID
from comity.records.types.text import parse_paragraphs
from comity.registry import events, holdings, owner_requests, redress, retention
from comity.registry.events import Event
from comity.registry.owner_requests import ACCESS, OPEN, PROPOSAL, WITHDRAWN, OwnerRequest, Wanted

REASON_CHARS_MAX: Final = 2000
SIDES: Final = ("in", "out")
STATES: Final = ("open", "accepted", "refused", "withdrawn", "ended", "all")


@dataclass(frozen=True, slots=True)
class Topic:
    """One of the two things asked of owners: what it is called, the acts, how long the owner has.

    `is_single`: a bureau that waits for an answer about a record does not ask again.
    """

    what: str
    ask: Act
    decide: Act
    answer_within: timedelta
    is_single: bool


PROPOSING: Final = Topic(
    PROPOSAL, Act.PROPOSAL_MAKE, Act.PROPOSAL_DECIDE, timedelta(days=14), is_single=False
)
ACCESSING: Final = Topic(ACCESS, Act.ACCESS_REQUEST, Act.ACCESS_DECIDE, timedelta(days=7), is_single=True)


@dataclass(frozen=True, slots=True)
class ShownRequest:
    """A request as one of its two bureaus may see it; `seen` is the record, as far as that bureau sees it now.

    `is_withheld` where a redress case blocks it, or its record: then nothing of its words is here.
    """

    request: OwnerRequest
    is_incoming: bool
    is_overdue: bool
    seen: Visible | None
    is_withheld: bool = False

    @property
    def said(self) -> Mapping[str, Json]:
        """What is asked for."""
        decoded: dict[str, Json] = msgspec.json.decode(self.request.said)
        return decoded

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show. Of each bureau, the account is named to that bureau alone."""
        one = self.request
        return {
            one.what: one.id,
            "record": one.public_id,
            "kind": None if self.seen is None else self.seen.held.record.kind.code,
            "owner": one.owner,
            "bureau": one.bureau,
            "account": None if self.is_incoming else one.account,
            "purpose": one.purpose,
            "reason": one.reason,
            "state": one.state,
            "made_at": one.made_at.isoformat(),
            "due_at": one.due_at.isoformat(),
            "is_overdue": self.is_overdue,
            "ended_at": None if one.ended_at is None else one.ended_at.isoformat(),
            "answer": one.answer,
            "version": self.seen.held.version if self.is_incoming and self.seen is not None else None,
        }


@dataclass(frozen=True, slots=True)
class RequestList:
    """A page of requests, the newest first; `next` asks for those before them, None at the end."""

    what: str
    requests: tuple[ShownRequest, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class ListOrder:
    """Which requests are asked for: those coming `in` or gone `out`, in which state, how many, after which."""

    side: str = "in"
    state: str = "open"
    limit: int = 50
    before: str | None = None


def list_requests(topic: Topic, order: ListOrder, officer: Officer, desk: Desk) -> RequestList:
    """Return a page of the bureau's requests; raises `RefusedError` and `MalformedError`, both logged."""
    asked: dict[str, Json] = {"list": order.side, "state": order.state, "before": order.before}
    act = topic.decide if order.side == "in" else topic.ask
    leave(officer, act, desk, asked)
    with noting(officer, act, desk, asked):
        before = _place(order)
    wanted = Wanted(topic.what, officer.bureau.code, order.side == "in", order.state, order.limit, before)
    with desk.registry.read() as connection:
        found = owner_requests.requests(connection, wanted)
        shown = tuple(show(one, officer, act, connection, desk) for one in found)
    desk.registry.log(naming(entry_of(officer, act, desk.clock(), "done", query=asked_terms(asked)), shown))
    last = found[-1] if len(found) == order.limit else None
    return RequestList(topic.what, shown, None if last is None else last.id)


def _place(order: ListOrder) -> str | None:
    if order.side not in SIDES:
        raise MalformedError("not-a-choice", "side")
    if order.state not in STATES:
        raise MalformedError("not-a-choice", "state")
    if not 1 <= order.limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")
    if not order.before:
        return None
    if not PUBLIC_ID.fullmatch(order.before):
        raise MalformedError("cursor-form", "before")
    return order.before


def read_request(topic: Topic, one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Return a request to which the bureau is party; raises `UnknownError` for every other."""
    asked: dict[str, Json] = {topic.what: one}
    leave(officer, topic.ask, desk, asked)
    with noting(officer, topic.ask, desk, asked), desk.registry.read() as connection:
        request = party_to(topic, one, officer, connection)
        shown = show(request, officer, topic.ask, connection, desk)
    desk.registry.log(
        naming(entry_of(officer, topic.ask, desk.clock(), "done", query=asked_terms(asked)), (shown,))
    )
    return shown


def take_back(topic: Topic, one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Withdraw an open request of one's own bureau.

    Raises, after logging, `UnknownError`, and `ConflictError` `request-ended` for one that is decided.
    """
    asked: dict[str, Json] = {"withdraw": one}
    leave(officer, topic.ask, desk, asked)
    with noting(officer, topic.ask, desk, asked):
        at = desk.clock()
        entry = entry_of(officer, topic.ask, at, "withdrawn", query=asked_terms(asked))
        with desk.registry.acting(entry) as connection:
            request = party_to(topic, one, officer, connection)
            if request.bureau != officer.bureau.code:
                raise UnknownError(what=topic.what, name=one[:40])
            check_open(request)
            owner_requests.end(connection, request.id, WITHDRAWN, None, at)
            tell(connection, request.owner, topic, "withdrawn", request.id, at)
    return as_ended(topic, one, officer, desk)


def as_ended(topic: Topic, one: str, officer: Officer, desk: Desk) -> ShownRequest:
    """Return a request after it was withdrawn or decided, which was logged."""
    with desk.registry.read() as connection:
        request = party_to(topic, one, officer, connection)
        return show(request, officer, topic.ask, connection, desk)


def party_to(topic: Topic, one: str, officer: Officer, connection: Connection) -> OwnerRequest:
    """Return a request to which the officer's bureau is party; raises `UnknownError` for every other."""
    known = known_form(one, topic.what)
    request = owner_requests.request_of(connection, topic.what, known, officer.bureau.code)
    if request is None:
        raise UnknownError(what=topic.what, name=one[:40])
    if request.owner == officer.bureau.code:
        authorise(officer, topic.decide)
    return request


def show(
    request: OwnerRequest, officer: Officer, act: Act, connection: Connection, desk: Desk
) -> ShownRequest:
    """Return a request as the officer's bureau may see it; without its words while a case blocks them or the record."""
    is_withheld = is_blocked(request, connection)
    if is_withheld:
        request = replace(request, said=b"{}", reason="", answer=None)
    purpose = Purpose(request.purpose) if request.purpose is not None else None
    admits = purpose is None or not officer.purposes or purpose in officer.purposes
    grant = authorise(officer, act, purpose if admits else None)
    held = holdings.fetch_by_id(connection, request.public_id)
    seen = None if held is None else desk.seen(grant, held)
    is_overdue = request.state == OPEN and request.due_at <= desk.clock()
    return ShownRequest(request, request.owner == officer.bureau.code, is_overdue, seen, is_withheld)


def is_blocked(request: OwnerRequest, connection: Connection) -> bool:
    """Return whether a redress case blocks a request, by itself or with its record."""
    return bool(
        redress.blocked_things(connection, [request.id])
        or retention.blocked_among(connection, [request.public_id])
    )


def naming(entry: Entry, shown: tuple[ShownRequest, ...]) -> Entry:
    """Return the entry with the records that were shown, so that their owners learn of it."""
    seen = [one.seen.held for one in shown if one.seen is not None]
    return msgspec.structs.replace(
        entry, records=tuple(held.public_id for held in seen), owners=tuple(held.owner for held in seen)
    )


def visible_record(one: Json, grant: Grant, desk: Desk) -> Visible:
    """Return a record of others that the grant's bureau may see.

    Raises `MalformedError` for no identifier, `UnknownError` alike for a record that is not held and for one that
    may not be seen, and `RefusedError` `own-record`: one's own is amended, not asked about.
    """
    name = clean_text(one, "record", 40)
    held = desk.registry.record_with(name)
    seen = None if held is None else desk.seen(grant, held)
    if seen is None:
        raise UnknownError(what="record", name=name)
    if seen.held.owner == grant.bureau.code:
        raise RefusedError(act=grant.act.value, rule="own-record")
    return seen


def reason_in(data: Mapping[str, Json], field: str = "reason") -> str:
    """Return the reason that is given; raises `MalformedError`."""
    if data.get(field) is None:
        raise MalformedError("field-missing", field)
    return parse_paragraphs(data[field], field, REASON_CHARS_MAX)


def object_in(data: Json, names: frozenset[str], what: str) -> Mapping[str, Json]:
    """Return an object that has no other names than these; raises `MalformedError`."""
    if not isinstance(data, dict):
        raise MalformedError("object-expected", what)
    for name in data:
        if name not in names:
            raise MalformedError("unknown-field", name[:200])
    return data


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about a record that was seen: what for, why, and what beside goes into the log."""

    seen: Visible
    reason: str
    said: bytes = b"{}"
    logged: Mapping[str, object] = field(default_factory=dict[str, object])


def hand_in(
    topic: Topic, asked: Asked, officer: Officer, purpose: Purpose | None, desk: Desk
) -> ShownRequest:
    """Keep a request, tell the owner and log it in one transaction; return it as who asks may see it.

    Raises `ConflictError`: `exists` where the topic is single and the bureau waits for an answer already,
    `stale-version` where the record is not what was seen any more.
    """
    at, held = desk.clock(), asked.seen.held
    request = OwnerRequest(
        id=new_id(),
        what=topic.what,
        record=held.number,
        public_id=held.public_id,
        owner=held.owner,
        bureau=officer.bureau.code,
        account=officer.account,
        version=held.version,
        purpose=None if purpose is None else purpose.value,
        said=asked.said,
        reason=asked.reason,
        state=OPEN,
        made_at=at,
        due_at=at + topic.answer_within,
    )
    query = {topic.what: request.id, "record": held.public_id, **asked.logged}
    entry = entry_of(officer, topic.ask, at, "done", purpose=purpose, query=query)
    entry = msgspec.structs.replace(entry, records=(held.public_id,), owners=(held.owner,))
    with desk.registry.acting(entry) as connection:
        now = holdings.fetch_by_id(connection, held.public_id)
        if now is None or now.version != held.version:  # what is purged meanwhile is repeated nowhere
            raise ConflictError(what="record", rule="stale-version")
        if topic.is_single and owner_requests.open_on(connection, request.record, request.bureau, topic.what):
            raise ConflictError(what=topic.what, rule="exists")
        owner_requests.add(connection, request)
        tell(connection, request.owner, topic, "received", request.id, at)
    return ShownRequest(request, is_incoming=False, is_overdue=False, seen=asked.seen)


def check_open(request: OwnerRequest) -> None:
    """Raise `ConflictError` `request-ended` for a request that is decided or withdrawn."""
    if request.state != OPEN:
        raise ConflictError(what=request.what, rule="request-ended")


def tell(connection: Connection, bureau: str, topic: Topic, what: str, one: str, at: datetime) -> None:
    """Tell a bureau what became of a request."""
    events.tell(connection, [Event(bureau, topic.what, what, one, at)])
