"""Names that no identifier has, such as those with NUL in them, are unknown alike on SQLite and PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.unit.procedures.offices import lines, officer, offices

from comity.app import Node
from comity.doors import build_doors
from comity.procedures import people

BEFORE_ALL_TIME = "0001-01-01T00:00:00+23:59~A"
"""A cursor whose moment is in no year once it is read as UTC."""

UNKNOWN = (
    ("GET", "/v1/records/%00"),
    ("GET", "/v1/records/%00/trail"),
    ("DELETE", "/v1/records/A%00"),
    ("GET", "/v1/hits/%00"),
    ("POST", "/v1/hits/%00/question"),
    ("GET", "/v1/notices/%00"),
    ("GET", "/v1/diffusions/%00/sheet"),
    ("GET", "/v1/public-notices/red/%00"),
    ("GET", "/v1/messages/%00"),
    ("GET", "/v1/proposals/%00"),
    ("GET", "/v1/access-requests/%00"),
    ("DELETE", "/v1/watches/%00"),
)


@pytest.fixture
def node(tmp_path: Path, registry_url: str) -> Iterator[Node]:
    with offices(tmp_path, registry_url) as node:
        yield node


def client(node: Node, name: str = "egy-registrar") -> TestClient:
    key = people.new_key(officer(node, name), node.desk).reveal()
    headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
    return TestClient(build_doors(node.desk), headers=headers)


def test_a_name_with_nul_in_it_is_unknown(node: Node) -> None:
    egypt = client(node)
    answers = [egypt.request(method, path, json={"priority": "urgent"}) for method, path in UNKNOWN]
    assert [one.status_code for one in answers] == [404] * len(UNKNOWN)


def test_each_that_asks_for_one_leaves_a_line(node: Node) -> None:
    egypt = client(node)
    before = lines(node)
    for method, path in UNKNOWN:
        egypt.request(method, path, json={"priority": "urgent"})
    assert lines(node) - before == len(UNKNOWN)


def test_no_hit_is_on_a_record_with_nul_in_its_name(node: Node) -> None:
    assert client(node).get("/v1/hits", params={"record": "\x00"}).json() == {"hits": [], "next": None}


@pytest.mark.parametrize("after", [BEFORE_ALL_TIME, "9999-12-31T23:59:59-23:59~A"])
@pytest.mark.parametrize("path", ["/v1/notices", "/v1/diffusions"])
def test_a_cursor_out_of_all_time_is_none(node: Node, path: str, after: str) -> None:
    answer = client(node).get(path, params={"after": after})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor-form")


@pytest.mark.parametrize("after", [BEFORE_ALL_TIME, "2026-01-01T00:00:00+00:00~\x00"])
def test_nor_is_one_among_what_was_refused(node: Node, after: str) -> None:
    answer = client(node, "reviewer-1").get("/v1/refused-notices", params={"after": after})
    assert (answer.status_code, answer.json()["code"]) in {(422, "cursor-form"), (422, "text-characters")}
