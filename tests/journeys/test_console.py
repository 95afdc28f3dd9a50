"""The console over HTTP: signing in, forms, checks of every kind, four languages, the wall around it all."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of

from comity.app import Node, init_node, open_node
from comity.console.guard import HEADERS
from comity.console.rendering import STATIC_FILES
from comity.phrases.words import CODES, words
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.kinds import KINDS

PASSPORT = {"type": "P", "issuer": "EGY", "number": "A7654321"}
PERSON = {
    "kind": "person",
    "source_id": "P1",
    "names": [{"name": "Abdelaziz Testmansour", "type": "primary"}],
    "born": ["1971-04-09"],
    "notice": "red",
    "share": "all",
}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    directory: Path = tmp_path_factory.mktemp("console") / "node"
    init_node(directory, "Console")
    with open_node(directory) as node:
        yield node


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    secrets = open_account(node, "egy", "EGY")
    entering = visitor(node)
    entering.sign_in(node, secrets)
    return entering


@pytest.fixture(scope="module")
def france(node: Node) -> Visitor:
    secrets = open_account(node, "fra", "FRA", "officer")
    entering = visitor(node)
    entering.sign_in(node, secrets)
    return entering


def enter(node: Node, egypt: Visitor, record: dict) -> str:
    return submit(record, officer_named("egy", node.desk), node.desk).receipt.public_id


def test_who_has_not_signed_in_is_led_to_the_form(node: Node) -> None:
    assert visitor(node).client.get("/", follow_redirects=False).headers["location"] == "/sign-in"


@pytest.mark.parametrize("path", ["/check/person", "/trail", "/trail/hits", "/records/x"])
def test_no_page_opens_without_a_session(node: Node, path: str) -> None:
    assert visitor(node).client.get(path, follow_redirects=False).status_code == 303


def test_a_wrong_passphrase_is_told_on_the_form(node: Node) -> None:
    answer = visitor(node).post("/sign-in", account="egy", passphrase="wrong", code="000000")
    assert (answer.status_code, 'role="alert"' in answer.text) == (401, True)


def test_an_unknown_account_is_told_as_a_wrong_passphrase_is(node: Node, egypt: Visitor) -> None:
    def answer(account: str) -> str:
        page = visitor(node).post("/sign-in", account=account, passphrase="wrong", code="000000").text
        return re.sub(r'name="token" value="\w+"', "", page).replace(account, "")

    assert answer("nobody1") == answer("egy")


def test_signing_in_sets_a_strict_cookie_for_the_server_alone(node: Node) -> None:
    secrets = open_account(node, "cookie", "BRA")
    cookies = visitor(node).sign_in(node, secrets).headers.get_list("set-cookie")
    session = next(cookie.lower() for cookie in cookies if cookie.startswith("comity-session="))
    assert {"httponly", "samesite=strict", "path=/"} <= set(session.split("; "))


def test_over_tls_the_cookie_is_bound_to_the_host(node: Node) -> None:
    secrets, entering = open_account(node, "secure", "BRA"), visitor(node)
    entering.client.base_url = "https://testserver"
    cookies = entering.sign_in(node, secrets).headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith("__Host-comity-session="))
    assert "; Secure" in session


def test_signing_out_ends_the_session_itself(node: Node) -> None:
    entering = visitor(node)
    entering.sign_in(node, open_account(node, "leaving", "BRA"))
    kept = dict(entering.client.cookies)
    entering.post("/sign-out")
    again = visitor(node)
    again.client.cookies.update(kept)
    assert again.client.get("/check/person", follow_redirects=False).status_code == 303


def test_a_form_without_its_token_is_refused(france: Visitor) -> None:
    answer = france.client.post("/check/person", data={"name": "Anna", "purpose": "border"})
    assert answer.status_code == 403


def test_another_visitors_token_is_refused(egypt: Visitor, france: Visitor) -> None:
    data = {"name": "Anna", "purpose": "border", "token": egypt.token("/check/person")}
    assert france.client.post("/check/person", data=data).status_code == 403


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"sec-fetch-site": "cross-site"}]
)
def test_a_form_from_another_site_is_refused(france: Visitor, headers: dict[str, str]) -> None:
    data = {"name": "Anna", "purpose": "border", "token": france.token("/check/person")}
    assert france.client.post("/check/person", data=data, headers=headers).status_code == 403


def test_a_sign_in_form_from_another_site_is_refused(node: Node) -> None:
    entering = visitor(node)
    data = {"account": "egy", "passphrase": "x", "code": "000000", "token": entering.token("/sign-in")}
    answer = entering.client.post("/sign-in", data=data, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/sign-in", "/check/person", "/static/console.css", "/nothing"])
def test_every_page_has_the_wall_of_headers(france: Visitor, path: str) -> None:
    headers = france.client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == dict(HEADERS)


@pytest.mark.parametrize("path", ["/sign-in", "/check/person", "/trail"])
def test_no_page_is_kept_on_the_way(france: Visitor, path: str) -> None:
    assert france.client.get(path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", sorted(STATIC_FILES))
def test_a_browser_keeps_a_file_of_ours_as_long_as_its_content_is_the_same(
    france: Visitor, name: str
) -> None:
    (address,) = set(re.findall(rf"/static/{name}\?is=\w+", france.client.get("/check/person").text))
    digest = sha256(france.client.get(address).content).hexdigest()
    kept = france.client.get(address).headers["cache-control"]
    assert (digest[:16], kept) == (address.partition("=")[2], "public, max-age=31536000, immutable")


@pytest.mark.parametrize("asked", ["", "?is=", "?is=0123456789abcdef"])
def test_a_file_asked_for_in_another_way_is_asked_for_again(france: Visitor, asked: str) -> None:
    assert france.client.get(f"/static/console.css{asked}").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("language", CODES)
def test_a_page_is_in_the_language_that_the_browser_asks_for(node: Node, language: str) -> None:
    page = visitor(node, **{"accept-language": f"{language};q=0.9, de"}).client.get("/sign-in").text
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page


def test_a_chosen_language_stands_before_the_browsers(node: Node) -> None:
    entering = visitor(node, **{"accept-language": "fr"})
    entering.post("/language", language="ar", back="/sign-in")
    entering.client.post("/language", data={"language": "ar", "token": entering.token("/sign-in")})
    assert 'dir="rtl"' in entering.client.get("/sign-in").text


@pytest.mark.parametrize("back", ["//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example"])
def test_choosing_a_language_never_leads_elsewhere(france: Visitor, back: str) -> None:
    assert france.post("/language", language="en", back=back).headers["location"] == "/"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form_with_each_of_its_questions(france: Visitor, kind: str) -> None:
    page = france.client.get(f"/check/{kind}").text
    assert [one.name for one in KINDS[kind].questions if f'name="{one.name}"' not in page] == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_of_every_kind_is_found(node: Node, egypt: Visitor, france: Visitor, kind: str) -> None:
    declared = KINDS[kind]
    example = declared.examples[0]
    enter(node, egypt, {**example, "kind": kind, "source_id": f"example-{kind}", "share": "all"})
    question = next(one for one in declared.questions if one.finds and _held(example, one.name) is not None)
    value = str(_held(example, question.name))
    page = france.check(kind, **{question.name: value})
    assert (page.status_code, 'class="outcome hit"' in page.text) == (200, True), question.name


def _held(example, name: str):
    if name == "name" and example.get("names"):
        return example["names"][0]["name"]
    return example.get(name) if isinstance(example.get(name), str) else None


def test_an_unknown_kind_is_no_page(france: Visitor) -> None:
    assert france.client.get("/check/unicorn").status_code == 404


def test_a_hit_says_what_to_do_and_whom_to_ask(node: Node, egypt: Visitor, france: Visitor) -> None:
    enter(node, egypt, PERSON)
    words = words_of(france.check("person", name="Abdelaziz Testmansour").text)
    assert re.search(r"What to do Wanted for arrest\..* Confirm with Egypt \(EGY\)", words)


def test_a_hit_tells_each_field_that_agreed(node: Node, egypt: Visitor, france: Visitor) -> None:
    enter(node, egypt, PERSON)
    words = words_of(france.check("person", name="Abdelaziz Testmansour", born="1971").text)
    assert "Born agrees 1971 ⇄ April 9, 1971" in words


@pytest.mark.parametrize("language", CODES)
def test_a_hit_tells_word_by_word_how_the_names_met(
    node: Node, egypt: Visitor, france: Visitor, language: str
) -> None:
    enter(node, egypt, PERSON)
    france.post("/language", language=language, back="/")
    page = france.check("person", name="Abdelaziz Quillon Testmansour", born="1971-04-09").text
    france.post("/language", language="en", back="/")
    by_word = page.partition('<details class="by-word">')[2].partition("</details>")[0]
    said = words(language)

    assert said.say("Word by word") in by_word
    assert by_word.count("<li>") == 3
    assert said.value("rule", "same") in by_word
    assert "<bdi>quillon</bdi>" in by_word
    assert f'<span class="stance against">{said.value("stance", "against")}</span>' in by_word


def test_a_miss_is_told_in_words(france: Visitor) -> None:
    assert "No hit" in words_of(france.check("person", name="Quillon Ashdownbury").text)


def test_a_withheld_record_answers_as_one_that_is_not_held(
    node: Node, egypt: Visitor, france: Visitor
) -> None:
    def answer() -> str:
        page = france.check("travel_document", **{**PASSPORT, "number": "W9911223"}).text
        return re.sub(r"<p class=\"asof\">[^<]*(\d\d?:\d\d:\d\d)", "", page)

    before = answer()
    record = {**PASSPORT, "number": "W9911223", "kind": "travel_document", "source_id": "W1"}
    enter(node, egypt, {**record, "share": {"except": ["FRA"]}})
    assert answer() == before


def test_a_withheld_record_opens_as_one_that_is_not_held(node: Node, egypt: Visitor, france: Visitor) -> None:
    france.check("person", name="Anna")
    hidden = enter(node, egypt, {**PASSPORT, "kind": "travel_document", "source_id": "W2"})
    unheld = "0" * len(hidden)
    withheld_page = france.client.get(f"/records/{hidden}").text.replace(hidden, "")
    assert withheld_page == france.client.get(f"/records/{unheld}").text.replace(unheld, "")


def test_what_is_searched_is_never_in_an_address(france: Visitor) -> None:
    page = france.check("person", name="Quillon Ashdownbury").text
    assert not re.search(r'(href|action)="[^"]*Quillon', page)


def test_a_fault_stands_beside_its_field(france: Visitor) -> None:
    page = france.check("travel_document", **{**PASSPORT, "number": "***"})
    field = re.search(r'<input id="f-number"[^>]*>', page.text)
    assert field is not None
    assert {'aria-invalid="true"', "autofocus>"} <= set(field[0].split())


def test_a_fault_keeps_what_was_typed(france: Visitor) -> None:
    page = france.check("travel_document", **{**PASSPORT, "number": "***"})
    assert (page.status_code, 'value="EGY"' in page.text) == (422, True)


def test_a_check_of_nothing_is_told_in_words(france: Visitor) -> None:
    assert "Give at least one name or number" in words_of(france.check("person").text)


def test_markup_in_a_field_stays_text(france: Visitor) -> None:
    assert "<script>alert" not in france.check("person", name="<script>alert(1)</script> Anna").text


def test_a_check_without_a_purpose_is_refused(france: Visitor) -> None:
    france.client.cookies.delete("comity-purpose")
    assert france.post("/check/person", name="Anna").status_code == 403


def test_a_record_shows_its_provenance(node: Node, egypt: Visitor, france: Visitor) -> None:
    record = enter(node, egypt, PERSON)
    france.check("person", name="Anna")
    assert "Owner’s identifier P1 Version" in words_of(france.client.get(f"/records/{record}").text)


def test_a_check_stands_in_ones_own_trail(france: Visitor) -> None:
    france.check("person", name="Trailina Testova")
    assert "Trailina Testova" in words_of(france.client.get("/trail").text)


def test_an_owner_sees_who_met_its_records(node: Node, egypt: Visitor, france: Visitor) -> None:
    enter(node, egypt, PERSON)
    france.check("person", name="Abdelaziz Testmansour")
    assert "France" in words_of(egypt.client.get("/trail/hits").text)


def test_an_officer_without_the_act_does_not_see_who_met_records(france: Visitor) -> None:
    assert france.client.get("/trail/hits").status_code == 403


def test_a_form_that_is_too_large_is_refused(france: Visitor) -> None:
    assert france.client.post("/check/person", data={"name": "a" * 70_000}).status_code == 413


def test_the_api_answers_beside_the_console(france: Visitor) -> None:
    assert france.client.get("/healthz").json()["status"] == "ok"
