"""The day of birth as a way to records: who was born on the day asked for is a candidate under any name."""

from itertools import product

import numpy as np
import pytest

from comity.index.names import Foresight, NameEntry, NameSegment, Search, packed_date, search_all
from comity.index.names.asked import DAY_ROWS_MAX
from comity.matching.foresight import FORETOLD_DATES, WEIGHING

SHARED, WITHHELD = 0, 1
PERSONS, VESSELS = 0, 1
LIMIT = 50
GIVEN = ("Odessa", "Odesa", "Odessah")
DAY = "1970-02-03"
NAMESAKES = [NameEntry(place, SHARED, PERSONS, "Odessa Marlowe", counts=True) for place in range(1, 301)]


def born(record: int, name: str, day: str = DAY, audience: int = SHARED, space: int = PERSONS) -> NameEntry:
    return NameEntry(record, audience, space, name, counts=True, dates=(packed_date(day, 0),))


def found(
    layers: list[NameSegment],
    name: str = "Odessa Marlowe",
    day: str = DAY,
    seen: tuple[bool, bool] = (True, False),
) -> list[int]:
    foresight = Foresight(WEIGHING, FORETOLD_DATES, packed_date(day, 0))
    search = Search(PERSONS, np.array(seen, dtype=np.bool_), LIMIT, foresight)
    return [one.record for one in search_all(layers, name, search)]


def test_many_namesakes_do_not_push_out_who_was_born_on_the_day() -> None:
    assert found([NameSegment.of([*NAMESAKES, born(900, "Odessa Marlow")])])[0] == 900


def test_who_was_born_on_the_day_is_a_candidate_under_another_name() -> None:
    assert 900 in found([NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin")])])


def test_without_the_date_another_name_is_no_candidate() -> None:
    assert 900 not in found([NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin")])], day="")


def test_another_day_is_no_way_in() -> None:
    assert 900 not in found([NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin", "1970-02-04")])])


@pytest.mark.parametrize("day", ["1970-01-01", "1970-02", "1970"])
def test_what_is_written_where_the_day_is_not_known_is_no_way_in(day: str) -> None:
    assert 900 not in found([NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin", day)])], day=day)


def test_a_withheld_record_is_not_found_by_its_day() -> None:
    segment = NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin", audience=WITHHELD)])
    assert 900 not in found([segment])


def test_withheld_records_of_the_day_leave_room_for_the_others() -> None:
    hidden = [born(1000 + place, "Odessa Marlowe", audience=WITHHELD) for place in range(2 * DAY_ROWS_MAX)]
    assert 2000 in found([NameSegment.of([*hidden, born(2000, "Tavi Quentin")])])


def test_a_record_that_was_withdrawn_is_not_found_by_its_day() -> None:
    segment = NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin")])
    segment.bury([900])
    assert 900 not in found([segment])


def test_a_vessel_built_on_the_day_is_no_person() -> None:
    assert 900 not in found([NameSegment.of([*NAMESAKES[:3], born(900, "Tavi Quentin", space=VESSELS)])])


def test_of_very_many_born_on_the_day_the_nearest_names_are_looked_at() -> None:
    others = [born(1000 + place, f"Tavi Quentin{'abcdefgh'[place % 8]}") for place in range(3 * DAY_ROWS_MAX)]
    assert found([NameSegment.of([*NAMESAKES, *others, born(9000, "Odessa Marlow")])])[0] == 9000


def test_the_day_gives_the_same_candidates_however_the_names_lie_in_layers() -> None:
    names = [f"{given} Marlowe" for given in GIVEN] + ["Tavi Quentin", "Odessa Quentin"]
    entries = [
        born(100 + place, name, day)
        for place, (name, day) in enumerate(product(names * 30, (DAY, "1971-02-03")))
    ]
    whole = found([NameSegment.of(entries)])
    assert (
        found(
            [
                NameSegment.of(some)
                for some in [entries[start : start + 37] for start in range(0, len(entries), 37)]
            ]
        )
        == whole
    )
