"""Records due for review: the bureau's own, earliest first, in pages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.errors import MalformedError, RefusedError
from comity.procedures.records_review import DueRecords, due_for_review
from comity.procedures.submit import withdraw
from comity.registry import audit_log


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield node


def due(
    node: Node, who: str = "egy-registrar", days: int = 0, limit: int = 50, after: str | None = None
) -> DueRecords:
    desk = replace(node.desk, clock=lambda: datetime(2026, 4, 1, tzinfo=UTC))
    return due_for_review(days, limit, after, officer(node, who), desk)


def names(found: DueRecords) -> list[str]:
    return [one.held.record.source_id for one in found.records]


def test_a_record_is_due_from_its_review_date_on(node: Node) -> None:
    enter(node, source_id="today", review_on="2026-04-01")
    enter(node, source_id="tomorrow", review_on="2026-04-02")
    assert names(due(node)) == ["today"]


def test_records_that_come_due_within_some_days_are_listed_unmarked(node: Node) -> None:
    enter(node, source_id="tomorrow", review_on="2026-04-02")
    assert [(one.is_due, one.days_over) for one in due(node, days=7).records] == [(False, -1)]


def test_the_earliest_date_comes_first(node: Node) -> None:
    enter(node, source_id="later", review_on="2026-03-02")
    enter(node, source_id="earlier", review_on="2025-12-31")
    assert names(due(node)) == ["earlier", "later"]


def test_a_record_without_a_review_date_is_never_due(node: Node) -> None:
    enter(node, source_id="undated")
    assert names(due(node, days=3660)) == []


def test_another_bureaus_records_are_not_listed(node: Node) -> None:
    enter(node, "KEN", review_on="2026-01-01")
    assert names(due(node)) == []


def test_a_withdrawn_record_is_not_listed(node: Node) -> None:
    record = enter(node, review_on="2026-01-01")
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    assert names(due(node)) == []


def test_pages_show_every_record_once(node: Node) -> None:
    for place in range(5):
        enter(node, source_id=f"R{place}", review_on="2026-03-01" if place < 3 else "2026-03-02")
    seen, after = [], None
    for _page in range(3):
        found = due(node, limit=2, after=after)
        seen, after = seen + names(found), found.next
    assert (sorted(seen), after) == ([f"R{place}" for place in range(5)], None)


@pytest.mark.parametrize(
    ("days", "limit", "after", "field"),
    [(-1, 50, None, "within_days"), (0, 0, None, "limit"), (0, 50, "soon.X", "after")],
)
def test_bounds_and_cursors_are_checked(
    node: Node, days: int, limit: int, after: str | None, field: str
) -> None:
    with pytest.raises(MalformedError) as refused:
        due(node, days=days, limit=limit, after=after)
    assert refused.value.field == field


def test_an_officer_without_the_act_is_refused(node: Node) -> None:
    with pytest.raises(RefusedError):
        due(node, "egy-officer")


def test_each_list_leaves_a_line(node: Node) -> None:
    due(node)
    with node.desk.registry.read() as connection:
        lines = audit_log.own_entries(connection, "egy-registrar", 10)
    assert [line.entry.act for line in lines] == ["record:review"]
