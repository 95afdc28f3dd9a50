"""`comity message draft`: messages kept for later, on the node, for their account alone; those of closed accounts."""

from cyclopts import App

from comity.cli.message_door import door_to
from comity.cli.message_files import listed
from comity.cli.place import HERE, Place
from comity.cli.show import show_json, show_pairs, show_rows
from comity.errors import MalformedError
from comity.records.fieldtype import Json

DRAFT = App(name="draft", help="Messages kept for later, for their account alone.")


@DRAFT.command(name="list")
def list_drafts(*, url: str | None = None, place: Place = HERE) -> None:
    """List the account's drafts, the newest first."""
    with door_to(url, place) as (door, _purpose):
        found = door.drafts()
    if place.json:
        show_json(dict(found))
        return
    rows: list[dict[str, Json]] = [
        {"draft": one["draft"], "saved_at": one["saved_at"], "subject": said.get("subject") or ""}
        for one in listed(found["drafts"])
        if isinstance(said := one["message"], dict)
    ]
    show_rows(rows, as_json=False)


@DRAFT.command
def show(draft: str, *, url: str | None = None, place: Place = HERE) -> None:
    """Show a draft as it was typed."""
    with door_to(url, place) as (door, _purpose):
        found = door.draft(draft)
    show_json(dict(found))


@DRAFT.command
def send(draft: str, *, url: str | None = None, place: Place = HERE) -> None:
    """Send a draft, and drop it."""
    with door_to(url, place) as (door, _purpose):
        said = door.draft(draft)["message"]
        if not isinstance(said, dict):
            raise MalformedError("object-expected", "message")
        made = door.send(said)
        door.drop_draft(draft)
    (show_json if place.json else show_pairs)(dict(made))


@DRAFT.command
def drop(draft: str, *, url: str | None = None, place: Place = HERE) -> None:
    """Remove a draft."""
    with door_to(url, place) as (door, _purpose):
        door.drop_draft(draft)


@DRAFT.command
def left(*, url: str | None = None, place: Place = HERE) -> None:
    """List what closed accounts of the account's bureau have left, the longest unsaved first."""
    with door_to(url, place) as (door, _purpose):
        found = door.left_drafts()
    if place.json:
        show_json(dict(found))
        return
    names = ("draft", "account", "saved_at", "purged_on", "subject")
    show_rows([{name: one[name] for name in names} for one in listed(found["drafts"])], as_json=False)


@DRAFT.command(name="take-over")
def take_over(draft: str, *, url: str | None = None, place: Place = HERE) -> None:
    """Make a draft of a closed account the account's own."""
    with door_to(url, place) as (door, _purpose):
        door.answer_left(draft, "take-over")


@DRAFT.command
def discard(draft: str, *, url: str | None = None, place: Place = HERE) -> None:
    """Remove a draft of a closed account."""
    with door_to(url, place) as (door, _purpose):
        door.answer_left(draft, "drop")
