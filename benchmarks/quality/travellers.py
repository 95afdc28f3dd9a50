"""How sure is a check of someone: with the name alone, and with birth date and sex; who is a false hit, who is found.

asked or traveller -> candidates -> evidence -> sureness with and without what stands beside the name
"""

from collections.abc import Sequence
from dataclasses import dataclass

from development_set import Asked
from searching import Found, PersonSearch

from comity.matching.profiles import Profile, likelihood


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who was asked for, and the evidence for each candidate in the index's own order."""

    asked: Asked
    found: tuple[Found, ...]
    truths: frozenset[int]

    def ranked(self, profile: Profile, *, beside: bool) -> list[int]:
        """Return the places of the candidates, likeliest first."""
        order = sorted(self.found, key=lambda one: -sureness(one, profile, beside=beside))
        return [one.place for one in order]

    def best(self, profile: Profile, *, beside: bool) -> float:
        """Return how sure the likeliest candidate is, 0 where there is none."""
        return max((sureness(one, profile, beside=beside) for one in self.found), default=0.0)

    def truth(self, profile: Profile, *, beside: bool) -> float:
        """Return how sure the person meant is, 0 where not among the candidates."""
        meant = [one for one in self.found if one.place in self.truths]
        return max((sureness(one, profile, beside=beside) for one in meant), default=0.0)


def sureness(found: Found, profile: Profile, *, beside: bool) -> float:
    """Return the probability that the profile gives a candidate."""
    weight = found.name_weight + (found.beside_weight if beside else 0.0)
    return likelihood(profile.prior_for(named=True) + weight)


def gather_evidence(search: PersonSearch, asked: Sequence[Asked], profile: Profile) -> list[Evidence]:
    """Return the evidence for each name asked for."""
    gathered: list[Evidence] = []
    for one in asked:
        found = search.compared(one, search.candidates(one.name), profile)
        truths = frozenset(each.place for each in found if search.listed[each.place].id in one.truths)
        gathered.append(Evidence(one, tuple(found), truths))
    return gathered


def hits_at(
    profile: Profile, floor: float, asked: Sequence[Evidence], travellers: Sequence[Evidence]
) -> dict[str, float]:
    """Return false hits per 1,000 travellers and the share found, by name alone and with birth date and sex."""
    measured: dict[str, float] = {"floor": floor}
    for beside, way in ((False, "name"), (True, "name_born_sex")):
        false = sum(one.best(profile, beside=beside) >= floor for one in travellers)
        held = sum(one.truth(profile, beside=beside) >= floor for one in asked)
        measured[f"false_per_thousand_{way}"] = round(1000 * false / max(1, len(travellers)), 2)
        measured[f"recall_{way}"] = round(held / max(1, len(asked)), 4)
    return measured
