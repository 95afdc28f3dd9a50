"""What is asked of owners about a record that they withhold, or purge, meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from bureaus import enter
from writing import Post, post

from comity.access.acts import Act
from comity.errors import ConflictError, UnknownError
from comity.procedures.owners.access import ask_access, decide_access, end_access
from comity.procedures.owners.proposals import propose
from comity.procedures.purging import PurgeOrder, purge
from comity.procedures.records_page import RecordPage, read_page
from comity.records.fieldtype import Json
from comity.records.handling import Purpose, View


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Post]:
    with post(tmp_path) as made:
        yield made


def asked_for(world: Post, record: str) -> str:
    said: dict[str, Json] = {"record": record, "reason": "We know him."}
    return ask_access(said, world.officer("FRA"), Purpose.BORDER, world.desk).request.id


def given(world: Post, one: str) -> None:
    decide_access(one, {"accept": True}, world.officer("EGY"), world.desk)


def taken_back(world: Post, one: str) -> None:
    end_access(one, {"reason": "The case is closed."}, world.officer("EGY"), world.desk)


def page(world: Post, record: str) -> RecordPage:
    return read_page(record, world.officer("FRA"), Purpose.BORDER, world.desk)


@pytest.mark.parametrize("share", ["owner", {"except": ["FRA"]}, {"only": ["KEN"]}])
def test_what_was_withheld_meanwhile_is_withheld_again_once_access_is_taken_back(
    world: Post, share: object
) -> None:
    record = enter(world.node, view="pointer")
    one = asked_for(world, record)
    enter(world.node, view="pointer", share=share)
    given(world, one)
    taken_back(world, one)
    with pytest.raises(UnknownError):
        page(world, record)


def test_taking_access_back_leaves_what_the_owner_has_said_of_sharing_since(world: Post) -> None:
    record = enter(world.node, view="pointer")
    one = asked_for(world, record)
    enter(world.node, view="pointer", share="owner")
    given(world, one)
    enter(world.node, view="pointer", share="all", opened=["FRA"])
    taken_back(world, one)
    assert page(world, record).seen.view is View.POINTER


def test_what_is_purged_as_somebody_proposes_is_repeated_nowhere(world: Post) -> None:
    record = enter(world.node)
    held = world.desk.registry.record_with(record)
    assert held is not None
    order = PurgeOrder(world.officer("EGY"), Act.RECORD_RETAIN, "let-go")

    def purged_first() -> datetime:
        with world.desk.registry.entering() as connection:
            purge([held], order, connection, world.desk)
        return world.desk.clock()

    change: dict[str, Json] = {"field": "names", "add": [{"name": "Another Name", "type": "alias"}]}
    said: dict[str, Json] = {"record": record, "version": 1, "reason": "We know him.", "changes": [change]}
    desk = replace(world.desk, clock=purged_first)
    with pytest.raises(ConflictError, match="stale-version"):
        propose(said, world.officer("FRA"), Purpose.BORDER, desk)
