"""The numbers of a node as one bureau may know them: what it may not see is not counted (law 1)."""

from comity.access.acts import Act
from comity.access.people import Officer
from comity.procedures.desk import Desk
from comity.procedures.entries import entry_of
from comity.procedures.leave import leave
from comity.records.fieldtype import Json
from comity.records.handling import Purpose


def statistics(officer: Officer, purpose: Purpose | None, desk: Desk) -> dict[str, Json]:
    """Return how many records of each kind and owner the officer's bureau may see, and its position."""
    grant = leave(officer, Act.STATISTICS_READ, desk, {}, purpose)
    desk.follower.catch_up()
    by_kind: dict[str, int] = {}
    by_owner: dict[str, int] = {}
    for kind, owner, audience, count in desk.registry.counts():
        if desk.index.admits(grant, audience):
            by_kind[kind] = by_kind.get(kind, 0) + count
            by_owner[owner] = by_owner.get(owner, 0) + count
    desk.registry.log(entry_of(officer, Act.STATISTICS_READ, desk.clock(), "done", purpose=purpose))
    kinds: dict[str, Json] = {**dict(sorted(by_kind.items()))}
    owners: dict[str, Json] = {**dict(sorted(by_owner.items()))}
    return {
        "as_of": desk.index.as_of(grant),
        "records": sum(by_kind.values()),
        "kinds": kinds,
        "owners": owners,
    }
