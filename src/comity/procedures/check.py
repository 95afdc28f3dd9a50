"""Answering a check.

    parsed -> authorised -> searched -> seen -> scored -> logged -> answered

The audit entry is durable before the answer exists. Refused and malformed checks are logged too.
"""

from collections.abc import Sequence
from datetime import date

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.errors import MalformedError, RefusedError
from comity.matching.score import Scored, is_by_name
from comity.procedures.desk import Desk, Visible
from comity.procedures.distinctions import is_identified, with_distinctions
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.hits_opening import log_with_hits
from comity.procedures.leave import leave
from comity.procedures.likeliest import likeliest
from comity.procedures.showing_hits import shown_agreements
from comity.records.check import Answer, Check, Hit, parse_check, query_id
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View

PURPOSE_RULES = frozenset({"purpose-missing", "purpose-not-admitted"})


def run_check(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> Answer:
    """Return the answer to a check; `purpose` holds where the query states none.

    A malformed check is answered `invalid`, with the code and the field. Raises `RefusedError`, after
    logging, where the officer may not check for this purpose, and `OverloadedError`.
    """
    desk.follower.catch_up()
    try:
        answer, entry = answered(data, officer, purpose, desk)
    except RefusedError as error:
        desk.registry.log(refusal_entry(data, officer, error, desk))
        raise
    return log_with_hits([answer], [entry], desk)[0]


def run_checks(
    queries: Sequence[Json | MalformedError], officer: Officer, purpose: Purpose | None, desk: Desk
) -> list[Answer]:
    """Return the answers to several checks, in order, one audit entry each.

    Of a line that is no JSON its query is what is wrong with it.

    One that is refused for its purpose is answered `invalid`, with the rule as its code: the others are
    answered all the same. Raises `RefusedError`, after logging, where the officer may make no check at all
    or none for `purpose`, and `OverloadedError`.
    """
    if purpose is not None:
        leave(officer, Act.CHECK, desk, {"checks": len(queries)}, purpose)
    desk.follower.catch_up()
    answers: list[Answer] = []
    entries: list[Entry] = []
    for asked in queries:
        data, fault = (None, asked) if isinstance(asked, MalformedError) else (asked, None)
        try:
            answer, entry = answered(data, officer, purpose, desk, fault)
        except RefusedError as error:
            answer, entry = refused_line(data, error), refusal_entry(data, officer, error, desk)
            if error.rule not in PURPOSE_RULES:
                desk.registry.log_all([*entries, entry])
                raise
        answers.append(answer)
        entries.append(entry)
    return log_with_hits(answers, entries, desk)


def answered(
    data: Json, officer: Officer, purpose: Purpose | None, desk: Desk, fault: MalformedError | None = None
) -> tuple[Answer, Entry]:
    """Return the answer to a check and the audit entry that must be durable before anyone hears of it.

    `fault` is what is wrong with a line of which no query could be read. The index stands where it stands: the caller
    has brought it to the registry's position. Raises `RefusedError`, which is not logged yet.
    """
    try:
        if fault is not None:
            raise fault
        check = parse_check(data)
    except MalformedError as error:
        grant = authorise(officer, Act.CHECK, purpose)
        return _invalid(data, grant, error, desk)
    grant = authorise(officer, Act.CHECK, check.purpose or purpose)
    try:
        hits = find_hits(check, grant, desk)
    except MalformedError as error:
        return _invalid(data, grant, error, desk)
    outcome = "hit" if hits else "no_hit"
    entry = entry_of(
        officer,
        Act.CHECK,
        desk.clock(),
        outcome,
        purpose=grant.purpose,
        kind=check.kind.code,
        query=asked_terms(data),
        hits=hits,
        opens=_opens(check, hits, desk),
    )
    return Answer(check.id, outcome, desk.index.as_of(grant), hits, check.doubts), entry


def _opens(check: Check, hits: Sequence[Hit], desk: Desk) -> tuple[int, ...]:
    """Return the places of the hits whose owners are told: sure enough by the usual floor, whatever was asked.

    One who was found to be another before is not stopped again.
    """
    if not hits:
        return ()
    floor = desk.profile.floor_for(named=is_by_name(check))
    return tuple(
        place for place, hit in enumerate(hits) if hit.score >= floor and hit.distinguished_at is None
    )


def find_hits(check: Check, grant: Grant, desk: Desk) -> tuple[Hit, ...]:
    """Return the hits of a check, likeliest first: candidates that are visible and score high enough."""
    kept = likeliest(check, grant, desk.index, desk.profile, desk.visible)
    today = desk.clock().date()
    hits = tuple(_hit(check, result, seen, today) for result, seen in kept)
    # Of what is not shown, too: whoever has come to be named by a number is stopped.
    named = {seen.held.public_id for result, seen in kept if is_identified(check, result.agreements)}
    return with_distinctions(check, hits, named, grant, desk) if hits else ()


def _hit(check: Check, result: Scored, seen: Visible, today: date) -> Hit:
    held, view = seen.held, seen.view
    is_pointer = view is View.POINTER
    return Hit(
        record=held.public_id,
        source_id=None if is_pointer else held.record.source_id,
        kind=held.record.kind.code,
        score=result.probability,
        agreements=shown_agreements(check, result.agreements, seen),
        owner=held.owner,
        notice=None if is_pointer else held.record.notice,
        action=action_for(held.record.kind.code, held.record.notice, view),
        view=view.value,
        summary=summary_of(seen),
        reliability=None if is_pointer else held.record.handling.reliability,
        handling_code=None if is_pointer else held.record.handling.code,
        is_review_due=not is_pointer and held.is_review_due(today),
    )


def summary_of(seen: Visible) -> dict[str, Json]:
    """Return the fields that the kind's summary names; a pointer shows none."""
    if seen.view is View.POINTER:
        return {}
    data = seen.held.record.data
    return {name: data[name] for name in seen.held.record.kind.summary if name in data}


def action_for(kind: str, notice: str | None, view: View) -> str:
    """Return the code of what the officer is to do. Every door has the words for it."""
    if view is View.POINTER:
        return "ask-owner"
    if notice is not None:
        return f"notice-{notice.replace('_', '-')}"
    return {
        "person": "person-confirm",
        "travel_document": "document-hold",
        "administrative_document": "document-hold",
    }.get(kind, "object-hold")


def _invalid(data: Json, grant: Grant, error: MalformedError, desk: Desk) -> tuple[Answer, Entry]:
    entry = entry_of(
        grant.officer,
        Act.CHECK,
        desk.clock(),
        "invalid",
        purpose=grant.purpose,
        query=asked_terms(data),
        reason=f"{error.code} {error.field}",
    )
    return Answer(_safe_id(data), "invalid", desk.index.as_of(grant), error=error), entry


def refusal_entry(data: Json, officer: Officer, error: RefusedError, desk: Desk) -> Entry:
    """Return the entry that a refused check leaves."""
    return entry_of(officer, Act.CHECK, desk.clock(), "refused", query=asked_terms(data), reason=error.rule)


def refused_line(data: Json, error: RefusedError) -> Answer:
    """Return the answer to a check among others: nothing was looked up, so it stands at no change."""
    return Answer(_safe_id(data), "invalid", 0, error=MalformedError(error.rule, "purpose"))


def _safe_id(data: Json) -> str | None:
    try:
        return query_id(data)
    except MalformedError:
        return None
