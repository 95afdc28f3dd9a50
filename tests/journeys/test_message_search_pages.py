"""The pages that search messages and list what others owe, in four languages; the same over HTTP and in commands."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.copies import copy_node
from tests.journeys.console_visitor import Visitor, open_account, visitor

from comity.app import Node, open_node
from comity.cli.message_door import LocalDoor
from comity.doors import build_doors
from comity.procedures import people
from comity.procedures.messages.sending import Sent, send
from comity.procedures.sign_in import officer_named

PEOPLE = tuple((f"{code.lower()}-registrar", code, "registrar") for code in ("EGY", "FRA", "KEN"))
TEXT = "The trailer <b>KDA-001</b> Z was seen."
LANGUAGES = ("en", "fr", "es", "ar")


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node", PEOPLE)
    with open_node(tmp_path / "node") as made:
        yield made


def sent(node: Node, **said: object) -> Sent:
    data = {"to": ["EGY"], "purpose": "investigation", "subject": "A trailer", "text": TEXT, **said}
    return send(data, officer_named("fra-registrar", node.desk), node.desk)


def inside(node: Node, code: str, language: str = "en") -> Visitor:
    made = visitor(node, **{"accept-language": language})
    made.sign_in(node, open_account(node, f"{code.lower()}-clerk", code))
    return made


def searched(clerk: Visitor, **typed: str) -> str:
    token = clerk.token("/messages/search")
    return clerk.client.post("/messages/search", data={"token": token, **typed}).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_clerk_finds_a_message_and_is_led_to_it(node: Node, language: str) -> None:
    one = sent(node).message
    page = searched(inside(node, "EGY", language), text="kda001 trailer")
    assert (f'href="/messages/{one}"' in page, "&lt;b&gt;KDA-001&lt;/b&gt;" in page) == (True, True)


def test_a_clerk_of_another_bureau_finds_nothing(node: Node) -> None:
    one = sent(node).message
    assert one not in searched(inside(node, "KEN"), text="kda001 trailer")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_wrong_with_a_search_is_said_and_what_was_typed_stays(node: Node, language: str) -> None:
    page = searched(inside(node, "EGY", language), text="trailer", about="nothing")
    assert ('role="alert"' in page, 'value="trailer"' in page, 'value="nothing"' in page) == (True,) * 3


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Answer to a message"),
        ("fr", "Réponse à un message"),
        ("es", "Respuesta a un mensaje"),
        ("ar", "جواب عن رسالة"),
    ],
)
def test_what_others_owe_is_listed_with_its_clock(node: Node, language: str, words: str) -> None:
    one = sent(node, asks=True).message
    page = inside(node, "FRA", language).client.get("/messages/owed").text
    assert (f'href="/messages/{one}"' in page, words in page, "data-due" in page) == (True,) * 3


def test_the_list_of_messages_leads_to_both(node: Node) -> None:
    page = inside(node, "EGY").client.get("/messages").text
    assert ('href="/messages/search"' in page, 'href="/messages/owed"' in page) == (True, True)


def test_http_and_commands_find_and_list_the_same(node: Node) -> None:
    sent(node, asks=True)
    by = officer_named("fra-registrar", node.desk)
    key = people.new_key(by, node.desk).reveal()
    local = LocalDoor(node, by)
    with TestClient(build_doors(node.desk), headers={"Authorization": f"Bearer {key}"}) as client:
        found = client.post("/v1/messages/search", content=json.dumps({"text": "trailer"})).json()
        listed = client.get("/v1/messages/owed").json()
    assert (found, listed) == (local.search({"text": "trailer"}), local.owed(50))
    assert (len(found["messages"]), len(listed["owed"])) == (1, 1)
