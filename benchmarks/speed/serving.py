"""How a served node answers over HTTP: closed and open loop, the mix, persons beside documents, batches, a soak.

    python benchmarks/speed/serving.py [--seconds 5] [--soak 600] [--records 10000]

invented records -> a throw-away node -> `comity serve` -> loads, one after the other -> lines of text, JSON
"""

import argparse
import gc
import itertools
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from filled_node import fill, new_node, officer_of, queries, strangers
from load import Generator, Result
from measures import RESULTS, machine
from port import free_port, wait_for

from comity.app import Node, open_node
from comity.procedures import upkeep
from comity.procedures.clockwork import tick
from comity.procedures.people import new_key
from comity.registry import audit_log, positions

PERSONS_SHARE = 0.03
HELD_SHARE = 0.001
"""How many of the persons asked for are held: more than the 0.0002 of real databases, since each opens a hit."""
PERSONS_MADE = 40_000
"""So many persons who are not held are made before a run: to make them is not to take time from what is measured."""
WRITES_SHARE = 0.001
CONNECTIONS = 64
WARM_MS, WARM_ROUNDS_MAX = 20.0, 30
BATCH_LINES = 200_000
BATCH_PERSONS = 10_000
HANGING = 50


@dataclass(frozen=True, slots=True)
class Asker:
    """Makes requests of one key, no two alike but those of persons who are held."""

    key: str
    held: list[bytes]
    others: Iterator[bytes]
    chance: random.Random

    def request(self, body: bytes, path: str = "/v1/checks", media: str = "application/json") -> bytes:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\nComity-Purpose: border\r\n"
            f"Content-Type: {media}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def document(self) -> bytes:
        number = self.chance.randrange(10**10)
        return b'{"id":"%d","kind":"travel_document","type":"P","issuer":"EGY","number":"Z%010d"}' % (
            number,
            number,
        )

    def documents(self) -> Iterator[bytes]:
        while True:
            yield self.request(self.document())

    def person(self, held_share: float) -> bytes:
        return self.chance.choice(self.held) if self.chance.random() < held_share else next(self.others)

    def people(self, held_share: float = HELD_SHARE) -> Iterator[bytes]:
        while True:
            yield self.request(self.person(held_share))

    def mix(self) -> Iterator[bytes]:
        while True:
            is_person = self.chance.random() < PERSONS_SHARE
            yield self.request(self.person(HELD_SHARE) if is_person else self.document())

    def mix_with_writes(self) -> Iterator[bytes]:
        mix = self.mix()
        while True:
            yield self.written() if self.chance.random() < WRITES_SHARE else next(mix)

    def written(self) -> bytes:
        number = self.chance.randrange(10**9)
        record = b'{"kind":"travel_document","source_id":"w%d","type":"P","issuer":"EGY","number":"W%09d"}'
        return self.request(record % (number, number), "/v1/records")


def ever_new_persons(made: int) -> Iterator[bytes]:
    """Return checks of persons who are not held, so many of them made at once, the others when they are asked for."""
    every = map(msgspec.json.encode, strangers())
    return itertools.chain(list(itertools.islice(every, made)), every)


class Served:
    """`comity serve` in processes of its own; knows what processor time they have used."""

    def __init__(self, directory: Path, workers: int) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "comity.cli", "serve", "--workers", str(workers)]
        command += ["--port", str(self.port), "--node", str(directory)]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port)
        time.sleep(2)

    def processes(self) -> list[int]:
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text()
        return [int(word) for word in children.split()]

    def processor_s(self) -> float:
        used = 0.0
        for process in self.processes():
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            used += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return used

    def memory_mb(self) -> float:
        """Return the memory of all processes, what they share counted once."""
        return self._held_mb("Pss")

    def own_mb(self) -> float:
        """Return the same without what is mapped from files, which the system lets go when others want the room."""
        return self._held_mb("Pss_Anon") + self._held_mb("Pss_Shmem")

    def _held_mb(self, name: str) -> float:
        lines = [Path(f"/proc/{process}/smaps_rollup").read_text() for process in self.processes()]
        return sum(int(one.split(f"{name}:")[1].split()[0]) for one in lines) / 1024

    def kill_a_worker(self) -> None:
        nicest = min(self.processes(), key=lambda one: (os.getpriority(os.PRIO_PROCESS, one), one))
        os.kill(nicest, signal.SIGKILL)

    def end(self) -> None:
        self._server.terminate()
        self._server.wait(30)


