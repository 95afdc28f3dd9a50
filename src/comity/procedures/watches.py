"""Standing checks: watch a document, a plate, a person until a day, and be told when a record comes that means it.

parsed -> authorised (a purpose is stated) -> sealed, found by digests, logged: one transaction
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import ConflictError, MalformedError, RefusedError, UnknownError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.waiting_checks import terms_of
from comity.records.check import parse_check
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry import watches
from comity.registry.watches import Watch

DAYS_DEFAULT: Final = 90
DAYS_MAX: Final = 365
WATCHES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class WatchLine:
    """A standing check as its own bureau reads it."""

    watch: Watch
    query: dict[str, Json]

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        one = self.watch
        return {
            "watch": one.id,
            "kind": one.kind,
            "purpose": one.purpose,
            "account": one.account,
            "made_at": one.made_at.isoformat(),
            "until": one.until.isoformat(),
            "query": self.query,
        }


def set_watch(data: Json, officer: Officer, purpose: Purpose | None, desk: Desk) -> WatchLine:
    """Let a check stand: `data` is a query, with `days` it is to stand for, 90 where it does not say.

    Raises `RefusedError` (a purpose is needed), `MalformedError` as a check does, and `ConflictError` where
    ten thousand stand already; logged.
    """
    asked: dict[str, Json] = {**data} if isinstance(data, dict) else {}
    leave(officer, Act.WATCH_SET, desk, asked, purpose)
    with noting(officer, Act.WATCH_SET, desk, asked):
        query = {name: value for name, value in asked.items() if name != "days"}
        check = parse_check(query if isinstance(data, dict) else data)
        days = _days(asked.get("days"))
        stated = check.purpose or purpose
        if stated is None:
            raise RefusedError(act=Act.WATCH_SET.value, rule="purpose-missing")
        at, code = desk.clock(), officer.bureau.code
        sealed = desk.box.seal(msgspec.json.encode(query).decode())
        watch = Watch(
            "",
            code,
            officer.account,
            officer.unit,
            stated.value,
            check.kind.code,
            sealed,
            at,
            at + timedelta(days=days),
        )
        entry = entry_of(officer, Act.WATCH_SET, at, "done", purpose=stated, query=asked_terms(asked))
        terms = terms_of(check, desk)  # before anybody has to wait to write
        with desk.registry.quietly() as connection:
            if len(watches.watches_of(connection, code)) >= WATCHES_MAX:
                raise ConflictError(what="watch", rule="too-many")
            watch = replace(watch, id=_free_id(connection, watch, query, desk))
            watches.add_watch(connection, watch, terms)
            desk.registry.append(connection, entry)
    return WatchLine(watch, query)


def list_watches(officer: Officer, desk: Desk) -> list[WatchLine]:
    """Return the standing checks of the officer's bureau, newest first; raises `RefusedError`."""
    leave(officer, Act.WATCH_SET, desk, {"list": "watches"})
    with desk.registry.read() as connection:
        found = watches.watches_of(connection, officer.bureau.code)
    desk.registry.log(entry_of(officer, Act.WATCH_SET, desk.clock(), "done", query={"list": "watches"}))
    return [WatchLine(one, msgspec.json.decode(desk.box.open(one.query))) for one in found]


def read_watch(one: str, officer: Officer, desk: Desk) -> WatchLine:
    """Return a standing check of one's own bureau; raises `RefusedError` and `UnknownError`; logged."""
    asked: dict[str, Json] = {"watch": one}
    leave(officer, Act.WATCH_SET, desk, asked)
    with noting(officer, Act.WATCH_SET, desk, asked):
        with desk.registry.read() as connection:
            watch = watches.watch_with(connection, one)
        if watch is None or watch.bureau != officer.bureau.code:
            raise UnknownError(what="watch", name=one[:40])
    desk.registry.log(entry_of(officer, Act.WATCH_SET, desk.clock(), "done", query=asked_terms(asked)))
    return WatchLine(watch, msgspec.json.decode(desk.box.open(watch.query)))


def end_watch(one: str, officer: Officer, desk: Desk) -> None:
    """End a standing check of one's own bureau; raises `RefusedError` and `UnknownError`; logged."""
    asked: dict[str, Json] = {"end": one}
    leave(officer, Act.WATCH_SET, desk, asked)
    with noting(officer, Act.WATCH_SET, desk, asked), desk.registry.quietly() as connection:
        watch = watches.watch_with(connection, one)
        if watch is None or watch.bureau != officer.bureau.code:
            raise UnknownError(what="watch", name=one[:40])
        watches.end_watch(connection, one, desk.clock())
        desk.registry.append(
            connection, entry_of(officer, Act.WATCH_SET, desk.clock(), "done", query=asked_terms(asked))
        )


def _free_id(connection: Connection, watch: Watch, query: Mapping[str, Json], desk: Desk) -> str:
    """Return a name for a standing check; the same question set twice in one instant makes two, each with its own."""
    parts = ("watch", watch.account, watch.made_at.isoformat(), msgspec.json.encode(query).decode())
    one, place = desk.registry.mark(*parts), 1
    while watches.is_named(connection, one):
        one, place = desk.registry.mark(*parts, str(place)), place + 1
    return one


def _days(value: Json) -> int:
    if value is None:
        return DAYS_DEFAULT
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= DAYS_MAX:
        raise MalformedError("out-of-range", "days")
    return value
