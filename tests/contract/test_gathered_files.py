"""A case gathers, withholds and erases what is no record: the same on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.unit.procedures.gathered import File, file
from tests.unit.procedures.offices import officer

from comity.procedures.messages.reading import inbox, read_message
from comity.procedures.retention import prove_purge, verify_purge


@pytest.fixture
def made(tmp_path: Path, registry_url: str) -> Iterator[File]:
    with file(tmp_path, registry_url) as filled:
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
