"""What Thai and Lao have in common: vowels stand before, above, below and after, and some are not written.

letters -> tone marks away, silenced letters apart -> onsets with their vowel -> unwritten vowels -> choices
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from comity.names.readings.reading import Choice, Reading, best_paths, choices, ranked

Choices = tuple[Choice, ...]

VowelTable = tuple[tuple[str, str, Choices, bool], ...]
"""Signs before the onset, signs after it, what they write, and whether a consonant may close the syllable."""


@dataclass(frozen=True, slots=True)
class TaiScript:
    """One script's letters and habits, written in Thai letters: Lao is brought into their places first."""

    rule: str
    initials: Mapping[str, Choices]
    finals: Mapping[str, Choices]
    clusters: frozenset[str]
    vowels: VowelTable


@dataclass(frozen=True, slots=True)
class _Unit:
    """An onset with its written vowel, or a bare consonant (vowel None), or a silenced one (mute)."""

    onset: str
    vowel: Choices | None = None
    open: bool = False
    mute: bool = False


_TONES = str.maketrans("", "", "\u0e48\u0e49\u0e4a\u0e4b\u0e46\u0e4e\u200b")
_KILLER = "\u0e4c"
_BEFORE = "เแโไใ"
_LONG_BEFORE = frozenset("เแโ")
_LEADS = frozenset("งญณนมยรลวฬ")
_SILENT: Choices = (("", 1.0),)
_LINK: Choices = (("a", 1.0),)
_CLOSED: Choices = (("o", 1.0), ("a", 0.3))
# A letter marked silent is not spoken; names of foreigners and of learned origin often keep it in Latin letters.
_MUTE_KEPT = 0.5
# One letter can close a syllable and open the next: Rattana, Phatchara.
_SIGNS = frozenset("ะาิีึืุูัำ็")
_SHARED = 0.35
_SHARING = frozenset("ตทธฒสชจพภค")
# Foreigners' names begin with s and a stop, which Thai parts by an unwritten a.
_AFTER_S = frozenset("กคตทปพมน")
_CLUSTERED: Choices = (("a", 1.0), ("", 0.7))


def vowel_table(text: str) -> VowelTable:
    """Return vowel patterns from lines `before_after choices`, a dot at the end where the syllable is open.

    The longest pattern stands first, so it is tried first.
    """
    rows: list[tuple[str, str, Choices, bool]] = []
    for entry in text.split(","):
        pattern, _, rest = entry.strip().partition(" ")
        before, _, after = pattern.rstrip(".").partition("_")
        rows.append((before, after, choices(rest), pattern.endswith(".")))
    return tuple(sorted(rows, key=_by_length))


def _by_length(row: tuple[str, str, Choices, bool]) -> int:
    return -len(row[0]) - len(row[1])


def _onset(word: str, place: int, script: TaiScript) -> str:
    """Return the consonants at `place` that begin a syllable together: one, or two of a cluster."""
    pair = word[place : place + 2]
    if pair in script.clusters or (len(pair) == 2 and pair[0] == "ห" and pair[1] in _LEADS):
        return pair
    return word[place : place + 1]


def _unit_at(word: str, place: int, script: TaiScript) -> tuple[_Unit, int]:
    before = word[place] if word[place] in _BEFORE else ""
    start = place + len(before)
    pair = _onset(word, start, script)
    for onset in dict.fromkeys((pair, pair[:1])):
        after = start + len(onset)
        if len(onset) == 2 and not before and word[after : after + 1] in {"", "อ", "ว"}:
            continue
        if len(onset) == 2 and after == len(word) and (onset[1] == "ว" or before in _LONG_BEFORE):
            continue
        for lead, tail, vowel, is_open in script.vowels:
            if lead == before and (lead or tail) and word.startswith(tail, after):
                ends = after + len(tail)
                # A written vowel after the tail shows that the tail's consonant begins the next syllable.
                if tail[-1:] in {"อ", "ว", "ย"} and word[ends : ends + 1] in _SIGNS:
                    continue
                return _Unit(onset, vowel, is_open), ends
    return _Unit(word[start : start + 1]), start + 1


def _killed(word: str, place: int) -> int:
    """Return how many signs a silenced consonant takes at `place`, 0 where it is spoken."""
    if word[place + 1 : place + 2] == _KILLER:
        return 2
    vowel, sign = word[place + 1 : place + 2], word[place + 2 : place + 3]
    return 3 if sign == _KILLER and vowel in {"ิ", "ุ"} else 0


