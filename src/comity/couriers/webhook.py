"""Webhooks: the event as JSON, signed so that its receiver knows who sent it and when.

    Comity-Signature: t=SECONDS,v1=HEX      HMAC-SHA256 over "SECONDS.BODY", keyed with the address's secret
    Idempotency-Key: "BUREAU-NUMBER"        the event's own: the same each time that it is sent, with the same body

Redirects are not followed: the operator has allowed this address and no other. A name that is not found, that stands
for many machines of which none is there, or that answers word by word, is let go: others wait behind it.
"""

import contextlib
import hashlib
import hmac
import socket
import ssl
import threading
import time
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from comity import __version__
from comity.procedures.idempotency import HEADER
from comity.procedures.sending import Parcel, UndeliveredError

TIMEOUT_S: Final = 10.0
"""So long the next piece of an answer may be waited for, and so long machines may be looked for in all."""

ANSWERED_WITHIN_S: Final = 20.0
"""So long a delivery has in all, from its name to the end of the answer."""

MACHINES_MAX: Final = 4
"""Of the machines that a name stands for no more are tried: what is not taken is sent again."""

Place: TypeAlias = tuple[socket.AddressFamily, tuple[object, ...]]
"""Where a machine is, as its family of addresses writes it."""


def signature(secret: str, body: bytes, at_s: int) -> str:
    """Return the header that proves who sent a body, and when."""
    signed = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={signed.hexdigest()}"


def send_webhook(parcel: Parcel, console: str, within_s: float = ANSWERED_WITHIN_S) -> None:
    """Post a parcel to its address; raises `UndeliveredError` for anything but a 2xx within `within_s`."""
    parts = urlsplit(parcel.address.target)
    event = f"{parcel.address.bureau}-{parcel.told.number}"
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"comity/{__version__}",
        "Comity-Event": event,
        HEADER: f'"{event}"',
        "Comity-Signature": signature(parcel.secret or "", parcel.body, int(time.time())),
    }
    if console:
        headers["Comity-Console"] = console
    try:
        status = _posted(parts, parcel.body, headers, within_s)
    except (
        OSError,
        HTTPException,
        ValueError,
    ) as error:  # ValueError: a name or path that no request can carry
        raise UndeliveredError(type(error).__name__) from None
    if not 200 <= status < 300:
        raise UndeliveredError(f"status-{status}")


def _posted(parts: SplitResult, body: bytes, headers: dict[str, str], within_s: float) -> int:
    """Return the status of the answer."""
    assert parts.hostname is not None, "an address was read when it was asked for"
    until_s = time.monotonic() + within_s
    is_sealed = parts.scheme == "https"
    kind = HTTPSConnection if is_sealed else HTTPConnection
    connection = kind(parts.hostname, parts.port, timeout=TIMEOUT_S)
    with contextlib.closing(connection):
        reached = _reached(parts.hostname, connection.port, min(within_s, TIMEOUT_S))
        if is_sealed:
            sealing = ssl.create_default_context()
            reached = sealing.wrap_socket(
                reached, server_hostname=parts.hostname, do_handshake_on_connect=False
            )
        connection.sock = reached
        late = threading.Timer(max(0.0, until_s - time.monotonic()), _cut, (reached,))
        late.start()
        try:
            if isinstance(reached, ssl.SSLSocket):
                reached.do_handshake()
            connection.request("POST", _path(parts), body, headers)
            return connection.getresponse().status
        finally:
            late.cancel()


def _reached(host: str, port: int, within_s: float) -> socket.socket:
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


def _cut(reached: socket.socket) -> None:
    """End a connection under whoever waits for it."""
    with contextlib.suppress(OSError, ValueError):  # it has ended by itself
        # The plain socket's: one that is sealed would forget its seal first, in the middle of whoever uses it.
        socket.socket.shutdown(reached, socket.SHUT_RDWR)


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
