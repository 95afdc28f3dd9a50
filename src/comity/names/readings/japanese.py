"""Kanji as Japanese names read them: whole names that are known, others character by character."""

from comity.names.readings.characters import character_readings
from comity.names.readings.reading import Choice, Reading, best_paths, ranked

_STEPS = (1.0, 0.7, 0.5, 0.4, 0.33, 0.28, 0.24, 0.2, 0.18, 0.16, 0.15, 0.14, 0.13, 0.12, 0.11, 0.1)
_LETTERS_MAX = 5
_FAMILIES_MAX = 8
_GIVEN_MAX = 48
_READINGS_MAX = 56
# A reading of three morae and more (takashi, makoto) is a name by itself, and seldom a part of one.
_WHOLE_NAME_MORAE = 3
_WHOLE_NAME_SHARE = 0.15
# Parents clip what a character reads: Nene is nei twice, Eri may be ei and ri, the mi of mitsu is in Kimie.
_CLIPPED = {"ei": "e", "ai": "a", "mitsu": "mi", "natsu": "na"}
_CLIPPED_SHARE = 0.15
# Both spellings of a long vowel are offered of the readings that are usual enough.
_LONG_WEIGHT_MIN = 0.5


# What opens with one of these is voiced behind another part: Seki, Oozeki.
_VOICED = (("sh", "j"), ("ch", "j"), ("ts", "z"), ("k", "g"), ("s", "z"), ("t", "d"), ("h", "b"), ("f", "b"))
_VOICED_OF_MAX = 2
_VOICED_SHARE = 0.4


def _choices(readings: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(zip(readings, _STEPS, strict=False))


def _by_parts(word: str, kind: str) -> list[Choice]:
    """Return the readings of a word by its characters, or none where a character is not known."""
    parts = character_readings(kind)
    if not word or len(word) > _LETTERS_MAX or any(letter not in parts for letter in word):
        return []
    if kind == "family-part":
        behind = [_with_voiced(parts[letter]) for letter in word[1:]]
        return best_paths([_choices(parts[word[0]]), *behind], _FAMILIES_MAX)
    if len(word) == 1:
        return best_paths([_choices(parts[word])], _FAMILIES_MAX)
    return best_paths([_choices_of_part(parts[letter]) for letter in word], _GIVEN_MAX)


def _with_voiced(readings: tuple[str, ...]) -> list[Choice]:
    """Return the choices for a character behind another: its usual readings voiced, too, where the table has none so."""
    voiced = [_voiced(text) for text in readings[:_VOICED_OF_MAX]]
    return [
        *_choices(readings),
        *((text, _VOICED_SHARE) for text in dict.fromkeys(voiced) if text and text not in readings),
    ]


def _voiced(text: str) -> str:
    """Return a reading with its first sound voiced, nothing where that sound has no voice.

    >>> _voiced("seki"), _voiced("mori")
    ('zeki', '')
    """
    for mute, voiced in _VOICED:
        if text.startswith(mute):
            return voiced + text.removeprefix(mute)
    return ""


def _choices_of_part(readings: tuple[str, ...]) -> list[Choice]:
    """Return the choices for one character of several: those that make a whole name by themselves come last."""
    short = tuple(text for text in readings if _morae(text) < _WHOLE_NAME_MORAE)
    whole = [(text, _WHOLE_NAME_SHARE) for text in readings if _morae(text) == _WHOLE_NAME_MORAE]
    return [*_choices(short), *_clipped(short), *whole] or list(_choices(readings))


def _clipped(readings: tuple[str, ...]) -> list[Choice]:
    """Return what is left of readings whose end parents leave off, none that is a reading of its own."""
    clipped = [
        text.removesuffix(ending) + rest
        for text in readings
        for ending, rest in _CLIPPED.items()
        if text.endswith(ending)
    ]
    return [(text, _CLIPPED_SHARE) for text in dict.fromkeys(clipped) if text not in readings]


def _morae(text: str) -> int:
    return sum(letter in "aeiou" for letter in text)


def long_vowels(text: str, weight: float) -> list[Choice]:
    """Return a spelling with its long vowels short, as most people write them, and written out.

    >>> long_vowels("ryouta", 1.0)
    [('ryota', 1.0), ('ryouta', 0.6)]
    """
    short = text.replace("ou", "o").replace("oo", "o").replace("uu", "u")
    if short == text or weight < _LONG_WEIGHT_MIN:
        return [(short, weight)]
    return [(short, weight), (text, weight * 0.6)]


def japanese_readings(word: str) -> tuple[Reading, ...]:
    """Return the Japanese readings of a folded word, as family name and as given name."""
    found: list[Reading] = []
    for kind, rule in (("family", "han-japanese-family"), ("given", "han-japanese-given")):
        whole = character_readings(kind).get(word, ())
        for text, weight in _choices(whole):
            found += [Reading(spelt, part, rule) for spelt, part in long_vowels(text, weight)]
        share = 0.4 if whole else 0.8
        for text, weight in _by_parts(word, f"{kind}-part"):
            found += [Reading(spelt, part, rule) for spelt, part in long_vowels(text, weight * share)]
    return ranked(found, _READINGS_MAX)
