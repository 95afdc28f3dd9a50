"""The score of a record for a check: each field's agreement, their sum, a probability.

values of the record, by meaning -> the best element of each group -> agreements -> probability
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from comity.matching.fields import compare
from comity.matching.name_evidence import name_evidence, word_parts
from comity.matching.names import NameComparison, Rarity, RecordName, compare_names
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


def score(check: Check, record: Record, profile: Profile, rarity: Rarity) -> Scored:
    """Return the probability that the check means this record, with what speaks for and against.

    Evidence that is absent on either side is not contrary: it weighs nothing and is not listed.
    """
    by_meaning: dict[str, list[Value]] = {}
    for value in values(record.kind.fields, record.data):
        by_meaning.setdefault(value.field.meaning, []).append(value)
    agreements: list[Agreement] = []
    bundles: dict[str, list[Asked]] = {}
    for asked in check.asked:
        held = by_meaning.get(asked.question.meaning)
        if not held:
            continue
        if asked.question.type.comparison is Comparison.NAME:
            agreements.append(_name_agreement(asked, held, record, rarity))
        else:
            bundles.setdefault(asked.question.meaning.partition(".")[0], []).append(asked)
    for bundle in bundles.values():
        agreements.extend(_best_element(bundle, by_meaning, profile))
    weight = profile.prior_for(named=is_by_name(check)) + _total(check, agreements)
    if any(agreement.verdict in {"agrees", "similar"} for agreement in agreements):
        weight += profile.doubt * min(len(check.doubts), 2)
    return Scored(likelihood(weight), weight, tuple(agreements))


def is_by_name(check: Check) -> bool:
    """Return whether a check looks for records by a name, and not by numbers alone."""
    return any(
        asked.question.finds and asked.question.type.comparison is Comparison.NAME for asked in check.asked
    )


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


def _name_agreement(asked: Asked, held: Sequence[Value], record: Record, rarity: Rarity) -> Agreement:
    names = [RecordName(str(value.value), _name_type(record, value)) for value in held]
    query = _parsed(str(asked.value), asked.question.name)
    # The best name is the one that is the best evidence: a weak alias asked for as it is written tells more
    # than a full name of the same person that has that word among others.
    met = max((compare_names(query, [name], rarity) for name in names), key=name_evidence)
    weight = name_evidence(met)
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
            for word, part in zip(met.words, word_parts(met), strict=True)
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


def _best_element(
    bundle: Sequence[Asked], by_meaning: Mapping[str, Sequence[Value]], profile: Profile
) -> list[Agreement]:
    """Return the agreements with the element of a repeated group that agrees best.

    The number and the issuer of a document count together or not at all: one's number with another's
    issuer is no agreement.
    """
    meanings = {asked.question.meaning for asked in bundle}
    groups = {value.group for meaning in meanings for value in by_meaning.get(meaning, ())}
    choices = [_with_element(bundle, by_meaning, group, profile) for group in sorted(groups)]
    return max(choices, key=lambda agreements: sum(agreement.weight for agreement in agreements))


def _with_element(
    bundle: Sequence[Asked], by_meaning: Mapping[str, Sequence[Value]], group: int, profile: Profile
) -> list[Agreement]:
    agreements: list[Agreement] = []
    for asked in bundle:
        held = [value for value in by_meaning[asked.question.meaning] if value.group in {group, 0}]
        if held:
            agreements.append(_best_value(asked, [value.value for value in held], profile))
    return agreements


def _best_value(asked: Asked, held: Sequence[Json], profile: Profile) -> Agreement:
    choices = [compare(asked.question, asked.value, value, profile) for value in held]
    return max(choices, key=lambda agreement: agreement.weight)
