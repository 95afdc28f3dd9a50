"""New and changed records meet earlier and standing checks; two bureaus that hold the same learn of it.

    log -> checks that wait, as keyed digests, for the days that their bureau allows
    change -> its record's digests -> waiting checks -> scored -> may the bureau see it? -> a line -> a hit

An alert is a line in the log, from which its hit is opened like any other. Both owners' words hold: the
record's on who sees it, the checking bureau's on for how long its checks wait. The clockwork does all of this, and
no check or submission waits for it.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final

import msgspec
import numpy as np
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.decide import Grant
from comity.access.people import Bureau
from comity.access.visibility import may_see
from comity.audit.entries import Entry
from comity.index.exact import exact_key
from comity.matching.score import is_by_name, score
from comity.procedures.desk import Desk
from comity.procedures.distinctions import check_stated
from comity.procedures.entries import entry_of
from comity.procedures.hits_opening import follow_log, opened_before
from comity.procedures.hits_unseen import tell_unseen
from comity.procedures.holding_same import BUREAUS_LISTS, SAME_PURPOSE, meaning_same
from comity.procedures.node_officer import bureau_grant, node_officer
from comity.procedures.submit import OWN_LIST
from comity.procedures.waiting_checks import digest_of, digests_of, query_of, waits_until
from comity.records.check import Check
from comity.records.handling import Purpose
from comity.records.hits import HitState, OpenedHit, Origin
from comity.records.record import HeldRecord, State
from comity.registry import (
    audit_log,
    duties,
    earlier,
    histories,
    holdings,
    packs,
    positions,
    redress,
    watches,
)
from comity.registry.pack_form import Pack
from comity.registry.watches import Watch

CHANGES_MAX: Final = 200
"""So many records are put together, and compared with what waits, in one go."""

PACKS_MAX: Final = 64
"""Of so many packs of records that came in bulk the keys are looked at in one go: some thirty thousand records."""

ROUNDS_WITHIN_S: Final = 0.4
"""For so long, of each second, a node compares what was changed: the clock has other things to do."""

MET_MAX: Final = 200
"""How many earlier checks one record is weighed against, the newest first, and how many standing of each bureau."""


def meet_changes(desk: Desk) -> int:
    """Let the records changed by now meet the checks that wait and each other; return how many alerts that made.

    After `ROUNDS_WITHIN_S` it leaves the rest for the next time.
    """
    desk.follower.catch_up()
    end = time.monotonic() + ROUNDS_WITHIN_S
    count = 0
    while (made := _meet_some(desk)) is not None:
        count += made
        if made:
            follow_log(desk)  # whoever comes next sees what is open already
        if time.monotonic() >= end:
            break
    return count


def _meet_some(desk: Desk) -> int | None:
    """Let the next changes meet what waits, and tell of those that can be seen no more.

    Return how many alerts that made, None where there are no changes.
    """
    with desk.registry.read() as connection:
        start = positions.position(connection, positions.CHANGES_TO_ALERTS)
    changed = _changed_after(start, desk)
    if changed is None:
        return None
    moved, end = changed
    # What is over answers nobody, whether or not the run of retention has come to it.
    held = [one for one in moved if one.state is State.ACTIVE and not desk.is_over(one)]
    bureaus = desk.registry.bureaus()
    entries = [entry for one in _sought(held, desk) for entry in _alerts(one, bureaus, desk)]
    told: set[frozenset[str]] = set()
    for one in held:
        if one.list_name in BUREAUS_LISTS:
            for entry in _same(one, bureaus, desk):
                pair = frozenset((one.public_id, *entry.records))
                if pair not in told:  # both may have come with these changes
                    told.add(pair)
                    entries.append(entry)
    with desk.registry.quietly() as connection:
        if positions.position(connection, positions.CHANGES_TO_ALERTS) != start:
            return 0
        if entries:
            desk.registry.append_all(connection, entries)
        tell_unseen(connection, moved, bureaus, desk)
        positions.move(connection, positions.CHANGES_TO_ALERTS, end)
    return len(entries)


def _changed_after(start: int, desk: Desk) -> tuple[list[HeldRecord], int] | None:
    """Return the records that changed next, and the last change looked at; None where nothing did.

    Of records that came in bulk only those that can meet anything: no other is put together for it.
    """
    with desk.registry.read() as connection:
        packed = packs.entered_from(connection, start, PACKS_MAX)
        changes = [] if packed else holdings.single_changes(connection, start, CHANGES_MAX)
    if packed:
        numbers, end = _meeting(packed, start, desk)
    elif changes:
        numbers, end = list(dict.fromkeys(change.record for change in changes)), changes[-1].number
    else:
        return None
    return list(desk.registry.fetch(numbers).values()), end


def _meeting(packed: Sequence[Pack], start: int, desk: Desk) -> tuple[list[int], int]:
    """Return the first `CHANGES_MAX` records entered after a change that can meet anything, and the last looked at."""
    meeting = _sought_in_packs(packed, desk) | _accompanied(packed, desk)
    found = [
        (pack.first_change + place, pack.first_record + place)
        for pack in packed
        for place in range(max(0, start + 1 - pack.first_change), pack.count)
        if pack.first_record + place in meeting
    ]
    if len(found) > CHANGES_MAX:
        found = found[:CHANGES_MAX]
        return [number for _, number in found], found[-1][0]
    return [number for _, number in found], packed[-1].first_change + packed[-1].count - 1


def _sought_in_packs(packed: Sequence[Pack], desk: Desk) -> set[int]:
    """Return the numbers of records of which a waiting check asks for something."""
    with desk.registry.read() as connection:
        if not _is_anything_sought(connection):
            return set()
        bearers = defaultdict[int, list[int]](list)
        for meaning, key, number in _keys_of(packed):
            bearers[digest_of(meaning, key, desk)].append(number)
        sought = _sought_among(connection, bearers)
    return {number for digest in sought for number in bearers[digest]}


def _accompanied(packed: Sequence[Pack], desk: Desk) -> set[int]:
    """Return the numbers of bureaus' own records that share a key with another record which their owner may see."""
    bureaus, found = desk.registry.bureaus(), set[int]()
    own = [pack for pack in packed if pack.list_name == OWN_LIST and pack.owner in bureaus]
    for owner, some in groupby(own, lambda pack: pack.owner):
        grant = bureau_grant(bureaus[owner], SAME_PURPOSE)
        keys = [(exact_key(meaning, key), number) for meaning, key, number in _keys_of(list(some))]
        places, records = desk.index.candidates_batch([key for key, _ in keys], grant)
        numbers = np.array([number for _, number in keys], np.uint32)[places]
        found.update(numbers[numbers != records].tolist())
    return found


