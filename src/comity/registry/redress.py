"""The controller's files: cases, the records they are about, what owners were asked, what was done, in order.

    redress_cases ─ redress_records (whatever a case is about) ─ redress_questions (to owners)
                  ├ redress_steps (what was done)
                  └ redress_sealed (the applicant, the request, reasons: sealed, apart from police data)

Who asks is written nowhere but in a sealed text: neither a dump of the tables nor the log shows it. Every
function works in the caller's transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    and_,
    func,
    insert,
    or_,
    select,
    update,
)

from comity.registry.schema import METADATA, Moment, in_plain_order

CASES = Table(
    "redress_cases",
    METADATA,
    Column("ref", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),  # access, correction, deletion
    Column("state", String(20), nullable=False),  # open, closed
    Column("opened_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("closed_at", Moment),
    Column("account", String(80), nullable=False),
    Index("redress_cases_by_due", "state", "due_on"),
)

SEALED = Table(
    "redress_sealed",
    METADATA,
    Column("case_ref", String(40), ForeignKey("redress_cases.ref"), primary_key=True),
    Column("place", String(80), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

RECORDS_OF_CASES = Table(
    "redress_records",
    METADATA,
    Column("case_ref", String(40), ForeignKey("redress_cases.ref"), primary_key=True),
    Column("record", String(24), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("owner", String(3), nullable=False),
    Column("kind", String(40), nullable=False),  # of the record; or notice, diffusion, watch, message ...
    Column("is_blocked", Integer, nullable=False),
    Column("decision", String(20)),  # none yet; compliant, correct, erase, not-concerned
    Column("version_decided", Integer),
    Column("is_done", Integer, nullable=False),
    Column("may_disclose", Integer),  # none until the owner has answered
    Column("digest", LargeBinary(32)),  # of what was erased
    Column("seq", BigInteger),
    Index("redress_records_by_record", "record"),
)

QUESTIONS = Table(
    "redress_questions",
    METADATA,
    Column("case_ref", String(40), ForeignKey("redress_cases.ref"), primary_key=True),
    Column("record", String(24), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("owner", String(3), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("answered_at", Moment),
    Index("redress_questions_by_owner", "owner", "answered_at", "due_on"),
)

STEPS = Table(
    "redress_steps",
    METADATA,
    Column("case_ref", String(40), ForeignKey("redress_cases.ref"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("account", String(80), nullable=False),
    Column("what", String(20), nullable=False),
    Column("record", String(24)),
)


FORMER: Final = "former"
BESIDE: Final = frozenset({FORMER, "note", "proposal", "access"})
"""What stands beside a record of somebody else, or was said by it before: a case reaches it without the record."""

THINGS: Final = frozenset({"notice", "diffusion", "watch", "message", "distinction"}) | BESIDE
"""What else than records a case can be about: requests that rest on no record, standing checks, messages, who was
found not to be meant by a record, and what stands beside one."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case: `access`, `correction` or `deletion`, open or closed, and the day by which it is to be decided."""

    ref: str
    kind: str
    state: str
    opened_at: datetime
    due_on: date
    closed_at: datetime | None
    account: str


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """What a case is about: whether the case blocks it, what was decided, whether that is carried out.

    `record` is its identifier. `kind` is the record's; what is no record has one of `THINGS` for its kind, and
    no number. `may_disclose` is what its owner said of telling the applicant; None where it has not answered.
    """

    case: str
    record: str
    number: int
    owner: str
    kind: str
    is_blocked: bool
    decision: str | None
    version_decided: int | None
    is_done: bool
    may_disclose: bool | None
    digest: bytes | None
    seq: int | None

    @property
    def is_record(self) -> bool:
        """Whether it is a record, and not another thing that is held."""
        return self.kind not in THINGS


@dataclass(frozen=True, slots=True)
class Question:
    """What an owner is asked about one record of a case, and until when."""

    case: str
    record: str
    number: int
    owner: str
    asked_at: datetime
    due_on: date
    answered_at: datetime | None

    @property
    def place(self) -> str:
        """Where the question's words are sealed; the answer's, `answer_place`."""
        return f"question.{self.record}.{self.number}"

    @property
    def answer_place(self) -> str:
        """Where the answer's words are sealed."""
        return f"answer.{self.record}.{self.number}"


@dataclass(frozen=True, slots=True)
class Done:
    """One step of a case: what was done, when, by which account, to which record."""

    at: datetime
    account: str
    what: str
    record: str | None


