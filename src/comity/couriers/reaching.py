"""Reaching a machine outside the house within a time, and letting it go when that is over.

A name that is not found, that stands for many machines of which none is there, or a machine that answers word by
word must not hold up what waits behind it.
"""

import contextlib
import socket
import threading
import time
from concurrent.futures import Future
from typing import Final, TypeAlias

TIMEOUT_S: Final = 10.0
"""So long the next piece of an answer may be waited for, and so long machines may be looked for in all."""

DELIVERED_WITHIN_S: Final = 20.0
"""So long a delivery has in all, from its name to the end of the answer."""

MACHINES_MAX: Final = 4
"""Of the machines that a name stands for no more are tried: what is not taken is sent again."""

Place: TypeAlias = tuple[socket.AddressFamily, tuple[object, ...]]
"""Where a machine is, as its family of addresses writes it."""


def reached_at(host: str, port: int, within_s: float) -> socket.socket:
    """Return a connection to the first of a name's machines that is there; raises `OSError`.

    Each has an even share of the time that is left, so that one that is not there does not take all of it.
    """
    until_s = time.monotonic() + within_s
    places = _places(host, port, within_s)
    fault: OSError = TimeoutError("nobody was there in time")
    for tried, (family, place) in enumerate(places):
        left_s = (until_s - time.monotonic()) / (len(places) - tried)
        if left_s <= 0:
            break
        reached = socket.socket(family, socket.SOCK_STREAM)
        try:
            reached.settimeout(left_s)
            reached.connect(place)
        except OSError as error:
            reached.close()
            fault = error
        else:
            reached.settimeout(TIMEOUT_S)
            return reached
    raise fault


def _places(host: str, port: int, within_s: float) -> list[Place]:
    """Return where a name's first machines are; raises `OSError` where nobody knows in time.

    Who asks waits for as long as the machine's resolver likes: a thread of its own does, which nobody waits for.
    """
    found: Future[list[Place]] = Future()
    threading.Thread(target=_look_up, args=(host, port, found), daemon=True).start()
    return found.result(within_s)


def _look_up(host: str, port: int, found: "Future[list[Place]]") -> None:
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as error:
        found.set_exception(error)
    else:
        places: list[Place] = [(family, place) for family, _type, _protocol, _name, place in rows]
        found.set_result([*dict.fromkeys(places)][:MACHINES_MAX])


def cut(reached: socket.socket) -> None:
    """End a connection under whoever waits for it."""
    with contextlib.suppress(OSError, ValueError):  # it has ended by itself
        # The plain socket's: one that is sealed would forget its seal first, in the middle of whoever uses it.
        socket.socket.shutdown(reached, socket.SHUT_RDWR)
