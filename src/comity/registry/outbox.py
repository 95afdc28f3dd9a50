"""Where bureaus are told of events outside the house, and what still has to go there.

    address asked for (administrator) -> allowed (operator) -> events queued -> taken -> sent, or tried again

Sending is never part of an act: an act queues, and the clockwork sends. What is taken is lent for a while; a
sender that dies gives it back by not coming back, so that it may go out twice, and never not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from comity.registry.schema import METADATA, Moment

LENT_FOR = timedelta(minutes=2)
FIRST_WAIT = timedelta(seconds=10)
WAIT_MAX = timedelta(hours=6)
ATTEMPTS_MAX = 16
"""Ten seconds, doubled each time up to six hours: given up after some two days."""

ADDRESSES = Table(
    "addresses",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("bureau", String(3), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("target", Text, nullable=False),
    Column("secret", LargeBinary),  # what signs webhooks, sealed with the node's own key
    Column("state", String(20), nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("allowed_by", String(80)),
    Column("allowed_at", Moment),
    Index("addresses_by_bureau", "bureau", "state"),
)

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("address", String(20), primary_key=True),
    Column("bureau", String(3), nullable=False),
    Column("event", BigInteger, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),  # waiting, sent, failed
    Column("attempts_count", Integer, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("fault", String(40)),
    Index("outbox_by_time", "state", "next_at"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a bureau is told of events: `channel` is `webhook` or `email`; `state` asked, allowed or closed."""

    id: str
    bureau: str
    channel: str
    target: str
    state: str
    asked_by: str
    asked_at: datetime
    secret: bytes | None = None
    allowed_by: str | None = None
    allowed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One event that has to go to one address; `attempts_count` is how often that was tried before."""

    address: Address
    event: int
    attempts_count: int


def add_address(connection: Connection, address: Address) -> None:
    """Keep an address that a bureau asks for."""
    connection.execute(
        insert(ADDRESSES).values(
            id=address.id,
            bureau=address.bureau,
            channel=address.channel,
            target=address.target,
            secret=address.secret,
            state=address.state,
            asked_by=address.asked_by,
            asked_at=address.asked_at,
        )
    )


def address_with(connection: Connection, one: str) -> Address | None:
    """Return the address with this identifier, or None."""
    row = connection.execute(select(ADDRESSES).where(ADDRESSES.c.id == one)).first()
    return None if row is None else _address(row)


def addresses(connection: Connection, bureau: str | None) -> list[Address]:
    """Return the addresses of a bureau, or of all, oldest first, closed ones left out."""
    chosen = select(ADDRESSES).where(ADDRESSES.c.state != "closed")
    if bureau is not None:
        chosen = chosen.where(ADDRESSES.c.bureau == bureau)
    rows = connection.execute(chosen.order_by(ADDRESSES.c.asked_at, ADDRESSES.c.id))
    return [_address(row) for row in rows]


def allow_address(connection: Connection, one: str, account: str, at: datetime) -> None:
    """Let events go to an address from now on."""
    connection.execute(
        update(ADDRESSES)
        .where(ADDRESSES.c.id == one)
        .values(state="allowed", allowed_by=account, allowed_at=at)
    )


def close_address(connection: Connection, one: str) -> None:
    """Let nothing more go to an address; what waits for it is dropped, its secret forgotten."""
    connection.execute(update(ADDRESSES).where(ADDRESSES.c.id == one).values(state="closed", secret=None))
    connection.execute(delete(OUTBOX).where(OUTBOX.c.address == one, OUTBOX.c.state == "waiting"))


_ALLOWED: Final = select(ADDRESSES.c.id, ADDRESSES.c.bureau).where(
    ADDRESSES.c.bureau.in_(bindparam("bureaus", expanding=True)), ADDRESSES.c.state == "allowed"
)
"""Made once: every event asks it."""


def queue(connection: Connection, told: Sequence[tuple[str, int, datetime]]) -> None:
    """Queue events, each a bureau, a number and a moment, for every allowed address of their bureaus."""
    bureaus = {bureau for bureau, _, _ in told}
    rows = connection.execute(_ALLOWED, {"bureaus": sorted(bureaus)}).all()
    waiting = [
        {
            "address": row.id,
            "bureau": bureau,
            "event": number,
            "state": "waiting",
            "attempts_count": 0,
            "next_at": at,
        }
        for bureau, number, at in told
        for row in rows
        if row.bureau == bureau
    ]
    if waiting:
        connection.execute(insert(OUTBOX), waiting)


def has_due(connection: Connection, at: datetime) -> bool:
    """Return whether anything is to be sent now."""
    due = select(OUTBOX.c.event).where(OUTBOX.c.state == "waiting", OUTBOX.c.next_at <= at).limit(1)
    return connection.execute(due).first() is not None


def take(connection: Connection, at: datetime, limit: int) -> list[Waiting]:
    """Return up to `limit` events that are to be sent now, oldest first, lent to the caller for a while."""
    rows = connection.execute(
        select(OUTBOX)
        .where(OUTBOX.c.state == "waiting", OUTBOX.c.next_at <= at)
        .order_by(OUTBOX.c.next_at, OUTBOX.c.event)
        .limit(limit)
    ).all()
    known: dict[str, Address | None] = {row.address: None for row in rows}
    for one in known:
        known[one] = address_with(connection, one)
    taken: list[Waiting] = []
    for row in rows:
        address = known[row.address]
        assert address is not None, "an address is closed, never removed"
        taken.append(Waiting(address, row.event, row.attempts_count))
        _change(connection, row.address, row.event, next_at=at + LENT_FOR)
    return taken


def sent(connection: Connection, one: Waiting) -> None:
    """Note that an event has reached its address."""
    attempts = one.attempts_count + 1
    _change(connection, one.address.id, one.event, state="sent", attempts_count=attempts, fault=None)


def failed(connection: Connection, one: Waiting, fault: str, at: datetime) -> None:
    """Note that an event did not reach its address, and when it is to be tried again, if at all."""
    attempts = one.attempts_count + 1
    state = "failed" if attempts >= ATTEMPTS_MAX else "waiting"
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), WAIT_MAX)
    _change(
        connection,
        one.address.id,
        one.event,
        state=state,
        attempts_count=attempts,
        next_at=at + wait,
        fault=fault[:40],
    )


def counts(connection: Connection, address: str) -> dict[str, int]:
    """Return how many events are waiting for an address, were sent, and were given up."""
    rows = connection.execute(
        select(OUTBOX.c.state, func.count()).where(OUTBOX.c.address == address).group_by(OUTBOX.c.state)
    )
    return {row[0]: row[1] for row in rows}


def _change(connection: Connection, address: str, event: int, **values: object) -> None:
    connection.execute(
        update(OUTBOX).where(OUTBOX.c.address == address, OUTBOX.c.event == event).values(values)
    )


def _address(row: Row[tuple[object, ...]]) -> Address:
    return Address(
        id=row.id,
        bureau=row.bureau,
        channel=row.channel,
        target=row.target,
        state=row.state,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        secret=row.secret,
        allowed_by=row.allowed_by,
        allowed_at=row.allowed_at,
    )
