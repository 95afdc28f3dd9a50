"""What an owner is asked in a redress case: it waits as long as the case is open, and its answer says all of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.errors import MalformedError
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.redress import Request
from comity.procedures.redress_owner import OwnersAnswer

CCF, EGYPT = "files-controller", "egy-registrar"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as made:
        yield made


def asked(node: Node) -> tuple[str, str]:
    """Return a case and a record in it, of which the owner is asked."""
    ccf, desk = officer(node, CCF), node.desk
    ref = redress.open_case(Request("access", {"name": "An applicant"}, "What is held?"), ccf, desk).ref
    record = enter(node)
    redress_find.attach(ref, record, ccf, desk)
    redress_owner.consult(ref, record, "On what ground?", 30, ccf, desk)
    return ref, record


def test_a_question_of_a_case_that_is_closed_waits_no_more(node: Node) -> None:
    ref, record = asked(node)
    ccf, egypt = officer(node, CCF), officer(node, EGYPT)
    waiting = len(redress_owner.questions(egypt, node.desk))
    redress_decide.decide(ref, record, "compliant", "It is lawful.", ccf, node.desk)
    redress.close(ref, ccf, node.desk)
    assert (waiting, redress_owner.questions(egypt, node.desk)) == (1, [])


def test_an_answer_that_does_not_say_whether_the_applicant_may_be_told_is_not_taken(node: Node) -> None:
    ref, record = asked(node)
    given = OwnersAnswer(ref, record, 1, "A warrant.", may_disclose=None)
    with pytest.raises(MalformedError, match="field-missing field=may_disclose"):
        redress_owner.answer_question(given, officer(node, EGYPT), node.desk)


@pytest.mark.parametrize("typed", ["٢٠٢٦-٠١-٠٥", "۲۰۲۶-۰۱-۰۵", "2026-01-05", "05.01.2026"])
def test_the_day_of_receipt_is_read_in_the_digits_of_any_script(node: Node, typed: str) -> None:
    request = Request("access", {"name": "An applicant"}, "What is held?", typed)
    assert str(redress.open_case(request, officer(node, CCF), node.desk).due_on) == "2026-05-05"
