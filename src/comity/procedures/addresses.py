"""Where a bureau is told of events outside the house: its administrator asks, the operator allows, either ends it.

parsed -> authorised -> kept and logged in one transaction -> the webhook's secret, shown once
"""

import re
import secrets
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.credentials import Secret
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json, clean_text
from comity.registry import outbox
from comity.registry.outbox import Address

CHANNELS: Final = ("webhook", "email")
ADDRESSES_MAX: Final = 10
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAILBOX: Final = re.compile(rf"{_ATOM}(\.{_ATOM})*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""Plain mailboxes (RFC 5322, dot-atom): every relay takes them, and none of them can be read as anything else."""

_WRITTEN_OUT: Final = re.compile("[!-~]+")
"""An address of the web as a request carries it: other letters are written out (xn--, %C3%BC), blanks too."""


@dataclass(frozen=True, slots=True)
class AddressLine:
    """An address and how many events wait for it, were sent, were given up."""

    address: Address
    waiting: int
    sent: int
    failed: int

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        one = self.address
        return {
            "address": one.id,
            "bureau": one.bureau,
            "channel": one.channel,
            "target": one.target,
            "state": one.state,
            "waiting": self.waiting,
            "sent": self.sent,
            "failed": self.failed,
        }


def ask_address(channel: str, target: str, officer: Officer, desk: Desk) -> tuple[Address, Secret | None]:
    """Ask that the officer's bureau be told of events at an address; return it, and a webhook's secret, once.

    Nothing goes there before the operator allows it. Raises `RefusedError`, `MalformedError` for an address
    that is none, and `ConflictError` where there are ten; logged.
    """
    asked: dict[str, Json] = {"channel": channel, "target": target}
    leave(officer, Act.ADDRESS_SET, desk, asked)
    with noting(officer, Act.ADDRESS_SET, desk, asked):
        stated = _target(channel, target)
        secret = Secret(secrets.token_urlsafe(32)) if channel == "webhook" else None
        at, code = desk.clock(), officer.bureau.code
        sealed = None if secret is None else desk.box.seal(secret.reveal())
        made = Address(secrets.token_hex(8), code, channel, stated, "asked", officer.account, at, sealed)
        entry = entry_of(
            officer, Act.ADDRESS_SET, at, "done", query=asked_terms({**asked, "address": made.id})
        )
        with desk.registry.acting(entry) as connection:
            if len(outbox.addresses(connection, code)) >= ADDRESSES_MAX:
                raise ConflictError(what="address", rule="too-many")
            outbox.add_address(connection, made)
    return made, secret


def allow_address(one: str, officer: Officer, desk: Desk) -> None:
    """Let events go to an address that a bureau asked for; raises `RefusedError` and `UnknownError`; logged."""
    asked: dict[str, Json] = {"allow": one}
    leave(officer, Act.NODE_OPERATE, desk, asked)
    with noting(officer, Act.NODE_OPERATE, desk, asked):
        entry = entry_of(officer, Act.NODE_OPERATE, desk.clock(), "done", query=asked)
        with desk.registry.acting(entry) as connection:
            _known(connection, one, None)
            outbox.allow_address(connection, one, officer.account, desk.clock())


def close_address(one: str, officer: Officer, desk: Desk) -> None:
    """Let nothing more go to an address: one's own bureau's, or any where one runs the node."""
    act, bureau = _side(officer)
    asked: dict[str, Json] = {"close": one}
    leave(officer, act, desk, asked)
    with noting(officer, act, desk, asked):
        entry = entry_of(officer, act, desk.clock(), "done", query=asked)
        with desk.registry.acting(entry) as connection:
            _known(connection, one, bureau)
            outbox.close_address(connection, one)


def list_addresses(officer: Officer, desk: Desk) -> list[AddressLine]:
    """Return the addresses of one's own bureau, or all where one runs the node; raises `RefusedError`."""
    act, bureau = _side(officer)
    leave(officer, act, desk, {"list": "addresses"})
    desk.registry.log(entry_of(officer, act, desk.clock(), "done", query={"list": "addresses"}))
    with desk.registry.read() as connection:
        return [_line(connection, one) for one in outbox.addresses(connection, bureau)]


def _side(officer: Officer) -> tuple[Act, str | None]:
    if Act.NODE_OPERATE in officer.acts():
        return Act.NODE_OPERATE, None
    return Act.ADDRESS_SET, officer.bureau.code


def _line(connection: Connection, one: Address) -> AddressLine:
    counts = outbox.counts(connection, one.id)
    return AddressLine(one, *(counts.get(state, 0) for state in ("waiting", "sent", "failed")))


def _known(connection: Connection, one: str, bureau: str | None) -> Address:
    found = outbox.address_with(connection, one)
    if found is None or found.state == "closed" or (bureau is not None and found.bureau != bureau):
        raise UnknownError(what="address", name=one[:40])
    return found


def _target(channel: str, target: str) -> str:
    if channel not in CHANNELS:
        raise MalformedError("not-a-choice", "channel")
    stated = clean_text(target, "target", 500)
    if channel == "email":
        if not _MAILBOX.fullmatch(stated):
            raise MalformedError("address-form", "target")
        return stated
    try:
        parts = urlsplit(stated)
        is_plain = parts.port is None or parts.port > 0
        host = (parts.hostname or "").encode(
            "idna"
        )  # no part of a name is empty, or longer than a name's can be
    except ValueError:
        raise MalformedError("address-form", "target") from None
    is_bare = parts.username is None and parts.password is None and not parts.fragment
    is_sent = _WRITTEN_OUT.fullmatch(stated) is not None and host != b"" and b"%" not in host
    if parts.scheme not in {"https", "http"} or not (is_plain and is_bare and is_sent):
        raise MalformedError("address-form", "target")
    return stated
