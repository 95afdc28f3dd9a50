"""Han characters: read in Mandarin, Cantonese, Japanese and Korean, and as transcribed foreigners."""

from anyascii import anyascii

from comity.names.readings.learnt import read_learnt
from comity.names.readings.reading import Reading, ranked


def fold_han(word: str) -> str:
    """Return the word's Han characters."""
    return "".join(letter for letter in word if "一" <= letter <= "鿿")


def read_han(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Han characters."""
    folded = fold_han(word)
    pinyin = "".join(anyascii(letter).strip().lower() for letter in folded)
    return ranked([Reading(pinyin, 1.0, "han-mandarin"), *read_learnt("han", folded, 8)])
