"""Looking through one bureau's box, newest first, and what others owe a bureau an answer to.

Every function works in the caller's transaction, and asks of no box but the bureau's own.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from comity.registry.messages import AUTHOR, BOXES, MESSAGES, Boxed, boxed_at
from comity.registry.schema import FETCH_MAX


@dataclass(frozen=True, slots=True)
class OwedAnswer:
    """An answer that a bureau owes to the author of a message, and since when it has gone to a second addressee."""

    message: str
    bureau: str
    at: datetime
    due_at: datetime
    escalated_at: datetime | None
    subject: str | None
    phrase: str | None
    is_sealed: bool


def places_before(
    connection: Connection, bureau: str, before: int | None, limit: int, authors: Collection[str] = ()
) -> list[tuple[int, int]]:
    """Return place and number of up to `limit` messages of a box, those `before` a place, the newest first.

    Where authors are given, of theirs alone.
    """
    chosen = select(BOXES.c.position, BOXES.c.message).where(BOXES.c.bureau == bureau)
    if before is not None:
        chosen = chosen.where(BOXES.c.position < before)
    if authors:
        written = chosen.join_from(BOXES, MESSAGES, MESSAGES.c.number == BOXES.c.message)
        chosen = written.where(MESSAGES.c.author.in_(sorted(authors)))
    rows = connection.execute(chosen.order_by(BOXES.c.position.desc()).limit(limit))
    return [(row.position, row.message) for row in rows]


def at_places(connection: Connection, bureau: str, places: Sequence[int]) -> list[Boxed]:
    """Return the messages at these places of a box, the newest first."""
    found: list[Boxed] = []
    for start in range(0, len(places), FETCH_MAX):
        found += boxed_at(connection, bureau, places[start : start + FETCH_MAX])
    return sorted(found, key=lambda one: -one.position)


def owed_to(connection: Connection, bureau: str, limit: int) -> list[OwedAnswer]:
    """Return up to `limit` answers that others owe to a bureau's messages, the one due first at the head."""
    owed = (BOXES.c.part != AUTHOR, BOXES.c.due_at.is_not(None), BOXES.c.answered_at.is_(None))
    columns = (BOXES.c.bureau, BOXES.c.due_at, BOXES.c.escalated_at)
    said = (MESSAGES.c.public_id, MESSAGES.c.at, MESSAGES.c.subject, MESSAGES.c.phrase, MESSAGES.c.envelope)
    chosen = (
        select(*columns, *said)
        .select_from(BOXES.join(MESSAGES, MESSAGES.c.number == BOXES.c.message))
        .where(MESSAGES.c.author == bureau, *owed)
        .order_by(BOXES.c.due_at, MESSAGES.c.number, BOXES.c.bureau)
        .limit(limit)
    )
    return [
        OwedAnswer(
            message=row.public_id,
            bureau=row.bureau,
            at=row.at,
            due_at=row.due_at,
            escalated_at=row.escalated_at,
            subject=row.subject,
            phrase=row.phrase,
            is_sealed=row.envelope is not None,
        )
        for row in connection.execute(chosen)
    ]
