"""Backing a node up while it runs, and reading a backup into an empty database.

authorised -> logged -> one state of the registry, part by part, sealed -> read back -> named -> logged

The copy is a dump through the registry's own schema, on both databases: SQLite's own copying starts anew each
time another process writes, and a dump made on one database can be restored to the other. Everything is
sealed under a passphrase, the node's keys and the police data alike.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.credentials import Secret
from comity.access.people import Officer
from comity.errors import ConflictError, DamagedError
from comity.index.files import sync_directory
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.procedures.sealed_file import SealedWriter, read_sealed
from comity.registry import audit_log, dump
from comity.registry.dump import Part
from comity.registry.schema import SCHEMA_VERSION

Progress = Callable[[str, int, int], None]
"""Is told the stage, how many rows are done, and how many there are."""


class Opening(msgspec.Struct, frozen=True, tag="opening"):
    """What a backup begins with: whose it is, of when, and the node's own files by name."""

    schema_version: int
    made_at: datetime
    files: dict[str, bytes]
    counts: dict[str, int]


class Closing(msgspec.Struct, frozen=True, tag="closing"):
    """What a backup ends with: how many rows each table gave, and the newest head of the audit log."""

    counts: dict[str, int]
    head: str


@dataclass(frozen=True, slots=True)
class BackupOrder:
    """Where a backup goes, what opens it, and the node's own files by name."""

    file: Path
    passphrase: Secret
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class RestoreOrder:
    """Which backup is restored, and what opens it."""

    file: Path
    passphrase: Secret


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds, as it was read back: rows, bytes, SHA-256, the newest head of the audit log."""

    rows_count: int
    bytes_count: int
    digest: str
    head: str


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Take note of no progress."""


def back_up(order: BackupOrder, officer: Officer, desk: Desk, progress: Progress = quiet) -> BackupReport:
    """Write a backup, read it back, and only then give it its name; others may go on writing meanwhile.

    An interrupted backup leaves nothing behind. Raises `RefusedError`, and `ConflictError` where the file is
    there already.
    """
    asked = {"backup": order.file.name}
    leave(officer, Act.NODE_OPERATE, desk, {**asked})
    if order.file.exists():
        raise ConflictError(what="backup", rule="exists")
    desk.registry.log(entry_of(officer, Act.NODE_OPERATE, desk.clock(), "backup-begun", query=asked))
    unnamed = order.file.with_name(f"{order.file.name}.part")
    # What was answered for before the backup began is in it, whether the log had taken it over or not.
    desk.registry.settle()
    try:
        _write(unnamed, order, desk, progress)
        report = prove_backup(unnamed, order.passphrase, progress)
        unnamed.replace(order.file)
        sync_directory(order.file.parent)
    except BaseException:
        with suppress(FileNotFoundError):
            unnamed.unlink()
        raise
    done = {**asked, "rows": report.rows_count, "sha256": report.digest}
    desk.registry.log(entry_of(officer, Act.NODE_OPERATE, desk.clock(), "backup-made", query=done))
    return report


def _write(path: Path, order: BackupOrder, desk: Desk, progress: Progress) -> None:
    path.unlink(missing_ok=True)  # of a backup that was killed
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, desk.registry.read() as connection:
        writer = SealedWriter(file, order.passphrase)
        counts = dump.row_counts(connection)
        written = dict.fromkeys(counts, 0)
        opening = Opening(SCHEMA_VERSION, desk.clock(), dict(order.files), counts)
        writer.write(msgspec.msgpack.encode(opening))
        for part in dump.parts(connection):
            writer.write(msgspec.msgpack.encode(part))
            written[part.table] += len(part.rows)
            progress("writing", sum(written.values()), sum(counts.values()))
        writer.finish(msgspec.msgpack.encode(Closing(written, audit_log.latest_head(connection))))
        file.flush()
        os.fsync(file.fileno())


def prove_backup(path: Path, passphrase: Secret, progress: Progress = quiet) -> BackupReport:
    """Return what a backup holds, having opened every part of it.

    Raises as `read_sealed`, and `DamagedError` where the rows are not as many as were to be.
    """
    closing, done = None, 0
    with path.open("rb") as file:
        opening, rest = _opened(read_sealed(file, passphrase))
        total, counts = sum(opening.counts.values()), dict.fromkeys(opening.counts, 0)
        for part in rest:
            if isinstance(part, Closing):
                closing = part
                continue
            counts[part.table] = counts.get(part.table, 0) + len(part.rows)
            done += len(part.rows)
            progress("reading back", done, total)
    if closing is None or not counts == closing.counts == opening.counts:
        raise DamagedError(what="backup")
    return BackupReport(done, path.stat().st_size, _digest(path), closing.head)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def opening_of(path: Path, passphrase: Secret) -> Opening:
    """Return what a backup begins with; raises as `read_sealed`, and `ConflictError` for another schema."""
    with path.open("rb") as file:
        return _opened(read_sealed(file, passphrase))[0]


def pour(path: Path, passphrase: Secret, connection: Connection, progress: Progress = quiet) -> str:
    """Put every row of a backup into an empty registry, and return the head of its audit log.

    The caller's transaction makes it durable, or nothing of it. Raises as `prove_backup`, and
    `ConflictError` where the registry is not empty.
    """
    if not dump.is_empty(connection):
        raise ConflictError(what="registry", rule="not-empty")
    closing, done = None, 0
    with path.open("rb") as file:
        opening, rest = _opened(read_sealed(file, passphrase))
        for part in rest:
            if isinstance(part, Closing):
                closing = part
                continue
            dump.put(connection, part)
            done += len(part.rows)
            progress("restoring", done, sum(opening.counts.values()))
    if closing is None:
        raise DamagedError(what="backup")
    # Tables that an earlier release had not are empty.
    kept = {name: count for name, count in closing.counts.items() if name not in dump.GONE}
    if +Counter(dump.row_counts(connection)) != +Counter(kept):
        raise DamagedError(what="backup")
    return closing.head


def _opened(sealed: Iterator[bytes]) -> tuple[Opening, Iterator[Part | Closing]]:
    first = _decoded(next(sealed))
    if not isinstance(first, Opening):
        raise DamagedError(what="backup")
    if (
        first.schema_version > SCHEMA_VERSION
    ):  # one of an earlier release has fewer tables, or some that are gone
        raise ConflictError(what="backup", rule="other-schema")
    return first, _rest(sealed)


def _rest(sealed: Iterator[bytes]) -> Iterator[Part | Closing]:
    for body in sealed:
        part = _decoded(body)
        if isinstance(part, Opening):
            raise DamagedError(what="backup")
        yield part


def _decoded(body: bytes) -> Opening | Part | Closing:
    try:
        return msgspec.msgpack.decode(body, type=Opening | Part | Closing)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise DamagedError(what="backup") from error


def note_restored(backup: Path, head: str, officer: Officer, desk: Desk) -> None:
    """Log, in the restored node's own log, that it goes on from here, and from which backup."""
    asked = {"backup": backup.name, "sha256": _digest(backup), "head": head}
    desk.registry.log(entry_of(officer, Act.NODE_OPERATE, desk.clock(), "restored", query=asked))
