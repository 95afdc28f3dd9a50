"""What is noted of a person's body and speech: sex, eyes, hair, languages."""

from collections.abc import Iterable
from functools import cache
from typing import cast

import pycountry
from babel import Locale

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.types.choice import choice
from comity.records.types.text import parse_line

SEX = choice(
    "sex",
    ("F", "M", "X", "U"),
    {"female": "F", "woman": "F", "femme": "F", "féminin": "F", "mujer": "F", "femenino": "F", "أنثى": "F"}
    | {"male": "M", "man": "M", "homme": "M", "masculin": "M", "hombre": "M", "masculino": "M", "ذكر": "M"}
    | {"<": "X", "unspecified": "X", "other": "X", "non-binary": "X", "nonbinary": "X"}
    | {"unknown": "U", "?": "U"},
)
"""F, M, X (unspecified, ICAO Doc 9303 part 4) or U (not known to whoever entered it)."""

EYES = choice(
    "eyes",
    ("BLA", "BLU", "BLUL", "BRO", "BROD", "BROH", "BROL", "GRE", "GRY", "OTHC", "OTHD", "OTHL"),
    {"black": "BLA", "blue": "BLU", "light blue": "BLUL", "brown": "BRO", "dark brown": "BROD"}
    | {"hazel": "BROH", "light brown": "BROL", "green": "GRE", "grey": "GRY", "gray": "GRY"}
    | {"different colours": "OTHC", "dark": "OTHD", "light": "OTHL"},
)
"""Eye colours; the codes are those of INTERPOL's public notices."""

HAIR = choice(
    "hair",
    ("BLA", "BRO", "BROF", "GRY", "GRYG", "HAIB", "HAID", "OTHD", "RED", "REDA", "WHI", "YELB"),
    {"black": "BLA", "brown": "BRO", "dark brown": "OTHD", "fair": "BROF", "light brown": "BROF"}
    | {"grey": "GRY", "gray": "GRY", "greying": "GRYG", "graying": "GRYG", "bald": "HAIB", "dyed": "HAID"}
    | {"dark": "OTHD", "red": "RED", "auburn": "REDA", "white": "WHI", "blond": "YELB", "blonde": "YELB"},
)
"""Hair colours; the codes are those of INTERPOL's public notices."""

NAME_TYPE = choice("name_type", ("primary", "alias", "weak", "maiden", "original", "former"))
"""What a name is: the primary one, another (`alias`), a poor clue (`weak`), birth name, original script."""

BIBLIOGRAPHIC = {"ger": "deu", "fre": "fra", "chi": "zho", "per": "fas", "dut": "nld", "gre": "ell"} | {
    "alb": "sqi",
    "arm": "hye",
    "baq": "eus",
    "bur": "mya",
    "cze": "ces",
    "geo": "kat",
    "ice": "isl",
    "mac": "mkd",
    "mao": "mri",
    "may": "msa",
    "rum": "ron",
    "slo": "slk",
    "tib": "bod",
    "wel": "cym",
    "scc": "srp",
    "scr": "hrv",
}
"""ISO 639-2 bibliographic codes, as notices write them, and the codes of ISO 639-3."""


def parse_language(value: Json, field: str) -> Json:
    """Return the ISO 639-3 code of a spoken language, three lower-case letters.

    Takes two-letter and bibliographic codes ("GER") and English names. Raises `MalformedError`
    `language-unknown`.
    """
    word = parse_line(value, field, 100).casefold()
    code = _languages().get(BIBLIOGRAPHIC.get(word, word))
    if code is None:
        raise MalformedError("language-unknown", field)
    return code


@cache
def _languages() -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in cast("Iterable[object]", pycountry.languages):
        code, name, short = (str(getattr(entry, part, "")) for part in ("alpha_3", "name", "alpha_2"))
        known[code] = code
        known.setdefault(name.casefold(), code)
        if short:
            known[short] = code
    names = Locale.parse("en").languages.items()
    return known | {name.casefold(): known[code] for code, name in names if code in known}


LANGUAGE = FieldType("language", Comparison.CODE, parse_language)
