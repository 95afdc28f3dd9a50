"""A check that opened a hit and was answered is never lost, nor what its owner is told, whenever it is killed."""

import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from processes import instants, seeded
from tests.copies import copy_node

from comity.access.roles import role_named
from comity.app import Node, open_node
from comity.procedures.clockwork import tick
from comity.procedures.upkeep import examine
from comity.records.handling import Share
from comity.records.record import parse_record
from comity.registry import accounts, events, hits
from comity.registry.accounts import Account
from comity.registry.holdings import Submission
from comity.registry.registry import Handed

RECORDS = 3000
KILLS = 3
SPAN_S = 1.5
CHECKING = """
import sys
from pathlib import Path
from comity.app import open_node
from comity.procedures.check import run_check
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
with open_node(Path(sys.argv[1])) as node:
    officer = officer_named("fra", node.desk)
    print("open", flush=True)
    for place in range(int(sys.argv[2]), int(sys.argv[3])):
        query = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": f"K{place:07d}"}
        print(run_check(query, officer, Purpose.BORDER, node.desk).hits[0].opened, flush=True)
"""


def entered(node: Node) -> None:
    at = datetime.now(UTC)
    one = {"kind": "travel_document", "type": "P", "issuer": "EGY", "status": "stolen"}
    stated = [{**one, "source_id": f"D{n}", "number": f"K{n:07d}", "share": "all"} for n in range(RECORDS)]
    with node.desk.registry.write() as connection:
        for name, bureau, role in (("egy", "EGY", "registrar"), ("fra", "FRA", "officer")):
            accounts.add_account(connection, Account(name, bureau, role_named(role)), at)
        submissions = [Submission("EGY", "own", "own", parse_record(one, Share())) for one in stated]
        node.desk.registry.accept(connection, Handed(submissions, "egy", at))
    node.desk.follower.catch_up()
    node.desk.index.save()


def answered_until_killed(directory: Path, part: range, after_s: float, lines: int) -> list[str]:
    """Check until it is killed, an instant after so many lines are said; return the hits that the answers named."""
    command = [sys.executable, "-c", CHECKING, str(directory), str(part.start), str(part.stop)]
    checking = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert checking.stdout is not None
    before = "".join(checking.stdout.readline() for _ in range(lines))
    assert before.startswith("open\n")
    time.sleep(after_s)
    checking.send_signal(signal.SIGKILL)
    said = before.removeprefix("open\n") + checking.stdout.read()
    checking.stdout.close()
    checking.wait(30)
    return said[: said.rfind("\n") + 1].split()  # a line that was cut is no answer


def test_what_was_answered_is_held_and_its_owner_told_once(tmp_path: Path) -> None:
    directory = tmp_path / "node"
    copy_node(directory)
    with open_node(directory) as node:
        entered(node)
    answered: list[str] = []
    share = RECORDS // KILLS
    for place, instant in enumerate(instants(KILLS, SPAN_S, seeded("hits killed"))):
        part = range(place * share, (place + 1) * share)
        # Once after a first answer: on a busy machine none may come within the span.
        answered += answered_until_killed(directory, part, instant, lines=1 if place else 2)
    with open_node(directory) as node:
        tick(node.desk, None)
        with node.desk.registry.read() as connection:
            held = {one for one in answered if hits.hit_with(connection, one) is not None}
            told = Counter(one.event.about for one in events.after(connection, "EGY", 0, 10 * RECORDS))
        faults = examine(node.desk)
    assert answered, "some were answered before the kill"
    assert held == set(answered)
    assert {one: told[one] for one in answered} == dict.fromkeys(answered, 1)
    assert faults == []
