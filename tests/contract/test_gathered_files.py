"""A case gathers, withholds and erases what is no record: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection
from tests.unit.procedures.gathered import File, file
from tests.unit.procedures.offices import officer

from comity.procedures.clockwork import tick
from comity.procedures.message_keys import keep_keys
from comity.procedures.messages.reading import inbox, read_message
from comity.procedures.messages.sending import send
from comity.procedures.retention import prove_purge, verify_purge
from comity.registry import message_keys, messages_held
from comity.registry.message_keys import BLOCK


@pytest.fixture
def made(tmp_path: Path, registry_place: str) -> Iterator[File]:
    with file(tmp_path, registry_place) as filled:
        yield filled


def test_everything_is_found_erased_with_receipts_and_found_no_more(made: File) -> None:
    hit = made.distinguish("Z9999999")
    found = made.find(document="Z9999999")
    names = ("record", "draft", "refused", "diffusion", "watch", "phrase", "words", "reference", "sealed")
    verifier = made.node.desk.registry.signer.verifier
    proven: list[str] = []
    for one in found:
        made.attach(one)
    for one in reversed(found):  # what goes with a record is decided on before it
        made.decide(one)
        proof = prove_purge(one, officer(made.node, "ccf"), made.node.desk)
        proven.append(str(verify_purge(msgspec.json.encode(proof.to_json()), verifier).query["record"]))
    assert {hit, *(made.made[name] for name in names)} <= {*found}
    assert proven == [*reversed(found)]
    assert made.find(document="Z9999999") == {}


def test_a_message_is_withheld_while_a_case_blocks_it(made: File) -> None:
    one = made.made["words"]
    made.attach(one)
    made.block(one)
    reader = officer(made.node, "fra-registrar")
    lines = inbox("all", 50, None, reader, made.node.desk).lines
    assert read_message(one, reader, made.node.desk).withheld == "blocked"
    assert [line.line.subject for line in lines if line.line.message == one] == [None]


@pytest.fixture
def kept(made: File) -> File:
    """A file with messages before and after those of the case, all of them in blocks but for a few."""
    author, desk = officer(made.node, "egy-registrar"), made.node.desk
    for place in range(BLOCK):
        send({"to": ["FRA"], "purpose": "investigation", "subject": f"No {place}", "text": "Q"}, author, desk)
    return made


def places(connection: Connection) -> list[set[int]]:
    """Return, of each block, the numbers of the messages that have keys in it."""
    return [
        {block.first + int(place) for place in block.places.tolist()}
        for block in message_keys.blocks(connection)
    ]


def test_messages_are_found_by_the_keys_that_were_kept(kept: File) -> None:
    def found() -> dict[str, str]:
        return {one: met.by for one, met in kept.find(name="Ферхат Даламаноглу").items()}

    kept_blocks = keep_keys(kept.node.desk)
    assert kept_blocks == 1
    assert keep_keys(kept.node.desk) == 0
    by = found()
    assert {
        name: by.get(kept.made[name]) for name in ("words", "phrase", "reference", "sealed", "stranger")
    } == {
        "words": "spelling",
        "phrase": "likeness",
        "reference": "reference",
        "sealed": "thread",
        "stranger": None,
    }


def test_an_erased_message_leaves_no_key(kept: File) -> None:
    keep_keys(kept.node.desk)
    one = kept.made["words"]
    with kept.node.desk.registry.read() as connection:
        number = next(held.number for held in [messages_held.held_with(connection, one)] if held is not None)
        before = [number in numbers for numbers in places(connection)]
    kept.attach(one)
    kept.decide(one)
    with kept.node.desk.registry.read() as connection:
        after = [number in numbers for numbers in places(connection)]
    assert (before, after) == ([True], [False])
    assert one not in kept.find(name="Ферхат Даламаноглу")


def test_what_was_erased_while_its_keys_were_made_is_not_kept(kept: File) -> None:
    one = kept.made["words"]
    with kept.node.desk.registry.read() as connection:
        page, _ = messages_held.texts_after(connection, 0, BLOCK)
        number = next(text.number for text in page if text.public_id == one)
    kept.attach(one)
    kept.decide(one)
    block = message_keys.block_of(1, BLOCK, {text.number: [7, text.number] for text in page})
    with kept.node.desk.registry.write() as connection:
        message_keys.keep(connection, block, block)
        assert [number in numbers for numbers in places(connection)] == [False]


def test_the_clock_keeps_the_keys_of_messages_that_came(kept: File) -> None:
    tick(kept.node.desk, None)
    with kept.node.desk.registry.read() as connection:
        assert message_keys.last_kept(connection) == BLOCK


def test_keys_of_other_readings_are_made_anew(kept: File, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.procedures.message_keys.readings_edition", lambda: "2-before")
    keep_keys(kept.node.desk)
    with kept.node.desk.registry.write() as connection:
        connection.execute(message_keys.MESSAGE_KEYS.update().values(digests=b"", places=b""))
    monkeypatch.undo()
    assert keep_keys(kept.node.desk) == 1
    assert kept.made["words"] in kept.find(name="Ферхат Даламаноглу")
