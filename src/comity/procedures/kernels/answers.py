"""Writing the answers and audit entries of plain queries that found nothing, many lines at a time, compiled."""

import numpy as np

from comity.compiled import kernel
from comity.index.kernels.memory import address_of, copy, load8, store8
from comity.procedures.kernels.lines import (
    CLOSE,
    DOUBT_ENDS,
    DOUBT_TEXTS,
    HEAD_ENDS,
    HEADS,
    ID_NAME,
    LINE_END,
    NAMES_COUNT,
    OPEN,
    PLAIN,
    Bytes,
    Places,
    Whole,
    span_at,
    word_at,
)


@kernel()
def _put(at, source, start, end):
    """Write a part of a text; return where it ends."""
    copy(at, source + start, end - start)
    return at + end - start


@kernel()
def _put_base64(at, raw, letters):
    """Write 16 bytes in base64, 24 characters."""
    for group in range(5):
        place = raw + 3 * group
        bits = np.int64(load8(place)) << 16 | np.int64(load8(place + 1)) << 8 | np.int64(load8(place + 2))
        store8(at, load8(letters + (bits >> 18)))
        store8(at + 1, load8(letters + (bits >> 12 & 63)))
        store8(at + 2, load8(letters + (bits >> 6 & 63)))
        store8(at + 3, load8(letters + (bits & 63)))
        at += 4
    last = np.int64(load8(raw + 15))
    store8(at, load8(letters + (last >> 2)))
    store8(at + 1, load8(letters + ((last & 3) << 4)))
    store8(at + 2, 61)
    store8(at + 3, 61)
    return at + 4


@kernel()
def write(
    data: Bytes,
    words: int,
    states: Whole,
    asked: Whole,
    doubted: Whole,
    spans: Places,
    parts: Bytes,
    part_ends: Whole,
    nonces: Bytes,
    letters: Bytes,
    tail: Bytes,
    answers: Bytes,
    answer_ends: Whole,
    entries: Bytes,
) -> int:
    """Write the answers and entries of the lines that are still plain; return how many bytes the entries have.

    `parts` are, for each kind, the three pieces of an entry around its nonce and its query; `tail` is what an answer has
    after its `id`: a doubt goes before its last two characters. Names stand in the order in which an entry has them.
    Answers and entries end with a line end.
    """
    text, pieces, chars = address_of(data), address_of(parts), address_of(letters)
    answered, logged, ends = address_of(answers), address_of(entries), address_of(part_ends)
    for line in range(states.size):
        if states[line] == PLAIN:
            held = address_of(spans) + 8 * spans.shape[2] * line
            answered = put_answer(answered, text, held, words, address_of(tail), tail.size, doubted[line])
            nonce = address_of(nonces) + 16 * line
            logged = put_entry(logged, text, held, words, pieces, ends, asked[line], nonce, chars)
            store8(logged, LINE_END)
            logged += 1
        answer_ends[line] = answered - address_of(answers)
    return logged - address_of(entries)


@kernel()
def put_entry(at, text, spans, words, pieces, ends, kind, nonce, letters):
    """Write the entry of one line; return where it ends."""
    first = 3 * kind
    at = _put(at, pieces, word_at(ends, first), word_at(ends, first + 1))
    at = _put_base64(at, nonce, letters)
    at = _put(at, pieces, word_at(ends, first + 1), word_at(ends, first + 2))
    at = _put_query(at, text, words, spans)
    return _put(at, pieces, word_at(ends, first + 2), word_at(ends, first + 3))


@kernel()
def put_answer(at, text, spans, words, tail, tail_size, doubt):
    """Write the answer to one line; return where it ends."""
    name = word_at(words, ID_NAME)
    start, end = span_at(spans, name), span_at(spans, word_at(words, NAMES_COUNT) + name)
    for char in (123, 34, 105, 100, 34, 58):  # {"id":
        store8(at, char)
        at += 1
    if start < 0:
        for char in (110, 117, 108, 108):  # null
            store8(at, char)
            at += 1
    else:
        at = _put(at, text, start - 1, end + 1)  # with its quotation marks
    if not doubt:
        return _put(at, tail, 0, tail_size)
    ends = word_at(words, DOUBT_ENDS)
    at = _put(at, tail, 0, tail_size - 2)
    at = _put(at, word_at(words, DOUBT_TEXTS), word_at(ends, doubt), word_at(ends, doubt + 1))
    return _put(at, tail, tail_size - 2, tail_size)


@kernel()
def _put_query(at, text, words, spans):
    begun, count = at, word_at(words, NAMES_COUNT)
    heads, ends = word_at(words, HEADS), word_at(words, HEAD_ENDS)
    for name in range(count):
        start = span_at(spans, name)
        if start >= 0:
            at = _put(at, heads, word_at(ends, name), word_at(ends, name + 1))
            at = _put(at, text, start, span_at(spans, count + name) + 1)
    store8(begun, OPEN)  # where the first of the names has a comma
    store8(at, CLOSE)
    return at + 1
