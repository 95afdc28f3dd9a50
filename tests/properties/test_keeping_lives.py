"""Records while they come of age and redress cases run on them, whatever is done by whom: what must always hold.

Every act, done or refused, leaves exactly one line in the audit log, and the clock one for each step it takes; what is
blocked, out of date, let go, withdrawn or erased answers no check; what was erased does not come back.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.properties.lives import acted, lines_of, run_lives
from tests.unit.procedures.bureaus import PERSON, bureaus, officer

from comity.access.people import Officer
from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ComityError
from comity.procedures import redress, redress_decide, redress_find, redress_owner, retention
from comity.procedures.check import run_check
from comity.procedures.desk import Desk
from comity.procedures.redress import Request
from comity.procedures.redress_owner import OwnersAnswer
from comity.procedures.retention_run import run_retention
from comity.procedures.submit import submit, withdraw
from comity.records.handling import Purpose
from comity.registry import accounts
from comity.registry.accounts import Account

NUMBERS = count()
DAYS_LEFT = 40
WHO = st.sampled_from(["ccf", "ccf", "egy-registrar", "fra-registrar", "egy-officer", "operator"])
DECISIONS = st.sampled_from(["compliant", "correct", "erase", "not-concerned", "never"])


@dataclass
class Time:
    """A clock that lives move on; it never goes back."""

    now: datetime = datetime(2026, 3, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """A node with a controller, and its clock."""

    node: Node
    time: Time

    @property
    def desk(self) -> Desk:
        return self.node.desk

    def officer(self, name: str) -> Officer:
        return officer(self.node, name)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    time = Time()
    with tempfile.TemporaryDirectory() as directory, bureaus(Path(directory)) as opened:
        with opened.desk.registry.write() as connection:
            accounts.add_account(connection, Account("ccf", "XPO", role_named("controller")), time.now)
        yield World(replace(opened, desk=replace(opened.desk, clock=time)), time)


class Life(RuleBasedStateMachine):
    """One record of Egypt that ends in forty days, and a case that may come to be about it."""

    world: World

    @initialize()
    def begin(self) -> None:
        number = f"K{next(NUMBERS):07}"
        ends_on = (self.world.time.now + timedelta(days=DAYS_LEFT)).date()
        # What one life erases keeps away whoever bears the same name and birth date.
        name = "Testmansour " + "".join(chr(ord("a") + int(digit)) for digit in number[1:])
        papers = [{"type": "P", "issuer": "EGY", "number": number}]
        self.content = {
            **PERSON,
            "source_id": number,
            "names": [{"name": name, "type": "primary"}],
            "documents": papers,
            "retain_until": ends_on.isoformat(),
        }
        self.number, self.ends_on, self.stated_end = number, ends_on, ends_on
        self.record = submit(
            self.content, self.world.officer("egy-registrar"), self.world.desk
        ).receipt.public_id
        asked = Request("deletion", {"name": "An Applicant"}, "Please erase it.")
        self.case = redress.open_case(asked, self.world.officer("ccf"), self.world.desk).ref
        self.is_erased = self.is_let_go = self.is_withdrawn = False

    def act(self, call: Callable[[], object]) -> object:
        return acted(call, self.world.desk)

    @rule(who=WHO)
    def attach(self, who: str) -> None:
        self.act(
            lambda: redress_find.attach(self.case, self.record, self.world.officer(who), self.world.desk)
        )

    @rule(who=WHO)
    def search(self, who: str) -> None:
        query = {"kind": "person", "document": self.number}
        found = self.act(
            lambda: redress_find.find(self.case, query, self.world.officer(who), self.world.desk)
        )
        assert isinstance(found, ComityError) == (who != "ccf" or self.is_closed())
        if not isinstance(found, ComityError):
            assert isinstance(found, list)
            is_found = self.record in [one.about.record for one in found]
            assert is_found == (self.world.desk.registry.record_with(self.record) is not None)

    @rule(who=WHO)
    def block(self, who: str) -> None:
        self.act(
            lambda: redress_owner.block(self.case, self.record, self.world.officer(who), self.world.desk)
        )

    @rule(who=WHO, days=st.sampled_from([0, 10]))
    def consult(self, who: str, days: int) -> None:
        officer = self.world.officer(who)
        self.act(
            lambda: redress_owner.consult(self.case, self.record, "Why?", days, officer, self.world.desk)
        )

    @rule(who=WHO, may=st.booleans())
    def answer(self, who: str, may: bool) -> None:
        given = OwnersAnswer(self.case, self.record, 1, "For a case.", may)
        self.act(lambda: redress_owner.answer_question(given, self.world.officer(who), self.world.desk))

    @rule(who=WHO, decision=DECISIONS)
    def decide(self, who: str, decision: str) -> None:
        officer = self.world.officer(who)
        result = self.act(
            lambda: redress_decide.decide(
                self.case, self.record, decision, "Weighed.", officer, self.world.desk
            )
        )
        if not isinstance(result, ComityError):
            assert who == "ccf", "the secretariat's controller alone decides"
            self.is_erased = self.is_erased or decision == "erase"

    @rule(decision=st.sampled_from(["compliant", "correct", "erase"]), is_answered=st.booleans())
    def go_on(self, decision: str, is_answered: bool) -> None:
        """Take a case from its beginning to a decision, by those who may."""
        self.attach("ccf")
        self.block("ccf")
        self.consult("ccf", 10)
        if is_answered:
            self.answer("egy-registrar", may=True)
        self.decide("ccf", decision)

    @rule(what=st.sampled_from(["keep", "let-go"]))
    def come_of_age(self, what: str) -> None:
        """Let the owner be asked, and answer."""
        self.wait(1)
        self.settle("egy-registrar", what)

    @rule(who=WHO)
    def close(self, who: str) -> None:
        self.act(lambda: redress.close(self.case, self.world.officer(who), self.world.desk))

    @rule(who=WHO, what=st.sampled_from(["keep", "let-go"]))
    def settle(self, who: str, what: str) -> None:
        """Let somebody say whether the record is to be kept."""
        until = (self.world.time.now + timedelta(days=200)).date()
        given = retention.Answer(self.record, what, "A reason.", until.isoformat() if what == "keep" else "")
        result = self.act(lambda: retention.answer(given, self.world.officer(who), self.world.desk))
        if not isinstance(result, ComityError):
            assert who == "egy-registrar"
            self.is_let_go = what == "let-go"
            self.ends_on = until if what == "keep" else self.ends_on

    @rule(born=st.sampled_from(["1971-04-09", "1972-04-09"]))
    def enter(self, born: str) -> None:
        """Let the owner amend the record, or enter it anew."""
        stated = {**self.content, "born": [born]}
        result = self.act(lambda: submit(stated, self.world.officer("egy-registrar"), self.world.desk))
        if self.is_erased:
            assert isinstance(result, ComityError), "what was erased does not come back"
        elif not isinstance(result, ComityError):
            # The owner's new words stand, though it had let the record go, or kept it for longer.
            self.is_withdrawn = self.is_let_go = False
            self.ends_on = self.stated_end

    @rule(is_meant=st.sampled_from([False, False, True]))
    def withdraw(self, is_meant: bool) -> None:
        if not is_meant:
            return
        result = self.act(
            lambda: withdraw(self.record, None, self.world.officer("egy-registrar"), self.world.desk)
        )
        self.is_withdrawn = self.is_withdrawn or not isinstance(result, ComityError)

    @rule(days=st.sampled_from([1, 12, 35]))
    def wait(self, days: int) -> None:
        """Let days pass, and the clock take its steps: a line for each, and one for its run."""
        self.world.time.now += timedelta(days=days)
        before = lines_of(self.world.desk)
        report = run_retention(self.world.officer("operator"), self.world.desk)
        assert lines_of(self.world.desk) == before + 1 + sum(report.counts.values())

    def is_closed(self) -> bool:
        cases = redress.list_cases(self.world.officer("ccf"), self.world.desk).cases
        return next(one.case.state for one in cases if one.case.ref == self.case) == "closed"

    def is_blocked(self) -> bool:
        about = redress.dossier(self.case, self.world.officer("ccf"), self.world.desk).records
        return any(one.standing.is_blocked for one in about)

    @invariant()
    def checks_meet_only_what_stands(self) -> None:
        query = {"kind": "person", "document": self.number}
        met = {
            hit.record
            for who in ("fra-officer", "egy-officer")
            for hit in run_check(dict(query), self.world.officer(who), Purpose.BORDER, self.world.desk).hits
        }
        is_over = self.is_erased or self.is_let_go or self.is_withdrawn
        is_over = is_over or self.is_blocked() or self.world.time.now.date() >= self.ends_on
        assert not (is_over and met)
        held = self.world.desk.registry.record_with(self.record)
        assert is_over or held is None or met == {self.record}

    @invariant()
    def what_is_erased_is_not_held(self) -> None:
        assert not (self.is_erased and self.world.desk.registry.record_with(self.record))


def test_whatever_is_done_with_a_record_that_is_kept_the_rules_hold(world: World) -> None:
    Life.world = world
    run_lives(Life, lives=16, steps=20)
