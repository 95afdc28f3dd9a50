"""What is measured: recall at a rank, its mean over the pairs of scripts, false hits, calibration.

ranks by cell -> cell_rows, macro_recall; Found of queries and travellers -> hits_at; probabilities -> reliability
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Cell = tuple[str, str]
RANKS = (1, 10, 100)


def recall(ranks: Sequence[int], at: int) -> float:
    """Return the share of ranks that are at most `at`; rank 0 is not found."""
    return sum(0 < rank <= at for rank in ranks) / max(1, len(ranks))


def mean_reciprocal(ranks: Sequence[int]) -> float:
    """Return the mean of one over the rank."""
    return sum(1 / rank for rank in ranks if rank) / max(1, len(ranks))


def recalls(ranks: Sequence[int]) -> dict[str, float]:
    """Return recall at 1, 10 and 100 and the mean reciprocal rank."""
    found = {f"recall@{at}": round(recall(ranks, at), 4) for at in RANKS}
    return {"asked": len(ranks), **found, "mrr": round(mean_reciprocal(ranks), 4)}


def is_latin_pair(cell: Cell) -> bool:
    """Whether a cell is Latin against another script, either way."""
    return cell[0] != cell[1] and "Latin" in cell


def macro(by_cell: Mapping[Cell, Sequence[int]]) -> dict[str, float]:
    """Return the mean over cells of recall, every cell counted alike."""
    means = {
        f"recall@{at}": round(float(np.mean([recall(ranks, at) for ranks in by_cell.values()])), 4)
        for at in RANKS
    }
    return {"cells": len(by_cell), **means}


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin of the reliability diagram: how sure it said it was, how often it was right."""

    count: int
    said: float
    held: float


def reliability(said: Sequence[float], held: Sequence[bool], bins: int = 10) -> tuple[list[Bin], float]:
    """Return the bins that hold anything, and the expected calibration error over them."""
    probabilities, truths = np.asarray(said, dtype=float), np.asarray(held, dtype=float)
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    found = [
        Bin(int(inside.sum()), float(probabilities[inside].mean()), float(truths[inside].mean()))
        for inside in (which == number for number in range(bins))
        if inside.any()
    ]
    error = sum(one.count * abs(one.said - one.held) for one in found) / max(1, len(said))
    return found, error
