"""Which record has this public identifier, for records in packs: the first 8 bytes of each lead to its number.

Two identifiers may share their first 8 bytes: the pack settles it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from comity.registry.number_runs import NumberRuns, Prefixes, runs_table
from comity.registry.schema import METADATA

PACK_IDS = runs_table("pack_ids", METADATA)

_RUNS: Final = NumberRuns(PACK_IDS, np.uint32)


def add(connection: Connection, prefixes: Prefixes, numbers: NDArray[np.uint32]) -> None:
    """Hold the identifiers of new records."""
    _RUNS.add(connection, prefixes, numbers)


def numbers_with(connection: Connection, prefixes: Sequence[int]) -> dict[int, list[int]]:
    """Return the numbers of the records whose identifiers begin with each of these; those with none are left out."""
    found: dict[int, list[int]] = {}
    held, numbers = _RUNS.under(connection, prefixes)
    for prefix, number in zip(held.tolist(), numbers.tolist(), strict=True):
        found.setdefault(prefix, []).append(number)
    return found
