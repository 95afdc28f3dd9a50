"""What is a meeting of two names worth, all its words together? Calibrated on persons whose truth is known.

NameComparison (words, each with the weight of its meeting) -> parts, one a word -> their sum, log-odds over the prior

The words' own weights are as if words met independently. They do not: who is called Kim is Korean, and his other
names come from few. So each further word that meets counts less, a spelling that is only alike in the same script
less still, and a word that stands alone or against another says more against than its weight alone.
"""

from dataclasses import dataclass

from comity.matching.names import NameComparison, WordAgreement


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


def word_parts(met: NameComparison) -> tuple[float, ...]:
    """Return each word's part in the evidence, in the order of the words."""
    meetings = [place for place, word in enumerate(met.words) if _meets(word)]
    leading = max(meetings, key=lambda place: met.words[place].weight, default=-1)
    return tuple(
        CALIBRATION.slope * word.weight
        + (CALIBRATION.further_word if place in meetings and place != leading else 0.0)
        + _by_rule(word)
        for place, word in enumerate(met.words)
    )


def name_evidence(met: NameComparison) -> float:
    """Return what the meeting of two names is worth as evidence that one person is meant."""
    whole = CALIBRATION.as_written if is_as_written(met) else 0.0
    type_weight = met.weight - sum(word.weight for word in met.words)
    return max(EVIDENCE_MIN, sum(word_parts(met)) + type_weight + whole)


def rule_counted(word: WordAgreement) -> str:
    """Return under which rule a word counts beside its weight: alike, missing, extra, contradicts, or none."""
    if word.rule == "spelling":
        return "alike"
    if word.rule in {"missing", "extra"} and word.weight >= OPTIONAL_WEIGHT:
        return ""
    return word.rule if word.rule in {"missing", "extra", "contradicts"} else ""


def is_as_written(met: NameComparison) -> bool:
    """Whether the two names have the same words, particles apart, in whatever order."""
    return bool(met.words) and all(word.rule in {"same", "particle"} for word in met.words)


def further_words(met: NameComparison) -> int:
    """Return how many words meet beside the first."""
    return max(0, sum(map(_meets, met.words)) - 1)


def _meets(word: WordAgreement) -> bool:
    return word.rule not in {"missing", "extra", "contradicts", "particle"}


def _by_rule(word: WordAgreement) -> float:
    return {
        "alike": CALIBRATION.alike,
        "missing": CALIBRATION.missing,
        "extra": CALIBRATION.extra,
        "contradicts": CALIBRATION.contradicts,
    }.get(rule_counted(word), 0.0)
