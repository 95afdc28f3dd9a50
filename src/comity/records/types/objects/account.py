"""Bank accounts and payment cards.

Sources: ISO 13616 (IBAN; lengths from the registry of national formats), ISO 9362 (BIC), ISO/IEC 7812-1
(payment cards). A card number is personal data of its holder like any other field: the record's handling
says who sees it; it is not masked, for it could then not be confirmed.
"""

import re

from comity.records.fieldtype import Json
from comity.records.types.identifier import identifier, parse_compact
from comity.records.types.objects.device import luhn_holds

IBAN_FORM = re.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}")
BIC_FORM = re.compile("[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
CARD_FORM = re.compile("[0-9]{12,19}")
IBAN_LENGTHS = {
    15: "NO",
    16: "BE",
    18: "DK FK FI FO GL NL SD",
    19: "MK SI",
    20: "AT BA EE KZ LT LU MN XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE IL IQ OM SO TL",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "BI DJ FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU YE",
    31: "MT SC",
    32: "LC",
    33: "RU",
}
"""Length by country. Source: SWIFT's IBAN registry."""

LENGTH_OF = {country: length for length, countries in IBAN_LENGTHS.items() for country in countries.split()}


def parse_iban(value: Json, field: str) -> Json:
    """Return an IBAN without spaces. Raises `MalformedError` `iban-form`."""
    return parse_compact(value, field, IBAN_FORM, "iban-form")


def iban_doubts(value: Json) -> tuple[str, ...]:
    """Return the doubts: `iban-country`, `iban-length`, `iban-check` (remainder by 97 is not 1).

    >>> iban_doubts("GB82WEST12345698765432")
    ()
    """
    iban = str(value)
    length = LENGTH_OF.get(iban[:2])
    doubts = [] if length else ["iban-country"]
    if length and length != len(iban):
        doubts.append("iban-length")
    if int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 != 1:
        doubts.append("iban-check")
    return tuple(doubts)


def parse_bic(value: Json, field: str) -> Json:
    """Return a business identifier code, 8 or 11 characters. Raises `MalformedError` `bic-form`."""
    return parse_compact(value, field, BIC_FORM, "bic-form")


def parse_card(value: Json, field: str) -> Json:
    """Return a payment card's number, 12 to 19 digits. Raises `MalformedError` `card-length`."""
    return parse_compact(value, field, CARD_FORM, "card-length")


def card_doubts(value: Json) -> tuple[str, ...]:
    """Return `card-check` where the Luhn check digit does not hold."""
    return () if luhn_holds(str(value)) else ("card-check",)


IBAN = identifier("iban", parse_iban, doubts=iban_doubts)
BIC = identifier("bic", parse_bic)
CARD_NUMBER = identifier("card_number", parse_card, doubts=card_doubts)
ACCOUNT_NUMBER = identifier("account_number")