def open_case(connection: Connection, case: Case) -> None:
    """Enter a case."""
    connection.execute(
        insert(CASES).values(
            ref=case.ref,
            kind=case.kind,
            state=case.state,
            opened_at=case.opened_at,
            due_on=case.due_on,
            account=case.account,
        )
    )


def case_named(connection: Connection, ref: str) -> Case | None:
    """Return a case by its reference, or None."""
    row = connection.execute(select(CASES).where(CASES.c.ref == ref)).first()
    return None if row is None else Case(*row)


def cases(connection: Connection, limit: int, after: Case | None = None) -> list[Case]:
    """Return the open cases, the one due first before the others, then closed ones; at most `limit`, after one."""
    chosen = select(CASES)
    if after is not None:
        later = or_(
            CASES.c.due_on > after.due_on, and_(CASES.c.due_on == after.due_on, CASES.c.ref > after.ref)
        )
        chosen = chosen.where(or_(CASES.c.state < after.state, and_(CASES.c.state == after.state, later)))
    ordered = chosen.order_by(CASES.c.state.desc(), CASES.c.due_on, CASES.c.ref).limit(limit)
    return [Case(*row) for row in connection.execute(ordered)]


def close_case(connection: Connection, ref: str, at: datetime) -> None:
    """Note that a case is closed."""
    connection.execute(update(CASES).where(CASES.c.ref == ref).values(state="closed", closed_at=at))


def seal(connection: Connection, ref: str, place: str, sealed: bytes) -> None:
    """Keep a sealed text of a case, over the one that stood there."""
    there = and_(SEALED.c.case_ref == ref, SEALED.c.place == place)
    if connection.execute(update(SEALED).where(there).values(sealed=sealed)).rowcount == 0:
        connection.execute(insert(SEALED).values(case_ref=ref, place=place, sealed=sealed))


def sealed_of(connection: Connection, ref: str) -> dict[str, bytes]:
    """Return the sealed texts of a case by their place."""
    rows = connection.execute(select(SEALED.c.place, SEALED.c.sealed).where(SEALED.c.case_ref == ref))
    return {row[0]: row[1] for row in rows}


def attach(connection: Connection, one: CaseRecord) -> bool:
    """Make a case be about a record, too; return whether it was not yet."""
    if record_in(connection, one.case, one.record) is not None:
        return False
    connection.execute(
        insert(RECORDS_OF_CASES).values(
            case_ref=one.case,
            record=one.record,
            number=one.number,
            owner=one.owner,
            kind=one.kind,
            is_blocked=0,
            is_done=0,
        )
    )
    return True


def change(connection: Connection, ref: str, record: str, values: Mapping[str, object]) -> None:
    """Note what became of a record in a case."""
    there = and_(RECORDS_OF_CASES.c.case_ref == ref, RECORDS_OF_CASES.c.record == record)
    connection.execute(update(RECORDS_OF_CASES).where(there).values(**values))


def records_of(connection: Connection, ref: str) -> list[CaseRecord]:
    """Return the records that a case is about, by owner."""
    chosen = select(RECORDS_OF_CASES).where(RECORDS_OF_CASES.c.case_ref == ref)
    ordered = chosen.order_by(RECORDS_OF_CASES.c.owner, RECORDS_OF_CASES.c.record)
    return [_case_record(tuple(row)) for row in connection.execute(ordered)]


def record_in(connection: Connection, ref: str, record: str) -> CaseRecord | None:
    """Return a record as a case has it, or None."""
    return next((one for one in records_of(connection, ref) if one.record == record), None)


