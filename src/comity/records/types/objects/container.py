"""Freight containers: the owner, equipment category, serial and check digit of ISO 6346."""

import re

from comity.records.fieldtype import Json
from comity.records.types.identifier import identifier, parse_compact

CONTAINER_FORM = re.compile("[A-Z]{4}[0-9]{6,7}")
# Letters run from 10 and skip the multiples of 11.
LETTER_VALUES = dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", [n for n in range(10, 39) if n % 11], strict=True))


def parse_container(value: Json, field: str) -> Json:
    """Return a container number, four letters and six or seven digits. Raises `container-form`."""
    return parse_compact(value, field, CONTAINER_FORM, "container-form")


def container_check_digit(number: str) -> int:
    """Return the check digit, 0 to 9, of the first ten characters of a container number.

    >>> container_check_digit("CSQU305438")
    3
    """
    values = [int(char) if char.isdigit() else LETTER_VALUES[char] for char in number[:10]]
    return sum(value << place for place, value in enumerate(values)) % 11 % 10


def container_doubts(value: Json) -> tuple[str, ...]:
    """Return the doubts: `container-short` without check digit, `container-category`, `container-check`."""
    number = str(value)
    doubts = [] if number[3] in "UJZR" else ["container-category"]
    if len(number) == 10:
        doubts.append("container-short")
    elif int(number[10]) != container_check_digit(number):
        doubts.append("container-check")
    return tuple(doubts)


CONTAINER_NUMBER = identifier("container_number", parse_container, doubts=container_doubts)
