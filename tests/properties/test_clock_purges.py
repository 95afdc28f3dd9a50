"""A record where the machine's clock does what it likes: it goes no earlier than time has proven, and it goes."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.properties.lives import run_lives
from tests.unit.procedures.bureaus import bureaus, enter, officer
from tests.unit.procedures.machine import Machine

from comity.app import Node
from comity.procedures.clock_standing import confirm_clock
from comity.procedures.clockwork import tick
from comity.procedures.daily import turn
from comity.procedures.node_clock import PROVEN_PER_EVEN, UNPROVEN_MAX, NodeClock, Standing
from comity.records.record import State

NUMBERS = count()
DAY = timedelta(days=1)
KEPT_FOR = 10 * DAY
APART = timedelta(seconds=3)
SPANS = st.sampled_from([timedelta(minutes=3), DAY / 2, 3 * DAY, 20 * DAY, 50 * DAY, 3650 * DAY])


@dataclass
class World:
    """A node, where its clocks lie, and the last day of the life before: days that were run are not run again."""

    node: Node
    directory: Path
    last: datetime = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as directory, bureaus(Path(directory)) as node:
        yield World(node, Path(directory))


class Life(RuleBasedStateMachine):
    """One record of Egypt that is kept for ten days by the node's time."""

    world: World

    @initialize()
    def begin(self) -> None:
        self.number = next(NUMBERS)
        self.machine = Machine(self.world.last + 400 * DAY)
        self.file = self.world.directory / f"clock-{self.number}"
        self.open()
        self.ends_on = (self.machine.wall + KEPT_FOR).date()
        stated = {"source_id": f"C{self.number}", "retain_until": self.ends_on.isoformat()}
        self.record = enter(self.node, **stated, documents=[])
        # What the node's time may have gone on by at most since it was last known to be right.
        self.start, self.ran, self.is_started = self.machine.wall, timedelta(), True

    def open(self) -> None:
        clock = NodeClock(self.file, None, self.machine.read)
        self.node = replace(self.world.node, desk=replace(self.world.node.desk, clock=clock, guard=clock))

    def state(self) -> State | None:
        held = self.world.node.desk.registry.record_with(self.record)
        return None if held is None else held.state

    @rule(span=st.sampled_from([timedelta(seconds=1), DAY / 4, DAY, 10 * DAY]))
    def run(self, span: timedelta) -> None:
        """Let the node run, its clock struck four times."""
        for _ in range(4):
            self.machine.run(span / 4)
            self.ran += span / 4
            self.strike()

    def strike(self) -> None:
        before = self.state()
        tick(self.node.desk, None)
        turn(self.node.desk)
        if self.state() is not before:
            judged = self.node.desk.guard.look()
            assert judged.standing is Standing.PROVEN
            assert judged.at.date() >= self.ends_on
            assert judged.at - self.start <= self.ran * (1 + PROVEN_PER_EVEN) + UNPROVEN_MAX + APART

    @rule(span=SPANS)
    def set_ahead(self, span: timedelta) -> None:
        self.machine.wall += span

    @rule(span=SPANS)
    def set_back(self, span: timedelta) -> None:
        self.machine.wall -= span

    @rule(span=SPANS)
    def rest(self, span: timedelta) -> None:
        self.machine.restart(span)
        self.open()

    @rule()
    def confirm(self) -> None:
        confirm_clock(officer(self.node, "operator"), self.node.desk)
        self.start, self.ran = self.machine.wall, timedelta()
        turn(self.node.desk)
        # Nothing is stuck: what is due by a clock that somebody vouched for is done at once.
        assert self.machine.wall.date() < self.ends_on or self.state() is not State.ACTIVE

    @invariant()
    def what_a_clock_says_that_nobody_vouched_for_changes_nothing(self) -> None:
        if self.node.desk.guard.look().standing is not Standing.PROVEN:
            before = self.state()
            turn(self.node.desk)
            assert self.state() is before

    def teardown(self) -> None:
        if hasattr(self, "is_started"):
            self.world.last = max(self.world.last, self.machine.wall, self.node.desk.clock())


def test_whatever_a_clock_does_no_record_goes_before_time_has_proven_its_day(world: World) -> None:
    Life.world = world
    run_lives(Life, lives=16, steps=14)
