"""Messages as the registry keeps them: once each, and in the box of every bureau that is party to them.

    messages ─ one row a message: header, content or envelope
    message_boxes ─ one row a message and party: its place, its receipts, what it owes, by when
    message_threads ─ one row a thread and party: what its inbox shows
    mailboxes ─ one row a bureau: how far its box goes, how far it has fetched it

Places are counted apart in each bureau's box, so that none tells of what others write. Every function works
inside the caller's transaction; those that write need one opened by `writing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Subquery,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    update,
)

from comity.registry.schema import METADATA, Moment

MESSAGES: Final = Table(
    "messages",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("public_id", String(20), nullable=False, unique=True),
    Column("thread", String(20), nullable=False),
    Column("author", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("account", String(80), nullable=False),
    Column("unit", String(40)),
    Column("at", Moment, nullable=False),
    Column("header", LargeBinary, nullable=False),
    Column("subject", Text),
    Column("phrase", String(40)),
    Column("answers", String(20)),
    Column("forwards", LargeBinary),  # what is passed on, as its first author said it
    Column("envelope", String(64), unique=True),  # digest of a sealed one: none is taken twice
    Column("body", LargeBinary, nullable=False),
)

BOXES: Final = Table(
    "message_boxes",
    METADATA,
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("message", BigInteger, ForeignKey("messages.number"), nullable=False),
    Column("thread", String(20), nullable=False),
    Column("part", String(10), nullable=False),  # author, to, second
    Column("delivered_at", Moment),
    Column("read_at", Moment),
    Column("due_at", Moment),
    Column("answered_at", Moment),
    Column("escalate_at", Moment),  # set only while a second addressee waits
    Column("escalated_at", Moment),
    Column("may_forward", Boolean, nullable=False),
    Index("message_boxes_by_message", "message", "bureau"),
    Index("message_boxes_by_thread", "bureau", "thread", "position"),
    Index("message_boxes_by_escalation", "escalate_at"),
)

THREADS: Final = Table(
    "message_threads",
    METADATA,
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("thread", String(20), primary_key=True),
    Column("last_position", BigInteger, nullable=False),
    Column("messages_count", Integer, nullable=False),
    Column("unread_position", BigInteger),  # of the last message not read; none where all are
    Column("due_at", Moment),  # when the bureau's next answer is due
    Index("message_threads_by_place", "bureau", "last_position"),
    Index("message_threads_unread", "bureau", "unread_position"),
    Index("message_threads_due", "bureau", "due_at"),
)

MAILBOXES: Final = Table(
    "mailboxes",
    METADATA,
    Column("bureau", String(3), ForeignKey("bureaus.code"), primary_key=True),
    Column("last_position", BigInteger, nullable=False),
    Column("delivered_position", BigInteger, nullable=False),
)

AUTHOR, TO, SECOND = "author", "to", "second"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message as it is stored. `header` and `body` are canonical bytes; `envelope` is set for sealed ones."""

    public_id: str
    thread: str
    author: str
    account: str
    unit: str | None
    at: datetime
    header: bytes
    subject: str | None
    phrase: str | None
    answers: str | None
    forwards: bytes | None
    envelope: str | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Party:
    """A bureau's part in a message, and when its answer is due and passes on to a second addressee."""

    bureau: str
    part: str
    due_at: datetime | None = None
    escalate_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Boxed:
    """A message in one bureau's box: what was written, and where this bureau stands with it."""

    number: int
    public_id: str
    thread: str
    author: str
    account: str
    unit: str | None
    at: datetime
    header: bytes
    answers: str | None
    forwards: bytes | None
    envelope: str | None
    body: bytes
    bureau: str
    position: int
    part: str
    read_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    escalated_at: datetime | None
    may_forward: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What one bureau did with a message: had it delivered, opened it, answered it, let it pass on."""

    bureau: str
    part: str
    delivered_at: datetime | None
    read_at: datetime | None
    due_at: datetime | None
    answered_at: datetime | None
    escalated_at: datetime | None
    may_forward: bool


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread as an inbox lists it: its last message, how many there are, what is unread and due."""

    thread: str
    position: int
    messages_count: int
    is_unread: bool
    due_at: datetime | None
    message: str
    author: str
    at: datetime
    header: bytes
    subject: str | None
    phrase: str | None
    is_sealed: bool


