"""Files that were handed in and never sent: a bureau's, until they have waited for long.

Every function works in the caller's transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, insert, literal, select

from comity.registry.attachments import ATTACHMENTS, DRAFTS, FILES, HOLDERS, WAITING, standing_in
from comity.registry.messages import BOXES
from comity.registry.schema import ACCOUNTS, Moment


class WaitingFile(NamedTuple):
    """A content that a bureau handed in, by its SHA-256."""

    digest: str
    bureau: str


def waiting_since(connection: Connection, at: datetime, limit: int) -> list[WaitingFile]:
    """Return up to `limit` files that were handed in at a moment or before, sent or not, the oldest first."""
    columns = (WAITING.c.digest, WAITING.c.bureau)
    chosen = select(*columns).where(WAITING.c.since <= at)
    ordered = chosen.order_by(WAITING.c.since, *columns).limit(limit)
    return [WaitingFile(*row) for row in connection.execute(ordered)]


def is_sent(connection: Connection, one: WaitingFile) -> bool:
    """Return whether a file stands in a message of its bureau's box."""
    return bool(standing_in(connection, one.bureau, [one.digest]))


def is_drafted(connection: Connection, one: WaitingFile) -> bool:
    """Return whether a draft of its bureau's is to carry a file: then it is kept as long as that."""
    drafted = select(DRAFTS.c.body).join(ACCOUNTS, ACCOUNTS.c.name == DRAFTS.c.account)
    bodies = connection.execute(drafted.where(ACCOUNTS.c.bureau == one.bureau)).scalars()
    return any(one.digest.encode() in body for body in bodies)


def wait_on(connection: Connection, one: WaitingFile, at: datetime) -> None:
    """Note that a file waits from a moment on."""
    here = (WAITING.c.digest == one.digest) & (WAITING.c.bureau == one.bureau)
    connection.execute(WAITING.update().where(here).values(since=at))


def wait_no_more(connection: Connection, one: WaitingFile) -> None:
    """Note that a file has been sent: it is kept as its message is."""
    here = (WAITING.c.digest == one.digest) & (WAITING.c.bureau == one.bureau)
    connection.execute(delete(WAITING).where(here))


def drop(connection: Connection, one: WaitingFile) -> None:
    """Forget that a bureau holds a file, and its content where nobody else does."""
    wait_no_more(connection, one)
    here = (HOLDERS.c.digest == one.digest) & (HOLDERS.c.bureau == one.bureau)
    connection.execute(delete(HOLDERS).where(here))
    forget_unheld(connection, [one.digest])


def forget_unheld(connection: Connection, digests: Sequence[str]) -> None:
    """Remove contents that no bureau holds and no message has."""
    for digest in digests:
        held = select(HOLDERS.c.digest).where(HOLDERS.c.digest == digest)
        sent = select(FILES.c.digest).where(FILES.c.digest == digest)
        if connection.execute(held.union_all(sent)).first() is None:
            connection.execute(delete(WAITING).where(WAITING.c.digest == digest))
            connection.execute(delete(ATTACHMENTS).where(ATTACHMENTS.c.digest == digest))


def begin(connection: Connection, at: datetime) -> None:
    """Note of files that an earlier release took in, and that were never sent, that they wait from a moment on."""
    boxed = FILES.join(BOXES, BOXES.c.message == FILES.c.message)
    sent = exists(
        select(FILES.c.digest)
        .select_from(boxed)
        .where(FILES.c.digest == HOLDERS.c.digest, BOXES.c.bureau == HOLDERS.c.bureau)
    )
    columns = (HOLDERS.c.digest, HOLDERS.c.bureau, literal(at, Moment))
    connection.execute(
        insert(WAITING).from_select(["digest", "bureau", "since"], select(*columns).where(~sent))
    )
