"""What waits to be sent: files handed in, and drafts; and fetching the files of a message.

file -> name and size within bounds -> kept under its SHA-256, logged -> named in a message by that digest
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import msgspec

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.messages.asked import known_form, new_id
from comity.procedures.messages.reading import own_message
from comity.procedures.messages.shown import withheld_for
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.records.messages.message import file_name
from comity.registry import attachments, redress
from comity.registry.attachments import Draft

FILE_BYTES_MAX = 10 * 1024 * 1024
DRAFT_BYTES_MAX = 256 * 1024
DRAFTS_MAX = 100


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that waits to be sent."""

    name: str
    digest: str
    size: int

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"name": self.name, "digest": self.digest, "size": self.size}


@dataclass(frozen=True, slots=True)
class ShownDraft:
    """A draft as its account typed it: nothing of it has been checked yet."""

    id: str
    saved_at: datetime
    data: dict[str, Json]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return {"draft": self.id, "saved_at": self.saved_at.isoformat(), "message": self.data}


def keep_file(name: Json, body: bytes, officer: Officer, desk: Desk) -> KeptFile:
    """Keep a file for a message that is to be written; the same content is kept once.

    Raises, after logging, `MalformedError`: `file-name`, `file-type`, `file-empty`, `file-too-large` above 10 MiB.
    """
    asked: dict[str, Json] = {"size": len(body)}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        checked = file_name(name, "name")
        if not body:
            raise MalformedError("file-empty", "file")
        if len(body) > FILE_BYTES_MAX:
            raise MalformedError("file-too-large", "file")
        digest = hashlib.sha256(body).hexdigest()
        entry = entry_of(
            officer,
            Act.MESSAGE_SEND,
            desk.clock(),
            "file-kept",
            query={**asked_terms(asked), "digest": digest},
        )
        with desk.registry.acting(entry) as connection:
            attachments.keep(connection, officer.bureau.code, digest, body, entry.at)
    return KeptFile(checked, digest, len(body))


def fetch_file(message: str, place: int, officer: Officer, desk: Desk) -> tuple[str, bytes]:
    """Return the name and content of one file of a message in the bureau's box; raises `UnknownError`."""
    asked: dict[str, Json] = {"message": message, "file": place}
    leave(officer, Act.MESSAGE_READ, desk, asked)
    with noting(officer, Act.MESSAGE_READ, desk, asked):
        with desk.registry.read() as connection:
            boxed = own_message(connection, message, officer)
            withheld = withheld_for(boxed, redress.blocked_things(connection, [boxed.public_id]))
            found = None if withheld else attachments.file_at(connection, boxed.number, place)
        if found is None:
            raise UnknownError(what="file", name=str(place))
    desk.registry.log(entry_of(officer, Act.MESSAGE_READ, desk.clock(), "done", query=asked_terms(asked)))
    return found


def save_draft(data: Json, draft: str | None, officer: Officer, desk: Desk) -> ShownDraft:
    """Keep a message for later, under a new identifier or in the place of an earlier form of it.

    Drafts lie open in the node's registry: what is to be sealed is not drafted here. Raises, after logging,
    `MalformedError`, `UnknownError` for a draft that is not the account's, `ConflictError` for too many.
    """
    asked: dict[str, Json] = {"draft": draft}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        if not isinstance(data, dict) or "sealed" in data:
            raise MalformedError("object-expected", "message")
        body = msgspec.json.encode(data)
        if len(body) > DRAFT_BYTES_MAX:
            raise MalformedError("text-too-long", "message")
        one = new_id() if draft is None else known_form(draft, "draft")
        made = Draft(one, desk.clock(), body)
        entry = entry_of(officer, Act.MESSAGE_SEND, desk.clock(), "draft-saved", query={"draft": one})
        with desk.registry.acting(entry) as connection:
            if draft is not None and attachments.draft_of(connection, officer.account, one) is None:
                raise UnknownError(what="draft", name=one)
            if draft is None and attachments.drafts_count(connection, officer.account) >= DRAFTS_MAX:
                raise ConflictError(what="draft", rule="too-many")
            attachments.save_draft(connection, officer.account, made)
    return ShownDraft(one, made.saved_at, data)


def drafts(officer: Officer, desk: Desk) -> list[ShownDraft]:
    """Return the account's own drafts, the newest first."""
    asked: dict[str, Json] = {"list": "drafts"}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with desk.registry.read() as connection:
        found = attachments.drafts_of(connection, officer.account, DRAFTS_MAX)
    desk.registry.log(entry_of(officer, Act.MESSAGE_SEND, desk.clock(), "done", query=asked_terms(asked)))
    return [_shown(one) for one in found]


def read_draft(draft: str, officer: Officer, desk: Desk) -> ShownDraft:
    """Return one of the account's own drafts; raises `UnknownError` for every other."""
    asked: dict[str, Json] = {"draft": draft}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        with desk.registry.read() as connection:
            found = attachments.draft_of(connection, officer.account, known_form(draft, "draft"))
        if found is None:
            raise UnknownError(what="draft", name=draft[:40])
    desk.registry.log(entry_of(officer, Act.MESSAGE_SEND, desk.clock(), "done", query=asked_terms(asked)))
    return _shown(found)


def drop_draft(draft: str, officer: Officer, desk: Desk) -> None:
    """Remove one of the account's own drafts; raises `UnknownError` for every other."""
    asked: dict[str, Json] = {"draft": draft}
    leave(officer, Act.MESSAGE_SEND, desk, asked)
    with noting(officer, Act.MESSAGE_SEND, desk, asked):
        one = known_form(draft, "draft")
        entry = entry_of(officer, Act.MESSAGE_SEND, desk.clock(), "draft-dropped", query=asked_terms(asked))
        with desk.registry.acting(entry) as connection:
            if not attachments.drop_draft(connection, officer.account, one):
                raise UnknownError(what="draft", name=one)


def _shown(draft: Draft) -> ShownDraft:
    return ShownDraft(draft.id, draft.saved_at, msgspec.json.decode(draft.body))
