"""The world's checks on one machine: a hundred and twenty-five million records, or a fraction of them.

    make bench-speed             a hundredth of the world, in a temporary directory, a few minutes
    make bench-world DIR=...     the whole; built once in DIR, an hour; an interrupted build goes on

built -> looked up, checked in process, over HTTP -> others at the same work -> table, JSON, picture, growth
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from filled_node import officer_of
from http_load import Target, request
from load import Generator
from measures import RESULTS, machine
from port import free_port, wait_for
from world import WORLD, build
from world_checks import Day, Query, in_process, look_ups, stages
from world_peers import by_postgres, by_rapidfuzz, by_sqlite

from comity.app import Node, open_node
from comity.procedures.people import new_key

WRITE_EVERY = 1000
HTTP_S = 5.0
CONNECTIONS = 64

FIRST_ANSWER = """
import sys, time
begun = time.perf_counter()
from pathlib import Path
from comity.app import open_node
from comity.procedures.check import run_check
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
with open_node(Path(sys.argv[1])) as node:
    officer = officer_named("desk", node.desk)
    run_check({"kind": "travel_document", "number": "A0000001"}, officer, Purpose.BORDER, node.desk)
    taken = time.perf_counter() - begun
    held = dict(line.split(":") for line in open("/proc/self/status") if line.startswith("Rss"))
    print(taken, time.process_time(), *(int(held[name].split()[0]) for name in ("RssAnon", "RssFile")))
