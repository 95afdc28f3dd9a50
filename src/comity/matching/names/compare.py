"""How well do two names agree, and why? Words are paired one to one, each pair weighed by rule and rarity.

    query, names of records -> packed -> prices between words -> rarities -> best pairing -> weights -> the best cuts

A weight is the logarithm of how much likelier the meeting is for the same person than for another one.
Absent is not contrary: a word that only one side has weighs little against, two words that stand against
each other weigh much. The kernels decide; a meeting is put into words only for who is to be told of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from comity.matching.names import rules
from comity.matching.names.meetings import meet
from comity.matching.names.packing import Lexicon, PackedName, PackedQuery, lexicon, numbered
from comity.matching.names.pairing import ALONE, ASKED_PLACE, HELD_PLACE, RULE, pair_names
from comity.matching.names.values import NameComparison, Rarity, RecordName, WordAgreement
from comity.matching.names.weights import EVEN_WEIGHT, INITIAL, MISSING, SCORE_SLOPE, TYPE_WEIGHTS
from comity.names.parts import Name, Word


@dataclass(frozen=True, slots=True)
class Comparisons:
    """How a query meets some names: weights as numbers, each meeting in words on demand.

    `chosen` has for each name the cuts that met best, of the query and of the name, and how many words came of it;
    `words` their places in the cuts and their rules, `weights` what each weighs. `weight` is minus infinity where
    nobody can read the name.
    """

    query: Name
    asked: PackedQuery
    names: Sequence[RecordName]
    held: Sequence[PackedName]
    rarity: Rarity
    type_weights: NDArray[np.float64]
    weight: NDArray[np.float64]
    chosen: NDArray[np.int32]
    words: NDArray[np.int32]
    weights: NDArray[np.float64]

    def told(self, place: int) -> NameComparison:
        """Return the comparison with one of the names, in words."""
        text = self.names[place].text
        if not len(self.held[place].cuts):
            return unread(self.query, text)
        cut, held_cut, count = map(int, self.chosen[place])
        asked, held = _Cut(self.asked.name, cut), _Cut(self.held[place], held_cut)
        rows = zip(self.words[place, :count].tolist(), self.weights[place, :count].tolist(), strict=True)
        words = tuple(_agreement(asked, held, row, weight, self.rarity) for row, weight in rows)
        weight = float(self.weight[place])
        return NameComparison(weight, _score(weight), text, words)


def compare_all(query: Name, names: Sequence[RecordName], rarity: Rarity) -> Comparisons:
    """Return how the query meets each of the names. `rarity` is asked for the words that meet."""
    known = lexicon()
    asked, held = known.met(query, [name.text for name in names])
    type_weights = np.array([TYPE_WEIGHTS.get(name.type, 0.0) for name in names], dtype=np.float64)
    return Comparisons(
        query, asked, names, held, rarity, type_weights, *_paired(known, asked, held, type_weights, rarity)
    )


def compare_names(query: Name, record_names: Sequence[RecordName], rarity: Rarity) -> NameComparison:
    """Return how the query meets the record's names: the best of them, with each word's part in it.

    Without a readable name in the record nothing agrees.
    """
    if not record_names:
        return unread(query, "")
    found = compare_all(query, record_names, rarity)
    return found.told(int(np.argmax(found.weight)))


def unread(query: Name, text: str) -> NameComparison:
    """Return what a name is worth that nobody can read: all words asked for are missing."""
    words = tuple(WordAgreement(word.text, None, "missing", 0.0, MISSING) for word in query.words)
    weight = sum(word.weight for word in words)
    return NameComparison(weight, _score(weight), text, words)


def _score(weight: float) -> float:
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, SCORE_SLOPE * (weight - EVEN_WEIGHT)))))


def _paired(
    known: Lexicon,
    asked: PackedQuery,
    held: Sequence[PackedName],
    type_weights: NDArray[np.float64],
    rarity: Rarity,
) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    distinct, parts = numbered(np.concatenate([name.parts for name in held]))
    traits = known.traits.values
    price, rule, short, rival, weighed, weighed_held = meet(
        asked.distinct, distinct, traits, known.signs.values, known.letters.values, known.letter_starts.values,
        known.sounds.values, known.sound_starts.values, known.prices.values, known.nicknames.values,
    )  # fmt: skip
    starts = np.array(list(accumulate((len(name.cuts) for name in held), initial=0)), dtype=np.int32)
    return pair_names(
        asked.name.cuts, asked.parts, asked.name.firsts, np.concatenate([name.cuts for name in held]),
        parts, np.concatenate([name.firsts for name in held]), starts, type_weights,
        traits[asked.distinct], traits[distinct], price, rule, short, rival,
        *_rarities(known, (asked.distinct, distinct), (weighed, weighed_held), rarity),
        known.expected.values[asked.distinct],
    )  # fmt: skip


def _rarities(
    known: Lexicon,
    parts: tuple[NDArray[np.int32], NDArray[np.int32]],
    weighed: tuple[NDArray[np.uint8], NDArray[np.uint8]],
    rarity: Rarity,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how rare the words are that meet, asked for and held, all asked at once; nobody asks for the others."""
    spoken, both = known.spoken, np.concatenate(parts)
    wanted = np.flatnonzero(np.concatenate(weighed))
    rarities = np.zeros(both.size, dtype=np.float64)
    if wanted.size:
        rarities[wanted] = rarity.idf_all([spoken[part] for part in both[wanted].tolist()])
    return rarities[: parts[0].size], rarities[parts[0].size :]


class _Cut:
    """One cut of a packed name, for putting a meeting into words."""

    def __init__(self, name: PackedName, cut: int) -> None:
        self.words: tuple[Word, ...] = name.words[cut]
        start = int(name.cuts[:cut, 1].sum())
        self._firsts = name.firsts[start : start + int(name.cuts[cut, 1])].tolist()

    def text(self, part: int) -> str:
        """Return a part as it is shown: a word, or two with a blank between."""
        first = self._firsts[part]
        last = first if part < len(self.words) else first + 1
        return " ".join(word.text for word in self.words[first : last + 1])


def _agreement(asked: _Cut, held: _Cut, row: list[int], weight: float, rarity: Rarity) -> WordAgreement:
    rule = rules.RULES[row[RULE]]
    if row[ASKED_PLACE] == ALONE:
        text = held.text(row[HELD_PLACE])
        return WordAgreement("", text, rule, rarity.idf(text), weight)
    one = asked.text(row[ASKED_PLACE])
    if row[HELD_PLACE] == ALONE:
        return WordAgreement(one, None, rule, rarity.idf(one), weight)
    two = held.text(row[HELD_PLACE])
    if row[RULE] == rules.STANDS_FOR:
        return WordAgreement(one, two, rule, INITIAL, weight)
    if rule in {"contradicts", "cut-off"}:
        return WordAgreement(one, two, rule, rarity.idf(one), weight)
    rare = min(rarity.idf(one.replace(" ", "")), rarity.idf(two.replace(" ", "")))
    return WordAgreement(one, two, rule, rare, weight)
