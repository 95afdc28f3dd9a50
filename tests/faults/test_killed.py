"""Nothing acknowledged is lost: `comity` is killed with signal 9 at fifty instants of its work (law 3).

Twenty kills of a server under load, twenty of an import, ten of a batch of checks. After each the node is
examined as `comity doctor` does and goes on to be used.
"""

import http.client
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from processes import finished, instants, killed_after, seeded, served, started
from tests.copies import copy_node

from comity.access.roles import role_named
from comity.app import open_node
from comity.procedures import people, upkeep
from comity.procedures.sign_in import officer_named
from comity.registry import accounts, audit_log, holdings
from comity.registry.accounts import Account

pytestmark = pytest.mark.slow

SERVER_KILLS, IMPORT_KILLS, BATCH_KILLS = 20, 20, 10
KILLS_OF_A_SERVER = 5
"""After so many a server begins anew: its whole log is verified after each kill, and grows by thousands of lines."""
LIST_ROWS = 3500


@dataclass
class Acknowledged:
    """What was answered before a kill: identifiers of records, plates that were checked."""

    records: list[str] = field(default_factory=list)
    plates: list[str] = field(default_factory=list)


@dataclass
class Outcome:
    """What all the kills of one kind of work left behind."""

    acknowledged: int = 0
    at_work: int = 0
    lost: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)


def a_node(directory: Path) -> tuple[Path, str]:
    """Make a node with a registrar of France; return its directory and an API key."""
    copy_node(directory / "node")
    with open_node(directory / "node") as node:
        with node.desk.registry.write() as connection:
            accounts.add_account(
                connection, Account("fra", "FRA", role_named("registrar")), node.desk.clock()
            )
        key = people.new_key(officer_named("fra", node.desk), node.desk).reveal()
    return directory / "node", key


def examined(node: Path, given: Acknowledged, outcome: Outcome) -> None:
    """Examine a node after a kill, and look for all that was acknowledged before it."""
    with open_node(node) as opened:
        outcome.findings += upkeep.examine(opened.desk)
        with opened.desk.registry.read() as connection:
            logged = audit_log.own_entries(connection, "fra", 1_000_000, None)
            held = [one for one in given.records if holdings.fetch_by_id(connection, one)]
    plates = {str(line.entry.query.get("plate")) for line in logged if line.entry.act == "check:make"}
    outcome.lost += sorted(set(given.records) - set(held)) + sorted(set(given.plates) - plates)
    outcome.acknowledged += len(given.records) + len(given.plates)


