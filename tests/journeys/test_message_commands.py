"""Messages on the command line: files that go with them, and drafts, at the node itself and over HTTP."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.journeys.browser import served

from comity.access.roles import role_named
from comity.app import init_node, open_node
from comity.cli.commands import command_line
from comity.errors import MalformedError, UnknownError
from comity.phrases.words import words
from comity.procedures import people
from comity.procedures.messages import keeping
from comity.procedures.sign_in import officer_named
from comity.registry import accounts
from comity.registry.accounts import Account

APP = command_line(words("en"))
PLAN = b"%PDF of a plan\r\n\x00\xff"
SAID = ("--to", "FRA", "--subject", "A plan", "--text", "See the file.")


@dataclass
class Desks:
    """Two bureaus' command lines, at one node: by its directory, or by its address."""

    home: Path
    address: str
    keys: dict[str, str]
    is_remote: bool
    capture: pytest.CaptureFixture[str]
    set_key: Callable[[str], None]

    def type(self, bureau: str, *words: object):
        self.set_key(self.keys[bureau])
        here = ("--node", self.home / "node", "--as", f"{bureau.lower()}-desk")
        where = ("--url", self.address) if self.is_remote else here
        self.capture.readouterr()
        with pytest.raises(SystemExit) as left:
            APP([*(str(one) for one in (*words, *where)), "--purpose", "border", "--json"])
        assert not left.value.code
        said = self.capture.readouterr().out
        return json.loads(said) if said else None


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("commands")
    (directory / "plan.pdf").write_bytes(PLAN)
    return directory


@pytest.fixture(scope="module")
def opened(home: Path) -> Iterator[tuple[str, dict[str, str]]]:
    init_node(home / "node", "Commands")
    keys: dict[str, str] = {}
    with open_node(home / "node") as node:
        for code in ("EGY", "FRA"):
            account = Account(f"{code.lower()}-desk", code, role_named("registrar"))
            with node.desk.registry.write() as connection:
                accounts.add_account(connection, account, node.desk.clock())
            keys[code] = people.new_key(officer_named(account.name, node.desk), node.desk).reveal()
        with served(node) as address:
            yield address, keys


@pytest.fixture(params=["directory", "address"])
def desks(
    request: pytest.FixtureRequest,
    home: Path,
    opened: tuple[str, dict[str, str]],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desks:
    address, keys = opened
    is_remote = request.param == "address"
    return Desks(home, address, keys, is_remote, capsys, lambda key: monkeypatch.setenv("COMITY_KEY", key))


def test_a_file_goes_with_a_message_and_is_saved_by_its_reader(desks: Desks, tmp_path: Path) -> None:
    sent = desks.type("EGY", "message", "send", *SAID, "--attach", desks.home / "plan.pdf")
    desks.type("FRA", "message", "read", sent["message"], "--save", tmp_path)
    assert (tmp_path / "plan.pdf").read_bytes() == PLAN


def test_no_file_is_written_over(desks: Desks, tmp_path: Path) -> None:
    sent = desks.type("EGY", "message", "send", *SAID, "--attach", desks.home / "plan.pdf")
    (tmp_path / "plan.pdf").write_bytes(b"mine")
    with pytest.raises(MalformedError, match="file-unreadable"):
        desks.type("FRA", "message", "read", sent["message"], "--save", tmp_path)
    assert (tmp_path / "plan.pdf").read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("empty.pdf", b"", "file-empty"),
        ("page.html", b"x", "file-type"),
        ("none.pdf", None, "file-unreadable"),
    ],
)
def test_a_file_that_is_not_taken_is_told_and_nothing_is_sent(
    desks: Desks, tmp_path: Path, name: str, body: bytes | None, code: str
) -> None:
    if body is not None:
        (tmp_path / name).write_bytes(body)
    before = len(desks.type("FRA", "message", "list")["threads"])
    with pytest.raises(MalformedError) as told:
        desks.type("EGY", "message", "send", *SAID, "--attach", tmp_path / name)
    assert (told.value.code, len(desks.type("FRA", "message", "list")["threads"])) == (code, before)


