"""One plain query, from its bytes to its answer and its audit entry, compiled: read, looked up and written in one call.

To call compiled code takes longer than what it does here, and each array that it is given as long as a look-up:
so it is called once, and takes addresses.
"""

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import address_of, copy, load8, store32
from comity.index.kernels.probing import ADMITTED, count_at
from comity.index.kernels.siphash import BYTES
from comity.procedures.kernels.answers import put_answer, put_entry
from comity.procedures.kernels.lines import NAMES_COUNT, fields, keys_of, kind_of, span_at, word_at

NOT_SETTLED = -1
NONCE_BYTES = 16
SIZE_BITS = 24
"""What is settled comes back as kind, bytes of the answer and bytes of the entry, so many bits for each size."""

(SPANS, KEYS, BEFORE, LETTERS, ANSWER, ENTRY, TAIL, TAIL_SIZE) = range(8)
"""The words of the room: arrays to work in, the letters of base64, what an answer has after its `id`."""

(TEXT, ENDS, MOMENTS) = range(3)
"""The words of the pieces of entries: their text, where each ends, where in its first piece each kind has its moment."""


@kernel(f"int64({BYTES}, {BYTES}, int64, int64, int64, int64, {ADMITTED})")
def settle(
    line: bytes,
    told: bytes,
    room: int,
    parts: int,
    words: int,
    context: int,
    admitted: NDArray[np.bool_],
) -> int:
    """Write the answer and the entry of a plain query that finds nothing, without line ends; `NOT_SETTLED` for another.

    `told` is a nonce and, behind it, the moment as an entry has it.
    """
    text, spans, keys, before = (
        address_of(line),
        word_at(room, SPANS),
        word_at(room, KEYS),
        word_at(room, BEFORE),
    )
    # A line end is one of many lines: then they are not one query.
    if fields(text, 0, len(line), words, before, spans) != len(line):
        return NOT_SETTLED
    last_kind = word_at(words, NAMES_COUNT) + 1
    kind = kind_of(text, spans, words, span_at(before, last_kind))
    if kind < 0:
        return NOT_SETTLED
    store32(before + 4 * last_kind, kind)
    ended, doubt = keys_of(text, kind, spans, words, keys, 0)
    if ended < 0:
        return NOT_SETTLED
    start = 0
    for place in range(ended):
        if load8(keys + place) == 0:
            if count_at(keys + start, place - start, context, admitted):
                return NOT_SETTLED
            start = place + 1
    answer, entry = word_at(room, ANSWER), word_at(room, ENTRY)
    tail, tail_size = word_at(room, TAIL), word_at(room, TAIL_SIZE)
    answered = put_answer(answer, text, spans, words, tail, tail_size, doubt) - 1  # its line end
    nonce, letters = address_of(told), word_at(room, LETTERS)
    pieces, ends = word_at(parts, TEXT), word_at(parts, ENDS)
    logged = put_entry(entry, text, spans, words, pieces, ends, kind, nonce, letters)
    moment = entry + word_at(word_at(parts, MOMENTS), kind)
    copy(moment, nonce + NONCE_BYTES, len(told) - NONCE_BYTES)
    return kind << 2 * SIZE_BITS | (answered - answer) << SIZE_BITS | (logged - entry)
