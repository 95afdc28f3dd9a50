"""The HTTP API asked as its own description allows, and as it does not, by accounts of every role.

Whatever is sent, the answer's status is described, its form is the one described, and it is no 500.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import jsonschema_rs
import pytest
import schemathesis
from asked_here import client_here
from asking import Asker, Call, Told
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests import Session
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp

from comity.access.roles import ROLES, role_named
from comity.api import build_api
from comity.api.description import describe
from comity.api.topic import LINES
from comity.app import Node, init_node, open_node
from comity.procedures import people
from comity.procedures import submit as submitting
from comity.procedures.sign_in import officer_named
from comity.records.kinds import KINDS
from comity.registry import accounts
from comity.registry.accounts import Account

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None)
MODES = {"as-described": GenerationMode.POSITIVE, "otherwise": GenerationMode.NEGATIVE}
DESCRIBED = describe()
OPERATIONS = [
    (path, method.upper())
    for path, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
    if LINES not in operation.get("requestBody", {}).get("content", {})
]
KEYED = [
    (path, method.upper())
    for path, methods in DESCRIBED["paths"].items()
    for method, operation in methods.items()
    if "security" in operation
]
EXAMPLES = [
    {**example, "kind": kind.code, "source_id": f"{kind.code}-{place}", "share": "all"}
    for kind in KINDS.values()
    for place, example in enumerate(kind.examples)
]
WORDS = st.text(max_size=40) | st.sampled_from(
    ["A1234567", "border", "1970", "EGY", "﷽", "\u0000", "'", "%00", "-1"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@dataclass(frozen=True)
class Party:
    """A node's API, who asks it, an API key for each role, and a record that may be asked for."""

    api: ASGIApp
    client: Session
    schema: schemathesis.schemas.BaseSchema
    keys: Mapping[str, str]
    record: str

    def headers(self, role: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.keys[role]}", "Comity-Purpose": "border"}

    def posted(self, path: str, bodies: Iterable[bytes]) -> list[Told]:
        """Return what a registrar is told who sends these bodies, one after another."""
        calls = [Call("POST", path, body=body) for body in bodies]
        return Asker(self.api, self.headers("registrar")).ask(calls)


@pytest.fixture(scope="module")
def party(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Party]:
    directory = tmp_path_factory.mktemp("openapi") / "node"
    init_node(directory, "Test")
    with open_node(directory) as node:
        keys = {role: _key(node, role) for role in ROLES}
        registrar = officer_named("fra-registrar", node.desk)
        made = [submitting.submit(record, registrar, node.desk).receipt for record in EXAMPLES]
        api = build_api(node.desk)
        schema = schemathesis.openapi.from_asgi("/openapi.json", api)
        with client_here(api) as client:
            yield Party(api, client, schema, keys, made[0].public_id)


def _key(node: Node, role: str) -> str:
    with node.desk.registry.write() as connection:
        account = Account(f"fra-{role}", "FRA", role_named(role))
        accounts.add_account(connection, account, node.desk.clock())
    return people.new_key(officer_named(account.name, node.desk), node.desk).reveal()


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        (path, method, mode)
        for path, method in OPERATIONS
        for mode in MODES
        if mode == "as-described" or "security" in DESCRIBED["paths"][path][method.lower()]
    ],
)
def test_whatever_is_asked_the_answer_is_as_described(
    party: Party, path: str, method: str, mode: str
) -> None:
    operation = party.schema[path][method]

    @FEW
    @given(operation.as_strategy(generation_mode=MODES[mode]), st.booleans())
    def holds(case: schemathesis.Case, is_held: bool) -> None:
        if is_held and "record" in case.path_parameters:
            case.path_parameters["record"] = party.record
        case.call_and_validate(session=party.client, headers=party.headers("registrar"), checks=CHECKS)

    holds()


@pytest.mark.parametrize("role", [role for role in ROLES if role != "registrar"])
def test_whoever_asks_the_answer_is_as_described(party: Party, role: str) -> None:
    cases = st.one_of([party.schema[path][method].as_strategy() for path, method in OPERATIONS])

    @FEW
    @given(cases)
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(session=party.client, headers=party.headers(role), checks=CHECKS)

    holds()


@pytest.mark.parametrize(("path", "method"), KEYED)
def test_without_a_key_there_is_no_answer(party: Party, path: str, method: str) -> None:
    (answer,) = Asker(party.api).ask([Call(method, path.replace("{record}", party.record), body=b"{}")])
    assert (answer.status_code, json.loads(answer.content)["code"]) == (401, "not-signed-in")


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    """Return what tells whether a value is as the description's schema of this name says; made once: it is large."""
    whole = {"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]}
    return jsonschema_rs.validator_for(whole)


def valid(name: str, value: object) -> bool:
    return validator(name).is_valid(value)


def slipped(records: list[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    """Return objects of these, each with one field added, replaced or left out."""

    def slip(given: tuple[dict[str, object], int, object, bool]) -> dict[str, object]:
        record, place, value, is_dropped = given
        name = [*record][place % len(record)]
        return {key: one for key, one in record.items() if key != name or not is_dropped} | (
            {} if is_dropped else {name: value}
        )

    return st.tuples(st.sampled_from(records), st.integers(0, 20), VALUES, st.booleans()).map(slip)


@settings(FEW, max_examples=300)
@given(record=slipped(EXAMPLES))
def test_a_record_with_a_slip_is_taken_or_told_of(party: Party, record: dict[str, object]) -> None:
    (answer,) = party.posted("/v1/records", [json.dumps(record).encode()])
    assert answer.status_code in {200, 201, 422}, answer.content
    assert valid("Problem" if answer.status_code == 422 else "Receipt", json.loads(answer.content))


QUERIES = [
    {"kind": "person", "name": "Tarek Mansour Elhadidy", "born": "1970", "sex": "M", "floor": 0, "id": "q"},
    {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A1234567", "purpose": "border"},
    {"kind": "vehicle", "plate": "B-XY 1234", "country": "DEU", "limit": 3},
    {"kind": "vessel", "name": "Northern Lantern", "floor": 0},
    {"kind": "device", "imei": "490154203237518"},
]


@settings(FEW, max_examples=200)
@given(query=slipped(QUERIES))
def test_a_check_with_a_slip_is_answered_or_told_of(party: Party, query: dict[str, object]) -> None:
    (answer,) = party.posted("/v1/checks", [json.dumps(query).encode()])
    assert answer.status_code in {200, 422}, answer.content
    assert valid("Problem" if answer.status_code == 422 else "Answer", json.loads(answer.content))


@settings(FEW, max_examples=100)
@given(
    lines=st.lists(
        slipped(QUERIES).map(lambda query: json.dumps(query).encode())
        | st.binary(min_size=1, max_size=30).map(lambda line: b"#" + line.replace(b"\n", b"")),
        max_size=6,
    )
)
def test_every_line_of_a_batch_is_answered_in_its_place(party: Party, lines: list[bytes]) -> None:
    (answer,) = party.posted("/v1/checks/batch", [b"\n".join(lines)])
    answers = [json.loads(line) for line in answer.content.splitlines()]
    invalid = [one for one in answers if not valid("Answer", one)]
    assert (answer.status_code, len(answers), invalid) == (200, len(lines), [])
    alone = [one.status_code for one in party.posted("/v1/checks", lines)]
    assert [one["outcome"] == "invalid" for one in answers] == [status == 422 for status in alone]
