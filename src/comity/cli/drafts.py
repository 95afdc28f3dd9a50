"""`comity message draft`: messages kept for later, on the node, for their account alone."""

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
