"""Idempotency keys are taken with the act or not at all, on SQLite and on PostgreSQL alike."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, insert, select
from tests.copies import copy_tables

from comity.audit.entries import Entry, new_nonce
from comity.audit.heads import Signer
from comity.registry import audit_log, idempotency
from comity.registry.engine import upgrade_tables, writing
from comity.registry.idempotency import KEYS, Claim, TakenError, claiming
from comity.registry.registry import Registry
from comity.registry.schema import BUREAUS, METADATA, NODE

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Shelf:
    """A registry as one process holds it, its clock, and what is done in it."""

    registry: Registry
    at: datetime = NOON
    bits: Iterator[int] = field(default_factory=lambda: iter(range(100, 200)))

    def claim(self, name: str = "key", request: str = "asked") -> Claim:
        return Claim(name, lambda: request, lambda: self.at, lambda: self.at, DAY)

    def act(self, claim: Claim | None, code: str) -> None:
        """Do something that is seen: add a bureau."""
        with claiming(claim), self.registry.write() as connection:
            connection.execute(insert(BUREAUS).values(code=code, bit=next(self.bits), region="africa"))

    def acts(self) -> int:
        with self.registry.read() as connection:
            return connection.execute(select(func.count()).select_from(BUREAUS)).scalar_one()

    def held(self, name: str = "key") -> idempotency.Taken | None:
        with self.registry.read() as connection:
            return idempotency.held(connection, name, self.at)


Opening = Callable[[], Shelf]


@pytest.fixture
def another(registry_place: str) -> Iterator[Opening]:
    """Return what opens the registry as one more process does."""
    engine = copy_tables(registry_place)
    signer = Signer("police.example", Ed25519PrivateKey.from_private_bytes(bytes(range(32))), lambda: NOON)
    with writing(engine) as connection:
        audit_log.start(connection, signer)
    made: list[Shelf] = []

    def opened() -> Shelf:
        made.append(Shelf(Registry(engine, signer, bytes(32))))
        return made[-1]

    yield opened
    for one in made:
        one.registry.close()


@pytest.fixture
def shelf(another: Opening) -> Shelf:
    return another()


def test_a_key_is_taken_with_its_act(shelf: Shelf) -> None:
    claim = shelf.claim()
    shelf.act(claim, "AAA")
    assert (shelf.held(), claim.is_taken) == (idempotency.Taken("asked", NOON, None), True)


def test_a_second_act_under_a_key_is_undone(shelf: Shelf) -> None:
    shelf.act(shelf.claim(), "AAA")
    with pytest.raises(TakenError):
        shelf.act(shelf.claim(), "BBB")
    assert shelf.acts() == 1


def test_an_act_that_fails_takes_no_key(shelf: Shelf) -> None:
    def fail() -> None:
        with claiming(shelf.claim()), shelf.registry.entering():
            raise OSError

    with pytest.raises(OSError):  # it is the one above
        fail()
    assert shelf.held() is None


def test_several_transactions_of_one_request_take_its_key_once(shelf: Shelf) -> None:
    claim = shelf.claim()
    for code in ("AAA", "BBB"):
        shelf.act(claim, code)
    assert shelf.acts() == 2


def test_what_changes_nothing_that_is_looked_for_takes_a_key_as_well(shelf: Shelf) -> None:
    with claiming(shelf.claim()), shelf.registry.quietly():
        pass
    assert shelf.held() is not None


def test_a_line_of_the_log_takes_no_key(shelf: Shelf) -> None:
    entry = Entry(
        at=NOON,
        act="record:read",
        account="ana",
        bureau="EGY",
        outcome="done",
        door="http",
        nonce=new_nonce(),
    )
    with claiming(shelf.claim()):
        shelf.registry.log(entry)
        shelf.registry.settle()
    assert shelf.held() is None


def test_without_a_claim_nothing_is_taken(shelf: Shelf) -> None:
    with claiming(shelf.claim()), claiming(None):
        shelf.act(None, "AAA")
    assert shelf.held() is None


def test_a_key_whose_day_is_over_is_taken_anew(shelf: Shelf) -> None:
    shelf.act(shelf.claim(), "AAA")
    shelf.at += DAY
    shelf.act(shelf.claim(request="again"), "BBB")
    assert shelf.held() == idempotency.Taken("again", NOON + DAY, None)


def test_an_answer_is_kept_with_its_key(shelf: Shelf) -> None:
    shelf.act(shelf.claim(), "AAA")
    with shelf.registry.quietly() as connection:
        idempotency.keep(connection, "key", b"sealed")
    assert shelf.held() == idempotency.Taken("asked", NOON, b"sealed")


def test_what_is_over_is_forgotten_and_nothing_else(shelf: Shelf) -> None:
    shelf.act(shelf.claim("first"), "AAA")
    shelf.at += timedelta(hours=1)
    shelf.act(shelf.claim("second"), "BBB")
    with shelf.registry.quietly() as connection:
        before = idempotency.has_ended(connection, NOON + DAY)
        gone = idempotency.forget(connection, NOON + DAY)
        after = idempotency.has_ended(connection, NOON + DAY)
    assert (before, gone, after, shelf.held("second") is None) == (True, 1, False, False)


def test_at_most_so_many_are_forgotten_at_once(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idempotency, "FORGOTTEN_MAX", 2)
    with shelf.registry.quietly() as connection:
        for name in "abc":
            idempotency.take(connection, shelf.claim(name))
        gone = [idempotency.forget(connection, NOON + DAY) for _ in range(3)]
    assert gone == [2, 1, 0]


def test_of_many_at_once_in_two_processes_one_is_done(another: Opening) -> None:
    shelves, taken = [another(), another()], []

    def compete(place: int, start: threading.Barrier) -> None:
        shelf = shelves[place % 2]
        start.wait()
        try:
            shelf.act(shelf.claim(), f"A{place:02}")
        except TakenError:
            taken.append(place)

    start = threading.Barrier(6)
    competing = [threading.Thread(target=compete, args=(place, start)) for place in range(6)]
    for one in competing:
        one.start()
    for one in competing:
        one.join()
    assert (shelves[0].acts(), len(taken)) == (1, 5)


def test_a_node_of_an_earlier_release_is_given_the_table(registry_place: str) -> None:
    engine = copy_tables(registry_place)
    with writing(engine) as connection:
        METADATA.drop_all(connection, [KEYS])
        connection.execute(NODE.update().values(schema_version=4))
    upgrade_tables(engine)
    with engine.connect() as connection:
        assert connection.execute(select(KEYS.c.id)).all() == []
    engine.dispose()
