"""Between the controller and the owner of a record: it is blocked while a case runs, and its owner is asked.

    blocked: out of every answer, the owner told -> question with a deadline -> the owner's answer -> lifted

The owner says, too, whether the applicant may be told that the record exists: information belongs to its
source. It is not told who the applicant is.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.redress import (
    TEXT_CHARS_MAX,
    bare_id,
    naming,
    open_case_held,
    question_json,
    record_in_case,
)
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json
from comity.records.record import HeldRecord, State
from comity.records.types.text import parse_paragraphs
from comity.registry import events, holdings, redress, retention
from comity.registry.events import Event
from comity.registry.redress import CaseRecord, Done, Question

DAYS_TO_ANSWER = 30
DAYS_MAX = 120
TOPICS: Mapping[str, str] = {"distinction": "hit", "note": "hit", redress.FORMER: "record"}
"""Of what an owner is told, where that is not called as what the case is about."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to an owner, with its words and how many days are left to answer it."""

    question: Question
    words: str
    days_left: int
    kind: str

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        shown = question_json(self.question, self.words, "")
        return {**shown, "days_left": self.days_left, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class OwnersAnswer:
    """What an owner answers about one question, and whether the applicant may be told of the record: it has to say."""

    case: str
    record: str
    number: int
    words: str
    may_disclose: bool | None


def block(ref: str, record: str, officer: Officer, desk: Desk) -> None:
    """Take a record of a case out of every answer while the case runs, and tell its owner.

    A request is not published meanwhile, a standing check meets nothing, a message is withheld from its readers.
    Raises, after logging, `RefusedError`, `UnknownError`, and `ConflictError` where the case is closed, the record
    decided on, or `nothing-to-block`.
    """
    asked: dict[str, Json] = {"case": ref, "record": record}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        with acting_on(asked, "blocked", officer, desk) as (connection, one):
            if one.decision is not None:
                raise ConflictError(what="record", rule="decided")
            if one.kind == "distinction":
                raise ConflictError(what="record", rule="nothing-to-block")
            if one.is_record:
                retention.block(connection, one.number, one.owner, ref, desk.clock())
                holdings.suspend(connection, [record], officer.account, desk.clock())
            redress.change(connection, ref, record, {"is_blocked": 1})
            tell_owner(connection, one, "blocked", desk)
        desk.follower.catch_up()


def lift(connection: Connection, one: CaseRecord, account: str, desk: Desk) -> None:
    """End a case's block of a record, in the caller's transaction.

    It answers again where no other case blocks it and its retention is not over.
    """
    if not one.is_blocked:
        return
    redress.change(connection, one.case, one.record, {"is_blocked": 0})
    if not one.is_record:
        tell_owner(connection, one, "unblocked", desk)
        return
    retention.unblock(connection, one.number, one.case)
    held = holdings.fetch(connection, [one.number]).get(one.number)
    if held is None or held.state is not State.SUSPENDED or retention.blockers(connection, one.number):
        return
    if not _is_over(connection, held, desk):
        holdings.resume(connection, [one.record], account, desk.clock())
        tell_owner(connection, one, "unblocked", desk)


def _is_over(connection: Connection, held: HeldRecord, desk: Desk) -> bool:
    kept_until = retention.kept_until(connection, held.number)
    return desk.retention.ends_on(held, kept_until) <= desk.clock().date()


def consult(ref: str, record: str, words: str, days: int, officer: Officer, desk: Desk) -> Question:
    """Ask the owner of a record of a case, to be answered within so many days; return the question.

    Raises, after logging, `RefusedError`, `UnknownError`, `MalformedError` and `ConflictError`.
    """
    asked: dict[str, Json] = {"case": ref, "record": record, "days": days}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        text = parse_paragraphs(words, "question", TEXT_CHARS_MAX)
        if not 1 <= days <= DAYS_MAX:
            raise MalformedError("out-of-range", "days")
        with acting_on(asked, "consulted", officer, desk) as (connection, one):
            number = 1 + sum(known.record == record for known in redress.questions_of(connection, ref))
            at = desk.clock()
            due_on = at.date() + timedelta(days=days)
            question = Question(ref, record, number, one.owner, at, due_on, None)
            redress.ask(connection, question)
            redress.seal(connection, ref, question.place, desk.box.seal(text))
            tell_owner(connection, one, "redress-asked", desk)
    return question


def questions(officer: Officer, desk: Desk) -> list[Asked]:
    """Return the unanswered questions to the officer's bureau, the one due first before the others.

    What was asked in a case that is closed by now waits for nobody: it would not be taken.
    """
    leave(officer, Act.REDRESS_ANSWER, desk, {"list": "questions"})
    with desk.registry.read() as connection:
        found = redress.questions_to(connection, officer.bureau.code, PAGE_MAX)
        words = [redress.sealed_of(connection, one.case).get(one.place, b"") for one in found]
        kinds = [
            "" if (about := redress.record_in(connection, one.case, one.record)) is None else about.kind
            for one in found
        ]
    asked = {"list": "questions"}
    desk.registry.log(entry_of(officer, Act.REDRESS_ANSWER, desk.clock(), "done", query=asked))
    today = desk.clock().date()
    return [
        Asked(one, desk.box.open(sealed), (one.due_on - today).days, kind)
        for one, sealed, kind in zip(found, words, kinds, strict=True)
    ]


def answer_question(given: OwnersAnswer, officer: Officer, desk: Desk) -> None:
    """Take an owner's answer; a late one is taken as long as the case is open.

    Raises, after logging, `RefusedError`, `MalformedError`, `UnknownError` alike for a question that is not
    and one to another bureau, and `ConflictError` `answered` or `closed`.
    """
    asked: dict[str, Json] = {"case": given.case, "record": given.record, "may_disclose": given.may_disclose}
    leave(officer, Act.REDRESS_ANSWER, desk, asked)
    with noting(officer, Act.REDRESS_ANSWER, desk, asked):
        words = parse_paragraphs(given.words, "answer", TEXT_CHARS_MAX)
        if given.may_disclose is None:
            raise MalformedError("field-missing", "may_disclose")
        entry = entry_of(officer, Act.REDRESS_ANSWER, desk.clock(), "answered", query={**asked})
        with desk.registry.acting(entry) as connection:
            question = _question_to(connection, given, officer.bureau.code)
            open_case_held(connection, given.case)
            if not redress.note_answer(connection, question, desk.clock()):
                raise ConflictError(what="question", rule="answered")
            redress.seal(connection, given.case, question.answer_place, desk.box.seal(words))
            redress.change(connection, given.case, given.record, {"may_disclose": int(given.may_disclose)})
            done = Done(desk.clock(), officer.account, "answered", given.record)
            redress.note_step(connection, given.case, done)


def _question_to(connection: Connection, given: OwnersAnswer, bureau: str) -> Question:
    wanted = (given.record, given.number, bureau)
    for one in redress.questions_of(connection, given.case):
        if (one.record, one.number, one.owner) == wanted:
            return one
    raise UnknownError(what="question", name=given.record[:40])


@contextmanager
def acting_on(
    asked: Mapping[str, Json], outcome: str, officer: Officer, desk: Desk
) -> Generator[tuple[Connection, CaseRecord], None, None]:
    """Open the transaction of one step on one record of an open case: its line, its place in the file."""
    ref, record = str(asked["case"]), str(asked["record"])
    with desk.registry.write() as connection:
        open_case_held(connection, ref)
        one = record_in_case(connection, ref, record)
        yield connection, one
        redress.note_step(connection, ref, Done(desk.clock(), officer.account, outcome, record))
        entry = entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), outcome, query={**asked})
        desk.registry.append(connection, naming(entry, [one]))


def tell_owner(connection: Connection, one: CaseRecord, what: str, desk: Desk) -> None:
    """Tell the owner of what a case is about what became of it."""
    topic = TOPICS.get(one.kind, "record" if one.is_record else one.kind)
    events.tell(connection, [Event(one.owner, topic, what, bare_id(one.record), desk.clock())])
