"""What a check costs behind the scenes, in processor time: taken over from its journal, waiting for records, counted.

    python benchmarks/speed/background.py [--lines 60000] [--persons 0]

invented checks -> lines, as a served node writes them -> a journal -> the log -> what waits, what is counted
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec
from filled_node import new_node, officer_of, strangers

from comity.app import Node
from comity.audit.entries import encode
from comity.procedures.check import answered
from comity.procedures.glancing import glance_at
from comity.procedures.picture import count_the_log
from comity.procedures.waiting_checks import gather_checks
from comity.records.handling import Purpose
from comity.registry.journal import JournalWriter

FRAME_LINES = 32
"""So many lines a served node's worker makes durable at once, with 64 connections."""


def documents(node: Node, count: int) -> Iterator[bytes]:
    """Yield the lines that checks of documents leave which nobody has entered."""
    chance = random.Random(1)
    form = b'{"id":"%d","kind":"travel_document","type":"P","issuer":"EGY","number":"Z%010d"}'
    numbers = [chance.randrange(10**10) for _ in range(count)]
    for start in range(0, count, FRAME_LINES):
        asked = b"\n".join(form % (one, one) for one in numbers[start : start + FRAME_LINES])
        yield from glance_at(asked, officer_of(node), Purpose.BORDER, node.desk).entries.splitlines()


def persons(node: Node, count: int) -> Iterator[bytes]:
    """Yield the lines that checks of persons leave of whom nobody is held."""
    for query in islice(strangers(), count):
        yield encode(answered(query, officer_of(node), Purpose.BORDER, node.desk)[1])


def lines_of(node: Node, count: int, persons_share: float) -> list[bytes]:
    """Return lines of both kinds, mixed."""
    persons_count = round(count * persons_share)
    lines = [*documents(node, count - persons_count), *persons(node, persons_count)]
    random.Random(2).shuffle(lines)
    return lines


def spent_us(work: Callable[[], int], count: int) -> float:
    """Return the processor time a line that this takes until there is nothing more to do."""
    begun = time.process_time()
    while work():
        pass
    return (time.process_time() - begun) / count * 1e6


def main() -> None:
    """Measure each job over the same lines, print microseconds a line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--lines", type=int, default=60_000)
    options.add_argument("--persons", type=float, default=0.0, help="the share of checks by name")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as home, new_node(Path(home) / "node") as node:
        journals = node.desk.registry._journals  # noqa: SLF001  # beside the workers, as one more of them
        assert journals is not None
        few = lines_of(node, 256, 0.05)  # compiles what is to be compiled
        many = lines_of(node, chosen.lines, chosen.persons)
        shown: dict[str, float] = {}
        for lines in (few, many):
            journal = JournalWriter(journals.directory, journals.key)
            for start in range(0, len(lines), FRAME_LINES):
                journal.append(lines[start : start + FRAME_LINES])
            shown["taken over"] = spent_us(node.desk.registry.settle, len(lines))
            shown["waiting"] = spent_us(lambda: gather_checks(node.desk), len(lines))
            shown["counted"] = spent_us(lambda: count_the_log(node.desk), len(lines))
            journal.close()
    print(msgspec.json.encode({name: round(one, 2) for name, one in shown.items()}).decode())


if __name__ == "__main__":
    main()
