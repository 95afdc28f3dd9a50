"""Checks that wait for records to come: earlier ones for some days, standing ones until their end.

Found by keyed digests of what they ask, so that what waits cannot be read from these tables. An
earlier check is its line in the audit log, named by number; a standing one keeps its question sealed.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

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
    func,
    insert,
    select,
    update,
)

from comity.audit.entries import Entry, decode
from comity.registry.holdings import FETCH_MAX
from comity.registry.schema import AUDIT, METADATA, Moment

ROWS_MAX: Final = 20_000
"""How many digests of waiting checks are looked at for one record: a name that half the world bears."""

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

EARLIER = Table(
    "earlier_checks",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("bureau", String(3), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("until", Moment, nullable=False),
    Index("earlier_by_kind", "bureau", "kind", "seq"),
    Index("earlier_by_end", "until"),
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


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier check that waits: the number of its line, whose it is, until when it waits."""

    seq: int
    bureau: str
    kind: str
    until: datetime

    @property
    def ref(self) -> str:
        """The name under which its digests stand."""
        return f"c{self.seq}"


@dataclass(frozen=True, slots=True)
class Term:
    """One digest of what a check asks: a number (`word` -1), or a word of the name."""

    digest: int
    word: int
    words: int


def add_watch(connection: Connection, watch: Watch, terms: Sequence[Term]) -> None:
    """Keep a standing check."""
    names = ("id", "bureau", "account", "unit", "purpose", "kind", "query", "made_at", "until")
    connection.execute(insert(WATCHES).values({name: getattr(watch, name) for name in names}))
    _seek(connection, [(f"w{watch.id}", term) for term in terms])


def add_earlier(connection: Connection, checks: Sequence[tuple[Earlier, Sequence[Term]]]) -> None:
    """Let earlier checks wait."""
    if checks:
        rows = [
            {"seq": one.seq, "bureau": one.bureau, "kind": one.kind, "until": one.until} for one, _ in checks
        ]
        connection.execute(insert(EARLIER), rows)
        _seek(connection, [(one.ref, term) for one, terms in checks for term in terms])


def _seek(connection: Connection, terms: Sequence[tuple[str, Term]]) -> None:
    rows = {(term.digest, ref): term for ref, term in terms}
    if rows:
        connection.execute(
            insert(SOUGHT),
            [
                {"digest": digest, "ref": ref, "word": term.word, "words": term.words}
                for (digest, ref), term in rows.items()
            ],
        )


def sought_by(connection: Connection, digests: Sequence[int], limit: int) -> list[str]:
    """Return which waiting checks ask for something of these digests, the newest first, `limit` at most."""
    found: dict[str, set[int]] = defaultdict(set)
    needed: dict[str, int] = {}
    for start in range(0, len(digests), FETCH_MAX):
        rows = connection.execute(
            select(SOUGHT.c.ref, SOUGHT.c.word, SOUGHT.c.words)
            .where(SOUGHT.c.digest.in_(digests[start : start + FETCH_MAX]))
            .limit(ROWS_MAX)
        )
        for row in rows:
            found[row.ref].add(row.word)
            needed[row.ref] = row.words
    met = [ref for ref, words in found.items() if -1 in words or len(words) >= needed[ref]]
    return sorted(met, key=lambda ref: (ref[0] == "w", len(ref), ref), reverse=True)[:limit]


def sought_among(connection: Connection, digests: Collection[int]) -> set[int]:
    """Return those of these digests for which some check waits."""
    asked = sorted(digests)
    found: set[int] = set()
    for start in range(0, len(asked), FETCH_MAX):
        chosen = SOUGHT.c.digest.in_(asked[start : start + FETCH_MAX])
        found.update(connection.execute(select(SOUGHT.c.digest).where(chosen).distinct()).scalars())
    return found


def is_anything_sought(connection: Connection) -> bool:
    """Return whether any check waits."""
    return connection.execute(select(SOUGHT.c.ref).limit(1)).first() is not None


def entry_of_ref(connection: Connection, ref: str) -> Entry | None:
    """Return the line of an earlier check that waits, or None."""
    body: bytes | None = connection.execute(
        select(AUDIT.entries.c.body).where(AUDIT.entries.c.seq == int(ref[1:]))
    ).scalar()
    return None if body is None else decode(body)


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
    connection.execute(delete(SOUGHT).where(SOUGHT.c.ref == f"w{one}"))


def checks_after(
    connection: Connection, seq: int, act: str, limit: int
) -> tuple[list[tuple[int, Entry]], int]:
    """Return the checks among up to `limit` audit lines from this number on, and where to go on."""
    entries = AUDIT.entries.c
    size: int = connection.execute(select(AUDIT.tip.c.size)).scalar_one()
    end = min(seq + limit, size)
    rows = connection.execute(
        select(entries.seq, entries.body)
        .where(entries.seq >= seq, entries.seq < end, entries.act == act)
        .where(entries.outcome.in_(("hit", "no_hit")))
        .order_by(entries.seq)
    )
    return [(row.seq, decode(row.body)) for row in rows], end


def has_ended(connection: Connection, at: datetime, kept_max: int) -> bool:
    """Return whether anything is to be forgotten."""
    earlier = select(EARLIER.c.seq).where(EARLIER.c.until <= at).limit(1)
    watch = select(WATCHES.c.id).where(WATCHES.c.until <= at, WATCHES.c.ended_at.is_(None)).limit(1)
    many = (
        select(EARLIER.c.bureau)
        .group_by(EARLIER.c.bureau, EARLIER.c.kind)
        .having(func.count() > kept_max)
        .limit(1)
    )
    return any(connection.execute(one).first() is not None for one in (earlier, watch, many))


def forget(connection: Connection, at: datetime, kept_max: int) -> int:
    """Forget earlier checks that have waited long enough, and the oldest above `kept_max` of a bureau and kind.

    Standing checks that have come to their end are ended. Returns how many were forgotten.
    """
    gone = list(connection.execute(select(EARLIER.c.seq).where(EARLIER.c.until <= at)).scalars())
    counts = connection.execute(
        select(EARLIER.c.bureau, EARLIER.c.kind, func.count())
        .group_by(EARLIER.c.bureau, EARLIER.c.kind)
        .having(func.count() > kept_max)
    ).all()
    for bureau, kind, count in counts:
        chosen = select(EARLIER.c.seq).where(EARLIER.c.bureau == bureau, EARLIER.c.kind == kind)
        gone += connection.execute(chosen.order_by(EARLIER.c.seq).limit(count - kept_max)).scalars()
    for start in range(0, len(gone), FETCH_MAX):
        chunk = gone[start : start + FETCH_MAX]
        connection.execute(delete(SOUGHT).where(SOUGHT.c.ref.in_([f"c{seq}" for seq in chunk])))
        connection.execute(delete(EARLIER).where(EARLIER.c.seq.in_(chunk)))
    ended = select(WATCHES.c.id).where(WATCHES.c.until <= at, WATCHES.c.ended_at.is_(None))
    watches = list(connection.execute(ended).scalars())
    for one in watches:
        end_watch(connection, one, at)
    return len(gone) + len(watches)


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
