"""What a redress case withholds of a message: its restriction in words too, and whoever passes it on just then."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from tests.unit.procedures.writing import Post, post

from comity.access.roles import role_named
from comity.app import SECRETARIAT
from comity.errors import RefusedError
from comity.procedures import redress, redress_decide, redress_find, redress_owner
from comity.procedures.messages import passing_on, reading
from comity.procedures.redress import Request
from comity.procedures.sign_in import officer_named
from comity.registry import accounts
from comity.registry.accounts import Account

NOTE = "Not a word to Zoltan Quillfeather"


class Case:
    """France has written to Egypt under a restriction in words; a controller has a case about that message."""

    def __init__(self, world: Post) -> None:
        with world.desk.registry.write() as connection:
            account = Account("ccf", SECRETARIAT, role_named("controller"))
            accounts.add_account(connection, account, world.now)
        self.world, self.ccf = world, officer_named("ccf", world.desk)
        self.message = world.send("FRA", to=["EGY"], handling_code="H3", handling_note=NOTE).message
        passing_on.let_forward(self.message, "EGY", world.officer("FRA"), world.desk)
        asked = Request("deletion", {"name": "An applicant"}, "Please erase it.")
        self.ref = redress.open_case(asked, self.ccf, world.desk).ref
        redress_find.attach(self.ref, self.message, self.ccf, world.desk)

    def block(self) -> None:
        redress_owner.block(self.ref, self.message, self.ccf, self.world.desk)

    def decide(self, decision: str) -> None:
        redress_decide.decide(self.ref, self.message, decision, "for reasons", self.ccf, self.world.desk)

    def note(self, bureau: str) -> object:
        """Return what a bureau reads as the restriction."""
        officer, desk = self.world.officer(bureau), self.world.desk
        return reading.read_message(self.message, officer, desk).to_json()["handling_note"]


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Case]:
    with post(tmp_path) as world:
        yield Case(world)


@pytest.mark.parametrize("bureau", ["FRA", "EGY"])
def test_the_restriction_of_a_blocked_message_is_not_read(case: Case, bureau: str) -> None:
    case.block()
    assert case.note(bureau) == "–"


def test_it_is_read_again_once_the_block_is_lifted(case: Case) -> None:
    case.block()
    case.decide("compliant")
    assert case.note("EGY") == NOTE


@pytest.mark.parametrize("what", ["block", "erase"])
def test_what_is_withheld_while_it_is_being_passed_on_is_not(case: Case, what: str) -> None:
    desk, waiting = case.world.desk, [case.block if what == "block" else lambda: case.decide("erase")]

    def clock() -> datetime:
        # Asked once the message has been read, and before what passes it on is stored.
        if waiting:
            waiting.pop()()
        return desk.clock()

    egypt = case.world.officer("EGY")
    with pytest.raises(RefusedError, match="withheld-by-case"):
        passing_on.forward(case.message, {"to": ["KEN"]}, egypt, replace(desk, clock=clock))
