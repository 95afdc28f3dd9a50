"""Bureaus at their screens, each journey in English and in Arabic, from one end to the other.

An airline is told to wait; a payment passes on in silence; a sealed message stays sealed; a red notice is met
under another script, confirmed, withdrawn, and gone from every answer.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.journeys.browser import browser, chromium
from tests.journeys.moved_time import Stage, staged
from tests.journeys.plain_words import all_held, words_in
from tests.unit.procedures.offices import RED, checklist

from comity.access.bureau_keys import new_pair, publication
from comity.app import SECRETARIAT
from comity.cli import sealed as sealing
from comity.procedures.bureau_keys import read_directory
from comity.procedures.clockwork import tick
from comity.procedures.sign_in import officer_named
from comity.records.messages.message import parse_header

pytestmark = pytest.mark.browser
ACCOUNTS = {
    "EGY": ("egy-registrar", "EGY", "registrar"),
    "FRA": ("fra-registrar", "FRA", "registrar"),
    "KEN": ("ken-registrar", "KEN", "registrar"),
    "officer": ("ken-officer", "KEN", "officer"),
    "airline": ("airline", "FRA", "partner"),
    "reviewer": ("reviewer", SECRETARIAT, "reviewer"),
}
IBAN = "GB82WEST12345698765432"
NAME, OTHER_SCRIPT, DOCUMENT = "Ferhat Dalamanoglu", "فرحات دلامان أوغلو", "B45671230"
WORDS = {
    "en": {
        "wait": "Wait",
        "go": "Go",
        "due": "Your answer is due",
        "passed": "Passed to the second addressee",
    },
    "ar": {"wait": "انتظار", "go": "مرور", "due": "موعد جوابكم", "passed": "انتقلت إلى المرسل إليه الثاني"},
}
MEANWHILE = {"en": "changed this request meanwhile", "ar": "غيّر شخص آخر"}
SEALED = {"en": "This message is sealed.", "ar": "هذه الرسالة مختومة"}


def met(stage: Stage, page: Page, name: str, value: str) -> list[str]:
    """Return the records that a check of a person in the console leads to."""
    stage.check(page, value, name)
    links = page.locator(".hit-card a[href^='/records/']").all()
    return [str(one.get_attribute("href")).rsplit("/", 1)[-1].split("?")[0] for one in links]


@pytest.fixture(scope="module", params=["en", "ar"])
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    chromium()
    directory = tmp_path_factory.mktemp("together") / "node"
    with browser() as running, staged(directory, ACCOUNTS, running, request.param) as stage:
        yield stage


def entered_in_the_console(stage: Stage, number: str) -> None:
    page = stage.page("EGY")
    page.goto(f"{stage.site.address}/enter/travel_document")
    for name, value in {"number": number, "issuer": "EGY"}.items():
        page.fill(f"[name='{name}']", value)
    page.fill("[name='type']", "P")
    page.select_option("[name='status']", "stolen")
    page.select_option("[name='share']", "all")
    page.click("main form button.main")
    page.wait_for_url("**/records/*")


def test_an_airline_is_told_to_wait_and_the_police_to_look(stage: Stage) -> None:
    entered_in_the_console(stage, "K1234567")
    airline, words = stage.page("airline"), WORDS[stage.language]
    pages: dict[str, bytes] = {}
    for number in ("K1234567", "K7654321"):
        airline.goto(f"{stage.site.address}/partner")
        for name, value in {"type": "P", "issuer": "EGY", "number": number}.items():
            airline.fill(f"#f-{name}", value)
        with airline.expect_response(lambda answer: answer.request.method == "POST") as got:
            airline.click("main form button.main")
        pages[number] = got.value.body()
        told = airline.inner_text(".outcome")
        assert told.strip() == words["wait" if number == "K1234567" else "go"]
    tick(stage.node.desk, None)
    police = stage.page("FRA")
    police.goto(f"{stage.site.address}/inbox?box=ours")
    lengths = {len(page) for page in pages.values()}
    assert len(lengths) == 1
    assert b"/records/" not in pages["K1234567"]
    assert b"/inbox" not in pages["K1234567"]
    assert police.locator(".hits li").count() == 1
    assert [hit["origin"] for hit in stage.ask("FRA").get("/v1/hits?box=ours").json()["hits"]] == ["partner"]


def test_a_payment_nobody_answers_for_passes_on_after_ten_minutes(stage: Stage) -> None:
    words = WORDS[stage.language]
    france = stage.page("FRA")
    france.goto(f"{stage.site.address}/messages/new?phrase=stop-payment&to=EGY")
    for name, value in {"v-amount": "12500.00", "v-currency": "EUR", "v-iban": IBAN, "second": "KEN"}.items():
        france.fill(f"#{name}", value)
    france.click("button[value=send]")
    france.wait_for_url("**/messages/threads/*")
    thread = france.url.rsplit("/", 1)[1]
    egypt = stage.page("EGY")
    egypt.goto(france.url)
    running = egypt.inner_text("time[data-due] + output")
    kenya = stage.page("KEN")
    before = kenya.goto(france.url).status
    stage.time.ahead += timedelta(minutes=11)
    tick(stage.node.desk, None)
    kenya.goto(f"{stage.site.address}/messages?list=due")
    waiting = [str(one.get_attribute("href")) for one in kenya.locator("tbody a").all()]
    kenya.goto(france.url)
    france.reload()
    assert running.startswith(("09:", "08:"))
    assert (before, f"/messages/threads/{thread}" in waiting) == (404, True)
    assert IBAN in kenya.inner_text("main")
    assert words["passed"] in france.inner_text("main")
    over_http = stage.ask("KEN").get("/v1/messages?list=due").json()["threads"]
    assert thread in [one["thread"] for one in over_http]


def test_a_sealed_message_says_so_and_gives_the_command_that_opens_it(stage: Stage, tmp_path: Path) -> None:
    desk, pairs = stage.node.desk, {code: new_pair(code) for code in ("EGY", "FRA")}
    for code, pair in pairs.items():
        statement = publication(pair, desk.clock(), None).decode()
        assert stage.ask(code).post("/v1/keys", json={"statement": statement}).status_code == 201
    shown = read_directory(officer_named("egy-registrar", desk), desk).to_json()
    known = sealing.Known()
    readers = sealing.readers_keys(["FRA"], sealing.trusted_directory(shown, known), known)
    said = {"subject": "Quillfeather", "text": "The safe house is known."}
    head = {"to": ["FRA"], "purpose": "investigation"}
    envelope = sealing.sealed_message(said, [], pairs["EGY"], readers, parse_header(head), desk.clock())
    sent = stage.ask("EGY").post("/v1/messages", json={**head, "sealed": envelope}).json()
    pages = []
    for who in ("FRA", "EGY"):
        page = stage.page(who)
        page.goto(f"{stage.site.address}/messages/threads/{sent['thread']}")
        pages.append(page.inner_text("main"))
    command = f"comity message read {sent['message']} --key FILE --url {stage.site.address}"
    assert [(SEALED[stage.language] in text, command in text) for text in pages] == [(True, True)] * 2
    words = ("Quillfeather", "The safe house is known.")
    assert [word for word in words if any(word in text for text in pages)] == []
    # Both have looked at it in the browser: what the operator has, files and a dump, tells no more than before.
    assert {place: found for place, held in all_held(stage.node) if (found := words_in(held, words))} == {}


def published(stage: Stage, content: Mapping[str, object]) -> str:
    """Bring a notice of Egypt into force over HTTP; return its identifier."""
    egypt, reviewer = stage.ask("EGY"), stage.ask("reviewer")
    one = str(egypt.post("/v1/notices", json=content).json()["notice"])
    path = f"/v1/notices/{one}"
    for who, move, more in (
        (egypt, "submit", {}),
        (reviewer, "take", {}),
        (reviewer, "publish", {"checklist": checklist("red"), "reasons": "Weighed."}),
    ):
        version = who.get(path).json()["version"]
        assert who.post(f"{path}/moves", json={"move": move, "version": version, **more}).status_code == 200
    return one


def test_a_red_notice_met_under_another_script_is_confirmed_withdrawn_and_gone(stage: Stage) -> None:
    reviewer, kenya = stage.ask("reviewer"), stage.ask("officer")
    one = published(stage, {**RED, "is_public": True})
    officer = stage.page("officer")
    found = met(stage, officer, "name", OTHER_SCRIPT)
    officer.click(".call a.button")
    officer.wait_for_selector(".hit-page")
    officer.check("[name=priority][value=urgent]")
    officer.click("form[action$=question] button")
    officer.wait_for_selector(".clock")
    owner = stage.page("EGY")
    owner.goto(officer.url.replace("?", "#"))
    owner.check("[name=answer][value=confirmed]")
    owner.click("form[action$=answer] button.main")
    owner.wait_for_load_state()
    officer.reload()
    officer.check("[name=outcome][value=identity-confirmed]")
    officer.click("form[action$=outcome] button")
    officer.wait_for_selector("form[action$=outcome]", state="detached")
    hit = officer.url.rsplit("/", 1)[-1].split("?")[0]
    closed = kenya.get(f"/v1/hits/{hit}").json()["state"]
    public = reviewer.get("/v1/public-notices/red").text.upper()
    owner.goto(f"{stage.site.address}/notices/{one}")
    owner.fill("#reasons", "Arrested.")
    with owner.expect_navigation():
        owner.click('button[name="move"][value="withdraw"]')
    assert (one in found, closed) == (True, "closed")
    gone = {
        "by name": met(stage, officer, "name", NAME),
        "by another script": met(stage, officer, "name", OTHER_SCRIPT),
        "by document": met(stage, officer, "document", DOCUMENT),
        "over HTTP": kenya.post("/v1/checks", json={"kind": "person", "name": NAME}).json()["hits"],
        "in lists": kenya.get("/v1/notices").json()["notices"],
    }
    assert {where: what for where, what in gone.items() if what} == {}
    batch = kenya.post("/v1/checks/batch", content=f'{{"id":"q","kind":"person","name":"{NAME}"}}\n')
    assert one not in batch.text
    assert "DALAMANOGLU" in public
    assert "DALAMANOGLU" not in reviewer.get("/v1/public-notices/red").text.upper()
    paths = (f"/records/{one}", f"/notices/{one}", f"/notices/{one}/sheet")
    assert [officer.goto(stage.site.address + path).status for path in paths] == [404] * 3
    assert [kenya.get(f"/v1{path}").status_code for path in paths] == [404] * 3


def test_an_answer_after_its_time_is_taken_and_nothing_of_it_is_lost(stage: Stage) -> None:
    entered_in_the_console(stage, "K2345678")
    france = stage.page("FRA")
    france.goto(f"{stage.site.address}/check/travel_document")
    france.fill("#f-number", "K2345678")
    france.select_option("#purpose", "border")
    france.click("form.card button.main")
    france.click(".call a.button")
    france.wait_for_selector(".hit-page")
    france.check("[name=priority][value=urgent]")
    france.click("form[action$=question] button")
    france.wait_for_selector(".clock")
    hit = france.url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    owner = stage.page("EGY")
    owner.goto(f"{stage.site.address}/inbox/{hit}")
    owner.check("[name=answer][value=confirmed]")
    owner.fill("#note-answer", "Taken in May.")
    stage.time.ahead += timedelta(minutes=15)
    tick(stage.node.desk, None)
    owner.click("form[action$=answer] button.main")
    owner.wait_for_selector(".moments blockquote")
    told = stage.ask("FRA").get(f"/v1/hits/{hit}").json()
    france.reload()
    assert told["state"] == "confirmed"
    assert "Taken in May." in france.inner_text("main")


def test_a_withdrawn_notice_is_not_amended_and_what_was_typed_stays(stage: Stage) -> None:
    egypt, one = stage.ask("EGY"), published(stage, {**RED, "reference": "to-amend"})
    path = f"/v1/notices/{one}"
    page, other = stage.page("EGY"), stage.page("EGY")
    page.goto(f"{stage.site.address}/notices/{one}/edit")
    page.fill('[name="particulars.facts_place"]', "Port Said")
    other.goto(f"{stage.site.address}/notices/{one}")
    other.fill("#reasons", "Arrested.")
    with other.expect_navigation():
        other.click('button[name="move"][value="withdraw"]')
    with page.expect_navigation():
        page.click(".send button")
    over_http = egypt.put(f"{path}?version=4", json=RED)
    assert MEANWHILE[stage.language] in page.inner_text("main")
    assert page.input_value('[name="particulars.facts_place"]') == "Port Said"
    assert (over_http.status_code, egypt.get(path).json()["state"]) == (409, "withdrawn")


def test_words_of_another_direction_stand_below_their_label_on_a_phone(stage: Stage) -> None:
    language, marks = {"en": ("ara", "ندبة على الخد"), "ar": ("eng", "A scar")}[stage.language]
    record = {**RED["record"], "marks": marks}
    said = {**RED, "reference": "to-read", "language": language, "record": record}
    page = stage.page("EGY")
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto(f"{stage.site.address}/notices/{published(stage, said)}/sheet")
    edges = page.evaluate(
        "edge => [...document.querySelectorAll('.sheet-lines .free > span')]"
        ".filter(one => one.getClientRects().length === 1).map(one => Math.abs("
        "one.getBoundingClientRect()[edge] - one.closest('div').getBoundingClientRect()[edge]) < 2)",
        {"en": "left", "ar": "right"}[stage.language],
    )
    assert (len(edges) > 0, {*edges}) == (True, {True})
