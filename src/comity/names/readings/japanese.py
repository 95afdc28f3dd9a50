"""Kanji as Japanese names read them: whole names that are known, others character by character."""

from comity.names.readings.characters import character_readings
from comity.names.readings.reading import Choice, Reading, best_paths, ranked

_STEPS = (1.0, 0.7, 0.5, 0.4, 0.33, 0.28, 0.24, 0.2)
_LETTERS_MAX = 5
_FAMILIES_MAX = 8
_GIVEN_MAX = 20
_READINGS_MAX = 24
# A reading of three morae and more (takashi, makoto) is a name by itself, and seldom a part of one.
_WHOLE_NAME_MORAE = 3
_WHOLE_NAME_SHARE = 0.15
# Both spellings of a long vowel are offered of the readings that are usual enough.
_LONG_WEIGHT_MIN = 0.5


def _choices(readings: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(zip(readings, _STEPS, strict=False))


def _by_parts(word: str, kind: str) -> list[Choice]:
    """Return the readings of a word by its characters, or none where a character is not known."""
    parts = character_readings(kind)
    if not word or len(word) > _LETTERS_MAX or any(letter not in parts for letter in word):
        return []
    if len(word) == 1 or kind == "family-part":
        return best_paths([_choices(parts[letter]) for letter in word], _FAMILIES_MAX)
    return best_paths([_choices_of_part(parts[letter]) for letter in word], _GIVEN_MAX)


def _choices_of_part(readings: tuple[str, ...]) -> list[Choice]:
    """Return the choices for one character of several: those that make a whole name by themselves come last."""
    short = tuple(text for text in readings if _morae(text) < _WHOLE_NAME_MORAE)
    whole = [(text, _WHOLE_NAME_SHARE) for text in readings if _morae(text) == _WHOLE_NAME_MORAE]
    return [*_choices(short), *whole] or list(_choices(readings))


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
