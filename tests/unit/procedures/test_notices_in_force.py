"""What is in force goes on and ends as its owner and a reviewer said: updates, addressees, last days, retention."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.offices import (
    RED,
    add_account,
    checklist,
    enter,
    found,
    officer,
    offices,
    published,
    refused,
    step,
)

from comity.app import SECRETARIAT, Node
from comity.errors import ConflictError, MalformedError
from comity.procedures.daily import turn
from comity.procedures.notices.drafting import amend, draft
from comity.procedures.notices.reading import NoticeRequest, list_notices, read_notice
from comity.procedures.owners.access import ask_access, decide_access, end_access
from comity.procedures.retention import Answer, answer, open_questions
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View
from comity.records.notices import COLOURS
from comity.records.notices.states import Form, NoticeState
from comity.records.retention import BORDER, months_after
from comity.registry import events
from comity.registry.notices import HeldNotice

NAME = "Ferhat Dalamanoglu"
TO_TWO: dict[str, Json] = {"share": {"only": ["FRA", "KEN"]}}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def later(node: Node, **time: int) -> Node:
    at = node.desk.clock() + timedelta(**time)
    return replace(node, desk=replace(node.desk, clock=lambda: at))


def day(node: Node, days: int) -> date:
    return node.desk.clock().date() + timedelta(days=days)


def updated(node: Node, held: HeldNotice, **said: Json) -> HeldNotice:
    content: dict[str, Json] = {**RED, **said}
    return amend(held.id, held.form, held.version, content, officer(node, "egy-registrar"), node.desk)


def reviewed(node: Node, held: HeldNotice) -> HeldNotice:
    taken = step(node, held, "take", "reviewer-1")
    return step(node, taken, "publish", "reviewer-1", checklist=checklist("red"), reasons="Weighed.")


def now(node: Node, held: HeldNotice) -> HeldNotice:
    return read_notice(held.id, held.form, officer(node, "egy-registrar"), None, node.desk).held


def told(node: Node, bureau: str) -> list[str]:
    with node.desk.registry.read() as connection:
        return [one.event.what for one in events.after(connection, bureau, 0, 100)]


WRONG = [
    ({"share": {"only": ["KEN", "ZZZ"]}}, "unknown-bureau"),
    ({"share": "owner"}, "recipients-missing"),
    ({**TO_TWO, "valid_until": "2001-01-01"}, "date-past"),
    ({**TO_TWO, "valid_until": "2090-01-01"}, "too-long-valid"),
]


@pytest.mark.parametrize(("said", "code"), WRONG)
def test_an_update_is_checked_as_what_is_submitted_is(node: Node, said: dict[str, Json], code: str) -> None:
    held = published(node, {**RED, **TO_TWO}, Form.DIFFUSION)
    with pytest.raises(MalformedError) as error:
        updated(node, held, **said)
    assert (error.value.code, now(node, held)) == (code, held)


def test_nothing_is_published_after_its_last_day(node: Node) -> None:
    held = step(
        node, enter(node, {**RED, "valid_until": day(node, 1).isoformat()}), "submit", "egy-registrar"
    )
    with pytest.raises(MalformedError) as error:
        reviewed(later(node, days=2), held)
    assert error.value.code == "date-past"


def test_a_notice_is_published_on_its_last_day(node: Node) -> None:
    held = step(
        node, enter(node, {**RED, "valid_until": day(node, 1).isoformat()}), "submit", "egy-registrar"
    )
    tomorrow = later(node, days=1)
    reviewed(tomorrow, held)
    assert found(tomorrow, NAME) == [held.id]


@pytest.mark.parametrize("move", [None, "take"])
def test_a_diffusion_that_nobody_has_reviewed_expires(node: Node, move: str | None) -> None:
    content = {**RED, **TO_TWO, "valid_until": day(node, 1).isoformat()}
    held = step(node, enter(node, content, Form.DIFFUSION), "submit", "egy-registrar")
    if move is not None:
        held = step(node, held, move, "reviewer-1")
    over = later(node, days=2)
    turn(over.desk)
    assert (now(over, held).state, now(over, held).since) == (NoticeState.EXPIRED, None)


def test_a_diffusion_that_was_sent_back_is_not_over_by_its_former_day(node: Node) -> None:
    content = {**RED, **TO_TWO, "valid_until": day(node, 1).isoformat()}
    held = step(node, enter(node, content, Form.DIFFUSION), "submit", "egy-registrar")
    held = step(node, step(node, held, "take", "reviewer-1"), "return", "reviewer-1", reasons="Which port?")
    held = step(node, updated(node, held, **TO_TWO), "submit", "egy-registrar")
    over = later(node, days=5)
    turn(over.desk)
    assert now(over, held).state is NoticeState.SUBMITTED


def test_where_the_secretariat_asks_itself_its_desk_and_its_reviewers_tell_each_other(node: Node) -> None:
    add_account(node, "sec-desk", SECRETARIAT, "desk")
    content: dict[str, Json] = {**COLOURS["un_special"].examples[0], "colour": "un_special"}
    held = draft(content, Form.NOTICE, officer(node, "sec-desk"), node.desk)
    held = step(node, held, "submit", "sec-desk")
    held = step(node, step(node, held, "take", "reviewer-1"), "return", "reviewer-1", reasons="Which list?")
    assert told(node, SECRETARIAT) == ["submit", "take", "return"]


def test_an_addressee_is_told_what_it_is_shown_and_nothing_of_how_it_came_about(node: Node) -> None:
    held = published(node, {**RED, **TO_TWO}, Form.DIFFUSION)
    held = reviewed(node, updated(node, held, **TO_TWO, language="eng"))
    held = step(node, held, "suspend", "reviewer-1", reasons="A doubt.")
    step(node, held, "resume", "reviewer-1", reasons="None.")
    assert told(node, "KEN") == ["submit", "publish", "publish", "suspend", "resume"]


def test_an_addressee_learns_nothing_of_an_update_that_is_refused(node: Node) -> None:
    held = published(node, {**RED, **TO_TWO}, Form.DIFFUSION)
    before = told(node, "KEN")
    held = step(node, updated(node, held, **TO_TWO, language="eng"), "take", "reviewer-1")
    step(node, held, "refuse", "reviewer-1", reasons="No.")
    assert told(node, "KEN") == before


def test_an_addressee_that_is_left_out_is_told_that_it_is_over(node: Node) -> None:
    held = published(node, {**RED, **TO_TWO}, Form.DIFFUSION)
    before = {code: len(told(node, code)) for code in ("FRA", "KEN")}
    reviewed(node, updated(node, held, share={"only": ["KEN"]}))
    since = {code: told(node, code)[count:] for code, count in before.items()}
    assert since == {"FRA": ["withdraw"], "KEN": ["publish"]}


def test_an_addressee_that_is_left_out_meets_it_no_more(node: Node) -> None:
    held = published(node, {**RED, **TO_TWO}, Form.DIFFUSION)
    reviewed(node, updated(node, held, share={"only": ["KEN"]}))
    wanted, france = NoticeRequest(Form.DIFFUSION), officer(node, "fra-officer")
    listed = list_notices(wanted, france, Purpose.BORDER, node.desk).seen
    assert (found(node, NAME, "fra-officer"), listed) == ([], ())


@pytest.mark.parametrize("what", ["keep", "let-go"])
@pytest.mark.parametrize("form", Form)
def test_what_stands_under_a_notice_is_neither_kept_nor_let_go_beside_it(
    node: Node, form: Form, what: str
) -> None:
    content = {**RED, **(TO_TWO if form is Form.DIFFUSION else {}), "valid_until": day(node, 100).isoformat()}
    held = published(node, content, form)
    turn(node.desk)
    given = Answer(held.id, what, "The case goes on.", day(node, 900).isoformat())
    with pytest.raises(ConflictError) as error:
        answer(given, officer(node, "egy-registrar"), node.desk)
    assert (error.value.rule, now(node, held).state) == ("kept-by-notice", NoticeState.PUBLISHED)
    assert found(node, NAME) == [held.id]


def asked(node: Node) -> list[str]:
    page = open_questions(50, None, officer(node, "egy-registrar"), node.desk)
    return [one.term.record for one in page.questions]


def test_an_update_that_is_reviewed_answers_what_its_owner_was_asked(node: Node) -> None:
    held = published(node, {**RED, "valid_until": day(node, 100).isoformat()})
    turn(node.desk)
    before = asked(node)
    reviewed(node, updated(node, held, valid_until=day(node, 1500).isoformat()))
    assert (before, asked(node)) == ([held.id], [])


def test_a_notice_that_was_renewed_outlives_its_first_period(node: Node) -> None:
    held = published(node)
    renewing = later(node, days=1700)
    turn(renewing.desk)
    reviewed(renewing, updated(renewing, held))
    after = later(node, days=2000)
    turn(after.desk)
    assert (found(after, NAME), now(after, held).state) == ([held.id], NoticeState.PUBLISHED)


def test_an_update_brings_back_what_was_suspended_for_want_of_an_answer(node: Node) -> None:
    border = replace(node, desk=replace(node.desk, retention=BORDER))
    held = published(border)
    over = replace(border, desk=replace(border.desk, clock=later(node, days=1100).desk.clock))
    turn(over.desk)
    silent = found(over, NAME)
    reviewed(over, updated(over, held))
    assert (silent, found(over, NAME)) == ([], [held.id])


def test_an_update_keeps_a_record_no_longer_than_its_period(node: Node) -> None:
    border = replace(node, desk=replace(node.desk, retention=BORDER))
    held = published(border)
    renewing = replace(border, desk=replace(border.desk, clock=later(node, days=700).desk.clock))
    reviewed(renewing, updated(renewing, held))
    end = months_after(renewing.desk.clock().date(), 36)
    before, on = (replace(border.desk, clock=lambda at=at: at) for at in _around(renewing, end))
    ends = [found(replace(node, desk=desk), NAME) for desk in (before, on)]
    assert ends == [[held.id], []]


def _around(node: Node, end: date):
    at = node.desk.clock()
    noon = at.replace(year=end.year, month=end.month, day=end.day)
    return noon - timedelta(days=1), noon


def test_a_refused_diffusion_is_told_to_its_addressees(node: Node) -> None:
    refused(node, {**RED, **TO_TWO}, Form.DIFFUSION)
    assert told(node, "KEN") == ["submit", "refuse"]


def test_access_to_a_notice_s_record_is_taken_back(node: Node) -> None:
    held = published(node, {**RED, "view": "pointer"})
    kenya, egypt = officer(node, "ken-registrar"), officer(node, "egy-registrar")
    one = ask_access({"record": held.id, "reason": "r"}, kenya, Purpose.BORDER, node.desk).request.id
    decide_access(one, {"accept": True}, egypt, node.desk)
    end_access(one, {"reason": "Enough."}, egypt, node.desk)
    held = reviewed(node, updated(node, now(node, held), view="pointer"))
    assert read_notice(held.id, held.form, kenya, Purpose.BORDER, node.desk).view is View.POINTER


def suspended(node: Node) -> HeldNotice:
    return step(node, published(node), "suspend", "reviewer-1", reasons="The date of birth is another.")


BORN: dict[str, Json] = {"record": {**RED["record"], "born": ["1980-08-21"]}}


def test_what_is_suspended_is_amended_and_is_in_force_once_that_is_reviewed(node: Node) -> None:
    held = updated(node, suspended(node), **BORN)
    before = (held.state, found(node, NAME))
    held = reviewed(node, held)
    assert before == (NoticeState.SUSPENDED, [])
    assert (held.state, held.body.record["born"] if held.body else None) == (
        NoticeState.PUBLISHED,
        ["1980-08-21"],
    )
    assert found(node, NAME) == [held.id]


def test_an_amendment_of_what_is_suspended_waits_for_review(node: Node) -> None:
    before = suspended(node)
    waiting = NoticeRequest(Form.NOTICE, "waiting")
    reviewer = officer(node, "reviewer-1")
    empty = list_notices(waiting, reviewer, None, node.desk).seen
    held = updated(node, before, **BORN)
    listed = [one.held.id for one in list_notices(waiting, reviewer, None, node.desk).seen]
    assert (empty, listed) == ((), [held.id])


def test_an_amendment_that_is_refused_leaves_it_suspended(node: Node) -> None:
    held = step(node, updated(node, suspended(node), **BORN), "take", "reviewer-1")
    held = step(node, held, "refuse", "reviewer-1", reasons="No.")
    assert (held.state, held.draft, held.refused_at, found(node, NAME)) == (
        NoticeState.SUSPENDED,
        None,
        None,
        [],
    )


@pytest.mark.parametrize("move", ["take", "publish", "refuse"])
def test_of_what_is_suspended_unamended_there_is_nothing_to_review(node: Node, move: str) -> None:
    held = suspended(node)
    seen = read_notice(held.id, held.form, officer(node, "reviewer-1"), None, node.desk)
    with pytest.raises(ConflictError, match="not-in-that-state"):
        step(node, held, move, "reviewer-1", reasons="x", checklist=checklist("red"))
    assert move not in {one.value for one in seen.moves}


def test_what_was_suspended_and_amended_may_be_resumed_as_it_was(node: Node) -> None:
    held = step(node, updated(node, suspended(node), **BORN), "resume", "reviewer-1", reasons="It was right.")
    assert (held.state, found(node, NAME)) == (NoticeState.UPDATED, [held.id])
    assert held.body is not None
    assert held.body.record["born"] == ["1979-08-21"]
