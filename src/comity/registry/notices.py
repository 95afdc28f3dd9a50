"""Notices and diffusions as the registry keeps them: where each stands, each step, whom and what it names.

notices ─ notice_steps (every move, with its reasons) ─ notice_recipients (of a diffusion) ─ notice_keys

Every function works inside the caller's transaction. The identifier of a request is that of the record which
checks meet while it is in force.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import (
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    Select,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from comity.errors import ConflictError
from comity.records.fieldtype import Json
from comity.records.notices.content import Content, content_from_bytes
from comity.records.notices.states import WAITING, Form, Move, NoticeState
from comity.records.record import HeldRecord, State
from comity.registry.schema import METADATA, RECORDS, Moment

NOTICES = Table(
    "notices",
    METADATA,
    Column("id", String(24), primary_key=True),
    Column("form", String(10), nullable=False),
    Column("colour", String(20), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("owner", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("reference", String(80), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("draft", LargeBinary),  # what waits to be submitted, or for review while the older is in force
    Column("body", LargeBinary),  # what was submitted last; what is in force, once it is
    Column("is_held", Integer, nullable=False),  # 1 where it was refused or suspended before
    Column("is_public", Integer, nullable=False),
    Column("hands", Text, nullable=False),  # who drafted, amended or submitted it: JSON list of persons
    Column("reviewer", String(80)),  # the account that has taken it up
    Column("changed_at", Moment, nullable=False),
    Column("submitted_at", Moment),
    Column("reviewed_at", Moment),  # when a reviewer last published it
    Column("refused_at", Moment),
    Column("since", Moment),  # since when it is in force; none while it is not
    Column("end", Date),  # its last day of validity, once in force
    Index("notices_by_owner", "owner", "changed_at"),
    Index("notices_by_state", "state", "submitted_at"),
    Index("notices_by_since", "since"),
    Index("notices_by_end", "end"),
    Index("notices_by_refusal", "refused_at"),
)

NOTICE_STEPS = Table(
    "notice_steps",
    METADATA,
    Column("notice", String(24), ForeignKey("notices.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("move", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("account", String(80), nullable=False),
    Column("bureau", String(3), nullable=False),
    Column("reasons", Text),
    Column("rules", Text, nullable=False),
    Column("checklist", Text, nullable=False),
)

NOTICE_RECIPIENTS = Table(
    "notice_recipients",
    METADATA,
    Column("notice", String(24), ForeignKey("notices.id"), primary_key=True),
    Column("bureau", String(3), primary_key=True),
    Index("notice_recipients_by_bureau", "bureau"),
)

NOTICE_KEYS = Table(
    "notice_keys",  # under which words and numbers its subject is found again, whatever door it comes by
    METADATA,
    Column("notice", String(24), ForeignKey("notices.id"), primary_key=True),
    Column("key", String(120), primary_key=True),
    Index("notice_keys_by_key", "key"),
)


@dataclass(frozen=True, slots=True)
class HeldNotice:
    """A request as the registry holds it. `version` counts its steps from 1."""

    id: str
    form: Form
    owner: str
    reference: str
    state: NoticeState
    version: int
    draft: Content | None
    body: Content | None
    is_held: bool
    hands: tuple[str, ...]
    reviewer: str | None
    changed_at: datetime
    submitted_at: datetime | None
    reviewed_at: datetime | None
    refused_at: datetime | None
    since: datetime | None
    end: date | None

    @property
    def latest(self) -> Content:
        """The newest content: what waits, or what was submitted last."""
        content = self.draft or self.body
        assert content is not None, "a request says something from its first step on"
        return content


@dataclass(frozen=True, slots=True)
class Step:
    """One move: who made it, when, where it led, why, and what the reviewer answered."""

    version: int
    move: str
    state: NoticeState
    at: datetime
    account: str
    bureau: str
    reasons: str | None = None
    rules: tuple[str, ...] = ()
    checklist: Mapping[str, str] | None = None

    def to_json(self, *, named: bool) -> dict[str, Json]:
        """Return the form that the doors show; `named` tells which account it was."""
        shown: dict[str, Json] = {
            "version": self.version,
            "move": self.move,
            "state": self.state.value,
            "at": self.at.isoformat(),
            "bureau": self.bureau,
            "reasons": self.reasons,
            "rules": list(self.rules),
            "checklist": dict(self.checklist or {}),
        }
        return {**shown, "account": self.account} if named else shown


def _row(held: HeldNotice) -> dict[str, object]:
    latest = held.body or held.latest
    return {
        "id": held.id,
        "form": held.form.value,
        "colour": held.latest.colour.code,
        "kind": held.latest.kind,
        "owner": held.owner,
        "reference": held.reference,
        "state": held.state.value,
        "version": held.version,
        "draft": None if held.draft is None else held.draft.to_bytes(),
        "body": None if held.body is None else held.body.to_bytes(),
        "is_held": int(held.is_held),
        "is_public": int(latest.is_public),
        "hands": msgspec.json.encode(held.hands).decode(),
        "reviewer": held.reviewer,
        "changed_at": held.changed_at,
        "submitted_at": held.submitted_at,
        "reviewed_at": held.reviewed_at,
        "refused_at": held.refused_at,
        "since": held.since,
        "end": held.end,
    }


def _held(row: Row[tuple[object, ...]]) -> HeldNotice:
    return HeldNotice(
        id=row.id,
        form=Form(row.form),
        owner=row.owner,
        reference=row.reference,
        state=NoticeState(row.state),
        version=row.version,
        draft=None if row.draft is None else content_from_bytes(row.draft),
        body=None if row.body is None else content_from_bytes(row.body),
        is_held=bool(row.is_held),
        hands=tuple(msgspec.json.decode(row.hands)),
        reviewer=row.reviewer,
        changed_at=row.changed_at,
        submitted_at=row.submitted_at,
        reviewed_at=row.reviewed_at,
        refused_at=row.refused_at,
        since=row.since,
        end=row.end,
    )


# Made once: each move of a request asks them.
_ONE = select(NOTICES).where(NOTICES.c.id == bindparam("one"))
_STEPS = (
    select(NOTICE_STEPS).where(NOTICE_STEPS.c.notice == bindparam("one")).order_by(NOTICE_STEPS.c.version)
)
_ADD, _ADD_STEP = insert(NOTICES), insert(NOTICE_STEPS)
_CHANGE = (
    update(NOTICES)
    .where(NOTICES.c.id == bindparam("one"), NOTICES.c.version == bindparam("before"))
    .values({name: bindparam(name) for name in NOTICES.c.keys()})  # noqa: SIM118  # its keys, not itself
)
_DROP_RECIPIENTS = delete(NOTICE_RECIPIENTS).where(NOTICE_RECIPIENTS.c.notice == bindparam("one"))


def add(connection: Connection, held: HeldNotice, step: Step) -> None:
    """Enter a new request with its first step; raises `ConflictError` where its reference is taken."""
    if fetch(connection, held.id) is not None:
        raise ConflictError(what="notice", rule="reference-taken")
    connection.execute(_ADD, _row(held))
    _add_step(connection, held, step)


def change(connection: Connection, held: HeldNotice, step: Step) -> None:
    """Store where a request now stands, and the step that led there; `held` carries the new version."""
    done = connection.execute(_CHANGE, {**_row(held), "one": held.id, "before": held.version - 1})
    assert done.rowcount == 1, "writers come one after the other"
    _add_step(connection, held, step)


def _add_step(connection: Connection, held: HeldNotice, step: Step) -> None:
    connection.execute(
        _ADD_STEP,
        {
            "notice": held.id,
            "version": step.version,
            "move": step.move,
            "state": step.state.value,
            "at": step.at,
            "account": step.account,
            "bureau": step.bureau,
            "reasons": step.reasons,
            "rules": msgspec.json.encode(step.rules).decode(),
            "checklist": msgspec.json.encode(step.checklist or {}).decode(),
        },
    )
    connection.execute(_DROP_RECIPIENTS, {"one": held.id})
    if held.form is Form.DIFFUSION and held.body is not None and held.body.share.bureaus:
        rows = [{"notice": held.id, "bureau": code} for code in sorted(held.body.share.bureaus)]
        connection.execute(insert(NOTICE_RECIPIENTS), rows)


def fetch(connection: Connection, one: str) -> HeldNotice | None:
    """Return the request with this identifier, or None."""
    row = connection.execute(_ONE, {"one": one}).first()
    return None if row is None else _held(row)


def steps(connection: Connection, one: str) -> list[Step]:
    """Return the steps of a request, oldest first."""
    rows = connection.execute(_STEPS, {"one": one})
    return [
        Step(
            version=row.version,
            move=row.move,
            state=NoticeState(row.state),
            at=row.at,
            account=row.account,
            bureau=row.bureau,
            reasons=row.reasons,
            rules=tuple(msgspec.json.decode(row.rules)),
            checklist=msgspec.json.decode(row.checklist),
        )
        for row in rows
    ]


def published_first(connection: Connection, ones: Sequence[str]) -> dict[str, datetime]:
    """Return when each of these requests, some two hundred at most, was published for the first time."""
    at = func.min(NOTICE_STEPS.c.at)
    published = and_(NOTICE_STEPS.c.notice.in_(ones), NOTICE_STEPS.c.move == Move.PUBLISH.value)
    rows = connection.execute(
        select(NOTICE_STEPS.c.notice, at).where(published).group_by(NOTICE_STEPS.c.notice)
    )
    return {row[0]: row[1] for row in rows}


Place = tuple[datetime, str]
"""Where a list goes on: the moment and the identifier of the last request seen."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests a list is of; None wants any."""

    form: Form | None = None
    colour: str | None = None
    state: NoticeState | None = None


