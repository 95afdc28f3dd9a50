"""Files that go with messages, found by their SHA-256, and drafts that wait to be sent.

    attachments ─ one row a content ─ attachment_holders (which bureaus handed it in or were sent it)
    message_attachments ─ one row a file of a message
    attachments_waiting ─ when a bureau last handed a content in that it may not have sent yet
    message_drafts ─ one row a draft, its account's own

A digest alone opens nothing: content is given out to its holders, by a message that they are party to.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from comity.registry.messages import BOXES, MESSAGES
from comity.registry.schema import METADATA, Moment

ATTACHMENTS: Final = Table(
    "attachments",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

HOLDERS: Final = Table(
    "attachment_holders",
    METADATA,
    Column("digest", String(64), ForeignKey("attachments.digest"), primary_key=True),
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
)

FILES: Final = Table(
    "message_attachments",
    METADATA,
    Column("message", BigInteger, ForeignKey("messages.number"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), ForeignKey("attachments.digest"), nullable=False),
)

WAITING: Final = Table(
    "attachments_waiting",
    METADATA,
    Column("digest", String(64), ForeignKey("attachments.digest"), primary_key=True),
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("since", Moment, nullable=False),
    Index("attachments_waiting_by_since", "since"),
)

DRAFTS: Final = Table(
    "message_drafts",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("account", String(80), ForeignKey("accounts.name"), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("message_drafts_by_account", "account", "saved_at"),
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message: its place among them from 0, its name, its content's SHA-256 and bytes count."""

    place: int
    name: str
    digest: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A message not sent yet, as its account typed it."""

    id: str
    saved_at: datetime
    body: bytes


def keep(connection: Connection, bureau: str, digest: str, body: bytes, at: datetime) -> None:
    """Keep content that a bureau hands in; the same content again is kept once, and waits from then."""
    if connection.execute(select(ATTACHMENTS.c.digest).where(ATTACHMENTS.c.digest == digest)).first() is None:
        connection.execute(insert(ATTACHMENTS).values(digest=digest, size=len(body), body=body))
    hold(connection, [bureau], [digest])
    here = (WAITING.c.digest == digest) & (WAITING.c.bureau == bureau)
    if connection.execute(update(WAITING).where(here).values(since=at)).rowcount == 0:
        connection.execute(insert(WAITING).values(digest=digest, bureau=bureau, since=at))


def hold(connection: Connection, bureaus: Sequence[str], digests: Sequence[str]) -> None:
    """Note that these bureaus hold these contents."""
    for digest in dict.fromkeys(digests):
        known = set(connection.execute(select(HOLDERS.c.bureau).where(HOLDERS.c.digest == digest)).scalars())
        rows = [{"digest": digest, "bureau": one} for one in dict.fromkeys(bureaus) if one not in known]
        if rows:
            connection.execute(insert(HOLDERS), rows)


def held(connection: Connection, bureau: str, digests: Sequence[str]) -> set[str]:
    """Return those of the digests whose content this bureau holds."""
    found = select(HOLDERS.c.digest).where(HOLDERS.c.bureau == bureau, HOLDERS.c.digest.in_(digests))
    return set(connection.execute(found).scalars())


def standing_in(connection: Connection, bureau: str, digests: Sequence[str]) -> dict[str, set[str]]:
    """Return in which messages of this bureau's box each of these contents stands, by digest."""
    joined = FILES.join(BOXES, BOXES.c.message == FILES.c.message).join(
        MESSAGES, MESSAGES.c.number == FILES.c.message
    )
    rows = connection.execute(
        select(FILES.c.digest, MESSAGES.c.public_id)
        .select_from(joined)
        .where(FILES.c.digest.in_(digests), BOXES.c.bureau == bureau)
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.digest, set()).add(row.public_id)
    return found


def let_go(connection: Connection, message: int, digests: Sequence[str]) -> None:
    """Forget that the parties of an erased message hold these contents; who has them elsewhere keeps them."""
    parties = connection.execute(select(BOXES.c.bureau).where(BOXES.c.message == message)).scalars().all()
    for bureau in parties:
        gone = [one for one in digests if one not in standing_in(connection, bureau, digests)]
        here = (HOLDERS.c.bureau == bureau) & HOLDERS.c.digest.in_(gone)
        connection.execute(delete(HOLDERS).where(here))


def attach(connection: Connection, message: int, files: Sequence[tuple[str, str]]) -> None:
    """Note the files of a message: names and digests, in order."""
    rows = [
        {"message": message, "place": place, "name": name, "digest": digest}
        for place, (name, digest) in enumerate(files)
    ]
    if rows:
        connection.execute(insert(FILES), rows)


def files_of(connection: Connection, messages: Sequence[int]) -> dict[int, list[File]]:
    """Return the files of these messages, by message, in order."""
    found: dict[int, list[File]] = {}
    joined = FILES.join(ATTACHMENTS, ATTACHMENTS.c.digest == FILES.c.digest)
    rows = connection.execute(
        select(FILES, ATTACHMENTS.c.size)
        .select_from(joined)
        .where(FILES.c.message.in_(messages))
        .order_by(FILES.c.message, FILES.c.place)
    )
    for row in rows:
        found.setdefault(row.message, []).append(File(row.place, row.name, row.digest, row.size))
    return found


def file_at(connection: Connection, message: int, place: int) -> tuple[str, bytes] | None:
    """Return the name and content of one file of a message, or None."""
    joined = FILES.join(ATTACHMENTS, ATTACHMENTS.c.digest == FILES.c.digest)
    row = connection.execute(
        select(FILES.c.name, ATTACHMENTS.c.body)
        .select_from(joined)
        .where(FILES.c.message == message, FILES.c.place == place)
    ).first()
    return None if row is None else (row.name, row.body)


def save_draft(connection: Connection, account: str, draft: Draft) -> bool:
    """Keep a draft, or its newer form; return whether it is the account's own."""
    owner = connection.execute(select(DRAFTS.c.account).where(DRAFTS.c.id == draft.id)).scalar_one_or_none()
    if owner is None:
        connection.execute(
            insert(DRAFTS).values(id=draft.id, account=account, saved_at=draft.saved_at, body=draft.body)
        )
    elif owner == account:
        values = {"saved_at": draft.saved_at, "body": draft.body}
        connection.execute(update(DRAFTS).where(DRAFTS.c.id == draft.id).values(**values))
    return owner in {None, account}


def drafts_of(connection: Connection, account: str, limit: int) -> list[Draft]:
    """Return an account's drafts, the newest first."""
    found = select(DRAFTS).where(DRAFTS.c.account == account).order_by(DRAFTS.c.saved_at.desc(), DRAFTS.c.id)
    return [Draft(row.id, row.saved_at, row.body) for row in connection.execute(found.limit(limit))]


def drafts_count(connection: Connection, account: str) -> int:
    """Return how many drafts an account keeps."""
    found = select(func.count()).select_from(DRAFTS).where(DRAFTS.c.account == account)
    return int(connection.execute(found).scalar_one())


def draft_of(connection: Connection, account: str, one: str) -> Draft | None:
    """Return a draft of the account's own, or None."""
    row = connection.execute(select(DRAFTS).where(DRAFTS.c.id == one, DRAFTS.c.account == account)).first()
    return None if row is None else Draft(row.id, row.saved_at, row.body)


def drop_draft(connection: Connection, account: str, one: str) -> bool:
    """Remove a draft of the account's own; return whether there was one."""
    done = connection.execute(delete(DRAFTS).where(DRAFTS.c.id == one, DRAFTS.c.account == account))
    return done.rowcount > 0
