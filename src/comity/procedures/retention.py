"""What owners are asked about the records that they have held for long, and what they answer.

    asked -> kept for a reason, with a new date within the period | let go | no answer: suspended, then purged

The questions come by the clock (`retention_run`). What was purged leaves a receipt for its owner; the proof
that the log holds the purge tells how long the log is, and is for those who may prove it.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import SECRETARIAT_REGION, Officer
from comity.audit.entries import Entry
from comity.audit.heads import Verifier
from comity.audit.proofs import EntryProof
from comity.errors import ConflictError, DamagedError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.standing import LISTS
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX, parse_moment
from comity.records.fieldtype import Json, clean_text
from comity.records.notices.states import Form
from comity.records.record import HeldRecord, State
from comity.records.retention import months_after, parse_keep_date
from comity.records.types.text import parse_paragraphs
from comity.registry import audit_log, holdings, redress, retention
from comity.registry.retention import Term, Tombstone

REASON_CHARS_MAX = 500
CURSOR_CHARS_MAX = 80
OPEN_STEPS = frozenset({"asked", "suspended"})
AT_ONCE = timedelta(minutes=1)
"""So far apart the moments of a receipt and of its line may lie: those of a page of records are purged together."""


@dataclass(frozen=True, slots=True)
class Question:
    """A record whose owner is asked whether it is still needed: until when it answers, what comes then.

    `latest` is the latest date until which it can be kept. `purged_on` is None until it is suspended.
    """

    held: HeldRecord
    term: Term
    latest: date
    days_left: int
    purged_on: date | None

    @property
    def notice(self) -> Form | None:
        """What the record stands under, which is to be amended or withdrawn instead; None for most."""
        return next((form for form, name in LISTS.items() if name == self.held.list_name), None)

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "record": self.term.record,
            "kind": self.term.kind,
            "source_id": self.held.record.source_id,
            "under": None if self.notice is None else self.notice.value,
            "step": self.term.step,
            "ends_on": self.term.ends_on.isoformat(),
            "days_left": self.days_left,
            "latest": self.latest.isoformat(),
            "purged_on": None if self.purged_on is None else self.purged_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions to a bureau, earliest end first, and what blocks records of it; `next` as in other pages."""

    questions: tuple[Question, ...]
    next: str | None
    blocked: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        questions: list[Json] = [one.to_json() for one in self.questions]
        blocked: list[Json] = [{"record": record, "case": case} for record, case in self.blocked]
        return {"questions": questions, "next": self.next, "blocked": blocked}


@dataclass(frozen=True, slots=True)
class Answer:
    """What an owner answers: `keep` until a date, for a reason, or `let-go`."""

    record: str
    what: str
    reason: str
    until: str = ""


def open_questions(limit: int, after: str | None, officer: Officer, desk: Desk) -> Questions:
    """Return the questions to the officer's bureau, and which of its records a redress case blocks.

    Raises `RefusedError`, and `MalformedError` for a limit or cursor that is none, all logged.
    """
    asked: dict[str, Json] = {"limit": limit, "after": after}
    leave(officer, Act.RECORD_REVIEW, desk, asked)
    with noting(officer, Act.RECORD_REVIEW, desk, asked):
        place = _place(limit, after)
    owner = officer.bureau.code
    with desk.registry.read() as connection:
        terms = retention.open_terms(connection, owner, limit, place)
        held = holdings.fetch(connection, [one.number for one in terms])
        blocked = retention.blocked_of(connection, owner, PAGE_MAX) if after is None else []
    desk.registry.log(entry_of(officer, Act.RECORD_REVIEW, desk.clock(), "done", query=asked_terms(asked)))
    standing = ((held.get(term.number), term) for term in terms)
    found = (None if one is None else _question(one, term, desk) for one, term in standing)
    questions = tuple(question for question in found if question is not None)
    cursor = f"{terms[-1].ends_on.isoformat()}.{terms[-1].record}" if len(terms) == limit else None
    return Questions(questions, cursor, tuple((record, case) for record, case, _at in blocked))


def question_about(record: str, officer: Officer, desk: Desk) -> Question:
    """Return the question that stands about one record of the officer's bureau.

    Raises, after logging, `RefusedError`, `UnknownError` alike for a record that is not held and one of
    another bureau, and `ConflictError` `not-asked` where no question stands.
    """
    asked: dict[str, Json] = {"record": record}
    leave(officer, Act.RECORD_REVIEW, desk, asked)
    with noting(officer, Act.RECORD_REVIEW, desk, asked):
        held = desk.registry.record_with(record)
        if held is None or held.owner != officer.bureau.code:
            raise UnknownError(what="record", name=record[:40])
        with desk.registry.read() as connection:
            question = _open_question(connection, held.number, desk)
    desk.registry.log(entry_of(officer, Act.RECORD_REVIEW, desk.clock(), "done", query=asked_terms(asked)))
    return question


