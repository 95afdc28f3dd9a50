"""How sure is a check of someone: with the name alone, and with birth date and sex; who is a false hit, who is found.

asked or traveller -> candidates, by name and with the birth date -> evidence -> sureness with and without it
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from development_set import Asked
from searching import Found, PersonSearch

from comity.matching.profiles import Profile, likelihood


@dataclass(frozen=True, slots=True)
class Evidence:
    """Who was asked for, and the evidence for each candidate: of a check by name alone, and with the birth date too."""

    asked: Asked
    by_name: tuple[Found, ...]
    with_date: tuple[Found, ...]
    truths: frozenset[int]

    def ranked(self, profile: Profile, *, beside: bool) -> list[int]:
        """Return the places of the candidates, likeliest first."""
        order = sorted(self._found(beside=beside), key=lambda one: -sureness(one, profile, beside=beside))
        return [one.place for one in order]

    def best(self, profile: Profile, *, beside: bool) -> float:
        """Return how sure the likeliest candidate is, 0 where there is none."""
        return max((sureness(one, profile, beside=beside) for one in self._found(beside=beside)), default=0.0)

    def truth(self, profile: Profile, *, beside: bool) -> float:
        """Return how sure the person meant is, 0 where not among the candidates."""
        meant = [one for one in self._found(beside=beside) if one.place in self.truths]
        return max((sureness(one, profile, beside=beside) for one in meant), default=0.0)

    def _found(self, *, beside: bool) -> tuple[Found, ...]:
        return self.with_date if beside else self.by_name


def sureness(found: Found, profile: Profile, *, beside: bool) -> float:
    """Return the probability that the profile gives a candidate."""
    weight = found.name_weight + (found.beside_weight if beside else 0.0)
    return likelihood(profile.prior_for(named=True) + weight)


def gather_evidence(search: PersonSearch, asked: Sequence[Asked], profile: Profile) -> list[Evidence]:
    """Return the evidence for each name asked for."""
    gathered: list[Evidence] = []
    for one in asked:
        by_name, with_date = found_twice(search, one, profile)
        truths = frozenset(
            each.place for each in (*by_name, *with_date) if search.listed[each.place].id in one.truths
        )
        gathered.append(Evidence(one, by_name, with_date, truths))
    return gathered


def found_twice(
    search: PersonSearch, one: Asked, profile: Profile, promise_min: float = -math.inf
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """Return what a check by name finds, and one that gives the birth date too: the index uses it as a way in.

    Candidates that promise less than `promise_min` are not compared, as in a check with a floor.
    """
    places = search.candidates(one.name, "", promise_min)
    dated = search.candidates(one.name, one.born, promise_min) if one.born else places
    known = {
        each.place: each for each in search.compared(one, list(dict.fromkeys([*places, *dated])), profile)
    }
    by_name = tuple(known[place] for place in places if place in known)
    return by_name, tuple(known[place] for place in dated if place in known)


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
