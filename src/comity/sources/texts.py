"""Free texts of outside lists turned into the field's own forms, where they can be; None where not."""

import re
from functools import lru_cache

from comity.errors import MalformedError
from comity.records.countries import country_named
from comity.records.fieldtype import FieldType, Json

IN_BRACKETS = re.compile(r"\([^()]*\)")
COUNTRY_CHARS_MAX = 200
SEPARATORS = re.compile(r"\s*[;\n]\s*")


def fitting(type_: FieldType, value: Json) -> Json:
    """Return the value in the type's canonical form, or None where it does not fit."""
    if value is None or value == "":
        return None
    try:
        return type_.parse(value, "value")
    except MalformedError:
        return None


def countries(texts: list[str]) -> list[Json]:
    """Return the codes of those countries that can be told."""
    return [code for text in texts if text and (code := _country(text[:COUNTRY_CHARS_MAX])) is not None]


# A list names the same few countries over and over, and telling one takes long.
@lru_cache(maxsize=4096)
def _country(text: str) -> str | None:
    return country_named(text)


def without_empty(record: dict[str, Json]) -> dict[str, Json]:
    """Return the record without fields that say nothing."""
    # Numbers say something, zero and "no" among them.
    return {name: value for name, value in record.items() if value or isinstance(value, int | float)}


def split_outside_brackets(text: str, mark: str) -> list[str]:
    """Return the parts of `text` between marks that stand outside brackets; none where there are none.

    Brackets that do not close, or stand in each other, hold nothing together.
    """
    if "(" not in text or mark not in text:
        return text.split(mark)
    parts, start = list[str](), 0
    held = [match.span() for match in IN_BRACKETS.finditer(text)]
    for place, char in enumerate(text):
        if char == mark and not any(first < place < last for first, last in held):
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]]


def distinct(values: list[Json]) -> list[Json]:
    """Return the values once each, in order."""
    if len(values) < 2:
        return values
    return [value for place, value in enumerate(values) if value not in values[:place]]
