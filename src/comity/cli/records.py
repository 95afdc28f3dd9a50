"""`comity record`: one record's page and versions, and which of the bureau's records are due for review."""

from cyclopts import App
from rich.markup import escape
from rich.table import Table

from comity.cli.place import HERE, Place, acting
from comity.cli.show import OUT, grades_text, show_json, show_pairs
from comity.cli.speaking import speaker_here
from comity.procedures.records_page import RecordPage, SeenVersion, read_page
from comity.procedures.records_review import DueRecord, due_for_review
from comity.procedures.trail_of_record import Meeting, RecordTrail
from comity.records.handling import View

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
    table = Table("review on", "days over", "record", "kind", "source id", "retain until", box=None)
    for one in found.records:
        table.add_row(*(escape(str(cell)) for cell in _due_row(one)))
    OUT.print(table)
    if found.next is not None:
        OUT.print(f"more: --after {found.next}")


def show_trail(trail: RecordTrail, *, as_json: bool) -> None:
    """Print who met a record, newest first."""
    if as_json:
        show_json(trail.to_json())
        return
    table = Table("at", "act", "bureau", "unit", "account", "purpose", "outcome", "door", box=None)
    for line in trail.lines:
        table.add_row(*(escape(cell) for cell in _meeting_row(line)))
    OUT.print(table)


def _page(record: str, place: Place) -> RecordPage:
    with acting(place) as (node, officer, purpose):
        return read_page(record, officer, purpose, node.desk)


def _warn_of_review(page: RecordPage) -> None:
    review_on = page.seen.held.record.handling.review_on
    if page.is_review_due and review_on is not None:
        speaker = speaker_here()
        sentence = "Review was due on {date}. Take this record with care until its owner has reviewed it."
        OUT.print(
            f"[bold yellow]{escape(speaker.say(sentence, date=speaker.date(review_on.isoformat())))}[/]"
        )


def _show_version(version: SeenVersion) -> None:
    maker = f"  by {version.account}" if version.account else ""
    OUT.print(f"[bold]version {version.number}[/]  {version.what}  {version.at.isoformat()}{escape(maker)}")
    if version.changes:
        table = Table("field", "old", "new", box=None, pad_edge=True)
        for change in version.changes:
            table.add_row(*(escape(str(cell)) for cell in (change.field, change.old, change.new)))
        OUT.print(table)


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
    optional = (entry.unit, line.account, entry.purpose)
    unit, account, purpose = (value or "-" for value in optional)
    at = entry.at.isoformat(timespec="seconds")
    return at, entry.act, entry.bureau, unit, account, purpose, entry.outcome, entry.door
