"""What people write to each other reads as it stands: no character turns it about, or hides in it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.hit_desk import HitDesk, hit_desk
from tests.unit.procedures.offices import RED, add_account, enter, officer, offices, step

from comity.app import SECRETARIAT, Node
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.duties import set_duty
from comity.procedures.notices.reading import read_notice
from comity.procedures.owners.access import ask_access, decide_access
from comity.procedures.owners.proposals import propose
from comity.procedures.redress import Dossier, Request
from comity.procedures.redress_owner import OwnersAnswer
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, Share
from comity.records.notices.states import Form
from comity.records.record import parse_record

TYPED = "Pay to \u202e4321\u202c, \u200bnot\u200f to \x9b31m\u2066others\u2069"
READ = "Pay to 4321, not to 31mothers"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[HitDesk]:
    with hit_desk(tmp_path) as made:
        yield made


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def question(desk: HitDesk) -> object:
    desk.enter()
    asked = desk.ask(desk.hit(), note=TYPED).line.hit.question
    return asked and asked.note


def answer(desk: HitDesk) -> object:
    desk.enter()
    one = desk.hit()
    desk.ask(one)
    given = desk.answer(one, note=TYPED).line.hit.reply
    return given and given.note


def outcome(desk: HitDesk) -> object:
    desk.enter()
    end = desk.close(desk.hit(), "not-pursued", note=TYPED).line.hit.closing
    return end and end.note


def contact(desk: HitDesk) -> object:
    return set_duty({"contact": TYPED}, desk.officer("egy-registrar"), desk.desk).duty.contact


def proposal(desk: HitDesk) -> object:
    said = {"record": desk.enter(), "version": 1, "changes": [{"field": "status", "new": "lost"}]}
    officer = desk.officer("fra-registrar")
    return propose({**said, "reason": TYPED}, officer, Purpose.BORDER, desk.desk).request.reason


def refusal(desk: HitDesk) -> object:
    asked = {"record": desk.enter(view="summary"), "reason": "For a case."}
    one = ask_access(asked, desk.officer("fra-registrar"), Purpose.BORDER, desk.desk).request.id
    decision = {"accept": False, "reason": TYPED}
    return decide_access(one, decision, desk.officer("egy-registrar"), desk.desk).request.answer


@pytest.mark.parametrize("written", [question, answer, outcome, contact, proposal, refusal])
def test_what_bureaus_write_to_each_other_reads_as_it_stands(
    desk: HitDesk, written: Callable[[HitDesk], object]
) -> None:
    assert written(desk) == READ


def test_what_a_reviewer_writes_reads_as_it_stands(node: Node) -> None:
    held = step(node, enter(node), "submit", "egy-registrar")
    held = step(node, held, "take", "reviewer-1")
    held = step(node, held, "refuse", "reviewer-1", reasons=TYPED, rules=[TYPED])
    seen = read_notice(held.id, Form.NOTICE, officer(node, "egy-registrar"), None, node.desk)
    assert (seen.steps[-1].reasons, seen.steps[-1].rules) == (READ, (READ,))


def test_a_request_s_own_number_reads_as_it_stands(node: Node) -> None:
    assert enter(node, {**RED, "reference": TYPED}).reference == READ


def asked_and_answered(node: Node) -> Dossier:
    """Return a case in which the applicant, the controller and an owner have all written."""
    add_account(node, "ccf", SECRETARIAT, "controller")
    ccf, egypt = officer(node, "ccf"), officer(node, "egy-registrar")
    request = Request("deletion", {"name": TYPED, "contact": TYPED}, TYPED)
    ref = redress.open_case(request, ccf, node.desk).ref
    passport = {
        "kind": "travel_document",
        "source_id": "D1",
        "type": "P",
        "issuer": "EGY",
        "number": "A7654321",
        "status": "stolen",
    }
    record = submit(passport, egypt, node.desk).receipt.public_id
    redress_find.attach(ref, record, ccf, node.desk)
    redress_owner.consult(ref, record, TYPED, 30, ccf, node.desk)
    redress_owner.answer_question(OwnersAnswer(ref, record, 1, TYPED, may_disclose=True), egypt, node.desk)
    redress_decide.decide(ref, record, "compliant", TYPED, ccf, node.desk)
    return redress.dossier(ref, ccf, node.desk)


def test_what_is_written_in_a_redress_case_reads_as_it_stands(node: Node) -> None:
    whole = asked_and_answered(node)
    (about,) = whole.records
    ((_question, words, answer),) = about.questions
    said = (*whole.applicant.values(), whole.words, about.reasons, words, answer)
    assert said == (READ,) * len(said)


def test_an_owner_s_identifier_reads_as_it_stands() -> None:
    stated: dict[str, Json] = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
    made = parse_record({**stated, "status": "stolen", "source_id": TYPED}, Share())
    assert made.source_id == READ