"""


def main() -> None:
    """Build, measure, print, write."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--fraction", type=float, default=0.01)
    options.add_argument("--dir", type=Path, help="where it is built, and left; a temporary one else")
    options.add_argument("--without-http", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = chosen.dir or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        path = RESULTS / f"world-{int(sum(WORLD.values()) * chosen.fraction)}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        measured = measure(directory, chosen.fraction)
        path.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
        if not chosen.without_http:
            # Last: what was measured before stays where the server does not come up.
            measured["HTTP"] = _over_http(directory / "node", Day(chosen.fraction))
            path.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    print(shown(measured))
    print(growth())
    (RESULTS / "world.svg").write_text(picture(measured), "utf-8")


def measure(directory: Path, fraction: float) -> dict[str, object]:
    """Return everything that is measured in this process."""
    about: dict[str, object] = {"machine": machine(), "fraction": fraction}
    built = build(directory, fraction, lambda line: print(line, flush=True))
    about["build"] = _summed(built)
    about["disk_mb"] = {name: _disk_mb(directory / "node" / name) for name in ("registry.sqlite", "index")}
    node_directory = directory / "node"
    about["cold start"] = _cold_start(node_directory)
    day = Day(fraction)
    with open_node(node_directory) as node:
        officer = officer_of(node)
        node.desk.follower.catch_up()
        about["segments"] = node.desk.index.segments_count
        about["look-ups, ns"] = look_ups(node, officer, day)
        about["stages of a document check, processor us"] = stages(node, officer, day)
        about["in process"] = {
            "documents": in_process(node, officer, _of(day, "travel_document")),
            "documents, every one a hit": in_process(node, officer, _of(day, "travel_document", 1.0)),
            "persons": in_process(node, officer, _of(day, "person")),
            "mix": in_process(node, officer, day.mixed()),
        }
        about["peers"] = _peers(node, day, directory)
    return about


def _of(day: Day, kind: str, hit_rate: float | None = None) -> Iterator[Query]:
    while True:
        yield day.query(kind, hit_rate)


def _summed(built: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    """Return what the build took by kind, and in all."""
    made: dict[str, dict[str, float]] = {}
    for kind in (*WORLD, ""):
        parts = [one for name, one in built.items() if name.startswith(kind)]
        records, wall = sum(one["records"] for one in parts), sum(one["wall_s"] for one in parts)
        processor = sum(one["processor_s"] for one in parts)
        made[kind or "all"] = {
            "records": records,
            "wall_s": wall,
            "per_s": records / wall,
            "per_processor_s": records / processor,
        }
    return made


def _disk_mb(path: Path) -> float:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files) / 1e6


def _cold_start(node: Path) -> dict[str, float]:
    """Return the seconds from the start of a program to its first answer, and the memory it holds by itself."""
    words = [sys.executable, "-c", FIRST_ANSWER, str(node)]
    seconds, processor, own, mapped = map(
        float, subprocess.run(words, capture_output=True, check=True).stdout.split()
    )
    shown = {"first_answer_s": seconds, "processor_s": processor}
    return {**shown, "own_memory_mb": own / 1000, "mapped_mb": mapped / 1000}


def _peers(node: Node, day: Day, directory: Path) -> dict[str, float]:
    numbers = [str(day.query("travel_document")["number"]) for _ in range(5000)]
    persons = [str(day.query("person", 1.0)["name"]) for _ in range(200)]
    names = list(dict.fromkeys(str(day.query("person", 1.0)["name"]) for _ in range(20_000)))
    del node
    with tempfile.TemporaryDirectory(dir=directory) as home:
        return {
            **by_sqlite(Path(home), numbers),
            **by_postgres(numbers, names, persons),
            **by_rapidfuzz(names, persons),
        }


def _over_http(node: Path, day: Day) -> dict[str, object]:
    made: dict[str, object] = {}
    with open_node(node) as opened:
        key = new_key(officer_of(opened), opened.desk, days=1).reveal()
    with _served(node) as port:
        target = Target(port, key)
        for name, queries in (
            ("documents", _of(day, "travel_document")),
            ("mix, a thousandth writes", day.mixed()),
            ("persons", _of(day, "person")),
        ):
            generator = Generator(port, CONNECTIONS)
            requests = _requests(target, queries, writes="mix" in name)
            generator.closed(requests, 1.0)
            result = generator.closed(requests, HTTP_S)
            generator.close()
            made[name] = {
                "per_s": result.per_s,
                **{f"p{one:g}_ms": result.percentile_ms(one) for one in (50, 99, 99.9)},
                "statuses": {str(status): count for status, count in result.statuses.items()},
            }
    return made


def _requests(target: Target, queries: Iterator[Query], *, writes: bool) -> Iterator[bytes]:
    for place in itertools.count(1):
        if writes and place % WRITE_EVERY == 0:
            row = {"kind": "firearm", "source_id": f"W{time.time_ns()}", "serial": f"W{time.time_ns()}"}
            yield request(target, "/v1/records", msgspec.json.encode(row), "application/json")
        else:
            yield request(target, "/v1/checks", msgspec.json.encode(next(queries)), "application/json")


@contextmanager
def _served(directory: Path) -> Iterator[int]:
    port = free_port()
    words = [sys.executable, "-m", "comity.cli", "serve", "--workers", "2", "--port", str(port)]
    with subprocess.Popen([*words, "--node", str(directory)], stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield port
        finally:
            server.terminate()


def shown(measured: dict[str, object]) -> str:
    """Return the measures as indented text."""
    return "\n".join(_lines(measured, 0))


def _lines(value: object, depth: int) -> Iterator[str]:
    assert isinstance(value, dict)
    for name, one in value.items():
        if isinstance(one, dict):
            yield f"{'  ' * depth}{name}"
            yield from _lines(one, depth + 1)
        else:
            yield (
                f"{'  ' * depth}{name}: {one:,.4g}"
                if isinstance(one, float)
                else f"{'  ' * depth}{name}: {one}"
            )


def growth() -> str:
    """Return a table of what grows with the world, of every size that was measured here."""
    lines = [
        "| records | find ns | batch ns | documents in process /s | registry MB | index MB | cold start s | build /s |"
    ]
    lines += ["|" + "---|" * 8]
    for path in sorted(RESULTS.glob("world-*.json"), key=lambda path: int(path.stem[6:])):
        one = json.loads(path.read_text("utf-8"))
        found, disk = one["look-ups, ns"], one["disk_mb"]
        lines.append(
            f"| {one['build']['all']['records']:,.0f} | {found['find_ns']:.0f} | {found['batch_from_keys_ns']:.0f} "
            f"| {one['in process']['documents']['per_s']:,.0f} | {disk['registry.sqlite']:,.0f} | {disk['index']:,.0f} "
            f"| {one['cold start']['first_answer_s']:.2f} | {one['build']['all']['per_s']:,.0f} |"
        )
    return "\n".join(lines)


def picture(measured: dict[str, object]) -> str:
    """Return a picture of look-ups a second, Comity's and the others', on a scale of tens."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "quality"))
    from math import log10  # noqa: PLC0415

    from picture import bars  # noqa: PLC0415 - beside the other benchmarks

    found = measured["look-ups, ns"]
    peers = measured["peers"]
    assert isinstance(found, dict)
    assert isinstance(peers, dict)
    rates = {f"Comity {name[:-3]}": 1e9 / value for name, value in found.items()}
    rates |= {name: value for name, value in peers.items() if "name" not in name}
    scaled = {
        f"{name.removesuffix(', per s')} {rate:,.0f}/s": log10(max(rate, 1)) / 8
        for name, rate in rates.items()
    }
    return bars("Exact look-ups a second, one core; each eighth of the width is ten times as many", scaled)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONHASHSEED", "0")
    main()
