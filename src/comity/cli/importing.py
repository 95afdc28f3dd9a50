"""`comity import`: a list, its progress, its rejects."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from comity.access.people import Officer
from comity.app import Node
from comity.cli.place import HERE, Place, acting
from comity.cli.show import ERRORS, show_json, show_pairs
from comity.cli.speaking import speaker_here
from comity.procedures.bulk_list import import_bulk
from comity.procedures.import_list import ImportOrder, Reject, Tally, import_list
from comity.records.fieldtype import Json
from comity.records.handling import bureau_code, parse_share_option
from comity.records.pieces import Row
from comity.registry.imports import ImportRun
from comity.sources import reader_named
from comity.sources.beside import read_beside
from comity.sources.pieces_beside import pieces_beside
from comity.sources.placement import placement_of

BULK_SOURCES = frozenset({"csv", "jsonl"})
BULK_BYTES_MIN = 8_000_000
"""Some fifty thousand rows: as many as are stored row by row within ten seconds."""


def import_(  # noqa: PLR0913 - each is an option of the command
    source: str,
    file: Path,
    *,
    owner: str,
    share: str = "owner",
    mapping: str = "",
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    accept_withdrawals: Annotated[bool, Parameter(negative=())] = False,
    bulk: Annotated[bool, Parameter(negative=())] = False,
    place: Place = HERE,
) -> None:
    """Import FILE, a list of the form SOURCE, for its owner. Safe to repeat; goes on after an interruption.

    A newer file that lacks more than a fifth of the list, and more than twenty records, withdraws nothing
    without --accept-withdrawals.
    """
    order = order_of(source, file, owner, share, is_dry=dry_run, mapping=mapping)
    order = replace(order, accepts_withdrawals=accept_withdrawals, is_bulk=bulk)
    with _rows_of(order, file, mapping, share) as rows, acting(place) as (node, officer, _purpose):
        tally = run_import(order, file, node, officer, rows)
    counted: dict[str, Json] = {**asdict(tally)}
    if place.json:
        show_json(counted)
    else:
        show_pairs(counted)


def order_of(
    source: str, file: Path, owner: str, share: str, *, is_dry: bool, mapping: str = ""
) -> ImportOrder:
    """Return what a command line asks to import; raises `MalformedError`."""
    code = bureau_code(owner, "owner")
    placed = placement_of(source, file, mapping)
    # A change of the files, of the sharing or of the mapping makes another import of it.
    made_of = f"{source}\x1f{code}\x1f{placed.list_name}\x1f{placed.origin}\x1f{share}\x1f{placed.digest()}"
    identity = hashlib.sha256(made_of.encode()).hexdigest()
    run = ImportRun(identity, source, code, placed.list_name, placed.origin)
    return ImportOrder(run, parse_share_option(share), is_dry)


def is_large(file: Path) -> bool:
    """Return whether a list is worth loading in bulk; one that is held already is imported row by row all the same."""
    return file.stat().st_size >= BULK_BYTES_MIN


def _rows_of(
    order: ImportOrder, file: Path, mapping: str, share: str
) -> AbstractContextManager[Iterator[Row]]:
    """Return what yields the rows of a list; raises `MalformedError` as `reader_named`."""
    source = order.run.source
    if not _is_for_bulk(order, file):
        return read_beside(source, mapping, file)
    if order.is_dry or not is_large(file):
        return nullcontext(reader_named(source, mapping)(file))
    return pieces_beside(source, mapping, share, file)


def _is_for_bulk(order: ImportOrder, file: Path) -> bool:
    return order.is_bulk or (order.run.source in BULK_SOURCES and is_large(file))


def run_import(order: ImportOrder, file: Path, node: Node, officer: Officer, rows: Iterator[Row]) -> Tally:
    """Import a file's rows with a progress bar; rejects go to FILE.rejects.jsonl, there only if there are any.

    A large list in rows, or one that the order wants so, is loaded in bulk.
    """
    way = import_bulk if _is_for_bulk(order, file) else import_list
    rejects = file.with_name(f"{file.name}.rejects.jsonl")
    rejects.unlink(missing_ok=True)

    def reject(one: Reject) -> None:
        with rejects.open("ab") as lines:
            lines.write(msgspec.json.encode(one.to_json()) + b"\n")

    counted = TextColumn("{task.fields[counted]}")
    columns = (TextColumn("{task.description}"), BarColumn(), counted, TimeElapsedColumn())
    with Progress(*columns, console=ERRORS) as bar:
        task = bar.add_task(speaker_here().label("importing"), total=None, counted="0")
        tally = way(
            rows,
            order,
            officer,
            node.desk,
            reject,
            lambda done: bar.update(task, completed=done, counted=str(done)),
        )
        # Where the node is served its keeper indexes what was stored, and each check what is not indexed yet.
        if not order.is_dry and not node.desk.index.is_kept():
            # How many changes there are to follow would tell how much others have entered (law 1).
            indexing = bar.add_task(speaker_here().label("indexing"), total=None, counted="")
            node.desk.follower.catch_up(lambda done, total: bar.update(indexing, completed=done, total=total))
            node.desk.index.save()
    return tally
