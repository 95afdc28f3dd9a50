"""What an applicant may be told of what stands beside a record of others: the texts that name them, and no more.

What such a record said before says whom it is about, too: a name beside an alias, a birth date, papers; a proposal
says what that one's record lacks. That is not the applicant's to know, whatever its owner says of the alias.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.mention_keys import Mention
from comity.procedures.redress_mentions import namings
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_words import Sought
from comity.records.check import parse_check
from comity.records.fieldtype import Json
from comity.registry.redress import BESIDE

WORDS: Final = ("versions", "notes", "said", "reason", "answer")
"""Where the words stand of what stands beside a record; the rest says whose record that is."""


UNTOLD: Final[Mapping[str, frozenset[str]]] = {
    "watch": frozenset({"account"}),
    "distinction": frozenset({"account", "record"}),
}
"""What an applicant is not told of other things: which account it was; of a record, for which its own owner speaks."""


def as_told(thing: Thing, applicant: str, desk: Desk) -> Thing:
    """Return what stands beside a record with nothing said but what names the applicant; others without `UNTOLD`."""
    if thing.kind not in BESIDE:
        untold = UNTOLD.get(thing.kind, frozenset())
        return replace(thing, said={name: one for name, one in thing.said.items() if name not in untold})
    said = {**thing.said}
    texts = _naming(sorted({*_texts({name: said[name] for name in WORDS if name in said})}), applicant, desk)
    if "versions" in said:
        said["versions"] = _with_left(texts, said["versions"], "data")
    if "notes" in said:
        said["notes"] = _only(texts, said["notes"]) or []
    if "said" in said:
        changes = said["said"].get("changes") if isinstance(said["said"], dict) else None
        said["said"] = {"changes": _changes(texts, changes)}
        said |= {"reason": _only(texts, said["reason"]) or "", "answer": _only(texts, said["answer"])}
    return replace(thing, said=said)


def _with_left(texts: Collection[str], some: Json, name: str) -> list[Json]:
    """Return those of some objects in which anything is left under a name, with what is left of it."""
    found: list[Json] = []
    for one in some if isinstance(some, list) else ():
        left = _only(texts, one.get(name)) if isinstance(one, dict) else None
        if isinstance(one, dict) and left:
            found.append({**one, name: left})
    return found


def _changes(texts: Collection[str], changes: Json) -> list[Json]:
    """Return those proposed changes in which anything is left, each with its field; never what the record says."""
    found: list[Json] = []
    for one in changes if isinstance(changes, list) else ():
        left = _only(texts, {**one, "field": None, "old": None}) if isinstance(one, dict) else None
        if isinstance(one, dict) and isinstance(left, dict):
            found.append({"field": one.get("field"), **left})
    return found


def _naming(texts: list[str], applicant: str, desk: Desk) -> set[str]:
    """Return which of these texts are the applicant's name, or have it in them."""
    try:
        sought = Sought(parse_check({"kind": "person", "name": applicant}), ())
    except MalformedError:
        return set()
    named = namings([[Mention("", text, is_name=True)] for text in texts], sought, desk)
    said = namings([[Mention("", text, is_name=False)] for text in texts], sought, desk)
    return {text for text, *met in zip(texts, named, said, strict=True) if any(met)}


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _only(texts: Collection[str], value: Json) -> Json:
    """Return a value with these texts alone; what is left of nothing is None."""
    if isinstance(value, str):
        return value if value in texts else None
    if isinstance(value, list):
        return [left for one in value if (left := _only(texts, one))] or None
    if isinstance(value, dict):
        return {name: left for name, one in value.items() if (left := _only(texts, one))} or None
    return None
