"""An index that is made anew while others write: what they wrote is in it once, as it stands."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.copies import copy_node

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.app import CLI_ACCOUNT, Node, open_node
from comity.cli.importing import order_of
from comity.index.exact import exact_key
from comity.procedures import upkeep
from comity.procedures.bulk_list import import_bulk
from comity.procedures.follow import Follower
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.handling import Purpose
from comity.sources import reader_named

NUMBERS = ("K0000001", "K0000002")


@dataclass(slots=True)
class BetweenFollower(Follower):
    """Follows the registry; once it is level, another process writes."""

    then: Callable[[], None] = lambda: None

    def catch_up(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> None:
        Follower.catch_up(self, progress)
        self.then()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    copy_node(tmp_path / "node")
    with open_node(tmp_path / "node") as node:
        yield node


def entered(node: Node, number: str) -> None:
    record = {"kind": "travel_document", "source_id": "D1", "type": "P", "issuer": "KEN", "number": number}
    with open_node(node.directory) as other:
        submit({**record, "share": "all"}, officer_named(CLI_ACCOUNT, other.desk), other.desk)


def imported(node: Node, file: Path) -> None:
    """Load a list in bulk, as another program does."""
    stated = {"kind": "travel_document", "type": "P", "issuer": "KEN"}
    rows = [{**stated, "source_id": number, "number": number} for number in NUMBERS]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    order = replace(order_of("jsonl", file, "KEN", "all", is_dry=False), is_bulk=True)
    with open_node(node.directory) as other:
        officer = officer_named(CLI_ACCOUNT, other.desk)
        import_bulk(reader_named("jsonl", "")(file), order, officer, other.desk, print, print)


def mended(node: Node, then: Callable[[], None]) -> None:
    desk = node.desk
    upkeep.mend(replace(desk, follower=BetweenFollower(desk.registry, desk.index, then=then)))


def found(node: Node) -> list[tuple[int, int]]:
    """Return which of the numbers lead to which records, as a check in bulk is led."""
    node.desk.follower.catch_up()
    officer = officer_named(CLI_ACCOUNT, node.desk)
    grant: Grant = authorise(officer, Act.CHECK, Purpose.BORDER)
    keys = [exact_key("document.number", number) for number in NUMBERS]
    places, records = node.desk.index.candidates_batch(keys, grant)
    return list(zip(places.tolist(), records.tolist(), strict=True))


def test_what_was_loaded_in_bulk_meanwhile_is_found_once(node: Node, tmp_path: Path) -> None:
    mended(node, lambda: imported(node, tmp_path / "list.jsonl"))
    assert [place for place, _record in found(node)] == [0, 1]


def test_what_was_amended_meanwhile_is_found_as_it_stands_alone(node: Node) -> None:
    mended(node, lambda: entered(node, NUMBERS[0]))
    entered(node, NUMBERS[1])
    assert [place for place, _record in found(node)] == [1]


def test_what_was_amended_later_is_found_as_it_stands_alone(node: Node) -> None:
    entered(node, NUMBERS[0])
    mended(node, lambda: entered(node, NUMBERS[1]))
    assert [place for place, _record in found(node)] == [1]


def test_a_whole_segment_of_an_earlier_moment_loses_nothing_that_another_process_saved(node: Node) -> None:
    with open_node(node.directory) as other:

        def save(number: str) -> None:
            stated = {"kind": "travel_document", "type": "P", "issuer": "KEN", "source_id": number}
            submit(
                {**stated, "number": number, "share": "all"},
                officer_named(CLI_ACCOUNT, other.desk),
                other.desk,
            )
            other.desk.follower.catch_up()
            other.desk.index.save()

        mended(node, lambda: save(NUMBERS[0]))
        save(NUMBERS[1])
    with open_node(node.directory) as new:
        assert [place for place, _record in found(new)] == [0, 1]
