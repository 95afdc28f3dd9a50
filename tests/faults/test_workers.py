"""Several processes serve one node: one is killed, the others answer; what one is told, all know."""

import http.client
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from processes import served
from tests.copies import copy_node

from comity.access.roles import role_named
from comity.app import open_node
from comity.procedures import people, upkeep
from comity.procedures.sign_in import officer_named
from comity.procedures.warming import warm_up
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account

pytestmark = pytest.mark.slow

PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
CONNECTIONS = 16
WITHIN_S = 15


@dataclass
class Serving:
    """A node that is served: its directory, its supervisor's process, and connections to all its workers."""

    node: Path
    supervisor: int
    port: int
    key: str

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        """Return status and body of one answer, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN_S)
        headers = {"Authorization": f"Bearer {self.key}", "Comity-Purpose": "border"}
        try:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def outcomes(self) -> set[str]:
        """Return what many connections, spread over the workers, are answered at the same time."""
        return {
            json.loads(self.ask("POST", "/v1/checks", PASSPORT)[1])["outcome"] for _ in range(CONNECTIONS)
        }

    def processes(self) -> set[int]:
        children = Path(f"/proc/{self.supervisor}/task/{self.supervisor}/children")
        return {int(word) for word in children.read_text().split()}

    def workers(self) -> set[int]:
        """Return the processes that step back behind no other."""
        niceness = {one: os.getpriority(os.PRIO_PROCESS, one) for one in self.processes()}
        return {one for one, nice in niceness.items() if nice == min(niceness.values())}


def sockets_of(process: int) -> int:
    """Return how many sockets a process has open."""
    links = [one.readlink() for one in Path(f"/proc/{process}/fd").iterdir() if one.is_symlink()]
    return sum(link.name.startswith("socket:") for link in links)


def ask_on(client: http.client.HTTPConnection, key: str) -> None:
    """Ask once on a connection that stays open, or is opened anew where its worker is dead."""
    headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
    try:
        client.request("POST", "/v1/checks", json.dumps(PASSPORT), headers)
        assert client.getresponse().read()
    except (OSError, http.client.HTTPException):
        client.close()


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    directory = tmp_path_factory.mktemp("workers")
    # Compiled beforehand, so that the server's searchers are not replaced while the tests count processes.
    warm_up()
    copy_node(directory / "node")
    with open_node(directory / "node") as node:
        with node.desk.registry.write() as connection:
            accounts.add_account(
                connection, Account("egy", "EGY", role_named("registrar")), node.desk.clock()
            )
        key = people.new_key(officer_named("egy", node.desk), node.desk).reveal()
    with served(directory / "node", directory / "output") as (process, port):
        assert process.pid is not None
        yield Serving(directory / "node", process.pid, port, key)


def test_what_one_worker_was_told_every_worker_finds(serving: Serving) -> None:
    serving.outcomes()
    serving.ask("POST", "/v1/records", {**PASSPORT, "source_id": "one"})
    assert serving.outcomes() == {"hit"}


def test_what_one_worker_withdrew_no_worker_finds(serving: Serving) -> None:
    made = json.loads(serving.ask("POST", "/v1/records", {**PASSPORT, "source_id": "one"})[1])
    serving.outcomes()
    serving.ask("DELETE", f"/v1/records/{made['record']}")
    assert serving.outcomes() == {"no_hit"}


def test_a_key_revoked_through_another_program_is_refused_by_every_worker(serving: Serving) -> None:
    with open_node(serving.node) as node:
        other = people.new_key(officer_named("egy", node.desk), node.desk).reveal()
        with_other = Serving(serving.node, serving.supervisor, serving.port, other)
        with_other.outcomes()
        with node.desk.registry.write() as connection:
            accounts.revoke_key(connection, other.split("_")[1], node.desk.clock())
    statuses = {with_other.ask("POST", "/v1/checks", PASSPORT)[0] for _ in range(CONNECTIONS)}
    assert statuses == {401}


def test_a_killed_worker_is_replaced(serving: Serving) -> None:
    before = serving.processes()
    victim = min(serving.workers())
    os.kill(victim, signal.SIGKILL)
    until = time.monotonic() + WITHIN_S
    while len(serving.processes() - {victim}) < len(before) and time.monotonic() < until:
        serving.outcomes()
    assert len(serving.processes() - {victim}) == len(before)


def test_clients_of_a_killed_worker_are_shared_out_again(serving: Serving) -> None:
    """They come to the survivor; one after the other is then sent on to the worker that took the dead one's place."""
    own = min(map(sockets_of, serving.workers()))
    clients = [
        http.client.HTTPConnection("127.0.0.1", serving.port, timeout=WITHIN_S)
        for _ in range(4 * CONNECTIONS)
    ]
    for client in clients:
        ask_on(client, serving.key)
    victim = min(serving.workers())
    os.kill(victim, signal.SIGKILL)
    until, fewest = time.monotonic() + WITHIN_S, 0
    while time.monotonic() < until and fewest < CONNECTIONS:
        for client in clients:
            ask_on(client, serving.key)
        with suppress(OSError):  # one that has just died is still listed
            workers = serving.workers() - {victim}
            fewest = min(map(sockets_of, workers)) - own if len(workers) > 1 else 0
    for client in clients:
        client.close()
    assert fewest >= CONNECTIONS


def test_while_a_worker_is_dead_the_others_answer(serving: Serving) -> None:
    os.kill(min(serving.workers()), signal.SIGKILL)
    assert serving.ask("POST", "/v1/checks", PASSPORT)[0] == 200


def test_a_person_is_searched_while_a_searcher_is_dead(serving: Serving) -> None:
    searchers = serving.processes() - serving.workers()
    os.kill(min(searchers), signal.SIGKILL)
    asked = {"kind": "person", "name": "Quillon Ashdownbury"}
    assert serving.ask("POST", "/v1/checks", asked)[0] == 200


def test_every_check_that_was_answered_is_in_the_log(serving: Serving) -> None:
    asked = {**PASSPORT, "id": "last of all"}
    serving.ask("POST", "/v1/checks", asked)
    with open_node(serving.node) as node:
        node.desk.registry.settle()
        with node.desk.registry.read() as connection:
            logged = audit_log.own_entries(connection, "egy", 100)
    assert "last of all" in {one.entry.query.get("id") for one in logged}


def test_the_doctor_finds_nothing_wrong_while_the_node_is_served(serving: Serving) -> None:
    serving.outcomes()
    with open_node(serving.node) as node:
        assert upkeep.examine(node.desk) == []


def test_a_client_that_sends_half_a_request_holds_nobody_up(serving: Serving) -> None:
    halves = [http.client.HTTPConnection("127.0.0.1", serving.port, timeout=WITHIN_S) for _ in range(50)]
    for half in halves:
        half.connect()
        half.sock.sendall(b"POST /v1/checks HTTP/1.1\r\nContent-Le")
    assert serving.ask("POST", "/v1/checks", PASSPORT)[0] == 200
    for half in halves:
        half.close()
