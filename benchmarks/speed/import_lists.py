"""How many records a second an import of the real lists takes, by stages in processor time, and by the clock.

    python benchmarks/speed/import_lists.py [WORD]

lists beside the repository, those with WORD in their file's name
  -> a throw-away node: read, parsed and stored, indexed, saved, in processor time of one process
  -> another: read in a process beside as `comity import` does, by the clock until each record is found, and saved

The clock runs from when the node is open and the first rows have come, since in the command both processes begin side
by side. Where the lists are not there it says so and measures nothing. Kernels, tables of countries and tables of
sounds are loaded beforehand.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Mapping
from itertools import chain, islice, pairwise
from pathlib import Path

from comity.app import CLI_ACCOUNT, Node, init_node, open_node
from comity.cli.importing import order_of
from comity.procedures.import_list import ImportOrder, import_list
from comity.procedures.sign_in import officer_named
from comity.records.handling import parse_share_option
from comity.registry.imports import ImportRun
from comity.sources import reader_named
from comity.sources.beside import read_beside
from comity.sources.placement import placement_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "quality"))

from lookup_as_written import LISTS, OWNER, SHARED

STAGES = ("read", "parsed and stored", "indexed", "saved")
WARMING = [
    one for one in LISTS if any(word in one[1] for word in ("ofac_vessels", "red_details", "un_consolidated"))
]
"""The lists that are imported once beforehand: small ones, so that little else of the lists is remembered."""


def measure(node: Node, source: str, file: Path, mapping: str) -> tuple[int, Mapping[str, float]]:
    """Import a list; return its rows, and the seconds of processor time that each stage took."""
    placed = placement_of(source, file, mapping)
    run = ImportRun(placed.digest(), source, OWNER, placed.list_name, placed.origin)
    order = ImportOrder(run, parse_share_option("all"))
    officer = officer_named(CLI_ACCOUNT, node.desk)
    marks = [time.process_time()]
    rows = list(reader_named(source, mapping)(file))
    marks.append(time.process_time())
    import_list(iter(rows), order, officer, node.desk, lambda _one: None, lambda _done: None)
    marks.append(time.process_time())
    node.desk.follower.catch_up()
    marks.append(time.process_time())
    node.desk.index.save()
    marks.append(time.process_time())
    spent = (end - start for start, end in pairwise(marks))
    return len(rows), dict(zip(STAGES, spent, strict=True))


def clocked(home: Path, source: str, file: Path, mapping: str) -> tuple[int, float, float]:
    """Import a list as the command does; return its rows, and after how many seconds they are found, and saved."""
    order = order_of(source, file, OWNER, "all", is_dry=False, mapping=mapping)
    with read_beside(source, mapping, file) as rows, open_node(home) as node:
        officer = officer_named(CLI_ACCOUNT, node.desk)
        first = list(islice(rows, 1))
        start = time.perf_counter()
        tally = import_list(
            chain(first, rows), order, officer, node.desk, lambda _one: None, lambda _done: None
        )
        node.desk.follower.catch_up()
        found = time.perf_counter() - start
        node.desk.index.save()
        return tally.read, found, time.perf_counter() - start


def by_the_clock(home: Path, chosen: Iterable[tuple[str, str, str]]) -> None:
    """Import each of these lists once more into a node of their own; print rows a second by the clock."""
    init_node(home, "Benchmark")
    print(f"{'by the clock, reading beside':36}{'rows':>7}{'found a second':>19}{'saved a second':>19}")
    total = (0, 0.0, 0.0)
    for source, file, mapping in chosen:
        rows, found, saved = clocked(home, source, SHARED / file, mapping)
        print(f"{Path(file).name:36}{rows:>7,}{rows / found:>19,.0f}{rows / saved:>19,.0f}", flush=True)
        total = (total[0] + rows, total[1] + found, total[2] + saved)
    rows, found, saved = total
    print(f"{'all':36}{rows:>7,}{rows / found:>19,.0f}{rows / saved:>19,.0f}")


def line(name: str, rows: int, spent: Mapping[str, float]) -> str:
    """Return a list's line of the table: microseconds a row by stage, rows a second of all stages."""
    each = "".join(f"{seconds / rows * 1e6:>19.0f}" for seconds in spent.values())
    return f"{name:36}{rows:>7,}{each}{rows / sum(spent.values()):>12,.0f}"


def run(chosen: Collection[tuple[str, str, str]]) -> None:
    """Import each of these lists once, after some that load what is loaded once; print the table."""
    rows_count, total = 0, dict.fromkeys(STAGES, 0.0)
    heads = "".join(f"{stage:>16} us" for stage in STAGES)
    print(f"{'list':36}{'rows':>7}{heads}{'a second':>12}")
    with tempfile.TemporaryDirectory() as home:
        for place, lists in (("warm", WARMING), ("measured", chosen)):
            init_node(Path(home) / place, "Benchmark")
            with open_node(Path(home) / place) as node:
                for source, file, mapping in lists:
                    rows, spent = measure(node, source, SHARED / file, mapping)
                    if place == "measured":
                        print(line(Path(file).name, rows, spent), flush=True)
                        rows_count += rows
                        total = {stage: total[stage] + seconds for stage, seconds in spent.items()}
        print(line("all", rows_count, total))
        by_the_clock(Path(home) / "clock", chosen)


def main() -> None:
    """Measure the lists that are there."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("word", nargs="?", default="")
    word = options.parse_args().word
    chosen = [one for one in LISTS if word in one[1]]
    if not chosen or not all((SHARED / file).is_file() for _source, file, _mapping in LISTS):
        print("No such lists beside the repository: nothing measured.")
        return
    run(chosen)


if __name__ == "__main__":
    main()
