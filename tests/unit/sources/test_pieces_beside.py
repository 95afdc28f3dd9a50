"""A list read field by field in another process: the same pieces, records and log, whatever becomes of that process."""

import gzip
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import CLI_ACCOUNT, open_node
from comity.cli.importing import order_of
from comity.errors import MalformedError
from comity.procedures import upkeep
from comity.procedures.bulk_list import import_bulk
from comity.procedures.import_list import Reject, import_list
from comity.procedures.sign_in import officer_named
from comity.records.handling import parse_share_option
from comity.records.pieces import BULK_ROWS, FIRST_ROWS, Piece, Pieces, Row, sizes
from comity.registry import audit_log, holdings
from comity.sources import reader_named
from comity.sources.pieces_beside import pieces_beside

SHARE = "only:FRA,EGY"
COUNT = 5 * FIRST_ROWS + 70


def document(number: int) -> dict[str, object]:
    one = {"kind": "travel_document", "source_id": f"D{number}", "type": "P", "issuer": "KEN"}
    return {**one, "number": f"K{number:07d}"}


def line_of(number: int) -> str:
    """Return a row: now and then one of another kind, with a fault, or that stood there before."""
    if number % 1000 == 7:
        return "{no json"
    if number % 1000 == 8:
        return json.dumps({**document(number), "number": "***"})
    if number % 1000 == 9:
        return json.dumps(document(number - 5))
    if number % 3 == 1:
        vehicle = {"kind": "vehicle", "source_id": f"V{number}", "plate": f"L {number}", "country": "FRA"}
        return json.dumps({**vehicle, "year": 2000 + number % 20})
    return json.dumps(document(number))


def a_list(directory: Path, count: int = COUNT, *, cut_off: int = 0) -> Path:
    packed = gzip.compress("\n".join(map(line_of, range(count))).encode(), compresslevel=0)
    path = directory / "list.jsonl.gz"
    path.write_bytes(packed[: len(packed) - cut_off])
    return path


def read_here(path: Path) -> Pieces:
    return Pieces(reader_named("jsonl")(path), parse_share_option(SHARE))


def told_row(row: Row) -> tuple[object, ...]:
    return row.line, row.data, str(row.error), row.raw


def told(piece: Piece) -> tuple[object, ...]:
    rows = [told_row(row) for row in piece.rows()]
    return piece.count, [*piece.columns], [*piece.odd], rows


def all_of(pieces: Pieces, asked: Iterator[int]) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    while piece := pieces.take(next(asked)):
        found.append(told(piece))
    return found


def test_the_pieces_are_those_that_are_made_here(
    started: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    path = a_list(tmp_path)
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        found = all_of(pieces, sizes())
    assert (found, len(started)) == (all_of(read_here(path), sizes()), 1)


@pytest.mark.parametrize("size", [900, 2 * FIRST_ROWS, BULK_ROWS])
def test_pieces_of_any_size_are_given_and_none_twice(tmp_path: Path, size: int) -> None:
    path, rows = a_list(tmp_path), []
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        while piece := pieces.take(size):
            assert piece.count <= size
            rows += [told_row(row) for row in piece.rows()]
            assert sorted([*piece.odd, *(at for one in piece.columns for at in one.places)]) == [
                *range(piece.count)
            ]
    assert rows == [told_row(row) for row in reader_named("jsonl")(path)]


def test_rows_and_pieces_may_be_taken_in_turn(tmp_path: Path) -> None:
    path = a_list(tmp_path)
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        found = [told_row(row) for row in islice(pieces, 10)]
        piece = pieces.take(BULK_ROWS)
        assert piece is not None
        found += [told_row(row) for row in piece.rows()]
        assert piece.count == FIRST_ROWS - 10
        found += [told_row(row) for row in pieces]
    assert found == [told_row(row) for row in reader_named("jsonl")(path)]


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_the_pieces_are_all_there_where_the_process_is_killed(
    started: list["subprocess.Popen[bytes]"], tmp_path: Path, taken: int
) -> None:
    path, asked = a_list(tmp_path), sizes()
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        found = [told(piece) for size in islice(asked, taken) if (piece := pieces.take(size))]
        os.kill(started[0].pid, signal.SIGKILL)
        started[0].wait()
        found += all_of(pieces, asked)
    assert found == all_of(read_here(path), sizes())


def test_a_file_that_is_cut_off_ends_as_it_does_here(tmp_path: Path) -> None:
    path = a_list(tmp_path, cut_off=400_000)
    with pieces_beside("jsonl", "", SHARE, path) as pieces, pytest.raises(MalformedError, match="list-form"):
        all_of(pieces, sizes())


def test_nobody_is_left_where_the_pieces_are_not_wanted(
    started: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    with pieces_beside("jsonl", "", SHARE, a_list(tmp_path)) as pieces:
        pieces.take(FIRST_ROWS)
    assert started[0].returncode == -signal.SIGKILL


@pytest.mark.usefixtures("none_can_start")
def test_pieces_are_made_here_where_no_process_can_be_started(tmp_path: Path) -> None:
    path = a_list(tmp_path)
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        assert all_of(pieces, sizes()) == all_of(read_here(path), sizes())


Way = Callable[..., object]


def loaded(home: Path, path: Path, rows: Iterator[Row], way: Way) -> tuple[object, ...]:
    """Return what is held, logged and refused after a list was imported into a new node."""
    copy_node(home)
    rejects: list[Reject] = []
    with open_node(home) as node:
        order = order_of("jsonl", path, "KEN", SHARE, is_dry=False)
        officer = officer_named(CLI_ACCOUNT, node.desk)
        tally = way(rows, order, officer, node.desk, rejects.append, lambda _done: None)
        with node.desk.registry.read() as connection:
            held = holdings.fetch(connection, range(1, 2 * COUNT)).values()
            chunks = [one.entry.chunk for one in audit_log.own_entries(connection, CLI_ACCOUNT, 10)]
        bodies = sorted((one.record.source_id, one.version, one.record.to_bytes()) for one in held)
        return tally, sorted(rejects, key=lambda one: one.line), bodies, chunks, upkeep.examine(node.desk)


def test_a_load_beside_leaves_what_one_here_leaves(
    started: list["subprocess.Popen[bytes]"], tmp_path: Path
) -> None:
    path = a_list(tmp_path)
    here = loaded(tmp_path / "here", path, reader_named("jsonl")(path), import_bulk)
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        beside = loaded(tmp_path / "beside", path, pieces, import_bulk)
    assert (beside, len(started)) == (here, 1)


def test_a_list_that_is_not_loaded_in_bulk_takes_its_rows_one_by_one(tmp_path: Path) -> None:
    path = a_list(tmp_path, 300)
    with closing(reader_named("jsonl")(path)) as rows:
        here = loaded(tmp_path / "here", path, rows, import_list)
    with pieces_beside("jsonl", "", SHARE, path) as pieces:
        assert loaded(tmp_path / "beside", path, pieces, import_list) == here