def _units(word: str, script: TaiScript) -> Iterator[_Unit]:
    place = 0
    while place < len(word):
        letter = word[place]
        if letter not in script.initials and letter not in _BEFORE:
            place += 1
            continue
        killed = _killed(word, place)
        if killed and letter in script.initials:
            yield _Unit(letter, mute=True)
            place += killed
            continue
        unit, place = _unit_at(word, place, script)
        yield unit


def _bare_run(units: list[_Unit], place: int) -> int:
    """Return how many units from `place` on have no written vowel and are spoken."""
    ends = place
    while ends < len(units) and units[ends].vowel is None and not units[ends].mute:
        ends += 1
    return ends - place


def _bare(units: list[_Unit], place: int) -> Choices:
    """Return the unwritten vowel of a bare consonant that closes no syllable."""
    run = _bare_run(units, place)
    if run in {2, 4} or (run > 1 and place + run < len(units) and run != 3):
        return _CLOSED
    following = units[place + 1 : place + 2]
    if units[place].onset == "ส" and following and following[0].onset[:1] in _AFTER_S:
        return _CLUSTERED
    return _LINK


def _joined(units: list[_Unit]) -> list[tuple[_Unit, bool]]:
    """Return each unit with whether it closes the syllable before it; a bare pair takes its vowel here."""
    found: list[tuple[_Unit, bool]] = []
    closable = False
    for place, unit in enumerate(units):
        if unit.mute:
            found.append((unit, True))
        elif unit.vowel is not None:
            found.append((unit, False))
            closable = not unit.open
        elif closable and not _ends_in_pair(units, place):
            found.append((unit, True))
            closable = False
        elif place and _bare_run(units, place) == 1 and (place + 1 == len(units) or units[place + 1].mute):
            # A last consonant after a closed syllable is written, seldom spoken: Chan(thr), Wat(ra).
            found.append((replace(unit, vowel=_LINK, mute=True), True))
        else:
            vowel = _bare(units, place)
            found.append((replace(unit, vowel=vowel), False))
            closable = vowel is _CLOSED
    return found


def _ends_in_pair(units: list[_Unit], place: int) -> bool:
    """Return whether the two last letters are the syllable phon, blessing, that ends many names: Supha-phon."""
    return [unit.onset for unit in units[place:]] == ["พ", "ร"]


def _initial(onset: str, script: TaiScript) -> Choices:
    if onset in script.initials:
        return script.initials[onset]
    if len(onset) == 2 and onset[0] == "ห":
        return script.initials[onset[1]]
    if len(onset) < 2:
        return _SILENT
    pairs = [
        (first + second, weight * other)
        for first, weight in script.initials[onset[0]]
        for second, other in script.initials[onset[1]]
    ]
    return tuple(pairs)


def _final(unit: _Unit, following: str, script: TaiScript) -> Choices:
    """Return what closes a syllable; `following` is the next onset, "" where no syllable follows."""
    spoken = script.finals.get(unit.onset, _SILENT)
    if unit.mute:
        kept = ((text, weight * _MUTE_KEPT) for text, weight in script.initials.get(unit.onset, ()))
        open_end = (("ra", _MUTE_KEPT),) if unit.onset == "ร" and unit.vowel else ()
        return (("", 1.0), *kept, *open_end)
    if following and following != unit.onset and unit.onset in _SHARING:
        begins = script.initials[unit.onset][0][0]
        return (*spoken, (spoken[0][0] + begins + "a", _SHARED))
    return spoken


def read_tai(word: str, script: TaiScript, limit: int = 12) -> tuple[Reading, ...]:
    """Return the readings of a word written in Thai letters by the habits of `script`."""
    joined = _joined(list(_units(word.translate(_TONES), script)))
    places: list[Choices] = []
    for place, (unit, closes) in enumerate(joined):
        if closes:
            opens = place + 1 < len(joined) and not joined[place + 1][1]
            places.append(_final(unit, joined[place + 1][0].onset if opens else "", script))
            continue
        places.extend((_initial(unit.onset, script), unit.vowel or _SILENT))
    return ranked(Reading(text, weight, script.rule) for text, weight in best_paths(places, limit))
