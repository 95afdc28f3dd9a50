"""Which file reads which word: by the script most of its letters belong to."""

from collections.abc import Callable
from functools import lru_cache

from comity.names.readings.arabic import ask_arabic, read_arabic
from comity.names.readings.armenian import read_armenian
from comity.names.readings.bengali import read_bengali
from comity.names.readings.burmese import read_burmese
from comity.names.readings.cyrillic import ask_cyrillic, read_cyrillic
from comity.names.readings.devanagari import read_devanagari
from comity.names.readings.ethiopic import read_ethiopic
from comity.names.readings.georgian import read_georgian
from comity.names.readings.greek import read_greek
from comity.names.readings.gujarati import read_gujarati
from comity.names.readings.gurmukhi import read_gurmukhi
from comity.names.readings.han import read_han
from comity.names.readings.hangul import ask_hangul, read_hangul
from comity.names.readings.hebrew import ask_hebrew, read_hebrew
from comity.names.readings.kana import ask_kana, read_kana
from comity.names.readings.kannada import read_kannada
from comity.names.readings.khmer import read_khmer
from comity.names.readings.lao import read_lao
from comity.names.readings.latin import plain, read_latin
from comity.names.readings.learnt import Ask
from comity.names.readings.malayalam import read_malayalam
from comity.names.readings.oriya import read_oriya
from comity.names.readings.reading import Reading
from comity.names.readings.script import script_of_word
from comity.names.readings.sinhala import read_sinhala
from comity.names.readings.tamil import read_tamil
from comity.names.readings.telugu import read_telugu
from comity.names.readings.thai import read_thai

WORD_LETTERS_MAX = 64
"""Longer words are cut: no name is longer, and the time a reading takes stays bounded."""

_READERS: dict[str, Callable[[str], tuple[Reading, ...]]] = {
    "armenian": read_armenian,
    "bengali": read_bengali,
    "burmese": read_burmese,
    "devanagari": read_devanagari,
    "ethiopic": read_ethiopic,
    "georgian": read_georgian,
    "greek": read_greek,
    "gujarati": read_gujarati,
    "gurmukhi": read_gurmukhi,
    "kannada": read_kannada,
    "khmer": read_khmer,
    "lao": read_lao,
    "malayalam": read_malayalam,
    "oriya": read_oriya,
    "sinhala": read_sinhala,
    "tamil": read_tamil,
    "telugu": read_telugu,
    "thai": read_thai,
    "arabic": read_arabic,
    "cyrillic": read_cyrillic,
    "han": read_han,
    "hangul": read_hangul,
    "hebrew": read_hebrew,
    "kana": read_kana,
    "latin": read_latin,
}


_ASKS: dict[str, Callable[[str], tuple[Ask, ...]]] = {
    "arabic": ask_arabic,
    "cyrillic": ask_cyrillic,
    "hangul": ask_hangul,
    "hebrew": ask_hebrew,
    "kana": ask_kana,
}


def asks_of(token: str) -> tuple[Ask, ...]:
    """Return what the readings of a token will ask of learnt tables, for whoever has many tokens to read."""
    word = token[:WORD_LETTERS_MAX]
    ask = _ASKS.get(script_of_word(word))
    return ask(word) if ask else ()


@lru_cache(maxsize=1 << 10)
def readings_of(token: str) -> tuple[Reading, ...]:
    """Return how `token` is written in Latin letters, most usual first, at most twelve, each text once.

    `token` is one word in one script, folded to NFKC and lower case; of other input the best is made.
    Never raises; letters of a script that is not read fall back to anyascii's table. A word without
    any letter has no reading.

    >>> [reading.text for reading in readings_of("müller")]
    ['muller', 'mueller']
    """
    word = token[:WORD_LETTERS_MAX]
    reader = _READERS.get(script_of_word(word))
    readings = reader(word) if reader else ()
    if readings:
        return readings
    text = plain(word)
    return (Reading(text, 0.5, "anyascii"),) if text else ()
