"""Lives at random: what a state machine is run with, so that a failure is found again and none is kept on the disk.

What an act leaves in the log is counted here, too.
"""

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from comity.errors import ComityError
from comity.procedures.desk import Desk
from comity.registry import audit_log


def run_lives(machine: type[RuleBasedStateMachine], lives: int, steps: int) -> None:
    """Run so many lives of so many steps each; raises what a rule or an invariant raises."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


def lines_of(desk: Desk) -> int:
    """Return how many lines the log has, those in journals too."""
    desk.registry.settle()
    with desk.registry.read() as connection:
        return audit_log.size(connection)


def acted(call: Callable[[], object], desk: Desk) -> object:
    """Return what an act gives, or the error that it raises; either way it leaves one line."""
    before = lines_of(desk)
    try:
        result = call()
    except ComityError as error:
        result = error
    assert lines_of(desk) == before + 1
    return result
