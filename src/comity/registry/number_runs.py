"""Which numbers stand under this prefix, among a hundred million: sorted runs in a table, merged as they grow.

    prefixes (8 bytes) and their numbers -> a run, in order, in parts -> eight runs of a level -> one of the next
    prefix -> one part of each run -> numbers

A row of its own in an index of a hundred million would cost each a random write. A run is written front to back; a
look-up reads one part of each run. Runs lie on shelves, which are merged apart and cleared whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

Number = TypeVar("Number", np.uint32, np.uint64)
Prefixes = NDArray[np.uint64]

PART_NUMBERS: Final = 1024
RUNS_MERGED: Final = 8
"""So many runs of one level are merged into one of the next."""

MANY: Final = 32
READ_AT_ONCE: Final = 200
"""From so many prefixes on they are looked up together; so many parts are read by one statement."""

_SHIFT: Final = 1 << 63
"""Databases know signed numbers alone; order is kept."""

_FINAL: Final = -1
"""The level of a run that is not merged any more: eight of its like would be too large."""

_SHELF_BITS: Final = 31
"""The number of a run begins with that of its shelf."""


def runs_table(name: str, metadata: MetaData) -> Table:
    """Return a table for runs."""
    return Table(
        name,
        metadata,
        Column("run", BigInteger, primary_key=True, autoincrement=False),
        Column("first", BigInteger, primary_key=True, autoincrement=False),
        Column("level", Integer, nullable=False),
        Column("prefixes", LargeBinary, nullable=False),
        Column("numbers", LargeBinary, nullable=False),
    )


@dataclass(frozen=True, slots=True)
class NumberRuns(Generic[Number]):
    """Runs in a table; a merge makes no run of more than about `parts_max` parts.

    A merge is part of its caller's transaction: without a bound, everybody who writes would wait for hundreds of
    megabytes now and then; with one, a look-up reads more runs.
    """

    table: Table
    kind: type[Number]
    parts_max: int | None = None
    _next: Select[tuple[int, int]] = field(init=False, repr=False)
    _part: Select[tuple[bytes, bytes]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the statements of a look-up once: putting one together takes longer than it."""
        runs = self.table.c
        between = (runs.run > bindparam("after"), runs.run < bindparam("end"))
        in_order = select(runs.run, runs.level).where(*between).order_by(runs.run, runs.first)
        object.__setattr__(self, "_next", in_order.limit(1))
        # Equal prefixes never lie in two parts of a run.
        begun = (runs.run == bindparam("run_read"), runs.first <= bindparam("sought"))
        last = select(runs.prefixes, runs.numbers).where(*begun).order_by(runs.first.desc())
        object.__setattr__(self, "_part", last.limit(1))

    def add(
        self, connection: Connection, prefixes: Prefixes, numbers: NDArray[Number], shelf: int = 0
    ) -> None:
        """Hold numbers under prefixes, place by place, and merge runs where there are enough of one level."""
        self._write(connection, shelf, 0, prefixes, numbers)
        level = 0
        while len(runs := self._of_level(connection, shelf, level)) >= RUNS_MERGED:
            held = [self._whole(connection, run) for run in runs]
            connection.execute(delete(self.table).where(self.table.c.run.in_(runs)))
            level += 1
            prefixes, numbers = (np.concatenate(side) for side in zip(*held, strict=True))
            self._write(connection, shelf, level, prefixes, numbers)

    def clear(self, connection: Connection, before: int) -> int:
        """Forget the shelves before this one; return how many parts of runs went."""
        gone = delete(self.table).where(self.table.c.run < before << _SHELF_BITS)
        return connection.execute(gone).rowcount

    def has_any(self, connection: Connection, before: int | None = None) -> bool:
        """Return whether any shelf holds something, or any before this one."""
        chosen = select(self.table.c.run).limit(1)
        if before is not None:
            chosen = chosen.where(self.table.c.run < before << _SHELF_BITS)
        return connection.execute(chosen).first() is not None

    def under(self, connection: Connection, prefixes: Sequence[int]) -> tuple[Prefixes, NDArray[Number]]:
        """Return each of these prefixes that holds a number, once a number, with its number, place by place."""
        wanted = np.unique(np.array(prefixes, np.uint64))
        found: list[tuple[Prefixes, NDArray[Number]]] = []
        for run, _level in self._all(connection):
            if wanted.size < MANY:
                found += [part for one in wanted.tolist() for part in self._in_run(connection, run, one)]
            else:
                found += self._all_in_run(connection, run, wanted)
        if not found:
            return wanted[:0], np.zeros(0, self.kind)
        return np.concatenate([held for held, _ in found]), np.concatenate([numbers for _, numbers in found])

    def _all(self, connection: Connection, shelf: int | None = None) -> list[tuple[int, int]]:
        """Return the runs and their levels, each found by a step in the key: all parts are gigabytes."""
        after, end = (0, _SHIFT - 1) if shelf is None else (shelf << _SHELF_BITS, (shelf + 1) << _SHELF_BITS)
        made: list[tuple[int, int]] = []
        while (row := connection.execute(self._next, {"after": after, "end": end}).first()) is not None:
            after = row.run
            made.append((after, row.level))
        return made

    def _of_level(self, connection: Connection, shelf: int, level: int) -> list[int]:
        """Return the oldest runs of a level, as many as are merged; those that are large enough are of none."""
        return [run for run, held in self._all(connection, shelf) if held == level][:RUNS_MERGED]

    def _all_in_run(
        self, connection: Connection, run: int, wanted: Prefixes
    ) -> list[tuple[Prefixes, NDArray[Number]]]:
        """Return what a run holds of many prefixes, which are in order: a part is read once for all of them."""
        runs = self.table.c
        begins = select(runs.first).where(runs.run == run).order_by(runs.first)
        firsts = np.array(connection.execute(begins).scalars().all(), np.int64)
        parts = np.searchsorted(firsts, (wanted - np.uint64(_SHIFT)).view(np.int64), "right") - 1
        needed = firsts[np.unique(parts[parts >= 0])].tolist()
        found: list[tuple[Prefixes, NDArray[Number]]] = []
        for start in range(0, len(needed), READ_AT_ONCE):
            chosen = select(runs.prefixes, runs.numbers).where(
                runs.run == run, runs.first.in_(needed[start : start + READ_AT_ONCE])
            )
            for part in connection.execute(chosen):
                held, numbers = (
                    np.frombuffer(part.prefixes, np.uint64),
                    np.frombuffer(part.numbers, self.kind),
                )
                low, high = np.searchsorted(wanted, held[[0, -1]], "left")
                is_wanted = np.isin(held, wanted[low : high + 1])
                found.append((held[is_wanted], numbers[is_wanted]))
        return found

    def _in_run(
        self, connection: Connection, run: int, prefix: int
    ) -> list[tuple[Prefixes, NDArray[Number]]]:
        part = connection.execute(self._part, {"run_read": run, "sought": prefix - _SHIFT}).first()
        if part is None:
            return []
        held = np.frombuffer(part.prefixes, np.uint64)
        start = int(np.searchsorted(held, np.uint64(prefix), "left"))
        stop = int(np.searchsorted(held, np.uint64(prefix), "right"))
        return [(held[start:stop], np.frombuffer(part.numbers, self.kind)[start:stop])]

    def _whole(self, connection: Connection, run: int) -> tuple[Prefixes, NDArray[Number]]:
        runs = self.table.c
        chosen = select(runs.prefixes, runs.numbers).where(runs.run == run).order_by(runs.first)
        parts = connection.execute(chosen).all()
        prefixes = np.frombuffer(b"".join(part.prefixes for part in parts), np.uint64)
        return prefixes, np.frombuffer(b"".join(part.numbers for part in parts), self.kind)

    def _write(
        self, connection: Connection, shelf: int, level: int, prefixes: Prefixes, numbers: NDArray[Number]
    ) -> None:
        order = np.argsort(prefixes, kind="stable")
        prefixes, numbers = prefixes[order], numbers[order]
        rows: list[dict[str, object]] = []
        run = self._next_run(connection, shelf)
        start = 0
        while start < len(prefixes):
            stop = min(start + PART_NUMBERS, len(prefixes))
            while stop < len(prefixes) and prefixes[stop] == prefixes[stop - 1]:
                stop += 1
            rows.append(
                {
                    "run": run,
                    "first": int(prefixes[start]) - _SHIFT,
                    "level": level,
                    "prefixes": prefixes[start:stop].tobytes(),
                    "numbers": numbers[start:stop].tobytes(),
                }
            )
            start = stop
        if self.parts_max is not None and len(rows) > self.parts_max // RUNS_MERGED:
            rows = [{**row, "level": _FINAL} for row in rows]
        if rows:
            connection.execute(insert(self.table), rows)

    def _next_run(self, connection: Connection, shelf: int) -> int:
        runs = self.table.c
        begin = shelf << _SHELF_BITS
        held = select(func.max(runs.run)).where(runs.run >= begin, runs.run < begin + (1 << _SHELF_BITS))
        last: int | None = connection.execute(held).scalar()
        return (begin if last is None else last) + 1
