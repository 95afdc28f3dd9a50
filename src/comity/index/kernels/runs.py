"""Joining runs of audiences, and leaving records out of them; their form is told in `index/runs.py`."""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

Runs = NDArray[np.uint32]

RUNS = 'Array(uint32, 2, "C", readonly=True)'
GONE = 'Array(bool_, 1, "C", readonly=True)'


@kernel("int64(uint32[:, ::1])")
def join(runs: Runs) -> int:
    """Join neighbours of one audience in place; return how many runs there are."""
    kept = 0
    for place in range(runs.shape[1]):
        if kept and runs[1, kept - 1] == runs[0, place] and runs[2, kept - 1] == runs[2, place]:
            runs[1, kept - 1] = runs[1, place]
        else:
            for row in range(3):
                runs[row, kept] = runs[row, place]
            kept += 1
    return kept


@kernel(f"int64({RUNS}, {GONE}, uint32[:, ::1])")
def leave_out(runs: Runs, gone: NDArray[np.bool_], made: Runs) -> int:
    """Write the runs that are left, as many as there is room for; return how many there are."""
    count = 0
    for place in range(runs.shape[1]):
        start = np.int64(runs[0, place])
        for record in range(np.int64(runs[0, place]), np.int64(runs[1, place]) + 1):
            is_end = record == np.int64(runs[1, place])
            if not is_end and not (record < gone.size and gone[record]):
                continue
            if record > start:
                if count < made.shape[1]:
                    made[0, count], made[1, count], made[2, count] = start, record, runs[2, place]
                count += 1
            start = record + 1
    return count
