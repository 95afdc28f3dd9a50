"""The bureaus' keys: published and revoked by statements that they signed themselves, read by everybody.

    statement, signed -> authorised -> holds in the directory -> kept, its head signed, logged in one transaction

The node never has a secret key. It can refuse a statement; it can make none that a bureau's readers, who
compare directory and log with what they saw before, would take for that bureau's own.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from comity.access.acts import Act
from comity.access.bureau_keys import KeyStatement, Publication, read_statement
from comity.access.people import Officer
from comity.audit.key_directory import (
    Directory,
    ListedKey,
    directory_of,
    directory_signer,
    directory_tree,
)
from comity.audit.proofs import EntryProof
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.records.fieldtype import Json
from comity.registry import audit_log, bureau_keys
from comity.registry.bureau_keys import KeyEvent

KEY_ID = re.compile("[0-9a-f]{32}")
CLOCKS_APART_MAX = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class KeyDirectory:
    """The directory as its readers take it home: every event, the newest signed head, the node's verifier."""

    events: tuple[KeyEvent, ...]
    directory: Directory
    head: str | None
    verifier: str

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show; an event's text is what was signed, to the byte."""
        events: list[Json] = [one.event.decode() for one in self.events]
        keys: list[Json] = [key_json(one) for one in self.directory.keys.values()]
        return {"events": events, "head": self.head, "verifier": self.verifier, "keys": keys}


@dataclass(frozen=True, slots=True)
class Listed:
    """A key once its statement stands in the directory."""

    key: ListedKey

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        return key_json(self.key)


def key_json(key: ListedKey) -> dict[str, Json]:
    """Return a key as the doors show it: for people. Clients read the events, and prove them."""
    return {
        "key": key.public.id,
        "bureau": key.public.bureau,
        "published_at": key.at,
        "is_current": key.is_current,
        "is_endorsed": key.is_endorsed,
        "is_first": key.is_first,
        "replaced_at": key.replaced_at,
        "revoked_at": key.revoked_at,
        "reason": key.reason,
    }


def read_directory(officer: Officer, desk: Desk) -> KeyDirectory:
    """Return the whole directory; raises `RefusedError`."""
    leave(officer, Act.KEY_READ, desk, {})
    with desk.registry.read() as connection:
        events = bureau_keys.events(connection)
    desk.registry.log(entry_of(officer, Act.KEY_READ, desk.clock(), "done"))
    directory = directory_of([one.event for one in events])
    head = events[-1].head if events else None
    return KeyDirectory(tuple(events), directory, head, str(desk.registry.signer.verifier))


def publish(statement: Json, officer: Officer, desk: Desk) -> Listed:
    """Take a statement of the officer's own bureau into the directory: a new key, or a key revoked.

    Raises, after logging, `RefusedError` `other-bureau`, `MalformedError` for a statement that does not hold or
    whose moment is not now, and `ConflictError` for a key that is there already or is not there to revoke.
    """
    asked: dict[str, Json] = {"statement": statement if isinstance(statement, str) else None}
    leave(officer, Act.KEY_PUBLISH, desk, asked)
    with noting(officer, Act.KEY_PUBLISH, desk, asked):
        if not isinstance(statement, str):
            raise MalformedError("text-expected", "statement")
        event = statement.encode("utf-8", "replace")
        said = read_statement(event)
        _check(said, officer, desk.clock())
        return Listed(_add(event, said, officer, desk))


def _check(said: KeyStatement, officer: Officer, now: datetime) -> None:
    if said.bureau != officer.bureau.code:
        raise RefusedError(act=Act.KEY_PUBLISH.value, rule="other-bureau")
    at = datetime.fromisoformat(said.at)
    # An old statement handed in again would bring back a key that its bureau has long replaced.
    if at.tzinfo is None or abs(at - now) > CLOCKS_APART_MAX:
        raise MalformedError("key-statement-time", "statement")


def _add(event: bytes, said: KeyStatement, officer: Officer, desk: Desk) -> ListedKey:
    at, what = desk.clock(), "published" if isinstance(said, Publication) else "revoked"
    with desk.registry.write() as connection:
        before = [one.event for one in bureau_keys.events(connection)]
        directory = directory_of(before).with_event(event)
        tree = directory_tree([*before, event])
        query = {"key": said.key, "place": len(before), "size": tree.size, "root": tree.root.hex()}
        entry = entry_of(officer, Act.KEY_PUBLISH, at, what, query={**query, "statement": event.decode()})
        number = desk.registry.append_all(connection, [entry])[0]
        head = directory_signer(desk.registry.signer).sign(tree)
        made = KeyEvent(len(before), said.bureau, said.key, what, at, event, head, number)
        bureau_keys.add(connection, made)
    return directory.key(said.key)


def key_proofs(key: str, officer: Officer, desk: Desk) -> Sequence[EntryProof]:
    """Return the proofs that a key's statements stand in the audit log: for controllers, who may prove it.

    Raises `RefusedError`, and `UnknownError` for a key that nobody published.
    """
    asked: dict[str, Json] = {"key": key}
    leave(officer, Act.AUDIT_PROVE, desk, asked)
    with noting(officer, Act.AUDIT_PROVE, desk, asked):
        if not KEY_ID.fullmatch(key):
            raise UnknownError(what="key", name=key[:40])
        with desk.registry.read() as connection:
            events = bureau_keys.events_of(connection, key)
            verifier = desk.registry.signer.verifier
            proofs = [audit_log.entry_proof(connection, one.entry, verifier) for one in events]
        if not proofs:
            raise UnknownError(what="key", name=key[:40])
    desk.registry.log(entry_of(officer, Act.AUDIT_PROVE, desk.clock(), "done", query=asked_terms(asked)))
    return proofs
