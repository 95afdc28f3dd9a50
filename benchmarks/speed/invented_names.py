"""Invented names in bulk, in the scripts of the world: words by syllables, drawn as names are, few very often.

    seed -> a vocabulary a script (each word as written, and as its bearer writes it in Latin letters)
         -> persons of two names -> ways to ask for them: as written, mistyped, swapped, in another script, unknown

No word comes from a list of names. The same seed gives the same persons.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import exp, log
from typing import NamedTuple

from anyascii import anyascii

SCRIPT_SHARES: Mapping[str, int] = {
    "latin": 62, "arabic": 10, "han": 9, "cyrillic": 8, "devanagari": 5, "hangul": 2, "hebrew": 1, "greek": 1,
    "kana": 1, "thai": 1,
}  # fmt: skip
"""Persons by script in a hundred: what a world list holds, by the size of the peoples and of their lists."""

GIVEN_WORDS, FAMILY_WORDS = 40_000, 300_000
RANK_SHIFT = 25.0
"""The n-th word is drawn about as often as one over n plus this: the commonest is borne by one in two hundred."""


class Word(NamedTuple):
    """A word of a name as its script writes it, and in Latin letters."""

    native: str
    latin: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person of two names: as written in the own script, and an alias in Latin letters or in the own script."""

    script: str
    words: tuple[Word, ...]
    other: tuple[Word, ...]
    in_latin: bool
    born: str
    sex: str

    def names(self) -> tuple[str, str]:
        """Return both names as a list holds them."""
        other = self.words if self.in_latin else self.other
        return written(self.words, self.script), written(other, "latin" if self.in_latin else self.script)


def written(words: tuple[Word, ...], script: str) -> str:
    """Return words as one name of the script; Han and hangul names have no blanks."""
    if script == "latin":
        return " ".join(word.latin.capitalize() for word in words)
    return ("" if script in {"han", "hangul"} else " ").join(word.native for word in words)


_Syllables = list[Word]


def _pairs(natives: str, latins: str) -> _Syllables:
    return [Word(*pair) for pair in zip(natives.split(), latins.split(), strict=True)]


def _bits(text: str) -> list[str]:
    return text.split()


def _joined(*parts: _Syllables) -> _Syllables:
    syllables = [Word("", "")]
    for part in parts:
        syllables = [Word(a.native + b.native, a.latin + b.latin) for a in syllables for b in part]
    return syllables


def _latin() -> _Syllables:
    onsets = _bits("m n k s l r t d b g h j v p f z w y c sh ch th st br kr tr dr gr kh pr kl sk bl fr gh")
    nuclei = _bits("a e i o u a i ai ou ie ee ia oo au ea")
    codas = _bits("- - n - r s l - m t k nd ng rt sh d z tt ll")
    parts = ([Word(bit.strip("-"), bit.strip("-")) for bit in bits] for bits in (onsets, nuclei, codas))
    return _joined(*parts)


def _alphabet(consonants: tuple[str, str], vowels: tuple[str, str], codas: tuple[str, str]) -> _Syllables:
    return _joined(_pairs(*consonants), _pairs(*vowels), [Word("", ""), Word("", ""), *_pairs(*codas)])


def _cyrillic() -> _Syllables:
    consonants = ("м н к с л р т д б г в п ж з х ш ч", "m n k s l r t d b g v p zh z kh sh ch")
    return _alphabet(consonants, ("а е и о у я ю", "a e i o u ya yu"), ("н в к й р с л", "n v k y r s l"))


def _arabic() -> _Syllables:
    consonants = "م ن ك س ل ر ت د ب ع ح ج ف ق ش ز ه و", "m n k s l r t d b a h j f q sh z h w"
    long = _joined(_pairs(*consonants), _pairs("ا ي و", "a i u"))
    short = _joined(_pairs(*consonants), [Word("", vowel) for vowel in "aiua"])
    return [*long, *_joined(short, _pairs("م ن د ر س ل ب ف", "m n d r s l b f")), *short]


def _hebrew() -> _Syllables:
    consonants = _pairs("מ נ ק ס ל ר ט ד ב ג ח ז ש צ", "m n k s l r t d b g h z sh tz")
    vowels = [Word("", "a"), Word("", "e"), *_pairs("י ו ו", "i o u")]
    return _joined(consonants, vowels, [Word("", ""), *_pairs("נ ר ל מ", "n r l m")])


def _devanagari() -> _Syllables:
    consonants = _pairs("म न क स ल र त द ब ग ज व प श ह च भ ध", "m n k s l r t d b g j v p sh h ch bh dh")
    return _joined(consonants, [Word("", "a"), *_pairs("ा ि ी ु े ो", "a i i u e o")])


def _greek() -> _Syllables:
    consonants = ("μ ν κ σ λ ρ τ δ π β γ φ χ θ ζ", "m n k s l r t d p v g f ch th z")
    return _alphabet(consonants, ("α ε ι ο ου η", "a e i o ou i"), ("ν ρ σ λ", "n r s l"))


def _kana() -> _Syllables:
    rows = "アカサタナハマラ", ("", "k", "s", "t", "n", "h", "m", "r")
    signs = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリルレロ"
    vowels = "aiueo"
    spelt = [consonant + vowel for consonant in rows[1] for vowel in vowels]
    return [Word(sign, latin) for sign, latin in zip(signs, spelt, strict=True)]


