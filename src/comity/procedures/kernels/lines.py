"""Reading plain queries and writing their answers and audit entries, many lines at a time, compiled.

    scan   lines of JSON -> those of the plain form: where each value stands, the exact keys to look up
    write  those that found nothing -> their answers, their audit entries

The plain form is an object of text values alone, in printable ASCII without escapes, whose every field has a rule
here. Whatever is not of it, valid or not, is `OTHER`, and is read by the slow and complete way.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.records.types.objects.vehicle import LETTER_VALUES, WEIGHTS

Bytes, Whole = NDArray[np.uint8], NDArray[np.int64]

LINE_BYTES_MAX = 64 * 1024
OTHER, PLAIN = 0, 1
NOT_HERE, IDENTIFIER, CODE, NAME_OF_KIND, OWN_ID, LABEL = 0, 1, 2, 3, 4, 5
GENERAL, VIN, IMEI = 0, 1, 2
NO_DOUBT, VIN_SHORT, VIN_LETTERS, VIN_CHECK, IMEI_CHECK = 0, 1, 2, 3, 4
DOUBTS = ("", "vin-short", "vin-letters", "vin-check", "imei-check")
"""Each begins with the name of the question that it is about."""


VIN_CHARS, CHECK_PLACE, IMEI_CHARS, LABEL_MAX = 17, 8, 14, 300
_QUOTE, _COLON, _COMMA, _OPEN, _CLOSE, _LINE_END = 34, 58, 44, 123, 125, 10


def doubt_text(code: str) -> bytes:
    """Return what an answer says of a doubt, after all else; nothing where there is none."""
    shown = f',"doubts":[{{"field":"{code.partition("-")[0]}","code":"{code}"}}]'
    return shown.encode() if code else b""


def ends_of(texts: list[bytes]) -> NDArray[np.int64]:
    """Return where each text ends where all are joined."""
    return np.cumsum([len(text) for text in texts], dtype=np.int64)


def _vin_values() -> NDArray[np.int64]:
    """Return what each character of a VIN counts in its check digit, -1 where it has no value."""
    values = np.full(128, -1, np.int64)
    for char, value in [*LETTER_VALUES.items(), *((digit, digit) for digit in "0123456789")]:
        values[ord(char)] = int(value)
    return values


# Frozen into the kernels.
_DOUBTS = np.frombuffer(b"".join(map(doubt_text, DOUBTS)), np.uint8)
_DOUBT_ENDS = np.concatenate([np.zeros(1, np.int64), ends_of([*map(doubt_text, DOUBTS)])])
_VIN_VALUES, _VIN_WEIGHTS = _vin_values(), np.array(WEIGHTS, np.int64)
DOUBT_BYTES_MAX = len(_DOUBTS)


class Tables(NamedTuple):
    """What of the kinds' declarations is plain. Texts are joined; their ends say where each ends.

    `rules` and `details` are by kind and name. `tables`, `limits` and `prefixes` are by identifier: the folded form of
    each character, the longest value and whose form it has, what a key begins with. `codes` are by type of code,
    each in order. Every array here costs each single check a sixth of a microsecond.
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
    limits: NDArray[np.int64]
    codes: NDArray[np.uint32]
    code_ends: NDArray[np.int64]
    prefixes: NDArray[np.uint8]
    prefix_ends: NDArray[np.int64]


@kernel()
def _spaces(data, at, end):
    while at < end and (data[at] == 32 or data[at] == 9 or data[at] == 13):
        at += 1
    return at


@kernel()
def _is_blank(data, at, end):
    while at < end and (data[at] == 32 or 9 <= data[at] <= 13):
        at += 1
    return at == end


@kernel()
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


@kernel()
def _is_same(data, start, end, texts, first, last):
    if end - start != last - first:
        return False
    offset = 0
    while start + offset < end and data[start + offset] == texts[first + offset]:
        offset += 1
    return start + offset == end


@kernel()
def _found(data, start, end, texts, ends):
    """Return which of the texts this is, or -1."""
    first = 0
    for place in range(ends.size):
        last = ends[place]
        # The length and the first character tell nearly all apart.
        is_like = end - start == last - first and (start == end or data[start] == texts[first])
        if is_like and _is_same(data, start, end, texts, first, last):
            return place
        first = last
    return -1


@kernel()
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


@kernel()
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


@kernel()
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


@kernel()
def _put(out, at, source, start, end):
    for place in range(start, end):
        out[at] = source[place]
        at += 1
    return at


@kernel()
def _upper(char):
    return char - 32 if 97 <= char <= 122 else char


@kernel()
def _vin_doubt(data, start, end, table, chars):
    """Return the doubt about a VIN of so many characters beside its marks; see `vin_doubts`."""
    if chars < VIN_CHARS:
        return VIN_SHORT
    total, place, first, stated = 0, 0, 0, 0
    for at in range(start, end):
        if table[data[at]] == 1:
            continue
        char = _upper(data[at])
        if _VIN_VALUES[char] < 0:
            return VIN_LETTERS
        total += _VIN_VALUES[char] * _VIN_WEIGHTS[place]
        if place == 0:
            first = char
        elif place == CHECK_PLACE:
            stated = char
        place += 1
    rest = total % 11
    binds = 49 <= first <= 53 or first == 76  # 1 to 5, L
    return VIN_CHECK if binds and stated != (88 if rest == 10 else 48 + rest) else NO_DOUBT


