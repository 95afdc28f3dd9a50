"""Entering records in bulk: what is plainly new goes into packs, the rest is told apart for `accept`.

columns -> identifiers -> new to the list? -> packs, numbers, changes      the others -> submissions
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select, update

from comity.records.columnar import Columns
from comity.registry import audiences, pack_form, pack_ids, packs, retention
from comity.registry.known_ids import KnownIds
from comity.registry.pack_form import Entered
from comity.registry.schema import NODE, RECORDS

_BLOCK_BYTES = 64
PACKED_MIN = 64
"""Fewer records that agree in everything but their values get rows of their own."""


@dataclass(frozen=True, slots=True)
class Sorted:
    """What became of columns: how many records are packed, and what is left to be accepted one by one."""

    packed: int
    left: Sequence[Columns]


def ids_of(secret: bytes, by: Entered, columns: Columns) -> bytes:
    """Return the identifiers of the records, one behind the other; see `holdings.public_id`."""
    head = f"{by.owner}\x1f{by.list_name}\x1f{columns.kind.code}\x1f".encode()
    assert len(secret) <= _BLOCK_BYTES, "the key of identifiers"
    # HMAC as its definition has it (RFC 2104): the two hashes that have read the key are copied, which takes a
    # third of the time of beginning both anew for each record.
    padded = secret.ljust(_BLOCK_BYTES, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in padded) + head)
    outer = sha256(bytes(byte ^ 0x5C for byte in padded))
    made: list[bytes] = []
    for one in columns.source_ids:
        inside, outside = inner.copy(), outer.copy()
        inside.update(one.encode())
        outside.update(inside.digest())
        made.append(outside.digest()[: pack_form.ID_BYTES])
    return b"".join(made)


def known_of(connection: Connection, owner: str, list_name: str) -> KnownIds:
    """Return the identifiers that a list of an owner holds already, withdrawn and purged ones included."""
    known = KnownIds()
    listed = pack_form.PACKS.c.owner == owner, pack_form.PACKS.c.list_name == list_name
    for ids in packs.ids_of(connection, *listed):
        known.add(pack_form.prefixes_in(ids))
    single = select(RECORDS.c.public_id).where(RECORDS.c.owner == owner, RECORDS.c.list_name == list_name)
    prefixes = [pack_form.prefix_of(one) for one in connection.execute(single).scalars()]
    known.add(np.array([prefix for prefix in prefixes if prefix is not None], np.uint64))
    return known


def enter(
    connection: Connection, read: Sequence[Columns], secret: bytes, known: KnownIds, by: Entered
) -> Sorted:
    """Store what of the columns is new to the list, and number its changes; return what is left.

    Left is what the list holds already or holds twice among these, what is too little for a pack, and
    everything of an owner of whom something was erased by decision.
    """
    if retention.has_suppressions(connection, by.owner):
        return Sorted(0, read)
    ids = [ids_of(secret, by, columns) for columns in read]
    prefixes = [pack_form.prefixes_in(one) for one in ids]
    twice = _twice(prefixes)
    packed, left = 0, list[Columns]()
    node = connection.execute(select(NODE.c.last_record, NODE.c.last_change)).one()
    first = int(node.last_record) + 1, int(node.last_change) + 1
    numbered: list[NDArray[np.uint64]] = []
    for columns, identifiers, some in zip(read, ids, prefixes, strict=True):
        fresh = known.add(some) & ~np.isin(some, twice)
        if int(fresh.sum()) < PACKED_MIN:
            left.append(columns)
            continue
        chosen = columns if fresh.all() else columns.without(fresh.tolist())
        if chosen is not columns:
            left.append(columns.without((~fresh).tolist()))
        audience = audiences.audience_of(connection, by.owner, columns.handling)
        numbers = first[0] + packed, first[1] + packed
        packs.put(connection, chosen, _chosen(identifiers, fresh), audience, numbers, by)
        numbered.append(some[fresh])
        packed += len(chosen)
    if packed:
        pack_ids.add(
            connection,
            np.concatenate(numbered),
            np.arange(first[0], first[0] + packed, dtype=np.uint32),
        )
        connection.execute(
            update(NODE).values(last_record=first[0] + packed - 1, last_change=first[1] + packed - 1)
        )
    return Sorted(packed, left)


def _twice(prefixes: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Return the prefixes that stand more than once among these: the order of their rows matters."""
    if not prefixes:
        return np.zeros(0, np.uint64)
    distinct, counts = np.unique(np.concatenate(prefixes), return_counts=True)
    return distinct[counts > 1]


def _chosen(ids: bytes, chosen: NDArray[np.bool_]) -> bytes:
    return np.frombuffer(ids, np.uint8).reshape(-1, pack_form.ID_BYTES)[chosen].tobytes()
