"""Bureaus that hold the same learn of each other where one of them holds it by a notice or a diffusion, too."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.unit.procedures.offices import RED, officer, offices, published

from comity.app import Node
from comity.procedures.clockwork import tick
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.records.notices import COLOURS
from comity.records.notices.states import Form
from comity.registry import events

SUBJECT = RED["record"]
BLUE: Mapping[str, Json] = {
    "colour": "blue",
    "record": SUBJECT,
    "particulars": COLOURS["blue"].examples[0]["particulars"],
}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def enter(node: Node, share: Json = "all") -> None:
    """Let Kenya hold the same person by a record of its own."""
    submit({**SUBJECT, "source_id": "K1", "share": share}, officer(node, "ken-registrar"), node.desk)
    tick(node.desk, None)


def publish(node: Node, form: Form = Form.NOTICE, owner: str = "egy", **said: Json) -> None:
    content = {**RED, **said}
    published(node, content, form, owner)
    tick(node.desk, None)


def told(node: Node) -> dict[str, list[str]]:
    """Return what each bureau was told of hits."""
    with node.desk.registry.read() as connection:
        found = {code: events.after(connection, code, 0, 200) for code in ("EGY", "FRA", "KEN")}
    of_hits = {
        code: [one.event.what for one in some if one.event.topic == "hit"] for code, some in found.items()
    }
    return {code: some for code, some in of_hits.items() if some}


def test_a_notice_meets_what_another_bureau_holds(node: Node) -> None:
    enter(node)
    publish(node)
    assert told(node) == {"EGY": ["met"], "KEN": ["opened"]}


def test_what_a_bureau_enters_meets_another_s_notice(node: Node) -> None:
    publish(node)
    enter(node)
    assert told(node) == {"EGY": ["opened"], "KEN": ["met"]}


def test_notices_of_two_colours_on_one_person_meet(node: Node) -> None:
    publish(node)
    publish(node, owner="fra", **BLUE)
    assert told(node) == {"EGY": ["opened"], "FRA": ["met"]}


def test_a_diffusion_meets_what_its_addressee_holds(node: Node) -> None:
    enter(node)
    publish(node, Form.DIFFUSION, share={"only": ["KEN"]})
    assert told(node) == {"EGY": ["met"], "KEN": ["opened"]}


@pytest.mark.parametrize(
    ("form", "said", "share"),
    [
        (Form.NOTICE, {}, "owner"),
        (Form.NOTICE, {}, {"only": ["FRA"]}),
        (Form.NOTICE, {"share": {"except": ["KEN"]}}, "all"),
        (Form.DIFFUSION, {"share": {"only": ["FRA"]}}, "all"),
    ],
)
def test_nobody_is_told_where_one_withholds(
    node: Node, form: Form, said: Mapping[str, Json], share: Json
) -> None:
    enter(node, share)
    publish(node, form, **said)
    assert told(node) == {}
