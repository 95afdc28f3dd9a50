"""A disk that takes no more: every act is answered with a code, nothing acknowledged is lost, room heals it (law 3).

The node lies on a small filesystem of its own; where nobody may mount one, this is skipped and says so.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.copies import copy_node
from tests.journeys.command_line import comity

from comity.access.roles import role_named
from comity.api import build_api
from comity.app import open_node
from comity.procedures import people, upkeep
from comity.procedures.sign_in import officer_named
from comity.registry import accounts
from comity.registry.accounts import Account

SIZE = "40m"
RECORD = {"kind": "vehicle", "plate": "QX-417-ZT", "country": "FRA", "share": "all"}
QUERY = {"kind": "vehicle", "plate": "QX-417-ZT", "country": "FRA"}


@dataclass(frozen=True)
class SmallDisk:
    """A filesystem with a node on it, and the node's key."""

    directory: Path
    key: str

    @property
    def node(self) -> Path:
        return self.directory / "node"

    def fill(self) -> None:
        """Take all the room that there is, to the last byte."""
        with suppress(OSError), (self.directory / "ballast").open("ab", buffering=0) as ballast:
            while True:
                ballast.write(os.urandom(4096))

    def clear(self) -> None:
        (self.directory / "ballast").unlink(missing_ok=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    directory = tmp_path / "small"
    directory.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(directory)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("nobody here may mount a small filesystem")
    try:
        copy_node(directory / "node")
        with open_node(directory / "node") as node:
            with node.desk.registry.write() as connection:
                account = Account("fra", "FRA", role_named("registrar"))
                accounts.add_account(connection, account, node.desk.clock())
            key = people.new_key(officer_named("fra", node.desk), node.desk).reveal()
        yield SmallDisk(directory, key)
    finally:
        subprocess.run(["umount", "-l", str(directory)], check=False)


def asked(client: TestClient, disk: SmallDisk, path: str, body: object) -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {disk.key}", "Comity-Purpose": "border"}
    answer = client.post(path, json=body, headers=headers)
    return answer.status_code, answer.json()


def entered_until_full(client: TestClient, disk: SmallDisk) -> tuple[list[str], tuple[int, object]]:
    """Enter records until one is not taken; return those acknowledged, and what the last was told."""
    disk.fill()
    given: list[str] = []
    for place in range(20_000):
        record = {**RECORD, "plate": f"QX-{place:05}", "source_id": f"V{place}", "remarks": ["x" * 900]}
        status, body = asked(client, disk, "/v1/records", record)
        if status != 201:
            return given, (status, body.get("code"))
        given.append(str(body["record"]))
    raise AssertionError("the disk was never full")


def test_a_submission_on_a_full_disk_is_told_so(disk: SmallDisk) -> None:
    with open_node(disk.node) as node, TestClient(build_api(node.desk)) as client:
        _, told = entered_until_full(client, disk)
    assert told == (503, "storage-full")


def test_a_check_on_a_full_disk_is_not_answered_but_told_so(disk: SmallDisk) -> None:
    with open_node(disk.node) as node, TestClient(build_api(node.desk)) as client:
        entered_until_full(client, disk)
        disk.fill()
        told = {asked(client, disk, "/v1/checks", QUERY)[0] for _ in range(2000)}
    assert told - {200} == {503}


def test_nothing_acknowledged_is_lost_and_room_heals_the_node(disk: SmallDisk) -> None:
    with open_node(disk.node) as node, TestClient(build_api(node.desk)) as client:
        given, _ = entered_until_full(client, disk)
        disk.clear()
        status, body = asked(client, disk, "/v1/records", {**RECORD, "source_id": "after"})
    with open_node(disk.node) as node:
        held = [one for one in [*given, str(body["record"])] if node.desk.registry.record_with(one)]
        findings = upkeep.examine(node.desk)
    assert (status, len(held), findings) == (201, len(given) + 1, [])


def test_an_import_on_a_full_disk_is_told_so_and_goes_on_later(disk: SmallDisk, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    lines = [
        json.dumps({**RECORD, "plate": f"QY-{place:05}", "source_id": f"W{place}", "remarks": ["x" * 900]})
        for place in range(3000)
    ]
    rows.write_text("\n".join(lines), "utf-8")
    order = ("import", "jsonl", str(rows), "--owner", "FRA", "--node", str(disk.node))
    disk.fill()
    stopped = comity(*order)
    disk.clear()
    assert (stopped.returncode, stopped.stderr.split()[-100:].count("storage-full")) == (1, 1)
    assert comity(*order).returncode == 0
    assert comity("doctor", "--node", str(disk.node)).returncode == 0
