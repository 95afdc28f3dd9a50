"""The words, read from the tables in `words_of`: group, key, and the four languages side by side.

What a table of ours does not hold - countries, dates, numbers - comes from the Unicode CLDR through Babel.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import cast

import pycountry
from babel import Locale, dates, numbers, units
from babel.core import negotiate_locale

from comity.phrases.speech import Speech
from comity.records.check import Agreement
from comity.records.fieldtype import Json

LANGUAGES = (("en", "English"), ("fr", "Français"), ("es", "Español"), ("ar", "العربية"))
CODES = tuple(code for code, _ in LANGUAGES)
GROUPS: Mapping[str, str] = {
    "object_status": "status",
    "document_status": "status",
    "asset_type": "asset",
}
"""Field types whose values share a group of words."""

CHECK_DIGITS = "-check"
"""In the code of every doubt about a check digit: they differ only in whose number it is."""

Table = Mapping[tuple[str, str], str]


@cache
def table(language: str) -> Table:
    """Return every word of a language by group and key."""
    column = CODES.index(language) + 2
    found = {(row[0], row[1]): row[column] for row in rows()}
    if language == "fr":
        found = {place: _kept_together(words) for place, words in found.items()}
    return MappingProxyType(found)


def _kept_together(words: str) -> str:
    """Return French words with blanks before high signs, and within quotation marks, at which no line ends."""
    return re.sub(r" (?=[:;?!»])|(?<=«) ", "\u00a0", words)


def rows() -> list[list[str]]:
    """Return the lines of every table: group, key, English, French, Spanish, Arabic."""
    tables = [place for place in files("comity.phrases").joinpath("words_of").iterdir() if place.is_file()]
    lines = [line for place in tables for line in place.read_text("utf-8").splitlines()[1:]]
    return [line.split("\t") for line in lines]


class Words:
    """Says everything in one language; a code without a word is shown as it is, readably."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._table = table(language)
        self._locale = Locale.parse(language)
        # Kept, for `format_decimal` looks it up anew for each of the hundreds of figures on a page.
        self._grouped = cast("numbers.NumberPattern", self._locale.decimal_formats[None])
        self._countries: dict[str, str] = {}

    @property
    def direction(self) -> str:
        """Which way it is written."""
        return "rtl" if self._locale.text_direction == "rtl" else "ltr"

    @property
    def comma(self) -> str:
        """What stands between the parts of an enumeration, with the blank after it."""
        return "\u060c " if self.language == "ar" else ", "

    def size(self, bytes_: int) -> str:
        """Return the size of a file, in whole kilobytes, one at least."""
        kilobytes = max(1, round(bytes_ / 1000))
        return units.format_unit(kilobytes, "digital-kilobyte", length="short", locale=self._locale)

    def say(self, sentence: str, /, **values: str | int) -> str:
        """Return the sentence with its places filled; what fills them cannot turn its direction."""
        text = self._table["say", sentence]
        shown = {name: _isolated(value) for name, value in values.items()}
        return text.format(**shown) if values else text

    def count(self, things: str, number: int) -> str:
        """Return how many of a thing, in the plural form that the CLDR asks for: `records`, `bureaus`."""
        form = self._locale.plural_form(number)
        return self._table["count", f"{things}.{form}"].format(count=_isolated(number))

    def error(self, code: str, _field: str = "", /) -> str:
        """Return what is wrong."""
        word = self._table.get(("error", code))
        if word is not None:
            return word
        if CHECK_DIGITS in code:
            return self._table["error", "check-digit"]
        return self._table["error", "other"].format(code=code)

    def kind(self, code: str) -> str:
        """Return the word for a kind of record."""
        return self._word("kind", code)

    def field(self, _kind: str, name: str, /) -> str:
        """Return the label of a field; of a place in a list, the list's."""
        return self._word("field", name.partition(".")[0])

    def value(self, group: str, code: Json) -> str:
        """Return the word for a coded value."""
        text = str(code)
        if group == "country":
            return self._country(text)
        if group == "language":
            return str(self._locale.languages.get(short_language(text), text))
        if group == "reliability":
            source, grade = self._word("source", text[:1]), self._word("grade", text[1:])
            return self._table["say", "{source}, {grade}"].format(source=source, grade=grade)
        if group == "document_type":
            return self._document(text)
        return self._word(GROUPS.get(group, group), text)

    def _document(self, code: str) -> str:
        # The second letter is mostly the issuer's own affair; the first says what a document is.
        return self._table.get(("document", code)) or self._word("document", code[:1])

    def _country(self, code: str) -> str:
        word = self._table.get(("country", code))
        if word is not None:
            return word
        known = self._countries.get(code)
        if known is not None:  # a page may name all of them several times
            return known
        short = getattr(cast("object", pycountry.countries.get(alpha_3=code)), "alpha_2", "")
        name = str(self._locale.territories.get(short, code))
        if short:  # what is no country's code may be anything, and is not kept
            self._countries[code] = name
        return name

    def _word(self, group: str, code: str) -> str:
        return self._table.get((group, code)) or code.replace("_", " ").replace("-", " ")

    def date(self, text: str) -> str:
        """Return a date as far as it is known."""
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 1:
            return f"{parts[0]:04}"
        day = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
        if len(parts) == 2:
            return dates.format_skeleton("yMMMM", day, locale=self._locale)
        return dates.format_date(day, "long", locale=self._locale)

    def instant(self, moment: datetime) -> str:
        """Return a moment in UTC, and say so."""
        return f"{dates.format_datetime(moment.astimezone(UTC), 'medium', locale=self._locale)} UTC"

    def span(self, length: timedelta) -> str:
        """Return a length of time in the largest unit that fits, minutes at least."""
        return dates.format_timedelta(length, granularity="minute", threshold=1.5, locale=self._locale)

    def wait(self, length: timedelta) -> str:
        """Return a length of time in the largest unit that fits, seconds at least."""
        return dates.format_timedelta(length, granularity="second", threshold=1.5, locale=self._locale)

    def number(self, amount: int) -> str:
        """Return a whole number, its digits grouped; in the digits of every other number of ours."""
        return self._grouped.apply(amount, self._locale)

    def compact(self, amount: int) -> str:
        """Return a large number in round words, with one decimal."""
        said = numbers.format_compact_decimal(
            amount, format_type="long", locale=self._locale, fraction_digits=1
        )
        return str(said)

    def share(self, part: float) -> str:
        """Return a share in percent: whole, but with one decimal below ten of a hundred."""
        digits = "0" if part >= 0.1 or part == 0 else "0.0"
        form = str(self._locale.percent_formats[None].pattern).replace("#,##0", digits)
        return str(numbers.format_percent(part, form, locale=self._locale))

    def month(self, text: str) -> str:
        """Return a month of a year, in short."""
        first = date(int(text[:4]), int(text[4:6]), 1)
        return str(dates.format_skeleton("yMMM", first, locale=self._locale))

    def measure(self, amount: Json, unit: str) -> str:
        """Return a measure with its unit, named as the CLDR names it."""
        if not isinstance(amount, int | float):
            return str(amount)
        return units.format_unit(amount, unit, "short", locale=self._locale)

    def countries(self) -> list[tuple[str, str]]:
        """Return the countries by name: three-letter code and name."""
        codes = (str(getattr(one, "alpha_3", "")) for one in cast("Iterable[object]", pycountry.countries))
        return sorted(((code, self._country(code)) for code in codes), key=lambda pair: pair[1])

    def label(self, name: str) -> str:
        """Return what a named value of an answer is called: in the terminal, where no field's label serves."""
        return self._table.get(("label", name)) or self._word("field", name)

    def command(self, path: str) -> str:
        """Return what a command does, by the words that lead to it; a paragraph a line."""
        return self._table.get(("command", path), "").replace(" ¶ ", "\n\n")

    def option(self, name: str) -> str:
        """Return what an option of the command line is for."""
        return self._table.get(("option", name), "")

    def agreement(self, step: Agreement) -> str:
        """Return how the two met."""
        return self._word("rule", step.rule)


def _isolated(value: str | int) -> str:
    """Return what fills a place so that its direction does not reach its surroundings (Unicode annex 9)."""
    return f"\N{FIRST STRONG ISOLATE}{value}\N{POP DIRECTIONAL ISOLATE}"


@cache
def short_language(code: str) -> str:
    """Return the two-letter code of a language, or the code itself where it has none."""
    return str(getattr(cast("object", pycountry.languages.get(alpha_3=code)), "alpha_2", code))


@cache
def words(language: str) -> Words:
    """Return who speaks a language."""
    return Words(language)


def choose(header: str, before: str) -> str:
    """Return the language chosen before, or the best of those that a browser asks for, or English."""
    if before in CODES:
        return before
    asked = [part.partition(";") for part in header.split(",")[:20]]
    ranked = sorted(asked, key=lambda part: -_quality(part[2]))
    wanted = [part[0].strip().replace("_", "-") for part in ranked if part[0].strip()]
    return negotiate_locale(wanted, CODES, sep="-") or CODES[0]


def _quality(text: str) -> float:
    try:
        return float(text.strip().removeprefix("q="))
    except ValueError:
        return 1.0


SPEECH = Speech(LANGUAGES, words, choose)
