"""The audit log in the registry's database: appended in the caller's transaction, proven, inspected.

    lock the tip -> number and hash the entries -> grow the tree -> sign one head -> store, one transaction

`append` is part of whatever transaction it is called in, so that a change of a record and its line in the
log are durable together or not at all. One appends at a time: on PostgreSQL the tip's row is locked; on
SQLite the transaction must have begun with BEGIN IMMEDIATE, which locks the database. A tip that moved all
the same is found when it is written, and the append is refused.

Nothing here forgets, amends or reorders an entry.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    MetaData,
    Select,
    Table,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
)

from comity.audit.entries import Entry, Written, decode, write
from comity.audit.heads import Signer, Verifier, verify_head
from comity.audit.inspection import AuditReport, Inspector, Page, StoredHead, Tile, Tip
from comity.audit.lines import Line, Row, Shown, column_text, microseconds, moment, row_of, shown_in
from comity.audit.merkle import TILE_LEVELS, Frontier, Run, consistency_path, grow, inclusion_path, leaf_hash
from comity.audit.proofs import ConsistencyProof, EntryProof, InclusionProof
from comity.errors import ConflictError, DamagedError, MalformedError, UnknownError
from comity.registry.audit_tables import audit_tables

_KEPT_LEVELS: Final = TILE_LEVELS[1:]
_GROUP: Final = 256
_PAGE: Final = 16 * _GROUP
_TIP: Final = 1
_LEAF: Final = 7
"""Where a line has its hash."""
_HASH_BYTES: Final = 32
_LISTED_MAX: Final = 1000
NEARLY_IN_ORDER: Final = 4096
"""No two lines stand farther apart in the log's order than this, of which the later was made before the other."""


class Logged(NamedTuple):
    """An entry and its number in the log."""

    seq: int
    entry: Entry


# Statements are made once, on tables of our own: the caller's metadata creates them, names bind them.
_log: Final = audit_tables(MetaData())
_SQLITE: Final = "qmark"
"""The style in which SQLite's driver takes parameters; PostgreSQL's takes them as %s."""
_LOCK_TIP: Final = f"SELECT size, peaks, heads FROM {_log.tip.name}"  # noqa: S608  # our own name
_MOVE_TIP: Final = f"UPDATE {_log.tip.name} SET size = ?, peaks = ?, heads = ? WHERE id = ? AND size = ?"  # noqa: S608
_line: Final = select(*(_log.entries.c[name] for name in Line._fields))
_size: Final = select(_log.tip.c.size)
_newest_head: Final = select(_log.heads.c.note).order_by(_log.heads.c.number.desc()).limit(1)
_last_made: Final = select(_log.entries.c.at_us).order_by(_log.entries.c.seq.desc()).limit(1)
_line_numbered: Final = _line.where(_log.entries.c.seq == bindparam("number"))


def start(connection: Connection, signer: Signer) -> None:
    """Begin the log of a new node, with a signed head of size 0.

    Raises `ConflictError(what="audit-log")` where it has begun already.
    """
    if connection.execute(select(_log.tip.c.id)).first() is not None:
        raise ConflictError("audit-log", "exists")
    _insert(connection, _log.heads, [StoredHead(0, 0, signer.sign(Frontier().tree))])
    connection.execute(insert(_log.tip), {"id": _TIP, "size": 0, "peaks": b"", "heads": 1})


def append(connection: Connection, entries: Sequence[Entry | Written | bytes], signer: Signer) -> range:
    """Return the numbers of these entries, appended in their order and sealed by one signed head.

    Entries may come written, or as their canonical bytes. They are durable when the caller's transaction is. Raises
    `DamagedError(what="audit-log")` where the log was never begun, and `ConflictError(what="audit-log")`
    where another appended meanwhile, which can only happen on SQLite in a transaction that did not begin as
    IMMEDIATE.
    """
    if not entries:
        return range(0)
    is_sqlite = connection.dialect.paramstyle == _SQLITE
    # Straight to the driver, here and below: Core would spend several times what the driver does.
    tip = connection.exec_driver_sql(_LOCK_TIP if is_sqlite else f"{_LOCK_TIP} FOR UPDATE").first()
    if tip is None:
        raise DamagedError("audit-log")
    size, peaks, heads = tip
    before = _frontier(size, peaks)
    rows, shown = _rows(before.size, [_written(one) for one in entries])
    after, completed = grow(before, [row[_LEAF] for row in rows])
    _insert(connection, _log.entries, rows)
    _insert(connection, _log.shown, shown)
    _insert(connection, _log.tiles, _tiles(completed))
    _insert(connection, _log.heads, [StoredHead(heads, after.size, signer.sign(after.tree))])
    moved = connection.exec_driver_sql(
        _MOVE_TIP if is_sqlite else _MOVE_TIP.replace("?", "%s"),
        (after.size, b"".join(after.peaks), heads + 1, _TIP, before.size),
    )
    if moved.rowcount != 1:
        raise ConflictError("audit-log", "appended-meanwhile")
    return range(before.size, after.size)