def own(
    connection: Connection, owner: str, wanted: Wanted, limit: int, after: Place | None
) -> list[HeldNotice]:
    """Return up to `limit` requests of a bureau, changed last first."""
    chosen = _wanted(select(NOTICES).where(NOTICES.c.owner == owner), wanted)
    return _page(connection, chosen, NOTICES.c.changed_at, limit, after)


def waiting(connection: Connection, wanted: Wanted, limit: int, after: Place | None) -> list[HeldNotice]:
    """Return up to `limit` requests that wait for review, submitted first first."""
    states = [state.value for state in NoticeState if state in WAITING]
    is_amended = and_(NOTICES.c.state == NoticeState.SUSPENDED.value, NOTICES.c.draft.is_not(None))
    chosen = _wanted(select(NOTICES).where(or_(NOTICES.c.state.in_(states), is_amended)), wanted)
    when = NOTICES.c.submitted_at
    if after is not None:
        later = and_(when == after[0], NOTICES.c.id > after[1])
        chosen = chosen.where(or_(when > after[0], later))
    rows = connection.execute(chosen.order_by(when, NOTICES.c.id).limit(limit))
    return [_held(row) for row in rows]


def refused(connection: Connection, limit: int, after: Place | None) -> list[HeldNotice]:
    """Return up to `limit` requests that were ever refused, refused last first."""
    chosen = select(NOTICES).where(NOTICES.c.refused_at.is_not(None))
    return _page(connection, chosen, NOTICES.c.refused_at, limit, after)


