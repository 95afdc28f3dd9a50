"""Country codes as a field: three letters at the doors, two accepted, Germany's one letter too."""

from comity.records.countries import country_code
from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.text import parse_line


def parse_country(value: Json, field: str) -> Json:
    """Return the three-letter code of a country or issuing organisation.

    Raises `MalformedError` `country-unknown`.
    """
    return country_code(parse_line(value, field, 100), field)


COUNTRY = FieldType("country", Comparison.CODE, parse_country)
