"""Numbers as lists word them: `MP3303172 (issued on 10.6.2013)`, `Passport No 42, expires 2030`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from comity.records.fieldtype import Json
from comity.sources.dates import stated_dates
from comity.sources.texts import countries, split_outside_brackets

LABEL = re.compile(
    r"^(?P<label>[^\d;]{0,100}?\b(?:numbers?|no|n°|№|passport|series|inn|tin|ogrn|kpp|okpo|rif|nif)\b[\s.:№#)N°]*)"
    r"(?=\S*\d)",
    re.IGNORECASE,
)
SPEAKS = re.compile(
    # "12/MaKaYa (Naing) 118765": brackets with a number right behind them are a part of the number.
    r"\s*(?:,|\((?![^()]{1,12}\)[\s-]*\d)|\b(?:issued?|expir\w*|valid|officially|date of|place of|fraudulently|as)\b)",
    re.IGNORECASE,
)
ISSUED = re.compile(
    r"\b(?:issued(?: on| in)?|valid from)\s+(?:on\s+)?(?P<date>[^()]{4,25}?\d{4})", re.IGNORECASE
)
EXPIRES = re.compile(
    r"\b(?:expir(?:es|ed|y)(?: on)?|valid until|to|date of expiry:?)\s+(?P<date>[^()]{4,25}?\d{4})",
    re.IGNORECASE,
)
LEADING_BRACKET = re.compile(r"^\s*(\([^()]*\))[\s:]*(?=.*\d)")
SERIES = re.compile(r"(?<=\d)\s*(?:\bNo\b|№)\.?\s*(?=\d)", re.IGNORECASE)
NEXT_NUMBER = re.compile(r",\s*(?=(?:[A-Z]{1,8}\s)?[A-Z]{0,3}-?\d[\w/.-]{4,})")
SLASHED = re.compile(r"\s/\s")
TEXT_MAX = 2000


@dataclass(frozen=True, slots=True)
class Stated:
    """A number, what it was called, and every word that stood with it.

    `country` is the one that the words name, `text` the statement as it stood.
    """

    number: str
    label: str
    note: str
    country: Json
    issued: Json
    expires: Json
    text: str


def stated_numbers(text: str) -> Iterator[Stated]:
    """Yield the numbers that a cell states; semicolons, commas and spaced slashes part them."""
    for part in split_outside_brackets(text[:TEXT_MAX].strip('" '), ";"):
        for piece in NEXT_NUMBER.split(part) if "issued" not in part else [part]:
            for one in SLASHED.split(piece):
                if bare := one.strip(' .,"'):
                    yield _stated(bare)


def _stated(text: str) -> Stated:
    leading = LEADING_BRACKET.match(text)
    bare = text[leading.end() :] if leading else text
    label = LABEL.match(bare)
    rest = SERIES.sub(" ", bare[label.end() :] if label else bare)
    speaks = SPEAKS.search(rest, 1)
    number = (rest[: speaks.start()] if speaks else rest).strip(" .,")
    note = " ".join(
        part for part in (leading[1] if leading else "", rest[len(number) :].strip(" .,")) if part
    )
    country = _country(note, label["label"] if label else "")
    issued, expires = ISSUED.search(note), EXPIRES.search(note)
    return Stated(
        number=number,
        label=(label["label"] if label else "").strip(" .:,()№#"),
        note="" if country and countries([note.strip("()")]) == [country] else note,
        country=country,
        issued=next(iter(stated_dates(issued["date"])), None) if issued else None,
        expires=next(iter(stated_dates(expires["date"])), None) if expires else None,
        text=text,
    )


def _country(note: str, label: str) -> Json:
    """Return the country named in brackets, after a comma or `issued in`, or by the label's first words."""
    after = re.findall(r"\(([^()]+)|issued in ([^,(;]+)|place of issue: ([^,()]+)|,\s*([^,(;]+)", note)
    stated = [text.strip() for found in after for text in found if text]
    words = label.split()
    stated += [" ".join(words[:count]) for count in range(min(3, len(words)), 0, -1)]
    stated += [text.split()[0] for text in stated if text.split()]
    # "No" is a word for a number here, and no country.
    return next(iter(countries([text for text in stated if len(text) > 2 and not text[:1].isdigit()])), None)
