"""Hebrew: vowels are restored from learnt pairs, as in Arabic; a geresh makes j, ch, zh and th."""

import unicodedata

from comity.names.readings.learnt import Ask, read_learnt
from comity.names.readings.reading import READINGS_MAX, Reading

_GERESH = str.maketrans(
    {"׳": "'", "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'", "״": None, '"': None, "־": None}
)


def fold_hebrew(word: str) -> str:
    """Return the word without points, its geresh a plain apostrophe.

    >>> fold_hebrew("מֹשֶׁה") == "משה"
    True
    """
    composed = unicodedata.normalize("NFKC", word).translate(_GERESH)
    decomposed = unicodedata.normalize("NFD", composed)
    return "".join(letter for letter in decomposed if letter.isalpha() or letter == "'")


def ask_hebrew(word: str) -> tuple[Ask, ...]:
    """Return what the readings of a word will ask of the learnt table."""
    return (("hebrew", fold_hebrew(word), READINGS_MAX),)


def read_hebrew(word: str) -> tuple[Reading, ...]:
    """Return the readings of a Hebrew word, vowels restored."""
    return read_learnt(*ask_hebrew(word)[0])
