"""Checks of the log begin to wait for records to come, as keyed digests of what they ask.

    lines of the log -> plain? -> exact keys, all at once -> digests -> runs, for the days that a bureau allows
                     -> any other, one by one: parsed, its numbers, the sounds of its names -> the same runs

Nearly all that a node is asked is plain, as `glancing` reads it. What a line waits for is the same either way.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec
import numpy as np

from comity.access.acts import Act
from comity.audit.entries import Entry
from comity.audit.lines import DAY_US, EPOCH_DAY, microseconds
from comity.errors import MalformedError
from comity.names.forms import forms_of
from comity.names.parts import core_words, parse_words
from comity.names.readings.skeleton import skeleton
from comity.procedures.desk import Desk
from comity.procedures.distinctions import check_stated
from comity.procedures.duties import days_for
from comity.procedures.glancing import read_plain
from comity.records.check import Check
from comity.records.handling import Purpose
from comity.records.kind import search_terms
from comity.records.record import HeldRecord
from comity.registry import duties, earlier, positions
from comity.registry.duties import Duty
from comity.registry.earlier import NO_NUMBERS, ByNumber, Earlier, LoggedCheck, Term

LINES_MAX: Final = 4096
"""Lines of the log whose checks begin to wait in one transaction."""

AT_ONCE_MIN: Final = 256
"""Fewer lines are read one by one: compiled code takes most of a second to load, and a hundred megabytes."""

GATHER_WITHIN_S: Final = 0.3
"""For so long, of each second, a node gathers checks: what a busy hour leaves is gathered when it is less busy."""

CHECKING: Final = (Act.CHECK.value, Act.PARTNER_CHECK.value)
"""The acts whose lines wait for records to come. Of a partner's check its national bureau is told."""

FORMS_MAX: Final = 4

WORDS_KEPT: Final = 8192
"""So many words are kept with their sounds: those of names come again and again."""

_SOUGHT: Final = "sought"


def terms_of(check: Check, desk: Desk) -> list[Term]:
    """Return the digests of what a check asks: each number, and each word of its name by how it sounds."""
    sought = _sought_by(check)
    digests = desk.registry.numbers(_SOUGHT, [one.key for one in sought]).tolist()
    return [Term(digest, one.word, one.words) for digest, one in zip(digests, sought, strict=True)]


class _Sought(NamedTuple):
    """A term before it is a digest: what is hashed, which word of the name it is, and how many have to agree."""

    key: bytes
    word: int
    words: int


def _sought_by(check: Check) -> list[_Sought]:
    numbers = check.keys()
    sought = [_Sought("\x1f".join(key).encode("utf-8", "replace"), -1, 1) for key in numbers]
    for _meaning, text in check.names():
        words = _sounds(text)
        needed = min(2, len(words))
        sought += [_Sought(key, place, needed) for place, keys in enumerate(words) for key in keys]
    return sought


def digests_of(held: HeldRecord, desk: Desk) -> list[int]:
    """Return the digests by which waiting checks ask for a record."""
    terms = search_terms(held.record.kind, held.record.data)
    sounds = {sound for _, text in terms.names for word in _sounds(text) for sound in word}
    numbers = [desk.registry.number(_SOUGHT, *key) for key in terms.keys]
    found: list[int] = desk.registry.numbers(_SOUGHT, sorted(sounds)).tolist()
    return numbers + found


def digest_of(meaning: str, key: str, desk: Desk) -> int:
    """Return the digest by which waiting checks ask for a number."""
    return desk.registry.number(_SOUGHT, meaning, key)


def _sounds(text: str) -> list[tuple[bytes, ...]]:
    """Return the keys of the sounds of each word of a name, in its likeliest spellings."""
    try:
        words = core_words(parse_words(text))
    except MalformedError:
        return []
    found = [_sounds_of(word.text, word.script) for word in words]
    return [sounds for sounds in found if sounds]


@lru_cache(maxsize=WORDS_KEPT)
def _sounds_of(word: str, script: str) -> tuple[bytes, ...]:
    sounds = {skeleton(form.text) for form in forms_of(word, script)[:FORMS_MAX]}
    return tuple(f"name\x1f{sound}".encode("utf-8", "replace") for sound in sorted(sounds))


def gather_checks(desk: Desk) -> int:
    """Let the checks that are in the log by now wait for records to come; return how many begin to.

    After `GATHER_WITHIN_S` it leaves the rest for the next time.
    """
    end = time.monotonic() + GATHER_WITHIN_S
    count = 0
    while (made := _gather_some(desk)) is not None:
        count += made
        if time.monotonic() >= end:
            break
    return count


def _gather_some(desk: Desk) -> int | None:
    """Let the next checks of the log wait; return how many do, None where there are no more lines."""
    with desk.registry.read() as connection:
        start = positions.position(connection, positions.LOG_TO_CHECKS)
        lines, end = earlier.checks_after(connection, start, CHECKING, LINES_MAX)
        said = {bureau: duties.duty_of(connection, bureau) for bureau in {line.bureau for line in lines}}
    if end == start:
        return None
    days, now_us = _Days(said), microseconds(desk.clock())
    by_number, others = (
        _by_number(lines, days, now_us, desk) if len(lines) >= AT_ONCE_MIN else (NO_NUMBERS, lines)
    )
    waiting = _waiting(others, days, now_us, desk)
    with desk.registry.quietly() as connection:
        # Another process may have been here meanwhile.
        if positions.position(connection, positions.LOG_TO_CHECKS) != start:
            return 0
        earlier.add(connection, waiting, by_number)
        positions.move(connection, positions.LOG_TO_CHECKS, end)
    return len(waiting) + len(np.unique(by_number.lines))


