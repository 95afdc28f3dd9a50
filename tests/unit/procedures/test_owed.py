"""What others owe a bureau: answers, confirmations, decisions, the most pressing first; and nothing of others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bureaus import enter
from writing import Post, post

from comity.errors import MalformedError, RefusedError
from comity.procedures.check import run_check
from comity.procedures.hits_acts import answer_hit, ask_confirmation
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.owed import OwedList, owed
from comity.procedures.owners.proposals import propose, withdraw_proposal
from comity.records.handling import Purpose


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Post]:
    with post(tmp_path) as made:
        yield made


def owed_to(world: Post, bureau: str = "FRA", **more: int) -> OwedList:
    return owed(world.officer(bureau), world.desk, **more)


def whats(found: OwedList) -> list[tuple[str, str]]:
    return [(one.what, one.bureau) for one in found.lines]


def hit_asked_about(world: Post) -> str:
    enter(world.node, source_id="P1")
    asked = {"kind": "person", "name": "Abdelaziz Testmansour", "born": "1971-04-09"}
    answer = run_check(asked, world.officer("FRA"), Purpose.BORDER, world.desk)
    one = str(answer.hits[0].opened)
    ask_confirmation(one, {"priority": "urgent"}, world.officer("FRA"), world.desk)
    return one


def proposed(world: Post) -> str:
    record = enter(world.node, source_id="P2")
    said = {
        "record": record,
        "version": 1,
        "reason": "Seen.",
        "changes": [{"field": "marks", "new": "A scar"}],
    }
    return propose(said, world.officer("FRA"), Purpose.BORDER, world.desk).request.id


def test_all_that_others_owe_stands_in_order_of_its_clocks(world: Post) -> None:
    world.send(to=["KEN"], asks=True)
    world.send(to=["BRA"])
    hit_asked_about(world)
    proposed(world)
    assert whats(owed_to(world)) == [("hit", "EGY"), ("message", "KEN"), ("proposal", "EGY")]


def test_what_is_done_is_owed_no_more(world: Post) -> None:
    sent = world.send(asks=True)
    one, proposal = hit_asked_about(world), proposed(world)
    world.send("EGY", to=["FRA"], answers=sent.message)
    answer_hit(one, {"answer": "confirmed"}, world.officer("EGY"), world.desk)
    withdraw_proposal(proposal, world.officer("FRA"), world.desk)
    assert whats(owed_to(world)) == []


@pytest.mark.parametrize("bureau", ["EGY", "KEN", "BRA"])
def test_nobody_else_is_owed_it(world: Post, bureau: str) -> None:
    world.send(to=["EGY", "KEN"], asks=True)
    hit_asked_about(world)
    proposed(world)
    assert owed_to(world, bureau).lines == ()


def test_each_bureau_that_owes_an_answer_is_named(world: Post) -> None:
    sent = world.send(to=["EGY", "KEN"], asks=True)
    world.send("KEN", to=["FRA"], answers=sent.message)
    assert whats(owed_to(world)) == [("message", "EGY")]


def test_what_is_late_says_so_and_where_it_went(world: Post) -> None:
    world.send(to=["EGY"], asks=True, second="KEN", priority="urgent")
    world.wait(hours=9)
    pass_on_overdue(world.desk)
    assert {(one.bureau, one.is_overdue, one.is_passed_on) for one in owed_to(world).lines} >= {
        ("EGY", True, True)
    }


def test_a_list_that_is_cut_says_so(world: Post) -> None:
    for _ in range(3):
        world.send(to=["EGY"], asks=True)
    found = owed_to(world, limit=2)
    assert (len(found.lines), found.has_more) == (2, True)


def test_a_limit_that_is_none_is_refused(world: Post) -> None:
    with pytest.raises(MalformedError):
        owed_to(world, limit=0)


def test_who_may_not_read_messages_is_refused(world: Post) -> None:
    with pytest.raises(RefusedError):
        owed(world.officer("FRA", "officer"), world.desk)
