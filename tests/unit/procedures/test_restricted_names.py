"""A record that few may see is found by its name by those few, whatever names others have entered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.procedures.check import run_check
from comity.records.handling import Purpose


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield node


def found(node: Node, who: str, name: str) -> list[str | None]:
    query = {"kind": "person", "name": name, "floor": 0}
    return [hit.source_id for hit in run_check(query, officer(node, who), Purpose.ROAD, node.desk).hits]


@pytest.mark.parametrize("is_saved", [False, True])
@pytest.mark.parametrize("name", ["Abdelaziz Testmansour", "Abdel Aziz Testmansor"])
@pytest.mark.parametrize(
    ("share", "who"),
    [("owner", "egy-officer"), ({"only": ["FRA"]}, "fra-officer"), ({"except": ["KEN"]}, "fra-officer")],
)
def test_a_restricted_record_of_a_name_that_nobody_else_has_is_found(
    node: Node, share: object, who: str, name: str, is_saved: bool
) -> None:
    enter(node, source_id="open", names=[{"name": "Quillon Ashdownbury", "type": "primary"}])
    enter(node, source_id="restricted", share=share)
    if is_saved:
        node.desk.follower.catch_up()
        node.desk.index.save()
    assert found(node, who, name) == ["restricted"]
