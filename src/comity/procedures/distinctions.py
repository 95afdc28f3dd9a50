"""One who was found not to be whom a record means is not stopped for it again.

    closed as not identical -> marks of the traveller's papers that the record does not hold -> kept for a year
    checked again -> a mark is known, and nothing that identifies agrees -> the hit says so, nobody is told

The hit is still shown: papers can be in other hands, so the officer compares face and papers, and lets the
holder pass. Source of the idea: the Schengen Information System's data on misused identity.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError
from comity.names import fold
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.hits import HitPage, concerning, naming, page_of, purpose_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.check import QUERY_FIELDS, Agreement, Check, Hit, parse_check
from comity.records.fieldtype import Comparison, Json
from comity.records.hits import OpenedHit, Origin, Outcome
from comity.records.kind import search_terms, values
from comity.records.kinds import KINDS
from comity.records.record import Record
from comity.registry import audit_log, distinctions, events, hits, holdings
from comity.registry.distinctions import Distinction
from comity.registry.events import Event

KEPT_FOR: Final = timedelta(days=365)
NAME, BORN = "person.name", "person.born"

Paper = tuple[str, str]


def with_distinctions(
    check: Check, found: Sequence[Hit], identified: Collection[str], grant: Grant, desk: Desk
) -> tuple[Hit, ...]:
    """Return the hits, those marked that whoever is checked is known not to be meant by.

    Of a record in `identified` a number agrees: then it has come to hold it, and the mark says nothing.
    """
    at = desk.clock()
    marks = [mark_of(paper, desk) for paper in papers_of(check)]
    with desk.registry.read() as connection:
        known = distinctions.known(connection, [hit.record for hit in found], marks, grant.bureau.code, at)
    return tuple(
        replace(hit, distinguished_at=known[hit.record], action="known-other")
        if hit.record in known and hit.record not in identified
        else hit
        for hit in found
    )


def _is_identifier(name: str, check: Check) -> bool:
    question = check.kind.question(name)
    return question is not None and question.finds and question.type.comparison is not Comparison.NAME


def is_identified(check: Check, agreements: Sequence[Agreement]) -> bool:
    """Return whether a number that was asked for agrees, whether or not its reader is shown that."""
    return any(
        one.verdict in {"agrees", "similar"} and _is_identifier(one.field, check) for one in agreements
    )


def papers_of(check: Check) -> tuple[Paper, ...]:
    """Return what tells a traveller from others: each number, and the name with a whole birth date."""
    stated = {asked.question.meaning: asked.value for asked in check.asked}
    name, born = stated.get(NAME), stated.get(BORN)
    if isinstance(name, str) and isinstance(born, str) and len(born) == 10:
        words = " ".join(sorted(fold(name).split()))
        return (*check.keys(), (NAME, f"{words} {born}"))
    return check.keys()


def distinguish(connection: Connection, hit: OpenedHit, officer: Officer, desk: Desk) -> None:
    """Keep whoever was checked from being stopped for this record again.

    In the transaction that closes the hit as not identical. Raises `ConflictError`
    `nothing-to-distinguish` where the hit is of no such check, or all that was asked is the record's own.
    """
    closing = hit.closing
    if closing is None or closing.outcome is not Outcome.NOT_IDENTICAL:
        raise ConflictError(what="hit", rule="nothing-to-distinguish")
    papers = _papers_apart(connection, hit)
    if not papers:
        raise ConflictError(what="hit", rule="nothing-to-distinguish")
    is_owner = officer.bureau.code == hit.meeting.owner
    distinctions.add(
        connection,
        [
            Distinction(
                record=hit.meeting.record,
                mark=mark_of(paper, desk),
                bureau=hit.meeting.bureau,
                hit=hit.id,
                account=officer.account,
                at=closing.at,
                until=closing.at + KEPT_FOR,
                agreed_at=closing.at if is_owner else None,
            )
            for paper in papers
        ],
    )


def agree_distinction(one: str, officer: Officer, desk: Desk) -> HitPage:
    """Let a distinction that another bureau made on one's record hold for every bureau.

    Raises `RefusedError`, `UnknownError`, and `ConflictError` `nothing-to-distinguish` where none was made
    or the owner has agreed already.
    """
    asked: dict[str, Json] = {"hit": one, "distinguish": True}
    leave(officer, Act.HIT_ANSWER, desk, asked)
    with noting(officer, Act.HIT_ANSWER, desk, asked):
        at = desk.clock()
        with desk.registry.quietly() as connection:
            hit = concerning(hits.hit_with(connection, one), one, officer)
            is_owner = officer.bureau.code == hit.meeting.owner
            if not is_owner or not distinctions.agree(connection, one, at):
                raise ConflictError(what="hit", rule="nothing-to-distinguish")
            events.tell(connection, [Event(hit.meeting.bureau, "hit", "distinguished", hit.id, at)])
            entry = entry_of(officer, Act.HIT_ANSWER, at, "done", purpose=purpose_of(hit), query=asked)
            desk.registry.append(connection, naming(entry, hit))
    return page_of(hit, officer, desk)


def undo_distinction(one: str, officer: Officer, desk: Desk) -> HitPage:
    """Let whoever was found to be another in a hit be stopped again: for those who made it, and for the owner.

    It ends for every bureau, whether or not the owner had agreed. Raises `RefusedError`, `UnknownError`, and
    `ConflictError` `nothing-to-distinguish` where none stands (any more), or the hit is only passed on to one.
    """
    asked: dict[str, Json] = {"hit": one, "distinguish": False}
    leave(officer, Act.HIT_CLOSE, desk, asked)
    with noting(officer, Act.HIT_CLOSE, desk, asked):
        at, code = desk.clock(), officer.bureau.code
        with desk.registry.quietly() as connection:
            hit = concerning(hits.hit_with(connection, one), one, officer)
            sides = {hit.meeting.owner, hit.meeting.bureau}
            if code not in sides or not distinctions.of_hit(connection, one):
                raise ConflictError(what="hit", rule="nothing-to-distinguish")
            distinctions.forget_hit(connection, one)
            told = [Event(bureau, "hit", "undistinguished", hit.id, at) for bureau in sorted(sides - {code})]
            events.tell(connection, told)
            entry = entry_of(officer, Act.HIT_CLOSE, at, "undone", purpose=purpose_of(hit), query=asked)
            desk.registry.append(connection, naming(entry, hit))
    return page_of(hit, officer, desk)


def _papers_apart(connection: Connection, hit: OpenedHit) -> list[Paper]:
    """Return the traveller's papers that the record does not hold."""
    held = holdings.fetch_by_id(connection, hit.meeting.record)
    check = check_of(connection, hit)
    if held is None or check is None:
        return []
    own = _own_papers(held.record)
    return [paper for paper in papers_of(check) if paper not in own]


