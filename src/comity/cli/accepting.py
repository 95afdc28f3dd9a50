"""Which worker takes the next connection? One that holds no more than any other; else whoever comes, a moment later.

    a connection waits -> more held here than elsewhere? left to the others for a moment -> taken

All workers wait at one socket. Left to themselves, the first to wake takes all that wait there, and two clients that
send great batches share one core while the other has nothing to do.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Final, cast

import uvicorn

from comity.cli.evenness import Share

LEFT_S: Final = 0.001
"""A connection is left to the others so long: they are awake already, or busy."""

TAKEN_AT_ONCE: Final = 4
"""So many of those that were left are taken before the others are given another moment."""

TROUBLED_S: Final = 1.0
"""Between two tries where the system has no room for another connection, or its network is in trouble."""


class Accepting:
    """Takes the connections that wait at a socket, for one worker. Lives in the worker's event loop."""

    def __init__(
        self, listening: socket.socket, factory: Callable[[], asyncio.Protocol], share: Share
    ) -> None:
        self._listening, self._factory, self._share = listening, factory, share
        self._loop = asyncio.get_running_loop()
        self._later: asyncio.TimerHandle | None = None
        self._beginning = set[asyncio.Task[object]]()
        listening.setblocking(False)
        self._listen()

    def close(self) -> None:
        """Take no more."""
        self._rest()
        if self._later is not None:
            self._later.cancel()

    def _listen(self) -> None:
        self._later = None
        self._loop.add_reader(self._listening.fileno(), self._arrived)

    def _rest(self) -> None:
        self._loop.remove_reader(self._listening.fileno())

    def _pause(self, seconds: float, then: Callable[[], None]) -> None:
        self._rest()
        self._later = self._loop.call_later(seconds, then)

    def _arrived(self) -> None:
        if self._share.is_ahead(len(self._beginning)):
            self._pause(LEFT_S, self._take_what_is_left)
        else:
            self._take()

    def _take_what_is_left(self) -> None:
        """Take some that nobody wanted: the others are busy, or have died."""
        self._listen()
        taken = 0
        while taken < TAKEN_AT_ONCE and self._take():
            taken += 1

    def _take(self) -> bool:
        """Take one connection; return whether there was one."""
        try:
            connection, _address = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return False
        except OSError:
            self._pause(TROUBLED_S, self._listen)
            return False
        connection.setblocking(False)
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(self._factory, connection)
        )
        # A loop keeps no task alive by itself.
        self._beginning.add(task)
        task.add_done_callback(self._begun)
        return True

    def _begun(self, task: asyncio.Task[object]) -> None:
        self._beginning.discard(task)
        if not task.cancelled():
            task.exception()  # a client that was gone before it began is nobody's error


class Server(uvicorn.Server):
    """A server that takes its share of the connections."""

    def __init__(self, config: uvicorn.Config, share: Share) -> None:
        super().__init__(config)
        self._share = share
        self._accepting: list[Accepting] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets=[])
        self._accepting = [Accepting(one, self._protocol, self._share) for one in sockets or ()]

    def _protocol(self) -> asyncio.Protocol:
        make = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return make(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more connections, and end once those there are answered."""
        for one in self._accepting:
            one.close()
        await super().shutdown(sockets=sockets)
