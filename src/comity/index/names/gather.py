"""Which rows meet the words asked for? What each part means weighs on the rows that bear it.

    words of the index with prices -> postings -> weights added up a row -> the best few hundred

Who may see a row and whether it is dead is asked before anything is added or counted.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel

SUM_BITS = 24
SUM_UNIT = 4096.0
SUM_MASK = np.uint32((1 << SUM_BITS) - 1)
SPREAD = np.uint32(0x9E3779B1)
MARK_MASK = np.uint32(0xFF000000)


Floats = NDArray[np.float32]
Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]


@kernel(nogil=True)
def _sift_down(scores: Floats, rows: Numbers, count: int) -> None:
    """Restore the heap whose root was replaced: the root is the worst, by score and then by later row."""
    place = 0
    while True:
        child = 2 * place + 1
        if child >= count:
            return
        if child + 1 < count and _worse(scores, rows, child + 1, child):
            child += 1
        if not _worse(scores, rows, child, place):
            return
        scores[place], scores[child] = scores[child], scores[place]
        rows[place], rows[child] = rows[child], rows[place]
        place = child


@kernel(nogil=True)
def _worse(scores: Floats, rows: Numbers, one: int, other: int) -> bool:
    return scores[one] < scores[other] or (scores[one] == scores[other] and rows[one] > rows[other])


@kernel(nogil=True)
def _sift_up(scores: Floats, rows: Numbers, place: int) -> None:
    while place:
        parent = (place - 1) // 2
        if not _worse(scores, rows, place, parent):
            return
        scores[place], scores[parent] = scores[parent], scores[place]
        rows[place], rows[parent] = rows[parent], rows[place]
        place = parent


@kernel(nogil=True)
def gather(  # noqa: PLR0913  # a kernel: packed arrays
    bounds: NDArray[np.int64], match_words: Numbers, match_prices: Small, span_rows: Numbers, span_prices: Small,
    weights: Floats, post_starts: Numbers, post_rows: Numbers, row_audience: Numbers, row_core: Small,
    row_dead: NDArray[np.bool_], admitted: NDArray[np.bool_], table_rows: Numbers, table_sums: Numbers,
    touched: Numbers, extra: float, limit: int,
) -> tuple[Numbers, Floats]:  # fmt: skip
    """Return the rows with the greatest sum of weights, at most `limit`, in no order.

    `bounds` says for each part where its words and its pairs of words begin and end. `weights` has a line a part of
    the query and a column a price; where it is not above 0, the match is passed over. `table_sums` is a scratch
    array of zeros, left so, at least twice as long as there are rows, a power of two; `table_rows` and `touched` are
    scratch. Only as much of the table is used as the rows led to need: it stays in the processor's cache. A sum
    holds the number of the part that added to it last in its upper 8 bits and the weight in the rest.
    """
    mask = _table_mask(bounds, match_words, match_prices, span_prices, weights, post_starts, table_sums.size)
    count = 0
    for part in range(bounds.shape[0]):
        mark = np.uint32(part + 1) << np.uint32(SUM_BITS)
        for place in range(bounds[part, 2], bounds[part, 3]):
            weight = np.uint32(max(0.0, weights[part, span_prices[place]]) * SUM_UNIT)
            if weight:
                count = _add(span_rows[place], weight, mark, mask, table_rows, table_sums, touched, count)
        for place in range(bounds[part, 0], bounds[part, 1]):
            weight = np.uint32(max(0.0, weights[part, match_prices[place]]) * SUM_UNIT)
            if weight == 0:
                continue
            word = match_words[place]
            for post in range(post_starts[word], post_starts[word + 1]):
                count = _add(post_rows[post], weight, mark, mask, table_rows, table_sums, touched, count)
    return _greatest(
        table_rows, table_sums, touched, count, row_audience, row_core, row_dead, admitted, extra, limit
    )


@kernel(nogil=True)
def _table_mask(
    bounds: NDArray[np.int64], match_words: Numbers, match_prices: Small, span_prices: Small, weights: Floats,
    post_starts: Numbers, size_max: int,
) -> np.uint32:  # fmt: skip
    """Return the mask of a table twice as large as all rows that will be led to."""
    rows = 0
    for part in range(bounds.shape[0]):
        rows += bounds[part, 3] - bounds[part, 2]
        for place in range(bounds[part, 0], bounds[part, 1]):
            if weights[part, match_prices[place]] > 0.0:
                word = match_words[place]
                rows += np.int64(post_starts[word + 1]) - np.int64(post_starts[word])
    size = 64
    while size < 2 * rows and size < size_max:
        size *= 2
    return np.uint32(size - 1)


@kernel(nogil=True, inline="always")
def _add(
    row: int, weight: np.uint32, mark: np.uint32, mask: np.uint32, table_rows: Numbers, table_sums: Numbers,
    touched: Numbers, count: int,
) -> int:  # fmt: skip
    """Add a weight to a row, once a part; return how many rows have been touched."""
    slot = (np.uint32(row) * SPREAD >> np.uint32(7)) & mask
    while True:
        known = table_sums[slot]
        if known == 0:
            table_rows[slot] = row
            table_sums[slot] = mark + weight
            touched[count] = slot
            return count + 1
        if table_rows[slot] == row:
            if known & MARK_MASK != mark:
                table_sums[slot] = mark + (known & SUM_MASK) + weight
            return count
        slot = (slot + np.uint32(1)) & mask


@kernel(nogil=True)
def _greatest(  # noqa: PLR0913  # a kernel: packed arrays
    table_rows: Numbers, table_sums: Numbers, touched: Numbers, touched_count: int, row_audience: Numbers,
    row_core: Small, row_dead: NDArray[np.bool_], admitted: NDArray[np.bool_], extra: float, limit: int,
) -> tuple[Numbers, Floats]:  # fmt: skip
    """Return the rows touched with the greatest sums that the asker may see, and wipe the sums."""
    best = np.empty(limit, dtype=np.float32)
    rows = np.empty(limit, dtype=np.uint32)
    count = 0
    for place in range(touched_count):
        slot = touched[place]
        row = table_rows[slot]
        score = np.float32(table_sums[slot] & SUM_MASK) / np.float32(SUM_UNIT)
        table_sums[slot] = 0
        if count == limit and score < best[0]:
            continue
        score -= np.float32(extra) * row_core[row]
        if count == limit and (score < best[0] or (score == best[0] and row > rows[0])):
            continue
        audience = row_audience[row]
        if audience >= admitted.size or not admitted[audience] or row_dead[row]:
            continue
        if count < limit:
            best[count], rows[count] = score, row
            _sift_up(best, rows, count)
            count += 1
        else:
            best[0], rows[0] = score, row
            _sift_down(best, rows, count)
    return rows[:count].copy(), best[:count].copy()
