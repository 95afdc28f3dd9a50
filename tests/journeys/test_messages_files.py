"""Files and drafts in the console: by forms, and in a real browser in English and in Arabic."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.journeys.browser import Site
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.journeys.test_messages_browser import page_of
from tests.unit.procedures.bureaus import bureaus, officer

from comity.app import Node
from comity.console import messages
from comity.console.multipart import Limits
from comity.procedures import people
from comity.procedures.messages.keeping import FILE_BYTES_MAX
from comity.registry import audit_log
from comity.registry.attachments import ATTACHMENTS

MESSAGE = {"to": "EGY", "purpose": "border", "subject": "A plan", "text": "See the file."}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("files")) as opened:
        yield opened


def inside(node: Node, code: str) -> Visitor:
    made = visitor(node)
    made.sign_in(node, open_account(node, f"{code.lower()}-writing", code))
    return made


@pytest.fixture(scope="module")
def france(node: Node) -> Visitor:
    return inside(node, "FRA")


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    return inside(node, "EGY")


def post(
    who: Visitor,
    *files: tuple[str, bytes],
    path: str = "/messages/new",
    token: str | None = None,
    **typed: str,
):
    fields = {"token": who.token("/check/person") if token is None else token, **MESSAGE, **typed}
    parts = [("file", (name, body, "application/octet-stream")) for name, body in files]
    return who.client.post(path, data=fields, files=parts or [("file", ("", b""))], follow_redirects=False)


def lines(node: Node) -> int:
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        return audit_log.size(connection)


def test_a_file_goes_with_a_message(france: Visitor, egypt: Visitor) -> None:
    thread = post(france, ("plan.pdf", b"%PDF one\r\n--two")).headers["location"]
    found = re.search(r'href="(/messages/\w+/files/0)" download', egypt.client.get(thread).text)
    assert egypt.client.get(found[1]).content == b"%PDF one\r\n--two"


def test_it_is_given_out_to_be_saved(france: Visitor, egypt: Visitor) -> None:
    thread = post(france, ("خطة.pdf", b"%PDF")).headers["location"]
    found = re.search(r'href="(/messages/\w+/files/0)"', egypt.client.get(thread).text)
    headers = egypt.client.get(found[1]).headers
    assert (headers["content-disposition"][:28], headers["content-type"]) == (
        "attachment; filename*=UTF-8'",
        "application/octet-stream",
    )


def test_an_answer_carries_a_file(france: Visitor, egypt: Visitor) -> None:
    thread = post(france).headers["location"]
    asked = re.search(r'name="answers" value="(\w+)"', egypt.client.get(thread).text)[1]
    post(egypt, ("answer.pdf", b"%PDF"), path=thread, to="FRA", answers=asked)
    assert "answer.pdf" in france.client.get(thread).text


@pytest.mark.parametrize(
    ("name", "body", "why"),
    [
        ("empty.pdf", b"", "The file is empty."),
        ("page.html", b"x", "Files of this type are not sent."),
        ("large.pdf", b"x" * (FILE_BYTES_MAX + 5), "A file may have 10 MiB."),
    ],
)
def test_a_file_that_is_not_taken_is_named_with_the_reason(
    france: Visitor, name: str, body: bytes, why: str
) -> None:
    answer = post(france, (name, body))
    assert (answer.status_code, f"{name} : {why}" in words_of(answer.text)) == (422, True)


@pytest.mark.parametrize("body", [b"", b"x" * (FILE_BYTES_MAX + 5)])
def test_nothing_typed_is_lost_by_it(france: Visitor, body: bytes) -> None:
    page = post(france, ("good.pdf", b"%PDF good"), ("bad.pdf", body), handling_code="H2").text
    assert all(one in page for one in ("See the file.", 'value="A plan"', 'value="H2" selected', "good.pdf"))


def test_the_files_that_were_taken_go_with_the_next_try(france: Visitor, egypt: Visitor) -> None:
    page = post(france, ("good.pdf", b"%PDF good"), ("bad.pdf", b"")).text
    kept = re.search(r'name="(kept-0)" value="([^"]+)"', page)
    thread = post(france, **{kept[1]: kept[2]}).headers["location"]
    assert "good.pdf" in egypt.client.get(thread).text


def test_a_message_at_fault_keeps_its_files(france: Visitor) -> None:
    answer = post(france, ("good.pdf", b"%PDF good"), to="QQQ")
    assert (answer.status_code, 'name="kept-0"' in answer.text) == (422, True)


def test_what_another_bureau_holds_is_not_sent_by_its_digest(france: Visitor) -> None:
    answer = post(france, **{"kept-0": "ab" * 32 + " theirs.pdf"})
    assert "Your bureau has not handed in this file." in words_of(answer.text)


def test_nothing_is_kept_of_a_form_of_another_site(node: Node, france: Visitor) -> None:
    post(france, ("stranger.pdf", b"%PDF of a stranger"), token="0" * 64)
    with node.desk.registry.read() as connection:
        bodies = [row.body for row in connection.execute(ATTACHMENTS.select())]
    assert b"%PDF of a stranger" not in bodies


def test_each_file_leaves_one_line_and_so_does_the_message(node: Node, france: Visitor) -> None:
    token = france.token("/check/person")
    before = lines(node)
    post(france, ("one.pdf", b"%PDF one"), ("two.pdf", b""), ("three.pdf", b"%PDF three"), token=token)
    assert lines(node) == before + 3


def test_a_draft_is_gone_on_with(france: Visitor) -> None:
    post(france, ("plan.pdf", b"%PDF"), do="draft", subject="For later", to="")
    path = re.search(r"/messages/drafts/\w{20}", france.client.get("/messages/drafts").text)[0]
    page = france.client.get(path).text
    assert all(one in page for one in ('value="For later"', "See the file.", "plan.pdf"))


def test_a_draft_that_is_sent_is_a_draft_no_more(node: Node) -> None:
    kenya = inside(node, "KEN")
    post(kenya, do="draft")
    draft = re.search(r"/messages/drafts/(\w{20})", kenya.client.get("/messages/drafts").text)[1]
    post(kenya, draft=draft)
    assert draft not in kenya.client.get("/messages/drafts").text


def test_a_draft_is_deleted(france: Visitor) -> None:
    post(france, do="draft", subject="To be deleted")
    path = re.search(r"/messages/drafts/\w{20}", france.client.get("/messages/drafts").text)[0]
    france.post(path)
    assert "To be deleted" not in france.client.get("/messages/drafts").text


def test_a_draft_that_another_tab_deleted_is_saved_all_the_same(france: Visitor) -> None:
    post(france, do="draft", draft="A" * 20, subject="Still here")
    assert "Still here" in france.client.get("/messages/drafts").text


def test_a_closed_account_s_draft_is_taken_over(node: Node, egypt: Visitor) -> None:
    open_account(node, "egy-managing", "EGY", "administrator")
    leaving = visitor(node)
    leaving.sign_in(node, open_account(node, "egy-leaving", "EGY"))
    post(leaving, do="draft", subject="Left behind", to="KEN")
    people.close_account("egy-leaving", officer(node, "egy-managing"), node.desk)
    path = re.search(r"/messages/drafts/left/\w{20}", egypt.client.get("/messages/drafts").text)[0]
    taken = egypt.post(path, do="take-over").headers["location"]
    assert 'value="Left behind"' in egypt.client.get(taken).text


def test_a_draft_is_nobody_else_s(france: Visitor, egypt: Visitor) -> None:
    post(france, do="draft", subject="Mine")
    path = re.search(r"/messages/drafts/\w{20}", france.client.get("/messages/drafts").text)[0]
    assert egypt.client.get(path).status_code == 404


@pytest.fixture(scope="module")
def paris(running: Browser, place: Site) -> Iterator[Page]:
    yield from page_of(running, place, "FRA", "en")


@pytest.fixture(scope="module")
def cairo(running: Browser, place: Site) -> Iterator[Page]:
    yield from page_of(running, place, "EGY", "ar")


def typed(page: Page, place: Site, to: str, subject: str) -> None:
    page.goto(f"{place.address}/messages/new")
    page.fill("#to", to)
    page.fill("#subject", subject)
    page.fill("#text", "See the file.")


def written(directory: Path, name: str, body: bytes) -> Path:
    path = directory / name
    path.write_bytes(body)
    return path


@pytest.mark.browser
def test_a_file_is_handed_in_and_saved_in_arabic(
    paris: Page, cairo: Page, place: Site, tmp_path: Path
) -> None:
    typed(paris, place, "EGY", "A plan")
    paris.set_input_files("#file", [written(tmp_path, "plan.pdf", b"%PDF plan")])
    paris.click("button[value=send]")
    paris.wait_for_url("**/messages/threads/*")
    cairo.goto(paris.url)
    with cairo.expect_download() as saved:
        cairo.click("a[download]")
    assert (saved.value.suggested_filename, Path(saved.value.path()).read_bytes()) == (
        "plan.pdf",
        b"%PDF plan",
    )


@pytest.mark.browser
def test_a_draft_in_arabic_is_gone_on_with_and_sent(cairo: Page, place: Site, tmp_path: Path) -> None:
    typed(cairo, place, "FRA", "خطة")
    cairo.set_input_files("#file", [written(tmp_path, "خطة.pdf", b"%PDF plan")])
    cairo.click("button[value=draft]")
    cairo.wait_for_url("**/messages/drafts")
    cairo.click("tbody a")
    assert "خطة.pdf" in cairo.inner_text("main")
    cairo.click("button[value=send]")
    cairo.wait_for_url("**/messages/threads/*")
    assert "خطة.pdf" in cairo.inner_text(".letter.own")


@pytest.mark.browser
def test_an_empty_file_is_told_in_arabic_and_nothing_is_lost(
    cairo: Page, place: Site, tmp_path: Path
) -> None:
    typed(cairo, place, "FRA", "خطة أخرى")
    cairo.set_input_files("#file", [written(tmp_path, "empty.pdf", b"")])
    cairo.click("button[value=send]")
    cairo.wait_for_selector("[role=alert]")
    assert ("الملف فارغ" in cairo.inner_text("[role=alert]"), cairo.input_value("#subject")) == (
        True,
        "خطة أخرى",
    )


@pytest.mark.browser
def test_a_file_that_is_too_large_is_told_before_it_is_sent(paris: Page, place: Site, tmp_path: Path) -> None:
    typed(paris, place, "EGY", "Too much")
    paris.set_input_files("#file", [written(tmp_path, "large.pdf", b"x" * (FILE_BYTES_MAX + 1))])
    message = paris.evaluate("document.querySelector('#file').validationMessage")
    assert message == "large.pdf: A file may have 10 MiB."


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_files_and_drafts_runs_over_the_edge(cairo: Page, place: Site, width: int) -> None:
    cairo.set_viewport_size({"width": width, "height": 800})
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    wide = {}
    for path in ("/messages/new", "/messages/drafts"):
        cairo.goto(place.address + path)
        wide[path] = cairo.evaluate(over)
    assert {path: by for path, by in wide.items() if by > 0} == {}


def test_choosing_a_phrase_keeps_what_was_typed_and_handed_in(france: Visitor) -> None:
    answer = post(france, ("plan.pdf", b"%PDF"), do="phrase", phrase="stop-payment", second="KEN")
    wanted = ("See the file.", 'value="A plan"', 'value="KEN"', "plan.pdf", 'id="v-iban"', 'value="EGY"')
    assert (answer.status_code, [one for one in wanted if one not in answer.text]) == (200, [])


def test_what_was_typed_for_another_phrase_comes_back_with_it(france: Visitor) -> None:
    typed = {"v-amount": "12500.00", "v-iban": "GB82WEST12345698765432"}
    page = post(france, do="phrase", phrase="location", **typed).text
    assert 'type="hidden" name="v-iban" value="GB82WEST12345698765432"' in page


def test_choosing_a_phrase_sends_nothing(node: Node, france: Visitor) -> None:
    token = france.token("/check/person")
    before = lines(node)
    post(france, do="phrase", phrase="stop-payment", token=token)
    assert lines(node) == before


def test_choosing_a_phrase_in_an_answer_keeps_what_was_typed(france: Visitor, egypt: Visitor) -> None:
    thread = post(france).headers["location"]
    page = post(egypt, path=thread, do="phrase", phrase="funds-status", text="We have it.").text
    assert ("We have it." in page, 'id="v-funds"' in page) == (True, True)


def test_a_form_that_is_too_large_is_told_in_the_visitor_s_language_and_nothing_typed_is_lost(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "FORM", Limits(form_bytes=5_000, file_bytes=FILE_BYTES_MAX))
    arab = visitor(node, **{"accept-language": "ar"})
    arab.sign_in(node, open_account(node, "egy-large", "EGY"))
    answer = post(arab, ("good.pdf", b"%PDF"), ("large.pdf", b"x" * 6_000))
    told = words_of(answer.text)
    assert (answer.status_code, "هذا كثير دفعة واحدة." in told, "See the file." in told) == (422, True, True)


@pytest.mark.browser
@pytest.mark.parametrize("who", ["paris", "cairo"])
def test_a_phrase_is_chosen_in_the_middle_of_writing(
    request: pytest.FixtureRequest, place: Site, tmp_path: Path, who: str
) -> None:
    page = request.getfixturevalue(who)
    typed(page, place, "KEN", "A plan")
    page.set_input_files("#file", [written(tmp_path, "plan.pdf", b"%PDF plan")])
    page.select_option("#phrase", "stop-payment")
    page.click("button[value=phrase]")
    page.wait_for_selector("#v-iban")
    kept = [page.input_value(one) for one in ("#to", "#subject", "#text")]
    assert (kept, "plan.pdf" in page.inner_text("main")) == (["KEN", "A plan", "See the file."], True)


@pytest.mark.browser
def test_enter_in_a_field_still_sends(paris: Page, place: Site) -> None:
    typed(paris, place, "EGY", "Sent by Enter")
    paris.press("#subject", "Enter")
    paris.wait_for_url("**/messages/threads/*")
    assert "Sent by Enter" in paris.inner_text("main")
