"""The counts of what was done: each act once, whenever it is counted, and the same when counted anew."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.copies import copy_node
from tests.journeys.seeded_year import seed_year

from comity.access.acts import Act
from comity.app import Node, open_node
from comity.audit.entries import Entry
from comity.procedures.check import run_checks
from comity.procedures.partner import FIELDS, partner_check
from comity.procedures.picture import PictureRequest, count_the_log, picture
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.handling import Purpose
from comity.registry import tallies

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CHECKS = (Act.CHECK.value, Act.PARTNER_CHECK.value)
QUERIES = (
    {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A1234567"},
    {"kind": "travel_document", "number": "B7654321"},
    {"kind": "vehicle", "plate": "QX417ZT", "country": "FRA"},
    {"kind": "person", "name": ""},
)
PASSPORT = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A1234567", "status": "stolen"}


PEOPLE = (
    *(
        (f"{code.lower()}-{role}", code, role)
        for code in ("EGY", "FRA", "KEN")
        for role in ("registrar", "officer", "official")
    ),
    ("fra-airline", "FRA", "partner"),
)


@pytest.fixture
def node(tmp_path: Path, registry_place: str) -> Iterator[Node]:
    copy_node(tmp_path / "node", PEOPLE, registry_place)
    with open_node(tmp_path / "node") as opened:
        yield replace(opened, desk=replace(opened.desk, clock=lambda: NOW))


def check(node: Node, who: str, times: int, query: object = QUERIES[0]) -> None:
    run_checks([query] * times, officer_named(who, node.desk), Purpose.BORDER, node.desk)


def enter(node: Node, owner: str = "EGY", **handling: object) -> None:
    record = {**PASSPORT, "source_id": "D1", **handling}
    submit(record, officer_named(f"{owner.lower()}-registrar", node.desk), node.desk)


def seen(node: Node, who: str, chart: str, **asked: str) -> dict[str, int]:
    found = picture(PictureRequest(**asked), None, officer_named(who, node.desk), node.desk)
    return {one.code: one.count for one in found.charts[chart]}


def rows(node: Node) -> list[tuple[object, ...]]:
    with node.desk.registry.read() as connection:
        return [tuple(row) for table in tallies.TABLES for row in connection.execute(select(table))]


def test_searches_are_counted_by_country(node: Node) -> None:
    check(node, "fra-officer", 7)
    check(node, "ken-officer", 5)
    assert seen(node, "fra-official", "countries") == {"FRA": 7, "KEN": 5}


@pytest.mark.parametrize(("measure", "count"), [("searches", 7), ("hits", 6)])
def test_checks_of_private_partners_are_counted_with_their_bureau_s(
    node: Node, measure: str, count: int
) -> None:
    enter(node, share="all")
    stated = {name: QUERIES[0][name] for name in FIELDS}
    for number in ["A1234567"] * 6 + ["A1234568"]:
        partner_check({**stated, "number": number}, officer_named("fra-airline", node.desk), None, node.desk)
    assert seen(node, "ken-official", "countries", measure=measure) == {"FRA": count}


@pytest.mark.parametrize(
    ("chart", "counted"),
    [
        ("regions", {"europe": 6}),
        ("kinds", {"travel_document": 6}),
        ("areas", {"identity": 6}),
        ("purposes", {"border": 6}),
    ],
)
def test_searches_are_counted_by_region_database_area_and_purpose(
    node: Node, chart: str, counted: dict[str, int]
) -> None:
    check(node, "fra-officer", 6)
    assert seen(node, "fra-official", chart) == counted


def test_a_malformed_check_is_no_search(node: Node) -> None:
    check(node, "fra-officer", 6, QUERIES[3])
    assert seen(node, "fra-official", "countries") == {}


def test_what_is_counted_twice_is_in_once(node: Node) -> None:
    check(node, "fra-officer", 6)
    count_the_log(node.desk)
    count_the_log(node.desk)
    assert seen(node, "fra-official", "countries") == {"FRA": 6}


def test_looking_at_the_figures_is_nothing_to_be_counted(node: Node) -> None:
    check(node, "fra-officer", 1)
    count_the_log(node.desk)
    seen(node, "fra-official", "countries")
    looked = count_the_log(node.desk)
    check(node, "fra-officer", 5)
    assert (looked, seen(node, "fra-official", "countries")) == (0, {"FRA": 6})


def test_that_nothing_was_to_be_counted_is_noted_at_last(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    check(node, "fra-officer", 1)
    count_the_log(node.desk)
    monkeypatch.setattr(tallies, "IDLE_MAX", 2)
    for _ in range(4):
        seen(node, "fra-official", "countries")
    with node.desk.registry.read() as connection:
        assert tallies.lag(connection) == 0
        monkeypatch.setattr(tallies, "IDLE_MAX", 0)
        assert tallies.lag(connection) == 1


def test_searches_counted_together_are_counted_as_one_by_one(node: Node) -> None:
    chosen = random.Random(1)
    asked = [
        Entry(
            at=NOW - timedelta(hours=chosen.choice([0, 1, 9, 10, 300, 700])), account="x", door="http", nonce=bytes(16),
            act=chosen.choice([*CHECKS, Act.NODE_OPERATE.value]), bureau=chosen.choice(["EGY", "FRA"]),
            outcome=chosen.choice(["no_hit", "hit", "go", "wait", "invalid", "refused"]),
            purpose=chosen.choice(["border", "road", None]), kind=chosen.choice(["vehicle", "person", None]),
        )
        for _ in range(200)
    ]  # fmt: skip
    with node.desk.registry.quietly() as connection:
        node.desk.registry.append_all(connection, asked)
    count_the_log(node.desk)
    plain = Counter[tuple[object, ...]]()
    for one in asked:
        if one.act in CHECKS and one.outcome in {"no_hit", "hit", "go", "wait"}:
            month = one.at.year * 100 + one.at.month
            plain[month, "searches", one.bureau, one.kind or "", tallies.NO_AUDIENCE] += 1
            plain[month, "searches", one.bureau, one.purpose or "", tallies.NO_AUDIENCE] += 1
            plain[month * 100 + one.at.day, "searches", one.bureau, tallies.NO_AUDIENCE] += 1
    counted = Counter[tuple[object, ...]]()
    for *key, count in rows(node):
        assert isinstance(count, int)
        counted[tuple(key)] += count
    assert counted == plain


def test_few_searches_of_another_bureau_are_left_out(node: Node) -> None:
    check(node, "ken-officer", 4)
    assert seen(node, "fra-official", "countries") == {}


def test_few_searches_of_another_bureau_are_in_no_sum(node: Node) -> None:
    check(node, "ken-officer", 4)
    assert seen(node, "fra-official", "regions") == {}


def test_few_searches_of_one_s_own_are_told(node: Node) -> None:
    check(node, "fra-officer", 2)
    assert seen(node, "fra-official", "countries") == {"FRA": 2}


def test_records_met_are_counted_for_those_who_may_see_them(node: Node) -> None:
    enter(node, share="all")
    check(node, "ken-officer", 5)
    assert seen(node, "fra-official", "countries", measure="hits") == {"KEN": 5}


@pytest.mark.parametrize(
    "handling",
    [{"share": {"only": ["KEN"]}}, {"share": {"except": ["FRA"]}}, {"share": "all", "purposes": ["border"]}],
)
def test_records_met_that_are_withheld_are_counted_for_nobody_else(
    node: Node, handling: dict[str, object]
) -> None:
    enter(node, **handling)
    check(node, "ken-officer", 9)
    assert seen(node, "fra-official", "countries", measure="hits") == {}


def test_their_owner_counts_them(node: Node) -> None:
    enter(node, share={"only": ["KEN"]})
    check(node, "ken-officer", 9)
    assert seen(node, "egy-official", "countries", measure="hits") == {"KEN": 9}


def test_a_record_widened_later_does_not_tell_of_earlier_meetings(node: Node) -> None:
    enter(node, share={"only": ["KEN"]})
    check(node, "ken-officer", 9)
    later = replace(node, desk=replace(node.desk, clock=lambda: datetime(2026, 11, 21, tzinfo=UTC)))
    enter(later, share="all")
    assert seen(later, "fra-official", "countries", measure="hits") == {}


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
@given(
    acts=st.lists(
        st.tuples(
            st.sampled_from(["fra-officer", "ken-officer"]),
            st.sampled_from(QUERIES),
            st.sampled_from(["check", "enter", "count"]),
        ),
        max_size=10,
    )
)
def test_counting_anew_gives_the_same(node: Node, acts: list[tuple[str, dict[str, object], str]]) -> None:
    for place, (who, query, step) in enumerate(acts):
        if step == "enter":
            enter(node, share="all" if place % 2 else {"only": ["KEN"]}, source_id=f"D{place}")
        elif step == "count":
            count_the_log(node.desk)
        else:
            check(node, who, place + 1, query)
    count_the_log(node.desk)
    counted = sorted(map(repr, rows(node)))
    with node.desk.registry.write() as connection:
        tallies.forget(connection)
    count_the_log(node.desk)
    assert sorted(map(repr, rows(node))) == counted


def test_the_year_says_what_share_of_the_world_s_searches_europe_made(node: Node) -> None:
    with node.desk.registry.write() as connection:
        seed_year(connection, node.desk.registry.bureaus())
    found = picture(PictureRequest(), None, officer_named("fra-official", node.desk), node.desk)
    first = found.charts["regions"][0]
    assert (first.code, round(first.share, 2), found.total // 10**8) == ("europe", 0.49, 86)
