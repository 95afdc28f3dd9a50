"""A server is killed in the midst of posts with idempotency keys: each is sent again, and each thing is there once.

Every key is sent over two connections at once, which two workers take. What a kill cuts between an act and the keeping
of its answer is told to be under way, or lost: it is there, once, as well.
"""

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from processes import instants, killed_after, seeded, served
from sqlalchemy import select
from tests.copies import copy_node

from comity.app import open_node
from comity.procedures import people, upkeep
from comity.procedures.sign_in import officer_named
from comity.registry.messages import MESSAGES

pytestmark = pytest.mark.slow

KILLS = 3
SPAN_S = 1.2
CALLERS = 3
LOST = {"idempotency-under-way", "idempotency-unknown"}


@dataclass
class Sent:
    """Every key that was sent, which is what its message says, and the answers to each."""

    names: list[str] = field(default_factory=list)
    answers: dict[str, set[bytes]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    at_work: int = 0
    lost: int = 0

    def note(self, name: str, status: int, body: bytes) -> None:
        """Note an answer: 201 with what was sent, or that another connection's request is not answered yet."""
        if status == 201:
            self.answers.setdefault(name, set()).add(body)
        elif status != 409 or json.loads(body)["code"] not in LOST:
            self.faults.append(f"{name}: {status} {body!r}")


@contextmanager
def connected(port: int) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def posted(connection: http.client.HTTPConnection, name: str, key: str) -> tuple[int, bytes]:
    body = {"to": ["KEN"], "purpose": "investigation", "subject": name, "text": "Is this yours?"}
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f'"{name}"'}
    connection.request("POST", "/v1/messages", json.dumps(body), headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def post_until_cut(port: int, key: str, name: str, sent: Sent) -> None:
    """Send each key over two connections at once, until nobody answers."""
    both = threading.Barrier(2)

    def send(is_first: bool) -> None:  # one of two
        with connected(port) as connection:
            try:
                for number in range(100_000):
                    if is_first:
                        sent.names.append(f"{name}-{number}")
                    both.wait(30)
                    sent.note(f"{name}-{number}", *posted(connection, f"{name}-{number}", key))
            except (OSError, http.client.HTTPException, threading.BrokenBarrierError):
                both.abort()

    threads = [threading.Thread(target=send, args=(is_first,)) for is_first in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    directory = tmp_path_factory.mktemp("keys") / "node"
    copy_node(directory, (("egy", "EGY", "registrar"),))
    with open_node(directory) as node:
        return directory, people.new_key(officer_named("egy", node.desk), node.desk).reveal()


@pytest.fixture(scope="module")
def sent(node: tuple[Path, str]) -> Sent:
    """Keys sent to a server that is killed again and again, and then all of them once more, to one that is not."""
    directory, key = node
    made, output = Sent(), directory.parent / "output"
    for place, instant in enumerate(instants(KILLS, SPAN_S, seeded("idempotency keys"))):
        with served(directory, output) as (process, port):
            callers = [
                threading.Thread(target=post_until_cut, args=(port, key, f"k{place}-{caller}", made))
                for caller in range(CALLERS)
            ]
            for one in callers:
                one.start()
            made.at_work += killed_after(process, 0.2 + instant)
            for one in callers:
                one.join()
    with served(directory, output) as (_, port), connected(port) as connection:
        for name in made.names:
            status, body = posted(connection, name, key)
            made.note(name, status, body)
            made.lost += status == 409
    return made


def test_each_key_s_message_is_there_exactly_once(node: tuple[Path, str], sent: Sent) -> None:
    with open_node(node[0]) as opened, opened.desk.registry.read() as connection:
        held = Counter(connection.execute(select(MESSAGES.c.subject)).scalars().all())
    assert held == Counter(sent.names)


def test_whatever_was_answered_is_answered_in_the_same_words(sent: Sent) -> None:
    assert (sent.faults, {len(words) for words in sent.answers.values()}) == ([], {1})


def test_few_answers_are_lost_to_a_kill(sent: Sent) -> None:
    # One act a caller and connection can be between its transaction and the keeping of its answer.
    assert sent.lost <= KILLS * CALLERS


def test_the_server_was_killed_at_work(sent: Sent) -> None:
    assert (sent.at_work, len(sent.names) > KILLS * CALLERS) == (KILLS, True)


def test_the_doctor_finds_nothing_wrong(node: tuple[Path, str], sent: Sent) -> None:
    assert sent.names
    with open_node(node[0]) as opened:
        assert upkeep.examine(opened.desk) == []
