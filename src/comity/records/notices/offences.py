"""Offences: what kind they are, which families the rules exclude, and what points at one of those families.

Codes of offences are divisions of the ICCS 1.0 (UNODC, 2015). The excluded families are those of RPD 83(1)(a)(i)
and of article 3 of the Constitution. A flag is a reason to look, never a verdict.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from comity.records.kind import Field
from comity.records.notices.colour import Flag, Stated
from comity.records.types.choice import choice
from comity.records.types.text import TEXT

FAMILIES = (
    *("behavioural", "family", "administrative", "private_dispute"),
    *("political", "military", "religious", "racial"),
)
"""RPD 83(1)(a)(i), then article 3."""

NATURE = choice("nature", ("ordinary", *FAMILIES))
"""What kind of offence the request says it is: ordinary-law crime, or one of the excluded families."""

DIVISIONS: Mapping[str, int] = {
    "01": 7,
    "02": 11,
    "03": 2,
    "04": 1,
    "05": 4,
    "06": 2,
    "07": 4,
    "08": 8,
    "09": 7,
    "10": 4,
    "11": 2,
}
"""How many divisions each section of the ICCS has, beside its `other acts`, numbered 09 or 19."""


def _codes_of(section: str, count: int) -> tuple[str, ...]:
    numbered = [f"{section}{number:02}" for number in range(1, count + 1)]
    return (section, *numbered, f"{section}{'09' if count < 9 else '19'}")


ICCS_CODES = tuple(code for section, count in DIVISIONS.items() for code in _codes_of(section, count))
ICCS = choice("iccs", ICCS_CODES)

SENSITIVE: Mapping[str, str] = {
    "0208": "behavioural",
    "0209": "political",
    "0801": "behavioural",
    "0802": "behavioural",
    "0803": "political",
    "0804": "administrative",
    "0805": "administrative",
    "0807": "political",
    "0808": "administrative",
    "0904": "political",
    "0907": "administrative",
    "0107": "military",
}
"""Divisions whose offences often fall in an excluded family."""

OFFENCES = Field(
    "offences",
    fields=(
        Field("charge", TEXT, required=True),
        Field("translation", TEXT),
        Field("iccs", ICCS),
        Field("nature", NATURE),
        Field("law", TEXT),
    ),
    many=True,
)


def flags(stated: Stated) -> tuple[Flag, ...]:
    """Return what points at an excluded family: what the request says itself, the code, words of the charges."""
    found: dict[Flag, None] = {}
    for offence in stated.groups("offences"):
        nature, code = str(offence.get("nature", "")), str(offence.get("iccs", ""))
        if nature in FAMILIES:
            found[Flag(nature, "nature", nature)] = None
        if code in SENSITIVE:
            found[Flag(SENSITIVE[code], "iccs", code)] = None
        for name in ("charge", "translation", "law"):
            for family, term in _terms_in(str(offence.get(name, ""))):
                found[Flag(family, "word", term)] = None
    return tuple(found)


def _terms_in(text: str) -> list[tuple[str, str]]:
    words = _plain(text)
    # Arabic writes `and`, `in`, `for` together with the word that follows.
    spellings = (f" {words}", f" {_PROCLITIC.sub('', words)}")
    found = ((family, term, f" {_plain(term)}") for family, term in _terms())
    return [(family, term) for family, term, plain in found if any(plain in one for one in spellings)]


_TATWEEL = "\u0640"
_ALIKE = str.maketrans({"ة": "ه", "ى": "ي", _TATWEEL: None})
"""Letters that many write for one another at the end of a word, and the stroke that draws words out."""

_ARTICLE = re.compile(r"(?<!\S)[وف]?(?:[بك]?ال|لل)(?=\w{2})")
_PROCLITIC = re.compile(r"(?<!\S)[وفبلك](?=\w{3})")


def _plain(text: str) -> str:
    """Return words in lower case, without marks and Arabic articles, with one space between them."""
    letters = unicodedata.normalize("NFKD", text.casefold()).translate(_ALIKE)
    kept = (char if char.isalnum() else " " for char in letters if not unicodedata.combining(char))
    return _ARTICLE.sub("", " ".join("".join(kept).split()))


@cache
def _terms() -> tuple[tuple[str, str], ...]:
    """Return (family, beginning of a word) pairs in the four languages."""
    text = files("comity.records.notices").joinpath("data", "families.tsv").read_text("utf-8")
    return tuple(
        (family, term.strip())
        for line in [row for row in text.splitlines() if not row.startswith("#")][1:]
        for family, _, terms in [line.partition("\t")]
        for term in terms.split("\t")
        if term.strip()
    )
