"""Over HTTP: a payment to be stopped within ten minutes. Nobody answers, and the second addressee does."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.journeys.console_visitor import open_account

from comity.app import Node, init_node, now, open_node
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.clockwork import tick
from comity.procedures.sign_in import officer_named

IBAN = "GB82WEST12345698765432"
PHRASE = {"code": "stop-payment", "values": {"amount": "12500.00", "currency": "EUR", "iban": IBAN}}


@dataclass
class World:
    """A node whose clock a test moves, and three bureaus at its HTTP door."""

    node: Node
    ahead: timedelta = timedelta()
    doors: dict[str, TestClient] = field(default_factory=dict[str, TestClient])

    def clock(self) -> datetime:
        return now() + self.ahead

    def pass_by(self, minutes: int) -> None:
        """Let minutes pass, and the node's clock be looked at as its operator's timer does."""
        self.ahead += timedelta(minutes=minutes)
        tick(self.node.desk, None)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    init_node(tmp_path / "node", "Payments")
    with open_node(tmp_path / "node") as opened:
        made = World(opened)
        made.node = replace(opened, desk=replace(opened.desk, clock=made.clock))
        for bureau in ("FRA", "EGY", "KEN"):
            open_account(made.node, bureau.lower(), bureau, "registrar")
            key = people.new_key(officer_named(bureau.lower(), made.node.desk), made.node.desk).reveal()
            headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "investigation"}
            made.doors[bureau] = TestClient(build_doors(made.node.desk), headers=headers)
        yield made


def due(world: World, bureau: str) -> list[str]:
    """Return the threads in which a bureau's answer is due."""
    threads = world.doors[bureau].get("/v1/messages?list=due").json()["threads"]
    return [one["thread"] for one in threads]


def sent(world: World) -> dict[str, str]:
    """Send the request from France to Egypt, Kenya being the second addressee."""
    asked = {"to": ["EGY"], "second": "KEN", "purpose": "investigation", "phrase": PHRASE}
    answer = world.doors["FRA"].post("/v1/messages", json=asked)
    assert answer.status_code == 201
    return answer.json()


def test_its_clock_runs_for_ten_minutes_and_then_it_passes_on(world: World) -> None:
    one = sent(world)
    path = f"/v1/messages/{one['message']}"
    left = datetime.fromisoformat(one["due_at"]) - datetime.fromisoformat(one["at"])
    before = (due(world, "EGY"), due(world, "KEN"), world.doors["KEN"].get(path).status_code)
    world.pass_by(9)
    in_time = (due(world, "KEN"), world.doors["KEN"].get(path).status_code)
    world.pass_by(2)
    assert left == timedelta(minutes=10)
    assert before == ([one["thread"]], [], 404)
    assert in_time == ([], 404)
    assert due(world, "KEN") == [one["thread"]]
    assert world.doors["KEN"].get(path).json()["content"]["phrase"] == PHRASE


def test_the_second_addressee_s_answer_ends_it(world: World) -> None:
    one = sent(world)
    world.pass_by(11)
    said = {
        "to": ["FRA"],
        "purpose": "investigation",
        "subject": "Stopped",
        "text": "Held.",
        "answers": one["message"],
    }
    answered = world.doors["KEN"].post("/v1/messages", json=said)
    thread = world.doors["FRA"].get(f"/v1/messages/threads/{one['thread']}").json()
    receipts = {one["bureau"]: one for one in thread["messages"][0]["receipts"]}
    assert answered.status_code == 201
    assert [shown["author"] for shown in thread["messages"]] == ["FRA", "KEN"]
    assert (receipts["KEN"]["answered_at"] is not None, receipts["EGY"]["escalated_at"] is not None) == (
        True,
        True,
    )
    assert due(world, "KEN") == []


def test_an_answer_in_time_passes_nothing_on(world: World) -> None:
    one = sent(world)
    said = {
        "to": ["FRA"],
        "purpose": "investigation",
        "subject": "Stopped",
        "text": "Held.",
        "answers": one["message"],
    }
    assert world.doors["EGY"].post("/v1/messages", json=said).status_code == 201
    world.pass_by(11)
    assert (due(world, "EGY"), due(world, "KEN")) == ([], [])
    assert world.doors["KEN"].get(f"/v1/messages/{one['message']}").status_code == 404
