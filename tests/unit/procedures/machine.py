"""A machine for tests: its clock can be set, it can be started anew, and time passes only when told."""

from datetime import datetime, timedelta

from comity.procedures.node_clock import Reading


class Machine:
    """What a machine's clocks say."""

    def __init__(self, wall: datetime) -> None:
        self.wall, self.boots, self.since_boot = wall, 1, timedelta()

    def read(self) -> Reading:
        """Return what both clocks say now."""
        return Reading(self.wall, f"run {self.boots}", self.since_boot.total_seconds())

    def run(self, span: timedelta) -> None:
        """Let time pass, evenly."""
        self.wall += span
        self.since_boot += span

    def restart(self, off: timedelta) -> None:
        """Switch it off, and on after a while; its clock goes on by a battery."""
        self.wall += off
        self.boots, self.since_boot = self.boots + 1, timedelta(seconds=20)
