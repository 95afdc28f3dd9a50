"""The words and numbers under which the subject of a request is found again, whatever door it comes by.

Numbers are keyed as the index keys them. Words of names are keyed by the sounds of their Latin spellings, so that
one script meets another. Keys only propose: scores decide.

Keys of names take time: some milliseconds a name, and a subject may have 250. They are made ahead of the transaction
that keeps them, since nobody else writes meanwhile.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache

from comity.names import parse_name
from comity.names.forms import forms_of
from comity.names.readings.skeleton import skeleton
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Comparison, Json
from comity.records.kind import search_terms, values
from comity.records.kinds import KINDS, kind_named
from comity.records.notices.content import Content

KEY_CHARS_MAX = 120
FORMS_MAX = 4
PRICE_MAX = 0.4
NAMES_MAX = 4
DOCUMENTS_MAX = 10
NAMES_KEPT = 4096
FLOOR = 0.6
"""The least probability that a reviewer is shown: misses cost more here than strangers."""


def keys_of(content: Content) -> list[str]:
    """Return every key of a subject."""
    terms = search_terms(kind_named(content.kind), content.record)
    return [*number_keys(content), *(key for _, text in terms.names for key in _name_keys(text))]


def make_ready(kind: str, record: Mapping[str, Json]) -> None:
    """Make the keys of a subject's names now; the process keeps them for a transaction that begins soon."""
    for _, text in search_terms(kind_named(kind), record).names:
        _name_keys(text)


def number_keys(content: Content) -> list[str]:
    """Return the keys of a subject's numbers: `document.number=A1234567`."""
    terms = search_terms(kind_named(content.kind), content.record)
    return [f"{meaning}={key}"[:KEY_CHARS_MAX] for meaning, key in terms.keys]


def shared_before(content: Content, former: AbstractSet[str], kept: AbstractSet[str]) -> tuple[bool, bool]:
    """Return whether a subject shares a number, and a name, with what a request said before it was amended.

    `former` are the keys that the request's present content does not give any more, `kept` all that it ever gave. A
    name is shared where each of its words, two at least, sounds like one of them.
    """
    numbers = bool(former & set(number_keys(content)))
    terms = search_terms(kind_named(content.kind), content.record)
    return numbers, any(_is_named(text, former, kept) for _, text in terms.names)


def _is_named(text: str, former: AbstractSet[str], kept: AbstractSet[str]) -> bool:
    words = [{*_name_keys(word.text)} for word in parse_name(text).core]
    sounding = [keys for keys in words if keys]
    is_former = any(keys & former for keys in sounding)
    return len(sounding) > 1 and is_former and all(keys & kept for keys in sounding)


def former_documents(content: Content, kept: AbstractSet[str]) -> list[Check]:
    """Return the checks for documents that a request named before it was amended."""
    named = "document.number="
    numbers = [
        key.removeprefix(named) for key in sorted(kept - set(number_keys(content))) if key.startswith(named)
    ]
    asked: list[dict[str, Json]] = [
        {"kind": "travel_document", "number": one} for one in numbers[:DOCUMENTS_MAX]
    ]
    return [parse_check({**one, "floor": FLOOR}) for one in asked]


def is_number(key: str) -> bool:
    """Return whether a key is of a number, not of a word's sounds."""
    return not key.startswith("~")


@lru_cache(maxsize=NAMES_KEPT)
def _name_keys(text: str) -> tuple[str, ...]:
    return tuple(
        f"~{sounds}"[:KEY_CHARS_MAX]
        for word in parse_name(text).core
        for form in forms_of(word.text, word.script)[:FORMS_MAX]
        if form.price <= PRICE_MAX and len(sounds := skeleton(form.text)) > 1
    )


def checks_of(content: Content) -> list[Check]:
    """Return the checks that look for a subject: one a name, and one for each document that a person carries."""
    kind = KINDS[content.kind]
    held: dict[str, list[Json]] = {}
    for value in values(kind.fields, content.record):
        held.setdefault(value.field.meaning, []).append(value.value)
    finding = [one for one in kind.questions if one.finds and held.get(one.meaning)]
    beside = {
        one.name: held[one.meaning][0] for one in kind.questions if not one.finds and held.get(one.meaning)
    }
    asked: list[dict[str, Json]] = [
        {"kind": kind.code, one.name: value, **_fitting(beside, one.type.comparison)}
        for one in finding
        for value in held[one.meaning][:NAMES_MAX]
    ]
    documents: list[dict[str, Json]] = [
        {"kind": "travel_document", "number": number}
        for number in held.get("document.number", [])[:DOCUMENTS_MAX]
    ]
    return [parse_check({**query, "floor": FLOOR}) for query in (*asked, *documents)]


def _fitting(beside: Mapping[str, Json], comparison: Comparison) -> Mapping[str, Json]:
    """Return what is asked beside a name; a number stands by itself."""
    return beside if comparison is Comparison.NAME else {}
