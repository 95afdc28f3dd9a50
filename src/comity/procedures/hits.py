"""The hits of a bureau: those on its records, those of its checks; the page of one.

    asked -> authorised -> hits that concern the bureau -> logged -> shown as the asker's side may know them

A hit that does not concern the asker is as unknown as one that there is not. Who has no desk's work sees the
hits of its own checks alone. What was asked belongs to the bureau that asked; what the record says is shown as
the record may be seen now, so that what an owner has since withdrawn or narrowed shows no more here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import authorise
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk, Visible
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.hits import (
    NODE,
    NOTED,
    WAITING,
    Closing,
    HitState,
    OpenedHit,
    Origin,
    Reply,
    notes_of,
    without_notes,
)
from comity.records.record import HeldRecord, State
from comity.registry import audit_log, distinctions, duties, hits, redress, retention
from comity.registry.distinctions import Distinction
from comity.registry.hits import Wanted

BOXES: Final[Mapping[str, tuple[str | None, frozenset[HitState]]]] = {
    "answer": ("owner", WAITING),
    "told": ("owner", frozenset({HitState.OPEN})),
    "ours": ("bureau", frozenset(HitState) - {HitState.CLOSED}),
    "closed": (None, frozenset({HitState.CLOSED})),
    "all": (None, frozenset()),
}
"""The boxes of an inbox: which side of a hit the bureau is on, and where the hit stands."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HitsAsked:
    """Which hits are asked for: a box, one record's alone perhaps, how many, and after which cursor."""

    box: str = "all"
    limit: int = 50
    after: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class HitLine:
    """A hit as one side may know it, at a moment."""

    hit: OpenedHit
    officer: Officer
    at: datetime

    @property
    def side(self) -> str:
        """`both`, `owner`, `bureau` (whose check it was) or `second` (to whom it was passed on)."""
        meeting, code = self.hit.meeting, self.officer.bureau.code
        if code == meeting.owner:
            return "both" if code == meeting.bureau else "owner"
        return "bureau" if code == meeting.bureau else "second"

    @property
    def is_asker(self) -> bool:
        """Whether it was this bureau's check."""
        return self.side in {"bureau", "both"}

    @property
    def is_answerer(self) -> bool:
        """Whether this bureau answers for the record."""
        return self.hit.may_answer(self.officer.bureau.code)

    @property
    def is_overdue(self) -> bool:
        """Whether the answer should have come by now."""
        return self.hit.is_overdue(self.at)

    @property
    def left(self) -> timedelta | None:
        """How long there is until the answer is due, negative once it is over; None where no clock runs."""
        return self.hit.due_at - self.at if self.hit.is_waiting and self.hit.due_at is not None else None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        hit, meeting = self.hit, self.hit.meeting
        shown: dict[str, Json] = {
            "hit": hit.id,
            "origin": meeting.origin.value,
            "side": self.side,
            "state": hit.state.value,
            "version": hit.version,
            "record": meeting.record,
            "kind": meeting.kind,
            "owner": meeting.owner,
            "bureau": meeting.bureau,
            "unit": meeting.unit,
            "purpose": meeting.purpose,
            # Records that mean the same were met by no check: their hit came when they did.
            "met_at": (hit.opened_at if meeting.origin is Origin.SAME else meeting.met_at).isoformat(),
            "opened_at": hit.opened_at.isoformat(),
            "times": hit.times_count,
            "due_at": _moment(hit.due_at if hit.is_waiting else None),
            "is_overdue": self.is_overdue,
            "passed_on_to": hit.second,
            "question": self._question(),
            "answer": self._answer(),
            "outcome": self._outcome(),
        }
        if self.is_asker:
            shown |= {
                "account": meeting.account,
                "own_record": meeting.other,
                "unseen_at": _moment(hit.unseen_at),
            }
        elif meeting.other is not None:
            shown["other_record"] = meeting.other
        return shown

    def _question(self) -> Json:
        asked = self.hit.question
        if asked is None:
            return None
        shown: dict[str, Json] = {
            "priority": asked.priority.value,
            "at": asked.at.isoformat(),
            "note": asked.note,
            "unit": asked.unit,
        }
        return shown | self._account(self.hit.meeting.bureau, asked.account)

    def _answer(self) -> Json:
        given = self.hit.reply
        if given is None:
            return None
        return {
            "answer": given.word.value,
            "bureau": given.bureau,
            "at": given.at.isoformat(),
            "reason": None if given.reason is None else given.reason.value,
            "by": _moment(given.by),
            "note": given.note,
            **self._actor(given),
        }

    def _outcome(self) -> Json:
        end = self.hit.closing
        if end is None:
            return None
        return {
            "outcome": end.outcome.value,
            "bureau": end.bureau,
            "at": end.at.isoformat(),
            "note": end.note,
            **self._actor(end),
        }

    def _actor(self, done: Reply | Closing) -> dict[str, Json]:
        """Return who acted as its reader may know it: the unit, for whom it stood in; the account to its own bureau."""
        shown: dict[str, Json] = {
            "unit": done.unit,
            "on_behalf_of": self.behalf_of(done),
            "on_duty": done.on_duty,
        }
        return shown | self._account(done.bureau, done.account)

    def behalf_of(self, done: Reply | Closing) -> str | None:
        """Return the owner for whom another bureau acted; None where a bureau acted for itself."""
        meeting = self.hit.meeting
        is_own_affair = isinstance(done, Closing) and done.bureau == meeting.bureau
        return None if is_own_affair or done.bureau == meeting.owner else meeting.owner

    def account_of(self, bureau: str, account: str) -> str | None:
        """Return the account that acted, to its own bureau alone; None where the node itself acted."""
        return account if bureau == self.officer.bureau.code and account != NODE else None

    def _account(self, bureau: str, account: str) -> dict[str, Json]:
        shown = self.account_of(bureau, account)
        return {} if shown is None else {"account": shown}


