"""Runs of records of one audience: three rows, first record, record after the last, audience; in order.

Records entered together mostly have one audience and neighbouring numbers, so that a hundred million of them
are a handful of runs.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from comity.index.kernels import runs as kernels

Runs = NDArray[np.uint32]


def no_runs() -> Runs:
    """Return runs of no record."""
    return np.zeros((3, 0), np.uint32)


def runs_of(numbers: Sequence[int], audiences: Sequence[int]) -> Runs:
    """Return the runs of these records, which are in order, and their audiences, place by place."""
    first = np.array(numbers, np.uint32)
    return joined([np.stack([first, first + np.uint32(1), np.array(audiences, np.uint32)])])


def joined(parts: Sequence[Runs]) -> Runs:
    """Return several runs as one; no record is in two of them."""
    whole = np.concatenate([no_runs(), *parts], axis=1)
    whole = np.ascontiguousarray(whole[:, np.argsort(whole[0], kind="stable")])
    return np.ascontiguousarray(whole[:, : int(kernels.join(whole))])


def without(runs: Runs, gone: NDArray[np.bool_]) -> Runs:
    """Return the runs without the records that `gone` marks; it may be shorter than the highest number."""
    count = int(kernels.leave_out(runs, gone, np.zeros((3, 0), np.uint32)))
    made = np.zeros((3, count), np.uint32)
    kernels.leave_out(runs, gone, made)
    return made


def audience_in(runs: Runs, record: int) -> int | None:
    """Return the audience of a record, or None where the runs do not hold it."""
    place = int(np.searchsorted(runs[0], np.uint32(record), "right")) - 1
    return int(runs[2, place]) if place >= 0 and record < runs[1, place] else None


def records_count(runs: Runs) -> int:
    """Return how many records the runs hold."""
    return int((runs[1].astype(np.int64) - runs[0]).sum())
