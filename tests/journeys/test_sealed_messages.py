"""A sealed message from bureau to bureau: who runs the node, and whoever has its database, read nothing."""

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from argon2.low_level import hash_secret_raw
from tests.copies import copy_node
from tests.journeys.browser import served
from tests.journeys.plain_words import all_held, words_in

from comity.access import key_file
from comity.access.bureau_keys import new_pair
from comity.access.credentials import Secret
from comity.access.roles import role_named
from comity.app import Node, open_node
from comity.cli.commands import command_line
from comity.errors import ComityError
from comity.phrases.words import words
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.registry import accounts
from comity.registry.accounts import Account

SUBJECT, TEXT = "Quillfeather arrives on Tuesday", "He carries W7654321. اللقاء عند الرصيف القديم"
FILE_WORDS = b"%PDF the harbour plan of Zoltan"
FULL_COSTS = (3, 65_536, 4)
"""Passes, KiB of memory, lanes: RFC 9106, the second recommended choice."""
WORDS = (SUBJECT, TEXT, "Quillfeather", "W7654321", "الرصيف", FILE_WORDS.decode())


@dataclass
class Correspondence:
    """A served node, a key file for each of two bureaus, and the message that went between them."""

    node: Node
    address: str
    home: Path
    keys: dict[str, str]
    message: str = ""


def run(capsys: pytest.CaptureFixture[str], *typed: object) -> dict:
    capsys.readouterr()
    try:
        command_line(words("en"))([*(str(one) for one in typed), "--json"])
    except SystemExit as left:
        if left.code:
            raise
    return json.loads(capsys.readouterr().out)


def at_the_least_costs(
    secret: bytes, salt: bytes, *, time_cost: int, memory_cost: int, parallelism: int, **how: object
) -> bytes:
    """Return the key of a key file, made in no time: some forty are opened here."""
    assert (time_cost, memory_cost, parallelism) == FULL_COSTS
    return hash_secret_raw(secret, salt, time_cost=1, memory_cost=8, parallelism=1, **how)