@dataclass(frozen=True, slots=True)
class HitsPage:
    """Hits, newest first, or due first in the box `answer`. `next` asks for more; None at the end.

    `counts` is how many there are in each box, where the page is asked for with them.
    """

    lines: tuple[HitLine, ...]
    next: str | None
    counts: Mapping[str, int]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        lines: list[Json] = [line.to_json() for line in self.lines]
        return {"hits": lines, "next": self.next}


@dataclass(frozen=True, slots=True)
class HitPage:
    """One hit with what its reader may see of the record now, and of the question; None where nothing.

    `contacts` are how to reach the bureaus that answer, by bureau, for whoever checked, until the hit is closed;
    `set_apart` is that whoever was checked is known to be another, where that stands, for the two bureaus whose hit
    it is.
    """

    line: HitLine
    seen: Visible | None
    asked: Mapping[str, object] | None
    is_held: bool
    set_apart: Distinction | None = None
    contacts: Mapping[str, str] = field(default_factory=dict[str, str])

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        shown = self.line.to_json()
        if self.asked is not None:
            shown["asked"] = {name: _plain(value) for name, value in self.asked.items()}
        if self.contacts:
            shown["contacts"] = {**self.contacts}
        if self.set_apart is not None:
            agreed = self.set_apart.agreed_at
            shown["set_apart"] = {"until": self.set_apart.until.isoformat(), "is_agreed": agreed is not None}
        return shown


def list_hits(asked: HitsAsked, officer: Officer, desk: Desk) -> HitsPage:
    """Return the hits that concern the officer's bureau, or its own checks' alone.

    Raises `RefusedError`, and `MalformedError` for a box, a limit or a cursor that is none, all logged.
    """
    terms: dict[str, Json] = {"box": asked.box, "after": asked.after, "record": asked.record}
    leave(officer, Act.HIT_READ, desk, terms)
    with noting(officer, Act.HIT_READ, desk, terms):
        if asked.box not in BOXES:
            raise MalformedError("not-a-choice", "box")
        if not 1 <= asked.limit <= PAGE_MAX:
            raise MalformedError("out-of-range", "limit")
        place = _place(asked.after)
    with desk.registry.read() as connection:
        wanted = _wanted(asked.box, asked.record, officer)
        if asked.box == "answer" and place is None:
            found = hits.waiting(connection, wanted, asked.limit)
        else:
            found = hits.page(connection, wanted, asked.limit, place)
        found = [*_without_blocked(found, connection)]
        counts = {
            box: hits.count(connection, _wanted(box, None, officer)) for box in ("answer", "told", "ours")
        }
    desk.registry.log(entry_of(officer, Act.HIT_READ, desk.clock(), "done", query=asked_terms(terms)))
    lines = tuple(HitLine(hit, officer, desk.clock()) for hit in found)
    # What waits is listed by when it is due, in one page: what is not on it is less pressing than all of it.
    is_full = len(found) == asked.limit and asked.box != "answer"
    return HitsPage(lines, _cursor(found[-1]) if is_full else None, counts)


def read_hit(one: str, officer: Officer, desk: Desk) -> HitPage:
    """Return the page of a hit; raises `RefusedError`, and `UnknownError` for what does not concern the asker."""
    asked: dict[str, Json] = {"hit": one}
    leave(officer, Act.HIT_READ, desk, asked)
    with noting(officer, Act.HIT_READ, desk, asked), desk.registry.read() as connection:
        hit = concerning(hits.hit_with(connection, one), one, officer)
    page = page_of(hit, officer, desk)
    entry = entry_of(
        officer, Act.HIT_READ, desk.clock(), "done", purpose=purpose_of(hit), query=asked_terms(asked)
    )
    desk.registry.log(entry if page.seen is None else naming(entry, hit))
    return page


