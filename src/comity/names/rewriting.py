"""Which other letters do languages write for the same sound? Rules as data, applied by one kernel to a spelling in codes.

    rules of a group, in order -> at each place of a spelling the first that fits -> the spelling written otherwise

A rule says which letters it takes, what it writes instead, what must stand before and behind, and how the word must end.
A set of signs is written as its letters: `.` is any letter, `^` and `$` the edge of the word, `*` anything, and
a set that begins with `!` is all but these.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.names.readings.sound_automaton import uncounted
from comity.names.sounds import ALPHABET

Codes = NDArray[np.uint8]

_EDGE: Final = 1
_LETTERS: Final = ((1 << len(ALPHABET)) - 1) << 1
_VOWELS: Final = "aeiou"
_BEFORE, _AHEAD, _ENDING = 2, 4, 3


class _Rule(NamedTuple):
    """One rule of a group. A group applies where a rule of it fits that `tells`; the others then do so, too."""

    letters: str
    instead: str
    before: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    ending: tuple[str, ...] = ()
    tells: bool = True


def _any_of(*rules: tuple[str, str, str, str]) -> tuple[_Rule, ...]:
    """Return rules of which each names the sets before and behind its letters, parted by blanks."""
    return tuple(
        _Rule(letters, instead, tuple(before.split()), tuple(ahead.split()))
        for letters, instead, before, ahead in rules
    )


# Somali and Uzbek write x for the h of Mohamed and Hussein, Somali also for that of Ahmed, Farah and Nuh.
_SOMALI_X: Final = _any_of(("x", "h", "", _VOWELS + "m"), ("x", "h", "lra a", "$"), ("x", "h", "u u", "$"))
# What Albanians (xh), Scandinavians and Dutch (sj, tsj, zj) and Hungarians (zs, dzs) write for j, sh, ch and zh.
_HISSING: Final = _any_of(
    ("xh", "j", "", ""), ("tsj", "ch", "", ""), ("sj", "sh", "", ""),
    ("zj", "zh", "", ""), ("dzs", "j", "", ""), ("zs", "zh", "", ""),
)  # fmt: skip
# What German press writes for the Turkish c, ç, ş, y and v, and for the g of Egyptians, which is j elsewhere.
_TURKISH: Final = (
    _Rule("dsch", "c"), _Rule("tsch", "c"), _Rule("sch", "s", tells=False), _Rule("j", "y", tells=False),
    _Rule("w", "v", tells=False),
)  # fmt: skip
_EGYPTIAN: Final = (_Rule("dsch", "g"),)

_RESPELT: Final = 0.1
_DEAR: Final = 0.25
_RESPELLINGS: Final = (
    # Letters that other languages write for the same sound, where the index would hear another consonant.
    (_RESPELT, _any_of(("y", "j", _VOWELS, ""), ("y", "j", "", _VOWELS), ("v", "w", "", ""))),
    (_RESPELT, _any_of(("j", "y", "", ""), ("w", "v", "", ""))),
    (_RESPELT, _any_of(("kh", "h", "", ""))),
    (_RESPELT, _any_of(("h", "kh", "!cgkpstz", ""))),
    (_RESPELT, _any_of(("g", "j", "", "eiy"))),
    (_RESPELT, _any_of(("j", "g", "", "eiy"))),
    (_RESPELT, _any_of(("ch", "k", "", ""))),
    (_RESPELT, _any_of(("rh", "gh", "", ""))),
    # German and Polish write ch for kh; Hebrew has one letter for the h of Haim and the ch of Chaim.
    (_RESPELT, _any_of(("kh", "ch", "", ""))),
    (_DEAR, _any_of(("ch", "h", "^", f"{_VOWELS} . . ."))),
    # Greek, Spanish, Bengali and Nepali have one sound where others have two: Debi is Devi.
    (_DEAR, _any_of(("v", "b", "aeiouylr", "aeiouy"), ("v", "b", "^", ""))),
    (_DEAR, _any_of(("b", "v", "aeiouylr", "aeiouy"), ("b", "v", "^", ""))),
    # Thai, Lao and Khmer ph is a p with breath, which their bearers write p as often; what shows such a word
    # are its other letters.
    (_DEAR, _any_of(("ph", "p", "", _VOWELS + "r"))),
    (
        _DEAR,
        (
            _Rule("p", "ph", ("^",), (_VOWELS, ".", ".", "."), ("n", "gh")),
            _Rule("p", "ph", ("^",), (_VOWELS, ".", ".", "."), ("sx", "a", "y")),
            *_any_of(("p", "ph", "", f"{_VOWELS} n gh $")),
        ),
    ),
    # Scholars write Greek as Romans did, c for k and b for v, where c is an s to everybody else: Cyriaces, Basilice.
    # Greek names have a k before e, i or y in Kyriakos, -akis and -iki.
    (
        _DEAR,
        (
            *_any_of(
                ("c", "k", "^", "y rp"), ("c", "k", "^", "e p h"), ("c", "k", "^", "e r c"),
                ("c", "k", "aiou", "e $"), ("c", "k", "aiou", "e s $"), ("c", "k", "aiou", "i s $"),
            ),
            _Rule("b", "v", tells=False),
        ),
    ),
    (
        _DEAR,
        (
            *_any_of(
                ("k", "c", "^", "y rp"), ("k", "c", "^", "e f"), ("k", "c", "^", "e p h"), ("k", "c", "^", "e r k"),
                ("k", "c", "aiou", "e $"), ("k", "c", "aiou", "e s $"), ("k", "c", "aiou", "i $"), ("k", "c", "aiou", "i s $"),
            ),
            _Rule("v", "b", tells=False),
        ),
    ),
)  # fmt: skip

_GROUPS: Final = (_SOMALI_X, _HISSING, _TURKISH, _EGYPTIAN, *(rules for _, rules in _RESPELLINGS))
SOMALI_X, HISSING, TURKISH, EGYPTIAN, RESPELLINGS = range(5)
"""The groups of rules by number; from the last on they are what other languages write, in the order they are tried."""
GROUPS_COUNT: Final = len(_GROUPS)

GROUP_PRICES: Final = np.array([0.3, 0.1, 0.25, 0.25, *(price for price, _ in _RESPELLINGS)])


def _signs(some: str) -> int:
    """Return a set of signs as bits: the edge of the word in the lowest, then letters and digits by their codes."""
    if some.startswith("!"):
        return (_EDGE | _LETTERS) & ~_signs(some[1:])
    bits = 0
    for sign in some:
        bits |= {"^": _EDGE, "$": _EDGE, ".": _LETTERS, "*": _EDGE | _LETTERS}.get(
            sign
        ) or 1 << ALPHABET.index(sign) + 1
    return bits


def _packed(text: str) -> int:
    return sum((ALPHABET.index(letter) + 1) << 8 * place for place, letter in enumerate(text))


LETTERS, SIZE, INSTEAD, INSTEAD_SIZE, TELLS, NEEDED, ENDING_SIZE = range(7)
BEFORE, AHEAD, ENDING = 7, 7 + _BEFORE, 7 + _BEFORE + _AHEAD


def _row(rule: _Rule) -> list[int]:
    # The nearest sign before comes first.
    before = [*map(_signs, reversed(rule.before)), *[_signs("*")] * (_BEFORE - len(rule.before))]
    ahead = [*map(_signs, rule.ahead), *[_signs("*")] * (_AHEAD - len(rule.ahead))]
    ending = [*map(_signs, rule.ending), *[0] * (_ENDING - len(rule.ending))]
    return [
        _packed(rule.letters), len(rule.letters), _packed(rule.instead), len(rule.instead), rule.tells,
        _signs(rule.letters), len(rule.ending), *before, *ahead, *ending,
    ]  # fmt: skip


_RULES: Final = np.array([_row(rule) for rules in _GROUPS for rule in rules], dtype=np.int64)
_STARTS: Final = np.cumsum([0, *map(len, _GROUPS)])


@uncounted
def signs_in(texts: Codes, start: int, size: int) -> np.int64:
    """Return which letters a spelling has, one bit each."""
    bits = np.int64(0)
    for place in range(start, start + size):
        bits |= np.int64(1) << np.int64(texts[place])
    return bits


@uncounted
def rewritten(texts: Codes, start: int, size: int, signs: np.int64, group: int, out: int, room: int) -> int:
    """Write a spelling as a group of rules has it into `texts` from `out`; return how long it is, 0 where none fits.

    `signs` are the letters that it has, as `signs_in` tells. What does not fit into the room is left out.
    """
    first, last = _STARTS[group], _STARTS[group + 1]
    may_tell = False
    for rule in range(first, last):
        needed = _RULES[rule, NEEDED]
        may_tell = may_tell or (_RULES[rule, TELLS] != 0 and signs & needed == needed)
    if not may_tell:
        return 0
    told, place, length = False, 0, 0
    while place < size:
        fits = -1
        for rule in range(first, last):
            if _fits(texts, start, size, place, rule):
                fits = rule
                break
        if fits < 0:
            if length < room:
                texts[out + length] = texts[start + place]
                length += 1
            place += 1
            continue
        told = told or _RULES[fits, TELLS] != 0
        for number in range(_RULES[fits, INSTEAD_SIZE]):
            if length < room:
                texts[out + length] = _RULES[fits, INSTEAD] >> (8 * number) & 0xFF
                length += 1
        place += _RULES[fits, SIZE]
    return length if told else 0


@uncounted
def _fits(texts: Codes, start: int, size: int, place: int, rule: int) -> bool:
    """Return whether a rule fits at a place of a spelling."""
    after = place + _RULES[rule, SIZE]
    if after > size:
        return False
    for number in range(_RULES[rule, SIZE]):
        if texts[start + place + number] != _RULES[rule, LETTERS] >> (8 * number) & 0xFF:
            return False
    for number in range(_BEFORE):
        at = place - 1 - number
        sign = np.int64(texts[start + at]) if at >= 0 else 0
        if not _RULES[rule, BEFORE + number] >> sign & 1:
            return False
    for number in range(_AHEAD):
        at = after + number
        sign = np.int64(texts[start + at]) if at < size else 0
        if not _RULES[rule, AHEAD + number] >> sign & 1:
            return False
    ending = _RULES[rule, ENDING_SIZE]
    if ending and size - ending < after + _AHEAD:
        return False
    for number in range(ending):
        if not _RULES[rule, ENDING + number] >> np.int64(texts[start + size - ending + number]) & 1:
            return False
    return True
