"""How does a date asked for meet the dates that a row carries? The same rules as a comparison's, on packed numbers."""

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
) = range(11)
_MEANING_SHIFT = 23


@kernel(nogil=True)
def best_date_weight(date: int, dates: NDArray[np.uint32], begin: int, end: int, numbers: Reals) -> float:
    """Return the weight of the date among these that meets the one asked for best, 0 where none has its meaning."""
    best, is_any = 0.0, False
    if date == 0:
        return best
    for place in range(begin, end):
        held = np.int64(dates[place])
        if held >> _MEANING_SHIFT == date >> _MEANING_SHIFT:
            weight = _meeting(date, held, numbers)
            best = max(best, weight) if is_any else weight
            is_any = True
    return best


@kernel(nogil=True)
def _meeting(asked: int, held: int, numbers: Reals) -> float:
    year, month, day = (asked >> 9) & 0x3FFF, (asked >> 5) & 15, asked & 31
    other_year, other_month, other_day = (held >> 9) & 0x3FFF, (held >> 5) & 15, held & 31
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
