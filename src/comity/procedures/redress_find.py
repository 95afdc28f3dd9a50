"""What is held on a person, whoever owns it and whatever they say of sharing: for the controller, in a case.

    asked -> authorised -> found as a check finds, withdrawn and suspended records too -> logged -> attached

Numbers and names are compared as in a check, with the analyst's floor: what may be meant is for the
controller to judge, and what is about the applicant is attached to the case.
"""

from dataclasses import dataclass

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Officer
from comity.errors import MalformedError, UnknownError
from comity.matching.profiles import ANALYST
from comity.matching.score import Scored, is_by_name, score
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.redress import held_json, naming, open_case_held
from comity.records.check import Check, parse_check
from comity.records.fieldtype import Json
from comity.records.kind import Terms
from comity.records.record import HeldRecord
from comity.registry import holdings, redress
from comity.registry.redress import CaseRecord, Done

FOUND_MAX = 100
RESTING_PAGE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """A record that may be about the applicant, and how surely."""

    held: HeldRecord
    score: float
    is_attached: bool

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        held = self.held
        return {
            "record": held.public_id,
            "kind": held.record.kind.code,
            "owner": held.owner,
            "score": self.score,
            "attached": self.is_attached,
            "held": held_json(held),
        }


def find(ref: str, query: Json, officer: Officer, desk: Desk) -> list[Found]:
    """Return the records that a query may mean, likeliest first, 100 at most. The log names them, not the query.

    Raises, after logging, `RefusedError`, `UnknownError` for the case, `ConflictError` where it is closed, and
    `MalformedError` for the query.
    """
    asked: dict[str, Json] = {"case": ref}
    grant = leave(officer, Act.REDRESS_HANDLE, desk, asked)
    desk.follower.catch_up()
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        with desk.registry.read() as connection:
            open_case_held(connection, ref)
            attached = {one.record for one in redress.records_of(connection, ref)}
        check = parse_check(query)
        found = _scored(check, grant, desk)
    mark = desk.box.mark(repr(query))
    entry = entry_of(
        officer,
        Act.REDRESS_HANDLE,
        desk.clock(),
        "searched",
        kind=check.kind.code,
        query={**asked, "mark": mark},
    )
    desk.registry.log(naming(entry, [case_record(ref, held) for _score, held in found]))
    return [Found(held, result.probability, held.public_id in attached) for result, held in found[:FOUND_MAX]]


def _scored(check: Check, grant: Grant, desk: Desk) -> list[tuple[Scored, HeldRecord]]:
    numbers = desk.index.candidates(Terms(check.keys(), check.names()), grant)
    candidates = [*desk.registry.fetch(numbers).values(), *_at_rest(desk)]
    floor = ANALYST.floor_for(named=is_by_name(check))
    results = [(score(check, held.record, ANALYST, desk.index), held) for held in candidates]
    kept = [pair for pair in results if pair[0].probability >= floor]
    kept.sort(key=lambda pair: (-pair[0].probability, pair[1].public_id))
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


def attach(ref: str, record: str, officer: Officer, desk: Desk) -> None:
    """Make a case be about a record. Attaching it twice changes nothing.

    Raises, after logging, `RefusedError`, `UnknownError` for the case or the record, and `ConflictError`.
    """
    asked: dict[str, Json] = {"case": ref, "record": record}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        held = desk.registry.record_with(record)
        if held is None:
            raise UnknownError(what="record", name=record[:40])
        one = case_record(ref, held)
        entry = entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), "attached", query={**asked})
        with desk.registry.acting(naming(entry, [one])) as connection:
            open_case_held(connection, ref)
            if redress.attach(connection, one):
                done = Done(desk.clock(), officer.account, "attached", record)
                redress.note_step(connection, ref, done)


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
