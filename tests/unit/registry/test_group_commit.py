"""Group commit: order, one in flight, errors to every waiter, bounded, drained."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from comity.errors import OverloadedError
from comity.registry.group_commit import GroupCommitter

WAIT_S = 10


class Gate:
    """A write that waits to be let through, and remembers its groups."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []
        self.entered = threading.Semaphore(0)
        self.let_through = threading.Semaphore(0)
        self.in_flight = 0
        self.in_flight_max = 0

    def write(self, items: Sequence[int]) -> Sequence[int]:
        self.in_flight += 1
        self.in_flight_max = max(self.in_flight_max, self.in_flight)
        self.groups.append(list(items))
        self.entered.release()
        assert self.let_through.acquire(timeout=WAIT_S)
        self.in_flight -= 1
        return [item * 10 for item in items]

    def open(self) -> None:
        self.let_through.release(1000)


def times_ten(items: Sequence[int]) -> Sequence[int]:
    return [item * 10 for item in items]


def test_submit_returns_the_result_of_its_own_item():
    with GroupCommitter(times_ten) as committer:
        assert committer.submit(7) == 70


def test_a_thread_with_nobody_before_it_writes_its_item_itself():
    with GroupCommitter(lambda items: [threading.get_ident() for _ in items]) as committer:
        assert committer.submit(1) == threading.get_ident()


def test_what_waits_is_not_overtaken_by_a_thread_that_would_write_itself():
    gate = Gate()
    with GroupCommitter(gate.write) as committer:
        committer.enqueue(1)
        assert gate.entered.acquire(timeout=WAIT_S)
        committer.enqueue(2)
        late = threading.Thread(target=committer.submit, args=(3,))
        late.start()
        gate.open()
        late.join(WAIT_S)
    assert (gate.groups[0], [item for group in gate.groups for item in group]) == ([1], [1, 2, 3])


def test_what_arrives_while_a_thread_writes_its_item_waits_for_it():
    gate = Gate()
    with GroupCommitter(gate.write) as committer:
        own = threading.Thread(target=committer.submit, args=(1,))
        own.start()
        assert gate.entered.acquire(timeout=WAIT_S)
        futures = [committer.enqueue(item) for item in (2, 3)]
        gate.open()
        assert [future.result(WAIT_S) for future in futures] == [20, 30]
        own.join(WAIT_S)
    assert (gate.groups, gate.in_flight_max) == ([[1], [2, 3]], 1)


def test_closing_waits_for_a_thread_that_writes_its_item():
    gate = Gate()
    committer = GroupCommitter(gate.write)
    own = threading.Thread(target=committer.submit, args=(1,))
    own.start()
    assert gate.entered.acquire(timeout=WAIT_S)
    closing = threading.Thread(target=committer.close)
    closing.start()
    closing.join(0.05)
    is_waiting = closing.is_alive()
    gate.open()
    closing.join(WAIT_S)
    own.join(WAIT_S)
    assert (is_waiting, gate.in_flight) == (True, 0)


def test_what_arrives_during_a_commit_shares_the_next_one():
    gate = Gate()
    with GroupCommitter(gate.write) as committer:
        committer.enqueue(1)
        assert gate.entered.acquire(timeout=WAIT_S)
        futures = [committer.enqueue(item) for item in (2, 3, 4)]
        gate.open()
        assert [future.result(WAIT_S) for future in futures] == [20, 30, 40]
    assert gate.groups == [[1], [2, 3, 4]]


def test_a_group_is_bounded():
    gate = Gate()
    with GroupCommitter(gate.write, group_max=2) as committer:
        committer.enqueue(1)
        assert gate.entered.acquire(timeout=WAIT_S)
        for item in (2, 3, 4):
            committer.enqueue(item)
        gate.open()
    assert gate.groups == [[1], [2, 3], [4]]


