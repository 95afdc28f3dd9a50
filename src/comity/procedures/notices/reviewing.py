"""What a reviewer weighs: what is missing, what points at an excluded family, what else there is on the subject.

asked -> authorised -> the request -> its conditions -> other requests by keys and score -> records by checks -> logged

Other requests are found whatever door they came by: a red notice that was refused, an earlier diffusion, another
colour. Records are found under the reviewer's own leave: what an owner withholds from the secretariat stays so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Officer
from comity.errors import MalformedError
from comity.matching.score import score
from comity.procedures.check import find_hits
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.notices.reading import SeenNotice, parse_cursor
from comity.procedures.notices.standing import find, side_of, unknown
from comity.procedures.notices.subjects import (
    FLOOR,
    checks_of,
    former_documents,
    is_number,
    keys_of,
    number_keys,
    shared_before,
)
from comity.procedures.noting import noting
from comity.records.check import Check, Hit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.records.notices.colour import Finding, Flag
from comity.records.notices.content import Content
from comity.records.notices.states import Form, Move, NoticeState, Side
from comity.registry import notices
from comity.registry.notices import HeldNotice, Step

CANDIDATES_MAX = 60
RELATED_MAX = 20
RETURNS_MAX = 50


@dataclass(frozen=True, slots=True)
class Related:
    """Another request on the same subject: how it is tied, how sure that is, what was decided and why."""

    held: HeldNotice
    likeness: float
    shares_number: bool
    decision: Step | None
    is_former: bool = False  # tied by what it said before it was amended, and not by what it says now

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        held, content = self.held, self.held.body
        assert content is not None, "only what was submitted is found"
        return {
            "notice": held.id,
            "form": held.form.value,
            "colour": content.colour.code,
            "owner": held.owner,
            "state": held.state.value,
            "submitted_at": None if held.submitted_at is None else held.submitted_at.isoformat(),
            "refused_at": None if held.refused_at is None else held.refused_at.isoformat(),
            "likeness": round(self.likeness, 4),
            "shares_number": self.shares_number,
            "is_former": self.is_former,
            "reasons": None if self.decision is None else self.decision.reasons,
            "rules": [] if self.decision is None else list(self.decision.rules),
        }


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a reviewer weighs of one request."""

    seen: SeenNotice
    findings: tuple[Finding, ...]
    flags: tuple[Flag, ...]
    related: tuple[Related, ...]
    hits: tuple[Hit, ...]

    @property
    def content(self) -> Content:
        """What is under review: the newer content where there is one."""
        return self.seen.pending or self.seen.content

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "notice": self.seen.held.id,
            "version": self.seen.held.version,
            "findings": [one.to_json() for one in self.findings],
            "flags": [one.to_json() for one in self.flags],
            "checklist": list(self.content.colour.questions()),
            "related": [one.to_json() for one in self.related],
            "records": [_hit_json(hit) for hit in self.hits],
        }


def _hit_json(hit: Hit) -> Json:
    return {
        "record": hit.record,
        "kind": hit.kind,
        "owner": hit.owner,
        "notice": hit.notice,
        "score": round(hit.score, 4),
        "summary": dict(hit.summary),
    }


def review(one: str, form: Form, officer: Officer, purpose: Purpose | None, desk: Desk) -> Review:
    """Return what is to be weighed of a request that was submitted.

    Raises, after logging, `RefusedError` and `UnknownError`.
    """
    asked: dict[str, Json] = {"notice": one, "form": form.value}
    grant = leave(officer, Act.NOTICE_REVIEW, desk, asked, purpose or _usual(officer))
    desk.follower.catch_up()
    with noting(officer, Act.NOTICE_REVIEW, desk, asked), desk.registry.read() as connection:
        held = find(connection, one, form)
        if side_of(held, officer) is not Side.REVIEWER:
            raise unknown(one)
        seen = SeenNotice(held, Side.REVIEWER, tuple(notices.steps(connection, one)))
        content = seen.pending or seen.content
        checks = checks_of(content)
        related = related_to(connection, held, content, checks, desk)
    hits = hits_on(checks, {one, *(other.held.id for other in related)}, grant, desk)
    entry = entry_of(
        officer, Act.NOTICE_REVIEW, desk.clock(), "done", purpose=grant.purpose, query=asked, hits=hits
    )
    desk.registry.log(entry)
    stated = content.stated(desk.clock().date())
    colour = content.colour
    return Review(seen, colour.findings(stated), colour.flags(stated), related, hits)


def missing(content: Content, desk: Desk) -> tuple[Finding, ...]:
    """Return what the conditions of a colour say of a content, for whoever drafts it."""
    return content.colour.findings(content.stated(desk.clock().date()))


def _usual(officer: Officer) -> Purpose | None:
    """Return the purpose of a review where none is stated, if the account may state it."""
    return (
        Purpose.INVESTIGATION if not officer.purposes or Purpose.INVESTIGATION in officer.purposes else None
    )


