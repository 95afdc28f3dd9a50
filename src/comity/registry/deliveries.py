"""What a bureau has fetched of its box, and what somebody there has opened: the receipts that an author sees.

Every function works inside the caller's transaction; those that write need one opened by `writing`.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from comity.registry.messages import BOXES, MAILBOXES, THREADS


def undelivered(connection: Connection, bureau: str) -> tuple[int, int] | None:
    """Return the places (after, up to) of what this bureau has not fetched; None where it has everything."""
    row = connection.execute(select(MAILBOXES).where(MAILBOXES.c.bureau == bureau)).first()
    if row is None or row.last_position <= row.delivered_position:
        return None
    return int(row.delivered_position), int(row.last_position)


def deliver(connection: Connection, bureau: str, up_to: int, at: datetime) -> None:
    """Note that this bureau has fetched its box up to a place; what it has before keeps its time."""
    row = connection.execute(
        select(MAILBOXES.c.delivered_position).where(MAILBOXES.c.bureau == bureau)
    ).scalar_one()
    new = BOXES.c.position.between(int(row) + 1, up_to)
    connection.execute(
        update(BOXES)
        .where(BOXES.c.bureau == bureau, new, BOXES.c.delivered_at.is_(None))
        .values(delivered_at=at)
    )
    if up_to > int(row):
        connection.execute(
            update(MAILBOXES).where(MAILBOXES.c.bureau == bureau).values(delivered_position=up_to)
        )


def mark_read(connection: Connection, bureau: str, positions: Sequence[int], at: datetime) -> None:
    """Note that these messages of a box were opened; those opened before keep their time."""
    for position in positions:
        here = (BOXES.c.bureau == bureau) & (BOXES.c.position == position)
        connection.execute(update(BOXES).where(here, BOXES.c.delivered_at.is_(None)).values(delivered_at=at))
        connection.execute(update(BOXES).where(here, BOXES.c.read_at.is_(None)).values(read_at=at))
    threads = (
        select(BOXES.c.thread).where(BOXES.c.bureau == bureau, BOXES.c.position.in_(positions)).distinct()
    )
    for thread in connection.execute(threads).scalars().all():
        last = connection.execute(
            select(func.max(BOXES.c.position)).where(
                BOXES.c.bureau == bureau, BOXES.c.thread == thread, BOXES.c.read_at.is_(None)
            )
        ).scalar_one()
        connection.execute(
            update(THREADS)
            .where(THREADS.c.bureau == bureau, THREADS.c.thread == thread)
            .values(unread_position=last)
        )
