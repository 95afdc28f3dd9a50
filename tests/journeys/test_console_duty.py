"""The page of the duty desk: out of date it takes nothing back, and what was typed is never lost."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor
from tests.unit.procedures.bureaus import bureaus, officer

from comity.app import Node
from comity.procedures.duties import read_duty, set_duty


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as opened:
        yield opened


@pytest.fixture
def egypt(node: Node) -> Visitor:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "egy-duty", "EGY"))
    return entering


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def told(answer: object) -> str:
    found = re.search(r'class="fault"[^>]*>(.*?)</p>', str(answer), re.DOTALL)
    return "" if found is None else found[1]


def second(node: Node) -> str | None:
    return read_duty(officer(node, "egy-registrar"), node.desk).duty.second


TYPED: Mapping[str, str] = {"contact": "+20 2 5550100", "days-border": "9", "kind-days-person": "4"}


def test_a_page_that_is_out_of_date_takes_nothing_back(node: Node, egypt: Visitor) -> None:
    seen = field(egypt.client.get("/duty").text, "seen")
    set_duty({"second": "KEN"}, officer(node, "egy-registrar"), node.desk)
    answer = egypt.post("/duty", seen=seen, **TYPED)
    assert (answer.status_code, second(node)) == (409, "KEN")
    assert "Someone else has set the duty desk" in told(answer.text)


def test_what_was_typed_into_it_can_be_saved_then(node: Node, egypt: Visitor) -> None:
    seen = field(egypt.client.get("/duty").text, "seen")
    set_duty({"second": "KEN"}, officer(node, "egy-registrar"), node.desk)
    page = egypt.post("/duty", seen=seen, **TYPED).text
    assert {name: field(page, name) for name in TYPED} == TYPED
    again = egypt.post("/duty", seen=field(page, "seen"), second="FRA", **TYPED)
    assert (again.status_code, second(node)) == (303, "FRA")


@pytest.mark.parametrize("wrong", [{"second": "QQQ"}, {"account": "nobody"}, {"days-road": "99"}])
def test_what_was_typed_beside_a_fault_is_still_there(egypt: Visitor, wrong: Mapping[str, str]) -> None:
    answer = egypt.post("/duty", **TYPED, **wrong)
    assert answer.status_code in {404, 422}
    assert {name: field(answer.text, name) for name in [*TYPED, *wrong]} == {**TYPED, **wrong}


def test_a_page_that_is_not_out_of_date_is_saved(node: Node, egypt: Visitor) -> None:
    seen = field(egypt.client.get("/duty").text, "seen")
    assert (egypt.post("/duty", seen=seen, second="KEN").status_code, second(node)) == (303, "KEN")
