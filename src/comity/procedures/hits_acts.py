"""What bureaus do with a hit: ask for confirmation, answer, say what came of it.

    parsed -> authorised -> the hit's next state, its line, whom it is told: one transaction -> the hit's page

A click on a page that is out of date changes nothing and says so: `version`, where stated, must be the hit's.
That a hit was passed on meanwhile, for its time was over, makes no page out of date: a late answer is taken.
Refused, malformed, stale and late ones are logged like what is done.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.access.visibility import may_see
from comity.errors import ConflictError, MalformedError, RefusedError
from comity.procedures.desk import Desk
from comity.procedures.distinctions import distinguish
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.hits import HitPage, concerning, is_answering, naming, page_of, purpose_of
from comity.procedures.leave import leave
from comity.procedures.node_officer import bureau_grant
from comity.procedures.noting import noting
from comity.procedures.trail import parse_moment
from comity.records import hits as steps
from comity.records.fieldtype import Json, clean_text
from comity.records.hits import (
    Closing,
    OpenedHit,
    Outcome,
    Priority,
    Question,
    Reason,
    Reply,
    Word,
)
from comity.records.types.text import parse_paragraphs
from comity.registry import duties, events, hits, holdings, passages
from comity.registry.events import Event
from comity.registry.passages import NOTE, Passage

NOTE_CHARS_MAX = 2000

Choice = TypeVar("Choice", bound=StrEnum)
Stated = Mapping[str, Json]
Step = Callable[[OpenedHit, Stated, Officer, datetime], OpenedHit]
Beside = Callable[[Connection, OpenedHit, Stated], None]


def ask_confirmation(one: str, data: Json, officer: Officer, desk: Desk) -> HitPage:
    """Ask the owner of a hit's record to confirm it, with `priority` and what it needs to know in `note`.

    For the bureau whose check it was. Raises `MalformedError`, `RefusedError`, `UnknownError`, and
    `ConflictError` for a hit that has been asked, answered or closed meanwhile.
    """
    return _act(one, data, Act.HIT_ASK, _asked, (officer, desk))


def answer_hit(one: str, data: Json, officer: Officer, desk: Desk) -> HitPage:
    """Answer for the record: `confirmed`; `refused` with a `reason`; `later` with a moment in `by`.

    For the owner, and for the second addressee once its clock has run out, as long as the owner names it and it may
    see the record. An answer after its time is taken; the first of two holds. Raises as `ask_confirmation`, and
    `ConflictError` `not-answering` where a record is confirmed that answers no check any more.
    """
    return _act(one, data, Act.HIT_ANSWER, _answered, (officer, desk))


def close_hit(one: str, data: Json, officer: Officer, desk: Desk) -> HitPage:
    """Say what came of a hit, in `outcome`; `distinguish` keeps one who is another from being stopped again.

    Raises as `ask_confirmation`, and `ConflictError` `nothing-to-distinguish` where nothing that was asked
    tells the traveller from whom the record means.
    """
    return _act(one, data, Act.HIT_CLOSE, _closed, (officer, desk))


_FIELDS: Mapping[Act, frozenset[str]] = {
    Act.HIT_ASK: frozenset({"priority", "note", "version"}),
    Act.HIT_ANSWER: frozenset({"answer", "reason", "by", "note", "distinguish", "version"}),
    Act.HIT_CLOSE: frozenset({"outcome", "note", "distinguish", "version"}),
}


def _act(one: str, data: Json, act: Act, step: Step, place: tuple[Officer, Desk]) -> HitPage:
    officer, desk = place
    asked = _logged(one, data if isinstance(data, dict) else {})
    leave(officer, act, desk, asked)
    with noting(officer, act, desk, asked):
        stated = _stated(data, act)
        at = desk.clock()
        with desk.registry.quietly() as connection:
            before = concerning(hits.hit_with(connection, one), one, officer)
            _check_version(before, stated)
            if act is Act.HIT_ANSWER:
                _check_answer(connection, before, stated, officer, desk)
            after = step(before, stated, officer, at)
            if duties.duty_of(connection, officer.bureau.code).account == officer.account:
                after = steps.done_on_duty(before, after)
            hits.save(connection, [after])
            if stated.get("note"):
                passages.add(connection, [Passage(NOTE, after.id)])
            if stated.get("distinguish"):
                distinguish(connection, after, officer, desk)
            events.tell(connection, _told(before, after, officer))
            entry = entry_of(
                officer,
                act,
                at,
                "done",
                purpose=purpose_of(after),
                kind=after.meeting.kind,
                query=asked_terms(asked) | _waited(before, after),
            )
            desk.registry.append(connection, naming(entry, after))
    return page_of(after, officer, desk)


_CODES: Final[frozenset[str]] = frozenset(
    code.value for codes in (Priority, Word, Reason, Outcome) for code in codes
)


def _logged(one: str, stated: Stated) -> dict[str, Json]:
    """Return what the log keeps of a step, done or not: codes, numbers and moments, of all else that it was stated.

    Somebody's words may be of a person, in whichever field they were put. The log cannot forget them; the hit forgets
    its notes when its record is purged.
    """
    named = frozenset[str]().union(*_FIELDS.values())
    kept: dict[str, Json] = {"hit": one}
    for name, value in stated.items():
        if name in named and not (name == "note" and not value):
            kept[name] = value if _is_of_ours(name, value) else True
    return kept


def _is_of_ours(name: str, value: Json) -> bool:
    """Return whether a value is a code, a number, a truth or a moment, and so says nothing of a person."""
    if value is None or isinstance(value, bool | int):
        return True
    if not isinstance(value, str) or name != "by":
        return isinstance(value, str) and value in _CODES
    try:
        parse_moment(value, "by")
    except MalformedError:
        return False
    return True


def _waited(before: OpenedHit, after: OpenedHit) -> dict[str, object]:
    """Return what the log notes of the first answer to a question: its priority, and how long it took."""
    question, given = after.question, after.reply
    if question is None or given is None or before.reply is not None:
        return {}
    waited_ms = (given.at - question.at) // timedelta(milliseconds=1)
    return {"priority": question.priority.value, "waited_ms": waited_ms}


def _asked(hit: OpenedHit, stated: Stated, officer: Officer, at: datetime) -> OpenedHit:
    if officer.bureau.code != hit.meeting.bureau:
        raise RefusedError(act=Act.HIT_ASK.value, rule="other-bureau")
    priority = _choice(Priority, stated.get("priority"), "priority")
    return steps.ask(hit, Question(priority, _note(stated), officer.account, at, officer.unit))


def _check_answer(
    connection: Connection, hit: OpenedHit, stated: Stated, officer: Officer, desk: Desk
) -> None:
    """Raise what speaks against an answer as things stand now, not as they stood when the hit was opened.

    Whoever stands in for an owner does so as long as the owner says so, and sees the record: `RefusedError`.
    Nobody confirms a record that answers no check any more: `ConflictError` `not-answering`.
    """
    owner, code = hit.meeting.owner, officer.bureau.code
    held = holdings.fetch_by_id(connection, hit.meeting.record)
    answers = is_answering(connection, held, desk)
    if code != owner and hit.may_answer(code):
        is_named = duties.duty_of(connection, owner).second == code
        grant = bureau_grant(officer.bureau, purpose_of(hit))
        is_seen = held is not None and may_see(grant, owner, held.record.handling) is not None
        if not (is_named and is_seen and answers):
            raise RefusedError(act=Act.HIT_ANSWER.value, rule="other-bureau")
    if stated.get("answer") == Word.CONFIRMED.value and hit.may_answer(code) and not answers:
        raise ConflictError(what="hit", rule="not-answering")


def _answered(hit: OpenedHit, stated: Stated, officer: Officer, at: datetime) -> OpenedHit:
    if not hit.may_answer(officer.bureau.code):
        raise RefusedError(act=Act.HIT_ANSWER.value, rule="other-bureau")
    reason, by = stated.get("reason"), stated.get("by")
    given = Reply(
        word=_choice(Word, stated.get("answer"), "answer"),
        account=officer.account,
        bureau=officer.bureau.code,
        at=at,
        reason=None if reason is None else _choice(Reason, reason, "reason"),
        by=None if by is None else parse_moment(clean_text(by, "by", 40), "by"),
        note=_note(stated),
        unit=officer.unit,
    )
    if given.reason is Reason.NO_LONGER_VALID and officer.bureau.code != hit.meeting.owner:
        # Whoever stands in for an owner says what it knows; whether a record holds is the owner's own word.
        raise ConflictError(what="hit", rule="owner-says-so")
    return steps.reply(hit, given)


def _closed(hit: OpenedHit, stated: Stated, officer: Officer, at: datetime) -> OpenedHit:
    outcome = _choice(Outcome, stated.get("outcome"), "outcome")
    is_asker = officer.bureau.code == hit.meeting.bureau
    if not is_asker and (outcome is not Outcome.NO_LONGER_VALID or officer.bureau.code != hit.meeting.owner):
        raise RefusedError(act=Act.HIT_CLOSE.value, rule="other-bureau")
    end = Closing(outcome, officer.account, officer.bureau.code, at, _note(stated), officer.unit)
    return steps.close(hit, end)


def _told(before: OpenedHit, after: OpenedHit, officer: Officer) -> list[Event]:
    """Return whom a step is told: the other side, and an owner for whom another has answered."""
    meeting, at = after.meeting, after.last_at
    what = _what(before, after)
    sides = {meeting.owner, meeting.bureau, after.second} - {officer.bureau.code, None}
    told = [
        Event(str(bureau), "hit", what, after.id, at, meeting.account if bureau == meeting.bureau else None)
        for bureau in sorted(str(one) for one in sides)
    ]
    if after.closing is not None and after.closing.outcome is Outcome.NO_LONGER_VALID:
        told.append(Event(meeting.owner, "record", "withdrawal-due", meeting.record, at))
    return told


def _what(before: OpenedHit, after: OpenedHit) -> str:
    if after.closing is not None:
        return "closed"
    if after.reply is not None and after.reply != before.reply:
        return {Word.LATER: "promised", Word.CONFIRMED: "confirmed", Word.REFUSED: "refused"}[
            after.reply.word
        ]
    return "asked"


def _stated(data: Json, act: Act) -> Stated:
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "body")
    for name in data:
        if name not in _FIELDS[act]:
            raise MalformedError("unknown-field", name[:200])
    wish = data.get("distinguish")
    if wish is not None and not isinstance(wish, bool):
        raise MalformedError("not-a-choice", "distinguish")
    return data


def _check_version(hit: OpenedHit, stated: Stated) -> None:
    version = stated.get("version")
    if version is None:
        return
    if isinstance(version, bool) or not isinstance(version, int):
        raise MalformedError("number-expected", "version")
    if not hit.is_current(version):
        raise ConflictError(what="hit", rule="stale-hit")


def _note(stated: Stated) -> str:
    note = stated.get("note")
    if note is None or (isinstance(note, str) and not note.strip()):
        return ""
    return parse_paragraphs(note, "note", NOTE_CHARS_MAX)


def _choice(choices: type[Choice], value: Json, field: str) -> Choice:
    if value is None:
        raise MalformedError("field-missing", field)
    if isinstance(value, str) and value in set(choices):
        return choices(value)
    raise MalformedError("not-a-choice", field)
