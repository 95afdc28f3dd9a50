r"""An opened hit: a record that a check met, and what became of it between the two bureaus.

    open -> asked -> (promised ->) confirmed -> closed
                                 \-> refused -> closed

Pure: each step gives the next value, or says by which rule it cannot be taken. Moments never run backwards,
whatever a clock does; a due moment never comes nearer than it was.
Sources: the hit confirmation of the US network Nlets (request and answer, urgent 10 minutes, routine 1 hour, the
priority chosen by who asks; an answer confirms or says when), the 12 hours of the SIRENE bureaux, and the
SIS's marks for whoever is mistaken for another.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from comity.errors import ConflictError, MalformedError

NODE: Final = "node"
"""The account of what the node does by itself."""

NOTED: Final = ".n"
"""What follows a hit's identifier where its notes alone are meant."""

PROMISE_MAX = timedelta(days=30)
"""The furthest moment that an owner can promise to answer by."""


class Origin(StrEnum):
    """What met the record."""

    CHECK = "check"
    RECENT = "recent"  # an earlier check, met by a newer record
    STANDING = "standing"  # a standing check
    PARTNER = "partner"  # a private partner's check
    SAME = "same"  # another bureau's record of the same person or thing


class Priority(StrEnum):
    """How soon whoever asks must have an answer."""

    URGENT = "urgent"
    ROUTINE = "routine"
    BUREAU = "bureau"


TIME_FOR: Final[Mapping[Priority, timedelta]] = {
    Priority.URGENT: timedelta(minutes=10),
    Priority.ROUTINE: timedelta(hours=1),
    Priority.BUREAU: timedelta(hours=12),
}


class HitState(StrEnum):
    """Where a hit stands."""

    OPEN = "open"
    ASKED = "asked"
    PROMISED = "promised"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    CLOSED = "closed"


WAITING: Final = frozenset({HitState.ASKED, HitState.PROMISED})
"""States in which the owner's clock runs."""


class Word(StrEnum):
    """What the owner answers."""

    CONFIRMED = "confirmed"  # the record is valid, and means who or what is described
    REFUSED = "refused"
    LATER = "later"


class Reason(StrEnum):
    """Why the owner does not confirm."""

    NO_LONGER_VALID = "no-longer-valid"
    NOT_IDENTICAL = "not-identical"
    DECLINED = "declined"  # it does not say


class Outcome(StrEnum):
    """What came of a hit in the end."""

    IDENTITY_CONFIRMED = "identity-confirmed"
    NOT_IDENTICAL = "not-identical"
    NO_LONGER_VALID = "no-longer-valid"
    NOT_PURSUED = "not-pursued"


@dataclass(frozen=True, slots=True)
class Question:
    """A request for confirmation: how soon, and what the owner needs to know to answer it.

    `unit` is that of whoever asked, None where it has none or the hit is of an earlier release.
    """

    priority: Priority
    note: str
    account: str
    at: datetime
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The owner's answer. `by` is the moment promised where it answers later; `reason` where it refuses.

    `unit` is as a question's; `on_duty` is whether the account was its bureau's delegate on duty when it answered.
    """

    word: Word
    account: str
    bureau: str
    at: datetime
    reason: Reason | None = None
    by: datetime | None = None
    note: str = ""
    unit: str | None = None
    on_duty: bool = False


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a hit. `unit` and `on_duty` are as a reply's."""

    outcome: Outcome
    account: str
    bureau: str
    at: datetime
    note: str = ""
    unit: str | None = None
    on_duty: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """What met, when and where: fixed from the moment on at which the hit is opened.

    `bureau`, `account` and `unit` are whose check it was; `met_at` when the check was made; `other` that
    bureau's own record, where two records met. `seq` is the audit line that the hit was opened from.
    """

    origin: Origin
    seq: int
    record: str
    kind: str
    owner: str
    bureau: str
    account: str
    unit: str | None
    purpose: str | None
    met_at: datetime
    other: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedHit:
    """A hit from its opening on. `version` counts its changes; `last_at` is the moment of the last one.

    `due_at` is by when the owner must answer, `second` the bureau that may answer too since it was passed on.
    `unseen_at` is when the bureau that checked could first see the record no more.
    """

    id: str
    meeting: Meeting
    opened_at: datetime
    last_at: datetime
    state: HitState = HitState.OPEN
    version: int = 1
    times_count: int = 1
    question: Question | None = None
    due_at: datetime | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    second: str | None = None
    reply: Reply | None = None
    closing: Closing | None = None
    unseen_at: datetime | None = None

    def concerns(self, bureau: str) -> bool:
        """Return whether a bureau has to do with this hit."""
        return bureau in {self.meeting.owner, self.meeting.bureau, self.second}

    def may_answer(self, bureau: str) -> bool:
        """Return whether a bureau answers for the record: its owner, and the second once it was passed on.

        Nobody but an owner answers what it asked itself.
        """
        is_second = self.second is not None and bureau == self.second and bureau != self.meeting.bureau
        return bureau == self.meeting.owner or is_second

    def is_current(self, version: int) -> bool:
        """Return whether whoever saw this version saw all that was done: the clock alone may have moved it on."""
        by_clock = self.escalated_at is not None and self.is_waiting
        return version == self.version or (by_clock and version == self.version - 1)

    @property
    def is_waiting(self) -> bool:
        """Whether the owner's clock runs."""
        return self.state in WAITING

    def is_overdue(self, at: datetime) -> bool:
        """Return whether the owner should have answered by now."""
        return self.is_waiting and self.due_at is not None and at >= self.due_at


