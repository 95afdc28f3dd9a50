"""While checks come, what their shortest way goes by is asked for anew before it ends: none takes another for it."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator

import pytest
from tests.journeys.express_door import MISS, Door, node_with_both, opened

from comity.access.credentials import token_digest
from comity.api.express import LOOK_EVERY_S
from comity.app import Node
from comity.procedures.follow import ASK_ALWAYS_AFTER_S
from comity.procedures.known_keys import KNOWN_FOR_S


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
