"""Importing the first load of a list: tens of millions of documents, vehicles, firearms, field by field.

    rows -> pieces in columns -> packs, one audit entry, position noted: one transaction
         -> what is odd, or held already, by the way of single records in the same transaction

The same rows give the same records and the same rejects as `import_list`; only what each costs differs.
Nothing is withdrawn, as nothing of the list was held before.
"""

import gc
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

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
    Tally,
    Work,
    authorise_owner,
    entry_for,
    import_list,
    parsed_row,
)
from comity.records.columnar import Columns
from comity.records.pieces import BULK_ROWS, FIRST_ROWS, GROWTH, Piece, Pieces, Row
from comity.registry import imports
from comity.registry.holdings import Receipt, Submission
from comity.registry.known_ids import KnownIds
from comity.registry.pack_form import Entered
from comity.registry.registry import Handed

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

    Rows that are `Pieces` are taken as such. The index follows piece by piece. Raises as `import_list`.
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
    pieces = rows if isinstance(rows, Pieces) else Pieces(rows, order.share)
    while load.work.tally.read < done:
        piece = pieces.take(min(done - load.work.tally.read, BULK_ROWS))
        if piece is None:
            break
        for one in load.read_again(piece):
            reject(one)
        progress(load.work.tally.read)
    while True:
        with _uncollected():
            piece = pieces.take(load.chunk_rows)
            rejects = load.take(piece) if piece else []
        if piece is None:
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
        self.chunk_rows = FIRST_ROWS

    def read_again(self, piece: Piece) -> list[Reject]:
        """Return what was not taken of a piece that was stored before an interruption."""
        _single, rejects = self._apart(piece)
        self.work.tally = self.work.tally.plus((), len(rejects))
        return rejects

    def _apart(self, piece: Piece) -> tuple[dict[int, Submission], list[Reject]]:
        """Return what is odd in a piece, record by record, by place, and what of it is refused."""
        work = self.work
        rows = piece.rows() if piece.odd else ()
        parsed = {place: parsed_row(rows[place], work.order) for place in piece.odd}
        work.tally = replace(work.tally, read=work.tally.read + piece.count)
        single = {place: one for place, one in parsed.items() if isinstance(one, Submission)}
        return single, [one for one in parsed.values() if isinstance(one, Reject)]

    def take(self, piece: Piece) -> list[Reject]:
        """Store a piece; return what of it is not taken, in order."""
        work = self.work
        single, rejects = self._apart(piece)
        leaves = _leaves(piece, single)
        with work.desk.registry.entering() as connection:
            packed, receipts = self._store(connection, piece.columns, single)
            imports.note_rows(connection, work.order.run, work.tally.read)
            if leaves:
                entry = entry_for(work, "chunk", Chunk(len(leaves), root_of(leaves)))
                work.desk.registry.append(connection, entry)
        for place, (one, receipt) in receipts.items():
            if receipt.what in NOT_AGAIN:
                row = piece.rows()[place]
                rejects.append(
                    Reject(row.line, NOT_AGAIN[receipt.what], "record", row.raw, one.record.source_id)
                )
        # What is stored row by row takes long, and others wait for the writer's turn meanwhile.
        is_packing = 2 * packed >= piece.count
        self.chunk_rows = min(GROWTH * self.chunk_rows, BULK_ROWS) if is_packing else CHUNK_ROWS
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


def _leaves(piece: Piece, single: dict[int, Submission]) -> Sequence[bytes]:
    """Return the hashes of a piece's records as leaves of a tree, in the order of their rows."""
    hashed = [[leaf_hash(sha256(body).digest()) for body in columns.bodies()] for columns in piece.columns]
    if not single and len(hashed) == 1:
        return hashed[0]
    leaves = {place: leaf_hash(one.digest) for place, one in single.items()}
    for columns, some in zip(piece.columns, hashed, strict=True):
        leaves.update(zip(columns.places, some, strict=True))
    return [leaves[place] for place in sorted(leaves)]
