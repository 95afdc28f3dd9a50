"""Which records name the person without being about them? An owner, a manager, a parent; a name in free text.

records that keys lead to -> what they say of others -> names compared as a check compares them, free text as the
text of a message -> in which fields the person is named, and how surely
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.mention_keys import Mention, mentions_in, numbers_naming
from comity.procedures.redress_likeness import likelihoods
from comity.procedures.redress_spelling import spellings
from comity.procedures.redress_words import Sought, person_named
from comity.records.fieldtype import Json
from comity.records.record import HeldRecord, Record
from comity.registry import holdings

AT_ONCE = 1000

Met: TypeAlias = tuple[float, str, str]
"""How surely a text names the person, by what that was found, and where it stands."""


@dataclass(frozen=True, slots=True)
class Naming:
    """That a record names the person, in which fields, how surely, and by what: `mention`, `words` or `spelling`.

    By words and spelling nothing is sure: it stands in free text.
    """

    score: float
    by: str
    fields: tuple[str, ...]


def records_naming(
    sought: Sought, known: Collection[int], limit: int, connection: Connection, desk: Desk
) -> list[tuple[HeldRecord, Naming]]:
    """Return the records that name the person, surest first; those that are `known` by number are left out."""
    numbers = [number for number in numbers_naming(sought, connection, desk) if number not in known]
    found: list[tuple[HeldRecord, Naming]] = []
    for start in range(0, len(numbers), AT_ONCE):
        page = [*holdings.fetch(connection, numbers[start : start + AT_ONCE]).values()]
        some = namings([mentions_in(one.record) for one in page], sought, desk)
        found += [(one, naming) for one, naming in zip(page, some, strict=True) if naming is not None]
        found.sort(key=lambda pair: (-pair[1].score, pair[0].public_id))
        del found[limit:]
    return found


def namings(said: Sequence[Sequence[Mention]], sought: Sought, desk: Desk) -> list[Naming | None]:
    """Return how each of many names the person in what it says of others, or None where it does not."""
    placed = [(place, one) for place, some in enumerate(said) for one in some]
    found: list[list[Met]] = [[] for _ in said]
    named = [(place, one) for place, one in placed if one.is_name and sought.by_name]
    sure = likelihoods(sought.check, [person_named([one.text]) for _, one in named], desk) if named else []
    for (place, one), score in zip(named, sure, strict=True):
        if score:
            found[place].append((score, "mention", one.path))
    texts = [(place, one.path, one.text) for place, one in placed if not one.is_name]
    for place, path, by in _in_free_text(texts, sought, desk):
        found[place].append((0.0, by, path))
    return [_naming(some) for some in found]


def requests_naming(said: Sequence[Sequence[Mention]], sought: Sought, desk: Desk) -> list[Naming | None]:
    """Return how each of many requests names the person: in free text, of which there is much, only as written."""
    texts = [
        (place, one.path, one.text) for place, some in enumerate(said) for one in some if not one.is_name
    ]
    may = sought.may_stand_in([text for _, _, text in texts])
    found: list[list[Met]] = [[] for _ in said]
    for (place, path, text), is_likely in zip(texts, may, strict=True):
        if is_likely and sought.stand_in([text]):
            found[place].append((0.0, "words", path))
    names = namings([[one for one in some if one.is_name] for some in said], sought, desk)
    for place, one in enumerate(names):
        if one is not None:
            found[place] += [(one.score, one.by, path) for path in one.fields]
    return [_naming(some) for some in found]


def paths_in(record: Record) -> set[str]:
    """Return where a record says something of others."""
    return {one.path for one in mentions_in(record)}


def only_at(paths: Collection[str], data: Mapping[str, Json]) -> dict[str, Json]:
    """Return of what a record says only what stands at these places."""
    found: dict[str, Json] = {}
    for name, value in data.items():
        inner = [path.removeprefix(f"{name}.") for path in paths if path.startswith(f"{name}.")]
        if name in paths:
            found[name] = value
        elif isinstance(value, dict) and inner:
            found[name] = only_at(inner, value)
        elif isinstance(value, list) and inner:
            some = [only_at(inner, one) for one in value if isinstance(one, dict)]
            found[name] = [one for one in some if one]
    return found


def _in_free_text(
    said: Sequence[tuple[int, str, str]], sought: Sought, desk: Desk
) -> list[tuple[int, str, str]]:
    """Return in which texts the person is named, by place and path, and by what that was found."""
    found: list[tuple[int, str, str]] = []
    left: list[tuple[int, str, Record]] = []
    for place, path, text in said:
        if sought.stand_in([text]):
            found.append((place, path, "words"))
        elif sought.by_name:
            left.extend((place, path, person_named([one])) for one in spellings([text], sought.heard))
    alike = likelihoods(sought.check, [record for _, _, record in left], desk) if left else []
    spelt = dict.fromkeys((place, path) for (place, path, _), sure in zip(left, alike, strict=True) if sure)
    return [*found, *((place, path, "spelling") for place, path in spelt)]


def _naming(some: Sequence[Met]) -> Naming | None:
    if not some:
        return None
    score, by, _ = max(some, key=lambda one: (one[0], one[1] == "words"))
    return Naming(score, by, tuple(dict.fromkeys(path for _, _, path in some)))
