"""Requests that come with an idempotency key, from accounts of a node with a clock that tests set."""

import json
from dataclasses import dataclass, field
from itertools import count

from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp
from tests.unit.procedures.hit_desk import HitDesk
from tests.unit.procedures.offices import add_account

from comity.api import build_api
from comity.procedures import people
from comity.registry import idempotency
from comity.registry.idempotency import KEYS, Taken


@dataclass
class Callers:
    """Accounts at the HTTP door of one node."""

    desk: HitDesk
    api: ASGIApp = None  # type: ignore[assignment]  # made of the desk, below
    clients: dict[str, TestClient] = field(default_factory=dict)
    numbers: count = field(default_factory=count)

    def __post_init__(self) -> None:
        self.api = build_api(self.desk.desk)

    def open(self, name: str, bureau: str, role: str) -> None:
        add_account(self.desk.node, name, bureau, role)

    def client(self, account: str) -> TestClient:
        """Return who asks as an account, with one API key of it."""
        if account not in self.clients:
            self.clients[account] = self.another_client(account)
        return self.clients[account]

    def another_client(self, account: str) -> TestClient:
        """Return who asks as an account, with a new API key of it."""
        key = people.new_key(self.desk.officer(account), self.desk.desk).reveal()
        headers = {"Authorization": f"Bearer {key}", "Comity-Purpose": "border"}
        return TestClient(self.api, headers=headers, raise_server_exceptions=False)

    def send(
        self, account: str, method: str, path: str, body: object = None, key: str | None = None
    ) -> Response:
        """Send a request with a key, a new one where none is given."""
        content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        headers = {"Idempotency-Key": key or f'"key-{next(self.numbers)}"'}
        return self.client(account).request(method, path, content=content, headers=headers)

    def taken(self) -> list[Taken]:
        """Return what is kept of keys, in the order in which they were taken."""
        with self.desk.desk.registry.read() as connection:
            rows = connection.execute(KEYS.select().order_by(KEYS.c.taken_at)).all()
        return [idempotency.Taken(row.request, row.taken_at, row.answer) for row in rows]


def is_replayed(answer: Response) -> bool:
    """Return whether an answer says that it is given again."""
    return answer.headers.get("Idempotency-Replayed") == "true"
