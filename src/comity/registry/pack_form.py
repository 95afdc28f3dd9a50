"""The form of packs: their tables, what a pack's body says, a packed record as a row, identifiers.

What is asked of packs stands in `packs`.
"""

import base64
import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
import numpy as np
from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table

from comity.records.columnar import Columns
from comity.records.fieldtype import Json
from comity.records.handling import Share, parse_handling
from comity.records.kinds import kind_named
from comity.records.record import State
from comity.registry.schema import METADATA, Moment

PACK_RECORDS: Final = 512
"""So many records are unpacked to read one of them: about a quarter of a millisecond."""

ID_BYTES: Final = 13
_ID_CHARS: Final = 20
_BETWEEN: Final = "\x00"
"""Stands between the texts of a field: no stored text has it."""

PACKS = Table(
    "packs",
    METADATA,
    Column("first_record", BigInteger, primary_key=True, autoincrement=False),
    Column("records_count", Integer, nullable=False),
    Column("first_change", BigInteger, nullable=False, unique=True),
    Column("owner", String(3), ForeignKey("bureaus.code"), nullable=False),
    Column("list_name", String(80), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("origin", String(200), nullable=False),
    Column("audience", Integer, ForeignKey("audiences.id"), nullable=False),
    Column("account", String(80), nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("retain_until", Date),  # of all its records: they agree in handling
    Column("review_on", Date),
    Column("ids", LargeBinary, nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("packs_by_origin", "owner", "list_name", "origin"),
    Index("packs_by_review", "review_on"),
)

UNPACKED = Table(
    "unpacked",  # records of packs that have a row of their own by now
    METADATA,
    Column("record", BigInteger, ForeignKey("records.number"), primary_key=True, autoincrement=False),
    Column("pack", BigInteger, ForeignKey("packs.first_record"), nullable=False),
    Index("unpacked_by_pack", "pack"),
)


class _Body(msgspec.Struct, frozen=True):
    """What a pack says: what its records agree in, then their fields; a text column is one text."""

    frame: bytes
    names: tuple[str, ...]
    source_ids: str
    columns: list[str | list[Any]]


@dataclass(frozen=True, slots=True)
class PackedRow:
    """A packed record as its row would state it."""

    number: int
    public_id: str
    owner: str
    list_name: str
    kind: str
    origin: str
    audience: int
    account: str
    entered_at: datetime
    retain_until: date | None
    review_on: date | None
    body: bytes
    pack: int
    version: int = 1
    state: str = State.ACTIVE.value

    @property
    def changed_at(self) -> datetime:
        """When it was entered: it was not changed since, or it would have a row of its own."""
        return self.entered_at

    @property
    def digest(self) -> bytes:
        """The SHA-256 of its canonical bytes."""
        return hashlib.sha256(self.body).digest()


@dataclass(frozen=True, slots=True)
class Entered:
    """Who enters packs: for which owner, in which list, from which origin, and when."""

    owner: str
    list_name: str
    origin: str
    account: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as followers take it. `columns` are its records, in the order of their numbers."""

    first_record: int
    first_change: int
    count: int
    audience: int
    columns: Columns
    owner: str
    list_name: str


_BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CHAR_PAIRS: Final = tuple(one + other for one in _BASE32 for other in _BASE32)
_PAIR_SHIFTS: Final = tuple(range(90, -10, -10))


def public_text(identifier: bytes) -> str:
    """Return a record's identifier of 13 bytes as the doors show it: the first 100 bits in base 32.

    Two characters at a time, which is twice as fast as the standard library: each record needs it once.
    """
    bits = int.from_bytes(identifier) >> 4
    return "".join([_CHAR_PAIRS[bits >> shift & 0x3FF] for shift in _PAIR_SHIFTS])


def prefix_of(public_id: str) -> int | None:
    """Return the first 8 bytes of an identifier as the doors show it, as a number; None where it is none."""
    try:
        return (
            int.from_bytes(base64.b32decode(public_id[:16])[:8], "little")
            if len(public_id) == _ID_CHARS
            else None
        )
    except ValueError:
        return None


def prefixes_in(ids: bytes) -> "np.ndarray[Any, np.dtype[np.uint64]]":
    """Return the first 8 bytes of each identifier as numbers."""
    whole = np.frombuffer(ids, np.uint8).reshape(-1, ID_BYTES)
    return np.ascontiguousarray(whole[:, :8]).view(np.uint64).reshape(-1)


def encoded(columns: Columns) -> bytes:
    """Return what a pack of these records says."""
    frame = {**columns.handling.to_json(), "kind": columns.kind.code, "notice": columns.notice}
    body = _Body(
        msgspec.json.encode(frame),
        columns.names,
        _BETWEEN.join(columns.source_ids),
        [_packed_column(column) for column in columns.values],
    )
    return zlib.compress(msgspec.msgpack.encode(body), 1)


def _packed_column(column: Sequence[Json]) -> str | list[Any]:
    try:
        return _BETWEEN.join(column)  # type: ignore[arg-type] # what is no text is found out
    except TypeError:
        return list(column)


@lru_cache(maxsize=64)
def decoded(body: bytes) -> Columns:
    """Return the records of a pack: those asked about often are asked about again."""
    made = msgspec.msgpack.decode(zlib.decompress(body), type=_Body)
    frame: dict[str, Json] = msgspec.json.decode(made.frame)
    return Columns(
        kind_named(frame["kind"]),
        None if frame["notice"] is None else str(frame["notice"]),
        parse_handling(frame, Share()),
        made.names,
        made.source_ids.split(_BETWEEN),
        tuple(one.split(_BETWEEN) if isinstance(one, str) else one for one in made.columns),
        (),
    )
