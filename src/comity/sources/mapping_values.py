"""How a mapping's rules read the cells of a table: the words after `as`."""

import html
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeAlias

from comity.records.fieldtype import Json
from comity.sources.dates import stated_dates
from comity.sources.listed_names import aliases
from comity.sources.texts import countries

ReadValue: TypeAlias = Callable[[str, Sequence[str], str], list[Json]]
"""Reads (text, formats, the day the list speaks of) into values; none where the text does not fit."""

TAG = re.compile(r"<[^<>]*>")
PARAGRAPH = re.compile(r"</p>|<br\s*/?>|</li>", re.IGNORECASE)
AGE_MAX = 130


def as_text(text: str, _formats: Sequence[str], _on: str) -> list[Json]:
    """Return the text as it stands."""
    return [text]


def as_html(text: str, _formats: Sequence[str], _on: str) -> list[Json]:
    """Return the words of a text with HTML marks, paragraphs as lines."""
    lines = html.unescape(TAG.sub("", PARAGRAPH.sub("\n", text))).splitlines()
    return ["\n".join(" ".join(line.split()) for line in lines if line.strip())]


def as_country(text: str, _formats: Sequence[str], _on: str) -> list[Json]:
    """Return the code of the country that the text names."""
    return countries([text])


def as_date(text: str, formats: Sequence[str], _on: str) -> list[Json]:
    """Return the date in one of the formats (those of Python's `strptime`), or else as it is worded."""
    for form in formats:
        if day := _day(text, form):
            return [day]
    return [] if formats else stated_dates(text)[:1]


# The rows of a list were mostly entered on the same few days.
@lru_cache(maxsize=4096)
def _day(text: str, form: str) -> str:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC).date().isoformat()
    except ValueError:
        return ""


def as_dates(text: str, _formats: Sequence[str], _on: str) -> list[Json]:
    """Return every date that the text words."""
    return stated_dates(text)


def as_age(text: str, _formats: Sequence[str], on: str) -> list[Json]:
    """Return the two years of birth that an age on a day leaves open."""
    if not (text.isascii() and text.isdigit() and int(text) <= AGE_MAX):
        return []
    try:
        year = date.fromisoformat(on).year - int(text)
    except ValueError:
        return []
    return [str(year - 1), str(year)]


def as_alias(text: str, _formats: Sequence[str], _on: str) -> list[Json]:
    """Return the names of a person's aliases; names only, their types are told by `names.name` alone."""
    return [*aliases(text, "alias", is_person=True)]


READERS: Mapping[str, ReadValue] = {
    "text": as_text,
    "html": as_html,
    "country": as_country,
    "date": as_date,
    "dates": as_dates,
    "age": as_age,
    "aliases": as_alias,
}
