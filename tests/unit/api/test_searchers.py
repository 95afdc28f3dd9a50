"""Jobs to searchers and their replies: together where more jobs wait, at once where none does, in parts where long."""

import asyncio
import threading
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import cast

import pytest

from comity.access.people import Bureau, Officer
from comity.access.roles import role_named
from comity.api import searchers
from comity.api.elsewhere import Job
from comity.api.searchers import HELD_MAX, HELD_S, Channels, InSearchers, job_message, new_pair, search
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


def test_a_reply_waits_for_no_job_that_is_not_there(
    channels: Channels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchers, "LOOK_UP_S", 5.0)  # longer than a worker's patience, below
    monkeypatch.setattr(searchers, "PATIENCE_S", 2.0)
    with a_searcher(channels):
        assert asyncio.run(asked(InSearchers(channels, 0), [b"a"])) == [[b"a"]]


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
