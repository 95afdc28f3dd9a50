"""Which rows meet the words asked for, and how well? Two kernels: gather proposes rows, weigh ranks them.

    words of the index with prices -> postings -> weights added up a row -> the best few hundred
                                   -> each query part against each word of the row -> best one-to-one meeting

Who may see a row and whether it is dead is asked before anything is added or counted.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from comity.index.names.lookup import PRICES_COUNT

LIGHT_MASK = np.uint32(0x7FFFFFFF)
PARTS_MAX = 40
ROW_WORDS_MAX = 24
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
    match_starts: NDArray[np.int64],
    match_words: Numbers,
    match_prices: Small,
    weights: Floats,
    span_starts: NDArray[np.int64],
    span_rows: Numbers,
    span_prices: Small,
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
    """Return the rows with the greatest sum of weights, at most `limit`, best first.

    `weights` has a line a part of the query and a column a price; where it is not above 0, the match is passed
    over. `sums` is a scratch array of zeros, left so; `touched` is scratch. A sum holds the number of the part
    that added to it last in its upper 8 bits and the weight in the rest, so that a posting costs one memory access.
    """
    touched_count = 0
    for part in range(match_starts.size - 1):
        mark = np.uint32(part + 1) << np.uint32(SUM_BITS)
        for place in range(span_starts[part], span_starts[part + 1]):
            weight = np.uint32(max(0.0, weights[part, span_prices[place]]) * SUM_UNIT)
            if weight:
                row = span_rows[place]
                touched_count = _add(row, weight, mark, sums, touched, touched_count)
        for place in range(match_starts[part], match_starts[part + 1]):
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


@njit(cache=True, nogil=True)
def weigh(  # noqa: PLR0913  # a kernel: packed arrays
    rows: Numbers,
    match_starts: NDArray[np.int64],
    match_words: Numbers,
    match_prices: Small,
    weights: Floats,
    span_starts: NDArray[np.int64],
    span_rows: Numbers,
    span_prices: Small,
    span_places: Small,
    part_first: NDArray[np.int64],
    part_last: NDArray[np.int64],
    query_light: NDArray[np.bool_],
    query_initials: Small,
    query_letters: NDArray[np.uint8],
    query_letters_count: NDArray[np.int32],
    row_starts: Numbers,
    row_words: Numbers,
    word_form: Numbers,
    form_starts: Numbers,
    form_letters: Small,
    word_scratch: Small,
    penalties: Floats,
) -> Floats:
    """Return the score of each row: the best one-to-one meeting of query parts and words, less what is left over.

    Penalties: a core word of the query without a counterpart, one of the row, one of each standing against each
    other; then the weights of an initial and of a word cut off.
    """
    parts = part_first.size
    prices = np.full((rows.size, parts, ROW_WORDS_MAX), 255, dtype=np.uint8)
    for part in range(parts):
        for place in range(match_starts[part], match_starts[part + 1]):
            word_scratch[match_words[place]] = match_prices[place] + 1
        for line in range(rows.size):
            begin = row_starts[rows[line]]
            for word in range(begin, row_starts[rows[line] + 1]):
                price = word_scratch[row_words[word] & LIGHT_MASK]
                if price:
                    prices[line, part, word - begin] = price - 1
        for place in range(match_starts[part], match_starts[part + 1]):
            word_scratch[match_words[place]] = 0
    scores = np.empty(rows.size, dtype=np.float32)
    for line in range(rows.size):
        scores[line] = _row_score(
            rows[line], prices[line], weights, span_starts, span_rows, span_prices, span_places, part_first,
            part_last, query_light, query_initials, query_letters, query_letters_count, row_starts, row_words,
            word_form, form_starts, form_letters, penalties,
        )  # fmt: skip
    return scores


@njit(cache=True, nogil=True)
def _row_score(  # noqa: PLR0913  # a kernel: packed arrays
    row: int,
    prices: NDArray[np.uint8],
    weights: Floats,
    span_starts: NDArray[np.int64],
    span_rows: Numbers,
    span_prices: Small,
    span_places: Small,
    part_first: NDArray[np.int64],
    part_last: NDArray[np.int64],
    query_light: NDArray[np.bool_],
    query_initials: Small,
    query_letters: NDArray[np.uint8],
    query_letters_count: NDArray[np.int32],
    row_starts: Numbers,
    row_words: Numbers,
    word_form: Numbers,
    form_starts: Numbers,
    form_letters: Small,
    penalties: Floats,
) -> float:
    begin = np.int64(row_starts[row])
    words = np.int64(row_starts[row + 1]) - begin
    query_used = np.zeros(query_light.size, dtype=np.bool_)
    row_used = np.zeros(ROW_WORDS_MAX + 1, dtype=np.bool_)
    score = 0.0
    while True:
        best, best_part, best_word, best_span = 0.0, -1, -1, 1
        for part in range(part_first.size):
            taken = False
            for word in range(part_first[part], part_last[part] + 1):
                taken = taken or query_used[word]
            if taken:
                continue
            for word in range(words):
                if prices[part, word] < PRICES_COUNT and not row_used[word]:
                    weight = weights[part, prices[part, word]]
                    if row_words[begin + word] > LIGHT_MASK or (
                        part_first[part] == part_last[part] and query_light[part_first[part]]
                    ):
                        weight = min(weight, penalties[5])
                    if weight > best:
                        best, best_part, best_word, best_span = weight, part, word, 1
            for place in range(span_starts[part], span_starts[part + 1]):
                word = np.int64(span_places[place])
                if span_rows[place] == row and not row_used[word] and not row_used[word + 1]:
                    weight = weights[part, span_prices[place]]
                    if weight > best:
                        best, best_part, best_word, best_span = weight, part, word, 2
        if best_part < 0:
            break
        score += best
        for word in range(part_first[best_part], part_last[best_part] + 1):
            query_used[word] = True
        for word in range(best_word, best_word + best_span):
            row_used[word] = True
    return score + _leftovers(
        row_words[begin : begin + words], query_used, row_used, query_light, query_initials, query_letters,
        query_letters_count, word_form, form_starts, form_letters, penalties,
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _leftovers(  # noqa: PLR0913  # a kernel: packed arrays
    row_words: Numbers,
    query_used: NDArray[np.bool_],
    row_used: NDArray[np.bool_],
    query_light: NDArray[np.bool_],
    query_initials: Small,
    query_letters: NDArray[np.uint8],
    query_letters_count: NDArray[np.int32],
    word_form: Numbers,
    form_starts: Numbers,
    form_letters: Small,
    penalties: Floats,
) -> float:
    """Return what words without a counterpart weigh: initials and words cut off for, all others against."""
    score = 0.0
    missing, extra = 0, 0
    for query in range(query_light.size):
        if query_used[query] or query_light[query]:
            continue
        for word in range(row_words.size):
            if row_used[word] or row_words[word] > LIGHT_MASK:
                continue
            form = word_form[row_words[word]]
            if form >= form_starts.size - 1:
                continue
            start = form_starts[form]
            count = np.int64(form_starts[form + 1]) - start
            both = min(count, np.int64(query_letters_count[query]))
            same = 0
            while same < both and form_letters[start + same] == query_letters[query, same]:
                same += 1
            if both and same == both and (both == 1 or both >= 3):
                score += penalties[3] if both == 1 else penalties[4]
                query_used[query], row_used[word] = True, True
                break
        if not query_used[query]:
            missing += 1
    for word in range(row_words.size):
        if not row_used[word] and row_words[word] <= LIGHT_MASK:
            extra += 1
    against = min(missing, extra)
    return (
        score - penalties[2] * against - penalties[0] * (missing - against) - penalties[1] * (extra - against)
    )
