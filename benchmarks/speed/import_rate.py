"""How many records a second an import takes, end to end: read, validated, stored, audited, indexed, saved.

    python benchmarks/speed/import_rate.py SOURCE FILE [MAPPING]

A new node in a temporary directory each time; prints a table, writes nothing else.
"""

import argparse
import platform
import tempfile
import time
from pathlib import Path

from comity.app import CLI_ACCOUNT, init_node, open_node
from comity.procedures.import_list import ImportOrder, import_list
from comity.procedures.sign_in import officer_named
from comity.records.handling import parse_share_option
from comity.records.record import parse_record
from comity.registry.imports import ImportRun
from comity.sources import reader_named
from comity.sources.placement import placement_of

OWNER = "CHE"


def measure(source: str, file: Path, mapping: str) -> dict[str, float]:
    """Return the rows of a list and the seconds that each stage takes."""
    share = parse_share_option("all")
    begun = time.perf_counter()
    rows = list(reader_named(source, mapping)(file))
    read = time.perf_counter()
    for row in rows:
        if row.data is not None:
            parse_record(row.data, share)
    parsed = time.perf_counter()
    with tempfile.TemporaryDirectory() as home:
        init_node(Path(home) / "node", "Benchmark")
        with open_node(Path(home) / "node") as node:
            placed = placement_of(source, file, mapping)
            run = ImportRun(placed.digest(), source, OWNER, placed.list_name, placed.origin)
            officer = officer_named(CLI_ACCOUNT, node.desk)
            begun_whole = time.perf_counter()
            order = ImportOrder(run, share)
            reader = reader_named(source, mapping)(file)
            tally = import_list(reader, order, officer, node.desk, lambda _one: None, lambda _done: None)
            stored = time.perf_counter()
            node.desk.follower.catch_up(lambda _done, _total: None)
            indexed = time.perf_counter()
            node.desk.index.save()
            saved = time.perf_counter()
    return {
        "rows": tally.read,
        "rejected": tally.rejected,
        "read_s": read - begun,
        "parse_s": parsed - read,
        "read_parse_store_s": stored - begun_whole,
        "index_s": indexed - stored,
        "save_index_s": saved - indexed,
        "rows_per_s": tally.read / (saved - begun_whole),
    }


def main() -> None:
    """Print the measures of one list."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("source")
    options.add_argument("file", type=Path)
    options.add_argument("mapping", nargs="?", default="")
    chosen = options.parse_args()
    print(f"{platform.python_version()} {platform.machine()} {chosen.file.name}")
    for name, value in measure(chosen.source, chosen.file, chosen.mapping).items():
        print(f"{name:20} {value:12.2f}")


if __name__ == "__main__":
    main()