def ask(hit: OpenedHit, question: Question) -> OpenedHit:
    """Return the hit with its confirmation asked for; its clock runs from now on.

    Raises `ConflictError`: `hit-closed`, `already-answered`, `already-asked`.
    """
    _check_unanswered(hit)
    if hit.state is not HitState.OPEN:
        raise ConflictError(what="hit", rule="already-asked")
    at = max(question.at, hit.last_at)
    due_at = at + TIME_FOR[question.priority]
    return _moved(hit, at, state=HitState.ASKED, question=replace(question, at=at), due_at=due_at)


def reply(hit: OpenedHit, given: Reply) -> OpenedHit:
    """Return the hit with the owner's answer. An answer after its time is an answer.

    What the owner no longer holds valid, or knows to be of another, is closed by that. Raises
    `ConflictError`: `hit-closed`, `already-answered`; and `MalformedError` for a promise without a moment,
    or with one that is past or too far.
    """
    _check_unanswered(hit)
    at = max(given.at, hit.last_at)
    made = replace(given, at=at)
    if given.word is Word.LATER:
        return _promise(hit, made)
    if given.word is Word.CONFIRMED:
        return _moved(hit, at, state=HitState.CONFIRMED, reply=made)
    if given.reason is None:
        raise MalformedError("field-missing", "reason")
    refused = _moved(hit, at, state=HitState.REFUSED, reply=made)
    if given.reason is Reason.DECLINED:
        return refused
    outcome = Outcome(given.reason.value)
    closing = Closing(outcome, given.account, given.bureau, at, given.note, given.unit, given.on_duty)
    return replace(refused, state=HitState.CLOSED, closing=closing)


def _promise(hit: OpenedHit, given: Reply) -> OpenedHit:
    if hit.question is None:
        raise ConflictError(what="hit", rule="nothing-asked")
    if given.by is None:
        raise MalformedError("field-missing", "by")
    if not given.at < given.by <= given.at + PROMISE_MAX:
        raise MalformedError("promise-range", "by")
    assert hit.due_at is not None, "what was asked has a due moment"
    # Whoever answers sooner than promised may; a promise never shortens the time that there was.
    due_at = max(given.by, hit.due_at)
    return _moved(
        hit,
        given.at,
        state=HitState.PROMISED,
        reply=given,
        due_at=due_at,
        reminded_at=None,
        escalated_at=None,
    )


