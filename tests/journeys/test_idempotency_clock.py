"""Idempotency keys where the machine's clock jumps: nothing is done twice by it, nothing is held for long by it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.journeys.keyed_requests import Callers, is_replayed
from tests.unit.procedures.hit_desk import NOON, HitDesk, hit_desk
from tests.unit.procedures.machine import Machine

from comity.procedures.clock_standing import confirm_clock
from comity.procedures.clockwork import tick
from comity.procedures.node_clock import NodeClock

EGYPT, KENYA = "egy-registrar", "ken-registrar"
KEY = '"8e03978e-40d5-43dd-bc93-6894a57f9324"'
MESSAGE = {"to": ["KEN"], "purpose": "investigation", "subject": "Quillfeather file", "text": "W7654321"}


@dataclass
class World:
    """A node on a machine whose clock is the test's own, and a message that is sent under one key."""

    callers: Callers
    machine: Machine

    def send(self):
        return self.callers.send(EGYPT, "POST", "/v1/messages", MESSAGE, KEY)

    def received(self) -> int:
        return len(self.callers.client(KENYA).get("/v1/messages?list=all").json()["threads"])

    def confirm(self) -> None:
        confirm_clock(self.callers.desk.officer("operator"), self.callers.desk.desk)


def answers_lost(_claim: object, _kept: object, _desk: object) -> None:
    raise OSError


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with hit_desk(tmp_path) as found:
        machine = Machine(NOON)
        clock = NodeClock(tmp_path / "own-clock", None, machine.read)
        node = replace(found.node, desk=replace(found.desk, clock=clock, guard=clock))
        yield World(Callers(HitDesk(node)), machine)


def test_a_message_is_not_sent_again_because_a_clock_jumped_ahead(world: World) -> None:
    world.send()
    world.machine.wall += timedelta(days=3)
    tick(world.callers.desk.desk, None)
    again = world.send()
    assert (is_replayed(again), world.received()) == (True, 1)


def test_a_key_s_day_is_over_once_the_clock_is_proven(world: World) -> None:
    world.send()
    world.machine.wall += timedelta(days=3)
    world.confirm()
    tick(world.callers.desk.desk, None)
    assert not world.callers.taken()


def test_a_key_of_a_time_that_is_set_back_is_held_for_no_longer_than_a_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.machine.wall += timedelta(days=20)
    with monkeypatch.context() as answers:
        answers.setattr("comity.api.idempotency.keep", answers_lost)
        world.send()
    world.machine.wall -= timedelta(days=20)
    world.confirm()
    lost = [world.send().json()["code"]]
    world.machine.run(timedelta(minutes=2))
    lost.append(world.send().json()["code"])
    world.machine.run(timedelta(hours=24))
    tick(world.callers.desk.desk, None)
    assert (lost, world.callers.taken()) == (["idempotency-under-way", "idempotency-unknown"], [])
