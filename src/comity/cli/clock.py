"""`comity tick, clock`: what is due by the clock, done once; whether the clock can be trusted, and who says so."""

from cyclopts import App

from comity.cli.place import HERE, Place, operating
from comity.cli.show import show_json, show_pairs
from comity.couriers import Post
from comity.procedures.clock_standing import clock_of, confirm_clock
from comity.procedures.clockwork import tick_once
from comity.procedures.node_clock import Judged

CLOCK = App(
    name="clock", help="The machine's clock: how it stands to what the node knows, and that it is right."
)


def tick(place: Place = HERE) -> None:
    """Do what is due by the clock, once: open hits, strike clocks, send events. A served node does it by itself."""
    with operating(place) as (node, officer):
        done = tick_once(officer, node.desk, Post(node.settings.outgoing)).to_json()
    show_json(done) if place.json else show_pairs(done)


@CLOCK.command
def show(*, place: Place = HERE) -> None:
    """Show the node's time, the machine's, and whether what cannot be undone is held back."""
    with operating(place) as (node, officer):
        judged = clock_of(officer, node.desk)
    _show(judged, place)


@CLOCK.command
def confirm(*, place: Place = HERE) -> None:
    """Say that the machine's clock is right now: the node goes by it from here on. The log keeps who said so."""
    with operating(place) as (node, officer):
        judged = confirm_clock(officer, node.desk)
    _show(judged, place)


def _show(judged: Judged, place: Place) -> None:
    said = judged.to_json()
    show_json(said) if place.json else show_pairs(
        {name: one for name, one in said.items() if one is not None}
    )
