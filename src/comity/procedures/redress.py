"""The controller's files: a case from the request on, with everything that was done in it.

    request -> opened, the applicant sealed apart -> found, attached -> blocked -> owners consulted -> decided
    -> carried out -> closed

The clocks: four months to answer a request for access, nine for one to correct or delete (statute of the
Commission for the Control of INTERPOL's Files). Who asks stands in sealed texts alone: police files, the log
and a dump of the tables do not name them.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.shown import receipt_json
from comity.procedures.noting import noting
from comity.procedures.records_page import shown_data
from comity.procedures.redress_beside import Beside, beside
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_things import thing_with
from comity.procedures.trail import PAGE_MAX, act_json
from comity.records.fieldtype import Json
from comity.records.handling import View
from comity.records.record import HeldRecord
from comity.records.retention import months_after
from comity.records.types.dates import parse_date
from comity.records.types.text import parse_line, parse_paragraphs
from comity.registry import audit_log, histories, holdings, messages, messages_held, redress
from comity.registry.histories import HeldVersion
from comity.registry.messages import Receipt
from comity.registry.redress import Case, CaseRecord, Done, Question

MONTHS: Mapping[str, int] = {"access": 4, "correction": 9, "deletion": 9}
"""How many months a case of each kind may take."""

APPLICANT = ("name", "born", "contact", "representative")
TEXT_CHARS_MAX = 4000
MET_MAX = 50


@dataclass(frozen=True, slots=True)
class Request:
    """What an applicant asks: for `access`, `correction` or `deletion`; who they are, and their own words."""

    kind: str
    applicant: Mapping[str, str]
    words: str
    received_on: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as a list shows it: how many days are left, fewer than none where it is late."""

    case: Case
    name: str
    days_left: int

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {**case_json(self.case), "applicant": self.name, "days_left": self.days_left}


@dataclass(frozen=True, slots=True)
class Cases:
    """A page of cases; `next` asks for those after it, None at the end."""

    cases: tuple[Standing, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"cases": [one.to_json() for one in self.cases], "next": self.next}


@dataclass(frozen=True, slots=True)
class AboutRecord:
    """What a case is about with what a controller needs to judge it; nothing of it is held once it is erased.

    `held` is the record, `beside` what stands beside it; `thing` is what is no record. `met` are the last acts
    that showed it to anybody, newest first; `readers` the bureaus that a message went to, and when they read it.
    `named_in` are the fields in which the record names the applicant, where it is about somebody or something else.
    """

    standing: CaseRecord
    held: HeldRecord | None
    beside: Beside | None
    thing: Thing | None
    readers: tuple[Receipt, ...]
    versions: tuple[HeldVersion, ...]
    met: tuple[Entry, ...]
    questions: tuple[tuple[Question, str, str], ...]
    reasons: str
    named_in: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        one = self.standing
        questions: list[Json] = [question_json(*asked) for asked in self.questions]
        shown: dict[str, Json] = {
            "record": one.record,
            "kind": one.kind,
            "owner": one.owner,
            "blocked": one.is_blocked,
            "decision": one.decision,
            "done": one.is_done,
            "may_disclose": one.may_disclose,
            "reasons": self.reasons or None,
            "named_in": [*self.named_in],
            "receipt": None if one.digest is None else one.digest.hex(),
            "questions": questions,
            "held": None if self.held is None else held_json(self.held),
            "beside": None if self.beside is None else self.beside.to_json(),
            "thing": None if self.thing is None else self.thing.to_json(),
            "readers": [receipt_json(one) for one in self.readers],
            "versions": [
                {"version": version.number, "state": version.state.value, "at": version.at.isoformat()}
                for version in self.versions
            ],
            "met": [act_json(entry) for entry in self.met],
        }
        return shown


