"""What a serving node does in the background: the log takes over the journals, the index saves what has changed.

A segment that is not as it was written is found out before it is merged; then the index is made anew of the registry,
beside the other work.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from comity.procedures import upkeep
from comity.procedures.desk import Desk

LOGGER: Final = logging.getLogger("comity.index")

PAUSE_S: Final = 0.25
WITHOUT_PAUSE: Final = 4_000
"""So many lines taken over at once, and there are more: fewer wait for others, since each round costs a transaction.

Nobody waits for it: lines in journals are durable, and whoever reads the log takes them over first.
"""
SAVE_AT: Final = 2_000
"""Records that the index's delta speaks of before it is written as a segment."""


def keep(desk: Desk, is_ended: Callable[[], bool], pause: Callable[[float], None] = time.sleep) -> None:
    """Go on until it is to end; lines in journals are in the log a moment later."""
    mender = ThreadPoolExecutor(1)
    mending: Future[None] | None = None
    with desk.index.keeping():
        while not is_ended():
            taken = desk.registry.settle()
            if mending is not None and mending.done():
                mending.result()  # what went wrong there goes wrong here
                mending = None
            if mending is None:
                desk.follower.catch_up()
                if desk.index.delta_count >= SAVE_AT:
                    desk.index.save()
                if desk.index.unsound:
                    LOGGER.error("%s of the index is damaged; it is made anew", desk.index.unsound)
                    mending = mender.submit(upkeep.mend, desk)
            if taken < WITHOUT_PAUSE:
                pause(PAUSE_S)
    desk.registry.settle()
    mender.shutdown(wait=False, cancel_futures=True)
