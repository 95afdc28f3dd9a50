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
# Abd is also written on to a name that lacks its article, which is said all the same: Abdulfattah.
_SERVANT, _SERVANT_OF = "عبد", "abdul"
_SERVANT_WEIGHT, _SERVANTS_MAX = 0.8, 2
# The article melts into these letters: Es-Sanani. Before others the Maghreb writes its l alone: Lahrichi.
_SUN_LETTERS = frozenset("تثدذرزسشصضطظن")
_MELTED, _SHORTENED = "e", "l"
_ARTICLE_WRITTEN_ON_WEIGHT = 0.55
# Arabic says th and dh where Persians, Turks and most of Asia say s and z.
_HISSED = str.maketrans("ثذضظ", "سززض")
_HISSED_MAX = 2
_HISSED_WEIGHT = 0.5
_STEM_LETTERS_MIN = 3
_LEARNT_MAX = 11
_STEMS_MAX = 7
# How usual the spellings of a common name are, in the order of the table, and what is learnt beside them.
_SPELT = (1.0, 0.85, 0.75, 0.65, 0.55, 0.5, 0.45)
_BESIDE_SPELT = 0.5
_PERSIAN_LETTERS = frozenset("یکپچژگہےٹڈڑں")
# Beside long vowels and at the beginning waw is a consonant, which Persian and Urdu say as v; foreigners' v is its letter.
_CONSONANT_WAW = re.compile(r"^و(?=.)|و(?=[اآي])|(?<=[اآي])و(?=.)")
_WRITTEN_V = "ڤ"
_SHORT_E = re.compile(r"(?<![aeiou])e(?![aeiou])")
_FINAL_Y = re.compile(r"(?<![aeiou])[ye]$")
_WITH_A_WEIGHT = 0.6
_WITH_V_MAX = 4
_WITH_V_WEIGHT = 0.6
# The Maghreb writes ou for a waw that begins a name, all others w; the learnt pairs show the one or the other.
_MAGHREB_W = re.compile("ou(?=[aei])")
_WITH_W_MAX = 4
_WITH_W_WEIGHT = 0.9
_ENDS_IN_A = re.compile(r"(?:[aeiouy]|ey|ie|ee)$")
_ENDS_IN_A_MAX = 2


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
    _, stem = _stem(folded)
    said_with_v = _said_with_v(word, folded)
    _, hissed = _hissed(said_with_v or folded)
    asks: list[Ask] = [("arabic", folded, _LEARNT_MAX)]
    if stem:
        asks.append(("arabic", stem, _STEMS_MAX))
    served = _served(folded)
    if served and served not in _spellings():
        asks.append(("arabic", served, _STEMS_MAX))
    if hissed:
        asks.append(("arabic", hissed, _HISSED_MAX))
    if said_with_v:
        asks.append(("arabic", said_with_v, _WITH_V_MAX))
    return tuple(asks)


def read_arabic(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Arabic script, vowels restored, and its ICAO 9303 form last.

    >>> "umair" in [reading.text for reading in read_arabic("العمير")]
    True
    """
    _lend()
    plain = unicodedata.normalize("NFKC", word)
    folded = fold_arabic(word)
    learnt = [*_after_article(folded), *read_learnt("arabic", folded, _LEARNT_MAX)]
    learnt += _servants(folded)
    common = _common(folded)
    if common:
        learnt = [
            *common,
            *(Reading(text, weight * _BESIDE_SPELT, rule) for text, weight, rule in learnt),
        ]
    if plain.endswith("ى"):
        learnt += [
            Reading(_ENDS_IN_A.sub("a", text), weight, rule) for text, weight, rule in learnt[:_ENDS_IN_A_MAX]
        ]
    if folded.startswith("و"):
        learnt += [
            Reading(_MAGHREB_W.sub("w", text), weight * _WITH_W_WEIGHT, rule)
            for text, weight, rule in learnt[:_WITH_W_MAX]
            if _MAGHREB_W.match(text)
        ]
    said_with_v = _said_with_v(word, folded)
    written, hissed = _hissed(said_with_v or folded)
    if hissed:
        learnt += [
            Reading(written + text, weight * _HISSED_WEIGHT, rule)
            for text, weight, rule in read_learnt("arabic", hissed, _HISSED_MAX)
        ]
    if said_with_v:
        learnt += [
            Reading(text, weight * _WITH_V_WEIGHT, rule)
            for text, weight, rule in read_learnt("arabic", said_with_v, _WITH_V_MAX)
        ]
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


def _served(folded: str) -> str:
    """Return what follows Abd where it is written on without the article, nothing of other words.

    >>> _served("عبدفتاح")
    'فتاح'
    """
    name = folded.removeprefix(_SERVANT)
    return name if name != folded and len(name) > _STEM_LETTERS_MIN and not name.startswith("ال") else ""


def _servants(folded: str) -> list[Reading]:
    """Return the readings of a name that begins with Abd and lacks the article, as if it were there."""
    name = _served(folded)
    if not name:
        return []
    spelt = _spellings().get(name) or [reading.text for reading in read_learnt("arabic", name, _STEMS_MAX)]
    return [
        Reading(_SERVANT_OF + text, _SERVANT_WEIGHT * weight, "arabic-learnt")
        for text, weight in zip(spelt[:_SERVANTS_MAX], _SPELT, strict=False)
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
    found = [Reading(written + reading.text, reading.weight, reading.rule) for reading in stems]
    if stems and not written:
        article = _MELTED if stem[0] in _SUN_LETTERS else _SHORTENED
        found.append(Reading(article + stems[0].text, _ARTICLE_WRITTEN_ON_WEIGHT, stems[0].rule))
    return found


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


def _hissed(folded: str) -> tuple[str, str]:
    """Return how the article of a word is written, and the rest with s and z for th and dh; nothing where it has none.

    >>> _hissed("ثقفي")
    ('', 'سقفي')
    """
    written, stem = _stem(folded)
    word = stem or folded
    hissed = word.translate(_HISSED)
    return (written, hissed) if hissed != word else ("", "")


def _said_with_v(word: str, folded: str) -> str:
    """Return a Persian or Urdu word with v's own letter for each waw that is a consonant, nothing of other words."""
    if "و" not in folded or not _PERSIAN_LETTERS.intersection(unicodedata.normalize("NFKC", word)):
        return ""
    said = _CONSONANT_WAW.sub(_WRITTEN_V, folded)
    return said if said != folded else ""
