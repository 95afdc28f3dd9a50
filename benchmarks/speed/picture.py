"""How long the picture of a year takes: the figures by themselves, and the console's whole page.

    python benchmarks/speed/picture.py [times]

A year of 8.6 billion searches by every bureau of a new node, seeded as rollups; SQLite; one process, one asker.
The bound is 200 ms for the page. Prints one line of JSON.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.journeys.console_visitor import open_account, visitor
from tests.journeys.seeded_year import seed_year

from comity.app import Node, init_node, open_node
from comity.procedures.picture import PictureRequest, picture
from comity.procedures.sign_in import officer_named


def taken_ms(act: Callable[[], object], times: int) -> dict[str, float]:
    """Return the median and the longest of several runs, in milliseconds, and the processor's median.

    The first is left out.
    """
    act()
    taken, worked = [], []
    for _ in range(times):
        start, work = time.perf_counter(), time.process_time()
        act()
        taken.append(1000 * (time.perf_counter() - start))
        worked.append(1000 * (time.process_time() - work))
    medians = [round(statistics.median(one), 1) for one in (taken, worked)]
    return {"median": medians[0], "longest": round(max(taken), 1), "processor": medians[1]}


def measure(node: Node, times: int) -> dict[str, object]:
    secrets = open_account(node, "official", "FRA", "official")
    with node.desk.registry.write() as connection:
        searches = seed_year(connection, node.desk.registry.bureaus())
    official = officer_named("official", node.desk)
    client = visitor(node)
    client.sign_in(node, secrets)
    page = client.client.get("/statistics")
    assert page.status_code == 200, page.status_code
    return {
        "searches": searches,
        "page_bytes": len(page.content),
        "figures_ms": taken_ms(lambda: picture(PictureRequest(), None, official, node.desk), times),
        "page_ms": taken_ms(lambda: client.client.get("/statistics"), times),
    }


def main() -> None:
    """Measure and print."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as directory:
        init_node(Path(directory) / "node", "Picture")
        with open_node(Path(directory) / "node") as node:
            print(json.dumps(measure(node, times)))


if __name__ == "__main__":
    main()
