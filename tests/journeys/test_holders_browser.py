"""Who holds a record, in a real browser: from the record, at a desk and on a phone, in English and in Arabic."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.browser import Site, browser, chromium
from tests.journeys.notice_site import notice_site
from tests.unit.procedures.offices import RED, officer, published

from comity.phrases.words import words
from comity.procedures.notices.reading import print_notice
from comity.records.handling import Purpose
from comity.records.notices.states import Form

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "ar")
DESK, PHONE = 1280, 390
SENT = {**RED, "share": {"only": ["FRA", "KEN", "BRA"]}}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    chromium()
    with notice_site(tmp_path_factory.mktemp("holders") / "node") as site:
        yield site


@pytest.fixture(scope="module")
def running(site: Site) -> Iterator[Browser]:
    del site  # whose failure should not leave a browser behind
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def sent(site: Site) -> str:
    """Send a diffusion to three bureaus, of which Kenya prints a sheet."""
    held = published(site.node, SENT, Form.DIFFUSION)
    print_notice(held.id, Form.DIFFUSION, officer(site.node, "ken-officer"), Purpose.BORDER, site.node.desk)
    return held.id


def page_of(site: Site, running: Browser, language: str, width: int, path: str) -> Page:
    page = running.new_context(locale=language, viewport={"width": width, "height": 900}).new_page()
    site.come_in(page.context, "EGY")
    page.context.add_cookies([{"name": "comity-purpose", "value": "border", "url": site.address}])
    page.goto(site.address + path)
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_owner_goes_by_keyboard_from_the_record_to_who_holds_it(
    site: Site, running: Browser, sent: str, language: str
) -> None:
    page = page_of(site, running, language, DESK, f"/records/{sent}")
    page.focus(f"a[href='/records/{sent}/holders']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said = words(language)
    rows = page.locator("table.trail tbody tr").all_inner_texts()
    kenya = next(row for row in rows if said.value("country", "KEN") in row)
    assert [said.value("country", code) in " ".join(rows) for code in ("FRA", "BRA")] == [True, True]
    assert said.value("act", "notice:read") in kenya


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_leads_to_it(site: Site, running: Browser, sent: str, language: str) -> None:
    page = page_of(site, running, language, DESK, "/holders")
    assert page.locator(f"a[href='/records/{sent}/holders']").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/holders", "/records/{record}/holders"])
def test_it_does_not_scroll_sideways_on_a_phone(
    site: Site, running: Browser, sent: str, language: str, path: str
) -> None:
    page = page_of(site, running, language, PHONE, path.format(record=sent))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_of_a_table_is_broken_at_a_desk(
    site: Site, running: Browser, sent: str, language: str
) -> None:
    page = page_of(site, running, language, DESK, f"/records/{sent}/holders")
    heights = page.eval_on_selector_all(
        "td:first-child bdi", "cells => cells.map(cell => cell.getClientRects().length)"
    )
    assert set(heights) == {1}


def test_what_is_left_to_right_begins_at_the_right_on_an_arabic_phone(
    site: Site, running: Browser, sent: str
) -> None:
    del sent
    page = page_of(site, running, "ar", PHONE, "/holders")
    edges = page.eval_on_selector_all(
        "table.trail tbody tr:first-child td > *",
        "cells => cells.map(cell => { const text = document.createRange(); text.selectNodeContents(cell);"
        " return Math.round(text.getBoundingClientRect().right); })",
    )
    assert len(set(edges)) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_under_a_diffusion_is_amended_there(
    site: Site, running: Browser, sent: str, language: str
) -> None:
    page = page_of(site, running, language, DESK, f"/records/{sent}")
    links = [one.get_attribute("href") for one in page.locator("main .links a").all()]
    assert f"/diffusions/{sent}" in links
    assert not {f"/records/{sent}/amend", f"/records/{sent}/withdraw"} & set(links)
