"""Idempotency keys: a request that is sent again is not done again, and is told what the first was told.

    key held -> leave asked anew -> by another request: refused | not answered yet: wait, or look | answered: told again
    not held -> done, the key taken in the act's own transaction -> answered, the answer kept sealed for a day

A key is its account's: whoever repeats a request may use another API key of the account, and nobody learns which keys
others use. Neither the key nor what was asked is kept, only digests under the node's key.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import LostAnswerError, MalformedError, UnderWayError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry import idempotency
from comity.registry.idempotency import Claim, Taken

KEPT_FOR: Final = timedelta(hours=24)
UNDER_WAY_FOR: Final = timedelta(seconds=60)
"""What was done longer ago and has no answer is taken to have lost it: its process was killed, or failed."""

_BEFORE_ALL: Final = datetime(1970, 1, 1, tzinfo=UTC)

RETRY_AFTER_S: Final = 1
HEADER: Final = "Idempotency-Key"
KEY_CHARS_MAX: Final = 255
FORM: Final = r"""^("([ !#-\[\]-~]|\\["\\])+"|[!#-+\-.-:<-\[\]-~]+)$"""
"""A string (RFC 8941) in quotes, as the draft has it; or bare, as many send it, then without `"`, `,`, `;`, `\\`."""


class Kept(msgspec.Struct, frozen=True):
    """What a request was answered: its status, the names that lead to the thing, the body where it is told again."""

    status: int
    names: dict[str, str]
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A request that comes with a key: who sends it, for which act, and its route, as the log names it."""

    officer: Officer
    act: Act
    path: str
    purpose: Purpose | None


def parse_key(values: Sequence[str]) -> str:
    """Return the key that a header states, the same in its quotes and bare.

    Raises `MalformedError` `idempotency-key-form` for several, one of another form or over 255 characters.

    >>> parse_key(['"8e03978e"']), parse_key(["8e03978e"])
    ('8e03978e', '8e03978e')
    """
    stated = values[0].strip(" \t")
    if len(values) != 1 or re.match(FORM, stated) is None:
        raise MalformedError("idempotency-key-form", HEADER)
    key = re.sub(r"\\(.)", r"\1", stated[1:-1]) if stated.startswith('"') else stated
    if len(key) > KEY_CHARS_MAX:
        raise MalformedError("idempotency-key-form", HEADER)
    return key


def claim_for(key: str, request: Callable[[], tuple[str, ...]], officer: Officer, desk: Desk) -> Claim:
    """Return what a request takes with its act; `request` says what is asked, once that has been read."""
    one = desk.registry.mark("idempotency-key", officer.bureau.code, officer.account, key)
    return Claim(
        one, lambda: desk.registry.mark("request", *request()), desk.clock, lambda: _ended_by(desk), KEPT_FOR
    )


def holder_of(claim: Claim, desk: Desk) -> Taken | None:
    """Return which request holds the key by now; None where nobody does."""
    with desk.registry.read() as connection:
        return idempotency.held(connection, claim.id, claim.ended_by())


def _ended_by(desk: Desk) -> datetime:
    """Return the moment before which a key's day is over; of a clock that is not proven nobody knows that it is.

    To do again what was done a minute ago cannot be undone; to tell it again for longer costs nothing.
    """
    return desk.clock() if desk.guard.is_proven else _BEFORE_ALL


def seal(kept: Kept, desk: Desk) -> bytes:
    """Return an answer as it is kept: nobody reads it without the node's key."""
    return desk.box.seal(msgspec.json.encode(kept).decode())


def keep(claim: Claim, kept: Kept, desk: Desk) -> None:
    """Return once it is durable what the request that holds the key was answered."""
    with desk.registry.quietly() as connection:
        idempotency.keep(connection, claim.id, seal(kept, desk))


def told_again(claim: Claim, taken: Taken | None, repeated: Repeated, desk: Desk) -> Kept:
    """Return what a request that is sent again is told. Leave is asked anew, and the repetition is logged.

    Raises, after logging, `RefusedError`; `MalformedError` `idempotency-key-reused` where the key came with another
    request; `UnderWayError` and `LostAnswerError`. `taken` is None where whoever held the key has just let it go.
    """
    officer, act, purpose = repeated.officer, repeated.act, repeated.purpose
    asked: dict[str, Json] = {"path": repeated.path}
    leave(officer, act, desk, asked, purpose)
    with noting(officer, act, desk, asked):
        kept = _answer(claim, taken, desk)
    query = asked_terms(asked)
    desk.registry.log(entry_of(officer, act, desk.clock(), "repeated", purpose=purpose, query=query))
    return kept


def _answer(claim: Claim, taken: Taken | None, desk: Desk) -> Kept:
    if taken is None:
        raise UnderWayError(RETRY_AFTER_S)
    if taken.request != claim.request():
        raise MalformedError("idempotency-key-reused", HEADER)
    if taken.answer is not None:
        return msgspec.json.decode(desk.box.open(taken.answer), type=Kept)
    if desk.clock() < taken.taken_at + UNDER_WAY_FOR:
        raise UnderWayError(RETRY_AFTER_S)
    raise LostAnswerError
