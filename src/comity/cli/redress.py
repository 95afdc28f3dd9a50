"""`comity redress`: the controller's files, and what owners are asked."""

from typing import Annotated, Final

from cyclopts import App, Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from comity.access.acts import Act
from comity.cli.place import HERE, Place, acting
from comity.cli.show import ERRORS, show_json, show_pairs, show_rows
from comity.cli.speaking import said
from comity.procedures import passage_keys, redress, redress_decide, redress_find, redress_owner
from comity.procedures.desk import Desk
from comity.procedures.mention_keys import follow_within
from comity.procedures.message_keys import keep_within
from comity.procedures.redress_export import applicants_file
from comity.procedures.redress_owner import OwnersAnswer
from comity.records.fieldtype import Json

READY_WITHIN_S: Final = 0.5

REDRESS = App(
    name="redress", help="The controller's files: what is held on a person, blocked, decided, erased."
)


@REDRESS.command
def cases(*, after: str | None = None, limit: int = 50, place: Place = HERE) -> None:
    """List the cases, the one due first before the others."""
    with acting(place) as (node, officer, _purpose):
        found = redress.list_cases(officer, node.desk, limit, after)
    show_rows([one.to_json() for one in found.cases], as_json=place.json)


@REDRESS.command(name="open")
def open_(kind: str, *, name: str, request: str, contact: str = "", place: Place = HERE) -> None:
    """Open a case of the kind access, correction or deletion, for an applicant, in their own words."""
    asked = redress.Request(kind, {"name": name, "contact": contact}, request)
    with acting(place) as (node, officer, _purpose):
        case = redress.open_case(asked, officer, node.desk)
    (show_json if place.json else show_pairs)(redress.case_json(case))


@REDRESS.command
def show(case: str, *, place: Place = HERE) -> None:
    """Show a whole case: its records, their owners' answers, what was done."""
    with acting(place) as (node, officer, _purpose):
        found = redress.dossier(case, officer, node.desk).to_json()
    (show_json if place.json else show_pairs)(found)


def _make_ready(desk: Desk) -> None:
    """Make the keys of messages and of records that have none yet, with a progress bar where that takes a while."""
    works = (
        ("Messages", keep_within),
        ("Records", follow_within),
        ("Earlier versions and notes", passage_keys.follow_within),
    )
    for words, make in works:
        first = make(desk, READY_WITHIN_S)
        if first.is_all:
            continue
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=ERRORS) as bar:
            task = bar.add_task(said(words), total=first.total)
            bar.update(task, completed=first.count)
            while not (kept := make(desk, READY_WITHIN_S)).is_all:
                bar.update(task, completed=kept.count)
            bar.update(task, completed=kept.total)


@REDRESS.command
def find(
    case: str,
    kind: str = "person",
    *,
    name: str = "",
    born: str = "",
    document: str = "",
    place: Place = HERE,
) -> None:
    """Find what is held on a person, by name, birth and number, whoever owns it.

    Records, requests without a record, standing checks, messages, and who was found not to be meant.
    """
    number_name = "document" if kind == "person" else "number"
    query = redress_find.query_of(kind, {"name": name, "born": born, number_name: document})
    with acting(place) as (node, officer, _purpose):
        if Act.REDRESS_HANDLE in officer.acts():
            _make_ready(node.desk)
        found = redress_find.find(case, query, officer, node.desk)
    rows: list[dict[str, Json]] = [one.to_json() for one in found]
    if not place.json:
        rows = [{name: value for name, value in row.items() if name not in {"held", "thing"}} for row in rows]
    show_rows(rows, as_json=place.json)


@REDRESS.command
def attach(
    case: str,
    record: str,
    *,
    named_in: Annotated[list[str] | None, Parameter(negative=())] = None,
    place: Place = HERE,
) -> None:
    """Make a case be about a record, or what else was found.

    --named-in says in which field a record names the applicant that is about somebody or something else;
    `find` shows it.
    """
    with acting(place) as (node, officer, _purpose):
        redress_find.attach(case, record, officer, node.desk, named_in or ())


@REDRESS.command
def block(case: str, record: str, *, place: Place = HERE) -> None:
    """Take a record of a case out of every answer while the case runs."""
    with acting(place) as (node, officer, _purpose):
        redress_owner.block(case, record, officer, node.desk)


@REDRESS.command
def ask(case: str, record: str, *, question: str, days: int = 30, place: Place = HERE) -> None:
    """Ask the owner of a record of a case, to be answered within so many days."""
    with acting(place) as (node, officer, _purpose):
        asked = redress_owner.consult(case, record, question, days, officer, node.desk)
    show_pairs({"case": asked.case, "record": asked.record, "due_on": asked.due_on.isoformat()})


@REDRESS.command
def questions(*, place: Place = HERE) -> None:
    """List what the account's bureau is asked about its records."""
    with acting(place) as (node, officer, _purpose):
        found = redress_owner.questions(officer, node.desk)
    show_rows([one.to_json() for one in found], as_json=place.json)


@REDRESS.command
def answer(
    case: str, record: str, *, answer: str, disclose: bool = False, number: int = 1, place: Place = HERE
) -> None:
    """Answer the controller; with --disclose the applicant may be told that the record exists."""
    given = OwnersAnswer(case, record, number, answer, may_disclose=disclose)
    with acting(place) as (node, officer, _purpose):
        redress_owner.answer_question(given, officer, node.desk)


@REDRESS.command
def decide(case: str, record: str, decision: str, *, because: str, place: Place = HERE) -> None:
    """Decide on a record: compliant, correct, erase or not-concerned; with reasons."""
    with acting(place) as (node, officer, _purpose):
        redress_decide.decide(case, record, decision, because, officer, node.desk)


@REDRESS.command
def settle(case: str, record: str, *, place: Place = HERE) -> None:
    """Note that a record that was to be corrected is corrected, and lift its block."""
    with acting(place) as (node, officer, _purpose):
        redress_decide.settle(case, record, officer, node.desk)


@REDRESS.command
def close(case: str, *, place: Place = HERE) -> None:
    """Close a case in which everything is decided and carried out."""
    with acting(place) as (node, officer, _purpose):
        redress.close(case, officer, node.desk)


@REDRESS.command
def export(case: str, *, place: Place = HERE) -> None:
    """Give what the applicant is given, as JSON."""
    with acting(place) as (node, officer, _purpose):
        found = applicants_file(case, officer, node.desk)
    show_json(found.to_json())
