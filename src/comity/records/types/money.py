"""Money and moments: amounts as decimal text, currencies of ISO 4217, moments in UTC."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pycountry

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json, clean_text
from comity.records.types.dates import in_ascii_digits
from comity.records.types.identifier import compact
from comity.records.types.text import parse_line

AMOUNT_FORM: Final = re.compile(r"\d{1,15}(\.\d{1,4})?", re.ASCII)
SEPARATORS: Final = re.compile("[\\s'’_\u00a0\u202f\u066c]")


def parse_amount(value: Json, field: str) -> Json:
    """Return an amount of money as decimal text, such as `12500.00`: above nothing, below 10^15.

    `value` is a number or text with a point (or an Arabic decimal comma) before the decimals; spaces and
    apostrophes between thousands are left out. A comma is refused: it means decimals to some and thousands
    to others. Raises `MalformedError` `amount-form`.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise MalformedError("amount-form", field)
    text = clean_text(value, field, 60) if isinstance(value, str) else _plain(value)
    digits = "".join(compact(char) if char.isdecimal() else char for char in text.replace("\u066b", "."))
    number = SEPARATORS.sub("", digits)
    if not AMOUNT_FORM.fullmatch(number) or not Decimal(number):
        raise MalformedError("amount-form", field)
    return number


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")


def parse_currency(value: Json, field: str) -> Json:
    """Return the code of a currency, three letters of ISO 4217. Raises `MalformedError` `currency-unknown`."""
    code = parse_line(value, field, 20).upper()
    if pycountry.currencies.get(alpha_3=code) is None:
        raise MalformedError("currency-unknown", field)
    return code


def parse_moment(value: Json, field: str) -> Json:
    """Return a moment in UTC, to the second, as ISO 8601; a moment without a zone is taken as UTC.

    Digits of any script are read.

    Raises `MalformedError` `moment-form`.
    """
    try:
        moment = datetime.fromisoformat(in_ascii_digits(clean_text(value, field, 40)))
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedError("moment-form", field) from None
    return aware.replace(microsecond=0).isoformat()


AMOUNT = FieldType("amount", Comparison.NONE, parse_amount)
CURRENCY = FieldType("currency", Comparison.CODE, parse_currency)
MOMENT = FieldType("moment", Comparison.NONE, parse_moment)
