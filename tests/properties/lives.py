"""Lives at random: what a state machine is run with, so that a failure is found again and none is kept on the disk."""

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test


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