def test_a_draft_is_kept_with_its_file_and_sent_later(desks: Desks, tmp_path: Path) -> None:
    words = ("message", "send", *SAID, "--attach", desks.home / "plan.pdf", "--as-draft")
    draft = desks.type("EGY", *words)["draft"]
    sent = desks.type("EGY", "message", "draft", "send", draft)
    desks.type("FRA", "message", "read", sent["message"], "--save", tmp_path)
    left = [one["draft"] for one in desks.type("EGY", "message", "draft", "list")["drafts"]]
    assert ((tmp_path / "plan.pdf").read_bytes(), draft in left) == (PLAN, False)


def test_a_draft_is_shown_and_dropped(desks: Desks) -> None:
    draft = desks.type("EGY", "message", "send", *SAID, "--as-draft")["draft"]
    assert desks.type("EGY", "message", "draft", "show", draft)["message"]["subject"] == "A plan"
    desks.type("EGY", "message", "draft", "drop", draft)
    with pytest.raises(UnknownError):
        desks.type("EGY", "message", "draft", "show", draft)


def test_a_draft_is_nobody_else_s(desks: Desks) -> None:
    draft = desks.type("EGY", "message", "send", *SAID, "--as-draft")["draft"]
    with pytest.raises(UnknownError):
        desks.type("FRA", "message", "draft", "send", draft)


def test_what_is_to_be_sealed_is_not_drafted(desks: Desks) -> None:
    with pytest.raises(MalformedError, match="draft-never-sealed"):
        desks.type("EGY", "message", "send", *SAID, "--seal", "--as-draft")


def test_a_message_says_what_it_is_about_and_how_far_to_trust_it(desks: Desks) -> None:
    particulars = (
        "--about",
        f"record={'A' * 20}",
        "--language-of-text",
        "fra",
        "--reliability",
        "B2",
        "--within",
        45,
    )
    restricted = ("--handling", "H3", "--restriction", "For your bureau alone.")
    made = desks.type("EGY", "message", "send", *SAID, *particulars, *restricted)
    read = desks.type("FRA", "message", "read", made["message"])
    content, header = read["content"], read.get("header", read)
    assert (content["language"], content["reliability"]) == ("fra", "B2")
    assert content["references"] == [{"kind": "record", "id": "A" * 20}]
    assert (header["handling_code"], header["handling_note"]) == ("H3", "For your bureau alone.")


def test_what_it_is_about_names_a_kind(desks: Desks) -> None:
    with pytest.raises(MalformedError):
        desks.type("EGY", "message", "send", *SAID, "--about", "A" * 20)


def left_by_a_closed_account(desks: Desks, name: str) -> str:
    """Return a draft of an account of Egypt that is closed now."""
    with open_node(desks.home / "node") as node:
        with node.desk.registry.write() as connection:
            account = Account(name, "EGY", role_named("registrar"))
            accounts.add_account(connection, account, node.desk.clock())
        draft = keeping.save_draft({"subject": name}, None, officer_named(name, node.desk), node.desk)
        with node.desk.registry.write() as connection:
            accounts.change_account(connection, name, state="closed")
    return draft.id


def test_what_a_closed_account_has_left_is_listed_and_taken_over(desks: Desks) -> None:
    draft = left_by_a_closed_account(desks, f"egy-gone-{desks.is_remote}".lower())
    listed = [one["draft"] for one in desks.type("EGY", "message", "draft", "left")["drafts"]]
    desks.type("EGY", "message", "draft", "take-over", draft)
    assert draft in listed
    assert desks.type("EGY", "message", "draft", "show", draft)["draft"] == draft


def test_what_a_closed_account_has_left_is_discarded(desks: Desks) -> None:
    draft = left_by_a_closed_account(desks, f"egy-left-{desks.is_remote}".lower())
    desks.type("EGY", "message", "draft", "discard", draft)
    assert draft not in [one["draft"] for one in desks.type("EGY", "message", "draft", "left")["drafts"]]
