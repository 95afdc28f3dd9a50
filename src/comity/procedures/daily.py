"""What a serving node does by the day and by the minute: retention runs once a day, counts follow the log.

It may be killed anywhere and run by several at once: both go on where they stopped, and do nothing twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from comity.access.people import SECRETARIAT_REGION, Officer
from comity.access.roles import role_named
from comity.procedures.desk import Desk
from comity.procedures.node_officer import NODE_ACCOUNT
from comity.procedures.picture import count_the_log
from comity.procedures.retention_run import RunReport, run_retention

EVERY: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Daily:
    """Turns over what is due; `turned_at` is when it last looked."""

    turned_at: datetime | None = None

    def turn(self, desk: Desk) -> None:
        """Do what is due at the desk's moment: at most once a minute is anything looked at."""
        now = desk.clock()
        if self.turned_at is not None and now - self.turned_at < EVERY:
            return
        self.turned_at = now
        count_the_log(desk)
        run_by_clock(desk)


def run_by_clock(desk: Desk) -> RunReport | None:
    """Run retention for the day, where it has not run yet, as the secretariat's own clock.

    A node without a secretariat has nobody to run it for, and leaves it to its operator: None.
    """
    offices = [one for one in desk.registry.bureaus().values() if one.region == SECRETARIAT_REGION]
    if not offices:
        return None
    return run_retention(Officer(NODE_ACCOUNT, offices[0], role_named("operator"), door="node"), desk)
