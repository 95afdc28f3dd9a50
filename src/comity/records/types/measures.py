"""Measures of people and things: numbers that are close or not, in one unit each."""

import re
from collections.abc import Callable

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json, clean_text
from comity.records.types.identifier import compact

CM_PER_INCH = 2.54
CM_PER_FOOT = 30.48
KG_PER_POUND = 0.453_592_37
NUMBER_MAX = 10**12

FEET = re.compile(
    r"(\d)\s*(?:'|’|′|FT\.?|FEET)\s*(\d{1,2}(?:\.\d)?)?\s*(?:\"|”|″|''|’’|IN\.?|INCHES)?", re.ASCII
)
QUANTITY = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*([A-Z]{0,9})\.?", re.ASCII)

CM_PER_UNIT = {"CM": 1.0, "M": 100.0, "IN": CM_PER_INCH, "INCH": CM_PER_INCH, "INCHES": CM_PER_INCH}
KG_PER_UNIT = {
    **dict.fromkeys(("", "KG", "KGS", "KILOS"), 1.0),
    **dict.fromkeys(("LB", "LBS", "POUND", "POUNDS"), KG_PER_POUND),
}


def parse_height_cm(value: Json, field: str) -> Json:
    """Return a person's height in whole centimetres, 30 to 280.

    `value` is a number (metres below 3, else centimetres) or text such as `180`, `180 cm`, `1.80 m`,
    `5'11"`. Raises `MalformedError` `height-form` or `height-range`.
    """
    if isinstance(value, str):
        text = _plain_text(value, field)
        if match := FEET.fullmatch(text):
            return _whole(int(match[1]) * CM_PER_FOOT + float(match[2] or 0) * CM_PER_INCH, "height", field)
        number, unit = _quantity(text, "height", field)
        if unit:
            return _whole(number * _unit(CM_PER_UNIT, unit, "height", field), "height", field)
    else:
        number = _number(value, "height", field)
    return _whole(number * 100 if number < 3 else number, "height", field)


def parse_weight_kg(value: Json, field: str) -> Json:
    """Return a person's weight in whole kilograms, 1 to 500.

    `value` is a number or text such as `80`, `80 kg`, `176 lbs`. Raises `MalformedError` `weight-form`
    or `weight-range`.
    """
    if not isinstance(value, str):
        return _whole(_number(value, "weight", field), "weight", field)
    number, unit = _quantity(_plain_text(value, field), "weight", field)
    return _whole(number * _unit(KG_PER_UNIT, unit, "weight", field), "weight", field)


RANGES = {"height": (30, 280), "weight": (1, 500)}


def _plain_text(value: str, field: str) -> str:
    text = clean_text(value, field, 100).upper().replace(",", ".").replace("٫", ".")
    return text if text.isascii() else "".join(compact(char) if char.isdecimal() else char for char in text)


def _quantity(text: str, what: str, field: str) -> tuple[float, str]:
    match = QUANTITY.fullmatch(text)
    if match is None:
        raise MalformedError(f"{what}-form", field)
    return float(match[1]), match[2]


def _unit(units: dict[str, float], unit: str, what: str, field: str) -> float:
    if unit not in units:
        raise MalformedError(f"{what}-form", field)
    return units[unit]


def _number(value: Json, what: str, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MalformedError(f"{what}-form", field)
    if not abs(value) < NUMBER_MAX:  # also not-a-number and the infinities
        raise MalformedError(f"{what}-range", field)
    return float(value)


def _whole(number: float, what: str, field: str) -> int:
    least, most = RANGES[what]
    if not least <= round(number) <= most:
        raise MalformedError(f"{what}-range", field)
    return round(number)


def whole_number(name: str, least: int, most: int) -> FieldType:
    """Return the type of a whole number from `least` to `most`; text is read with its separators left out.

    Faults: `number-form`, `number-range`.
    """
    return FieldType(name, Comparison.MEASURE, _whole_number_parser(least, most))


def _whole_number_parser(least: int, most: int) -> Callable[[Json, str], Json]:
    def parse(value: Json, field: str) -> Json:
        if isinstance(value, str):
            text = _plain_text(value, field).replace(".", "").replace(" ", "").replace("'", "")
            if not (text.isascii() and text.isdigit()):
                raise MalformedError("number-form", field)
            number = int(text)
        elif isinstance(value, int) and not isinstance(value, bool):
            number = value
        else:
            raise MalformedError("number-form", field)
        if not least <= number <= most:
            raise MalformedError("number-range", field)
        return number

    return parse


HEIGHT = FieldType("height_cm", Comparison.MEASURE, parse_height_cm)
WEIGHT = FieldType("weight_kg", Comparison.MEASURE, parse_weight_kg)
YEAR = whole_number("year", 1850, 2100)
TONNAGE = whole_number("tonnage", 0, 10_000_000)
