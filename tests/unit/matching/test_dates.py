"""How two dates of birth meet: the rule that is named."""

import pytest

from comity.matching.dates import compare_dates


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
