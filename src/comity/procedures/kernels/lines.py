"""Reading plain queries, many lines at a time, compiled.

    lines of JSON -> those of the plain form: where each value stands, the exact keys to look up

The plain form is an object of text values alone, in printable ASCII without escapes, whose every field has a rule
here. Whatever is not of it, valid or not, is `OTHER`, and is read by the slow and complete way. What is plain and found
nothing `answers.py` writes.

Kernels call each other with addresses: an array that is handed on costs more than what most of them do.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from comity.compiled import kernel
from comity.index.kernels.memory import (
    address_of,
    copy,
    load8,
    load32,
    load64,
    load64_anywhere,
    store8,
    store32,
)
from comity.records.types.objects.vehicle import LETTER_VALUES, WEIGHTS

Bytes, Whole, Places = NDArray[np.uint8], NDArray[np.int64], NDArray[np.int32]

LINE_BYTES_MAX = 64 * 1024
OTHER, PLAIN = 0, 1
NOT_HERE, IDENTIFIER, CODE, NAME_OF_KIND, OWN_ID, LABEL = 0, 1, 2, 3, 4, 5
GENERAL, VIN, IMEI = 0, 1, 2
NO_DOUBT, VIN_SHORT, VIN_LETTERS, VIN_CHECK, IMEI_CHECK = 0, 1, 2, 3, 4
DOUBTS = ("", "vin-short", "vin-letters", "vin-check", "imei-check")
"""Each begins with the name of the question that it is about."""


VIN_CHARS, CHECK_PLACE, IMEI_CHARS, LABEL_MAX = 17, 8, 14, 300
_QUOTE, _COLON, _COMMA, OPEN, CLOSE, LINE_END = 34, 58, 44, 123, 125, 10
# Eight of a character, as one word.
_ONES, _SPACES, _QUOTES, _BACKSLASHES, _DELETES, _HIGHEST = (
    np.uint64(0x0101010101010101 * char) for char in (1, 32, 34, 92, 127, 128)
)


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


# What is said of each doubt.
_DOUBTS = np.frombuffer(b"".join(map(doubt_text, DOUBTS)), np.uint8)
_DOUBT_ENDS = np.concatenate([np.zeros(1, np.int64), ends_of([*map(doubt_text, DOUBTS)])])
# Frozen into the kernels.
_VIN_VALUES, _VIN_WEIGHTS = _vin_values(), np.array(WEIGHTS, np.int64)
DOUBT_BYTES_MAX = len(_DOUBTS)
_NOWHERE = np.uint32(2**32 - 1)
"""-1, where no value begins."""


class Tables(NamedTuple):
    """What of the kinds' declarations is plain. Texts are joined; their ends say where each ends, behind a zero.

    `rules` and `details` are by kind and name. `tables`, `limits` and `prefixes` are by identifier: the folded form of
    each character, the longest value and whose form it has, what a key begins with. `codes` are by type of code,
    each in order. `heads` are the names as a query has them, each behind a comma and before its value. Kernels take
    the addresses of all these as one array, in this order: see `words_of`.
    """

    names: NDArray[np.uint8]
    name_ends: NDArray[np.int64]
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
    heads: NDArray[np.uint8]
    head_ends: NDArray[np.int64]


(NAMES, NAME_ENDS, KINDS, KIND_ENDS, RULES, DETAILS, TABLES, LIMITS, CODES, CODE_ENDS, PREFIXES, PREFIX_ENDS, HEADS,
 HEAD_ENDS, NAMES_COUNT, KINDS_COUNT, KIND_NAME, ID_NAME, DOUBT_TEXTS, DOUBT_ENDS) = range(20)  # fmt: skip


def words_of(tables: Tables, kind_name: int, id_name: int) -> NDArray[np.int64]:
    """Return what kernels take of the tables, which whoever passes it keeps alive."""
    words = [array.ctypes.data for array in tables]
    words += [len(tables.name_ends) - 1, len(tables.kind_ends) - 1, kind_name, id_name]
    return np.array([*words, _DOUBTS.ctypes.data, _DOUBT_ENDS.ctypes.data], np.int64)


def room_before(names_count: int) -> Places:
    """Return room for what `fields` notes of the line before.

    Its names, a place that is none, which is asked for where a line has them all and goes on, and its kind.
    """
    return np.zeros(names_count + 2, np.int32)


@kernel()
def word_at(words, place):
    return np.int64(load64(words + 8 * place))


@kernel()
def span_at(spans, place):
    """Return where a value begins, or ends, or -1."""
    return np.int64(np.int32(load32(spans + 4 * place)))


@kernel()
def _spaces(data, at, end):
    while at < end and (load8(data + at) == 32 or load8(data + at) == 9 or load8(data + at) == 13):
        at += 1
    return at


@kernel()
def _is_blank(data, at, end):
    while at < end and (load8(data + at) == 32 or 9 <= load8(data + at) <= 13):
        at += 1
    return at == end


@kernel()
def _line_end(data, at, end):
    while at < end and load8(data + at) != LINE_END:
        at += 1
    return at


@kernel()
def _text_end(data, at, end):
    """Return where a plain text ends that begins at `at`, or -1."""
    # Eight at a time, while all are plain: a bit is set of the first one that is not.
    while at + 8 <= end:
        word = load64_anywhere(data + at)
        quotes, marks, last = word ^ _QUOTES, word ^ _BACKSLASHES, word ^ _DELETES
        odd = (word - _SPACES) & ~word | (quotes - _ONES) & ~quotes | (marks - _ONES) & ~marks
        if (odd | (last - _ONES) & ~last | word) & _HIGHEST:
            break
        at += 8
    while at < end:
        char = load8(data + at)
        if char == _QUOTE:
            return at
        if char < 32 or char > 126 or char == 92:
            return -1
        at += 1
    return -1


@kernel()
def _is_text(data, start, end, texts, ends, place):
    """Return whether this is the text of a place."""
    first = word_at(ends, place)
    length = end - start
    if length != word_at(ends, place + 1) - first:
        return False
    offset = 0
    while offset < length and load8(data + start + offset) == load8(texts + first + offset):
        offset += 1
    return offset == length


@kernel()
def _found(data, start, end, texts, ends, count):
    """Return which of the texts this is, or -1."""
    for place in range(count):
        if _is_text(data, start, end, texts, ends, place):
            return place
    return -1


@kernel()
def _name(data, at, end, words, guess):
    """Return which name stands at `at`, or -1, and where it ends."""
    names, ends = word_at(words, NAMES), word_at(words, NAME_ENDS)
    stop = at + word_at(ends, guess + 1) - word_at(ends, guess)
    if stop < end and load8(data + stop) == _QUOTE and _is_text(data, at, stop, names, ends, guess):
        return guess, stop
    stop = _text_end(data, at, end)
    return (_found(data, at, stop, names, ends, word_at(words, NAMES_COUNT)) if stop >= 0 else -1), stop


@kernel()
def fields(data, at, end, words, before, spans):
    """Note where the value of each field of a line stands; return where the line ends, -1 where it is of another form.

    `before` are the names of the line before, in their order: of thousands of lines nearly all have the same.
    """
    count = word_at(words, NAMES_COUNT)
    for name in range(count):
        store32(spans + 4 * name, _NOWHERE)
    at = _spaces(data, at, end)
    if at >= end or load8(data + at) != OPEN:
        return -1
    place = 0
    while True:
        at = _spaces(data, at + 1, end)
        if at >= end or load8(data + at) != _QUOTE:
            return -1
        name, stop = _name(data, at + 1, end, words, span_at(before, place))
        if name < 0 or span_at(spans, name) >= 0:
            return -1
        store32(before + 4 * place, name)
        place += 1
        at = _spaces(data, stop + 1, end)
        if at >= end or load8(data + at) != _COLON:
            return -1
        at = _spaces(data, at + 1, end)
        if at >= end or load8(data + at) != _QUOTE:
            return -1
        stop = _text_end(data, at + 1, end)
        if stop < 0:
            return -1
        store32(spans + 4 * name, at + 1)
        store32(spans + 4 * (count + name), stop)
        at = _spaces(data, stop + 1, end)
        if at >= end:
            return -1
        if load8(data + at) == CLOSE:
            at = _spaces(data, at + 1, end)
            return at if at == end or load8(data + at) == LINE_END else -1
        if load8(data + at) != _COMMA:
            return -1


@kernel()
def _is_code(data, start, end, codes, first, last):
    """Return whether a text of one to three characters is among the codes, which are in order."""
    if not 1 <= end - start <= 3:
        return False
    word = np.uint32(0)
    for at in range(start, end):
        word = (word << np.uint32(8)) | np.uint32(load8(data + at))
    behind = last
    while first < last:
        middle = (first + last) >> 1
        if load32(codes + 4 * middle) < word:
            first = middle + 1
        else:
            last = middle
    return first < behind and load32(codes + 4 * first) == word


@kernel()
def _fold(data, start, end, table, length_max, keys, filled):
    """Write the key of an identifier; return where it ends, or -1 where the identifier is not plain.

    `table` gives a character's folded form, 1 for one that is left out, 0 for one that is not plain.
    """
    if end - start > length_max or end == start:
        return -1
    begun = filled
    for at in range(start, end):
        folded = load8(table + load8(data + at))
        if folded == 0:
            return -1
        if folded != 1:
            store8(keys + filled, folded)
            filled += 1
    return filled if filled > begun else -1


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
        if load8(table + load8(data + at)) == 1:
            continue
        char = _upper(load8(data + at))
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
        digit = np.int64(load8(keys + filled - 1 - place)) - 48
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
def _identifier(data, start, end, words, detail, keys, filled):
    """Write the key of an identifier, a zero behind it; return where that ends, or -1, and the doubt about it."""
    ends, limits = word_at(words, PREFIX_ENDS), word_at(words, LIMITS) + 16 * detail
    first, last = word_at(ends, detail), word_at(ends, detail + 1)
    copy(keys + filled, word_at(words, PREFIXES) + first, last - first)
    filled += last - first
    table, form, doubt = word_at(words, TABLES) + 128 * detail, word_at(limits, 1), NO_DOUBT
    ended = _fold(data, start, end, table, word_at(limits, 0), keys, filled)
    if ended >= 0 and form != GENERAL:
        ended, doubt = _formed(data, start, end, table, form, keys, filled, ended)
    if ended < 0:
        return -1, NO_DOUBT
    store8(keys + ended, 0)
    return ended + 1, doubt


@kernel()
def keys_of(data, kind, spans, words, keys, filled):
    """Write the exact keys of a line; return where they end, or -1 where a value is not plain, and its doubt."""
    begun, doubt, count = filled, NO_DOUBT, word_at(words, NAMES_COUNT)
    rules, details = word_at(words, RULES) + 8 * count * kind, word_at(words, DETAILS) + 8 * count * kind
    for name in range(count):
        start, end = span_at(spans, name), span_at(spans, count + name)
        if start < 0:
            continue
        rule, detail = word_at(rules, name), word_at(details, name)
        if rule == IDENTIFIER:
            filled, found = _identifier(data, start, end, words, detail, keys, filled)
            if filled < 0 or (found and doubt):
                return -1, NO_DOUBT
            doubt = max(doubt, found)
        elif rule == CODE:
            ends = word_at(words, CODE_ENDS)
            if not _is_code(
                data, start, end, word_at(words, CODES), word_at(ends, detail), word_at(ends, detail + 1)
            ):
                return -1, NO_DOUBT
        elif rule == OWN_ID:
            if not 1 <= end - start <= 200 or load8(data + start) == 32 or load8(data + end - 1) == 32:
                return -1, NO_DOUBT
        elif rule == LABEL:
            if end - start > LABEL_MAX or _is_blank(data, start, end):
                return -1, NO_DOUBT
        elif rule != NAME_OF_KIND:
            return -1, NO_DOUBT
    return (filled if filled > begun else -1), doubt


@kernel()
def kind_of(data, spans, words, guess):
    name, kinds, ends = word_at(words, KIND_NAME), word_at(words, KINDS), word_at(words, KIND_ENDS)
    start, end = span_at(spans, name), span_at(spans, word_at(words, NAMES_COUNT) + name)
    if start < 0 or _is_text(data, start, end, kinds, ends, guess):
        return guess if start >= 0 else -1
    return _found(data, start, end, kinds, ends, word_at(words, KINDS_COUNT))


@kernel()
def scan(
    data: Bytes,
    words: int,
    before: Places,
    lines: Whole,
    states: Whole,
    asked: Whole,
    doubted: Whole,
    spans: Places,
    keys: Bytes,
    key_lines: Whole,
) -> tuple[int, int, int]:
    """Read all lines; return how many there are, how many keys, and how many bytes the keys have.

    `before` is a `room_before`. `lines` gets where each begins and ends, `states` whether it is plain, `asked` its kind, `doubted` the doubt
    about it, `spans` where its values begin and end, `keys` the exact keys, each ended by a zero byte, and `key_lines`
    the line of each. Empty lines are none.
    """
    text, size = address_of(data), data.size
    places, built, names = address_of(spans), address_of(keys), address_of(before)
    count, keys_count, filled, at, kind = 0, 0, 0, 0, 0
    while at < size:
        held = places + 8 * spans.shape[2] * count
        end = fields(text, at, size, words, names, held)
        is_formed = 0 <= end <= at + LINE_BYTES_MAX
        if end < 0:
            end = _line_end(text, at, size)
        if is_formed or not _is_blank(text, at, end):
            lines[count, 0], lines[count, 1], states[count], asked[count] = at, end, OTHER, -1
            found = kind_of(text, held, words, kind) if is_formed else -1
            if found >= 0:
                kind = found
                ended, doubted[count] = keys_of(text, kind, held, words, built, filled)
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
