"""The Arabic script with its Persian, Urdu, Kurdish and Pashto letters: vowels are restored from learnt pairs.

The script writes long vowels only, so rules alone give no spelling that people use. The sound table carries what the
missing vowels usually are; letters it has not seen borrow the habits of the nearest letter it knows.
"""

import re
import unicodedata
from functools import lru_cache

from comity.names.readings.learnt import Ask, lend_letters, read_learnt
from comity.names.readings.reading import Reading, ranked

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
_PERSIAN_LETTERS = frozenset("یکپچژگہےٹڈڑں")
_CONSONANT_WAW = re.compile(r"w|ou(?=[aeiouy])|(?<=[aeiy])ou|(?<=[aeiy])u|u(?=[aeiy])")
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
    if "و" in folded and _PERSIAN_LETTERS.intersection(plain):
        learnt += [_with_v(reading) for reading in learnt[:_WITH_V_MAX]]
    icao = "".join(_ICAO.get(letter, "") for letter in plain)
    return ranked([*learnt, Reading(icao, 0.01, "icao-9303")])


def _after_article(folded: str) -> list[Reading]:
    """Return the readings of what follows the article, also after Abd: it is read as if it stood alone."""
    written, stem = _stem(folded)
    stems = read_learnt("arabic", stem, _STEMS_MAX) if stem else ()
    return [Reading(written + reading.text, reading.weight, reading.rule) for reading in stems]


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