def close(hit: OpenedHit, closing: Closing) -> OpenedHit:
    """Return the hit with what came of it.

    An identity is confirmed only once the owner has confirmed its record; that somebody is another, or that
    nothing was done, can be said at any time. Raises `ConflictError`: `hit-closed`, `not-confirmed`, and
    `owner-says-so` where the checking bureau would declare the owner's record void.
    """
    if hit.state is HitState.CLOSED:
        raise ConflictError(what="hit", rule="hit-closed")
    if closing.outcome is Outcome.IDENTITY_CONFIRMED and hit.state is not HitState.CONFIRMED:
        raise ConflictError(what="hit", rule="not-confirmed")
    if closing.outcome is Outcome.NO_LONGER_VALID and closing.bureau != hit.meeting.owner:
        raise ConflictError(what="hit", rule="owner-says-so")
    at = max(closing.at, hit.last_at)
    return _moved(hit, at, state=HitState.CLOSED, closing=replace(closing, at=at))


def done_on_duty(before: OpenedHit, after: OpenedHit) -> OpenedHit:
    """Return the hit with the answer and the end that are new marked as given by a delegate on duty."""
    given, end = after.reply, after.closing
    return replace(
        after,
        reply=given if given is None or given == before.reply else replace(given, on_duty=True),
        closing=None if end is None else replace(end, on_duty=True),
    )


def wakes_at(hit: OpenedHit) -> datetime | None:
    """Return when the clock has something to do with the hit: to remind its owner, or to pass it on."""
    if not hit.is_waiting or hit.due_at is None or hit.escalated_at is not None:
        return None
    return hit.due_at if hit.reminded_at is not None else _half_time(hit, hit.due_at)


def _half_time(hit: OpenedHit, due_at: datetime) -> datetime:
    given = hit.reply if hit.state is HitState.PROMISED else hit.question
    start = hit.opened_at if given is None else given.at
    return start + (due_at - start) / 2


def remind(hit: OpenedHit, at: datetime) -> OpenedHit | None:
    """Return the hit with its owner reminded where half its time has gone; None where there is no need."""
    if not hit.is_waiting or hit.reminded_at is not None or hit.due_at is None:
        return None
    if not _half_time(hit, hit.due_at) <= at < hit.due_at:
        return None
    return replace(hit, reminded_at=at)


def escalate(hit: OpenedHit, at: datetime, second: str | None) -> OpenedHit | None:
    """Return the hit passed on where its time is over, to a second bureau where there is one; else None.

    It is not passed on to the bureau that asks.
    """
    if not hit.is_overdue(at) or hit.escalated_at is not None:
        return None
    moment = max(at, hit.last_at)
    other = None if second == hit.meeting.bureau else second
    return _moved(hit, moment, escalated_at=moment, second=other or hit.second)


def met_again(hit: OpenedHit, at: datetime) -> OpenedHit:
    """Return the hit with one more check of the same officer for the same thing. Nothing else changes."""
    return replace(hit, times_count=hit.times_count + 1, last_at=max(at, hit.last_at))


def notes_of(hit: OpenedHit) -> list[str]:
    """Return what the two bureaus noted on the hit, in order."""
    parts = (hit.question, hit.reply, hit.closing)
    return [part.note for part in parts if part is not None and part.note]


def without_notes(hit: OpenedHit) -> OpenedHit:
    """Return the hit without its notes, and as it stands otherwise."""
    question, given, end = hit.question, hit.reply, hit.closing
    return replace(
        hit,
        question=None if question is None else replace(question, note=""),
        reply=None if given is None else replace(given, note=""),
        closing=None if end is None else replace(end, note=""),
    )


def without_words(hit: OpenedHit) -> OpenedHit:
    """Return the hit without a word that was written in it: its record is purged, and so nothing is left to answer."""
    bare = without_notes(hit)
    if hit.state is HitState.CLOSED:
        return bare
    closing = Closing(Outcome.NO_LONGER_VALID, NODE, hit.meeting.owner, hit.last_at)
    return _moved(bare, hit.last_at, state=HitState.CLOSED, closing=closing)


def _check_unanswered(hit: OpenedHit) -> None:
    if hit.state is HitState.CLOSED:
        raise ConflictError(what="hit", rule="hit-closed")
    if hit.state in {HitState.CONFIRMED, HitState.REFUSED}:
        raise ConflictError(what="hit", rule="already-answered")


def _moved(hit: OpenedHit, at: datetime, **values: object) -> OpenedHit:
    return replace(hit, version=hit.version + 1, last_at=at, **values)  # type: ignore[arg-type]  # names of fields
