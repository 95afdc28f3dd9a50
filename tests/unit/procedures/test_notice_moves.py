"""Notices and diffusions: who moves them, what is met while they are in force, what reviewers are shown."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.unit.procedures.offices import (
    RED,
    YELLOW,
    add_account,
    checklist,
    enter,
    found,
    lines,
    officer,
    offices,
    published,
    refused,
    step,
)

from comity.access.acts import Act
from comity.app import SECRETARIAT, Node
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.check import run_check
from comity.procedures.daily import turn
from comity.procedures.notices.drafting import amend, draft
from comity.procedures.notices.expiring import expire_due
from comity.procedures.notices.exporting import PublicPage, public_list, public_notice
from comity.procedures.notices.reading import NoticeRequest, list_notices, read_notice
from comity.procedures.notices.reviewing import returns, review
from comity.procedures.owners.access import ask_access, decide_access
from comity.procedures.owners.proposals import decide_proposal, propose
from comity.procedures.purging import PurgeOrder, purge
from comity.procedures.submit import read_record, submit, withdraw
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, Share, View
from comity.records.notices.states import Form, NoticeState
from comity.records.record import Record, parse_record
from comity.registry import events, notices
from comity.registry.schema import METADATA
from comity.sources import interpol

NAME = "Ferhat Dalamanoglu"
SENT = {**RED, "share": {"only": ["FRA", "KEN", "BRA"]}}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("notices")) as node:
        yield node


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def listed(node: Node, by: str, form: Form = Form.NOTICE, scope: str = "in_force") -> list[str]:
    page = list_notices(NoticeRequest(form, scope), officer(node, by), Purpose.BORDER, node.desk)
    return [one.held.id for one in page.seen]


def test_a_published_notice_is_met_under_another_script(node: Node) -> None:
    held = published(node)
    assert found(node, "فرحات دلامان أوغلو") == [held.id]


def test_a_hit_on_a_notice_says_its_colour_and_what_to_do(node: Node) -> None:
    published(node)
    query = {"kind": "person", "name": NAME}
    hit = run_check(query, officer(node, "ken-officer"), Purpose.BORDER, node.desk).hits[0]
    assert (hit.notice, hit.action, hit.owner) == ("red", "notice-red", "EGY")


@pytest.mark.parametrize("move", ["withdraw", "suspend"])
def test_what_is_taken_out_of_force_is_met_by_nobody(node: Node, move: str) -> None:
    step(node, published(node), move, "egy-registrar", reasons="Over.")
    assert (found(node, NAME), listed(node, "ken-officer")) == ([], [])


def test_what_is_resumed_is_met_again(node: Node) -> None:
    held = step(node, published(node), "suspend", "reviewer-1", reasons="Asked for.")
    step(node, held, "resume", "reviewer-2", reasons="Answered.")
    assert found(node, NAME) == [held.id]


def test_its_owner_alone_resumes_nothing(node: Node) -> None:
    held = step(node, published(node), "suspend", "egy-registrar", reasons="Asked for.")
    with pytest.raises(RefusedError, match="secretariat-only"):
        step(node, held, "resume", "egy-registrar", reasons="Again.")


def test_a_notice_is_met_by_nobody_after_its_last_day(node: Node) -> None:
    published(node)
    later = node.desk.clock() + timedelta(days=5 * 366)
    late = replace(node, desk=replace(node.desk, clock=lambda: later))
    assert found(late, NAME) == []


def test_what_is_over_expires(node: Node) -> None:
    held = published(node)
    later = node.desk.clock() + timedelta(days=5 * 366)
    late = replace(node.desk, clock=lambda: later)
    assert expire_due(officer(node, "operator"), late) == 1
    seen = read_notice(held.id, Form.NOTICE, officer(node, "egy-registrar"), None, late)
    assert seen.state is NoticeState.EXPIRED


def test_what_is_over_expires_by_the_node_s_own_clock(node: Node) -> None:
    held = published(node)
    later = node.desk.clock() + timedelta(days=5 * 366)
    late = replace(node.desk, clock=lambda: later)
    turn(late)
    with node.desk.registry.read() as connection:
        now = notices.fetch(connection, held.id)
    assert now is None or now.state is NoticeState.EXPIRED


def test_of_a_purged_record_s_notice_no_word_is_held(node: Node) -> None:
    held = published(node)
    record = node.desk.registry.record_with(held.id)
    assert record is not None
    order = PurgeOrder(officer(node, "egy-registrar"), Act.RECORD_RETAIN, "let-go")
    with node.desk.registry.entering() as connection:
        purge([record], order, connection, node.desk)
    with node.desk.registry.read() as connection:
        rows = [
            str(row).casefold()
            for table in METADATA.sorted_tables
            if table.name.startswith("notice")
            for row in connection.execute(table.select())
        ]
    assert [row for row in rows if "dalamanoglu" in row or held.id.casefold() in row] == []


def test_whoever_runs_the_node_reads_no_notice(node: Node) -> None:
    held = published(node)
    with pytest.raises(RefusedError):
        read_notice(held.id, Form.NOTICE, officer(node, "operator"), Purpose.BORDER, node.desk)


def test_a_reviewer_of_a_bureau_is_none(node: Node) -> None:
    add_account(node, "egy-reviewer", "EGY", "reviewer")
    held = step(node, enter(node), "submit", "egy-registrar")
    with pytest.raises(RefusedError, match="secretariat-only"):
        step(node, held, "take", "egy-reviewer")


def test_one_person_with_two_accounts_does_not_review_their_own_request(node: Node) -> None:
    add_account(node, "xpo-drafter", SECRETARIAT, "registrar", "77")
    add_account(node, "xpo-other-self", SECRETARIAT, "reviewer", "77")
    held = draft(dict(RED), Form.NOTICE, officer(node, "xpo-drafter"), node.desk)
    held = step(node, held, "submit", "xpo-drafter")
    with pytest.raises(RefusedError, match="own-request"):
        step(node, held, "take", "xpo-other-self")


def test_of_two_reviewers_at_once_the_second_is_told(node: Node) -> None:
    held = step(node, enter(node), "submit", "egy-registrar")
    step(node, held, "take", "reviewer-1")
    with pytest.raises(ConflictError, match="notice-moved-on"):
        step(node, held, "take", "reviewer-2")


def test_a_reviewer_decides_on_nothing_that_another_has_taken_up(node: Node) -> None:
    held = step(node, step(node, enter(node), "submit", "egy-registrar"), "take", "reviewer-1")
    with pytest.raises(ConflictError, match="taken-by-another"):
        step(node, held, "publish", "reviewer-2", checklist=checklist("red"))


def test_a_withdrawn_notice_is_amended_by_nobody(node: Node) -> None:
    held = step(node, published(node), "withdraw", "egy-registrar", reasons="Over.")
    with pytest.raises(ConflictError, match="not-in-that-state"):
        amend(held.id, Form.NOTICE, held.version, dict(RED), officer(node, "egy-registrar"), node.desk)


def test_nothing_is_published_before_the_checklist_is_answered(node: Node) -> None:
    held = step(node, step(node, enter(node), "submit", "egy-registrar"), "take", "reviewer-1")
    with pytest.raises(MalformedError, match="checklist-unanswered"):
        step(node, held, "publish", "reviewer-1", checklist={"article-2": "yes"})


def test_what_goes_beyond_a_rule_is_published_with_reasons_only(node: Node) -> None:
    bare = {**RED, "particulars": {**RED["particulars"], "warrant": None}}
    held = step(node, step(node, enter(node, bare), "submit", "egy-registrar"), "take", "reviewer-1")
    with pytest.raises(MalformedError, match="reasons-missing"):
        step(node, held, "publish", "reviewer-1", checklist=checklist("red"))


def test_a_refused_request_keeps_its_rule_and_reasons(node: Node) -> None:
    held = refused(node)
    seen = read_notice(held.id, Form.NOTICE, officer(node, "egy-registrar"), None, node.desk)
    last = seen.steps[-1]
    assert (last.move, last.rules, last.reasons) == ("refuse", ("RPD 83(2)(b)(v)",), "No warrant.")


def test_a_draft_is_seen_by_no_reviewer(shared: Node) -> None:
    held = enter(shared, {**RED, "reference": "unseen"})
    with pytest.raises(UnknownError):
        read_notice(held.id, Form.NOTICE, officer(shared, "reviewer-1"), Purpose.BORDER, shared.desk)


def test_a_newer_content_waits_while_the_older_is_in_force(node: Node) -> None:
    held = published(node)
    newer = {**RED, "record": {**RED["record"], "height": 150}}
    amend(held.id, Form.NOTICE, held.version, newer, officer(node, "egy-registrar"), node.desk)
    seen = read_notice(held.id, Form.NOTICE, officer(node, "ken-officer"), Purpose.BORDER, node.desk)
    assert (seen.content.record["height"], seen.to_json()["state"]) == (181, "published")


def test_a_newer_content_is_in_force_once_it_is_reviewed(node: Node) -> None:
    held = published(node)
    newer = {**RED, "record": {**RED["record"], "height": 150}}
    held = amend(held.id, Form.NOTICE, held.version, newer, officer(node, "egy-registrar"), node.desk)
    held = step(
        node, step(node, held, "take", "reviewer-2"), "publish", "reviewer-2", checklist=checklist("red")
    )
    record = node.desk.registry.record_with(held.id)
    assert record is not None
    assert record.record.data["height"] == 150


def test_a_newer_content_that_is_refused_changes_nothing(node: Node) -> None:
    held = published(node)
    newer = {**RED, "record": {**RED["record"], "height": 150}}
    held = amend(held.id, Form.NOTICE, held.version, newer, officer(node, "egy-registrar"), node.desk)
    held = step(node, step(node, held, "take", "reviewer-2"), "refuse", "reviewer-2", reasons="No.")
    assert (held.state, held.latest.record["height"]) == (NoticeState.PUBLISHED, 181)


def test_a_diffusion_is_met_at_once_by_those_it_names(node: Node) -> None:
    held = step(node, enter(node, SENT, Form.DIFFUSION), "submit", "egy-registrar")
    assert [found(node, NAME, f"{code}-officer") for code in ("fra", "ken", "bra")] == [[held.id]] * 3


def test_a_fourth_bureau_sees_nothing_of_a_diffusion(node: Node) -> None:
    add_account(node, "jpn-officer", "JPN", "officer")
    step(node, enter(node, SENT, Form.DIFFUSION), "submit", "egy-registrar")
    assert (found(node, NAME, "jpn-officer"), listed(node, "jpn-officer", Form.DIFFUSION)) == ([], [])


def test_a_diffusion_that_is_refused_is_met_by_nobody(node: Node) -> None:
    refused(node, SENT, Form.DIFFUSION)
    assert found(node, NAME, "fra-officer") == []


def test_a_refused_diffusion_that_is_sent_again_waits_for_review(node: Node) -> None:
    held = refused(node, SENT, Form.DIFFUSION)
    held = amend(held.id, held.form, held.version, dict(SENT), officer(node, "egy-registrar"), node.desk)
    step(node, held, "submit", "egy-registrar")
    assert found(node, NAME, "fra-officer") == []


def test_a_diffusion_to_nobody_is_not_sent(node: Node) -> None:
    held = enter(node, {**RED, "share": "owner"}, Form.DIFFUSION)
    with pytest.raises(MalformedError, match="recipients-missing"):
        step(node, held, "submit", "egy-registrar")


def test_addressees_are_told_of_a_diffusion(node: Node) -> None:
    held = step(node, enter(node, SENT, Form.DIFFUSION), "submit", "egy-registrar")
    with node.desk.registry.read() as connection:
        told = {
            code: [one.event.about for one in events.after(connection, code, 0, 10)]
            for code in ("FRA", "JPN")
        }
    assert told == {"FRA": [held.id], "JPN": []}


def test_a_notice_withheld_from_a_bureau_does_not_exist_for_it(node: Node) -> None:
    held = published(node, {**RED, "share": {"except": ["FRA"]}})
    assert (listed(node, "fra-officer"), listed(node, "ken-officer")) == ([], [held.id])


def test_a_refused_red_that_comes_back_as_a_diffusion_is_shown(node: Node) -> None:
    before = refused(node)
    held = step(node, enter(node, {**SENT, "reference": "again"}, Form.DIFFUSION), "submit", "egy-registrar")
    shown = review(held.id, Form.DIFFUSION, officer(node, "reviewer-2"), None, node.desk).related
    assert [(one.held.id, one.decision.reasons) for one in shown] == [(before.id, "No warrant.")]


def test_a_refused_red_that_comes_back_in_another_colour_and_script_is_shown(node: Node) -> None:
    before = refused(node)
    person = {"kind": "person", "names": [{"name": "فرحات دلامان أوغلو"}], "born": ["1979-08-21"], "sex": "M"}
    held = step(node, enter(node, {"colour": "blue", "record": person}), "submit", "egy-registrar")
    shown = review(held.id, Form.NOTICE, officer(node, "reviewer-2"), None, node.desk).related
    assert [one.held.id for one in shown] == [before.id]


def test_a_refused_red_whose_passport_is_entered_as_stolen_is_shown(node: Node) -> None:
    refused(node)
    passport = {
        "kind": "travel_document",
        "number": "B45671230",
        "issuer": "EGY",
        "type": "P",
        "share": "all",
    }
    entered = submit(passport, officer(node, "egy-registrar"), node.desk).receipt.public_id
    back = returns(10, None, officer(node, "reviewer-1"), None, node.desk).returned[0]
    assert [hit.record for hit in back.hits] == [entered]


def test_a_record_withheld_from_the_secretariat_is_shown_to_no_reviewer(node: Node) -> None:
    refused(node)
    hidden: dict[str, object] = {
        "kind": "travel_document",
        "number": "B45671230",
        "issuer": "EGY",
        "type": "P",
    }
    hidden["share"] = {"only": ["KEN"]}
    submit(hidden, officer(node, "egy-registrar"), node.desk)
    assert returns(10, None, officer(node, "reviewer-1"), None, node.desk).returned[0].hits == ()


def test_a_stranger_is_related_to_nothing(node: Node) -> None:
    refused(node)
    held = step(node, enter(node, YELLOW, owner="ken"), "submit", "ken-registrar")
    assert review(held.id, Form.NOTICE, officer(node, "reviewer-2"), None, node.desk).related == ()


def test_the_record_of_a_notice_is_withdrawn_with_it_alone(node: Node) -> None:
    held = published(node)
    with pytest.raises(ConflictError, match="held-by-notice"):
        withdraw(held.id, None, officer(node, "egy-registrar"), node.desk)


def test_a_reading_names_the_record_to_its_owner(node: Node) -> None:
    held = published(node)
    before = lines(node)
    read_notice(held.id, Form.NOTICE, officer(node, "ken-officer"), Purpose.BORDER, node.desk)
    assert lines(node) == before + 1


def test_pages_of_a_list_hold_each_notice_once(node: Node) -> None:
    made = {published(node, {**YELLOW, "reference": f"n-{place}"}, owner="ken").id for place in range(5)}
    seen: list[str] = []
    after: str | None = None
    for _ in range(4):
        request = NoticeRequest(Form.NOTICE, limit=2, after=after)
        page = list_notices(request, officer(node, "fra-officer"), Purpose.BORDER, node.desk)
        seen += [one.held.id for one in page.seen]
        after = page.next
        if after is None:
            break
    assert (sorted(seen), after) == (sorted(made), None)


def read_back(path: Path) -> Record:
    """Return the first notice of a file, as it would be entered."""
    row = next(iter(interpol.read(path)))
    return parse_record(row.data, Share())


def test_only_what_its_owner_made_public_is_exported(node: Node) -> None:
    published(node, {**YELLOW, "reference": "hidden", "is_public": False}, owner="ken")
    held = published(node, YELLOW, owner="ken")
    listed_ = public_list(PublicPage("yellow"), officer(node, "fra-registrar"), node.desk)
    ids = [one["entity_id"].partition("/")[2] for one in listed_["_embedded"]["notices"]]
    assert (listed_["total"], ids) == (1, [held.id])


@pytest.mark.parametrize(
    ("word", "content", "owner"), [("yellow", YELLOW, "ken"), ("red", {**RED, "is_public": True}, "egy")]
)
def test_an_exported_notice_comes_back_as_it_was(node: Node, tmp_path: Path, word, content, owner) -> None:
    held = published(node, content, owner=owner)
    whole = public_notice(word, held.id, officer(node, "fra-registrar"), node.desk)
    (tmp_path / f"{word}.json").write_bytes(msgspec.json.encode([whole]))
    back = read_back(tmp_path / f"{word}.json")
    record = held.body.record
    kept = ("born", "sex", "nationalities", "height")
    assert {name: back.data.get(name) for name in kept} == {name: record.get(name) for name in kept}
    assert (back.notice, back.data["names"][0]["name"]) == (word, record["names"][0]["name"])


def test_an_exported_red_notice_carries_its_charges(node: Node, tmp_path: Path) -> None:
    held = published(node, {**RED, "is_public": True})
    whole = public_notice("red", held.id, officer(node, "fra-registrar"), node.desk)
    (tmp_path / "red.json").write_bytes(msgspec.json.encode(whole))
    assert (
        read_back(tmp_path / "red.json").data["charges"][0]["translation"]
        == "Fraud on more than a hundred investors"
    )


def proposed(node: Node, record: str) -> str:
    """Let Kenya propose another sex and Egypt accept it; return the proposal."""
    kenya, egypt = officer(node, "ken-officer"), officer(node, "egy-registrar")
    change: Json = {"field": "sex", "new": "F"}
    asked: Json = {"record": record, "version": 1, "changes": [change], "reason": "Seen at the border."}
    one = propose(asked, kenya, Purpose.BORDER, node.desk).request.id
    decide_proposal(one, {"accept": True}, egypt, node.desk)
    return one


@pytest.mark.parametrize("content", [RED, SENT])
def test_a_correction_that_its_owner_accepts_waits_for_a_second_person(node: Node, content) -> None:
    held = published(node, content, Form.DIFFUSION if content is SENT else Form.NOTICE)
    proposed(node, held.id)
    seen = read_record(held.id, officer(node, "ken-officer"), Purpose.BORDER, node.desk)
    assert seen.held.record.data["sex"] == "M"


def test_an_accepted_correction_is_in_force_once_it_is_reviewed(node: Node) -> None:
    held = published(node)
    proposed(node, held.id)
    waiting = read_notice(held.id, Form.NOTICE, officer(node, "reviewer-1"), None, node.desk).held
    waiting = step(node, waiting, "take", "reviewer-1")
    step(node, waiting, "publish", "reviewer-1", checklist=checklist("red"), reasons="Weighed.")
    seen = read_record(held.id, officer(node, "ken-officer"), Purpose.BORDER, node.desk)
    assert seen.held.record.data["sex"] == "F"


def test_an_accepted_correction_leaves_one_line(node: Node) -> None:
    held = published(node)
    before = lines(node)
    proposed(node, held.id)
    assert lines(node) == before + 2  # it was proposed, and accepted


def test_who_accepts_a_correction_does_not_review_it(node: Node) -> None:
    held = published(node)
    proposed(node, held.id)
    with node.desk.registry.read() as connection:
        changed = notices.fetch(connection, held.id)
    assert "account:egy-registrar" in (changed.hands if changed else ())


def test_an_update_leaves_whom_the_owner_has_opened_the_record_to(node: Node) -> None:
    held = published(node, {**RED, "view": "summary"})
    kenya, egypt = officer(node, "ken-officer"), officer(node, "egy-registrar")
    asked: Json = {"record": held.id, "reason": "We hold him."}
    one = ask_access(asked, kenya, Purpose.BORDER, node.desk).request.id
    decide_access(one, {"accept": True}, egypt, node.desk)
    newer = amend(
        held.id, Form.NOTICE, held.version, {**RED, "view": "summary", "language": "fra"}, egypt, node.desk
    )
    newer = step(node, newer, "take", "reviewer-1")
    step(node, newer, "publish", "reviewer-1", checklist=checklist("red"), reasons="Weighed.")
    assert read_record(held.id, kenya, Purpose.BORDER, node.desk).view is View.FULL


def test_who_proposed_a_correction_does_not_review_it_under_another_account(node: Node) -> None:
    add_account(node, "xpo-officer", SECRETARIAT, "officer", "77")
    add_account(node, "xpo-other-self", SECRETARIAT, "reviewer", "77")
    held = published(node)
    change: Json = {"field": "sex", "new": "F"}
    asked: Json = {"record": held.id, "version": 1, "changes": [change], "reason": "Seen at the border."}
    one = propose(asked, officer(node, "xpo-officer"), Purpose.BORDER, node.desk).request.id
    decide_proposal(one, {"accept": True}, officer(node, "egy-registrar"), node.desk)
    waiting = read_notice(held.id, Form.NOTICE, officer(node, "reviewer-1"), None, node.desk).held
    with pytest.raises(RefusedError, match="own-request"):
        step(node, waiting, "take", "xpo-other-self")


def test_a_correction_does_not_write_over_an_update_that_waits(node: Node) -> None:
    held = published(node)
    egypt, kenya = officer(node, "egy-registrar"), officer(node, "ken-officer")
    change: Json = {"field": "sex", "new": "F"}
    asked: Json = {"record": held.id, "version": 1, "changes": [change], "reason": "Seen at the border."}
    one = propose(asked, kenya, Purpose.BORDER, node.desk).request.id
    record: Json = {**RED["record"], "sex": "X"}
    amend(held.id, Form.NOTICE, held.version, {**RED, "record": record}, egypt, node.desk)
    with pytest.raises(ConflictError, match="stale-proposal"):
        decide_proposal(one, {"accept": True}, egypt, node.desk)