def page_of(hit: OpenedHit, officer: Officer, desk: Desk) -> HitPage:
    """Return the page of a hit that concerns the officer, as it may be seen now."""
    with desk.registry.read() as connection:
        (hit,) = _without_blocked([hit], connection)
    line = HitLine(hit, officer, desk.clock())
    held = desk.registry.record_with(hit.meeting.record)
    seen = None
    # The bureau's leave for the purpose of the check: an account bound to other purposes sees the hit alone.
    try:
        grant = authorise(officer, Act.HIT_READ, purpose_of(hit))
    except RefusedError:
        grant = None
    if held is not None and grant is not None:
        seen = desk.seen(grant, held)
    asked = None
    if line.is_asker and hit.meeting.other is None:
        with desk.registry.read() as connection:
            asked = audit_log.entry_at(connection, hit.meeting.seq).entry.query
    is_held = held is not None and held.state is State.ACTIVE
    return HitPage(line, seen, asked, is_held, _set_apart(line, desk), _contacts(line, desk))


def _without_blocked(found: Sequence[OpenedHit], connection: Connection) -> Iterator[OpenedHit]:
    """Yield the hits without the notes that a redress case blocks, by themselves or with the record that was met.

    Neither bureau reads them meanwhile.
    """
    noted = [hit for hit in found if notes_of(hit)]
    blocked = set[str]()
    if noted:
        blocked = redress.blocked_things(connection, [hit.id + NOTED for hit in noted])
        blocked |= retention.blocked_among(connection, [hit.meeting.record for hit in noted])
    for hit in found:
        is_blocked = hit.id + NOTED in blocked or hit.meeting.record in blocked
        yield without_notes(hit) if is_blocked else hit


def _contacts(line: HitLine, desk: Desk) -> dict[str, str]:
    if not line.is_asker or line.hit.closing is not None:
        return {}
    answering = [one for one in (line.hit.meeting.owner, line.hit.second) if one is not None]
    with desk.registry.read() as connection:
        said = {one: duties.duty_of(connection, one).contact for one in answering}
    return {one: contact for one, contact in said.items() if contact}


def _set_apart(line: HitLine, desk: Desk) -> Distinction | None:
    if line.side == "second" or line.hit.closing is None:
        return None
    with desk.registry.read() as connection:
        found = distinctions.of_hit(connection, line.hit.id)
    return next((one for one in found if one.until > line.at), None)


def concerning(hit: OpenedHit | None, one: str, officer: Officer) -> OpenedHit:
    """Return the hit where the officer has to do with it; raises `UnknownError` otherwise."""
    has_desk = Act.HIT_ANSWER in officer.acts()
    if hit is None or not hit.concerns(officer.bureau.code):
        raise UnknownError(what="hit", name=one[:40])
    if not has_desk and hit.meeting.account != officer.account:
        raise UnknownError(what="hit", name=one[:40])
    return hit


def naming(entry: Entry, hit: OpenedHit) -> Entry:
    """Return the entry with the hit's record, so that its owner learns of it."""
    return msgspec.structs.replace(entry, records=(hit.meeting.record,), owners=(hit.meeting.owner,))


def purpose_of(hit: OpenedHit) -> Purpose | None:
    """Return the purpose of the check that met the record."""
    return None if hit.meeting.purpose is None else Purpose(hit.meeting.purpose)


def is_answering(connection: Connection, held: HeldRecord | None, desk: Desk) -> bool:
    """Return whether a record answers checks now, as an open transaction reads it: none whose last day is over does."""
    if held is None or held.state is not State.ACTIVE:
        return False
    ends_on = desk.retention.ends_on(held, retention.kept_until(connection, held.number))
    return desk.clock().date() < ends_on


def _wanted(box: str, record: str | None, officer: Officer) -> Wanted:
    side, states = BOXES[box]
    if Act.HIT_ANSWER in officer.acts():
        return Wanted(officer.bureau.code, side, states, record=record)
    # Without a desk's work one has to do with the hits of one's own checks, whoever owns the records.
    return Wanted(officer.bureau.code, side, states, officer.account, record)


def _cursor(hit: OpenedHit) -> str:
    return f"{(hit.opened_at - _EPOCH) // timedelta(microseconds=1)}.{hit.id}"


def _place(after: str | None) -> tuple[datetime, str] | None:
    if not after:
        return None
    moment, _point, one = after.partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) <= 17 and one.isascii() and len(one) <= 20):
        raise MalformedError("cursor-form", "after")
    return _EPOCH + timedelta(microseconds=int(moment)), one


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _plain(value: object) -> Json:
    return value if isinstance(value, bool | int | str) or value is None else str(value)
