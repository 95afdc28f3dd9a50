"""`comity tick`: what is due by the clock, done once, where no served node does it."""

from comity.cli.place import HERE, Place, operating
from comity.cli.show import show_json, show_pairs
from comity.couriers import Post
from comity.procedures.clockwork import tick_once


def tick(place: Place = HERE) -> None:
    """Do what is due by the clock, once: open hits, strike clocks, send events. A served node does it by itself."""
    with operating(place) as (node, officer):
        done = tick_once(officer, node.desk, Post(node.settings.outgoing)).to_json()
    show_json(done) if place.json else show_pairs(done)
