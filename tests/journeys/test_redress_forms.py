"""Forms and bodies of a redress case that are not taken: told what is wrong, nothing typed lost, nothing guessed."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.copies import copy_node
from tests.journeys.console_visitor import Visitor, open_account, visitor

from comity.api import build_api
from comity.app import SECRETARIAT, Node, open_node
from comity.procedures import people, redress, redress_find, redress_owner
from comity.procedures.redress import Request
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit

PEOPLE = (("egy-registrar", "EGY", "registrar"), ("files-controller", SECRETARIAT, "controller"))
PASSPORT = {
    "kind": "travel_document",
    "source_id": "D1",
    "type": "P",
    "issuer": "EGY",
    "number": "A7654321",
    "status": "stolen",
}
WORDS = "على أي أساس؟"
OPENING = {"kind": "access", "applicant": {"name": "An applicant"}, "request": "What is held?"}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node", PEOPLE)
    with open_node(tmp_path / "node") as made:
        yield made


@pytest.fixture
def case(node: Node) -> tuple[str, str]:
    """A case and a record in it, of which the owner is asked."""
    ccf, desk = officer_named("files-controller", node.desk), node.desk
    ref = redress.open_case(Request("access", {"name": "An applicant"}, "What is held?"), ccf, desk).ref
    record = submit(dict(PASSPORT), officer_named("egy-registrar", desk), desk).receipt.public_id
    redress_find.attach(ref, record, ccf, desk)
    redress_owner.consult(ref, record, "On what ground?", 30, ccf, desk)
    return ref, record


def signed_in(node: Node, name: str, bureau: str, role: str) -> Visitor:
    made = visitor(node)
    made.sign_in(node, open_account(node, name, bureau, role))
    return made


def posted(who: Visitor, page: str, **fields: str):
    token = re.search(r'name="token" value="([0-9a-f]+)"', who.client.get(page).text)
    assert token is not None, page
    return who.client.post(page, data={"token": token[1], **fields}, follow_redirects=False)


def typed_in(page: str) -> list[str]:
    """Return what stands in a page's areas of text."""
    return [unescape(text) for text in re.findall(r"<textarea[^>]*>([^<]*)</textarea>", page)]


def test_days_are_read_in_the_digits_of_any_script(node: Node, case: tuple[str, str]) -> None:
    ref, record = case
    ccf = signed_in(node, "ccf", SECRETARIAT, "controller")
    answer = posted(ccf, f"/redress/{ref}", step="consult", record=record, question=WORDS, days="١٤")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "step",
    [
        {"step": "consult", "question": WORDS, "days": "900"},
        {"step": "decide", "reasons": WORDS, "decision": ""},
    ],
)
def test_what_is_wrong_with_a_step_loses_no_words(
    node: Node, case: tuple[str, str], step: dict[str, str]
) -> None:
    ref, record = case
    ccf = signed_in(node, "ccf", SECRETARIAT, "controller")
    answer = posted(ccf, f"/redress/{ref}", record=record, **step)
    assert (answer.status_code, WORDS in typed_in(answer.text)) == (422, True)


def test_reasons_for_what_is_decided_meanwhile_are_not_lost(node: Node, case: tuple[str, str]) -> None:
    ref, record = case
    ccf = signed_in(node, "ccf", SECRETARIAT, "controller")
    step = {"step": "decide", "record": record, "decision": "compliant"}
    posted(ccf, f"/redress/{ref}", reasons="Another tab.", **step)
    answer = posted(ccf, f"/redress/{ref}", reasons=WORDS, **step)
    assert (answer.status_code, WORDS in unescape(answer.text)) == (409, True)


def test_an_owner_s_answer_without_its_choice_is_asked_for_it_and_keeps_its_words(
    node: Node, case: tuple[str, str]
) -> None:
    ref, record = case
    egypt = signed_in(node, "egy", "EGY", "registrar")
    fields = {"case": ref, "record": record, "number": "1", "answer": WORDS, "may_disclose": ""}
    answer = posted(egypt, "/redress/questions", **fields)
    assert (answer.status_code, typed_in(answer.text)) == (422, [WORDS])


def test_an_owner_s_answer_that_comes_second_keeps_its_words(node: Node, case: tuple[str, str]) -> None:
    ref, record = case
    egypt = signed_in(node, "egy", "EGY", "registrar")
    fields = {"case": ref, "record": record, "number": "1", "may_disclose": "no"}
    posted(egypt, "/redress/questions", answer="A colleague's.", **fields)
    answer = posted(egypt, "/redress/questions", answer=WORDS, **fields)
    assert (answer.status_code, WORDS in unescape(answer.text)) == (422, True)


def asking(node: Node, name: str) -> TestClient:
    key = people.new_key(officer_named(name, node.desk), node.desk).reveal()
    return TestClient(build_api(node.desk), headers={"Authorization": f"Bearer {key}"})


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"received_on": 20260101}, "text-expected", "received_on"),
        ({"recieved_on": "2026-01-01"}, "unknown-field", "recieved_on"),
        ({"applicant": {"name": "A", "borne": "1970"}}, "unknown-field", "applicant.borne"),
        ({"applicant": {"name": "A", "contact": ["a lawyer"]}}, "text-expected", "applicant.contact"),
    ],
)
def test_what_a_case_is_opened_with_is_not_passed_over(
    node: Node, wrong: dict[str, object], code: str, field: str
) -> None:
    answer = asking(node, "files-controller").post("/v1/redress/cases", json={**OPENING, **wrong})
    told = answer.json()
    assert (answer.status_code, told.get("code"), told.get("field")) == (422, code, field)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "field-missing"),
        ({"may_disclose": "yes"}, "truth-expected"),
        ({"may_disclose": 1}, "truth-expected"),
    ],
)
def test_what_an_owner_does_not_plainly_say_is_not_taken_for_no(
    node: Node, case: tuple[str, str], said: dict[str, object], code: str
) -> None:
    ref, record = case
    answer = asking(node, "egy-registrar").post(
        f"/v1/redress/questions/{ref}/{record}", json={"answer": "A warrant.", **said}
    )
    told = answer.json()
    assert (answer.status_code, told.get("code"), told.get("field")) == (422, code, "may_disclose")


def test_a_body_that_is_not_taken_leaves_one_line(node: Node) -> None:
    client = asking(node, "files-controller")
    client.post("/v1/redress/cases", json={**OPENING, "recieved_on": "2026-01-01"})
    lines = client.get("/v1/audit").json()["lines"]
    wrong = [line for line in lines if line["act"] == "redress:handle"]
    assert [(line["outcome"], line["reason"]) for line in wrong] == [("invalid", "unknown-field recieved_on")]
