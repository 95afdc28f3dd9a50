"""Reading plain queries and writing their answers and audit entries, many lines at a time, compiled.

    scan   lines of JSON -> those of the plain form: where each value stands, the exact keys to look up
    write  those that found nothing -> their answers, their audit entries

The plain form is an object of text values alone, in printable ASCII without escapes, whose every field has a rule
here. Whatever is not of it, valid or not, is `OTHER`, and is read by the slow and complete way.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

LINE_BYTES_MAX = 64 * 1024
OTHER, PLAIN = 0, 1
NOT_HERE, IDENTIFIER, CODE, NAME_OF_KIND, OWN_ID = 0, 1, 2, 3, 4

_QUOTE, _COLON, _COMMA, _OPEN, _CLOSE, _LINE_END = 34, 58, 44, 123, 125, 10


class Tables(NamedTuple):
    """What of the kinds' declarations is plain. Texts are joined; their ends say where each ends.

    `rules` and `details` are by kind and name. `tables`, `lengths` and `prefixes` are by identifier: the folded form of
    each character, the longest value, what a key begins with. `codes` are by type of code, each in order.
    """

    names: NDArray[np.uint8]
    name_ends: NDArray[np.int64]
    kind_name: int
    id_name: int
    kinds: NDArray[np.uint8]
    kind_ends: NDArray[np.int64]
    rules: NDArray[np.int64]
    details: NDArray[np.int64]
    tables: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    codes: NDArray[np.uint32]
    code_ends: NDArray[np.int64]
    prefixes: NDArray[np.uint8]
    prefix_ends: NDArray[np.int64]


@njit(cache=True)
def _spaces(data, at, end):
    while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@njit(cache=True)
def _is_blank(data, at, end):
    while at < end and (data[at] == 32 or 9 <= data[at] <= 13):
        at += 1
    return at == end


@njit(cache=True)
def _text_end(data, at, end):
    """Return where a plain text ends that begins at `at`, or -1."""
    while at < end:
        char = data[at]
        if char == _QUOTE:
            return at
        if char < 32 or char > 126 or char == 92:
            return -1
        at += 1
    return -1


@njit(cache=True)
def _is_same(data, start, end, texts, first, last):
    if end - start != last - first:
        return False
    offset = 0
    while start + offset < end and data[start + offset] == texts[first + offset]:
        offset += 1
    return start + offset == end


@njit(cache=True)
def _found(data, start, end, texts, ends):
    """Return which of the texts this is, or -1."""
    first = 0
    for place in range(ends.size):
        last = ends[place]
        if _is_same(data, start, end, texts, first, last):
            return place
        first = last
    return -1


@njit(cache=True)
def _fields(data, at, end, names, name_ends, spans):
    """Note where the value of each field of a line stands; return whether the line is of the plain form."""
    spans[:, 0] = -1
    at = _spaces(data, at, end)
    if at >= end or data[at] != _OPEN:
        return False
    while True:
        at = _spaces(data, at + 1, end)
        if at >= end or data[at] != _QUOTE:
            return False
        stop = _text_end(data, at + 1, end)
        if stop < 0:
            return False
        name = _found(data, at + 1, stop, names, name_ends)
        if name < 0 or spans[name, 0] >= 0:
            return False
        at = _spaces(data, stop + 1, end)
        if at >= end or data[at] != _COLON:
            return False
        at = _spaces(data, at + 1, end)
        if at >= end or data[at] != _QUOTE:
            return False
        stop = _text_end(data, at + 1, end)
        if stop < 0:
            return False
        spans[name, 0], spans[name, 1] = at + 1, stop
        at = _spaces(data, stop + 1, end)
        if at >= end:
            return False
        if data[at] == _CLOSE:
            return _spaces(data, at + 1, end) == end
        if data[at] != _COMMA:
            return False


@njit(cache=True)
def _is_code(data, start, end, codes, first, last):
    """Return whether a text of one to three characters is among the codes, which are in order."""
    if not 1 <= end - start <= 3:
        return False
    word = np.uint32(0)
    for at in range(start, end):
        word = (word << np.uint32(8)) | np.uint32(data[at])
    while first < last:
        middle = (first + last) // 2
        if codes[middle] < word:
            first = middle + 1
        else:
            last = middle
    return first < codes.size and codes[first] == word


@njit(cache=True)
def _fold(data, start, end, table, length_max, keys, filled):
    """Write the key of an identifier; return where it ends, or -1 where the identifier is not plain.

    `table` gives a character's folded form, 1 for one that is left out, 0 for one that is not plain.
    """
    if end - start > length_max or end == start:
        return -1
    begun = filled
    for at in range(start, end):
        folded = table[data[at]]
        if folded == 0:
            return -1
        if folded != 1:
            keys[filled] = folded
            filled += 1
    return filled if filled > begun else -1


@njit(cache=True)
def _keys_of(data, kind, spans, tables, keys, filled):
    """Write the exact keys of a line; return where they end, or -1 where a value is not plain."""
    begun = filled
    for name in range(tables.rules.shape[1]):
        start, end = spans[name, 0], spans[name, 1]
        if start < 0:
            continue
        rule, detail = tables.rules[kind, name], tables.details[kind, name]
        if rule == IDENTIFIER:
            meaning = tables.prefixes[tables.prefix_ends[detail] : tables.prefix_ends[detail + 1]]
            for offset in range(meaning.size):
                keys[filled + offset] = meaning[offset]
            table, length = tables.tables[detail], tables.lengths[detail]
            filled = _fold(data, start, end, table, length, keys, filled + meaning.size)
            if filled < 0:
                return -1
            keys[filled] = 0
            filled += 1
        elif rule == CODE:
            if not _is_code(
                data, start, end, tables.codes, tables.code_ends[detail], tables.code_ends[detail + 1]
            ):
                return -1
        elif rule == OWN_ID:
            if not 1 <= end - start <= 200 or data[start] == 32 or data[end - 1] == 32:
                return -1
        elif rule != NAME_OF_KIND:
            return -1
    return filled if filled > begun else -1


@njit(cache=True)
def _kind_of(data, spans, tables):
    start, end = spans[tables.kind_name, 0], spans[tables.kind_name, 1]
    return -1 if start < 0 else _found(data, start, end, tables.kinds, tables.kind_ends)


@njit(cache=True)
def scan(data, tables, lines, states, asked, spans, keys, key_lines):
    """Read all lines; return how many there are, how many keys, and how many bytes the keys have.

    `lines` gets where each begins and ends, `states` whether it is plain, `asked` its kind, `spans` its values, `keys`
    the exact keys, each ended by a zero byte, and `key_lines` the line of each. Empty lines are none.
    """
    count, keys_count, filled, at = 0, 0, 0, 0
    while at < data.size:
        end = at
        while end < data.size and data[end] != _LINE_END:
            end += 1
        if not _is_blank(data, at, end):
            lines[count, 0], lines[count, 1], states[count], asked[count] = at, end, OTHER, -1
            is_short = end - at <= LINE_BYTES_MAX
            if is_short and _fields(data, at, end, tables.names, tables.name_ends, spans[count]):
                kind = _kind_of(data, spans[count], tables)
                if kind >= 0:
                    ended = _keys_of(data, kind, spans[count], tables, keys, filled)
                    if ended >= 0:
                        for place in range(filled, ended):
                            if keys[place] == 0:
                                key_lines[keys_count] = count
                                keys_count += 1
                        filled = ended
                        states[count], asked[count] = PLAIN, kind
            count += 1
        at = end + 1
    return count, keys_count, filled


@njit(cache=True)
def _put(out, at, source, start, end):
    for place in range(start, end):
        out[at] = source[place]
        at += 1
    return at


@njit(cache=True)
def _put_base64(out, at, raw, start, letters):
    """Write 16 bytes in base64, 24 characters."""
    for group in range(5):
        place = start + 3 * group
        bits = (np.uint32(raw[place]) << 16) | (np.uint32(raw[place + 1]) << 8) | np.uint32(raw[place + 2])
        out[at] = letters[bits >> 18 & 63]
        out[at + 1] = letters[bits >> 12 & 63]
        out[at + 2] = letters[bits >> 6 & 63]
        out[at + 3] = letters[bits & 63]
        at += 4
    last = raw[start + 15]
    out[at] = letters[last >> 2]
    out[at + 1] = letters[(last & 3) << 4]
    out[at + 2] = 61
    out[at + 3] = 61
    return at + 4


@njit(cache=True)
def write(
    data, tables, states, asked, spans, parts, part_ends, nonces, letters, tail, answers, answer_ends, entries
):
    """Write the answers and entries of the lines that are still plain; return how many bytes the entries have.

    `parts` are, for each kind, the three pieces of an entry around its nonce and its query; `tail` is what an answer has
    after its `id`. Names stand in the order in which an entry has them. Answers and entries end with a line end.
    """
    answered, logged = 0, 0
    for line in range(states.size):
        if states[line] == PLAIN:
            start, end = spans[line, tables.id_name, 0], spans[line, tables.id_name, 1]
            answered = _put_answer(data, start, end, tail, answers, answered)
            first = 3 * asked[line]
            logged = _put(entries, logged, parts, part_ends[first], part_ends[first + 1])
            logged = _put_base64(entries, logged, nonces, 16 * line, letters)
            logged = _put(entries, logged, parts, part_ends[first + 1], part_ends[first + 2])
            logged = _put_query(data, tables.names, tables.name_ends, spans[line], entries, logged)
            logged = _put(entries, logged, parts, part_ends[first + 2], part_ends[first + 3])
            entries[logged] = _LINE_END
            logged += 1
        answer_ends[line] = answered
    return logged


@njit(cache=True)
def _put_answer(data, start, end, tail, answers, at):
    for char in (123, 34, 105, 100, 34, 58):  # {"id":
        answers[at] = char
        at += 1
    if start < 0:
        for char in (110, 117, 108, 108):  # null
            answers[at] = char
            at += 1
    else:
        answers[at] = _QUOTE
        at = _put(answers, at + 1, data, start, end)
        answers[at] = _QUOTE
        at += 1
    return _put(answers, at, tail, 0, tail.size)


@njit(cache=True)
def _put_query(data, names, name_ends, spans, entries, at):
    entries[at] = _OPEN
    at += 1
    is_first = True
    for name in range(name_ends.size):
        if spans[name, 0] < 0:
            continue
        if not is_first:
            entries[at] = _COMMA
            at += 1
        is_first = False
        entries[at] = _QUOTE
        at = _put(entries, at + 1, names, name_ends[name - 1] if name else 0, name_ends[name])
        entries[at] = _QUOTE
        entries[at + 1] = _COLON
        entries[at + 2] = _QUOTE
        at = _put(entries, at + 3, data, spans[name, 0], spans[name, 1])
        entries[at] = _QUOTE
        at += 1
    entries[at] = _CLOSE
    return at + 1


def ends_of(texts: list[bytes]) -> NDArray[np.int64]:
    """Return where each text ends where all are joined."""
    return np.cumsum([len(text) for text in texts], dtype=np.int64)
