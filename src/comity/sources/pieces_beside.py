"""Reading a large list field by field in a process of its own, while this one stores what was read.

    here: `pieces_beside` -> a process that runs this module -> the list's reader -> pieces in columns
      -> here, in the order of the file

Of a first load in bulk, reading rows into columns is half the work. Rows do not come through the pipe, which would
cost as much as reading them: where a row is wanted as it came, because it is odd or refused, it is read here, too.
Where the other process cannot be started or dies, this one goes on by itself.
"""

import gc
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO, TypeAlias, cast

from comity.records.columnar import Columns
from comity.records.fieldtype import Json
from comity.records.handling import Handling, parse_share_option
from comity.records.kinds import kind_named
from comity.records.pieces import Piece, Pieces, Row, sizes
from comity.sources import reader_named
from comity.sources.rows import SourceRow

_Stated: TypeAlias = tuple[
    str, str | None, Handling, tuple[str, ...], list[str], tuple[Sequence[Json], ...], Sequence[int]
]
_Message: TypeAlias = tuple[int, list[_Stated], Sequence[int]]


@contextmanager
def pieces_beside(source: str, mapping: str, share: str, file: Path) -> Generator[Pieces]:
    """Yield a list in pieces; reading begins at once, and ends with this at the latest.

    Taking raises what the reader raises. Raises `MalformedError` as `reader_named` and `parse_share_option`.
    """
    reader, restriction = reader_named(source, mapping), parse_share_option(share)
    # Without the working directory among the places of modules: what lies there is not to be run.
    command = [sys.executable, "-P", "-m", __name__, source, mapping, share, str(file)]
    try:
        process = subprocess.Popen(  # noqa: S603 - this program itself, and words that were looked up
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:  # no room for another process
        yield Pieces(reader(file), restriction)
        return
    with process:
        try:
            yield PiecesBeside(Pieces(reader(file), restriction), cast("BinaryIO", process.stdout))
        finally:
            process.kill()


class PiecesBeside(Pieces):
    """A list whose pieces come through a pipe; what does not, or not as it is asked for, is read by `here`."""

    def __init__(self, here: Pieces, pipe: BinaryIO) -> None:
        self._here, self._pipe = here, pipe
        self._given = 0  # rows that were returned, one by one or in pieces
        self._passed = 0  # rows that were read here, or passed over
        self._came: Piece | None = None  # the piece that came last, and where it ends
        self._end = 0
        self._is_broken = self._is_over = False

    def __next__(self) -> Row:
        self._pass_to(self._given)
        row = next(self._here)
        self._given += 1
        self._passed += 1
        return row

    def take(self, most: int) -> Piece | None:
        """Return the next rows, at most so many; None where there are no more."""
        while not (self._is_over or self._is_broken) and self._end <= self._given:
            self._receive()
        came = self._came
        if came is not None and self._given == self._end - came.count and came.count <= most:
            self._given, self._came = self._end, None
            return came
        if self._end > self._given:
            # Within a piece, or at the beginning of one that is too large.
            most = min(most, self._end - self._given)
        elif self._is_over:
            return None
        self._pass_to(self._given)
        piece = self._here.take(most)
        if piece is not None:
            self._given += piece.count
            self._passed += piece.count
        return piece

    def _pass_to(self, place: int) -> None:
        """Let what reads here pass over the rows before a place."""
        for _row in islice(self._here, place - self._passed):
            self._passed += 1

    def _receive(self) -> None:
        """Take the next piece from the pipe, or note that there is none."""
        try:
            message = cast("_Message | None", pickle.load(self._pipe))  # noqa: S301 - of this module's own making
        except (EOFError, pickle.UnpicklingError):
            self._is_broken = True
            return
        if message is None:
            self._is_over = True
            return
        count, stated, odd = message
        start, self._end = self._end, self._end + count
        columns = [Columns(kind_named(kind), *others) for kind, *others in stated]  # type: ignore[arg-type]
        self._came = Piece(count, columns, odd, cache(partial(self._rows_of, start, count)))

    def _rows_of(self, start: int, count: int) -> Sequence[Row]:
        self._pass_to(start)
        rows = list(islice(self._here, count))
        self._passed += len(rows)
        return rows


def send_pieces(rows: Iterator[SourceRow], share: str, pipe: BinaryIO) -> None:
    """Write a list piece by piece into a pipe, then that there is no more."""
    pieces = Pieces(rows, parse_share_option(share))
    for size in sizes():
        piece = pieces.take(size)
        if piece is None:
            break
        stated = [
            (one.kind.code, one.notice, one.handling, one.names, one.source_ids, one.values, one.places)
            for one in piece.columns
        ]
        pickle.dump((piece.count, stated, piece.odd), pipe, pickle.HIGHEST_PROTOCOL)
        pipe.flush()
    pickle.dump(None, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


if __name__ == "__main__":
    gc.disable()  # rows refer to nothing in a circle
    _source, _mapping, _share, _file = sys.argv[1:5]
    send_pieces(reader_named(_source, _mapping)(Path(_file)), _share, sys.stdout.buffer)
