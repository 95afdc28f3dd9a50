"""Who holds what a bureau has entered: to whom it was sent, who was shown it, who took it home, who holds the same.

    asked -> authorised -> record found, the asker entitled -> its versions, the log's lines, alerts -> logged -> told

For its owner's registrars, and for a controller who names an order: everybody else gets the answer that a record
which is not held gets. That another bureau holds the same is told only while each may see the other's (law 1), as
it was when both were told. What a bureau keeps outside the node, on paper or in its own systems, is not known here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Bureau, Officer
from comity.errors import MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.holding_same import SAME_PURPOSE
from comity.procedures.leave import leave
from comity.procedures.node_officer import bureau_grant
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.procedures.trail_of_record import ORDER_CHARS_MAX, may_order
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import Handling, Restriction, View
from comity.records.record import HeldRecord, State
from comity.registry import histories, hits, showings
from comity.registry.showings import LastShown, Showing, Shown

SHOWING: Final = frozenset(
    {
        *(Act.CHECK, Act.RECORD_READ, Act.ALERT_MEET, Act.HIT_READ, Act.MESSAGE_READ),
        *(Act.NOTICE_READ, Act.NOTICE_REVIEW, Act.NOTICE_EXPORT, Act.REDRESS_HANDLE),
        *(Act.PROPOSAL_MAKE, Act.ACCESS_REQUEST),
    }
)
"""The acts whose lines name the records that they showed to whoever did them."""

TAKEN: Final = frozenset({"printed", "exported"})
"""Outcomes of acts after which a copy is in somebody's hands."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A bureau that a record was sent or shown to, or that holds the same.

    `view` is how much of it the bureau sees now, None where it sees nothing any more; `named_at` since when the
    owner's rule named it; `holds` its own record of the same person or thing.
    """

    bureau: str
    view: View | None
    named_at: datetime | None = None
    shown: tuple[Showing, ...] = ()
    holds: str | None = None

    @property
    def times_count(self) -> int:
        """How often it was shown the record."""
        return sum(one.times_count for one in self.shown)

    @property
    def first_at(self) -> datetime | None:
        """When it was first shown the record."""
        return min((one.first_at for one in self.shown), default=None)

    @property
    def last_at(self) -> datetime | None:
        """When it was last shown the record."""
        return max((one.last_at for one in self.shown), default=None)

    @property
    def taken_at(self) -> datetime | None:
        """When it last printed or exported the record."""
        return max((one.last_at for one in self.shown if one.outcome in TAKEN), default=None)

    @property
    def acts(self) -> tuple[str, ...]:
        """By which acts it was shown the record."""
        return tuple(sorted({one.act for one in self.shown}))

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "bureau": self.bureau,
            "view": None if self.view is None else self.view.value,
            "named_at": _moment(self.named_at),
            "times": self.times_count,
            "first_at": _moment(self.first_at),
            "last_at": _moment(self.last_at),
            "taken_at": _moment(self.taken_at),
            "acts": [*self.acts],
            "holds": self.holds,
        }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


@dataclass(frozen=True, slots=True)
class RecordHolders:
    """Who holds a record: the bureaus that it was sent or shown to, shown last first, then those it was sent to."""

    held: HeldRecord
    holders: tuple[Holder, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        holders: list[Json] = [one.to_json() for one in self.holders]
        return {
            "record": self.held.public_id,
            "owner": self.held.owner,
            "state": self.held.state.value,
            "share": self.held.record.handling.share.to_json(),
            "holders": holders,
        }


def holders_of(record: str, order: str | None, officer: Officer, desk: Desk) -> RecordHolders:
    """Return who holds a record: for its owner's registrars, and for controllers, who name their order.

    Raises `RefusedError`; `MalformedError` for a controller without an order; `UnknownError` alike for a record that
    is not held and for one of another bureau, unless a controller of the secretariat's asks. All are logged.
    """
    is_controller = Act.AUDIT_RECORD in officer.acts()
    act = Act.AUDIT_RECORD if is_controller else Act.AUDIT_HITS
    terms: dict[str, Json] = {"holders": record, "order": order}
    leave(officer, act, desk, terms)
    with noting(officer, act, desk, terms):
        if is_controller and order is None:
            raise MalformedError("field-missing", "order")
        if order is not None:
            clean_text(order, "order", ORDER_CHARS_MAX)
        held = desk.registry.record_with(record)
        if held is None or not may_order(officer, held):
            raise UnknownError(what="record", name=record[:40])
    desk.registry.settle()
    bureaus = desk.registry.bureaus()
    with desk.registry.read() as connection:
        named = _named(connection, held)
        found = showings.showings_of(connection, held.public_id, Shown(held.owner, SHOWING))
        pairs = _paired(connection, held)
    same = _same(held, pairs, bureaus, desk)
    entry = entry_of(officer, act, desk.clock(), "done", query=asked_terms(terms))
    if officer.bureau.code != held.owner:
        entry = msgspec.structs.replace(entry, records=(held.public_id,), owners=(held.owner,))
    desk.registry.log(entry)
    codes = {*named, *same, *(one.bureau for one in found)} & bureaus.keys()
    made = [
        Holder(
            code,
            _view_now(held, bureaus[code], desk),
            named.get(code),
            tuple(one for one in found if one.bureau == code),
            same.get(code),
        )
        for code in sorted(codes)
    ]
    made.sort(key=lambda one: "" if one.last_at is None else one.last_at.isoformat(), reverse=True)
    return RecordHolders(held, tuple(made))


def _named(connection: Connection, held: HeldRecord) -> dict[str, datetime]:
    """Return which bureaus the owner's rule has ever named as those that may see the record, and since when."""
    found: dict[str, datetime] = {}
    for version in histories.history(connection, held):
        if version.state is State.ACTIVE:
            for code in _chosen(version.record.handling):
                found.setdefault(code, version.at)
    return found


