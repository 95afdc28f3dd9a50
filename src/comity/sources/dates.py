"""Dates as lists word them: `8 Oct.1967`, `circa 1958`, `Between 1957 and 1959`, `1960 or August 1961`."""

import re
from functools import lru_cache
from itertools import pairwise

from comity.records.fieldtype import Json
from comity.records.types.dates import PARTIAL_DATE
from comity.sources.texts import distinct, fitting

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = rf"(?P<{{}}>{'|'.join(MONTHS)})[a-z]*\.?"
YEAR = r"(?P<{}>1[89]\d\d|20\d\d)(?![\ds])"
TEXT_MAX = 2000
SPAN_YEARS_MAX = 40

DATE = re.compile(
    "|".join(
        (
            r"(?P<iso>(?:1[89]|20)\d\d([-/])\d{1,2}\2\d{1,2})",
            r"(?P<day1>\d{1,2})\.\s?(?P<month1>\d{1,2})[. ]\s?" + YEAR.format("year1"),
            r"(?P<day2>\d{1,2})\s?" + MONTH.format("month2") + r"\s?" + YEAR.format("year2"),
            MONTH.format("month3") + r"\s(?P<day3>\d{1,2}),\s?" + YEAR.format("year3"),
            MONTH.format("month4") + r"\s?" + YEAR.format("year4"),
            r"(?<!\d)" + YEAR.format("year5"),
        )
    ),
    re.ASCII | re.IGNORECASE,
)
PARTS = {
    "year1": ("month1", "day1"),
    "year2": ("month2", "day2"),
    "year3": ("month3", "day3"),
    "year4": ("month4", ""),
}
"""The groups of `DATE` that state month and day, by the group of the year, which is the last of each form."""

ANY_YEAR = re.compile(r"(?:1[89]|20)\d\d", re.ASCII)
"""Every date has a year; most cells of a list have none."""

SPAN = re.compile(r"\s*(?:to|-|–)\s*", re.IGNORECASE)
SPAN_ENDS = re.compile(r"\s*and\s*", re.IGNORECASE)
PLAIN = re.compile(r"(?:[;,/.\s]|\bor\b|\band\b)*", re.IGNORECASE)


def stated_dates(text: str) -> list[Json]:
    """Return every date that `text` states, perhaps partial, in canonical form and once each.

    Between the ends of a span of at most 40 years lies every year; a longer one is its ends alone.

    >>> stated_dates("1 Jan 1966 to 31 Dec 1968"), stated_dates("19.9.1981 or circa Sep. 1982")
    (['1966', '1967', '1968'], ['1981-09-19', '1982-09'])
    """
    text = text[:TEXT_MAX]
    if ANY_YEAR.search(text) is None:
        return []
    if (whole := _whole(text)) is not None:
        return [] if (day := _canonical(whole)) is None else [day]
    found = [(match, day) for match in DATE.finditer(text) if (day := _canonical(match)) is not None]
    dates: list[Json] = []
    spanned: set[int] = set()
    for place, ((one, first), (other, last)) in enumerate(pairwise(found)):
        if _is_span(text, one, other) and (years := _years(first, last)):
            spanned |= {place, place + 1}
            dates += years
    return distinct([*dates, *(day for place, (_, day) in enumerate(found) if place not in spanned)])


def is_plain(text: str) -> bool:
    """Tell whether `text` states dates and nothing else, so that no word of it is lost in them."""
    if len(text) > TEXT_MAX:
        return False
    return not text or _whole(text) is not None or PLAIN.fullmatch(DATE.sub("", text)) is not None


def _whole(text: str) -> re.Match[str] | None:
    """Return the one date that a text is from its beginning to its end."""
    match = DATE.match(text)
    return match if match is not None and match.end() == len(text) else None


def _canonical(match: re.Match[str]) -> str | None:
    form = match.lastgroup
    if form == "iso" or form is None:
        return _day(match[0])
    named_month, named_day = PARTS.get(form, ("", ""))
    month = match[named_month] if named_month else ""
    number = MONTHS.index(month[:3].lower()) + 1 if month[:1].isalpha() else int(month or 0)
    return _day(f"{match[form]}-{number:02}-{int(match[named_day] if named_day else 0):02}")


# Lists repeat their own days of listing, and years of birth.
@lru_cache(maxsize=4096)
def _day(text: str) -> str | None:
    day = fitting(PARTIAL_DATE, text)
    return None if day is None else str(day)


def _is_span(text: str, one: re.Match[str], other: re.Match[str]) -> bool:
    between = text[one.end() : other.start()]
    if SPAN.fullmatch(between):
        return True
    return bool(SPAN_ENDS.fullmatch(between)) and text[: one.start()].rstrip().lower().endswith("between")


def _years(first: str, last: str) -> list[Json]:
    start, end = int(first[:4]), int(last[:4])
    if not start <= end <= start + SPAN_YEARS_MAX:
        return []
    return [str(year) for year in range(start, end + 1)]
