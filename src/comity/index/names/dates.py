"""How does a date asked for meet the dates that a row carries? The same rules as a comparison's, on packed numbers.

Whole days are a way to rows, too: dates of rows -> (day, row) in order -> the rows of one day.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

Reals = NDArray[np.float64]

# The order of the numbers in `DateWeights`.
(
    SAME_DAY,
    SAME_MONTH,
    SAME_YEAR,
    NEW_YEAR,
    SWAPPED,
    ONE_DIGIT,
    YEAR_KNOWN,
    YEAR_BESIDE,
    OTHER_DAY,
    YEAR_OFF,
    OTHER,
    NAME_NEEDED,
    LESS_PER_UNIT,
    SHARE_MIN,
    APART_FROM,
    MORE_PER_UNIT,
) = range(16)
DATE_BITS, YEAR_MAX = 23, 0x3FFF
_MONTH_AND_DAY = (1 << 9) - 1
_FIRST_OF_JANUARY = (1 << 5) + 1


@kernel(nogil=True, inline="always")
def is_day(date: int) -> bool:
    """Return whether a packed date tells a day apart: the first of January is written where the day is not known."""
    return date & 31 != 0 and date & _MONTH_AND_DAY != _FIRST_OF_JANUARY


def are_days(dates: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which packed dates tell a day apart."""
    found: NDArray[np.bool_] = (dates & np.uint32(31)) != 0
    return found & ((dates & np.uint32(_MONTH_AND_DAY)) != _FIRST_OF_JANUARY)


def days_of(starts: NDArray[np.uint32], dates: NDArray[np.uint32]) -> dict[str, NDArray[np.generic]]:
    """Return the whole days that rows carry, in order, and the row of each."""
    rows = np.repeat(np.arange(starts.size - 1, dtype=np.uint32), np.diff(starts))
    kept = are_days(dates)
    pairs = np.unique((dates[kept].astype(np.uint64) << np.uint64(32)) | rows[kept])
    return {
        "day_dates": (pairs >> np.uint64(32)).astype(np.uint32),
        "day_rows": pairs.astype(np.uint32),
    }


@kernel(nogil=True)
def most_of_date(date: int, numbers: Reals) -> float:
    """Return the most that a row's date counts, of rows that are not found by the very day."""
    if date == 0:
        return 0.0
    most = numbers[OTHER]
    for place in range(SAME_MONTH if is_day(date) else SAME_DAY, OTHER):
        most = max(most, numbers[place])
    return most


@kernel(nogil=True)
def are_apart(date: int, numbers: Reals) -> bool:
    """Return whether the rows whose dates may speak for them can be told beforehand: those near a whole day."""
    return date & 31 != 0 and max(numbers[OTHER_DAY], numbers[YEAR_OFF], numbers[OTHER]) <= 0.0


@kernel(nogil=True)
def best_date_weight(date: int, dates: NDArray[np.uint32], begin: int, end: int, numbers: Reals) -> float:
    """Return the weight of the date among these that meets the one asked for best, 0 where none has its meaning."""
    best, is_any = 0.0, False
    if date == 0:
        return best
    for place in range(begin, end):
        held = np.int64(dates[place])
        if held >> DATE_BITS == date >> DATE_BITS:
            weight = _meeting(date, held, numbers)
            best = max(best, weight) if is_any else weight
            is_any = True
    return best


@kernel(nogil=True)
def weight_beside(weight: float, worth: float, numbers: Reals) -> float:
    """Return what a date's meeting is worth beside a name that is worth so much."""
    if weight <= 0.0:
        return weight
    short = max(0.0, numbers[NAME_NEEDED] - worth)
    share = max(numbers[SHARE_MIN], 1.0 - numbers[LESS_PER_UNIT] * short)
    apart = max(0.0, short - numbers[APART_FROM])
    return weight * min(1.0, max(share, numbers[SHARE_MIN] + numbers[MORE_PER_UNIT] * apart))


@kernel(nogil=True)
def _meeting(asked: int, held: int, numbers: Reals) -> float:
    year, month, day = (asked >> 9) & YEAR_MAX, (asked >> 5) & 15, asked & 31
    other_year, other_month, other_day = (held >> 9) & YEAR_MAX, (held >> 5) & 15, held & 31
    days_known, months_known = day and other_day, month and other_month
    if (
        year == other_year
        and (not months_known or month == other_month)
        and (not days_known or day == other_day)
    ):
        if days_known:
            return numbers[NEW_YEAR] if month == day == 1 else numbers[SAME_DAY]
        return numbers[SAME_MONTH] if months_known else numbers[SAME_YEAR]
    if days_known:
        return _mistaken_day(year, month, day, other_year, other_month, other_day, numbers)
    return numbers[YEAR_OFF] if abs(year - other_year) == 1 else numbers[OTHER]


@kernel(nogil=True)
def _mistaken_day(
    year: int, month: int, day: int, other_year: int, other_month: int, other_day: int, numbers: Reals
) -> float:
    if year == other_year and month == other_day and day == other_month:
        return numbers[SWAPPED]
    asked, held = (year * 100 + month) * 100 + day, (other_year * 100 + other_month) * 100 + other_day
    differing = 0
    for _ in range(8):
        differing += 1 if asked % 10 != held % 10 else 0
        asked, held = asked // 10, held // 10
    if differing == 1:
        return numbers[ONE_DIGIT]
    if year == other_year:
        return numbers[YEAR_KNOWN] if other_month == other_day == 1 else numbers[OTHER_DAY]
    is_beside = abs(year - other_year) == 1 and month == other_month and day == other_day
    return numbers[YEAR_BESIDE] if is_beside else numbers[OTHER]
