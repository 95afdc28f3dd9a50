"""Opening hits from the audit log: no hit without its line, and no line without its hit.

    line logged -> lines since the last place -> hits opened, both bureaus told, place moved

Which hits there are is a function of the log: a line says which of its records open one. A check that meets
something does all of it in the one transaction that logs it, so that its answer can name the hit and one flush
serves line, hits and events; lines that others have left are followed on the way. What is logged otherwise the
clockwork follows. A check that meets nothing does none of this.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.audit.entries import Entry
from comity.procedures.desk import Desk
from comity.records.check import QUERY_FIELDS, Answer, Hit
from comity.records.hits import HitState, Meeting, OpenedHit, Origin, met_again
from comity.registry import events, hits, positions
from comity.registry.events import Event
from comity.registry.hits import Opening

REPEAT_WINDOW: Final = timedelta(minutes=15)
"""For how long the same question of the same account meets the same hit: ten clicks of a tired officer are one."""

OPENING_ACTS: Final = (Act.CHECK.value, Act.PARTNER_CHECK.value, Act.ALERT_MEET.value)
LINES_MAX: Final = 500

Line = tuple[int, Entry]


@dataclass(frozen=True, slots=True)
class Followed:
    """How far the log was followed: the next place, hits by their marks, how many were met, whether that is all."""

    place: int
    hits: Mapping[str, OpenedHit] = field(default_factory=dict[str, OpenedHit])
    count: int = 0
    is_done: bool = True


def follow_log(desk: Desk) -> int:
    """Open the hits of every line that is durable by now; return how many were opened or met again."""
    desk.registry.settle()
    count, is_done = 0, False
    while not is_done:
        with desk.registry.quietly() as connection:
            followed = _follow(connection, desk, {})
        count, is_done = count + followed.count, followed.is_done
    return count


def is_level(desk: Desk) -> bool:
    """Return whether every line of the log that shows a record has been followed; asks without writing."""
    with desk.registry.read() as connection:
        return not hits.has_lines(connection, positions.position(connection, positions.LOG_TO_HITS))


def log_with_hits(answers: Sequence[Answer], entries: Sequence[Entry], desk: Desk) -> list[Answer]:
    """Return the answers once their entries are durable, with the hits that these have opened named in them.

    Entries, hits and what bureaus are told become durable together, or none of them does.
    """
    if not any(entry.opens for entry in entries):
        desk.registry.log_all(entries)
        return [*answers]
    kinds = {hit.record: hit.kind for answer in answers for hit in answer.hits}
    opened: dict[str, OpenedHit] = {}
    with desk.registry.quietly() as connection:
        own = desk.registry.append_all(connection, entries)
        place = positions.position(connection, positions.LOG_TO_HITS)
        if hits.has_lines(connection, place, own.start):
            followed = Followed(place)
            while followed.place < own.stop:
                followed = _follow(connection, desk, kinds)
                opened |= followed.hits
        else:
            # Nothing lies between: what has just been written need not be read back.
            lines = [line for line in zip(own, entries, strict=True) if line[1].opens]
            opened = _open(connection, lines, kinds, desk)
            positions.move(connection, positions.LOG_TO_HITS, own.stop)
    return [
        replace(answer, hits=tuple(_named(hit, _marks(entry, desk), opened) for hit in answer.hits))
        for answer, entry in zip(answers, entries, strict=True)
    ]


def opened_before(entry: Entry, desk: Desk) -> OpenedHit | None:
    """Return the newest hit of an alert that was raised before: a record that is amended again alarms nobody anew."""
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    with desk.registry.read() as connection:
        found = hits.latest_of(connection, _marks(entry, desk).values(), beginning)
    return next(iter(found.values()), None)


def _named(hit: Hit, marks: Mapping[str, str], opened: Mapping[str, OpenedHit]) -> Hit:
    found = opened.get(marks.get(hit.record, ""))
    return hit if found is None else replace(hit, opened=found.id)


def _marks(entry: Entry, desk: Desk) -> dict[str, str]:
    """Return what is the same for each record of an entry whenever its account asks the same again."""
    frame = QUERY_FIELDS - {"kind"}
    asked = {name: value for name, value in entry.query.items() if name not in frame}
    question = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
    return {
        entry.records[place]: desk.registry.mark(
            "same",
            entry.act,
            entry.bureau,
            entry.account,
            entry.purpose or "",
            question,
            entry.records[place],
        )
        for place in entry.opens
        if place < len(entry.records)
    }


def _follow(connection: Connection, desk: Desk, kinds: Mapping[str, str]) -> Followed:
    """Open the hits of the next lines of the log, and move the place; `kinds` are those of records known already."""
    start = positions.position(connection, positions.LOG_TO_HITS)
    lines, end = hits.lines_with_records(connection, start, OPENING_ACTS, LINES_MAX)
    opened = _open(connection, lines, kinds, desk)
    if end > start:
        positions.move(connection, positions.LOG_TO_HITS, end)
    is_done = not hits.has_lines(connection, end)
    return Followed(end, opened, sum(len(entry.opens) for _, entry in lines), is_done)


def _open(
    connection: Connection, lines: Sequence[Line], kinds: Mapping[str, str], desk: Desk
) -> dict[str, OpenedHit]:
    """Open the hits of some lines, or count them with those that are open; return them by their marks."""
    if not lines:
        return {}
    unknown = {entry.records[place] for _, entry in lines for place in entry.opens} - kinds.keys()
    kinds = {**kinds, **hits.kinds_of(connection, sorted(unknown))}
    marked = [(seq, entry, _marks(entry, desk)) for seq, entry in lines]
    since = min(entry.at for _, entry in lines) - REPEAT_WINDOW
    known = hits.latest_of(connection, (mark for *_, marks in marked for mark in marks.values()), since)
    new: dict[str, Opening] = {}
    again: dict[str, OpenedHit] = {}
    for seq, entry, marks in marked:
        for meeting in _meetings(seq, entry, kinds):
            mark = marks[meeting.record]
            before = known.get(mark)
            if before is None or not _is_met_again(before, entry.at):
                hit = OpenedHit(_id(mark, entry.at, desk), meeting, entry.at, entry.at)
                new[hit.id] = Opening(hit, mark)
            elif before.id in new:
                hit = met_again(before, entry.at)
                new[hit.id] = Opening(hit, mark)
            else:
                hit = met_again(before, entry.at)
                again[hit.id] = hit
            known[mark] = hit
    hits.add(connection, [*new.values()])
    hits.save(connection, [*again.values()])
    events.tell(connection, [event for one in new.values() for event in _told(one.hit, desk.clock())])
    return known


def _is_met_again(before: OpenedHit, at: datetime) -> bool:
    """Return whether a check meets a hit that is there: soon after, and not closed.

    Of what is closed nothing can be asked any more; whoever stands there now may be another of the same name.
    """
    return before.state is not HitState.CLOSED and at - before.opened_at <= REPEAT_WINDOW


def _id(mark: str, opened_at: datetime, desk: Desk) -> str:
    # Not after the moment of the check: an alert can come of the same earlier check twice.
    return desk.registry.mark("hit", mark, opened_at.isoformat())


def _told(hit: OpenedHit, at: datetime) -> list[Event]:
    """Return whom the opening of a hit is told: the owner, and the bureau whose check it was."""
    meeting = hit.meeting
    told = [Event(meeting.owner, "hit", "opened", hit.id, at)]
    if meeting.bureau != meeting.owner:
        told.append(Event(meeting.bureau, "hit", "met", hit.id, at, meeting.account))
    return told


def _meetings(seq: int, entry: Entry, kinds: Mapping[str, str]) -> Iterator[Meeting]:
    query = entry.query
    is_alert = entry.act == Act.ALERT_MEET.value
    origin = Origin(str(query["by"])) if is_alert else _ORIGINS[entry.act]
    other = query.get("other") if is_alert else None
    for place in entry.opens:
        yield Meeting(
            origin=origin,
            seq=seq,
            record=entry.records[place],
            kind=kinds[entry.records[place]],
            owner=entry.owners[place],
            bureau=entry.bureau,
            account=str(query["account"]) if is_alert else entry.account,
            unit=entry.unit,
            purpose=entry.purpose,
            met_at=datetime.fromisoformat(str(query["met_at"])) if is_alert else entry.at,
            other=None if other is None else str(other),
        )


_ORIGINS: Final = {Act.CHECK.value: Origin.CHECK, Act.PARTNER_CHECK.value: Origin.PARTNER}
