"""Counts of what was done, kept as they come: rollups that follow the audit log by position.

    audit log from the position on -> added up -> rows grown, position moved: one transaction

A count is in exactly once, whatever is killed when; counting anew from the beginning gives the same. A record
met is counted under the rule on who saw it then (its audience), so that a reader can be told of those alone
that it may see; searches are nobody's record, and have none. What is done about a record that answered nobody
then is for the bureau that did it. `tally_sums` adds up what may be told.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    delete,
    select,
    text,
)

from comity.access.acts import Act
from comity.audit.lines import DAY_US, moment
from comity.records.hits import TIME_FOR, Outcome, Priority
from comity.registry import holdings, packs, positions
from comity.registry.schema import AUDIT, CHANGES, METADATA, RECORDS

LOG_TO_TALLIES: Final = "log-to-tallies-4"
_BEFORE: Final = ("log-to-tallies", "log-to-tallies-2", "log-to-tallies-3")
"""The names under which less or more was counted: a node that has one begins anew."""
PAGE: Final = 5000
IDLE_MAX: Final = 500
"""So many entries of nothing that is counted may stand before it is noted that they were looked at."""
NO_AUDIENCE: Final = -1
OWN: Final = -2
"""The audience of what a bureau alone may know that it did."""
HANDED_IN: Final = -3
"""The audience of requests not in force: their owner's, and the secretariat's, which reviews them."""
SEARCHES, HITS, ASKED, ANSWERED, NOTICES = "searches", "hits", "asked", "answered", "notices"
CONFIRMATION, ANSWER, OUTCOME = "confirmation", "answer", "outcome"
NOTICE, IN_FORCE = "notice", "in-force"
"""What is counted by steps: owners' answers, what came of hits, where requests stand, their colours in force."""
RESPONSES: Final = {one: f"response-{one.value}" for one in Priority}
"""The measure of each priority's response times, counted by their classes."""

STEPS_A_DECADE: Final = 40
"""Into how many classes tenfold times fall: a class is six percent wide."""
CLASS_MIN, CLASS_MAX = -4 * STEPS_A_DECADE, 3 * STEPS_A_DECADE


