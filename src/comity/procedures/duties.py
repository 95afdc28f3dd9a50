"""A bureau's duty desk: its delegate on duty, the bureau that stands in when it is silent, how long its checks live.

parsed -> authorised -> kept and logged in one transaction
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.hits_clock import pass_on_to_named
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import Purpose, bureau_code, parse_purpose
from comity.records.kinds import KINDS
from comity.records.types.text import parse_line
from comity.registry import accounts, duties, hits
from comity.registry.duties import Duty

DAYS_MAX: Final = 90
DAYS: Final[Mapping[Purpose, int]] = {
    Purpose.BORDER: 3,
    Purpose.ROAD: 3,
    Purpose.WANTED: 30,
    Purpose.LOCATE: 30,
    Purpose.INVESTIGATION: 30,
    Purpose.IDENTIFY: 30,
    Purpose.WARNING: 7,
    Purpose.SECURITY: 7,
    Purpose.ANALYSIS: 0,
    Purpose.SANCTIONS: 7,
}
"""For how many days a check meets newer records where its bureau says nothing else. Most travellers are met at
borders and on roads, and their checks are kept shortest; an analysis is no check of anybody who stands before one."""

CONTACT_CHARS_MAX: Final = 200
FIELDS: Final = frozenset({"account", "second", "days", "kinds", "contact"})


@dataclass(frozen=True, slots=True)
class DutyPage:
    """What a bureau says of its duty desk, and the days that hold for each purpose where it says none of a kind."""

    duty: Duty
    days: Mapping[str, int]

    @property
    def mark(self) -> str:
        """What tells this page from one that says anything else."""
        said = (self.duty.account, self.duty.second, self.duty.days, self.duty.kinds, self.duty.contact)
        return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        days: dict[str, Json] = {**self.days}
        kinds: dict[str, Json] = {**self.duty.kinds}
        named: dict[str, Json] = {"account": self.duty.account, "second": self.duty.second}
        return {**named, "days": days, "kinds": kinds, "contact": self.duty.contact or None}


def days_for(duty: Duty, purpose: Purpose, kind: str = "") -> int:
    """Return for how many days a bureau's checks of a kind, for a purpose, meet newer records.

    What the bureau says of the kind goes before the purpose's days; a purpose without any days stays without.
    """
    days = duty.days.get(purpose.value, DAYS[purpose])
    return duty.kinds.get(kind, days) if days else 0


def read_duty(officer: Officer, desk: Desk) -> DutyPage:
    """Return what the officer's bureau says of its duty desk; raises `RefusedError`; logged."""
    page = duty_before(officer, desk)
    desk.registry.log(entry_of(officer, Act.DUTY_SET, desk.clock(), "read"))
    return page


def duty_before(officer: Officer, desk: Desk) -> DutyPage:
    """Return the same for a command that changes some of it, and is logged by that; raises `RefusedError`."""
    leave(officer, Act.DUTY_SET, desk, {})
    with desk.registry.read() as connection:
        return _page(duties.duty_of(connection, officer.bureau.code))


def set_duty(data: Json, officer: Officer, desk: Desk, seen: str | None = None) -> DutyPage:
    """Set `account`, `second`, `contact`, `days` by purpose and `kinds` (days by kind) for the officer's own bureau.

    What is null is taken back. `seen` is the mark of the page that was read, where one was.

    Raises `RefusedError`, `MalformedError` (`cannot-answer` for an account that may answer no hit), `UnknownError` for
    an account that the bureau has not, or that is closed, and `ConflictError` `stale-duty` where another has set it
    since that page was read; logged.
    """
    asked: dict[str, Json] = {**data} if isinstance(data, dict) else {}
    if asked.get("contact") is not None:
        asked["contact"] = True  # the log cannot forget whom one calls
    leave(officer, Act.DUTY_SET, desk, asked)
    with noting(officer, Act.DUTY_SET, desk, asked):
        if not isinstance(data, dict):
            raise MalformedError("object-expected", "body")
        for name in data:
            if name not in FIELDS:
                raise MalformedError("unknown-field", name[:200])
        at = desk.clock()
        entry = entry_of(officer, Act.DUTY_SET, at, "done", query=asked_terms(asked))
        with desk.registry.acting(entry) as connection:
            before = _page(duties.duty_of(connection, officer.bureau.code))
            if seen is not None and seen != before.mark:
                raise ConflictError(what="duty", rule="stale-duty")
            duty = _parsed(connection, data, officer)
            duties.set_duty(connection, duty, officer.account, at)
            # Whoever stood in until now reads no more of what the two bureaus write to each other.
            passed_on = hits.passed_on_by(connection, duty.bureau, duty.second)
            hits.save(connection, [replace(hit, second=None) for hit in passed_on])
            pass_on_to_named(connection, duty, at, desk)
    return _page(duty)


def _parsed(connection: Connection, data: Mapping[str, Json], officer: Officer) -> Duty:
    code, account, second = officer.bureau.code, data.get("account"), data.get("second")
    if account is not None:
        account = clean_text(account, "account", 80)
        held = next((one for one in accounts.accounts_of(connection, code) if one.name == account), None)
        if held is None or not held.is_open:
            raise UnknownError(what="account", name=account)
        if Act.HIT_ANSWER not in held.role.acts:
            raise MalformedError("cannot-answer", "account")
    if second is not None:
        second = bureau_code(second, "second")
        if second == code or second not in accounts.all_bureaus(connection):
            raise MalformedError("unknown-bureau", "second")
    days = {parse_purpose(name, "days").value: count for name, count in _days(data.get("days"), "days")}
    kinds = dict(_days(data.get("kinds"), "kinds"))
    if not kinds.keys() <= KINDS.keys():
        raise MalformedError("unknown-kind", "kinds")
    contact = data.get("contact")
    text = "" if contact in (None, "") else parse_line(contact, "contact", CONTACT_CHARS_MAX)
    return Duty(code, account, second, days, kinds, text)


def _days(value: Json, field: str) -> list[tuple[str, int]]:
    if value is None:
        return []
    if not isinstance(value, dict):
        raise MalformedError("object-expected", field)
    days: list[tuple[str, int]] = []
    for name, count in value.items():
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= DAYS_MAX:
            raise MalformedError("out-of-range", field)
        days.append((name, count))
    return days


def _page(duty: Duty) -> DutyPage:
    return DutyPage(duty, {purpose.value: days_for(duty, purpose) for purpose in Purpose})
