"""Whole numbers and codes are taken with the digits that a keyboard has: Arabic, Persian, Indic."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.journeys.browser import Site
from tests.journeys.console_visitor import Visitor, open_account, visitor
from tests.journeys.typed_digits import DIGITS
from tests.unit.procedures.offices import officer, offices

from comity.access.credentials import code_at
from comity.app import Node
from comity.procedures.duties import read_duty
from comity.procedures.messages.reading import inbox
from comity.procedures.watches import list_watches

LETTER = {"to": "FRA", "purpose": "investigation", "subject": "سؤال", "text": "من هو؟"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with offices(tmp_path_factory.mktemp("typed")) as node:
        yield node


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    entering = visitor(node, **{"Accept-Language": "ar"})
    entering.sign_in(node, open_account(node, "egy-inside", "EGY"))
    return entering


@pytest.mark.parametrize("script", DIGITS)
def test_a_code_is_taken_in_the_digits_of_any_script(node: Node, script: str) -> None:
    secrets = open_account(node, f"egy-{script}", "EGY")
    code = code_at(secrets.code_secret.reveal(), node.desk.clock().timestamp()).translate(DIGITS[script])
    typed = {"account": secrets.account, "passphrase": secrets.passphrase.reveal(), "code": code}
    answer = visitor(node).post("/sign-in", **typed)
    assert (answer.status_code, answer.headers.get("location")) == (303, "/")


def test_days_of_the_duty_desk(node: Node, egypt: Visitor) -> None:
    egypt.post("/duty", **{"days-border": "٥", "kind-days-person": "١٢"})
    page = read_duty(officer(node, "egy-registrar"), node.desk)
    assert (page.days["border"], page.duty.kinds) == (5, {"person": 12})


def test_days_of_a_standing_check(node: Node, egypt: Visitor) -> None:
    egypt.post("/watches/new/vehicle", plate="QX417ZT", country="FRA", purpose="road", days="٤٥")
    stands = list_watches(officer(node, "egy-registrar"), node.desk)[0].watch
    assert (stands.until - stands.made_at).days == 45


def test_minutes_that_an_answer_may_take(node: Node, egypt: Visitor) -> None:
    egypt.post("/messages/new", **LETTER, asks="1", answer_within="٩٠", do="send")
    line = inbox("due", 50, None, officer(node, "fra-registrar"), node.desk).lines[0].line
    assert line.due_at is not None
    assert round((line.due_at - line.at).total_seconds()) == 90 * 60


def test_days_of_a_key(egypt: Visitor) -> None:
    answer = egypt.post("/keys", days="٣٠")
    assert (answer.status_code, "comity_" in answer.text) == (200, True)


@pytest.mark.parametrize("typed", ["٣x", "²", "-٣", "٣.٥", "99999", ""])
def test_what_is_no_whole_number_is_told(egypt: Visitor, typed: str) -> None:
    answer = egypt.post("/watches/new/vehicle", plate="QX417ZT", country="FRA", purpose="road", days=typed)
    assert answer.status_code == 422


@pytest.mark.browser
@pytest.mark.parametrize("script", DIGITS)
def test_the_browser_lets_such_a_code_pass(running: Browser, place: Site, script: str) -> None:
    page = running.new_page(locale="ar")
    page.goto(f"{place.address}/sign-in")
    page.fill("#code", "123456".translate(DIGITS[script]))
    assert page.evaluate("document.querySelector('#code').checkValidity()")
    page.close()
