"""The feed: what one's own bureau was told, in order, by a cursor.

asked -> authorised -> read -> logged -> events, each an identifier and what became of it
"""

from dataclasses import dataclass

from comity.access.acts import Act
from comity.access.people import Officer
from comity.errors import MalformedError
from comity.procedures.desk import Desk
from comity.procedures.entries import asked_terms, entry_of
from comity.procedures.leave import leave
from comity.procedures.noting import noting
from comity.procedures.trail import PAGE_MAX
from comity.records.fieldtype import Json
from comity.registry import events
from comity.registry.events import Told

PATHS = {
    "hit": "/inbox/",
    "watch": "/watches/",
    "record": "/records/",
    "notice": "/notices/",
    "message": "/messages/",
    "proposal": "/proposals/",
    "access": "/access-requests/",
    "diffusion": "/diffusions/",
}
"""Where the console shows the things that events are about, by topic."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Events in order. `next` asks for those after them: the same as before where there are none yet."""

    events: tuple[Told, ...]
    next: str

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show."""
        shown: list[Json] = [event_json(one) for one in self.events]
        return {"events": shown, "next": self.next}


def event_json(told: Told) -> dict[str, Json]:
    """Return an event as the feed shows it and webhooks carry it: no data of any record."""
    event = told.event
    return {
        "number": told.number,
        "at": event.at.isoformat(),
        "topic": event.topic,
        "what": event.what,
        "about": event.about,
        "link": link_of(told),
    }


def link_of(told: Told) -> str:
    """Return the path of the console's page about an event's thing."""
    return f"{PATHS.get(told.event.topic, '/inbox#')}{told.event.about}"


def feed(after: str | None, limit: int, officer: Officer, desk: Desk) -> Feed:
    """Return the events of the officer's bureau after the cursor, oldest first.

    Raises `RefusedError`, and `MalformedError` for a limit or a cursor that is none, all logged.
    """
    asked: dict[str, Json] = {"after": after, "limit": limit}
    leave(officer, Act.FEED_READ, desk, asked)
    with noting(officer, Act.FEED_READ, desk, asked):
        start = _place(after)
        if not 1 <= limit <= PAGE_MAX:
            raise MalformedError("out-of-range", "limit")
    with desk.registry.read() as connection:
        found = events.after(connection, officer.bureau.code, start, limit)
    desk.registry.log(entry_of(officer, Act.FEED_READ, desk.clock(), "done", query=asked_terms(asked)))
    return Feed(tuple(found), str(found[-1].number if found else start))


def _place(after: str | None) -> int:
    if not after:
        return 0
    if not after.isascii() or not after.isdigit() or len(after) > 15:
        raise MalformedError("cursor-form", "after")
    return int(after)
