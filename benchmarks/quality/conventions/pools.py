"""Which persons of the development set bear names of a language: by country, by script, by letters only it has.

listed, asked -> Pools -> language -> its persons
"""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from development_set import Asked, Listed

_POLITICIANS = "everypolitician"
_INVENTED = "yente"
_ANY = ""
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


Pool = Sequence[Person]


@dataclass(frozen=True, slots=True)
class Pools:
    """Persons of the development set by the language of their names."""

    listed: Sequence[Listed]
    asked: Sequence[Asked]

    def by_language(self) -> Mapping[str, Pool]:
        """Return the persons of each language, by its name; a name may come twice."""
        return {
            **self._slavic(),
            **self._near_east(),
            **self._of_own_letters(),
            **self._far_east(),
            **self._of_marked_letters(),
            **self._zones(),
            **self._south(),
        }

    def _slavic(self) -> Mapping[str, Pool]:
        return {
            "Russian": self._from("Cyrillic", "Russia", fits=lambda name: not set(name) & set("іїєґ")),
            "Ukrainian": self._from("Cyrillic", "Ukraine"),
            "Bulgarian": self._from("Cyrillic", "Bulgaria"),
            "Serbian and its neighbours": self._from(
                "Latin",
                *("Serbia", "Croatia", "Bosnia and Herzegovina", "Montenegro", "Slovenia"),
                source=_INVENTED,
                fits=lambda name: re.search("ić|đ", name) and _YUGOSLAV.fullmatch(name),
            ),
        }

    def _near_east(self) -> Mapping[str, Pool]:
        return {
            "Arabic": self._arabs(),
            "Maghreb": self._from("Latin", "Algeria", "Morocco", "Tunisia", "Mauritania", "Chad"),
            "Persian": self._from("Latin", "Iranian", source=_ANY),
            "Central Asia": self._from(
                "Latin",
                *("Azerbaijan", "Kazakhstan", "Kyrgyzstan", "Tajikistan", "Turkmenistan", "Uzbekistan"),
            ),
            "Hebrew": self._from("Latin", "Israel"),
        }

    def _of_own_letters(self) -> Mapping[str, Pool]:
        nepali = self._natives("Devanagari", lambda name: name.startswith("मा"))
        hindi = self._from("Devanagari", "India", "Nepal", source=_INVENTED)
        return {
            "Greek": self._from("Latin", "Greece"),
            "Armenian": self._natives("Armenian", lambda name: "յան" in name),
            "Armenian in Latin letters": self._from("Latin", "Armenia"),
            "Hindi and Nepali": [Person(one.id, _TITLE.sub("", one.name)) for one in [*nepali, *hindi]],
            "India and Sri Lanka": [
                *self._from("Latin", "India", "Sri Lanka", "Nepal", "Sri_Lanka"),
                *self._from("Latin", "India", "Sri Lanka", source=_INVENTED, fits=str.isascii)[:200],
            ],
        }

    def _far_east(self) -> Mapping[str, Pool]:
        return {
            "Chinese": self._chinese(),
            "Korean": list(_koreans(self.listed)),
            "Japanese": [
                *(Person(one.id, _family_first(one.name)) for one in self._composed("composed-ja", "Latin")),
                *self._from("Latin", "Japan", fits=str.isascii),
            ],
            "Vietnamese": self._from(
                "Latin", "Vietnam", fits=lambda name: not name.isascii() and len(name.split()) >= 3
            ),
        }

    def _of_marked_letters(self) -> Mapping[str, Pool]:
        german = _GERMANIC_MARKS.search
        return {
            "German and Nordic": [
                *self._from("Latin", "Denmark", "Norway", "Sweden", "Iceland", fits=german),
                *self._from("Latin", "Germany", "Austria", source=_INVENTED, fits=german)[:300],
            ],
            "Turkish": self._from(
                "Latin",
                source=_INVENTED,
                fits=lambda name: re.search("[ış]", name) and _TURKISH_MARKS.search(name),
            ),
            "Polish and Czech": self._from(
                "Latin",
                *("Poland", "Czech Republic", "Slovakia"),
                source=_INVENTED,
                fits=lambda name: _WESTERN_MARKS.search(name) and not re.search("[ışğđćöäß]", name),
            ),
        }

    def _zones(self) -> Mapping[str, Pool]:
        return {
            "Machine-readable zones": self._from("Latin", fits=_is_plain),
            "Long names in zones": self._from(
                "Latin",
                source=_ANY,
                fits=lambda name: _is_plain(name) and len(name) >= _LONG_NAME and len(name.split()[-1]) >= 4,
            ),
        }

    def _from(
        self,
        script: str,
        *countries: str,
        source: str = _POLITICIANS,
        fits: Callable[[str], object] = bool,
    ) -> list[Person]:
        """Return those listed of a script, of the countries (of any where none is given), whose small letters fit."""
        return [
            Person(one.id, one.name)
            for one in self.listed
            if one.script == script
            and (one.country in countries or not countries)
            and one.source.startswith(source)
            and len(one.name.split()) >= 2
            and fits(one.name.lower())
        ]

    def _natives(self, script: str, fits: Callable[[str], object]) -> list[Person]:
        return [
            Person(min(one.truths), one.name) for one in self.asked if one.script == script and fits(one.name)
        ]

    def _composed(self, source: str, script: str) -> list[Listed]:
        return [one for one in self.listed if one.source == source and one.script == script]

    def _arabs(self) -> list[Person]:
        natives = {
            truth
            for one in self.asked
            if one.script == "Arabic" and one.group == "native"
            for truth in one.truths
        }
        iranians = {one.id for one in self.listed if one.country in {"Iran", "Iranian"}}
        return [
            Person(one.id, one.name.lower())
            for one in self.listed
            if (one.id in natives - iranians or (one.country in _ARAB and one.source == _POLITICIANS))
            and one.script == "Latin"
            and len(one.name.split()) >= 2
        ]

    def _chinese(self) -> list[Person]:
        """Return Chinese names in Han characters that were composed from family and given names."""
        return [
            *(Person(one.id, one.name) for one in self._composed("composed-zh", "Han")),
            *(
                Person(min(one.truths), one.name)
                for one in self.asked
                if one.group == "chinese" and one.script == "Han"
            ),
        ]

    def _south(self) -> Mapping[str, Pool]:
        countries = {
            "Malay and Indonesian": ("Indonesia", "Malaysia"),
            "Bengali": ("Bangladesh",),
            "Portuguese": ("Brazil", "Portugal", "Angola", "Mozambique"),
            "Spanish": ("Mexico", "Spain"),
            "Georgian": ("Georgia",),
            "Icelandic": ("Iceland",),
            "Somali": ("Somalia",),
            "Lao and Khmer": ("Laos", "Cambodia"),
        }
        return {language: self._from("Latin", *some) for language, some in countries.items()}


def _is_plain(name: str) -> bool:
    return re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)+", name) is not None


def _family_first(name: str) -> str:
    """Return a Japanese name in Latin letters with the family's first, as the politicians' stand."""
    *given, family = name.split()
    return " ".join([family, *given])


def _koreans(listed: Sequence[Listed]) -> Iterator[Person]:
    """Yield invented Koreans whose given name has two syllables, the family's first."""
    for one in listed:
        words = one.name.split()
        if one.script == "Hangul" and one.source.startswith(_INVENTED) and [*map(len, words)] == [2, 1]:
            yield Person(one.id, words[1] + words[0])