def in_force(
    connection: Connection, bureau: str | None, wanted: Wanted, limit: int, after: Place | None
) -> list[HeldNotice]:
    """Return up to `limit` requests in force, newest first, each with a record that answers checks.

    Of diffusions only those that are the bureau's own or addressed to it; None leaves none out. Who may see
    the notices among them is for `may_see` to say.
    """
    record = RECORDS.c.public_id == NOTICES.c.id
    answers = and_(record, RECORDS.c.state == State.ACTIVE.value)
    chosen = _wanted(select(NOTICES).join(RECORDS, answers).where(NOTICES.c.since.is_not(None)), wanted)
    if bureau is not None:
        addressed = exists().where(
            NOTICE_RECIPIENTS.c.notice == NOTICES.c.id, NOTICE_RECIPIENTS.c.bureau == bureau
        )
        chosen = chosen.where(or_(NOTICES.c.form == Form.NOTICE.value, NOTICES.c.owner == bureau, addressed))
    return _page(connection, chosen, NOTICES.c.since, limit, after)


def public(connection: Connection, colour: str) -> list[HeldNotice]:
    """Return the notices in force of a colour that their owners made public, newest first."""
    wanted = Wanted(Form.NOTICE, colour)
    found = in_force(connection, None, wanted, PUBLIC_MAX, None)
    return [held for held in found if held.body is not None and held.body.is_public]


PUBLIC_MAX = 100_000


def overdue(connection: Connection, today: date, limit: int) -> list[HeldNotice]:
    """Return up to `limit` requests whose last day of validity is over but that did not end yet.

    A diffusion ends so before anybody has reviewed it, too. One that was sent back keeps the day of its first
    sending while it waits, and is not in force: that day says nothing of what is asked for now.
    """
    ending = [state.value for state in (NoticeState.PUBLISHED, NoticeState.UPDATED, NoticeState.SUSPENDED)]
    unreviewed = [state.value for state in (NoticeState.SUBMITTED, NoticeState.IN_REVIEW)]
    is_ending = or_(
        NOTICES.c.state.in_(ending), and_(NOTICES.c.state.in_(unreviewed), NOTICES.c.since.is_not(None))
    )
    chosen = select(NOTICES).where(NOTICES.c.end < today, is_ending)
    rows = connection.execute(chosen.order_by(NOTICES.c.end, NOTICES.c.id).limit(limit))
    return [_held(row) for row in rows]


