"""What is a meeting of two names worth, all its words together? Calibrated on persons whose truth is known.

NameComparison (words, each with the weight of its meeting) -> parts, one a word -> their sum, log-odds over the prior

The words' own weights are as if words met independently. They do not: who is called Kim is Korean, and his other
names come from few. So each further word that meets counts less, a spelling that is only alike in the same script
less still, and a word that stands alone or against another says more against than its weight alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.matching.names import Comparisons, NameComparison, WordAgreement
from comity.matching.names.pairing import RULE
from comity.matching.names.rules import (
    CONTRADICTS,
    EXTRA,
    MISSING,
    PARTICLE,
    RULE_NUMBERS,
    SAME,
    SPELLING,
)


@dataclass(frozen=True, slots=True)
class NameCalibration:
    """The coefficients of the logistic curve, and the evaluation they were fitted in."""

    dated: str
    prior: float
    slope: float  # for a unit of a word's own weight
    further_word: float  # for each word that meets beside the first
    alike: float  # for each word of the same script that is only spelt alike
    missing: float  # for each word asked for that the record lacks; patronymics and initials apart
    extra: float  # for each word of the record that was not asked for
    contradicts: float  # for each two words that stand against each other
    as_written: float  # where all words are the same


CALIBRATION = NameCalibration(
    dated="2026-11-25",
    prior=-5.0,
    slope=0.67,
    further_word=-2.17,
    alike=-1.44,
    missing=-2.12,
    extra=-2.1,
    contradicts=-3.75,
    as_written=2.31,
)
"""Fitted by benchmarks/quality/calibrate.py on the development set: 166,794 persons; docs/names.md has the errors."""

OPTIONAL_WEIGHT = -0.3
"""A word alone that weighs no more against than this is a patronymic, an initial or a particle: it comes and goes."""

EVIDENCE_MIN = -10.0
"""However much two names differ: people do travel under another's."""


COUNTED = ("", "alike", "missing", "extra", "contradicts")
"""Under what a word may count beside its weight, and what each is worth."""
_COUNTED_WEIGHTS = (0.0, CALIBRATION.alike, CALIBRATION.missing, CALIBRATION.extra, CALIBRATION.contradicts)
_SLOPE, _FURTHER_WORD, _AS_WRITTEN = CALIBRATION.slope, CALIBRATION.further_word, CALIBRATION.as_written


def word_parts(met: NameComparison) -> tuple[float, ...]:
    """Return each word's part in the evidence, in the order of the words."""
    return evidence_in_parts(met)[1]


def name_evidence(met: NameComparison) -> float:
    """Return what the meeting of two names is worth as evidence that one person is meant."""
    return evidence_in_parts(met)[0]


def evidence_in_parts(met: NameComparison) -> tuple[float, tuple[float, ...]]:
    """Return what the meeting is worth, and each word's part in it."""
    rules = np.array([RULE_NUMBERS[word.rule] for word in met.words], dtype=np.int32)
    weights = np.array([word.weight for word in met.words], dtype=np.float64)
    parts = np.empty(weights.size, dtype=np.float64)
    return float(evidence(rules, weights, met.weight, parts)), tuple(parts.tolist())


def evidence_of_all(found: Comparisons) -> NDArray[np.float64]:
    """Return what the meeting with each of the names is worth."""
    worth = _evidence_of_all(found.chosen, found.words, found.weights, found.weight)
    for place, name in enumerate(found.held):
        if not len(name.cuts):
            worth[place] = name_evidence(found.told(place))
    return worth


@kernel(nogil=True)
def _evidence_of_all(
    chosen: NDArray[np.int32], words: NDArray[np.int32], weights: NDArray[np.float64], weight: NDArray[np.float64]
) -> NDArray[np.float64]:  # fmt: skip
    worth = np.empty(weight.size, dtype=np.float64)
    rules = np.empty(weights.shape[1], dtype=np.int32)
    parts = np.empty(weights.shape[1], dtype=np.float64)
    for name in range(weight.size):
        count = chosen[name, 2]
        for place in range(count):
            rules[place] = words[name, place, RULE]
        worth[name] = evidence(rules[:count], weights[name, :count], weight[name], parts)
    return worth


@kernel(nogil=True)
def evidence(
    rules: NDArray[np.int32], weights: NDArray[np.float64], weight: float, parts: NDArray[np.float64]
) -> float:
    """Return what words that met by these rules are worth together, and write each one's part.

    `weight` is what they weigh together with the kind of name they met.
    """
    leading = -1
    as_written = rules.size > 0
    for place in range(rules.size):
        if meets(rules[place]) and (leading < 0 or weights[place] > weights[leading]):
            leading = place
        as_written = as_written and (rules[place] == SAME or rules[place] == PARTICLE)
    worth = total = 0.0
    for place in range(rules.size):
        part = _SLOPE * weights[place]
        if place != leading and meets(rules[place]):
            part += _FURTHER_WORD
        part += _COUNTED_WEIGHTS[counted(rules[place], weights[place])]
        parts[place] = part
        worth += part
        total += weights[place]
    return max(EVIDENCE_MIN, worth + (weight - total) + (_AS_WRITTEN if as_written else 0.0))


@kernel(nogil=True)
def counted(rule: int, weight: float) -> int:
    """Return under what a word counts beside its weight, as a place in `COUNTED`."""
    if rule == SPELLING:
        return 1
    if rule == CONTRADICTS:
        return 4
    if weight >= OPTIONAL_WEIGHT:
        return 0
    if rule == MISSING:
        return 2
    return 3 if rule == EXTRA else 0


@kernel(nogil=True)
def meets(rule: int) -> bool:
    """Return whether a rule is that of two words that meet, particles apart."""
    return rule not in (MISSING, EXTRA, CONTRADICTS, PARTICLE)


def rule_counted(word: WordAgreement) -> str:
    """Return under which rule a word counts beside its weight: alike, missing, extra, contradicts, or none."""
    return COUNTED[counted(RULE_NUMBERS[word.rule], word.weight)]


def is_as_written(met: NameComparison) -> bool:
    """Whether the two names have the same words, particles apart, in whatever order."""
    return bool(met.words) and all(word.rule in {"same", "particle"} for word in met.words)


def further_words(met: NameComparison) -> int:
    """Return how many words meet beside the first."""
    return max(0, sum(meets(RULE_NUMBERS[word.rule]) for word in met.words) - 1)
