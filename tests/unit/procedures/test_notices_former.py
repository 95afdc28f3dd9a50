"""A refused request that is amended into one on somebody else does not hide whom it was about."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.console_visitor import open_account, visitor, words_of
from tests.unit.procedures.offices import RED, enter, officer, offices, refused, step

from comity.app import SECRETARIAT, Node
from comity.procedures.notices.drafting import amend
from comity.procedures.notices.reviewing import Related, returns, review
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.records.notices.states import Form
from comity.registry.notices import HeldNotice

OTHER: dict[str, Json] = {
    **RED,
    "record": {
        "kind": "person",
        "names": [{"name": "Benedikta Oyelaran", "type": "primary"}],
        "born": ["1991-01-01"],
    },
}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


@pytest.fixture
def turned(node: Node) -> HeldNotice:
    """A red notice that was refused, and handed in again as one on somebody else."""
    held = refused(node)
    other = amend(held.id, held.form, held.version, OTHER, officer(node, "egy-registrar"), node.desk)
    return step(node, other, "submit", "egy-registrar")


def related(node: Node, record: Json) -> list[Related]:
    content: dict[str, Json] = {"colour": "blue", "record": record, "reference": "comes back"}
    held = step(node, enter(node, content), "submit", "egy-registrar")
    return [*review(held.id, Form.NOTICE, officer(node, "reviewer-2"), None, node.desk).related]


def person(name: str, **more: Json) -> dict[str, Json]:
    return {"kind": "person", "names": [{"name": name}], **more}


def test_it_is_shown_to_who_reviews_the_same_passport(node: Node, turned: HeldNotice) -> None:
    documents: Json = [{"type": "P", "issuer": "EGY", "number": "B45671230"}]
    shown = related(node, person("Quite Another", documents=documents))
    assert [(one.held.id, one.shares_number, one.is_former) for one in shown] == [(turned.id, True, True)]


@pytest.mark.parametrize("name", ["Ferhat Dalamanoglu", "فرحات دلامان أوغلو"])
def test_it_is_shown_to_who_reviews_the_same_name(node: Node, turned: HeldNotice, name: str) -> None:
    shown = related(node, person(name))
    assert [(one.held.id, one.is_former) for one in shown] == [(turned.id, True)]


@pytest.mark.parametrize("name", ["Ferhat Someoneelse", "Benjamin Dalamanoglu", "Hildegund Quist"])
def test_a_stranger_is_not_tied_to_it(node: Node, turned: HeldNotice, name: str) -> None:
    assert related(node, person(name)) == []


def test_it_is_shown_as_what_it_is_to_who_reviews_its_present_subject(node: Node, turned: HeldNotice) -> None:
    shown = related(node, person("Benedikta Oyelaran"))
    assert [(one.held.id, one.is_former) for one in shown] == [(turned.id, False)]


def test_its_passport_entered_as_stolen_stands_among_the_refused(node: Node, turned: HeldNotice) -> None:
    passport: dict[str, Json] = {
        "kind": "travel_document",
        "number": "B45671230",
        "issuer": "EGY",
        "type": "P",
    }
    passport |= {"status": "stolen", "share": "all"}
    one = submit(passport, officer(node, "egy-registrar"), node.desk).receipt.public_id
    found = returns(20, None, officer(node, "reviewer-1"), None, node.desk).returned
    assert [[hit.record for hit in held.hits] for held in found] == [[one]]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "before it was amended"), ("fr", "avant d’être modifiée"), ("ar", "قبل تعديلها")],
)
def test_the_review_page_says_that_it_was_before(
    node: Node, turned: HeldNotice, language: str, words: str
) -> None:
    content: dict[str, Json] = {"colour": "blue", "record": person("Ferhat Dalamanoglu"), "reference": "page"}
    held = step(node, enter(node, content), "submit", "egy-registrar")
    entering = visitor(node, **{"Accept-Language": language})
    entering.sign_in(node, open_account(node, "reviewer-inside", SECRETARIAT, "reviewer"))
    assert words in words_of(entering.client.get(f"/notices/{held.id}/review").text)
