"""A field type: how one value is read, under which form it is found, how two values are compared.

Index and matching work on field types alone; they never ask of which kind a record is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from comity.errors import MalformedError

Json: TypeAlias = bool | int | float | str | list["Json"] | dict[str, "Json"] | None
"""A value as JSON carries it."""

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

TEXT_MAX = 4000
"""The longest text a field takes, in characters."""


class Comparison(StrEnum):
    """How matching compares two values of a field."""

    IDENTIFIER = "identifier"  # equal as written, but for spacing, or but for look-alike characters
    CODE = "code"  # one of a closed list: equal or contrary
    NAME = "name"  # the name engine says
    DATE = "date"  # partial dates
    MEASURE = "measure"  # numbers that are close or not
    NONE = "none"  # shown, never compared


def no_doubts(_value: Json) -> tuple[str, ...]:
    """Return no doubts: most fields carry no check digit."""
    return ()


@dataclass(frozen=True, slots=True)
class FieldType:
    """How one value is read, found and compared.

    `parse(value, field)` returns the canonical JSON value or raises `MalformedError(code, field)`.
    `key(value)` is the form under which an identifier is found: spacing removed, look-alike characters
    folded into one, so that one look-up meets every way of writing it; matching then tells them apart.
    `doubts(value)` are codes of weak evidence against the value, such as a check digit that does not hold:
    reported and searched all the same, never refused. `choices` are the codes of a closed list, in order.
    """

    name: str
    comparison: Comparison
    parse: Callable[[Json, str], Json]
    key: Callable[[Json], str] = str
    doubts: Callable[[Json], tuple[str, ...]] = no_doubts
    choices: tuple[str, ...] = ()


def clean_text(value: Json, field: str, chars_max: int = TEXT_MAX) -> str:
    """Return `value` as text without surrounding space.

    Raises `MalformedError` `text-expected`, `text-empty`, `text-too-long` or `text-characters`
    (control characters and unpaired surrogates, which no registry can store).
    """
    if not isinstance(value, str):
        raise MalformedError("text-expected", field)
    text = value.strip()
    if not text:
        raise MalformedError("text-empty", field)
    if len(text) > chars_max:
        raise MalformedError("text-too-long", field)
    if UNSTORABLE.search(text):
        raise MalformedError("text-characters", field)
    return text
