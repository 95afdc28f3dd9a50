"""Jobs to searchers and their replies: together where more jobs wait, at once where none does, in parts where long."""

import asyncio
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, count
from typing import cast

import msgspec
import pytest

from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.api import searchers
from comity.api.elsewhere import Job
from comity.api.searchers import (
    HELD_MAX,
    HELD_S,
    HELD_SHARE,
    Channels,
    InSearchers,
    job_message,
    new_pair,
    search,
)
from comity.procedures.desk import Desk
from comity.procedures.weighing import Weighed
from comity.records.handling import Purpose

OFFICER = Officer("egy", Bureau("EGY", 0, "bureau"), role_named("officer"), door="http")
LONG = 300_000
"""Bytes of an answer that no one message carries."""

WAIT_S = 20
MESSAGE_BYTES_ROUGHLY = 100_000


def weighed(lines: list[bytes], *_rest: object) -> list[Weighed]:
    """Answer each line with itself; a line that says so with a long answer, or with an error."""
    if b"fail" in lines:
        raise LookupError
    return [Weighed(line * (LONG if line == b"L" else 1), b"entry", "answered", "person") for line in lines]


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> Iterator[Channels]:
    """Channels for one worker, whose jobs are answered by `weighed`."""
    monkeypatch.setattr(searchers, "weigh", weighed)
    jobs, replies = new_pair(), new_pair()
    yield Channels(jobs, (replies,))
    for pair in (jobs, replies):
        pair.sending.close()
        pair.receiving.close()


@contextmanager
def a_searcher(channels: Channels) -> Iterator[None]:
    """Run a searcher beside, until the block ends."""
    ended = threading.Event()
    run = threading.Thread(
        target=search, args=(channels, cast("Desk", None), ended.is_set, lambda _error: None)
    )
    run.start()
    try:
        yield
    finally:
        ended.set()
        run.join()


async def asked(worker: InSearchers, *jobs: list[bytes]) -> list[list[bytes] | str]:
    """Return the answers to jobs that are asked at once, or what went wrong with each."""
    asking = (worker.weigh(Job(lines, OFFICER, Purpose.BORDER)) for lines in jobs)
    replies = await asyncio.wait_for(asyncio.gather(*asking, return_exceptions=True), WAIT_S)
    return [
        type(reply).__name__ if isinstance(reply, BaseException) else [one.answer for one in reply]
        for reply in replies
    ]


