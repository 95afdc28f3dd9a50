"""A node with Egypt's stolen passport on it, a clock that tests set, and short ways to act on its hits."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.procedures.bureaus import bureaus

from comity.access.people import Officer
from comity.app import Node
from comity.errors import ConflictError
from comity.procedures import hits_acts
from comity.procedures.check import run_check
from comity.procedures.desk import Desk
from comity.procedures.hits import HitPage, HitsAsked, list_hits, read_hit
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.check import Answer
from comity.records.handling import Purpose
from comity.registry import events

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PASSPORT: Mapping[str, object] = {
    "kind": "travel_document",
    "source_id": "D1",
    "type": "P",
    "issuer": "EGY",
    "number": "K1234567",
    "status": "stolen",
    "share": "all",
}
QUERY = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "K1234567"}


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_on(self, **time: float) -> None:
        self.at += timedelta(**time)


@dataclass
class HitDesk:
    """The node, its clock, and what tests do with them."""

    node: Node
    clock: Clock = field(default_factory=Clock)

    @property
    def desk(self) -> Desk:
        return self.node.desk

    def officer(self, name: str) -> Officer:
        return officer_named(name, self.desk)

    def enter(self, owner: str = "egy", **fields: object) -> str:
        record = {**PASSPORT, **fields}
        return submit(record, self.officer(f"{owner}-registrar"), self.desk).receipt.public_id

    def check(self, account: str = "fra-officer", **terms: object) -> Answer:
        return run_check({**QUERY, **terms}, self.officer(account), Purpose.BORDER, self.desk)

    def hit(self, account: str = "fra-officer", **terms: object) -> str:
        """Check, and return the name of the hit that was opened."""
        opened = self.check(account, **terms).hits[0].opened
        assert opened is not None
        return opened

    def page(self, one: str, account: str = "egy-registrar") -> HitPage:
        return read_hit(one, self.officer(account), self.desk)

    def listed(self, account: str, box: str = "all") -> list[str]:
        page = list_hits(HitsAsked(box), self.officer(account), self.desk)
        return [line.hit.id for line in page.lines]

    def ask(
        self, one: str, priority: str = "urgent", account: str = "fra-officer", **more: object
    ) -> HitPage:
        data = {"priority": priority, **more}
        return hits_acts.ask_confirmation(one, data, self.officer(account), self.desk)

    def answer(
        self, one: str, word: str = "confirmed", account: str = "egy-registrar", **more: object
    ) -> HitPage:
        data = {"answer": word, **more}
        return hits_acts.answer_hit(one, data, self.officer(account), self.desk)

    def close(self, one: str, outcome: str, account: str = "fra-officer", **more: object) -> HitPage:
        data = {"outcome": outcome, **more}
        return hits_acts.close_hit(one, data, self.officer(account), self.desk)

    def told(self, bureau: str) -> list[str]:
        """Return what a bureau was told, in order."""
        with self.desk.registry.read() as connection:
            return [one.event.what for one in events.after(connection, bureau, 0, 200)]


def rule_of(error: pytest.ExceptionInfo[ConflictError]) -> str:
    """Return the rule by which something was not done."""
    return error.value.rule


@contextmanager
def hit_desk(directory: Path, registry: str | None = None) -> Iterator[HitDesk]:
    with bureaus(directory, registry) as node:
        clock = Clock()
        made = replace(node, desk=replace(node.desk, clock=clock))
        yield HitDesk(made, clock)
