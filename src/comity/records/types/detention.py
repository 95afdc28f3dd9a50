"""Lengths of detention as drafters write them, in the four languages: months, years, or for life.

    "2 years 6 months" -> words and numbers -> each number by its unit -> 30 months

A unit that is not known is no length: taken for months, five years of another language would be five months.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.identifier import compact
from comity.records.types.text import parse_line

MONTHS_MAX: Final = 1200


def _words(*words: str) -> frozenset[str]:
    return frozenset(map(compact, words))


MONTHS_WORDS: Final = _words(
    *("m", "mo", "mos", "month", "months", "mois", "mes", "meses"),
    *("شهر", "شهرا", "أشهر", "شهور"),
)
YEARS_WORDS: Final = _words(
    *("y", "yr", "yrs", "year", "years", "an", "ans", "année", "années", "año", "años"),
    *("سنة", "سنوات", "سنين", "عام", "عاما", "أعوام"),
)
PAIRS: Final = {compact(word): months for word, months in (("سنتان", 24), ("سنتين", 24), ("عامان", 24))} | {
    compact(word): months
    for word, months in (("عامين", 24), ("شهران", 2), ("شهرين", 2), ("سنة", 12), ("شهر", 1))
}
"""What Arabic says without a number: one, or two, of a unit."""

FOR_LIFE: Final = _words(
    *("life", "for life", "life imprisonment", "death", "death penalty"),
    *("perpétuité", "à perpétuité", "réclusion à perpétuité", "mort", "peine de mort"),
    *("perpetua", "cadena perpetua", "prisión perpetua", "vitalicia", "muerte", "pena de muerte"),
    *("مؤبد", "المؤبد", "السجن المؤبد", "مدى الحياة", "إعدام", "الإعدام"),
)
AND: Final = _words("and", "et", "y", "و")
_PART = re.compile(r"\d+|[^\W\d_]+")
_OTHER = re.compile(r"[^\w\s,.]|\d[.,]\d")


def parse_months(value: Json, field: str) -> Json:
    """Return a length of detention in whole months, at most 1,200, which also stands for life.

    `value` is a number of months, or text such as `18 months`, `2 years`, `2 ans et 6 mois` or `life`, in any of the
    four languages and with the digits of any script. Raises `MalformedError`.

    >>> [parse_months(text, "penalty_max") for text in ("24", "2 ans", "5 años y 6 meses", "٣ سنوات")]
    [24, 24, 66, 36]
    """
    if isinstance(value, int) and not isinstance(value, bool):
        months = value
    else:
        months = _months_in(parse_line(value, field, 60), field)
    if not 0 <= months <= MONTHS_MAX:
        raise MalformedError("out-of-range", field)
    return months


def _months_in(text: str, field: str) -> int:
    if compact(text) in FOR_LIFE:
        return MONTHS_MAX
    # Vowel signs and accents come along, or do not.
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    months = None if _OTHER.search(bare) else _sum_of([compact(part) for part in _PART.findall(bare)])
    if months is None:
        raise MalformedError("months-form", field)
    return months


def _sum_of(parts: Sequence[str]) -> int | None:
    """Return the months that numbers and units add up to; a number alone is of months. None where they are none."""
    total, place = 0, 0
    while place < len(parts):
        one, unit = parts[place], parts[place + 1] if place + 1 < len(parts) else ""
        if place and one in AND:
            place += 1
        elif one in PAIRS:
            total, place = total + PAIRS[one], place + 1
        elif not one.isdigit() or len(one) > 6 or not (unit in MONTHS_WORDS | YEARS_WORDS or len(parts) == 1):
            return None
        else:
            total, place = total + int(one) * (12 if unit in YEARS_WORDS else 1), place + 2
    return total if parts and parts[-1] not in AND - YEARS_WORDS else None


MONTHS = FieldType("months", Comparison.MEASURE, parse_months)
