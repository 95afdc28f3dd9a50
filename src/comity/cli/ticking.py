"""The clock of a served node: a process that strikes every second, and sends events beside that."""

import ctypes
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from comity.app import Node
from comity.couriers import Post
from comity.procedures.clock_standing import watch_clock
from comity.procedures.clockwork import tick
from comity.procedures.daily import turn
from comity.procedures.node_clock import Standing
from comity.procedures.sending import deliver

EVERY_S: Final = 1.0
"""How long after one round the next begins: a clock strikes at most about this late."""


MAPPED_BYTES_MIN: Final = 256 * 1024
_M_MMAP_THRESHOLD: Final = -3


def let_arrays_go() -> None:
    """Have the allocator ask the system for each large array apart, and give it back as soon as it is let go.

    It learns by itself not to, from the first large ones, up to 32 MB: what a clock's rounds need for a moment then
    lies about in pieces that it keeps. Does nothing where the C library knows no such setting.
    """
    setting = getattr(ctypes.CDLL(None), "mallopt", None)
    if setting is not None:
        setting(_M_MMAP_THRESHOLD, MAPPED_BYTES_MIN)


def keep_time(node: Node, is_ended: Callable[[], bool]) -> None:
    """Do what is due, again and again, until told to end. What goes wrong ends the process: it is replaced.

    Events are sent in a thread of their own, so that an address that does not answer holds up no clock.
    """
    post = Post(node.settings.outgoing)
    sender = ThreadPoolExecutor(1)
    sending: Future[int] | None = None
    standing: Standing | None = None
    while not is_ended():
        standing = watch_clock(node.desk, standing)
        tick(node.desk, None)
        turn(node.desk)
        if sending is None or sending.done():
            if sending is not None:
                sending.result()  # what went wrong there goes wrong here
            sending = sender.submit(deliver, node.desk, post)
        time.sleep(EVERY_S)
    sender.shutdown(wait=False, cancel_futures=True)
