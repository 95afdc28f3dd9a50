"""How two dates of birth meet: the rule that is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.index.names.dates import weight_beside
from comity.matching.dates import DATE_WEIGHTS, compare_dates, share_beside
from comity.matching.foresight import FORETOLD_DATES, MARGIN


@pytest.mark.parametrize(
    ("query", "record", "rule"),
    [
        ("1970-02-03", "1970-02-03", "same-day"),
        ("1970-02", "1970-02-03", "same-month"),
        ("1970", "1970-02-03", "same-year"),
        ("1970-02-03", "1970-03-02", "day-month-swapped"),
        ("1970-02-03", "1970-02-08", "one-digit"),
        ("1970-02-13", "1970-01-01", "same-year"),
        ("1970-02-13", "1970-11-29", "same-year-other-day"),
        ("1969-02-13", "1970-02-13", "year-off-by-one"),
        ("1970", "1971", "year-off-by-one"),
        ("1970-02-13", "1985-11-29", "other-date"),
    ],
)
def test_the_rule_is_named(query: str, record: str, rule: str) -> None:
    assert compare_dates(query, record).rule == rule


@pytest.mark.parametrize(("query", "record"), [("1970-02-03", "1970-03-02"), ("1970", "1970-05-05")])
def test_dates_meet_alike_both_ways(query: str, record: str) -> None:
    assert compare_dates(query, record) == compare_dates(record, query)


def test_a_date_counts_in_full_beside_a_name_that_tells() -> None:
    assert share_beside(DATE_WEIGHTS.name_needed) == share_beside(12.0) == 1.0


def test_a_date_says_less_beside_a_name_that_is_a_little_alike() -> None:
    assert share_beside(-1.0) < share_beside(1.5) < 1.0


def test_a_name_and_a_date_together_never_say_less_for_a_better_name() -> None:
    sums = [worth / 4 + share_beside(worth / 4) * DATE_WEIGHTS.same_day for worth in range(-40, 40)]
    assert sums == sorted(sums)


@given(st.floats(-12, 12), st.floats(-5, 10))
def test_the_index_weighs_a_date_beside_a_name_as_the_comparison_does(worth: float, weight: float) -> None:
    share = share_beside(worth) if weight > 0 else 1.0
    assert weight_beside(weight, worth, DATE_WEIGHTS.numbers()) == pytest.approx(share * weight)


@given(st.floats(-12, 12), st.floats(0, MARGIN))
def test_the_index_foretells_no_less_for_a_date_than_it_comes_to(foretold: float, better: float) -> None:
    told = foretold + weight_beside(DATE_WEIGHTS.same_day, foretold, FORETOLD_DATES.numbers())
    turned_out = foretold + better
    assert told + MARGIN >= turned_out + share_beside(turned_out) * DATE_WEIGHTS.same_day - 1e-9
