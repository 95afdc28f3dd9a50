"""What other bureaus hold of the same person or thing as a record, where each of the two may see the other's.

    record -> what checks would ask of it: the first of each thing, then each other name and number in its place
    -> candidates by that name or number -> visible, of a bureau, seen back -> scored -> the same

Two records that share an alias or a second passport mean the same, whichever of them came last.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from comity.access.people import Bureau
from comity.access.visibility import may_see
from comity.matching.score import is_by_name, score
from comity.procedures.desk import Desk
from comity.procedures.node_officer import bureau_grant
from comity.procedures.submit import NOTICED_LISTS, OWN_LIST
from comity.records.check import Asked, Check
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Purpose
from comity.records.kind import Terms, Value, values
from comity.records.record import HeldRecord

BUREAUS_LISTS: Final = frozenset({OWN_LIST, *NOTICED_LISTS})
"""The lists of what bureaus hold of their own, requests in force among it: no outside lists."""

SAME_PURPOSE: Final = Purpose.INVESTIGATION
"""For what bureaus that hold the same are told of each other: records not meant for that are left out."""

NAMES_MAX: Final = 4
NUMBERS_MAX: Final = 12
"""By so many names and numbers of a record others are looked for."""


def meaning_same(held: HeldRecord, bureaus: Mapping[str, Bureau], desk: Desk) -> Iterator[HeldRecord]:
    """Yield each record of another bureau that means the same, where each may see the other's, once."""
    grant = bureau_grant(bureaus[held.owner], SAME_PURPOSE)
    weighed: set[str] = set()
    for check, terms in _asked(held):
        floor = desk.profile.floor_for(named=is_by_name(check))
        for seen in desk.visible(grant, desk.index.candidates(terms, grant)):
            other = seen.held
            is_bureau_s = other.list_name in BUREAUS_LISTS and other.owner in bureaus
            if other.owner == held.owner or not is_bureau_s or other.public_id in weighed:
                continue
            back = bureau_grant(bureaus[other.owner], SAME_PURPOSE)
            if (
                other.record.kind.code != held.record.kind.code
                or may_see(back, held.owner, held.record.handling) is None
            ):
                continue
            if score(check, other.record, desk.profile, desk.index).probability >= floor:
                weighed.add(other.public_id)
                yield other


def _asked(held: HeldRecord) -> Iterator[tuple[Check, Terms]]:
    """Yield what checks would ask to find a record, and by which of its names and numbers each looks for others."""
    stated: dict[str, Json] = {}
    beside: dict[int, dict[str, Json]] = defaultdict(dict)
    for value in values(held.record.kind.fields, held.record.data):
        stated.setdefault(value.field.meaning, value.value)
        if value.group:
            beside[value.group].setdefault(value.field.meaning, value.value)
    check = _check(held, stated)
    if check.keys() or check.names():
        yield check, Terms(check.keys(), check.names())
    for value in _further(held):
        meaning = value.field.meaning
        check = _check(held, {**stated, **beside[value.group], meaning: value.value})
        keys, names = check.keys(), check.names()
        yield check, Terms(_of(meaning, keys), _of(meaning, names))


def _of(meaning: str, terms: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(term for term in terms if term[0] == meaning)


def _check(held: HeldRecord, said: Mapping[str, Json]) -> Check:
    kind = held.record.kind
    asked = (Asked(one, said[one.meaning]) for one in kind.questions if one.meaning and one.meaning in said)
    return Check(kind=kind, asked=tuple(asked))


def _further(held: HeldRecord) -> Iterator[Value]:
    """Yield the other names and numbers that lead to a record. A weak alias is none: many bear it."""
    kind = held.record.kind
    finding = {one.meaning for one in kind.questions if one.finds}
    found = list(values(kind.fields, held.record.data))
    weak = {one.group for one in found if one.path == "names.type" and one.value == "weak"}
    seen: set[str] = set()
    left = {True: NAMES_MAX - 1, False: NUMBERS_MAX}
    for value in found:
        meaning, type_ = value.field.meaning, value.field.type
        if meaning not in finding or type_ is None:
            continue
        is_name = type_.comparison is Comparison.NAME
        if meaning in seen and value.group not in weak and left[is_name] > 0:
            left[is_name] -= 1
            yield value
        seen.add(meaning)
