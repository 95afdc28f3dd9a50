"""Which record has this public identifier, for records in packs: sorted runs of prefixes, merged as they grow.

    a pack's identifiers -> a run of (first 8 bytes, record number), in order, in parts -> eight runs -> one run

A row of its own in an index of a hundred million would cost each record a random write. A run is written front
to back; a look-up reads one part of each run. Two identifiers may share their first 8 bytes: the pack settles it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    Table,
    bindparam,
    delete,
    func,
    insert,
    select,
)

from comity.registry.schema import METADATA

PART_IDS: Final = 1024
RUNS_MERGED: Final = 8
"""So many runs of one level are merged into one of the next."""

MANY: Final = 32
READ_AT_ONCE: Final = 200
"""From so many identifiers on they are looked up together; so many parts are read by one statement."""

_SHIFT: Final = 1 << 63
"""Databases know signed numbers alone; order is kept."""

PACK_IDS = Table(
    "pack_ids",
    METADATA,
    Column("run", Integer, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False),
    Column("prefixes", LargeBinary, nullable=False),
    Column("numbers", LargeBinary, nullable=False),
)

_NEXT_RUN: Final = (
    select(PACK_IDS.c.run).where(PACK_IDS.c.run > bindparam("after")).order_by(PACK_IDS.c.run).limit(1)
)

_PART_WITH: Final = (  # equal prefixes never lie in two parts of a run
    select(PACK_IDS.c.prefixes, PACK_IDS.c.numbers)
    .where(PACK_IDS.c.run == bindparam("run_read"), PACK_IDS.c.first <= bindparam("sought"))
    .order_by(PACK_IDS.c.first.desc())
    .limit(1)
)

Prefixes = NDArray[np.uint64]
Numbers = NDArray[np.uint32]


def add(connection: Connection, prefixes: Prefixes, numbers: Numbers) -> None:
    """Hold the identifiers of new records, and merge runs where there are enough of one level."""
    _write(connection, 0, prefixes, numbers)
    level = 0
    while len(runs := _runs(connection, level)) >= RUNS_MERGED:
        parts = [_whole(connection, run) for run in runs]
        connection.execute(delete(PACK_IDS).where(PACK_IDS.c.run.in_(runs)))
        level += 1
        merged = np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        _write(connection, level, *merged)


def numbers_with(connection: Connection, prefixes: Sequence[int]) -> dict[int, list[int]]:
    """Return the numbers of the records whose identifiers begin with each of these; those with none are left out."""
    found: dict[int, list[int]] = {}
    for run in _all_runs(connection):
        if len(prefixes) < MANY:
            pairs = [(prefix, number) for prefix in prefixes for number in _in_run(connection, run, prefix)]
        else:
            pairs = _all_in_run(connection, run, prefixes)
        for prefix, number in pairs:
            found.setdefault(prefix, []).append(number)
    return found


def _all_runs(connection: Connection) -> list[int]:
    """Return the runs, each found by a step in the key: to read every part for it would take gigabytes."""
    made: list[int] = []
    while (run := connection.execute(_NEXT_RUN, {"after": made[-1] if made else 0}).scalar()) is not None:
        made.append(run)
    return made


def _all_in_run(connection: Connection, run: int, prefixes: Sequence[int]) -> list[tuple[int, int]]:
    """Return (prefix, number) for each of many prefixes that the run holds: a part is read once for all of them."""
    begins = select(PACK_IDS.c.first).where(PACK_IDS.c.run == run).order_by(PACK_IDS.c.first)
    firsts = np.array(connection.execute(begins).scalars().all(), np.int64)
    wanted = np.unique(np.array(prefixes, np.uint64))
    parts = np.searchsorted(firsts, (wanted - np.uint64(_SHIFT)).view(np.int64), "right") - 1
    needed = firsts[np.unique(parts[parts >= 0])].tolist()
    found: list[tuple[int, int]] = []
    for start in range(0, len(needed), READ_AT_ONCE):
        chosen = select(PACK_IDS.c.prefixes, PACK_IDS.c.numbers).where(
            PACK_IDS.c.run == run, PACK_IDS.c.first.in_(needed[start : start + READ_AT_ONCE])
        )
        for part in connection.execute(chosen):
            held, numbers = np.frombuffer(part.prefixes, np.uint64), np.frombuffer(part.numbers, np.uint32)
            low, high = np.searchsorted(wanted, held[[0, -1]], "left")
            is_wanted = np.isin(held, wanted[low : high + 1])
            found += zip(held[is_wanted].tolist(), numbers[is_wanted].tolist(), strict=True)
    return found


def _in_run(connection: Connection, run: int, prefix: int) -> list[int]:
    part = connection.execute(_PART_WITH, {"run_read": run, "sought": prefix - _SHIFT}).first()
    if part is None:
        return []
    held = np.frombuffer(part.prefixes, np.uint64)
    start, stop = (int(np.searchsorted(held, np.uint64(prefix), side)) for side in ("left", "right"))
    numbers: list[int] = np.frombuffer(part.numbers, np.uint32)[start:stop].tolist()
    return numbers


def _runs(connection: Connection, level: int) -> list[int]:
    chosen = select(PACK_IDS.c.run).where(PACK_IDS.c.level == level).distinct().order_by(PACK_IDS.c.run)
    return list(connection.execute(chosen).scalars())


def _whole(connection: Connection, run: int) -> tuple[Prefixes, Numbers]:
    chosen = select(PACK_IDS.c.prefixes, PACK_IDS.c.numbers).where(PACK_IDS.c.run == run)
    parts = connection.execute(chosen.order_by(PACK_IDS.c.first)).all()
    prefixes = np.frombuffer(b"".join(part.prefixes for part in parts), np.uint64)
    return prefixes, np.frombuffer(b"".join(part.numbers for part in parts), np.uint32)


def _write(connection: Connection, level: int, prefixes: Prefixes, numbers: Numbers) -> None:
    order = np.argsort(prefixes, kind="stable")
    prefixes, numbers = prefixes[order], numbers[order]
    run = connection.execute(select(func.coalesce(func.max(PACK_IDS.c.run), 0))).scalar_one() + 1
    rows: list[dict[str, object]] = []
    start = 0
    while start < len(prefixes):
        stop = min(start + PART_IDS, len(prefixes))
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
    if rows:
        connection.execute(insert(PACK_IDS), rows)