def test_one_commit_is_in_flight_whatever_the_number_of_threads():
    gate = Gate()
    gate.open()
    with GroupCommitter(gate.write, group_max=3) as committer:
        threads = [threading.Thread(target=committer.submit, args=(item,)) for item in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
    assert gate.in_flight_max == 1


def test_every_item_of_many_threads_is_written_once():
    gate = Gate()
    gate.open()
    with GroupCommitter(gate.write) as committer:
        threads = [threading.Thread(target=committer.submit, args=(item,)) for item in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAIT_S)
    assert sorted(item for group in gate.groups for item in group) == list(range(100))


def test_a_failed_write_is_told_to_every_waiter_of_its_group():
    def fail(items: Sequence[int]) -> Sequence[int]:
        raise OSError(28, "disk full")

    gate = Gate()
    with GroupCommitter(lambda items: gate.write(items) and fail(items)) as committer:
        first = committer.enqueue(1)
        assert gate.entered.acquire(timeout=WAIT_S)
        rest = [committer.enqueue(item) for item in (2, 3)]
        gate.open()
        errors = [future.exception(WAIT_S) for future in (first, *rest)]
    assert [type(error) for error in errors] == [OSError] * 3


def test_the_group_after_a_failed_one_is_written():
    failures = iter([True, False])

    def fail_once(items: Sequence[int]) -> Sequence[int]:
        if next(failures):
            raise OSError(28, "disk full")
        return times_ten(items)

    with GroupCommitter(fail_once) as committer:
        with pytest.raises(OSError):
            committer.submit(1)
        assert committer.submit(2) == 20


def test_a_write_that_loses_a_result_fails_its_group():
    with GroupCommitter(lambda items: list(items)[1:]) as committer, pytest.raises(AssertionError):
        committer.submit(1)


def test_a_full_queue_refuses_at_once():
    gate = Gate()
    with GroupCommitter(gate.write, waiting_max=2) as committer:
        committer.enqueue(1)
        assert gate.entered.acquire(timeout=WAIT_S)
        committer.enqueue(2)
        committer.enqueue(3)
        with pytest.raises(OverloadedError) as caught:
            committer.enqueue(4)
        gate.open()
    assert caught.value.retry_after_s == 1


def test_closing_writes_what_waits():
    gate = Gate()
    committer = GroupCommitter(gate.write)
    committer.enqueue(1)
    assert gate.entered.acquire(timeout=WAIT_S)
    last = committer.enqueue(2)
    gate.open()
    committer.close()
    assert last.result(0) == 20


def test_a_closed_committer_refuses():
    committer = GroupCommitter(times_ten)
    committer.close()
    with pytest.raises(OverloadedError):
        committer.submit(1)


def test_closing_twice_is_closing_once():
    committer = GroupCommitter(times_ten)
    committer.close()
    committer.close()
    assert not committer._writer.is_alive()


def test_an_item_cancelled_while_it_waits_is_not_written():
    gate = Gate()
    with GroupCommitter(gate.write) as committer:
        committer.enqueue(1)
        assert gate.entered.acquire(timeout=WAIT_S)
        committer.enqueue(2).cancel()
        committer.enqueue(3)
        gate.open()
    assert gate.groups == [[1], [3]]


def test_tasks_wait_without_blocking_their_loop():
    async def ask(committer: GroupCommitter[int, int]) -> list[int]:
        return await asyncio.gather(*(asyncio.wrap_future(committer.enqueue(item)) for item in range(5)))

    with GroupCommitter(times_ten) as committer:
        assert asyncio.run(ask(committer)) == [0, 10, 20, 30, 40]


def test_tasks_get_the_result_of_their_own_item():
    async def ask(committer: GroupCommitter[int, int]) -> list[int]:
        return await asyncio.gather(*(committer.wait_for(item) for item in range(50)))

    with GroupCommitter(times_ten, group_max=7) as committer:
        assert asyncio.run(ask(committer)) == list(range(0, 500, 10))


def test_a_failed_write_is_told_to_every_task():
    def fail(items: Sequence[int]) -> Sequence[int]:
        raise OSError(28, "disk full")

    async def ask(committer: GroupCommitter[int, int]) -> list[object]:
        return await asyncio.gather(*(committer.wait_for(item) for item in range(3)), return_exceptions=True)

    with GroupCommitter(fail) as committer:
        assert [type(error) for error in asyncio.run(ask(committer))] == [OSError] * 3


def test_a_task_cancelled_during_its_write_disturbs_no_other():
    gate = Gate()

    async def ask(committer: GroupCommitter[int, int]) -> int:
        first, second = (asyncio.ensure_future(committer.wait_for(item)) for item in (1, 2))
        await asyncio.to_thread(gate.entered.acquire, timeout=WAIT_S)
        first.cancel()
        gate.open()
        return await second

    with GroupCommitter(gate.write) as committer:
        assert asyncio.run(ask(committer)) == 20


def test_a_task_is_refused_when_too_many_wait():
    async def ask(committer: GroupCommitter[int, int]) -> int:
        return await committer.wait_for(1)

    with GroupCommitter(times_ten, waiting_max=0) as committer, pytest.raises(OverloadedError):
        asyncio.run(ask(committer))


def test_a_loop_that_closed_meanwhile_does_not_stop_the_writer():
    gate = Gate()

    async def leave(committer: GroupCommitter[int, int]) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(committer.wait_for(1), 0.01)

    with GroupCommitter(gate.write) as committer:
        asyncio.run(leave(committer))
        gate.open()
        assert committer.submit(2) == 20
