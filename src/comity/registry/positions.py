"""How far each follower has come: a named place in the audit log or in the numbered changes.

What follows one of the two is a function of it: killed half way, it goes on from its last durable place.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Connection, String, Table, bindparam, insert, select, update

from comity.registry.schema import AUDIT, METADATA, NODE

LOG_TO_HITS = "log-to-hits"
LOG_TO_CHECKS = "log-to-checks"
CHANGES_TO_ALERTS = "changes-to-alerts"
REQUESTS_DUE = "requests-due"
"""Until which moment, in microseconds, bureaus were told of the deadlines of what is asked of owners."""

CHANGES_TO_MENTIONS = "changes-to-mentions"
HITS_TO_PASSAGES, REQUESTS_TO_PASSAGES = "hits-to-passages", "requests-to-passages"
CHANGES_TO_PASSAGES, PASSAGES_TO_KEYS = "changes-to-passages", "passages-to-keys"
READINGS_OF_MENTIONS, READINGS_OF_MESSAGES = "readings-of-mentions", "readings-of-messages"
READINGS_OF_PASSAGES = "readings-of-passages"
"""Which readings of names the keys were made with, as a number: where it is another, they are made anew."""

POSITIONS = Table(
    "positions",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

# Made once: each check that hits asks both.
_PLACE: Final = select(POSITIONS.c.position).where(POSITIONS.c.name == bindparam("follower"))
_MOVE: Final = (
    update(POSITIONS).where(POSITIONS.c.name == bindparam("follower")).values(position=bindparam("to"))
)


def position(connection: Connection, name: str) -> int:
    """Return how far a follower has come; 0 where it has not begun."""
    found: int | None = connection.execute(_PLACE, {"follower": name}).scalar()
    return 0 if found is None else found


def move(connection: Connection, name: str, to: int) -> None:
    """Note how far a follower has come, in the transaction that holds what it did."""
    moved = connection.execute(_MOVE, {"follower": name, "to": to})
    if moved.rowcount == 0:
        connection.execute(insert(POSITIONS).values(name=name, position=to))


def begin_at_present(connection: Connection) -> None:
    """Let every follower of a node made before there were any begin here: what is past alarms nobody now."""
    size = connection.execute(select(AUDIT.tip.c.size)).scalar_one()
    change = connection.execute(select(NODE.c.last_change)).scalar_one()
    for name, place in ((LOG_TO_HITS, size), (LOG_TO_CHECKS, size), (CHANGES_TO_ALERTS, change)):
        move(connection, name, place)
