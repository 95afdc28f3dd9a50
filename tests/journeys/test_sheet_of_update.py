"""The sheet of a request in force says what was reviewed: its owner holds no paper of an update that waits."""

from collections.abc import Iterator

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.offices import RED, checklist, officer, offices, published, step

from comity.app import Node
from comity.procedures.notices.drafting import amend
from comity.procedures.notices.reading import print_notice, read_notice
from comity.records.fieldtype import Json
from comity.records.notices.states import Form, NoticeState
from comity.registry.notices import HeldNotice

OLD, NEW = "Alexandria", "Rosetta"
REFERENCES = iter(range(99))


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("sheets")) as node:
        yield node


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "egy-inside", "EGY"))
    return entering


@pytest.fixture
def updated(node: Node) -> HeldNotice:
    stated: dict[str, Json] = {**RED, "reference": f"sheet-{next(REFERENCES)}"}
    held = published(node, stated)
    newer = {**stated, "particulars": {**RED["particulars"], "facts_place": NEW}}
    return amend(held.id, held.form, held.version, newer, officer(node, "egy-registrar"), node.desk)


def sheet(egypt: Visitor, held: HeldNotice) -> str:
    return words_of(egypt.client.get(f"/notices/{held.id}/sheet").text)


def test_the_owner_prints_what_is_in_force(egypt: Visitor, updated: HeldNotice) -> None:
    printed = sheet(egypt, updated)
    assert (OLD in printed, NEW in printed) == (True, False)


def test_the_owner_reads_what_waits(egypt: Visitor, updated: HeldNotice) -> None:
    assert NEW in words_of(egypt.client.get(f"/notices/{updated.id}").text)


def test_over_http_the_owner_reads_both(node: Node, updated: HeldNotice) -> None:
    seen = read_notice(updated.id, Form.NOTICE, officer(node, "egy-registrar"), None, node.desk).to_json()
    particulars, pending = seen["particulars"], seen["pending"]
    assert isinstance(particulars, dict)
    assert isinstance(pending, dict)
    assert (particulars["facts_place"], pending["particulars"]["facts_place"]) == (OLD, NEW)


def test_of_a_suspended_one_the_owner_reads_what_waits(node: Node, updated: HeldNotice) -> None:
    held = step(node, updated, "suspend", "egy-registrar", reasons="We look again.")
    seen = read_notice(held.id, Form.NOTICE, officer(node, "egy-registrar"), None, node.desk).to_json()
    particulars = seen["particulars"]
    assert isinstance(particulars, dict)
    assert (particulars["facts_place"], seen["is_reviewed"]) == (NEW, False)


def test_the_sheet_says_that_an_update_waits(node: Node, updated: HeldNotice) -> None:
    seen = print_notice(updated.id, Form.NOTICE, officer(node, "egy-registrar"), None, node.desk)
    assert seen.state is NoticeState.UPDATED


def test_what_is_published_is_printed(node: Node, egypt: Visitor, updated: HeldNotice) -> None:
    held = step(node, updated, "take", "reviewer-1")
    held = step(node, held, "publish", "reviewer-1", checklist=checklist("red"), reasons="Weighed.")
    assert NEW in sheet(egypt, held)


def test_a_suspended_one_says_that_no_measure_may_rest_on_it(
    node: Node, egypt: Visitor, updated: HeldNotice
) -> None:
    held = step(node, updated, "suspend", "egy-registrar", reasons="We look again.")
    assert "no measure may rest on this sheet" in sheet(egypt, held)
