"""Why a request was decided so goes with it when it is purged: on SQLite and on PostgreSQL alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.unit.procedures.offices import checklist, enter, officer, offices, step

from comity.access.acts import Act
from comity.app import Node
from comity.audit.entries import decode
from comity.errors import ComityError
from comity.procedures.purging import PurgeOrder, purge
from comity.records.fieldtype import Json
from comity.registry.notices import HeldNotice
from comity.registry.schema import AUDIT, METADATA

WORD = "Quillfeather-Noted"


@pytest.fixture
def node(tmp_path: Path, registry_place: str) -> Iterator[Node]:
    with offices(tmp_path, registry_place) as node:
        yield node


def under_review(node: Node) -> HeldNotice:
    return step(node, step(node, enter(node), "submit", "egy-registrar"), "take", "reviewer-1")


def tables_with_word(node: Node) -> set[str]:
    with node.desk.registry.read() as connection:
        return {
            table.name
            for table in METADATA.sorted_tables
            if any(WORD in repr(row) for row in connection.execute(select(table)))
        }


def test_reasons_of_moves_go_with_the_request(node: Node) -> None:
    reasons = f"{WORD} is no refugee."
    held = step(
        node, under_review(node), "publish", "reviewer-1", reasons=reasons, checklist=checklist("red")
    )
    held = step(node, held, "suspend", "egy-registrar", reasons=f"{WORD} was found.")
    record = node.desk.registry.record_with(held.id)
    assert record is not None
    assert tables_with_word(node), "they are read while the request stands"
    order = PurgeOrder(officer(node, "egy-registrar"), Act.RECORD_RETAIN, "let-go")
    with node.desk.registry.entering() as connection:
        purge([record], order, connection, node.desk)
    assert tables_with_word(node) == set()


@pytest.mark.parametrize(
    "said",
    [
        {"move": "refuse", "version": 1, "reasons": f"{WORD} is a refugee."},
        {"move": f"refuse {WORD}", "version": 3},
        {"move": "refuse", "version": WORD, "reasons": "No warrant."},
        {"move": "refuse", "reasons": [WORD]},
    ],
)
def test_reasons_that_came_to_nothing_are_not_in_the_log(node: Node, said: dict[str, Json]) -> None:
    held = under_review(node)
    name = str(said["move"])
    with pytest.raises(ComityError):
        step(node, held, name, "reviewer-1", **{"version": None, **said})
    assert tables_with_word(node) == set()


def test_the_log_says_that_there_were_reasons(node: Node) -> None:
    step(node, under_review(node), "refuse", "reviewer-1", reasons="No warrant.")
    with node.desk.registry.read() as connection:
        bodies = connection.execute(select(AUDIT.entries.c.body).order_by(AUDIT.entries.c.seq)).scalars()
        last = [decode(body) for body in bodies][-1]
    assert (last.query["move"], last.query["reasons"], last.reason) == ("refuse", True, None)