def _rollup(name: str, *own: Column[Any], day: bool = False) -> Table:
    """Return a table of counts by month or day, measure, bureau, its own columns, and audience."""
    return Table(
        name,
        METADATA,
        Column("day" if day else "month", Integer, primary_key=True, autoincrement=False),
        Column("measure", String(20), primary_key=True),
        Column("bureau", String(3), primary_key=True),
        *own,
        Column("audience", Integer, primary_key=True, autoincrement=False),
        Column("count", BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )


BY_KIND = _rollup("tallies_by_kind", Column("kind", String(40), primary_key=True))
BY_PURPOSE = _rollup("tallies_by_purpose", Column("purpose", String(20), primary_key=True))
BY_DAY = _rollup("tallies_by_day", day=True)  # days as 20261125
BY_STEP = _rollup(
    "tallies_by_step",
    Column("kind", String(40), primary_key=True),
    Column("key", String(60), primary_key=True),
)

TABLES: Final = (BY_KIND, BY_PURPOSE, BY_DAY, BY_STEP)
Key = tuple[str | int, ...]


class _Terms(msgspec.Struct):
    """What of an entry's terms is counted; the rest is read over."""

    notice: str | None = None
    owner: str | None = None
    colour: str | None = None
    state: str | None = None
    in_force: bool = False
    answer: str | None = None
    reason: str | None = None
    outcome: str | None = None
    priority: str | None = None
    waited_ms: int | None = None


class _Asked(msgspec.Struct):
    """What of an entry's body is counted; the rest is read over."""

    kind: str | None = None
    records: tuple[str, ...] = ()
    query: msgspec.Raw = msgspec.Raw(b"{}")


class _Kind(msgspec.Struct, gc=False):
    """What of a search's body is counted; the rest is read over."""

    kind: str | None = None


_Line = Row[int, str, str | None, str, str, bytes]
"""A line's moment in microseconds, bureau, purpose, act, outcome and body."""

_asked = msgspec.json.Decoder(_Asked)
_kind = msgspec.json.Decoder(_Kind)
_terms = msgspec.json.Decoder(_Terms)
_CHECKS: Final = frozenset({Act.CHECK.value, Act.PARTNER_CHECK.value})
_HIT_ACTS: Final = frozenset({Act.HIT_ASK.value, Act.HIT_ANSWER.value, Act.HIT_CLOSE.value})
_NOTICE_ACTS: Final = frozenset(
    act.value
    for act in (Act.NOTICE_DRAFT, Act.NOTICE_SUBMIT, Act.NOTICE_REVIEW, Act.NOTICE_PUBLISH, Act.NOTICE_REFUSE)
) | {Act.NOTICE_SUSPEND.value, Act.NOTICE_WITHDRAW.value, Act.NOTICE_EXPIRE.value}
_COUNTED: Final = sorted(_CHECKS | _HIT_ACTS | _NOTICE_ACTS)
_DONE: Final = ("hit", "no_hit", "go", "wait", "done")
_MET: Final = frozenset({"hit", "wait"})
"""Outcomes of checks that met a record; a private partner is told to wait."""
_ENDING: Final = frozenset(outcome.value for outcome in Outcome)
_UNSEEN: Final = "draft"


def lag(connection: Connection) -> int:
    """Return how many entries of the log are not counted yet; none where those few are of nothing that is counted."""
    size = int(connection.execute(select(AUDIT.tip.c.size)).scalar_one())
    start = positions.position(connection, LOG_TO_TALLIES)
    # Each look at the figures leaves a line itself: to note that it counts for nothing would take a write each time.
    if 0 < size - start <= IDLE_MAX and start > 0 and not _has_counted(connection, start, size):
        return 0
    return size - start


def _has_counted(connection: Connection, start: int, end: int) -> bool:
    """Return whether one of these entries of the log, by number, is of what is counted."""
    return connection.execute(_ANY_COUNTED, {"start": start, "end": end}).first() is not None


_ANY_COUNTED: Final = (
    select(AUDIT.entries.c.seq)
    .where(AUDIT.entries.c.seq >= bindparam("start"), AUDIT.entries.c.seq < bindparam("end"))
    .where(AUDIT.entries.c.act.in_(_COUNTED))
    .limit(1)
)


def count_on(connection: Connection, entries_max: int = PAGE) -> int:
    """Count the next entries of the log, at most so many; return how many were taken.

    In a transaction that writes: what is counted and how far are durable together.
    """
    start = positions.position(connection, LOG_TO_TALLIES)
    size = int(connection.execute(select(AUDIT.tip.c.size)).scalar_one())
    end = min(size, start + entries_max)
    if end == start:
        return 0
    if start == 0 and any(positions.position(connection, one) > 0 for one in _BEFORE):
        forget(connection)
        for one in _BEFORE:
            positions.move(connection, one, 0)
    entries = AUDIT.entries.c
    rows = connection.execute(
        select(entries.at_us, entries.bureau, entries.purpose, entries.act, entries.outcome, entries.body)
        .where(
            entries.seq >= start,
            entries.seq < end,
            entries.act.in_(_COUNTED),
            entries.outcome.in_(_DONE),
        )
        .order_by(entries.seq)
    )
    # All rows at once: one by one the driver would be asked for each.
    lines = rows.all()
    sums = _searched(lines)
    for at_us, bureau, purpose, act, outcome, body in lines:
        if act in _CHECKS and outcome not in _MET:
            continue
        at = moment(at_us)
        asked = _asked.decode(body)
        made = _Made(at, bureau, purpose or "", asked.kind or "")
        if act in _CHECKS:
            for audience in _audiences(connection, asked.records, at).values():
                _add(sums, made, HITS, audience)
        elif act in _HIT_ACTS:
            audiences = _audiences(connection, asked.records, at).values()
            _count_hit(sums, made, act, _terms.decode(asked.query), next(iter(audiences), OWN))
        else:
            _count_notice(connection, sums, made, _terms.decode(asked.query))
    grow(connection, sums)
    positions.move(connection, LOG_TO_TALLIES, end)
    return end - start


def _searched(lines: Iterable[_Line]) -> Counter[tuple[str, Key]]:
    """Return the counts of the searches among these lines, which differ in little but what was searched for."""
    alike = Counter(
        [
            (at_us // DAY_US, bureau, purpose, _kind.decode(body).kind)
            for at_us, bureau, purpose, act, _outcome, body in lines
            if act in _CHECKS
        ]
    )
    sums: Counter[tuple[str, Key]] = Counter()
    for (day, bureau, purpose, kind), count in alike.items():
        made = _Made(moment(day * DAY_US), bureau, purpose or "", kind or "")
        _add(sums, made, SEARCHES, NO_AUDIENCE, count)
    return sums


def _audiences(connection: Connection, ids: Sequence[str], at: datetime) -> dict[str, int]:
    """Return the audience that each of these records had at a moment, those loaded in bulk included."""
    found = holdings.audiences_when(connection, ids, at)
    packed = packs.rows_with_ids(connection, [one for one in ids if one not in found])
    changed = _changed_by(connection, list(packed), at)
    for one, row in packed.items():
        # One that has changed since it was loaded, and has no audience left, answers nobody.
        if row.entered_at <= at and one not in changed:
            found[one] = row.audience
    return found


def _changed_by(connection: Connection, ids: Sequence[str], at: datetime) -> frozenset[str]:
    if not ids:
        return frozenset()
    changes = select(RECORDS.c.public_id).join(CHANGES, CHANGES.c.record == RECORDS.c.number)
    rows = connection.execute(changes.where(RECORDS.c.public_id.in_(ids), CHANGES.c.at <= at))
    return frozenset(rows.scalars())


@dataclass(frozen=True, slots=True)
class _Made:
    at: datetime
    bureau: str
    purpose: str
    kind: str

    @property
    def month(self) -> int:
        return self.at.year * 100 + self.at.month


def _count_hit(sums: Counter[tuple[str, Key]], made: _Made, act: str, terms: _Terms, audience: int) -> None:
    """Count what was done about a hit: asked, answered in what time, ended how.

    That an owner agrees that somebody is another is an answer to no question, and is not counted.
    """
    if terms.answer is not None:
        _add_step(sums, made, (ANSWER, terms.answer), audience)
    elif act == Act.HIT_ASK:
        _add(sums, made, ASKED, audience)
        _add_step(sums, made, (CONFIRMATION, ASKED), audience)
    if terms.waited_ms is not None and terms.priority in set(Priority):
        _add(sums, made, ANSWERED, audience)
        _add_step(sums, made, (CONFIRMATION, ANSWERED), audience)
        time_class = class_of(timedelta(milliseconds=terms.waited_ms), TIME_FOR[Priority(terms.priority)])
        _add_step(sums, made, (RESPONSES[Priority(terms.priority)], str(time_class)), audience)
    ending = terms.outcome or (terms.reason if terms.answer == "refused" else None)
    if ending in _ENDING:
        _add_step(sums, made, (OUTCOME, ending), audience)


def _count_notice(connection: Connection, sums: Counter[tuple[str, Key]], made: _Made, terms: _Terms) -> None:
    """Count where a notice or diffusion came to stand.

    That it came into force is for those who may see its record; how it came about, for its owner and the reviewer.
    """
    if terms.state is None or terms.notice is None or terms.owner is None:
        return
    kept = OWN if terms.state == _UNSEEN else HANDED_IN
    made = _Made(made.at, terms.owner, made.purpose, made.kind)
    seen = kept
    if terms.in_force:
        seen = _audiences(connection, [terms.notice], made.at).get(terms.notice, kept)
        _add(sums, made, NOTICES, seen)
        _add_step(sums, made, (IN_FORCE, terms.colour or ""), seen)
    is_open = terms.state == "published"
    _add_step(sums, made, (NOTICE, f"{terms.colour}:{terms.state}"), seen if is_open else kept)


def class_of(waited: timedelta, given: timedelta) -> int:
    """Return the class of a response time: below 0 where it came before its clock had run out.

    >>> [class_of(timedelta(minutes=minutes), timedelta(minutes=10)) for minutes in (1, 9, 10, 100)]
    [-40, -2, 0, 40]
    """
    if waited <= timedelta(0):
        return CLASS_MIN
    place = math.floor(math.log10(waited / given) * STEPS_A_DECADE)
    return max(CLASS_MIN, min(CLASS_MAX, place))


def _add(sums: Counter[tuple[str, Key]], made: _Made, measure: str, audience: int, count: int = 1) -> None:
    month = made.month
    sums[BY_KIND.name, (month, measure, made.bureau, made.kind, audience)] += count
    sums[BY_PURPOSE.name, (month, measure, made.bureau, made.purpose, audience)] += count
    sums[BY_DAY.name, (month * 100 + made.at.day, measure, made.bureau, audience)] += count


def _add_step(sums: Counter[tuple[str, Key]], made: _Made, step: tuple[str, str], audience: int) -> None:
    measure, key = step
    sums[BY_STEP.name, (made.month, measure, made.bureau, made.kind, key, audience)] += 1


def grow(connection: Connection, sums: Mapping[tuple[str, Key], int]) -> None:
    """Add counts, by table and key, to those that stand."""
    for table in TABLES:
        columns = [column.name for column in table.columns]
        rows = [
            dict(zip(columns, (*key, count), strict=True))
            for (name, key), count in sums.items()
            if name == table.name
        ]
        if rows:
            connection.execute(_growing(table.name, columns), rows)


def _growing(table: str, columns: Sequence[str]) -> Any:
    keys, places = ", ".join(columns[:-1]), ", ".join(f":{name}" for name in columns)
    # The same words on both databases; our own names, no values.
    return text(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({places}) "  # noqa: S608
        f"ON CONFLICT ({keys}) DO UPDATE SET count = {table}.count + excluded.count"
    )


def forget(connection: Connection) -> None:
    """Drop every count, to count anew from the beginning of the log."""
    for table in TABLES:
        connection.execute(delete(table))
    positions.move(connection, LOG_TO_TALLIES, 0)
