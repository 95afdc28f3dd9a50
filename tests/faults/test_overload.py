"""More checks than may wait are told to come again, at once, and nothing of them is kept."""

import asyncio
from collections.abc import Iterator

import pytest
from tests.copies import copy_node

from comity.access.people import Officer
from comity.api.elsewhere import WAITING_MAX, InThreads, Job
from comity.api.searchers import Channels, InSearchers, new_pair
from comity.app import CLI_ACCOUNT, Node, open_node
from comity.errors import OverloadedError
from comity.procedures.sign_in import officer_named
from comity.procedures.weighing import Weighed
from comity.records.handling import Purpose

TOO_MANY = 44
LINE = b'{"kind":"firearm","serial":"Z1"}'


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    directory = tmp_path_factory.mktemp("overload") / "node"
    copy_node(directory)
    with open_node(directory) as node:
        yield node


def officer(node: Node) -> Officer:
    return officer_named(CLI_ACCOUNT, node.desk)


def test_threads_take_no_more_than_may_wait_and_then_go_on(node: Node) -> None:
    job = Job([LINE], officer(node), Purpose.BORDER)

    async def trial() -> tuple[int, list[Weighed]]:
        threads = InThreads(node.desk)
        asked = [threads.weigh(job) for _ in range(WAITING_MAX + TOO_MANY)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        return sum(isinstance(one, OverloadedError) for one in done), await threads.weigh(job)

    refused, afterwards = asyncio.run(trial())
    assert (refused, len(afterwards)) == (TOO_MANY, 1)


def test_searchers_that_answer_nothing_hold_no_more_than_may_wait(node: Node) -> None:
    job = Job([LINE], officer(node), Purpose.BORDER)
    jobs, replies = new_pair(), new_pair()

    async def trial() -> tuple[int, bool]:
        searchers = InSearchers(Channels(jobs, [replies]), 0)
        asked = [asyncio.ensure_future(searchers.weigh(job)) for _ in range(WAITING_MAX + TOO_MANY)]
        await asyncio.wait(asked, timeout=0.05)
        refused = sum(one.done() and isinstance(one.exception(), OverloadedError) for one in asked)
        for one in asked:
            one.cancel()
        await asyncio.wait(asked)
        # Those that went away keep no place.
        last = asyncio.ensure_future(searchers.weigh(job))
        await asyncio.wait([last], timeout=0.05)
        is_taken = not last.done()
        last.cancel()
        await asyncio.wait([last])
        return refused, is_taken

    try:
        assert asyncio.run(trial()) == (TOO_MANY, True)
    finally:
        for pair in (jobs, replies):
            pair.sending.close()
            pair.receiving.close()


def test_a_refusal_says_when_to_come_again(node: Node) -> None:
    job = Job([LINE], officer(node), Purpose.BORDER)

    async def trial() -> list[int]:
        threads = InThreads(node.desk)
        asked = [threads.weigh(job) for _ in range(WAITING_MAX + 1)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        return [one.retry_after_s for one in done if isinstance(one, OverloadedError)]

    assert asyncio.run(trial()) == [1]
