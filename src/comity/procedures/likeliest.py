"""Who is meant by a check? Candidates are compared as far as they promise to be worth it.

index.promising (a promise each) -> those that can reach the floor -> fetched and compared, some at a time
                                  -> until the rest promises less than the hits that are wanted
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

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
from comity.procedures.showing_hits import as_shown, least_compared, order_of
from comity.records.check import Check
from comity.records.kind import Kind, Question, Terms

COMPARED_AT_ONCE = 24
"""Candidates are fetched and compared so many at a time."""

FORETOLD = Foretold(WEIGHING, FORETOLD_DATES)

AIMS_KEPT = 1024


class Aim(NamedTuple):
    """From where on a record is a hit, and from where on it is looked at, which is the same for many checks.

    `named` says whether records are looked for by a name.
    """

    floor: float
    strong: float
    ahead: float
    worth_min: float
    foretold: Foretold
    named: bool


class KeptAim(NamedTuple):
    """An aim with what it was made of: as long as that is kept, nothing else bears the numbers it is found by."""

    aim: Aim
    of: tuple[Profile, Kind, tuple[Question, ...]]


aims_kept: dict[tuple[int, int, float | None, tuple[int, ...]], KeptAim] = {}

Compared = tuple[Scored, Visible]


def likeliest(
    check: Check,
    grant: Grant,
    index: Index,
    profile: Profile,
    visible: Callable[[Grant, Sequence[int]], Sequence[Visible]],
) -> list[Compared]:
    """Return the records that score high enough, likeliest first, as many as the check wants.

    `visible` returns those of some records that the grant's bureau may see; its word holds. The score of one of which
    only a pointer is seen is that of its band.
    """
    aim = aim_of(check, profile)
    floor, named, ahead = aim.floor, aim.named, aim.ahead
    worth = index.promising(terms_of(check), grant, aim.foretold)
    kept: list[Compared] = []
    for start in range(0, len(worth), COMPARED_AT_ONCE):
        chunk = worth[start : start + COMPARED_AT_ONCE]
        most = max(chunk[0].promise + ahead, aim.strong)
        if len(kept) >= check.hits_max and kept[check.hits_max - 1][0].weight > most:
            break  # the best are found: whoever follows promises less
        records = visible(grant, [one.record for one in chunk])
        results = score_all(check, [seen.held.record for seen in records], profile, index, aim.worth_min)
        for result, seen in zip(results, records, strict=True):
            shown = None if result is None else as_shown(result, seen, floor, profile, named=named)
            if shown is not None:
                kept.append((shown, seen))
        kept.sort(key=lambda compared: order_of(*compared))
    return kept[: check.hits_max]


def aim_of(check: Check, profile: Profile) -> Aim:
    """Return what is worth a look for a check: it depends on what is asked, not on the answers."""
    questions = tuple([one.question for one in check.asked])
    key = id(profile), id(check.kind), check.floor, tuple(map(id, questions))
    known = aims_kept.get(key)
    if known is not None:
        return known.aim
    named = is_by_name(check)
    floor = profile.floor_for(named=named) if check.floor is None else check.floor
    least = log_odds(least_compared(floor, profile, named=named))
    # A band may be told surer than a number alone makes it: what could be in one is not passed over.
    strong = -math.inf if named else log_odds(profile.floor)
    beside = most_beside(check, profile)
    ahead = profile.prior_for(named=named) + beside + MARGIN
    worth_min = name_worth_min(check, profile, least, beside)
    made = Aim(floor, strong, ahead, worth_min, FORETOLD._replace(promise_min=least - ahead), named)
    if len(aims_kept) >= AIMS_KEPT:
        aims_kept.clear()
    aims_kept[key] = KeptAim(made, (profile, check.kind, questions))
    return made


def terms_of(check: Check) -> Terms:
    """Return under what a check looks for records, and the date by which the index may tell them apart."""
    dated = date_asked(check)
    dates = () if dated is None else ((dated.question.meaning, str(dated.value)),)
    return Terms(check.keys(), check.names(), dates)
