"""Dates known in part, heights, weights, and the codes of people."""

from datetime import date

import pytest

from comity.errors import MalformedError
from comity.records.fieldtype import FieldType, Json
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.dates import DATE, PARTIAL_DATE, partial_date
from comity.records.types.measures import HEIGHT, WEIGHT, YEAR
from comity.records.types.person import EYES, HAIR, LANGUAGE, SEX
from comity.records.types.text import NAME


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        (PARTIAL_DATE, "1970", "1970"),
        (PARTIAL_DATE, 1970, "1970"),
        (PARTIAL_DATE, "1970-02", "1970-02"),
        (PARTIAL_DATE, "1970/02/03", "1970-02-03"),
        (PARTIAL_DATE, "19700203", "1970-02-03"),
        (PARTIAL_DATE, "1970-02-00", "1970-02"),
        (PARTIAL_DATE, "1970-00-00", "1970"),
        (PARTIAL_DATE, "03.02.1970", "1970-02-03"),
        (PARTIAL_DATE, "3.2.1970", "1970-02-03"),
        (PARTIAL_DATE, "13/02/1970", "1970-02-13"),
        (PARTIAL_DATE, "02/13/1970", "1970-02-13"),
        (PARTIAL_DATE, "02/1970", "1970-02"),
        (PARTIAL_DATE, "١٩٧٠-٠٢-٠٣", "1970-02-03"),
        (DATE, "2024-02-29", "2024-02-29"),
        (HEIGHT, 1.8, 180),
        (HEIGHT, "180 cm", 180),
        (HEIGHT, "1,80 m", 180),
        (HEIGHT, "5'11\"", 180),
        (HEIGHT, "6 ft", 183),
        (HEIGHT, "71 in", 180),
        (WEIGHT, "176 lbs", 80),
        (WEIGHT, 80.2, 80),
        (YEAR, "2019", 2019),
        (SEX, "female", "F"),
        (SEX, "ذكر", "M"),
        (SEX, "<", "X"),
        (EYES, "Brown", "BRO"),
        (HAIR, "blond", "YELB"),
        (LANGUAGE, "GER", "deu"),
        (LANGUAGE, "ar", "ara"),
        (LANGUAGE, "Spanish", "spa"),
        (NAME, "  Ana\u200f   Luz ", "Ana Luz"),
        (NAME, "عبد‌الله", "عبد‌الله"),
        (EMAIL, "Desk@Example.ORG", "desk@example.org"),
    ],
)
def test_a_value_is_read_into_its_canonical_form(type_: FieldType, value: Json, expected: Json) -> None:
    assert type_.parse(value, "field") == expected


@pytest.mark.parametrize(
    ("type_", "value", "code"),
    [
        (PARTIAL_DATE, "1970-02-30", "date-impossible"),
        (PARTIAL_DATE, "1970-13", "date-impossible"),
        (PARTIAL_DATE, "1970-00-03", "date-impossible"),
        (PARTIAL_DATE, "03/02/1970", "date-ambiguous"),
        (PARTIAL_DATE, "1849", "date-range"),
        (PARTIAL_DATE, "circa 1970", "date-form"),
        (PARTIAL_DATE, True, "text-expected"),
        (DATE, "1970-02", "date-partial"),
        (HEIGHT, "tall", "height-form"),
        (HEIGHT, 5, "height-range"),
        (HEIGHT, "180 stone", "height-form"),
        (WEIGHT, 0, "weight-range"),
        (SEX, "yes", "not-a-choice"),
        (LANGUAGE, "zzzz", "language-unknown"),
        (NAME, "...", "name-letters"),
        (NAME, "\u200b", "text-empty"),
        (PHONE, "12", "phone-form"),
        (EMAIL, "desk", "email-form"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(type_: FieldType, value: Json, code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        type_.parse(value, "field")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1972", date(1972, 1, 1), date(1972, 12, 31)),
        ("1972-02", date(1972, 2, 1), date(1972, 2, 29)),
        ("1972-02-03", date(1972, 2, 3), date(1972, 2, 3)),
    ],
)
def test_a_partial_date_spans_all_days_that_it_may_mean(text: str, earliest: date, latest: date) -> None:
    parsed = partial_date(text)
    assert (parsed.earliest, parsed.latest) == (earliest, latest)


def test_a_number_with_its_country_prefix_is_found_without_it() -> None:
    assert PHONE.key("+20 100 555 0199") == PHONE.key("0100 555-0199")
