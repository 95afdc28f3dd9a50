"""Every row of which a date may speak for a day asked for is in the set of those that are followed for its sake."""

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.index.names import NameEntry, NameSegment, packed_date
from comity.index.names.dates import best_date_weight
from comity.index.names.days import Bits, has_row, in_favour, other_dates
from comity.index.names.layout import Layout
from comity.matching.dates import DATE_WEIGHTS

year = st.sampled_from([1, 999, 1960, 1969, 1970, 1971, 1979, 2000, 2001, 2070, 9999]) | st.integers(1, 9999)
month, day = st.integers(1, 12), st.sampled_from([1, 2, 3, 10, 11, 12, 13, 20, 21, 30, 31])
whole = st.builds("{:04}-{:02}-{:02}".format, year, month, day)
some = st.one_of(whole, st.builds("{:04}-{:02}".format, year, month), year.map("{:04}".format))


def near(asked: str) -> st.SearchStrategy[str]:
    """Return dates that differ from one in a digit, in the order of day and month, or in what they leave out."""
    swapped = f"{asked[:4]}-{asked[8:]}-{asked[5:7]}"
    digit = st.builds(
        lambda place, put: asked[:place] + put + asked[place + 1 :],
        st.sampled_from([0, 1, 2, 3, 5, 6, 8, 9]),
        st.sampled_from("0123456789"),
    )
    mistaken = [asked, asked[:4], asked[:7], f"{asked[:4]}-01-01", swapped]
    beside = [f"{int(asked[:4]) + step:04}{asked[4:]}" for step in (-1, 1)]
    return st.sampled_from([*mistaken, *beside]) | digit


def favoured(layout: Layout, date: int) -> Bits:
    return in_favour(date, layout.day_dates, layout.day_rows, *other_dates(layout))


def is_date(text: str) -> bool:
    parts = [int(part) for part in text.split("-")]
    return 0 < parts[0] < 10_000 and all(
        0 < part <= most for part, most in zip(parts[1:], (12, 31), strict=False)
    )


@settings(max_examples=200, deadline=None)
@given(
    whole.flatmap(lambda asked: st.tuples(st.just(asked), st.lists(near(asked) | some, max_size=8))),
    st.integers(0, 1),
)
def test_whoever_has_a_date_that_speaks_for_him_is_in_the_set(
    asked: tuple[str, list[str]], meaning: int
) -> None:
    born, dates = asked
    packed = [packed_date(one, 0) for one in dates if is_date(one)]
    # Two of the dates to a record, so that rows and dates are counted apart.
    entries = [
        NameEntry(
            place, 0, 0, f"Odessa {'ab'[place % 2] * 3}", counts=True, dates=tuple(packed[place : place + 2])
        )
        for place in range(len(packed))
    ]
    layout = NameSegment.of(entries).layout
    date = packed_date(born, meaning)
    found = favoured(layout, date)
    for row in range(layout.row_record.size):
        begin, end = int(layout.row_date_starts[row]), int(layout.row_date_starts[row + 1])
        if best_date_weight(date, layout.row_dates, begin, end, DATE_WEIGHTS.numbers()) > 0.0:
            assert has_row(row, found)


def test_hardly_anybody_else_is() -> None:
    dates = [f"{1950 + place % 50}-{place % 12 + 1:02}-{place % 27 + 2:02}" for place in range(2_000)]
    entries = [
        NameEntry(place, 0, 0, "Odessa Marlowe", counts=True, dates=(packed_date(one, 0),))
        for place, one in enumerate(dates)
    ]
    found = favoured(NameSegment.of(entries).layout, packed_date("1970-05-16", 0))
    assert sum(has_row(row, found) for row in range(len(dates))) < len(dates) / 10