@dataclass(frozen=True, slots=True)
class Dossier:
    """A whole case: the applicant and their words, its records, and what was done, in order."""

    standing: Standing
    applicant: Mapping[str, str]
    words: str
    records: tuple[AboutRecord, ...]
    steps: tuple[Done, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        records: list[Json] = [one.to_json() for one in self.records]
        steps: list[Json] = [
            {"at": one.at.isoformat(), "account": one.account, "what": one.what, "record": one.record}
            for one in self.steps
        ]
        applicant: dict[str, Json] = {**self.applicant}
        return {
            "case": self.standing.to_json(),
            "applicant": applicant,
            "request": self.words,
            "records": records,
            "steps": steps,
        }


def open_case(request: Request, officer: Officer, desk: Desk) -> Case:
    """Open a case and return it. Raises, after logging, `RefusedError` and `MalformedError`."""
    asked: dict[str, Json] = {"kind": request.kind}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        if request.kind not in MONTHS:
            raise MalformedError("not-a-choice", "kind")
        applicant = _applicant(request.applicant)
        words = parse_paragraphs(request.words, "request", TEXT_CHARS_MAX)
        at = desk.clock()
        ref = f"R-{at.year}-{secrets.token_hex(4).upper()}"
        due_on = months_after(_received(request.received_on, at), MONTHS[request.kind])
        case = Case(ref, request.kind, "open", at, due_on, None, officer.account)
        entry = entry_of(officer, Act.REDRESS_HANDLE, at, "opened", query={**asked, "case": ref})
        with desk.registry.acting(entry) as connection:
            redress.open_case(connection, case)
            redress.seal(connection, ref, "applicant", desk.box.seal(json.dumps(applicant)))
            redress.seal(connection, ref, "request", desk.box.seal(words))
            redress.note_step(connection, ref, Done(at, officer.account, "opened", None))
    return case


def _applicant(stated: Mapping[str, str]) -> dict[str, str]:
    name = parse_line(stated.get("name"), "name", 200)
    rest = {
        one: parse_line(text, one, 500)
        for one in APPLICANT
        if one != "name" and (text := stated.get(one, "").strip())
    }
    return {"name": name, **rest}


def _received(text: str, at: datetime) -> date:
    if not text.strip():
        return at.date()
    received = date.fromisoformat(str(parse_date(text, "received_on")))
    if received > at.date():
        raise MalformedError("date-future", "received_on")
    return received


def list_cases(officer: Officer, desk: Desk, limit: int = PAGE_MAX, after: str | None = None) -> Cases:
    """Return a page of the cases, the one due first before the others, closed ones last.

    `after` is the case that the page before ended with. Raises, after logging, `RefusedError`, `MalformedError` for
    the limit, and `UnknownError`.
    """
    asked: dict[str, Json] = {"list": "cases", "after": after}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked), desk.registry.read() as connection:
        if not 1 <= limit <= PAGE_MAX:
            raise MalformedError("out-of-range", "limit")
        last = None if after is None else case_held(connection, after)
        found = redress.cases(connection, limit, last)
        names = [_opened(redress.sealed_of(connection, case.ref), desk)["applicant"] for case in found]
    desk.registry.log(entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), "done", query=asked_terms(asked)))
    shown = [_standing(case, json.loads(name)["name"], desk) for case, name in zip(found, names, strict=True)]
    return Cases(tuple(shown), found[-1].ref if len(found) == limit else None)


def dossier(ref: str, officer: Officer, desk: Desk) -> Dossier:
    """Return a whole case; its records' owners learn from their trails that it was read.

    Raises, after logging, `RefusedError` and `UnknownError`.
    """
    asked: dict[str, Json] = {"case": ref}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked), desk.registry.read() as connection:
        case = case_held(connection, ref)
        texts = _opened(redress.sealed_of(connection, ref), desk)
        questions = redress.questions_of(connection, ref)
        records = tuple(
            _about(one, connection, desk, questions, texts) for one in redress.records_of(connection, ref)
        )
        steps = tuple(redress.steps_of(connection, ref))
    entry = entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), "read", query={**asked})
    desk.registry.log(naming(entry, [one.standing for one in records]))
    applicant = json.loads(texts["applicant"])
    return Dossier(_standing(case, applicant["name"], desk), applicant, texts["request"], records, steps)


def _about(
    one: CaseRecord,
    connection: Connection,
    desk: Desk,
    questions: Sequence[Question],
    texts: Mapping[str, str],
) -> AboutRecord:
    held = holdings.fetch_by_id(connection, one.record)
    one = one if held is None else as_held(one, held)
    thing = None if held is not None else thing_with(connection, one.record, desk)
    asked = tuple(
        (question, texts.get(question.place, ""), texts.get(question.answer_place, ""))
        for question in questions
        if question.record == one.record
    )
    stands_at = None if thing is None else thing.stands_at
    met = audit_log.entries_on(connection, stands_at or one.record, MET_MAX)
    return AboutRecord(
        one,
        held,
        None if held is None else beside(connection, one.record, held.number),
        thing,
        _readers(connection, thing),
        () if held is None else tuple(reversed(histories.history(connection, held))),
        tuple(logged.entry for logged in met),
        asked,
        texts.get(f"reasons.{one.record}", ""),
        tuple(json.loads(texts.get(f"named_in.{one.record}", "[]"))),
    )


