"""Who was born on the day asked for, and of whom may a date speak for them at all? Few; all others have but their name.

dates of rows -> whole days, in order (of the segment) -> the day itself, days mistaken for it -> rows -> a small set
              -> all other dates, in order (`other_dates`) -> year and month alone, first of January -> rows -> of them
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.names.dates import (
    DATE_BITS,
    YEAR_MAX,
    are_days,
    is_day,
)
from comity.index.names.layout import Layout

Bits = NDArray[np.uint64]
Numbers = NDArray[np.uint32]

_BITS_PER_ROW = 16
_SPREAD = np.uint64(0x9E3779B1)

_DIGITS = 8
# The day itself, swapped, the years beside, each digit mistaken; a year alone, a month alone, the first of January.
_SPANS_MAX = 1 + 1 + 2 + _DIGITS * 9 + 3
_FROM, _TO, _IS_DAY, _SPAN_COLUMNS = range(4)


def other_dates(layout: Layout) -> tuple[Numbers, Numbers]:
    """Return the dates of rows that are no whole days, in order, and the row of each."""
    places = np.flatnonzero(~are_days(layout.row_dates))
    rows = (np.searchsorted(layout.row_date_starts, places, side="right") - 1).astype(np.uint32)
    dates = layout.row_dates[places]
    order = np.argsort(dates, kind="stable")
    return dates[order], rows[order]


@kernel(nogil=True)
def everyone() -> Bits:
    """Return the set of all rows, where they cannot be told apart."""
    return np.full(1, ~np.uint64(0), dtype=np.uint64)


@kernel(nogil=True)
def in_favour(
    date: int, day_dates: Numbers, day_rows: Numbers, loose_dates: Numbers, loose_rows: Numbers
) -> Bits:
    """Return the set of the rows of which a date may speak for them where this day is asked for, and of few more.

    The loose dates and rows are what `other_dates` returns.
    """
    return _set_of(_rows_in_favour(date, day_dates, day_rows, loose_dates, loose_rows))


@kernel(nogil=True)
def _first_from(dates: Numbers, date: int) -> int:
    """Return the place of the first date that is not before this one."""
    begin, end = 0, dates.size
    while begin < end:
        middle = (begin + end) >> 1
        if np.int64(dates[middle]) < date:
            begin = middle + 1
        else:
            end = middle
    return begin


@kernel(nogil=True)
def rows_of_day(date: int, day_dates: Numbers, day_rows: Numbers) -> Numbers:
    """Return the rows that carry this whole day, none for any other date."""
    if not is_day(date):
        return day_rows[:0]
    begin = _first_from(day_dates, date)
    return day_rows[begin : begin + _first_from(day_dates[begin:], date + 1)]


@kernel(nogil=True)
def _rows_in_favour(
    date: int, day_dates: Numbers, day_rows: Numbers, loose_dates: Numbers, loose_rows: Numbers
) -> Numbers:
    spans = _spans_in_favour(date)
    found = np.empty((spans.shape[0], 2), dtype=np.int64)
    room = 0
    for place in range(spans.shape[0]):
        dates = day_dates if spans[place, _IS_DAY] else loose_dates
        begin = end = _first_from(dates, spans[place, _FROM])
        while end < dates.size and np.int64(dates[end]) <= spans[place, _TO]:
            end += 1
        found[place, 0], found[place, 1] = begin, end
        room += end - begin
    rows = np.empty(room, dtype=np.uint32)
    count = 0
    for place in range(spans.shape[0]):
        held = day_rows if spans[place, _IS_DAY] else loose_rows
        for at in range(found[place, 0], found[place, 1]):
            rows[count] = held[at]
            count += 1
    return rows


@kernel(nogil=True)
def _spans_in_favour(date: int) -> NDArray[np.int64]:
    """Return from which to which date those lie that may speak for a whole day, and whether they are whole days."""
    spans = np.empty((_SPANS_MAX, _SPAN_COLUMNS), dtype=np.int64)
    meaning = date >> DATE_BITS << DATE_BITS
    year, month, day = (date >> 9) & YEAR_MAX, (date >> 5) & 15, date & 31
    count = _put_day(spans, 0, meaning, year, month, day)
    if day != month:
        count = _put_day(spans, count, meaning, year, day, month)
    count = _put_day(spans, count, meaning, year - 1, month, day)
    count = _put_day(spans, count, meaning, year + 1, month, day)
    asked, unit = (year * 100 + month) * 100 + day, 1
    for _ in range(_DIGITS):
        own = asked // unit % 10
        for digit in range(10):
            mistaken = asked + (digit - own) * unit
            if digit != own:
                count = _put_day(
                    spans, count, meaning, mistaken // 10_000, mistaken // 100 % 100, mistaken % 100
                )
        unit *= 10
    of_year = meaning | year << 9
    spans[count, _FROM], spans[count, _TO], spans[count, _IS_DAY] = of_year, of_year | 31, 0
    count += 1
    spans[count, _FROM], spans[count, _TO], spans[count, _IS_DAY] = (
        of_year | month << 5,
        of_year | month << 5,
        0,
    )
    return spans[: _put_day(spans, count + 1, meaning, year, 1, 1)]


@kernel(nogil=True)
def _put_day(spans: NDArray[np.int64], count: int, meaning: int, year: int, month: int, day: int) -> int:
    """Note a day, if there may be one such; return how many are noted."""
    if not (0 < year <= YEAR_MAX and 0 < month <= 12 and 0 < day <= 31):  # noqa: PLR2004
        return count
    date = meaning | year << 9 | month << 5 | day
    spans[count, _FROM], spans[count, _TO] = date, date
    spans[count, _IS_DAY] = 0 if month == day == 1 else 1
    return count + 1


@kernel(nogil=True)
def _set_of(rows: Numbers) -> Bits:
    """Return a set that has all these rows and hardly any other; it stays in the processor's nearest cache."""
    size = 1
    while 64 * size < _BITS_PER_ROW * rows.size:
        size *= 2
    bits = np.zeros(size, dtype=np.uint64)
    for row in rows:
        place = _bit_of(row, bits)
        bits[place >> np.uint64(6)] |= np.uint64(1) << (place & np.uint64(63))
    return bits


@kernel(nogil=True, inline="always")
def _bit_of(row: int, bits: Bits) -> np.uint64:
    return (np.uint64(row) * _SPREAD >> np.uint64(8)) & np.uint64(64 * bits.size - 1)


@kernel(nogil=True, inline="always")
def has_row(row: int, bits: Bits) -> bool:
    """Return whether a row is in a set, or by chance seems to be."""
    place = _bit_of(row, bits)
    return bits[place >> np.uint64(6)] >> (place & np.uint64(63)) & np.uint64(1) != 0
