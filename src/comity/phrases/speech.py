"""What a door needs said. Whoever builds the door hands over who says it, in each language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from comity.records.check import Agreement
from comity.records.fieldtype import Json


class Speaker(Protocol):
    """Someone who says everything in one language."""

    @property
    def language(self) -> str:
        """The language's code."""
        ...

    @property
    def direction(self) -> str:
        """Which way it is written: `ltr` or `rtl`."""
        ...

    @property
    def comma(self) -> str:
        """What stands between the parts of an enumeration."""
        ...

    def size(self, bytes_: int) -> str:
        """Return the size of a file, in whole kilobytes, one at least."""
        ...

    def say(self, sentence: str, /, **values: str | int) -> str:
        """Return an English sentence of ours in this language, its named places filled."""
        ...

    def count(self, things: str, number: int) -> str:
        """Return how many of a thing: `records`, `bureaus`."""
        ...

    def error(self, code: str, field: str = "", /) -> str:
        """Return what is wrong, for a stable error code."""
        ...

    def kind(self, code: str) -> str:
        """Return the word for a kind of record."""
        ...

    def field(self, kind: str, name: str, /) -> str:
        """Return the label of a field."""
        ...

    def value(self, group: str, code: Json) -> str:
        """Return the word for a coded value of a group: `country`, `sex`, `purpose`, `notice`, `act` ..."""
        ...

    def date(self, text: str) -> str:
        """Return a partial date as people write it."""
        ...

    def instant(self, moment: datetime) -> str:
        """Return a moment with its zone."""
        ...

    def span(self, length: timedelta) -> str:
        """Return a length of time in the largest unit that fits, minutes at least."""
        ...

    def wait(self, length: timedelta) -> str:
        """Return a length of time in the largest unit that fits, seconds at least."""
        ...

    def number(self, amount: int) -> str:
        """Return a whole number, its digits grouped."""
        ...

    def compact(self, amount: int) -> str:
        """Return a large number in round words: `4.2 billion`."""
        ...

    def share(self, part: float) -> str:
        """Return a share of 0 to 1 in percent."""
        ...

    def month(self, text: str) -> str:
        """Return a month of a year, given as `202611`, in short."""
        ...

    def measure(self, amount: Json, unit: str) -> str:
        """Return a measure with its unit, named as the CLDR names it."""
        ...

    def countries(self) -> list[tuple[str, str]]:
        """Return the countries by name: three-letter code and name."""
        ...

    def agreement(self, step: Agreement) -> str:
        """Return in words how a field of the check and one of the record met."""
        ...


@dataclass(frozen=True, slots=True)
class Speech:
    """The languages on offer as (code, own name), who speaks each, and which one a browser asks for.

    `choose` takes the header Accept-Language and the language chosen before, or nothing.
    """

    languages: Sequence[tuple[str, str]]
    speaker: Callable[[str], Speaker]
    choose: Callable[[str, str], str]