def check_of(connection: Connection, hit: OpenedHit) -> Check | None:
    """Return the check that opened a hit, from its line in the log; None where no check of an officer did."""
    if hit.meeting.origin is not Origin.CHECK:
        return None
    return check_stated(audit_log.entry_at(connection, hit.meeting.seq).entry.query)


def check_stated(query: Mapping[str, object]) -> Check | None:
    """Return the check that a line's query states, without what its frame said; None for what is none."""
    frame = QUERY_FIELDS - {"kind"}
    terms: dict[str, Json] = {
        name: value
        for name, value in query.items()
        if name not in frame and (value is None or isinstance(value, bool | int | str))
    }
    try:
        return parse_check(terms)
    except MalformedError:
        return None


def _own_papers(record: Record) -> set[Paper]:
    terms = search_terms(record.kind, record.data)
    stated = list(values(KINDS[record.kind.code].fields, record.data))
    names = [str(one.value) for one in stated if one.field.meaning == NAME]
    born = [str(one.value) for one in stated if one.field.meaning == BORN]
    own = {(NAME, f"{' '.join(sorted(fold(name).split()))} {day}") for name in names for day in born}
    return {*terms.keys, *own}


def mark_of(paper: Paper, desk: Desk) -> str:
    """Return the keyed mark of one of a traveller's papers."""
    return desk.registry.mark("traveller", *paper)