@kernel()
def _imei_doubt(keys, start, filled):
    """Return the doubt about the digits of an IMEI; see `imei_doubts`."""
    if filled - start != IMEI_CHARS + 1:
        return NO_DOUBT
    total = 0
    for place in range(filled - start):
        digit = np.int64(keys[filled - 1 - place]) - 48
        if place % 2:
            digit = 2 * digit - 9 if digit > 4 else 2 * digit
        total += digit
    return NO_DOUBT if total % 10 == 0 else IMEI_CHECK


@kernel()
def _formed(data, start, end, table, form, keys, filled, ended):
    """Return where the key of a VIN or IMEI ends, folded up to `ended`, or -1; and the doubt about it."""
    chars = ended - filled
    if form == VIN:
        if not 5 <= chars <= VIN_CHARS:
            return -1, NO_DOUBT
        return ended, _vin_doubt(data, start, end, table, chars)
    if not IMEI_CHARS <= chars <= IMEI_CHARS + 2:
        return -1, NO_DOUBT
    return filled + IMEI_CHARS, _imei_doubt(keys, filled, ended)


@kernel()
def _keys_of(data, kind, spans, tables, keys, filled):
    """Write the exact keys of a line; return where they end, or -1 where a value is not plain, and its doubt."""
    begun, doubt = filled, NO_DOUBT
    for name in range(tables.rules.shape[1]):
        start, end = spans[name, 0], spans[name, 1]
        if start < 0:
            continue
        rule, detail = tables.rules[kind, name], tables.details[kind, name]
        if rule == IDENTIFIER:
            for place in range(tables.prefix_ends[detail], tables.prefix_ends[detail + 1]):
                keys[filled] = tables.prefixes[place]
                filled += 1
            table, form = tables.tables[detail], tables.limits[detail, 1]
            ended = _fold(data, start, end, table, tables.limits[detail, 0], keys, filled)
            if ended >= 0 and form != GENERAL:
                ended, found = _formed(data, start, end, table, form, keys, filled, ended)
                if found and doubt:
                    return -1, NO_DOUBT
                doubt = max(doubt, found)
            if ended < 0:
                return -1, NO_DOUBT
            keys[ended] = 0
            filled = ended + 1
        elif rule == CODE:
            if not _is_code(
                data, start, end, tables.codes, tables.code_ends[detail], tables.code_ends[detail + 1]
            ):
                return -1, NO_DOUBT
        elif rule == OWN_ID:
            if not 1 <= end - start <= 200 or data[start] == 32 or data[end - 1] == 32:
                return -1, NO_DOUBT
        elif rule == LABEL:
            if end - start > LABEL_MAX or _is_blank(data, start, end):
                return -1, NO_DOUBT
        elif rule != NAME_OF_KIND:
            return -1, NO_DOUBT
    return (filled if filled > begun else -1), doubt


@kernel()
def _kind_of(data, spans, tables):
    start, end = spans[tables.kind_name, 0], spans[tables.kind_name, 1]
    return -1 if start < 0 else _found(data, start, end, tables.kinds, tables.kind_ends)


@kernel()
def scan(
    data: Bytes,
    tables: Tables,
    lines: Whole,
    states: Whole,
    asked: Whole,
    doubted: Whole,
    spans: Whole,
    keys: Bytes,
    key_lines: Whole,
) -> tuple[int, int, int]:
    """Read all lines; return how many there are, how many keys, and how many bytes the keys have.

    `lines` gets where each begins and ends, `states` whether it is plain, `asked` its kind, `doubted` the doubt
    about it, `spans` its values, `keys` the exact keys, each ended by a zero byte, and `key_lines` the line of each.
    Empty lines are none.
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
                    ended, doubted[count] = _keys_of(data, kind, spans[count], tables, keys, filled)
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


@kernel()
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


@kernel()
def write(
    data: Bytes,
    tables: Tables,
    states: Whole,
    asked: Whole,
    doubted: Whole,
    spans: Whole,
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
    answered, logged = 0, 0
    for line in range(states.size):
        if states[line] == PLAIN:
            start, end = spans[line, tables.id_name, 0], spans[line, tables.id_name, 1]
            answered = _put_id(data, start, end, answers, answered)
            answered = _put(answers, answered, tail, 0, tail.size - 2)
            doubt = doubted[line]
            answered = _put(answers, answered, _DOUBTS, _DOUBT_ENDS[doubt], _DOUBT_ENDS[doubt + 1])
            answered = _put(answers, answered, tail, tail.size - 2, tail.size)
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


@kernel()
def _put_id(data, start, end, answers, at):
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
    return at


@kernel()
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
