"""Whether what the registry holds of records holds together: read only, in the caller's transaction."""

import hashlib

from sqlalchemy import Connection, func, select

from comity.records.record import State
from comity.registry import packs
from comity.registry.schema import CHANGES, FETCH_MAX, NODE, RECORDS


def disagreements(connection: Connection) -> list[str]:
    """Return where records and changes do not hold together: counts, numbers, digests."""
    node = connection.execute(select(NODE.c.last_record, NODE.c.last_change)).one()
    records = connection.execute(select(func.count()).select_from(RECORDS)).scalar_one()
    numbered = connection.execute(select(func.count()).select_from(CHANGES)).scalar_one()
    highest = connection.execute(select(func.max(RECORDS.c.number))).scalar_one() or 0
    latest = connection.execute(select(func.max(CHANGES.c.number))).scalar_one() or 0
    packed, unpacked = packs.totals(connection)
    found: list[str] = []
    if records + packed - unpacked != node.last_record or highest > node.last_record:
        found.append("records-missing")
    if numbered + packed != node.last_change or latest > node.last_change:
        found.append("changes-missing")
    found += packs.damaged(connection)
    for number, body, digest in connection.execute(
        select(RECORDS.c.number, RECORDS.c.body, RECORDS.c.digest)
        .where(RECORDS.c.state != State.PURGED.value)
        .execution_options(yield_per=FETCH_MAX)
    ):
        if hashlib.sha256(body).digest() != digest:
            found.append(f"record-damaged {number}")
    return found
