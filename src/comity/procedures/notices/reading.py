"""Who sees which requests, and how much of them: lists and single ones.

    asked -> authorised -> own, waiting for review, or in force and visible -> logged -> shown

A bureau sees its own; a reviewer sees what was submitted; everybody else sees what is in force, as they see its
record, and nothing of how it came about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.standing import find, is_reviewer, side_of, unknown, view_of
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import Purpose, View
from comity.records.kinds import KINDS
from comity.records.notices import COLOURS
from comity.records.notices.content import Content
from comity.records.notices.states import Form, Move, NoticeState, Side, way
from comity.registry import notices
from comity.registry.notices import HeldNotice, Place, Step, Wanted

SCOPES = ("in_force", "own", "waiting")


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """Which list is asked for, and from where on."""

    form: Form
    scope: str = "in_force"
    colour: str | None = None
    state: str | None = None
    limit: int = 50
    after: str | None = None


@dataclass(frozen=True, slots=True)
class SeenNotice:
    """A request as its reader may know it. `side` is None for those who only see that it is in force."""

    held: HeldNotice
    side: Side | None
    steps: tuple[Step, ...] = ()
    view: View = View.FULL

    @property
    def content(self) -> Content:
        """What it says to this reader: what waits, to its owner; what was submitted, to everybody else.

        Others read no more of it than its owner lets them see of its record.
        """
        if self.side is Side.OWNER:
            return self.held.latest
        assert self.held.body is not None, "others see nothing that was not submitted"
        return self.held.body if self.view is View.FULL else narrowed(self.held.body, self.view)

    @property
    def is_pointer(self) -> bool:
        """Whether its reader is shown that it exists, and nothing else."""
        return self.view is View.POINTER

    @property
    def pending(self) -> Content | None:
        """The newer content that waits for review while the older one is in force, for those who may know."""
        is_waiting = self.side is not None and self.held.state in {NoticeState.UPDATED, NoticeState.SUSPENDED}
        return self.held.draft if is_waiting else None

    @property
    def state(self) -> NoticeState:
        """Where it stands: to those who only see that it is in force, published."""
        return NoticeState.PUBLISHED if self.side is None else self.held.state

    @property
    def moves(self) -> tuple[Move, ...]:
        """The moves that there are from here for the reader's side, in their usual order."""
        if self.side is None:
            return ()
        is_pending = self.held.draft is not None
        open_ways = ((move, way(self.held.state, move, is_pending=is_pending)) for move in Move)
        return tuple(move for move, leads in open_ways if leads is not None and self.side in leads.sides)

    def summary(self) -> dict[str, Json]:
        """Return what a list shows."""
        held, content = self.held, self.content
        shown: dict[str, Json] = {
            "notice": held.id,
            "form": held.form.value,
            "view": self.view.value,
            "colour": None if self.is_pointer else content.colour.code,
            "kind": content.kind,
            "owner": held.owner,
            "state": self.state.value,
            "is_reviewed": None
            if self.is_pointer
            else held.reviewed_at is not None and held.since is not None,
            "since": None if self.is_pointer else _moment(held.since),
            "valid_until": None if self.is_pointer or held.end is None else held.end.isoformat(),
        }
        if self.side is None:
            return shown
        return {
            **shown,
            "reference": held.reference,
            "version": held.version,
            "changed_at": _moment(held.changed_at),
            "submitted_at": _moment(held.submitted_at),
            "reviewer": held.reviewer if self.side is Side.REVIEWER else None,
        }

    def as_in_force(self) -> "SeenNotice":
        """Return the same without what waits for review, where something else is in force: nobody acts on it yet."""
        held = self.held
        is_pending = held.since is not None and held.body is not None and held.draft is not None
        return replace(self, held=replace(held, draft=None)) if is_pending else self

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show: others see the record, and nothing of the owner's handling.

        What is in force stands in its fields, for its owner too; what waits for review beside it, in `pending`.
        """
        if self.is_pointer:
            return self.summary()
        content = self.as_in_force().content.to_json()
        shown: dict[str, Json] = {
            **self.summary(),
            "record": content["record"],
            "particulars": content["particulars"],
            "language": content["language"],
            "is_public": content["is_public"],
        }
        if self.side is None:
            return shown
        steps: list[Json] = [step.to_json(named=_is_named(step, self)) for step in self.steps]
        moves: list[Json] = [move.value for move in self.moves]
        pending = None if self.pending is None else self.pending.to_json()
        handling = {name: content[name] for name in ("share", "view", "reliability", "handling_code")}
        return {**shown, "handling": handling, "pending": pending, "steps": steps, "moves": moves}


def narrowed(content: Content, view: View) -> Content:
    """Return a content as far as a view that is not full lets it be read: its record's summary, or nothing."""
    carried = content.colour.carry(content.record, content.particulars)
    names = () if view is View.POINTER else KINDS[content.kind].summary
    return replace(content, record={name: carried[name] for name in names if name in carried}, particulars={})


