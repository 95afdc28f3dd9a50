"""What others owe a bureau, with their clocks: answers to its messages, confirmations, decisions of owners.

    authorised -> what waits for others, of each kind that the officer may see -> the most pressing first -> logged

It is what the bureau itself has asked for: each stands on a page of its own already, and says no more here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json
from comity.records.hits import WAITING
from comity.registry import hits, message_finding, owner_requests, redress
from comity.registry.hits import Wanted
from comity.registry.owner_requests import ACCESS, OPEN, PROPOSAL
from comity.registry.owner_requests import Wanted as WantedRequests

REQUESTS: Final = ((PROPOSAL, Act.PROPOSAL_MAKE), (ACCESS, Act.ACCESS_REQUEST))


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that another bureau owes: a `message` to be answered, a `hit`, a `proposal` or `access` to be decided.

    `kind` is the record's, where it is about one. `passed_on_to` is who stands in for a silent owner, `is_passed_on`
    whether a message has gone to its second addressee.
    """

    what: str
    id: str
    bureau: str
    asked_at: datetime
    due_at: datetime
    is_overdue: bool
    kind: str | None = None
    subject: str | None = None
    phrase: str | None = None
    is_sealed: bool = False
    passed_on_to: str | None = None
    is_passed_on: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {
            "what": self.what,
            "id": self.id,
            "bureau": self.bureau,
            "asked_at": self.asked_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "is_overdue": self.is_overdue,
            "kind": self.kind,
            "subject": self.subject,
            "phrase": self.phrase,
            "is_sealed": self.is_sealed,
            "passed_on_to": self.passed_on_to,
            "is_passed_on": self.is_passed_on,
        }


@dataclass(frozen=True, slots=True)
class OwedList:
    """What others owe, the most pressing first; `has_more` where the list was cut at its limit."""

    lines: tuple[Owed, ...]
    has_more: bool

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"owed": [one.to_json() for one in self.lines], "has_more": self.has_more}


def owed(officer: Officer, desk: Desk, limit: int = 50) -> OwedList:
    """Return what others owe the officer's bureau, up to `limit`; raises, logged, `RefusedError`, `MalformedError`."""
    asked: dict[str, Json] = {"list": "owed"}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        if not 1 <= limit <= PAGE_MAX:
            raise MalformedError("out-of-range", "limit")
    pass_on_overdue(desk)
    at = desk.clock()
    with desk.registry.read() as connection:
        found = [
            *_answers(officer, at, limit + 1, connection),
            *_confirmations(officer, at, limit + 1, connection),
            *_decisions(officer, at, limit + 1, connection),
        ]
    desk.registry.log(entry_of(officer, Act.MESSAGE_READ, at, "done", query=asked_terms(asked)))
    found.sort(key=lambda one: (one.due_at, one.what, one.id, one.bureau))
    return OwedList(tuple(found[:limit]), len(found) > limit)


def _answers(officer: Officer, at: datetime, limit: int, connection: Connection) -> Iterator[Owed]:
    found = message_finding.owed_to(connection, officer.bureau.code, limit)
    blocked = redress.blocked_things(connection, [one.message for one in found])
    for one in found:
        is_shown = one.message not in blocked
        yield Owed(
            "message",
            one.message,
            one.bureau,
            one.at,
            one.due_at,
            one.due_at <= at,
            subject=one.subject if is_shown else None,
            phrase=one.phrase if is_shown else None,
            is_sealed=one.is_sealed,
            is_passed_on=one.escalated_at is not None,
        )


def _confirmations(officer: Officer, at: datetime, limit: int, connection: Connection) -> Iterator[Owed]:
    if Act.HIT_READ not in officer.acts():
        return
    # Without a desk's work one has to do with the hits of one's own checks, as in the inbox.
    account = None if Act.HIT_ANSWER in officer.acts() else officer.account
    own = officer.bureau.code
    for hit in hits.waiting(connection, Wanted(own, "bureau", WAITING, account), limit):
        assert hit.question is not None, "a hit that waits was asked about"
        assert hit.due_at is not None, "and is to be answered by then"
        if hit.meeting.owner != own:
            yield Owed(
                "hit",
                hit.id,
                hit.meeting.owner,
                hit.question.at,
                hit.due_at,
                hit.is_overdue(at),
                kind=hit.meeting.kind,
                passed_on_to=hit.second,
            )


def _decisions(officer: Officer, at: datetime, limit: int, connection: Connection) -> Iterator[Owed]:
    own = officer.bureau.code
    for what, act in REQUESTS:
        if act not in officer.acts():
            continue
        wanted = WantedRequests(what, own, is_incoming=False, state=OPEN, limit=limit, by_due=True)
        for one in owner_requests.requests(connection, wanted):
            yield Owed(what, one.id, one.owner, one.made_at, one.due_at, one.due_at <= at)
