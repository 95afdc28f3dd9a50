"""Proposals and requests for access from the command line: made by one bureau, decided by the owner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import enter
from tests.unit.procedures.writing import post

from comity.app import open_node
from comity.cli.commands import command_line
from comity.errors import ComityError, ConflictError, MalformedError, RefusedError, UnknownError
from comity.phrases.words import words

WHY = ("--because", "We hold a birth certificate.")


@dataclass
class Terminal:
    """The command line at one node."""

    node: Path
    capture: pytest.CaptureFixture[str]

    def type(self, account: str, *typed: str) -> str:
        self.capture.readouterr()
        with pytest.raises(SystemExit) as left:
            command_line(words("en"))(
                [*typed, "--node", str(self.node), "--as", account, "--purpose", "border"]
            )
        assert not left.value.code
        return self.capture.readouterr().out

    def told(self, account: str, *words: str):
        return json.loads(self.type(account, *words, "--json"))

    def make(self, record: str, *words: str, account: str = "fra-officer"):
        return self.told(account, "proposal", "make", record, "--version", "1", *words, *WHY)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("asked")
    with post(directory):
        return directory


@pytest.fixture
def terminal(home: Path, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(home / "node", capsys)


@pytest.fixture
def record(home: Path, request: pytest.FixtureRequest) -> str:
    """Return a record of Egypt's that others see whole."""
    return entered(home, request.node.name, view="full")


@pytest.fixture
def summary(home: Path, request: pytest.FixtureRequest) -> str:
    """Return a record of Egypt's that others see as a summary."""
    return entered(home, request.node.name, view="summary")


def entered(home: Path, name: str, **handling: object) -> str:
    with open_node(home / "node") as node:
        return enter(node, source_id=name, **handling)


def held(terminal: Terminal, record: str):
    return terminal.told("fra-registrar", "record", "show", record)["data"]


def test_a_change_of_a_list_is_typed_value_by_value(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09", "--change", "born=1973")
    assert made["changes"][0]["new"] == ["1972-04-09", "1973"]


def test_a_group_of_fields_is_typed_as_json(terminal: Terminal, record: str) -> None:
    paper = {"type": "P", "issuer": "EGY", "number": "B1111111"}
    made = terminal.make(record, "--add", f"documents={json.dumps(paper)}")
    assert made["changes"][0]["add"] == [paper]


def test_a_value_left_out_removes_the_field(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "documents=")
    assert made["changes"][0]["new"] is None


@pytest.mark.parametrize(
    ("option", "field"), [(("--change", "born"), "change"), (("--add", "born={"), "change"), ((), "changes")]
)
def test_what_cannot_be_read_is_named(
    terminal: Terminal, record: str, option: Sequence[str], field: str
) -> None:
    with pytest.raises(MalformedError) as caught:
        terminal.make(record, *option)
    assert caught.value.field == field


def test_the_owner_finds_it_in_its_list(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    listed = terminal.told("egy-registrar", "proposal", "list")["proposals"]
    assert made["proposal"] in [one["proposal"] for one in listed]


def test_accepted_it_amends_the_record(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    terminal.type("egy-registrar", "proposal", "accept", made["proposal"])
    assert held(terminal, record)["born"] == ["1972-04-09"]


def test_an_acceptance_of_another_version_is_a_conflict(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    with pytest.raises(ConflictError, match="stale-version"):
        terminal.type("egy-registrar", "proposal", "accept", made["proposal"], "--version", "7")


def test_its_author_reads_why_it_was_refused(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    terminal.type("egy-registrar", "proposal", "refuse", made["proposal"], "--because", "It is forged.")
    assert "It is forged." in terminal.type("fra-officer", "proposal", "show", made["proposal"])


def test_a_person_is_shown_what_changes(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    assert "1972-04-09" in terminal.type("egy-registrar", "proposal", "show", made["proposal"])


def test_withdrawn_it_cannot_be_decided(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    terminal.type("fra-officer", "proposal", "withdraw", made["proposal"])
    with pytest.raises(ConflictError, match="request-ended"):
        terminal.type("egy-registrar", "proposal", "accept", made["proposal"])


def test_a_third_bureau_is_told_nothing(terminal: Terminal, record: str) -> None:
    made = terminal.make(record, "--change", "born=1972-04-09")
    with pytest.raises(UnknownError):
        terminal.type("ken-registrar", "proposal", "show", made["proposal"])


def test_a_list_goes_on_where_a_page_ends(terminal: Terminal, record: str) -> None:
    made = [terminal.make(record, "--change", f"born=19{year}")["proposal"] for year in (71, 72)]
    side = ("proposal", "list", "--side", "out")
    rest = terminal.told("fra-officer", *side, "--before", made[1], "--limit", "1")["proposals"]
    assert [one["proposal"] for one in rest] == [made[0]]


def test_access_is_asked_for_and_given(terminal: Terminal, summary: str) -> None:
    made = terminal.told("fra-officer", "access", "ask", summary, *WHY)
    terminal.type("egy-registrar", "access", "accept", made["access"])
    assert terminal.told("fra-officer", "record", "show", summary)["view"] == "full"


def test_access_is_refused_for_a_reason(terminal: Terminal, summary: str) -> None:
    made = terminal.told("fra-officer", "access", "ask", summary, *WHY)
    terminal.type("egy-registrar", "access", "refuse", made["access"], "--because", "Not now.")
    assert terminal.told("fra-officer", "access", "show", made["access"])["answer"] == "Not now."


def test_access_can_be_taken_back(terminal: Terminal, summary: str) -> None:
    made = terminal.told("fra-officer", "access", "ask", summary, *WHY)
    terminal.type("fra-officer", "access", "withdraw", made["access"])
    listed = terminal.told("fra-officer", "access", "list", "--side", "out", "--state", "withdrawn")
    assert made["access"] in [one["access"] for one in listed["requests"]]


def test_access_to_what_is_seen_whole_is_not_asked_for(terminal: Terminal, record: str) -> None:
    with pytest.raises(RefusedError, match="seen-whole"):
        terminal.type("fra-officer", "access", "ask", record, *WHY)


@pytest.mark.parametrize("topic", ["proposal", "access"])
def test_an_officer_decides_nothing(terminal: Terminal, summary: str, topic: str) -> None:
    made = terminal.told("fra-officer", "access", "ask", summary, *WHY)
    with pytest.raises(ComityError):
        terminal.type("egy-officer", topic, "accept", made["access"])