def _keys_of(packed: Sequence[Pack]) -> Iterator[tuple[str, str, int]]:
    """Yield the meaning and key of each thing that leads to a record of these packs, and its number."""
    for pack in packed:
        by_field = pack.columns.keys()
        for meaning, keys in by_field:
            for number, key in enumerate(keys, pack.first_record):
                yield meaning, key, number


def _sought(held: Sequence[HeldRecord], desk: Desk) -> list[HeldRecord]:
    """Return the records of which a waiting check asks for something: after a first load these are few of many."""
    with desk.registry.read() as connection:
        if not _is_anything_sought(connection):
            return []
        digests = [(one, digests_of(one, desk)) for one in held]
        sought = _sought_among(connection, {digest for _, some in digests for digest in some})
    return [one for one, some in digests if not sought.isdisjoint(some)]


def _is_anything_sought(connection: Connection) -> bool:
    return earlier.is_anything_sought(connection) or watches.is_anything_sought(connection)


def _sought_among(connection: Connection, digests: Collection[int]) -> set[int]:
    return earlier.sought_among(connection, digests) | watches.sought_among(connection, digests)


def _alerts(held: HeldRecord, bureaus: Mapping[str, Bureau], desk: Desk) -> Iterator[Entry]:
    """Yield a line for each waiting check that means a record which its bureau may see."""
    for by, stated in _asking(digests_of(held, desk), held.changed_at, desk):
        if held.public_id in stated.records or stated.bureau not in bureaus:
            continue
        check = check_stated(query_of(stated))
        grant = bureau_grant(bureaus[stated.bureau], None if not stated.purpose else Purpose(stated.purpose))
        if check is None or may_see(grant, held.owner, held.record.handling) is None:
            continue
        if by is Origin.RECENT and not _still_waits(stated, check, desk):
            continue
        floor = desk.profile.floor_for(named=is_by_name(check))
        if score(check, held.record, desk.profile, desk.index).probability < floor:
            continue
        query = {"by": by.value, "account": stated.account, "met_at": stated.at.isoformat()}
        entry = _line(held, stated, query, bureaus, desk)
        before = opened_before(entry, desk)
        if before is None or _has_come_back(held, before, grant, desk):
            yield entry


