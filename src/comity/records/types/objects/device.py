"""Mobile devices: IMEI. Source: 3GPP TS 23.003, section 6."""

import re

from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.identifier import parse_compact

IMEI_FORM = re.compile("[0-9]{14,16}")
IMEI_DIGITS = 14


def parse_imei(value: Json, field: str) -> Json:
    """Return an IMEI as 14 digits (no check digit), 15, or 16 (with software version, no check digit).

    Raises `MalformedError` `imei-length`.
    """
    return parse_compact(value, field, IMEI_FORM, "imei-length")


def luhn_holds(digits: str) -> bool:
    """Tell whether the last of `digits` is the Luhn check digit of the others (ISO/IEC 7812-1 annex B).

    >>> luhn_holds("490154203237518")
    True
    """
    total = 0
    for place, char in enumerate(reversed(digits)):
        doubled = int(char) * 2 if place % 2 else int(char)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def imei_doubts(value: Json) -> tuple[str, ...]:
    """Return `imei-check` where fifteen digits do not end in their check digit."""
    digits = str(value)
    return ("imei-check",) if len(digits) == 15 and not luhn_holds(digits) else ()


def imei_key(value: Json) -> str:
    """Return the 14 digits that name the device: check digit and software version are not part of it."""
    return str(value)[:IMEI_DIGITS]


IMEI = FieldType("imei", Comparison.IDENTIFIER, parse_imei, imei_key, imei_doubts)
