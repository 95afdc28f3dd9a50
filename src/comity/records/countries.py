"""Countries and issuing organisations: their codes, names, regions, and what became of former states.

The canonical code is ISO 3166-1 alpha-3 with the additions of ICAO Doc 9303 part 3 (section 5) for
organisations, refugees and stateless persons, and the three issuer numbers of public notices (914, 916,
922). Germany is `DEU`, though its machine-readable zones say `D`; Kosovo is `RKS`.
"""

import gettext
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import pycountry
from babel import Locale

from comity.errors import MalformedError

REGIONS = ("africa", "americas", "asia-south-pacific", "europe", "middle-east-north-africa")
"""Regions of the world, for statistics and demonstrations; the grouping is Comity's own."""

NAME_LANGUAGES = (
    "en fr es ar ru zh zh_Hant pt de it nl pl fa ur hi bn tr uk ja ko el he th am sw id vi ro sr sq"
)
"""Languages, by their CLDR codes, in which `country_named` knows the countries of today."""

ISO_LANGUAGES = ("fr", "es", "ar", "ru", "zh_CN")
"""Languages in which it also knows the formal names of ISO 3166."""

OTHER_SPELLINGS: Mapping[str, str] = MappingProxyType(
    {"D": "DEU", "UK": "GBR", "EL": "GRC", "XKX": "RKS", "XXK": "RKS", "KOS": "RKS", "ROM": "ROU"}
)
"""Codes in use that stand for another one; `D` and `UK` are met in passports and lists."""

BRITISH = frozenset({"GBR", "GBD", "GBN", "GBO", "GBP", "GBS"})
NAME_CHARS_MAX = 200
NOT_LETTERS = re.compile(r"[\W_]+")
IN_BRACKETS = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*")
SMALL_WORDS = " the of and le la les l de du des d et el los las del y islas islands island iles ile is rep "
"""Words left out where the words of a name are compared without their order."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country or issuing organisation. `region` is empty for organisations and former states.

    `state` is `member`, `other`, `organisation` or `former`; `successors` are the codes of the
    countries that stand on a former state's ground.
    """

    code: str
    alpha2: str
    state: str
    region: str
    successors: tuple[str, ...]
    names: tuple[str, ...]


@cache
def countries() -> Mapping[str, Country]:
    """Return every country and issuing organisation by its code."""
    text = (files("comity.records") / "data" / "countries.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if not line.startswith("#")][1:]
    return MappingProxyType({row[0]: _country(row) for row in rows})


def _country(row: list[str]) -> Country:
    code, alpha2, state, region, successors, names = row
    return Country(
        code, alpha2, state, region, tuple(successors.split()), tuple(filter(None, names.split(";")))
    )


@cache
def _codes() -> Mapping[str, str]:
    own = {country.code: country.code for country in countries().values()}
    short = {country.alpha2: country.code for country in countries().values() if country.alpha2}
    return {**own, **short, **OTHER_SPELLINGS}


def country_code(text: str, field: str) -> str:
    """Return the canonical code for a three-letter, two-letter or one-letter code in any case.

    Filling characters of machine-readable zones are left out: `D<<` is `DEU`.
    Raises `MalformedError` `country-unknown`.
    """
    code = _codes().get(text.replace("<", "").strip().upper())
    if code is None:
        raise MalformedError("country-unknown", field)
    return code


def two_letters(code: str) -> str:
    """Return the two-letter code of a country, or the code itself where it has none."""
    country = countries().get(code)
    return country.alpha2 if country is not None and country.alpha2 else code


def member_countries() -> tuple[str, ...]:
    """Return the codes of the 196 member countries of INTERPOL, in order."""
    return tuple(code for code, country in countries().items() if country.state == "member")


def member_regions() -> dict[str, str]:
    """Return the region of every member country by its code."""
    return {code: countries()[code].region for code in member_countries()}


def region_of(code: str) -> str | None:
    """Return the region of a country by its canonical code; None for organisations and former states."""
    country = countries().get(code)
    return (country.region or None) if country else None


def may_be_same(one: str, other: str) -> bool:
    """Tell whether two codes may be stated of one person who never moved nor changed nationality.

    They may where they are equal, where one is a former state and the other stands on its ground, or
    where both are kinds of British nationality (ICAO Doc 9303 part 3, section 5).
    """
    if one == other or {one, other} <= BRITISH:
        return True
    held = countries()
    return one in _successors(held, other) or other in _successors(held, one)


def _successors(held: Mapping[str, Country], code: str) -> tuple[str, ...]:
    country = held.get(code)
    return country.successors if country else ()


def country_named(text: str) -> str | None:
    """Return the code of the country that `text` names, or None.

    Knows official and common names in the languages of `NAME_LANGUAGES`, English demonyms ("Iranian"),
    usual inversions ("Korea, North"), names of former states, and the codes themselves. What stands in
    brackets or after a comma is left out where the whole is not known.

    >>> country_named("República Árabe Siria"), country_named("Iranian"), country_named("مصر")
    ('SYR', 'IRN', 'EGY')
    """
    text = text.strip()[:NAME_CHARS_MAX]
    code = _codes().get(text.upper())
    if code is not None:
        return code
    return _named(text) or _named(IN_BRACKETS.sub(" ", text)) or _named(text.partition(",")[0])


def _named(text: str) -> str | None:
    words = _words(text)
    return _names().get(words) or _names().get(_sorted(words)) if words else None


def _words(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if _kept(char))
    return NOT_LETTERS.sub(" ", bare.replace("'", "").replace("’", "")).strip()


def _kept(char: str) -> bool:
    # Accents may be missing in lists, but vowel signs of Indic and Thai names are letters of their own.
    return not unicodedata.combining(char) or ord(char) >= 0x0900


def _sorted(words: str) -> str:
    # "Korea, Democratic People's Republic of" and its straight form have the same words.
    return "\0" + " ".join(sorted(word for word in words.split() if f" {word} " not in SMALL_WORDS))


@cache
def _names() -> Mapping[str, str]:
    known: dict[str, str] = {}
    for name, code in _all_names():
        words = _words(name)
        if words:
            known.setdefault(words, code)
            known.setdefault(_sorted(words), code)
    return known


def _all_names() -> Iterator[tuple[str, str]]:
    """Yield (name, code), the surest first: where two countries claim a name, the first keeps it."""
    for country in countries().values():
        yield from ((name, country.code) for name in country.names)
    translations = [gettext.NullTranslations(), *(_translation(language) for language in ISO_LANGUAGES)]
    for entry in pycountry.countries:
        shown = [getattr(entry, kind, None) for kind in ("name", "common_name", "official_name")]
        for translation in translations:
            yield from ((translation.gettext(name), entry.alpha_3) for name in shown if name)
    codes = _codes()
    for language in NAME_LANGUAGES.split():
        for alpha2, name in Locale.parse(language).territories.items():
            if alpha2 in codes and len(alpha2) == 2:
                yield name, codes[alpha2]


def _translation(language: str) -> gettext.NullTranslations:
    return gettext.translation("iso3166-1", pycountry.LOCALES_DIR, [language], fallback=True)