def _chosen(handling: Handling) -> frozenset[str]:
    is_only = handling.share.restriction is Restriction.ONLY
    return (handling.share.bureaus if is_only else frozenset[str]()) | handling.opened


def _view_now(held: HeldRecord, bureau: Bureau, desk: Desk) -> View | None:
    """Return how much a bureau sees of a record at present, for the purpose that shows it most."""
    purposes = sorted(held.record.handling.purposes, key=lambda one: one.value) or [SAME_PURPOSE]
    seen = desk.seen(bureau_grant(bureau, purposes[0]), held)
    return None if seen is None else seen.view


def _paired(connection: Connection, held: HeldRecord) -> list[str]:
    """Return the records of other bureaus that were once found to mean the same: both owners were told of it."""
    told = hits.of_same(connection, held.public_id, held.owner)
    pairs = ((hit.meeting.record, hit.meeting.other) for hit in told)
    others = (theirs if ours == held.public_id else ours for ours, theirs in pairs)
    return [one for one in dict.fromkeys(others) if one is not None]


def _same(
    held: HeldRecord, pairs: Iterable[str], bureaus: Mapping[str, Bureau], desk: Desk
) -> dict[str, str]:
    """Return which bureaus hold the same, and as which record, where each may see the other's now."""
    found: dict[str, str] = {}
    ours = bureau_grant(bureaus[held.owner], SAME_PURPOSE)
    for one in pairs:
        other = desk.registry.record_with(one)
        if other is None or other.owner not in bureaus or desk.seen(ours, other) is None:
            continue
        if desk.seen(bureau_grant(bureaus[other.owner], SAME_PURPOSE), held) is not None:
            found.setdefault(other.owner, other.public_id)
    return found


@dataclass(frozen=True, slots=True)
class HeldElsewhere:
    """One of the bureau's own records that was shown to another bureau: to which last, and when."""

    held: HeldRecord
    last: LastShown

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        held = self.held
        named: list[Json] = [*sorted(_chosen(held.record.handling))]
        return {
            "record": held.public_id,
            "kind": held.record.kind.code,
            "source_id": held.record.source_id,
            "state": held.state.value,
            "named": named,
            "last_bureau": self.last.bureau,
            "last_at": self.last.at.isoformat(),
        }

    @property
    def named(self) -> tuple[str, ...]:
        """The bureaus that the owner's rule names now."""
        return tuple(sorted(_chosen(self.held.record.handling)))


@dataclass(frozen=True, slots=True)
class HoldersPage:
    """A page of them, shown last first; `next` asks for those after them, None at the end."""

    records: tuple[HeldElsewhere, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        records: list[Json] = [one.to_json() for one in self.records]
        return {"records": records, "next": self.next}


def held_elsewhere(limit: int, after: str | None, officer: Officer, desk: Desk) -> HoldersPage:
    """Return the records of the officer's bureau that were shown to others, the one shown last first.

    `after` is the `next` of the page before. Raises, after logging, `RefusedError` and `MalformedError`.
    """
    asked: dict[str, Json] = {"holders": None, "after": after}
    leave(officer, Act.AUDIT_HITS, desk, asked)
    with noting(officer, Act.AUDIT_HITS, desk, asked):
        if not 1 <= limit <= PAGE_MAX:
            raise MalformedError("out-of-range", "limit")
        place = None if after is None else clean_text(after, "after", 40)
    owner = officer.bureau.code
    desk.registry.settle()
    with desk.registry.read() as connection:
        found = showings.last_shown(connection, Shown(owner, SHOWING), limit, place)
    held = {one.record: desk.registry.record_with(one.record) for one in found}
    desk.registry.log(entry_of(officer, Act.AUDIT_HITS, desk.clock(), "done", query=asked_terms(asked)))
    records = tuple(
        HeldElsewhere(kept, one) for one in found if (kept := held[one.record]) and kept.owner == owner
    )
    return HoldersPage(records, found[-1].record if len(found) == limit else None)
