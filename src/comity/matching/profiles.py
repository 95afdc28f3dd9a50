"""The weights and thresholds, dated. Evidence is in natural-log units.

The prior is that of a search among a million: one identifier or a rare full name with nothing against it
lifts it to near certainty; a common name does not.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Weights:
    """Evidence of one field type: when it agrees, and when it contradicts."""

    agrees: float
    contradicts: float


@dataclass(frozen=True, slots=True)
class Profile:
    """How evidence is weighed, and from which probability a candidate is a hit."""

    name: str
    dated: str
    floor: float
    prior: float = -math.log(1e6)
    identifier: float = 20.0
    look_alike: float = -1.5  # for each character that agrees only as a look-alike
    doubt: float = -1.0  # for a check digit that does not hold, in the check
    by_meaning: Mapping[str, Weights] = field(default_factory=dict[str, Weights])

    def weights(self, meaning: str, otherwise: Weights) -> Weights:
        """Return the weights for a meaning, or these where the profile has none of its own."""
        return self.by_meaning.get(meaning, otherwise)


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

BORDER = Profile("border", "2026-11-24", floor=0.5, by_meaning=BY_MEANING)
"""The default: what an officer at a counter sees."""