def latest_head(connection: Connection) -> str:
    """Return the signed note of the newest head. Raises `DamagedError` where the log was never begun."""
    note: str | None = connection.execute(_newest_head).scalar()
    if note is None:
        raise DamagedError("audit-log")
    return note


def entry_at(connection: Connection, seq: int) -> Logged:
    """Return entry `seq`. Raises `UnknownError(what="audit-entry")`."""
    return _logged(_stored(connection, seq))


def last_made_at(connection: Connection) -> datetime | None:
    """Return when the last entry was made; None where there is none, or the log was never begun."""
    made_us: int | None = connection.execute(_last_made).scalar()
    return None if made_us is None else moment(made_us)


def own_entries(connection: Connection, account: str, limit: int, before: int | None = None) -> list[Logged]:
    """Return what an account did, newest first, at most `limit` entries; `before` is the last number seen."""
    own = _line.where(_log.entries.c.account == column_text(account))
    return _newest(connection, own, limit, before)


def nth_own_at(connection: Connection, account: str, place: int) -> datetime | None:
    """Return when an account did what lies so many acts back, 1 the newest; None where it has done less."""
    entries = _log.entries.c
    newest = select(entries.seq).where(entries.account == column_text(account)).order_by(entries.seq.desc())
    seq = connection.execute(newest.offset(place - 1).limit(1)).scalar_one_or_none()
    return None if seq is None else entry_at(connection, seq).entry.at


def entries_about(connection: Connection, owner: str, limit: int, before: int | None = None) -> list[Logged]:
    """Return the entries in which a record owned by this bureau was shown, newest first, as `own_entries`.

    The entries are whole: `audit.entries.for_owner` gives what the owner may read of each.
    """
    about = select(_log.shown.c.seq).where(_log.shown.c.owner == column_text(owner)).distinct()
    return _newest(connection, _among(about, limit, before), limit, before)


def entries_on(connection: Connection, record: str, limit: int, before: int | None = None) -> list[Logged]:
    """Return the entries in which this record was shown, newest first, as `own_entries`."""
    on = select(_log.shown.c.seq).where(_log.shown.c.record == column_text(record))
    return _newest(connection, _among(on, limit, before), limit, before)


def inclusion_proof(connection: Connection, seq: int) -> InclusionProof:
    """Return the proof that entry `seq` is in the log as the newest head signs it.

    Raises `UnknownError(what="audit-entry")`.
    """
    return _inclusion_proof(connection, seq, size(connection))


def entry_proof(connection: Connection, seq: int, verifier: Verifier) -> EntryProof:
    """Return entry `seq` with its proof and the newest head: what a controller takes home.

    Raises `UnknownError(what="audit-entry")`, and `DamagedError(what="audit-head")` for a head that this
    verifier does not accept.
    """
    body = _stored(connection, seq).body
    note = latest_head(connection)
    size = verify_head(note, verifier).size
    return EntryProof(body, _inclusion_proof(connection, seq, size), note)


def consistency_proof(connection: Connection, old_size: int, new_size: int) -> ConsistencyProof:
    """Return the proof that the log of `new_size` entries begins with the one of `old_size`.

    Raises `UnknownError(what="audit-head")` for sizes that the log never had, or in the wrong order.
    """
    if not 0 <= old_size <= new_size <= size(connection):
        raise UnknownError("audit-head", f"{old_size}..{new_size}")
    path = consistency_path(_TileReader(connection), old_size, new_size)
    return ConsistencyProof(old_size, new_size, path)


def verify(
    connection: Connection,
    verifier: Verifier,
    progress: Callable[[int, int], bool],
    known: Sequence[str] = (),
) -> AuditReport:
    """Return what is wrong with the stored log: `audit.inspection.Fault` lists what can be.

    `progress` is told how many entries are checked and how many there are, after each page of 4,096, and
    stops the work by returning False. `known` are heads that were kept elsewhere. Reads only, a page in
    memory at a time; entries that others append meanwhile are left out.
    """
    size, tip = _extent(connection)
    inspector = Inspector(verifier, known)
    finished = False
    while not finished:
        inspector.take(_page(connection, inspector.checked, min(inspector.checked + _PAGE, size)))
        finished = inspector.checked == size
        if not progress(inspector.checked, size) and not finished:
            return inspector.report(size, finished=False)
    inspector.finish(size, tip)
    for code, place in _beyond(connection):
        inspector.fault(code, place)
    return inspector.report(size, finished=True)


