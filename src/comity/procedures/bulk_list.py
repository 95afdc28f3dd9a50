"""Importing the first load of a list: tens of millions of documents, vehicles, firearms, field by field.

    rows -> columns (each distinct value parsed once) -> packs, one audit entry, position noted: one transaction
         -> what is odd, or held already, by the way of single records in the same transaction

The same rows give the same records and the same rejects as `import_list`; only what each costs differs.
Nothing is withdrawn, as nothing of the list was held before.
"""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import islice

from sqlalchemy import Connection

from comity.access.people import Officer
from comity.audit.entries import Chunk
from comity.audit.merkle import leaf_hash, root_of
from comity.procedures.desk import Desk
from comity.procedures.import_list import (
    CHUNK_ROWS,
    NOT_AGAIN,
    ImportOrder,
    Reject,
    Row,
    Tally,
    Work,
    authorise_owner,
    entry_for,
    import_list,
    parsed_row,
)
from comity.records.columnar import ColumnReader, Columns
from comity.registry import imports
from comity.registry.holdings import Receipt, Submission
from comity.registry.known_ids import KnownIds
from comity.registry.pack_form import Entered
from comity.registry.registry import Handed

BULK_ROWS = 65_536
"""Rows a transaction at most: as many as are lost, and read again, where a load is interrupted."""

FIRST_ROWS = 4096
"""Rows of the first transaction; more follow while most of them can be packed, fewer where they cannot."""

INDEXED_AT_ONCE = 2_000_000
"""So many records are followed in memory before they are saved as a segment."""


def import_bulk(
    rows: Iterator[Row],
    order: ImportOrder,
    officer: Officer,
    desk: Desk,
    reject: Callable[[Reject], None],
    progress: Callable[[int], None],
) -> Tally:
    """Import the first load of a list; as `import_list`, which takes over where it is not the first.

    The index follows chunk by chunk. Raises as `import_list`.
    """
    authorise_owner(order, officer, desk)
    run = order.run
    with desk.registry.entering() as connection:
        done = imports.rows_done(connection, run, desk.clock())
        is_first = imports.held_before(connection, run) == 0
    if order.is_dry or not is_first:
        return import_list(rows, order, officer, desk, reject, progress)
    load = _Load(
        Work(order, officer, desk, done, Tally(resumed_after=done)),
        desk.registry.known_ids(run.owner, run.list_name),
    )
    while load.work.tally.read < done:
        left = done - load.work.tally.read
        for one in load.read_again(list(islice(rows, min(left, BULK_ROWS)))):
            reject(one)
        progress(load.work.tally.read)
    while True:
        with _uncollected():
            chunk = list(islice(rows, load.chunk_rows))
            rejects = load.take(chunk) if chunk else []
        if not chunk:
            break
        for one in rejects:
            reject(one)
        desk.follower.catch_up()
        if desk.index.delta_count >= INDEXED_AT_ONCE:
            desk.index.save()
        progress(load.work.tally.read)
    with desk.registry.entering() as connection:
        imports.finish(connection, run, desk.clock())
        desk.registry.append(connection, entry_for(load.work, "done", None, withdrawn=0))
    return load.work.tally


@contextmanager
def _uncollected() -> Generator[None]:
    """Leave the collector of garbage out: rows are many and hold no circles; it would walk them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Load:
    """A load under way."""

    def __init__(self, work: Work, known: KnownIds) -> None:
        self.work, self._known = work, known
        self._reader = ColumnReader(work.order.share)
        self.chunk_rows = FIRST_ROWS

    def read_again(self, chunk: Sequence[Row]) -> list[Reject]:
        """Return what was not taken of a chunk that was stored before an interruption."""
        _read, _single, rejects = self._read(chunk)
        self.work.tally = self.work.tally.plus((), len(rejects))
        return rejects

    def _read(self, chunk: Sequence[Row]) -> tuple[list[Columns], dict[int, Submission], list[Reject]]:
        """Return what a chunk states, field by field and record by record, by place, and what of it is refused."""
        work = self.work
        read, odd = self._reader.read([{} if row.data is None else row.data for row in chunk])
        parsed = {place: parsed_row(chunk[place], work.order) for place in odd}
        work.tally = replace(work.tally, read=work.tally.read + len(chunk))
        single = {place: one for place, one in parsed.items() if isinstance(one, Submission)}
        return read, single, [one for one in parsed.values() if isinstance(one, Reject)]

    def take(self, chunk: Sequence[Row]) -> list[Reject]:
        """Store a chunk; return what of it is not taken, in order."""
        work = self.work
        read, single, rejects = self._read(chunk)
        leaves = {place: one.digest for place, one in single.items()}
        for columns in read:
            digests = [sha256(body).digest() for body in columns.bodies()]
            leaves.update(zip(columns.places, digests, strict=True))
        with work.desk.registry.entering() as connection:
            packed, receipts = self._store(connection, read, single)
            imports.note_rows(connection, work.order.run, work.tally.read)
            if leaves:
                hashed = [leaf_hash(leaves[place]) for place in sorted(leaves)]
                entry = entry_for(work, "chunk", Chunk(len(hashed), root_of(hashed)))
                work.desk.registry.append(connection, entry)
        for place, (one, receipt) in receipts.items():
            if receipt.what in NOT_AGAIN:
                row = chunk[place]
                rejects.append(
                    Reject(row.line, NOT_AGAIN[receipt.what], "record", row.raw, one.record.source_id)
                )
        # What is stored row by row takes long, and others wait for the writer's turn meanwhile.
        is_packing = 2 * packed >= len(chunk)
        self.chunk_rows = min(4 * self.chunk_rows, BULK_ROWS) if is_packing else CHUNK_ROWS
        tally = work.tally.plus([receipt for _one, receipt in receipts.values()], len(rejects))
        work.tally = replace(tally, entered=tally.entered + packed)
        return sorted(rejects, key=lambda one: one.line)

    def _store(
        self, connection: Connection, read: Sequence[Columns], single: dict[int, Submission]
    ) -> tuple[int, dict[int, tuple[Submission, Receipt]]]:
        """Pack what can be packed, accept the rest; return how many are packed, and the receipts of the others."""
        work, run, at = self.work, self.work.order.run, self.work.desk.clock()
        by = Entered(run.owner, run.list_name, run.origin, work.officer.account, at)
        sorted_ = work.desk.registry.enter_columns(connection, read, self._known, by)
        for columns in sorted_.left:
            for number, place in enumerate(columns.places):
                single[place] = Submission(run.owner, run.list_name, run.origin, columns.record(number))
        ordered = [single[place] for place in sorted(single)]
        made = (
            work.desk.registry.accept(connection, Handed(ordered, work.officer.account, at))
            if ordered
            else []
        )
        return sorted_.packed, dict(zip(sorted(single), zip(ordered, made, strict=True), strict=True))
