"""Drafts of messages whose account is closed, and those that were not saved for long: a bureau's, not one account's.

Every function works in the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from comity.registry.attachments import DRAFTS, Draft
from comity.registry.schema import ACCOUNTS, FETCH_MAX


@dataclass(frozen=True, slots=True)
class OwnedDraft:
    """A draft, the account that typed it, and the bureau of that account."""

    draft: Draft
    account: str
    bureau: str


_OWNED = select(DRAFTS, ACCOUNTS.c.bureau).join(ACCOUNTS, ACCOUNTS.c.name == DRAFTS.c.account)


def left_drafts(connection: Connection, bureau: str, limit: int) -> list[OwnedDraft]:
    """Return up to `limit` drafts of a bureau's closed accounts, the longest unsaved first."""
    return _owned(connection, _left(bureau).order_by(DRAFTS.c.saved_at, DRAFTS.c.id).limit(limit))


def left_draft(connection: Connection, bureau: str, one: str) -> OwnedDraft | None:
    """Return a draft of one of a bureau's closed accounts, or None."""
    found = _owned(connection, _left(bureau).where(DRAFTS.c.id == one))
    return found[0] if found else None


def hand_over(connection: Connection, one: str, account: str, at: datetime) -> None:
    """Make a draft another account's own, as if it had saved it now."""
    connection.execute(update(DRAFTS).where(DRAFTS.c.id == one).values(account=account, saved_at=at))


def unsaved_since(connection: Connection, at: datetime, limit: int) -> list[OwnedDraft]:
    """Return up to `limit` drafts that were not saved after this moment, of every bureau."""
    return _owned(connection, _OWNED.where(DRAFTS.c.saved_at <= at).order_by(DRAFTS.c.id).limit(limit))


def drop(connection: Connection, ids: Sequence[str]) -> None:
    """Remove drafts, whoever typed them."""
    for start in range(0, len(ids), FETCH_MAX):
        connection.execute(delete(DRAFTS).where(DRAFTS.c.id.in_(ids[start : start + FETCH_MAX])))


def _left(bureau: str) -> Select[*tuple[Any, ...]]:
    return _OWNED.where(ACCOUNTS.c.bureau == bureau, ACCOUNTS.c.state == "closed")


def _owned(connection: Connection, chosen: Select[*tuple[Any, ...]]) -> list[OwnedDraft]:
    return [_draft(row) for row in connection.execute(chosen)]


def _draft(row: Row[tuple[object, ...]]) -> OwnedDraft:
    return OwnedDraft(Draft(row.id, row.saved_at, row.body), row.account, row.bureau)
