"""A list read in another process: the same rows, whatever becomes of that process, and nothing left behind."""

import gzip
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from comity.errors import MalformedError
from comity.sources import reader_named
from comity.sources.beside import ROWS_AT_ONCE, read_beside
from comity.sources.rows import SourceRow

COUNT = 40 * ROWS_AT_ONCE + 7
"""More than a pipe holds, so that the other process is at work while the first rows are taken."""


def a_list(directory: Path, *, cut_off: int = 0) -> Path:
    """Return a compressed list of invented documents, among them rows that are refused; its last bytes cut off."""
    lines = [
        json.dumps(
            {"kind": "travel_document", "source_id": f"D{number}", "number": f"K{number:07d}" + "x" * 99}
        )
        if number % 5
        else "{no json"
        for number in range(COUNT)
    ]
    packed = gzip.compress("\n".join(lines).encode(), compresslevel=0)
    path = directory / "list.jsonl.gz"
    path.write_bytes(packed[: len(packed) - cut_off])
    return path


def told(rows: Iterator[SourceRow]) -> list[tuple[int, object, str, object]]:
    return [(row.line, row.data, str(row.error), row.raw) for row in rows]


def until_error(rows: Iterator[SourceRow]) -> list[object]:
    """Return what is told of the rows, and the error that ends them."""
    found: list[object] = []
    with pytest.raises(MalformedError) as raised:
        found.extend(told(iter([row])) for row in rows)
    return [*found, str(raised.value)]


def test_the_rows_are_those_of_the_reader(started: list["subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    path = a_list(tmp_path)
    with read_beside("jsonl", "", path) as rows:
        found = told(rows)
    assert (found, len(started)) == (told(reader_named("jsonl")(path)), 1)


@pytest.mark.parametrize("taken", [0, 1, 3 * ROWS_AT_ONCE])
def test_the_rows_are_all_there_where_the_process_is_killed(
    started: list["subprocess.Popen[bytes]"], tmp_path: Path, taken: int
) -> None:
    path = a_list(tmp_path)
    with read_beside("jsonl", "", path) as rows:
        first = told(islice(rows, taken))
        os.kill(started[0].pid, signal.SIGKILL)
        started[0].wait()
        found = first + told(rows)
    assert found == told(reader_named("jsonl")(path))


def test_a_file_that_is_cut_off_reads_as_it_does_here(tmp_path: Path) -> None:
    path = a_list(tmp_path, cut_off=20_000)
    with read_beside("jsonl", "", path) as rows:
        found = until_error(rows)
    assert found == until_error(reader_named("jsonl")(path))
    assert found[-1] == "list-form field=file"


def test_nobody_is_left_where_the_rows_are_not_wanted(
    started: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    with read_beside("jsonl", "", a_list(tmp_path)) as rows:
        next(rows)
    assert started[0].returncode == -signal.SIGKILL


def test_a_short_list_is_read_here(started: list["subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    path = tmp_path / "short.jsonl"
    path.write_text('{"kind": "person"}\n', "utf-8")
    with read_beside("jsonl", "", path) as rows:
        assert (len(told(rows)), started) == (1, [])


def test_a_file_that_is_not_there_is_said_so_by_the_reader(tmp_path: Path) -> None:
    with (
        pytest.raises(MalformedError, match="file-unreadable"),
        read_beside("jsonl", "", tmp_path / "none.jsonl") as rows,
    ):
        next(rows)


@pytest.mark.usefixtures("none_can_start")
def test_a_list_is_read_here_where_no_process_can_be_started(tmp_path: Path) -> None:
    path = a_list(tmp_path)
    with read_beside("jsonl", "", path) as rows:
        assert told(rows) == told(reader_named("jsonl")(path))
