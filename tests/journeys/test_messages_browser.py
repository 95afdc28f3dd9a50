"""Messages in a real browser: a payment is stopped within ten minutes, in English and in Arabic."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from tests.journeys.browser import Site

from comity.phrases.words import words
from comity.procedures.messages.reading import inbox
from comity.procedures.sign_in import officer_named
from comity.registry.schema import RECORDS

pytestmark = pytest.mark.browser
IBAN = "GB82WEST12345698765432"


def page_of(running: Browser, place: Site, bureau: str, language: str) -> Iterator[Page]:
    context = running.new_context(locale=language, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    place.come_in(page.context, bureau)
    yield page
    context.close()


@pytest.fixture(scope="module")
def france(running: Browser, place: Site) -> Iterator[Page]:
    yield from page_of(running, place, "FRA", "en")


@pytest.fixture(scope="module")
def egypt(running: Browser, place: Site) -> Iterator[Page]:
    yield from page_of(running, place, "EGY", "ar")


@pytest.fixture(scope="module")
def sent(france: Page, place: Site) -> str:
    """Return the address of the thread in which France asks Egypt to stop a payment."""
    france.goto(f"{place.address}/messages/new?phrase=stop-payment&to=EGY")
    france.fill("#v-amount", "12500.00")
    france.fill("#v-currency", "EUR")
    france.fill("#v-iban", IBAN)
    france.fill("#second", "KEN")
    france.click("form[method=post] button.main")
    france.wait_for_url("**/messages/threads/*")
    return france.url


def test_the_author_reads_it_in_english(france: Page, sent: str) -> None:
    france.goto(sent)
    assert "Please stop this payment of" in france.inner_text("main")


def test_the_reader_reads_it_in_arabic(egypt: Page, sent: str) -> None:
    egypt.goto(sent)
    assert "نرجو إيقاف هذه الدفعة" in egypt.inner_text("main")


def test_the_account_number_stays_as_it_is(egypt: Page, sent: str) -> None:
    egypt.goto(sent)
    assert IBAN in egypt.inner_text("main")


def test_the_page_runs_from_right_to_left(egypt: Page, sent: str) -> None:
    egypt.goto(sent)
    assert egypt.get_attribute("html", "dir") == "rtl"


def test_the_clock_runs(egypt: Page, sent: str) -> None:
    egypt.goto(sent)
    left = egypt.inner_text("time[data-due] + output")
    assert left.startswith(("09:", "08:", "07:", "06:", "05:"))


def test_it_stands_first_among_what_is_due(egypt: Page, place: Site, sent: str) -> None:
    egypt.goto(f"{place.address}/messages?list=due")
    assert egypt.get_attribute("tbody tr:first-child a", "href") == sent.removeprefix(place.address)


def test_the_author_sees_that_it_was_read(france: Page, egypt: Page, sent: str) -> None:
    egypt.goto(sent)
    france.goto(sent)
    assert "UTC" in france.inner_text("td[data-label=Read]")


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge(egypt: Page, place: Site, sent: str, width: int) -> None:
    egypt.set_viewport_size({"width": width, "height": 800})
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide = {}
    for path in (sent.removeprefix(place.address), "/messages", "/messages/new", "/requests", "/bureau-keys"):
        egypt.goto(place.address + path)
        wide[path] = egypt.evaluate(over)
    assert {path: by for path, by in wide.items() if by > 0} == {}


def test_a_coded_answer_stops_the_clock(egypt: Page, place: Site, sent: str) -> None:
    egypt.goto(f"{sent}?phrase=funds-status")
    egypt.select_option("#v-funds", "held")
    egypt.click("form[method=post] button.main")
    egypt.wait_for_selector(".letter.own")
    officer = officer_named("egy-registrar", place.node.desk)
    assert inbox("due", 10, None, officer, place.node.desk).lines == ()


def test_the_answer_is_read_in_english(france: Page, sent: str) -> None:
    france.goto(sent)
    assert "the whole amount is held" in france.inner_text("main")


def wanted(place: Site) -> str:
    """Return the identifier of Egypt's first person."""
    with place.node.desk.registry.read() as connection:
        row = RECORDS.select().where(RECORDS.c.kind == "person").order_by(RECORDS.c.number)
        return connection.execute(row).first().public_id


def test_a_correction_is_proposed_and_accepted(france: Page, egypt: Page, place: Site) -> None:
    record = f"/records/{wanted(place)}"
    for page in (france, egypt):
        page.context.add_cookies([{"name": "comity-purpose", "value": "border", "url": place.address}])
    france.goto(f"{place.address}{record}/propose")
    france.fill('[name="new-marks"]', "A scar on the left hand")
    france.fill("#reason", "Seen at the border.")
    france.click("form[method=post] button.main")
    france.wait_for_url("**/proposals/*")
    egypt.goto(france.url)
    egypt.click("button[value=accept]")
    egypt.wait_for_load_state()
    egypt.goto(f"{place.address}{record}")
    assert "A scar on the left hand" in egypt.inner_text("main")


@pytest.fixture(scope="module")
def told(france: Page, place: Site) -> str:
    """Return the address of the thread in which France writes of a record of Egypt's, from the record's own page."""
    with place.node.desk.registry.read() as connection:
        one = connection.execute(
            select(RECORDS.c.public_id).where(RECORDS.c.owner == "EGY").limit(1)
        ).scalar_one()
    france.context.add_cookies([{"name": "comity-purpose", "value": "border", "url": place.address}])
    france.goto(f"{place.address}/records/{one}")
    france.click(f"a[href='/messages/new?record={one}&to=EGY']")
    assert france.input_value("[name='ref-id-0']") == one
    france.fill("#subject", "Une précision")
    france.fill("#text", "Vu hier à Marseille.")
    france.fill("#language", "fra")
    france.select_option("#reliability", "B2")
    france.fill("#answer_within", "45")
    france.click("form.entry-form button.main[value=send]")
    france.wait_for_url("**/messages/threads/*")
    return france.url


def test_a_message_says_its_language_and_how_far_to_trust_it(egypt: Page, told: str) -> None:
    egypt.goto(told)
    said, text = words("ar"), egypt.inner_text("main")
    assert [said.value("reliability", "B2") in text, said.value("language", "fra") in text] == [True, True]
    assert egypt.locator("p.said[lang='fra']").inner_text() == "Vu hier à Marseille."


def test_a_message_leads_to_what_it_is_about(egypt: Page, told: str) -> None:
    egypt.goto(told)
    assert egypt.locator("article.letter a[href^='/records/']").count() == 1


def test_its_answer_is_due_in_the_time_given(egypt: Page, told: str) -> None:
    egypt.goto(told)
    assert egypt.locator("time.clock[data-due]").count() == 1


def test_a_particular_at_fault_is_shown_open_with_what_was_typed(france: Page, place: Site) -> None:
    france.goto(f"{place.address}/messages/new?to=EGY")
    france.fill("#subject", "A")
    france.fill("#text", "b")
    france.click("details.more.zone-wide summary")
    france.fill("#language", "xx")
    france.click("form.entry-form button.main[value=send]")
    france.wait_for_selector(".fault")
    assert (france.is_visible("#language"), france.input_value("#language")) == (True, "xx")


def test_the_form_with_its_particulars_fits_a_phone(running: Browser, place: Site) -> None:
    for page in page_of(running, place, "EGY", "ar"):
        page.set_viewport_size({"width": 390, "height": 800})
        page.goto(f"{place.address}/messages/new?record={'A' * 20}&to=FRA")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
