"""One durable commit for many callers: each waits for its own result, all share one flush.

    submit -> queue -> (the last commit has ended) -> write all that wait -> results to their callers

The next commit starts when the last one ends. There is no timer: a lone caller waits for one flush, and under
load the groups grow by themselves. A thread that finds nobody before it writes its item itself, rather than
hand it over and be woken again. There is one commit in flight, ever; with two, they could end in another order
than they began, and what is written here is a chain.

An event loop does so too, where it may: what one round of it asked for is written at the round's end, while nothing
else waits and writing is quick. To wake a thread and be woken by it costs more than the write.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from comity.errors import OverloadedError

Item = TypeVar("Item")
Result = TypeVar("Result")

Given_contra = TypeVar("Given_contra", contravariant=True)


class Waiting(Protocol[Given_contra]):
    """Who waits in an event loop for one result, and is told of it there: a future, or whoever needs none.

    `get_loop` and `cancelled` are asked by the writer's thread, the others in the loop. Being told must not raise:
    others of the same group have still to be told.
    """

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop in which to tell."""
        ...

    def cancelled(self) -> bool:
        """Return whether the item need not be written any more; asked before it is taken."""
        ...

    def done(self) -> bool:
        """Return whether nobody waits any more."""
        ...

    def set_result(self, result: Given_contra, /) -> None:
        """Be told the result."""
        ...

    def set_exception(self, error: BaseException, /) -> None:
        """Be told that nothing is known to be written, and why."""
        ...


# Who waits: a thread, or somebody in an event loop.
_Waiter = Future[Result] | Waiting[Result]
_Settling = Callable[[int, _Waiter[Result]], None]

_RETRY_AFTER_S = 1