def _question(held: HeldRecord, term: Term, desk: Desk) -> Question | None:
    """Return what a record's owner is asked, as the record ends now; None where nothing is asked (any more).

    An owner that has withdrawn it, or moved its own last day so far ahead that it would not be asked yet, is asked
    nothing, whether or not the run of retention has come to it.
    """
    today, profile = desk.clock().date(), desk.retention
    ends_on = profile.ends_on(held, term.kept_until)
    is_suspended = term.step == "suspended"
    is_early = months_after(ends_on, -profile.ask_months) > today
    if held.state is State.WITHDRAWN or term.step not in OPEN_STEPS or (is_early and not is_suspended):
        return None
    purged_on = max(ends_on, term.at.date()) + timedelta(days=profile.grace_days)
    return Question(
        held,
        replace(term, ends_on=ends_on),
        profile.last_day_to_keep(held, today),
        (ends_on - today).days,
        purged_on if is_suspended else None,
    )


def answer(given: Answer, officer: Officer, desk: Desk) -> date | None:
    """Take an owner's answer; return until when the record is kept, None where it is let go.

    Raises, after logging, `RefusedError`; `MalformedError` for the answer, its reason or date; `UnknownError`
    alike for a record that is not held and one of another bureau; `ConflictError` `not-asked` where no
    question stands (any more), and `kept-by-notice`: a notice is kept by an update that is reviewed.
    """
    asked: dict[str, Json] = {"record": given.record, "answer": given.what, "until": given.until}
    leave(officer, Act.RECORD_RETAIN, desk, asked)
    with noting(officer, Act.RECORD_RETAIN, desk, asked):
        if given.what not in {"keep", "let-go"}:
            raise MalformedError("not-a-choice", "answer")
        reason = parse_paragraphs(given.reason, "reason", REASON_CHARS_MAX)
        held = desk.registry.record_with(given.record)
        if held is None or held.owner != officer.bureau.code:
            raise UnknownError(what="record", name=given.record[:40])
        if held.list_name in LISTS.values():
            raise ConflictError(what="retention", rule="kept-by-notice")
        is_kept = given.what == "keep"
        until = _until(given, held, desk) if is_kept else None
        entry = entry_of(
            officer,
            Act.RECORD_RETAIN,
            desk.clock(),
            "kept" if is_kept else "let-go",
            kind=held.record.kind.code,
            query=asked_terms(asked),
        )
        with desk.registry.acting(entry) as connection:
            now = _open_question(connection, held.number, desk).held
            _settle(connection, now, until, (officer.account, desk))
            stated: dict[str, object] = {
                "step": "let-go" if until is None else "kept",
                "reason": reason,
                "at": desk.clock(),
            }
            stated |= {"owner": held.owner, "account": officer.account, "reminders": 0}
            stated |= {"ends_on": until, "kept_until": until} if until else {"ends_on": desk.clock().date()}
            retention.put_term(connection, held.number, stated)
    return until


def _until(given: Answer, held: HeldRecord, desk: Desk) -> date:
    latest = desk.retention.last_day_to_keep(held, desk.clock().date())
    return parse_keep_date(given.until, latest, desk.clock())


def _open_question(connection: Connection, number: int, desk: Desk) -> Question:
    term = retention.terms_of(connection, [number]).get(number)
    now = holdings.fetch(connection, [number]).get(number)
    question = None if term is None or now is None else _question(now, term, desk)
    if question is None:
        raise ConflictError(what="retention", rule="not-asked")
    return question


def _settle(connection: Connection, held: HeldRecord, until: date | None, by: tuple[str, Desk]) -> None:
    account, desk = by
    one, at = held.public_id, desk.clock()
    if until is None:
        holdings.withdraw(connection, [one], account, at)
        return
    if held.state is State.SUSPENDED and not retention.blockers(connection, held.number):
        holdings.resume(connection, [one], account, at)
    handling = replace(held.record.handling, retain_until=until)
    holdings.restate(connection, one, replace(held.record, handling=handling), account, at)


def renew(connection: Connection, record: str, until: date, officer: Officer, desk: Desk) -> None:
    """Keep the record of a notice that was reviewed and published anew, until a date within its period from today.

    That answers what its owner was asked, and lets a record answer again that was suspended for want of an answer.
    """
    held = holdings.fetch_by_id(connection, record)
    assert held is not None, "what is published has a record"
    at = desk.clock()
    kept = min(until, desk.retention.last_day_to_keep(held, at.date()))
    term = retention.terms_of(connection, [held.number]).get(held.number)
    if term is None and desk.retention.natural_end(held) >= kept:
        return
    if held.state is State.SUSPENDED and not retention.blockers(connection, held.number):
        holdings.resume(connection, [record], officer.account, at)
    stated: dict[str, object] = {"owner": held.owner, "account": officer.account, "at": at, "step": "kept"}
    stated |= {"ends_on": kept, "kept_until": kept, "reason": "", "reminders": 0}
    retention.put_term(connection, held.number, stated)


