"""Proposals to owners and requests for access: who may, what comes of them, what a stale click meets."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bureaus import enter
from tests.properties.lives import lines_of
from writing import Post, post

from comity.access.decide import authorise
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.clockwork import tick
from comity.procedures.owners.access import (
    ask_access,
    decide_access,
    end_access,
    list_access,
    withdraw_access,
)
from comity.procedures.owners.asking import ListOrder
from comity.procedures.owners.proposals import (
    decide_proposal,
    list_proposals,
    proposal_json,
    propose,
    read_proposal,
    withdraw_proposal,
)
from comity.procedures.records_page import read_page
from comity.procedures.submit import withdraw
from comity.records.handling import Purpose, View
from comity.registry import events

BORN = [{"field": "born", "new": ["1972-04-09"]}]
WORD = "We hold a birth certificate."


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Post]:
    with post(tmp_path) as world:
        yield world


def proposed(world: Post, record: str, bureau: str = "FRA", role: str = "officer", **said: object):
    data = {"record": record, "version": 1, "changes": BORN, "reason": WORD, **said}
    return propose(data, world.officer(bureau, role), Purpose.BORDER, world.desk)


def asked(world: Post, record: str, bureau: str = "FRA"):
    data = {"record": record, "reason": WORD}
    return ask_access(data, world.officer(bureau, "officer"), Purpose.BORDER, world.desk)


def decided(world: Post, one: str, **said: object):
    return decide_proposal(one, {"accept": True, **said}, world.officer("EGY"), world.desk)


def page(world: Post, record: str, bureau: str = "FRA"):
    return read_page(record, world.officer(bureau), Purpose.BORDER, world.desk)


def test_a_proposal_reaches_the_owner(world: Post) -> None:
    made = proposed(world, enter(world.node))
    found = list_proposals(ListOrder("in"), world.officer("EGY"), world.desk)
    assert [one.request.id for one in found.requests] == [made.request.id]


def test_it_does_not_exist_for_a_third_bureau(world: Post) -> None:
    made = proposed(world, enter(world.node))
    with pytest.raises(UnknownError):
        read_proposal(made.request.id, world.officer("KEN"), world.desk)


def test_it_is_not_in_a_third_bureau_s_list(world: Post) -> None:
    proposed(world, enter(world.node))
    assert list_proposals(ListOrder("in"), world.officer("KEN"), world.desk).requests == ()


def test_accepted_it_amends_the_record(world: Post) -> None:
    record = enter(world.node)
    decided(world, proposed(world, record).request.id)
    assert page(world, record).data["born"] == ["1972-04-09"]


def test_the_amendment_is_the_owner_s_own_version(world: Post) -> None:
    record = enter(world.node)
    decided(world, proposed(world, record).request.id)
    assert page(world, record, "EGY").versions[0].account == "egy-registrar"


def test_an_addition_leaves_what_was_there(world: Post) -> None:
    record = enter(world.node)
    added = [{"field": "documents", "add": [{"number": "B1111111", "type": "P", "issuer": "EGY"}]}]
    decided(world, proposed(world, record, changes=added).request.id)
    assert [one["number"] for one in page(world, record).data["documents"]] == ["A7654321", "B1111111"]


def test_refused_it_changes_nothing(world: Post) -> None:
    record = enter(world.node)
    decided(world, proposed(world, record).request.id, accept=False, reason="The certificate is forged.")
    assert page(world, record).versions[0].number == 1


def test_a_refusal_gives_its_reason(world: Post) -> None:
    made = proposed(world, enter(world.node))
    with pytest.raises(MalformedError, match="field-missing"):
        decided(world, made.request.id, accept=False)


def test_nobody_decides_twice(world: Post) -> None:
    made = proposed(world, enter(world.node))
    decided(world, made.request.id)
    with pytest.raises(ConflictError, match="request-ended"):
        decided(world, made.request.id)


def test_who_proposes_does_not_decide(world: Post) -> None:
    made = proposed(world, enter(world.node))
    with pytest.raises(UnknownError):
        decide_proposal(made.request.id, {"accept": True}, world.officer("FRA"), world.desk)


def test_an_officer_does_not_decide(world: Post) -> None:
    made = proposed(world, enter(world.node))
    with pytest.raises(RefusedError, match="act-not-in-role"):
        decide_proposal(made.request.id, {"accept": True}, world.officer("EGY", "officer"), world.desk)


def test_a_field_that_has_moved_on_is_not_written_over(world: Post) -> None:
    record = enter(world.node)
    made = proposed(world, record)
    enter(world.node, born=["1980"])
    with pytest.raises(ConflictError, match="stale-proposal"):
        decided(world, made.request.id)


def test_another_field_may_move_on(world: Post) -> None:
    record = enter(world.node)
    made = proposed(world, record)
    enter(world.node, sex="M")
    decided(world, made.request.id)
    assert page(world, record).data["sex"] == "M"


def test_a_decision_on_an_old_page_is_told_so(world: Post) -> None:
    made = proposed(world, enter(world.node))
    enter(world.node, sex="M")
    with pytest.raises(ConflictError, match="stale-version"):
        decided(world, made.request.id, version=1)


def test_a_stale_click_loses_nothing(world: Post) -> None:
    made = proposed(world, enter(world.node))
    enter(world.node, sex="M")
    with pytest.raises(ConflictError):
        decided(world, made.request.id, version=1)
    assert read_proposal(made.request.id, world.officer("EGY"), world.desk).request.state == "open"


def test_a_proposal_against_an_old_version_is_told_so(world: Post) -> None:
    record = enter(world.node)
    enter(world.node, sex="M")
    with pytest.raises(ConflictError, match="stale-version"):
        proposed(world, record)


def test_a_record_withdrawn_meanwhile_is_not_amended(world: Post) -> None:
    record = enter(world.node)
    made = proposed(world, record)
    withdraw(record, None, world.officer("EGY"), world.desk)
    with pytest.raises(ConflictError, match="record-withdrawn"):
        decided(world, made.request.id)


@pytest.mark.parametrize(
    "share", [{"share": "owner"}, {"share": {"only": ["KEN"]}}, {"share": {"except": ["FRA"]}}]
)
def test_what_may_not_be_seen_is_as_unknown_as_what_is_not_held(world: Post, share: dict) -> None:
    record = enter(world.node, **share)
    told = []
    for one in (record, "B" * 20):
        with pytest.raises(ComityError) as caught:
            proposed(world, one)
        told.append((caught.value.code, {**caught.value.data, "name": ""}))
    assert told[0] == told[1]


def test_nobody_proposes_to_themselves(world: Post) -> None:
    record = enter(world.node)
    with pytest.raises(RefusedError, match="own-record"):
        proposed(world, record, "EGY")


def test_a_pointer_is_too_little_to_correct(world: Post) -> None:
    record = enter(world.node, view="pointer")
    with pytest.raises(RefusedError, match="view-too-narrow"):
        proposed(world, record)


def test_a_field_that_a_summary_does_not_show_is_not_replaced(world: Post) -> None:
    record = enter(world.node, view="summary")
    with pytest.raises(RefusedError, match="view-too-narrow"):
        proposed(world, record, changes=[{"field": "documents", "new": []}])


def test_but_it_can_be_added_to(world: Post) -> None:
    record = enter(world.node, view="summary")
    added = [{"field": "documents", "add": [{"number": "B1111111"}]}]
    assert proposed(world, record, changes=added).request.state == "open"


def test_the_author_is_not_shown_what_a_summary_does_not_show(world: Post) -> None:
    record = enter(world.node, view="summary")
    made = proposed(world, record, changes=[{"field": "documents", "add": [{"number": "B1111111"}]}])
    shown = proposal_json(read_proposal(made.request.id, world.officer("FRA"), world.desk))
    assert "A7654321" not in str(shown)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ([], "field-missing"),
        ([{"field": "shoe", "new": 1}], "unknown-field"),
        ([{"field": "born", "new": ["yesterday"]}], "date-form"),
        ([{"field": "born", "new": ["1971-04-09"]}], "nothing-changes"),
        ([{"field": "names", "new": None}], "field-missing"),
        ([{"field": "sex", "add": ["M"]}], "change-form"),
        ([{"field": "born"}], "change-form"),
        ([*BORN, *BORN], "field-twice"),
    ],
)
def test_a_malformed_change_is_named(world: Post, changes: list, code: str) -> None:
    record = enter(world.node)
    with pytest.raises(MalformedError, match=code):
        proposed(world, record, changes=changes)


def test_a_proposal_can_be_taken_back(world: Post) -> None:
    made = proposed(world, enter(world.node))
    taken = withdraw_proposal(made.request.id, world.officer("FRA"), world.desk)
    assert taken.request.state == "withdrawn"


def test_only_by_who_made_it(world: Post) -> None:
    made = proposed(world, enter(world.node))
    with pytest.raises(UnknownError):
        withdraw_proposal(made.request.id, world.officer("EGY"), world.desk)


def test_a_proposal_unanswered_for_two_weeks_is_overdue(world: Post) -> None:
    made = proposed(world, enter(world.node))
    world.wait(days=14, seconds=1)
    assert read_proposal(made.request.id, world.officer("EGY"), world.desk).is_overdue


def test_an_answer_after_the_deadline_still_counts(world: Post) -> None:
    record = enter(world.node)
    made = proposed(world, record)
    world.wait(days=30)
    decided(world, made.request.id)
    assert page(world, record).data["born"] == ["1972-04-09"]


def test_access_granted_shows_the_record_whole(world: Post) -> None:
    record = enter(world.node, view="pointer")
    made = asked(world, record)
    decide_access(made.request.id, {"accept": True}, world.officer("EGY"), world.desk)
    assert page(world, record).data["documents"][0]["number"] == "A7654321"


def test_access_granted_to_one_shows_nothing_more_to_another(world: Post) -> None:
    record = enter(world.node, view="pointer")
    made = asked(world, record)
    decide_access(made.request.id, {"accept": True}, world.officer("EGY"), world.desk)
    assert page(world, record, "KEN").data == {}


def test_access_to_what_was_narrowed_meanwhile_widens_the_share(world: Post) -> None:
    record = enter(world.node, view="pointer")
    made = asked(world, record)
    enter(world.node, view="pointer", share={"only": ["KEN"]})
    decide_access(made.request.id, {"accept": True}, world.officer("EGY"), world.desk)
    assert page(world, record).seen.view == "full"


def test_access_refused_leaves_a_pointer(world: Post) -> None:
    record = enter(world.node, view="pointer")
    made = asked(world, record)
    decide_access(made.request.id, {"accept": False, "reason": "No"}, world.officer("EGY"), world.desk)
    assert page(world, record).seen.view == "pointer"


def test_who_sees_the_whole_has_nothing_to_ask(world: Post) -> None:
    record = enter(world.node)
    with pytest.raises(RefusedError, match="seen-whole"):
        asked(world, record)


def test_nobody_asks_twice_at_once(world: Post) -> None:
    record = enter(world.node, view="pointer")
    asked(world, record)
    with pytest.raises(ConflictError, match="exists"):
        asked(world, record)


def test_a_request_taken_back_can_be_made_anew(world: Post) -> None:
    record = enter(world.node, view="pointer")
    withdraw_access(asked(world, record).request.id, world.officer("FRA"), world.desk)
    assert asked(world, record).request.state == "open"


def test_what_may_not_be_seen_cannot_be_asked_for(world: Post) -> None:
    record = enter(world.node, view="pointer", share={"except": ["FRA"]})
    with pytest.raises(UnknownError):
        asked(world, record)


def test_requests_are_listed_page_by_page(world: Post) -> None:
    made = []
    for place in range(5):
        made.append(asked(world, enter(world.node, view="pointer", source_id=f"P{place}")).request.id)
        world.wait(seconds=1)
    first = list_access(ListOrder("out", limit=3), world.officer("FRA"), world.desk)
    rest = list_access(ListOrder("out", limit=3, before=first.next), world.officer("FRA"), world.desk)
    assert [one.request.id for one in (*first.requests, *rest.requests)] == made[::-1]


def test_every_act_leaves_one_line(world: Post) -> None:
    record = enter(world.node, view="summary")
    before = len(world.log())
    made = proposed(world, record)
    decided(world, made.request.id)
    asking = asked(world, record)
    decide_access(asking.request.id, {"accept": True}, world.officer("EGY"), world.desk)
    with pytest.raises(ConflictError):
        decided(world, made.request.id)
    assert len(world.log()) == before + 5


def test_the_owner_learns_who_proposed_on_its_record(world: Post) -> None:
    record = enter(world.node)
    proposed(world, record)
    last = world.log()[-1]
    assert (last.act, last.records, last.owners) == ("proposal:make", (record,), ("EGY",))


def test_what_a_proposal_says_does_not_stand_in_the_log(world: Post) -> None:
    proposed(world, enter(world.node), changes=[{"field": "born", "new": ["1899-01-02"]}])
    assert "1899-01-02" not in str(world.log())


def test_grants_for_these_acts_need_the_role(world: Post) -> None:
    from comity.access.acts import Act

    with pytest.raises(RefusedError):
        authorise(world.officer("FRA", "officer"), Act.ACCESS_DECIDE)


def test_a_purged_record_leaves_no_word_in_a_proposal(world: Post) -> None:
    from comity.registry import owner_requests

    record = enter(world.node)
    made = proposed(world, record)
    held = world.desk.registry.record_with(record)
    with world.desk.registry.write() as connection:
        owner_requests.forget(connection, [held])
        left = owner_requests.request_of(connection, "proposal", made.request.id, "EGY")
    assert (left.said, left.state) == (b"{}", "withdrawn")


def told(world: Post, bureau: str) -> list[str]:
    with world.desk.registry.read() as connection:
        return [f"{one.event.topic}.{one.event.what}" for one in events.after(connection, bureau, 0, 100)]


def test_both_bureaus_are_told_once_that_the_deadline_of_a_proposal_is_over(world: Post) -> None:
    proposed(world, enter(world.node))
    for hours in (24, 13 * 24, 2, 6 * 24):
        world.wait(hours=hours)
        tick(world.desk, None)
    assert (told(world, "EGY").count("proposal.overdue"), told(world, "FRA").count("proposal.overdue")) == (
        1,
        1,
    )


def test_both_bureaus_are_told_that_the_deadline_of_a_request_for_access_is_over(world: Post) -> None:
    asked(world, enter(world.node, view="pointer"))
    world.wait(days=6, hours=23)
    tick(world.desk, None)
    before = [told(world, bureau).count("access.overdue") for bureau in ("EGY", "FRA")]
    world.wait(hours=2)
    tick(world.desk, None)
    assert (before, [told(world, bureau).count("access.overdue") for bureau in ("EGY", "FRA", "KEN")]) == (
        [0, 0],
        [1, 1, 0],
    )


def test_a_clock_that_was_years_ahead_for_a_moment_keeps_nobody_from_being_told(world: Post) -> None:
    tick(world.desk, None)
    world.wait(days=3650)
    tick(world.desk, None)
    world.wait(days=-3650)
    tick(world.desk, None)
    proposed(world, enter(world.node))
    world.wait(days=15)
    tick(world.desk, None)
    assert told(world, "EGY").count("proposal.overdue") == 1


def test_nobody_is_told_of_the_deadline_of_what_is_decided(world: Post) -> None:
    made = proposed(world, enter(world.node))
    decided(world, made.request.id)
    world.wait(days=15)
    tick(world.desk, None)
    assert "proposal.overdue" not in told(world, "EGY")


def opened(world: Post, record: str) -> str:
    one = asked(world, record).request.id
    decide_access(one, {"accept": True}, world.officer("EGY"), world.desk)
    return one


def ended(world: Post, one: str, bureau: str = "EGY"):
    return end_access(one, {"reason": "The case is closed."}, world.officer(bureau), world.desk)


def test_an_owner_takes_back_access_that_it_gave(world: Post) -> None:
    record = enter(world.node, view="pointer")
    one = opened(world, record)
    before = page(world, record).seen.view
    shown = ended(world, one)
    assert (before, page(world, record).seen.view, shown.request.state) == (View.FULL, View.POINTER, "ended")


def test_whoever_had_access_is_told_that_it_was_taken_back_and_why(world: Post) -> None:
    one = opened(world, enter(world.node, view="pointer"))
    ended(world, one)
    request = list_access(ListOrder("out", "ended"), world.officer("FRA"), world.desk).requests[0].request
    assert (told(world, "FRA")[-1], request.answer) == ("access.ended", "The case is closed.")


def test_access_that_was_taken_back_may_be_asked_for_again(world: Post) -> None:
    record = enter(world.node, view="pointer")
    ended(world, opened(world, record))
    assert asked(world, record).request.state == "open"


@pytest.mark.parametrize("bureau", ["FRA", "KEN"])
def test_the_owner_alone_takes_access_back(world: Post, bureau: str) -> None:
    record = enter(world.node, view="pointer")
    one = opened(world, record)
    with pytest.raises(UnknownError):
        ended(world, one, bureau)
    assert page(world, record).seen.view is View.FULL


def test_access_is_not_taken_back_twice(world: Post) -> None:
    one = opened(world, enter(world.node, view="pointer"))
    ended(world, one)
    with pytest.raises(ConflictError, match="nothing-given"):
        ended(world, one)


def test_taking_access_back_brings_no_withdrawn_record_back(world: Post) -> None:
    record = enter(world.node, view="pointer")
    one = opened(world, record)
    withdraw(record, None, world.officer("EGY"), world.desk)
    with pytest.raises(ConflictError, match="record-withdrawn"):
        ended(world, one)
    with pytest.raises(UnknownError):
        page(world, record)


def test_taking_access_back_leaves_one_line(world: Post) -> None:
    one = opened(world, enter(world.node, view="pointer"))
    before = lines_of(world.desk)
    ended(world, one)
    assert lines_of(world.desk) == before + 1
