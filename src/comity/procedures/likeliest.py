"""Who is meant by a check? Candidates are compared as far as they promise to be worth it.

index.promising (a promise each) -> those that can reach the floor -> fetched and compared, some at a time
                                  -> until the rest promises less than the hits that are wanted
"""

from collections.abc import Callable, Sequence

from comity.access.decide import Grant
from comity.index.store import Foretold, Index
from comity.matching.foresight import (
    FORETOLD_DATES,
    MARGIN,
    WEIGHING,
    date_asked,
    most_beside,
    name_worth_min,
)
from comity.matching.profiles import Profile, log_odds
from comity.matching.score import Scored, is_by_name, score_all
from comity.procedures.desk import Visible
from comity.records.check import Check
from comity.records.kind import Terms

COMPARED_AT_ONCE = 24
"""Candidates are fetched and compared so many at a time."""

FORETOLD = Foretold(WEIGHING, FORETOLD_DATES)

Compared = tuple[Scored, Visible]


def likeliest(
    check: Check,
    grant: Grant,
    index: Index,
    profile: Profile,
    visible: Callable[[Grant, Sequence[int]], Sequence[Visible]],
) -> list[Compared]:
    """Return the records that score high enough, likeliest first, as many as the check wants.

    `visible` returns those of some records that the grant's bureau may see; its word holds.
    """
    named = is_by_name(check)
    floor = profile.floor_for(named=named) if check.floor is None else check.floor
    least = log_odds(floor)
    ahead = profile.prior_for(named=named) + most_beside(check, profile) + MARGIN
    worth_min = name_worth_min(check, profile, least)
    worth = index.promising(terms_of(check), grant, FORETOLD._replace(promise_min=least - ahead))
    kept: list[Compared] = []
    for start in range(0, len(worth), COMPARED_AT_ONCE):
        chunk = worth[start : start + COMPARED_AT_ONCE]
        if len(kept) >= check.hits_max and kept[check.hits_max - 1][0].weight > chunk[0].promise + ahead:
            break  # the best are found: whoever follows promises less
        records = visible(grant, [one.record for one in chunk])
        results = score_all(check, [seen.held.record for seen in records], profile, index, worth_min)
        for result, seen in zip(results, records, strict=True):
            if result is not None and result.probability >= floor:
                kept.append((result, seen))
        kept.sort(key=_best_first)
    return kept[: check.hits_max]


def terms_of(check: Check) -> Terms:
    """Return under what a check looks for records, and the date by which the index may tell them apart."""
    dated = date_asked(check)
    dates = () if dated is None else ((dated.question.meaning, str(dated.value)),)
    return Terms(check.keys(), check.names(), dates)


def _best_first(compared: Compared) -> tuple[float, float, str]:
    result, seen = compared
    weight = sum(agreement.weight for agreement in result.agreements)
    return -result.probability, -weight, seen.held.public_id
