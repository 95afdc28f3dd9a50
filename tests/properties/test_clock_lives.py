"""The node's clock, whatever the machine's does: never back, never far ahead of the time that passed, never stuck."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.unit.procedures.machine import Machine

from comity.procedures.node_clock import AHEAD_MAX, PROVEN_PER_EVEN, UNPROVEN_MAX, NodeClock, Standing

SECOND = timedelta(seconds=1)
APART = timedelta(seconds=3)
"""Two processes may notice a second apart that the clock was set."""

SPANS = st.one_of(
    st.floats(0, 10), st.floats(0, 7200), st.floats(0, 40 * 86400), st.floats(0, 20 * 365 * 86400)
).map(lambda seconds: timedelta(seconds=seconds))
RUNS = st.one_of(st.floats(0, 90), st.floats(0, 86400)).map(lambda seconds: timedelta(seconds=seconds))


class Life(RuleBasedStateMachine):
    """A node of two processes, on a machine that runs, rests, and whose clock is set."""

    def __init__(self) -> None:
        super().__init__()
        self.directory = tempfile.TemporaryDirectory()
        self.machine = Machine(datetime(2026, 3, 1, tzinfo=UTC))
        self.last: datetime | None = None
        self.clocks = [self.opened(), self.opened()]
        self.begin_anew()

    def opened(self) -> NodeClock:
        # The last moment that was told stands in the last line of the log.
        return NodeClock(Path(self.directory.name) / "clock", self.last, self.machine.read)

    def begin_anew(self) -> None:
        self.start = self.last = self.clocks[0]()
        self.ran = timedelta()

    def teardown(self) -> None:
        self.directory.cleanup()

    @rule(span=RUNS)
    def run(self, span: timedelta) -> None:
        # A served node looks every second; here a few times, so that both processes notice what was set before.
        for part in (min(span, 2 * SECOND), max(span - 2 * SECOND, timedelta())):
            self.machine.run(part)
            for clock in self.clocks:
                clock.look()
        self.ran += span

    @rule(span=SPANS)
    def set_ahead(self, span: timedelta) -> None:
        self.machine.wall += span

    @rule(span=SPANS)
    def set_back(self, span: timedelta) -> None:
        self.machine.wall -= min(span, self.machine.wall - datetime(1970, 1, 1, tzinfo=UTC))

    @rule(span=SPANS)
    def restart(self, span: timedelta) -> None:
        self.machine.restart(span)
        self.clocks = [self.opened(), self.opened()]

    @rule()
    def begin_again(self) -> None:
        self.clocks[1] = self.opened()

    @rule()
    def confirm(self) -> None:
        self.clocks[1].confirm()
        self.machine.run(2 * SECOND)
        judged = self.clocks[0].look()
        assert (judged.standing, judged.at) == (Standing.PROVEN, self.machine.wall)
        self.begin_anew()

    @invariant()
    def the_node_s_time_goes_on(self) -> None:
        for clock in self.clocks:
            now = clock()
            assert self.last is None or now >= self.last - APART
            self.last = now if self.last is None else max(now, self.last)

    @invariant()
    def no_more_is_believed_than_may_be(self) -> None:
        judged = self.clocks[0].look()
        most = UNPROVEN_MAX if judged.standing is Standing.PROVEN else AHEAD_MAX
        assert judged.at - self.start <= self.ran * (1 + PROVEN_PER_EVEN) + most + APART


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
