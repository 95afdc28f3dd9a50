"""Vessels: IMO ship and company numbers, MMSI, call signs, hull numbers.

Sources: IMO resolutions A.1117(30) (ships) and MSC.160(78) (companies), ITU-R M.585 (MMSI), ITU Radio
Regulations article 19 (call signs), ISO 10087 (craft identification).
"""

import re

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.types.identifier import compact, identifier, parse_compact, parse_identifier, to_latin

SEVEN_DIGITS = re.compile(r"(?:IMO)?(?:NO|NUMBER|COMPANY)?([0-9]{7})")
NINE_DIGITS = re.compile(r"(?:MMSI)?([0-9]{9})")
CALL_SIGN_FORM = re.compile("[A-Z0-9]{3,9}")
HIN_FORM = re.compile("[A-Z0-9]{12,16}")
SHIP_WEIGHTS = (7, 6, 5, 4, 3, 2)
COMPANY_WEIGHTS = (8, 6, 4, 2, 9, 7)
# Search-and-rescue transmitters, man-overboard devices, emergency beacons, rescue aircraft.
WITHOUT_COUNTRY = frozenset({"970", "972", "974", "111"})
HIN_MODERN = re.compile("[A-Z]{2}[A-Z0-9]{3}[A-Z0-9]{5}[A-L][0-9][0-9]{2}")


def _digits(value: Json, field: str, form: re.Pattern[str], code: str) -> str:
    match = form.fullmatch(to_latin(compact(parse_identifier(value, field))))
    if match is None:
        raise MalformedError(code, field)
    return match[1]


def parse_imo(value: Json, field: str) -> Json:
    """Return the seven digits of an IMO ship number, with or without "IMO" before them.

    Raises `MalformedError` `imo-length`.
    """
    return _digits(value, field, SEVEN_DIGITS, "imo-length")


def imo_doubts(value: Json) -> tuple[str, ...]:
    """Return `imo-check` where the last digit is not that of the weighted sum of the others.

    >>> imo_doubts("9074729"), imo_doubts("9074728")
    ((), ('imo-check',))
    """
    digits = [int(char) for char in str(value)]
    total = sum(digit * weight for digit, weight in zip(digits, SHIP_WEIGHTS, strict=False))
    return () if total % 10 == digits[6] else ("imo-check",)


def parse_imo_company(value: Json, field: str) -> Json:
    """Return the seven digits of an IMO company number. Raises `MalformedError` `imo-company-length`."""
    return _digits(value, field, SEVEN_DIGITS, "imo-company-length")


def imo_company_doubts(value: Json) -> tuple[str, ...]:
    """Return `imo-company-check` where the check digit does not hold.

    >>> imo_company_doubts("2041999")
    ()
    """
    digits = [int(char) for char in str(value)]
    total = sum(digit * weight for digit, weight in zip(digits, COMPANY_WEIGHTS, strict=False))
    return () if (11 - total % 11) % 10 == digits[6] else ("imo-company-check",)


def parse_mmsi(value: Json, field: str) -> Json:
    """Return the nine digits of a maritime mobile service identity. Raises `MalformedError` `mmsi-length`."""
    return _digits(value, field, NINE_DIGITS, "mmsi-length")


def mmsi_doubts(value: Json) -> tuple[str, ...]:
    """Return `mmsi-country` where the three digits of the country (MID) are outside 201 to 775.

    A ship's identity begins with them; a group's has one zero before, a coast station's two, and
    craft of a parent ship begin with 98, aids to navigation with 99.
    """
    digits = str(value)
    country = digits[2:5] if digits[:2] in {"98", "99", "00"} else digits.lstrip("0")[:3]
    known = 201 <= int(country or 0) <= 775 or digits[:3] in WITHOUT_COUNTRY
    return () if known else ("mmsi-country",)


def parse_call_sign(value: Json, field: str) -> Json:
    """Return a radio call sign, three to nine letters and digits. Raises `call-sign-form`."""
    return parse_compact(value, field, CALL_SIGN_FORM, "call-sign-form")


def parse_hin(value: Json, field: str) -> Json:
    """Return a hull or craft identification number, 12 to 16 letters and digits.

    ISO 10087 has fourteen, older American numbers twelve; some makers put a component code behind.
    Raises `MalformedError` `hin-length`.
    """
    return parse_compact(value, field, HIN_FORM, "hin-length")


def hin_doubts(value: Json) -> tuple[str, ...]:
    """Return `hin-form` where a fourteen-character number is not country, maker, serial, month, years."""
    hin = str(value)
    return ("hin-form",) if len(hin) == 14 and not HIN_MODERN.fullmatch(hin) else ()


IMO_NUMBER = identifier("imo_number", parse_imo, doubts=imo_doubts)
IMO_COMPANY = identifier("imo_company", parse_imo_company, doubts=imo_company_doubts)
MMSI = identifier("mmsi", parse_mmsi, doubts=mmsi_doubts)
CALL_SIGN = identifier("call_sign", parse_call_sign)
HIN = identifier("hin", parse_hin, doubts=hin_doubts)
