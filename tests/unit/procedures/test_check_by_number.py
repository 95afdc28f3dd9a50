"""One number that agrees and nothing against it is a hit, also where numbers are given twice in the world."""

from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.app import CLI_ACCOUNT, open_node
from comity.procedures import submit
from comity.procedures.check import run_check
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

HELD = {
    "vehicle": {"plate": "B-XY 1234", "engine": "ENG4455667"},
    "firearm": {"serial": "KX 01234"},
    "aircraft": {"serial": "20817"},
    "vessel": {"call_sign": "D5AB7"},
}
ASKED = [(kind, field) for kind, fields in HELD.items() for field in fields]


@pytest.mark.parametrize(("kind", "field"), ASKED)
def test_one_number_alone_is_a_hit(tmp_path: Path, kind: str, field: str) -> None:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        officer = officer_named(CLI_ACCOUNT, node.desk)
        submit.submit({"kind": kind, "source_id": "one", "share": "all", **HELD[kind]}, officer, node.desk)
        query: Json = {"kind": kind, field: HELD[kind][field]}
        answer = run_check(query, officer, Purpose.BORDER, node.desk)
    assert [hit.source_id for hit in answer.hits] == ["one"]
