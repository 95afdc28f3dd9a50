"""Looking for what is held on a person and is no record: requests, standing checks, messages, distinctions.

    requests without a record ─ scored as records are
    standing checks ─ what they ask, read as a record, scored
    messages ─ a coded phrase that names the person, scored; the words of the name, or a number, in what they say;
               a reference to what was found or stands in the case; sealed ones of the same threads
    distinctions ─ the marks of the papers asked for

Machines read all messages that are not sealed; people are shown those that are found.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from comity.errors import MalformedError
from comity.matching.profiles import ANALYST
from comity.matching.score import is_by_name, score
from comity.names import fold
from comity.procedures.desk import Desk
from comity.procedures.distinctions import mark_of, papers_of
from comity.procedures.redress_things import Thing, of_distinction, of_message, of_request, of_watch
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Json
from comity.records.handling import Handling
from comity.records.kind import Field
from comity.records.kinds import KINDS
from comity.records.record import Record
from comity.registry import distinctions, holdings, messages_held, notices, watches
from comity.registry.messages_held import HeldMessage

PAGE = 500
PHRASE_NAMES = ("name", "beneficiary", "payer", "kin")
NOT_LETTERS = re.compile(r"[\W_]+")
WORD_CHARS_MIN = 2
"""A name of shorter words is looked for in coded phrases alone: two letters stand in any text."""


@dataclass(frozen=True, slots=True)
class Met:
    """A thing that was found, how surely, and by what: `likeness`, `words`, `reference` or `thread`."""

    thing: Thing
    score: float
    by: str


def gather(check: Check, ids: Collection[str], connection: Connection, desk: Desk) -> list[Met]:
    """Return what is held and is no record that a check may mean, or that refers to one of these identifiers."""
    found = [*_requests(check, connection, desk), *_watches(check, connection, desk)]
    wanted = {*ids, *(one.thing.id for one in found)}
    found += _messages(check, wanted, connection, desk)
    marks = [mark_of(paper, desk) for paper in papers_of(check)]
    hits = dict.fromkeys(one.hit for one in distinctions.marked(connection, marks))
    noted = [thing for hit in hits if (thing := of_distinction(connection, hit)) is not None]
    return [*found, *(Met(thing, 1.0, "likeness") for thing in noted)]


def _likeness(check: Check, record: Record, desk: Desk) -> float | None:
    """Return how surely a check means a record, or None where it is below the analyst's floor."""
    probability = score(check, record, ANALYST, desk.index).probability
    return probability if probability >= ANALYST.floor_for(named=is_by_name(check)) else None


def _requests(check: Check, connection: Connection, desk: Desk) -> Iterator[Met]:
    after = ""
    while page := notices.after(connection, after, PAGE):
        for held in page:
            if holdings.fetch_by_id(connection, held.id) is not None:
                continue  # reached by its record
            contents = [one for one in (held.draft, held.body) if one is not None]
            scores = [_likeness(check, one.to_record(held.reference), desk) for one in contents]
            if known := [one for one in scores if one is not None]:
                yield Met(of_request(held), max(known), "likeness")
        after = page[-1].id


def _watches(check: Check, connection: Connection, desk: Desk) -> Iterator[Met]:
    for watch in watches.standing(connection):
        thing = of_watch(watch, desk)
        record = _as_record(thing.said["query"])
        sure = None if record is None else _likeness(check, record, desk)
        if sure is not None:
            yield Met(thing, sure, "likeness")


def _as_record(query: Json) -> Record | None:
    """Return what a query asks in the form of a record, so that it can be compared with another query."""
    try:
        check = parse_check(query)
    except MalformedError:
        return None
    stated = {asked.question.meaning: asked.value for asked in check.asked}
    return Record(check.kind, "asked", None, _stated_fields(check.kind.fields, stated), Handling())


def _stated_fields(fields: Sequence[Field], stated: Mapping[str, Json]) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for one in fields:
        value: Json = _stated_fields(one.fields, stated) if one.fields else stated.get(one.meaning)
        if one.meaning in stated or (one.fields and value):
            found[one.name] = [value] if one.many else value
    return found


def _messages(check: Check, ids: Collection[str], connection: Connection, desk: Desk) -> Iterator[Met]:
    wanted, threads = _Words(check), dict[str, None]()
    number = 0
    while page := messages_held.held_after(connection, number, PAGE):
        for held in page:
            met = None if held.envelope is not None or not held.body else _met(held, wanted, ids, desk)
            if met is not None:
                threads[held.thread] = None
                yield met
        number = page[-1].number
    for held in messages_held.sealed_in(connection, [*threads]):
        if held.body:
            yield Met(of_message(held), 0.0, "thread")


class _Words:
    """What is looked for in the words of messages: the words of each name, and each number."""

    def __init__(self, check: Check) -> None:
        self.check = check
        names = [fold(text).split() for _meaning, text in check.names()]
        self.names = [words for words in names if any(len(word) > WORD_CHARS_MIN for word in words)]
        self.numbers = [NOT_LETTERS.sub("", key).casefold() for _, key in check.keys()]  # noqa: SIM118 - no mapping
        self.by_name = is_by_name(check)

    def stand_in(self, texts: Sequence[str]) -> bool:
        """Return whether all the words of a name, or a whole number, stand in these texts."""
        whole = " ".join(texts)
        if any(number and number in NOT_LETTERS.sub("", whole).casefold() for number in self.numbers):
            return True
        if not self.names:
            return False
        said = set(NOT_LETTERS.split(fold(whole)))
        return any(all(word in said for word in words) for words in self.names)


def _met(held: HeldMessage, wanted: _Words, ids: Collection[str], desk: Desk) -> Met | None:
    content: dict[str, Json] = msgspec.json.decode(held.body)
    passed: Json = None if held.forwards is None else msgspec.json.decode(held.forwards)
    header: dict[str, Json] = msgspec.json.decode(held.header)
    texts = [*_texts(content), *_texts(passed), *_texts(header.get("handling_note"))]
    if any(one in ids for one in texts):
        return Met(of_message(held), 1.0, "reference")
    sure = max((_phrase_likeness(one, wanted, desk) for one in _phrases(content, passed)), default=0.0)
    if sure:
        return Met(of_message(held), sure, "likeness")
    return Met(of_message(held), 0.0, "words") if wanted.stand_in(texts) else None


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _phrases(*contents: Json) -> Iterator[Mapping[str, Json]]:
    """Yield the values of the coded phrases of a message and of what it passes on."""
    for content in contents:
        if not isinstance(content, dict):
            continue
        phrase = content.get("phrase")
        if isinstance(phrase, dict) and isinstance(values := phrase.get("values"), dict):
            yield values
        yield from _phrases(content.get("content"), content.get("forwarded"))


def _phrase_likeness(values: Mapping[str, Json], wanted: _Words, desk: Desk) -> float:
    """Return how surely a coded phrase names whom the check means: 0 where it does not."""
    names = [str(values[name]) for name in PHRASE_NAMES if values.get(name)]
    if not names or not wanted.by_name:
        return 0.0
    data: dict[str, Json] = {"names": [{"name": name, "type": "primary"} for name in names]}
    for name, many in (("born", "born"), ("nationality", "nationalities")):
        if values.get(name):
            data[many] = [values[name]]
    if values.get("sex"):
        data["sex"] = values["sex"]
    if values.get("document"):
        data["documents"] = [{"number": values["document"]}]
    return _likeness(wanted.check, Record(KINDS["person"], "said", None, data, Handling()), desk) or 0.0
