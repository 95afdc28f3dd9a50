"""What is a stored name worth at most beside a short name in Han characters? Told before it is read.

    query of two or three characters, how rare its words are -> which of them a stored name has, and where
                                                             -> the most that any pairing of words can tell

Such a query sounds like a hundred names, of which one or two are meant. To read them all takes most of a check's time,
and nearly all are told from their characters: two names that sound alike and share no character are hardly one. A bound
leaves out only what a comparison would find to tell too little; where nothing can be said it is infinite.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import permutations
from typing import Final, NamedTuple

from comity.matching.name_evidence import CALIBRATION
from comity.matching.names import Rarity
from comity.matching.names.doubts import (
    CHARACTERS_PRICE,
    FREE_SHARE,
    NO_CHARACTER_PRICE,
    OTHER_CHARACTERS_PRICE,
    PAIR_LETTERS,
    WHOLE_NAME_LETTERS_MIN,
)
from comity.matching.names.packing import JOINED_LETTERS_MIN
from comity.matching.names.weights import CUT_OFF_SHARE, INITIAL, PARTICLE_MAX
from comity.names import Name
from comity.names.chance import WEIGHT_PER_PRICE
from comity.names.forms import asked_forms
from comity.names.parts import is_plain_han
from comity.names.scripts import TRANSCRIBED

LETTERS_MAX: Final = JOINED_LETTERS_MIN - 1
"""In a name of so few characters no two words are taken as one."""

ROUNDING: Final = 1e-6
_QUERIES_KEPT: Final = 64
_PLAIN_ROLES: Final = frozenset({"", "given", "family"})
_SLOPE, _FURTHER = CALIBRATION.slope, CALIBRATION.further_word
# What is typed otherwise costs a typing error at least, what is only spelt alike counts less.
_NOT_SAME: Final = max(CALIBRATION.alike, -_SLOPE * WEIGHT_PER_PRICE)
_HAN: Final = "han"


class _Asked(NamedTuple):
    """A word asked for: its text and script, how rare it is, and whether it is known by other names."""

    text: str
    script: str
    rarity: float
    has_nickname: bool


_Held = tuple[str, str]
"""A word of a stored name: its text and script."""


class MostWorth:
    """The most that stored names can be worth beside one query. Safe for threads: what is kept is the same for all."""

    def __init__(self, cuts: Sequence[Sequence[_Asked]]) -> None:
        self._cuts = cuts
        self._letters = "".join(word.text for word in cuts[0])
        self._places = {letter: self._letters.index(letter) for letter in self._letters}
        self._elsewhere = max(map(_most_of_other_scripts, cuts)) + ROUNDING
        self._known: dict[tuple[int, ...], float] = {}

    def of(self, text: str) -> float:
        """Return the most that a stored name can be worth, infinite where only reading it can tell."""
        if text.isascii():
            return self._elsewhere
        if len(text) > LETTERS_MAX or not is_plain_han(text):
            return math.inf
        places = tuple([self._places.get(letter, -1) for letter in text])
        known = self._known.get(places)
        if known is None:
            # So many places in so few letters: there are eighty of them at most.
            known = self._known[places] = self._most(places)
        return known

    def _most(self, places: tuple[int, ...]) -> float:
        """Return the same of a name whose letters are those of the query at these places, or none of them."""
        text = "".join([self._letters[place] if place >= 0 else "\0" for place in places])
        if sorted(text) == sorted(self._letters):
            return math.inf  # it may be as written
        most = max(_most_of_cuts(asked, held) for asked in self._cuts for held in _cuts_of(text))
        return most + ROUNDING


def most_worth(query: Name, rarity: Rarity) -> MostWorth | None:
    """Return what says the most that names can be worth beside this one, None where that takes reading them."""
    words = [word for cut in query.cuts for word in cut]
    if sum(len(word.text) for word in query.words) > LETTERS_MAX or not all(
        word.script in {_HAN, TRANSCRIBED} and word.role in _PLAIN_ROLES for word in words
    ):
        return None
    texts = tuple(dict.fromkeys(word.text for word in words))
    return _most_worth(query, tuple(zip(texts, rarity.idf_all(texts), strict=True)))


@lru_cache(maxsize=_QUERIES_KEPT)
def _most_worth(query: Name, rarities: tuple[tuple[str, float], ...]) -> MostWorth:
    rare = dict(rarities)
    return MostWorth([[_asked(text, script, rare[text]) for text, script, *_ in cut] for cut in query.cuts])


def _asked(text: str, script: str, rarity: float) -> _Asked:
    has_nickname = any(form.rule == "nickname" for form in asked_forms(text, script))
    return _Asked(text, script, rarity, has_nickname)


def _cuts_of(text: str) -> list[list[_Held]]:
    """Return all ways in which a short name may be cut, and some in which it is not."""
    parted = [[(text[:place], _HAN), (text[place:], _HAN)] for place in range(1, len(text))]
    return [[(text, _HAN)], [(text, TRANSCRIBED)], *parted]


def _most_of_other_scripts(asked: Sequence[_Asked]) -> float:
    """Return the most that any name can be worth that has none of these words as written.

    Each word may be met at no price, or stand beside a particle.
    """
    parts = sorted((_SLOPE * max(word.rarity, INITIAL) for word in asked), reverse=True)
    met = [
        sum(parts[:count]) + _FURTHER * (count - 1) + _SLOPE * PARTICLE_MAX * (len(parts) - count)
        for count in range(1, len(parts) + 1)
    ]
    return max(met)


def _most_of_cuts(asked: Sequence[_Asked], held: Sequence[_Held]) -> float:
    """Return the most that two cuts can be worth: what stands alone or against another never speaks for them."""
    most = 0.0
    for count in range(1, min(len(asked), len(held)) + 1):
        for some in permutations(asked, count):
            for others in permutations(held, count):
                parts = sum(_most_of_words(one, other) for one, other in zip(some, others, strict=True))
                most = max(most, parts + _FURTHER * (count - 1))
    return most


def _most_of_words(asked: _Asked, held: _Held) -> float:
    """Return the most that the meeting of two words can be worth by itself."""
    text, script = held
    if asked.text == text or asked.has_nickname:
        return _SLOPE * max(asked.rarity, INITIAL)
    met = _SLOPE * (asked.rarity - WEIGHT_PER_PRICE * other_characters(asked, held))
    if asked.script == script:
        met += _NOT_SAME
    return max(met, _SLOPE * CUT_OFF_SHARE * asked.rarity, _SLOPE * INITIAL)


def other_characters(asked: _Asked, held: _Held) -> float:
    """Return the price of other characters, as `doubts` does for kernels."""
    text, script = held
    native = asked.script == script == _HAN
    price = OTHER_CHARACTERS_PRICE if native else 0.0
    shortest, longest = sorted((len(asked.text), len(text)))
    if shortest < PAIR_LETTERS or (shortest < WHOLE_NAME_LETTERS_MIN and not native):
        return price
    shared = (Counter(asked.text) & Counter(text)).total()
    if shortest < WHOLE_NAME_LETTERS_MIN:
        return price if shared else price + NO_CHARACTER_PRICE
    return price + CHARACTERS_PRICE * max(0.0, 1 - shared / longest - FREE_SHARE)
