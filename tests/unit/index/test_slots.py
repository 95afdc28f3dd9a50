"""A small table tells the slot of each of a few numbers, and of every other that it has none."""

import numpy as np
import pytest

from comity.index.names.slots import SLOT_NONE, new_slots, slot_of, slot_or_add

NUMBERS = [0, 1, 7, 2**31, 2**32 - 2, *range(100, 1000, 3)]


def test_each_number_gets_the_next_slot_once() -> None:
    table, slots = new_slots(len(NUMBERS))
    first = [slot_or_add(np.uint32(number), place, table, slots) for place, number in enumerate(NUMBERS)]
    again = [slot_or_add(np.uint32(number), len(NUMBERS), table, slots) for number in NUMBERS]
    assert first == again == list(range(len(NUMBERS)))


@pytest.mark.parametrize("stranger", [2, 101, 2**32 - 3])
def test_another_number_has_no_slot(stranger: int) -> None:
    table, slots = new_slots(len(NUMBERS))
    for place, number in enumerate(NUMBERS):
        slot_or_add(np.uint32(number), place, table, slots)
    assert slot_of(np.uint32(stranger), table, slots) == SLOT_NONE


def test_numbers_are_found_where_the_table_is_full_to_its_room() -> None:
    table, slots = new_slots(1)
    for place in range(len(table) - 1):
        slot_or_add(np.uint32(place * len(table)), place, table, slots)
    assert [slot_of(np.uint32(place * len(table)), table, slots) for place in range(len(table) - 1)] == list(
        range(len(table) - 1)
    )
