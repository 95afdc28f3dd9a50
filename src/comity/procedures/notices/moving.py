"""Moving a request: submitted, taken up, sent back, published, refused, suspended, resumed, withdrawn.

asked -> authorised -> parsed -> found, on which side -> the way there is -> stored, in or out of force, logged

One transaction holds all of it, so what was published is met by the next check and what was withdrawn by none.
Nobody decides on a request that they drafted, amended or submitted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, RefusedError
from comity.procedures import retention
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.standing import (
    ACTS,
    LISTS,
    addressee_events,
    check_stated,
    events_of,
    find,
    persons,
    side_of,
    standing_terms,
    unknown,
)
from comity.procedures.notices.subjects import keys_of, make_ready
from comity.procedures.noting import noting
from comity.procedures.submit import refuse_gone
from comity.records.fieldtype import Json, clean_text
from comity.records.notices.colour import Verdict
from comity.records.notices.content import Content
from comity.records.notices.states import DECIDING, Form, Move, NoticeState, Side, Way, is_in_force, way
from comity.records.types.text import parse_line, parse_paragraphs
from comity.registry import events, holdings, notices, redress
from comity.registry.holdings import Submission
from comity.registry.notices import HeldNotice, Step
from comity.registry.registry import Handed

ANSWERS = ("yes", "no")
REASONS_CHARS_MAX = 4000
RULES_MAX = 30
FIELDS = frozenset({"move", "version", "reasons", "rules", "checklist"})
REASONED = frozenset({Move.RETURN, Move.REFUSE, Move.SUSPEND, Move.RESUME})
"""Moves that nobody makes without saying why."""


@dataclass(frozen=True, slots=True)
class MoveRequest:
    """A move as it is asked for. `version` is the one that whoever asks has read."""

    move: Move
    version: int
    reasons: str | None = None
    rules: tuple[str, ...] = ()
    checklist: Mapping[str, str] = field(default_factory=dict[str, str])


def move(one: str, form: Form, data: Json, officer: Officer, desk: Desk) -> HeldNotice:
    """Make a move; return the request as it then stands.

    Raises, after logging: `RefusedError` (`own-request`, `secretariat-only`), `MalformedError`, `UnknownError`
    alike for what is not held and what is not one's own; `ConflictError` `notice-moved-on`, `not-in-that-state`,
    `taken-by-another`.
    """
    stated: Mapping[str, Json] = data if isinstance(data, dict) else {}
    wanted = stated.get("move")
    known = Move(wanted) if isinstance(wanted, str) and wanted in set(Move) else None
    act = Act.NOTICE_READ if known is None else ACTS[known]
    asked = _logged(one, known, stated)
    leave(officer, act, desk, asked)
    with noting(officer, act, desk, asked):
        request = parse_move(data)
        if request.move is Move.SUBMIT:
            _make_ready(one, officer, desk)
        with desk.registry.write() as connection:
            held = find(connection, one, form)
            changed = _moved(connection, held, request, officer, desk)
            entry = entry_of(
                officer,
                act,
                desk.clock(),
                "done",
                kind=changed.latest.kind,
                query={**asked, **standing_terms(held, changed)},
            )
            desk.registry.append(connection, entry)
            return changed


def _logged(one: str, known: Move | None, stated: Mapping[str, Json]) -> dict[str, Json]:
    """Return what the log keeps of a move, made or not: that there were reasons, and not what they say of a person.

    The log cannot forget; the request forgets its steps when it is purged or erased.
    """
    version = stated.get("version")
    kept: dict[str, Json] = {"notice": one, "move": None if known is None else known.value}
    kept["version"] = version if isinstance(version, int) else None
    return kept | ({"reasons": True} if stated.get("reasons") else {})


def _make_ready(one: str, officer: Officer, desk: Desk) -> None:
    """Make the keys of a request's names ahead of the transaction that needs them, where it is the officer's own.

    What is made of another bureau's would tell, by the time that takes, that it is there.
    """
    with desk.registry.read() as connection:
        held = notices.fetch(connection, one)
    if held is not None and side_of(held, officer) is Side.OWNER:
        make_ready(held.latest.kind, held.latest.record)


def parse_move(data: Json) -> MoveRequest:
    """Return the move that `data` asks for; raises `MalformedError`."""
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "move")
    for name in data:
        if name not in FIELDS:
            raise MalformedError("unknown-field", name[:200])
    wanted, version, reasons = data.get("move"), data.get("version"), data.get("reasons")
    if not isinstance(wanted, str) or wanted not in set(Move) - {Move.AMEND, Move.EXPIRE}:
        raise MalformedError("unknown-move", "move")
    if version is None:
        raise MalformedError("field-missing", "version")
    if isinstance(version, bool) or not isinstance(version, int):
        raise MalformedError("number-expected", "version")
    text = None if reasons in (None, "") else parse_paragraphs(reasons, "reasons", REASONS_CHARS_MAX)
    request = MoveRequest(
        Move(wanted), version, text, _rules(data.get("rules")), _checklist(data.get("checklist"))
    )
    if request.move in REASONED and text is None:
        raise MalformedError("reasons-missing", "reasons")
    return request


def _rules(value: Json) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedError("list-expected", "rules")
    if len(value) > RULES_MAX:
        raise MalformedError("too-many-values", "rules")
    return tuple(parse_line(one, "rules", 80) for one in value)


def _checklist(value: Json) -> Mapping[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedError("object-expected", "checklist")
    answers: dict[str, str] = {}
    for code, answer in list(value.items())[:RULES_MAX]:
        if not isinstance(answer, str) or answer not in ANSWERS:
            raise MalformedError("not-a-choice", "checklist")
        answers[clean_text(code, "checklist", 40)] = answer
    return answers


def _moved(
    connection: Connection, held: HeldNotice, request: MoveRequest, officer: Officer, desk: Desk
) -> HeldNotice:
    side, leads = _checked(connection, held, request, officer)
    if request.move is Move.SUBMIT:
        check_stated(held.latest, desk)
    if request.move is Move.PUBLISH:
        _check_publication(held.latest, request, desk.clock().date())
    changed = _after(held, request, leads, officer, desk)
    if side is Side.OWNER:
        changed = replace(changed, hands=tuple(sorted({*held.hands, *persons(connection, officer)})))
    changed = _in_force(connection, held, changed, officer, desk)
    step = Step(
        changed.version,
        request.move.value,
        changed.state,
        changed.changed_at,
        officer.account,
        officer.bureau.code,
        request.reasons,
        request.rules,
        request.checklist,
    )
    notices.change(connection, changed, step)
    if request.move is Move.SUBMIT:
        notices.add_keys(connection, held.id, keys_of(held.latest))
    what = request.move.value
    told = events_of(changed, what, officer, desk)
    events.tell(connection, [*told, *addressee_events(held, changed, what, officer, desk)])
    return changed


def _checked(
    connection: Connection, held: HeldNotice, request: MoveRequest, officer: Officer
) -> tuple[Side, Way]:
    """Return on which side the officer stands and where the move leads; raises what speaks against it."""
    side = side_of(held, officer)
    if side is None:
        raise unknown(held.id)
    if held.version != request.version:
        raise ConflictError(what="notice", rule="notice-moved-on")
    leads = way(held.state, request.move, is_pending=held.draft is not None)
    act = ACTS[request.move].value
    if leads is None:
        raise ConflictError(what="notice", rule="not-in-that-state")
    if side not in leads.sides:
        if side is Side.OWNER:
            raise RefusedError(act=act, rule="secretariat-only")
        raise ConflictError(what="notice", rule="not-in-that-state")
    if side is Side.REVIEWER:
        if persons(connection, officer) & set(held.hands):
            raise RefusedError(act=act, rule="own-request")
        if request.move in DECIDING and held.reviewer != officer.account:
            raise ConflictError(what="notice", rule="taken-by-another")
    return side, leads


def _check_publication(content: Content, request: MoveRequest, today: date) -> None:
    """Raise `MalformedError` where the reviewer has not answered everything, or goes beyond a rule unexplained."""
    questions = content.colour.questions()
    if any(code not in request.checklist for code in questions):
        raise MalformedError("checklist-unanswered", "checklist")
    if any(request.checklist[code] == "no" for code in questions):
        raise MalformedError("checklist-against", "checklist")
    stated = content.stated(today)
    is_open = any(one.verdict is Verdict.MISSING for one in content.colour.findings(stated))
    if content.valid_until is not None and content.valid_until < today:
        raise MalformedError("date-past", "valid_until")  # it waited for review until its last day was over
    if request.reasons is None and (is_open or content.colour.flags(stated)):
        raise MalformedError("reasons-missing", "reasons")


def _after(held: HeldNotice, request: MoveRequest, leads: Way, officer: Officer, desk: Desk) -> HeldNotice:
    """Return the request after a move, but for what brings it in or out of force."""
    at = desk.clock()
    changed = replace(held, state=leads.after, version=held.version + 1, changed_at=at)
    match request.move:
        case Move.SUBMIT:
            return replace(changed, body=held.latest, draft=None, submitted_at=at, reviewer=None)
        case Move.TAKE:
            return replace(changed, reviewer=officer.account)
        case Move.PUBLISH:
            end = held.latest.end(at.date())
            return replace(
                changed, body=held.latest, draft=None, reviewer=None, reviewed_at=at, end=end, is_held=False
            )
        case Move.REFUSE if held.state in {NoticeState.UPDATED, NoticeState.SUSPENDED}:
            return replace(changed, draft=None, reviewer=None)
        case Move.REFUSE:
            return replace(changed, reviewer=None, refused_at=at, is_held=True)
        case Move.RETURN:
            return replace(changed, draft=held.body, reviewer=None, is_held=True)
        case Move.SUSPEND:
            return replace(changed, reviewer=None, is_held=True)
        case Move.RESUME:
            state = NoticeState.PUBLISHED if held.draft is None else NoticeState.UPDATED
            return replace(changed, state=state, is_held=False)
        case _:
            return replace(changed, reviewer=None)


def _in_force(
    connection: Connection, held: HeldNotice, changed: HeldNotice, officer: Officer, desk: Desk
) -> HeldNotice:
    """Bring the record of the request into the answers of checks, or take it out; return the request so."""
    at = desk.clock()
    if not is_in_force(changed.form, changed.state, is_held=changed.is_held):
        if held.since is not None:
            holdings.withdraw(connection, [held.id], officer.account, at)
        return replace(changed, since=None)
    if held.since is not None and changed.body == held.body and changed.end == held.end:
        return changed
    assert changed.body is not None, "what is in force was submitted"
    end = changed.end or changed.body.end(at.date())
    put_in_force(connection, replace(changed, end=end), officer, desk)
    return replace(changed, end=end, since=held.since or at)


def put_in_force(connection: Connection, held: HeldNotice, officer: Officer, desk: Desk) -> None:
    """Enter the record of a request, or its newer version.

    Raises `RefusedError` for one erased by decision, and `ConflictError` `blocked-by-case` while a case blocks it.
    """
    assert held.body is not None, "what is in force was submitted"
    assert held.end is not None, "what is in force has an end"
    if redress.blocked_things(connection, [held.id]):
        raise ConflictError(what="notice", rule="blocked-by-case")
    # A record's retention is over on the day named; a notice is valid through its last day.
    record = held.body.to_record(held.reference, held.end + timedelta(days=1))
    before = holdings.fetch_by_id(connection, held.id)
    if before is not None:  # whom the owner has opened it to at their request
        record = replace(record, handling=replace(record.handling, opened=before.record.handling.opened))
    submission = Submission(held.owner, LISTS[held.form], "own", record)
    receipt = desk.registry.accept(connection, Handed([submission], officer.account, desk.clock()))[0]
    refuse_gone(receipt, Act.NOTICE_PUBLISH)
    assert receipt.public_id == held.id, "a request is named as its record"
    retention.renew(connection, held.id, held.end + timedelta(days=1), officer, desk)
