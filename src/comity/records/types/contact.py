"""Telephone numbers and e-mail addresses: found however they are spaced."""

import re

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.identifier import compact, parse_identifier
from comity.records.types.text import parse_line

PHONE_MAX = 60
PHONE_TAIL = 9
EMAIL_MAX = 254
EMAIL_FORM = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[^@\s.]{2,63}")


def parse_phone(value: Json, field: str) -> Json:
    """Return a telephone number as written, at least five digits. Raises `MalformedError` `phone-form`."""
    text = parse_identifier(value, field, PHONE_MAX)
    if sum(char.isdecimal() for char in text) < 5:
        raise MalformedError("phone-form", field)
    return text


def phone_key(value: Json) -> str:
    """Return the last nine digits: numbers are written with and without country and trunk prefixes.

    Source: ITU-T E.164; national significant numbers are nine digits or so, and the prefixes stand before.
    """
    digits = "".join(char for char in compact(str(value)) if char in "0123456789")
    return digits[-PHONE_TAIL:]


def parse_email(value: Json, field: str) -> Json:
    """Return an e-mail address in lower case. Raises `MalformedError` `email-form`."""
    text = parse_line(value, field, EMAIL_MAX).lower()
    if not EMAIL_FORM.fullmatch(text):
        raise MalformedError("email-form", field)
    return text


PHONE = FieldType("phone", Comparison.IDENTIFIER, parse_phone, phone_key)
EMAIL = FieldType("email", Comparison.IDENTIFIER, parse_email)
