"""Writing machine-readable zones: for demonstrations, tests and printed specimens."""

from dataclasses import dataclass

from anyascii import anyascii

from comity.records.types.dates import PartialDate
from comity.records.types.mrz import check_digit

WIDTHS = {"TD1": 30, "TD2": 36, "TD3": 44, "MRV-A": 44, "MRV-B": 36}
NUMBER_CHARS = 9


@dataclass(frozen=True, slots=True)
class Holder:
    """What a zone says of the person: names in Latin letters or any script (then romanised roughly)."""

    surname: str
    given_names: str
    nationality: str
    birth: PartialDate
    sex: str


@dataclass(frozen=True, slots=True)
class Paper:
    """What a zone says of the document: its type (`P`, `ID`, `V`), issuer, number, expiry, optional data."""

    type: str
    issuer: str
    number: str
    expiry: PartialDate
    optional: str = ""


def compose_mrz(layout: str, paper: Paper, holder: Holder) -> str:
    """Return the lines of a zone, separated by line ends, every check digit right.

    `layout` is `TD1`, `TD2`, `TD3`, `MRV-A` or `MRV-B`. Names too long for their field are cut. A number of
    more than nine characters runs on into the optional data (TD1 and TD2).
    """
    return _three_lines(paper, holder) if layout == "TD1" else _two_lines(layout, paper, holder)


def _two_lines(layout: str, paper: Paper, holder: Holder) -> str:
    width = WIDTHS[layout]
    first = _fill(f"{_fill(paper.type, 2)}{_state(paper.issuer)}{_names(holder)}", width)
    number, optional = _number(paper)
    line = f"{number}{_state(holder.nationality)}{_dated(holder.birth)}{_sex(holder)}{_dated(paper.expiry)}"
    if layout.startswith("MRV"):
        return f"{first}\n{_fill(line + optional, width)}"
    if layout == "TD3":
        personal = _fill(optional, 14)
        line += f"{personal}{check_digit(personal)}"
    line = _fill(line + ("" if layout == "TD3" else optional), width - 1)
    return f"{first}\n{line}{check_digit(line[:10] + line[13:20] + line[21:])}"


def _three_lines(paper: Paper, holder: Holder) -> str:
    number, optional = _number(paper)
    first = _fill(f"{_fill(paper.type, 2)}{_state(paper.issuer)}{number}{optional}", 30)
    line = f"{_dated(holder.birth)}{_sex(holder)}{_dated(paper.expiry)}{_state(holder.nationality)}"
    second = _fill(line, 29)
    composite = check_digit(first[5:] + second[:7] + second[8:15] + second[18:])
    return f"{first}\n{second}{composite}\n{_fill(_names(holder), 30)}"


def _number(paper: Paper) -> tuple[str, str]:
    """Return the number's ten places and the optional data, with what runs over of a long number."""
    number = _letters(paper.number).replace("<", "")
    optional = _letters(paper.optional)
    if len(number) <= NUMBER_CHARS:
        padded = _fill(number, NUMBER_CHARS)
        return f"{padded}{check_digit(padded)}", optional
    return f"{number[:NUMBER_CHARS]}<", f"{number[NUMBER_CHARS:]}{check_digit(number)}<{optional}"


def _names(holder: Holder) -> str:
    return f"{_letters(holder.surname)}<<{_letters(holder.given_names)}".rstrip("<")


def _letters(text: str) -> str:
    plain = anyascii(text).upper().replace("'", "")
    return "<".join("".join(char if char.isalnum() else " " for char in plain).split())


def _state(code: str) -> str:
    return _fill("D" if code == "DEU" else code, 3)


def _dated(day: PartialDate) -> str:
    parts = [f"{day.year % 100:02}"] + [f"{part:02}" if part else "<<" for part in (day.month, day.day)]
    digits = "".join(parts)
    return f"{digits}{check_digit(digits)}"


def _sex(holder: Holder) -> str:
    return holder.sex if holder.sex in {"F", "M"} else "<"


def _fill(text: str, width: int) -> str:
    return text[:width].ljust(width, "<")
