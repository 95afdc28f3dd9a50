"""What the scripts of India and their kin have in common: a consonant carries a vowel unless a sign says otherwise.

letters -> consonants and vowels, clusters joined -> choices at each place -> the likeliest spellings
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.names.readings.reading import Choice, Reading, best_paths, ranked

Choices = tuple[Choice, ...]
_NOTHING: Mapping[str, Choices] = {}


@dataclass(frozen=True, slots=True)
class Abugida:
    """One script's letters and habits.

    `consonants` may hold clusters and letters with their dot; `medial` and `after_nasal` say what a consonant
    becomes there. `inherent` is the unwritten vowel; where `drops` holds it falls at the end and in the middle
    of words, as in Hindi.
    """

    rule: str
    consonants: Mapping[str, Choices]
    vowels: Mapping[str, Choices]
    signs: Mapping[str, Choices]
    virama: str
    marks: Mapping[str, Choices]
    inherent: Choices
    drops: bool = False
    medial: Mapping[str, Choices] = field(default_factory=dict)
    after_nasal: Mapping[str, Choices] = field(default_factory=dict)
    nasals: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Unit:
    """A consonant or none, with the vowel that follows it: written, silenced, or inherent (None)."""

    consonant: str
    vowel: Choices | None
    mark: Choices = ()


_SILENT: Choices = (("", 1.0),)
_LABIALS = frozenset("pbmf")
# The unwritten vowel where it usually falls, and where a cluster holds it.
_FALLEN = 0.35
_HELD = 0.25


def _units(word: str, script: Abugida) -> list[_Unit]:
    units: list[_Unit] = []
    place = 0
    while place < len(word):
        length = next((size for size in (4, 3, 2, 1) if word[place : place + size] in script.consonants), 0)
        if length:
            units.append(_Unit(word[place : place + length], None))
            place += length
            continue
        letter = word[place]
        place += 1
        if letter in script.vowels:
            units.append(_Unit("", script.vowels[letter]))
        elif letter == script.virama and units:
            units[-1].vowel = _SILENT
        elif letter in script.signs and units:
            units[-1].vowel = script.signs[letter]
        elif letter in script.marks and units:
            units[-1].mark = script.marks[letter]
    return units


def _falls(units: list[_Unit], place: int, *, fallen_after: bool) -> float:
    """Return how usually the unwritten vowel of a unit is not spoken either, 0 to 1."""
    unit = units[place]
    last = place == len(units) - 1
    in_cluster = place > 0 and units[place - 1].vowel is _SILENT and not units[place - 1].mark
    if unit.mark or (place == 0 and not last):
        return 0.0
    if last:
        return _HELD if in_cluster else 1.0 if place else 0.0
    following = units[place + 1]
    before = units[place - 1]
    open_before = before.vowel is not _SILENT
    if in_cluster or not open_before or fallen_after or not following.consonant or following.vowel is _SILENT:
        return 0.0
    return 0.6


def _inherent(script: Abugida, falls: float) -> Choices:
    if not falls:
        return script.inherent
    vowel, weight = script.inherent[0]
    spoken = _FALLEN if falls >= 1.0 else 1.0 - falls + 0.15
    if falls <= _HELD:
        return (*script.inherent, ("", falls))
    return (("", 1.0), (vowel, weight * spoken))


def _consonant(units: list[_Unit], place: int, script: Abugida) -> Choices:
    letter = units[place].consonant
    before = units[place - 1]
    after_nasal = place and before.consonant in script.nasals and before.vowel is _SILENT
    if after_nasal and letter in script.after_nasal:
        return script.after_nasal[letter]
    if place and letter in script.medial:
        doubled = units[place - 1].consonant == letter and units[place - 1].vowel is _SILENT
        opens = units[place].vowel is _SILENT
        if not doubled and not opens and units[place - 1].vowel is not _SILENT:
            return script.medial[letter]
    return script.consonants[letter]


def _mark(mark: Choices, following: Choices) -> Choices:
    if mark and mark[0][0] == "n" and following and following[0][0][:1] in _LABIALS:
        return (("m", 1.0), *mark[:1])
    return mark


def read_abugida(word: str, script: Abugida, limit: int = 10) -> tuple[Reading, ...]:
    """Return the readings of a word in a script of this kind."""
    units = _units(word, script)
    falls = [0.0] * len(units)
    if script.drops:
        after = False
        for place in range(len(units) - 1, -1, -1):
            if units[place].vowel is None:
                falls[place] = _falls(units, place, fallen_after=after)
            after = falls[place] >= 0.5
    places: list[Choices] = []
    for place, unit in enumerate(units):
        if unit.consonant:
            places.append(_consonant(units, place, script))
        places.append(_inherent(script, falls[place]) if unit.vowel is None else unit.vowel)
        if unit.mark:
            following = (
                script.consonants.get(units[place + 1].consonant, ()) if place + 1 < len(units) else ()
            )
            places.append(_mark(unit.mark, following))
    return ranked(Reading(text, weight, script.rule) for text, weight in best_paths(places, limit))
