"""What a redress search costs among many messages whose coded phrases name somebody: processor time.

    python benchmarks/speed/phrases_searched.py [--messages 100000] [--profile]

A node is made in a temporary directory; rows are inserted as `store` would, each with a phrase that names another
person, born on another day, and a sentence beside it.
"""

import argparse
import cProfile
import pstats
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from office_pages import invented, open_accounts
from sqlalchemy import Connection

from comity.app import Node, init_node, open_node
from comity.procedures import message_keys, redress, redress_find
from comity.procedures.messages.asked import new_id
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.messages.message import parse_content, parse_header
from comity.registry.messages import MESSAGES

HEADER = parse_header({"to": ["EGY"], "purpose": "investigation", "asks": True}).to_bytes()
AT_ONCE = 5000


def body(number: int) -> bytes:
    """Return what a message says: whom its phrase names is told by its number."""
    values = {
        "name": invented(number),
        "born": f"{1950 + number % 50}-{1 + number % 12:02}-{1 + number % 28:02}",
    }
    said = {
        "phrase": {"code": "locate-person", "values": values},
        "text": "He may be at the old harbour by now.",
    }
    return parse_content(said).to_bytes()


def fill(connection: Connection, count: int) -> None:
    """Insert messages."""
    at = datetime.now(UTC) - timedelta(days=30)
    for start in range(0, count, AT_ONCE):
        rows = [
            {
                "number": one + 1,
                "public_id": new_id(),
                "thread": new_id(),
                "author": "FRA",
                "account": "fra",
                "at": at + timedelta(seconds=one),
                "header": HEADER,
                "phrase": "locate-person",
                "body": body(one),
            }
            for one in range(start, min(start + AT_ONCE, count))
        ]
        connection.execute(MESSAGES.insert(), rows)


def searches(node: Node, *, is_profiled: bool) -> None:
    """Search, and print what that costs."""
    ccf = officer_named("ccf", node.desk)
    case = redress.open_case(redress.Request("access", {"name": "X"}, "What is held?"), ccf, node.desk)
    asked: tuple[dict[str, Json], ...] = (
        {"name": "Absent Nowhereman"},
        {"name": "Absent Nowhereman", "born": "1971-05-06"},
        {"name": invented(4_711)},
        {"name": invented(4_711), "born": "1961-08-08"},
    )
    for query in asked:
        watched = cProfile.Profile()
        spent = time.process_time()
        if is_profiled:
            watched.enable()
        found = redress_find.find(case.ref, {"kind": "person", **query}, ccf, node.desk)
        watched.disable()
        spent = time.process_time() - spent
        by = [one.by for one in found]
        counts = {name: by.count(name) for name in sorted(set(by))}
        print(f"{' '.join(map(str, query.values())):32} {spent:6.2f} s of processor, {counts}", flush=True)
        if is_profiled:
            pstats.Stats(watched).sort_stats("tottime").print_stats(25)


def main() -> int:
    """Fill a node, make its keys and search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as directory:
        init_node(Path(directory) / "node", "Bench")
        with open_node(Path(directory) / "node") as node:
            open_accounts(node)
            with node.desk.registry.write() as connection:
                fill(connection, asked.messages)
            spent = time.process_time()
            message_keys.keep_keys(node.desk, None)
            print(f"keys of {asked.messages}: {time.process_time() - spent:.1f} s of processor", flush=True)
            searches(node, is_profiled=asked.profile)
    return 0


if __name__ == "__main__":
    sys.exit(main())
