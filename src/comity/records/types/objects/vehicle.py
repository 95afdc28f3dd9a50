"""Vehicle identification numbers and engine numbers.

Sources: ISO 3779 (17 characters without I, O, Q), ISO 3780 (first character: region), 49 CFR 565 (check
digit in North America), GB 16735 (the same in China).
"""

import re

from comity.records.fieldtype import Json
from comity.records.types.identifier import CONFUSED, identifier, parse_compact

VIN_FORM = re.compile("[A-Z0-9]{5,17}")
LETTER_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CHECK_PLACE = 8

# Q is no letter of a VIN either; it is read for zero like O.
VIN_CONFUSED = {**CONFUSED, "Q": "0"}


def parse_vin(value: Json, field: str) -> Json:
    """Return a VIN or an older chassis number, 5 to 17 letters and digits.

    The letters I, O and Q are kept as typed: they are misread digits and found as such.
    Raises `MalformedError` `vin-length` (also for characters that no chassis number has).
    """
    return parse_compact(value, field, VIN_FORM, "vin-length")


def vin_check_digit(vin: str) -> str | None:
    """Return the check digit that a 17-character VIN should have at its ninth place, `0` to `9` or `X`.

    None where a character has no value (I, O, Q).

    >>> vin_check_digit("1M8GDM9AXKP042788")
    'X'
    """
    total = 0
    for char, weight in zip(vin, WEIGHTS, strict=True):
        digit = char if char.isdigit() else LETTER_VALUES.get(char)
        if digit is None:
            return None
        total += int(digit) * weight
    return "0123456789X"[total % 11]


def vin_doubts(value: Json) -> tuple[str, ...]:
    """Return the doubts about a VIN: `vin-short`, `vin-letters` (I, O, Q), `vin-check`.

    The check digit binds where the first character is 1 to 5 (North America) or L (China); elsewhere a
    maker may put anything in its place.
    """
    vin = str(value)
    if len(vin) < 17:
        return ("vin-short",)
    expected = vin_check_digit(vin)
    if expected is None:
        return ("vin-letters",)
    if vin[0] in "12345L" and vin[CHECK_PLACE] != expected:
        return ("vin-check",)
    return ()


VIN = identifier("vin", parse_vin, confused=VIN_CONFUSED, doubts=vin_doubts)
ENGINE_NUMBER = identifier("engine_number")