def messages(channels: Channels, jobs: int, expected: int) -> list[bytes]:
    """Have a searcher begin once so many jobs of one line wait; return the first messages that come back."""

    async def ask() -> list[bytes]:
        worker = InSearchers(channels, 0)
        asking = [
            asyncio.ensure_future(worker.weigh(Job([b"answer-%d" % place], OFFICER, Purpose.BORDER)))
            for place in range(jobs)
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # what a round has asked for leaves at its end
        receiving = channels.replies[0].receiving
        asyncio.get_running_loop().remove_reader(receiving.fileno())
        receiving.settimeout(WAIT_S)
        with a_searcher(channels):
            found = [await asyncio.to_thread(receiving.recv, 2**18) for _ in range(expected)]
        for one in asking:
            one.cancel()
        return found

    return asyncio.run(ask())


def test_replies_to_jobs_that_wait_come_together(channels: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searchers, "monotonic", lambda: 0.0)
    found = messages(channels, 2 * HELD_MAX + 1, 3)
    assert [one.count(b"answer-") for one in found] == [HELD_MAX, HELD_MAX, 1]


def test_a_reply_that_has_waited_long_is_sent_before_the_next_job(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = count()
    monkeypatch.setattr(searchers, "monotonic", lambda: next(moments) * HELD_S / 2)
    found = messages(channels, 4, 2)
    assert [one.count(b"answer-") for one in found] == [2, 2]


def test_replies_wait_longer_where_jobs_have_waited_long(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = chain([0.0], count(8 * HELD_S / HELD_SHARE, HELD_S))
    monkeypatch.setattr(searchers, "JOBS_TOGETHER", 8)
    monkeypatch.setattr(searchers, "monotonic", lambda: next(moments))
    found = messages(channels, 8, 1)
    assert [one.count(b"answer-") for one in found] == [8]


def test_a_reply_waits_for_no_job_that_is_not_there(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchers, "LOOK_UP_S", 5.0)  # longer than a worker's patience, below
    monkeypatch.setattr(searchers, "PATIENCE_S", 2.0)
    with a_searcher(channels):
        assert asyncio.run(asked(InSearchers(channels, 0), [b"a"])) == [[b"a"]]


def jobs_of_a_round(*jobs: list[bytes], searchers_count: int = 2) -> list[list[list[bytes]]]:
    """Return the messages in which jobs leave that are asked in one round, each as the lines of its jobs."""
    pair, replies = new_pair(), [new_pair() for _ in range(searchers_count)]
    pair.receiving.setblocking(False)

    async def ask() -> None:
        worker = InSearchers(Channels(pair, replies), 0)
        asking = [asyncio.ensure_future(worker.weigh(Job(one, OFFICER, Purpose.BORDER))) for one in jobs]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        for one in asking:
            one.cancel()

    asyncio.run(ask())
    found: list[list[list[bytes]]] = []
    with suppress(BlockingIOError):
        while True:
            _slot, _at_s, taken = msgspec.msgpack.decode(pair.receiving.recv(2**18))
            found.append([lines for _number, _officer, _purpose, lines in taken])
    for one in (pair, *replies):
        one.sending.close()
        one.receiving.close()
    return found


@pytest.mark.parametrize(
    ("many", "shared"), [(1, [1]), (2, [1, 1]), (3, [2, 1]), (8, [4, 4]), (11, [4, 4, 3])]
)
def test_jobs_of_a_round_are_shared_out_among_the_searchers(many: int, shared: list[int]) -> None:
    found = jobs_of_a_round(*([b"%d" % place] for place in range(many)))
    assert [len(one) for one in found] == shared


def test_a_job_of_many_lines_goes_alone() -> None:
    found = jobs_of_a_round([b"a"], [b"b", b"c"], [b"d"], [b"e"], searchers_count=1)
    assert found == [[[b"a"]], [[b"b", b"c"]], [[b"d"], [b"e"]]]


def test_no_message_has_more_bytes_than_it_may_carry() -> None:
    long = b"x" * 60_000
    found = jobs_of_a_round([long], [long], [long], searchers_count=1)
    assert [len(one) for one in found] == [2, 1]


def test_a_job_that_nobody_does_is_given_up_and_a_later_one_later(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchers, "PATIENCE_S", 0.2)

    async def ask() -> tuple[list[str], float]:
        worker = InSearchers(channels, 0)
        begun = asyncio.get_running_loop().time()
        first = asyncio.ensure_future(worker.weigh(Job([b"a"], OFFICER, Purpose.BORDER)))
        await asyncio.sleep(0.1)
        ends = await asyncio.gather(
            first, worker.weigh(Job([b"b"], OFFICER, Purpose.BORDER)), return_exceptions=True
        )
        return [type(one).__name__ for one in ends], asyncio.get_running_loop().time() - begun

    ends, taken_s = asyncio.run(ask())
    assert ends == ["OverloadedError"] * 2
    assert taken_s >= 0.3


def test_the_searcher_knows_who_asks(channels: Channels, monkeypatch: pytest.MonkeyPatch) -> None:
    asking: list[Officer] = []

    def noted(lines: list[bytes], officer: Officer, *_rest: object) -> list[Weighed]:
        asking.append(officer)
        return weighed(lines)

    monkeypatch.setattr(searchers, "weigh", noted)
    other = replace(OFFICER, account="fra", purposes=frozenset({Purpose.BORDER}))

    async def ask() -> None:
        worker = InSearchers(channels, 0)
        for one in (OFFICER, other, OFFICER):
            await worker.weigh(Job([b"a"], one, Purpose.BORDER))

    with a_searcher(channels):
        asyncio.run(ask())
    assert asking == [OFFICER, other, OFFICER]


@pytest.mark.parametrize("many", [1, HELD_MAX, 3 * HELD_MAX + 1])
def test_each_job_has_its_own_reply(channels: Channels, many: int) -> None:
    jobs = [[b"%d" % place] for place in range(many)]
    with a_searcher(channels):
        assert asyncio.run(asked(InSearchers(channels, 0), *jobs)) == jobs


def test_long_replies_come_in_parts_among_short_ones(channels: Channels) -> None:
    with a_searcher(channels):
        found = asyncio.run(asked(InSearchers(channels, 0), [b"a"], [b"L"], [b"b"], [b"L"], [b"c", b"L"]))
    long = b"L" * LONG
    assert found == [[b"a"], [long], [b"b"], [long], [b"c", long]]


def test_a_job_that_fails_fails_alone(channels: Channels) -> None:
    with a_searcher(channels):
        found = asyncio.run(asked(InSearchers(channels, 0), [b"a"], [b"fail"], [b"b"]))
    assert found == [[b"a"], "SearchFailedError", [b"b"]]


def test_a_message_takes_no_more_memory_than_it_is_long(channels: Channels) -> None:
    """One that is given room for the longest, and lets most of it go, leaves holes that nothing fits in."""
    for number in range(2):
        channels.jobs.sending.send(job_message(0, number, Job([b"fail"], OFFICER, Purpose.BORDER)))
    most: list[int] = []

    def note(_error: Exception) -> None:
        now, peak = tracemalloc.get_traced_memory()
        most.append(peak - now)
        tracemalloc.reset_peak()

    tracemalloc.start()
    search(channels, cast("Desk", None), lambda: len(most) == 2, note)
    tracemalloc.stop()
    assert most[1] < MESSAGE_BYTES_ROUGHLY
