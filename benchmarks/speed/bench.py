"""How fast is a node: importing, checking in process, checking over HTTP one by one and in batches.

    make bench        prints one table, writes benchmarks/results/speed.json, takes less than four minutes

invented records -> a throw-away node -> import rates -> checks: Python, HTTP single, HTTP batch -> table, JSON
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filled_node import Query, fill, new_node, officer_of, queries
from http_load import Target, load, request
from invented import MIX
from measures import RESULTS, Clock, Measure, Spent, machine, summary, table, write_results
from port import free_port, wait_for

from comity.app import Node
from comity.procedures.check import run_check
from comity.procedures.people import new_key
from comity.records.handling import Purpose

MIXED_COUNT = 30_000
KIND_COUNT = 5_000
QUERIES_COUNT = 8_000
HIT_EVERY = 1_000
"""Of real checks one in thousands hits; a hit is opened and its owner told, which costs a hundred times as much."""

HITTING, HITTING_COUNT, HITTING_EVERY = ", every second a hit", 2_000, 2
BATCH_LINES = {"person": 100}
BATCH_LINES_DEFAULT = 1_000
BATCHES = 10
CONNECTIONS = 8
LIMIT_S = 3.0


def main() -> None:
    """Measure, print the table, write the JSON file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--json", type=Path, default=RESULTS / "speed.json")
    options.add_argument("--kinds", nargs="*", default=list(MIX), help="measure only these kinds")
    chosen = options.parse_args()
    about = machine()
    with tempfile.TemporaryDirectory() as home:
        measures = _measure(Path(home), chosen.kinds)
    print("\n".join(f"{name}: {value}" for name, value in about.items()), table(measures), sep="\n\n")
    write_results(chosen.json, about, measures)


def _measure(home: Path, kinds: list[str]) -> list[Measure]:
    measures: list[Measure] = []
    for kind in kinds:
        with new_node(home / kind) as node:
            measures += _imported(node, home, KIND_COUNT, kind)
    directory = home / "mixed"
    asked = _chosen(queries(QUERIES_COUNT, MIXED_COUNT, HIT_EVERY), kinds)
    hitting = _chosen(queries(HITTING_COUNT, MIXED_COUNT, HITTING_EVERY), kinds)
    with new_node(directory) as node:
        measures += _imported(node, home, MIXED_COUNT)
        measures += [_in_process(node, kind, some) for kind, some in asked.items()]
        measures += [_in_process(node, kind, some, HITTING) for kind, some in hitting.items()]
        key = new_key(officer_of(node), node.desk, days=1).reveal()
    with _served(directory) as port:
        target = Target(port, key)
        measures += [_singly(target, kind, some) for kind, some in asked.items()]
        measures += [_singly(target, kind, some, HITTING) for kind, some in hitting.items()]
        measures += [_in_batches(target, kind, some) for kind, some in asked.items()]
    return measures


def _chosen(asked: Mapping[str, list[Query]], kinds: list[str]) -> Mapping[str, list[Query]]:
    return {kind: some for kind, some in asked.items() if kind in kinds}


def _imported(node: Node, home: Path, count: int, kind: str = "") -> list[Measure]:
    found, saved = fill(node, home, count, kind)
    named = kind or "mixed"
    return [
        Measure("import until found", named, count, *found.rates(count)),
        Measure("import until saved", named, count, *saved.rates(count)),
    ]


def _in_process(node: Node, kind: str, asked: list[Query], share: str = "") -> Measure:
    officer, taken, clock = officer_of(node), list[float](), Clock()
    begun = time.perf_counter()
    for query in asked:
        sent = time.perf_counter()
        run_check(dict(query), officer, Purpose.BORDER, node.desk)
        taken.append(time.perf_counter() - sent)
        if sent - begun > LIMIT_S:
            break
    return summary(f"Python, one caller{share}", kind, taken, clock.spent())


@contextmanager
def _served(directory: Path) -> Generator[int, None, None]:
    """Serve the node in a process of its own, as an operator does; yield the port."""
    port = free_port()
    command = [sys.executable, "-m", "comity.cli", "serve", "--port", str(port), "--node", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def _singly(target: Target, kind: str, asked: list[Query], share: str = "") -> Measure:
    single = [
        request(target, "/v1/checks", msgspec.json.encode(query), "application/json") for query in asked
    ]
    load(target, single[:50], CONNECTIONS, LIMIT_S)  # warms the server up
    taken, whole_s = load(target, single[50:], CONNECTIONS, LIMIT_S)
    return summary(f"HTTP single, {CONNECTIONS} connections{share}", kind, taken, Spent(whole_s))


def _in_batches(target: Target, kind: str, asked: list[Query]) -> Measure:
    lines = [msgspec.json.encode(query) for query in asked]
    size = min(len(lines), BATCH_LINES.get(kind, BATCH_LINES_DEFAULT))
    starts = range(0, len(lines) - size + 1, size)
    bodies = [b"\n".join(lines[start : start + size]) for start in starts]
    batches = [request(target, "/v1/checks/batch", body, "application/x-ndjson") for body in bodies]
    taken, whole_s = load(target, (batches * BATCHES)[:BATCHES], 1, LIMIT_S)
    return summary("HTTP batch, 1 connection", kind, taken, Spent(whole_s), size)


if __name__ == "__main__":
    main()