# Made once: what each message that is written, read or answered asks.
_LAST_NUMBER: Final = select(func.coalesce(func.max(MESSAGES.c.number), 0))
_LAST_POSITION: Final = select(MAILBOXES.c.last_position).where(MAILBOXES.c.bureau == bindparam("in_box"))
_MOVE_POSITION: Final = (
    update(MAILBOXES)
    .where(MAILBOXES.c.bureau == bindparam("in_box"))
    .values(last_position=bindparam("position"))
)
_INSERT_MESSAGE, _INSERT_BOXED, _INSERT_THREAD = insert(MESSAGES), insert(BOXES), insert(THREADS)
_HERE: Final = (THREADS.c.bureau == bindparam("in_box")) & (THREADS.c.thread == bindparam("in_thread"))
_THREAD: Final = select(THREADS).where(_HERE)
_NOTE_IN_THREAD: Final = (
    update(THREADS)
    .where(_HERE)
    .values(
        last_position=bindparam("position"),
        messages_count=bindparam("count"),
        unread_position=bindparam("unread"),
        due_at=bindparam("due"),
    )
)
_HELD: Final = (BOXES.c.bureau == bindparam("in_box")) & (BOXES.c.thread == bindparam("in_thread"))
_ASKED: Final = select(MESSAGES.c.number).where(
    MESSAGES.c.thread == bindparam("in_thread"), MESSAGES.c.author == bindparam("by")
)
_NOTE_ANSWER: Final = (
    update(BOXES)
    .where(_HELD, BOXES.c.message.in_(_ASKED), BOXES.c.due_at.is_not(None), BOXES.c.answered_at.is_(None))
    .values(answered_at=bindparam("at"), escalate_at=None)
)
_FIRST_DUE: Final = select(func.min(BOXES.c.due_at)).where(_HELD, BOXES.c.answered_at.is_(None))
_NOTE_DUE: Final = update(THREADS).where(_HERE).values(due_at=bindparam("due"))


def store(connection: Connection, message: NewMessage, parties: Sequence[Party]) -> int:
    """Store a message and put it into the box of each party; return its number."""
    number = int(connection.execute(_LAST_NUMBER).scalar_one()) + 1
    row = {name: getattr(message, name) for name in NewMessage.__slots__}
    connection.execute(_INSERT_MESSAGE, {"number": number, **row})
    for party in parties:
        put(connection, number, message, party)
    return number


def put(connection: Connection, number: int, message: NewMessage | Boxed, party: Party) -> None:
    """Put a stored message into one bureau's box."""
    position = _next_position(connection, party.bureau)
    is_own = party.part == AUTHOR
    connection.execute(
        _INSERT_BOXED,
        {
            "bureau": party.bureau,
            "position": position,
            "message": number,
            "thread": message.thread,
            "part": party.part,
            "delivered_at": message.at if is_own else None,
            "read_at": message.at if is_own else None,
            "due_at": party.due_at,
            "escalate_at": party.escalate_at,
            "may_forward": is_own,
        },
    )
    _note_in_thread(connection, message.thread, position, party)


def _next_position(connection: Connection, bureau: str) -> int:
    last = connection.execute(_LAST_POSITION, {"in_box": bureau}).scalar_one_or_none()
    if last is None:
        connection.execute(insert(MAILBOXES).values(bureau=bureau, last_position=1, delivered_position=0))
        return 1
    connection.execute(_MOVE_POSITION, {"in_box": bureau, "position": int(last) + 1})
    return int(last) + 1


def _note_in_thread(connection: Connection, thread: str, position: int, party: Party) -> None:
    here = {"in_box": party.bureau, "in_thread": thread}
    held = connection.execute(_THREAD, here).first()
    unread = None if party.part == AUTHOR else position
    if held is None:
        connection.execute(
            _INSERT_THREAD,
            {
                "bureau": party.bureau,
                "thread": thread,
                "last_position": position,
                "messages_count": 1,
                "unread_position": unread,
                "due_at": party.due_at,
            },
        )
        return
    due = min((at for at in (held.due_at, party.due_at) if at is not None), default=None)
    connection.execute(
        _NOTE_IN_THREAD,
        {
            **here,
            "position": position,
            "count": held.messages_count + 1,
            "unread": held.unread_position if unread is None else unread,
            "due": due,
        },
    )


