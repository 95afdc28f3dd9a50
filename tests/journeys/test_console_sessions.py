"""Sessions in a real browser: two tabs, a session that ended, the way back after signing out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update
from tests.journeys.browser import Site

from comity.procedures.sign_in import SESSION_IDLE
from comity.registry.schema import SESSIONS

pytestmark = pytest.mark.browser
WANTED = "Tarek Mansour Elhadidy"


@pytest.fixture
def inside(running: Browser, place: Site) -> Iterator[BrowserContext]:
    """A browser that has signed in, with one tab that shows one's own acts."""
    context = running.new_context(locale="en")
    place.sign_in(context.new_page(), "FRA")
    yield context
    context.close()


def tab(inside: BrowserContext, place: Site, path: str) -> Page:
    page = inside.new_page()
    page.goto(place.address + path)
    return page


def ask(page: Page) -> None:
    page.fill("#f-name", WANTED)
    page.select_option("#purpose", "border")
    page.click("form.card button.main")


def let_sessions_idle_out(place: Site) -> None:
    seen = place.node.desk.clock() - SESSION_IDLE - timedelta(minutes=1)
    with place.node.desk.registry.write() as connection:
        connection.execute(update(SESSIONS).values(seen_at=seen))


def test_the_way_back_after_signing_out_shows_nothing(inside: BrowserContext, place: Site) -> None:
    page = tab(inside, place, "/trail")
    page.click(".out button")
    page.wait_for_url("**/sign-in")
    page.go_back()
    page.wait_for_url("**/sign-in?*")
    assert page.locator("#passphrase").count() == 1


def test_signing_out_in_one_tab_empties_the_other(inside: BrowserContext, place: Site) -> None:
    other = tab(inside, place, "/trail")
    tab(inside, place, "/check/person").click(".out button")
    other.wait_for_url("**/sign-in?*")
    assert other.locator("table.trail").count() == 0


def test_a_check_of_an_ended_session_is_not_made_and_says_so(inside: BrowserContext, place: Site) -> None:
    page = tab(inside, place, "/check/person")
    let_sessions_idle_out(place)
    ask(page)
    page.wait_for_url("**/sign-in?*")
    assert "What was sent last was not done." in page.inner_text("[role=alert]")


def test_signing_in_again_leads_back(inside: BrowserContext, place: Site) -> None:
    page = tab(inside, place, "/check/vessel")
    let_sessions_idle_out(place)
    page.goto(f"{place.address}/check/vessel")
    place.fill_in(page, "FRA")
    page.wait_for_url("**/check/vessel")
    assert page.locator("#purpose").count() == 1


def test_a_page_from_before_another_sign_in_says_what_to_do(inside: BrowserContext, place: Site) -> None:
    old = tab(inside, place, "/check/person")
    # Another session in the same browser, without telling this tab.
    let_sessions_idle_out(place)
    page = inside.new_page()
    page.add_init_script("window.BroadcastChannel = class { postMessage() {} addEventListener() {} };")
    place.sign_in(page, "FRA")
    ask(old)
    old.wait_for_selector("[role=alert]")
    assert "This page is from before you signed in." in old.inner_text("[role=alert]")


def test_two_tabs_that_both_wait_at_the_form_let_one_in_and_the_other_follow(
    running: Browser, place: Site
) -> None:
    context = running.new_context(locale="en")
    first, second = context.new_page(), context.new_page()
    for page in (first, second):
        page.goto(f"{place.address}/sign-in")
    place.fill_in(first, "FRA")
    first.wait_for_url("**/check/person")
    place.fill_in(second, "FRA")
    second.wait_for_url("**/check/person")
    context.close()
