"""A machine's clock that jumps: what is held back, for how long, and who lets it go on."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer
from tests.unit.procedures.machine import Machine

from comity.access.credentials import code_at
from comity.access.roles import role_named
from comity.app import Node
from comity.errors import ConflictError, NotSignedInError, RefusedError
from comity.procedures import people
from comity.procedures.clock_standing import confirm_clock, watch_clock
from comity.procedures.clockwork import tick
from comity.procedures.daily import turn
from comity.procedures.node_clock import NodeClock, Standing
from comity.procedures.retention_run import run_retention
from comity.procedures.sign_in import session_officer, sign_in
from comity.procedures.upkeep import examine
from comity.records.record import State
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
WEEK = timedelta(days=7)
YEARS = timedelta(days=3650)
HOUR = timedelta(hours=1)


class World:
    """A node on a machine whose clock is the test's own."""

    def __init__(self, node: Node, directory: Path) -> None:
        self.machine, self.file, self._node = Machine(START), directory / "own-clock", node
        self.open()

    def open(self) -> None:
        with self._node.desk.registry.read() as connection:
            last = audit_log.last_made_at(connection)
        last = last if self.file.exists() else None  # the copy of a node was made today
        clock = NodeClock(self.file, last, self.machine.read)
        self.node = replace(self._node, desk=replace(self._node.desk, clock=clock, guard=clock))

    def run(self, span: timedelta) -> None:
        """Let the node run, looking at the clock each hour."""
        for _ in range(span // HOUR):
            self.machine.run(HOUR)
            self.node.desk.guard.look()

    def rest(self, span: timedelta) -> None:
        """Switch the machine off for a while."""
        self.machine.restart(span)
        self.open()

    def state_of(self, record: str) -> State | None:
        held = self.node.desk.registry.record_with(record)
        return None if held is None else held.state

    def entries(self) -> list[tuple[str, str]]:
        """Return act and outcome of every line of the log."""
        with self.node.desk.registry.read() as connection:
            places = range(audit_log.size(connection))
            found = [audit_log.entry_at(connection, one).entry for one in places]
        return [(one.act, one.outcome) for one in found]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with bureaus(tmp_path) as node:
        yield World(node, tmp_path)


def ending(world: World, span: timedelta) -> str:
    """Enter a record that ends after a while; return its public id."""
    return enter(world.node, retain_until=(START + span).date().isoformat())


def test_a_clock_that_jumps_years_ahead_suspends_no_record(world: World) -> None:
    record = ending(world, WEEK)
    world.machine.wall += YEARS
    turn(world.node.desk)
    assert world.state_of(record) is State.ACTIVE


def test_a_node_started_by_a_clock_years_ahead_suspends_no_record(world: World) -> None:
    record = ending(world, WEEK)
    world.rest(YEARS)
    turn(world.node.desk)
    assert world.state_of(record) is State.ACTIVE


def test_what_a_clock_years_ahead_stamps_is_of_the_node_s_time(world: World) -> None:
    world.machine.wall += YEARS
    world.machine.run(timedelta(minutes=5))
    assert world.node.desk.clock() == START + timedelta(minutes=5)


def test_a_clock_that_was_far_ahead_and_is_put_right_is_followed_as_if_nothing_had_been(world: World) -> None:
    world.machine.wall += YEARS
    world.node.desk.guard.look()
    world.machine.wall -= YEARS
    assert world.node.desk.guard.look().standing is Standing.PROVEN


def test_a_node_switched_off_for_two_weeks_goes_by_the_clock_at_once(world: World) -> None:
    world.rest(2 * WEEK)
    assert world.node.desk.clock() == world.machine.wall


def test_a_node_switched_off_for_two_weeks_suspends_nothing_at_once(world: World) -> None:
    record = ending(world, WEEK)
    world.rest(2 * WEEK)
    turn(world.node.desk)
    assert world.state_of(record) is State.ACTIVE


def test_after_two_days_of_going_evenly_it_does_what_was_held_back(world: World) -> None:
    record = ending(world, WEEK)
    world.rest(2 * WEEK)
    world.run(timedelta(days=2))
    turn(world.node.desk)
    assert world.state_of(record) is State.SUSPENDED


def test_a_node_that_only_its_process_was_ended_of_is_held_back_in_nothing(world: World) -> None:
    record = ending(world, WEEK)
    world.machine.run(2 * WEEK)
    world.open()
    turn(world.node.desk)
    assert world.state_of(record) is State.SUSPENDED


def test_a_confirmed_clock_is_followed_and_what_is_due_is_done(world: World) -> None:
    record = ending(world, WEEK)
    world.rest(YEARS)
    confirm_clock(officer(world.node, "operator"), world.node.desk)
    turn(world.node.desk)
    assert (world.state_of(record), world.node.desk.clock()) == (State.SUSPENDED, world.machine.wall)


def test_a_confirmation_is_in_the_log(world: World) -> None:
    confirm_clock(officer(world.node, "operator"), world.node.desk)
    assert ("node:operate", "clock-confirmed") in world.entries()


def test_who_runs_no_node_confirms_no_clock(world: World) -> None:
    world.machine.wall += YEARS
    with pytest.raises(RefusedError):
        confirm_clock(officer(world.node, "egy-registrar"), world.node.desk)
    assert world.node.desk.guard.look().standing is Standing.AHEAD


def test_a_run_of_retention_by_hand_is_refused_while_the_clock_is_not_proven(world: World) -> None:
    world.rest(2 * WEEK)
    with pytest.raises(ConflictError) as refused:
        run_retention(officer(world.node, "operator"), world.node.desk)
    assert refused.value.rule == "clock-unproven"


def test_a_clock_behind_the_log_stamps_no_earlier_than_the_log(world: World) -> None:
    world.machine.run(HOUR)
    world.node.desk.guard.look()
    world.machine.wall -= YEARS
    world.machine.run(HOUR)
    assert world.node.desk.clock() == START + 2 * HOUR


def test_a_battery_that_is_empty_is_waited_for(world: World) -> None:
    world.rest(-YEARS)
    world.machine.run(HOUR)
    world.machine.wall += YEARS
    assert world.node.desk.clock() == world.machine.wall


def test_a_machine_started_with_an_empty_battery_stamps_no_earlier_than_the_last_line(world: World) -> None:
    world.machine.run(timedelta(seconds=30))
    enter(world.node)
    world.rest(-YEARS)
    assert world.node.desk.clock() >= START + timedelta(seconds=30)


def test_a_node_that_lost_its_mark_goes_by_the_last_line_of_its_log(world: World) -> None:
    enter(world.node)
    world.file.write_text("{")
    world.rest(YEARS)
    assert world.node.desk.guard.look().standing is Standing.AHEAD


def test_a_node_restored_of_an_old_backup_goes_by_the_clock_and_does_nothing_for_good(world: World) -> None:
    record = ending(world, WEEK)
    world.rest(YEARS)
    world.node.desk.guard.restored()
    turn(world.node.desk)
    assert (world.node.desk.clock(), world.state_of(record)) == (world.machine.wall, State.ACTIVE)


def test_a_node_that_was_restored_may_be_switched_off_for_days(world: World) -> None:
    world.rest(YEARS)
    world.node.desk.guard.restored()
    world.rest(WEEK - timedelta(hours=1))
    assert world.node.desk.guard.look().standing is Standing.UNPROVEN


def test_the_doctor_tells_of_a_clock_that_is_not_followed(world: World) -> None:
    world.machine.wall += YEARS
    assert [one for one in examine(world.node.desk) if one.startswith("clock-ahead ")]


def test_the_doctor_finds_nothing_wrong_with_a_node_that_was_off_for_two_weeks(world: World) -> None:
    world.rest(2 * WEEK)
    assert examine(world.node.desk) == []


def test_a_jump_is_noted_in_the_log_once(world: World) -> None:
    world.machine.wall += YEARS
    standing = watch_clock(world.node.desk, None)
    watch_clock(world.node.desk, standing)
    assert world.entries().count(("node:operate", "clock-ahead")) == 1


def test_a_clock_that_ticks_while_it_is_far_ahead_strikes_nothing(world: World) -> None:
    ending(world, WEEK)
    world.machine.wall += YEARS
    done = json.dumps(tick(world.node.desk, None).to_json())
    assert done == '{"hits": 0, "clocks": 0, "alerts": 0, "sent": 0, "forgotten": 0}'


def entered(world: World, at: datetime) -> str:
    """Open a session of an account, with the code that a telephone shows at this moment; return its token."""
    made, shown = people.with_secrets(Account("ana", "EGY", role_named("registrar")), world.node.desk)
    with world.node.desk.registry.write() as connection:
        accounts.add_account(connection, made, START)
    code = code_at(shown.code_secret.reveal(), at.timestamp())
    return sign_in("ana", shown.passphrase.reveal(), code, world.node.desk).token.reveal()


def test_sessions_outlive_a_clock_that_jumps_ahead(world: World) -> None:
    token = entered(world, START)
    world.machine.wall += YEARS
    assert session_officer(token, world.node.desk).account == "ana"


@pytest.mark.parametrize("whose", ["node", "machine"])
def test_codes_hold_by_either_time_while_nobody_knows_which_is_right(world: World, whose: str) -> None:
    world.machine.wall += YEARS
    assert entered(world, START if whose == "node" else world.machine.wall)


def test_a_clock_confirmed_to_be_earlier_ends_the_sessions_of_the_later_time(world: World) -> None:
    token = entered(world, START)
    world.machine.wall -= YEARS
    confirm_clock(officer(world.node, "operator"), world.node.desk)
    with pytest.raises(NotSignedInError):
        session_officer(token, world.node.desk)
