"""Drafts that nobody goes on with: those of closed accounts, and those that were not saved for long.

    account closed -> its drafts are its bureau's -> taken over by who keeps the bureau's records, or dropped
    not saved for 180 days, whosever it is -> purged by the run of retention, with a line in the log
    a file handed in and not sent in that time, nor carried by a draft -> the same

A draft may say of somebody what a record says. So it is kept no longer than it can be meant to be sent, and nobody
but its account reads it: who takes it over gets it whole, and the log says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import known_form
from comity.procedures.messages.keeping import DRAFTS_MAX, ShownDraft
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.registry import attachments, drafts_left, files_waiting
from comity.registry.drafts_left import OwnedDraft

UNSAVED_MAX: Final = timedelta(days=180)
"""So long after it was last saved a draft is kept: the time in which an owner is asked about a record that ends."""

SHOWN_MAX: Final = 100
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class LeftDraft:
    """A draft of a closed account: whose it was, and until when it is kept."""

    shown: ShownDraft
    account: str
    purged_on: date

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show: what it is about, to whom it was to go, nothing of its text."""
        data = self.shown.data
        return {
            "draft": self.shown.id,
            "account": self.account,
            "saved_at": self.shown.saved_at.isoformat(),
            "purged_on": self.purged_on.isoformat(),
            "subject": subject if isinstance(subject := data.get("subject"), str) else "",
            "to": [one for one in to if isinstance(one, str)]
            if isinstance(to := data.get("to"), list)
            else [],
        }


def left_drafts(officer: Officer, desk: Desk) -> list[LeftDraft]:
    """Return what closed accounts of the officer's bureau have left, the longest unsaved first, 100 at most.

    Raises `RefusedError`, after logging.
    """
    asked: dict[str, Json] = {"list": "left-drafts"}
    leave(officer, Act.RECORD_RETAIN, desk, asked)
    with desk.registry.read() as connection:
        found = drafts_left.left_drafts(connection, officer.bureau.code, SHOWN_MAX)
    desk.registry.log(entry_of(officer, Act.RECORD_RETAIN, desk.clock(), "done", query=asked_terms(asked)))
    return [_left(one) for one in found]


def answer_left(draft: str, what: str, officer: Officer, desk: Desk) -> None:
    """Make a draft of a closed account of the officer's bureau the officer's own (`take-over`), or `drop` it.

    Raises, after logging, `RefusedError`; `MalformedError` for another answer; `UnknownError` alike for a draft that
    is not there, one of another bureau, and one of an account that is open; `ConflictError` `too-many` for an account
    with a hundred drafts.
    """
    asked: dict[str, Json] = {"draft": draft, "answer": what}
    leave(officer, Act.RECORD_RETAIN, desk, asked)
    if what == "take-over":
        leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.RECORD_RETAIN, desk, asked):
        if what not in {"take-over", "drop"}:
            raise MalformedError("not-a-choice", "answer")
        one, at = known_form(draft, "draft"), desk.clock()
        outcome = "draft-taken-over" if what == "take-over" else "draft-dropped"
        entry = entry_of(officer, Act.RECORD_RETAIN, at, outcome, query={"draft": one})
        with desk.registry.acting(entry) as connection:
            if drafts_left.left_draft(connection, officer.bureau.code, one) is None:
                raise UnknownError(what="draft", name=one)
            if what == "drop":
                drafts_left.drop(connection, [one])
                return
            if attachments.drafts_count(connection, officer.account) >= DRAFTS_MAX:
                raise ConflictError(what="draft", rule="too-many")
            drafts_left.hand_over(connection, one, officer.account, at)


def lapse_drafts(at: datetime, officer: Officer, desk: Desk) -> int:
    """Remove drafts that were not saved for long by a moment; return how many. For retention's run: none is shown."""
    count = 0
    while True:
        with desk.registry.read() as connection:
            is_due = bool(drafts_left.unsaved_since(connection, at - UNSAVED_MAX, 1))
        if not is_due:
            break
        with desk.registry.quietly() as connection:
            # Read under the lock: one that was saved meanwhile is kept.
            due = drafts_left.unsaved_since(connection, at - UNSAVED_MAX, _PAGE)
            drafts_left.drop(connection, [one.draft.id for one in due])
            for one in due:
                query = {
                    "draft": one.draft.id,
                    "why": "unsaved",
                    "account": one.account,
                    "bureau": one.bureau,
                }
                entry = entry_of(officer, Act.RETENTION_RUN, desk.clock(), "purged", query=query)
                desk.registry.append(connection, entry)
        count += len(due)
    if count:
        desk.registry.scrub()
    return count


def lapse_files(at: datetime, officer: Officer, desk: Desk) -> int:
    """Remove files that were handed in so long ago by a moment and never sent; return how many. For retention's run.

    One that a draft is to carry waits on with it. Run after `lapse_drafts`.
    """
    count = 0
    while True:
        with desk.registry.read() as connection:
            is_due = bool(files_waiting.waiting_since(connection, at - UNSAVED_MAX, 1))
        if not is_due:
            break
        with desk.registry.quietly() as connection:
            for one in files_waiting.waiting_since(connection, at - UNSAVED_MAX, _PAGE):
                if files_waiting.is_sent(connection, one):
                    files_waiting.wait_no_more(connection, one)
                elif files_waiting.is_drafted(connection, one):
                    files_waiting.wait_on(connection, one, at)
                else:
                    files_waiting.drop(connection, one)
                    query = {"file": one.digest, "why": "unsent", "bureau": one.bureau}
                    entry = entry_of(officer, Act.RETENTION_RUN, desk.clock(), "purged", query=query)
                    desk.registry.append(connection, entry)
                    count += 1
    if count:
        desk.registry.scrub()
    return count


def purged_on(draft: ShownDraft) -> date:
    """Return the day from which a draft may be purged, if it is not saved again."""
    return (draft.saved_at + UNSAVED_MAX).date()


def _left(one: OwnedDraft) -> LeftDraft:
    shown = ShownDraft(one.draft.id, one.draft.saved_at, msgspec.json.decode(one.draft.body))
    return LeftDraft(shown, one.account, purged_on(shown))
