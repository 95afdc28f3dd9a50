"""Exact look-ups alone, one by one and in batches, beside PostgreSQL's in the same run, by turns.

    python benchmarks/speed/look_ups.py [--keys 100000000] [--turns 3]

random hashes -> a table, as a segment maps it -> keys asked that nobody holds -> lines of text

PostgreSQL holds a million keys: a smaller table is easier for it, not harder.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from world_peers import cursor_on_keys, single_by_postgres

from comity.index.exact import exact_key
from comity.index.exact.hashing import HashKey, packed_keys
from comity.index.exact.layers import ExactLayers, LayerView, stacked
from comity.index.exact.recent import RecentTable
from comity.index.exact.table import build_table, open_table, save_table, sorted_pairs

ASKED = 400_000
BATCH = 1000


def layers(directory: Path, count: int) -> ExactLayers:
    """Return a table of so many random keys, written and mapped."""
    hashes = np.random.default_rng(1).integers(0, 2**64, count, dtype=np.uint64)
    pairs = sorted_pairs(hashes, np.arange(1, count + 1, dtype=np.uint32))
    save_table(directory, build_table(pairs), pairs)
    view = LayerView(open_table(directory), stacked([(1, count + 1, 0)]), np.empty(0, np.uint32))
    return ExactLayers(HashKey.of(bytes(32)), (view,), RecentTable())


def rates(asked: Sequence[bytes], ask: Callable[[bytes], object], each: int = 1) -> tuple[float, float]:
    """Return look-ups a second by the clock, and a second of processor time."""
    begun, used = time.perf_counter(), time.process_time()
    for one in asked:
        ask(one)
    whole_s, used_s = time.perf_counter() - begun, time.process_time() - used
    return len(asked) * each / whole_s, len(asked) * each / used_s


def main() -> None:
    """Ask by turns, print each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--keys", type=int, default=100_000_000)
    options.add_argument("--turns", type=int, default=3)
    chosen = options.parse_args()
    numbers = [f"Z{one:010d}" for one in random.Random(1).sample(range(10**10), ASKED)]
    keys = [exact_key("document.number", one) for one in numbers]
    packed = [packed_keys(keys[start : start + BATCH]) for start in range(0, ASKED, BATCH)]
    admitted = np.ones(4, np.bool_)
    with tempfile.TemporaryDirectory() as home, cursor_on_keys() as cursor:
        exact = layers(Path(home), chosen.keys)
        exact.find(keys[0], admitted)
        exact.find_packed(packed[0], BATCH, admitted)
        for _ in range(chosen.turns):
            wall, used = rates(keys, lambda one: exact.find(one, admitted))
            print(f"one by one: {wall:,.0f}/s, {used:,.0f} a second of processor time", flush=True)
            many, used = rates(packed, lambda some: exact.find_packed(some, BATCH, admitted), BATCH)
            print(f"batches of {BATCH:,}: {many:,.0f}/s, {used:,.0f} a second of processor time", flush=True)
            if cursor is not None:
                other = single_by_postgres(cursor, numbers)
                print(
                    f"PostgreSQL, one by one: {other:,.0f}/s; {wall / other:,.0f} times as many", flush=True
                )


if __name__ == "__main__":
    main()
