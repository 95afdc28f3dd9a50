"""Idempotency keys: which request took which, and what it was answered.

    not held -> taken in the transaction of the act itself -> answered, in one of its own -> forgotten after a day

A key is taken with the act or not at all: writers come one after the other, so of two requests with one key the second
finds it taken, in whichever process, and is undone; a process that dies takes the key along with the act, or neither.
"""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Column, Connection, Index, LargeBinary, String, Table, delete, insert, select, update

from comity.registry.schema import METADATA, Moment

FORGOTTEN_MAX: Final = 5000

KEYS: Final = Table(
    "idempotency_keys",
    METADATA,
    Column("id", String(20), primary_key=True),  # keyed digest of the account and its key
    Column("request", String(20), nullable=False),  # keyed digest of what was asked
    Column("taken_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("answer", LargeBinary),  # sealed; none as long as it is not known
    Index("idempotency_keys_by_until", "until"),
)


class TakenError(Exception):
    """Another request took the key while this one was on its way; nothing of this one was done."""


@dataclass(slots=True)
class Claim:
    """What a request takes with its act. Both names are digests: what the client sent is not kept.

    `request` and `clock` are asked in the transaction, when the body has been read; it holds for `lasting` from then.
    By `ended_by` a key is over whose time came before; it is `clock`, unless that may have jumped. `is_taken` once the
    transaction is durable.
    """

    id: str
    request: Callable[[], str]
    clock: Callable[[], datetime]
    ended_by: Callable[[], datetime]
    lasting: timedelta
    answer: bytes | None = None
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """A key that is held: by which request, since when, and the sealed answer where there is one."""

    request: str
    taken_at: datetime
    answer: bytes | None


_CLAIM: Final[ContextVar[Claim | None]] = ContextVar("idempotency claim", default=None)


@contextmanager
def claiming(claim: Claim | None) -> Generator[None, None, None]:
    """Have the next transaction that is opened within for an act take a key with it; None: have none take one."""
    token = _CLAIM.set(claim)
    try:
        yield
    finally:
        _CLAIM.reset(token)


def with_claim(transaction: AbstractContextManager[Connection]) -> AbstractContextManager[Connection]:
    """Return a transaction that writes, together with what its request takes; raises `TakenError` as it begins."""
    claim = _CLAIM.get()
    return transaction if claim is None or claim.is_taken else _taking(transaction, claim)


@contextmanager
def _taking(
    transaction: AbstractContextManager[Connection], claim: Claim
) -> Generator[Connection, None, None]:
    with transaction as connection:
        take(connection, claim)
        yield connection
    claim.is_taken = True


def take(connection: Connection, claim: Claim) -> None:
    """Take a key in a transaction that writes; raises `TakenError` where it is held and its time is not over."""
    at, ended_by = claim.clock(), claim.ended_by()
    connection.execute(delete(KEYS).where(KEYS.c.id == claim.id, KEYS.c.until <= ended_by))
    if connection.execute(select(KEYS.c.id).where(KEYS.c.id == claim.id)).first() is not None:
        raise TakenError
    connection.execute(
        insert(KEYS).values(
            id=claim.id,
            request=claim.request(),
            taken_at=at,
            until=at + claim.lasting,
            answer=claim.answer,
        )
    )


def held(connection: Connection, one: str, at: datetime) -> Taken | None:
    """Return which request holds a key at a moment; None where nobody does."""
    row = connection.execute(select(KEYS).where(KEYS.c.id == one, KEYS.c.until > at)).first()
    return None if row is None else Taken(row.request, row.taken_at, row.answer)


def keep(connection: Connection, one: str, answer: bytes) -> None:
    """Keep the sealed answer of the request that holds a key."""
    connection.execute(update(KEYS).where(KEYS.c.id == one).values(answer=answer))


def begin_anew(connection: Connection, at: datetime, lasting: timedelta) -> None:
    """Have the keys that were taken after a moment hold as if they had been taken then: time was set back to it."""
    later = KEYS.c.taken_at > at
    connection.execute(update(KEYS).where(later).values(taken_at=at, until=at + lasting))


def has_ended(connection: Connection, at: datetime) -> bool:
    """Return whether the time of any key is over."""
    return connection.execute(select(KEYS.c.id).where(KEYS.c.until <= at).limit(1)).first() is not None


def forget(connection: Connection, at: datetime) -> int:
    """Forget the oldest keys whose time is over, and what was answered; return how many, `FORGOTTEN_MAX` at most.

    Whoever waits to write waits for this.
    """
    ended = select(KEYS.c.id).where(KEYS.c.until <= at).order_by(KEYS.c.until).limit(FORGOTTEN_MAX)
    return connection.execute(delete(KEYS).where(KEYS.c.id.in_(ended))).rowcount
