"""The HTTP door for those who keep a node: its health, its counts, and what a known caller gets wrong."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from comity.access.roles import role_named
from comity.api import build_api
from comity.api.faults import ACTS
from comity.app import Node, init_node, open_node
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.registry import accounts
from comity.registry.accounts import Account

CHECK = {"kind": "vehicle", "vin": "1M8GDM9AXKP042788"}
VEHICLE = {**CHECK, "source_id": "V1"}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    init_node(tmp_path / "node", "Test")
    with open_node(tmp_path / "node") as node:
        with node.desk.registry.write() as connection:
            for name, bureau in (("fra", "FRA"), ("egy", "EGY")):
                account = Account(name, bureau, role_named("registrar"))
                accounts.add_account(connection, account, node.desk.clock())
        yield node


def client(node: Node, account: str) -> TestClient:
    key = people.new_key(officer_named(account, node.desk), node.desk)
    headers = {"Authorization": f"Bearer {key.reveal()}", "Comity-Purpose": "border"}
    return TestClient(build_api(node.desk), headers=headers)


@pytest.fixture
def france(node: Node) -> TestClient:
    return client(node, "fra")


@pytest.mark.parametrize(
    ("method", "path", "headers", "act", "reason"),
    [
        ("POST", "/v1/checks", {"Comity-Purpose": "fun"}, "check:make", "not-a-choice purpose"),
        ("POST", "/v1/checks/batch", {"Comity-Purpose": "fun"}, "check:make", "not-a-choice purpose"),
        ("GET", "/v1/statistics", {"Comity-Purpose": "fun"}, "statistics:read", "not-a-choice purpose"),
        ("GET", "/v1/records/X", {"Comity-Purpose": "fun"}, "record:read", "not-a-choice purpose"),
        ("DELETE", "/v1/records/X?version=one", {}, "record:withdraw", "number-expected version"),
        ("GET", "/v1/audit?limit=-1", {}, "audit:own", "number-expected limit"),
        ("GET", "/v1/audit?before=noon", {}, "audit:own", "moment-form before"),
        ("GET", "/v1/audit/hits?before=2030-01-01", {}, "audit:hits", "moment-form before"),
        ("GET", "/v1/reviews?within_days=x", {}, "record:review", "number-expected within_days"),
        ("GET", "/v1/holders?limit=x", {}, "audit:hits", "number-expected limit"),
    ],
)
def test_what_only_the_door_has_seen_is_logged(
    france: TestClient, method: str, path: str, headers: dict[str, str], act: str, reason: str
) -> None:
    assert france.request(method, path, headers=headers).status_code == 422
    newest = france.get("/v1/audit").json()["lines"][0]
    assert (newest["act"], newest["outcome"], newest["reason"]) == (act, "invalid", reason)


def test_a_body_that_is_too_large_is_logged(france: TestClient) -> None:
    france.post("/v1/checks", content=b" " * (64 * 1024 + 1))
    assert france.get("/v1/audit").json()["lines"][0]["reason"] == "body-too-large body"


def test_a_malformed_limit_that_a_procedure_sees_is_logged_once(france: TestClient) -> None:
    before = len(france.get("/v1/audit").json()["lines"])
    france.get("/v1/audit?limit=999")
    assert len(france.get("/v1/audit").json()["lines"]) == before + 1


def test_every_route_with_a_key_names_its_act(node: Node) -> None:
    open_paths = {"/healthz", "/openapi.json"}
    routes = {
        (method, route.path)
        for route in build_api(node.desk).routes
        if isinstance(route, Route) and route.path not in open_paths
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert routes == set(ACTS)


def test_a_node_in_health_says_so(france: TestClient) -> None:
    assert france.get("/healthz", headers={"Authorization": ""}).json() == {"status": "ok"}


def test_a_node_without_its_database_says_so(node: Node, tmp_path: Path) -> None:
    france = client(node, "fra")
    node.desk.registry.close()
    (tmp_path / "node" / "registry.sqlite").unlink()
    assert france.get("/healthz").status_code == 503


@pytest.mark.parametrize("account", ["fra", "desk"])
def test_who_does_not_run_the_node_sees_no_counts(node: Node, account: str) -> None:
    assert client(node, account).get("/metrics").status_code == 403


def test_nobody_sees_counts_without_a_key(france: TestClient) -> None:
    assert france.get("/metrics", headers={"Authorization": ""}).status_code == 401


def counts(operator: TestClient) -> str:
    lines = operator.get("/metrics").text.splitlines()
    return "\n".join(line for line in lines if re.match("comity_(requests|checks)_total", line))


def test_a_check_is_counted_by_its_kind(node: Node) -> None:
    operator = client(node, "operator")
    key = people.new_key(officer_named("fra", node.desk), node.desk).reveal()
    headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
    operator.post("/v1/checks", json=CHECK, headers=headers)
    assert 'comity_checks_total{kind="vehicle",outcome="answered"} 1.0' in counts(operator)


def test_a_strangers_path_makes_no_series_of_its_own(node: Node) -> None:
    operator = client(node, "operator")
    operator.get("/v1/a-path-that-nobody-has")
    assert "nobody-has" not in counts(operator)


def test_an_unknown_kind_makes_no_series_of_its_own(node: Node) -> None:
    operator = client(node, "operator")
    operator.post("/v1/checks", json={"kind": "unicorn"})
    assert "unicorn" not in counts(operator)


def test_counts_do_not_show_whether_a_withheld_record_exists(node: Node) -> None:
    def counted(*, is_held: bool) -> str:
        if is_held:
            submit({**VEHICLE, "share": {"only": ["FRA"]}}, officer_named("egy", node.desk), node.desk)
        operator = client(node, "operator")
        for account in ("fra", "egy"):
            key = people.new_key(officer_named(account, node.desk), node.desk).reveal()
            headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
            answer = operator.post("/v1/checks", json=CHECK, headers=headers).json()
            assert (answer["outcome"] == "hit") == is_held
            one = answer["hits"][0]["record"] if is_held else "A" * 20
            operator.get(f"/v1/records/{one}", headers=headers)
        return counts(operator)

    assert counted(is_held=False) == counted(is_held=True)


def test_a_reading_of_the_statistics_is_logged(france: TestClient) -> None:
    france.get("/v1/statistics")
    assert france.get("/v1/audit").json()["lines"][0]["act"] == "statistics:read"
