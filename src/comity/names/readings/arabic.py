"""The Arabic script with its Persian, Urdu, Kurdish and Pashto letters: vowels are restored from learnt pairs.

The script writes long vowels only, so rules alone give no spelling that people use. The sound table carries what the
missing vowels usually are; letters it has not seen borrow the habits of the nearest letter it knows. The commonest
names are spelt in many ways, of which the learnt pairs show one: a table written by hand says what their bearers write.
"""

import re
import unicodedata
from functools import lru_cache

from comity.names.readings.learnt import Ask, lend_letters, read_learnt
from comity.names.readings.reading import Reading, ranked
from comity.names.readings.tables import table_rows

# One letter for the shapes and the languages' own forms of it; a final alif maqsura is written for both i and a.
_SAME = str.maketrans(
    {
        "ک": "ك",
        "ی": "ي",
        "ى": "ي",
        "ې": "ي",
        "ۍ": "ي",
        "ے": "ي",
        "ێ": "ي",
        "ہ": "ه",
        "ھ": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "ۂ": "ه",
        "ة": "ة",
        "ۃ": "ة",
        "ٱ": "ا",
        "ں": "ن",
        "ڼ": "ن",
        "ٹ": "ت",
        "ټ": "ت",
        "ڈ": "د",
        "ډ": "د",
        "ڑ": "ر",
        "ړ": "ر",
        "ڕ": "ر",
        "ڵ": "ل",
        "ۆ": "و",
        "ۇ": "و",
        "ۈ": "و",
        "ۋ": "و",
        "ښ": "ش",
        "ځ": "ز",
        "څ": "س",
        "ږ": "ژ",
        "ګ": "گ",
        "ڭ": "ن",
        "ڠ": "غ",
        "ڨ": "ق",
        "ݢ": "گ",
        "ۏ": "ف",
    }
)

_ICAO = {
    "ء": "xe",
    "آ": "xaa",
    "أ": "xae",
    "ؤ": "u",
    "إ": "i",
    "ئ": "xi",
    "ا": "a",
    "ب": "b",
    "ت": "t",
    "ث": "xth",
    "ج": "j",
    "ح": "xh",
    "خ": "xkh",
    "د": "d",
    "ذ": "xdh",
    "ر": "r",
    "ز": "z",
    "س": "s",
    "ش": "xsh",
    "ص": "xss",
    "ض": "xdz",
    "ط": "xtt",
    "ظ": "xzz",
    "ع": "e",
    "غ": "g",
    "ف": "f",
    "ق": "q",
    "ك": "k",
    "ل": "l",
    "م": "m",
    "ن": "n",
    "ه": "h",
    "و": "w",
    "ى": "xay",
    "ي": "y",
    "پ": "p",
    "چ": "xc",
    "ژ": "xj",
    "گ": "xgg",
    "ک": "xkk",
    "ی": "xya",
    "ٹ": "xxt",
    "ڈ": "xxd",
    "ڑ": "xxr",
    "ے": "xyb",
    "ں": "xnn",
    "ة": "xta",
}


# Persian and Urdu letters that lists of names in Arabic hardly show: the letter, the one whose place in words it
# shares, what that one writes, what this one writes.
_LOANS = (
    ("گ", "ك", "k", "g"),
    ("پ", "ب", "b", "p"),
    ("چ", "ش", "sh", "ch"),
    ("ژ", "ش", "sh", "zh"),
    ("ڤ", "ف", "f", "v"),
)

# The article, alone and after Abd, and how it is written on to the name: most leave it out or part it.
_ARTICLES = (("عبدال", "abdul"), ("ال", ""))
_STEM_LETTERS_MIN = 3
_LEARNT_MAX = 11
_STEMS_MAX = 7
# How usual the spellings of a common name are, in the order of the table, and what is learnt beside them.
_SPELT = (1.0, 0.85, 0.75, 0.65, 0.55, 0.5, 0.45)
_BESIDE_SPELT = 0.5
_PERSIAN_LETTERS = frozenset("یکپچژگہےٹڈڑں")
_CONSONANT_WAW = re.compile(r"w|ou(?=[aeiouy])|(?<=[aeiy])ou|(?<=[aeiy])u|u(?=[aeiy])")
_SHORT_E = re.compile(r"(?<![aeiou])e(?![aeiou])")
_FINAL_Y = re.compile(r"(?<![aeiou])[ye]$")
_WITH_A_WEIGHT = 0.6
_WITH_V_MAX = 6
_WITH_V_WEIGHT = 0.6