class Load:
    """Three callers of a server, each asking on until nobody answers."""

    def __init__(self, port: int, key: str, name: str) -> None:
        self.given = Acknowledged()
        self._port, self._name = port, name
        self._headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
        self._threads = [
            threading.Thread(target=self._until_cut, args=(work,))
            for work in (self._submit, self._check, self._check_batch)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> Acknowledged:
        """Return what was acknowledged, once every caller has met the end."""
        for thread in self._threads:
            thread.join()
        return self.given

    def _until_cut(self, work: Callable[[http.client.HTTPConnection, str], None]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            for number in range(100_000):
                work(connection, f"{self._name}{work.__name__[1:3].upper()}{number}")
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()

    def _asked(self, connection: http.client.HTTPConnection, path: str, body: str):
        connection.request("POST", path, body, self._headers)
        return connection.getresponse()

    def _submit(self, connection: http.client.HTTPConnection, name: str) -> None:
        record = {"kind": "vehicle", "source_id": name, "plate": name, "country": "FRA", "share": "all"}
        answer = json.loads(self._asked(connection, "/v1/records", json.dumps(record)).read())
        self.given.records.append(answer["record"])

    def _check(self, connection: http.client.HTTPConnection, name: str) -> None:
        answer = json.loads(self._asked(connection, "/v1/checks", query(name)).read())
        assert answer["outcome"] == "no_hit"
        self.given.plates.append(name)

    def _check_batch(self, connection: http.client.HTTPConnection, name: str) -> None:
        plates = [f"{name}N{place}" for place in range(250)]
        answer = self._asked(connection, "/v1/checks/batch", "\n".join(map(query, plates)))
        for plate in plates:
            line = answer.readline()
            if not line.endswith(b"\n"):
                raise http.client.IncompleteRead(line)
            assert json.loads(line)["id"] == plate
            self.given.plates.append(plate)
        answer.read()


def query(plate: str) -> str:
    return json.dumps({"id": plate, "kind": "vehicle", "plate": plate})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A server, killed under load."""
    directory = tmp_path_factory.mktemp("server")
    empty, key = a_node(directory)
    outcome = Outcome()
    for place, instant in enumerate(instants(SERVER_KILLS, 0.8, seeded("server"))):
        node = directory / f"node{place // KILLS_OF_A_SERVER}"
        if place % KILLS_OF_A_SERVER == 0:
            shutil.copytree(empty, node)
        with served(node, directory / "output") as (process, port):
            load = Load(port, key, f"K{place}")
            outcome.at_work += killed_after(process, instant)
            given = load.end()
        examined(node, given, outcome)
    return outcome


def test_a_killed_server_loses_nothing_that_it_acknowledged(server: Outcome) -> None:
    assert server.lost == []


def test_the_doctor_finds_nothing_wrong_after_a_server_is_killed(server: Outcome) -> None:
    assert server.findings == []


def test_a_server_is_killed_under_load(server: Outcome) -> None:
    assert (server.at_work, server.acknowledged > 1000) == (SERVER_KILLS, True)


@dataclass
class Imported:
    """What an import that was killed over and over left, beside one that never was."""

    outcome: Outcome
    left: list[tuple[object, ...]]
    expected: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """An import, killed and gone on with; whenever one is through, a newer file of the same list follows."""
    directory = tmp_path_factory.mktemp("import")
    node, _ = a_node(directory)
    twin = directory / "twin"
    shutil.copytree(node, twin)
    span_s = most_of(import_words(list_of(directory, 0), twin), directory / "output")
    edition, outcome = 0, Outcome()
    for instant in instants(IMPORT_KILLS, span_s, seeded("import")):
        process = started(import_words(list_of(directory, edition), node), directory / "output")
        is_killed = killed_after(process, instant)
        outcome.at_work += is_killed
        edition += not is_killed
        examined(node, Acknowledged(), outcome)
    for number in range(1, edition + 1):
        assert finished(import_words(list_of(directory, number), twin), directory / "output") == 0
    assert finished(import_words(list_of(directory, edition), node), directory / "output") == 0
    return Imported(outcome, everything_held(node), everything_held(twin))


def most_of(words: Sequence[str], output: Path) -> float:
    """Run a command to its end; return most of the time it took, in seconds."""
    begun = time.monotonic()
    assert finished(words, output) == 0
    return 0.8 * (time.monotonic() - begun)


def import_words(file: Path, node: Path) -> list[str]:
    return ["import", "jsonl", str(file), "--owner", "FRA", "--share", "all", "--node", str(node)]


def list_of(directory: Path, edition: int) -> Path:
    """Write an edition of the list: each amends every third record, drops some and has some new."""
    file = directory / "list.jsonl"
    rows = [
        {
            "kind": "vehicle",
            "source_id": f"V{number}",
            "plate": f"L{number}",
            "country": "FRA",
            "make": f"edition {edition if number % 3 == 0 else 0}",
        }
        for number in range(edition * 50, edition * 50 + LIST_ROWS)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def everything_held(node: Path, number_max: int = 100_000) -> list[tuple[object, ...]]:
    """Return all that a node says of its records, but for moments."""
    with open_node(node) as opened, opened.desk.registry.read() as connection:
        held = list(holdings.fetch(connection, range(1, number_max)).values())
    return sorted(
        (one.public_id, one.version, one.state.value, json.dumps(one.record.data, sort_keys=True))
        for one in held
    )


def test_an_import_that_was_killed_ends_as_one_that_was_not(imported: Imported) -> None:
    assert imported.left == imported.expected


def test_the_doctor_finds_nothing_wrong_after_an_import_is_killed(imported: Imported) -> None:
    assert imported.outcome.findings == []


def test_an_import_is_killed_at_work(imported: Imported) -> None:
    assert imported.outcome.at_work >= IMPORT_KILLS // 3


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A batch of checks, killed."""
    directory = tmp_path_factory.mktemp("batch")
    node, _ = a_node(directory)
    span_s, outcome = most_of(batch_words(directory, node, "W"), directory / "output"), Outcome()
    for place, instant in enumerate(instants(BATCH_KILLS, span_s, seeded("batch"))):
        process = started(batch_words(directory, node, f"B{place}"), directory / "output")
        outcome.at_work += killed_after(process, instant)
        given = Acknowledged(plates=list(answered(directory / f"B{place}.answers.jsonl")))
        examined(node, given, outcome)
    return outcome


def batch_words(directory: Path, node: Path, name: str) -> list[str]:
    """Write a batch of queries; return the words that answer it."""
    queries, answers = directory / f"{name}.jsonl", directory / f"{name}.answers.jsonl"
    queries.write_text("\n".join(query(f"{name}N{number}") for number in range(5000)))
    return ["check", "--batch", str(queries), "--out", str(answers), "--as", "fra", "--node", str(node)]


def answered(file: Path) -> Iterator[str]:
    """Yield the identifiers of the answers that are whole."""
    lines: Sequence[str] = file.read_text().splitlines(keepends=True) if file.exists() else ()
    for line in lines:
        if line.endswith("\n"):
            yield json.loads(line)["id"]


def test_every_answer_of_a_killed_batch_is_in_the_log(batch: Outcome) -> None:
    assert batch.lost == []


def test_the_doctor_finds_nothing_wrong_after_a_batch_is_killed(batch: Outcome) -> None:
    assert batch.findings == []


def test_a_batch_is_killed_at_work(batch: Outcome) -> None:
    assert (batch.at_work >= BATCH_KILLS // 2, batch.acknowledged > 0) == (True, True)
