"""Which rows meet the words asked for? What each part means weighs on the rows that bear it.

    words of the index with prices -> postings -> weights added up a row -> the best few hundred
                                               -> and the best few of those born on the day asked for

Who may see a row and whether it is dead is asked before anything is added or counted.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import prefetch
from comity.index.names.days import has_row
from comity.index.names.glance import ALWAYS, PART, PRICE, STOP, worth_a_look
from comity.index.names.spans import PRICES_COUNT

SUM_BITS = 24
SUM_UNIT = 4096.0
SUM_MASK = np.uint64((1 << SUM_BITS) - 1)
SPREAD = np.uint32(0x9E3779B1)
MARK_MASK = np.uint64(0xFF000000)
# Lists of rows are asked of the memory so many before they are followed; the columns of one, after those of `glance`.
AHEAD = 8
WEIGHT, START, IS_LED, LIST_COLUMNS = range(4, 8)

Floats = NDArray[np.float32]
Numbers = NDArray[np.uint32]
Small = NDArray[np.uint8]
Integers = NDArray[np.int64]
Reals = NDArray[np.float64]
Sums = NDArray[np.uint64]


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
    weights: Floats, always: Floats, favoured: Sums, post_starts: Numbers, post_rows: Numbers,
    row_audience: Numbers, row_core: Small,
    row_dead: NDArray[np.bool_], admitted: NDArray[np.bool_], table: Sums, touched: Numbers, extra: float, limit: int,
    row_space: NDArray[np.uint16], space: int, day_rows: Numbers, day_limit: int,
    is_glanced: bool, row_glances: Sums, word_glances: Numbers, most: Reals, part_first: Integers,
    part_last: Integers, word_marks: Numbers, letters: Small, letter_bounds: Integers, numbers: Reals, floor: float,
) -> tuple[Numbers, Floats, Numbers, Floats]:  # fmt: skip
    """Return the rows with the greatest sum of weights, at most `limit`, in no order; then those of `day_rows`.

    Of the rows born on the day asked for at most `day_limit` are returned, whatever their sum: many who are called
    alike push nobody out whose birth date is right. Where `is_glanced`, rows that a glance tells are worth less than
    `floor` are passed over, and push nobody out either.

    `bounds` says for each part where its words and its pairs of words begin and end. `weights` has a line a part of
    the query and a column a price; where it is not above 0, the match is passed over; where `always`
    is not above 0, it counts for the rows in the set `favoured` alone. `table` is a scratch array of
    zeros, left so, at least twice as long as there are rows, a power of two; `touched` is scratch. Only as much of
    the table is used as the rows led to need: it stays in the processor's cache. An entry of the table holds a row
    in its upper half, then in 8 bits the number of the part that added to it last, then the weight.
    """
    lists, rows = _posting_lists(bounds, match_words, match_prices, weights, always, post_starts)
    led, rows = _led_to(lists, rows, post_rows, favoured, is_glanced)
    if is_glanced:
        worth_a_look(
            led, lists, bounds, match_words, match_prices, span_rows, span_prices, always, row_glances, word_glances, most,
            part_first, part_last, word_marks, letters, letter_bounds, numbers, floor,
        )  # fmt: skip
        rows = lists[lists.shape[0] - 1, STOP] if lists.shape[0] else 0
    for part in range(bounds.shape[0]):
        rows += bounds[part, 3] - bounds[part, 2]
    mask = _table_mask(rows, table.size)
    count, following, begin = 0, 0, 0
    for part in range(bounds.shape[0]):
        mark = np.uint64(part + 1) << np.uint64(SUM_BITS)
        spans, waiting = _by_price(span_prices, bounds[part, 2], bounds[part, 3]), 0
        while following < lists.shape[0] and lists[following, PART] == part:
            weight = np.uint64(lists[following, WEIGHT])
            if waiting < spans.size:
                # What weighs more is added first: a part counts once a row.
                waiting, count = _add_spans(
                    spans, waiting, weight, span_rows, span_prices, weights[part], always[part], favoured, mark, mask, table,
                    touched, count,
                )  # fmt: skip
            if lists[following, IS_LED]:
                for place in range(begin, lists[following, STOP]):
                    count = _add(led[place], weight, mark, mask, table, touched, count)
                begin = lists[following, STOP]
            else:
                for place in range(lists[following, START], lists[following, STOP]):
                    count = _add(post_rows[place], weight, mark, mask, table, touched, count)
            following += 1
        _, count = _add_spans(
            spans, waiting, np.uint64(1), span_rows, span_prices, weights[part], always[part], favoured, mark, mask, table,
            touched, count,
        )  # fmt: skip
    of_day, day_sums = _greatest_of_day(
        table, mask, day_rows, row_space, space, row_audience, row_core, row_dead, admitted, extra, day_limit
    )
    rows_found, sums = _greatest(
        table, touched, count, row_audience, row_core, row_dead, admitted, extra, limit
    )
    return rows_found, sums, of_day, day_sums


@kernel(nogil=True)
def _led_to(
    lists: Integers, rows: int, post_rows: Numbers, favoured: Sums, is_glanced: bool
) -> tuple[Numbers, int]:
    """Return the rows of the lists end to end, and how many all lists have; `STOP` says where each ends.

    Of some lists only the rows in the set. A list that is followed whole is not written where none is glanced at.
    """
    room = 0
    for line in range(lists.shape[0]):
        lists[line, IS_LED] = is_glanced or not lists[line, ALWAYS]
        room += lists[line, STOP] - lists[line, START] if lists[line, IS_LED] else 0
    led = np.empty(room, dtype=np.uint32)
    address, count = post_rows.ctypes.data, 0
    rows -= room
    for line in range(lists.shape[0]):
        if line + AHEAD < lists.shape[0]:
            prefetch(address + 4 * lists[line + AHEAD, START])
        if not lists[line, IS_LED]:
            continue
        is_always = lists[line, ALWAYS]
        for post in range(lists[line, START], lists[line, STOP]):
            if is_always or has_row(post_rows[post], favoured):
                led[count] = post_rows[post]
                count += 1
        lists[line, STOP] = count
    return led[:count], rows + count


@kernel(nogil=True)
def _by_price(span_prices: Small, begin: int, end: int) -> NDArray[np.int64]:
    """Return the places from `begin` to `end` with the least price first."""
    starts = np.zeros(PRICES_COUNT + 1, dtype=np.int64)
    for place in range(begin, end):
        starts[span_prices[place] + 1] += 1
    for price in range(PRICES_COUNT):
        starts[price + 1] += starts[price]
    order = np.empty(end - begin, dtype=np.int64)
    for place in range(begin, end):
        order[starts[span_prices[place]]] = place
        starts[span_prices[place]] += 1
    return order


@kernel(nogil=True)
def _add_spans(  # noqa: PLR0913  # a kernel: packed arrays
    spans: NDArray[np.int64], waiting: int, least: np.uint64, span_rows: Numbers, span_prices: Small, weights: Floats,
    always: Floats, favoured: Sums, mark: np.uint64, mask: np.uint64, table: Sums, touched: Numbers, count: int,
) -> tuple[int, int]:  # fmt: skip
    """Add the weights of those spans waiting that weigh at least so much; return which wait still, rows touched."""
    while waiting < spans.size:
        place = spans[waiting]
        price = span_prices[place]
        weight = np.uint64(max(0.0, weights[price]) * SUM_UNIT)
        if weight < least:
            # The dearer weigh no more, unless this price is not followed at all.
            if weight:
                break
        elif always[price] > 0.0 or has_row(span_rows[place], favoured):
            count = _add(span_rows[place], weight, mark, mask, table, touched, count)
        waiting += 1
    return waiting, count


@kernel(nogil=True)
def _posting_lists(
    bounds: NDArray[np.int64],
    match_words: Numbers,
    match_prices: Small,
    weights: Floats,
    always: Floats,
    post_starts: Numbers,
) -> tuple[NDArray[np.int64], int]:
    """Return the part, the weight, and where the rows begin and end of each word to follow, and all their rows.

    The lists lie anywhere in memory: where they begin is read beforehand, so that they can be asked for ahead.
    """
    room = 0
    for part in range(bounds.shape[0]):
        for place in range(bounds[part, 0], bounds[part, 1]):
            room += weights[part, match_prices[place]] > 0.0
    lists = np.empty((room, LIST_COLUMNS), dtype=np.int64)
    count, rows = 0, 0
    for part in range(bounds.shape[0]):
        for place in range(bounds[part, 0], bounds[part, 1]):
            weight = np.int64(max(0.0, weights[part, match_prices[place]]) * SUM_UNIT)
            if weight:
                word = match_words[place]
                lists[count, PART], lists[count, PRICE], lists[count, WEIGHT] = (
                    part,
                    match_prices[place],
                    weight,
                )
                lists[count, ALWAYS] = always[part, match_prices[place]] > 0.0
                lists[count, START], lists[count, STOP] = post_starts[word], post_starts[word + 1]
                rows += lists[count, STOP] - lists[count, START]
                count += 1
    return lists[:count], rows


@kernel(nogil=True)
def _table_mask(rows: int, size_max: int) -> np.uint64:
    """Return the mask of a table twice as large as all rows that will be led to."""
    size = 64
    while size < 2 * rows and size < size_max:
        size *= 2
    return np.uint64(size - 1)


@kernel(nogil=True, inline="always")
def _add(
    row: int, weight: np.uint64, mark: np.uint64, mask: np.uint64, table: Sums, touched: Numbers, count: int
) -> int:
    """Add a weight to a row, once a part; return how many rows have been touched."""
    slot = np.uint64(np.uint32(row) * SPREAD >> np.uint32(7)) & mask
    while True:
        known = table[slot]
        if known == 0:
            table[slot] = (np.uint64(row) << np.uint64(32)) | mark | weight
            touched[count] = slot
            return count + 1
        if known >> np.uint64(32) == np.uint64(row):
            if known & MARK_MASK != mark:
                table[slot] = (known & ~MARK_MASK | mark) + weight
            return count
        slot = (slot + np.uint64(1)) & mask


@kernel(nogil=True)
def _sum_of(row: int, mask: np.uint64, table: Sums) -> np.float32:
    """Return what has been added to a row, 0 where nothing led to it."""
    slot = np.uint64(np.uint32(row) * SPREAD >> np.uint32(7)) & mask
    while table[slot]:
        if table[slot] >> np.uint64(32) == np.uint64(row):
            return np.float32(table[slot] & SUM_MASK) / np.float32(SUM_UNIT)
        slot = (slot + np.uint64(1)) & mask
    return np.float32(0.0)


@kernel(nogil=True)
def _greatest_of_day(
    table: Sums, mask: np.uint64, day_rows: Numbers, row_space: NDArray[np.uint16], space: int, row_audience: Numbers,
    row_core: Small, row_dead: NDArray[np.bool_], admitted: NDArray[np.bool_], extra: float, limit: int,
) -> tuple[Numbers, Floats]:  # fmt: skip
    """Return of the rows of a day those with the greatest sums that the asker may see."""
    room = min(limit, day_rows.size)
    best, rows = np.empty(room, dtype=np.float32), np.empty(room, dtype=np.uint32)
    count = 0
    for row in day_rows:
        audience = row_audience[row]
        if row_space[row] != space or audience >= admitted.size or not admitted[audience] or row_dead[row]:
            continue
        score = _sum_of(row, mask, table) - np.float32(extra) * row_core[row]
        if count < room:
            best[count], rows[count] = score, row
            _sift_up(best, rows, count)
            count += 1
        elif score > best[0] or (score == best[0] and row < rows[0]):
            best[0], rows[0] = score, row
            _sift_down(best, rows, count)
    return rows[:count].copy(), best[:count].copy()


@kernel(nogil=True)
def _greatest(
    table: Sums, touched: Numbers, touched_count: int, row_audience: Numbers,
    row_core: Small, row_dead: NDArray[np.bool_], admitted: NDArray[np.bool_], extra: float, limit: int,
) -> tuple[Numbers, Floats]:  # fmt: skip
    """Return the rows touched with the greatest sums that the asker may see, and wipe the sums."""
    best = np.empty(limit, dtype=np.float32)
    rows = np.empty(limit, dtype=np.uint32)
    cores, audiences, dead = row_core.ctypes.data, row_audience.ctypes.data, row_dead.ctypes.data
    is_heap = touched_count > limit
    count = 0
    for place in range(touched_count):
        if place + AHEAD < touched_count:
            ahead = np.int64(table[touched[place + AHEAD]] >> np.uint64(32))
            prefetch(cores + ahead)
            prefetch(audiences + 4 * ahead)
            prefetch(dead + ahead)
        slot = touched[place]
        row, score = (
            np.uint32(table[slot] >> np.uint64(32)),
            np.float32(table[slot] & SUM_MASK) / np.float32(SUM_UNIT),
        )
        table[slot] = 0
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
            if is_heap:
                _sift_up(best, rows, count)
            count += 1
        else:
            best[0], rows[0] = score, row
            _sift_down(best, rows, count)
    return rows[:count].copy(), best[:count].copy()
