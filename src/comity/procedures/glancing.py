"""Checks by number, many at a time: read, looked up, answered and logged in compiled code where they find nothing.

    lines -> plain? -> exact keys -> index, all at once -> nothing found -> answers and entries, as bytes

What is plain is read off the kinds' own declarations: an identifier is folded by a table that its type's own key
function fills, a code is one of those that its type's own parser takes, a label is any text. VINs and IMEIs have
their lengths and check digits in compiled code too. Whatever else a line holds, and whatever finds a candidate, is left
to the complete way; a test holds the two to the same bytes.
"""

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import product
from string import ascii_uppercase, digits
from typing import Final, NamedTuple, TypeAlias

import msgspec
import numpy as np
from msgspec import structs
from numpy.typing import NDArray

from comity.access.acts import Act
from comity.access.decide import Grant, authorise
from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.audit.entries import encode, new_nonce
from comity.compiled import direct
from comity.errors import MalformedError, RefusedError
from comity.index.exact import exact_key
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.kernels import answers as answering
from comity.procedures.kernels import lines as kernels
from comity.procedures.kernels import single
from comity.records.fieldtype import Comparison, FieldType, Json, no_doubts
from comity.records.handling import Purpose
from comity.records.kind import Question
from comity.records.kinds import KINDS
from comity.records.types.identifier import ASCII_FORM, IDENTIFIER_MAX, compact, parse_identifier
from comity.records.types.objects.device import imei_doubts, parse_imei
from comity.records.types.objects.plate import PLATE_MAX, parse_plate
from comity.records.types.objects.vehicle import parse_vin, vin_doubts
from comity.records.types.text import parse_line

_LETTERS: Final = np.frombuffer(
    (ascii_uppercase + ascii_uppercase.lower() + digits + "+/").encode(), np.uint8
)
# Neither can stand in a text, whose quotation marks would be escaped.
_NO_NONCE: Final = b'"nonce":"' + base64.b64encode(bytes(16))
_NO_QUERY: Final = b'"query":{"":""}'
_NO_KIND: Final = b'"kind":""'


@dataclass(frozen=True, slots=True)
class Glanced:
    """What a glance at some lines has shown.

    `answers` and `entries` are of the lines that are settled, each with its line end; the answer to line n is
    `answers[ends[n - 1] : ends[n]]`. `left` are the places of those that are not settled, in order.
    """

    lines: NDArray[np.int64]
    answers: bytes
    ends: NDArray[np.int64]
    entries: bytes
    left: Sequence[int]
    counts: Mapping[str, int]

    def left_of(self, data: bytes) -> list[bytes]:
        """Return the lines that are not settled."""
        return [data[self.lines[place, 0] : self.lines[place, 1]] for place in self.left]

    def with_answers(self, others: Sequence[bytes]) -> bytes:
        """Return the answers to all lines in order, those to `left` being given."""
        if not self.left:
            return self.answers
        parts: list[bytes] = []
        done = 0
        for place, answer in zip(self.left, others, strict=True):
            end = int(self.ends[place])
            parts += [self.answers[done:end], answer, b"\n"]
            done = end
        return b"".join([*parts, self.answers[done:]])


@dataclass(frozen=True, slots=True)
class _Plain:
    """What of the kinds' declarations is plain, as the kernels take it."""

    kinds: tuple[str, ...]
    names_count: int
    tables: kernels.Tables
    words: NDArray[np.int64]
    context: int
    """The address of `words`, which hold those of the tables."""
    key_bytes_max: int


_Parse: TypeAlias = Callable[[Json, str], Json]
_Doubts: TypeAlias = Callable[[Json], tuple[str, ...]]
_FORMS: Final[dict[tuple[_Parse, _Doubts], tuple[int, int]]] = {
    (parse_identifier, no_doubts): (IDENTIFIER_MAX, kernels.GENERAL),
    (parse_plate, no_doubts): (PLATE_MAX, kernels.GENERAL),
    (parse_vin, vin_doubts): (IDENTIFIER_MAX, kernels.VIN),
    (parse_imei, imei_doubts): (IDENTIFIER_MAX, kernels.IMEI),
}
"""The forms of identifiers that are compiled, each behind its longest value, by how their types read and doubt."""


def _is_identifier(question: Question) -> bool:
    of = question.type
    return question.finds and (of.parse, of.doubts) in _FORMS


def _is_label(question: Question) -> bool:
    of = question.type
    return not question.finds and of.parse is parse_line and of.doubts is no_doubts


def _is_code(question: Question) -> bool:
    of = question.type
    return not question.finds and of.comparison is Comparison.CODE and of.doubts is no_doubts


