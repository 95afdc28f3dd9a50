"""What an act failed by goes into the log before the door hears of it: refused, malformed, unknown, late.

act fails on purpose -> an entry with the code and what was asked -> the same failure, to the door
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import (
    ComityError,
    ConflictError,
    LostAnswerError,
    MalformedError,
    RefusedError,
    UnderWayError,
    UnknownError,
)
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.records.fieldtype import Json

NOTED: Final = (
    *(RefusedError, MalformedError, UnknownError, ConflictError),
    *(UnderWayError, LostAnswerError),
)


@contextmanager
def noting(officer: Officer, act: Act, desk: Desk, asked: Json) -> Generator[None, None, None]:
    """Log what goes wrong on purpose within, and let it go on. Not for what is logged already."""
    try:
        yield
    except NOTED as error:
        note_failure(error, officer, act, desk, asked)
        raise


def note_failure(error: ComityError, officer: Officer, act: Act, desk: Desk, asked: Json) -> None:
    """Return once it is durable in the log that this officer's act failed, and by what."""
    outcome, reason = _outcome(error)
    desk.registry.log(entry_of(officer, act, desk.clock(), outcome, query=asked_terms(asked), reason=reason))


def _outcome(error: ComityError) -> tuple[str, str]:
    if isinstance(error, RefusedError):
        return "refused", error.rule
    if isinstance(error, MalformedError):
        return "invalid", f"{error.code} {error.field}"
    if isinstance(error, ConflictError):
        return "conflict", f"{error.what} {error.rule}"
    if isinstance(error, UnderWayError | LostAnswerError):
        return "conflict", error.code
    return "unknown" if isinstance(error, UnknownError) else "failed", error.code
