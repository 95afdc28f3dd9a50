"""Machine-readable zones: TD1, TD2, TD3, MRV-A, MRV-B, and the older French identity card.

    text as typed -> lines -> layout by number and length of lines -> fields -> check digits, one by one

Source: ICAO Doc 9303 parts 3 to 7. A failed check digit is a doubt, not a refusal: zones are misread and
misprinted, and the name is under no digit at all on TD2 and TD3. Nothing is corrected: what may be a
misreading is reported, and the number is found through its look-alikes anyhow.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from comity.errors import MalformedError
from comity.records.countries import country_code
from comity.records.fieldtype import Json, clean_text
from comity.records.types.dates import PartialDate
from comity.records.types.document import parse_document_type
from comity.records.types.mrz_layout import LAYOUTS, Layout
from comity.records.types.text import UNSEEN

TEXT_MAX = 400
ZONE_CHARS = re.compile("[A-Z0-9<]*")
LINE_ENDS = re.compile(r"(?:\\[RN])+|[\r\n\u2028\u2029|]")  # on upper case: a typed `\n` is `\N`
WEIGHTS = (7, 3, 1)
NUMBER_CHARS = 9

CENTURY_YEARS = 100
EXPIRY_AHEAD = 50
"""A year of expiry is read at most this many years ahead of the reference day, otherwise in the past."""


@dataclass(frozen=True, slots=True)
class Zone:
    """What a machine-readable zone says, as printed: nothing is corrected.

    `checks` has each check digit by name (`number`, `birth`, `expiry`, `personal`, `composite`) and
    whether it holds; `doubts` are codes such as `mrz-check-number`. `issuer` and `nationality` are
    canonical country codes, or empty where the code is unknown. `expiry` is empty where not stated.
    """

    layout: str
    type: str
    issuer: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth: PartialDate | None
    sex: str
    expiry: PartialDate | None
    optional: str
    name_truncated: bool
    checks: Mapping[str, bool]
    doubts: tuple[str, ...]

    @property
    def name(self) -> str:
        """The whole name, given names first."""
        return " ".join(part for part in (self.given_names, self.surname) if part)


def check_digit(field: str) -> int:
    """Return the check digit of a machine-readable field, 0 to 9.

    `field` is upper case, letters A to Z, digits and `<`, any length; weights 7, 3, 1 repeat.
    Raises `MalformedError` `mrz-characters` on any other character.

    >>> check_digit("520727")
    3
    """
    if not ZONE_CHARS.fullmatch(field):
        raise MalformedError("mrz-characters", "mrz")
    values = (0 if char == "<" else int(char, 36) for char in field)
    return sum(value * WEIGHTS[place % 3] for place, value in enumerate(values)) % 10


def parse_mrz(value: Json, field: str = "mrz", today: date | None = None) -> Zone:
    r"""Return what a machine-readable zone says.

    `value` is one text: lines separated by line ends, by the two characters `\n`, by spaces, or not at
    all; lower case is taken for upper case. `today` settles the century of birth (never ahead of it) and
    of expiry; it is the present day where not given.
    Raises `MalformedError` `mrz-length`, `mrz-characters` or `mrz-type`.
    """
    lines = _lines(value, field)
    layout = _layout(lines, field)
    return _read(layout, lines, today or date.today(), field)  # noqa: DTZ011  # a calendar day, no instant


def _lines(value: Json, field: str) -> tuple[str, ...]:
    text = UNSEEN.sub("", clean_text(value, field, TEXT_MAX)).upper().replace("«", "<<").replace("‹", "<")
    lines = tuple(line for part in LINE_ENDS.split(text) if (line := "".join(part.split())))
    if not all(ZONE_CHARS.fullmatch(line) for line in lines):
        raise MalformedError("mrz-characters", field)
    joined = "".join(lines)
    shape = tuple(len(line) for line in lines)
    if shape not in {(30, 30, 30), (36, 36), (44, 44)}:
        # Lines may have run together or broken elsewhere: 90, 72 and 88 characters are told by length.
        width = {90: 30, 72: 36, 88: 44}.get(len(joined))
        if width is None:
            raise MalformedError("mrz-length", field)
        return tuple(joined[start : start + width] for start in range(0, len(joined), width))
    return lines


def _layout(lines: tuple[str, ...], field: str) -> Layout:
    if not "A" <= lines[0][0] <= "Z":
        raise MalformedError("mrz-type", field)
    for layout in LAYOUTS:
        if len(lines[0]) == layout.width and re.match(layout.begins, lines[0]):
            return layout
    raise MalformedError("mrz-type", field)


def _read(layout: Layout, lines: tuple[str, ...], today: date, field: str) -> Zone:
    number, number_check, optional = _number(layout, lines)
    surname, given_names, truncated = _names(layout, lines)
    birth = _date(layout.birth.of(lines), latest=today.year, today=today)
    expiry = _date(layout.expiry.of(lines), latest=today.year + EXPIRY_AHEAD, today=today)
    issuer, nationality = (_country(place.of(lines)) for place in (layout.issuer, layout.nationality))
    if not number:
        raise MalformedError("mrz-number-missing", field)
    checks = {"number": number_check, **_checks(layout, lines)}
    doubts = [f"mrz-check-{name}" for name, holds in checks.items() if not holds]
    doubts += [
        code
        for code, doubtful in {
            "mrz-issuer-unknown": issuer == "",
            "mrz-nationality-unknown": nationality == "" and layout.nationality.end > 0,
            "mrz-birth-impossible": birth is None and _stated(layout.birth.of(lines)),
            "mrz-expiry-impossible": expiry is None and _stated(layout.expiry.of(lines)),
            "mrz-sex": layout.sex.of(lines) not in {"M", "F", "<", "X"},
            "mrz-name-misread": any(char.isdigit() for char in surname + given_names),
            "mrz-name-truncated": truncated,
        }.items()
        if doubtful
    ]
    return Zone(
        layout=layout.name,
        type=layout.type.of(lines).strip("<").replace("<", ""),
        issuer=issuer,
        number=number,
        surname=surname,
        given_names=given_names,
        nationality=nationality,
        birth=birth,
        sex={"M": "M", "F": "F"}.get(layout.sex.of(lines), "X"),
        expiry=expiry,
        optional=optional,
        name_truncated=truncated,
        checks=checks,
        doubts=tuple(doubts),
    )


def _number(layout: Layout, lines: tuple[str, ...]) -> tuple[str, bool, str]:
    """Return the document number, whether its digit holds, and what is left of the optional data.

    Where the number is longer than nine characters, `<` stands for its check digit and the rest, then the
    digit, then `<`, open the optional data (Doc 9303 part 5, note j; the same practice on TD2).
    """
    printed, digit = layout.number.of(lines), layout.number_digit.of(lines)
    optional = " ".join(part for place in layout.optional if (part := _plain(place.of(lines))))
    if digit != "<" or not layout.optional or not layout.overflows:
        return _plain(printed).replace(" ", ""), _holds(printed, digit), optional
    rest = layout.optional[0].of(lines)
    tail = rest.partition("<")[0]
    if len(tail) < 2 or not tail[-1].isdigit():
        return _plain(printed).replace(" ", ""), _holds(printed, digit), optional
    left = " ".join(
        filter(None, [_plain(rest[len(tail) :]), *(_plain(p.of(lines)) for p in layout.optional[1:])])
    )
    whole = printed + tail[:-1]
    # Some issuers reckon the digit without the filler that stands in the tenth place, some with it.
    holds = _holds(whole, tail[-1]) or _holds(f"{printed}<{tail[:-1]}", tail[-1])
    return whole.replace("<", ""), holds, left


def _checks(layout: Layout, lines: tuple[str, ...]) -> dict[str, bool]:
    return {
        check.name: _holds(
            "".join(place.of(lines) for place in check.over), check.digit.of(lines), check.empty
        )
        for check in layout.checks
    }


def _holds(field: str, digit: str, empty: bool = False) -> bool:  # noqa: FBT001, FBT002
    if digit == "<":
        # The personal number may be absent, its digit then either 0 or a filler.
        return empty and not field.strip("<")
    return digit.isdigit() and check_digit(field) == int(digit)


def _names(layout: Layout, lines: tuple[str, ...]) -> tuple[str, str, bool]:
    printed = "".join(place.of(lines) for place in layout.names)
    surname, _, given = printed.partition("<<")
    if len(layout.names) > 1:
        surname, given = (place.of(lines) for place in layout.names)
    # A name field filled to its last place may have been cut (Doc 9303 part 3, section 4.6).
    truncated = not printed.endswith("<") if len(layout.names) == 1 else False
    return _plain(surname), _plain(given), truncated


def _plain(text: str) -> str:
    return " ".join(text.replace("<", " ").split())


def _stated(text: str) -> bool:
    return bool(text.strip("<"))


def _country(text: str) -> str:
    try:
        return country_code(text, "mrz")
    except MalformedError:
        return ""


def _date(text: str, latest: int, today: date) -> PartialDate | None:
    """Return the date of six characters YYMMDD, the latest century that `latest` allows.

    Unknown parts are `<<` or `00` (Doc 9303 part 3, section 4.8).
    """
    if not text[:2].isdigit():
        return None
    year = today.year - today.year % CENTURY_YEARS + int(text[:2])
    year += CENTURY_YEARS if year + CENTURY_YEARS <= latest else 0
    month, day = (int(part) if part.isdigit() else 0 for part in (text[2:4], text[4:6]))
    if text[2:4].strip("<") and not text[2:4].isdigit():
        return None
    if text[4:6].strip("<") and not text[4:6].isdigit():
        return None
    found = PartialDate(year, month or None, (day or None) if month else None)
    try:
        if found.earliest > date(latest, today.month, 28) or (
            latest == today.year and found.earliest > today
        ):
            found = PartialDate(year - CENTURY_YEARS, found.month, found.day)
        _ = found.latest
    except ValueError:
        return None
    return found


def read_mrz(value: Json, field: str) -> tuple[Mapping[str, Json], tuple[str, ...]]:
    """Return the answers that a zone gives, by question name, and the doubts about it.

    The questions are `type`, `issuer`, `number`, `name`, `born`, `sex`, `nationality`, `expiry`; those
    that the zone leaves open are absent. Raises `MalformedError` as `parse_mrz` does.
    """
    zone = parse_mrz(value, field)
    doubts = zone.doubts if _is_type(zone.type) else (*zone.doubts, "mrz-type-unknown")
    answers: dict[str, Json] = {
        "type": zone.type if _is_type(zone.type) else "",
        "issuer": zone.issuer,
        "number": zone.number,
        "name": zone.name,
        "born": str(zone.birth) if zone.birth else "",
        "sex": zone.sex,
        "nationality": zone.nationality,
        "expiry": str(zone.expiry) if zone.expiry else "",
    }
    return {name: answer for name, answer in answers.items() if answer}, doubts


def _is_type(text: str) -> bool:
    try:
        parse_document_type(text, "type")
    except MalformedError:
        return False
    return True