@cache
def _codes(of: FieldType) -> tuple[int, ...]:
    """Return the short codes that a type takes, as numbers, in order."""
    taken: list[int] = []
    for length in (1, 2, 3):
        letters = ascii_uppercase + (digits if length == 2 else "")
        for word in map("".join, product(letters, repeat=length)):
            try:
                of.parse(word, "")
            except MalformedError:
                continue
            taken.append(int.from_bytes(word.encode(), "big"))
    return tuple(sorted(taken))


def _table(of: FieldType) -> NDArray[np.uint8]:
    """Return the folded form of each character of a plain identifier; see `kernels._fold`."""
    table = np.zeros(128, np.uint8)
    for code in range(32, 127):
        char = chr(code)
        if not ASCII_FORM.fullmatch(f"A{char}"):
            continue
        folded = compact(char) if of.parse is parse_imei else of.key(char)
        assert len(folded) <= 1, "a character folds into one"
        if of.parse is parse_imei and folded.isalpha():
            continue
        table[code] = ord(folded) if folded else 1
    return table


@cache
def _plain() -> _Plain:
    asked = {code: kind for code, kind in KINDS.items() if any(map(_is_identifier, kind.questions))}
    plain = [
        one
        for kind in asked.values()
        for one in kind.questions
        if _is_identifier(one) or _is_code(one) or _is_label(one)
    ]
    names = sorted({"id", "kind", *(one.name for one in plain)})
    finding = list(dict.fromkeys((one.type, one.meaning) for one in plain if one.finds))
    types = list(dict.fromkeys(one.type for one in plain if _is_code(one)))
    rules = np.zeros((len(asked), len(names)), np.int64)
    details = np.zeros_like(rules)
    for row, kind in enumerate(asked.values()):
        rules[row, names.index("id")] = kernels.OWN_ID
        rules[row, names.index("kind")] = kernels.NAME_OF_KIND
        for one in kind.questions:
            place = names.index(one.name) if one.name in names else -1
            if _is_identifier(one):
                rules[row, place] = kernels.IDENTIFIER
                details[row, place] = finding.index((one.type, one.meaning))
            elif _is_code(one):
                rules[row, place], details[row, place] = kernels.CODE, types.index(one.type)
            elif _is_label(one):
                rules[row, place] = kernels.LABEL
    codes = [_codes(of) for of in types]
    prefixes = [exact_key(meaning, "") for _, meaning in finding]
    as_bytes = [name.encode() for name in names]
    heads = [b',"%b":"' % name for name in as_bytes]
    doubting = {one.name for one in plain if one.type.doubts is not no_doubts}
    assert doubting == {code.partition("-")[0] for code in kernels.DOUBTS if code}, "as doubts are shown"
    tables = kernels.Tables(
        *_joined(as_bytes),
        *_joined([code.encode() for code in asked]),
        rules,
        details,
        np.stack([_table(of) for of, _ in finding]),
        np.array([_FORMS[of.parse, of.doubts] for of, _ in finding], np.int64),
        np.array([code for some in codes for code in some], np.uint32),
        np.cumsum([0, *map(len, codes)]),
        *_joined(prefixes),
        *_joined(heads),
    )
    words = kernels.words_of(tables, names.index("kind"), names.index("id"))
    longest = max(map(len, prefixes))
    return _Plain(tuple(asked), len(names), tables, words, words.ctypes.data, longest + 1)


