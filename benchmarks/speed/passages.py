"""What a redress search's keys of earlier versions and of notes cost, and a search among them: processor time.

    python benchmarks/speed/passages.py [--records 5000] [--versions 4]

A node is made in a temporary directory. Each record's alias, father and a sentence change with each version; as many
proposals of one sentence stand on one record: a note on a hit costs as much.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from office_pages import invented, open_accounts

from comity.app import Node, init_node, open_node
from comity.procedures import redress, redress_find
from comity.procedures.passage_keys import follow_within
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.handling import Share
from comity.records.record import parse_record
from comity.registry import owner_requests, passages, positions
from comity.registry.holdings import Submission
from comity.registry.owner_requests import PROPOSAL, OwnerRequest
from comity.registry.registry import Handed

AT_ONCE = 1000


def fill_versions(node: Node, records: int, versions: int) -> None:
    """Enter records and amend each so many times."""
    for version in range(versions + 1):
        rows: list[dict[str, Json]] = [
            {
                "kind": "person",
                "source_id": f"P{number}",
                "names": [
                    {"name": invented(number), "type": "primary"},
                    {"name": invented(number + (version + 1) * 100_000), "type": "alias"},
                ],
                "father": invented(number * 7 % 100_000 + version * 100_000),
                "remarks": f"Seen in version {version} with {invented(number * 3 % 100_000)} at the harbour.",
            }
            for number in range(records)
        ]
        for start in range(0, records, AT_ONCE):
            some = [parse_record(row, Share()) for row in rows[start : start + AT_ONCE]]
            submissions = [Submission("EGY", "bench", f"v{version}", one) for one in some]
            with node.desk.registry.entering() as connection:
                node.desk.registry.accept(connection, Handed(submissions, "egy", node.desk.clock()))


def fill_notes(node: Node, count: int) -> None:
    """Keep as many proposals of a sentence on the first record: their words cost what notes on hits cost."""
    at = node.desk.clock()
    with node.desk.registry.write() as connection:
        held = next(iter(node.desk.registry.fetch([1]).values()))
        for number in range(count):
            names = invented(number), invented(number * 3)
            reason = f"She was seen with {names[0]} near the old harbour, who called himself {names[1]}."
            request = OwnerRequest(
                f"{number:020}",
                PROPOSAL,
                1,
                held.public_id,
                "EGY",
                "FRA",
                "fra",
                1,
                None,
                b"{}",
                reason,
                "open",
                at,
                at,
            )
            owner_requests.add(connection, request)


def make_keys(node: Node, what: str) -> None:
    """Make all keys, and print what a thousand passages cost."""
    with node.desk.registry.read() as connection:
        before = positions.position(connection, positions.PASSAGES_TO_KEYS)
    spent, start = time.process_time(), time.perf_counter()
    while not follow_within(node.desk, 10.0).is_all:
        pass
    spent, took = time.process_time() - spent, time.perf_counter() - start
    with node.desk.registry.read() as connection:
        made = passages.last_number(connection) - before
        size = sum(block.digests.nbytes + block.places.nbytes for block in passages.blocks(connection))
    print(
        f"keys of {made} {what}: {spent:.2f} s of processor, {took:.2f} s, blocks {size / 1e6:.1f} MB",
        flush=True,
    )


def search(node: Node, name: str) -> None:
    """Search for a name, and print what that costs."""
    ccf = officer_named("ccf", node.desk)
    case = redress.open_case(redress.Request("access", {"name": name}, "What is held?"), ccf, node.desk)
    redress_find.find(case.ref, {"kind": "person", "name": "Absent Nowhereman"}, ccf, node.desk)
    spent = time.process_time()
    found = redress_find.find(case.ref, {"kind": "person", "name": name}, ccf, node.desk)
    spent = time.process_time() - spent
    kinds = [one.about.kind for one in found]
    counts = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    print(f"search for {name:20} {1000 * spent:7.1f} ms of processor, {counts}", flush=True)


def main() -> int:
    """Fill a node, make its keys and search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=5000)
    parser.add_argument("--versions", type=int, default=4)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        init_node(Path(directory) / "node", "Bench")
        with open_node(Path(directory) / "node") as node:
            open_accounts(node)
            fill_versions(node, asked.records, asked.versions)
            make_keys(node, "versions")
            fill_notes(node, asked.records)
            make_keys(node, "notes")
            for name in ("Absent Nowhereman", invented(100_007), invented(4_000)):
                search(node, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
