"""The weights and thresholds, dated, each with the evaluation that set it. Evidence is in natural-log units.

The prior of a check without a name is that of a search among a million: one identifier with nothing against it
lifts it to near certainty. A check with a name has the prior of a candidate by name, as fitted (`name_evidence`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.matching.name_evidence import CALIBRATION

CERTAIN = 2.0**-52
"""So far from 1 a probability is 1 already, in the numbers of a computer."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Evidence of one field type: when it agrees, and when it contradicts."""

    agrees: float
    contradicts: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What set a floor: when, on which list, and what it gave there.

    False hits are counted per thousand travellers who are not on the list; recall is the share of those who
    are, under another spelling and mostly in another script, whom the profile tells.
    """

    dated: str
    set_name: str
    listed_count: int
    asked_count: int
    travellers_count: int
    false_hits_by_name: float
    false_hits_with_born_and_sex: float
    recall_by_name: float
    recall_with_born_and_sex: float


@dataclass(frozen=True, slots=True)
class Profile:
    """How evidence is weighed, and from which probability a candidate is a hit."""

    name: str
    dated: str
    floor: float  # of a check by name
    evaluation: Evaluation | None = None
    floor_by_number: float = 0.5  # of a check without a name: an estimate, no evaluation has set it
    prior: float = -math.log(1e6)
    identifier: float = 20.0
    look_alike: float = -1.5  # for each character that agrees only as a look-alike
    doubt: float = -1.0  # for a check digit that does not hold, in the check
    by_meaning: Mapping[str, Weights] = field(default_factory=dict[str, Weights])

    def weights(self, meaning: str, otherwise: Weights) -> Weights:
        """Return the weights for a meaning, or these where the profile has none of its own."""
        return self.by_meaning.get(meaning, otherwise)

    def floor_for(self, *, named: bool) -> float:
        """Return the probability from which a candidate is a hit: of a check by name, or without one."""
        return self.floor if named else self.floor_by_number

    def prior_for(self, *, named: bool) -> float:
        """Return the log-odds before any evidence: of a candidate by name, or of any record."""
        return CALIBRATION.prior if named else self.prior


BY_MEANING: Mapping[str, Weights] = {
    # Plates and serial numbers are given again, by other countries and other makers.
    "vehicle.plate": Weights(16.0, 0.0),
    "vehicle.country": Weights(2.0, -8.0),
    "vehicle.engine": Weights(16.5, 0.0),
    "firearm.serial": Weights(15.5, 0.0),
    "firearm.calibre": Weights(1.5, -5.0),
    "aircraft.serial": Weights(15.5, 0.0),
    "vessel.call_sign": Weights(15.0, 0.0),
    # The same number from another issuer, or of another type, is another document.
    "document.issuer": Weights(1.5, -14.0),
    "document.type": Weights(0.5, -12.0),
    "person.sex": Weights(0.7, -4.0),
    "person.nationality": Weights(1.5, -1.5),
}
"""Estimates from the field's error rates, not learnt; the name engine's evaluation sets the floors."""


def likelihood(log_odds: float) -> float:
    """Return the probability at these log-odds."""
    return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, log_odds))))


def log_odds(probability: float) -> float:
    """Return the log-odds from which on `likelihood` is at least this probability, minus infinity for 0."""
    if probability <= 0.0:
        return -math.inf
    return math.log(probability / max(1.0 - probability, CERTAIN))


_SET = "development set of names"
_SIZES = (166_794, 1_200, 5_000)

BORDER = Profile(
    "border",
    "2026-11-26",
    floor=0.95,
    evaluation=Evaluation("2026-11-26", _SET, *_SIZES, 4.2, 0.0, 0.442, 0.691),
    by_meaning=BY_MEANING,
)
"""The default: what an officer at a counter sees."""

REGISTRY = Profile(
    "registry",
    "2026-11-25",
    floor=0.87,
    evaluation=Evaluation("2026-11-26", _SET, *_SIZES, 22.8, 2.2, 0.576, 0.771),
    by_meaning=BY_MEANING,
)
"""Whether a record to be entered is already held: for someone who compares before entering."""

ANALYST = Profile(
    "analyst",
    "2026-11-25",
    floor=0.6,
    evaluation=Evaluation("2026-11-26", _SET, *_SIZES, 87.8, 16.0, 0.743, 0.863),
    by_meaning=BY_MEANING,
)
"""Who might be meant at all, for someone with the time to look."""

PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (BORDER, REGISTRY, ANALYST)}
