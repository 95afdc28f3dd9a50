"""What the HTTP door answers when something is wrong: one form, no detail, nothing left unlogged."""

import asyncio
import itertools
import json
import logging
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from comity.access.roles import role_named
from comity.api import build_api, checks
from comity.api.guard import AnswerCutError
from comity.app import Node, init_node, open_node
from comity.errors import OverloadedError
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.records.handling import Purpose
from comity.registry import accounts
from comity.registry.accounts import Account

PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
WORDS = "words that nobody may log"


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    init_node(tmp_path / "node", "Test")
    with open_node(tmp_path / "node") as node:
        account = Account("fra", "FRA", role_named("registrar"), purposes=frozenset({Purpose.BORDER}))
        with node.desk.registry.write() as connection:
            accounts.add_account(connection, account, node.desk.clock())
        yield node


@pytest.fixture
def france(node: Node) -> TestClient:
    return client(node)


def client(node: Node, *, raises: bool = False) -> TestClient:
    key = people.new_key(officer_named("fra", node.desk), node.desk)
    headers = {"Authorization": f"Bearer {key.reveal()}", "Comity-Purpose": "border"}
    return TestClient(build_api(node.desk), headers=headers, raise_server_exceptions=raises)


def failing(error: Exception) -> object:
    def fail(*_given: object) -> None:
        raise error

    return fail


def outcomes(france: TestClient, act: str) -> list[str]:
    lines = france.get("/v1/audit").json()["lines"]
    return [line["outcome"] for line in lines if line["act"] == act]


def test_a_check_that_is_no_json_is_told_so(france: TestClient) -> None:
    assert france.post("/v1/checks", content=b"{").json()["code"] == "json-form"


def test_a_check_that_is_no_json_is_logged(france: TestClient) -> None:
    france.post("/v1/checks", content=b"{")
    assert outcomes(france, "check:make") == ["invalid"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b'{"kind":', "json-form"),
        (b'{"id":"' + b"x" * 65536 + b'"}', "line-too-long"),
        (b"null", "object-expected"),
        (b"[]", "object-expected"),
    ],
)
def test_a_line_of_a_batch_is_told_and_logged_what_a_single_check_is(
    france: TestClient, line: bytes, code: str
) -> None:
    answers = france.post("/v1/checks/batch", content=line + b"\n").text.splitlines()
    reasons = [one["reason"] for one in france.get("/v1/audit").json()["lines"] if one["act"] == "check:make"]
    assert [json.loads(answer)["error"]["code"] for answer in answers] == [code]
    assert [reason.split()[0] for reason in reasons] == [code]


def test_a_record_that_is_no_json_is_logged(france: TestClient) -> None:
    france.post("/v1/records", content=b"{")
    assert outcomes(france, "record:submit") == ["invalid"]


def test_a_record_that_is_no_json_is_told_so(france: TestClient) -> None:
    assert france.post("/v1/records", content=b"{").json()["code"] == "json-form"


def test_a_check_over_64_kib_is_too_large(france: TestClient) -> None:
    body = json.dumps(PASSPORT).encode().ljust(64 * 1024 + 1)
    assert france.post("/v1/checks", content=body).status_code == 413


def test_a_check_of_64_kib_is_answered(france: TestClient) -> None:
    body = json.dumps(PASSPORT).encode().ljust(64 * 1024)
    assert france.post("/v1/checks", content=body).status_code == 200


def test_a_line_over_64_kib_is_invalid_in_its_place(france: TestClient) -> None:
    long = json.dumps(PASSPORT).ljust(64 * 1024 + 1)
    answers = france.post("/v1/checks/batch", content=f"{long}\n{json.dumps(PASSPORT)}").text.splitlines()
    assert [json.loads(answer)["outcome"] for answer in answers] == ["invalid", "no_hit"]


def test_a_batch_longer_than_a_chunk_keeps_its_order(france: TestClient) -> None:
    body = "\n".join(json.dumps({**PASSPORT, "id": number}) for number in range(450))
    answers = france.post("/v1/checks/batch", content=body).text.splitlines()
    assert [json.loads(answer)["id"] for answer in answers] == [str(number) for number in range(450)]


def test_a_wrong_method_is_told_which_there_are(france: TestClient) -> None:
    allowed = france.post("/v1/records/X").headers["allow"]
    assert set(allowed.split(", ")) == {"DELETE", "GET", "HEAD"}


def test_a_slash_too_many_is_an_unknown_path(france: TestClient) -> None:
    assert france.post("/v1/checks/", json=PASSPORT, follow_redirects=False).json()["code"] == "unknown-path"