@dataclass
class _TileReader:
    """Reads stored subtrees in groups of 256 neighbours, each group once."""

    connection: Connection
    _groups: dict[tuple[int, int], Sequence[bytes]] = field(
        default_factory=dict[tuple[int, int], Sequence[bytes]]
    )

    def subtrees(self, level: int, start: int, count: int) -> Sequence[bytes]:
        """Return the roots of `count` neighbouring complete subtrees."""
        group, offset = divmod(start, _GROUP)
        if (level, group) not in self._groups:
            self._groups[level, group] = self._read(level, group * _GROUP)
        found = self._groups[level, group][offset : offset + count]
        if len(found) != count:
            raise DamagedError("audit-log")
        return found

    def _read(self, level: int, start: int) -> Sequence[bytes]:
        if level == 0:
            place = _log.entries.c.seq
            query = select(_log.entries.c.leaf)
        else:
            place = _log.tiles.c.position
            query = select(_log.tiles.c.hash).where(_log.tiles.c.level == level)
        return (
            self.connection.execute(query.where(place >= start, place < start + _GROUP).order_by(place))
            .scalars()
            .all()
        )


def _rows(first: int, written: Sequence[Written]) -> tuple[list[Row], list[Shown]]:
    rows = [row_of(seq, entry, body, leaf_hash(body)) for seq, (entry, body) in enumerate(written, first)]
    shown = [
        one for seq, (entry, _) in enumerate(written, first) if entry.records for one in shown_in(seq, entry)
    ]
    return rows, shown


def _written(given: Entry | Written | bytes) -> Written:
    if isinstance(given, Written):
        return given
    return Written(decode(given), given) if isinstance(given, bytes) else write(given)


def _tiles(completed: Mapping[int, Run]) -> list[Tile]:
    return [
        Tile(level, completed[level].start + offset, root)
        for level in _KEPT_LEVELS
        if level in completed
        for offset, root in enumerate(completed[level].roots)
    ]


def _insert(connection: Connection, table: Table, rows: Sequence[Row | Shown | Tile | StoredHead]) -> None:
    """Insert rows whose fields are the table's columns in order."""
    if rows:
        connection.exec_driver_sql(_inserting(table, connection.dialect.paramstyle), list(rows))


@cache
def _inserting(table: Table, style: str) -> str:
    marks = ", ".join(["?" if style == _SQLITE else "%s"] * len(table.columns))
    return f"INSERT INTO {table.name} VALUES ({marks})"  # noqa: S608  # our own names, no values


def _frontier(size: int, peaks: bytes) -> Frontier:
    """Return the stored frontier. Raises `DamagedError` where it has not the peaks of its size."""
    if size < 0 or len(peaks) != size.bit_count() * _HASH_BYTES:
        raise DamagedError("audit-log")
    return Frontier(size, tuple(peaks[at : at + _HASH_BYTES] for at in range(0, len(peaks), _HASH_BYTES)))


def size(connection: Connection) -> int:
    """Return how many entries the log has. Raises `DamagedError` where it was never begun."""
    size: int | None = connection.execute(_size).scalar()
    if size is None:
        raise DamagedError("audit-log")
    return size


def _inclusion_proof(connection: Connection, seq: int, size: int) -> InclusionProof:
    if not 0 <= seq < size:
        raise UnknownError("audit-entry", str(seq))
    return InclusionProof(seq, size, inclusion_path(_TileReader(connection), seq, size))


def _stored(connection: Connection, seq: int) -> Line:
    row = connection.execute(_line_numbered, {"number": seq}).first()
    if row is None:
        raise UnknownError("audit-entry", str(seq))
    return Line(*row)


def _logged(line: Line) -> Logged:
    try:
        return Logged(line.seq, decode(line.body))
    except MalformedError as error:
        raise DamagedError("audit-entry") from error


def _newest(
    connection: Connection, chosen: Select[*tuple[Any, ...]], limit: int, before: int | None
) -> list[Logged]:
    seq = _log.entries.c.seq
    earlier = chosen if before is None else chosen.where(seq < before)
    rows = connection.execute(earlier.order_by(seq.desc()).limit(limit))
    return [_logged(Line(*row)) for row in rows.all()]


def _among(seqs: Select[int], limit: int, before: int | None) -> Select[*tuple[Any, ...]]:
    """Return the query for the lines of the newest of these numbers, which an index gives in order."""
    seq = _log.shown.c.seq
    earlier = seqs if before is None else seqs.where(seq < before)
    return _line.where(_log.entries.c.seq.in_(earlier.order_by(seq.desc()).limit(limit)))


# One statement, so that all is of the same moment.
_whole: Final = (
    select(
        select(func.count()).select_from(_log.entries).scalar_subquery(),
        select(func.coalesce(func.max(_log.entries.c.seq), -1)).scalar_subquery(),
        _log.tip.c.size,
        _log.tip.c.peaks,
        _log.tip.c.heads,
    )
    .select_from(select(_TIP).subquery())
    .outerjoin(_log.tip, _log.tip.c.id == _TIP)
)


