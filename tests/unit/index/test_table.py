"""A kernel finds each array of a segment by its place, as it is held."""

import numpy as np
import pytest

from comity.index.names import NameEntry, NameSegment
from comity.index.names import table as places
from comity.index.names.layout import Layout
from comity.index.names.table import (
    Table,
    flags_of,
    floats_of,
    hashes_of,
    integers_of,
    numbers_of,
    shorts_of,
    small_of,
)

READERS = {
    np.uint8: small_of,
    np.uint16: shorts_of,
    np.uint32: numbers_of,
    np.uint64: hashes_of,
    np.int64: integers_of,
    np.float32: floats_of,
    np.bool_: flags_of,
}
NAMES = [
    NameEntry(record, 0, 0, name, counts=True) for record, name in enumerate(("Odessa Marlowe", "王小明"))
]


def test_the_arrays_of_a_layout_stand_in_its_order() -> None:
    assert [getattr(places, name.upper()) for name in Layout.names()] == list(range(len(Layout.names())))


def test_a_kernel_reads_the_arrays_of_a_segment_as_they_are() -> None:
    layout = NameSegment.of(NAMES).layout
    table = Table(layout)
    for place, (name, kind) in enumerate(Layout.kinds().items()):
        held, reader = getattr(layout, name), READERS.get(kind)
        assert reader is not None, name
        read = reader(table.address, place)
        assert read.dtype == kind
        assert read.tolist() == held.tolist()


@pytest.mark.parametrize("kind", READERS)
def test_what_is_put_in_place_of_an_array_is_what_a_kernel_reads(kind: type[np.generic]) -> None:
    table = Table(NameSegment.of(NAMES).layout)
    table.put(places.STATE, np.array([0, 1, 1], dtype=kind))
    assert READERS[kind](table.address, places.STATE).tolist() == [0, 1, 1]


def test_an_array_that_lies_in_pieces_is_refused() -> None:
    table = Table(NameSegment.of(NAMES).layout)
    with pytest.raises(AssertionError):
        table.put(places.STATE, np.zeros(8, dtype=np.int64)[::2])