_BOXED: Final = (
    *(MESSAGES.c[name] for name in ("number", "public_id", "thread", "author", "account", "unit", "at")),
    *(MESSAGES.c[name] for name in ("header", "answers", "forwards", "envelope", "body")),
    *(BOXES.c[name] for name in ("bureau", "position", "part", "read_at", "due_at", "answered_at")),
    *(BOXES.c[name] for name in ("escalated_at", "may_forward")),
)
_TOGETHER: Final = BOXES.join(MESSAGES, MESSAGES.c.number == BOXES.c.message)


def _boxed(row: Row[tuple[object, ...]]) -> Boxed:
    return Boxed(**{name: getattr(row, name) for name in Boxed.__slots__})


_BOXED_AS: Final = (
    select(*_BOXED)
    .select_from(_TOGETHER)
    .where(MESSAGES.c.public_id == bindparam("named"), BOXES.c.bureau == bindparam("in_box"))
)


def message_in(connection: Connection, bureau: str, public_id: str) -> Boxed | None:
    """Return a message as it stands in this bureau's box, or None: not held and not its own are the same."""
    row = connection.execute(_BOXED_AS, {"named": public_id, "in_box": bureau}).first()
    return None if row is None else _boxed(row)


def boxed_at(connection: Connection, bureau: str, places: Sequence[int]) -> list[Boxed]:
    """Return the messages at these places of a bureau's box, in no order."""
    here = (BOXES.c.bureau == bureau) & BOXES.c.position.in_(places)
    return [_boxed(row) for row in connection.execute(select(*_BOXED).select_from(_TOGETHER).where(here))]


def held_in(connection: Connection, bureau: str, public_ids: Sequence[str]) -> set[str]:
    """Return those of these messages that stand in this bureau's box."""
    if not public_ids:
        return set()
    found = (
        select(MESSAGES.c.public_id)
        .select_from(_TOGETHER)
        .where(MESSAGES.c.public_id.in_(public_ids), BOXES.c.bureau == bureau)
    )
    return set(connection.execute(found).scalars())


def thread_in(
    connection: Connection, bureau: str, thread: str, limit: int, before: int | None = None
) -> list[Boxed]:
    """Return the last messages of a thread in this bureau's box, oldest first; none where it is no party.

    Those with a place in the box before `before`, where one is given.
    """
    found = select(*_BOXED).select_from(_TOGETHER).where(BOXES.c.bureau == bureau, BOXES.c.thread == thread)
    if before is not None:
        found = found.where(BOXES.c.position < before)
    rows = connection.execute(found.order_by(BOXES.c.position.desc()).limit(limit)).all()
    return [_boxed(row) for row in reversed(rows)]


def places_after(
    connection: Connection, bureau: str, thread: str, position: int, limit: int
) -> Sequence[int]:
    """Return the places of up to `limit` messages of a thread in this bureau's box that came after a place."""
    here = (BOXES.c.bureau == bureau) & (BOXES.c.thread == thread) & (BOXES.c.position > position)
    chosen = select(BOXES.c.position).where(here).order_by(BOXES.c.position).limit(limit)
    return connection.execute(chosen).scalars().all()


def after(connection: Connection, bureau: str, position: int, limit: int) -> list[Boxed]:
    """Return up to `limit` messages of this bureau's box after a place in it, in order."""
    found = (
        select(*_BOXED).select_from(_TOGETHER).where(BOXES.c.bureau == bureau, BOXES.c.position > position)
    )
    return [_boxed(row) for row in connection.execute(found.order_by(BOXES.c.position).limit(limit))]


def is_party(connection: Connection, bureau: str, thread: str) -> bool:
    """Return whether a thread has messages in this bureau's box."""
    found = select(THREADS.c.thread).where(THREADS.c.bureau == bureau, THREADS.c.thread == thread)
    return connection.execute(found).first() is not None


def inbox(
    connection: Connection, bureau: str, which: str, limit: int, before: int | None
) -> list[ThreadLine]:
    """Return threads of a bureau, the newest first, those with a place in the box before `before`.

    `which` is `all`, or `unread` for those with a message not read.
    """
    place = THREADS.c.unread_position if which == "unread" else THREADS.c.last_position
    chosen = select(THREADS).where(THREADS.c.bureau == bureau, place.is_not(None))
    if before is not None:
        chosen = chosen.where(place < before)
    return _lines(connection, chosen.order_by(place.desc()).limit(limit).subquery(), which)


