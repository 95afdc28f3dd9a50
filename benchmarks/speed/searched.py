"""Print what each stage of a check by name and birth date costs a searcher, of new names and of names asked before.

    python benchmarks/speed/searched.py [--records N] [--checks N]

Microseconds of processor time a check, without socket and disk, in a throw-away node of invented mixed records; the
clock itself takes about one of each stage. Persons asked for are none of those held.
"""

import argparse
import gc
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

import msgspec
from filled_node import fill, new_node, officer_of, strangers

from comity.index import store
from comity.index.names import search
from comity.index.names.matches import Matches
from comity.procedures.warming import warm_up
from comity.procedures.weighing import weigh
from comity.records.handling import Purpose

FIRST = 300
"""So many checks go before: files and kernels are read in them."""

CUT, READ, MATCHED, SEARCHED, WHOLE = (
    "cut the name",
    "read its words",
    "match them",
    "search",
    "the whole check",
)
TIMED: Iterable[tuple[object, str, str]] = (
    (search, "parse_name", CUT),
    (search, "questions", READ),
    (Matches, "lines_of", MATCHED),
    (store, "search_all", SEARCHED),
)
"""The functions that are timed where a search calls them; the last holds the others."""


def main() -> None:
    """Fill a node, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--checks", type=int, default=1_500)
    chosen = options.parse_args()
    spent: dict[str, float] = {}
    for holder, name, stage in TIMED:
        setattr(holder, name, _timed(getattr(holder, name), stage, spent))
    ask = _timed(weigh, WHOLE, spent)
    with tempfile.TemporaryDirectory() as directory, new_node(Path(directory) / "node") as node:
        fill(node, Path(directory), chosen.records)
        warm_up()
        officer, lines = officer_of(node), map(msgspec.json.encode, strangers())
        for line in islice(lines, FIRST):
            weigh([line], officer, Purpose.BORDER, node.desk)
        gc.freeze()
        asked, columns = list(islice(lines, chosen.checks)), dict[str, dict[str, float]]()
        for turn in ("ever new", "known"):
            spent.update(dict.fromkeys(spent, 0.0))
            for line in asked:
                ask([line], officer, Purpose.BORDER, node.desk)
            columns[turn] = _stages(spent)
    print(f"{'':<18}" + "".join(f"{turn:>12}" for turn in columns))
    for stage in columns["known"]:
        each = (1e6 * column[stage] / chosen.checks for column in columns.values())
        print(f"{stage:<18}" + "".join(f"{one:>12.1f}" for one in each))


def _stages(spent: dict[str, float]) -> dict[str, float]:
    """Return the seconds of each stage alone, and of all."""
    first = {stage: spent[stage] for stage in (CUT, READ, MATCHED)}
    return {
        **first,
        SEARCHED: spent[SEARCHED] - sum(first.values()),
        "all else": spent[WHOLE] - spent[SEARCHED],
        WHOLE: spent[WHOLE],
    }


def _timed(function: Callable[..., object], stage: str, spent: dict[str, float]) -> Callable[..., object]:
    """Return a function that adds the processor time it takes to that of its stage."""
    spent[stage] = 0.0

    def timed(*arguments: object) -> object:
        begun = time.thread_time()
        try:
            return function(*arguments)
        finally:
            spent[stage] += time.thread_time() - begun

    return timed


if __name__ == "__main__":
    main()
