"""Which rows meet the words asked for? What each part means weighs on the rows that bear it.

    words of the index with prices -> postings -> weights added up a row -> the best few hundred

Who may see a row and whether it is dead is asked before anything is added or counted.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

SUM_BITS = 24
SUM_UNIT = 4096.0
SUM_MASK = np.uint32((1 << SUM_BITS) - 1)
MARK_MASK = np.uint32(0xFF000000)


Floats = NDArray[np.float32]
Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]


@njit(cache=True, nogil=True)
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


@njit(cache=True, nogil=True)
def _worse(scores: Floats, rows: Numbers, one: int, other: int) -> bool:
    return scores[one] < scores[other] or (scores[one] == scores[other] and rows[one] > rows[other])


@njit(cache=True, nogil=True)
def _sift_up(scores: Floats, rows: Numbers, place: int) -> None:
    while place:
        parent = (place - 1) // 2
        if not _worse(scores, rows, place, parent):
            return
        scores[place], scores[parent] = scores[parent], scores[place]
        rows[place], rows[parent] = rows[parent], rows[place]
        place = parent


@njit(cache=True, nogil=True)
def gather(  # noqa: PLR0913  # a kernel: packed arrays
    bounds: NDArray[np.int64],
    match_words: Numbers,
    match_prices: Small,
    span_rows: Numbers,
    span_prices: Small,
    weights: Floats,
    post_starts: Numbers,
    post_rows: Numbers,
    row_audience: Numbers,
    row_core: Small,
    row_dead: NDArray[np.bool_],
    admitted: NDArray[np.bool_],
    sums: Numbers,
    touched: Numbers,
    extra: float,
    limit: int,
) -> tuple[Numbers, Floats]:
    """Return the rows with the greatest sum of weights, at most `limit`, in no order.

    `bounds` says for each part where its words and its pairs of words begin and end. `weights` has a line a part of the query and a column a price; where it is not above 0, the match is passed
    over. `sums` is a scratch array of zeros, left so; `touched` is scratch. A sum holds the number of the part
    that added to it last in its upper 8 bits and the weight in the rest, so that a posting costs one memory access.
    """
    touched_count = 0
    for part in range(bounds.shape[0]):
        mark = np.uint32(part + 1) << np.uint32(SUM_BITS)
        for place in range(bounds[part, 2], bounds[part, 3]):
            weight = np.uint32(max(0.0, weights[part, span_prices[place]]) * SUM_UNIT)
            if weight:
                row = span_rows[place]
                touched_count = _add(row, weight, mark, sums, touched, touched_count)
        for place in range(bounds[part, 0], bounds[part, 1]):
            weight = np.uint32(max(0.0, weights[part, match_prices[place]]) * SUM_UNIT)
            if weight == 0:
                continue
            word = match_words[place]
            for post in range(post_starts[word], post_starts[word + 1]):
                row = post_rows[post]
                touched_count = _add(row, weight, mark, sums, touched, touched_count)
    return _greatest(sums, touched, touched_count, row_audience, row_core, row_dead, admitted, extra, limit)


@njit(cache=True, nogil=True, inline="always")
def _add(
    row: int, weight: np.uint32, mark: np.uint32, sums: Numbers, touched: Numbers, touched_count: int
) -> int:
    """Add a weight to a row, once a part; return how many rows have been touched."""
    known = sums[row]
    if known == 0:
        sums[row] = mark + weight
        touched[touched_count] = row
        return touched_count + 1
    if known & MARK_MASK != mark:
        sums[row] = mark + (known & SUM_MASK) + weight
    return touched_count


@njit(cache=True, nogil=True)
def _greatest(  # noqa: PLR0913  # a kernel: packed arrays
    sums: Numbers,
    touched: Numbers,
    touched_count: int,
    row_audience: Numbers,
    row_core: Small,
    row_dead: NDArray[np.bool_],
    admitted: NDArray[np.bool_],
    extra: float,
    limit: int,
) -> tuple[Numbers, Floats]:
    """Return the rows touched with the greatest sums that the asker may see, and wipe the sums."""
    best = np.empty(limit, dtype=np.float32)
    rows = np.empty(limit, dtype=np.uint32)
    count = 0
    for place in range(touched_count):
        row = touched[place]
        score = np.float32(sums[row] & SUM_MASK) / np.float32(SUM_UNIT)
        sums[row] = 0
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