class GroupCommitter(Generic[Item, Result]):
    """Gathers items from any number of threads and tasks and hands them, in order, to one writer thread.

    `write` gets between one and `group_max` items, returns one result for each, in order, and returns only
    when all of them are durable. What it raises is raised to every caller of that group. At most
    `waiting_max` items wait; one more is refused with `OverloadedError`, as is any after `close`.

    While writes take less than `loop_waits_s`, those to `tell` are written by their loop itself, a round of it
    together; a loop waits for no slower ones, nor for one that has first to make something: where not `is_ready`.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Item]], Sequence[Result]],
        *,
        group_max: int = 4096,
        waiting_max: int = 65_536,
        loop_waits_s: float = 0.0,
        is_ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self._write_to_disk = write
        self._group_max = group_max
        self._waiting_max = waiting_max
        self._loop_waits_s, self._is_ready = loop_waits_s, is_ready
        self._took_s = 0.0
        """How long the last write took, or an earlier one, which counts half as much with each that follows."""
        self._round: list[tuple[Item, Waiting[Result]]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        """Whose round it is."""
        self._waiting: deque[tuple[Item, _Waiter[Result]]] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._turn = threading.Lock()
        """Held by whoever writes, from before the items leave the queue: nothing overtakes what waits."""
        # A daemon, so that a process whose owner forgot to close does not hang; `close` waits for it.
        self._writer = threading.Thread(target=self._run, name="group-commit", daemon=True)
        self._writer.start()

    def submit(self, item: Item) -> Result:
        """Return the result of this item once it is durable. Waits; raises what the write raised."""
        if not self._has_turn():
            return self.enqueue(item).result()
        try:
            return self._write([item])[0]
        finally:
            self._turn.release()

    def enqueue(self, item: Item) -> Future[Result]:
        """Return the result to come. Raises `OverloadedError` at once where too many wait.

        A result that is cancelled before its group is taken leaves its item unwritten; afterwards it cannot
        be cancelled.
        """
        future: Future[Result] = Future()
        self._put(item, future)
        return future

    async def wait_for(self, item: Item) -> Result:
        """Return the result of this item once it is durable, to a task; otherwise as `submit`.

        Cheaper than wrapping `enqueue`: a loop is woken once a commit, not once an item. A task that is
        cancelled while its item is being written does not undo it.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._put(item, future)
        return await future

    def tell(self, item: Item, whom: Waiting[Result]) -> None:
        """Have somebody in an event loop told the result of this item once it is durable; otherwise as `enqueue`.

        Called in that loop.
        """
        if self._took_s >= self._loop_waits_s:
            self._put(item, whom)
            return
        if self._closed or len(self._round) + len(self._waiting) >= self._waiting_max:
            raise OverloadedError(_RETRY_AFTER_S)
        loop = whom.get_loop()
        if not self._round or loop is not self._loop:
            self._hand_over(self._taken_round())  # of a loop that has ended
            self._loop = loop
            loop.call_soon(self._end_round)
        self._round.append((item, whom))

    def _end_round(self) -> None:
        """Write what the loop's round has gathered and tell of it, unless somebody is before it."""
        group = self._taken_round()
        if len(group) > self._group_max or not self._is_ready() or not self._has_turn():
            self._hand_over(group)
            return
        try:
            self._commit([one for one in group if not one[1].cancelled()], _tell_here)
        finally:
            self._turn.release()

    def _taken_round(self) -> list[tuple[Item, Waiting[Result]]]:
        taken, self._round = self._round, []
        return taken

    def _hand_over(self, group: Sequence[tuple[Item, Waiting[Result]]]) -> None:
        """Have the writer's thread write these."""
        if not group:
            return
        with self._changed:
            is_late = self._closed
            if not is_late:
                self._waiting.extend(group)
                self._changed.notify()
        if is_late:
            late = OverloadedError(_RETRY_AFTER_S)
            _tell_here([waiter for _, waiter in group], lambda _, waiter: waiter.set_exception(late))

    def close(self) -> None:
        """Take no more items, write those that wait, and stop. May be called again."""
        with self._changed:
            self._waiting.extend(self._taken_round())
            self._closed = True
            self._changed.notify()
        self._writer.join()
        with self._turn:  # a thread may still be writing its own item
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        while self._has_more():
            with self._turn:
                self._commit(
                    [(item, waiter) for item, waiter in self._next_group() if _still_wanted(waiter)], _tell
                )

    def _has_turn(self) -> bool:
        """Return whether the caller may write its item itself, and is to release the turn: nobody is before it."""
        with self._changed:
            return not self._closed and not self._waiting and self._turn.acquire(blocking=False)

    def _put(self, item: Item, waiter: _Waiter[Result]) -> None:
        with self._changed:
            if self._closed or len(self._waiting) >= self._waiting_max:
                raise OverloadedError(_RETRY_AFTER_S)
            self._waiting.append((item, waiter))
            if len(self._waiting) == 1:
                self._changed.notify()

    def _has_more(self) -> bool:
        """Return whether something waits, once it does; or not, when closed and drained."""
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            return bool(self._waiting)

    def _next_group(self) -> list[tuple[Item, _Waiter[Result]]]:
        with self._changed:
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), self._group_max))]

    def _write(self, items: Sequence[Item]) -> Sequence[Result]:
        begun = time.perf_counter()
        try:
            results = self._write_to_disk(items)
        finally:
            self._took_s = max(time.perf_counter() - begun, self._took_s / 2)
        assert len(results) == len(items), "one result for each item"
        return results

    def _commit(
        self,
        group: Sequence[tuple[Item, _Waiter[Result]]],
        tell: Callable[[Sequence[_Waiter[Result]], _Settling[Result]], None],
    ) -> None:
        if not group:
            return
        waiters = [waiter for _, waiter in group]
        try:
            results = self._write([item for item, _ in group])
        except BaseException as error:  # noqa: BLE001  # whatever it is, those who wait must hear of it
            failure = error
            tell(waiters, lambda _, waiter: waiter.set_exception(failure))
        else:
            tell(waiters, lambda place, waiter: waiter.set_result(results[place]))


def _still_wanted(waiter: _Waiter[Result]) -> bool:
    if isinstance(waiter, Future):
        return waiter.set_running_or_notify_cancel()
    return not waiter.cancelled()


def _tell(waiters: Sequence[_Waiter[Result]], settle: _Settling[Result]) -> None:
    """Settle every waiter, from no loop. One is woken once for all its tasks: waking it is what costs."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[tuple[int, _Waiter[Result]]]] = {}
    for place, waiter in enumerate(waiters):
        loop = None if isinstance(waiter, Future) else waiter.get_loop()
        by_loop.setdefault(loop, []).append((place, waiter))
    for loop, places in by_loop.items():
        if loop is None:
            _settle(places, settle)
        elif not loop.is_closed():
            # A loop may still close at this instant; then nobody is left in it who waits.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(_settle, places, settle)


def _tell_here(waiters: Sequence[_Waiter[Result]], settle: _Settling[Result]) -> None:
    """Settle every waiter, in the loop of them all."""
    _settle(enumerate(waiters), settle)


def _settle(places: Iterable[tuple[int, _Waiter[Result]]], settle: _Settling[Result]) -> None:
    for place, waiter in places:
        if not waiter.done():  # a task may have been cancelled while its item was written
            settle(place, waiter)
