"""Rows read field by field give the records that they give one by one, and leave the rest to that way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import MalformedError
from comity.records.columnar import ColumnReader
from comity.records.handling import Restriction, Share
from comity.records.kinds import KINDS
from comity.records.record import parse_record

SHARE = Share(Restriction.ALL)
EXACT = ("travel_document", "vehicle", "firearm", "administrative_document", "device")

odd = st.sampled_from(
    [
        None,
        [],
        {},
        True,
        1,
        0,
        1.5,
        "",
        " ",
        "A\x00B",
        "A  b",
        "é",
        "x" * 250,
        "2024-13",
        "ÀÉ 12",
        ["A1"],
        "\ud800",
    ]
)
texts = st.sampled_from(
    ["A1", "b 2", "O0I1", "ΑΕ 765432", "2024", "2024-05-01", "P", "stolen", "EGY", "eg", "١٢٣"]
)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, object]:
    """A row of an exact kind: an example, some of its values changed, missing, odd, or of a wrong name."""
    kind = KINDS[draw(st.sampled_from(EXACT))]
    row: dict[str, object] = {"kind": kind.code, "source_id": draw(texts | st.integers(1, 9) | odd)}
    row |= draw(st.sampled_from(kind.examples))
    for name in draw(st.lists(st.sampled_from([field.name for field in kind.fields]), max_size=2)):
        row[name] = draw(texts | odd)
    if draw(st.integers(0, 5)) == 0:
        row |= draw(
            st.sampled_from(
                [
                    {"share": "owner"},
                    {"share": {"only": ["FRA"]}},
                    {"share": "nobody"},
                    {"notice": "red"},
                    {"notice": "pink"},
                    {"purposes": ["border"]},
                    {"review_on": "2030-01-01"},
                    {"retain_until": "never"},
                    {"colour of eyes": "green"},
                    {"kind": "spaceship"},
                    {"kind": ["vehicle"]},
                ]
            )
        )
    return row


def one_by_one(row: dict[str, object]) -> object:
    try:
        return parse_record(row, SHARE)
    except MalformedError:
        return None


@settings(max_examples=400)
@given(st.lists(rows(), max_size=12))
def test_a_record_read_by_columns_is_the_one_read_by_itself(some: list[dict[str, object]]) -> None:
    read, left = ColumnReader(SHARE).read(some)
    made = {place: columns.record(number) for columns in read for number, place in enumerate(columns.places)}
    assert sorted([*made, *left]) == list(range(len(some)))
    assert made == {place: one_by_one(some[place]) for place in made}


@settings(max_examples=200)
@given(st.lists(rows(), max_size=12))
def test_bodies_made_by_columns_are_the_canonical_ones(some: list[dict[str, object]]) -> None:
    read, _left = ColumnReader(SHARE).read(some)
    for columns in read:
        assert columns.bodies() == [columns.record(place).to_bytes() for place in range(len(columns))]


@pytest.mark.parametrize("kind", EXACT)
def test_sound_rows_are_not_left_to_the_slow_way(kind: str) -> None:
    simple = [
        {"kind": kind, "source_id": str(place), **one} for place, one in enumerate(KINDS[kind].examples)
    ]
    simple = [row for row in simple if not any(isinstance(value, list) for value in row.values())]
    assert ColumnReader(SHARE).read(simple)[1] == []


def test_the_rows_of_persons_are_left_to_the_slow_way() -> None:
    person = {"kind": "person", "source_id": "P1", **KINDS["person"].examples[0]}
    assert ColumnReader(SHARE).read([person]) == ([], [0])
