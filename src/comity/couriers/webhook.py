"""Webhooks: the event as JSON, signed so that its receiver knows who sent it and when.

    Comity-Signature: t=SECONDS,v1=HEX      HMAC-SHA256 over "SECONDS.BODY", keyed with the address's secret

Redirects are not followed: the operator has allowed this address and no other.
"""

import hashlib
import hmac
import time
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import SplitResult, urlsplit

from comity import __version__
from comity.procedures.sending import Parcel, UndeliveredError

TIMEOUT_S: Final = 10.0


def signature(secret: str, body: bytes, at_s: int) -> str:
    """Return the header that proves who sent a body, and when."""
    signed = hmac.new(secret.encode(), f"{at_s}.".encode() + body, hashlib.sha256)
    return f"t={at_s},v1={signed.hexdigest()}"


def send_webhook(parcel: Parcel, console: str) -> None:
    """Post a parcel to its address; raises `UndeliveredError` for anything but a 2xx."""
    parts = urlsplit(parcel.address.target)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"comity/{__version__}",
        "Comity-Event": f"{parcel.address.bureau}-{parcel.told.number}",
        "Comity-Signature": signature(parcel.secret or "", parcel.body, int(time.time())),
    }
    if console:
        headers["Comity-Console"] = console
    connection = _connection(parts)
    try:
        connection.request("POST", _path(parts), parcel.body, headers)
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise UndeliveredError(type(error).__name__) from None
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise UndeliveredError(f"status-{status}")


def _connection(parts: SplitResult) -> HTTPConnection:
    assert parts.hostname is not None, "an address was read when it was asked for"
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname, parts.port, timeout=TIMEOUT_S)


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
