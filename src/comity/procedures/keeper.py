"""What a serving node does in the background: the log takes over the journals, the index saves what has changed."""

import time
from collections.abc import Callable
from typing import Final

from comity.procedures.desk import Desk

PAUSE_S: Final = 0.25
WITHOUT_PAUSE: Final = 4_000
"""So many lines taken over at once, and there are more: fewer wait for others, since each round costs a transaction.

Nobody waits for it: lines in journals are durable, and whoever reads the log takes them over first.
"""
SAVE_AT: Final = 2_000
"""Records that the index's delta speaks of before it is written as a segment."""


def keep(desk: Desk, is_ended: Callable[[], bool], pause: Callable[[float], None] = time.sleep) -> None:
    """Go on until it is to end; lines in journals are in the log a moment later."""
    with desk.index.keeping():
        while not is_ended():
            taken = desk.registry.settle()
            desk.follower.catch_up()
            if desk.index.delta_count >= SAVE_AT:
                desk.index.save()
            if taken < WITHOUT_PAUSE:
                pause(PAUSE_S)
    desk.registry.settle()
