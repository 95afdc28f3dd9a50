"""Records that came in bulk, packed: some hundred in a row of the database, field by field, compressed.

    columns -> a pack (fields beside each other, identifiers, one range of numbers and of changes)
    a number -> its pack -> the record          an identifier -> pack_ids -> a number -> the record

A packed record is as good as one with a row of its own, whoever asks. It gets that row (`unpack`) when something
is to be said of it alone: it is amended, moved, asked about. Its pack stays as it is, until a purge blanks it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, or_, select, update

from comity.records.columnar import Columns
from comity.registry import pack_ids
from comity.registry.pack_form import (
    ID_BYTES,
    PACK_RECORDS,
    PACKS,
    UNPACKED,
    Entered,
    Pack,
    PackedRow,
    decoded,
    encoded,
    prefix_of,
    public_text,
)
from comity.registry.schema import RECORDS

_FETCH: Final = 500


def put(
    connection: Connection, columns: Columns, ids: bytes, audience: int, first: tuple[int, int], by: Entered
) -> None:
    """Store records that are held nowhere yet; `first` are the number and the change of the first of them."""
    record, change = first
    rows: list[dict[str, object]] = []
    for part in columns.sliced(PACK_RECORDS):
        body = encoded(part)
        done = record - first[0]
        rows.append(
            {
                "first_record": record,
                "records_count": len(part),
                "first_change": change,
                "owner": by.owner,
                "list_name": by.list_name,
                "kind": part.kind.code,
                "origin": by.origin,
                "audience": audience,
                "account": by.account,
                "entered_at": by.at,
                "retain_until": part.handling.retain_until,
                "review_on": part.handling.review_on,
                "ids": ids[ID_BYTES * done : ID_BYTES * (done + len(part))],
                "digest": hashlib.sha256(body).digest(),
                "body": body,
            }
        )
        record, change = record + len(part), change + len(part)
    connection.execute(insert(PACKS), rows)


_ANY: Final = select(PACKS.c.first_record).limit(1)


def are_held(connection: Connection) -> bool:
    """Return whether there are packs at all: most nodes have none, and nothing more is asked of them."""
    return connection.execute(_ANY).first() is not None


def maybe_packed(connection: Connection, listed: Sequence[tuple[str, str, str]]) -> list[str]:
    """Return which identifiers, given as (owner, list, identifier), a pack can hold: those of lists that have packs.

    An identifier follows from its owner and list. To look one up among the packs of a hundred million records takes
    milliseconds, so what is of other lists is not looked for.
    """
    lists = {(owner, list_name) for owner, list_name, _ in listed}
    held = {one for one in lists if _has_packs(connection, *one)}
    return [known for owner, list_name, known in listed if (owner, list_name) in held]


_OF_LIST: Final = (
    select(PACKS.c.first_record)
    .where(PACKS.c.owner == bindparam("owned_by"), PACKS.c.list_name == bindparam("listed"))
    .limit(1)
)


def _has_packs(connection: Connection, owner: str, list_name: str) -> bool:
    return connection.execute(_OF_LIST, {"owned_by": owner, "listed": list_name}).first() is not None


def rows_numbered(connection: Connection, numbers: Iterable[int]) -> dict[int, PackedRow]:
    """Return the packed records with these numbers, those with rows of their own included."""
    wanted: list[int] = sorted(numbers)
    found: dict[int, PackedRow] = {}
    while wanted:
        pack = connection.execute(_PACK_WITH, {"number": wanted[0]}).first()
        if pack is None:
            return found
        last = int(pack.first_record + pack.records_count)
        inside: list[int] = [number for number in wanted if pack.first_record <= number < last]
        found.update({number: _row(pack, number) for number in inside})
        wanted = [number for number in wanted if number >= max(last, wanted[0] + 1)]
    return found


_PACK_WITH: Final = (  # the pack with a number, or the next one
    select(PACKS)
    .where(PACKS.c.first_record > bindparam("number") - PACK_RECORDS)
    .where(PACKS.c.first_record + PACKS.c.records_count > bindparam("number"))
    .order_by(PACKS.c.first_record)
    .limit(1)
)


def rows_with_ids(connection: Connection, ids: Sequence[str]) -> dict[str, PackedRow]:
    """Return the packed records with these public identifiers, those with rows of their own included."""
    if not ids or not are_held(connection):
        return {}
    prefixes = {prefix for one in ids if (prefix := prefix_of(one)) is not None}
    numbers = pack_ids.numbers_with(connection, sorted(prefixes))
    rows = rows_numbered(connection, {number for some in numbers.values() for number in some})
    asked = set(ids)
    return {row.public_id: row for row in rows.values() if row.public_id in asked}


def _row(pack: Row[tuple[object, ...]], number: int) -> PackedRow:
    place = number - pack.first_record
    identifier = pack.ids[ID_BYTES * place : ID_BYTES * (place + 1)]
    return PackedRow(
        number=number,
        public_id=public_text(identifier),
        owner=pack.owner,
        list_name=pack.list_name,
        kind=pack.kind,
        origin=pack.origin,
        audience=pack.audience,
        account=pack.account,
        entered_at=pack.entered_at,
        retain_until=pack.retain_until,
        review_on=pack.review_on,
        body=decoded(pack.body).record(place).to_bytes(),
        pack=pack.first_record,
    )


def unpack(connection: Connection, rows: Sequence[PackedRow]) -> None:
    """Give packed records rows of their own, which say the same."""
    stored = ("number", "public_id", "owner", "list_name", "kind", "origin", "version", "state", "audience")
    words = (*stored, "entered_at", "changed_at", "retain_until", "review_on", "digest", "body")
    if rows:
        made = [{name: getattr(row, name) for name in words} for row in rows]
        connection.execute(insert(RECORDS), made)
        connection.execute(insert(UNPACKED), [{"record": row.number, "pack": row.pack} for row in rows])


def give_row(connection: Connection, number: int) -> None:
    """Give a packed record a row of its own, where it has none."""
    if connection.execute(select(RECORDS.c.number).where(RECORDS.c.number == number)).first() is None:
        unpack(connection, [*rows_numbered(connection, [number]).values()])


def blank(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove what packs say of these records, which are purged; their places and numbers stay."""
    for start in range(0, len(numbers), _FETCH):
        chunk = numbers[start : start + _FETCH]
        held = connection.execute(
            select(UNPACKED).where(UNPACKED.c.record.in_(chunk)).order_by(UNPACKED.c.pack)
        )
        for first, rows in groupby(held.all(), lambda row: row.pack):
            _blank(connection, first, {row.record - first for row in rows})


