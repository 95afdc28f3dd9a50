"""The score of records for a check: each field's agreement, their sum, a probability.

values of the records, by meaning -> names, all at once -> those whose name tells enough
                                  -> the best element of each group -> agreements -> probability
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, pairwise

import numpy as np

from comity.matching.dates import share_beside
from comity.matching.fields import compare
from comity.matching.most_worth import most_worth
from comity.matching.name_evidence import evidence_in_parts, evidence_of_all
from comity.matching.names import NameComparison, Rarity, RecordName, compare_all
from comity.matching.profiles import Profile, likelihood
from comity.names import parse_name
from comity.records.check import Agreement, Asked, Check
from comity.records.fieldtype import Comparison, Json
from comity.records.kind import Value, values
from comity.records.record import Record

CARRIED_AGAINST_MAX = -3.0
"""How much the holder's data on a document may speak against a record that carries its number.

A wanted person may travel on another's passport: the number alone must still be told."""

BESIDE_NAME_MIN, BESIDE_NAME_MAX = -4.0, 8.0
"""How much a name beside the name may say, a parent's or a birth place's: about as much as a birth date."""


@dataclass(frozen=True, slots=True)
class Scored:
    """How sure it is that the record is meant, 0 to 1, the same as log-odds, and why."""

    probability: float
    weight: float  # log-odds
    agreements: tuple[Agreement, ...]


Held = Mapping[str, Sequence[Value]]
"""The values of a record by their meanings."""


@dataclass(frozen=True, slots=True)
class Met:
    """The name of a record that is the best evidence, what it is worth, each word's part in that."""

    name: NameComparison
    worth: float
    parts: tuple[float, ...]  # each word's


def score(check: Check, record: Record, profile: Profile, rarity: Rarity) -> Scored:
    """Return the probability that the check means this record, with what speaks for and against.

    Evidence that is absent on either side is not contrary: it weighs nothing and is not listed.
    """
    (scored,) = score_all(check, [record], profile, rarity)
    assert scored is not None
    return scored


def score_all(
    check: Check, records: Sequence[Record], profile: Profile, rarity: Rarity, worth_min: float = -math.inf
) -> list[Scored | None]:
    """Return the score of each record; None where a name by which it is looked for tells less than `worth_min`."""
    held = [_by_meaning(record) for record in records]
    met: list[dict[int, Met | None]] = [{} for _ in records]
    for number, asked in enumerate(check.asked):
        if asked.question.type.comparison is not Comparison.NAME:
            continue
        meaning = asked.question.meaning
        concerned = [
            place
            for place, values_ in enumerate(held)
            if meaning in values_ and None not in met[place].values()
        ]
        least = worth_min if asked.question.finds else -math.inf
        names = [_names(held[place][meaning], records[place]) for place in concerned]
        for place, best in zip(concerned, _best_names(asked, names, rarity, least), strict=True):
            met[place][number] = best
    return [
        None if None in found.values() else _scored(check, values_, found, profile)
        for values_, found in zip(held, met, strict=True)
    ]


def _by_meaning(record: Record) -> Held:
    by_meaning: dict[str, list[Value]] = {}
    for value in values(record.kind.fields, record.data):
        by_meaning.setdefault(value.field.meaning, []).append(value)
    return by_meaning


def _scored(check: Check, by_meaning: Held, met: Mapping[int, Met | None], profile: Profile) -> Scored:
    agreements: list[Agreement] = []
    bundles: dict[str, list[Asked]] = {}
    for number, asked in enumerate(check.asked):
        if asked.question.meaning not in by_meaning:
            continue
        if asked.question.type.comparison is Comparison.NAME:
            best = met[number]
            assert best is not None
            agreements.append(_name_agreement(asked, best))
        else:
            bundles.setdefault(asked.question.meaning.partition(".")[0], []).append(asked)
    for bundle in bundles.values():
        agreements.extend(_best_element(bundle, by_meaning, profile))
    if is_by_name(check) and check.kind.carrier is None:
        agreements = _with_dates_beside(check, agreements)
    weight = profile.prior_for(named=is_by_name(check)) + _total(check, agreements)
    if any(agreement.verdict in {"agrees", "similar"} for agreement in agreements):
        weight += profile.doubt * min(len(check.doubts), 2)
    return Scored(likelihood(weight), weight, tuple(agreements))


def is_by_name(check: Check) -> bool:
    """Return whether a check looks for records by a name, and not by numbers alone."""
    return any(
        asked.question.finds and asked.question.type.comparison is Comparison.NAME for asked in check.asked
    )


def _with_dates_beside(check: Check, agreements: Sequence[Agreement]) -> list[Agreement]:
    """Return the agreements, a date that speaks for it worth as much as it is beside what the record was found by."""
    finding = {asked.question.name for asked in check.asked if asked.question.finds}
    dates = {
        asked.question.name for asked in check.asked if asked.question.type.comparison is Comparison.DATE
    }
    share = share_beside(sum(agreement.weight for agreement in agreements if agreement.field in finding))
    return [
        replace(agreement, weight=share * agreement.weight)
        if agreement.field in dates and agreement.weight > 0.0
        else agreement
        for agreement in agreements
    ]


