"""Standing checks in the console: set, listed for the bureau alone, ended; on the command line the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.journeys.command_line import comity_here
from tests.journeys.console_visitor import Visitor, open_account, visitor, words_of
from tests.unit.procedures.bureaus import bureaus

from comity.app import Node
from comity.phrases.words import CODES


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with bureaus(tmp_path_factory.mktemp("watches")) as opened:
        yield opened


def inside(node: Node, name: str, bureau: str) -> Visitor:
    one = visitor(node)
    one.sign_in(node, open_account(node, name, bureau))
    return one


@pytest.fixture(scope="module")
def egypt(node: Node) -> Visitor:
    return inside(node, "egy-watching", "EGY")


def watched(one: Visitor, plate: str, **fields: str):
    return one.post("/watches/new/vehicle", **{"purpose": "border", "days": "30", "plate": plate, **fields})


def test_what_is_watched_is_listed(egypt: Visitor) -> None:
    watched(egypt, "WA 100")
    assert "WA 100" in egypt.client.get("/watches").text


def test_another_bureau_sees_nothing_of_it(node: Node, egypt: Visitor) -> None:
    watched(egypt, "WA 200")
    assert "WA 200" not in inside(node, "fra-watching", "FRA").client.get("/watches").text


def test_what_is_ended_is_watched_no_longer(egypt: Visitor) -> None:
    watched(egypt, "WA 300")
    page = egypt.client.get("/watches").text
    row = page[page.index("WA 300") :]
    one = row.partition('name="watch" value="')[2].partition('"')[0]
    egypt.post("/watches/end", watch=one)
    assert "WA 300" not in egypt.client.get("/watches").text


@pytest.mark.parametrize("days", ["0", "9999", "soon"])
def test_a_time_out_of_range_is_told_and_what_was_typed_stays(egypt: Visitor, days: str) -> None:
    answer = watched(egypt, "WA 400", days=days)
    assert (answer.status_code, 'value="WA 400"' in answer.text) == (422, True)


@pytest.mark.parametrize("language", CODES)
def test_the_pages_come_in_every_language(egypt: Visitor, language: str) -> None:
    pages = ("/watches", "/watches/new/person", "/watches/new/vessel")
    answers = [egypt.client.get(path, headers={"accept-language": language}) for path in pages]
    assert [f'lang="{language}"' in one.text for one in answers] == [True] * 3


def test_the_command_line_sets_lists_and_ends(tmp_path: Path) -> None:
    assert comity_here("init", str(tmp_path / "node"), "--name", "Test").returncode == 0
    at = ("--node", str(tmp_path / "node"))
    made = json.loads(
        comity_here("watch", "set", "vehicle", "--plate", "WA500", "--days", "3", *at, "--json").stdout
    )
    comity_here("watch", "end", made["watch"], *at)
    assert comity_here("watch", "list", *at, "--json").stdout == ""


def test_a_bad_query_is_told_in_words(egypt: Visitor) -> None:
    assert "Nothing was stored." in words_of(watched(egypt, "").text)
