"""`comity backup, restore, rebuild, doctor, audit`: keeping a node, and proving what it did."""

import getpass
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from cyclopts import App
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from comity.access.credentials import Secret, new_passphrase
from comity.app import node_directory, node_files, open_node, restore_node
from comity.cli.place import HERE, Place, acting, operating
from comity.cli.records import show_trail
from comity.cli.show import ERRORS, OUT, show_json, show_pairs, show_secret
from comity.cli.speaking import said, speaker_here
from comity.errors import DamagedError, MalformedError
from comity.procedures import upkeep
from comity.procedures.backup import BackupOrder, RestoreOrder, back_up
from comity.procedures.backup import Progress as Told
from comity.procedures.node_clock import Standing
from comity.procedures.trail import hits_on_own, own_acts
from comity.procedures.trail_of_record import TrailRequest, trail_of_record
from comity.records.fieldtype import Json

AUDIT = App(name="audit", help="The audit log: prove it, or see what was done.")


def backup(file: Path, *, passphrase_file: Path | None = None, place: Place = HERE) -> None:
    """Back the running node up into FILE, sealed, and read it back. A passphrase is made, and shown this once.

    --passphrase-file names a file whose first line is the passphrase instead.
    """
    passphrase = passphrase_in(passphrase_file) if passphrase_file else new_passphrase()
    with operating(place) as (node, officer), _bar() as told:
        order = BackupOrder(file, passphrase, node_files(node.directory))
        report = back_up(order, officer, node.desk, told)
    made: dict[str, Json] = {
        "file": str(file),
        "rows": report.rows_count,
        "bytes": report.bytes_count,
        "sha256": report.digest,
    }
    if place.json:
        show_json(made if passphrase_file else {**made, "passphrase": passphrase.reveal()})
        return
    show_pairs(made)
    if passphrase_file is None:
        show_secret(said("Passphrase, shown this once"), passphrase)


def restore(
    file: Path, directory: Path, *, registry: str | None = None, passphrase_file: Path | None = None
) -> None:
    """Make a node in DIRECTORY of a backup: prove its log, build its index, look for anything wrong.

    --registry names an empty PostgreSQL database; otherwise the registry is an SQLite file in DIRECTORY.
    """
    passphrase = passphrase_in(passphrase_file) if passphrase_file else asked_passphrase()
    with _bar() as told:
        findings = restore_node(RestoreOrder(file, passphrase), directory, registry, told)
    for finding in findings:
        _show_finding(finding)
    if findings:
        raise DamagedError(what="node")
    OUT.print(
        escape(
            said(
                "A node stands in {directory}. Its log is sound, and nothing is wrong.",
                directory=str(directory),
            )
        )
    )


def _show_finding(finding: str) -> None:
    """Print what is wrong: the code and the place, and what the code means."""
    code = finding.split(" ", 1)[0]
    OUT.print(f"{escape(finding)}  {escape(speaker_here().error(code))}")


def passphrase_in(file: Path) -> Secret:
    """Return the passphrase that is a file's first line; raises `MalformedError`."""
    try:
        first = file.read_text("utf-8").split("\n", 1)[0].strip()
    except (OSError, UnicodeDecodeError):
        raise MalformedError("file-unreadable", "passphrase-file") from None
    if len(first) < 16:
        raise MalformedError("passphrase-short", "passphrase-file")
    return Secret(first)


def asked_passphrase() -> Secret:
    """Return the passphrase that is typed; raises `MalformedError` where nobody is there to type it."""
    if not sys.stdin.isatty():
        raise MalformedError("field-missing", "passphrase-file")
    return Secret(getpass.getpass(f"{said('Passphrase of the backup')}: ").strip())


@contextmanager
def _bar() -> Generator[Told, None, None]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=ERRORS) as bar:
        tasks: dict[str, TaskID] = {}

        def told(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(speaker_here().label(stage), total=total)
            bar.update(tasks[stage], completed=done)

        yield told


def rebuild(place: Place = HERE) -> None:
    """Build the index anew from the registry."""
    with open_node(node_directory(place.node)) as node:
        count = upkeep.rebuild(node.desk)
    speaker = speaker_here()
    OUT.print(escape(said("The index holds {records}.", records=speaker.count("records", count))))


def doctor(place: Place = HERE) -> None:
    """Look for anything wrong with the node: registry, index, audit log, clock."""
    with open_node(node_directory(place.node)) as node:
        findings = upkeep.examine(node.desk)
        standing = node.desk.guard.look().standing
    if standing is Standing.UNPROVEN:
        _show_finding("clock-unproven")
    for finding in findings:
        _show_finding(finding)
    if findings:
        raise DamagedError(what="node")
    OUT.print(escape(said("Nothing is wrong.")))


@AUDIT.command
def verify(place: Place = HERE) -> None:
    """Recompute the whole audit log and check every signed head."""
    with open_node(node_directory(place.node)) as node:
        report = upkeep.verify_log(node.desk)
    sentence = "{count} entries checked: sound." if report.sound else "{count} entries checked: NOT sound."
    OUT.print(escape(said(sentence, count=report.checked)))
    for fault in report.faults:
        _show_finding(f"{fault.code} {fault.place}")
    if not report.sound:
        raise DamagedError(what="audit log")


@AUDIT.command
def show(
    *,
    hits: bool = False,
    record: str | None = None,
    order: str | None = None,
    limit: int = 50,
    place: Place = HERE,
) -> None:
    """Show the account's own acts, with --hits who met its bureau's records, with --record who met that one.

    A controller reads the trail of any record by an order: --order names it, and the log keeps it.
    """
    with acting(place) as (node, officer, _purpose):
        if record is not None:
            asked = TrailRequest(record, limit, order=order)
            show_trail(trail_of_record(asked, officer, node.desk), as_json=place.json)
            return
        lines = (hits_on_own if hits else own_acts)(officer, limit, None, node.desk)
    for line in lines:
        show_json(line.to_json())
