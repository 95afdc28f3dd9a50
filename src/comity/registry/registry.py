"""The registry as the rest of the house uses it: one door to the durable truth."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from comity.access.people import Bureau
from comity.audit.entries import Entry, Written, write
from comity.audit.heads import Signer
from comity.records.record import HeldRecord
from comity.registry import accounts, audit_log, engine, holdings, retention, suppressing
from comity.registry.group_commit import GroupCommitter
from comity.registry.holdings import Change, Receipt, Submission


@dataclass(frozen=True, slots=True)
class Handed:
    """Submissions handed in together by one account, and the audit entry that goes with them."""

    submissions: Sequence[Submission]
    account: str
    at: datetime


class Registry:
    """Records, accounts and the audit log of one node, on SQLite or PostgreSQL.

    `id_secret` keys the public identifiers of records. Whatever a method has returned from is durable.
    """

    def __init__(self, database: Engine, signer: Signer, id_secret: bytes) -> None:
        self._engine, self._signer, self._id_secret = database, signer, id_secret
        self._committer: GroupCommitter[Written, int] = GroupCommitter(self._write_entries)

    @property
    def signer(self) -> Signer:
        """What signs the heads of the audit log."""
        return self._signer

    def close(self) -> None:
        """Write what waits, and let the database go."""
        self._committer.close()
        self._engine.dispose()

    def is_alive(self) -> bool:
        """Return whether the database answers, and holds a node."""
        return engine.is_alive(self._engine)

    def _write_entries(self, entries: Sequence[Written]) -> Sequence[int]:
        with engine.writing(self._engine) as connection:
            return audit_log.append(connection, entries, self._signer)

    def log(self, entry: Entry) -> int:
        """Return the number of an audit entry once it is durable; many callers share one flush.

        It is encoded before it joins the others: one that cannot be written fails its own caller alone.
        """
        return self._committer.submit(write(entry))

    def log_all(self, entries: Sequence[Entry]) -> None:
        """Return once all these audit entries are durable."""
        written = [write(entry) for entry in entries]
        waiting = [self._committer.enqueue(one) for one in written]
        for one in waiting:
            one.result()

    def write(self) -> AbstractContextManager[Connection]:
        """Open a transaction that writes; see `engine.writing`."""
        return engine.writing(self._engine)

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that reads one state throughout."""
        return engine.reading(self._engine)

    @contextmanager
    def acting(self, entry: Entry) -> Generator[Connection, None, None]:
        """Open a transaction for an act whose audit entry becomes durable with it, or not at all."""
        with engine.writing(self._engine) as connection:
            yield connection
            audit_log.append(connection, [entry], self._signer)

    def append(self, connection: Connection, entry: Entry) -> int:
        """Log an entry in a transaction that is open already; return its number."""
        return audit_log.append(connection, [entry], self._signer)[0]

    def purge(
        self, connection: Connection, ids: Sequence[str], account: str, at: datetime
    ) -> dict[str, bytes]:
        """Remove records for good in a transaction that is open already; see `holdings.purge`."""
        return holdings.purge(connection, ids, self._id_secret, account, at)

    def append_all(self, connection: Connection, entries: Sequence[Entry]) -> range:
        """Log entries, in order, in a transaction that is open already; return their numbers."""
        return audit_log.append(connection, entries, self._signer)

    def scrub(self) -> None:
        """Let nothing of what was purged lie about in the database's files."""
        engine.scrub(self._engine)

    def suppress(self, connection: Connection, held: HeldRecord, case_ref: str, at: datetime) -> None:
        """Keep a record that is erased by decision from being entered again by its owner."""
        digests = suppressing.digests_of(self._id_secret, held.owner, held.public_id, held.record)
        retention.suppress(connection, digests, held.owner, case_ref, at)

    def accept(self, connection: Connection, handed: Handed) -> list[Receipt]:
        """Store records in a transaction that is open already; see `holdings.accept`.

        What was erased by decision is not stored: its receipt says `barred`.
        """
        ids = [self.public_id(one) for one in handed.submissions]
        barred = suppressing.barred_among(connection, self._id_secret, handed.submissions, ids)
        stored = [one for one, known in zip(handed.submissions, ids, strict=True) if known not in barred]
        made = iter(holdings.accept(connection, stored, self._id_secret, handed.account, handed.at))
        return [Receipt(one, "barred", 0) if one in barred else next(made) for one in ids]

    def public_id(self, submission: Submission) -> str:
        """Return the identifier that the doors show for this record."""
        return holdings.public_id(self._id_secret, submission)

    def position(self) -> int:
        """Return the number of the last change."""
        with self.read() as connection:
            return holdings.position(connection)

    def changes(self, after: int, limit: int) -> list[Change]:
        """Return up to `limit` changes after this number, in order."""
        with self.read() as connection:
            return holdings.changes(connection, after, limit)

    def audience_rules(self, after: int) -> dict[int, str]:
        """Return the rules on who sees records, with identifiers above `after`."""
        with self.read() as connection:
            return holdings.audience_rules(connection, after)

    def fetch(self, numbers: Sequence[int]) -> dict[int, HeldRecord]:
        """Return the records with these numbers."""
        if not numbers:
            return {}
        with self.read() as connection:
            return holdings.fetch(connection, numbers)

    def record_with(self, public_id: str) -> HeldRecord | None:
        """Return the record with this public identifier."""
        with self.read() as connection:
            return holdings.fetch_by_id(connection, public_id)

    def bureaus(self) -> dict[str, Bureau]:
        """Return every bureau by its code."""
        with self.read() as connection:
            return accounts.all_bureaus(connection)

    def counts(self) -> list[tuple[str, str, int, int]]:
        """Return (kind, owner, audience, count) over the active records."""
        with self.read() as connection:
            return holdings.counts(connection)
