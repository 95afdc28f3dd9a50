"""In the console: every request to an owner is reached, access is taken back, and nobody's reasons are lost."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.procedures.owners.access import ask_access, decide_access
from comity.procedures.owners.proposals import propose
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
