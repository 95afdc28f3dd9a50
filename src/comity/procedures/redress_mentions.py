"""Which records name the person without being about them? An owner, a manager, a parent; a name in free text.

records that keys lead to -> what they say of others -> names compared as a check compares them, free text as the
text of a message -> in which fields the person is named, and how surely
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.mention_keys import mentions_in, numbers_naming
from comity.procedures.redress_likeness import likelihoods
from comity.procedures.redress_spelling import spellings
from comity.procedures.redress_words import Sought, person_named
from comity.records.fieldtype import Json
from comity.records.record import HeldRecord, Record
from comity.registry import holdings

AT_ONCE = 1000


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
        some = namings([one.record for one in page], sought, desk)
        found += [(one, naming) for one, naming in zip(page, some, strict=True) if naming is not None]
        found.sort(key=lambda pair: (-pair[1].score, pair[0].public_id))
        del found[limit:]
    return found


def namings(records: Sequence[Record], sought: Sought, desk: Desk) -> list[Naming | None]:
    """Return how each of some records names the person in what it says of others, or None where it does not."""
    said = [
        (place, one.path, one.text, one.is_name)
        for place, record in enumerate(records)
        for one in mentions_in(record)
    ]
    named = [(place, path, text) for place, path, text, is_name in said if is_name] if sought.by_name else []
    sure = likelihoods(sought.check, [person_named([text]) for _, _, text in named], desk)
    found: list[list[tuple[float, str, str]]] = [[] for _ in records]
    for (place, path, _), score in zip(named, sure, strict=True):
        if score:
            found[place].append((score, "mention", path))
    for place, path, by in _in_free_text([one[:3] for one in said if not one[3]], sought, desk):
        found[place].append((0.0, by, path))
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


def _naming(some: Sequence[tuple[float, str, str]]) -> Naming | None:
    if not some:
        return None
    score, by, _ = max(some, key=lambda one: (one[0], one[1] == "words"))
    return Naming(score, by, tuple(dict.fromkeys(path for _, _, path in some)))
