"""An owner that gives a record another last day has answered what it was asked, or is asked about that day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer
from tests.unit.procedures.test_retention import END, START, keep, let_go, on, run

from comity.app import Node
from comity.errors import ConflictError
from comity.procedures.retention import Question, open_questions, question_about
from comity.procedures.submit import withdraw

ASKED, SOON = date(2026, 6, 1), date(2026, 6, 2)
LATER = date(2030, 1, 1)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield replace(node, desk=replace(node.desk, clock=lambda: START))


def entered(node: Node, until: date, day: date) -> str:
    return enter(replace(node, desk=on(node, day)), retain_until=until.isoformat())


def asked(node: Node, day: date) -> list[Question]:
    return list(open_questions(50, None, officer(node, "egy-registrar"), on(node, day)).questions)


@pytest.fixture
def record(node: Node) -> str:
    one = entered(node, END, START.date())
    run(node, ASKED)
    return one


def test_a_record_that_ends_later_is_asked_about_no_more(node: Node, record: str) -> None:
    entered(node, LATER, SOON)
    assert asked(node, SOON) == []


@pytest.mark.parametrize("answer", [keep, let_go])
def test_nor_is_anything_answered(node: Node, record: str, answer) -> None:
    entered(node, LATER, SOON)
    with pytest.raises(ConflictError) as told:
        answer(node, record, SOON)
    assert told.value.rule == "not-asked"


def test_its_page_says_so(node: Node, record: str) -> None:
    entered(node, LATER, SOON)
    with pytest.raises(ConflictError):
        question_about(record, officer(node, "egy-registrar"), on(node, SOON))


def test_one_that_is_withdrawn_is_asked_about_no_more(node: Node, record: str) -> None:
    withdraw(record, None, officer(node, "egy-registrar"), on(node, SOON))
    assert asked(node, SOON) == []


def test_it_is_asked_about_ahead_of_its_new_end(node: Node, record: str) -> None:
    entered(node, LATER, SOON)
    run(node, date(2029, 7, 1))
    assert [one.term.ends_on for one in asked(node, date(2029, 7, 1))] == [LATER]


def test_one_that_ends_a_little_later_is_asked_about_with_its_new_end(node: Node, record: str) -> None:
    entered(node, date(2026, 12, 2), SOON)
    assert [(one.term.ends_on, one.days_left) for one in asked(node, SOON)] == [(date(2026, 12, 2), 183)]


def test_one_that_is_suspended_is_purged_after_its_new_end_and_says_when(node: Node, record: str) -> None:
    run(node, END)
    entered(node, LATER, END)
    (one,) = asked(node, END)
    assert (one.term.step, one.purged_on) == ("suspended", date(2030, 1, 31))


def test_a_page_of_questions_of_which_none_stands_leads_on(node: Node) -> None:
    for place in range(3):
        said = {"source_id": f"P{place}", "retain_until": END.isoformat()}
        enter(node, **said)
    run(node, ASKED)
    listed = asked(node, SOON)
    first = listed[0].held.record.source_id
    enter(replace(node, desk=on(node, SOON)), source_id=first, retain_until=LATER.isoformat())
    seen: list[str] = []
    after: str | None = None
    while True:
        page = open_questions(1, after, officer(node, "egy-registrar"), on(node, SOON))
        seen += [one.term.record for one in page.questions]
        after = page.next
        if after is None:
            break
    assert seen == [one.term.record for one in listed[1:]]