def _thai() -> _Syllables:
    consonants = ("ม น ก ส ล ร ต ด บ ช ว พ ท ย ศ", "m n k s l r t d b ch w ph th y s")
    return _alphabet(consonants, ("า ิ ี ุ ู", "a i i u u"), ("น ม ง ย", "n m ng y"))


def _hangul() -> _Syllables:
    onsets = _bits("g n d r m b s - j ch k t p h")
    numbers = (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)
    vowels = {"a": 0, "eo": 4, "ye": 7, "o": 8, "yo": 12, "u": 13, "i": 20, "yeo": 6, "eu": 18, "ae": 1}
    codas = {"": 0, "n": 4, "ng": 21, "k": 1, "m": 16, "l": 8}
    return [
        Word(chr(0xAC00 + (number * 21 + place) * 28 + end), onset.strip("-") + vowel + coda)
        for onset, number in zip(onsets, numbers, strict=True)
        for vowel, place in vowels.items()
        for coda, end in codas.items()
    ]


def _han() -> _Syllables:
    """The commonest three thousand characters, as the level of a Chinese standard lists them: GB 2312, level 1."""
    signs = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]
    return [Word(sign, anyascii(sign).lower()) for sign in signs]


_SCRIPTS: Mapping[str, tuple[Callable[[], _Syllables], tuple[int, ...], tuple[int, ...]]] = {
    "latin": (_latin, (1, 2, 2, 2, 3), (2, 2, 3, 3)),
    "cyrillic": (_cyrillic, (2, 2, 3), (2, 3, 3)),
    "arabic": (_arabic, (2, 2, 3), (2, 2, 3)),
    "hebrew": (_hebrew, (2, 2, 3), (2, 2, 3)),
    "devanagari": (_devanagari, (2, 3), (2, 3, 3)),
    "greek": (_greek, (2, 3), (3, 3, 4)),
    "kana": (_kana, (2, 3), (2, 3, 4)),
    "thai": (_thai, (2, 3), (2, 3, 3)),
    "hangul": (_hangul, (2,), (1,)),
    "han": (_han, (1, 2, 2), (1,)),
}
"""How many syllables the given and the family words of each script have, one drawn."""


class NameInventor:
    """Makes persons and queries from one seed."""

    def __init__(self, seed: int, size: int = 1_000_000) -> None:
        self._random = random.Random(seed)
        share = min(1.0, max(0.02, size / 1_000_000))
        self._given: dict[str, list[Word]] = {}
        self._family: dict[str, list[Word]] = {}
        for script, (make, given, family) in _SCRIPTS.items():
            syllables = make()
            # Short syllables come first, and what comes first is drawn more often.
            syllables.sort(key=lambda one: len(one.latin) + 2.5 * self._random.random())
            weight = share if script == "latin" else share / 4
            self._given[script] = self._vocabulary(syllables, given, int(GIVEN_WORDS * weight))
            self._family[script] = self._vocabulary(syllables, family, int(FAMILY_WORDS * weight))

    def _vocabulary(self, syllables: _Syllables, lengths: tuple[int, ...], count: int) -> list[Word]:
        made: dict[str, Word] = {}
        for _ in range(count):
            parts = [syllables[self._rank(len(syllables))] for _ in range(self._random.choice(lengths))]
            word = Word("".join(part.native for part in parts), "".join(part.latin for part in parts))
            made.setdefault(word.native, word)
        return list(made.values())

    def _rank(self, size: int) -> int:
        """Return a place below `size`, early ones more often."""
        span = log((size + RANK_SHIFT) / RANK_SHIFT)
        return min(size - 1, int(RANK_SHIFT * (exp(self._random.random() * span) - 1.0)))

    def reseed(self, seed: int) -> None:
        """Draw other persons from the same words from now on."""
        self._random.seed(seed)

    def words(self, script: str) -> tuple[Word, ...]:
        """Return the words of one name: given names, then the family's, the other way round in the Far East."""
        given, family = self._given[script], self._family[script]
        count = 1 if script in {"han", "hangul", "kana", "thai"} else self._random.choice((1, 1, 2))
        first = tuple(given[self._rank(len(given))] for _ in range(count))
        last = (family[self._rank(len(family))],)
        return last + first if script in {"han", "hangul"} else first + last

    def person(self) -> Person:
        """Return a person; half of those of another script have an alias in Latin letters."""
        chosen = self._random
        (script,) = chosen.choices(tuple(SCRIPT_SHARES), tuple(SCRIPT_SHARES.values()))
        words = self.words(script)
        in_latin = script != "latin" and chosen.random() < 0.5
        other = words if in_latin else self.words(script)
        born = f"{chosen.randint(1945, 2005)}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}"
        return Person(script, words, other, in_latin, born, chosen.choice("MF"))

    def persons(self, count: int) -> Iterator[Person]:
        """Yield so many persons."""
        for _ in range(count):
            yield self.person()


def mistyped(name: str, chosen: random.Random) -> str:
    """Return a name with one letter of one word left out, doubled, exchanged or swapped with its neighbour."""
    words = name.split()
    place = max(range(len(words)), key=lambda one: (len(words[one]), one))
    word = words[place]
    at = chosen.randrange(1, max(2, len(word) - 1))
    other = word[chosen.randrange(len(word))].lower()
    words[place] = chosen.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + other + word[at:],
            word[:at] + other + word[at + 1 :],
            word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)
