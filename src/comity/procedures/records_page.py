"""The page of one record: what it says now, how far it is to be trusted, and what it said before.

    asked -> seen (as `read_record` lets it be) -> versions that the reader could see -> their differences

The owner reads every version whole, with the account that made it. Others read a version only where its
own handling let them see it then and the present one does now, and of both the narrower view. A version in
which nothing that they may read changed is not listed, and theirs are counted apart: neither a gap in the
numbers nor a date tells of a change that was not for them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Officer
from comity.access.visibility import may_see
from comity.procedures.desk import Desk, Visible
from comity.procedures.submit import read_record
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View
from comity.records.record import Record, State
from comity.registry import histories, redress
from comity.registry.histories import VERSION_BASE, HeldVersion

_NARROWEST_FIRST = (View.POINTER, View.SUMMARY, View.FULL)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that two versions state differently; None where a version does not state it."""

    field: str
    old: Json
    new: Json

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"field": self.field, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class SeenVersion:
    """One version as its reader may know it: `entered`, `amended` or `withdrawn`, when, and what changed.

    `account` is who handed it in, for the owner alone: to others the owner speaks as one.
    """

    number: int
    what: str
    at: datetime
    account: str | None
    changes: tuple[FieldChange, ...]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        changes: list[Json] = [change.to_json() for change in self.changes]
        shown: dict[str, Json] = {"version": self.number, "what": self.what, "at": self.at.isoformat()}
        if self.account is not None:
            shown["account"] = self.account
        return {**shown, "changes": changes}


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record as its reader may see it, with its versions, newest first; a pointer has none."""

    seen: Visible
    versions: tuple[SeenVersion, ...]
    is_own: bool
    is_review_due: bool

    @property
    def data(self) -> dict[str, Json]:
        """The record's own fields, as far as the view lets them be shown."""
        return shown_data(self.seen.held.record, self.seen.view)

    @property
    def changed_at(self) -> datetime | None:
        """When what the reader sees was last changed; None for a pointer."""
        return self.versions[0].at if self.versions else None

    @property
    def entered_at(self) -> datetime | None:
        """When the reader could first see the record; None for a pointer."""
        return self.versions[-1].at if self.versions else None

    def to_json(self) -> dict[str, Json]:
        """Return the record as the doors show it: its owner sees how it is handled, too."""
        held, record = self.seen.held, self.seen.held.record
        shown: dict[str, Json] = {
            "record": held.public_id,
            "kind": record.kind.code,
            "owner": held.owner,
            "view": self.seen.view.value,
        }
        if self.seen.view is View.POINTER:
            return shown
        review_on = record.handling.review_on
        shown |= {
            "source_id": record.source_id,
            "notice": record.notice,
            "version": self.versions[0].number,
            "state": held.state.value,
            "reliability": record.handling.reliability,
            "handling_code": record.handling.code,
            "review_on": None if review_on is None else review_on.isoformat(),
            "is_review_due": self.is_review_due,
            "data": self.data,
        }
        if self.is_own:
            shown["handling"] = record.handling.to_json()
        return shown

    def versions_json(self) -> dict[str, Json]:
        """Return the versions as the doors show them, newest first."""
        versions: list[Json] = [version.to_json() for version in self.versions]
        return {"record": self.seen.held.public_id, "versions": versions}


def read_page(public_id: str, officer: Officer, purpose: Purpose | None, desk: Desk) -> RecordPage:
    """Return the page of a record; logs and raises as `read_record`."""
    seen = read_record(public_id, officer, purpose, desk)
    return page_of(seen, authorise(officer, Act.RECORD_READ, purpose), desk)


def page_of(seen: Visible, grant: Grant, desk: Desk) -> RecordPage:
    """Return the page of a record that was found already, and logged."""
    with desk.registry.read() as connection:
        held_versions = histories.history(connection, seen.held)
        blocked = redress.blocked_before(connection, seen.held.public_id)
    if blocked:
        held_versions = histories.withheld(held_versions, int(blocked, VERSION_BASE))
    is_own = seen.held.owner == grant.bureau.code
    listed = _own(held_versions) if is_own else _others(held_versions, seen, grant)
    return RecordPage(
        seen=seen,
        versions=tuple(reversed(list(listed))),
        is_own=is_own,
        is_review_due=seen.held.is_review_due(desk.clock().date()),
    )


def shown_data(record: Record, view: View) -> dict[str, Json]:
    """Return the record's own fields that a view lets be shown."""
    if view is View.POINTER:
        return {}
    names = record.data if view is View.FULL else record.kind.summary
    return {name: record.data[name] for name in names if name in record.data}


def _own(versions: list[HeldVersion]) -> Iterator[SeenVersion]:
    before: Mapping[str, Json] | None = None
    for version in versions:
        what = "withdrawn" if version.state is State.WITHDRAWN else "amended" if before else "entered"
        stated = {**shown_data(version.record, View.FULL), **_frame(version.record)}
        stated |= version.record.handling.to_json()
        changes = () if before is None else _differences(before, stated)
        yield SeenVersion(version.number, what, version.at, version.account, changes)
        before = stated


def _others(versions: list[HeldVersion], seen: Visible, grant: Grant) -> Iterator[SeenVersion]:
    if seen.view is View.POINTER:
        return
    readable = [
        (version, _narrower(view, seen.view))
        for version in versions
        if version.state is State.ACTIVE
        and version.record.data  # what a redress case has erased or blocks is no version to anybody else
        and (view := may_see(grant, seen.held.owner, version.record.handling)) not in {None, View.POINTER}
    ]
    first = readable[0][0]
    yield SeenVersion(1, "entered", first.at, None, ())
    number = 1
    for (old, old_view), (new, new_view) in pairwise(readable):
        view = _narrower(old_view, new_view)
        changes = _differences(_stated(old.record, view), _stated(new.record, view))
        if changes:
            number += 1
            yield SeenVersion(number, "amended", new.at, None, changes)


def _narrower(one: View | None, other: View) -> View:
    assert one is not None, "only versions that may be seen are compared"
    return min(one, other, key=_NARROWEST_FIRST.index)


def _stated(record: Record, view: View) -> dict[str, Json]:
    """Return what a version says to bureaus other than its owner."""
    handling = record.handling
    quality: dict[str, Json] = {"reliability": handling.reliability, "handling_code": handling.code}
    quality["review_on"] = handling.review_on.isoformat() if handling.review_on else None
    return {**shown_data(record, view), **_frame(record), **quality}


def _frame(record: Record) -> dict[str, Json]:
    return {"notice": record.notice}


def _differences(old: Mapping[str, Json], new: Mapping[str, Json]) -> tuple[FieldChange, ...]:
    names = dict.fromkeys([*old, *new])
    return tuple(
        FieldChange(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    )