def related_to(
    connection: Connection, held: HeldNotice, content: Content, checks: Sequence[Check], desk: Desk
) -> tuple[Related, ...]:
    """Return other requests on the subject of this one, those refused before first, then the likeliest."""
    numbers = set(number_keys(content))
    found: list[Related] = []
    for other, _shared in notices.sharing_keys(connection, keys_of(content), CANDIDATES_MAX):
        if other.id == held.id or other.body is None or other.submitted_at is None:
            continue
        shares = bool(numbers & set(number_keys(other.body)))
        likeness = max(1.0 if shares else 0.0, _likeness(checks, other.body, desk))
        decision = _decision(connection, other)
        if likeness >= FLOOR:
            found.append(Related(other, likeness, shares, decision))
            continue
        # Whoever amends a refused request into one on somebody else does not hide whom it was about.
        kept = notices.keys_held(connection, other.id)
        by_number, by_name = shared_before(content, kept - set(keys_of(other.body)), kept)
        if by_number or by_name:
            found.append(Related(other, 1.0 if by_number else FLOOR, by_number, decision, is_former=True))
    found.sort(key=lambda one: (one.held.refused_at is None, -one.likeness, one.held.id))
    return tuple(found[:RELATED_MAX])


def _likeness(checks: Iterable[Check], content: Content, desk: Desk) -> float:
    record = content.to_record("subject")
    scores = (
        score(check, record, desk.profile, desk.index).probability
        for check in checks
        if check.kind.code == record.kind.code
    )
    return max(scores, default=0.0)


def _decision(connection: Connection, held: HeldNotice) -> Step | None:
    """Return the last step that decided against a request, or None."""
    against = {Move.REFUSE.value, Move.SUSPEND.value}
    steps = [step for step in notices.steps(connection, held.id) if step.move in against]
    return steps[-1] if steps else None


def hits_on(checks: Sequence[Check], without: set[str], grant: Grant, desk: Desk) -> tuple[Hit, ...]:
    """Return the records that checks on a subject find, each once, likeliest first."""
    best: dict[str, Hit] = {}
    for check in checks:
        for hit in find_hits(check, grant, desk):
            if hit.record not in without and (hit.record not in best or best[hit.record].score < hit.score):
                best[hit.record] = hit
    return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.record))[:RELATED_MAX])


@dataclass(frozen=True, slots=True)
class Returned:
    """A request that was refused, and what has come since by other doors under the same numbers."""

    seen: SeenNotice
    refused_at: datetime
    decision: Step | None
    related: tuple[Related, ...]
    hits: tuple[Hit, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            **self.seen.summary(),
            "refused_at": self.refused_at.isoformat(),
            "reasons": None if self.decision is None else self.decision.reasons,
            "rules": [] if self.decision is None else list(self.decision.rules),
            "related": [one.to_json() for one in self.related],
            "records": [_hit_json(hit) for hit in self.hits],
        }


@dataclass(frozen=True, slots=True)
class Returns:
    """A page of refused requests, refused last first; `next` asks for those after them."""

    returned: tuple[Returned, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        listed: list[Json] = [one.to_json() for one in self.returned]
        return {"refused": listed, "next": self.next}


def returns(limit: int, after: str | None, officer: Officer, purpose: Purpose | None, desk: Desk) -> Returns:
    """Return refused requests, each with the requests and records that share a number with its subject.

    Raises, after logging, `RefusedError`, and `MalformedError` for bounds and cursors that are none.
    """
    asked: dict[str, Json] = {"after": after}
    grant = leave(officer, Act.NOTICE_REVIEW, desk, asked, purpose or _usual(officer))
    with noting(officer, Act.NOTICE_REVIEW, desk, asked):
        if not 1 <= limit <= RETURNS_MAX:
            raise MalformedError("out-of-range", "limit")
        place = parse_cursor(after)
    desk.follower.catch_up()
    with desk.registry.read() as connection:
        held = notices.refused(connection, limit, place)
        found = tuple(_returned(connection, one, grant, desk) for one in held)
    hits = tuple(hit for one in found for hit in one.hits)
    entry = entry_of(officer, Act.NOTICE_REVIEW, desk.clock(), "done", query=asked_terms(asked), hits=hits)
    desk.registry.log(
        msgspec.structs.replace(entry, purpose=None if grant.purpose is None else grant.purpose.value)
    )
    last = held[-1] if len(held) == limit else None
    cursor = None if last is None or last.refused_at is None else f"{last.refused_at.isoformat()}~{last.id}"
    return Returns(found, cursor)


def _returned(connection: Connection, held: HeldNotice, grant: Grant, desk: Desk) -> Returned:
    assert held.refused_at is not None, "only refused requests are listed"
    seen = SeenNotice(held, Side.REVIEWER)
    kept = notices.keys_held(connection, held.id)
    others = notices.sharing_keys(connection, sorted(filter(is_number, kept)), RELATED_MAX)
    related = tuple(
        Related(other, 1.0, True, _decision(connection, other))
        for other, _ in others
        if other.id != held.id and other.body is not None and other.state is not NoticeState.DRAFT
    )
    by_number = [check for check in checks_of(seen.content) if not check.names()]
    by_number += former_documents(seen.content, kept)
    hits = hits_on(by_number, {held.id, *(one.held.id for one in related)}, grant, desk)
    return Returned(seen, held.refused_at, _decision(connection, held), related, hits)
