"""In the console: every request to an owner is reached, access is taken back, and nobody's reasons are lost."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.errors import ConflictError
from comity.procedures import redress, redress_find, redress_owner
from comity.procedures.owners.access import ask_access, decide_access
from comity.procedures.owners.proposals import decide_proposal, propose
from comity.procedures.redress import Request
from comity.procedures.submit import withdraw
from comity.records.handling import Purpose

TAKE_BACK = {
    "en": "Take the access back",
    "fr": "Reprendre l’accès",
    "es": "Retirar el acceso",
    "ar": "إلغاء الاطلاع",
}


@pytest.fixture
def node(tmp_path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield node


def asked(node: Node) -> tuple[str, str]:
    record = enter(node, view="pointer")
    said = {"record": record, "reason": "We hold him."}
    one = ask_access(said, officer(node, "fra-officer"), Purpose.BORDER, node.desk).request.id
    return record, f"/access-requests/{one}"


def given(node: Node) -> str:
    _record, path = asked(node)
    decide_access(path.rpartition("/")[2], {"accept": True}, officer(node, "egy-registrar"), node.desk)
    return path


def egypt(node: Node, language: str = "en") -> Visitor:
    entering = visitor(node, **{"Accept-Language": language})
    entering.sign_in(node, open_account(node, "egy-inside", "EGY"))
    return entering


@pytest.mark.parametrize("language", TAKE_BACK)
def test_an_owner_takes_access_back(node: Node, language: str) -> None:
    path, entering = given(node), egypt(node, language)
    before = words_of(entering.client.get(path).text)
    answer = entering.post(path, do="end", reason="The case is closed.")
    after = words_of(entering.client.get(path).text)
    assert (TAKE_BACK[language] in before, answer.status_code) == (True, 303)
    assert ("The case is closed." in after, TAKE_BACK[language] in after) == (True, False)


def test_nothing_is_taken_back_without_a_reason(node: Node) -> None:
    path, entering = given(node), egypt(node)
    assert entering.post(path, do="end", reason=" ").status_code == 422


@pytest.mark.parametrize("do", ["accept", "refuse"])
def test_a_reason_is_kept_where_the_decision_comes_too_late(node: Node, do: str) -> None:
    record, path = asked(node)
    entering = egypt(node)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    if do == "refuse":
        decide_access(
            path.rpartition("/")[2],
            {"accept": False, "reason": "No."},
            officer(node, "egy-registrar"),
            node.desk,
        )
    answer = entering.post(path, do=do, reason="Thought about for an hour.")
    assert (answer.status_code, "Thought about for an hour." in answer.text) == (409, True)


def test_every_request_is_reached_in_the_console(node: Node) -> None:
    record = enter(node)
    kenya, made = officer(node, "ken-officer"), set[str]()
    for place in range(53):
        change = {"field": "marks", "new": f"A scar, seen {place} times"}
        said = {"record": record, "version": 1, "changes": [change], "reason": "Seen."}
        made.add(propose(said, kenya, Purpose.BORDER, node.desk).request.id)
    entering, path, found = egypt(node), "/requests", list[str]()
    while path:
        page = entering.client.get(path).text
        found += re.findall(r'href="/proposals/(\w+)"', page)
        nexts = re.findall(r'href="(/requests\?[^"]*before=[^"]*)"', page)
        path = unescape(nexts[0]) if nexts else ""
    assert (len(found), set(found)) == (53, made)


def kenya(node: Node, language: str = "en") -> Visitor:
    entering = visitor(node, **{"Accept-Language": language})
    entering.sign_in(node, open_account(node, "ken-inside", "KEN", "officer"))
    entering.check("person", name="Nobody")
    return entering


ALIAS = {"new-names.0.name": "Abu Testmansour", "new-names.0.type": "alias"}
PASSPORT = {
    "new-documents.0.type": "P",
    "new-documents.0.issuer": "SDN",
    "new-documents.0.number": "B0099887",
}


def test_a_name_and_a_document_are_proposed_in_the_console(node: Node) -> None:
    record, entering = enter(node), kenya(node)
    page = entering.client.get(f"/records/{record}/propose").text
    assert ('name="new-names.0.name"' in page, '<select id="f-new-sex"' in page) == (True, True)
    said = {**ALIAS, **PASSPORT, "new-sex": "F", "version": "1", "reason": "Seen at the border."}
    answer = entering.post(f"/records/{record}/propose", **said)
    one = answer.headers["location"].rpartition("/")[2]
    decide_proposal(one, {"accept": True}, officer(node, "egy-registrar"), node.desk)
    held = node.desk.registry.record_with(record)
    assert held is not None
    data = held.record.data
    assert [name["name"] for name in data["names"]][1:] == ["Abu Testmansour"]
    assert ([one["number"] for one in data["documents"]][-1], data["sex"]) == ("B0099887", "F")


def test_what_was_typed_in_a_proposal_is_kept_where_something_is_wrong(node: Node) -> None:
    record, entering = enter(node), kenya(node)
    said = {**ALIAS, "new-born": "never", "version": "1", "reason": "Seen."}
    answer = entering.post(f"/records/{record}/propose", **said)
    assert (answer.status_code, "Abu Testmansour" in answer.text, ">never</textarea>" in answer.text) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_the_form_of_a_proposal_is_said_in_each_language(node: Node, language: str) -> None:
    record, entering = enter(node), kenya(node, language)
    page = words_of(entering.client.get(f"/records/{record}/propose").text)
    assert [word for word in ("Names", "Nationalities", "Proposed", "Female") if f" {word} " in page] == []


def blocked(node: Node) -> tuple[str, str]:
    """Return a proposal on a record that a redress case blocks: its identifier and its page."""
    record = enter(node)
    said = {
        "record": record,
        "version": 1,
        "reason": "Seen at the port.",
        "changes": [{"field": "sex", "new": "F"}],
    }
    one = propose(said, officer(node, "fra-registrar"), Purpose.BORDER, node.desk).request.id
    ccf = officer(node, "files-controller")
    ref = redress.open_case(Request("deletion", {"name": "An applicant"}, "Please."), ccf, node.desk).ref
    redress_find.attach(ref, record, ccf, node.desk)
    redress_owner.block(ref, record, ccf, node.desk)
    return one, f"/proposals/{one}"


def test_an_owner_is_told_that_a_case_blocks_what_was_proposed(node: Node) -> None:
    _one, path = blocked(node)
    page = egypt(node, "ar").client.get(path).text
    assert ("ملف تظلم يحجب" in page, 'value="accept"' in page, 'value="refuse"' in page) == (
        True,
        False,
        True,
    )


def test_what_a_case_blocks_is_not_called_withdrawn(node: Node) -> None:
    one, _path = blocked(node)
    with pytest.raises(ConflictError, match="blocked-by-case"):
        decide_proposal(one, {"accept": True}, officer(node, "egy-registrar"), node.desk)


@pytest.mark.parametrize("what", ["propose", "ask"])
def test_who_has_stated_no_purpose_yet_is_asked_for_it(node: Node, what: str) -> None:
    record = enter(node, view="summary")
    france = visitor(node)
    france.sign_in(node, open_account(node, "fra-inside", "FRA"))
    path = f"/records/{record}/{what}"
    page = france.client.get(path)
    fields = {"token": france.token(path), "purpose": "border", "back": path}
    then = france.client.post("/purpose", data=fields, follow_redirects=True)
    assert (page.status_code, then.status_code, then.url.path) == (200, 200, path)
