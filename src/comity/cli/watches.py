"""`comity watch`: the standing checks of a bureau."""

from typing import Annotated

from cyclopts import App, Parameter
from rich.markup import escape

from comity.cli.place import HERE, Place, acting
from comity.cli.queries import query_of
from comity.cli.show import OUT, show_json, show_pairs
from comity.cli.speaking import speaker_here
from comity.procedures.watches import DAYS_DEFAULT, WatchLine, end_watch, list_watches, set_watch

WATCH = App(
    name="watch", help="Standing checks of the account's bureau: told when a record comes that means them."
)


@WATCH.command(name="set")
def set_(
    kind: str,
    *terms: Annotated[str, Parameter(allow_leading_hyphen=True)],
    days: int = DAYS_DEFAULT,
    place: Place = HERE,
) -> None:
    """Let a check stand: `comity watch set document --type P --issuer EGY --number A1234567 --days 30`."""
    with acting(place) as (node, officer, purpose):
        line = set_watch({**query_of(kind, terms), "days": days}, officer, purpose, node.desk)
    _show(line, place)


@WATCH.command(name="list")
def list_(place: Place = HERE) -> None:
    """List the standing checks of the account's bureau, newest first."""
    with acting(place) as (node, officer, _purpose):
        found = list_watches(officer, node.desk)
    for line in found:
        _show(line, place)


@WATCH.command
def end(watch: str, *, place: Place = HERE) -> None:
    """End a standing check, by its identifier."""
    with acting(place) as (node, officer, _purpose):
        end_watch(watch, officer, node.desk)
    show_pairs({"watch": watch, "state": "ended"})


def _show(line: WatchLine, place: Place) -> None:
    if place.json:
        show_json(line.to_json())
        return
    one, speaker = line.watch, speaker_here()
    asked = ", ".join(
        f"{speaker.label(name)}: {value}" for name, value in line.query.items() if name != "kind"
    )
    until = speaker.instant(one.until)
    OUT.print(
        f"[bold]{escape(one.id)}[/]  {escape(speaker.kind(one.kind))}  {escape(asked)}  {escape(until)}"
    )