class _Asked(msgspec.Struct):
    """What a line asked, as its bytes have it; the rest is read over."""

    kind: msgspec.Raw = msgspec.Raw(b"")
    query: msgspec.Raw = msgspec.Raw(b"{}")


_asked: Final = msgspec.json.Decoder(_Asked)


def _query_line(body: bytes) -> bytes:
    """Return what a line asked, with its kind, as a line of a batch has it."""
    asked = _asked.decode(body)
    query = bytes(asked.query)
    # Found inside a list or mapping, it is no plain line anyway; inside a text its quotation marks are escaped.
    return query if not asked.kind or b'"kind":' in query else b'{"kind":%b,%b' % (asked.kind, query[1:])


def _by_number(
    lines: Sequence[LoggedCheck], days: "_Days", now_us: int, desk: Desk
) -> tuple[ByNumber, list[LoggedCheck]]:
    """Return what the plain ones of these lines wait for, and the lines that are not plain."""
    read = read_plain(b"\n".join([_query_line(line.body) for line in lines]))
    asked = [(line.bureau, line.purpose, kind) for line, kind in zip(lines, read.kinds, strict=True)]
    made_us = np.array([line.at_us for line in lines], np.int64)
    allowed = np.array([days[one] for one in asked], np.int64)
    until_us = made_us + DAY_US * allowed
    is_waiting = (allowed >= 0) & (until_us > now_us)
    chosen = np.flatnonzero(is_waiting[read.key_lines])
    places = read.key_lines[chosen]
    by_number = ByNumber(
        np.array([line.seq for line in lines], np.int64)[places],
        until_us[places] // DAY_US + EPOCH_DAY,
        desk.registry.numbers(_SOUGHT, [read.keys[one] for one in chosen.tolist()]),
    )
    return by_number, [line for line, kind in zip(lines, read.kinds, strict=True) if kind is None]


class _Days(dict[tuple[str, str | None, str | None], int]):
    """For how many days checks wait, by bureau, purpose and kind; fewer than none where one of them is not known."""

    def __init__(self, said: Mapping[str, Duty]) -> None:
        self._said = said
        self._longest: dict[tuple[str, str], int] = {}

    def longest(self, bureau: str, purpose: str) -> int:
        """Return for how many days a check of any kind may wait."""
        found = self._longest.get((bureau, purpose))
        if found is None:
            duty = self._said[bureau]
            found = max(days_for(duty, Purpose(purpose)), *duty.kinds.values(), 0)
            self._longest[bureau, purpose] = found
        return found

    def __missing__(self, asked: tuple[str, str | None, str | None]) -> int:
        bureau, purpose, kind = asked
        self[asked] = days_for(self._said[bureau], Purpose(purpose), kind) if purpose and kind else -1
        return self[asked]


class _Stated(msgspec.Struct):
    """What is read of a line of the log that is asked as a whole; its form was tested when it was taken over."""

    kind: str | None = None
    query: Mapping[str, object] = {}


_stated: Final = msgspec.json.Decoder(_Stated)


def _waiting(lines: Sequence[LoggedCheck], days: "_Days", now_us: int, desk: Desk) -> list[Earlier]:
    """Return what these lines wait for, each read as a whole; those that wait for nothing are left out."""
    found: list[tuple[LoggedCheck, int, list[_Sought]]] = []
    for line in lines:
        if line.purpose is None or line.at_us + DAY_US * days.longest(line.bureau, line.purpose) <= now_us:
            continue
        stated = _stated.decode(line.body)
        check = check_stated(_with_kind(stated.kind, stated.query))
        if check is None:
            continue
        until_us = line.at_us + DAY_US * days[line.bureau, line.purpose, check.kind.code]
        if until_us > now_us:
            found.append((line, until_us // DAY_US + EPOCH_DAY, _sought_by(check)))
    # The words of names come again and again: each is hashed once for all lines.
    keys = list({one.key for _, _, sought in found for one in sought})
    digests = dict(zip(keys, desk.registry.numbers(_SOUGHT, keys).tolist(), strict=True))
    return [
        Earlier(
            line.seq, date.fromordinal(day), [Term(digests[key], word, words) for key, word, words in sought]
        )
        for line, day, sought in found
    ]


def query_of(entry: Entry) -> Mapping[str, object]:
    """Return what a line asked, with its kind: a partner's line does not repeat that it asks for a document."""
    return _with_kind(entry.kind, entry.query)


def _with_kind(kind: str | None, query: Mapping[str, object]) -> Mapping[str, object]:
    return query if kind is None else {"kind": kind, **query}


def waits_until(entry: Entry, check: Check, duty: Duty) -> datetime:
    """Return until when a check that was made waits, by what its bureau says today."""
    assert entry.purpose is not None, "a check was made for a purpose, or waits for nothing"
    return entry.at + timedelta(days=days_for(duty, Purpose(entry.purpose), check.kind.code))
