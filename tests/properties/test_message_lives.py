"""Messages written, answered, read and passed on at random, by anybody, while the clock runs: what must always hold.

Nobody reads a thread to which it is no party; every act, done or refused, leaves exactly one line in the audit log,
and refused it changes nothing; receipts and clocks never go back; what is answered is answered once, by who was asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Row
from tests.properties.lives import lines_of, run_lives
from tests.unit.procedures.writing import CODES, PLAIN, Post

from comity.errors import ComityError, RefusedError, UnknownError
from comity.procedures.messages import keeping, passing_on, reading
from comity.procedures.messages.clocks import pass_on_overdue
from comity.procedures.messages.sending import Sent, send
from comity.registry.messages import BOXES, MESSAGES

PEOPLE = st.tuples(st.sampled_from(CODES), st.sampled_from(["registrar"] * 5 + ["officer"]))
BUREAUS = st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True)
PLACE = st.integers(0, 30)
NOBODY_S = "A" * 20
ONCE = ("delivered_at", "read_at", "due_at", "answered_at", "escalated_at")
"""What is said of a message in a box once and for all."""

Box = dict[tuple[str, str], Row[tuple[object, ...]]]


@dataclass
class Known:
    """A message as the test remembers it: who may read it, and who will when no answer comes."""

    id: str
    thread: str
    author: str
    to: frozenset[str]
    second: str | None
    due_at: datetime | None
    parties: set[str] = field(default_factory=set)


class Life(RuleBasedStateMachine):
    """Four bureaus, and what they write to each other."""

    world: Post

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Known] = []
        self.boxes: Box = {}

    def held(self) -> Box:
        """Return what stands in the boxes about the messages of this life."""
        ids = [one.id for one in self.known]
        found = (
            BOXES.join(MESSAGES, BOXES.c.message == MESSAGES.c.number)
            .select()
            .with_only_columns(MESSAGES.c.public_id, *BOXES.c)
        )
        with self.world.desk.registry.read() as connection:
            rows = connection.execute(found.where(MESSAGES.c.public_id.in_(ids))).all()
        return {(row.public_id, row.bureau): row for row in rows}

    def act(self, done: Callable[[], object]) -> object:
        """Do something, and return what came of it, or the error: one line either way, refused no change."""
        lines, before = lines_of(self.world.desk), self.held()
        try:
            result: object = done()
        except ComityError as error:
            assert self.held() == before, "what is refused changes nothing"
            result = error
        assert lines_of(self.world.desk) == lines + 1
        return result

    def chosen(self, place: int) -> Known | None:
        return self.known[place % len(self.known)] if self.known else None

    def parties_of(self, thread: str) -> set[str]:
        return {code for one in self.known if one.thread == thread for code in one.parties}

    def remember(self, result: object, bureau: str, to: list[str], second: str | None = None) -> None:
        if isinstance(result, Sent):
            known = Known(
                result.message, result.thread, bureau, frozenset(to), second, result.due_at, {bureau, *to}
            )
            self.known.append(known)

    @rule(
        who=PEOPLE,
        to=BUREAUS,
        second=st.none() | st.sampled_from(CODES),
        asks=st.booleans(),
        place=st.none() | PLACE,
    )
    def write(
        self, who: tuple[str, str], to: list[str], second: str | None, asks: bool, place: int | None
    ) -> None:
        """Write to anybody, and into any thread."""
        said: dict[str, object] = {**PLAIN, "to": to, "asks": asks}
        if second is not None:
            said["second"] = second
        into = None if place is None else self.chosen(place)
        if into is not None:
            said["thread"] = into.thread
        result = self.act(lambda: send(said, self.world.officer(*who), self.world.desk))
        if into is not None and who[0] not in self.parties_of(into.thread):
            assert isinstance(result, ComityError)
        self.remember(result, who[0], to, second)

    @initialize(asks=st.booleans(), second=st.booleans())
    def begin(self, asks: bool, second: bool) -> None:
        """Begin with one message to two bureaus, so that something happens in every life."""
        self.write(("FRA", "registrar"), ["EGY", "KEN"], "BRA" if asks and second else None, asks, None)

    @rule(place=PLACE, minutes=st.sampled_from([1, 60, 60 * 24]))
    def go_on(self, place: int, minutes: int) -> None:
        """Let time pass, and an answer come from somebody who was asked."""
        self.wait(minutes)
        one = self.chosen(place)
        if one is not None:
            asked = sorted(one.parties - {one.author})
            self.answer((asked[place % len(asked)], "registrar"), place)

    @rule(who=PEOPLE, place=PLACE)
    def answer(self, who: tuple[str, str], place: int) -> None:
        asked = self.chosen(place)
        if asked is None:
            return
        said = {**PLAIN, "to": [asked.author], "answers": asked.id}
        result = self.act(lambda: send(said, self.world.officer(*who), self.world.desk))
        if who[0] not in asked.parties:
            assert isinstance(result, ComityError)
        self.remember(result, who[0], [asked.author])

    @rule(who=PEOPLE, place=PLACE, is_known=st.sampled_from([True, True, True, False]))
    def read(self, who: tuple[str, str], place: int, is_known: bool) -> None:
        """Open a thread: its parties see their own messages of it, all others what they see of none."""
        one = self.chosen(place)
        thread = one.thread if one is not None and is_known else NOBODY_S
        result = self.act(lambda: reading.read_thread(thread, self.world.officer(*who), self.world.desk))
        if who[1] == "officer":
            assert isinstance(result, RefusedError)
        elif who[0] not in self.parties_of(thread):
            assert isinstance(result, UnknownError)
        else:
            assert isinstance(result, reading.Thread)
            shown = {message.boxed.public_id for message in result.messages}
            assert shown == {
                known.id for known in self.known if known.thread == thread and who[0] in known.parties
            }

    @rule(who=PEOPLE, place=PLACE)
    def look(self, who: tuple[str, str], place: int) -> None:
        """Open one message, its receipts, and a file that it does not have."""
        one = self.chosen(place)
        if one is None:
            return
        officer, desk = self.world.officer(*who), self.world.desk
        result = self.act(lambda: reading.read_message(one.id, officer, desk))
        assert isinstance(result, ComityError) == (who[1] == "officer" or who[0] not in one.parties)
        receipts = self.act(lambda: reading.receipts_of(one.id, officer, desk))
        assert isinstance(receipts, ComityError) == (who[1] == "officer" or who[0] != one.author)
        assert isinstance(self.act(lambda: keeping.fetch_file(one.id, 0, officer, desk)), ComityError)

    @rule(who=PEOPLE, which=st.sampled_from(reading.LISTS))
    def fetch(self, who: tuple[str, str], which: str) -> None:
        result = self.act(lambda: reading.inbox(which, 200, None, self.world.officer(*who), self.world.desk))
        if isinstance(result, reading.Inbox):
            listed = {line.line.thread for line in result.lines}
            others = {one.thread for one in self.known if who[0] not in self.parties_of(one.thread)}
            assert not listed & others

    @rule(who=PEOPLE, place=PLACE, to=BUREAUS)
    def forward(self, who: tuple[str, str], place: int, to: list[str]) -> None:
        one = self.chosen(place)
        if one is None:
            return
        officer, desk = self.world.officer(*who), self.world.desk
        result = self.act(lambda: passing_on.forward(one.id, {"to": to}, officer, desk))
        if who[0] not in one.parties:
            assert isinstance(result, ComityError)
        self.remember(result, who[0], to)

    @rule(who=PEOPLE, place=PLACE, reader=st.sampled_from(CODES))
    def give_leave(self, who: tuple[str, str], place: int, reader: str) -> None:
        one = self.chosen(place)
        if one is None:
            return
        officer, desk = self.world.officer(*who), self.world.desk
        result = self.act(lambda: passing_on.let_forward(one.id, reader, officer, desk))
        assert isinstance(result, ComityError) or (who[0] == one.author and reader in one.parties)

    @rule(minutes=st.sampled_from([1, 60, 60 * 24, 60 * 24 * 4]))
    def wait(self, minutes: int) -> None:
        """Let time pass: a message whose answer is overdue goes to its second addressee, each with a line."""
        before = self.held()
        self.world.wait(minutes=minutes)
        lines, count = lines_of(self.world.desk), 0
        while (passed := pass_on_overdue(self.world.desk)) > 0:
            count += passed
        assert lines_of(self.world.desk) == lines + count
        now = self.world.now
        for one in self.known:
            waits = any(before[one.id, code].answered_at is None for code in one.to)
            if one.second is not None and one.due_at is not None and one.due_at <= now and waits:
                one.parties.add(one.second)

    @invariant()
    def a_message_is_in_its_parties_boxes_and_no_others(self) -> None:
        held = self.held()
        assert set(held) == {(one.id, code) for one in self.known for code in one.parties}

    @invariant()
    def nothing_goes_back(self) -> None:
        held = self.held()
        for place, row in self.boxes.items():
            now = held[place]
            for name in ONCE:
                was = getattr(row, name)
                assert was is None or getattr(now, name) == was, name
            assert now.may_forward or not row.may_forward
        self.boxes = held

    @invariant()
    def what_is_answered_was_answered_by_who_was_asked(self) -> None:
        held = self.held()
        for one in self.known:
            for code in one.parties - {one.author}:
                at = held[one.id, code].answered_at
                answers = [
                    other
                    for other in self.known
                    if other.thread == one.thread and other.author == code and one.author in other.to
                ]
                assert at is None or answers

    @invariant()
    def what_is_read_was_delivered(self) -> None:
        for row in self.held().values():
            assert row.part == "author" or row.read_at is None or row.delivered_at is not None


def test_whatever_bureaus_write_to_each_other_the_rules_hold(world: Post) -> None:
    Life.world = world
    run_lives(Life, lives=30, steps=30)
