"""What bureaus ask of the owners of records: corrections they propose, and access to what they see in part.

Two bureaus are party to each, who asks and who owns; nobody else is told that it exists. Every function
works inside the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)

from comity.records.record import HeldRecord
from comity.registry import packs, passages
from comity.registry.passages import ASKED, Passage
from comity.registry.schema import METADATA, RECORDS, Moment

REQUESTS: Final = Table(
    "owner_requests",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # orders them; never leaves the node
    Column("id", String(20), nullable=False, unique=True),
    Column("what", String(10), nullable=False),  # proposal, access
    Column("record", BigInteger, ForeignKey("records.number"), nullable=False),
    Column("public_id", String(24), nullable=False),
    Column("owner", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("bureau", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("account", String(80), nullable=False),
    Column("version", Integer, nullable=False),  # of the record, as the owner counts
    Column("purpose", String(20)),
    Column("said", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(10), nullable=False),  # open, accepted, refused, withdrawn, ended
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("answer", Text),
    Index("owner_requests_in", "owner", "what", "state", "number"),
    Index("owner_requests_out", "bureau", "what", "state", "number"),
    Index("owner_requests_on", "record", "state"),
)

PROPOSAL, ACCESS = "proposal", "access"
OPEN, ACCEPTED, REFUSED, WITHDRAWN = "open", "accepted", "refused", "withdrawn"
ENDED = "ended"
"""Access that was given, and taken back by the owner."""


@dataclass(frozen=True, slots=True)
class OwnerRequest:
    """A proposal or a request for access. `said` is its JSON; `answer` is the owner's reason, once decided.

    What a request for access says is how the record was shared before it was opened, where that changed.
    """

    id: str
    what: str
    record: int
    public_id: str
    owner: str
    bureau: str
    account: str
    version: int
    purpose: str | None
    said: bytes
    reason: str
    state: str
    made_at: datetime
    due_at: datetime
    ended_at: datetime | None = None
    answer: str | None = None


def add(connection: Connection, request: OwnerRequest) -> None:
    """Keep a request."""
    last = last_number(connection)
    packs.give_row(connection, request.record)
    values = {name: getattr(request, name) for name in OwnerRequest.__slots__}
    connection.execute(insert(REQUESTS).values(number=last + 1, **values))
    passages.add(connection, [Passage(ASKED, request.id)])


def request_of(connection: Connection, what: str, one: str, bureau: str) -> OwnerRequest | None:
    """Return a request to which this bureau is party, or None: not held and not its own are the same."""
    row = connection.execute(select(REQUESTS).where(REQUESTS.c.id == one, REQUESTS.c.what == what)).first()
    if row is None or bureau not in {row.owner, row.bureau}:
        return None
    return OwnerRequest(**{name: getattr(row, name) for name in OwnerRequest.__slots__})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests are wanted: of what kind, to or from a bureau, in which state, how many, after which.

    The newest first; `by_due` those whose time is over first.
    """

    what: str
    bureau: str
    is_incoming: bool
    state: str
    limit: int
    before: str | None = None
    by_due: bool = False


def requests(connection: Connection, wanted: Wanted) -> list[OwnerRequest]:
    """Return requests, in the order that is wanted."""
    side = REQUESTS.c.owner if wanted.is_incoming else REQUESTS.c.bureau
    found = select(REQUESTS).where(REQUESTS.c.what == wanted.what, side == wanted.bureau)
    if wanted.state != "all":
        found = found.where(REQUESTS.c.state == wanted.state)
    if wanted.before is not None:
        seen = select(REQUESTS.c.number).where(REQUESTS.c.id == wanted.before, side == wanted.bureau)
        found = found.where(REQUESTS.c.number < seen.scalar_subquery())
    order = (REQUESTS.c.due_at, REQUESTS.c.number) if wanted.by_due else (REQUESTS.c.number.desc(),)
    ordered = found.order_by(*order).limit(wanted.limit)
    names = OwnerRequest.__slots__
    return [
        OwnerRequest(**{name: getattr(row, name) for name in names}) for row in connection.execute(ordered)
    ]


def open_on(connection: Connection, record: int, bureau: str, what: str) -> bool:
    """Return whether this bureau waits for an answer of this kind about a record."""
    found = select(REQUESTS.c.id).where(
        REQUESTS.c.record == record,
        REQUESTS.c.state == OPEN,
        REQUESTS.c.bureau == bureau,
        REQUESTS.c.what == what,
    )
    return connection.execute(found).first() is not None


