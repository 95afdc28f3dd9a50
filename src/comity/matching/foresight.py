"""What may an index foretell of a comparison? The weights of names and dates, and how much the rest can say at most.

check + profile -> Weighing, DateWeights for the index; the most that everything else asked can add
"""

from comity.matching.dates import DATE_WEIGHTS
from comity.matching.fields import TEXT_WEIGHTS
from comity.matching.name_evidence import CALIBRATION, EVIDENCE_MIN, OPTIONAL_WEIGHT
from comity.matching.names import compare
from comity.matching.profiles import Profile, Weights
from comity.matching.score import BESIDE_NAME_MAX
from comity.names.weighing import Weighing
from comity.records.check import Asked, Check
from comity.records.fieldtype import Comparison

MARGIN = 3.0
"""How far a comparison may turn out above what was foretold: the index knows prices in sixteenths only, and meetings
of words without a common key not at all. A particle that meets another so was seen to make 2.8 of it."""

WEIGHING = Weighing(
    missing=compare.MISSING,
    extra=compare.EXTRA,
    contradicts=compare.CONTRADICTS,
    optional_missing=compare.OPTIONAL_MISSING,
    optional_extra=compare.OPTIONAL_EXTRA,
    initial=compare.INITIAL,
    cut_off_share=compare.CUT_OFF_SHARE,
    particle_max=compare.PARTICLE_MAX,
    particle_missing=compare.PARTICLE_MISSING,
    suffix_contradicts=compare.SUFFIX_CONTRADICTS,
    slope=CALIBRATION.slope,
    further_word=CALIBRATION.further_word,
    alike=CALIBRATION.alike,
    missing_counts=CALIBRATION.missing,
    extra_counts=CALIBRATION.extra,
    contradicts_counts=CALIBRATION.contradicts,
    as_written=CALIBRATION.as_written,
    optional=OPTIONAL_WEIGHT,
    evidence_min=EVIDENCE_MIN,
)


def date_asked(check: Check) -> Asked | None:
    """Return the date by which the index may tell candidates apart: the first asked, of a check that carries none.

    Where a document carries its holder's data, what speaks against counts less (`score.CARRIED_AGAINST_MAX`).
    """
    if check.kind.carrier is not None:
        return None
    return next((asked for asked in check.asked if asked.question.type.comparison is Comparison.DATE), None)


def most_beside(check: Check, profile: Profile) -> float:
    """Return the most that everything asked beside the finding names and the date can add for a record."""
    dated = date_asked(check)
    others = [asked for asked in check.asked if asked is not dated]
    return sum(_most(asked, profile) for asked in others)


def _most(asked: Asked, profile: Profile) -> float:
    question = asked.question
    kind = question.type.comparison
    if kind is Comparison.NAME:
        return 0.0 if question.finds else BESIDE_NAME_MAX
    if kind is Comparison.DATE:
        return DATE_WEIGHTS.same_day
    if kind is Comparison.IDENTIFIER and question.finds:
        return 0.0  # whoever has it is found by it
    otherwise = {
        Comparison.IDENTIFIER: Weights(profile.identifier, 0.0),
        Comparison.CODE: Weights(0.5, 0.0),
        Comparison.MEASURE: Weights(0.5, 0.0),
    }.get(kind, TEXT_WEIGHTS)
    return max(0.0, profile.weights(question.meaning, otherwise).agrees)
