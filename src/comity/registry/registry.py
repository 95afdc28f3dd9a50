"""The registry as the rest of the house uses it: one door to the durable truth."""

import asyncio
import base64
import hmac
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import compress
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from comity.access.people import Bureau
from comity.audit.entries import Entry, encode, read_back
from comity.audit.heads import Signer
from comity.records.columnar import Columns
from comity.records.record import HeldRecord, Record
from comity.registry import (
    accounts,
    audiences,
    audit_log,
    bulk,
    engine,
    holdings,
    idempotency,
    packs,
    retention,
    suppressing,
)
from comity.registry.bulk import Sorted
from comity.registry.group_commit import GroupCommitter, Waiting
from comity.registry.holdings import Change, Receipt, Submission
from comity.registry.journal import JournalWriter
from comity.registry.keyed import KeyedDigests
from comity.registry.known_ids import KnownIds
from comity.registry.pack_form import Entered, Pack
from comity.registry.pulse import Beat, Pulse, open_pulse
from comity.registry.suppressing import Barred
from comity.registry.taking_over import Journals

LOOP_WAITS_S: Final = 0.004
"""A loop writes the lines of its own checks to the journal while that takes no longer; else a thread does."""


@dataclass(frozen=True, slots=True)
class Handed:
    """Submissions handed in together by one account, and the audit entry that goes with them."""

    submissions: Sequence[Submission]
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Beside:
    """What lies beside the database on this machine: the pulse's file, the journals and the key that seals them."""

    pulse: Path
    journals: Path
    journal_key: bytes