class Bench:
    """Runs loads and keeps what they gave."""

    def __init__(self, served: Served, asker: Asker, seconds: float) -> None:
        self._served, self._asker, self._seconds = served, asker, seconds
        self.results: dict[str, dict[str, float]] = {}

    def closed(self, name: str, requests: Iterator[bytes], connections: int = CONNECTIONS) -> Result:
        return self._run(name, lambda generator: generator.closed(requests, self._seconds), connections)

    def opened(self, name: str, requests: Iterator[bytes], per_s: float) -> Result:
        return self._run(name, lambda generator: generator.opened(requests, per_s, self._seconds), 256)

    def _run(self, name: str, load, connections: int) -> Result:
        generator = Generator(self._served.port, connections)
        generator.closed(self._asker.documents(), 0.3)
        used, own = self._served.processor_s(), time.process_time()
        result: Result = load(generator)
        count = max(1, sum(result.statuses.values()))
        served_us = (self._served.processor_s() - used) / count * 1e6
        own_us = (time.process_time() - own) / count * 1e6
        generator.close()
        self.keep(name, result, served_us=served_us, generator_us=own_us)
        return result

    def keep(self, name: str, result: Result, **more: float) -> None:
        shown = {f"p{one:g}_ms": result.percentile_ms(one) for one in (50, 99, 99.9)}
        statuses = {f"status_{status}": float(count) for status, count in result.statuses.items()}
        self.results[name] = {"per_s": result.per_s, **shown, **statuses, "cut": float(result.cut), **more}
        told = "  ".join(f"{key} {value:.1f}" for key, value in more.items())
        print(f"{name:46} {result.line()}  {told}", flush=True)

    def batch(self, name: str, line: Callable[[], bytes], lines: int, connections: int = 2) -> None:
        """Send batches on several connections at once, each of so many lines that no other has."""
        bodies = [b"\n".join(line() for _ in range(lines)) for _ in range(connections)]
        answered: list[int] = []
        threads = [
            threading.Thread(target=lambda one=one: answered.append(self._send(one))) for one in bodies
        ]
        used, start = self._served.processor_s(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        whole_s, count = time.perf_counter() - start, sum(answered)
        each_us = (self._served.processor_s() - used) / max(1, count) * 1e6
        self.results[name] = {"per_s": count / whole_s, "served_us": each_us, "count": float(count)}
        print(f"{name:46} {count / whole_s:,.0f} checks/s  served_us {each_us:.2f}  {count} answered")

    def _send(self, body: bytes) -> int:
        request = self._asker.request(body, "/v1/checks/batch", "application/x-ndjson")
        with socket.create_connection(("127.0.0.1", self._served.port)) as link:
            sending = threading.Thread(target=link.sendall, args=(request,))
            sending.start()
            count = 0
            while part := link.recv(2**20):
                count += part.count(b'"outcome"')
                if part.endswith(b"0\r\n\r\n"):
                    break
            sending.join()
        return count


def soak(bench: Bench, served: Served, asker: Asker, per_s: float, seconds: float) -> None:
    """Load at a rate with writes; kill a worker and leave clients hanging each minute; report minute by minute."""
    generator, hanging = Generator(served.port, 256), list[socket.socket]()
    requests = asker.mix_with_writes()
    for minute in range(max(1, round(seconds / 60))):
        for _ in range(HANGING):
            link = socket.create_connection(("127.0.0.1", served.port))
            link.sendall(b"POST /v1/checks HTTP/1.1\r\nContent-Le")
            hanging.append(link)
        killing = threading.Timer(min(30.0, seconds / 2), served.kill_a_worker)
        killing.start()
        result = generator.opened(requests, per_s, min(60.0, seconds))
        killing.join()
        bench.keep(f"soak, minute {minute + 1}", result, memory_mb=served.memory_mb(), own_mb=served.own_mb())
    for link in hanging:
        link.close()
    generator.close()


def meet_all(node: Node) -> None:
    """Let the new records meet earlier checks and each other: what the clock does after an import is the import's."""
    place = -1
    while place != (place := _met(node)):
        tick(node.desk, None)


def _met(node: Node) -> int:
    with node.desk.registry.read() as connection:
        return positions.position(connection, positions.CHANGES_TO_ALERTS)


@contextmanager
def persons_meanwhile(bench: Bench, asker: Asker) -> Iterator[None]:
    """Have persons asked for by a process of their own: two generators in one wait for each other's interpreter."""
    child = os.fork()
    if not child:
        try:
            bench.closed("  (persons meanwhile, 4 connections)", asker.people(), 4)
        finally:
            os._exit(0)
    yield
    os.waitpid(child, 0)


def warm(bench: Bench, asker: Asker) -> None:
    """Ask for persons until they are answered quickly: searchers begin anew once kernels are compiled or read."""
    for _ in range(WARM_ROUNDS_MAX):
        if bench.closed("(warming: persons)", asker.people(), 4).percentile_ms(50) < WARM_MS:
            return


def main() -> None:
    """Measure, print, write the JSON file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--seconds", type=float, default=5.0)
    options.add_argument("--soak", type=float, default=0.0, help="seconds of soaking, at half the mix's rate")
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--json", type=Path, default=RESULTS / "serving.json")
    chosen = options.parse_args()
    about = machine()
    with tempfile.TemporaryDirectory() as home:
        node_directory = Path(home) / "node"
        with new_node(node_directory) as node:
            fill(node, Path(home), chosen.records)
            meet_all(node)
            key = new_key(officer_of(node), node.desk, days=1).reveal()
        held = queries(2000, chosen.records)["person"][1::2]
        asked = [msgspec.json.encode(one) for one in held]
        asker = Asker(key, asked, ever_new_persons(PERSONS_MADE), random.Random(1))
        served = Served(node_directory, chosen.workers)
        bench = Bench(served, asker, chosen.seconds)
        try:
            measure(bench, served, asker, chosen.soak)
        finally:
            served.end()
        with open_node(node_directory) as node:
            sound = upkeep.verify_log(node.desk).sound
            with node.desk.registry.read() as connection:
                size = audit_log.size(connection)
            print(
                f"log: {size:,} entries, {'sound' if sound else 'NOT sound'}; doctor: {upkeep.examine(node.desk)}"
            )
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps({"machine": about, "results": bench.results}, indent=1) + "\n", "utf-8")


def measure(bench: Bench, served: Served, asker: Asker, soak_s: float) -> None:
    """Run every load, one after the other."""
    warm(bench, asker)
    gc.collect()
    gc.freeze()  # what was made beforehand is not looked through while answers come
    print(f"memory of all processes: {served.memory_mb():.0f} MB")
    documents = bench.closed("documents, closed, 64 connections", asker.documents())
    bench.closed("documents, closed, 8 connections", asker.documents(), 8)
    bench.opened("documents, open, half that rate", asker.documents(), documents.per_s / 2)
    mixed = bench.closed("mix with 3 % persons, closed, 64 connections", asker.mix())
    bench.closed("persons, closed, 16 connections", asker.people(), 16)
    bench.closed("persons, half of them held, 16 connections", asker.people(0.5), 16)
    quarter = documents.per_s / 4
    bench.opened("documents alone, open, a quarter", asker.documents(), quarter)
    with persons_meanwhile(bench, asker):
        bench.opened("documents beside persons, open, a quarter", asker.documents(), quarter)
    bench.batch("batch, documents", asker.document, BATCH_LINES)
    bench.batch("batch, persons", lambda: asker.person(HELD_SHARE), BATCH_PERSONS)
    bench.closed("persons, most words known, 16 connections", asker.people(), 16)
    if soak_s:
        soak(bench, served, asker, mixed.per_s / 2, soak_s)


if __name__ == "__main__":
    main()