def never_in_force(
    connection: Connection, states: Iterable[NoticeState], changed_by: datetime, after_id: str, limit: int
) -> list[HeldNotice]:
    """Return up to `limit` requests without any record, in one of these states and unchanged since, by identifier."""
    has_record = exists().where(RECORDS.c.public_id == NOTICES.c.id)
    chosen = select(NOTICES).where(
        NOTICES.c.id > after_id,
        NOTICES.c.state.in_(sorted(state.value for state in states)),
        NOTICES.c.changed_at <= changed_by,
        ~has_record,
    )
    return [_held(row) for row in connection.execute(chosen.order_by(NOTICES.c.id).limit(limit))]


def forget(connection: Connection, records: Sequence[HeldRecord]) -> None:
    """Remove the requests that rest on these records, which are purged: their words, keys and steps.

    A request has its record's identifier. What was done with it stays in the audit log.
    """
    forget_requests(connection, [one.public_id for one in records])


def forget_requests(connection: Connection, gone: Sequence[str]) -> None:
    """Remove requests: their words, keys and steps."""
    for table in (NOTICE_KEYS, NOTICE_RECIPIENTS, NOTICE_STEPS):
        connection.execute(delete(table).where(table.c.notice.in_(gone)))
    connection.execute(delete(NOTICES).where(NOTICES.c.id.in_(gone)))


def after(connection: Connection, one: str, limit: int) -> list[HeldNotice]:
    """Return up to `limit` requests of any owner and standing, by identifier, after one."""
    chosen = select(NOTICES).where(NOTICES.c.id > one).order_by(NOTICES.c.id).limit(limit)
    return [_held(row) for row in connection.execute(chosen)]


def add_keys(connection: Connection, one: str, keys: Iterable[str]) -> None:
    """Remember under which words and numbers a request's subject is found; earlier ones stay."""
    known = set(connection.execute(select(NOTICE_KEYS.c.key).where(NOTICE_KEYS.c.notice == one)).scalars())
    rows = [{"notice": one, "key": key} for key in sorted(set(keys)) if key not in known]
    if rows:
        connection.execute(insert(NOTICE_KEYS), rows)


def keys_held(connection: Connection, one: str) -> frozenset[str]:
    """Return every key under which the subject of a request was ever found, of earlier contents too."""
    return frozenset(
        connection.execute(select(NOTICE_KEYS.c.key).where(NOTICE_KEYS.c.notice == one)).scalars()
    )


def sharing_keys(connection: Connection, keys: Sequence[str], limit: int) -> list[tuple[HeldNotice, int]]:
    """Return the requests that share keys, with how many they share, most first."""
    if not keys:
        return []
    shared = func.count().label("shared")
    counted = (
        select(NOTICE_KEYS.c.notice, shared)
        .where(NOTICE_KEYS.c.key.in_(list(dict.fromkeys(keys))[:KEYS_MAX]))
        .group_by(NOTICE_KEYS.c.notice)
        .order_by(shared.desc(), NOTICE_KEYS.c.notice)
        .limit(limit)
        .subquery()
    )
    rows = connection.execute(
        select(NOTICES, counted.c.shared)
        .join(counted, counted.c.notice == NOTICES.c.id)
        .order_by(counted.c.shared.desc(), NOTICES.c.id)
    )
    return [(_held(row), int(row.shared)) for row in rows]


KEYS_MAX = 400


def _wanted(chosen: Select[tuple[object, ...]], wanted: Wanted) -> Select[tuple[object, ...]]:
    if wanted.form is not None:
        chosen = chosen.where(NOTICES.c.form == wanted.form.value)
    if wanted.colour is not None:
        chosen = chosen.where(NOTICES.c.colour == wanted.colour)
    if wanted.state is not None:
        chosen = chosen.where(NOTICES.c.state == wanted.state.value)
    return chosen


def _page(
    connection: Connection,
    chosen: Select[tuple[object, ...]],
    when: Column[datetime],
    limit: int,
    after: Place | None,
) -> list[HeldNotice]:
    if after is not None:
        chosen = chosen.where(or_(when < after[0], and_(when == after[0], NOTICES.c.id > after[1])))
    rows = connection.execute(chosen.order_by(when.desc(), NOTICES.c.id).limit(limit))
    return [_held(row) for row in rows]