def _readers(connection: Connection, thing: Thing | None) -> tuple[Receipt, ...]:
    if thing is None or thing.kind != "message":
        return ()
    held = messages_held.held_with(connection, thing.id)
    return () if held is None else tuple(messages.receipts(connection, [held.number])[held.number])


def close(ref: str, officer: Officer, desk: Desk) -> None:
    """Close a case in which every record is decided on, and every decision carried out.

    Raises, after logging, `RefusedError`, `UnknownError`, and `ConflictError` `undecided` or `closed`.
    """
    asked: dict[str, Json] = {"case": ref}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        entry = entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), "closed", query={**asked})
        with desk.registry.acting(entry) as connection:
            open_case_held(connection, ref)
            if not all(one.is_done for one in redress.records_of(connection, ref)):
                raise ConflictError(what="case", rule="undecided")
            redress.close_case(connection, ref, desk.clock())
            redress.note_step(connection, ref, Done(desk.clock(), officer.account, "closed", None))


def case_held(connection: Connection, ref: str) -> Case:
    """Return a case; raises `UnknownError`."""
    case = redress.case_named(connection, ref)
    if case is None:
        raise UnknownError(what="case", name=ref[:40])
    return case


def open_case_held(connection: Connection, ref: str) -> Case:
    """Return a case that is open; raises `UnknownError`, and `ConflictError` `closed`."""
    case = case_held(connection, ref)
    if case.state != "open":
        raise ConflictError(what="case", rule="closed")
    return case


def record_in_case(connection: Connection, ref: str, record: str) -> CaseRecord:
    """Return what a case is about, by its identifier; raises `UnknownError`.

    In a transaction that writes: a request that came into force meanwhile is a record from now on.
    """
    found = redress.record_in(connection, ref, record)
    if found is None:
        raise UnknownError(what="record", name=record[:40])
    if found.is_record:
        return found
    held = holdings.fetch_by_id(connection, record)
    if held is None:
        return found
    found = as_held(found, held)
    redress.change(connection, ref, record, {"number": found.number, "kind": found.kind})
    return found


def as_held(one: CaseRecord, held: HeldRecord) -> CaseRecord:
    """Return what a case is about as the record that it has become."""
    return one if one.is_record else replace(one, number=held.number, kind=held.record.kind.code)


def naming(entry: Entry, records: Sequence[CaseRecord]) -> Entry:
    """Return the entry with the records and requests it is about, so that their owners learn of it.

    What a record said before is its owner's, too, and stands there under the record.
    """
    named = [one for one in records if one.is_record or one.kind in {"notice", "diffusion", redress.FORMER}]
    ids, owners = tuple(bare_id(one.record) for one in named), tuple(one.owner for one in named)
    return msgspec.structs.replace(entry, records=ids, owners=owners)


def bare_id(one: str) -> str:
    """Return the identifier of the record, or of the hit, whose former versions or notes an identifier means."""
    return one.partition(".")[0]


def case_json(case: Case) -> dict[str, Json]:
    """Return a case as the doors show it, without the applicant."""
    return {
        "case": case.ref,
        "kind": case.kind,
        "state": case.state,
        "opened_at": case.opened_at.isoformat(),
        "due_on": case.due_on.isoformat(),
        "closed_at": None if case.closed_at is None else case.closed_at.isoformat(),
    }


def question_json(question: Question, words: str, answer: str) -> dict[str, Json]:
    """Return a question to an owner as the doors show it; `answer` is empty until there is one."""
    return {
        "case": question.case,
        "record": question.record,
        "number": question.number,
        "asked_at": question.asked_at.isoformat(),
        "due_on": question.due_on.isoformat(),
        "question": words,
        "answer": answer or None,
    }


def held_json(held: HeldRecord) -> dict[str, Json]:
    """Return a record whole, with where it comes from and on what ground it is held."""
    record = held.record
    return {
        "source_id": record.source_id,
        "list": held.list_name,
        "state": held.state.value,
        "notice": record.notice,
        "entered_at": held.entered_at.isoformat(),
        "changed_at": held.changed_at.isoformat(),
        "handling": record.handling.to_json(),
        "data": shown_data(record, View.FULL),
    }


def _standing(case: Case, name: str, desk: Desk) -> Standing:
    return Standing(case, name, (case.due_on - desk.clock().date()).days)


def _opened(sealed: Mapping[str, bytes], desk: Desk) -> dict[str, str]:
    return {place: desk.box.open(text) for place, text in sealed.items()}
