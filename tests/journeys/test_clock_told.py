"""A clock that jumped, at every door: the doctor, the health of the node, the console of who runs it; and confirmed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.copies import copy_node
from tests.journeys.command_line import comity_here
from tests.journeys.console_visitor import open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus
from tests.unit.procedures.machine import Machine

from comity.app import Node
from comity.doors import build_doors
from comity.phrases.words import CODES, words
from comity.procedures.node_clock import NodeClock

YEARS = timedelta(days=3650)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A node that has written ten years later than the machine's clock is now."""
    copy_node(tmp_path / "node")
    later = datetime.now(UTC) + YEARS
    mark = {"at": later.isoformat(), "boot": "another", "since_boot_s": 1.0}
    (tmp_path / "node" / "clock").write_text(json.dumps(mark))
    return tmp_path / "node"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    """A node whose machine's clock has jumped ten years ahead."""
    with bureaus(tmp_path) as node:
        machine = Machine(datetime.now(UTC))
        clock = NodeClock(tmp_path / "own-clock", None, machine.read)
        machine.wall += YEARS
        yield replace(node, desk=replace(node.desk, clock=clock, guard=clock))


def test_the_doctor_tells_of_it_with_a_code(home: Path) -> None:
    told = comity_here("doctor", "--node", str(home))
    assert (told.returncode, "clock-behind" in told.stdout) == (1, True)


def test_the_command_shows_both_times(home: Path) -> None:
    shown = json.loads(comity_here("clock", "show", "--json", "--node", str(home)).stdout)
    apart = datetime.fromisoformat(shown["node_time"]) - datetime.fromisoformat(shown["machine_time"])
    assert apart > YEARS - timedelta(days=1)


def test_once_it_is_confirmed_nothing_is_wrong(home: Path) -> None:
    comity_here("clock", "confirm", "--node", str(home))
    assert "Nothing is wrong" in comity_here("doctor", "--node", str(home)).stdout


def test_retention_is_refused_in_words(home: Path) -> None:
    told = comity_here("retention", "run", "--node", str(home), language="fr")
    assert "en retard" in told.stderr


def test_the_health_of_a_node_says_how_its_clock_stands(node: Node) -> None:
    assert TestClient(build_doors(node.desk)).get("/healthz").json() == {"status": "ok", "clock": "ahead"}


@pytest.mark.parametrize("language", CODES)
def test_who_runs_the_node_is_told_on_every_page(node: Node, language: str) -> None:
    running = visitor(node, **{"accept-language": language})
    running.sign_in(node, open_account(node, "running", "XPO", "operator"))
    assert words_of(words(language).error("clock-ahead")) in words_of(running.client.get("/keys").text)


def test_nobody_else_is_told(node: Node) -> None:
    registrar = visitor(node)
    registrar.sign_in(node, open_account(node, "entering", "EGY"))
    assert words_of(words("en").error("clock-ahead")) not in words_of(registrar.client.get("/keys").text)
