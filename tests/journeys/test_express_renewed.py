"""What the shortest way goes by is asked for anew before it ends; where somebody has written, once for all who wait."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection
from tests.journeys.express_door import MISS, PASSPORT, Door, node_with_both, opened

from comity.access.credentials import token_digest
from comity.api.express import LOOK_EVERY_S
from comity.app import Node, open_node
from comity.procedures import people
from comity.procedures.follow import ASK_ALWAYS_AFTER_S, Follower
from comity.procedures.known_keys import KNOWN_FOR_S
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.registry import accounts


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node_with_both(tmp_path_factory.mktemp("renewed") / "node") as node:
        yield node


class Ahead:
    """A clock that goes ahead by leaps beside the machine's own."""

    def __init__(self) -> None:
        self.by_s = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.by_s


async def taken_after_leaps(door: Door, clock: Ahead, leap_s: float, is_renewed: Callable[[], bool]) -> int:
    """Ask after each of five leaps, and wait until it is renewed; return how many took the shortest way."""
    request = door.request(json.dumps(MISS).encode())
    await door.asked(request)
    door.express.taken = 0
    for _ in range(5):
        clock.by_s += leap_s
        await asyncio.sleep(2 * LOOK_EVERY_S)
        await door.asked(request)
        async with asyncio.timeout(20):
            while not is_renewed():  # noqa: ASYNC110  # it tells nobody
                await asyncio.sleep(0.005)
    return door.express.taken


def test_the_index_is_seen_to_be_level_before_that_is_believed_no_more(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, follower = Ahead(), node.desk.follower
    monkeypatch.setattr(follower, "clock", clock)

    async def trial() -> int:
        async with opened(node) as door:
            return await taken_after_leaps(
                door, clock, 0.6 * ASK_ALWAYS_AFTER_S, lambda: follower.is_level(0.5)
            )

    assert asyncio.run(trial()) == 5


def test_a_key_in_use_is_proven_before_it_is_known_no_more(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, keys = Ahead(), node.desk.keys
    monkeypatch.setattr(keys, "clock", clock)

    async def trial() -> int:
        async with opened(node) as door:
            digest = token_digest(door.keys["fra"])
            return await taken_after_leaps(
                door, clock, 0.6 * KNOWN_FOR_S, lambda: keys.ageing(digest) is None
            )

    assert asyncio.run(trial()) == 5


NEW = {**PASSPORT, "number": "W7654321"}


async def asked_at_once(door: Door, *requests: bytes) -> list[bytes]:
    """Ask these, each over a connection of its own that is open beforehand; return the answers."""
    links = [await asyncio.open_connection("127.0.0.1", door.port) for _ in requests]
    door.express.taken = 0
    for (_, writer), request in zip(links, requests, strict=True):
        writer.write(request)
    answers = [await door.answer(reader) for reader, _ in links]
    for _, writer in links:
        writer.close()
    return answers


def test_once_somebody_has_written_a_record_all_wait_for_one_question(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks: list[Follower] = []
    ask = Follower.ask
    monkeypatch.setattr(Follower, "ask", lambda self, *more: (asks.append(self), ask(self, *more)))

    async def trial() -> list[bytes]:
        async with opened(node) as door:
            # Another process's: the node's own index does not know of it yet.
            with open_node(node.directory) as other:
                egypt = officer_named("egy", other.desk)
                submit({**NEW, "source_id": "W1", "share": "all"}, egypt, other.desk)
            asks.clear()
            miss = door.request(json.dumps(MISS).encode())
            hit = door.request(json.dumps(NEW).encode())
            answers = await asked_at_once(door, *[miss] * 20, hit)
            assert door.express.taken == 20
            return answers

    *misses, hit = asyncio.run(trial())
    assert all(b'"outcome":"no_hit"' in one for one in misses)
    assert b'"outcome":"hit"' in hit
    assert len(asks) <= 3


def keys_asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return where the public name of each key is noted that the database is asked for."""
    asked: list[str] = []
    key_with = accounts.key_with

    def noted(connection: Connection, key_id: str) -> accounts.StoredKey | None:
        asked.append(key_id)
        return key_with(connection, key_id)

    monkeypatch.setattr(accounts, "key_with", noted)
    return asked


@pytest.mark.parametrize("whose", ["fra", "new"])
def test_a_key_is_proven_once_for_all_who_bring_it_after_a_change_or_for_the_first_time(
    node: Node, monkeypatch: pytest.MonkeyPatch, whose: str
) -> None:
    asked = keys_asked(monkeypatch)

    async def trial() -> None:
        async with opened(node) as door:
            door.keys["new"] = people.new_key(officer_named("fra", node.desk), node.desk).reveal()
            asked.clear()
            answers = await asked_at_once(door, *[door.request(json.dumps(MISS).encode(), key=whose)] * 20)
            assert door.express.taken == 20
            assert all(one.startswith(b"HTTP/1.1 200") for one in answers)

    asyncio.run(trial())
    assert len(asked) == 1


def test_a_key_of_nobody_is_refused_to_all_who_bring_it(node: Node) -> None:
    async def trial() -> list[bytes]:
        async with opened(node) as door:
            door.keys["none"] = door.keys["fra"][:-4] + "aaaa"
            return await asked_at_once(door, *[door.request(json.dumps(MISS).encode(), key="none")] * 3)

    assert all(one.startswith(b"HTTP/1.1 401") for one in asyncio.run(trial()))


def test_a_key_revoked_is_refused_to_all_who_wait_for_it(node: Node) -> None:
    async def trial() -> list[bytes]:
        async with opened(node) as door:
            with node.desk.registry.write() as connection:
                accounts.revoke_key(connection, door.keys["fra"].split("_")[1], node.desk.clock())
            return await asked_at_once(door, *[door.request(json.dumps(MISS).encode())] * 5)

    assert all(one.startswith(b"HTTP/1.1 401") for one in asyncio.run(trial()))


@pytest.mark.parametrize("is_broken", [False, True])
def test_where_it_is_never_known_whether_the_index_is_level_checks_take_the_usual_way(
    node: Node, monkeypatch: pytest.MonkeyPatch, is_broken: bool
) -> None:
    async def trial() -> tuple[int, list[bytes]]:
        async with opened(node) as door:
            monkeypatch.setattr(Follower, "is_level", lambda *_: False)
            if is_broken:
                monkeypatch.setattr("comity.api.express.run_in_threadpool", failing)
            answers = await asked_at_once(door, *[door.request(json.dumps(MISS).encode())] * 3)
            return door.express.taken, answers

    taken, answers = asyncio.run(trial())
    assert taken == 0
    assert all(b'"outcome":"no_hit"' in one for one in answers)


async def failing(_ask: Callable[[], None]) -> None:
    raise OSError