def _blank(connection: Connection, first: int, places: set[int]) -> None:
    pack = connection.execute(select(PACKS).where(PACKS.c.first_record == first)).one()
    held = decoded(pack.body)
    columns = Columns(
        held.kind,
        held.notice,
        held.handling,
        held.names,
        ["" if place in places else one for place, one in enumerate(held.source_ids)],
        tuple(["" if place in places else one for place, one in enumerate(column)] for column in held.values),
        (),
    )
    body = encoded(columns)
    stated = update(PACKS).where(PACKS.c.first_record == first)
    connection.execute(stated.values(body=body, digest=hashlib.sha256(body).digest()))
    decoded.cache_clear()


def changes_after(connection: Connection, after: int, limit: int) -> list[tuple[int, int, int]]:
    """Return up to `limit` changes by which packs were entered: number, record, audience; in order."""
    columns = (PACKS.c.first_change, PACKS.c.first_record, PACKS.c.records_count, PACKS.c.audience)
    found: list[tuple[int, int, int]] = []
    chosen = select(*columns).where(PACKS.c.first_change > after - PACK_RECORDS)
    for pack in connection.execute(chosen.order_by(PACKS.c.first_change).limit(2 + limit // 64)):
        start = max(0, after + 1 - pack.first_change)
        found += [
            (pack.first_change + place, pack.first_record + place, pack.audience)
            for place in range(start, pack.records_count)
        ]
        if len(found) >= limit:
            break
    return found[:limit]


def entered_after(connection: Connection, change: int, limit: int) -> list[Pack]:
    """Return up to `limit` packs that follow each other without a gap from the change after this one on."""
    return _unbroken(connection, PACKS.c.first_change > change, change, limit)


def entered_from(connection: Connection, change: int, limit: int) -> list[Pack]:
    """Return the same from the pack on by which the change after this one was made, which may have begun before it."""
    reaching = (
        PACKS.c.first_change > change - PACK_RECORDS,
        PACKS.c.first_change + PACKS.c.records_count > change + 1,
    )
    return _unbroken(connection, and_(*reaching), change, limit)


def _unbroken(connection: Connection, chosen: ColumnElement[bool], change: int, limit: int) -> list[Pack]:
    found: list[Pack] = []
    rows = select(PACKS).where(chosen).order_by(PACKS.c.first_change).limit(limit)
    for row in connection.execute(rows):
        if row.first_change > change + 1:
            break
        found.append(_pack(row))
        change = row.first_change + row.records_count - 1
    return found


_NEXT_CHANGE: Final = select(func.min(PACKS.c.first_change)).where(PACKS.c.first_change > bindparam("change"))


def next_change(connection: Connection, after: int) -> int | None:
    """Return the number of the first change after this one by which a pack was entered, or None."""
    found: int | None = connection.execute(_NEXT_CHANGE, {"change": after}).scalar()
    return found


def all_after(connection: Connection, record: int, limit: int) -> list[Pack]:
    """Return up to `limit` packs of records with numbers above this one, in order."""
    chosen = select(PACKS).where(PACKS.c.first_record > record).order_by(PACKS.c.first_record).limit(limit)
    return [_pack(row) for row in connection.execute(chosen)]


def _pack(row: Row[tuple[object, ...]]) -> Pack:
    return Pack(
        row.first_record,
        row.first_change,
        row.records_count,
        row.audience,
        decoded.__wrapped__(row.body),
        row.owner,
        row.list_name,
    )


def unpacked_between(connection: Connection, first: int, last: int) -> set[int]:
    """Return which records from the first number to the last have rows of their own."""
    chosen = select(UNPACKED.c.record).where(UNPACKED.c.record.between(first, last))
    return set(connection.execute(chosen).scalars())


def standing_rows(
    connection: Connection, condition: ColumnElement[bool], after: int, limit: int
) -> list[PackedRow]:
    """Return up to `limit` records of the chosen packs, numbered above `after`, without rows of their own."""
    found: list[PackedRow] = []
    whole = and_(condition, PACKS.c.first_record + PACKS.c.records_count > after + 1)
    for pack in connection.execute(select(PACKS).where(whole).order_by(PACKS.c.first_record)):
        last = pack.first_record + pack.records_count
        apart = unpacked_between(connection, pack.first_record, last - 1)
        numbers = range(max(pack.first_record, after + 1), last)
        found += [_row(pack, number) for number in numbers if number not in apart]
        if len(found) >= limit:
            break
    return found[:limit]


def of_age(stated_by: date, entered_by: datetime) -> ColumnElement[bool]:
    """Return the condition on packs whose records are kept until a day at most, or were entered by a moment."""
    return or_(PACKS.c.retain_until <= stated_by, PACKS.c.entered_at <= entered_by)


def due_rows(
    connection: Connection, owner: str, by: date, limit: int, after: tuple[date, str] | None
) -> list[PackedRow]:
    """Return up to `limit` records of an owner to be reviewed by a day, in that order, `after` the last seen."""
    found: list[PackedRow] = []
    chosen = and_(PACKS.c.owner == owner, PACKS.c.review_on <= by)
    if after is not None:
        chosen = and_(chosen, PACKS.c.review_on >= after[0])
    days = select(PACKS.c.review_on).where(chosen).distinct().order_by(PACKS.c.review_on)
    for day in connection.execute(days).scalars().all():
        rows = standing_rows(connection, and_(chosen, PACKS.c.review_on == day), 0, 1 << 62)
        found += sorted(
            (row for row in rows if after is None or (day, row.public_id) > after),
            key=lambda row: row.public_id,
        )
        if len(found) >= limit:
            break
    return found[:limit]


def count_of(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    """Return how many records the chosen packs hold that have no rows of their own."""
    whole = connection.execute(
        select(func.coalesce(func.sum(PACKS.c.records_count), 0)).where(*conditions)
    ).scalar_one()
    joined = select(func.count()).select_from(UNPACKED).join(PACKS, UNPACKED.c.pack == PACKS.c.first_record)
    return int(whole) - int(connection.execute(joined.where(*conditions)).scalar_one())


def counts(connection: Connection) -> dict[tuple[str, str, int], int]:
    """Return how many records of each (kind, owner, audience) packs hold that have no rows of their own."""
    columns = (PACKS.c.kind, PACKS.c.owner, PACKS.c.audience)
    held = connection.execute(select(*columns, func.sum(PACKS.c.records_count)).group_by(*columns))
    found = {(row[0], row[1], row[2]): int(row[3]) for row in held}
    joined = select(*columns, func.count()).join(UNPACKED, UNPACKED.c.pack == PACKS.c.first_record)
    for kind, owner, audience, count in connection.execute(joined.group_by(*columns)):
        found[kind, owner, audience] -= count
    return {name: count for name, count in found.items() if count}


def from_origin(owner: str, list_name: str, origin: str) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on packs of one origin."""
    return PACKS.c.owner == owner, PACKS.c.list_name == list_name, PACKS.c.origin == origin


def standing_ids(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> set[str]:
    """Return the public identifiers of the records of the chosen packs that have no rows of their own."""
    found: set[str] = set()
    for pack in connection.execute(
        select(PACKS.c.first_record, PACKS.c.records_count, PACKS.c.ids).where(*conditions)
    ):
        apart = unpacked_between(connection, pack.first_record, pack.first_record + pack.records_count - 1)
        found |= {
            public_text(pack.ids[ID_BYTES * place : ID_BYTES * (place + 1)])
            for place in range(pack.records_count)
            if pack.first_record + place not in apart
        }
    return found


def ids_of(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[bytes]:
    """Yield the identifiers of the records of the chosen packs, pack by pack."""
    chosen = select(PACKS.c.ids).where(*conditions).execution_options(yield_per=_FETCH)
    yield from connection.execute(chosen).scalars()


def damaged(connection: Connection) -> list[str]:
    """Return which packs are not as they were written."""
    chosen = select(PACKS.c.first_record, PACKS.c.body, PACKS.c.digest).execution_options(yield_per=_FETCH)
    return [
        f"pack-damaged {first}"
        for first, body, digest in connection.execute(chosen)
        if hashlib.sha256(body).digest() != digest
    ]


def totals(connection: Connection) -> tuple[int, int]:
    """Return how many records packs hold, and how many of these have rows of their own."""
    held = connection.execute(select(func.coalesce(func.sum(PACKS.c.records_count), 0))).scalar_one()
    return int(held), int(connection.execute(select(func.count()).select_from(UNPACKED)).scalar_one())


def maker_of(connection: Connection, record: int) -> str | None:
    """Return the account that entered a packed record, or None where it was entered by itself."""
    pack = connection.execute(_PACK_WITH, {"number": record}).first()
    return pack.account if pack is not None and pack.first_record <= record else None
