"""Looking for what is held on a person and is no record: requests, standing checks, messages, distinctions.

    requests without a record ─ scored as records are; what they say of others, as of records
    standing checks ─ what they ask, read as a record, scored
    messages ─ a coded phrase that names the person, scored; the words of the name, or a number, in what they say;
               the name in another spelling or script there, compared; a reference to what was found or stands in
               the case; sealed ones of the same threads
    distinctions ─ the marks of the papers asked for

Machines look through all messages that are not sealed, by their keys; people are shown those that are found.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.distinctions import mark_of, papers_of
from comity.procedures.mention_keys import mentions_in_request
from comity.procedures.redress_elsewhere import with_elsewhere
from comity.procedures.redress_likeness import likelihoods_of
from comity.procedures.redress_mentions import Naming, requests_naming
from comity.procedures.redress_messages import search_messages
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_things import of_distinction, of_message, of_request, of_watch
from comity.procedures.redress_words import Sought
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Json
from comity.records.handling import Handling
from comity.records.kind import Field
from comity.records.notices.content import Content
from comity.records.record import Record
from comity.registry import distinctions, holdings, messages_held, notices, watches
from comity.registry.notices import HeldNotice

PAGE = 500
FOUND_MAX = 100
"""So many things are shown at most, the likeliest."""


@dataclass(frozen=True, slots=True)
class Met:
    """A thing that was found, how surely, and by what: `likeness`, `words`, `spelling`, `reference` or `thread`.

    A request that names the person without being about them is found by `mention` too; `named_in` are its fields.
    """

    thing: Thing
    score: float
    by: str
    named_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is found and is no record; and how requests in force name the person in their particulars, by record."""

    met: tuple[Met, ...]
    in_force: Mapping[str, Naming]


def gather(check: Check, ids: Collection[str], connection: Connection, desk: Desk) -> Gathered:
    """Return what is held and is no record that a check may mean, or that refers to one of these identifiers."""
    checks = with_elsewhere(check)
    requests, in_force = _requests(checks, connection, desk)
    found = [*requests, *_watches(checks, connection, desk)]
    wanted = {*ids, *(one.thing.id for one in found)}
    found += _messages(check, wanted, connection, desk)
    marks = [mark_of(paper, desk) for paper in papers_of(check)]
    hits = dict.fromkeys(one.hit for one in distinctions.marked(connection, marks))
    noted = [thing for hit in hits if (thing := of_distinction(connection, hit)) is not None]
    return Gathered((*found, *(Met(thing, 1.0, "likeness") for thing in noted)), in_force)


def _requests(
    checks: Sequence[Check], connection: Connection, desk: Desk
) -> tuple[list[Met], dict[str, Naming]]:
    """Return the requests without a record that are meant or name the person; those in force that name them."""
    met: list[Met] = []
    in_force: dict[str, Naming] = {}
    after = ""
    while page := notices.after(connection, after, PAGE):
        by_record = holdings.held_among(connection, [held.id for held in page])
        alone = [held for held in page if held.id not in by_record]
        likely = _likely(alone, checks, desk)
        named = _named(page, by_record, Sought(checks[0], ()), desk)
        for held in page:
            naming = named.get(held.id)
            if sure := likely.get(held.id):
                met.append(Met(of_request(held), sure, "likeness"))
            elif naming is not None and held.id in by_record:
                in_force[held.id] = naming
            elif naming is not None:
                met.append(Met(of_request(held), naming.score, naming.by, naming.fields))
        after = page[-1].id
    return met, in_force


def _contents(page: Sequence[HeldNotice]) -> list[tuple[HeldNotice, Content]]:
    """Return what each of these requests says: what is in force, and what waits."""
    return [(held, one) for held in page for one in (held.draft, held.body) if one is not None]


def _likely(page: Sequence[HeldNotice], checks: Sequence[Check], desk: Desk) -> dict[str, float]:
    contents = _contents(page)
    scores = likelihoods_of(checks, [one.to_record(held.reference) for held, one in contents], desk)
    found: dict[str, float] = {}
    for (held, _), sure in zip(contents, scores, strict=True):
        found[held.id] = max(sure, found.get(held.id, 0.0))
    return found


def _named(
    page: Sequence[HeldNotice], by_record: Collection[str], sought: Sought, desk: Desk
) -> dict[str, Naming]:
    """Return how these requests name the person."""
    contents = _contents(page)
    said = [mentions_in_request(one, is_alone=held.id not in by_record) for held, one in contents]
    found: dict[str, Naming] = {}
    for (held, _), naming in zip(contents, requests_naming(said, sought, desk), strict=True):
        if naming is not None and (held.id not in found or naming.score > found[held.id].score):
            found[held.id] = naming
    return found


def _watches(checks: Sequence[Check], connection: Connection, desk: Desk) -> Iterator[Met]:
    things = [of_watch(watch, desk) for watch in watches.standing(connection)]
    asked = [(thing, one) for thing in things if (one := _as_record(thing.said["query"])) is not None]
    scores = likelihoods_of(checks, [record for _, record in asked], desk)
    yield from (Met(thing, sure, "likeness") for (thing, _), sure in zip(asked, scores, strict=True) if sure)


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
    """Yield the likeliest of the messages that are found, `FOUND_MAX` at most."""
    likeliest = search_messages(Sought(check, ids), FOUND_MAX, connection, desk)
    for held in messages_held.held_at(connection, [*likeliest]):
        yield Met(of_message(held), *likeliest[held.number])
