"""A run of retention that is killed at any instant goes on where it stopped, and does no step twice."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.copies import copy_node

from comity.access.roles import role_named
from comity.app import Node, open_node
from comity.procedures.retention_run import run_retention
from comity.procedures.sign_in import officer_named
from comity.procedures.upkeep import examine
from comity.records.handling import Share
from comity.records.record import parse_record
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account
from comity.registry.holdings import Submission
from comity.registry.registry import Handed

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAYS = (0, 100, 136)  # asked, suspended and, a month later, purged
RECORDS = 1500
KILLS = 6
RUNNING = """
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from comity.app import open_node
from comity.procedures.retention_run import run_retention
from comity.procedures.sign_in import officer_named
moment = datetime.fromisoformat(sys.argv[2])
with open_node(Path(sys.argv[1])) as node:
    print("open", flush=True)
    run_retention(officer_named("operator", node.desk), replace(node.desk, clock=lambda: moment))
"""


def entered(node: Node) -> list[str]:
    """Enter vehicles whose time ends in a hundred days; return their identifiers."""
    end = (START + timedelta(days=100)).date().isoformat()
    stated = [
        {
            "kind": "vehicle",
            "source_id": f"V{place}",
            "plate": f"ZZ-{place}-QX",
            "country": "EGY",
            "retain_until": end,
        }
        for place in range(RECORDS)
    ]
    submissions = [Submission("EGY", "own", "own", parse_record(one, Share())) for one in stated]
    with node.desk.registry.write() as connection:
        accounts.add_account(connection, Account("egy", "EGY", role_named("registrar")), START)
        receipts = node.desk.registry.accept(connection, Handed(submissions, "egy", START))
    return [one.public_id for one in receipts]


def killed(directory: Path, moment: datetime, after_s: float) -> None:
    command = [sys.executable, "-c", RUNNING, str(directory), moment.isoformat()]
    running = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert running.stdout is not None
    running.stdout.readline()
    time.sleep(after_s)
    running.send_signal(signal.SIGKILL)
    running.wait(30)
    running.stdout.close()


def test_each_step_is_taken_once_whenever_it_is_killed(tmp_path: Path) -> None:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        records = entered(node)
    chance = random.Random(7)
    for days in DAYS:
        moment = START + timedelta(days=days)
        for _ in range(KILLS // len(DAYS)):
            killed(tmp_path / "node", moment, chance.uniform(0.05, 0.8))
        with open_node(tmp_path / "node") as node:
            desk = replace(node.desk, clock=lambda moment=moment: moment)
            run_retention(officer_named("operator", node.desk), desk)
    with open_node(tmp_path / "node") as node:
        with node.desk.registry.read() as connection:
            lines = Counter(
                (logged.entry.outcome, one)
                for one in records
                for logged in audit_log.entries_on(connection, one, 50)
            )
        faults = examine(node.desk)
    assert faults == []
    assert set(lines.values()) == {1}
    assert Counter(outcome for outcome, _record in lines) == dict.fromkeys(
        ("asked", "suspended", "purged"), RECORDS
    )
