"""Standing checks: bureaus that wait for a document, a plate or a person, until their end.

Found by keyed digests of what they ask, and their questions are sealed: what stands cannot be read from these tables.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)

from comity.registry.earlier import Term
from comity.registry.schema import FETCH_MAX, METADATA, Moment

WATCHES = Table(
    "watches",
    METADATA,
    Column("id", String(20), primary_key=True),
    Column("bureau", String(3), nullable=False),
    Column("account", String(80), nullable=False),
    Column("unit", String(40)),
    Column("purpose", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("query", LargeBinary, nullable=False),  # sealed with the node's own key
    Column("made_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("ended_at", Moment),
    Index("watches_by_bureau", "bureau", "made_at"),
)

SOUGHT = Table(
    "sought",
    METADATA,
    Column("digest", BigInteger, primary_key=True, autoincrement=False),
    Column("ref", String(24), primary_key=True),
    Column("word", Integer, nullable=False),  # which word of the name; -1 for a number, which suffices
    Column("words", Integer, nullable=False),  # how many words have to agree
    Index("sought_by_ref", "ref"),
)


@dataclass(frozen=True, slots=True)
class Watch:
    """A standing check as kept: its question is sealed."""

    id: str
    bureau: str
    account: str
    unit: str | None
    purpose: str
    kind: str
    query: bytes
    made_at: datetime
    until: datetime

    @property
    def ref(self) -> str:
        """The name under which its digests stand."""
        return ref_of(self.id)


def ref_of(one: str) -> str:
    """Return the name under which the digests of a standing check stand, given its identifier."""
    return f"w{one}"


def add_watch(connection: Connection, watch: Watch, terms: Sequence[Term]) -> None:
    """Keep a standing check."""
    names = ("id", "bureau", "account", "unit", "purpose", "kind", "query", "made_at", "until")
    connection.execute(insert(WATCHES).values({name: getattr(watch, name) for name in names}))
    rows = [
        {"digest": term.digest, "ref": watch.ref, "word": term.word, "words": term.words}
        for term in {term.digest: term for term in terms}.values()
    ]
    if rows:
        connection.execute(insert(SOUGHT), rows)


def sought_by(connection: Connection, digests: Sequence[int], limit: int) -> list[str]:
    """Return the identifiers of standing checks that ask for something of these digests.

    `limit` of each bureau at most, so that none crowds out another's: first those that ask for a number, then by name,
    the newest first.
    """
    found: dict[str, set[int]] = defaultdict(set)
    needed: dict[str, int] = {}
    columns = (SOUGHT.c.ref, SOUGHT.c.word, SOUGHT.c.words)
    for start in range(0, len(digests), FETCH_MAX):
        chosen = SOUGHT.c.digest.in_(digests[start : start + FETCH_MAX])
        for row in connection.execute(select(*columns).where(chosen).distinct()):
            found[row.ref].add(row.word)
            needed[row.ref] = row.words
    met = {ref[1:]: -1 in words for ref, words in found.items() if -1 in words or len(words) >= needed[ref]}
    by_bureau: dict[str, list[tuple[bool, datetime, str]]] = defaultdict(list)
    for one, bureau, made_at in _bureaus_of(connection, sorted(met)):
        by_bureau[bureau].append((met[one], made_at, one))
    return [one for some in by_bureau.values() for _, _, one in sorted(some, reverse=True)[:limit]]


def _bureaus_of(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, str, datetime]]:
    for start in range(0, len(ids), FETCH_MAX):
        chosen = select(WATCHES.c.id, WATCHES.c.bureau, WATCHES.c.made_at)
        rows = connection.execute(chosen.where(WATCHES.c.id.in_(ids[start : start + FETCH_MAX])))
        yield from ((row.id, row.bureau, row.made_at) for row in rows)


def sought_among(connection: Connection, digests: Collection[int]) -> set[int]:
    """Return those of these digests for which some check stands."""
    asked = sorted(digests)
    found: set[int] = set()
    for start in range(0, len(asked), FETCH_MAX):
        chosen = SOUGHT.c.digest.in_(asked[start : start + FETCH_MAX])
        found.update(connection.execute(select(SOUGHT.c.digest).where(chosen).distinct()).scalars())
    return found


def is_anything_sought(connection: Connection) -> bool:
    """Return whether any check stands."""
    return connection.execute(select(SOUGHT.c.ref).limit(1)).first() is not None


def watch_with(connection: Connection, one: str) -> Watch | None:
    """Return the standing check with this identifier, or None; one that has ended is none."""
    row = connection.execute(select(WATCHES).where(WATCHES.c.id == one, WATCHES.c.ended_at.is_(None))).first()
    return None if row is None else _watch(row)


def is_named(connection: Connection, one: str) -> bool:
    """Return whether a standing check has this identifier, one that has ended too."""
    return connection.execute(select(WATCHES.c.id).where(WATCHES.c.id == one)).first() is not None


def watches_of(connection: Connection, bureau: str) -> list[Watch]:
    """Return the standing checks of a bureau, newest first."""
    chosen = select(WATCHES).where(WATCHES.c.bureau == bureau, WATCHES.c.ended_at.is_(None))
    return [
        _watch(row) for row in connection.execute(chosen.order_by(WATCHES.c.made_at.desc(), WATCHES.c.id))
    ]


def standing(connection: Connection) -> list[Watch]:
    """Return the standing checks of every bureau: for the controller of files."""
    chosen = select(WATCHES).where(WATCHES.c.ended_at.is_(None)).order_by(WATCHES.c.made_at, WATCHES.c.id)
    return [_watch(row) for row in connection.execute(chosen)]


def end_watch(connection: Connection, one: str, at: datetime) -> None:
    """End a standing check: nothing of what it asked is kept."""
    connection.execute(update(WATCHES).where(WATCHES.c.id == one).values(ended_at=at, query=b""))
    connection.execute(delete(SOUGHT).where(SOUGHT.c.ref == ref_of(one)))


def drop_earlier(connection: Connection) -> None:
    """Drop the rows in which earlier releases let earlier checks wait beside the standing ones."""
    connection.execute(delete(SOUGHT).where(SOUGHT.c.ref.startswith("c")))
    connection.execute(text("DROP TABLE IF EXISTS earlier_checks"))


def has_ended(connection: Connection, at: datetime) -> bool:
    """Return whether any standing check has come to its end."""
    ended = select(WATCHES.c.id).where(WATCHES.c.until <= at, WATCHES.c.ended_at.is_(None)).limit(1)
    return connection.execute(ended).first() is not None


def end_due(connection: Connection, at: datetime) -> int:
    """End the standing checks that have come to their end; return how many."""
    ended = select(WATCHES.c.id).where(WATCHES.c.until <= at, WATCHES.c.ended_at.is_(None))
    watches = list(connection.execute(ended).scalars())
    for one in watches:
        end_watch(connection, one, at)
    return len(watches)


def _watch(row: Row[tuple[object, ...]]) -> Watch:
    return Watch(
        row.id,
        row.bureau,
        row.account,
        row.unit,
        row.purpose,
        row.kind,
        row.query,
        row.made_at,
        row.until,
    )