def receipts(officer: Officer, desk: Desk) -> list[Tombstone]:
    """Return what is left of the purged records of the officer's bureau, newest first, 200 at most."""
    leave(officer, Act.RECORD_REVIEW, desk, {"list": "receipts"})
    with desk.registry.read() as connection:
        stones = retention.tombstones_of(connection, officer.bureau.code, PAGE_MAX)
    asked = {"list": "receipts"}
    desk.registry.log(entry_of(officer, Act.RECORD_REVIEW, desk.clock(), "done", query=asked))
    return stones


def stone_json(stone: Tombstone) -> dict[str, Json]:
    """Return a receipt as the doors show it: its place in the log is for those who may prove the log."""
    return {
        "record": stone.record,
        "kind": stone.kind,
        "owner": stone.owner,
        "why": stone.why,
        "purged_at": stone.purged_at.isoformat(),
        "digest": stone.digest.hex(),
    }


@dataclass(frozen=True, slots=True)
class PurgeProof:
    """The receipt of a purge, and the proof that the log holds the act."""

    stone: Tombstone
    proof: EntryProof

    def to_json(self) -> dict[str, Json]:
        """Return the form that is taken home, to be proven offline: see `verify_purge`."""
        proof: dict[str, Json] = msgspec.json.decode(self.proof.to_json())
        return {"receipt": stone_json(self.stone), "proof": proof}


def prove_purge(record: str, officer: Officer, desk: Desk) -> PurgeProof:
    """Return the proof of a purge, for those who may prove the log.

    Those are the owner's own controller and the secretariat's controller and operator. Raises, after
    logging, `RefusedError` and `UnknownError`.
    """
    asked: dict[str, Json] = {"record": record}
    leave(officer, Act.AUDIT_PROVE, desk, asked)
    with noting(officer, Act.AUDIT_PROVE, desk, asked):
        with desk.registry.read() as connection:
            stone = retention.tombstone(connection, record) or _erased_thing(connection, record)
            is_own = stone is not None and stone.owner == officer.bureau.code
            if stone is None or not (is_own or officer.bureau.region == SECRETARIAT_REGION):
                raise UnknownError(what="record", name=record[:40])
            proof = audit_log.entry_proof(connection, stone.seq, desk.registry.signer.verifier)
        desk.registry.log(entry_of(officer, Act.AUDIT_PROVE, desk.clock(), "done", query=asked_terms(asked)))
    return PurgeProof(stone, proof)


def _erased_thing(connection: Connection, one: str) -> Tombstone | None:
    """Return what is left of something that was erased by decision and was no record."""
    found = redress.erased_thing(connection, one)
    if found is None:
        return None
    about, at = found
    assert about.digest is not None, "what was erased has its digest"
    assert about.seq is not None, "and its line in the log"
    return Tombstone(0, 0, one, about.owner, about.kind, "erased", about.digest, at, about.seq)


def verify_purge(text: bytes, verifier: Verifier) -> Entry:
    """Return the log's entry of a purge, proven from what `prove_purge` gave, without the node.

    Raises `MalformedError` for what is no proof, `DamagedError` where receipt, entry and head do not belong
    together.
    """
    try:
        stated: dict[str, dict[str, Json]] = msgspec.json.decode(text)
        receipt, proof = stated["receipt"], EntryProof.from_json(msgspec.json.encode(stated["proof"]))
        purged_at = parse_moment(str(receipt["purged_at"]), "purged_at")
        of_receipt = tuple(receipt[name] for name in ("record", "digest", "why", "kind"))
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise MalformedError("audit-proof", "proof") from None
    entry = proof.verify(verifier)
    named = (entry.query.get(name) for name in ("record", "digest", "why"))
    # What a bureau writes or asks is no record, and the line names no owner of one.
    is_owner_s = entry.owners in {(receipt.get("owner"),), ()}
    is_receipt_s = is_owner_s and of_receipt == (*named, entry.kind)
    if entry.outcome != "purged" or not is_receipt_s or abs(entry.at - purged_at) > AT_ONCE:
        raise DamagedError("audit-inclusion")
    return entry


def _place(limit: int, after: str | None) -> tuple[date, str] | None:
    """Return the place in the list that a cursor names; raises `MalformedError`."""
    if not 1 <= limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")
    if after is None:
        return None
    day, _point, one = clean_text(after, "after", CURSOR_CHARS_MAX).partition(".")
    try:
        return date.fromisoformat(day), one
    except ValueError:
        raise MalformedError("cursor-form", "after") from None
