"""The command line of those who keep a node: accounts, keys, bureaus, backup, restore."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.journeys.command_line import comity, comity_here

from comity.access.roles import ROLES


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("keeping")
    assert comity_here("init", str(directory / "node"), "--name", "Test").returncode == 0
    appointed = at(directory, "account", "open", "egy-admin", "--role", "administrator", "--bureau", "EGY")
    assert appointed.returncode == 0
    return directory


def at(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return comity_here(*words, "--node", str(home / "node"))


def test_a_node_is_closed_to_others_on_the_machine(home: Path) -> None:
    assert (home / "node").stat().st_mode & 0o077 == 0


def test_an_account_is_opened_and_its_secrets_shown(home: Path) -> None:
    words = ("account", "open", "egy-1", "--role", "officer", "--as", "egy-admin", "--json")
    assert json.loads(at(home, *words).stdout).keys() == {"account", "passphrase", "code_secret"}


def test_who_opens_an_account_without_an_officer_s_number_is_told_beside_the_secrets(home: Path) -> None:
    words = ("account", "open", "egy-apart", "--role", "registrar", "--as", "egy-admin", "--json")
    opened = at(home, *words)
    assert ("No officer's number" in opened.stderr, "passphrase" in json.loads(opened.stdout)) == (True, True)


def test_who_runs_the_node_opens_no_officer(home: Path) -> None:
    opened = at(home, "account", "open", "egy-2", "--role", "officer", "--bureau", "EGY")
    assert (opened.returncode, opened.stdout) == (1, "")


def test_a_closed_account_is_listed_as_closed(home: Path) -> None:
    at(home, "account", "open", "egy-3", "--role", "officer", "--as", "egy-admin")
    at(home, "account", "close", "egy-3", "--as", "egy-admin")
    lines = at(home, "account", "list", "--as", "egy-admin", "--json").stdout.splitlines()
    assert {row["account"]: row["state"] for row in map(json.loads, lines)}["egy-3"] == "closed"


def test_a_reset_shows_new_secrets(home: Path) -> None:
    words = ("--role", "officer", "--as", "egy-admin", "--json")
    opened = json.loads(at(home, "account", "open", "egy-4", *words).stdout)
    reset = json.loads(at(home, "account", "reset", "egy-4", *words[2:]).stdout)
    assert opened["passphrase"] != reset["passphrase"]


def test_a_unit_and_an_officer_are_listed(home: Path) -> None:
    at(home, "unit", "add", "port", "--as", "egy-admin")
    at(home, "officer", "add", "77", "--unit", "port", "--as", "egy-admin")
    listed = at(home, "officer", "list", "--as", "egy-admin", "--json").stdout
    assert json.loads(listed) == {"officer": "77", "unit": "port"}


def test_a_bureau_is_added_once(home: Path) -> None:
    assert [at(home, "bureau", "add", "UNO").returncode for _ in range(2)] == [0, 1]


def test_a_key_is_listed_as_revoked(home: Path) -> None:
    made = json.loads(at(home, "key", "new", "--days", "2", "--json").stdout)
    one = made["key"].split("_")[1]
    at(home, "key", "revoke", one)
    rows = map(json.loads, at(home, "key", "list", "--json").stdout.splitlines())
    assert {row["key"]: row["state"] for row in rows}[one] == "revoked"


def test_every_role_is_listed(home: Path) -> None:
    roles = {json.loads(line)["role"] for line in at(home, "role", "list", "--json").stdout.splitlines()}
    assert roles == set(ROLES)


def test_a_backup_is_restored(home: Path) -> None:
    made = json.loads(at(home, "backup", str(home / "copy"), "--json").stdout)
    word = home / "word"
    word.write_text(made["passphrase"] + "\n")
    there = str(home / "there")
    restored = comity("restore", str(home / "copy"), there, "--passphrase-file", str(word))
    assert "nothing is wrong" in restored.stdout


def test_a_restoration_without_a_passphrase_leaves_with_2(home: Path) -> None:
    assert comity_here("restore", str(home / "copy"), str(home / "nowhere")).returncode == 2