def _has_come_back(held: HeldRecord, before: OpenedHit, grant: Grant, desk: Desk) -> bool:
    """Return whether a bureau could not see a record for a while after a hit on it that is closed by now.

    Of one that is open it is told that the record can be seen again: see `hits_unseen`.
    """
    if before.state is not HitState.CLOSED:
        return False
    with desk.registry.read() as connection:
        since = [one for one in histories.history(connection, held) if one.at > before.opened_at]
    return any(
        one.state is not State.ACTIVE or may_see(grant, held.owner, one.record.handling) is None
        for one in since
    )


def _asking(digests: Sequence[int], came_at: datetime, desk: Desk) -> list[tuple[Origin, Entry]]:
    """Return what waiting checks asked, and for whom: standing ones, as lines of the log, then the newest earlier.

    A standing check whose end has come when the record did asks nothing, though the node has not noted that yet.
    """
    with desk.registry.read() as connection:
        standing = watches.sought_by(connection, digests, MET_MAX)
        lines = earlier.lines_seeking(connection, digests, MET_MAX)
        recent = [audit_log.entry_at(connection, seq).entry for seq in lines]
        blocked = redress.blocked_things(connection, standing)
        watched = [watches.watch_with(connection, one) for one in standing if one not in blocked]
    return [
        *(
            (Origin.STANDING, _as_line(watch, desk))
            for watch in watched
            if watch is not None and watch.until > came_at
        ),
        *((Origin.RECENT, entry) for entry in recent),
    ]


def _still_waits(stated: Entry, check: Check, desk: Desk) -> bool:
    with desk.registry.read() as connection:
        duty = duties.duty_of(connection, stated.bureau)
    return waits_until(stated, check, duty) > desk.clock()


def _as_line(watch: Watch, desk: Desk) -> Entry:
    query: dict[str, object] = msgspec.json.decode(desk.box.open(watch.query))
    return Entry(
        at=watch.made_at,
        act=Act.WATCH_SET.value,
        account=watch.account,
        bureau=watch.bureau,
        unit=watch.unit,
        outcome="done",
        door="node",
        nonce=bytes(16),
        purpose=watch.purpose,
        query=query,
    )


def _line(
    held: HeldRecord, stated: Entry, query: Mapping[str, object], bureaus: Mapping[str, Bureau], desk: Desk
) -> Entry:
    officer = node_officer(bureaus[stated.bureau], stated.unit)
    purpose = None if not stated.purpose else Purpose(stated.purpose)
    entry = entry_of(officer, Act.ALERT_MEET, desk.clock(), "hit", purpose=purpose, query=query, opens=(0,))
    return msgspec.structs.replace(entry, records=(held.public_id,), owners=(held.owner,))


def _same(held: HeldRecord, bureaus: Mapping[str, Bureau], desk: Desk) -> Iterator[Entry]:
    """Yield a line for each record of another bureau that means the same, where each may see the other's."""
    if held.owner not in bureaus:
        return
    for other in meaning_same(held, bureaus, desk):
        query = {"by": "same", "account": "", "met_at": _EPOCH.isoformat(), "other": held.public_id}
        stated = Entry(
            at=_EPOCH,
            act=Act.ALERT_MEET.value,
            account="",
            bureau=held.owner,
            outcome="hit",
            door="node",
            nonce=bytes(16),
            purpose=SAME_PURPOSE.value,
        )
        entry = _line(other, stated, query, bureaus, desk)
        mirrored = msgspec.structs.replace(stated, bureau=other.owner)
        reverse = _line(held, mirrored, {**query, "other": other.public_id}, bureaus, desk)
        if opened_before(entry, desk) is None and opened_before(reverse, desk) is None:
            yield entry


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
