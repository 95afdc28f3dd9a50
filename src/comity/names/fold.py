"""How is a name freed of the noise of keyboards, fonts and evasion?

    typed -> compatibility forms joined -> invisible signs dropped -> lower case -> look-alikes put right

Diacritics stay: they say how a name is read (ü is also written ue). Marks that only help reading go: tatweel,
Arabic vowel signs, Hebrew points. Folding a folded text changes nothing.
Source: Unicode Standard Annex 15 (NFKC) and chapter 3.13 (case folding); look-alikes after the confusables of
Unicode Technical Standard 39, only the letters that occur in names.
"""

import re
import unicodedata
from typing import Final

from comity.names.scripts import IDEOGRAPHS, script_of_letter

# Invisible: control, format and surrogate characters, variation selectors, tatweel, Arabic vowel signs,
# Hebrew points and accents. A zero-width non-joiner divides nothing that people would type.
_NOISE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\u0640\u0610-\u061a\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\U000e0000-\U000e0fff]"
)
_APOSTROPHES: Final = re.compile(
    "[\u2018\u2019\u201b\u02b9-\u02bf\u02c8\u055a\u05f3\u07f4\u2032\uff07`\u00b4]"
)
_WORD: Final = re.compile(r"\S+")
_PASSES_MAX: Final = 4

# Each look-alike as it is written in the other script: Cyrillic <-> Latin and Greek -> Latin.
_CYRILLIC_TO_LATIN: Final = dict(zip("аеорсухіјѕһԁԛԝкмтвнпгу", "aeopcyxijshdqwkmtbhnry", strict=True))
_LATIN_TO_CYRILLIC: Final = dict(zip("aeopcyxijskmtbhnr", "аеорсухіјѕкмтвнпг", strict=True))
_GREEK_TO_LATIN: Final = dict(zip("αοενρτυικχηωβμζ", "aoevptuikxnwbmz", strict=True))
_LATIN_TO_GREEK: Final = dict(zip("aoevptuikxnwbmz", "αοενρτυικχηωβμζ", strict=True))
_BRIDGES: Final = {
    ("cyrillic", "latin"): _CYRILLIC_TO_LATIN,
    ("latin", "cyrillic"): _LATIN_TO_CYRILLIC,
    ("greek", "latin"): _GREEK_TO_LATIN,
    ("latin", "greek"): _LATIN_TO_GREEK,
}
LOOK_ALIKES: Final = {**_CYRILLIC_TO_LATIN, **_GREEK_TO_LATIN}
"""The Latin letter that each letter of another script may be taken for, and that may be taken for it."""


def fold(text: str) -> str:
    """Return the text in lower case, without invisible signs, width variants and mixed look-alikes.

    Words keep their order and are parted by single blanks. Lone surrogates and control signs vanish.

    >>> fold("  ＭÜLLER\\u200b,  Ｊörg ")
    'müller, jörg'
    """
    if IDEOGRAPHS.fullmatch(text):
        return text
    for _ in range(_PASSES_MAX):
        # Dropping a sign can bring letters together that compose anew, so it goes round until it rests.
        folded = _fold_once(text)
        if folded == text:
            break
        text = folded
    return text


def _fold_once(text: str) -> str:
    if text.isascii():
        return " ".join(_NOISE.sub("", text).lower().replace("`", "'").split())
    text = unicodedata.normalize("NFKC", _NOISE.sub("", text)).casefold()
    text = unicodedata.normalize("NFKC", text)
    # Turkish dotted capital I folds to i with a loose dot above.
    text = _NOISE.sub("", text.replace("i\u0307", "i"))
    text = _APOSTROPHES.sub("'", text)
    return " ".join(_unmask(word.group()) for word in _WORD.finditer(text))


def _unmask(word: str) -> str:
    """Put letters of a foreign script inside a word right where they look like the word's own."""
    scripts = set(map(script_of_letter, word))
    scripts.discard("")
    if len(scripts) < 2 or not scripts <= {"latin", "cyrillic", "greek"}:
        return word
    home = max(sorted(scripts), key=lambda script: _own_letters(word, script))
    out = []
    for letter in word:
        script = script_of_letter(letter)
        bridge = _BRIDGES.get((script, home)) if script and script != home else None
        out.append(bridge.get(letter, letter) if bridge else letter)
    return "".join(out)


def _own_letters(word: str, script: str) -> tuple[int, int]:
    """Count the letters that only this script has, then all of its letters: who is at home in a word."""
    bridge = {"cyrillic": _CYRILLIC_TO_LATIN, "latin": _LATIN_TO_CYRILLIC, "greek": _GREEK_TO_LATIN}[script]
    own = [letter for letter in word if script_of_letter(letter) == script]
    return sum(letter not in bridge for letter in own), len(own)
