"""`comity record`: one record's page and versions, and which of the bureau's records are due for review."""

from collections.abc import Mapping, Sequence

from cyclopts import App
from rich.markup import escape
from rich.table import Table

from comity.cli.place import HERE, Place, acting
from comity.cli.show import OUT, grades_text, show_json, show_pairs
from comity.cli.speaking import said, speaker_here
from comity.procedures.holders import HoldersPage, held_elsewhere, holders_of
from comity.procedures.records_page import RecordPage, SeenVersion, read_page
from comity.procedures.records_review import DueRecord, due_for_review
from comity.procedures.trail_of_record import Meeting, RecordTrail
from comity.records.fieldtype import Json
from comity.records.handling import View

HOLDER_COLUMNS = ("bureau", "view", "named_at", "times", "first_at", "last_at", "taken_at", "holds")
ELSEWHERE_COLUMNS = ("record", "kind", "source_id", "last_bureau", "last_at")

RECORD = App(name="record", help="Records held: show one, what changed in it, which are due for review.")


@RECORD.command
def show(record: str, *, place: Place = HERE) -> None:
    """Show a record as far as the account may see it: what its owner states, how far to trust it."""
    page = _page(record, place)
    if place.json:
        show_json(page.to_json())
        return
    shown = page.to_json()
    data = shown.pop("data", {})
    handling = shown.pop("handling", {})
    show_pairs(shown)
    for part in (data, handling):
        if isinstance(part, dict):
            show_pairs({f"  {name}": value for name, value in part.items()})
    if page.seen.view is not View.POINTER:
        stated = page.seen.held.record.handling
        OUT.print(escape(grades_text(stated.reliability, stated.code)))
        _warn_of_review(page)


@RECORD.command
def versions(record: str, *, place: Place = HERE) -> None:
    """Show what each version of a record changed, old and new, as far as the account may see it."""
    page = _page(record, place)
    if place.json:
        show_json(page.versions_json())
        return
    for version in page.versions:
        _show_version(version)


@RECORD.command
def due(*, within_days: int = 0, limit: int = 50, after: str | None = None, place: Place = HERE) -> None:
    """List the records of the account's bureau whose review date has come, or comes within so many days."""
    with acting(place) as (node, officer, _purpose):
        found = due_for_review(within_days, limit, after, officer, node.desk)
    if place.json:
        show_json(found.to_json())
        return
    table = _headed("review_on", "days_over", "record", "kind", "source_id", "retain_until")
    for one in found.records:
        table.add_row(*(escape(str(cell)) for cell in _due_row(one)))
    OUT.print(table)
    if found.next is not None:
        OUT.print(f"{escape(said('More'))}: --after {found.next}")


@RECORD.command
def holders(
    record: str | None = None,
    *,
    order: str | None = None,
    limit: int = 50,
    after: str | None = None,
    place: Place = HERE,
) -> None:
    """Show who holds a record of the account's bureau; without RECORD, which of them were shown to others.

    A controller asks about any record by an order: --order names it, and the log keeps it.
    """
    with acting(place) as (node, officer, _purpose):
        if record is None:
            _show_elsewhere(held_elsewhere(limit, after, officer, node.desk), as_json=place.json)
            return
        found = holders_of(record, order, officer, node.desk)
    if place.json:
        show_json(found.to_json())
        return
    _print_table(HOLDER_COLUMNS, [one.to_json() for one in found.holders])


def _show_elsewhere(page: HoldersPage, *, as_json: bool) -> None:
    if as_json:
        show_json(page.to_json())
        return
    _print_table(ELSEWHERE_COLUMNS, [one.to_json() for one in page.records])
    if page.next is not None:
        OUT.print(f"{escape(said('More'))}: --after {page.next}")


def _print_table(columns: Sequence[str], lines: Sequence[Mapping[str, Json]]) -> None:
    table = _headed(*columns)
    for line in lines:
        table.add_row(*("-" if line[name] is None else escape(str(line[name])) for name in columns))
    OUT.print(table)


def show_trail(trail: RecordTrail, *, as_json: bool) -> None:
    """Print who met a record, newest first."""
    if as_json:
        show_json(trail.to_json())
        return
    table = _headed("at", "act", "bureau", "unit", "account", "purpose", "outcome", "door")
    for line in trail.lines:
        table.add_row(*(escape(cell) for cell in _meeting_row(line)))
    OUT.print(table)


def _page(record: str, place: Place) -> RecordPage:
    with acting(place) as (node, officer, purpose):
        return read_page(record, officer, purpose, node.desk)


def _warn_of_review(page: RecordPage) -> None:
    review_on = page.seen.held.record.handling.review_on
    if page.is_review_due and review_on is not None:
        day = speaker_here().date(review_on.isoformat())
        sentence = "Review was due on {date}. Take this record with care until its owner has reviewed it."
        OUT.print(f"[bold yellow]{escape(said(sentence, date=day))}[/]")


def _show_version(version: SeenVersion) -> None:
    maker = f"  {said('by {account}', account=version.account)}" if version.account else ""
    title = escape(said("Version {number}", number=version.number))
    what = escape(speaker_here().value("outcome", version.what))
    OUT.print(f"[bold]{title}[/]  {what}  {version.at.isoformat()}{escape(maker)}")
    if version.changes:
        table = _headed("field", "before", "after")
        for change in version.changes:
            table.add_row(*(escape(str(cell)) for cell in (change.field, change.old, change.new)))
        OUT.print(table)


def _headed(*names: str) -> Table:
    """Return an empty table with these heads, in the terminal's language."""
    speaker = speaker_here()
    return Table(*(escape(speaker.label(name)) for name in names), box=None, pad_edge=True)


def _due_row(one: DueRecord) -> tuple[object, ...]:
    held, handling = one.held, one.held.record.handling
    retained = handling.retain_until or "-"
    return (
        one.review_on,
        one.days_over,
        held.public_id,
        held.record.kind.code,
        held.record.source_id,
        retained,
    )


def _meeting_row(line: Meeting) -> tuple[str, ...]:
    entry = line.entry
    stated = None if entry.purpose is None else speaker_here().value("purpose", entry.purpose)
    optional = (entry.unit, line.account, stated)
    unit, account, purpose = (value or "-" for value in optional)
    at = entry.at.isoformat(timespec="seconds")
    speaker = speaker_here()
    act, outcome = speaker.value("act", entry.act), speaker.value("outcome", entry.outcome)
    return at, act, entry.bureau, unit, account, purpose, outcome, speaker.value("door", entry.door)
