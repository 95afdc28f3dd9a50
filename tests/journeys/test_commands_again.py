"""The message commands over HTTP send again what was not answered, under one idempotency key: it is done once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.journeys.keyed_requests import Callers
from tests.unit.procedures.hit_desk import hit_desk

from comity.api.problems import problem_of
from comity.cli import message_door
from comity.cli.message_door import RemoteDoor
from comity.errors import ComityError, MalformedError, OverloadedError, UnderWayError

MESSAGE = {"to": ["KEN"], "purpose": "investigation", "subject": "A trailer", "text": "Is this yours?"}


@dataclass
class Line:
    """A line to a node that is bad: what becomes of each request, in order, and the keys that came."""

    client: TestClient
    faults: list[str | ComityError]
    keys: list[str | None] = field(default_factory=list)


class Between(BaseHTTPRequestHandler):
    """Hands requests on to the node, and loses what the line is to lose."""

    line: Line

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.line.keys.append(self.headers["Idempotency-Key"])
        fault = self.line.faults.pop(0) if self.line.faults else None
        if isinstance(fault, ComityError):
            self._say(problem_of(fault))
            return
        if fault == "lost-question":
            self.close_connection = True
            return
        sent = {"Idempotency-Key": self.headers["Idempotency-Key"], "Content-Type": "application/json"}
        answer = self.line.client.post(self.path, content=body, headers=sent)
        if fault == "lost-answer":
            self.close_connection = True
            return
        self._say(answer)

    def _say(self, answer) -> None:
        content = getattr(answer, "content", None) or bytes(answer.body)
        self.send_response(answer.status_code)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def bad_line(client: TestClient, faults: list[str | ComityError]) -> Iterator[tuple[RemoteDoor, Line]]:
    line = Line(client, faults)
    handler = type("Handler", (Between,), {"line": line})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            yield RemoteDoor(f"http://127.0.0.1:{server.server_port}", "unused"), line
        finally:
            server.shutdown()
            serving.join()


@pytest.fixture
def callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callers]:
    monkeypatch.setattr(message_door, "AGAIN_AFTER_S", 0.0)
    with hit_desk(tmp_path) as desk:
        yield Callers(desk)


def arrived(callers: Callers) -> int:
    return len(callers.client("ken-registrar").get("/v1/messages").json()["threads"])


@pytest.mark.parametrize(
    "faults",
    [
        [],
        ["lost-question"],
        ["lost-answer"],
        ["lost-answer", "lost-question"],
        ["lost-answer", "lost-answer"],
    ],
    ids="-".join,
)
def test_whatever_the_line_loses_a_message_is_sent_once(callers: Callers, faults: list[str]) -> None:
    with bad_line(callers.client("egy-registrar"), [*faults]) as (door, line):
        door.send(dict(MESSAGE))
    assert (arrived(callers), len(line.keys), len({*line.keys})) == (1, 1 + len(faults), 1)


@pytest.mark.parametrize("error", [OverloadedError(1), UnderWayError(1)], ids=lambda error: error.code)
def test_a_node_that_is_busy_is_asked_again(callers: Callers, error: ComityError) -> None:
    with bad_line(callers.client("egy-registrar"), [error]) as (door, line):
        door.send(dict(MESSAGE))
    assert (arrived(callers), len(line.keys)) == (1, 2)


def test_a_line_that_stays_bad_is_told_of(callers: Callers) -> None:
    with (
        bad_line(callers.client("egy-registrar"), ["lost-question"] * 3) as (door, line),
        pytest.raises(MalformedError) as error,
    ):
        door.send(dict(MESSAGE))
    assert (error.value.code, len(line.keys), arrived(callers)) == ("node-unreachable", 3, 0)


def test_two_messages_have_two_keys(callers: Callers) -> None:
    with bad_line(callers.client("egy-registrar"), []) as (door, line):
        door.send(dict(MESSAGE))
        door.send(dict(MESSAGE))
    assert (arrived(callers), len({*line.keys})) == (2, 2)


def test_a_node_that_is_not_there_is_told_of_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_door.time, "sleep", lambda _seconds: pytest.fail("nothing was sent"))
    with pytest.raises(MalformedError):
        RemoteDoor("http://127.0.0.1:1", "unused").send(dict(MESSAGE))
