"""The keys by which words are found that stand beside records, or that records say no more.

    numbered changes -> versions that were replaced -> those that said what the next does not ┐
    hits of an earlier release -> those with notes  ·  requests of an earlier release         ┼ passages, numbered
    acts that note, propose, answer: in the act's own transaction                             ┘
    passages in order -> their words -> keyed digests, in blocks

The clock does this a while after, in pieces, each going on from its own durable place; each search first catches up.
Of an earlier version only what the next one said no more is kept: what both say is found where it stands now. Keys
are as those of messages and mentions. Only the controller's search asks for them.
"""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection

from comity.procedures.desk import Desk
from comity.procedures.mention_keys import Followed
from comity.procedures.message_keys import begin_anew, digests_of, keys_of
from comity.records.fieldtype import Json
from comity.records.hits import notes_of
from comity.records.kind import values
from comity.records.record import HeldRecord, Record, record_from_bytes
from comity.registry import histories, hits, holdings, owner_requests, passages, positions
from comity.registry.owner_requests import OwnerRequest
from comity.registry.passages import ASKED, FORMER, NOTE, Passage

CHANGES_MAX: Final = 500
PASSAGES_MAX: Final = 128
REQUESTS_MAX: Final = 1000
HITS_MAX: Final = 1000
"""So many hits are read at once, and the rest of those whose identifiers begin as theirs."""

STEP_S: Final = 0.2
"""So long one transaction's keys are made at most, one passage at least."""

FIRST_SIGNS: Final = "234567ABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""With these identifiers of hits begin: those of an earlier release are gone through sign by sign."""

_PAST_ALL: Final = "["
"""After every sign of an identifier."""


def texts_of(record: Record) -> list[str]:
    """Return what a record says by which it is found, or names others: names, numbers, free text."""
    kind = record.kind
    said = [*values(kind.searched, record.data), *values(kind.naming, record.data)]
    return list(dict.fromkeys(str(one.value) for one in said))


def texts_asked(request: OwnerRequest) -> list[str]:
    """Return what was written in a proposal or a request for access, and in the answer to it."""
    said: Json = msgspec.json.decode(request.said)
    written = (request.reason, request.answer or "")
    return [*(text for text in written if text), *_strings(said)]


