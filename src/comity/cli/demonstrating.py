"""`comity demo`: a throw-away node is made, shown and served."""

from pathlib import Path

from comity.app import open_node
from comity.cli import demo as demonstration
from comity.cli.demo_notices import enter_notices
from comity.cli.demo_together import work_together
from comity.cli.serving import run_server
from comity.procedures import upkeep


def demo(directory: Path = Path("demo-node"), *, port: int = 8470, once: bool = False) -> None:
    """Make a throw-away node in DIRECTORY with invented records, show checks, and serve it on loopback.

    --once leaves the serving out.
    """
    demonstration.fill(directory)
    with open_node(directory) as node:
        made = demonstration.people_of(node)
        count = demonstration.enter_records(node)
        made.append(enter_notices(node))
        demonstration.show_count(count)
        demonstration.show_checks(node)
        work_together(node)
        upkeep.rebuild(node.desk)
        demonstration.show_people(made, node)
    if not once:
        demonstration.show_addresses(port)
        run_server(directory, port)
