"""Notices moved at random, by anybody, at any version: what must hold of every path.

No path publishes without review by a second person; no path leaves the record of a request that is out of force
in any answer; every act, whether it was done or refused, leaves exactly one line in the audit log.
"""

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.properties.lives import run_lives
from tests.unit.procedures.offices import RED, add_account, checklist, lines, officer, offices

from comity.access.people import Officer
from comity.app import SECRETARIAT, Node
from comity.errors import ComityError
from comity.procedures.check import run_check
from comity.procedures.notices.drafting import amend, draft
from comity.procedures.notices.moving import move
from comity.procedures.notices.reading import NoticeRequest, list_notices, read_notice
from comity.procedures.owners.proposals import decide_proposal, propose
from comity.procedures.records_page import read_page
from comity.records.handling import Purpose
from comity.records.notices.states import WAYS, Form, Move, NoticeState, Side, is_in_force
from comity.registry import holdings, notices

PEOPLE = ("egy-registrar", "egy-officer", "fra-registrar", "ken-officer", "reviewer-1", "reviewer-2", "desk")
MOVES = [one.value for one in Move]
TO_REVIEW = (("owner", "submit"), ("reviewer", "take"))
PUBLISHED = (*TO_REVIEW, ("reviewer", "publish"))
PATHS = {
    NoticeState.DRAFT: (),
    NoticeState.SUBMITTED: TO_REVIEW[:1],
    NoticeState.IN_REVIEW: TO_REVIEW,
    NoticeState.REFUSED: (*TO_REVIEW, ("reviewer", "refuse")),
    NoticeState.PUBLISHED: PUBLISHED,
    NoticeState.UPDATED: (*PUBLISHED, ("owner", "amend")),
    NoticeState.SUSPENDED: (*PUBLISHED, ("reviewer", "suspend")),
    NoticeState.WITHDRAWN: (*PUBLISHED, ("owner", "withdraw")),
}
"""How each state is come to, but for the one that only time brings: a life begins at any of them."""

NUMBER = "Z1{:06}"


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    with tempfile.TemporaryDirectory() as directory, offices(Path(directory)) as node:
        # One officer of the secretariat with two accounts: one drafts for it, the other reviews.
        add_account(node, "xpo-drafter", SECRETARIAT, "registrar", "77")
        add_account(node, "xpo-other-self", SECRETARIAT, "reviewer", "77")
        yield node


