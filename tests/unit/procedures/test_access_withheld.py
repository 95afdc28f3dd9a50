"""Access to a record that its owner has withheld since it was asked for: given, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bureaus import enter
from writing import Post, post

from comity.errors import UnknownError
from comity.procedures.owners.access import ask_access, decide_access, end_access
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