@pytest.fixture(scope="module", autouse=True)
def cheap_key_files() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(key_file, "hash_secret_raw", at_the_least_costs)
        yield


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with a key file of each of two bureaus and their passphrase."""
    directory = tmp_path_factory.mktemp("pairs")
    (directory / "pass").write_text("a long passphrase of a test\n")
    for code in ("EGY", "FRA"):
        secret = ["--passphrase-file", str(directory / "pass")]
        with pytest.raises(SystemExit, match="0"):
            command_line(words("en"))(["keys", "new", str(directory / code), "--bureau", code, *secret])
    return directory


@pytest.fixture
def between(
    pairs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Correspondence]:
    shutil.copytree(pairs, tmp_path, dirs_exist_ok=True)
    copy_node(tmp_path / "node")
    (tmp_path / "plan.pdf").write_bytes(FILE_WORDS)
    with open_node(tmp_path / "node") as node, served(node) as address:
        keys: dict[str, str] = {}
        for code in ("EGY", "FRA", "KEN"):
            with node.desk.registry.write() as connection:
                account = Account(f"{code.lower()}-desk", code, role_named("registrar"))
                accounts.add_account(connection, account, node.desk.clock())
            keys[code] = people.new_key(officer_named(account.name, node.desk), node.desk).reveal()
        made = Correspondence(node, address, tmp_path, keys)
        secret = ("--passphrase-file", tmp_path / "pass")
        for code in ("EGY", "FRA"):
            monkeypatch.setenv("COMITY_KEY", keys[code])
            run(capsys, "keys", "publish", tmp_path / code, "--url", address, *secret)
        sending = ("--to", "FRA", "--subject", SUBJECT, "--text", TEXT, "--attach", tmp_path / "plan.pdf")
        monkeypatch.setenv("COMITY_KEY", keys["EGY"])
        held = ("--seal", "--key", tmp_path / "EGY", "--url", address, *secret)
        made.message = run(capsys, "message", "send", *sending, *held)["message"]
        monkeypatch.setenv("COMITY_KEY", keys["FRA"])
        yield made


def read(between: Correspondence, capsys: pytest.CaptureFixture[str], bureau: str, *more: object) -> dict:
    secret = ("--passphrase-file", between.home / "pass")
    where = ("--url", between.address, "--key", between.home / bureau)
    return run(capsys, "message", "read", between.message, *where, *secret, *more)


def test_a_key_file_opens_at_its_full_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_file, "hash_secret_raw", hash_secret_raw)
    pair, word = new_pair("EGY"), Secret("a long passphrase of a test")
    key_file.write_pair(tmp_path / "key", pair, word)
    assert key_file.read_pair(tmp_path / "key", word).public == pair.public


def test_its_reader_opens_it(between: Correspondence, capsys: pytest.CaptureFixture[str]) -> None:
    assert read(between, capsys, "FRA")["opened"]["text"] == TEXT


def test_its_files_are_saved_beside_the_reader(
    between: Correspondence, capsys: pytest.CaptureFixture[str]
) -> None:
    read(between, capsys, "FRA", "--save", between.home / "node")
    assert (between.home / "node" / "plan.pdf").read_bytes() == FILE_WORDS


def test_its_author_opens_it_later(
    between: Correspondence, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMITY_KEY", between.keys["EGY"])
    assert read(between, capsys, "EGY")["opened"]["subject"] == SUBJECT


def test_another_bureau_s_key_does_not_open_it(
    between: Correspondence, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = ("--passphrase-file", between.home / "pass")
    run(capsys, "keys", "new", between.home / "KEN", "--bureau", "KEN", *secret)
    with pytest.raises(ComityError, match="envelope-other-key"):
        read(between, capsys, "KEN")


def test_the_search_would_find_what_is_not_sealed() -> None:
    content = b"xx" + base64.b64encode(b"1" + TEXT.encode()) + SUBJECT.encode("utf-16-le")
    assert {"Quillfeather", "W7654321"} <= set(words_in(content, WORDS))


def test_no_file_and_no_row_of_the_node_holds_a_word_of_it(between: Correspondence) -> None:
    assert {place: found for place, held in all_held(between.node) if (found := words_in(held, WORDS))} == {}


def test_a_changed_envelope_is_found_out(between: Correspondence, capsys: pytest.CaptureFixture[str]) -> None:
    from comity.registry.messages import MESSAGES

    with between.node.desk.registry.write() as connection:
        body = connection.execute(MESSAGES.select()).one().body
        envelope = json.loads(body)
        sealed = bytearray(base64.b64decode(envelope["sealed"]))
        sealed[10] ^= 1
        envelope["sealed"] = base64.b64encode(bytes(sealed)).decode()
        changed = json.dumps(envelope, sort_keys=True, separators=(",", ":")).encode()
        connection.execute(MESSAGES.update().values(body=changed))
    with pytest.raises(ComityError, match="envelope-signature"):
        read(between, capsys, "FRA")


def test_a_key_slipped_in_by_the_node_is_not_sealed_to(
    between: Correspondence, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ("--passphrase-file", between.home / "pass")
    run(capsys, "keys", "new", between.home / "false", "--bureau", "FRA", *secret)
    run(capsys, "keys", "publish", between.home / "false", "--url", between.address, *secret)
    monkeypatch.setenv("COMITY_KEY", between.keys["EGY"])
    words = ("--to", "FRA", "--subject", "Second", "--text", "words", "--seal", "--key", between.home / "EGY")
    with pytest.raises(ComityError, match="key-not-endorsed"):
        run(capsys, "message", "send", *words, "--url", between.address, *secret)


def test_a_key_that_the_one_before_vouches_for_is(
    between: Correspondence, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = ("--passphrase-file", between.home / "pass")
    run(capsys, "keys", "new", between.home / "next", "--bureau", "FRA", *secret)
    before = ("--previous", between.home / "FRA")
    run(capsys, "keys", "publish", between.home / "next", *before, "--url", between.address, *secret)
    monkeypatch.setenv("COMITY_KEY", between.keys["EGY"])
    words = ("--to", "FRA", "--subject", "Second", "--text", "words", "--seal", "--key", between.home / "EGY")
    sent = run(capsys, "message", "send", *words, "--url", between.address, *secret)
    assert sent["message"] != between.message


def test_a_directory_that_was_rewritten_is_found_out(
    between: Correspondence, capsys: pytest.CaptureFixture[str]
) -> None:
    from comity.registry.bureau_keys import EVENTS

    read(between, capsys, "FRA")
    with between.node.desk.registry.write() as connection:
        connection.execute(EVENTS.delete().where(EVENTS.c.place == 1))
    with pytest.raises(ComityError, match="damaged"):
        read(between, capsys, "FRA")