def _extent(connection: Connection) -> tuple[int, Tip | None]:
    """Return how many entries there are to inspect, and the tip; None where it is absent or damaged.

    Neither an entry moved far away nor a forged tip makes an inspection endless: it goes no further than the
    tip, the last entry, and twice the number of entries (and a page, so that a small log may lose a few).
    """
    extent = connection.execute(_whole).one()
    end = max(min(extent[1] + 1, 2 * extent[0] + _PAGE), 0)
    if extent.size is None:
        return end, None
    try:
        tip = Tip(_frontier(extent.size, extent.peaks), extent.heads)
    except DamagedError:
        return end, None
    return min(end, extent.size), tip


_first: Final[BindParameter[int]] = bindparam("first")
_last: Final[BindParameter[int]] = bindparam("last")
_page_lines: Final = _line.where(_log.entries.c.seq >= _first, _log.entries.c.seq < _last)
_page_shown: Final = select(*_log.shown.c).where(_log.shown.c.seq >= _first, _log.shown.c.seq < _last)
_page_tiles: Final = select(*_log.tiles.c).where(
    or_(
        *(
            and_(
                _log.tiles.c.level == level,
                _log.tiles.c.position.between(bindparam(f"first_{level}"), bindparam(f"last_{level}")),
            )
            for level in _KEPT_LEVELS
        )
    )
)
_page_heads: Final = (
    select(*_log.heads.c)
    .where(_log.heads.c.size > _first, _log.heads.c.size <= _last)
    .order_by(_log.heads.c.size, _log.heads.c.number)
)


def _page(connection: Connection, first: int, last: int) -> Page:
    # All rows of a page at once: one by one the driver would be asked for each.
    span = {"first": first, "last": last}
    tiles = {f"first_{level}": first >> level for level in _KEPT_LEVELS}
    tiles |= {f"last_{level}": (last >> level) - 1 for level in _KEPT_LEVELS}
    # The head of an empty log is on the first page.
    heads = {"first": first or -1, "last": last}
    return Page(
        first,
        last,
        [Line(*row) for row in connection.execute(_page_lines, span).all()],
        [Shown(*row) for row in connection.execute(_page_shown, span).all()],
        [Tile(*row) for row in connection.execute(_page_tiles, tiles).all()],
        [StoredHead(*row) for row in connection.execute(_page_heads, heads).all()],
    )


def _lying_outside() -> Iterator[tuple[str, Select[int]]]:
    """Yield what asks for anything outside the log, and the code of the fault that it would be.

    Each statement asks for the tip itself: others may be appending.
    """
    size = select(_log.tip.c.size).where(_log.tip.c.id == _TIP).scalar_subquery()
    entries, shown, tiles, heads = _log.entries.c, _log.shown.c, _log.tiles.c, _log.heads.c
    outside = [
        and_(tiles.level == level, or_(tiles.position < 0, tiles.position >= size // (1 << level)))
        for level in _KEPT_LEVELS
    ]
    for code, place, condition in (
        ("entry-beyond", entries.seq, or_(entries.seq < 0, entries.seq >= size)),
        ("shown-beyond", shown.seq, or_(shown.seq < 0, shown.seq >= size)),
        ("tile-beyond", tiles.position, or_(tiles.level.not_in(_KEPT_LEVELS), *outside)),
        ("head-beyond", heads.number, or_(heads.number < 0, heads.size < 0, heads.size > size)),
        ("tip", _log.tip.c.id, _log.tip.c.id != _TIP),
    ):
        yield code, select(place).where(condition).order_by(place).limit(_LISTED_MAX)


_outside: Final = tuple(_lying_outside())


def _beyond(connection: Connection) -> Iterator[tuple[str, object]]:
    """Yield what lies outside the log."""
    for code, asked in _outside:
        for found in connection.execute(asked).scalars():
            yield code, found


def first_since(connection: Connection, at: datetime) -> int:
    """Return the number of the first entry made at this moment or later, the log's size where there is none.

    Doors page through the log by time: its numbers would tell how much others do.
    """
    at_us = microseconds(at)
    entries, end = _log.entries.c, size(connection)
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        made_us: int = connection.execute(select(entries.at_us).where(entries.seq == middle)).scalar_one()
        low, high = (low, middle) if made_us >= at_us else (middle + 1, high)
    # Lines that are written at once stand in the order of their numbers, which is nearly that of their moments.
    first = select(entries.seq).where(entries.seq >= low - NEARLY_IN_ORDER, entries.at_us >= at_us)
    found: int | None = connection.execute(first.order_by(entries.seq).limit(1)).scalar()
    return end if found is None else found
