"""What is posted and goes wrong leads on: to the page it was posted from, with what was typed, after signing in too."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.routing import Route
from tests.copies import copy_node
from tests.journeys.console_visitor import Visitor, open_account, visitor

from comity.app import SECRETARIAT, Node, open_node
from comity.console.application import FAULTS
from comity.console.reception import Reception
from comity.console.topics import TOPICS
from comity.phrases.words import SPEECH
from comity.procedures import redress
from comity.procedures.messages.sending import send
from comity.procedures.redress import Request
from comity.procedures.sign_in import officer_named

PEOPLE = (("egy-registrar", "EGY", "registrar"), ("files-controller", SECRETARIAT, "controller"))
NOTE = "انظروا في هذا من فضلكم"
ONE = "A" * 20


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node", PEOPLE)
    with open_node(tmp_path / "node") as made:
        yield made


@pytest.fixture
def france(node: Node) -> Visitor:
    made = visitor(node)
    made.sign_in(node, open_account(node, "fra-clerk", "FRA"))
    return made


def only_posted(node: Node) -> list[str]:
    """Return the addresses of the console that take posts alone."""
    routes: list[Route] = [route for topic in TOPICS for route in topic(Reception(node.desk, SPEECH))]
    read = {route.path for route in routes if "GET" in (route.methods or ())}
    paths = {route.path for route in routes} - read
    return sorted([*paths, "/sign-out", "/language"])


def test_what_is_only_posted_leads_to_a_page_that_is_there(node: Node, france: Visitor) -> None:
    broken: list[tuple[str, int]] = []
    for path in only_posted(node):
        address = "/".join(ONE if part.startswith("{") else part for part in path.split("/"))
        answer = france.client.get(address, follow_redirects=True)
        # Of a thing that is not there nothing is known; of what is, its page. A method is nobody's fault.
        if answer.status_code not in {200, 403, 404} or not answer.history:
            broken.append((path, answer.status_code))
    assert broken == []


def test_another_language_after_a_search_leads_to_the_case(node: Node) -> None:
    ccf, ref = visitor(node), opened(node)
    ccf.sign_in(node, open_account(node, "ccf", SECRETARIAT, "controller"))
    token = ccf.token(f"/redress/{ref}")
    fields = {"token": token, "kind": "person", "name": "Zuzanna Applicantova"}
    ccf.client.post(f"/redress/{ref}/find", data=fields)
    chosen = {"token": token, "language": "ar", "back": f"/redress/{ref}/find"}
    page = ccf.client.post("/language", data=chosen, follow_redirects=True)
    assert (page.status_code, page.url.path, 'lang="ar"' in page.text) == (200, f"/redress/{ref}", True)


def opened(node: Node) -> str:
    asked = Request("deletion", {"name": "Zuzanna Applicantova"}, "Please erase it.")
    return redress.open_case(asked, officer_named("files-controller", node.desk), node.desk).ref


def written(node: Node, **said: object) -> str:
    """Return a message from Egypt to France."""
    letter = {
        "to": ["FRA"],
        "purpose": "investigation",
        "subject": "A trailer",
        "text": "Is this yours?",
        **said,
    }
    return send(letter, officer_named("egy-registrar", node.desk), node.desk).message


@pytest.mark.parametrize(
    ("to", "said", "status"),
    [("ZZZ", {}, 422), ("", {}, 422), ("FRA", {}, 422), ("KEN", {"handling_code": "H2"}, 403)],
)
def test_a_message_that_is_not_passed_on_keeps_the_word_that_was_to_go_with_it(
    node: Node, france: Visitor, to: str, said: dict[str, str], status: int
) -> None:
    message = written(node, **said)
    fields = {"token": france.token("/messages"), "to": to, "text": NOTE}
    answer = france.client.post(f"/messages/{message}/forward", data=fields)
    assert (answer.status_code, NOTE in unescape(answer.text), 'class="fault"' in answer.text) == (
        status,
        True,
        True,
    )


def test_a_long_word_in_another_script_goes_with_a_message(node: Node, france: Visitor) -> None:
    fields = {"token": france.token("/messages"), "to": "KEN", "text": "كلمة " * 3900}
    answer = france.client.post(f"/messages/{written(node)}/forward", data=fields, follow_redirects=False)
    assert answer.status_code == 303


def test_a_form_that_arrives_in_pieces_is_not_called_too_large(france: Visitor) -> None:
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = france.client.post("/messages/new", content=b"--x\r\nnonsense", headers=headers)
    assert (answer.status_code, "did not arrive whole" in answer.text) == (400, True)


def test_every_status_of_a_form_is_told_in_words() -> None:
    assert all(SPEECH.speaker("ar").error(code) != code for code in (*FAULTS.values(), "form-broken"))