class Life(RuleBasedStateMachine):
    """One request, and everybody who can reach for it."""

    node: Node
    count = 0

    @initialize(
        form=st.sampled_from(list(Form)),
        author=st.sampled_from(["egy-registrar", "xpo-drafter"]),
        start=st.sampled_from(list(PATHS)),
    )
    def begin(self, form: Form, author: str, start: NoticeState) -> None:
        type(self).count += 1
        self.number = NUMBER.format(self.count)
        self.form, self.author = form, author
        person = dict(RED["record"])
        person["documents"] = [{"type": "P", "issuer": "EGY", "number": self.number}]
        share = "all" if form is Form.NOTICE else {"only": ["FRA", "KEN"]}
        self.content = {**RED, "record": person, "share": share}
        self.id = draft(self.content, form, officer(self.node, author), self.node.desk).id
        for side, name in PATHS[start]:
            if name == "amend":
                self.amend(author, is_public=False)
            else:
                self.reach(author if side == "owner" else "reviewer-1", name, 0)
        assert self.held().state is start

    def held(self):
        with self.node.desk.registry.read() as connection:
            held = notices.fetch(connection, self.id)
        assert held is not None
        return held

    @rule(
        who=st.sampled_from([*PEOPLE, "xpo-drafter", "xpo-other-self"]),
        name=st.sampled_from(MOVES),
        behind=st.sampled_from([0, 0, 0, 0, 1]),
    )
    def reach(self, who: str, name: str, behind: int) -> None:
        held, before = self.held(), lines(self.node)
        asked = {"move": name, "version": held.version - behind, "reasons": "Because."}
        if name == "publish":
            asked["checklist"] = checklist("red")
        try:
            move(self.id, self.form, asked, officer(self.node, who), self.node.desk)
        except ComityError:
            assert self.held() == held, "what is refused changes nothing"
        assert lines(self.node) == before + 1

    @rule(place=st.integers(0, 9), reviewer=st.sampled_from(["reviewer-1", "reviewer-1", "reviewer-2"]))
    def go_on(self, place: int, reviewer: str) -> None:
        """Make one of the moves that there are, by somebody who may."""
        held = self.held()
        ways = [
            (one, side)
            for (state, one), leads in WAYS.items()
            for side in leads.sides
            if state is held.state
            and one not in {Move.AMEND, Move.EXPIRE}
            and (one is not Move.WITHDRAW or place == 9)  # the end, which comes soon enough
        ]
        if ways:
            chosen, side = ways[place % len(ways)]
            self.reach(self.author if side is Side.OWNER else reviewer, chosen.value, 0)

    @rule(who=st.sampled_from([*PEOPLE, "xpo-drafter"]), is_public=st.booleans())
    def amend(self, who: str, is_public: bool) -> None:
        held, before = self.held(), lines(self.node)
        content = {**self.content, "language": "fra" if is_public else "ara"}
        try:
            amend(self.id, self.form, held.version, content, officer(self.node, who), self.node.desk)
        except ComityError:
            assert self.held() == held, "what is refused changes nothing"
        assert lines(self.node) == before + 1

    @rule(who=st.sampled_from(PEOPLE))
    def read(self, who: str) -> None:
        before = lines(self.node)
        with suppress(ComityError):
            read_notice(self.id, self.form, officer(self.node, who), Purpose.BORDER, self.node.desk)
        assert lines(self.node) == before + 1

    @rule(sex=st.sampled_from(["F", "M", "X"]))
    def correct(self, sex: str) -> None:
        """Let a bureau that sees the record propose what it should say, and its owner accept that."""
        kenya, owner = officer(self.node, "ken-officer"), officer(self.node, self.author)
        asked = {
            "record": self.id,
            "version": 1,
            "reason": "Seen.",
            "changes": [{"field": "sex", "new": sex}],
        }
        before = lines(self.node)
        with suppress(ComityError):
            asked["version"] = self.version_seen(kenya)
            before = lines(self.node)
            one = propose(asked, kenya, Purpose.BORDER, self.node.desk).request.id
            before += 1
            decide_proposal(one, {"accept": True}, owner, self.node.desk)
        assert lines(self.node) == before + 1

    def version_seen(self, by: Officer) -> int:
        return read_page(self.id, by, Purpose.BORDER, self.node.desk).versions[0].number

    @invariant()
    def what_is_in_force_is_what_went_to_review(self) -> None:
        held = self.held()
        if held.since is not None and held.body is not None:
            with self.node.desk.registry.read() as connection:
                record = holdings.fetch_by_id(connection, self.id)
            assert record is not None
            assert record.record.data == held.body.to_record(held.reference).data

    @invariant()
    def only_a_second_person_publishes(self) -> None:
        with self.node.desk.registry.read() as connection:
            steps = notices.steps(connection, self.id)
        hands = {step.account for step in steps if step.move in {"draft", "amend", "submit"}}
        reviewed = [step for step in steps if step.move in {"publish", "resume"}]
        assert all(step.account not in hands for step in reviewed)
        assert all(step.account.startswith("reviewer-") or self.author != "xpo-drafter" for step in reviewed)
        if self.form is Form.NOTICE and self.held().since is not None:
            assert any(step.move == "publish" for step in steps)

    @invariant()
    def checks_meet_exactly_what_is_in_force(self) -> None:
        held = self.held()
        answer = run_check(
            {"kind": "person", "document": self.number},
            officer(self.node, "ken-officer"),
            Purpose.BORDER,
            self.node.desk,
        )
        is_met = self.id in [hit.record for hit in answer.hits]
        assert is_met == (held.since is not None)
        assert is_met == is_in_force(self.form, held.state, is_held=held.is_held)

    @invariant()
    def what_is_over_is_listed_nowhere(self) -> None:
        request = NoticeRequest(self.form, limit=200)
        listed = list_notices(request, officer(self.node, "ken-officer"), Purpose.BORDER, self.node.desk)
        assert (self.id in [one.held.id for one in listed.seen]) == (self.held().since is not None)

    @invariant()
    def a_fourth_bureau_sees_no_diffusion(self) -> None:
        if self.form is Form.DIFFUSION:
            answer = run_check(
                {"kind": "person", "document": self.number},
                officer(self.node, "bra-officer"),
                Purpose.BORDER,
                self.node.desk,
            )
            assert answer.outcome == "no_hit"

    @invariant()
    def the_end_is_the_end(self) -> None:
        with self.node.desk.registry.read() as connection:
            states = [step.state for step in notices.steps(connection, self.id)]
        assert NoticeState.WITHDRAWN not in states[:-1]


def test_a_life_begins_at_every_state_but_the_one_that_time_brings() -> None:
    assert set(PATHS) == set(NoticeState) - {NoticeState.EXPIRED}


def test_whatever_is_done_with_a_request_the_rules_hold(node: Node) -> None:
    Life.node = node
    run_lives(Life, lives=40, steps=25)
