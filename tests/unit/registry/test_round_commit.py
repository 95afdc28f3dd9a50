"""Group commit in an event loop: a round of it is written together by the loop itself, where nobody waits for long."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from comity.errors import OverloadedError
from comity.registry.group_commit import GroupCommitter

WAIT_S = 10
PATIENT, HASTY = 1000.0, 1e-9


@dataclass
class Written:
    """A write that remembers its groups and which thread wrote each; the first of them may wait or fail."""

    groups: list[list[int]] = field(default_factory=list[list[int]])
    threads: list[int] = field(default_factory=list[int])
    entered: threading.Event = field(default_factory=threading.Event)
    let_through: threading.Event = field(default_factory=threading.Event)
    fails: bool = False

    def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.groups.append(list(items))
        self.threads.append(threading.get_ident())
        self.entered.set()
        assert self.let_through.wait(WAIT_S)
        if self.fails:
            raise OSError(28, "disk full")
        return [item * 10 for item in items]


def quick() -> Written:
    written = Written()
    written.let_through.set()
    return written


async def told(committer: GroupCommitter[int, int], *items: int) -> list[int]:
    """Return the results of items that one round asks for."""
    futures = [asyncio.get_running_loop().create_future() for _ in items]
    for item, future in zip(items, futures, strict=True):
        committer.tell(item, future)
    return await asyncio.wait_for(asyncio.gather(*futures), WAIT_S)


def test_a_round_of_a_loop_is_written_together_by_the_loop():
    written = quick()
    with GroupCommitter(written, loop_waits_s=PATIENT) as committer:
        assert asyncio.run(told(committer, 1, 2, 3)) == [10, 20, 30]
        assert asyncio.run(told(committer, 4)) == [40]
    assert (written.groups, set(written.threads)) == ([[1, 2, 3], [4]], {threading.get_ident()})


def test_a_loop_leaves_to_the_thread_what_takes_long():
    written = quick()
    with GroupCommitter(written, loop_waits_s=HASTY) as committer:
        assert asyncio.run(told(committer, 1)) == [10]
        assert asyncio.run(told(committer, 2)) == [20]
    own = threading.get_ident()
    assert [one == own for one in written.threads] == [True, False]


def test_a_loop_leaves_to_the_thread_what_is_not_ready():
    written = quick()
    own = threading.get_ident()
    with GroupCommitter(written, loop_waits_s=PATIENT, is_ready=lambda: bool(written.groups)) as committer:
        assert asyncio.run(told(committer, 1)) == [10]
        # The thread may hold its turn a moment longer than the first is told.
        asked = takewhile(lambda _: written.threads[-1] != own, range(100))
        assert all(asyncio.run(told(committer, item)) == [item * 10] for item in asked)
    assert [written.threads[0] == own, written.threads[-1] == own] == [False, True]


def test_a_loop_waits_behind_a_thread_that_writes_and_loses_nothing():
    written = Written()

    async def ask(committer: GroupCommitter[int, int]) -> list[int]:
        asking = asyncio.ensure_future(told(committer, 2, 3))
        await asyncio.sleep(0.05)
        written.let_through.set()
        return await asking

    with GroupCommitter(written, loop_waits_s=PATIENT) as committer:
        own = threading.Thread(target=committer.submit, args=(1,))
        own.start()
        assert written.entered.wait(WAIT_S)
        assert asyncio.run(ask(committer)) == [20, 30]
        own.join(WAIT_S)
    assert written.groups == [[1], [2, 3]]


def test_whoever_is_gone_is_not_written_for():
    written = quick()

    async def ask(committer: GroupCommitter[int, int]) -> int:
        gone, other = (asyncio.get_running_loop().create_future() for _ in range(2))
        committer.tell(1, gone)
        committer.tell(2, other)
        gone.cancel()
        return await other

    with GroupCommitter(written, loop_waits_s=PATIENT) as committer:
        assert asyncio.run(ask(committer)) == 20
    assert written.groups == [[2]]


def test_a_failed_write_of_a_round_is_told_to_all_of_it():
    written = quick()
    written.fails = True

    async def ask(committer: GroupCommitter[int, int]) -> list[object]:
        futures = [asyncio.get_running_loop().create_future() for _ in range(3)]
        for item, future in enumerate(futures):
            committer.tell(item, future)
        return await asyncio.gather(*futures, return_exceptions=True)

    with GroupCommitter(written, loop_waits_s=PATIENT) as committer:
        assert [type(one) for one in asyncio.run(ask(committer))] == [OSError] * 3


def test_more_than_a_group_in_one_round_is_written_in_groups():
    written = quick()
    with GroupCommitter(written, group_max=2, loop_waits_s=PATIENT) as committer:
        assert asyncio.run(told(committer, 1, 2, 3)) == [10, 20, 30]
    assert written.groups == [[1, 2], [3]]


def test_what_a_loop_that_ended_has_left_is_written():
    written = quick()

    async def leave(committer: GroupCommitter[int, int], item: int) -> None:
        committer.tell(item, asyncio.get_running_loop().create_future())

    def once(item: int) -> None:
        loop = asyncio.new_event_loop()
        loop.run_until_complete(asyncio.wait_for(leave(committer, item), WAIT_S))
        loop.close()

    committer = GroupCommitter(written, loop_waits_s=PATIENT)
    # What is due when a loop ends may or may not still be done by it.
    once(1)
    once(2)
    committer.close()
    assert sorted(item for group in written.groups for item in group) == [1, 2]


def test_a_round_that_is_too_long_is_refused_at_once():
    async def ask(committer: GroupCommitter[int, int]) -> type[Exception] | None:
        loop = asyncio.get_running_loop()
        first = loop.create_future()
        committer.tell(1, first)
        try:
            committer.tell(2, loop.create_future())
        except OverloadedError as error:
            return type(error)
        finally:
            await first
        return None

    with GroupCommitter(quick(), waiting_max=1, loop_waits_s=PATIENT) as committer:
        assert asyncio.run(ask(committer)) is OverloadedError


def test_a_round_under_way_when_the_committer_closes_is_written():
    written = quick()

    async def ask(committer: GroupCommitter[int, int]) -> int:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        committer.tell(1, future)
        committer.close()
        return await future

    assert asyncio.run(ask(GroupCommitter(written, loop_waits_s=PATIENT))) == 10
    assert written.groups == [[1]]
