"""Each bureau's duty desk: who is called when it is silent, and for how long its checks meet newer records."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, Connection, String, Table, Text, insert, select, update

from comity.registry.schema import METADATA, Moment

DUTIES = Table(
    "duties",
    METADATA,
    Column("bureau", String(3), primary_key=True),
    Column("account", String(80)),
    Column("second", String(3)),
    Column("days", Text, nullable=False),
    Column("set_by", String(80), nullable=False),
    Column("set_at", Moment, nullable=False),
)


_KINDS, _CONTACT = "kinds", "contact"
"""Beside the purposes, none of which is called so."""


@dataclass(frozen=True, slots=True)
class Duty:
    """What a bureau says of its duty desk. `account` is its delegate on duty, `second` another bureau.

    `days` is, by purpose, for how many days its checks meet newer records; what it does not say takes the
    house's own numbers. `kinds` says the same by kind of record, and goes before. `contact` is how to reach the desk
    otherwise: what whoever meets a record of the bureau is shown.
    """

    bureau: str
    account: str | None = None
    second: str | None = None
    days: Mapping[str, int] = field(default_factory=dict[str, int])
    kinds: Mapping[str, int] = field(default_factory=dict[str, int])
    contact: str = ""


def duty_of(connection: Connection, bureau: str) -> Duty:
    """Return what a bureau says of its duty desk; nothing named where it has said nothing."""
    row = connection.execute(select(DUTIES).where(DUTIES.c.bureau == bureau)).first()
    if row is None:
        return Duty(bureau)
    days = json.loads(row.days)
    kinds, contact = days.pop(_KINDS, {}), days.pop(_CONTACT, "")
    return Duty(bureau, row.account, row.second, days, kinds, contact)


def set_duty(connection: Connection, duty: Duty, account: str, at: datetime) -> None:
    """Keep what a bureau says of its duty desk, in place of what it said before."""
    beside = {_KINDS: {**duty.kinds}, _CONTACT: duty.contact}
    values = {
        "account": duty.account,
        "second": duty.second,
        "days": json.dumps({**duty.days, **beside}, sort_keys=True),
        "set_by": account,
        "set_at": at,
    }
    changed = connection.execute(update(DUTIES).where(DUTIES.c.bureau == duty.bureau).values(values))
    if changed.rowcount == 0:
        connection.execute(insert(DUTIES).values(bureau=duty.bureau, **values))