class Registry:
    """Records, accounts and the audit log of one node, on SQLite or PostgreSQL.

    `id_secret` keys the public identifiers of records. Whatever a method has returned from is durable.
    """

    def __init__(
        self, database: Engine, signer: Signer, id_secret: bytes, beside: Beside | None = None
    ) -> None:
        self._engine, self._signer, self._id_secret = database, signer, id_secret
        self._digests = KeyedDigests(id_secret)
        self._pulse = None if beside is None else open_pulse(beside.pulse)
        self._journals = None if beside is None else Journals(beside.journals, beside.journal_key)
        self._journal: JournalWriter | None = None
        self._committer: GroupCommitter[bytes, None] = GroupCommitter(self._write_entries)
        self._counted: tuple[int, list[tuple[str, str, int, int]]] | None = None

    @property
    def signer(self) -> Signer:
        """What signs the heads of the audit log."""
        return self._signer

    def close(self) -> None:
        """Write what waits, let the journal and the database go."""
        self._committer.close()
        if self._journal is not None:
            self._journal.close()
        self._engine.dispose()

    def is_alive(self) -> bool:
        """Return whether the database answers, and holds a node."""
        return engine.is_alive(self._engine)

    def begin_journal(self) -> None:
        """From now on, make audit lines durable in a journal of this process's own: for one that serves many.

        The log takes them over soon after; `settle` has it done at once.
        """
        assert self._journals is not None, "a registry with a directory beside it"
        journal = JournalWriter(self._journals.directory, self._journals.key)

        def append(lines: Sequence[bytes]) -> Sequence[None]:
            journal.append(lines)
            return [None] * len(lines)

        self._committer.close()
        self._committer = GroupCommitter(append, loop_waits_s=LOOP_WAITS_S, is_ready=journal.has_room)
        self._journal = journal

    def settle(self) -> int:
        """Have the log take over what stands in journals, of every process; return how many lines."""
        return 0 if self._journals is None else self._journals.take_over(self._plainly, self._signer)

    def journal_faults(self) -> list[str]:
        """Return which journals hold lines that cannot be read any more."""
        return [] if self._journals is None else self._journals.faults()

    def quietly(self) -> AbstractContextManager[Connection]:
        """Open a transaction that writes no records, accounts or rules: nobody has to look for anything new."""
        return idempotency.with_claim(self._plainly())

    def _plainly(self) -> AbstractContextManager[Connection]:
        """Open a transaction that is no act of whoever asks: lines of the log go with no idempotency key."""
        return engine.writing(self._engine)

    def _write_entries(self, entries: Sequence[bytes]) -> Sequence[None]:
        with self._plainly() as connection:
            lines = [line for body in entries for line in body.removesuffix(b"\n").split(b"\n")]
            audit_log.append(connection, [read_back(line) for line in lines], self._signer)
        return [None] * len(entries)

    def log(self, entry: Entry) -> None:
        """Return once an audit entry is durable; many callers share one flush.

        It is encoded before it joins the others: one that cannot be written fails its own caller alone.
        """
        self._committer.submit(encode(entry))

    def log_all(self, entries: Sequence[Entry]) -> None:
        """Return once all these audit entries are durable."""
        written = [encode(entry) for entry in entries]
        waiting = [self._committer.enqueue(one) for one in written]
        for one in waiting:
            one.result()

    async def logged(self, body: bytes) -> None:
        """Return, to a task, once the entry of these canonical bytes is durable."""
        await self._committer.wait_for(body)

    def log_and_tell(self, body: bytes, whom: Waiting[None]) -> None:
        """Have somebody told, in its event loop, once the entry of these canonical bytes is durable."""
        self._committer.tell(body, whom)

    async def all_logged(self, bodies: Sequence[bytes]) -> None:
        """Return, to a task, once the entries of these canonical bytes are durable.

        Each of them may be several entries, with a line end between one and the next, and behind the last.
        """
        if bodies:
            await asyncio.gather(*map(self._committer.wait_for, bodies))

    @contextmanager
    def write(self) -> Generator[Connection, None, None]:
        """Open a transaction that writes anything; see `engine.writing`. Every process learns that it has ended."""
        with self._telling(Pulse.end_access) as connection:
            yield connection

    @contextmanager
    def entering(self) -> Generator[Connection, None, None]:
        """Open a transaction that writes records and audit lines alone, so that nobody need sign in anew."""
        with self._telling(Pulse.end) as connection:
            yield connection

    @contextmanager
    def _telling(self, end: Callable[[Pulse, int], None]) -> Generator[Connection, None, None]:
        pulse, number = self._pulse, 0
        try:
            with idempotency.with_claim(self._plainly()) as connection:
                number = 0 if pulse is None else pulse.begin()
                yield connection
        finally:
            if pulse is not None and number:
                end(pulse, number)

    def beat(self) -> Beat | None:
        """Return what this machine's processes have written so far; None where that cannot be known."""
        return None if self._pulse is None else self._pulse.read()

    @property
    def is_shared(self) -> bool:
        """Whether processes on other machines may write too, whose pulse is not seen here."""
        return self._engine.dialect.name != "sqlite"

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction that reads one state throughout."""
        return engine.reading(self._engine)

    @contextmanager
    def acting(self, entry: Entry) -> Generator[Connection, None, None]:
        """Open a transaction for an act whose audit entry becomes durable with it, or not at all."""
        with self.write() as connection:
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

    def suppress(self, connection: Connection, barred: Barred, case_ref: str, at: datetime) -> None:
        """Keep a record that is erased by decision from being entered again by its owner."""
        digests = suppressing.digests_of(self._id_secret, barred.owner, barred.public_id, barred.record)
        retention.suppress(connection, digests, barred.owner, case_ref, at)

    def receipt(self, body: bytes) -> bytes:
        """Return the digest under the node's key of what is erased: it confirms nothing to others."""
        return hmac.digest(self._id_secret, body, "sha256")

    def accept(self, connection: Connection, handed: Handed) -> list[Receipt]:
        """Store records in a transaction that is open already; see `holdings.accept`.

        What was erased by decision is not stored: its receipt says `barred`.
        """
        ids = [self.public_id(one) for one in handed.submissions]
        barred = suppressing.barred_among(connection, self._id_secret, handed.submissions, ids)
        free = [known not in barred for known in ids]
        stored, names = [*compress(handed.submissions, free)], [*compress(ids, free)]
        made = iter(holdings.accept(connection, stored, names, self._id_secret, handed.account, handed.at))
        return [
            next(made) if is_free else Receipt(one, "barred", 0)
            for one, is_free in zip(ids, free, strict=True)
        ]

    def known_ids(self, owner: str, list_name: str) -> KnownIds:
        """Return the identifiers that a list holds already, for a load in bulk."""
        with self.read() as connection:
            return bulk.known_of(connection, owner, list_name)

    def enter_columns(
        self, connection: Connection, read: Sequence[Columns], known: KnownIds, by: Entered
    ) -> Sorted:
        """Pack what is new to a list in a transaction that is open already; see `bulk.enter`."""
        return bulk.enter(connection, read, self._id_secret, known, by)

    def packs_after(self, change: int, limit: int) -> list[Pack]:
        """Return up to `limit` packs that were entered by the changes right after this one."""
        with self.read() as connection:
            return packs.entered_after(connection, change, limit)

    def single_changes(self, after: int, limit: int) -> list[Change]:
        """Return up to `limit` changes after this number, in order, up to the next that entered a pack."""
        with self.read() as connection:
            return holdings.single_changes(connection, after, limit)

    def public_id(self, submission: Submission) -> str:
        """Return the identifier that the doors show for this record."""
        return holdings.public_id(self._id_secret, submission)

    def mark(self, *parts: str) -> str:
        """Return what stands for these parts: 20 characters, the same each time, telling nothing of them."""
        digest = self._digests.digest("\x1f".join(parts).encode("utf-8", "replace"))
        return base64.b32encode(digest[:13]).decode()[:20]

    def number(self, *parts: str) -> int:
        """Return a number of 63 bits that stands for these parts, the same each time, telling nothing of them."""
        return self._digests.number("\x1f".join(parts).encode("utf-8", "replace"))

    def numbers(self, first: str, others: Sequence[bytes]) -> NDArray[np.uint64]:
        """Return the `number` of a first part and each of these others, whose own parts have byte 31 between them."""
        begun = f"{first}\x1f".encode()
        return self._digests.numbers([begun + one for one in others])

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
            return audiences.audience_rules(connection, after)

    def fetch(self, numbers: Sequence[int]) -> dict[int, HeldRecord]:
        """Return the records with these numbers."""
        if not numbers:
            return {}
        with self.read() as connection:
            return holdings.fetch(connection, numbers)

    def active_records(self, numbers: Sequence[int]) -> dict[int, Record]:
        """Return what those of these records say that are active."""
        if not numbers:
            return {}
        with self.read() as connection:
            return holdings.active_records(connection, numbers)

    def record_with(self, public_id: str) -> HeldRecord | None:
        """Return the record with this public identifier."""
        with self.read() as connection:
            return holdings.fetch_by_id(connection, public_id)

    def bureaus(self) -> dict[str, Bureau]:
        """Return every bureau by its code."""
        with self.read() as connection:
            return accounts.all_bureaus(connection)

    def counts(self) -> list[tuple[str, str, int, int]]:
        """Return (kind, owner, audience, count) over the active records, counted once a change."""
        with self.read() as connection:
            position = holdings.position(connection)
            if self._counted is None or self._counted[0] != position:
                self._counted = (position, holdings.counts(connection))
            return self._counted[1]
