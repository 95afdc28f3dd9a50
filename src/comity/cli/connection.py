"""One client's connection: plain checks are answered at once, everything else as the server does.

    bytes -> an answer under way? held | a plain check? entry on its way to the disk, then answered | the server's way

Answers leave in the order of their questions: what comes while one is under way waits for it.
"""

import asyncio
import time
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from comity.api.express import Express, Ready
from comity.cli.patience import Patient
from comity.errors import ComityError

HELD_BYTES_MAX: Final = 64 * 1024
_OK: Final = b"HTTP/1.1 200 OK\r\n"


class Connection(Patient):
    """A connection whose plain checks take the shortest way."""

    express: ClassVar[Express]

    _under_way: "_UnderWay | None" = None
    _held = b""
    _is_ending = False
    _idle_since = 0.0

    def take(self, data: bytes) -> None:
        """Answer what has come, at once or the usual way."""
        if self._under_way is not None:
            self._hold(data)
        elif not self._is_between_requests() or not self._begin(data):
            self._idle_since = 0.0
            super().take(data)

    def _hold(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > HELD_BYTES_MAX:
            self.flow.pause_reading()

    def _is_between_requests(self) -> bool:
        """Return whether nothing is under way here, so that what comes next begins a request."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        if self.pipeline or self.flow.write_paused or self.transport.is_closing():
            return False
        if cycle is None:
            return cast("object", self.scope) is None
        return self.scope is cycle.scope and cycle.response_complete and not cycle.more_body

    def _begin(self, data: bytes) -> bool:
        """Have a plain check logged and then answered; return whether it was one."""
        ready = self.express.ready(data)
        if ready is None:
            return False
        under_way = _UnderWay(self, ready, data)
        try:
            self.express.log(ready, under_way)
        except ComityError:
            return False  # the usual way meets it too, and has the words for it
        self._under_way = under_way
        self._unset_keepalive_if_required()
        return True

    def answer(self, ready: Ready, seconds: float) -> None:
        """Send an answer whose entry is durable."""
        self._under_way = None
        self.express.count(ready, seconds)
        if self.transport.is_closing():
            return
        dated = b"".join(b"%b: %b\r\n" % header for header in self.server_state.default_headers)
        self.transport.write(b"".join((_OK, dated, ready.answer)))
        self.server_state.total_requests += 1
        self._go_on()

    def answer_otherwise(self, data: bytes) -> None:
        """Answer the usual way: nothing was logged."""
        self._under_way = None
        self._idle_since = 0.0
        if not self.transport.is_closing():
            super().take(data)
            self._go_on()

    def _go_on(self) -> None:
        self._idle_since = self.loop.time()
        if self._is_ending:
            self.transport.close()
        elif self._held:
            data, self._held = self._held, b""
            self.flow.resume_reading()
            self.take(data)

    def shutdown(self) -> None:
        """End once the answer that is under way has left."""
        if self._under_way is None:
            super().shutdown()
        else:
            self._is_ending = True

    def is_too_slow(self, now: float) -> bool:
        """Return whether the client keeps the server waiting for longer than it may."""
        if self._under_way is not None:
            return False
        if self._idle_since and not self.transport.get_write_buffer_size():
            return now - self._idle_since > self.timeout_keep_alive
        return super().is_too_slow(now)

    def _is_arriving(self) -> bool:
        return not self._idle_since and super()._is_arriving()


class _UnderWay:
    """A check whose entry is on its way to the disk; what tells of a commit may tell it."""

    __slots__ = ("_begun", "_connection", "_data", "_ready")

    def __init__(self, connection: Connection, ready: Ready, data: bytes) -> None:
        self._connection, self._ready, self._data = connection, ready, data
        self._begun = time.perf_counter()

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the connection's loop."""
        return self._connection.loop

    def cancelled(self) -> bool:
        """Return that it is to be logged: it was answered, whether or not anybody is left to hear it."""
        return False

    def done(self) -> bool:
        """Return that it waits."""
        return False

    def set_result(self, _result: None, /) -> None:
        """Answer: the entry is durable."""
        self._connection.answer(self._ready, time.perf_counter() - self._begun)

    def set_exception(self, _error: BaseException, /) -> None:
        """Ask again the usual way, which knows what to say where nothing can be logged."""
        self._connection.answer_otherwise(self._data)


def connection_with(express: Express) -> type[Connection]:
    """Return the connections of a server whose plain checks `express` answers."""

    class Expressed(Connection):
        pass

    Expressed.express = express
    return Expressed
