"""Checks, records and the trail through the HTTP door, on a real node."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from comity.access.roles import role_named
from comity.api import build_api
from comity.app import Node, init_node, open_node
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.registry import accounts
from comity.registry.accounts import Account

PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    init_node(tmp_path / "node", "Test")
    with open_node(tmp_path / "node") as node:
        for bureau in ("EGY", "FRA"):
            with node.desk.registry.write() as connection:
                account = Account(f"{bureau.lower()}", bureau, role_named("registrar"))
                accounts.add_account(connection, account, node.desk.clock())
        yield node


def client(node: Node, account: str) -> TestClient:
    key = people.new_key(officer_named(account, node.desk), node.desk)
    headers = {"Authorization": f"Bearer {key.reveal()}", "Comity-Purpose": "border"}
    return TestClient(build_api(node.desk), headers=headers, raise_server_exceptions=False)


@pytest.fixture
def egypt(node: Node) -> TestClient:
    return client(node, "egy")


@pytest.fixture
def france(node: Node) -> TestClient:
    return client(node, "fra")


def test_a_shared_record_is_found_by_another_bureau(egypt: TestClient, france: TestClient) -> None:
    egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1", "share": "all"})
    assert france.post("/v1/checks", json=PASSPORT).json()["outcome"] == "hit"


def test_a_withheld_record_answers_as_one_that_is_not_held(egypt: TestClient, france: TestClient) -> None:
    before = france.post("/v1/checks", json=PASSPORT).content
    egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1", "share": {"except": ["FRA"]}})
    assert france.post("/v1/checks", json=PASSPORT).content == before


def test_a_record_that_says_nothing_of_sharing_is_its_owners_alone(
    egypt: TestClient, france: TestClient
) -> None:
    egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1"})
    assert france.post("/v1/checks", json=PASSPORT).json()["outcome"] == "no_hit"


def test_a_pointer_shows_nothing_of_the_record(egypt: TestClient, france: TestClient) -> None:
    record = {**PASSPORT, "source_id": "D1", "share": "all", "view": "pointer", "status": "stolen"}
    egypt.post("/v1/records", json=record)
    hit = france.post("/v1/checks", json=PASSPORT).json()["hits"][0]
    assert (hit["source_id"], hit["summary"], hit["action"]) == (None, {}, "ask-owner")


def test_a_withdrawn_record_is_gone_at_once(egypt: TestClient, france: TestClient) -> None:
    made = egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1", "share": "all"}).json()
    egypt.delete(f"/v1/records/{made['record']}")
    assert france.post("/v1/checks", json=PASSPORT).json()["outcome"] == "no_hit"


def test_another_bureaus_record_cannot_be_withdrawn(egypt: TestClient, france: TestClient) -> None:
    made = egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1", "share": "all"}).json()
    assert france.delete(f"/v1/records/{made['record']}").status_code == 404


def test_a_stale_version_is_a_conflict(egypt: TestClient) -> None:
    made = egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1"}).json()
    assert egypt.delete(f"/v1/records/{made['record']}?version=7").status_code == 409


def test_a_malformed_field_is_told_by_code_and_name(france: TestClient) -> None:
    answer = france.post("/v1/checks", json={**PASSPORT, "number": "***"})
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (
        422,
        "identifier-empty",
        "number",
    )


def test_an_error_is_problem_json(france: TestClient) -> None:
    answer = france.post("/v1/checks", content=b"{")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/checks"), ("POST", "/v1/records"), ("GET", "/v1/statistics"), ("GET", "/v1/audit")],
)
def test_no_route_answers_without_a_key(node: Node, method: str, path: str) -> None:
    anonymous = TestClient(build_api(node.desk), raise_server_exceptions=False)
    assert anonymous.request(method, path, json={}).status_code == 401


def test_a_check_without_a_purpose_is_refused(node: Node) -> None:
    key = people.new_key(officer_named("fra", node.desk), node.desk)
    bare = TestClient(build_api(node.desk), headers={"Authorization": f"Bearer {key.reveal()}"})
    assert bare.post("/v1/checks", json=PASSPORT).json()["rule"] == "purpose-missing"


def test_a_batch_keeps_its_order_and_answers_the_lines_around_a_bad_one(france: TestClient) -> None:
    lines = [
        json.dumps({**PASSPORT, "id": "a"}),
        "no json",
        json.dumps({"kind": "vehicle", "vin": "12", "id": "c"}),
    ]
    answers = france.post("/v1/checks/batch", content="\n".join(lines)).text.splitlines()
    outcomes = [(answer["id"], answer["outcome"]) for answer in map(json.loads, answers)]
    assert outcomes == [("a", "no_hit"), (None, "invalid"), ("c", "invalid")]


def test_each_check_of_a_batch_leaves_one_line(france: TestClient) -> None:
    body = "\n".join(json.dumps(PASSPORT) for _ in range(5))
    france.post("/v1/checks/batch", content=body)
    lines = france.get("/v1/audit").json()["lines"]
    assert sum(line["act"] == "check:make" for line in lines) == 5


def test_a_refused_batch_leaves_one_line_however_it_arrives(node: Node) -> None:
    with node.desk.registry.write() as connection:
        account = Account("fra-operator", "FRA", role_named("operator"))
        accounts.add_account(connection, account, node.desk.clock())
    operator = client(node, "fra-operator")
    parts = [json.dumps(PASSPORT).encode() + end for end in (b"\n", b"\n", b"")]
    assert operator.post("/v1/checks/batch", content=iter(parts)).status_code == 403
    lines = operator.get("/v1/audit", params={"limit": 200}).json()["lines"]
    assert [line["outcome"] for line in lines if line["act"] == "check:make"] == ["refused"]


def test_an_owner_sees_who_met_its_record(egypt: TestClient, france: TestClient) -> None:
    egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1", "share": "all"})
    france.post("/v1/checks", json=PASSPORT)
    assert [line["bureau"] for line in egypt.get("/v1/audit/hits").json()["lines"]] == ["FRA"]


def test_a_registrar_may_not_read_the_heads_of_the_log(france: TestClient) -> None:
    assert france.get("/v1/audit/head").status_code == 403


def test_statistics_do_not_count_what_may_not_be_seen(egypt: TestClient, france: TestClient) -> None:
    before = france.get("/v1/statistics").content
    egypt.post("/v1/records", json={**PASSPORT, "source_id": "D1", "share": {"only": ["BRA"]}})
    assert france.get("/v1/statistics").content == before


def test_an_unknown_path_is_told_in_the_one_form(france: TestClient) -> None:
    assert france.get("/v1/nothing").json()["code"] == "unknown-path"


def test_every_route_is_described(node: Node) -> None:
    described = TestClient(build_api(node.desk)).get("/openapi.json").json()["paths"]
    routes = {getattr(route, "path", "") for route in build_api(node.desk).routes}
    assert set(described) == routes


def test_the_methods_of_every_route_are_described(node: Node) -> None:
    api = build_api(node.desk)
    paths = TestClient(api).get("/openapi.json").json()["paths"]
    described = {(path, method.upper()) for path, operations in paths.items() for method in operations}
    served = {(route.path, method) for route in api.routes for method in route.methods - {"HEAD"}}
    assert described == served
