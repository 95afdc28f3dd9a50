"""Sending events to the addresses of their bureaus: taken from the outbox, handed to a courier, tried again.

    due -> lent to this sender -> courier -> sent, or kept for later: each a transaction of its own

What is sent names the event and links to it; whoever reads it on the way learns of no person and no record. It
may come twice, so that each carries its bureau's number; it comes in no promised order.
"""

from dataclasses import dataclass
from typing import Protocol

import msgspec

from comity.procedures.desk import Desk
from comity.procedures.events import event_json
from comity.registry import events, outbox
from comity.registry.events import Told
from comity.registry.outbox import Address, Waiting

SENT_AT_ONCE = 20


class UndeliveredError(Exception):
    """An address was not reached; `fault` is a short code of why, without the words of another machine."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes to one address: the event, its bytes, and the secret that signs them where there is one."""

    address: Address
    told: Told
    body: bytes
    secret: str | None


class Courier(Protocol):
    """Brings parcels to addresses."""

    def send(self, parcel: Parcel) -> None:
        """Return once the address has it; raises `UndeliveredError`."""
        ...


def deliver(desk: Desk, courier: Courier) -> int:
    """Send what is due now; return how many events reached their addresses."""
    count = 0
    silent: set[str] = set()
    while True:
        with desk.registry.read() as connection:
            if not outbox.has_due(connection, desk.clock()):
                return count
        with desk.registry.quietly() as connection:
            taken = outbox.take(connection, desk.clock(), SENT_AT_ONCE)
        for one in taken:
            # An address that did not answer just now is not waited for again and again.
            fault = "silent" if one.address.id in silent else _fault(one, desk, courier)
            with desk.registry.quietly() as connection:
                if fault is None:
                    outbox.sent(connection, one)
                    count += 1
                else:
                    outbox.failed(connection, one, fault, desk.clock())
                    silent.add(one.address.id)


def _fault(one: Waiting, desk: Desk, courier: Courier) -> str | None:
    """Send one event; return why its address was not reached, or None."""
    with desk.registry.read() as connection:
        told = events.after(connection, one.address.bureau, one.event - 1, 1)[0]
    secret = None if one.address.secret is None else desk.box.open(one.address.secret)
    body = msgspec.json.encode({"bureau": one.address.bureau, **event_json(told)})
    try:
        courier.send(Parcel(one.address, told, body, secret))
    except UndeliveredError as error:
        return error.fault
    return None
