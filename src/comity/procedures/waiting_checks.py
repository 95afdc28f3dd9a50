"""Checks of the log begin to wait for records to come, as keyed digests of what they ask.

    lines of the log -> plain? -> exact keys, all at once -> digests -> runs, for the days that a bureau allows
                     -> any other, one by one: parsed, its numbers, the sounds of its names -> the same runs

Nearly all that a node is asked is plain, as `glancing` reads it. What a line waits for is the same either way.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec
import numpy as np

from comity.access.acts import Act
from comity.audit.entries import Entry, decode
from comity.audit.lines import DAY_US, EPOCH_DAY, microseconds
from comity.errors import MalformedError
from comity.names import parse_name
from comity.names.forms import forms_of
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
    numbers = check.keys()
    terms = [Term(desk.registry.number(_SOUGHT, *key), -1, 1) for key in numbers]
    for _meaning, text in check.names():
        words = _sounds(text)
        needed = min(2, len(words))
        terms += [
            Term(desk.registry.number(_SOUGHT, "name", sound), place, needed)
            for place, sounds in enumerate(words)
            for sound in sounds
        ]
    return terms


def digests_of(held: HeldRecord, desk: Desk) -> list[int]:
    """Return the digests by which waiting checks ask for a record."""
    terms = search_terms(held.record.kind, held.record.data)
    sounds = {sound for _, text in terms.names for word in _sounds(text) for sound in word}
    numbers = [desk.registry.number(_SOUGHT, *key) for key in terms.keys]
    return numbers + [desk.registry.number(_SOUGHT, "name", sound) for sound in sorted(sounds)]


def digest_of(meaning: str, key: str, desk: Desk) -> int:
    """Return the digest by which waiting checks ask for a number."""
    return desk.registry.number(_SOUGHT, meaning, key)


def _sounds(text: str) -> list[frozenset[str]]:
    """Return the sound skeletons of each word of a name, in its likeliest spellings."""
    try:
        words = parse_name(text).core
    except MalformedError:
        return []
    found = [_sounds_of(word.text, word.script) for word in words]
    return [sounds for sounds in found if sounds]


@lru_cache(maxsize=WORDS_KEPT)
def _sounds_of(word: str, script: str) -> frozenset[str]:
    return frozenset(skeleton(form.text) for form in forms_of(word, script)[:FORMS_MAX])


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
    by_number, others = _by_number(lines, said, desk) if len(lines) >= AT_ONCE_MIN else (NO_NUMBERS, lines)
    waiting = [made for line in others if (made := _waiting(line, said[line.bureau], desk))]
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
    lines: Sequence[LoggedCheck], said: Mapping[str, Duty], desk: Desk
) -> tuple[ByNumber, list[LoggedCheck]]:
    """Return what the plain ones of these lines wait for, and the lines that are not plain."""
    read = read_plain(b"\n".join([_query_line(line.body) for line in lines]))
    days = _Days(said)
    asked = [(line.bureau, line.purpose, kind) for line, kind in zip(lines, read.kinds, strict=True)]
    made_us = np.array([line.at_us for line in lines], np.int64)
    allowed = np.array([days[one] for one in asked], np.int64)
    until_us = made_us + DAY_US * allowed
    is_waiting = (allowed >= 0) & (until_us > microseconds(desk.clock()))
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

    def __missing__(self, asked: tuple[str, str | None, str | None]) -> int:
        bureau, purpose, kind = asked
        self[asked] = days_for(self._said[bureau], Purpose(purpose), kind) if purpose and kind else -1
        return self[asked]


def _waiting(line: LoggedCheck, duty: Duty, desk: Desk) -> Earlier | None:
    """Return what a line waits for, read as a whole; None where it waits for nothing."""
    entry = decode(line.body)
    purpose = Purpose(entry.purpose) if entry.purpose else None
    if purpose is None:
        return None
    longest = max(days_for(duty, purpose), *duty.kinds.values(), 0)
    if entry.at + timedelta(days=longest) <= desk.clock():
        return None
    check = check_stated(query_of(entry))
    if check is None or (until := waits_until(entry, check, duty)) <= desk.clock():
        return None
    return Earlier(line.seq, until.date(), terms_of(check, desk))


def query_of(entry: Entry) -> Mapping[str, object]:
    """Return what a line asked, with its kind: a partner's line does not repeat that it asks for a document."""
    return entry.query if entry.kind is None else {"kind": entry.kind, **entry.query}


def waits_until(entry: Entry, check: Check, duty: Duty) -> datetime:
    """Return until when a check that was made waits, by what its bureau says today."""
    assert entry.purpose is not None, "a check was made for a purpose, or waits for nothing"
    return entry.at + timedelta(days=days_for(duty, Purpose(entry.purpose), check.kind.code))