@lru_cache(maxsize=1)
def _lend() -> None:
    lend_letters("arabic", _LOANS)


def fold_arabic(word: str) -> str:
    """Return the word without vowel signs, joiners and stretching, each letter in one form.

    >>> fold_arabic("مُحَمَّـد") == "محمد"
    True
    """
    composed = unicodedata.normalize("NFKC", word)
    bare = "".join(letter for letter in composed if letter.isalpha() and letter != "ـ")
    return bare.translate(_SAME)


def ask_arabic(word: str) -> tuple[Ask, ...]:
    """Return what the readings of a word will ask of the learnt table."""
    _lend()
    folded = fold_arabic(word)
    whole, (_, stem) = ("arabic", folded, _LEARNT_MAX), _stem(folded)
    return (whole, ("arabic", stem, _STEMS_MAX)) if stem else (whole,)


def read_arabic(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Arabic script, vowels restored, and its ICAO 9303 form last.

    >>> "umair" in [reading.text for reading in read_arabic("العمير")]
    True
    """
    _lend()
    plain = unicodedata.normalize("NFKC", word)
    folded = fold_arabic(word)
    learnt = [*_after_article(folded), *read_learnt("arabic", folded, _LEARNT_MAX)]
    common = _common(folded)
    if common:
        learnt = [
            *common,
            *(Reading(text, weight * _BESIDE_SPELT, rule) for text, weight, rule in learnt),
        ]
    if "و" in folded and _PERSIAN_LETTERS.intersection(plain):
        learnt += [_with_v(reading) for reading in learnt[:_WITH_V_MAX]]
    icao = "".join(_ICAO.get(letter, "") for letter in plain)
    return ranked([*learnt, Reading(icao, 0.01, "icao-9303")])


@lru_cache(maxsize=1)
def _spellings() -> dict[str, tuple[str, ...]]:
    rows = (row.split("\t") for row in table_rows("arabic_names.tsv"))
    return {name: tuple(spellings.split()) for name, spellings in rows}


def _common(folded: str) -> list[Reading]:
    """Return how the bearers of a common name spell it, also after the article; nothing of any other name."""
    written, found = "", _spellings().get(folded, ())
    if not found:
        written, stem = _stem(folded)
        found = _spellings().get(stem, ())
    return [
        Reading(written + text, weight, "arabic-usual") for text, weight in zip(found, _SPELT, strict=False)
    ]


def _after_article(folded: str) -> list[Reading]:
    """Return the readings of what follows the article, also after Abd: it is read as if it stood alone.

    Who bears the article is no foreigner: his short vowels are a, which the learnt pairs, full of foreigners, write e.
    """
    written, stem = _stem(folded)
    stems = list(read_learnt("arabic", stem, _STEMS_MAX)) if stem else []
    stems += [
        Reading(_with_a(text), weight * _WITH_A_WEIGHT, rule) for text, weight, rule in stems if "e" in text
    ]
    return [Reading(written + reading.text, reading.weight, reading.rule) for reading in stems]


def _with_a(text: str) -> str:
    """Return a spelling with a for e, and with i at the end for y.

    >>> _with_a("jebry")
    'jabri'
    """
    return _FINAL_Y.sub("i", _SHORT_E.sub("a", text))


def _stem(folded: str) -> tuple[str, str]:
    """Return how the article is written that a word begins with, and what follows it; nothing where it has none."""
    for article, written in _ARTICLES:
        stem = folded.removeprefix(article)
        if stem != folded and len(stem) >= _STEM_LETTERS_MIN:
            return written, stem
    return "", ""


def _with_v(reading: Reading) -> Reading:
    """Return the reading with v for w: Persian and Urdu write v with the letter that Arabic writes u and w with."""
    return Reading(_CONSONANT_WAW.sub("v", reading.text), reading.weight * _WITH_V_WEIGHT, reading.rule)
