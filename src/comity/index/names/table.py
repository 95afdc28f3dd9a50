"""Where do the arrays of a segment lie? In one row of addresses and lengths, which kernels take instead of fifty arrays.

layout, what was buried, scratch, matches -> `Table` (address and length of each, in an order that kernels go by)
                                          -> kernels -> the arrays, read by address

A kernel that takes fifty arrays spends longer on taking them than on most searches.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import (
    array8,
    array16,
    array32,
    array64,
    array_flags,
    array_real32,
    array_signed64,
    load64,
)
from comity.index.names.layout import Layout

# The arrays of `Layout`, in its order.
(
    ROW_RECORD,
    ROW_AUDIENCE,
    ROW_PUBLIC,
    ROW_SPACE,
    ROW_CORE,
    ROW_STARTS,
    ROW_WORDS,
    ROW_DATE_STARTS,
    ROW_DATES,
    DAY_DATES,
    DAY_ROWS,
    WORD_SPACE,
    WORD_SCRIPT,
    WORD_NATIVE,
    WORD_PUBLIC,
    WORD_FORM,
    WORD_SOUND,
    WORD_EXPECTED,
    RARITY_STARTS,
    RARITY_KEYS,
    RARITY_COUNTS,
    POST_STARTS,
    POST_ROWS,
    SPACE_IDS,
    SPACE_PUBLIC,
    FORM_STARTS,
    FORM_LETTERS,
    FORM_SOUND_STARTS,
    FORM_SOUNDS,
    FORM_MASKS,
    GROUP_BUCKETS,
    GROUP_KEYS,
    GROUP_STARTS,
    FORM_WORD_STARTS,
    FORM_WORDS,
    FORM_PRICES,
    KEY_STARTS,
    KEY_TAGS,
    KEY_FORMS,
    PAIR_BUCKETS,
    PAIR_KEYS,
    PAIR_STARTS,
    PAIR_SOUND_STARTS,
    PAIR_SOUNDS,
    PAIR_ROW_STARTS,
    PAIR_ROWS,
    PAIR_PLACES,
) = range(47)
# What is buried, whose dates tell no day, what is seen at a glance; scratch of a search; matches and their scratch.
(
    WORD_PUBLIC_NOW,
    RARITY_COUNTS_NOW,
    ROW_DEAD,
    LOOSE_DATES,
    LOOSE_ROWS,
    WORD_GLANCES,
    ROW_GLANCES,
    WORD_CHANCES,
    ROW_SUMS,
    ROW_TOUCHED,
    MATCH_WORDS,
    MATCH_PRICES,
    SPAN_ROWS,
    SPAN_PRICES,
    SPAN_PLACES,
    FORM_STAMP,
    FORM_LIST,
    FORM_LEAST,
    WORD_SCRATCH,
    WORD_LIST,
    LINES,
    COUNTS,
    STATE,
    KEPT_STARTS,
    KEPT_KEYS,
    KEPT_BOUNDS,
    KEPT_CODES,
    TABLE_ARRAYS,
) = range(47, 75)
# The numbers of `STATE`: how far the arrays of matches are filled, and how often records have been buried.
WORDS_FILLED, SPANS_FILLED, COUNTS_FILLED, BURIED, STATE_NUMBERS = range(5)
_BYTES = 16

Numbers = NDArray[np.uint32]


class Table:
    """The arrays of a segment by their places. It keeps them alive; `address` is what kernels take."""

    def __init__(self, layout: Layout) -> None:
        names = Layout.names()
        self._arrays: list[NDArray[np.generic]] = [getattr(layout, name) for name in names]
        self._arrays += [_NOTHING] * (TABLE_ARRAYS - len(names))
        self._words = np.zeros(2 * TABLE_ARRAYS, dtype=np.int64)
        self.address = int(self._words.ctypes.data)
        for place, array in enumerate(self._arrays):
            self.put(place, array)

    def put(self, place: int, array: NDArray[np.generic]) -> None:
        """Let an array stand at a place from now on: the caller answers for its type."""
        assert array.flags.c_contiguous, "read by address"
        self._arrays[place] = array
        self._words[2 * place], self._words[2 * place + 1] = array.ctypes.data, array.size


_NOTHING: Final = np.zeros(1, dtype=np.uint64)[:0]


@kernel(nogil=True)
def small_of(table: int, place: int) -> NDArray[np.uint8]:
    """Return the array at a place of a table, of the type that its name says."""
    return array8(np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8)))


@kernel(nogil=True)
def shorts_of(table: int, place: int) -> NDArray[np.uint16]:
    """Return the array at a place of a table, of the type that its name says."""
    return array16(np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8)))


@kernel(nogil=True)
def numbers_of(table: int, place: int) -> Numbers:
    """Return the array at a place of a table, of the type that its name says."""
    return array32(np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8)))


@kernel(nogil=True)
def hashes_of(table: int, place: int) -> NDArray[np.uint64]:
    """Return the array at a place of a table, of the type that its name says."""
    return array64(np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8)))


@kernel(nogil=True)
def integers_of(table: int, place: int) -> NDArray[np.int64]:
    """Return the array at a place of a table, of the type that its name says."""
    return array_signed64(
        np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8))
    )


@kernel(nogil=True)
def floats_of(table: int, place: int) -> NDArray[np.float32]:
    """Return the array at a place of a table, of the type that its name says."""
    return array_real32(
        np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8))
    )


@kernel(nogil=True)
def flags_of(table: int, place: int) -> NDArray[np.bool_]:
    """Return the array at a place of a table, of the type that its name says."""
    return array_flags(np.int64(load64(table + _BYTES * place)), np.int64(load64(table + _BYTES * place + 8)))
