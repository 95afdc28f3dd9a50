"""What may an index foretell of a comparison? The weights of names and dates, and how much the rest can say at most.

check + profile -> Weighing, DateWeights for the index; the most that everything else asked can add
"""

import math
from dataclasses import replace

from comity.matching.dates import DATE_WEIGHTS
from comity.matching.fields import TEXT_WEIGHTS
from comity.matching.name_evidence import CALIBRATION, EVIDENCE_MIN, OPTIONAL_WEIGHT
from comity.matching.names import weights
from comity.matching.profiles import Profile, Weights
from comity.matching.score import BESIDE_NAME_MAX
from comity.names.weighing import Weighing
from comity.records.check import Asked, Check
from comity.records.fieldtype import Comparison

MARGIN = 3.0
"""How far a comparison may turn out above what was foretold: the index knows prices in sixteenths only, and meetings
of words without a common key not at all. A particle that meets another so was seen to make 2.8 of it."""

ROUNDING = 1e-6
"""How far sums may differ by the order in which they are made, and more."""

FORETOLD_DATES = replace(DATE_WEIGHTS, name_needed=DATE_WEIGHTS.name_needed - MARGIN)
"""The name may be worth more than was foretold by the margin, so that the date may count for more, too."""

WEIGHING = Weighing(
    missing=weights.MISSING,
    extra=weights.EXTRA,
    contradicts=weights.CONTRADICTS,
    optional_missing=weights.OPTIONAL_MISSING,
    optional_extra=weights.OPTIONAL_EXTRA,
    initial=weights.INITIAL,
    cut_off_share=weights.CUT_OFF_SHARE,
    particle_max=weights.PARTICLE_MAX,
    particle_missing=weights.PARTICLE_MISSING,
    suffix_contradicts=weights.SUFFIX_CONTRADICTS,
    slope=CALIBRATION.slope,
    further_word=CALIBRATION.further_word,
    alike=CALIBRATION.alike,
    missing_counts=CALIBRATION.missing,
    extra_counts=CALIBRATION.extra,
    contradicts_counts=CALIBRATION.contradicts,
    as_written=CALIBRATION.as_written,
    optional=OPTIONAL_WEIGHT,
    evidence_min=EVIDENCE_MIN,
    meeting_min=weights.MEETING_MIN,
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


def name_worth_min(check: Check, profile: Profile, least: float, beside: float) -> float:
    """Return what a name must be worth as evidence so that a record can reach the log-odds `least`.

    `beside` is what `most_beside` returns. Minus infinity where a record may be found by something else than its one
    name.
    """
    finding = [asked.question.type.comparison for asked in check.asked if asked.question.finds]
    if finding != [Comparison.NAME]:
        return -math.inf
    dated = 0.0 if date_asked(check) is None else DATE_WEIGHTS.same_day
    return least - profile.prior_for(named=True) - beside - dated - ROUNDING


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
