"""The controller's pages: every kind can be asked for, cases are listed by pages, all who met a record are shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.copies import copy_node
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of

from comity.app import SECRETARIAT, Node, open_node
from comity.procedures import redress, redress_find, redress_owner
from comity.procedures.check import run_check
from comity.procedures.hits_acts import ask_confirmation
from comity.procedures.owners.proposals import propose
from comity.procedures.redress import Request
from comity.procedures.redress_owner import OwnersAnswer
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.handling import Purpose

PEOPLE = (
    ("egy-registrar", "EGY", "registrar"),
    ("fra-officer", "FRA", "officer"),
    ("fra-registrar", "FRA", "registrar"),
)
ACCOUNT = {
    "kind": "account",
    "source_id": "A1",
    "iban": "GB82WEST12345698765432",
    "holders": ["Ruslana Otherova"],
    "share": "owner",
}
PASSPORT = {
    "kind": "travel_document",
    "source_id": "D1",
    "type": "P",
    "issuer": "EGY",
    "number": "A7654321",
    "status": "stolen",
    "share": "all",
}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node", PEOPLE)
    with open_node(tmp_path / "node") as made:
        yield made


@pytest.fixture
def controller(node: Node) -> Visitor:
    secrets = open_account(node, "ccf", SECRETARIAT, "controller")
    made = visitor(node)
    made.sign_in(node, secrets)
    return made


def opened(node: Node) -> str:
    asked = Request("deletion", {"name": "Zuzanna Applicantova"}, "Please erase it.")
    return redress.open_case(asked, officer_named("ccf", node.desk), node.desk).ref


def entered(node: Node, record: dict[str, object]) -> str:
    return submit(record, officer_named("egy-registrar", node.desk), node.desk).receipt.public_id


def posted(controller: Visitor, page: str, path: str, **fields: str):
    token = re.search(r'name="token" value="([0-9a-f]+)"', controller.client.get(page).text)
    assert token is not None, page
    return controller.client.post(path, data={"token": token[1], **fields})


def test_an_account_is_looked_for_by_its_own_questions(node: Node, controller: Visitor) -> None:
    ref, record = opened(node), entered(node, ACCOUNT)
    page = f"/redress/{ref}?kind=account"
    assert 'name="iban"' in controller.client.get(page).text
    found = posted(controller, page, f"/redress/{ref}/find", kind="account", iban="GB82WEST12345698765432")
    assert f'name="record" value="{record}"' in found.text


def test_the_cases_after_the_first_fifty_are_led_to(node: Node, controller: Visitor) -> None:
    refs = {opened(node) for _ in range(51)}
    first = controller.client.get("/redress").text
    more = re.search(r'href="(/redress\?after=[^"]+)"', first)
    assert more is not None
    second = controller.client.get(more[1]).text
    assert {*re.findall(r"R-\d{4}-[0-9A-F]{8}", first + second)} == refs


def test_a_case_leads_to_all_who_met_a_record(node: Node, controller: Visitor) -> None:
    ref, record = opened(node), entered(node, PASSPORT)
    query = {"kind": "travel_document", "number": "A7654321"}
    for _ in range(60):
        run_check(query, officer_named("fra-officer", node.desk), Purpose.BORDER, node.desk)
    redress_find.attach(ref, record, officer_named("ccf", node.desk), node.desk)
    page = controller.client.get(f"/redress/{ref}").text
    assert 'action="/trail/record">' in page
    assert "fra-officer" in words_of(page)
    trail = posted(controller, f"/redress/{ref}", "/trail/record", record=record, order=ref)
    assert (trail.status_code, "before" in trail.text) == (200, True)


VESSEL = {
    "kind": "vessel",
    "source_id": "S1",
    "names": [{"name": "Paper Lantern", "type": "primary"}],
    "imo": "9074729",
    "owner": "Zuzanna Applicantova",
    "share": "owner",
}


@pytest.mark.parametrize(
    ("language", "how", "field", "hint"),
    [
        ("en", "Named in it", "Owner", "It names the applicant"),
        ("fr", "Nommé dans la fiche", "Propriétaire", "Elle nomme le demandeur"),
        ("es", "Nombrado en el registro", "Propietario", "Nombra al solicitante"),
        ("ar", "مذكور فيه", "المالك", "يذكر السجل مقدّم الطلب"),
    ],
)
def test_a_record_that_names_the_applicant_says_where_and_is_told_of_in_part(
    node: Node, language: str, how: str, field: str, hint: str
) -> None:
    controller = visitor(node, **{"accept-language": language})
    controller.sign_in(node, open_account(node, "ccf", SECRETARIAT, "controller"))
    ref, record = opened(node), entered(node, VESSEL)
    page = f"/redress/{ref}"
    found = posted(controller, page, f"{page}/find", kind="person", name="Zuzana Aplikantova")
    named_in = re.search(r'name="named_in" value="([^"]+)"', found.text)
    assert named_in is not None
    assert (named_in[1], how in found.text, field in found.text) == ("owner", True, True)
    case = posted(controller, page, page, step="attach", record=record, named_in=named_in[1])
    assert hint in case.text
    ask(node, ref, record)
    sheet = controller.client.get(f"{page}/sheet").text
    assert ("Zuzanna Applicantova" in sheet.split("<h2>")[1], "Paper Lantern" in sheet) == (True, False)


def ask(node: Node, ref: str, record: str) -> None:
    """Let the owner say that the applicant may be told."""
    redress_owner.consult(ref, record, "On what ground?", 30, officer_named("ccf", node.desk), node.desk)
    answer = OwnersAnswer(ref, record, 1, "A register.", may_disclose=True)
    redress_owner.answer_question(answer, officer_named("egy-registrar", node.desk), node.desk)


def test_what_a_record_said_before_is_shown_and_told_without_whose_it_was(
    node: Node, controller: Visitor
) -> None:
    other: dict[str, object] = {
        "kind": "person",
        "source_id": "other-1",
        "share": "all",
        "names": [{"name": "Selin Quillmark", "type": "primary"}],
    }
    alias = {"name": "Zuzanna Applicantova", "type": "alias"}
    record = entered(node, {**other, "names": [*other["names"], alias]})  # type: ignore[misc]
    entered(node, other)
    ref = opened(node)
    page = f"/redress/{ref}"
    found = posted(controller, page, f"{page}/find", kind="person", name="Zuzanna Applicantova").text
    redress_find.attach(ref, f"{record}.2", officer_named("ccf", node.desk), node.desk)
    ask(node, ref, f"{record}.2")
    case, sheet = (words_of(controller.client.get(f"{page}{rest}").text) for rest in ("", "/sheet"))
    asked = [text for text in (found, case, sheet) if "What a record said before" in text]
    assert (len(asked), "Applicantova" in case, record in sheet) == (3, True, False)


def test_notes_and_proposals_on_records_of_others_are_shown(node: Node, controller: Visitor) -> None:
    record = entered(node, PASSPORT)
    fra = officer_named("fra-officer", node.desk)
    query = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
    answer = run_check(query, fra, Purpose.BORDER, node.desk)
    hit = str(answer.hits[0].opened)
    ask_confirmation(hit, {"priority": "routine", "note": "Zuzanna Applicantova had it."}, fra, node.desk)
    said = {"record": record, "version": 1, "reason": "It is of Zuzanna Applicantova."}
    changes = {"changes": [{"field": "remarks", "new": "Taken."}]}
    made = propose({**said, **changes}, officer_named("fra-registrar", node.desk), Purpose.BORDER, node.desk)
    ref = opened(node)
    for one in (f"{hit}.n", made.request.id):
        redress_find.attach(ref, one, officer_named("ccf", node.desk), node.desk)
    case = words_of(controller.client.get(f"/redress/{ref}").text)
    wanted = ("Notes on a hit", "Proposed correction", "had it.", "It is of Zuzanna Applicantova.", "Taken.")
    assert [text for text in wanted if text not in case] == []