def _strings(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def follow_within(desk: Desk, seconds: float) -> Followed:
    """Number passages and make their keys for so long at most, one step at least; return how far that has come."""
    begin_anew(positions.READINGS_OF_PASSAGES, _drop, desk)
    end = time.monotonic() + seconds
    while _step(desk) and time.monotonic() < end:
        pass
    with desk.registry.read() as connection:
        place = (
            positions.position(connection, positions.HITS_TO_PASSAGES),
            positions.position(connection, positions.REQUESTS_TO_PASSAGES),
            positions.position(connection, positions.CHANGES_TO_PASSAGES),
            positions.position(connection, positions.PASSAGES_TO_KEYS),
        )
        whole = (
            len(FIRST_SIGNS),
            owner_requests.last_number(connection),
            holdings.position(connection),
            passages.last_number(connection),
        )
    return Followed(sum(place), sum(whole))


def _drop(connection: Connection) -> None:
    """Drop the keys of all passages: they are made anew of those there are."""
    passages.drop_keys(connection)
    positions.move(connection, positions.PASSAGES_TO_KEYS, 0)


def _step(desk: Desk) -> bool:
    """Do the next piece of each work; return whether there was any."""
    done = [work(desk) for work in (_gather_hits, _gather_requests, _follow_changes, _make_keys)]
    return any(done)


def _gather_hits(desk: Desk) -> bool:
    """Number the notes on hits of an earlier release, of which no act of this one has done it."""
    with desk.registry.read() as connection:
        place = positions.position(connection, positions.HITS_TO_PASSAGES)
        if place >= len(FIRST_SIGNS):
            return False
        noted, end, read = list[str](), place, 0
        while end < len(FIRST_SIGNS) and read < HITS_MAX:
            some = hits.between(connection, FIRST_SIGNS[end], (FIRST_SIGNS + _PAST_ALL)[end + 1])
            noted += [hit.id for hit in some if notes_of(hit)]
            end, read = end + 1, read + len(some)
    with desk.registry.quietly() as connection:
        if positions.position(connection, positions.HITS_TO_PASSAGES) == place:
            _number(connection, NOTE, noted)
            positions.move(connection, positions.HITS_TO_PASSAGES, end)
    return True


def _gather_requests(desk: Desk) -> bool:
    """Number what was proposed and asked in an earlier release; of this one's there is nothing to do."""
    with desk.registry.read() as connection:
        place = positions.position(connection, positions.REQUESTS_TO_PASSAGES)
        page = owner_requests.ids_after(connection, place, REQUESTS_MAX)
    if not page:
        return False
    with desk.registry.quietly() as connection:
        if positions.position(connection, positions.REQUESTS_TO_PASSAGES) == place:
            _number(connection, ASKED, [one for _, one in page])
            positions.move(connection, positions.REQUESTS_TO_PASSAGES, page[-1][0])
    return True


def _number(connection: Connection, what: str, ones: Sequence[str]) -> None:
    known = passages.known(connection, ones)
    passages.add(connection, [Passage(what, one) for one in ones if one not in known])


def _follow_changes(desk: Desk) -> bool:
    """Number the versions that the next changes replaced, as far as they said what their successors do not."""
    with desk.registry.read() as connection:
        start, last = (
            positions.position(connection, positions.CHANGES_TO_PASSAGES),
            holdings.position(connection),
        )
        if start >= last:
            return False
        replaced, end = histories.replaced_after(connection, start, CHANGES_MAX)
    former = [
        Passage(FORMER, one.record, one.version) for one in replaced if said_no_more(one.before, one.after)
    ]
    with desk.registry.quietly() as connection:
        if positions.position(connection, positions.CHANGES_TO_PASSAGES) == start:
            # What was purged or erased meanwhile has no words: no key is made of it.
            passages.add(connection, former)
            positions.move(connection, positions.CHANGES_TO_PASSAGES, end or last)
    return True


def said_no_more(before: bytes, after: bytes) -> list[str]:
    """Return the texts of a version, as the registry keeps it, that the next one does not say."""
    if before == after:
        return []
    kept = set(texts_of(record_from_bytes(after)))
    return [text for text in texts_of(record_from_bytes(before)) if text not in kept]


def _make_keys(desk: Desk) -> bool:
    """Make keys of the next passages; return whether there were any."""
    with desk.registry.read() as connection:
        start = positions.position(connection, positions.PASSAGES_TO_KEYS)
        page = passages.after(connection, start, PASSAGES_MAX)
        if not page:
            return False
        said = _words(page, connection)
    digests: dict[int, Collection[int]] = {}
    stop, end = time.monotonic() + STEP_S, start
    for number in page:
        texts = said.get(number, ())
        digests[number] = digests_of(keys_of(texts), desk) if texts else ()
        end = number
        if time.monotonic() >= stop:
            break
    with desk.registry.quietly() as connection:
        if positions.position(connection, positions.PASSAGES_TO_KEYS) != start:
            return True  # another process was here meanwhile
        there = passages.at(connection, [*digests])
        passages.put(connection, {number: some for number, some in digests.items() if number in there})
        positions.move(connection, positions.PASSAGES_TO_KEYS, end)
    return True


def _words(page: Mapping[int, Passage], connection: Connection) -> dict[int, Sequence[str]]:
    """Return what each of these passages says; those without words, and purged ones, are left out."""
    of_version = {(one.one, one.version) for one in page.values() if one.what == FORMER}
    bodies = histories.said_by(connection, of_version | {(one, version + 1) for one, version in of_version})
    asked = {
        one.id: one
        for one in owner_requests.held_with(
            connection, [passage.one for passage in page.values() if passage.what == ASKED]
        )
    }
    found: dict[int, Sequence[str]] = {}
    for number, passage in page.items():
        one, version = passage.one, passage.version
        if passage.what == FORMER and {(one, version), (one, version + 1)} <= bodies.keys():
            found[number] = said_no_more(bodies[one, version], bodies[one, version + 1])
        elif passage.what == NOTE and (hit := hits.hit_with(connection, one)) is not None:
            found[number] = notes_of(hit)
        elif passage.what == ASKED and one in asked:
            found[number] = texts_asked(asked[one])
    return found


def forget(connection: Connection, records: Sequence[HeldRecord]) -> None:
    """Forget every passage of records that are purged, of the hits on them and of what was asked about them."""
    ids = [one.public_id for one in records]
    ones = [*ids, *hits.ids_on(connection, ids)]
    passages.forget(connection, [*ones, *owner_requests.ids_on(connection, [one.number for one in records])])
