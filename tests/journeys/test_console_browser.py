"""The console in a real browser: by keyboard alone, by pasted zone, right to left, small, zoomed, walled."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.journeys.browser import Site

from comity.console.rendering import STATIC
from comity.phrases.words import CODES
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.kinds import KINDS

pytestmark = pytest.mark.browser
WANTED = "Tarek Mansour Elhadidy"
ZONE = (
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"  # the specimen of ICAO Doc 9303 part 4
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
)
PAGES = ("/check/person", "/check/travel_document", "/check/vessel", "/trail", "/trail/hits", "/reviews")


@pytest.fixture(scope="module")
def inside(running: Browser, place: Site) -> Iterator[BrowserContext]:
    context = running.new_context(locale="en", viewport={"width": 1280, "height": 800})
    place.come_in(context, "FRA")
    yield context
    context.close()


@pytest.fixture
def page(inside: BrowserContext, place: Site) -> Iterator[Page]:
    page = inside.new_page()
    page.goto(f"{place.address}/check/person")
    yield page
    page.close()


def ask(page: Page, name: str) -> None:
    page.fill("#f-name", name)
    page.select_option("#purpose", "border")
    page.click("form.card button.main")
    page.wait_for_selector(".outcome")


def speak(page: Page, language: str) -> None:
    with page.expect_navigation():
        page.click(f".languages [value={language}]")


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_check_needs_the_keyboard_alone(page: Page) -> None:
    page.keyboard.type(WANTED)  # the first field has the focus
    page.focus("#purpose")
    page.keyboard.type("Border")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.wait_for_selector(".outcome.hit") is not None


def test_every_control_is_reached_by_tab(page: Page) -> None:
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
    assert {"f-name", "f-born", "purpose", "Check", "Sign out", "More pages"} <= reached


def test_further_pages_are_opened_and_reached_by_keyboard(page: Page) -> None:
    page.focus(".further summary")
    page.keyboard.press("Enter")
    reached = set()
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.textContent.trim()"))
    assert {"My acts", "API keys"} <= reached


def test_the_skip_link_shows_when_it_has_the_focus(page: Page) -> None:
    page.focus(".skip")
    assert page.eval_on_selector(".skip", "link => link.getBoundingClientRect().top >= 0")


def test_the_answer_has_the_focus(page: Page) -> None:
    ask(page, WANTED)
    assert page.evaluate("document.activeElement.classList.contains('hit')")


def test_a_field_at_fault_has_the_focus(page: Page, place: Site) -> None:
    page.goto(f"{place.address}/check/travel_document")
    page.fill("#f-number", "***")
    page.select_option("#purpose", "border")
    page.click("form.card button.main")
    page.wait_for_selector(".outcome.invalid")
    assert page.evaluate("document.activeElement.id") == "f-number"


def test_a_zone_pasted_into_any_field_lands_in_its_own(page: Page, place: Site) -> None:
    page.goto(f"{place.address}/check/travel_document")
    page.focus("#f-number")
    paste = (
        "text => { const data = new DataTransfer(); data.setData('text', text);"
        " document.activeElement.dispatchEvent(new ClipboardEvent('paste',"
        " { clipboardData: data, bubbles: true, cancelable: true })); }"
    )
    page.evaluate(paste, ZONE)
    assert page.input_value("#f-mrz") == ZONE


def test_a_zone_alone_is_a_check(page: Page, place: Site) -> None:
    page.goto(f"{place.address}/check/travel_document")
    page.fill("#f-mrz", ZONE)
    page.select_option("#purpose", "border")
    page.click("form.card button.main")
    assert page.wait_for_selector(".outcome.no_hit") is not None


def test_a_hit_leads_to_its_record(page: Page) -> None:
    ask(page, WANTED)
    page.click("a.button")
    assert WANTED in page.inner_text("h1")


def test_arabic_runs_from_right_to_left(running: Browser, place: Site) -> None:
    context = running.new_context(locale="ar")
    page = context.new_page()
    page.goto(f"{place.address}/sign-in")
    brand, languages = (page.locator(one).bounding_box() for one in (".brand", ".languages"))
    context.close()
    assert brand is not None
    assert languages is not None
    assert brand["x"] > languages["x"]


@pytest.mark.parametrize("language", CODES)
def test_no_page_scrolls_sideways_on_a_phone(page: Page, place: Site, language: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    speak(page, language)
    wide = {}
    for path in PAGES:
        page.goto(place.address + path)
        wide[path] = overflow(page)
    page.goto(f"{place.address}/check/person")
    ask(page, WANTED)
    wide["hit"] = overflow(page)
    speak(page, "en")
    assert {path: by for path, by in wide.items() if by > 0} == {}


def test_no_page_scrolls_sideways_at_twice_the_size(page: Page, place: Site) -> None:
    # A browser zoomed to 200 % lays out half the width (WCAG 2.2, 1.4.4 and 1.4.10).
    page.set_viewport_size({"width": 640, "height": 400})
    ask(page, WANTED)
    assert overflow(page) <= 0


@pytest.fixture(scope="module")
def amended(place: Site) -> str:
    """The path of a record with versions, past its review date."""
    registrar = officer_named("egy-registrar", place.node.desk)
    example = {**KINDS["person"].examples[0], "kind": "person", "source_id": "amended", "share": "all"}
    stated = {**example, "review_on": "2020-01-31", "reliability": "B2", "handling_code": "H1"}
    submit({**stated, "notice": "blue"}, registrar, place.node.desk)
    made = submit({**stated, "notice": "red", "reliability": "A1"}, registrar, place.node.desk)
    return f"/records/{made.receipt.public_id}"


@pytest.mark.parametrize("language", CODES)
def test_what_changed_fits_a_phone(page: Page, place: Site, amended: str, language: str) -> None:
    ask(page, WANTED)  # a record opens for a purpose
    page.set_viewport_size({"width": 360, "height": 740})
    speak(page, language)
    page.goto(place.address + amended)
    wide = overflow(page)
    speak(page, "en")
    assert (wide, page.locator(".versions li").count()) == (0, 2)


def test_an_arabic_grade_begins_on_the_right(page: Page, place: Site, amended: str) -> None:
    ask(page, WANTED)
    speak(page, "ar")
    page.goto(place.address + amended)
    code_stands_right = (
        "() => { const line = [...document.querySelectorAll('.versions td p')].find(one =>"
        " one.textContent.startsWith('B2')); const text = document.createRange();"
        " text.selectNodeContents(line); const code = document.createRange();"
        " code.setStart(line.firstChild, 0); code.setEnd(line.firstChild, 2);"
        " return Math.abs(text.getBoundingClientRect().right - code.getBoundingClientRect().right) < 1; }"
    )
    is_on_the_right = page.evaluate(code_stands_right)
    speak(page, "en")
    assert is_on_the_right


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_records_text_stands_out_from_its_ground(page: Page, place: Site, amended: str, scheme) -> None:
    ask(page, WANTED)
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(place.address + amended)
    assert page.evaluate(CONTRAST) == []


def test_nothing_breaks_the_content_policy(page: Page, place: Site) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        page.goto(place.address + path)
    page.goto(f"{place.address}/check/person")
    ask(page, WANTED)
    assert said == []


def test_it_works_without_scripts(running: Browser, place: Site) -> None:
    context = running.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    place.sign_in(page, "EGY")
    page.fill("#f-name", WANTED)
    page.select_option("#purpose", "border")
    page.click("form.card button.main")
    found = page.wait_for_selector(".outcome.hit")
    context.close()
    assert found is not None


def test_every_field_has_a_label(page: Page, place: Site) -> None:
    bare = (
        "[...document.querySelectorAll('input:not([type=hidden]), select, textarea')]"
        ".filter(one => !one.labels.length).map(one => one.name)"
    )
    found = []
    for kind in KINDS:
        page.goto(f"{place.address}/check/{kind}")
        found += page.evaluate(bare)
    assert found == []


CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const parts = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const colour = parts(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("main *, footer *")) {
    const text = [...node.childNodes].some((one) => one.nodeType === 3 && one.textContent.trim());
    if (!text || !node.checkVisibility()) continue;
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push(`${node.className} ${node.textContent.trim().slice(0, 30)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(page: Page, scheme) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    ask(page, WANTED)
    assert page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_head_of_a_page_is_one_row_on_a_desk(running: Browser, place: Site, language: str) -> None:
    context = running.new_context(locale=language, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    place.sign_in(page, "EGY")
    tall = {}
    for path in ("/check/person", "/messages", "/redress/questions", "/statistics", "/keys"):
        page.goto(place.address + path)
        tall[path] = page.evaluate("document.querySelector('header.top').getBoundingClientRect().height")
    context.close()
    assert {path: height for path, height in tall.items() if height > 64} == {}


@pytest.mark.parametrize("tag", ["bdi", "span", "p"])
def test_one_long_word_of_somebody_s_widens_no_page(running: Browser, tag: str) -> None:
    page = running.new_page(viewport={"width": 320, "height": 640})
    turned = "" if tag == "bdi" else ' dir="auto"'
    word = f"<ul><li>Reason · <{tag}{turned}>{'M' * 2000}</{tag}></li></ul>"
    page.set_content(f'<main><div class="picture"><section class="card stack">{word}</section></div></main>')
    page.add_style_tag(content=(STATIC / "console.css").read_text("utf-8"))
    assert overflow(page) == 0
    page.close()
