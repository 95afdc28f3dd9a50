"""Who holds a record: to whom it was sent and shown, who took it home, who holds the same, and who learns of that."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.unit.procedures.offices import RED, add_account, lines, officer, offices, published

from comity.app import SECRETARIAT, Node
from comity.errors import MalformedError, RefusedError, UnknownError
from comity.procedures.alerts import meet_changes
from comity.procedures.check import run_check
from comity.procedures.holders import Holder, held_elsewhere, holders_of
from comity.procedures.notices.exporting import PublicPage, public_list, public_notice
from comity.procedures.notices.reading import print_notice, read_notice
from comity.procedures.submit import read_record, submit, withdraw
from comity.records.handling import Purpose, View
from comity.records.notices.states import Form

PASSPORT = {
    "kind": "travel_document",
    "source_id": "D1",
    "type": "P",
    "issuer": "EGY",
    "number": "H7654321",
    "status": "stolen",
    "share": "all",
}
QUERY = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "H7654321"}
SENT = {**RED, "share": {"only": ["FRA", "KEN"]}}


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with offices(tmp_path) as node:
        yield node


def enter(node: Node, owner: str = "egy", **fields: object) -> str:
    by = officer(node, f"{owner}-registrar")
    return submit({**PASSPORT, **fields}, by, node.desk).receipt.public_id


def check(node: Node, by: str = "ken-officer") -> None:
    assert run_check(QUERY, officer(node, by), Purpose.BORDER, node.desk).hits


def holders(node: Node, record: str, by: str = "egy-registrar") -> Mapping[str, Holder]:
    return {one.bureau: one for one in holders_of(record, None, officer(node, by), node.desk).holders}


def listed(node: Node, limit: int = 50, after: str | None = None, by: str = "egy-registrar") -> list[str]:
    page = held_elsewhere(limit, after, officer(node, by), node.desk)
    return [one.held.public_id for one in page.records]


def test_a_record_that_nobody_was_shown_is_held_by_nobody(node: Node) -> None:
    assert holders(node, enter(node)) == {}


def test_a_bureau_that_a_check_answered_holds_it(node: Node) -> None:
    record = enter(node)
    check(node)
    check(node)
    one = holders(node, record)["KEN"]
    assert (one.times_count, one.acts, one.view) == (2, ("check:make",), View.FULL)


def test_the_owner_s_own_checks_are_nobody_else_s(node: Node) -> None:
    record = enter(node)
    check(node, "egy-officer")
    assert holders(node, record) == {}


def test_whoever_a_diffusion_was_sent_to_holds_it_unread(node: Node) -> None:
    sent = published(node, SENT, Form.DIFFUSION)
    found = holders(node, sent.id)
    assert {
        code: (one.times_count, one.named_at is not None) for code, one in found.items() if code != "XPO"
    } == {
        "FRA": (0, True),
        "KEN": (0, True),
    }


def test_who_lost_sight_of_it_still_held_it(node: Node) -> None:
    record = enter(node, share={"only": ["KEN", "FRA"]})
    check(node)
    enter(node, share={"only": ["FRA"]})
    found = holders(node, record)
    assert {code: one.view for code, one in found.items()} == {"KEN": None, "FRA": View.FULL}


def test_of_a_withdrawn_record_nobody_sees_anything_now(node: Node) -> None:
    record = enter(node)
    check(node)
    withdraw(record, None, officer(node, "egy-registrar"), node.desk)
    assert holders(node, record)["KEN"].view is None


def test_whoever_printed_a_sheet_took_it(node: Node) -> None:
    held = published(node)
    kenya, france = officer(node, "ken-officer"), officer(node, "fra-officer")
    read_notice(held.id, Form.NOTICE, france, Purpose.BORDER, node.desk)
    print_notice(held.id, Form.NOTICE, kenya, Purpose.BORDER, node.desk)
    found = holders(node, held.id)
    assert [found[code].taken_at is not None for code in ("FRA", "KEN")] == [False, True]


@pytest.mark.parametrize("is_list", [True, False])
def test_whoever_exported_a_public_notice_took_it(node: Node, is_list: bool) -> None:
    held = published(node, {**RED, "is_public": True})
    kenya = officer(node, "ken-registrar")
    if is_list:
        public_list(PublicPage("red"), kenya, node.desk)
    else:
        public_notice("red", held.id, kenya, node.desk)
    assert holders(node, held.id)["KEN"].taken_at is not None


def same(node: Node, **fields: object) -> tuple[str, str]:
    """Let Egypt and Kenya hold the same passport; return the two records."""
    record, other = enter(node), enter(node, "ken", source_id="K1", **fields)
    node.desk.follower.catch_up()
    meet_changes(node.desk)
    return record, other


def test_who_holds_the_same_is_told_to_both(node: Node) -> None:
    record, other = same(node)
    told = holders(node, record)["KEN"].holds, holders(node, other, "ken-registrar")["EGY"].holds
    assert told == (other, record)


def test_who_withholds_the_same_is_told_of_by_nothing(node: Node) -> None:
    record, _ = same(node, share={"except": ["EGY"]})
    assert holders(node, record) == {}


def test_who_comes_to_withhold_the_same_is_told_of_no_more(node: Node) -> None:
    record, other = same(node)
    enter(node, "ken", source_id="K1", share="owner")
    shown = holders_of(record, None, officer(node, "egy-registrar"), node.desk).to_json()
    assert other not in str(shown)


def test_who_came_not_to_see_ours_is_told_of_no_more(node: Node) -> None:
    record, other = same(node)
    enter(node, share={"except": ["KEN"]})
    shown = holders_of(record, None, officer(node, "egy-registrar"), node.desk).to_json()
    assert other not in str(shown)


@pytest.mark.parametrize("by", ["ken-registrar", "fra-registrar"])
def test_another_bureau_s_record_has_no_holders(node: Node, by: str) -> None:
    record = enter(node)
    with pytest.raises(UnknownError) as withheld:
        holders(node, record, by)
    with pytest.raises(UnknownError) as unheld:
        holders(node, "A" * len(record), by)
    assert (withheld.value.what, withheld.value.code) == (unheld.value.what, unheld.value.code)


def test_an_officer_asks_about_no_holders(node: Node) -> None:
    with pytest.raises(RefusedError):
        holders(node, enter(node), "egy-officer")


def test_a_controller_names_an_order(node: Node) -> None:
    add_account(node, "controlling", SECRETARIAT, "controller")
    with pytest.raises(MalformedError):
        holders(node, enter(node), "controlling")


def test_a_controller_with_an_order_is_told_and_the_owner_learns_of_it(node: Node) -> None:
    add_account(node, "controlling", SECRETARIAT, "controller")
    record = enter(node)
    check(node, "fra-officer")
    found = holders_of(record, "CCF 17", officer(node, "controlling"), node.desk)
    assert [one.bureau for one in found.holders] == ["FRA"]


@pytest.mark.parametrize("is_own", [True, False])
def test_each_look_leaves_one_line(node: Node, is_own: bool) -> None:
    record = enter(node)
    before = lines(node)
    if is_own:
        holders(node, record)
    else:
        with pytest.raises(UnknownError):
            holders(node, record, "ken-registrar")
    assert lines(node) == before + 1


def test_a_list_leaves_one_line(node: Node) -> None:
    before = lines(node)
    listed(node)
    assert lines(node) == before + 1


def test_records_shown_to_others_are_listed_the_last_first(node: Node) -> None:
    first, second, _never = (
        enter(node, source_id=f"D{place}", number=f"H765432{place}") for place in range(3)
    )
    france = officer(node, "fra-officer")
    for one in (first, second, first):
        read_record(one, france, Purpose.BORDER, node.desk)
    assert listed(node) == [first, second]


def test_pages_hold_each_record_once(node: Node) -> None:
    made = [enter(node, source_id=f"D{place}", number=f"H765432{place}") for place in range(5)]
    france = officer(node, "fra-officer")
    for one in (*made, *made):
        read_record(one, france, Purpose.BORDER, node.desk)
    pages, after = [], None
    for _ in range(3):
        page = held_elsewhere(2, after, officer(node, "egy-registrar"), node.desk)
        pages += [one.held.public_id for one in page.records]
        after = page.next
    assert (pages, after) == ([*reversed(made)], None)


def test_nothing_of_another_bureau_is_listed(node: Node) -> None:
    enter(node)
    check(node)
    assert listed(node, by="fra-registrar") == []


@pytest.mark.parametrize(("limit", "after"), [(0, None), (201, None), (10, "")])
def test_a_list_out_of_bounds_is_refused(node: Node, limit: int, after: str | None) -> None:
    with pytest.raises(MalformedError):
        listed(node, limit, after)