def test_a_purpose_that_the_account_has_not_is_refused(france: TestClient) -> None:
    answer = france.post("/v1/checks", json={**PASSPORT, "purpose": "analysis"})
    assert (answer.status_code, answer.json()["rule"]) == (403, "purpose-not-admitted")


def test_an_unexpected_error_is_answered_without_detail(
    france: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks.Checks, "_glanced", failing(ValueError(WORDS)))
    assert france.post("/v1/checks", json=PASSPORT).json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "code": "error",
    }


def test_an_unexpected_error_is_logged_without_its_words(
    node: Node, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(checks.Checks, "_glanced", failing(ValueError(WORDS)))
    with caplog.at_level(logging.ERROR):
        # A server logs whatever an application raises, so nothing may be raised.
        client(node, raises=True).post("/v1/checks", json=PASSPORT)
    assert ("unexpected ValueError" in caplog.text, WORDS in caplog.text) == (True, False)


def test_a_line_refused_late_in_a_batch_is_invalid_in_its_place(france: TestClient) -> None:
    lines = [*[PASSPORT] * 200, {**PASSPORT, "purpose": "analysis"}, PASSPORT]
    answers = france.post("/v1/checks/batch", content="\n".join(map(json.dumps, lines))).text.splitlines()
    assert [json.loads(answer)["outcome"] for answer in answers[199:]] == ["no_hit", "invalid", "no_hit"]


def test_a_line_refused_in_a_batch_says_by_which_rule(france: TestClient) -> None:
    answer = france.post("/v1/checks/batch", json={**PASSPORT, "purpose": "analysis"}).json()
    assert answer["error"] == {"code": "purpose-not-admitted", "field": "purpose"}


def test_a_line_refused_in_a_batch_is_logged_as_refused(france: TestClient) -> None:
    france.post("/v1/checks/batch", json={**PASSPORT, "purpose": "analysis"})
    assert outcomes(france, "check:make") == ["refused"]


def test_a_batch_for_a_purpose_that_the_account_has_not_is_refused_whole(france: TestClient) -> None:
    headers = {"Comity-Purpose": "analysis"}
    answer = france.post("/v1/checks/batch", json=PASSPORT, headers=headers)
    assert (answer.status_code, answer.json()["rule"]) == (403, "purpose-not-admitted")


def test_a_batch_that_fails_half_way_is_cut(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    real, count = checks.glance_at, itertools.count(1)

    def failing_late(*given: Any) -> object:
        return real(*given) if next(count) == 1 else failing(ValueError(WORDS))()

    monkeypatch.setattr(checks, "glance_at", failing_late)
    with pytest.raises(AnswerCutError):
        client(node, raises=True).post("/v1/checks/batch", content="\n".join([json.dumps(PASSPORT)] * 9001))


def test_a_busy_node_says_when_to_ask_again(france: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.Checks, "_glanced", failing(OverloadedError(3)))
    answer = france.post("/v1/checks", json=PASSPORT)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")


@pytest.mark.parametrize("path", ["/healthz", "/v1/statistics", "/v1/nothing"])
def test_nothing_is_kept_on_the_way(france: TestClient, path: str) -> None:
    assert france.get(path).headers["cache-control"] == "no-store"


def test_a_batch_that_arrives_in_parts_is_answered_whole(node: Node) -> None:
    key = people.new_key(officer_named("fra", node.desk), node.desk).reveal()
    line = json.dumps(PASSPORT).encode() + b"\n"
    parts = [line * 200] * 5
    body = asyncio.run(answered(build_api(node.desk), key, parts))
    assert body.count(b"\n") == 1000


async def answered(api: Starlette, key: str, parts: list[bytes]) -> bytes:
    """Send a body part by part, as a server does that speaks an ASGI older than 2.4."""
    headers = [(b"authorization", f"Bearer {key}".encode()), (b"comity-purpose", b"border")]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/checks/batch",
        "query_string": b"",
        "headers": headers,
    }
    waiting = [
        {"type": "http.request", "body": part, "more_body": place < len(parts)}
        for place, part in enumerate(parts, 1)
    ]
    sent: list[bytes] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0)
        if waiting:
            return waiting.pop(0)
        return await asyncio.Future()  # the connection stays open, with nothing more to say

    async def send(message: MutableMapping[str, object]) -> None:
        sent.append(bytes(message.get("body", b"")))

    await asyncio.wait_for(api(scope, receive, send), timeout=20)
    return b"".join(sent)
