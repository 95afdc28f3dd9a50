"""Aircraft: registration marks, manufacturers' serial numbers, 24-bit addresses.

Source: ICAO annex 7 (nationality and registration marks), annex 10 volume III (24-bit addresses).
"""

import re

from comity.records.fieldtype import Json
from comity.records.types.identifier import identifier, parse_compact, parse_identifier

REGISTRATION_MAX = 16
ADDRESS_FORM = re.compile("(?:0X)?[0-9A-F]{6}")


def parse_registration(value: Json, field: str) -> Json:
    """Return a registration as written on the tail, in upper case: `EP-MMH`, `N200VR`, `2-WGLP`.

    Raises `MalformedError` as `parse_identifier` does.
    """
    return parse_identifier(value, field, REGISTRATION_MAX)


def parse_icao24(value: Json, field: str) -> Json:
    """Return a 24-bit address as six hexadecimal digits. Raises `MalformedError` `icao24-form`."""
    return parse_compact(value, field, ADDRESS_FORM, "icao24-form")[-6:]


AIRCRAFT_REGISTRATION = identifier("aircraft_registration", parse_registration)
AIRCRAFT_SERIAL = identifier("aircraft_serial")
ICAO24 = identifier("icao24", parse_icao24)
