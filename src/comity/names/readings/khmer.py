"""Khmer: each consonant is of one of two series, and the series says how the vowel after it sounds.

letters -> units (consonant, subscripts, vowel) -> what closes a syllable and what opens one -> spellings

Spellings are those people of Cambodia carry, half French, half English (Sok, Chea, Keo, Sophea, Sovann).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from comity.names.readings.reading import Choice, Reading, best_paths, choice_table, choices, ranked

Choices = tuple[Choice, ...]

_FIRST = frozenset("កខចឆដឋណតថបផសហឡអ")
"""Consonants of the first series (inherent a); all others are of the second (inherent o)."""
_WEAK = frozenset("ងញនណមយរលវ")
"""Sonorants: below another consonant, or in a later syllable, they follow the series of what stands before."""
_ONSETS = choice_table(
    "ក k c:0.1, ខ kh k:0.3, គ k, ឃ kh k:0.3, ង ng, ច ch, ឆ chh ch:0.9, ជ ch, ឈ chh ch:0.9, "
    "ញ nh ny:0.4 n:0.3, ដ d, "
    "ឋ th, ឌ d, ឍ th, ណ n, ត t d:0.2, ថ th, ទ t, ធ th t:0.2, ន n, ប b p:0.5, ផ ph, ព p, ភ ph p:0.2, "
    "ម m, យ y, "
    "រ r, ល l, វ v w:0.2, ស s, ហ h, ឡ l, អ -, ឝ s, ឞ s"
)
_FINALS = choice_table(
    "ក k c:0.2, ខ k, គ k, ឃ k, ង ng, ច ch k:0.1, ឆ ch, ជ ch, ញ nh ng:0.5 n:0.5, ដ t d:0.3, ឋ th t:0.8, "
    "ឌ t d:0.3, ណ n, "
    "ត t th:0.4 d:0.1, ថ th t:0.7, ទ t th:0.5 d:0.2, ធ th t:0.7, ន n, ប p b:0.4, ផ p, ព p b:0.1, "
    "ភ p ph:0.5, ម m, "
    "យ y i:0.5, រ r -:0.8, ល l, វ v o:0.5 w:0.3 u:0.3, ស s h:0.2, ហ h -:0.3, ឡ l, អ -"
)
_VOWELS_FIRST = choice_table(
    ": a o:0.8 or:0.4, ា a ar:0.2 aa:0.1, ិ e i:0.9 ei:0.1, ី ei ey:0.9 i:0.8 y:0.8 ee:0.4, "
    "ឹ e i:0.9 oe:0.3 eu:0.3 oeu:0.2, "
    "ឺ eu oeu:0.7 o:0.3 ue:0.2, ុ o u:0.5 oh:0.1, ូ o ou:0.8 u:0.5 au:0.1 oo:0.2, "
    "ួ uo ou:0.9 u:0.4 ua:0.3 uor:0.3, "
    "ើ aeu eu:0.9 er:0.6 oeu:0.4 a:0.1, ឿ oeu eu:0.9 oeur:0.2 ea:0.2, ៀ ie ea:0.7 ia:0.4 ear:0.1, "
    "េ e ei:0.4 ay:0.2, "
    "ែ e ae:0.7 ea:0.1, ៃ ai ay:0.7 ey:0.5, ោ ao o:0.9 or:0.1, ៅ ao au:0.8 av:0.4 ov:0.2, "
    "ុំ om um:0.6 oum:0.2, "
    "ំ am om:0.7 orm:0.2, ាំ am aim:0.1 ang:0.1, ះ ah as:0.1 as:0.1, ុះ oh os:0.2, េះ eh es:0.2, "
    "ោះ oh os:0.3, ័ a ah:0.1, "
    "ៈ a ak:0.9"
)
_VOWELS_SECOND = choice_table(
    ": o a:0.8 or:0.3 oa:0.2 ou:0.2, ា ea a:0.8 ear:0.3 ia:0.2, ិ i e:0.6, ី i y:0.9 ee:0.6 ei:0.2, "
    "ឹ i eu:0.4 oe:0.2 e:0.4 ue:0.1, "
    "ឺ eu ue:0.6 oeu:0.4 u:0.2, ុ u o:0.5 ou:0.3, ូ u ou:0.9 oo:0.6 o:0.3, "
    "ួ uo ou:0.9 u:0.4 ua:0.4 uor:0.3, "
    "ើ eu oeu:0.8 er:0.6 oe:0.3, ឿ oeu eu:0.9 oeur:0.2 ea:0.3, ៀ ie ea:0.8 ia:0.5 ear:0.1, "
    "េ e ei:0.4 ay:0.2, "
    "ែ e ae:0.7 ea:0.2, ៃ ey ai:0.8 ei:0.5 ay:0.4 y:0.2, ោ o ou:0.4 oo:0.2, "
    "ៅ ov ou:0.7 ao:0.6 au:0.4 oeu:0.1, "
    "ុំ um om:0.8 oum:0.5, ំ um om:0.8 oum:0.4, ាំ am oam:0.6 eam:0.3, ះ eah ah:0.5, ុះ uh us:0.2, "
    "េះ eh es:0.2, "
    "ោះ oh uos:0.2, ័ a oa:0.7 ea:0.4 o:0.2, ៈ a eak:0.5 ak:0.8"
)
_ALONE = choice_table(
    "ឣ a, ឤ a, ឥ i e:0.6 ey:0.1, ឦ ei ey:0.7 i:0.6, ឧ u o:0.8 ou:0.4, ឨ ok, ឩ ou u:0.7, ឪ ov ao:0.3, "
    "ឫ ry reu:0.6 ri:0.8 rith:0.1, "
    "ឬ reu rue:0.5, ឭ leu lu:0.4, ឮ leu lue:0.3, ឯ ek e:0.9 ae:0.6, ឰ ai ay:0.5, ឱ o ao:0.6 or:0.2, "
    "ឲ ao o:0.6, ឳ ov au:0.6"
)
_SHIFT_FIRST, _SHIFT_SECOND = "៉", "៊"
_KILLED = "៍"
_SUBSCRIPT = "្"
_UNIT = re.compile(
    "(?P<alone>[ឣ-ឳ])|(?P<letter>[ក-អ])(?P<robat>៌?)(?P<shift>[៉៊]?)(?P<below>(?:្[ក-អ])*)(?P<shift_after>[៉៊]?)"
    "(?P<vowel>[ា-ៅ]*[ំះៈ័]?)(?P<killed>[៌់៍៎៏័]*)"
)
# A vowel that is not written between two syllables of Pali origin: Ra-ta-na.
_SILENT: Choices = (("", 1.0),)
_ANG: Choices = (("a", 1.0), ("ai", 0.9))
# The short vowel that ends a learned word is seldom spoken: Sambath, Socheat.
_SHORT_ENDS = {"ិ": choices("- i:0.7"), "ុ": choices("o -:0.6 u:0.5")}
_LINK: Choices = (("", 1.0), ("a", 0.5))


@dataclass(slots=True)
class _Unit:
    """A consonant with those below it and its vowel ("" where none is written), or a vowel standing alone."""

    letters: str
    vowel: str
    shift: str = ""
    alone: str = ""
    killed: bool = False


def _units(word: str) -> Iterator[_Unit]:
    for match in _UNIT.finditer(word):
        if match["alone"]:
            yield _Unit("", "", alone=match["alone"])
            continue
        letters = match["letter"] + match["below"].replace(_SUBSCRIPT, "")
        shift = match["shift"] or match["shift_after"]
        yield _Unit(letters, match["vowel"], shift, killed=_KILLED in match["killed"])


def _is_first(unit: _Unit, *, before: bool | None) -> bool:
    """Return whether the vowel after a unit sounds as in the first series; `before`, what held before it."""
    if unit.shift:
        return unit.shift == _SHIFT_FIRST
    strong = [letter for letter in unit.letters if letter not in _WEAK]
    if strong:
        return strong[-1] in _FIRST
    return before if before is not None else unit.letters[-1] in _FIRST


def _onset(letters: str, *, shifted: bool) -> Choices:
    if shifted and letters == "ប":
        return (("p", 1.0),)
    pairs: Choices = (("", 1.0),)
    for letter in letters:
        pairs = tuple((text + more, one * other) for text, one in pairs for more, other in _ONSETS[letter])
    return pairs


def _closes(units: list[_Unit], place: int, *, is_open: bool) -> bool:
    """Return whether a bare consonant closes the syllable before it rather than opening one."""
    unit = units[place]
    following = units[place + 1].letters if place + 1 < len(units) else ""
    if len(following) > 1 and place + 2 == len(units) and not units[place + 1].vowel:
        # What is stacked at the end closes a syllable of this consonant's own: So-vann.
        return False
    return is_open and not unit.vowel and not unit.shift and len(unit.letters) == 1


def _splits(unit: _Unit, *, is_open: bool) -> bool:
    """Return whether of two stacked consonants the first closes the syllable before: Sok-pha, Van-na."""
    return (
        is_open and len(unit.letters) > 1 and not (unit.letters[1] in "រល" and unit.letters[0] not in _WEAK)
    )


def _closing(letters: str) -> Choices:
    """Return how the first of two stacked consonants closes a syllable; one like the second is often left out."""
    spoken = _FINALS[letters[0]]
    alike = spoken[0][0][:1] == _ONSETS[letters[1]][0][0][:1]
    return (*spoken, ("", 0.9)) if alike else spoken


def _vowel(unit: _Unit, *, first: bool, later: bool) -> Choices:
    table = _VOWELS_FIRST if first else _VOWELS_SECOND
    spoken = table.get(unit.vowel or ":") or table.get(unit.vowel[:1], (("a", 1.0),))
    if later and not unit.shift and not set(unit.letters) - _WEAK:
        # Which series a sonorant follows here is heard, not written: Sovann.
        other = (_VOWELS_SECOND if first else _VOWELS_FIRST).get(unit.vowel or ":", ())
        spoken = (*spoken, *((text, weight * 0.7) for text, weight in other))
    return spoken


def _last_closed(letters: str) -> Choices:
    """Return how stacked consonants close the last syllable: by the first, or the second where they are alike."""
    first, last = _FINALS[letters[0]], _FINALS[letters[-1]]
    alike = first[0][0][:1] == last[0][0][:1]
    return (*first, *((text, weight * 0.8) for text, weight in last)) if alike else first


def _written(unit: _Unit, following: str, *, first: bool, later: bool, last: bool) -> Iterator[Choices]:
    """Yield the onset and the vowel of a unit that opens a syllable."""
    if last and later and unit.vowel in _SHORT_ENDS:
        yield _FINALS[unit.letters[-1]]
        yield _SHORT_ENDS[unit.vowel]
        return
    yield _onset(unit.letters, shifted=unit.shift == _SHIFT_FIRST)
    yield _ANG if unit.vowel == "ាំ" and following == "ង" else _vowel(unit, first=first, later=later)


def _places(word: str) -> Iterator[Choices]:
    units = list(_units(word))
    is_open, before = False, None
    for place, unit in enumerate(units):
        last = place == len(units) - 1
        following = "" if last else units[place + 1].letters
        if unit.alone:
            yield _ALONE[unit.alone]
            is_open, before = True, True
        elif unit.killed:
            yield (("", 1.0), (_FINALS[unit.letters[0]][0][0], 0.3))
        elif _closes(units, place, is_open=is_open):
            yield _FINALS[unit.letters]
            yield _LINK if not last and not units[place - 1].vowel else _SILENT
            is_open = False
        elif last and place and not unit.vowel:
            # The last letters of a learned word are written and hardly spoken: Chan(da), Vong(sa).
            yield (
                _last_closed(unit.letters) if is_open else (("", 1.0), (_ONSETS[unit.letters[0]][0][0], 0.3))
            )
        else:
            if _splits(unit, is_open=is_open):
                yield _closing(unit.letters)
                unit.letters = unit.letters[1:]
            before = _is_first(unit, before=before)
            yield from _written(unit, following, first=before, later=place > 0, last=last)
            is_open = unit.vowel[-1:] not in {"ះ", "ៈ"} and unit.vowel not in {"ំ", "ុំ"}


def read_khmer(word: str) -> tuple[Reading, ...]:
    """Return the readings of a word in Khmer.

    >>> read_khmer("សុខ")[0].text
    'sok'
    """
    # The short a before y sounds as the vowel that has its own sign.
    composed = unicodedata.normalize("NFC", word).replace("័យ", "ៃ")
    return ranked(
        Reading(text, weight, "khmer") for text, weight in best_paths(_places(composed), 12) if weight > 0.0
    )
