"""The page of a record: its quality, its versions, what of them each reader may know."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus, enter, officer

from comity.app import Node
from comity.errors import UnknownError
from comity.procedures.check import run_check
from comity.procedures.records_page import RecordPage, read_page
from comity.procedures.submit import withdraw
from comity.records.handling import Purpose
from comity.registry import audit_log


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as node:
        yield node


def page(node: Node, record: str, reader: str = "egy-registrar") -> RecordPage:
    return read_page(record, officer(node, reader), Purpose.BORDER, node.desk)


def told(node: Node, record: str, reader: str = "egy-registrar") -> list[tuple[str, dict]]:
    """Return what each version, oldest first, tells the reader: what happened, and old and new of each field."""
    versions = reversed(page(node, record, reader).versions)
    return [
        (one.what, {change.field: (change.old, change.new) for change in one.changes}) for one in versions
    ]


def test_a_hit_carries_reliability_and_handling_code(node: Node) -> None:
    enter(node, reliability="B2", handling_code="H1")
    query = {"kind": "person", "document": "A7654321"}
    hit = run_check(query, officer(node, "fra-officer"), Purpose.BORDER, node.desk).hits[0].to_json()
    assert (hit["reliability"], hit["handling_code"]) == ("B2", "H1")


@pytest.mark.parametrize(("view", "is_marked"), [("full", True), ("summary", True), ("pointer", False)])
def test_a_hit_past_its_review_date_is_marked(node: Node, view: str, is_marked: bool) -> None:
    enter(node, review_on="2020-01-01", view=view)
    query = {"kind": "person", "document": "A7654321"}
    hit = run_check(query, officer(node, "fra-officer"), Purpose.BORDER, node.desk).hits[0]
    assert hit.is_review_due == is_marked


def test_a_pointer_hit_carries_neither(node: Node) -> None:
    enter(node, reliability="B2", handling_code="H1", view="pointer")
    query = {"kind": "person", "document": "A7654321"}
    hit = run_check(query, officer(node, "fra-officer"), Purpose.BORDER, node.desk).hits[0].to_json()
    assert (hit["reliability"], hit["handling_code"]) == (None, None)


def test_the_page_carries_reliability_and_handling_code(node: Node) -> None:
    record = enter(node, reliability="A1", handling_code="H3")
    shown = page(node, record, "fra-officer").to_json()
    assert (shown["reliability"], shown["handling_code"]) == ("A1", "H3")


def test_a_pointers_page_tells_the_owner_and_no_more(node: Node) -> None:
    record = enter(node, view="pointer")
    assert set(page(node, record, "fra-officer").to_json()) == {"record", "kind", "owner", "view"}


def test_a_pointer_has_no_versions(node: Node) -> None:
    record = enter(node, view="pointer")
    enter(node, view="pointer", notice="red")
    assert page(node, record, "fra-officer").versions == ()


def test_the_owner_sees_what_changed_old_and_new(node: Node) -> None:
    record = enter(node)
    enter(node, notice="red", born=["1971"])
    assert told(node, record)[1] == (
        "amended",
        {"born": (["1971-04-09"], ["1971"]), "notice": ("blue", "red")},
    )


def test_the_owner_sees_a_change_of_sharing(node: Node) -> None:
    record = enter(node)
    enter(node, share="owner")
    assert told(node, record)[1] == ("amended", {"share": ("all", "owner")})


def test_the_owner_sees_which_account_made_each_version(node: Node) -> None:
    record = enter(node)
    second = replace(officer(node, "egy-registrar"), account="egy-officer")
    withdraw(record, None, second, node.desk)
    assert [one.account for one in page(node, record).versions] == ["egy-officer", "egy-registrar"]


def test_the_owner_sees_a_withdrawal_and_the_return(node: Node) -> None:
    record = enter(node)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    enter(node)
    assert [what for what, _changes in told(node, record)] == ["entered", "withdrawn", "amended"]


def test_others_learn_no_account(node: Node) -> None:
    record = enter(node)
    assert [one.account for one in page(node, record, "fra-officer").versions] == [None]


def test_others_see_what_changed_in_a_full_view(node: Node) -> None:
    record = enter(node)
    enter(node, born=["1971"])
    assert told(node, record, "fra-officer")[1] == ("amended", {"born": (["1971-04-09"], ["1971"])})


def test_a_summary_shows_no_withheld_field_in_a_difference(node: Node) -> None:
    record = enter(node, view="summary")
    enter(node, view="summary", remarks="Seen at the quay", notice="red")
    assert told(node, record, "fra-officer")[1] == ("amended", {"notice": ("blue", "red")})


def test_a_version_without_a_change_that_one_may_see_is_not_listed(node: Node) -> None:
    record = enter(node, view="summary")
    enter(node, view="summary", remarks="Seen at the quay")
    assert len(told(node, record, "fra-officer")) == 1


def test_a_change_of_sharing_shows_to_no_other(node: Node) -> None:
    record = enter(node)
    enter(node, share={"except": ["KEN"]})
    assert told(node, record, "fra-officer") == [("entered", {})]


def test_what_a_record_said_while_it_was_withheld_stays_withheld(node: Node) -> None:
    record = enter(node, share="owner", born=["1965"])
    enter(node, born=["1971"])
    assert told(node, record, "fra-officer") == [("entered", {})]


def test_a_record_opened_later_was_entered_then_to_its_new_readers(node: Node) -> None:
    record = enter(node, share="owner")
    enter(node)
    reader = page(node, record, "fra-officer")
    assert reader.entered_at == reader.seen.held.changed_at


def test_a_hidden_amendment_leaves_the_date_of_change_as_it_was(node: Node) -> None:
    record = enter(node, view="summary")
    before = page(node, record, "fra-officer").to_json(), page(node, record, "fra-officer").changed_at
    enter(node, view="summary", remarks="Seen at the quay")
    after = page(node, record, "fra-officer").to_json(), page(node, record, "fra-officer").changed_at
    assert after == before


def test_a_field_narrowed_since_is_shown_in_no_earlier_difference(node: Node) -> None:
    record = enter(node)
    enter(node, remarks="Seen at the quay")
    enter(node, remarks="Seen at the quay", view="summary")
    assert told(node, record, "fra-officer") == [("entered", {})]


def test_a_return_after_withdrawal_is_no_change_to_others(node: Node) -> None:
    record = enter(node)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    enter(node)
    assert told(node, record, "fra-officer") == [("entered", {})]


def test_a_withheld_record_has_the_page_of_one_not_held(node: Node) -> None:
    record = enter(node, share="owner")
    with pytest.raises(UnknownError):
        page(node, record, "fra-officer")


def test_reading_a_page_leaves_one_line(node: Node) -> None:
    page(node, enter(node), "fra-officer")
    with node.desk.registry.read() as connection:
        assert len(audit_log.own_entries(connection, "fra-officer", 10)) == 1


@pytest.mark.parametrize(("today", "is_due"), [("2026-03-31", False), ("2026-04-01", True)])
def test_a_record_is_marked_from_its_review_date_on(node: Node, today: str, is_due: bool) -> None:
    record = enter(node, review_on="2026-04-01")
    desk = replace(node.desk, clock=lambda: datetime.fromisoformat(today).replace(tzinfo=UTC))
    shown = read_page(record, officer(node, "fra-officer"), Purpose.BORDER, desk)
    assert shown.is_review_due == is_due
