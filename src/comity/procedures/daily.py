"""What a serving node does by the day: notices expire, retention runs once, and the counts follow the log all along.

It may be killed anywhere and run by several at once: both go on where they stopped, and do nothing twice.
"""

from comity.access.people import SECRETARIAT_REGION, Officer
from comity.access.roles import role_named
from comity.procedures.desk import Desk
from comity.procedures.node_officer import NODE_ACCOUNT
from comity.procedures.notices.expiring import expire_due
from comity.procedures.picture import count_the_log
from comity.procedures.retention_run import RunReport, run_retention


def turn(desk: Desk) -> RunReport | None:
    """Do what is due at the desk's moment; return what retention did, None where it is not run.

    It acts as the secretariat's own clock: a node without a secretariat leaves retention to its operator. While the
    clock is not proven nothing expires, is suspended or purged.
    """
    count_the_log(desk)
    if not desk.guard.is_proven:
        return None
    offices = [one for one in desk.registry.bureaus().values() if one.region == SECRETARIAT_REGION]
    if not offices:
        return None
    clock = Officer(NODE_ACCOUNT, offices[0], role_named("operator"), door="node")
    expire_due(clock, desk)
    return run_retention(clock, desk)
