"""Notices and diffusions from draft to withdrawal: through HTTP, and in a real browser, in two languages."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient
from tests.journeys.browser import Site, browser, chromium
from tests.journeys.notice_site import answer_all, fill_red, fill_warrant, notice_site, press
from tests.unit.procedures.offices import RED, add_account, checklist, officer, offices

from comity.app import Node
from comity.doors import build_doors
from comity.procedures import people

WITHOUT_WARRANT = {
    **RED,
    "particulars": {name: value for name, value in RED["particulars"].items() if name != "warrant"},
}
NAME = "فرحات دلامان أوغلو"


class Caller:
    """An account at the HTTP door."""

    def __init__(self, node: Node, account: str) -> None:
        key = people.new_key(officer(node, account), node.desk).reveal()
        headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
        self.client = TestClient(build_doors(node.desk), headers=headers)

    def moves(self, notice: Mapping[str, object], name: str, **more: object):
        path = f"/v1/{notice['form']}s/{notice['notice']}"
        version = self.client.get(path).json()["version"]
        return self.client.post(f"{path}/moves", json={"move": name, "version": version, **more})

    def finds(self, name: str = NAME) -> list[str]:
        answer = self.client.post("/v1/checks", json={"kind": "person", "name": name}).json()
        return [hit["record"] for hit in answer["hits"]]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def confirmed_over_http(searcher: Caller, owner: Caller) -> tuple[str, str]:
    """Let a hit on the name in another script be asked about, confirmed and closed; return its last two states."""
    answer = searcher.client.post("/v1/checks", json={"kind": "person", "name": NAME}).json()
    hit = f"/v1/hits/{answer['hits'][0]['confirm']['hit']}"
    searcher.client.post(f"{hit}/question", json={"priority": "urgent"})
    confirmed = owner.client.post(f"{hit}/answer", json={"answer": "confirmed"}).json()["state"]
    closed = searcher.client.post(f"{hit}/outcome", json={"outcome": "identity-confirmed"}).json()["state"]
    return confirmed, closed


def test_a_red_notice_lives_over_http(node: Node) -> None:
    egypt, kenya, reviewer = (Caller(node, one) for one in ("egy-registrar", "ken-officer", "reviewer-1"))
    drafted = egypt.client.post("/v1/notices", json=WITHOUT_WARRANT).json()
    missing = {one["rule"] for one in drafted["findings"] if one["verdict"] == "missing"}
    assert missing == {"RPD 83(2)(b)(v)", "RPD 84(a)", "RPD 84(c)"}
    egypt.moves(drafted, "submit")
    reviewer.moves(drafted, "take")
    refused = reviewer.moves(drafted, "refuse", reasons="No warrant.", rules=["RPD 83(2)(b)(v)"]).json()
    assert refused["state"] == "refused"
    path = f"/v1/notices/{drafted['notice']}"
    told = egypt.client.get(path).json()
    assert told["steps"][-1]["rules"] == ["RPD 83(2)(b)(v)"]
    egypt.client.put(f"{path}?version={told['version']}", json=RED)
    egypt.moves(drafted, "submit")
    assert kenya.finds() == []
    reviewer.moves(drafted, "take")
    reviewer.moves(drafted, "publish", checklist=checklist("red"))
    assert kenya.finds() == [drafted["notice"]]
    assert kenya.client.get(f"{path}/sheet?language=ar").content.startswith(b"%PDF")
    assert confirmed_over_http(kenya, egypt) == ("confirmed", "closed")
    egypt.moves(drafted, "withdraw", reasons="Arrested.")
    assert (kenya.finds(), kenya.client.get(path).status_code) == ([], 404)
    assert kenya.client.get("/v1/notices").json()["notices"] == []


def test_a_refused_red_comes_back_as_a_stolen_passport_over_http(node: Node) -> None:
    egypt, reviewer = Caller(node, "egy-registrar"), Caller(node, "reviewer-1")
    drafted = egypt.client.post("/v1/notices", json=RED).json()
    egypt.moves(drafted, "submit")
    reviewer.moves(drafted, "take")
    reviewer.moves(drafted, "refuse", reasons="Article 3.", rules=["Constitution 3"])
    passport = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "B45671230"}
    entered = egypt.client.post("/v1/records", json={**passport, "status": "stolen", "share": "all"}).json()
    back = reviewer.client.get("/v1/refused-notices").json()["refused"][0]
    assert (back["reasons"], [one["record"] for one in back["records"]]) == (
        "Article 3.",
        [entered["record"]],
    )


def test_a_diffusion_to_three_bureaus_over_http(node: Node) -> None:
    add_account(node, "jpn-registrar", "JPN", "registrar")
    content = {**RED, "share": {"only": ["FRA", "KEN", "BRA"]}}
    egypt, japan = Caller(node, "egy-registrar"), Caller(node, "jpn-registrar")
    before = [japan.client.get("/v1/diffusions").text, japan.client.get("/v1/feed").text]
    sent = egypt.client.post("/v1/diffusions", json=content).json()
    egypt.moves(sent, "submit")
    assert [Caller(node, f"{code}-officer").finds() for code in ("fra", "ken", "bra")] == [
        [sent["notice"]]
    ] * 3
    assert [japan.client.get("/v1/diffusions").text, japan.client.get("/v1/feed").text] == before
    known, unknown = (japan.client.get(f"/v1/diffusions/{one}") for one in (sent["notice"], "A" * 20))
    assert known.text.replace(sent["notice"], "A" * 20) == unknown.text
    assert japan.finds() == []


def test_a_stale_click_over_http_is_told_and_loses_nothing(node: Node) -> None:
    egypt = Caller(node, "egy-registrar")
    drafted = egypt.client.post("/v1/notices", json=RED).json()
    path = f"/v1/notices/{drafted['notice']}/moves"
    egypt.client.post(path, json={"move": "submit", "version": 1})
    again = egypt.client.post(path, json={"move": "submit", "version": 1})
    assert (again.status_code, again.json()["rule"]) == (409, "notice-moved-on")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    chromium()
    with notice_site(tmp_path_factory.mktemp("notices") / "node") as place:
        yield place


@pytest.fixture(scope="module")
def running(place: Site) -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture
def people_of(running: Browser, place: Site, language: str):
    """Return who opens a signed-in browser for an account."""
    contexts = []

    def signed_in(account: str) -> Page:
        context = running.new_context(locale=language)
        contexts.append(context)
        page = context.new_page()
        place.come_in(page.context, account)
        return page

    yield signed_in
    for context in contexts:
        context.close()


def check(page: Page, place: Site, kind: str, field: str, value: str) -> list[str]:
    """Return the records that a check in the console finds."""
    page.goto(f"{place.address}/check/{kind}")
    page.fill(f"#f-{field}", value)
    page.select_option("#purpose", "border")
    page.click("form.card button.main")
    page.wait_for_selector(".outcome")
    links = page.query_selector_all('.hit-card a[href^="/records/"]')
    return [str(link.get_attribute("href")).rsplit("/", 1)[-1].split("?")[0] for link in links]


def saved(page: Page) -> str:
    """Save the draft; return its address."""
    with page.expect_navigation():
        page.click(".send button")
    return page.url


@pytest.mark.browser
@pytest.mark.parametrize(("language", "number"), [("en", "C7712001"), ("ar", "C7712002")])
def test_a_red_notice_lives_in_the_console(people_of, place: Site, language: str, number: str) -> None:
    egypt, reviewer, kenya = people_of("EGY"), people_of("reviewer-1"), people_of("KEN-officer")
    egypt.goto(f"{place.address}/notices/new/red")
    fill_red(egypt, with_warrant=False, number=number)
    address = saved(egypt)
    assert "RPD 83(2)(b)(v)" in egypt.inner_text(".findings .missing")
    press(egypt, "submit")
    reviewer.goto(f"{address}/review")
    press(reviewer, "take")
    reviewer.goto(f"{address}/review")
    reviewer.fill("#reasons", "Warrant?")
    press(reviewer, "refuse")
    egypt.goto(address)
    assert "RPD 83(2)(b)(v)" in egypt.inner_text(".steps li")
    egypt.goto(f"{address}/edit")
    fill_warrant(egypt)
    saved(egypt)
    press(egypt, "submit")
    reviewer.goto(f"{address}/review")
    press(reviewer, "take")
    reviewer.goto(f"{address}/review")
    answer_all(reviewer)
    reviewer.fill("#reasons", "Complete now.")
    press(reviewer, "publish")
    one = address.rsplit("/", 1)[-1]
    assert one in check(kenya, place, "person", "name", NAME)
    kenya.goto(f"{address}/sheet")
    assert kenya.get_attribute("html", "dir") == ("rtl" if language == "ar" else "ltr")
    assert kenya.get_attribute('.paper dd.free[lang="ar"]', "dir") == "rtl"
    egypt.goto(address)
    egypt.fill("#reasons", "Arrested.")
    press(egypt, "withdraw")
    assert one not in check(kenya, place, "person", "name", NAME)
    assert kenya.goto(f"{address}/sheet").status == 404


@pytest.mark.browser
@pytest.mark.parametrize(("language", "number"), [("fr", "D8812001"), ("ar", "D8812002")])
def test_a_refused_red_comes_back_in_the_console(people_of, place: Site, language: str, number: str) -> None:
    egypt, reviewer = people_of("EGY"), people_of("reviewer-1")
    egypt.goto(f"{place.address}/notices/new/red")
    fill_red(egypt, with_warrant=True, number=number)
    address = saved(egypt)
    press(egypt, "submit")
    reviewer.goto(f"{address}/review")
    press(reviewer, "take")
    reviewer.goto(f"{address}/review")
    reviewer.fill("#reasons", "Article 3.")
    press(reviewer, "refuse")
    passport = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": number, "share": "all"}
    Caller(place.node, "egy-registrar").client.post("/v1/records", json={**passport, "status": "stolen"})
    reviewer.goto(f"{place.address}/refused-notices")
    assert number in reviewer.inner_text("main section:has(.related li)")


@pytest.mark.browser
@pytest.mark.parametrize(("language", "number"), [("es", "E9912001"), ("ar", "E9912002")])
def test_a_diffusion_in_the_console_is_nothing_to_a_fourth(
    people_of, place: Site, language: str, number: str
) -> None:
    egypt, brazil = people_of("EGY"), people_of("BRA")
    egypt.goto(f"{place.address}/diffusions/new/red")
    fill_red(egypt, with_warrant=True, number=number)
    egypt.fill("#bureaus", "FRA, KEN, JPN")
    address = saved(egypt)
    press(egypt, "submit")
    one = address.rsplit("/", 1)[-1]
    assert one in check(people_of("KEN-officer"), place, "person", "document", number)
    assert check(brazil, place, "person", "document", number) == []
    assert brazil.goto(address).status == 404
    brazil.goto(f"{place.address}/diffusions?purpose=border")
    assert one not in brazil.content()


@pytest.mark.browser
@pytest.mark.parametrize(("language", "told"), [("en", "changed this request meanwhile"), ("ar", "غيّر")])
def test_two_reviewers_at_once_are_told_and_keep_what_they_typed(
    people_of, place: Site, language: str, told: str
) -> None:
    egypt, first, second = people_of("EGY"), people_of("reviewer-1"), people_of("reviewer-2")
    egypt.goto(f"{place.address}/notices/new/red")
    fill_red(egypt, with_warrant=True, number=f"F10120{language.upper()}")
    address = saved(egypt)
    press(egypt, "submit")
    first.goto(f"{address}/review")
    press(first, "take")
    first.goto(f"{address}/review")
    first.fill("#reasons", "My long reasons.")
    second.goto(f"{address}/review")
    press(second, "take")
    press(first, "refuse")
    assert told in first.inner_text(".fault")
    assert first.input_value("#reasons") == "My long reasons."
