"""What the view that a reader has of a record lets be known of a hit on it: how sure it is, and why.

    a pointer   one of two bands, wherever the score lies in it: an asker who varies a question climbs nowhere
    a summary   the score; of the explanation only what was asked of fields that the summary shows
    whole       all of it

Which band a pointer is in, and where it stands among others, is a function of the band alone. Whatever floor an asker
states, it parts no band: a strong one is always told.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from comity.matching.profiles import ANALYST, Profile, log_odds
from comity.matching.score import Scored
from comity.procedures.desk import Visible
from comity.records.check import Agreement, Asked, Check
from comity.records.handling import View
from comity.records.kind import Field
from comity.records.kinds import KINDS


def as_shown(result: Scored, seen: Visible, floor: float, profile: Profile, *, named: bool) -> Scored | None:
    """Return a score as the view lets it be shown; None where it is none above the floor that was asked for.

    Of a pointer: the floor of the profile for whatever is above the usual floor, the analyst's for what is not, and
    nothing below. A number tells a pointer or does not: there is no weaker band without a name.
    """
    if seen.view is not View.POINTER:
        return result if result.probability >= floor else None
    if result.probability >= profile.floor_for(named=named):
        return _in_band(result, profile.floor)
    if named and floor <= ANALYST.floor <= result.probability:
        return _in_band(result, ANALYST.floor)
    return None


def _in_band(result: Scored, least: float) -> Scored:
    return replace(result, probability=least, weight=log_odds(least))


def least_compared(floor: float, profile: Profile, *, named: bool) -> float:
    """Return from which probability candidates are to be compared: no floor leaves a strong pointer out."""
    return min(floor, profile.floor_for(named=named))


def order_of(result: Scored, seen: Visible) -> tuple[float, float, str]:
    """Return by what hits are ordered, the likeliest first; of pointers nothing but the band, and the identifier."""
    is_pointer = seen.view is View.POINTER
    weight = 0.0 if is_pointer else sum(agreement.weight for agreement in result.agreements)
    return -result.probability, -weight, seen.held.public_id


def shown_agreements(check: Check, agreements: Sequence[Agreement], seen: Visible) -> tuple[Agreement, ...]:
    """Return what of the explanation the view lets be shown.

    What alone led to a record is named, without a word on what the record says: that there is a hit tells as much.
    """
    if seen.view is View.FULL:
        return tuple(agreements)
    kind = seen.held.record.kind.code
    shown = _summarised(kind) if seen.view is View.SUMMARY else frozenset[str]()
    kept = [one for one in agreements if _meaning(check, one.field) in shown]
    leading = [asked for asked in check.asked if asked.question.finds]
    if len(leading) == 1 and leading[0].question.meaning not in shown:
        kept.insert(0, _only_asked(leading[0]))
    return tuple(kept)


def _only_asked(asked: Asked) -> Agreement:
    return Agreement(asked.question.name, "similar", 0.0, asked.value, None, "ask-owner")


def _meaning(check: Check, name: str) -> str:
    question = check.kind.question(name)
    return "" if question is None else question.meaning


@lru_cache
def _summarised(kind: str) -> frozenset[str]:
    """Return what the fields of a kind mean that its summary shows."""
    fields = KINDS[kind].fields
    return frozenset(
        meaning for one in fields if one.name in KINDS[kind].summary for meaning in _meanings(one)
    ) - frozenset(
        meaning for one in fields if one.name not in KINDS[kind].summary for meaning in _meanings(one)
    )


def _meanings(field: Field) -> set[str]:
    found = {field.meaning} if field.meaning else set[str]()
    return found.union(*(_meanings(one) for one in field.fields))
