"""Proposals and requests for access at random, by anybody, while owners amend and withdraw: what must always hold.

Every act, done or refused, leaves exactly one line in the audit log; what has ended stays as it ended; nobody but the
owner changes a record, and a field that has moved on is not written over.
"""

from collections.abc import Callable
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from tests.properties.lives import acted, run_lives
from tests.unit.procedures.bureaus import PERSON
from tests.unit.procedures.writing import CODES, Post

from comity.errors import ComityError
from comity.procedures.owners import access, proposals
from comity.procedures.owners.asking import SIDES, ListOrder, ShownRequest
from comity.procedures.submit import submit, withdraw
from comity.records.handling import Purpose
from comity.registry.owner_requests import REQUESTS

WHO = st.tuples(st.sampled_from(CODES), st.sampled_from(["registrar", "registrar", "officer"]))
YEARS = st.sampled_from(["1971-04-09", "1972-04-09", "1973"])
PLACE = st.integers(0, 9)
ANSWERS = st.sampled_from([{"accept": True}, {"accept": False, "reason": "No."}, {"accept": False}])
NUMBERS = count()


class Life(RuleBasedStateMachine):
    """One record of Egypt, and everybody who asks something of its owner."""

    world: Post

    @initialize(view=st.sampled_from(["full", "summary", "pointer"]), share=st.sampled_from(["all", "only"]))
    def begin(self, view: str, share: str) -> None:
        shown = "all" if share == "all" else {"only": ["FRA", "KEN"]}
        self.content = {**PERSON, "source_id": f"P{next(NUMBERS)}", "view": view, "share": shown}
        self.is_shared = share == "all"
        self.record = submit(self.content, self.world.officer("EGY"), self.world.desk).receipt.public_id
        self.ids: list[tuple[str, str]] = []
        self.ended: dict[str, tuple[object, ...]] = {}

    def act(self, call: Callable[[], object]) -> object:
        return acted(call, self.world.desk)

    def held(self) -> tuple[int, str, object]:
        held = self.world.desk.registry.record_with(self.record)
        assert held is not None
        return held.version, held.state.value, held.record.data.get("born")

    def remember(self, what: str, result: object, asker: str) -> None:
        if isinstance(result, ShownRequest):
            assert asker != "EGY", "nobody asks anything of themselves"
            assert self.is_shared or asker in {"FRA", "KEN"}, "what may not be seen cannot be asked about"
            self.ids.append((what, result.request.id))

    @rule(who=WHO, year=YEARS, behind=st.sampled_from([0, 0, 1]))
    def propose(self, who: tuple[str, str], year: str, behind: int) -> None:
        before = self.held()
        said = {
            "record": self.record,
            "version": before[0] - behind,
            "reason": "We know better.",
            "changes": [{"field": "born", "new": [year]}],
        }
        result = self.act(
            lambda: proposals.propose(said, self.world.officer(*who), Purpose.BORDER, self.world.desk)
        )
        self.remember("proposal", result, who[0])
        assert self.held() == before, "a proposal changes nothing by itself"

    @rule(who=WHO)
    def ask_access(self, who: tuple[str, str]) -> None:
        said = {"record": self.record, "reason": "We need it."}
        result = self.act(
            lambda: access.ask_access(said, self.world.officer(*who), Purpose.BORDER, self.world.desk)
        )
        self.remember("access", result, who[0])

    @rule(who=WHO, place=PLACE, answer=ANSWERS, behind=st.sampled_from([None, 0, 1]))
    def decide(self, who: tuple[str, str], place: int, answer: dict[str, object], behind: int | None) -> None:
        if not self.ids:
            return
        what, one = self.ids[place % len(self.ids)]
        before = self.held()
        said = {**answer, **({} if behind is None else {"version": before[0] - behind})}
        step = proposals.decide_proposal if what == "proposal" else access.decide_access
        result = self.act(lambda: step(one, said, self.world.officer(*who), self.world.desk))
        if isinstance(result, ComityError):
            assert self.held() == before, "what is refused changes nothing"
            return
        assert who == ("EGY", "registrar"), "the owner's desk alone decides"
        assert one not in self.ended, "nothing is decided twice"
        assert answer["accept"] or self.held() == before

    @rule(place=PLACE, is_accepted=st.booleans())
    def go_on(self, place: int, is_accepted: bool) -> None:
        """Let the owner's desk decide something that is open."""
        open_ids = [place for place, (_, one) in enumerate(self.ids) if one not in self.ended]
        if open_ids:
            answer: dict[str, object] = {"accept": is_accepted, "reason": "Weighed."}
            self.decide(("EGY", "registrar"), open_ids[place % len(open_ids)], answer, None)

    @rule(asker=st.sampled_from(["FRA", "KEN"]), is_access=st.booleans(), year=YEARS)
    def ask(self, asker: str, is_access: bool, year: str) -> None:
        """Let a bureau that may see the record ask for something."""
        if is_access:
            self.ask_access((asker, "officer"))
        else:
            self.propose((asker, "officer"), year, 0)

    @rule(who=WHO, place=PLACE)
    def take_back(self, who: tuple[str, str], place: int) -> None:
        if not self.ids:
            return
        what, one = self.ids[place % len(self.ids)]
        before = self.held()
        step = proposals.withdraw_proposal if what == "proposal" else access.withdraw_access
        result = self.act(lambda: step(one, self.world.officer(*who), self.world.desk))
        assert isinstance(result, ComityError) or who[0] == self.asker(one)
        assert self.held() == before

    @rule(who=WHO, place=PLACE, side=st.sampled_from(SIDES))
    def look(self, who: tuple[str, str], place: int, side: str) -> None:
        """List requests, and open one: for all but its two bureaus there is none."""
        order, officer = ListOrder(side, "all", 200), self.world.officer(*who)
        listed = self.act(lambda: proposals.list_proposals(order, officer, self.world.desk))
        others = {one for what, one in self.ids if who[0] not in {"EGY", self.asker(one)}}
        if not isinstance(listed, ComityError):
            assert not others & {one.request.id for one in listed.requests}  # type: ignore[attr-defined]
        if self.ids:
            what, one = self.ids[place % len(self.ids)]
            step = proposals.read_proposal if what == "proposal" else access.read_access
            read = self.act(lambda: step(one, officer, self.world.desk))
            assert isinstance(read, ComityError) or one not in others

    @rule(year=YEARS)
    def amend(self, year: str) -> None:
        """Let the owner say something else meanwhile."""
        if self.held()[1] == "active":
            stated = {**self.content, "born": [year]}
            self.act(lambda: submit(stated, self.world.officer("EGY"), self.world.desk))

    @rule(is_meant=st.sampled_from([False, False, False, True]))
    def withdraw(self, is_meant: bool) -> None:
        if not is_meant:
            return
        self.act(lambda: withdraw(self.record, None, self.world.officer("EGY"), self.world.desk))

    @rule(days=st.sampled_from([1, 8, 15]))
    def wait(self, days: int) -> None:
        self.world.wait(days=days)

    def rows(self) -> dict[str, tuple[object, ...]]:
        names = [one for _, one in self.ids]
        columns = (REQUESTS.c.id, REQUESTS.c.bureau, REQUESTS.c.state, REQUESTS.c.ended_at, REQUESTS.c.answer)
        with self.world.desk.registry.read() as connection:
            found = connection.execute(select(*columns).where(REQUESTS.c.id.in_(names)))
            return {str(row.id): tuple(row) for row in found}

    def asker(self, one: str) -> str:
        return str(self.rows()[one][1])

    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        rows = self.rows()
        assert {one: rows[one] for one in self.ended} == self.ended
        self.ended = {one: row for one, row in rows.items() if row[2] != "open"}

    @invariant()
    def an_open_request_has_no_answer(self) -> None:
        assert all(row[3] is None and row[4] is None for row in self.rows().values() if row[2] == "open")


def test_whatever_is_asked_of_owners_the_rules_hold(world: Post) -> None:
    Life.world = world
    run_lives(Life, lives=25, steps=25)
