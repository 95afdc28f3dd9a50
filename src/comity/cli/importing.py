"""`comity import`: a list, its progress, its rejects."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from comity.access.people import Officer
from comity.app import Node
from comity.cli.show import ERRORS
from comity.errors import MalformedError
from comity.procedures.import_list import ImportOrder, Reject, Row, Tally, import_list
from comity.procedures.submit import OWN_LIST
from comity.records.handling import bureau_code, parse_share_option
from comity.registry.imports import ImportRun
from comity.sources import reader_named

READ_BYTES = 1 << 20


def order_of(source: str, file: Path, owner: str, share: str, *, is_dry: bool) -> ImportOrder:
    """Return what a command line asks to import; raises `MalformedError`."""
    code = bureau_code(owner, "owner")
    list_name = OWN_LIST if source == "jsonl" else source
    # Files of other names are other lists: a newer one withdraws only what its own name brought.
    origin = f"{source}:{file.name.removesuffix('.gz')}"[:200]
    made_of = "\x1f".join((source, code, list_name, origin, share, _digest(file)))
    run = ImportRun(hashlib.sha256(made_of.encode()).hexdigest(), source, code, list_name, origin)
    return ImportOrder(run, parse_share_option(share), is_dry)


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with file.open("rb") as content:
            while block := content.read(READ_BYTES):
                digest.update(block)
    except OSError as error:
        raise MalformedError("file-unreadable", "file") from error
    return digest.hexdigest()


def run_import(order: ImportOrder, file: Path, node: Node, officer: Officer) -> Tally:
    """Import with a progress bar; rejects go to FILE.rejects.jsonl, which is there only if there are any."""
    rejects = file.with_name(f"{file.name}.rejects.jsonl")
    rejects.unlink(missing_ok=True)

    def reject(one: Reject) -> None:
        with rejects.open("ab") as lines:
            lines.write(msgspec.json.encode(one.to_json()) + b"\n")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=ERRORS) as bar:
        task = bar.add_task("importing", total=None)
        rows: Iterator[Row] = reader_named(order.run.source)(file)
        tally = import_list(
            rows, order, officer, node.desk, reject, lambda done: bar.update(task, completed=done)
        )
        if not order.is_dry:
            indexing = bar.add_task("indexing", total=None)
            node.desk.follower.catch_up(lambda done, total: bar.update(indexing, completed=done, total=total))
            node.desk.index.save()
    return tally
