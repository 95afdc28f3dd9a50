"""What was done: officers see their own acts, owners who met their records, controllers prove the log.

No line carries its number in the whole log: that would tell how much others do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.audit.entries import Entry, for_owner
from comity.audit.inspection import AuditReport
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.registry import audit_log

PAGE_MAX = 200


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the log as its reader may see it."""

    entry: Entry
    is_own: bool

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        entry = self.entry
        query: dict[str, Json] = {name: _plain(value) for name, value in entry.query.items()}
        shown: dict[str, Json] = {**act_json(entry), "records": list(entry.records)}
        if self.is_own:
            shown |= {"account": entry.account, "query": query, "reason": entry.reason}
        return shown


def act_json(entry: Entry) -> dict[str, Json]:
    """Return what every reader of a line may know: who did what, when, for what purpose, and how it ended."""
    return {
        "at": entry.at.isoformat(),
        "act": entry.act,
        "bureau": entry.bureau,
        "unit": entry.unit,
        "purpose": entry.purpose,
        "kind": entry.kind,
        "outcome": entry.outcome,
        "door": entry.door,
    }


def parse_moment(text: str, field: str) -> datetime:
    """Return the moment of a line, with its zone; raises `MalformedError` `moment-form`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MalformedError("moment-form", field) from None
    if moment.tzinfo is None:
        raise MalformedError("moment-form", field)
    return moment


def _plain(value: object) -> Json:
    return value if isinstance(value, bool | int | str) or value is None else str(value)


def own_acts(officer: Officer, limit: int, before: datetime | None, desk: Desk) -> list[TrailLine]:
    """Return the officer's own acts, newest first; `before` is the time of the last line seen."""
    leave(officer, Act.AUDIT_OWN, desk, {})
    with noting(officer, Act.AUDIT_OWN, desk, {"limit": limit}):
        _check_limit(limit)
    desk.registry.settle()
    with desk.registry.read() as connection:
        last = None if before is None else audit_log.first_since(connection, before)
        found = audit_log.own_entries(connection, officer.account, limit, last)
    return [TrailLine(_as_answered(logged.entry), is_own=True) for logged in found]


def _as_answered(entry: Entry) -> Entry:
    """Return one's own entry as far as its answer went: a private partner was told go or wait, and no more."""
    if entry.act != Act.PARTNER_CHECK:
        return entry
    return msgspec.structs.replace(entry, records=(), owners=(), opens=())


def hits_on_own(officer: Officer, limit: int, before: datetime | None, desk: Desk) -> list[TrailLine]:
    """Return who met the records of the officer's bureau, newest first: when, for what, which records."""
    leave(officer, Act.AUDIT_HITS, desk, {})
    with noting(officer, Act.AUDIT_HITS, desk, {"limit": limit}):
        _check_limit(limit)
    owner = officer.bureau.code
    desk.registry.settle()
    with desk.registry.read() as connection:
        last = None if before is None else audit_log.first_since(connection, before)
        found = audit_log.entries_about(connection, owner, limit, last)
    _log_reading(officer, Act.AUDIT_HITS, desk)
    return [TrailLine(for_owner(logged.entry, owner), is_own=False) for logged in found]


def prove(officer: Officer, desk: Desk, progress: Callable[[int, int], bool]) -> AuditReport:
    """Return what a whole verification of the log finds; it can be stopped by `progress` returning False."""
    leave(officer, Act.AUDIT_PROVE, desk, {})
    _log_reading(officer, Act.AUDIT_PROVE, desk)
    desk.registry.settle()
    with desk.registry.read() as connection:
        return audit_log.verify(connection, desk.registry.signer.verifier, progress)


def latest_head(officer: Officer, desk: Desk) -> str:
    """Return the newest signed head, for a controller to keep elsewhere."""
    leave(officer, Act.AUDIT_PROVE, desk, {})
    _log_reading(officer, Act.AUDIT_PROVE, desk)
    desk.registry.settle()
    with desk.registry.read() as connection:
        return audit_log.latest_head(connection)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= PAGE_MAX:
        raise MalformedError("out-of-range", "limit")


def _log_reading(officer: Officer, act: Act, desk: Desk) -> None:
    """Log that what others did was read. One's own acts are not: each reading would make another to read."""
    desk.registry.log(entry_of(officer, act, desk.clock(), "done"))
