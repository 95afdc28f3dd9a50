"""A record's page, its trail, the records due for review, and sessions that end, in the console over HTTP."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus, enter

from comity.app import SECRETARIAT, Node
from comity.doors import build_doors
from comity.phrases.words import CODES, words
from comity.procedures.sign_in import SESSION_IDLE

UNHELD = "A" * 20


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("console")) as node:
        yield node


def signed_in(node: Node, name: str, bureau: str, role: str = "registrar") -> Visitor:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, name, bureau, role))
    return entering


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    inside = signed_in(node, "egy", "EGY")
    inside.check("person", name="Nobody")  # states the purpose
    return inside


@pytest.fixture(scope="module")
def france(node: Node) -> Visitor:
    inside = signed_in(node, "fra", "FRA")
    inside.check("person", name="Nobody")
    return inside


@pytest.fixture(scope="module")
def controller(node: Node) -> Visitor:
    return signed_in(node, "controlling", SECRETARIAT, "controller")


def page(inside: Visitor, path: str, language: str = "en") -> str:
    return inside.client.get(path, headers={"accept-language": language}).text


@pytest.mark.parametrize("language", CODES)
def test_a_hit_says_how_far_it_is_to_be_trusted(node: Node, france: Visitor, language: str) -> None:
    enter(node, source_id="graded", reliability="B2", handling_code="H1")
    france.client.headers["accept-language"] = language
    answer = words_of(france.check("person", document="A7654321").text)
    france.client.headers["accept-language"] = "en"
    said = words(language)
    assert f"B2 – {said.value('reliability', 'B2')}" in answer
    assert f"H1 – {said.value('handling', 'H1')}" in answer


def test_a_hit_past_its_review_date_is_marked(node: Node, france: Visitor) -> None:
    enter(node, source_id="late", review_on="2020-01-31")
    assert "has let the review date of this record pass" in france.check("person", document="A7654321").text


@pytest.mark.parametrize("language", CODES)
def test_a_record_says_how_far_it_is_to_be_trusted(node: Node, france: Visitor, language: str) -> None:
    record = enter(node, source_id="graded", reliability="A1", handling_code="H3")
    shown, said = words_of(page(france, f"/records/{record}", language)), words(language)
    assert f"A1 – {said.value('reliability', 'A1')}" in shown
    assert f"H3 – {said.value('handling', 'H3')}" in shown


def test_a_record_shows_what_changed(node: Node, france: Visitor) -> None:
    record = enter(node, source_id="changed")
    enter(node, source_id="changed", born=["1972"], notice="red")
    shown = words_of(page(france, f"/records/{record}"))
    assert "Version \u20682\u2069 Amended" in shown
    assert "Born April 9, 1971 1972" in shown
    assert "Notice Blue notice Red notice" in shown


def test_an_owner_is_shown_a_change_of_handling_and_its_maker(node: Node, egypt: Visitor) -> None:
    record = enter(node, source_id="handled")
    changed = {"share": {"except": ["KEN"]}, "view": "summary", "purposes": ["border"], "reliability": "A1"}
    enter(node, source_id="handled", **changed)
    shown = words_of(page(egypt, f"/records/{record}"))
    assert "by \u2068egy-registrar\u2069" in shown
    assert "Who may see it All bureaus All but KEN" in shown


def test_a_summary_shows_no_withheld_field_in_what_changed(node: Node, france: Visitor) -> None:
    record = enter(node, source_id="summary", view="summary", remarks="Hides at the quay", notice="blue")
    enter(node, source_id="summary", view="summary", remarks="Left the quay", notice="red")
    shown = page(france, f"/records/{record}")
    assert ("Version \u20682\u2069" in words_of(shown), "quay" in shown) == (True, False)


def test_a_record_past_its_review_date_is_marked(node: Node, france: Visitor) -> None:
    record = enter(node, source_id="late", review_on="2020-01-31")
    assert "Review was due on \u2068January 31, 2020\u2069." in words_of(page(france, f"/records/{record}"))


def test_an_owner_opens_the_trail_from_the_record(node: Node, egypt: Visitor, france: Visitor) -> None:
    record = enter(node, source_id="met")
    page(france, f"/records/{record}")
    assert f'href="/records/{record}/trail"' in page(egypt, f"/records/{record}")
    assert "Record read France – Border control Done" in words_of(page(egypt, f"/records/{record}/trail"))


def test_another_bureau_is_not_led_to_the_trail(node: Node, france: Visitor) -> None:
    record = enter(node, source_id="met")
    assert f"/records/{record}/trail" not in page(france, f"/records/{record}")


@pytest.mark.parametrize("path", ["", "/trail", "/holders"])
def test_a_withheld_record_opens_as_one_that_is_not_held(node: Node, france: Visitor, path: str) -> None:
    record = enter(node, source_id="withheld", share="owner")
    withheld, unheld = (france.client.get(f"/records/{one}{path}") for one in (record, UNHELD))
    assert (withheld.status_code, withheld.text.replace(record, UNHELD)) == (404, unheld.text)


def test_a_controller_begins_where_something_is_allowed(controller: Visitor) -> None:
    assert controller.client.get("/", follow_redirects=False).headers["location"] == "/trail"


def order(controller: Visitor, record: str, by: str):
    data = {"record": record, "order": by, "token": controller.token("/trail/record")}
    return controller.client.post("/trail/record", data=data)


def test_a_controller_reads_a_trail_by_order(node: Node, controller: Visitor, france: Visitor) -> None:
    record = enter(node, source_id="ordered")
    page(france, f"/records/{record}")
    assert "Record read France fra Border control" in words_of(order(controller, record, "CCF 17").text)


def test_a_controller_without_an_order_is_told_on_the_form(node: Node, controller: Visitor) -> None:
    answer = order(controller, UNHELD, " ")
    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


@pytest.mark.parametrize(("path", "is_listed"), [("/reviews", False), ("/reviews?soon", True)])
def test_what_comes_due_soon_is_listed_when_asked_for(
    node: Node, egypt: Visitor, path: str, is_listed: bool
) -> None:
    soon = (node.desk.clock() + timedelta(days=30)).date().isoformat()
    record = enter(node, source_id="soon", review_on=soon)
    assert (record in page(egypt, path)) == is_listed


def test_what_is_overdue_is_marked(node: Node, egypt: Visitor) -> None:
    enter(node, source_id="overdue", review_on="2019-05-06")
    assert "May 6, 2019 Overdue" in words_of(page(egypt, "/reviews"))


@pytest.mark.parametrize("path", ["/reviews", "/trail/record"])
def test_an_officer_is_not_led_where_nothing_is_allowed(node: Node, path: str) -> None:
    inside = signed_in(node, f"plain{path.replace('/', '-')}", "FRA", "officer")
    assert f'href="{path}"' not in page(inside, "/check/person")


def after(node: Node, inside: Visitor, idle: timedelta) -> Visitor:
    """Return the same browser at the same node, so much later."""
    later = node.desk.clock() + idle
    browser = visitor(node)
    browser.client.app = build_doors(replace(node.desk, clock=lambda: later))
    return Visitor(browser.client.__class__(browser.client.app, cookies=dict(inside.client.cookies)))


def test_an_ended_session_leads_to_the_form_and_says_so(node: Node) -> None:
    late = after(node, signed_in(node, "idle", "FRA"), SESSION_IDLE)
    assert "Your session has ended." in words_of(page(late, "/trail"))


def test_an_ended_session_is_forgotten_by_the_browser(node: Node) -> None:
    late = after(node, signed_in(node, "forgotten", "FRA"), SESSION_IDLE)
    answer = late.client.get("/trail", follow_redirects=False)
    assert 'comity-session=""; expires=' in answer.headers["set-cookie"]


def test_who_was_never_inside_is_not_told_of_a_session(node: Node) -> None:
    assert "session has ended" not in page(visitor(node), "/trail")


def test_signing_in_leads_back_to_the_page_that_was_asked_for(node: Node) -> None:
    secrets, entering = open_account(node, "returning", "FRA"), visitor(node)
    form = entering.client.get("/trail/hits").text
    back = re.findall(r'name="back" value="([^"]*)"', form)[-1]
    entering.sign_in(node, secrets, back=back)
    assert entering.landed == "/trail/hits"


def test_a_language_chosen_while_signing_in_keeps_the_page_that_was_asked_for(node: Node) -> None:
    form = visitor(node).client.get("/trail/hits").text
    assert re.findall(r'name="back" value="([^"]*)"', form)[0] == "/sign-in?back=%2Ftrail%2Fhits"


@pytest.mark.parametrize(
    "back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere", "/\t/e"]
)
def test_signing_in_never_leads_elsewhere(node: Node, back: str) -> None:
    name = f"led-{abs(hash(back))}"
    secrets, entering = open_account(node, name, "FRA"), visitor(node)
    entering.sign_in(node, secrets, back=back)
    assert entering.landed == "/"


def test_a_second_tab_that_signs_in_late_is_let_through(node: Node) -> None:
    inside = signed_in(node, "twice", "FRA")
    late = inside.client.post("/sign-in", data={"account": "twice", "back": "/trail"}, follow_redirects=False)
    assert (late.status_code, late.headers["location"]) == (303, "/trail")


def stale(inside: Visitor, path: str, **fields: str):
    data = {"token": "0" * 64, **fields}
    headers = {"sec-fetch-site": "same-origin"}
    return inside.client.post(path, data=data, headers=headers, follow_redirects=False)


def test_a_page_from_before_another_sign_in_is_told_apart_from_an_attack(france: Visitor) -> None:
    assert "from before you signed in" in words_of(stale(france, "/check/person", name="Anna").text)


def test_a_sign_in_form_out_of_date_is_shown_anew(node: Node) -> None:
    answer = stale(visitor(node), "/sign-in", account="x", passphrase="x", code="000000")
    assert (answer.status_code, "This page was out of date." in answer.text) == (403, True)


def test_a_language_chosen_on_a_page_out_of_date_brings_the_page_anew(france: Visitor) -> None:
    answer = stale(france, "/language", language="ar", back="/trail")
    assert (answer.headers["location"], "comity-language" in france.client.cookies) == ("/trail", False)


def test_signing_out_empties_the_browsers_cache(node: Node) -> None:
    assert signed_in(node, "emptying", "FRA").post("/sign-out").headers["clear-site-data"] == '"cache"'


def test_signing_out_of_an_ended_session_says_nothing_more(node: Node) -> None:
    late = after(node, signed_in(node, "gone", "FRA"), SESSION_IDLE)
    answer = late.client.post("/sign-out", data={"token": "x"}, follow_redirects=False)
    assert answer.headers["location"] == "/sign-in"


@pytest.mark.parametrize("language", CODES)
def test_the_picture_of_a_bureau_that_has_done_nothing_yet_is_a_page(node: Node, language: str) -> None:
    inside = signed_in(node, f"brazil-{language}", "BRA")
    answer = inside.client.get("/statistics", headers={"accept-language": language})
    assert answer.status_code == 200


@pytest.mark.parametrize("language", CODES)
def test_an_owner_is_led_from_the_record_to_who_holds_it(
    node: Node, egypt: Visitor, france: Visitor, language: str
) -> None:
    record = enter(node, source_id="held")
    page(france, f"/records/{record}")
    assert f'href="/records/{record}/holders"' in page(egypt, f"/records/{record}")
    shown, said = words_of(page(egypt, f"/records/{record}/holders", language)), words(language)
    told = [said.value("country", "FRA"), said.value("view_short", "full"), said.value("act", "record:read")]
    assert [one in shown for one in told] == [True, True, True]


@pytest.mark.parametrize("language", CODES)
def test_what_others_were_shown_is_listed(node: Node, egypt: Visitor, france: Visitor, language: str) -> None:
    record = enter(node, source_id="held-elsewhere")
    page(france, f"/records/{record}")
    assert f'href="/records/{record}/holders"' in page(egypt, "/holders", language)


def test_a_record_shown_to_nobody_says_so(node: Node, egypt: Visitor) -> None:
    record = enter(node, source_id="shown-to-nobody", share="owner")
    assert "It was sent and shown to nobody yet." in words_of(page(egypt, f"/records/{record}/holders"))


def test_an_officer_is_not_led_to_holders(node: Node) -> None:
    inside = signed_in(node, "plain-holders", "FRA", "officer")
    assert 'href="/holders"' not in page(inside, "/check/person")
