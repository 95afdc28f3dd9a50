"""Entering, amending and withdrawing records in the console: over HTTP, and in a real browser in two languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.browser import Site, browser, site
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus

from comity.app import Node
from comity.phrases.words import words
from comity.records.kinds import KINDS
from comity.registry import audit_log

PASSPORT = {
    "type": "P",
    "issuer": "EGY",
    "number": "A4455667",
    "status": "stolen",
    "share": "all",
    "source_id": "entered-1",
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("entry")) as opened:
        yield opened


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    inside = visitor(node)
    inside.sign_in(node, open_account(node, "egy-entering", "EGY"))
    return inside


@pytest.fixture(scope="module")
def france(node: Node) -> Visitor:
    inside = visitor(node)
    inside.sign_in(node, open_account(node, "fra-checking", "FRA"))
    return inside


def entered(inside: Visitor, kind: str = "travel_document", **fields: str) -> str:
    """Enter a record and return the path of its page."""
    answer = inside.post(f"/enter/{kind}", **{**PASSPORT, **fields})
    assert answer.status_code == 303, words_of(answer.text)
    return str(answer.headers["location"])


def version_of(inside: Visitor, path: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', inside.client.get(f"{path}/amend").text)
    assert found is not None
    return found[1]


def test_what_is_entered_is_found_by_another_bureau(egypt: Visitor, france: Visitor) -> None:
    entered(egypt, source_id="found", number="A1111222")
    assert "What to do" in france.check("travel_document", type="P", issuer="EGY", number="A1111222").text


def test_a_record_of_nobody_s_choice_is_not_shown_to_anybody(egypt: Visitor) -> None:
    answer = egypt.post("/enter/travel_document", **{**PASSPORT, "share": "only", "bureaus": ""})
    assert answer.status_code == 422


def test_a_malformed_field_is_told_beside_it_and_what_was_typed_stays(egypt: Visitor) -> None:
    answer = egypt.post("/enter/travel_document", **{**PASSPORT, "number": "***", "place": "Port Said"})
    assert answer.status_code == 422
    assert re.search(r'id="e-number" name="number" value="\*\*\*"[^>]*aria-invalid="true"', answer.text)


def test_groups_and_lists_are_entered_row_by_row(egypt: Visitor, node: Node) -> None:
    rows = {
        "names.0.name": "Tilda Ravnsborg",
        "names.0.type": "primary",
        "names.2.name": "طيلدا",
        "names.2.type": "original",
        "born": "1981\n1982-05",
        "eyes.BRO": "on",
        "documents.0.number": "X9988776",
        "share": "owner",
    }
    answer = egypt.post("/enter/person", **rows)
    assert answer.status_code == 303, words_of(answer.text)
    held = node.desk.registry.record_with(answer.headers["location"].rpartition("/")[2])
    assert held is not None
    names = [one["name"] for one in held.record.data["names"]]
    assert (names, held.record.data["born"]) == (["Tilda Ravnsborg", "طيلدا"], ["1981", "1982-05"])


def test_more_rows_keep_what_was_typed_and_store_nothing(egypt: Visitor) -> None:
    answer = egypt.post("/enter/person", **{"names.0.name": "Tilda Unstored", "rows": "names"})
    assert (answer.status_code, "Tilda Unstored" in answer.text, "names.3.name" in answer.text) == (
        200,
        True,
        True,
    )


def test_an_amendment_is_the_next_version(egypt: Visitor, node: Node) -> None:
    path = entered(egypt, source_id="amended", number="A2222333")
    fields = {**PASSPORT, "number": "A2222333", "kind": "travel_document", "status": "revoked"}
    answer = egypt.post(f"{path}/amend", **fields, version=version_of(egypt, path))
    held = node.desk.registry.record_with(path.rpartition("/")[2])
    assert held is not None
    assert (answer.status_code, held.version, held.record.data["status"]) == (303, 2, "revoked")


def test_an_amendment_of_a_version_that_is_gone_loses_nothing(egypt: Visitor, node: Node) -> None:
    path = entered(egypt, source_id="stale", number="A3333444")
    fields = {**PASSPORT, "number": "A3333444", "kind": "travel_document"}
    first = version_of(egypt, path)
    egypt.post(f"{path}/amend", **{**fields, "status": "lost"}, version=first)
    answer = egypt.post(f"{path}/amend", **{**fields, "status": "revoked"}, version=first)
    held = node.desk.registry.record_with(path.rpartition("/")[2])
    assert held is not None
    assert (answer.status_code, held.record.data["status"], "A3333444" in answer.text) == (409, "lost", True)


def test_nobody_else_amends_a_record(egypt: Visitor, france: Visitor) -> None:
    path = entered(egypt, source_id="foreign", number="A5555666")
    fields = {**PASSPORT, "number": "A5555666", "kind": "travel_document"}
    told = france.post(f"{path}/amend", **fields, version="1").status_code
    unheld = france.post(f"/records/{'A' * 20}/amend", **fields, version="1").status_code
    assert (told, unheld) == (404, 404)


def test_a_withdrawn_record_answers_no_check(egypt: Visitor, france: Visitor) -> None:
    path = entered(egypt, source_id="withdrawn", number="A7777888")
    egypt.post(f"{path}/withdraw", version="1")
    assert "What to do" not in france.check("travel_document", type="P", issuer="EGY", number="A7777888").text


def test_each_entry_leaves_one_line(egypt: Visitor, node: Node) -> None:
    def lines() -> int:
        with node.desk.registry.read() as connection:
            found = audit_log.own_entries(connection, "egy-entering", 10_000, None)
        return sum(line.entry.act == "record:submit" and line.entry.outcome != "refused" for line in found)

    before = lines()
    entered(egypt, source_id="once", number="A8888999")
    assert lines() - before == 1


def test_a_record_is_read_once_its_purpose_is_stated(egypt: Visitor, node: Node) -> None:
    path = entered(egypt, source_id="asked", number="A6666777")
    fresh = visitor(node)
    fresh.sign_in(node, open_account(node, "egy-fresh", "EGY"))
    asked = fresh.client.get(path)
    fresh.post("/purpose", purpose="border", back=path)
    shown = fresh.client.get(path)
    assert ("A6666777" in asked.text, "A6666777" in shown.text) == (False, True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_form(egypt: Visitor, kind: str) -> None:
    assert egypt.client.get(f"/enter/{kind}").status_code == 200


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Page]]:
    with site(Path(tmp_path_factory.mktemp("site")) / "node") as served, browser() as chromium:
        page = chromium.new_page(viewport={"width": 390, "height": 844})
        served.come_in(page.context, "EGY")
        page.goto(served.address)
        page.wait_for_selector(".out")
        yield served, page


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_passport_is_entered_and_withdrawn_by_hand(shown: tuple[Site, Page], language: str) -> None:
    served, page = shown
    said = words(language)
    page.click(f".languages button[value={language}]")
    page.goto(f"{served.address}/enter/travel_document")
    page.select_option("#e-status", "stolen")
    page.fill("#e-type", "P")
    page.fill("#e-issuer", "EGY")
    page.fill("#e-number", f"B123450{len(language)}")
    page.select_option("#share", "all")
    page.click("button.main")
    page.wait_for_url("**/records/*")
    if page.locator("form[action='/purpose']").count():  # asked once in a session
        page.select_option("#purpose", "border")
        page.click("button.main")
    page.click(f"text={said.say('Withdraw')}")
    page.wait_for_url("**/withdraw")
    page.click("button.main")
    page.wait_for_url("**/records/*")
    assert said.say("This record is withdrawn. It answers no check.") in page.inner_text("main")


@pytest.mark.browser
def test_the_form_fits_a_phone(shown: tuple[Site, Page]) -> None:
    served, page = shown
    page.goto(f"{served.address}/enter/person")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.browser
def test_every_label_of_the_form_runs_from_right_to_left_in_arabic(shown: tuple[Site, Page]) -> None:
    served, page = shown
    page.click(".languages button[value=ar]")
    page.goto(f"{served.address}/enter/person")
    labels = page.locator("main form label").all()
    turned = [
        one.inner_text() for one in labels if one.evaluate("e => getComputedStyle(e).direction") != "rtl"
    ]
    page.click(".languages button[value=en]")
    assert (len(labels) > 10, turned) == (True, [])