def _is_named(step: Step, seen: SeenNotice) -> bool:
    """Return whether the account of a step is told: each side names its own people alone."""
    is_owners = step.bureau == seen.held.owner
    return is_owners if seen.side is Side.OWNER else not is_owners


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


@dataclass(frozen=True, slots=True)
class NoticeList:
    """A page of requests; `next` asks for those after them, None at the end."""

    seen: tuple[SeenNotice, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        listed: list[Json] = [one.summary() for one in self.seen]
        return {"notices": listed, "next": self.next}


def read_notice(one: str, form: Form, officer: Officer, purpose: Purpose | None, desk: Desk) -> SeenNotice:
    """Return a request as the officer may see it.

    Raises, after logging, `RefusedError` and `UnknownError`: alike for what is not held and what is not shown.
    """
    return _read((one, form), "done", officer, purpose, desk)


def print_notice(one: str, form: Form, officer: Officer, purpose: Purpose | None, desk: Desk) -> SeenNotice:
    """Return a request as the officer may see it, to be printed as a sheet: its owner learns who took a copy.

    What is in force is printed as it was reviewed, for its owner too: of an update that waits no paper tells that it
    is none yet. Raises as `read_notice`.
    """
    return _read((one, form), "printed", officer, purpose, desk).as_in_force()


def _read(
    wanted: tuple[str, Form], outcome: str, officer: Officer, purpose: Purpose | None, desk: Desk
) -> SeenNotice:
    one, form = wanted
    asked: dict[str, Json] = {"notice": one, "form": form.value}
    grant = leave(officer, Act.NOTICE_READ, desk, asked, purpose)
    with noting(officer, Act.NOTICE_READ, desk, asked):
        seen = see(one, form, grant, desk)
    entry = reading_entry(seen, Act.NOTICE_READ, grant, desk)
    desk.registry.log(msgspec.structs.replace(entry, outcome=outcome))
    return seen


def see(one: str, form: Form, grant: Grant, desk: Desk) -> SeenNotice:
    """Return a request as the grant's bureau may see it, logging nothing; raises `UnknownError`."""
    with desk.registry.read() as connection:
        held = find(connection, one, form)
        side = side_of(held, grant.officer)
        if side is not None:
            return SeenNotice(held, side, tuple(notices.steps(connection, one)))
        view = view_of(connection, held, grant, desk)
        if view is None:
            raise unknown(one)
        return SeenNotice(held, None, view=view)


def reading_entry(seen: SeenNotice, act: Act, grant: Grant, desk: Desk) -> Entry:
    """Return the audit entry of a reading, which names the record, so that its owner learns who read it."""
    asked: dict[str, Json] = {"notice": seen.held.id, "form": seen.held.form.value}
    entry = entry_of(
        grant.officer, act, desk.clock(), "done", purpose=grant.purpose, query=asked_terms(asked)
    )
    return msgspec.structs.replace(entry, records=(seen.held.id,), owners=(seen.held.owner,))


def list_notices(request: NoticeRequest, officer: Officer, purpose: Purpose | None, desk: Desk) -> NoticeList:
    """Return a page of requests: `in_force` and visible, one's `own`, or `waiting` for a reviewer.

    Raises, after logging, `RefusedError`, and `MalformedError` for bounds, choices and cursors that are none.
    """
    asked: dict[str, Json] = {
        "form": request.form.value,
        "scope": request.scope,
        "colour": request.colour,
        "state": request.state,
        "after": request.after,
    }
    act = Act.NOTICE_REVIEW if request.scope == "waiting" else Act.NOTICE_READ
    grant = leave(officer, act, desk, asked, purpose)
    with noting(officer, act, desk, asked):
        wanted, place = _wanted(request), parse_cursor(request.after)
    with desk.registry.read() as connection:
        page = _page(connection, request, wanted, place, (grant, desk))
    entry = entry_of(officer, act, desk.clock(), "done", purpose=purpose, query=asked_terms(asked))
    desk.registry.log(entry)
    return page


def _wanted(request: NoticeRequest) -> Wanted:
    if request.scope not in SCOPES:
        raise MalformedError("not-a-choice", "scope")
    if not 1 <= request.limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")
    if request.colour is not None and request.colour not in COLOURS:
        raise MalformedError("unknown-colour", "colour")
    if request.state is not None and request.state not in set(NoticeState):
        raise MalformedError("not-a-choice", "state")
    # Where a request stands is for those who know how it came about.
    state = NoticeState(request.state) if request.state and request.scope != "in_force" else None
    return Wanted(request.form, request.colour, state)


def _page(
    connection: Connection,
    request: NoticeRequest,
    wanted: Wanted,
    place: Place | None,
    asking: tuple[Grant, Desk],
) -> NoticeList:
    grant, desk = asking
    officer, limit = grant.officer, request.limit
    if request.scope == "own":
        if Act.NOTICE_DRAFT not in officer.acts():
            return NoticeList((), None)
        held = notices.own(connection, officer.bureau.code, wanted, limit, place)
        seen = [SeenNotice(one, Side.OWNER) for one in held]
        return NoticeList(tuple(seen), _next(held, limit, lambda one: one.changed_at))
    if request.scope == "waiting":
        held = notices.waiting(connection, wanted, limit, place)
        seen = [SeenNotice(one, side) for one in held if (side := side_of(one, officer)) is Side.REVIEWER]
        return NoticeList(tuple(seen), _next(held, limit, lambda one: one.submitted_at))
    return _visible_page(connection, wanted, limit, place, (grant, desk))


def _visible_page(
    connection: Connection, wanted: Wanted, limit: int, place: Place | None, asking: tuple[Grant, Desk]
) -> NoticeList:
    """Fill a page with what is visible: what is not leaves no gap, and no page is shorter for it."""
    grant, desk = asking
    bureau = None if is_reviewer(grant.officer) else grant.bureau.code
    seen: list[SeenNotice] = []
    while len(seen) < limit:
        held = notices.in_force(connection, bureau, wanted, limit, place)
        for one in held:
            shown = _listed(connection, one, wanted, (grant, desk))
            if shown is not None and len(seen) < limit:
                seen.append(shown)
        if len(held) < limit:
            return NoticeList(tuple(seen), None) if len(seen) < limit else _full(seen)
        assert held[-1].since is not None, "what is in force is so since a moment"
        place = (held[-1].since, held[-1].id)
    return _full(seen)


def _listed(
    connection: Connection, held: HeldNotice, wanted: Wanted, asking: tuple[Grant, Desk]
) -> SeenNotice | None:
    """Return a request in force as a list shows it; a pointer is in no list of one colour, which would tell it."""
    grant, desk = asking
    side = side_of(held, grant.officer)
    if side is not None:
        return SeenNotice(held, side)
    view = view_of(connection, held, grant, desk)
    if view is None or (view is View.POINTER and wanted.colour is not None):
        return None
    return SeenNotice(held, None, view=view)


def _full(seen: Sequence[SeenNotice]) -> NoticeList:
    return NoticeList(tuple(seen), _next([one.held for one in seen], len(seen), lambda one: one.since))


def _next(
    held: Sequence[HeldNotice], limit: int, when: Callable[[HeldNotice], datetime | None]
) -> str | None:
    """Return the cursor after the last of a full page."""
    if len(held) < limit or not held:
        return None
    at = when(held[-1])
    return None if at is None else f"{at.isoformat()}~{held[-1].id}"


def parse_cursor(text: str | None) -> Place | None:
    """Return the place that a cursor names; raises `MalformedError` `cursor-form`."""
    if text is None or text == "":
        return None
    moment, _, one = clean_text(text, "after", 80).partition("~")
    try:
        at = datetime.fromisoformat(moment)
        is_moment = at.tzinfo is not None
        # Near either end of the calendar a zone can lead out of it.
        place = at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedError("cursor-form", "after") from None
    if not is_moment or not one:
        raise MalformedError("cursor-form", "after")
    return place, one