def blocked_things(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of these things, which are no records, that a case blocks."""
    here = RECORDS_OF_CASES.c
    chosen = select(here.record).where(
        here.record.in_(ids), here.is_blocked == 1, here.kind.in_(sorted(THINGS))
    )
    return set(connection.execute(chosen).scalars())


def blocked_before(connection: Connection, record: str) -> str:
    """Return before which version a case blocks what a record said, in the signs of its identifier; none is empty."""
    here = RECORDS_OF_CASES.c
    # Identifiers of one record's former versions begin with its own, and a dot.
    identifier = in_plain_order(connection, RECORDS_OF_CASES.c.record)
    among = (identifier > f"{record}.", identifier < f"{record}/")
    chosen = select(here.record).where(*among, here.is_blocked == 1, here.kind == FORMER)
    signs = [one.partition(".")[2] for one in connection.execute(chosen).scalars()]
    return max(signs, key=lambda one: (len(one), one), default="")


def blocked_beside(connection: Connection) -> list[tuple[str, str]]:
    """Return what cases block that stands beside records or was said by them before: what it is, and its identifier."""
    here = RECORDS_OF_CASES.c
    chosen = select(here.kind, here.record).where(here.is_blocked == 1, here.kind.in_(sorted(BESIDE)))
    return [(row[0], row[1]) for row in connection.execute(chosen)]


def erased_thing(connection: Connection, one: str) -> tuple[CaseRecord, datetime] | None:
    """Return what was erased by decision and is no record, with the moment; None where there is no such."""
    here = RECORDS_OF_CASES.c
    chosen = select(RECORDS_OF_CASES).where(
        here.record == one, here.decision == "erase", here.kind.in_(sorted(THINGS))
    )
    row = connection.execute(chosen).first()
    if row is None:
        return None
    found = _case_record(tuple(row))
    steps = [step for step in steps_of(connection, found.case) if (step.what, step.record) == ("purged", one)]
    return (found, steps[-1].at) if steps else None


def ask(connection: Connection, question: Question) -> None:
    """Enter a question to an owner."""
    connection.execute(
        insert(QUESTIONS).values(
            case_ref=question.case,
            record=question.record,
            number=question.number,
            owner=question.owner,
            asked_at=question.asked_at,
            due_on=question.due_on,
        )
    )


def questions_of(connection: Connection, ref: str) -> list[Question]:
    """Return what owners were asked in a case, in order."""
    chosen = select(QUESTIONS).where(QUESTIONS.c.case_ref == ref)
    return [Question(*row) for row in connection.execute(chosen.order_by(QUESTIONS.c.asked_at))]


def questions_to(connection: Connection, owner: str, limit: int) -> list[Question]:
    """Return the unanswered questions to an owner in open cases, the one due first before the others."""
    joined = QUESTIONS.join(CASES, CASES.c.ref == QUESTIONS.c.case_ref)
    waiting = (QUESTIONS.c.owner == owner, QUESTIONS.c.answered_at.is_(None), CASES.c.state == "open")
    chosen = select(QUESTIONS).select_from(joined).where(*waiting)
    ordered = chosen.order_by(QUESTIONS.c.due_on, QUESTIONS.c.case_ref, QUESTIONS.c.record).limit(limit)
    return [Question(*row) for row in connection.execute(ordered)]


def note_answer(connection: Connection, question: Question, at: datetime) -> bool:
    """Note that a question is answered; return whether it was open."""
    there = and_(
        QUESTIONS.c.case_ref == question.case,
        QUESTIONS.c.record == question.record,
        QUESTIONS.c.number == question.number,
        QUESTIONS.c.answered_at.is_(None),
    )
    return connection.execute(update(QUESTIONS).where(there).values(answered_at=at)).rowcount == 1


def note_step(connection: Connection, ref: str, step: Done) -> None:
    """Add a step to a case."""
    count = select(func.count()).select_from(STEPS).where(STEPS.c.case_ref == ref)
    number = int(connection.execute(count).scalar_one()) + 1
    connection.execute(
        insert(STEPS).values(
            case_ref=ref, number=number, at=step.at, account=step.account, what=step.what, record=step.record
        )
    )


def steps_of(connection: Connection, ref: str) -> Sequence[Done]:
    """Return the steps of a case, in order."""
    columns = (STEPS.c.at, STEPS.c.account, STEPS.c.what, STEPS.c.record)
    chosen = select(*columns).where(STEPS.c.case_ref == ref).order_by(STEPS.c.number)
    return [Done(*row) for row in connection.execute(chosen)]


def _case_record(row: tuple[object, ...]) -> CaseRecord:
    case, record, number, owner, kind, is_blocked, decision, version, is_done, may, digest, seq = row
    return CaseRecord(
        case=str(case),
        record=str(record),
        number=int(str(number)),
        owner=str(owner),
        kind=str(kind),
        is_blocked=bool(is_blocked),
        decision=None if decision is None else str(decision),
        version_decided=None if version is None else int(str(version)),
        is_done=bool(is_done),
        may_disclose=None if may is None else bool(may),
        digest=digest if isinstance(digest, bytes) else None,
        seq=None if seq is None else int(str(seq)),
    )
