"""Checks that wait for records to come, found by digests of what they asked.

    line -> its digests, each with the line's number and which word -> a run on the shelf of the day it waits until
    digests of a record -> lines that asked for a number of it, or for words enough of a name -> newest first

What waits is a line of the log, and a number of sixteen bytes for each digest: a busy node has hundreds of checks a
second waiting for days. A shelf whose day is over is cleared whole; until then the line itself tells when it ends.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from comity.registry import audit_log
from comity.registry.number_runs import NumberRuns, runs_table
from comity.registry.schema import AUDIT, METADATA

EARLIER: Final = runs_table("earlier_runs", METADATA)

PARTS_MAX: Final = 1024
"""A merge makes a run of a million digests at most, 16 MB: other writers wait a fraction of a second for it."""

_RUNS: Final = NumberRuns(EARLIER, np.uint64, PARTS_MAX)
_WORD_BITS: Final = 8
_NUMBER: Final = (1 << _WORD_BITS) - 1


class Term(NamedTuple):
    """One digest of what a check asks: a number (`word` -1), which suffices, or a word of the name.

    `words` is how many of the name's have to agree.
    """

    digest: int
    word: int
    words: int


class Earlier(NamedTuple):
    """An earlier check that waits: the number of its line, the last day on which it does, what it asks."""

    seq: int
    until: date
    terms: Sequence[Term]


class ByNumber(NamedTuple):
    """Earlier checks that ask for numbers alone, a digest a place: its line, the last day on which that waits."""

    lines: NDArray[np.int64]
    days: NDArray[np.int64]
    digests: NDArray[np.uint64]


NO_NUMBERS: Final = ByNumber(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.uint64))


def add(connection: Connection, checks: Sequence[Earlier], by_number: ByNumber = NO_NUMBERS) -> None:
    """Let earlier checks wait."""
    stated = [
        (one.until.toordinal(), term.digest, _number(one.seq, term)) for one in checks for term in one.terms
    ]
    days, digests, numbers = np.array(stated, np.uint64).reshape(-1, 3).T
    days = np.concatenate([days, by_number.days.astype(np.uint64)])
    digests = np.concatenate([digests, by_number.digests])
    numbers = np.concatenate([numbers, _numbers(by_number.lines)])
    for shelf in np.unique(days).tolist():
        lying = days == shelf
        held = np.array([digests[lying], numbers[lying]])
        held = held[:, np.lexsort(held[::-1])]
        is_new = np.ones(held.shape[1], np.bool_)
        is_new[1:] = (held[:, 1:] != held[:, :-1]).any(axis=0)
        _RUNS.add(connection, held[0, is_new], held[1, is_new], shelf)


def _number(seq: int, term: Term) -> int:
    """Return a line's number, which word of it this is and how many are needed, in one."""
    word = _NUMBER if term.word < 0 else min(term.word, _NUMBER - 1)
    return ((seq << _WORD_BITS) + word << _WORD_BITS) + term.words


def _numbers(lines: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return the same for many lines that ask for a number."""
    return (lines.astype(np.uint64) << np.uint64(2 * _WORD_BITS)) + np.uint64((_NUMBER << _WORD_BITS) + 1)


def lines_seeking(connection: Connection, digests: Collection[int], limit: int) -> list[int]:
    """Return the lines that asked for something of these digests, the newest first, `limit` at most."""
    _, found = _RUNS.under(connection, [*digests])
    if not found.size:
        return []
    numbers = np.unique(found)
    lines, firsts, counts = np.unique(
        numbers >> np.uint64(2 * _WORD_BITS), return_index=True, return_counts=True
    )
    # A number needs none beside it, so that the fewest that any of them needs are enough.
    needed = np.minimum.reduceat(numbers & np.uint64(_NUMBER), firsts)
    met: list[int] = lines[counts.astype(np.uint64) >= needed][::-1][:limit].tolist()
    return met


def sought_among(connection: Connection, digests: Collection[int]) -> set[int]:
    """Return those of these digests for which some earlier check waits."""
    return {*_RUNS.under(connection, [*digests])[0].tolist()}


def is_anything_sought(connection: Connection) -> bool:
    """Return whether any earlier check waits."""
    return _RUNS.has_any(connection)


def has_ended(connection: Connection, today: date) -> bool:
    """Return whether anything has waited long enough."""
    return _RUNS.has_any(connection, today.toordinal())


def forget(connection: Connection, today: date) -> int:
    """Forget what waited until a day before this one; return how many parts of runs that was."""
    return _RUNS.clear(connection, today.toordinal())


ANSWERED: Final = ("hit", "no_hit", "wait", "go")
"""The outcomes of checks that were answered, a partner's among them."""


class LoggedCheck(NamedTuple):
    """A check as its line in the log has it: the moment in microseconds, and what is repeated beside its bytes."""

    seq: int
    at_us: int
    bureau: str
    purpose: str | None
    body: bytes


_CHECKS: Final = select(*(AUDIT.entries.c[name] for name in LoggedCheck._fields))


def checks_after(
    connection: Connection, seq: int, acts: Sequence[str], limit: int
) -> tuple[list[LoggedCheck], int]:
    """Return the checks, by these acts, among up to `limit` audit lines from this number on; and where to go on."""
    entries = AUDIT.entries.c
    end = min(seq + limit, audit_log.size(connection))
    rows = connection.execute(
        _CHECKS.where(entries.seq >= seq, entries.seq < end, entries.act.in_(acts))
        .where(entries.outcome.in_(ANSWERED))
        .order_by(entries.seq)
    )
    return [LoggedCheck(*row) for row in rows.all()], end
