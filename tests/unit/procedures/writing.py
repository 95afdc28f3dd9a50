"""A node of four bureaus that write to each other, with a clock that a test can move."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.copies import copy_node

from comity.access.people import Officer
from comity.app import Node, open_node
from comity.audit.entries import Entry, decode
from comity.procedures.desk import Desk
from comity.procedures.messages.reading import read_message
from comity.procedures.messages.sending import Sent, send
from comity.procedures.messages.shown import ShownMessage
from comity.procedures.sign_in import officer_named
from comity.registry.schema import AUDIT

CODES = ("EGY", "FRA", "KEN", "BRA")
PEOPLE = tuple((f"{code.lower()}-{role}", code, role) for code in CODES for role in ("registrar", "officer"))
NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
PLAIN = {"to": ["EGY"], "purpose": "investigation", "subject": "A question", "text": "Who is it?"}
PAYMENT = {
    "code": "stop-payment",
    "values": {"amount": "12500.00", "currency": "EUR", "iban": "GB82WEST12345698765432"},
}


@dataclass
class Post:
    """The node, and what its clock says."""

    node: Node
    now: datetime = NOON

    @property
    def desk(self) -> Desk:
        return replace(self.node.desk, clock=lambda: self.now)

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)

    def officer(self, bureau: str, role: str = "registrar") -> Officer:
        return officer_named(f"{bureau.lower()}-{role}", self.desk)

    def send(self, bureau: str = "FRA", **said: object) -> Sent:
        return send({**PLAIN, **said}, self.officer(bureau), self.desk)

    def stop_payment(self, bureau: str = "FRA", **said: object) -> Sent:
        data = {"to": ["EGY"], "purpose": "investigation", "phrase": PAYMENT, **said}
        return send(data, self.officer(bureau), self.desk)

    def read(self, bureau: str, message: str) -> ShownMessage:
        return read_message(message, self.officer(bureau), self.desk)

    def log(self) -> list[Entry]:
        """Return every line of the audit log, in order."""
        self.desk.registry.settle()
        with self.desk.registry.read() as connection:
            rows = connection.execute(AUDIT.entries.select().order_by(AUDIT.entries.c.seq)).all()
        return [decode(row.body) for row in rows]


@contextmanager
def post(directory: Path) -> Iterator[Post]:
    copy_node(directory / "node", PEOPLE)
    with open_node(directory / "node") as node:
        yield Post(node)
