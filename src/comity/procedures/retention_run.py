"""The clock of retention: once a day each record that comes of age moves one step on.

    come of age -> owner asked -> reminded -> suspended on the day -> purged after the grace, with proof

Every step is one transaction with its audit line, and is worked out anew inside it: a run that is killed goes
on where it stopped, and a second run of the same day does nothing. Whoever runs it is shown counts, no record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry
from comity.procedures.clock_standing import require_proven
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.drafts_left import lapse_drafts, lapse_files
from comity.procedures.notices.lapsing import lapse_due
from comity.procedures.noting import noting
from comity.procedures.purging import PurgeOrder, purge, sweep
from comity.procedures.redress_former import records_of_blocked
from comity.records.fieldtype import Json
from comity.records.record import HeldRecord, State
from comity.records.retention import RetentionProfile, months_after, since
from comity.registry import events, holdings, retention
from comity.registry.blocking import blocked_among
from comity.registry.events import Event
from comity.registry.retention import Term

PAGE = 500
STEPS = ("asked", "reminded", "suspended", "purged")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one record: `asked`, `reminded`, `suspended` or `purged`; `why` where it is purged."""

    held: HeldRecord
    what: str
    ends_on: date
    reminders: int = 0
    why: str = ""


@dataclass(slots=True)
class RunReport:
    """How many records took each step; `is_new` is false where the day was done already."""

    day: date
    is_new: bool = True
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STEPS, 0))

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"day": self.day.isoformat(), "new": self.is_new, **self.counts}


def run_retention(officer: Officer, desk: Desk) -> RunReport:
    """Take every step that is due today.

    Raises, after logging, `RefusedError`, and `ConflictError` for a clock that is not proven.
    """
    leave(officer, Act.RETENTION_RUN, desk, {})
    with noting(officer, Act.RETENTION_RUN, desk, {}):
        proven = require_proven(desk)
    today = proven.date()
    with desk.registry.read() as connection:
        is_done, owed = retention.is_done(connection, today), retention.is_sweep_owed(connection)
    report = RunReport(today, is_new=not is_done)
    if is_done and not owed:
        return report
    for numbers in _pages(today, desk):
        require_proven(desk)  # a clock can jump at any moment; what is left is done by the next run
        _take(numbers, officer, desk, report)
    report.counts["purged"] += lapse_due(today, officer, desk)
    lapse_drafts(proven, officer, desk)
    lapse_files(proven, officer, desk)
    desk.follower.catch_up()
    if report.counts["purged"] or owed:
        sweep(desk)
    entry = entry_of(officer, Act.RETENTION_RUN, desk.clock(), "done", query=report.to_json())
    with desk.registry.acting(entry) as connection:
        retention.note_done(connection, today, desk.clock())
    return report


def _pages(today: date, desk: Desk) -> Iterator[Sequence[int]]:
    """Yield the numbers of the records that have a step to take, page by page."""
    profile, after = desk.retention, 0
    horizon = months_after(today, profile.ask_months)
    oldest = since(horizon, profile.shortest_months) + timedelta(days=3)  # months are not all of one length
    entered_by = datetime.combine(oldest, time.max, UTC)
    while True:
        with desk.registry.read() as connection:
            held = holdings.come_of_age(connection, horizon, entered_by, after, PAGE)
            steps = _steps(held, connection, today, profile)
        if steps:
            yield [step.held.number for step in steps]
        if len(held) < PAGE:
            return
        after = held[-1].number


def _steps(
    records: Sequence[HeldRecord], connection: Connection, today: date, profile: RetentionProfile
) -> list[Step]:
    terms = retention.terms_of(connection, [held.number for held in records])
    steps = [step for held in records if (step := next_step(held, terms.get(held.number), today, profile))]
    purged = [step.held for step in steps if step.what == "purged"]
    if not purged:
        return steps
    # While a redress case runs nothing of its record is removed, nor what it blocks beside one: the case is about that.
    blocked = blocked_among(connection, [held.number for held in purged])
    beside = records_of_blocked(connection)
    kept = {held.number for held in purged if held.number in blocked or held.public_id in beside}
    return [step for step in steps if not (step.what == "purged" and step.held.number in kept)]


def next_step(held: HeldRecord, term: Term | None, today: date, profile: RetentionProfile) -> Step | None:
    """Return the one step that a record has to take today, or None.

    No record is purged whose owner was not told: the grace runs from the later of its end and the day on
    which it was suspended. A withdrawn record, which its owner has let go already, is asked about no more.
    """
    ends_on = profile.ends_on(held, term.kept_until if term else None)
    grace = timedelta(days=profile.grace_days)
    if held.state is State.WITHDRAWN:
        if term is not None and term.step == "let-go":
            return Step(held, "purged", ends_on, why="let-go")
        return Step(held, "purged", ends_on, why="withdrawn") if ends_on + grace <= today else None
    if ends_on <= today:
        if term is None or term.step != "suspended":
            return Step(held, "suspended", ends_on)
        is_over = max(ends_on, term.at.date()) + grace <= today
        return Step(held, "purged", ends_on, why="unanswered") if is_over else None
    if months_after(ends_on, -profile.ask_months) > today:
        return None
    if term is None or term.step != "asked" or term.ends_on != ends_on:
        return Step(held, "asked", ends_on)
    due = sum(ends_on - timedelta(days=days) <= today for days in profile.reminders_days)
    return Step(held, "reminded", ends_on, due) if due > term.reminders else None


def _take(numbers: Sequence[int], officer: Officer, desk: Desk, report: RunReport) -> None:
    today, at = report.day, desk.clock()
    with desk.registry.write() as connection:
        held = holdings.fetch(connection, numbers)
        steps = _steps([*held.values()], connection, today, desk.retention)
        for what in STEPS:
            chosen = [step for step in steps if step.what == what]
            if not chosen:
                continue
            if what == "purged":
                _purge(chosen, officer, connection, desk)
            else:
                _note(chosen, connection, officer, at)
                desk.registry.append_all(connection, [_entry(step, officer, at) for step in chosen])
            told = [Event(one.held.owner, "record", what, one.held.public_id, at) for one in chosen]
            events.tell(connection, told)
            report.counts[what] += len(chosen)


def _note(steps: Sequence[Step], connection: Connection, officer: Officer, at: datetime) -> None:
    for step in steps:
        stated: Mapping[str, object] = {
            "owner": step.held.owner,
            "ends_on": step.ends_on,
            "step": "asked" if step.what == "reminded" else step.what,
            "account": officer.account,
            "at": at,
        }
        asked = {"asked_on": at.date(), "reminders": 0} if step.what == "asked" else {}
        reminded = {"reminders": step.reminders} if step.what == "reminded" else {}
        retention.put_term(connection, step.held.number, {**stated, **asked, **reminded})
    gone = [step.held.public_id for step in steps if step.what == "suspended"]
    holdings.suspend(connection, gone, officer.account, at)


def _purge(steps: Sequence[Step], officer: Officer, connection: Connection, desk: Desk) -> None:
    for why in sorted({step.why for step in steps}):
        records = [step.held for step in steps if step.why == why]
        purge(records, PurgeOrder(officer, Act.RETENTION_RUN, why), connection, desk)


def _entry(step: Step, officer: Officer, at: datetime) -> Entry:
    query = {"record": step.held.public_id, "ends_on": step.ends_on.isoformat()}
    entry = entry_of(officer, Act.RETENTION_RUN, at, step.what, kind=step.held.record.kind.code, query=query)
    return msgspec.structs.replace(entry, records=(step.held.public_id,), owners=(step.held.owner,))