def came_due(connection: Connection, since: datetime, until: datetime) -> list[OwnerRequest]:
    """Return the open requests whose time came after one moment and until another, the earliest first."""
    chosen = select(REQUESTS).where(
        REQUESTS.c.state == OPEN, REQUESTS.c.due_at > since, REQUESTS.c.due_at <= until
    )
    names = OwnerRequest.__slots__
    rows = connection.execute(chosen.order_by(REQUESTS.c.due_at, REQUESTS.c.number))
    return [OwnerRequest(**{name: getattr(row, name) for name in names}) for row in rows]


def on_record(connection: Connection, record: int) -> list[OwnerRequest]:
    """Return everything that was proposed and asked about a record, the newest first."""
    chosen = select(REQUESTS).where(REQUESTS.c.record == record).order_by(REQUESTS.c.number.desc())
    names = OwnerRequest.__slots__
    return [
        OwnerRequest(**{name: getattr(row, name) for name in names}) for row in connection.execute(chosen)
    ]


def end(connection: Connection, one: str, state: str, answer: str | None, at: datetime) -> None:
    """End a request: `accepted`, `refused` or `withdrawn`, with the reason for it."""
    values = {"state": state, "answer": answer, "ended_at": at}
    connection.execute(update(REQUESTS).where(REQUESTS.c.id == one).values(**values))
    if answer:
        passages.add(connection, [Passage(ASKED, one)])


def remember(connection: Connection, one: str, said: bytes) -> None:
    """Keep with a request for access, which says nothing else, how the record was shared before it was opened."""
    connection.execute(update(REQUESTS).where(REQUESTS.c.id == one).values(said=said))


def last_number(connection: Connection) -> int:
    """Return the number of the last request; 0 where there is none."""
    return int(connection.execute(select(func.coalesce(func.max(REQUESTS.c.number), 0))).scalar_one())


def held_with(connection: Connection, ones: Sequence[str]) -> list[OwnerRequest]:
    """Return the requests with these identifiers, whoever is party to them."""
    names = OwnerRequest.__slots__
    rows = connection.execute(select(REQUESTS).where(REQUESTS.c.id.in_(ones)).order_by(REQUESTS.c.number))
    return [OwnerRequest(**{name: getattr(row, name) for name in names}) for row in rows]


def ids_after(connection: Connection, number: int, limit: int) -> list[tuple[int, str]]:
    """Return number and identifier of up to `limit` requests after a number, in order."""
    chosen = select(REQUESTS.c.number, REQUESTS.c.id).where(REQUESTS.c.number > number)
    return [(row[0], row[1]) for row in connection.execute(chosen.order_by(REQUESTS.c.number).limit(limit))]


def ids_on(connection: Connection, records: Sequence[int]) -> list[str]:
    """Return the identifiers of the requests on any of these records, by number."""
    return list(connection.execute(select(REQUESTS.c.id).where(REQUESTS.c.record.in_(records))).scalars())


def erase(connection: Connection, one: str) -> None:
    """Remove what was written in one request; end it where it waits for an answer."""
    here = REQUESTS.c.id == one
    connection.execute(update(REQUESTS).where(here, REQUESTS.c.state == OPEN).values(state=WITHDRAWN))
    connection.execute(update(REQUESTS).where(here).values(said=b"{}", reason="", answer=None))


def origin_of(connection: Connection, record: int) -> str:
    """Return the origin of a held record: an amendment by its owner leaves it where it came from."""
    origin: str | None = connection.execute(
        select(RECORDS.c.origin).where(RECORDS.c.number == record)
    ).scalar()
    return packs.rows_numbered(connection, [record])[record].origin if origin is None else origin


def forget(connection: Connection, records: Sequence[HeldRecord]) -> None:
    """Forget what was written in requests on these records, which are purged; end those that wait for an answer."""
    numbers = [one.number for one in records]
    here = REQUESTS.c.record.in_(numbers)
    connection.execute(update(REQUESTS).where(here, REQUESTS.c.state == OPEN).values(state=WITHDRAWN))
    connection.execute(update(REQUESTS).where(here).values(said=b"{}", reason="", answer=None))