def _joined(texts: list[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    return np.frombuffer(b"".join(texts), np.uint8), np.cumsum([0, *map(len, texts)])


def glance_at(data: bytes, officer: Officer, purpose: Purpose | None, desk: Desk) -> Glanced:
    """Return what the index alone settles of these lines; nothing where the officer may not check for the purpose.

    The caller has made sure that the index is level with the registry. Asks no database.
    """
    scanned, keys, key_lines = _scanned(data)
    try:
        grant = authorise(officer, Act.CHECK, purpose)
    except RefusedError:
        count = len(scanned.lines)
        return Glanced(scanned.lines, b"", np.zeros(count, np.int64), b"", range(count), {})
    if len(key_lines):
        found = desk.index.found_among(keys, len(key_lines), grant)
        scanned.states[key_lines[found]] = kernels.OTHER
    return _written(np.frombuffer(data, np.uint8), grant, desk, scanned)


class _Scanned(NamedTuple):
    """What reading some lines has shown of each; see `kernels.scan`."""

    lines: NDArray[np.int64]
    states: NDArray[np.int64]
    asked: NDArray[np.int64]
    doubted: NDArray[np.int64]
    spans: NDArray[np.int32]


def _scanned(data: bytes) -> tuple[_Scanned, bytes, NDArray[np.int64]]:
    """Read these lines; return what that has shown, the keys to look up, and the line of each."""
    plain = _plain()
    most = data.count(b"\n") + 1
    lines, spans = np.empty((most, 2), np.int64), np.empty((most, 2, plain.names_count), np.int32)
    states, asked, doubted = (np.empty(most, np.int64) for _ in range(3))
    # Each key is a value of its line, folded, behind what it means.
    keys = np.empty(len(data) + plain.names_count * most * plain.key_bytes_max, np.uint8)
    key_lines = np.empty(plain.names_count * most, np.int64)
    before = kernels.room_before(plain.names_count)
    raw = np.frombuffer(data, np.uint8)
    count, keys_count, filled = kernels.scan(
        raw, plain.context, before, lines, states, asked, doubted, spans, keys, key_lines
    )
    scanned = _Scanned(lines[:count], states[:count], asked[:count], doubted[:count], spans)
    return scanned, keys[:filled].tobytes(), key_lines[:keys_count]


class Read(NamedTuple):
    """What some lines ask: the kind of each, None where it is not plain; the exact keys, and the line of each."""

    kinds: list[str | None]
    keys: list[bytes]
    key_lines: NDArray[np.int64]


def read_plain(data: bytes) -> Read:
    """Return what these lines ask, none of which may be empty, without looking anything up."""
    scanned, keys, key_lines = _scanned(data)
    codes = (*_plain().kinds, None)  # the kind of a line that is not plain is -1
    return Read([codes[one] for one in scanned.asked.tolist()], keys.split(b"\0")[:-1], key_lines)


def _written(raw: NDArray[np.uint8], grant: Grant, desk: Desk, scanned: _Scanned) -> Glanced:
    plain, (lines, states, asked, doubted, spans) = _plain(), scanned
    count = len(lines)
    parts, part_ends = _parts(grant, desk)
    tail = _tail(desk.index.as_of(grant))
    answers = np.empty(len(raw) + count * (len(tail) + 16 + kernels.DOUBT_BYTES_MAX), np.uint8)
    entries = np.empty(2 * len(raw) + count * (len(parts) + 64), np.uint8)
    ends = np.empty(count, np.int64)
    nonces = np.frombuffer(os.urandom(16 * count), np.uint8)
    logged = answering.write(raw, plain.context, states, asked, doubted, spans, parts, part_ends, nonces,
                           _LETTERS, tail, answers, ends, entries)  # fmt: skip
    settled = np.bincount(asked[states == kernels.PLAIN], minlength=len(plain.kinds)).tolist()
    return Glanced(
        lines,
        answers[: ends[-1] if count else 0].tobytes(),
        ends,
        entries[:logged].tobytes(),
        np.flatnonzero(states == kernels.OTHER).tolist(),
        {kind: one for kind, one in zip(plain.kinds, settled, strict=True) if one},
    )


_SIZES: Final = (1 << single.SIZE_BITS) - 1
_LINE_BYTES: Final = 1024
"""A single check is glanced at up to this length; hardly any that is plain is longer."""


class Glancer:
    """Glances at one line at a time, in arrays of its own. For one thread."""

    def __init__(self) -> None:
        self._plain = plain = _plain()
        self._keys = np.empty(_LINE_BYTES + plain.names_count * plain.key_bytes_max, np.uint8)
        self._spans = np.empty((2, plain.names_count), np.int32)
        self._before = kernels.room_before(plain.names_count)
        answer, entry = np.empty(2 * _LINE_BYTES, np.uint8), np.empty(16 * _LINE_BYTES, np.uint8)
        self._answer, self._entry = answer.data, entry.data
        rooms = self._spans, self._keys, self._before, _LETTERS, answer, entry
        self._room = np.array([*(one.ctypes.data for one in rooms), 0, 0], np.int64)
        self._room_at = int(self._room.ctypes.data)
        self._as_of, self._tail = -1, np.empty(0, np.uint8)
        self._settle: Callable[..., int] | None = None

    def glance(
        self, line: bytes, officer: Officer, purpose: Purpose | None, desk: Desk
    ) -> tuple[str, bytes, bytes] | None:
        """Return kind, answer and entry of a plain check that finds nothing; None for any other line."""
        if not line or len(line) > _LINE_BYTES:
            return None
        try:
            grant = authorise(officer, Act.CHECK, purpose)
        except RefusedError:
            return None
        at = desk.clock()
        moment = _moment(at)
        parts = _parts_at(grant, at, moment)
        if len(parts.text) > 8 * _LINE_BYTES:
            return None
        # Before it is looked: what is followed meanwhile is not said to have been seen.
        self._say(desk.index.as_of(grant))
        exact, admitted = desk.index.exact_for(grant)
        settle = self._settle
        if settle is None:
            settle = self._settle = direct(single.settle)
        made = settle(
            line,
            new_nonce() + moment,
            self._room_at,
            parts.context,
            self._plain.context,
            exact.context,
            admitted,
        )
        if made == single.NOT_SETTLED:
            return None
        answered, logged = made >> single.SIZE_BITS & _SIZES, made & _SIZES
        kind = self._plain.kinds[made >> 2 * single.SIZE_BITS]
        return kind, self._answer[:answered].tobytes(), self._entry[:logged].tobytes()

    def _say(self, as_of: int) -> None:
        """Have answers say which changes they have seen."""
        if as_of != self._as_of:
            self._as_of, self._tail = as_of, _tail(as_of)
            self._room[single.TAIL], self._room[single.TAIL_SIZE] = self._tail.ctypes.data, len(self._tail)


def _tail(as_of: int) -> NDArray[np.uint8]:
    """Return what an answer has after its `id`, and its line end."""
    return np.frombuffer(b',"outcome":"no_hit","as_of":%d,"hits":[]}\n' % as_of, np.uint8)


@dataclass(slots=True)
class _Parts:
    """The pieces of an entry around its nonce and its query, for each kind; and where its moment stands in each."""

    officer: Officer
    text: NDArray[np.uint8]
    ends: NDArray[np.int64]
    moments: NDArray[np.int64]
    held: tuple[NDArray[np.int64], ...]
    context: int
    """Where the addresses of all this stand, for `single.settle`; `held` is what they lead to."""


_known_parts: Final[dict[tuple[int, Purpose | None], _Parts]] = {}
"""By the officer's identity: `_Parts` holds the officer, so that no other takes the same one meanwhile."""

_PARTS_MAX: Final = 2_000


def _parts(grant: Grant, desk: Desk) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return the pieces at this moment. What is returned holds until the next call."""
    at = desk.clock()
    moment = _moment(at)
    known = _parts_at(grant, at, moment)
    known.text[known.moments] = np.frombuffer(moment, np.uint8)
    return known.text, known.ends


def _parts_at(grant: Grant, at: datetime, moment: bytes) -> _Parts:
    """Return the pieces for an officer's purpose, the moment in them being any of the same length."""
    key = id(grant.officer), grant.purpose
    known = _known_parts.get(key)
    if known is None or len(moment) != known.moments.shape[1]:
        known = _new_parts(grant, at, moment)
        if len(_known_parts) >= _PARTS_MAX:
            _known_parts.clear()
        _known_parts[key] = known
    return known


def _moment(at: datetime) -> bytes:
    return msgspec.json.encode(at)


def _new_parts(grant: Grant, at: datetime, moment: bytes) -> _Parts:
    entry = entry_of(grant.officer, Act.CHECK, at, "no_hit", purpose=grant.purpose, kind="", query={"": ""})
    body = encode(structs.replace(entry, nonce=bytes(16)))
    pieces: list[bytes] = []
    starts: list[int] = []
    within: list[int] = []
    for kind in _plain().kinds:
        whole = body.replace(_NO_KIND, b'"kind":"%s"' % kind.encode())
        head, _, rest = whole.partition(_NO_NONCE)
        middle, _, tail = rest.partition(_NO_QUERY)
        within.append(head.index(b'"at":' + moment) + len(b'"at":'))
        starts.append(sum(map(len, pieces)) + within[-1])
        pieces += [head + b'"nonce":"', middle + b'"query":', tail]
    moments = np.array(starts)[:, None] + np.arange(len(moment))
    text = np.frombuffer(b"".join(pieces), np.uint8).copy()
    ends, firsts = np.cumsum([0, *map(len, pieces)]), np.array(within)
    words = np.array([one.ctypes.data for one in (text, ends, firsts)], np.int64)
    return _Parts(grant.officer, text, ends, moments, (firsts, words), int(words.ctypes.data))


_WARMING: Final = b'{"id":"1","kind":"firearm","serial":"X"}'


def prepare(desk: Desk) -> None:
    """Compile what a glance needs, or read it from a cache, before the first check has to wait for it."""
    officer = Officer("warm-up", Bureau("XXX", 0, "organisation"), role_named("officer"), door="node")
    glance_at(_WARMING, officer, Purpose.BORDER, desk)
    Glancer().glance(_WARMING, officer, Purpose.BORDER, desk)
    _known_parts.clear()
