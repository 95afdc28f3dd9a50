"""A stolen passport in a real browser: entered by Egypt, met in France, confirmed in time; passed on in silence.

Two bureaus at two screens, one of them in Arabic; by keyboard, without scripts, on a phone.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.browser import Site, served

from comity.procedures.clockwork import tick
from comity.procedures.hits import HitsAsked, list_hits
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit

pytestmark = pytest.mark.browser
NUMBERS = iter(f"K77{number:05}" for number in range(100))


@pytest.fixture(scope="module")
def france(running: Browser, place: Site) -> Iterator[BrowserContext]:
    context = running.new_context(locale="en", viewport={"width": 1280, "height": 900})
    place.come_in(context, "FRA")
    yield context
    context.close()


@pytest.fixture(scope="module")
def egypt(running: Browser, place: Site) -> Iterator[BrowserContext]:
    context = running.new_context(locale="ar", viewport={"width": 390, "height": 844})
    place.come_in(context, "EGY")
    yield context
    context.close()


@pytest.fixture
def passport(place: Site) -> str:
    """A stolen passport that Egypt has entered; its number."""
    number = next(NUMBERS)
    record = {"kind": "travel_document", "source_id": number, "type": "P", "issuer": "EGY", "number": number}
    submit(
        {**record, "status": "stolen", "share": "all"},
        officer_named("egy-registrar", place.node.desk),
        place.node.desk,
    )
    return number


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def met(france: BrowserContext, place: Site, number: str) -> Page:
    """Check the passport at a border of France; return the page of the hit."""
    page = opened(france, f"{place.address}/check/travel_document")
    page.fill("#f-number", number)
    page.select_option("#purpose", "border")
    page.click("form.card button.main")
    page.click(".call a.button")
    page.wait_for_selector(".hit-page")
    return page


def asked(page: Page, note: str = "Holder: tall, scar on the left hand") -> None:
    page.check("[name=priority][value=urgent]")
    page.fill("#note-question", note)
    page.click("form[action$=question] button")
    page.wait_for_selector(".clock")


def plain(text: str) -> str:
    """Return a text without the marks that keep what fills its places apart."""
    return text.replace("\u2068", "").replace("\u2069", "")


def named(page: Page) -> str:
    return page.url.rpartition("/")[2]


def test_a_stolen_passport_is_met_and_confirmed_in_time(
    france: BrowserContext, egypt: BrowserContext, place: Site, passport: str
) -> None:
    page = met(france, place, passport)
    asked(page)
    owner = opened(egypt, f"{place.address}/inbox")
    owner.click(f"a[href$='{named(page)}']")
    owner.check("[name=answer][value=confirmed]")
    owner.fill("#note-answer", "نعم، سُرق في مايو")
    owner.click("form[action$=answer] button.main")
    owner.wait_for_selector(".moments blockquote >> nth=1")
    page.reload()
    page.check("[name=outcome][value=identity-confirmed]")
    page.click("form[action$=outcome] button")
    page.wait_for_selector("form[action$=outcome]", state="detached")
    assert "Identity confirmed" in page.inner_text(".hit-card")


WORDS_OF = {
    "fr": ("Identité confirmée", "Réponse attendue dans"),
    "es": ("Identidad confirmada", "Respuesta debida en"),
}


@pytest.mark.parametrize(("checking", "owning"), [("fr", "es"), ("es", "fr")])
def test_a_passport_entered_in_one_language_is_confirmed_in_another(
    running: Browser, place: Site, checking: str, owning: str
) -> None:
    border, bureau = (running.new_context(locale=one) for one in (checking, owning))
    for context, code in ((border, "FRA"), (bureau, "EGY")):
        place.come_in(context, code)
    number = next(NUMBERS)
    entering = opened(bureau, f"{place.address}/enter/travel_document")
    for name, value in {"number": number, "issuer": "EGY", "type": "P"}.items():
        entering.fill(f"[name='{name}']", value)
    entering.select_option("[name='status']", "stolen")
    entering.select_option("[name='share']", "all")
    entering.click("main form button.main")
    entering.wait_for_url("**/records/*")
    page = met(border, place, number)
    asked(page)
    owner = opened(bureau, f"{place.address}/inbox/{named(page)}")
    clock = plain(owner.inner_text(".clock"))
    owner.check("[name=answer][value=confirmed]")
    owner.click("form[action$=answer] button.main")
    owner.wait_for_selector("form[action$=answer]", state="detached")
    page.reload()
    page.check("[name=outcome][value=identity-confirmed]")
    page.click("form[action$=outcome] button")
    page.wait_for_selector("form[action$=outcome]", state="detached")
    assert (WORDS_OF[owning][1] in clock, WORDS_OF[checking][0] in page.inner_text(".hit-card")) == (
        True,
        True,
    )
    for context in (border, bureau):
        context.close()


def test_the_owner_reads_its_inbox_from_right_to_left(
    france: BrowserContext, egypt: BrowserContext, place: Site, passport: str
) -> None:
    asked(met(france, place, passport))
    owner = opened(egypt, f"{place.address}/inbox")
    assert owner.get_attribute("html", "dir") == "rtl"
    assert "الرد مطلوب خلال" in owner.inner_text(".hits")


@pytest.mark.parametrize("path", ["/inbox", "/inbox?box=told", "/inbox?box=closed", "/duty", "hit"])
def test_no_page_of_hits_is_wider_than_a_phone(
    france: BrowserContext, egypt: BrowserContext, place: Site, passport: str, path: str
) -> None:
    one = named(met(france, place, passport))
    page = opened(egypt, f"{place.address}{f'/inbox/{one}' if path == 'hit' else path}")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_clock_counts_on(france: BrowserContext, place: Site, passport: str) -> None:
    page = met(france, place, passport)
    asked(page)
    first = page.inner_text(".clock output")
    page.wait_for_function(
        "first => document.querySelector('.clock output').textContent !== first", arg=first
    )


def test_a_hit_needs_the_keyboard_alone(france: BrowserContext, place: Site, passport: str) -> None:
    page = met(france, place, passport)
    page.focus("[name=priority][value=urgent]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Two men, one car")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".clock")
    assert page.inner_text(".moments blockquote") == "Two men, one car"


def test_without_scripts_a_hit_is_asked_about_and_its_clock_is_in_words(
    running: Browser, place: Site, passport: str
) -> None:
    context = running.new_context(locale="en", java_script_enabled=False)
    place.come_in(context, "FRA")
    page = met(context, place, passport)
    asked(page)
    assert "Answer due in 10 minutes" in plain(page.inner_text(".clock"))
    context.close()


def test_of_two_answers_the_second_is_told_and_keeps_what_was_typed(
    france: BrowserContext, egypt: BrowserContext, place: Site, passport: str
) -> None:
    page = met(france, place, passport)
    asked(page)
    one, other = (opened(egypt, f"{place.address}/inbox/{named(page)}") for _ in range(2))
    one.check("[name=answer][value=later]")
    one.click("form[action$=answer] button.main")
    one.wait_for_url("**/inbox/*")
    other.check("[name=answer][value=confirmed]")
    other.fill("#note-answer", "أرى أنه هو")
    other.click("form[action$=answer] button.main")
    other.wait_for_selector(".fault")
    assert other.input_value("#note-answer") == "أرى أنه هو"


def test_a_silent_owner_s_hit_is_passed_on_in_words(
    france: BrowserContext, place: Site, passport: str
) -> None:
    page = met(france, place, passport)
    asked(page)
    desk = place.node.desk
    later = replace(desk, clock=lambda: desk.clock() + timedelta(minutes=12))
    tick(later, None)
    with served(replace(place.node, desk=later)) as address:
        late = opened(france, f"{address}/inbox/{named(page)}")
        assert "Overdue by 2 minutes" in plain(late.inner_text(".clock"))


def test_one_who_is_another_is_not_stopped_again(france: BrowserContext, place: Site) -> None:
    desk = place.node.desk
    person = {"kind": "person", "source_id": "N1", "names": [{"name": "Bekele Ironfield", "type": "primary"}]}
    submit({**person, "born": ["1975-02-01"], "share": "all"}, officer_named("egy-registrar", desk), desk)

    def check() -> Page:
        page = opened(france, f"{place.address}/check/person")
        page.fill("#f-name", "Bekele Ironfield")
        page.fill("#f-born", "1975-02-01")
        page.fill("#f-document", "FR99001")
        page.select_option("#purpose", "border")
        page.click("form.card button.main")
        page.wait_for_selector(".hit-card")
        return page

    page = check()
    page.click(".call a.button")
    page.check("[name=outcome][value=not-identical]")
    page.check("[name=distinguish]")
    page.click("form[action$=outcome] button")
    page.wait_for_selector("form[action$=outcome]", state="detached")
    assert "is not the one it means" in check().inner_text(".todo.known")


def test_the_inbox_counts_what_waits(
    france: BrowserContext, egypt: BrowserContext, place: Site, passport: str
) -> None:
    asked(met(france, place, passport))
    owner = opened(egypt, f"{place.address}/inbox")
    listed = list_hits(
        HitsAsked("answer", 200), officer_named("egy-registrar", place.node.desk), place.node.desk
    )
    assert owner.locator(".hits li").count() == len(listed.lines)
