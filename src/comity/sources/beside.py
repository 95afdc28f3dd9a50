"""Reading a list in a process of its own, while this one stores what was read.

    here: `read_beside` -> a process that runs this module -> the list's reader -> rows, some hundred at a time
      -> here, in the order of the file

To read a row costs about as much as to store it, and one process does one of the two at a time. Where the other
process cannot be started or dies, this one reads on by itself: what the reader raises is raised here.
"""

import gc
import pickle
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, cast

from comity.sources import reader_named
from comity.sources.rows import SourceRow

ROWS_AT_ONCE: Final = 250
BYTES_MIN: Final = 200_000
"""A shorter file is mostly read before another process has started."""


@contextmanager
def read_beside(source: str, mapping: str, file: Path) -> Generator[Iterator[SourceRow]]:
    """Yield the rows of a list as its reader gives them; reading begins at once, and ends with this at the latest.

    The rows raise what the reader raises. Raises `MalformedError` as `reader_named`.
    """
    reader = reader_named(source, mapping)
    if not file.is_file() or file.stat().st_size < BYTES_MIN:
        yield reader(file)
        return
    # Without the working directory among the places of modules: what lies there is not to be run.
    command = [sys.executable, "-P", "-m", __name__, source, mapping, str(file)]
    try:
        process = subprocess.Popen(  # noqa: S603 - this program itself, and words that were looked up
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:  # no room for another process
        yield reader(file)
        return
    with process:
        try:
            yield _rows(cast("BinaryIO", process.stdout), reader(file))
        finally:
            process.kill()


def _rows(pipe: BinaryIO, by_itself: Iterator[SourceRow]) -> Iterator[SourceRow]:
    """Yield the rows that come through a pipe, then those that `by_itself` reads beyond, where it broke off."""
    count = 0
    while True:
        try:
            rows = cast("list[SourceRow] | None", pickle.load(pipe))  # noqa: S301 - of this module's own making
        except (EOFError, pickle.UnpicklingError):
            yield from islice(by_itself, count, None)
            return
        if rows is None:
            return
        yield from rows
        count += len(rows)


def send_rows(rows: Iterator[SourceRow], pipe: BinaryIO) -> None:
    """Write rows into a pipe, then that there are no more."""
    while some := list(islice(rows, ROWS_AT_ONCE)):
        pickle.dump(some, pipe, pickle.HIGHEST_PROTOCOL)
        pipe.flush()
    pickle.dump(None, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


if __name__ == "__main__":
    gc.disable()  # rows refer to nothing in a circle
    send_rows(reader_named(*sys.argv[1:3])(Path(sys.argv[3])), sys.stdout.buffer)
