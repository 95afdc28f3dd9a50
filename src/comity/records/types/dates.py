"""Dates that may be known only in part: a year, a month, a day.

Canonical text is `1970`, `1970-02` or `1970-02-03`, the reduced forms of ISO 8601. Machine-readable
zones and lists also write unknown parts as zeros; days before months are read only where no other
reading is possible.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json, clean_text
from comity.records.types.identifier import compact

YEAR_MIN = 1850
YEAR_MAX = 2100

YEAR_FIRST = re.compile(r"(\d{4})(?:([-/. ])(\d{1,2}|XX)(?:\2(\d{1,2}|XX))?)?", re.ASCII)
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
YEAR_LAST = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})", re.ASCII)
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})", re.ASCII)
UNKNOWN_PARTS = frozenset({"00", "0", "XX"})


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which the day, or month and day, may be unknown (None)."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def earliest(self) -> date:
        """The first day it may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date:
        """The last day it may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        """Return the canonical text."""
        parts = [f"{self.year:04}"] + [f"{part:02}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)


def partial_date(text: str) -> PartialDate:
    """Return the date that canonical `text` states: `1970`, `1970-02` or `1970-02-03`."""
    return PartialDate(*(int(part) for part in text.split("-")))


def parse_partial_date(value: Json, field: str) -> Json:
    """Return a date, perhaps partial, in canonical text.

    `value` is ISO 8601, or written with slashes or dots, year first, or day first where the day is over
    12 or dots separate (where dots separate, the day always comes first). A whole number is a year.
    Raises `MalformedError` `date-form`, `date-ambiguous` (03/02/1970), `date-impossible` or `date-range`
    (years 1850 to 2100).
    """
    if isinstance(value, str) and _is_canonical_day(value):
        return value
    whole = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10_000
    text = str(value) if whole else value
    return str(_read(in_ascii_digits(clean_text(text, field, 100)), field))


def _is_canonical_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar as it is stored, as most dates come."""
    if len(text) != len("1970-02-03") or text[4] != "-" or text[7] != "-":
        return False
    try:
        return YEAR_MIN <= date.fromisoformat(text).year <= YEAR_MAX
    except ValueError:
        return False


def parse_date(value: Json, field: str) -> Json:
    """Return a full date as `1970-02-03`. Raises as `parse_partial_date` does; `date-partial` for less."""
    text = str(parse_partial_date(value, field))
    if len(text) != len("1970-02-03"):
        raise MalformedError("date-partial", field)
    return text


def parse_day(value: Json, field: str) -> date:
    """Return the day that `value` states, as ISO 8601 writes it or as `parse_date` reads it, digits of any script.

    Raises as `parse_date` does. A day may lie further ahead than anything that happened lies back.
    """
    text = in_ascii_digits(clean_text(value, field, 40))
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.fromisoformat(str(parse_date(text, field)))


def in_ascii_digits(text: str) -> str:
    """Return `text` in upper case, with its digits as 0 to 9."""
    # Dates are typed in Arabic, Persian, Indic digits; separators stay what they are.
    text = text.strip().upper()
    return text if text.isascii() else "".join(compact(char) if char.isdecimal() else char for char in text)


def _read(text: str, field: str) -> PartialDate:
    if match := YEAR_FIRST.fullmatch(text):
        return _checked(match[1], match[3], match[4], field)
    if match := COMPACT_DAY.fullmatch(text):
        return _checked(match[1], match[2], match[3], field)
    if match := YEAR_LAST.fullmatch(text):
        day, month = _day_and_month(match[1], match[3], dotted=match[2] == ".", field=field)
        return _checked(match[4], month, day, field)
    if match := MONTH_YEAR.fullmatch(text):
        return _checked(match[2], match[1], None, field)
    raise MalformedError("date-form", field)


def _day_and_month(first: str, second: str, *, dotted: bool, field: str) -> tuple[str, str]:
    if dotted or int(first) > 12 or first == second:
        return first, second
    if int(second) > 12:
        return second, first
    raise MalformedError("date-ambiguous", field)


def _checked(year: str, month: str | None, day: str | None, field: str) -> PartialDate:
    if not YEAR_MIN <= int(year) <= YEAR_MAX:
        raise MalformedError("date-range", field)
    if month is None or month in UNKNOWN_PARTS:
        if day is not None and day not in UNKNOWN_PARTS:
            raise MalformedError("date-impossible", field)
        return PartialDate(int(year))
    if not 1 <= int(month) <= 12:
        raise MalformedError("date-impossible", field)
    if day is None or day in UNKNOWN_PARTS:
        return PartialDate(int(year), int(month))
    if not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        raise MalformedError("date-impossible", field)
    return PartialDate(int(year), int(month), int(day))


PARTIAL_DATE = FieldType("partial_date", Comparison.DATE, parse_partial_date)
DATE = FieldType("date", Comparison.DATE, parse_date)
