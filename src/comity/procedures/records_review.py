"""Which of a bureau's own records are due for review: retention is asked of the owner before it ends."""

from dataclasses import dataclass
from datetime import date, timedelta

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json, clean_text
from comity.records.record import HeldRecord
from comity.registry import histories

CURSOR_CHARS_MAX = 80


@dataclass(frozen=True, slots=True)
class DueRecord:
    """A record whose review date has come or comes soon; `days_over` is negative before the date."""

    held: HeldRecord
    review_on: date
    days_over: int

    @property
    def is_due(self) -> bool:
        """Whether the review date has come."""
        return self.days_over >= 0

    @property
    def cursor(self) -> str:
        """What asks for the records after this one."""
        return f"{self.review_on.isoformat()}.{self.held.public_id}"

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        held, handling = self.held, self.held.record.handling
        return {
            "record": held.public_id,
            "kind": held.record.kind.code,
            "source_id": held.record.source_id,
            "list": held.list_name,
            "review_on": self.review_on.isoformat(),
            "retain_until": None if handling.retain_until is None else handling.retain_until.isoformat(),
            "is_review_due": self.is_due,
            "days_over": self.days_over,
        }


@dataclass(frozen=True, slots=True)
class DueRecords:
    """Records due for review, earliest date first; `next` asks for those after them, None at the end."""

    by: date
    records: tuple[DueRecord, ...]
    next: str | None

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        records: list[Json] = [one.to_json() for one in self.records]
        return {"by": self.by.isoformat(), "records": records, "next": self.next}


def due_for_review(
    within_days: int, limit: int, after: str | None, officer: Officer, desk: Desk
) -> DueRecords:
    """Return the records of the officer's bureau whose review date has come or comes within so many days.

    `after` is the `next` of the page before. Raises `RefusedError`, and `MalformedError` for bounds and
    cursors that are none, all logged.
    """
    asked: dict[str, Json] = {"within_days": within_days, "after": after}
    leave(officer, Act.RECORD_REVIEW, desk, asked)
    with noting(officer, Act.RECORD_REVIEW, desk, asked):
        place = _place(within_days, limit, after)
    today = desk.clock().date()
    by = today + timedelta(days=within_days)
    with desk.registry.read() as connection:
        held = histories.due_for_review(connection, officer.bureau.code, by, limit, place)
    desk.registry.log(entry_of(officer, Act.RECORD_REVIEW, desk.clock(), "done", query=asked_terms(asked)))
    records = tuple(_due(one, today) for one in held)
    return DueRecords(by, records, records[-1].cursor if len(records) == limit else None)


def _due(held: HeldRecord, today: date) -> DueRecord:
    review_on = held.record.handling.review_on
    assert review_on is not None, "only records with a review date are asked for"
    return DueRecord(held, review_on, (today - review_on).days)


def _place(within_days: int, limit: int, after: str | None) -> tuple[date, str] | None:
    """Return the place in the list that a cursor names; raises `MalformedError`."""
    if not 1 <= limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")
    if not 0 <= within_days <= 3660:
        raise MalformedError("out-of-range", "within_days")
    if after is None:
        return None
    day, _point, one = clean_text(after, "after", CURSOR_CHARS_MAX).partition(".")
    try:
        return date.fromisoformat(day), one
    except ValueError:
        raise MalformedError("cursor-form", "after") from None