def due(connection: Connection, bureau: str, limit: int, after: int | None = None) -> list[ThreadLine]:
    """Return the threads in which this bureau owes an answer, the most pressing first.

    `after` is the place of the thread that the page before ended with: where that is answered by now, another
    message has moved its place or none is due, the page begins anew.
    """
    chosen = select(THREADS).where(THREADS.c.bureau == bureau, THREADS.c.due_at.is_not(None))
    last = (
        None if after is None else connection.execute(chosen.where(THREADS.c.last_position == after)).first()
    )
    if last is not None:
        later = (THREADS.c.due_at == last.due_at) & (THREADS.c.last_position > last.last_position)
        chosen = chosen.where((THREADS.c.due_at > last.due_at) | later)
    ordered = chosen.order_by(THREADS.c.due_at, THREADS.c.last_position)
    return _lines(connection, ordered.limit(limit).subquery(), "due")


def _lines(connection: Connection, chosen: Subquery, which: str) -> list[ThreadLine]:
    columns = ("header", "subject", "phrase", "author", "at", "public_id", "envelope")
    joined = chosen.join(
        BOXES, (BOXES.c.bureau == chosen.c.bureau) & (BOXES.c.position == chosen.c.last_position)
    ).join(MESSAGES, MESSAGES.c.number == BOXES.c.message)
    order = {
        "all": (chosen.c.last_position.desc(),),
        "unread": (chosen.c.unread_position.desc(),),
        "due": (chosen.c.due_at, chosen.c.last_position),
    }[which]
    found = select(chosen, *(MESSAGES.c[name] for name in columns)).select_from(joined).order_by(*order)
    return [
        ThreadLine(
            thread=row.thread,
            position=int(row.unread_position if which == "unread" else row.last_position),
            messages_count=row.messages_count,
            is_unread=row.unread_position is not None,
            due_at=row.due_at,
            message=row.public_id,
            author=row.author,
            at=row.at,
            header=row.header,
            subject=row.subject,
            phrase=row.phrase,
            is_sealed=row.envelope is not None,
        )
        for row in connection.execute(found)
    ]


def receipts(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Receipt]]:
    """Return what each party did with these messages, their authors aside, by message and bureau's code."""
    names = Receipt.__slots__
    wanted = select(BOXES.c.message, *(BOXES.c[name] for name in names)).where(
        BOXES.c.message.in_(numbers), BOXES.c.part != AUTHOR
    )
    found: dict[int, list[Receipt]] = {}
    for row in connection.execute(wanted.order_by(BOXES.c.message, BOXES.c.bureau)):
        found.setdefault(row.message, []).append(Receipt(**{name: getattr(row, name) for name in names}))
    return found


def answered(connection: Connection, bureau: str, thread: str, author: str, at: datetime) -> None:
    """Note that a bureau has answered what `author` asked of it in a thread."""
    here = {"in_box": bureau, "in_thread": thread}
    connection.execute(_NOTE_ANSWER, {**here, "by": author, "at": at})
    connection.execute(_NOTE_DUE, {**here, "due": connection.execute(_FIRST_DUE, here).scalar_one()})


def waiting_to_pass_on(connection: Connection, now: datetime, limit: int) -> list[Boxed]:
    """Return messages whose time has passed without an answer, and which have a second addressee."""
    found = select(*_BOXED).select_from(_TOGETHER).where(BOXES.c.escalate_at <= now)
    return [_boxed(row) for row in connection.execute(found.order_by(BOXES.c.escalate_at).limit(limit))]


def passed_on(connection: Connection, number: int, at: datetime) -> None:
    """Note that a message has gone to its second addressee: once, however many owed an answer."""
    connection.execute(
        update(BOXES)
        .where(BOXES.c.message == number, BOXES.c.escalate_at.is_not(None))
        .values(escalate_at=None, escalated_at=at)
    )


def let_forward(connection: Connection, number: int, bureau: str) -> bool:
    """Note the author's leave for a bureau to pass a message on; return whether it is a party to it."""
    done = connection.execute(
        update(BOXES).where(BOXES.c.message == number, BOXES.c.bureau == bureau).values(may_forward=True)
    )
    return done.rowcount > 0


def envelope_is_held(connection: Connection, digest: str) -> bool:
    """Return whether an envelope with this digest was taken before."""
    found = select(MESSAGES.c.number).where(MESSAGES.c.envelope == digest)
    return connection.execute(found).first() is not None
