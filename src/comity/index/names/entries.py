"""What goes into the name index, and what comes out."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.names.weighing import DateWeights, Weighing

_DAY_BITS, _MONTH_BITS, _YEAR_BITS = 5, 4, 14
MEANINGS_MAX = 1 << (32 - _DAY_BITS - _MONTH_BITS - _YEAR_BITS)


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One name of one record.

    `audience` is the small number of the class of accounts that may see the record, `space` that of the kind of
    name (persons, vessels, titles of works), which are never searched together. `counts` says that every bureau
    may see the record: only such names teach how rare a word is, or a withheld record would shift visible scores.
    `dates` are the record's own dates, packed: with a date asked for they tell which records are worth comparing.
    """

    record: int
    audience: int
    space: int
    text: str
    counts: bool
    dates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NameCandidate:
    """A record whose name may be the one asked for, and what comparing the two is foretold to be worth."""

    record: int
    promise: float


@dataclass(frozen=True, slots=True)
class Foresight:
    """With what a search foretells the worth of its candidates; `date` is the one asked for, packed, 0 for none.

    Candidates that promise less than `promise_min` are left out.
    """

    weighing: Weighing
    date_weights: DateWeights
    date: int = 0
    promise_min: float = -math.inf

    def numbers(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the weights of words and those of dates, as kernels take them."""
        return self.weighing.numbers(), self.date_weights.numbers()


def packed_date(text: str, meaning: int) -> int:
    """Return a partial date (`1970`, `1970-02`, `1970-02-03`) of a kind of date as one number, 0 where none fits.

    >>> packed_date("1970-02-03", 0) == (1970 << 9) + (2 << 5) + 3
    True
    """
    parts = [int(part) for part in text.split("-")] if text else []
    if not 1 <= len(parts) <= 3 or not 0 < parts[0] < 1 << _YEAR_BITS or meaning >= MEANINGS_MAX:
        return 0
    year, month, day = (*parts, 0, 0)[:3]
    return (((((meaning << _YEAR_BITS) + year) << _MONTH_BITS) + month) << _DAY_BITS) + day


def meaning_of(date: int) -> int:
    """Return of which kind a packed date is."""
    return date >> (_YEAR_BITS + _MONTH_BITS + _DAY_BITS)


def dated(date: int, meaning: int) -> int:
    """Return a packed date as one of another kind, 0 where there is no room for it."""
    if meaning >= MEANINGS_MAX:
        return 0
    bits = _YEAR_BITS + _MONTH_BITS + _DAY_BITS
    return (date & ((1 << bits) - 1)) + (meaning << bits)
