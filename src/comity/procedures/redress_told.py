"""What an applicant may be told of what a record of somebody else said before: the texts that name them, and no others.

Such a version says whom the record is about, too: a name beside an alias, a birth date, papers. That is not the
applicant's to know, whatever its owner says of the alias.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.mention_keys import Mention
from comity.procedures.redress_mentions import namings
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_words import Sought
from comity.records.check import parse_check
from comity.records.fieldtype import Json
from comity.registry.redress import FORMER


def as_told(thing: Thing, applicant: str, desk: Desk) -> Thing:
    """Return a thing with nothing said by former versions but what names the applicant; all others as they are."""
    if thing.kind != FORMER:
        return thing
    versions = thing.said["versions"]
    naming = _naming(sorted({*_texts(versions)}), applicant, desk)
    told: list[Json] = []
    for one in versions if isinstance(versions, list) else ():
        data = _only(naming, one["data"]) if isinstance(one, dict) else None
        if isinstance(one, dict) and data:
            told.append({**one, "data": data})
    return replace(thing, said={**thing.said, "versions": told})


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
