"""Identifiers: how any number is cleaned, and the folded form under which it is found.

    as typed -> parsed (upper case, one space between groups: shown) -> key (folded: looked up)

The key is the same however the number is spaced, whichever case, in whichever digits, and whichever of
two characters that the eye confuses was read. What the key brings together, `lookalike` tells apart.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json, clean_text, no_doubts
from comity.records.types.text import SPACES, UNSEEN

IDENTIFIER_MAX = 60
"""The longest identifier, in characters, after cleaning."""

# Letters of other scripts that are drawn like a Latin one. On plates the Vienna Convention on Road
# Traffic (1968, annex 2) asks for Latin letters, so Cyrillic and Greek series are drawn from these.
CYRILLIC = dict(zip("АВЕКМНОРСТУХІЈЅԚԜ", "ABEKMHOPCTYXIJSQW", strict=True))
GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
LATIN_KIN = {"Ł": "L", "Đ": "D", "Ø": "O", "Ħ": "H", "Ŧ": "T"}
OTHER_SCRIPTS: Mapping[str, str] = CYRILLIC | GREEK | LATIN_KIN

CONFUSED: Mapping[str, str] = {"O": "0", "I": "1"}
"""What every identifier folds: the letter O with zero, the letter I with one.

Source: the pairs that ICAO Doc 9303 part 3 singles out in machine-readable zones. Wider pairs (B and 8,
S and 5, Z and 2) are not folded: they would bring together different numbers of one dense series.
"""

ALLOWED_MARKS = frozenset(" ×-‐‑‒–—−./\\_:·•,'’()[]+#№*&<>|\"°")
# Nearly all identifiers: printable ASCII of the marks above, with a letter or digit among it.
ASCII_FORM = re.compile(r"[ \-./\\_:,'()\[\]+#*&<>|\"]*[A-Za-z0-9][A-Za-z0-9 \-./\\_:,'()\[\]+#*&<>|\"]*")
ASCII_KEPT = "".join(chr(code) for code in range(128) if chr(code).isalnum())


def parse_identifier(value: Json, field: str, chars_max: int = IDENTIFIER_MAX) -> str:
    """Return an identifier in upper case, compatible forms made plain (NFKC), single spaces.

    Raises `MalformedError` as `clean_text` does, `identifier-characters` for symbols that no number
    carries, and `identifier-empty` where neither letter nor digit is left.
    """
    if isinstance(value, str) and len(value) <= chars_max and ASCII_FORM.fullmatch(value):
        return " ".join(value.upper().split())
    text = clean_text(value, field, 4 * chars_max)
    if not text.isascii():
        text = _plain_forms(UNSEEN.sub("", text))
    text = SPACES.sub(" ", text.upper()).strip()
    if len(text) > chars_max:
        raise MalformedError("text-too-long", field)
    if not any(char.isalnum() for char in text):
        raise MalformedError("identifier-empty", field)
    if not all(
        char.isalnum() or char in ALLOWED_MARKS or unicodedata.category(char)[0] == "M" for char in text
    ):
        raise MalformedError("identifier-characters", field)
    return text


def _plain_forms(text: str) -> str:
    # Upper case can undo a normal form and the other way round; twice settles all of Unicode.
    for _ in range(2):
        text = unicodedata.normalize("NFKC", text.upper())
    return text


def compact(text: str) -> str:
    """Return letters and digits alone, in upper case without accents, digits of any script as 0 to 9."""
    if text.isascii():
        return text.upper().translate(_ASCII_COMPACT)
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(_plain(char) for char in bare.upper() if char.isalnum())


_ASCII_COMPACT = {code: None for code in range(128) if not chr(code).isalnum()}


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return char if digit is None else str(digit)


def folding(confused: Mapping[str, str]) -> Callable[[Json], str]:
    """Return the key function that folds look-alike letters of other scripts and the pairs `confused`."""
    latin = str.maketrans(dict(confused))
    ascii_table: dict[int, str | int | None] = {
        **{code: None for code in range(128) if not chr(code).isalnum()},
        **{ord(char.lower()): char for char in ASCII_KEPT.upper() if char.isalpha()},
        **{ord(char): folded for char, folded in confused.items() if char.isascii()},
        **{ord(char.lower()): folded for char, folded in confused.items() if char.isascii()},
    }
    scripts = str.maketrans(dict(OTHER_SCRIPTS))

    def key(value: Json) -> str:
        text = str(value)
        if text.isascii():
            return text.translate(ascii_table)
        return compact(text).translate(scripts).translate(latin)

    return key


def identifier(
    name: str,
    parse: Callable[[Json, str], Json] = parse_identifier,
    *,
    confused: Mapping[str, str] = CONFUSED,
    doubts: Callable[[Json], tuple[str, ...]] = no_doubts,
) -> FieldType:
    """Return the field type of an identifier that is found under its folded key."""
    return FieldType(name, Comparison.IDENTIFIER, parse, folding(confused), doubts)


def parse_compact(value: Json, field: str, pattern: re.Pattern[str], code: str) -> str:
    """Return an identifier as letters and digits alone; `code` is the fault where `pattern` does not fit.

    Letters drawn alike in other scripts are taken for the Latin ones: formats fixed in Latin have no others.
    """
    text = to_latin(compact(parse_identifier(value, field)))
    if not pattern.fullmatch(text):
        raise MalformedError(code, field)
    return text


def to_latin(text: str) -> str:
    """Return compact `text` with look-alike letters of other scripts as Latin ones."""
    return text if text.isascii() else text.translate(_TO_LATIN)


_TO_LATIN = str.maketrans(dict(OTHER_SCRIPTS))
REGISTER_NUMBER = identifier("register_number")
"""A number in any register: land, companies, taxes, bank accounts without a common form."""
