"""A public notice keeps its number for good: whoever has taken it over finds it again under the same one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.offices import YELLOW, checklist, officer, offices, published, step

from comity.app import Node
from comity.procedures.notices.drafting import amend
from comity.procedures.notices.exporting import PublicPage, public_list, public_notice
from comity.registry.notices import HeldNotice

PUBLIC = {**YELLOW, "is_public": True}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def later(node: Node, days: int = 400) -> Node:
    at = node.desk.clock() + timedelta(days=days)
    return replace(node, desk=replace(node.desk, clock=lambda: at))


def numbers(node: Node, held: HeldNotice) -> set[object]:
    """Return what the list, and the notice itself, say that its number is."""
    reader = officer(node, "fra-registrar")
    listed = public_list(PublicPage("yellow"), reader, node.desk)["_embedded"]
    assert isinstance(listed, dict)
    whole = public_notice("yellow", held.id, reader, node.desk)
    return {whole["entity_id"], *(one["entity_id"] for one in listed["notices"])}


def test_it_stays_when_a_notice_was_suspended_in_one_year_and_resumed_in_the_next(node: Node) -> None:
    held = published(node, PUBLIC, owner="ken")
    before = numbers(node, held)
    held = step(node, held, "suspend", "ken-registrar", reasons="We look again.")
    resumed = step(later(node), held, "resume", "reviewer-2", reasons="It holds.")
    assert numbers(later(node), resumed) == before == {f"{node.desk.clock().year}/{held.id}"}


def test_it_stays_when_an_update_is_published_a_year_later(node: Node) -> None:
    held = published(node, PUBLIC, owner="ken")
    before, newer = numbers(node, held), later(node)
    content = {**PUBLIC, "language": "fra"}
    held = amend(held.id, held.form, held.version, content, officer(newer, "ken-registrar"), newer.desk)
    held = step(newer, held, "take", "reviewer-1")
    step(newer, held, "publish", "reviewer-1", checklist=checklist("yellow"), reasons="Weighed.")
    assert numbers(newer, held) == before


def test_each_notice_of_a_page_has_its_own_year(node: Node) -> None:
    first = published(node, {**PUBLIC, "reference": "first"}, owner="ken")
    second = published(later(node), {**PUBLIC, "reference": "second"}, owner="ken")
    years = {later(node).desk.clock().year: second.id, node.desk.clock().year: first.id}
    assert numbers(later(node), first) == {f"{year}/{one}" for year, one in years.items()}
