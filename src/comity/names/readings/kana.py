"""Kana: Japanese names by Hepburn and its rivals, and foreigners' names as they were before kana."""

import unicodedata

from comity.names.readings.learnt import Ask, read_learnt
from comity.names.readings.reading import Choice, Reading, best_paths, ranked

_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "s": "サシスセソ",
    "t": "タチツテト",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
    "g": "ガギグゲゴ",
    "z": "ザジズゼゾ",
    "d": "ダヂヅデド",
    "b": "バビブベボ",
    "p": "パピプペポ",
}
_SYLLABLES = {
    kana: row + vowel for row, line in _ROWS.items() for kana, vowel in zip(line, "aiueo", strict=True)
} | {
    "シ": "shi",
    "チ": "chi",
    "ツ": "tsu",
    "フ": "fu",
    "ジ": "ji",
    "ヂ": "ji",
    "ヅ": "zu",
    "ヤ": "ya",
    "ユ": "yu",
    "ヨ": "yo",
    "ワ": "wa",
    "ヰ": "i",
    "ヱ": "e",
    "ヲ": "o",
    "ヴ": "vu",
    "ァ": "a",
    "ィ": "i",
    "ゥ": "u",
    "ェ": "e",
    "ォ": "o",
    "ャ": "ya",
    "ュ": "yu",
    "ョ": "yo",
    "ヮ": "wa",
    "ヵ": "ka",
    "ヶ": "ga",
}
_SMALL_Y = {"ャ": "a", "ュ": "u", "ョ": "o"}
_SMALL = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o"}
_JOINED = {"シ": "sh", "チ": "ch", "ジ": "j", "ヂ": "j"}
_KUNREI = {
    "shi": "si",
    "chi": "ti",
    "tsu": "tu",
    "fu": "hu",
    "ji": "zi",
    "sha": "sya",
    "shu": "syu",
    "sho": "syo",
    "cha": "tya",
    "chu": "tyu",
    "cho": "tyo",
    "ja": "zya",
    "ju": "zyu",
    "jo": "zyo",
}
_LEARNT_MAX = 9
_MARKS = {"ー", "ッ", "ン"}


def fold_kana(word: str) -> str:
    """Return the word in katakana, full width, voice marks composed; other letters are dropped.

    >>> fold_kana("ひろし")
    'ヒロシ'
    """
    composed = unicodedata.normalize("NFKC", word)
    raised = "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in composed)
    return "".join(letter for letter in raised if "ァ" <= letter <= "ヺ" or letter == "ー")


def _syllables(word: str) -> list[str]:
    """Return the Hepburn syllables of a katakana word; ー, ッ and ン stay as they are."""
    found: list[str] = []
    for place, letter in enumerate(word):
        before = word[place - 1] if place else ""
        if found and letter in _SMALL_Y and before in _SYLLABLES and _SYLLABLES[before].endswith("i"):
            stem = _JOINED.get(before, _SYLLABLES[before][:-1] + "y")
            found[-1] = stem + _SMALL_Y[letter]
        elif found and letter in _SMALL and before in _SYLLABLES:
            found[-1] = (_JOINED.get(before) or _SYLLABLES[before].rstrip("aiueo") or "w") + _SMALL[letter]
        else:
            found.append(letter if letter in _MARKS else _SYLLABLES.get(letter, ""))
    return [syllable for syllable in found if syllable]


def _place(syllables: list[str], place: int) -> tuple[Choice, ...]:
    syllable = syllables[place]
    before = syllables[place - 1] if place else ""
    after = syllables[place + 1] if place + 1 < len(syllables) else ""
    if syllable == "ー":
        return (("", 1.0), ("h", 0.1)) if before.endswith("o") else (("", 1.0), (before[-1:], 0.15))
    if syllable == "ッ":
        return (("t" if after.startswith("ch") else after[:1], 1.0),)
    if syllable == "ン":
        return (("n", 1.0), ("m", 0.5)) if after[:1] in {"b", "m", "p"} else (("n", 1.0),)
    if syllable == "u" and before.endswith("o"):
        return (("", 1.0), ("u", 0.5), ("h", 0.2)) if not after else (("", 1.0), ("u", 0.5))
    if syllable == "u" and before.endswith("u"):
        return (("", 1.0), ("u", 0.4))
    if syllable == "o" and before.endswith("o"):
        return (("", 1.0), ("o", 0.6), ("h", 0.3))
    return ((syllable, 1.0), (_KUNREI[syllable], 0.12)) if syllable in _KUNREI else ((syllable, 1.0),)


def romanise(word: str, limit: int = 6) -> list[Choice]:
    """Return the spellings of a Japanese word in kana, Hepburn first, with their weights.

    >>> [text for text, _ in romanise("おおの")]
    ['ono', 'oono', 'ohno']
    """
    syllables = _syllables(fold_kana(word))
    return best_paths((_place(syllables, place) for place in range(len(syllables))), limit)


def ask_kana(word: str) -> tuple[Ask, ...]:
    """Return what the readings of a word will ask of the learnt table."""
    return (("kana", fold_kana(word), _LEARNT_MAX),)


def read_kana(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in kana; one in hiragana, or katakana without foreign signs, is Japanese first."""
    folded = fold_kana(word)
    native = any("ぁ" <= letter <= "ゖ" for letter in word)
    ruled = [
        Reading(text, weight * (1.0 if native else 0.6), "kana-hepburn") for text, weight in romanise(folded)
    ]
    learnt = read_learnt("kana", folded, _LEARNT_MAX)
    weight = 0.4 if native else 1.0
    return ranked([*ruled, *(Reading(read.text, read.weight * weight, read.rule) for read in learnt)])
