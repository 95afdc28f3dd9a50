"""Webhooks: the event as JSON, signed so that its receiver knows who sent it and when.

    Comity-Signature: t=SECONDS,v1=HEX      HMAC-SHA256 over "SECONDS.BODY", keyed with the address's secret
    Idempotency-Key: "BUREAU-NUMBER"        the event's own: the same each time that it is sent, with the same body

Redirects are not followed: the operator has allowed this address and no other. A name that is not found, that stands
for many machines of which none is there, or that answers word by word, is let go: others wait behind it.
"""

import contextlib
import hashlib
import hmac
import ssl
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from comity import __version__
from comity.couriers.reaching import DELIVERED_WITHIN_S, TIMEOUT_S, cut, reached_at
from comity.procedures.idempotency import HEADER
from comity.procedures.sending import Parcel, UndeliveredError


def signature(secret: str, body: bytes, at_s: int) -> str:
    """Return the header that proves who sent a body, and when."""
    signed = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={signed.hexdigest()}"


def send_webhook(parcel: Parcel, console: str, within_s: float = DELIVERED_WITHIN_S) -> None:
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
        reached = reached_at(parts.hostname, connection.port, min(within_s, TIMEOUT_S))
        if is_sealed:
            sealing = ssl.create_default_context()
            reached = sealing.wrap_socket(
                reached, server_hostname=parts.hostname, do_handshake_on_connect=False
            )
        connection.sock = reached
        late = threading.Timer(max(0.0, until_s - time.monotonic()), cut, (reached,))
        late.start()
        try:
            if isinstance(reached, ssl.SSLSocket):
                reached.do_handshake()
            connection.request("POST", _path(parts), body, headers)
            return connection.getresponse().status
        finally:
            late.cancel()


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
