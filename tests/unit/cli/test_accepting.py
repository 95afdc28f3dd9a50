"""Connections are shared out as they come; nobody waits for a worker that takes none."""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pytest

from comity.cli import accepting
from comity.cli.accepting import Accepting
from comity.cli.evenness import Counts, Share

WITHIN_S = 10


class Held(asyncio.Protocol):
    """A connection, counted by the worker that holds it."""

    def __init__(self, share: Share, held: list[asyncio.BaseTransport]) -> None:
        self.share, self.held = share, held

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Be counted."""
        self.held.append(transport)
        self.share.note(len(self.held))


class Workers:
    """Some workers of one loop at one socket; only those that `take` accept anything."""

    def __init__(self, count: int, taking: int) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.counts: Counts = np.zeros(count, dtype=np.int64)
        self.held: list[list[asyncio.BaseTransport]] = [[] for _ in range(count)]
        # Each worker knows the socket by a number of its own: a loop has one reader for each.
        self.ends = [self.listening.dup() for _ in range(taking)]
        self.accepting = [
            Accepting(end, self._made(slot), self._share(slot)) for slot, end in enumerate(self.ends)
        ]
        self.clients: list[socket.socket] = []

    def _share(self, slot: int) -> Share:
        return Share(self.counts, slot)

    def _made(self, slot: int) -> Callable[[], Held]:
        return lambda: Held(Share(self.counts, slot), self.held[slot])

    async def connect(self, count: int) -> None:
        """Connect so many clients at once, and return once all are held."""
        before = sum(map(len, self.held))
        port = self.listening.getsockname()[1]
        self.clients += [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
        async with asyncio.timeout(WITHIN_S):
            while sum(map(len, self.held)) < before + count:  # noqa: ASYNC110  # a protocol tells nobody of these
                await asyncio.sleep(0.001)

    async def end(self) -> None:
        """Close everything."""
        for accepting_one in self.accepting:
            accepting_one.close()
        for transport in (one for some in self.held for one in some):
            transport.close()
        for one in (*self.clients, *self.ends, self.listening):
            one.close()
        await asyncio.sleep(0)


def test_clients_that_come_at_once_are_shared_out() -> None:
    async def trial(count: int) -> list[int]:
        workers = Workers(2, taking=2)
        await workers.connect(count)
        held = [len(one) for one in workers.held]
        await workers.end()
        return held

    assert asyncio.run(trial(2)) == [1, 1]
    first, second = asyncio.run(trial(40))
    assert first + second == 40
    assert min(first, second) >= 10


def test_what_a_worker_that_takes_nothing_leaves_is_taken() -> None:
    """It holds none and is replaced in a while; the other one takes all that come."""

    async def trial() -> int:
        workers = Workers(2, taking=1)
        await workers.connect(20)
        held = len(workers.held[0])
        await workers.end()
        return held

    assert asyncio.run(trial()) == 20


def test_a_worker_that_is_alone_leaves_nothing_to_anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "LEFT_S", 3600.0)

    async def trial() -> int:
        workers = Workers(1, taking=1)
        await workers.connect(20)
        held = len(workers.held[0])
        await workers.end()
        return held

    assert asyncio.run(trial()) == 20


class Full(socket.socket):
    """A socket at which the system has no room for another connection, now and then."""

    refusals: ClassVar[list[int]] = []

    def accept(self) -> tuple[socket.socket, object]:
        """Accept, unless there is no room."""
        if self.refusals:
            raise OSError(self.refusals.pop(), "no room")
        return super().accept()


def test_a_worker_without_room_takes_connections_again_once_there_is_some(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(accepting, "TROUBLED_S", 0.01)
    Full.refusals[:] = [errno.EMFILE, errno.ECONNABORTED, errno.ENETDOWN, errno.ENOMEM]

    async def trial() -> int:
        workers = Workers(1, taking=0)
        plain = workers.listening
        workers.listening = Full(fileno=plain.detach())
        held: list[asyncio.BaseTransport] = workers.held[0]
        share = Share(workers.counts, 0)
        workers.accepting = [Accepting(workers.listening, lambda: Held(share, held), share)]
        await workers.connect(3)
        await workers.end()
        return len(held)

    assert (asyncio.run(trial()), Full.refusals) == (3, [])


def test_nothing_is_taken_any_more_once_a_worker_ends() -> None:
    async def trial() -> int:
        workers = Workers(2, taking=1)
        await workers.connect(1)
        client = socket.create_connection(workers.listening.getsockname())
        await asyncio.sleep(0)
        workers.accepting[0].close()
        await asyncio.sleep(0.05)
        client.close()
        held = len(workers.held[0])
        await workers.end()
        return held

    assert asyncio.run(trial()) == 1
