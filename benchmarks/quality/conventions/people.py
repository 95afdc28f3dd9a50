"""Whose names are written by the conventions: persons of the development set, by language, each name once."""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from development_set import Asked, DevelopmentSet, Listed

from conventions import far_east, near_east, others, slavic
from conventions.writing import Language

_POLITICIANS = "everypolitician"
_YUGOSLAV = re.compile(r"[a-zčćžšđ]+(?: [a-zčćžšđ]+)*")
_GERMANIC_MARKS = re.compile("[äöüßøåæ]")
_TURKISH_MARKS = re.compile("[ışğçöü]")
_WESTERN_MARKS = re.compile("[łńśźżćěřůžščýą]")
_TITLE = re.compile(r"(?:मा|डा|प्रा|डॉ)\.\s*")
_LONG_NAME = 32
_ARAB = frozenset({"Saudi_Arabia", "Jordan", "Libya", "Oman"})


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the development set, and the name that is written otherwise."""

    id: str
    name: str

    @property
    def half(self) -> str:
        """Which half the person belongs to: "read" or "held"."""
        return "held" if zlib.crc32(self.id.encode()) % 2 else "read"


def people_of(given: DevelopmentSet, asked: Iterable[Asked]) -> list[tuple[Language, list[Person]]]:
    """Return the languages with whose names they are, in an order that tells nothing about them."""
    pools = _pools(given, list(asked))
    return [(language, _each_once(pools[language.name])) for language in LANGUAGES]


LANGUAGES = (
    slavic.RUSSIAN,
    slavic.UKRAINIAN,
    slavic.BULGARIAN,
    slavic.SERBIAN,
    near_east.ARABIC,
    near_east.MAGHREB,
    near_east.PERSIAN,
    near_east.CENTRAL_ASIAN,
    near_east.HEBREW,
    others.GREEK,
    others.ARMENIAN,
    others.ARMENIAN_LATIN,
    others.HINDI,
    others.INDIAN,
    far_east.CHINESE,
    far_east.KOREAN,
    far_east.JAPANESE,
    far_east.VIETNAMESE,
    others.GERMANIC,
    others.TURKISH,
    others.POLISH_CZECH,
    others.ZONES,
    others.LONG_ZONES,
)


def _pools(given: DevelopmentSet, asked: list[Asked]) -> Mapping[str, Iterable[Person]]:
    arabs = {
        truth for one in asked if one.script == "Arabic" and one.group == "native" for truth in one.truths
    }
    iranians = {one.id for one in given.listed if one.country in {"Iran", "Iranian"}}

    def listed(
        script: str, *countries: str, source: str = _POLITICIANS, fits: Callable[[str], object] = bool
    ) -> list[Person]:
        return [
            Person(one.id, one.name)
            for one in given.listed
            if one.script == script
            and (one.country in countries or not countries)
            and one.source.startswith(source)
            and len(one.name.split()) >= 2
            and fits(one.name.lower())
        ]

    def natives(script: str, fits: Callable[[str], object] = bool) -> list[Person]:
        return [Person(min(one.truths), one.name) for one in asked if one.script == script and fits(one.name)]

    german = _GERMANIC_MARKS.search
    nordic = listed("Latin", "Denmark", "Norway", "Sweden", "Iceland", fits=german)
    return {
        "Russian": listed("Cyrillic", "Russia", fits=lambda name: not set(name) & set("іїєґ")),
        "Ukrainian": listed("Cyrillic", "Ukraine"),
        "Bulgarian": listed("Cyrillic", "Bulgaria"),
        "Serbian and its neighbours": listed(
            "Latin",
            "Serbia",
            "Croatia",
            "Bosnia and Herzegovina",
            "Montenegro",
            "Slovenia",
            source="yente",
            fits=lambda name: re.search("ić|đ", name) and _YUGOSLAV.fullmatch(name),
        ),
        "Arabic": [
            Person(one.id, one.name.lower())
            for one in given.listed
            if (one.id in arabs - iranians or (one.country in _ARAB and one.source == _POLITICIANS))
            and one.script == "Latin"
            and len(one.name.split()) >= 2
        ],
        "Maghreb": listed("Latin", "Algeria", "Morocco", "Tunisia", "Mauritania", "Chad"),
        "Persian": listed("Latin", "Iranian", source=""),
        "Central Asia": listed(
            "Latin", "Azerbaijan", "Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"
        ),
        "Hebrew": listed("Latin", "Israel"),
        "Greek": listed("Latin", "Greece"),
        "Armenian": natives("Armenian", lambda name: "յան" in name),
        "Armenian in Latin letters": listed("Latin", "Armenia"),
        "Hindi and Nepali": [
            Person(one.id, _TITLE.sub("", one.name))
            for one in [
                *natives("Devanagari", lambda name: name.startswith("मा")),
                *listed("Devanagari", "India", "Nepal", source="yente"),
            ]
        ],
        "India and Sri Lanka": [
            *listed("Latin", "India", "Sri Lanka", "Nepal", "Sri_Lanka"),
            *listed("Latin", "India", "Sri Lanka", source="yente", fits=str.isascii)[:200],
        ],
        "Chinese": [
            *listed_han(given.listed),
            *(
                Person(min(one.truths), one.name)
                for one in asked
                if one.group == "chinese" and one.script == "Han"
            ),
        ],
        "Korean": list(_koreans(given.listed)),
        "Japanese": [
            *(
                Person(one.id, swapped_romaji(one.name))
                for one in given.listed
                if one.source == "composed-ja" and one.script == "Latin"
            ),
            *listed("Latin", "Japan", fits=str.isascii),
        ],
        "Vietnamese": listed(
            "Latin", "Vietnam", fits=lambda name: not name.isascii() and len(name.split()) >= 3
        ),
        "German and Nordic": [
            *nordic,
            *listed("Latin", "Germany", "Austria", source="yente", fits=german)[:300],
        ],
        "Turkish": listed(
            "Latin", source="yente", fits=lambda name: re.search("[ış]", name) and _TURKISH_MARKS.search(name)
        ),
        "Polish and Czech": listed(
            "Latin",
            "Poland",
            "Czech Republic",
            "Slovakia",
            source="yente",
            fits=lambda name: _WESTERN_MARKS.search(name) and not re.search("[ışğđćöäß]", name),
        ),
        "Machine-readable zones": listed("Latin", source="", fits=str.isalpha)
        or listed("Latin", fits=_is_plain),
        "Long names in zones": listed(
            "Latin",
            source="",
            fits=lambda name: _is_plain(name) and len(name) >= _LONG_NAME and len(name.split()[-1]) >= 4,
        ),
    }


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)+", name) is not None


def listed_han(listed: Iterable[Listed]) -> list[Person]:
    """Return the listed persons whose Chinese names in Han characters were composed from family and given names."""
    return [Person(one.id, one.name) for one in listed if one.source == "composed-zh" and one.script == "Han"]


def swapped_romaji(name: str) -> str:
    """Return a Japanese name in Latin letters with the family's first, as the politicians' stand."""
    *given, family = name.split()
    return " ".join([family, *given])


def _koreans(listed: Iterable[Listed]) -> Iterator[Person]:
    """Yield invented Koreans whose given name has two syllables, the family's first."""
    for one in listed:
        words = one.name.split()
        if one.script == "Hangul" and one.source.startswith("yente") and [*map(len, words)] == [2, 1]:
            yield Person(one.id, words[1] + words[0])


def _each_once(pool: Iterable[Person]) -> list[Person]:
    by_name: dict[str, Person] = {}
    for one in pool:
        by_name.setdefault(one.name.lower(), one)
    return sorted(by_name.values(), key=lambda one: zlib.crc32(one.id.encode()[::-1]))
