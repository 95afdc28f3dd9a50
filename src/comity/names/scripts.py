"""Which script is a letter of? Ranges of Unicode blocks, coarse on purpose.

Han and kana count as one script when they stand together in a word, because Japanese names mix them.
Source: the block ranges of the Unicode Standard, chapter by chapter.
"""

import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import Final

_BLOCKS: Final[tuple[tuple[int, str], ...]] = (
    (0x0041, "latin"), (0x005B, ""), (0x0061, "latin"), (0x007B, ""), (0x00AA, "latin"), (0x00AB, ""),
    (0x00B5, ""), (0x00BA, "latin"), (0x00BB, ""), (0x00C0, "latin"), (0x00D7, ""), (0x00D8, "latin"),
    (0x00F7, ""), (0x00F8, "latin"), (0x02B0, ""), (0x0370, "greek"), (0x0400, "cyrillic"),
    (0x0530, "armenian"), (0x0590, "hebrew"), (0x0600, "arabic"), (0x0700, "syriac"), (0x0750, "arabic"),
    (0x0780, "thaana"), (0x07C0, "nko"), (0x0800, ""), (0x0860, "syriac"), (0x0870, "arabic"),
    (0x0900, "devanagari"), (0x0980, "bengali"), (0x0A00, "gurmukhi"), (0x0A80, "gujarati"),
    (0x0B00, "oriya"), (0x0B80, "tamil"), (0x0C00, "telugu"), (0x0C80, "kannada"), (0x0D00, "malayalam"),
    (0x0D80, "sinhala"), (0x0E00, "thai"), (0x0E80, "lao"), (0x0F00, "tibetan"), (0x1000, "myanmar"),
    (0x10A0, "georgian"), (0x1100, "hangul"), (0x1200, "ethiopic"), (0x13A0, "cherokee"),
    (0x1400, "canadian"), (0x1680, ""), (0x1780, "khmer"), (0x1800, "mongolian"), (0x18B0, ""),
    (0x1C80, "cyrillic"), (0x1C90, "georgian"), (0x1CC0, ""), (0x1D00, "latin"), (0x1DC0, ""),
    (0x1E00, "latin"), (0x1F00, "greek"), (0x2000, ""), (0x2C60, "latin"), (0x2C80, "coptic"),
    (0x2D00, "georgian"), (0x2D30, "tifinagh"), (0x2D80, "ethiopic"), (0x2DE0, "cyrillic"), (0x2E00, ""),
    (0x2E80, "han"), (0x2FE0, ""), (0x3005, "han"), (0x3008, ""), (0x3021, "han"), (0x302A, ""),
    (0x3041, "kana"), (0x3100, "bopomofo"), (0x3130, "hangul"), (0x3190, ""), (0x31A0, "bopomofo"),
    (0x31C0, ""), (0x31F0, "kana"), (0x3200, ""), (0x3400, "han"), (0x4DC0, ""), (0x4E00, "han"),
    (0xA000, "yi"), (0xA4D0, ""), (0xA640, "cyrillic"), (0xA6A0, ""), (0xA720, "latin"), (0xA800, ""),
    (0xA8E0, "devanagari"), (0xA900, ""), (0xA960, "hangul"), (0xA980, ""), (0xA9E0, "myanmar"),
    (0xAA00, ""), (0xAA60, "myanmar"), (0xAA80, ""), (0xAB00, "ethiopic"), (0xAB30, "latin"),
    (0xAB70, "cherokee"), (0xABC0, ""), (0xAC00, "hangul"), (0xD800, ""), (0xF900, "han"), (0xFB00, "latin"),
    (0xFB13, "armenian"), (0xFB1D, "hebrew"), (0xFB50, "arabic"), (0xFE00, ""), (0xFE70, "arabic"),
    (0xFEFF, ""), (0xFF66, "kana"), (0xFFA0, "hangul"), (0xFFDD, ""), (0x1B000, "kana"), (0x1B170, ""),
    (0x20000, "han"), (0x323B0, ""),
)  # fmt: skip
TRANSCRIBED: Final = "transcribed"
"""The script of a word in Han characters that a dot, or a list, shows to be a foreigner's: it is read otherwise."""

LATIN_CHINESE: Final = "latin-chinese"
LATIN_KOREAN: Final = "latin-korean"
"""The script of a word in Latin letters that is read as syllables of a Chinese or Korean name."""
SYLLABIC: Final = frozenset({LATIN_CHINESE, LATIN_KOREAN})

_STARTS: Final = tuple(start for start, _ in _BLOCKS)
_NAMES: Final = tuple(name for _, name in _BLOCKS)
SCRIPTS: Final = (*sorted({*_NAMES, "", TRANSCRIBED}), LATIN_CHINESE, LATIN_KOREAN)
"""All scripts by name, each in a place that stays; the first is the empty one, of words without a letter."""
IDEOGRAPHS: Final = re.compile("[\u4e00-\u9fff]+")
"""The usual Han characters alone, of which each means itself: nothing to fold, no other script, no sign."""
_EAST_ASIAN: Final = frozenset({"han", "kana"})


@lru_cache(maxsize=1 << 13)
def script_of_letter(letter: str) -> str:
    """Return the script of one character in lower case, or "" for signs, digits and blanks."""
    place = bisect_right(_STARTS, ord(letter)) - 1
    return _NAMES[place] if place >= 0 else ""


def script_of(word: str) -> str:
    """Return the script most of a word's letters are in, or "" where it has none.

    >>> script_of("иван"), script_of("佐々結"), script_of("3")
    ('cyrillic', 'han', '')
    """
    if word.isascii():
        return "latin" if word.isalpha() or any(map(str.isalpha, word)) else ""
    if IDEOGRAPHS.fullmatch(word):
        return "han"
    # In the order of the letters: of two scripts that have as many, the first is the word's.
    counts = Counter(filter(None, map(script_of_letter, word)))
    if not counts:
        return ""
    if _EAST_ASIAN >= counts.keys() and "han" in counts:
        # A single ideograph makes a Japanese word one to be read as Han.
        return "han"
    return max(counts, key=counts.__getitem__)
