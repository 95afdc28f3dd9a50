"""A clock that jumps while a run goes on: the run goes by the moment that was proven, or does nothing."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer
from tests.unit.procedures.machine import Machine

from comity.app import Node
from comity.errors import ConflictError
from comity.procedures.clockwork import tick
from comity.procedures.daily import turn
from comity.procedures.messages import keeping
from comity.procedures.node_clock import NodeClock, Reading
from comity.procedures.watches import list_watches, set_watch
from comity.records.handling import Purpose
from comity.records.record import State

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
JUMP = timedelta(days=20)


class JumpingMachine(Machine):
    """A machine whose clock jumps ahead once it has been read so many times more."""

    readings_left = -1

    def read(self) -> Reading:
        """Return what both clocks say, and jump if it is time."""
        self.readings_left -= 1
        if self.readings_left == 0:
            self.wall += JUMP
        return super().read()


@dataclass
class World:
    """A node of which a record, a draft and a standing check end ten days from now."""

    node: Node
    machine: JumpingMachine
    record: str

    def left(self) -> tuple[State, int, int]:
        held = self.node.desk.registry.record_with(self.record)
        assert held is not None
        registrar = officer(self.node, "egy-registrar")
        drafts = keeping.drafts(registrar, self.node.desk)
        return held.state, len(drafts), len(list_watches(registrar, self.node.desk))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with bureaus(tmp_path) as opened:
        machine = JumpingMachine(START)
        clock = NodeClock(tmp_path / "own-clock", None, machine.read)
        node = replace(opened, desk=replace(opened.desk, clock=clock, guard=clock))
        registrar = officer(node, "egy-registrar")
        record = enter(node, retain_until=(START + timedelta(days=180)).date().isoformat())
        keeping.save_draft({"to": ["KEN"], "subject": "On a person"}, None, registrar, node.desk)
        machine.run(timedelta(days=170))
        asked = {"kind": "person", "name": "Somebody Else", "days": 10}
        set_watch(asked, registrar, Purpose.BORDER, node.desk)
        yield World(node, machine, record)


@pytest.mark.parametrize("readings", range(1, 13))
def test_nothing_ends_by_a_moment_that_came_amid_a_run(world: World, readings: int) -> None:
    world.machine.readings_left = readings
    with suppress(ConflictError):
        turn(world.node.desk)
    world.machine.wall -= JUMP if world.machine.readings_left <= 0 else timedelta()
    assert world.left() == (State.ACTIVE, 1, 1)


@pytest.mark.parametrize("readings", range(1, 25))
def test_nothing_is_forgotten_by_a_moment_that_came_amid_a_round(world: World, readings: int) -> None:
    world.machine.readings_left = readings
    tick(world.node.desk, None)
    world.machine.wall -= JUMP if world.machine.readings_left <= 0 else timedelta()
    assert world.left() == (State.ACTIVE, 1, 1)