def _total(check: Check, agreements: Sequence[Agreement]) -> float:
    finding = {asked.question.name for asked in check.asked if asked.question.finds}
    found = sum(agreement.weight for agreement in agreements if agreement.field in finding)
    beside = sum(agreement.weight for agreement in agreements if agreement.field not in finding)
    carried = check.kind.carrier is not None and any(
        asked.question.type.comparison is Comparison.NAME for asked in check.asked
    )
    return found + (max(beside, CARRIED_AGAINST_MAX) if carried and found > 0 else beside)


# A check's name is compared with each of its candidates.
_parsed = lru_cache(maxsize=64)(parse_name)


def _names(held: Sequence[Value], record: Record) -> list[RecordName]:
    return [RecordName(str(value.value), _name_type(record, value)) for value in held]


def _best_names(
    asked: Asked, names: Sequence[Sequence[RecordName]], rarity: Rarity, worth_min: float
) -> list[Met | None]:
    """Return the name of each record that is the best evidence; None where even that tells too little.

    A weak alias asked for as it is written tells more than a full name of the same person that has that word
    among others.
    """
    query = _parsed(str(asked.value), asked.question.name)
    ahead = most_worth(query, rarity) if worth_min > -math.inf else None
    if ahead:
        # Whatever cannot be worth enough is never the best that is: it need not be read.
        names = [[name for name in some if ahead.of(name.text) >= worth_min] for some in names]
    if not any(names):
        return [None] * len(names)
    found = compare_all(query, [name for some in names for name in some], rarity)
    worth = evidence_of_all(found)
    best: list[Met | None] = []
    for start, stop in pairwise(accumulate(map(len, names), initial=0)):
        place = start + int(np.argmax(worth[start:stop])) if start < stop else -1
        if place < 0 or worth[place] < worth_min:
            best.append(None)
        else:
            told = found.told(place)
            best.append(Met(told, *evidence_in_parts(told)))
    return best


def _name_agreement(asked: Asked, best: Met) -> Agreement:
    met, weight = best.name, best.worth
    if not asked.question.finds:
        weight = max(BESIDE_NAME_MIN, min(BESIDE_NAME_MAX, weight))
    return Agreement(
        field=asked.question.name,
        verdict=_name_verdict(met),
        weight=weight,
        query=asked.value,
        record=met.record_name,
        rule=_leading_rule(met),
        words=tuple(
            {
                "query": word.query,
                "record": word.record,
                "rule": word.rule,
                "rarity": round(word.rarity, 2),
                "weight": round(part, 2),
            }
            for word, part in zip(met.words, best.parts, strict=True)
        ),
    )


def _name_type(record: Record, value: Value) -> str:
    """Return the type that stands beside a name in its own element: primary, alias, weak ..."""
    head = value.path.partition(".")[0]
    elements = record.data.get(head)
    for element in elements if isinstance(elements, list) else ():
        if isinstance(element, dict) and element.get("name") == value.value:
            return str(element.get("type") or "primary")
    return "primary"


def _name_verdict(met: NameComparison) -> str:
    if all(word.rule == "same" for word in met.words):
        return "agrees"
    return "similar" if met.weight > 0 else "differs"


def _leading_rule(met: NameComparison) -> str:
    """Return the rule of the word that differs most, or `same`."""
    others = [word for word in met.words if word.rule != "same"]
    return min(others, key=lambda word: word.weight).rule if others else "same"


def _best_element(bundle: Sequence[Asked], by_meaning: Held, profile: Profile) -> list[Agreement]:
    """Return the agreements with the element of a repeated group that agrees best.

    The number and the issuer of a document count together or not at all: one's number with another's
    issuer is no agreement.
    """
    meanings = {asked.question.meaning for asked in bundle}
    groups = {value.group for meaning in meanings for value in by_meaning.get(meaning, ())}
    choices = [_with_element(bundle, by_meaning, group, profile) for group in sorted(groups)]
    return max(choices, key=lambda agreements: sum(agreement.weight for agreement in agreements))


def _with_element(bundle: Sequence[Asked], by_meaning: Held, group: int, profile: Profile) -> list[Agreement]:
    agreements: list[Agreement] = []
    for asked in bundle:
        held = [value for value in by_meaning[asked.question.meaning] if value.group in {group, 0}]
        if held:
            agreements.append(_best_value(asked, [value.value for value in held], profile))
    return agreements


def _best_value(asked: Asked, held: Sequence[Json], profile: Profile) -> Agreement:
    choices = [compare(asked.question, asked.value, value, profile) for value in held]
    return max(choices, key=lambda agreement: agreement.weight)
