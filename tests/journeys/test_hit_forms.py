"""The forms of a hit choose nothing beforehand: one that is sent off unread confirms nobody and withdraws nothing."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor
from tests.unit.procedures.hit_desk import HitDesk, hit_desk

from comity.records.hits import HitState


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        made.enter()
        yield made


@pytest.fixture
def egypt(desk: HitDesk) -> Visitor:
    entering = visitor(desk.node)
    entering.sign_in(desk.node, open_account(desk.node, "egy-inside", "EGY"))
    return entering


@pytest.fixture
def france(desk: HitDesk) -> Visitor:
    entering = visitor(desk.node)
    entering.sign_in(desk.node, open_account(desk.node, "fra-inside", "FRA"))
    return entering


def chosen(page: str) -> list[str]:
    return [tag for tag in re.findall(r"<input type=\"radio\"[^>]*>", page) if " checked" in tag]


def test_who_asks_chooses_how_soon(desk: HitDesk, france: Visitor) -> None:
    page = france.client.get(f"/inbox/{desk.hit()}").text
    assert ('name="priority"' in page, chosen(page)) == (True, [])


def test_who_answers_chooses_what(desk: HitDesk, egypt: Visitor) -> None:
    one = desk.hit()
    desk.ask(one)
    page = egypt.client.get(f"/inbox/{one}").text
    assert ('name="answer"' in page, chosen(page)) == (True, [])


@pytest.mark.parametrize("said", [{}, {"answer": "refused"}, {"answer": "refused", "reason": ""}])
def test_what_says_nothing_changes_nothing_and_keeps_what_was_typed(
    desk: HitDesk, egypt: Visitor, said: dict[str, str]
) -> None:
    one = desk.hit()
    desk.ask(one)
    answer = egypt.post(f"/inbox/{one}/answer", form="answer", note="Look at the scar.", **said)
    assert (answer.status_code, desk.page(one).line.hit.state) == (422, HitState.ASKED)
    assert "Look at the scar." in answer.text


def test_a_choice_that_came_with_a_fault_is_kept(desk: HitDesk, egypt: Visitor) -> None:
    one = desk.hit()
    desk.ask(one)
    page = egypt.post(f"/inbox/{one}/answer", form="answer", answer="refused").text
    assert ['value="refused"' in tag for tag in chosen(page)] == [True]


def test_a_reason_is_chosen(desk: HitDesk, egypt: Visitor) -> None:
    one = desk.hit()
    desk.ask(one)
    egypt.post(f"/inbox/{one}/answer", answer="refused", reason="declined")
    assert desk.page(one).line.hit.state is HitState.REFUSED
