"""What is held on a person, whoever owns it and whatever they say of sharing: for the controller, in a case.

Records first; then what is no record, or refers to them: see `redress_gather`.

    asked -> authorised -> found as a check finds, withdrawn and suspended records too -> logged -> attached

Numbers and names are compared as in a check, with the analyst's floor, a person's name with holders of accounts,
makers and names of firms, too. Records that name somebody of that name without being about them come next. What
may be meant is for the controller to judge, and what is about the applicant is attached to the case.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures import passage_keys
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.mention_keys import follow_within, mentions_in_request
from comity.procedures.message_keys import keep_within
from comity.procedures.noting import noting
from comity.procedures.redress import held_json, naming, open_case_held
from comity.procedures.redress_beside import beside
from comity.procedures.redress_elsewhere import with_elsewhere
from comity.procedures.redress_former import passages_naming
from comity.procedures.redress_gather import FOUND_MAX, Gathered, gather
from comity.procedures.redress_likeness import likelihoods_of
from comity.procedures.redress_mentions import Naming, paths_in, records_naming
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_things import case_thing, thing_with
from comity.procedures.redress_words import Sought
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Json
from comity.records.kind import Terms
from comity.records.record import HeldRecord
from comity.registry import holdings, notices, redress
from comity.registry.redress import CaseRecord, Done

RESTING_PAGE = 500
KEEP_WITHIN_S = 8.0
"""For so long a search makes keys of messages that have none yet; no request is held up for longer."""


@dataclass(frozen=True, slots=True)
class Found:
    """What may be about the applicant, how surely, and by what it was found; a record, or another thing.

    `named_in` are the fields of a record that name the applicant, where it is not about them.
    """

    about: CaseRecord
    score: float
    by: str
    is_attached: bool
    held: HeldRecord | None = None
    thing: Thing | None = None
    named_in: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        about = self.about
        return {
            "record": about.record,
            "kind": about.kind,
            "owner": about.owner,
            "score": self.score,
            "by": self.by,
            "named_in": [*self.named_in],
            "attached": self.is_attached,
            "held": None if self.held is None else held_json(self.held),
            "thing": None if self.thing is None else self.thing.to_json(),
        }


def find(ref: str, query: Json, officer: Officer, desk: Desk) -> list[Found]:
    """Return what a query may mean: records, likeliest first, then what else is held; 100 at most of each.

    The log names what was found, not the query.

    Raises, after logging, `RefusedError`, `UnknownError` for the case, `MalformedError` for the query, and
    `ConflictError` where the case is closed, and `messages-not-ready` or `mentions-not-ready` while messages, or
    records that name others, have no keys yet: what was made stays, so that asking again goes on from there.
    """
    asked: dict[str, Json] = {"case": ref}
    grant = leave(officer, Act.REDRESS_HANDLE, desk, asked)
    desk.follower.catch_up()
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        if not keep_within(desk, KEEP_WITHIN_S).is_all:
            raise ConflictError(what="messages", rule="messages-not-ready")
        if not (
            follow_within(desk, KEEP_WITHIN_S).is_all
            and passage_keys.follow_within(desk, KEEP_WITHIN_S).is_all
        ):
            raise ConflictError(what="records", rule="mentions-not-ready")
        with desk.registry.read() as connection:
            open_case_held(connection, ref)
            attached = {one.record: one for one in redress.records_of(connection, ref)}
        check = parse_check(query)
        found = [
            Found(case_record(ref, held), score, "likeness", held.public_id in attached, held)
            for score, held in _scored(check, grant, desk)
        ]
        numbers = {one.about.record: one.about.number for one in found}
        about = {one.about.record for one in found}
        found += _naming(ref, check, {*numbers.values()}, attached, desk)
        found += _former(ref, check, ({one.about.record for one in found}, about), attached, desk)
        # What refers to a record that only names the person is looked for once that stands in the case.
        numbers |= {one.record: one.number for one in attached.values() if one.is_record}
        others = _beside_records(ref, check, numbers, attached, desk)
        known = {one.about.record for one in found}
        found += [one for one in others if one.about.record not in known]
    mark = desk.box.mark(repr(query))
    entry = entry_of(
        officer,
        Act.REDRESS_HANDLE,
        desk.clock(),
        "searched",
        kind=check.kind.code,
        query={**asked, "mark": mark, "things": [one.about.record for one in found if one.thing is not None]},
    )
    desk.registry.log(naming(entry, [one.about for one in found]))
    return found


def _naming(
    ref: str, check: Check, known: Collection[int], attached: Collection[str], desk: Desk
) -> list[Found]:
    """Return the records that are not `known` to be about the person and name them."""
    with desk.registry.read() as connection:
        found = records_naming(Sought(check, ()), known, FOUND_MAX, connection, desk)
    return [_found_naming(ref, held, one, attached) for held, one in found]


def _former(
    ref: str, check: Check, known: tuple[set[str], set[str]], attached: Collection[str], desk: Desk
) -> list[Found]:
    """Return what records of others said before, and what was noted and proposed on them, that names the person."""
    with desk.registry.read() as connection:
        named = passages_naming(check, *known, connection, desk)
    return [
        Found(
            case_thing(ref, thing),
            naming.score,
            naming.by,
            thing.id in attached,
            thing=thing,
            named_in=naming.fields,
        )
        for thing, naming in named[:FOUND_MAX]
    ]


def _beside_records(
    ref: str, check: Check, numbers: Mapping[str, int], attached: Collection[str], desk: Desk
) -> list[Found]:
    """Return what is held and is no record, and the records whose requests name the person in their particulars."""
    gathered = _gathered(check, numbers, attached, desk)
    met = sorted(gathered.met, key=lambda one: (-one.score, one.thing.id))[:FOUND_MAX]
    found = [
        Found(
            case_thing(ref, one.thing),
            one.score,
            one.by,
            one.thing.id in attached,
            thing=one.thing,
            named_in=one.named_in,
        )
        for one in met
    ]
    with desk.registry.read() as connection:
        for record, naming in [*gathered.in_force.items()][:FOUND_MAX]:
            held = holdings.fetch_by_id(connection, record)
            if held is not None:
                found.append(_found_naming(ref, held, naming, attached))
    return found


def _found_naming(ref: str, held: HeldRecord, one: Naming, attached: Collection[str]) -> Found:
    is_attached = held.public_id in attached
    return Found(case_record(ref, held), one.score, one.by, is_attached, held, named_in=one.fields)


def _gathered(check: Check, numbers: Mapping[str, int], attached: Collection[str], desk: Desk) -> Gathered:
    """Return what else is held: on its own, or because it refers to these records and what stands beside them."""
    with desk.registry.read() as connection:
        ids = {*numbers, *attached}
        for record, number in numbers.items():
            ids.update(beside(connection, record, number).ids)
        return gather(check, ids, connection, desk)


def _scored(check: Check, grant: Grant, desk: Desk) -> list[tuple[float, HeldRecord]]:
    """Return the records that a check may mean, likeliest first, and those that name elsewhere whom it means."""
    checks = with_elsewhere(check)
    numbers = {
        number for one in checks for number in desk.index.candidates(Terms(one.keys(), one.names()), grant)
    }
    candidates = [*desk.registry.fetch(sorted(numbers)).values(), *_at_rest(desk)]
    scores = likelihoods_of(checks, [held.record for held in candidates], desk)
    kept = [pair for pair in zip(scores, candidates, strict=True) if pair[0]]
    kept.sort(key=lambda pair: (-pair[0], pair[1].public_id))
    return kept[:FOUND_MAX]


def _at_rest(desk: Desk) -> list[HeldRecord]:
    """Return the records that are held and answer no check: the index does not lead to them."""
    found: list[HeldRecord] = []
    after = 0
    with desk.registry.read() as connection:
        while page := holdings.at_rest_after(connection, after, RESTING_PAGE):
            found.extend(page)
            after = page[-1].number
    return found


def attach(ref: str, record: str, officer: Officer, desk: Desk, named_in: Sequence[str] = ()) -> None:
    """Make a case be about a record, or about what else is held. Attaching it twice changes nothing.

    `named_in` are the fields in which a record names the applicant, where it is about somebody or something else.
    Raises, after logging, `RefusedError`, `UnknownError` for the case or what is not held, `MalformedError` for a
    field that names nobody there, and `ConflictError`.
    """
    asked: dict[str, Json] = {
        "case": ref,
        "record": record,
        **({"named_in": [*named_in]} if named_in else {}),
    }
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        held = desk.registry.record_with(record)
        if held is None:
            with desk.registry.read() as connection:
                thing = thing_with(connection, record, desk)
            if thing is None:
                raise UnknownError(what="record", name=record[:40])
            one = case_thing(ref, thing)
        else:
            one = case_record(ref, held)
        if not {*named_in} <= (set[str]() if held is None else _naming_paths(held, desk)):
            raise MalformedError("not-a-choice", "named_in")
        entry = entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), "attached", query={**asked})
        with desk.registry.acting(naming(entry, [one])) as connection:
            open_case_held(connection, ref)
            if redress.attach(connection, one):
                if named_in:
                    text = json.dumps([*named_in])
                    redress.seal(connection, ref, f"named_in.{record}", desk.box.seal(text))
                done = Done(desk.clock(), officer.account, "attached", record)
                redress.note_step(connection, ref, done)


def _naming_paths(held: HeldRecord, desk: Desk) -> set[str]:
    """Return where a record, or the request that it rests on, may name somebody else."""
    with desk.registry.read() as connection:
        request = notices.fetch(connection, held.public_id)
    contents = [] if request is None else [one for one in (request.draft, request.body) if one is not None]
    return paths_in(held.record).union(
        *({one.path for one in mentions_in_request(content, is_alone=False)} for content in contents)
    )


def case_record(ref: str, held: HeldRecord) -> CaseRecord:
    """Return a held record as a case begins with it."""
    return CaseRecord(
        case=ref,
        record=held.public_id,
        number=held.number,
        owner=held.owner,
        kind=held.record.kind.code,
        is_blocked=False,
        decision=None,
        version_decided=None,
        is_done=False,
        may_disclose=None,
        digest=None,
        seq=None,
    )


def query_of(kind: str, fields: dict[str, str]) -> Json:
    """Return the query that filled-in fields state; raises `MalformedError` where nothing is filled in."""
    stated: dict[str, Json] = {name: text for name, value in fields.items() if (text := value.strip())}
    if not stated:
        raise MalformedError("field-missing", "name")
    return {"kind": kind, **stated}
