"""Imports under way or finished, so that an interrupted one goes on where it stopped."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from comity.records.record import State
from comity.registry import pack_form, packs
from comity.registry.schema import IMPORTS, RECORDS


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One list of one owner: `id` is made of the owner, the options and the file's own digest."""

    id: str
    source: str
    owner: str
    list_name: str
    origin: str


def rows_done(connection: Connection, run: ImportRun, at: datetime) -> int:
    """Return how many rows of an unfinished run are done; a new or finished run starts at 0."""
    row = connection.execute(select(IMPORTS).where(IMPORTS.c.id == run.id)).first()
    if row is None:
        connection.execute(
            insert(IMPORTS).values(
                id=run.id,
                source=run.source,
                owner=run.owner,
                list_name=run.list_name,
                origin=run.origin,
                state="running",
                rows_done=0,
                started_at=at,
            )
        )
        return 0
    if row.state == "running":
        return int(row.rows_done)
    restarted = {"state": "running", "rows_done": 0, "started_at": at, "finished_at": None}
    connection.execute(update(IMPORTS).where(IMPORTS.c.id == run.id).values(**restarted))
    return 0


def note_rows(connection: Connection, run: ImportRun, rows: int) -> None:
    """Note that the rows up to this one are done, in the transaction that stored them."""
    connection.execute(update(IMPORTS).where(IMPORTS.c.id == run.id).values(rows_done=rows))


def held_before(connection: Connection, run: ImportRun) -> int:
    """Return how many of the list's records that are active now were entered before this run began."""
    started_at = select(IMPORTS.c.started_at).where(IMPORTS.c.id == run.id).scalar_subquery()
    held = select(func.count()).where(
        RECORDS.c.owner == run.owner,
        RECORDS.c.list_name == run.list_name,
        RECORDS.c.origin == run.origin,
        RECORDS.c.state == State.ACTIVE.value,
        RECORDS.c.entered_at < started_at,
    )
    packed = packs.from_origin(run.owner, run.list_name, run.origin)
    earlier = packs.count_of(connection, *packed, pack_form.PACKS.c.entered_at < started_at)
    return int(connection.execute(held).scalar_one()) + earlier


def finish(connection: Connection, run: ImportRun, at: datetime) -> None:
    """Note that the run is done."""
    done = {"state": "done", "finished_at": at}
    connection.execute(update(IMPORTS).where(IMPORTS.c.id == run.id).values(**done))
