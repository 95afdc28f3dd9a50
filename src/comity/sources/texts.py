"""Free texts of outside lists turned into the field's own forms, where they can be; None where not."""

import re

from comity.errors import MalformedError
from comity.records.countries import country_named
from comity.records.fieldtype import FieldType, Json

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
    return [code for text in texts if (code := country_named(text)) is not None]


def without_empty(record: dict[str, Json]) -> dict[str, Json]:
    """Return the record without fields that say nothing."""
    return {name: value for name, value in record.items() if value not in (None, "", [], {})}


def distinct(values: list[Json]) -> list[Json]:
    """Return the values once each, in order."""
    return [value for place, value in enumerate(values) if value not in values[:place]]
