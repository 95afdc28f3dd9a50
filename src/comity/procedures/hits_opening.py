"""Opening hits from the audit log: no hit without its line, and no line without its hit.

    check logged (durable) -> lines since the last place -> hits opened, both bureaus told, place moved

Which hits there are is a function of the log: a line says which of its records open one. Right after its line is
durable a check follows the log itself, so that its answer can name the hit; where it dies between the two,
the next check that hits, or the clockwork, goes on from the same place. A check that meets nothing does none
of this.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from comity.access.acts import Act
from comity.audit.entries import Entry
from comity.procedures.desk import Desk
from comity.records.check import QUERY_FIELDS, Answer, Hit
from comity.records.hits import Meeting, OpenedHit, Origin, met_again
from comity.registry import events, hits, positions
from comity.registry.events import Event
from comity.registry.hits import Opening

REPEAT_WINDOW: Final = timedelta(minutes=15)
"""For how long the same question of the same account meets the same hit: ten clicks of a tired officer are one."""

OPENING_ACTS: Final = (Act.CHECK.value, Act.PARTNER_CHECK.value, Act.ALERT_MEET.value)
LINES_MAX: Final = 500

Line = tuple[int, Entry]


def follow_log(desk: Desk) -> int:
    """Open the hits of every line that is durable by now; return how many were opened or met again."""
    desk.registry.settle()
    count = 0
    while True:
        with desk.registry.quietly() as connection:
            start = positions.position(connection, positions.LOG_TO_HITS)
            lines, end = hits.lines_with_records(connection, start, OPENING_ACTS, LINES_MAX)
            count += _open(connection, lines, desk)
            if end > start:
                positions.move(connection, positions.LOG_TO_HITS, end)
        if len(lines) < LINES_MAX:
            return count


def is_level(desk: Desk) -> bool:
    """Return whether every line of the log that shows a record has been followed; asks without writing."""
    with desk.registry.read() as connection:
        return not hits.has_lines(connection, positions.position(connection, positions.LOG_TO_HITS))


def with_hits(answers: Sequence[Answer], entries: Sequence[Entry], desk: Desk) -> list[Answer]:
    """Return the answers with the hits that their logged entries have opened named in them."""
    if not any(entry.opens for entry in entries):
        return [*answers]
    follow_log(desk)
    since = min(entry.at for entry in entries) - REPEAT_WINDOW
    marks = [_marks(entry, desk) for entry in entries]
    with desk.registry.read() as connection:
        opened = hits.latest_of(connection, (mark for one in marks for mark in one.values()), since)
    return [
        replace(answer, hits=tuple(_named(hit, one, opened) for hit in answer.hits))
        for answer, one in zip(answers, marks, strict=True)
    ]


def opens_already(entry: Entry, desk: Desk) -> bool:
    """Return whether an alert has been raised before: a record that is amended again alarms nobody anew."""
    beginning = datetime(1970, 1, 1, tzinfo=UTC)
    with desk.registry.read() as connection:
        return bool(hits.latest_of(connection, _marks(entry, desk).values(), beginning))


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


def _open(connection: Connection, lines: Sequence[Line], desk: Desk) -> int:
    """Open the hits of some lines, or count them with those that are open; return how many there were."""
    if not lines:
        return 0
    kinds = hits.kinds_of(connection, (one for _, entry in lines for one in entry.records))
    marked = [(seq, entry, _marks(entry, desk)) for seq, entry in lines]
    since = min(entry.at for _, entry in lines) - REPEAT_WINDOW
    known = hits.latest_of(connection, (mark for *_, marks in marked for mark in marks.values()), since)
    new: dict[str, Opening] = {}
    again: dict[str, OpenedHit] = {}
    for seq, entry, marks in marked:
        for meeting in _meetings(seq, entry, kinds):
            mark = marks[meeting.record]
            before = known.get(mark)
            if before is None or entry.at - before.opened_at > REPEAT_WINDOW:
                hit = OpenedHit(_id(meeting, mark, desk), meeting, entry.at, entry.at)
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
    return len(new) + len(again)


def _id(meeting: Meeting, mark: str, desk: Desk) -> str:
    return desk.registry.mark("hit", mark, meeting.met_at.isoformat())


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
