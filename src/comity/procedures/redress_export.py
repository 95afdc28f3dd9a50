"""What an applicant is given of their own file: what may be told, and nothing of what may not.

A record whose owner has not agreed that the applicant be told leaves no trace here: a file with it and one
without it are the same, byte for byte. Of a record that names the applicant and is about somebody or something
else they are given what it says of them alone.
"""

from dataclasses import dataclass, replace
from datetime import date

from comity.access.acts import Act
from comity.access.people import Officer
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.redress import APPLICANT, AboutRecord, dossier
from comity.procedures.redress_mentions import only_at
from comity.procedures.redress_thing import Thing
from comity.procedures.redress_told import WORDS, as_told
from comity.records.fieldtype import Json
from comity.registry.redress import BESIDE


@dataclass(frozen=True, slots=True)
class ApplicantsFile:
    """The file as the applicant is given it. `records` are those that may be disclosed."""

    ref: str
    kind: str
    opened_on: date
    is_closed: bool
    applicant: dict[str, str]
    words: str
    records: tuple[AboutRecord, ...]

    def told(self, one: AboutRecord) -> dict[str, Json]:
        """Return what the applicant is told of what one of the records says."""
        return what_is_told(one)

    def to_json(self) -> dict[str, Json]:
        """Return the form that is handed over."""
        records: list[Json] = [_record_json(one) for one in self.records]
        applicant: dict[str, Json] = {**self.applicant}
        return {
            "case": self.ref,
            "kind": self.kind,
            "opened_on": self.opened_on.isoformat(),
            "closed": self.is_closed,
            "applicant": applicant,
            "request": self.words,
            "records": records,
        }


def applicants_file(ref: str, officer: Officer, desk: Desk) -> ApplicantsFile:
    """Return what the applicant is given; raises as `dossier`, and logs the export as an act of its own."""
    whole = dossier(ref, officer, desk)
    asked: dict[str, Json] = {"case": ref}
    leave(officer, Act.REDRESS_HANDLE, desk, asked)
    with noting(officer, Act.REDRESS_HANDLE, desk, asked):
        desk.registry.log(entry_of(officer, Act.REDRESS_HANDLE, desk.clock(), "exported", query={**asked}))
    case = whole.standing.case
    return ApplicantsFile(
        ref,
        case.kind,
        case.opened_at.date(),
        case.state == "closed",
        {name: whole.applicant[name] for name in APPLICANT if name in whole.applicant},
        whole.words,
        tuple(_as_told(one, whole.applicant["name"], desk) for one in whole.records if is_told(one)),
    )


def _as_told(one: AboutRecord, applicant: str, desk: Desk) -> AboutRecord:
    return one if one.thing is None else replace(one, thing=as_told(one.thing, applicant, desk))


def what_is_told(one: AboutRecord) -> dict[str, Json]:
    """Return what the applicant is told of what a record says, as long as it is held."""
    if one.held is None:
        return {}
    data = one.held.record.data
    return only_at(one.named_in, data) if one.named_in else {**data}


def what_is_said(thing: Thing) -> dict[str, Json]:
    """Return what the applicant is told of what is no record; of what stands beside another's, its words alone."""
    if thing.kind not in BESIDE:
        return {**thing.said}
    return {name: thing.said[name] for name in WORDS if name in thing.said}


def is_told(one: AboutRecord) -> bool:
    """Return whether the applicant may be told of a record, and it is about them at all."""
    return one.standing.may_disclose is True and one.standing.decision != "not-concerned"


def _record_json(one: AboutRecord) -> dict[str, Json]:
    standing, held = one.standing, one.held
    told: dict[str, Json] = {
        "owner": standing.owner,
        "kind": standing.kind,
        "decision": standing.decision,
        "carried_out": standing.is_done,
        "reasons": one.reasons or None,
        "receipt": None if standing.digest is None else standing.digest.hex(),
    }
    if one.thing is not None:
        told |= {"entered_on": one.thing.at.date().isoformat(), "data": what_is_said(one.thing)}
    if held is not None:
        purposes: list[Json] = [purpose.value for purpose in sorted(held.record.handling.purposes)]
        told |= {
            "entered_on": held.entered_at.date().isoformat(),
            "list": held.list_name,
            "notice": held.record.notice,
            "purposes": purposes,
            "data": what_is_told(one),
        }
    return told
