"""How surely does a check mean each of many records, for a controller? Compared at once, with the analyst's floor."""

from collections.abc import Sequence

from comity.matching.foresight import most_beside, name_worth_min
from comity.matching.profiles import ANALYST, log_odds
from comity.matching.score import is_by_name, score_all
from comity.procedures.desk import Desk
from comity.records.check import Check
from comity.records.record import Record


def likelihoods_of(checks: Sequence[Check], records: Sequence[Record], desk: Desk) -> list[float]:
    """Return how surely any of these checks means each record; all but the first mean records of their kind alone."""
    found = likelihoods(checks[0], records, desk)
    for check in checks[1:]:
        places = [place for place, record in enumerate(records) if record.kind.code == check.kind.code]
        alike = likelihoods(check, [records[place] for place in places], desk)
        for place, sure in zip(places, alike, strict=True):
            found[place] = max(found[place], sure)
    return found


def likelihoods(check: Check, records: Sequence[Record], desk: Desk) -> list[float]:
    """Return how surely a check means each record, 0 where that is below the floor."""
    floor = ANALYST.floor_for(named=is_by_name(check))
    least = name_worth_min(check, ANALYST, log_odds(floor), most_beside(check, ANALYST))
    found = [
        0.0 if one is None else one.probability
        for one in score_all(check, records, ANALYST, desk.index, least)
    ]
    return [sure if sure >= floor else 0.0 for sure in found]
