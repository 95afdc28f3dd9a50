"""One client's connection: plain checks are answered at once, everything else as the server does.

    bytes -> an answer under way? held | a plain check? entry on its way to the disk, then answered | the server's way

Answers leave in the order of their questions: what comes while one is under way waits for it. An answer may say that
the connection ends with it: the client's next one finds a worker that holds fewer.
"""

import asyncio
import time
from collections.abc import Callable
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from comity.api.express import Express, Ready
from comity.api.guard import log_unexpected
from comity.cli.evenness import Share, whole
from comity.cli.patience import Patient
from comity.errors import ComityError

HELD_BYTES_MAX: Final = 64 * 1024
"""Above so much that waits for the answer under way, no more is read."""

_OK: Final = b"HTTP/1.1 200 OK\r\n"
_LAST: Final = b"connection: close\r\n"


class Connection(Patient):
    """A connection whose plain checks take the shortest way."""

    express: ClassVar[Express]
    share: ClassVar[Share]

    _under_way: "_UnderWay | None" = None
    _held = b""
    _is_ending = False
    _resting_since: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and be counted."""
        super().connection_made(transport)
        self.share.note(len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and be counted no more."""
        super().connection_lost(exc)
        self.share.note(len(self.connections))

    def take(self, data: bytes) -> None:
        """Answer what has come, at once or the usual way."""
        if self._under_way is not None:
            self._hold(data)
        elif self.flow.write_paused or not self._is_at_rest() or not self._begin(data):
            super().take(data)

    def _hold(self, data: bytes) -> None:
        self._held += data
        if len(self._held) > HELD_BYTES_MAX:
            self.flow.pause_reading()

    def _is_at_rest(self) -> bool:
        """Return whether nothing is under way here, so that what comes next begins a request."""
        if self.pipeline or self.transport.is_closing():
            return False
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        if cycle is None:
            return cast("object", self.scope) is None
        return self.scope is cycle.scope and cycle.response_complete and not cycle.more_body

    def _is_answering(self) -> bool:
        """Return whether an earlier request waits for its answer the usual way."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return bool(self.pipeline) or (cycle is not None and not cycle.response_complete)

    def _begin(self, data: bytes) -> bool:
        """Have a plain check logged and then answered; return whether it was one."""
        begun = time.perf_counter()
        ready = self.express.ready(data)
        if ready is None:
            return False
        under_way = _UnderWay(self, ready, data, begun)
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
        self._resting_since = self.loop.time()
        is_last = not self._held and self.share.is_exceeded(self._resting_since)
        self.transport.write(b"".join((_OK, dated, _LAST if is_last else b"", ready.answer)))
        self.server_state.total_requests += 1
        if self._is_ending or is_last:
            self.transport.close()
        elif self._held:
            self.take(self._let_go())

    def answer_otherwise(self, data: bytes) -> None:
        """Answer the usual way, which knows what to say: nothing is known to be logged."""
        self._under_way = None
        if self.transport.is_closing():
            return
        super().take(data + self._let_go())
        if self._is_ending:
            super().shutdown()

    def _let_go(self) -> bytes:
        """Return what was held, and read on."""
        data, self._held = self._held, b""
        self.flow.resume_reading()
        return data

    def on_message_begin(self) -> None:
        """Begin a request: not before is a connection at rest no more."""
        super().on_message_begin()
        self._resting_since = None

    def on_headers_complete(self) -> None:
        """Begin to answer, perhaps for the last time here: that is seen once all that has come is read."""
        if not self._is_answering():
            self.loop.call_soon(self._end_if_too_many)
        super().on_headers_complete()

    def _end_if_too_many(self) -> None:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None where the head was none in the end
        if cycle is None or cycle.response_started or self.pipeline:
            return
        if self.share.is_exceeded(self.loop.time()):
            cycle.keep_alive = False

    def on_response_complete(self) -> None:
        """Rest, where nothing else has come meanwhile."""
        super().on_response_complete()
        if self._is_at_rest():
            self._resting_since = self.loop.time()

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
        if self._resting_since is not None and not self.transport.get_write_buffer_size():
            return now - self._resting_since > self.timeout_keep_alive
        return super().is_too_slow(now)

    def _is_arriving(self) -> bool:
        return self._resting_since is None and super()._is_arriving()


class _UnderWay:
    """A check whose entry is on its way to the disk; it is told of the commit, and raises nothing then."""

    __slots__ = ("_begun", "_connection", "_data", "_ready")

    def __init__(self, connection: Connection, ready: Ready, data: bytes, begun: float) -> None:
        self._connection, self._ready, self._data, self._begun = connection, ready, data, begun

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the connection's loop."""
        return self._connection.loop

    def cancelled(self) -> bool:
        """Return that it is to be logged: it is settled, whether or not anybody is left to hear of it."""
        return False

    def done(self) -> bool:
        """Return that it waits."""
        return False

    def set_result(self, _result: None, /) -> None:
        """Answer: the entry is durable."""
        seconds = time.perf_counter() - self._begun
        self._safely(lambda: self._connection.answer(self._ready, seconds))

    def set_exception(self, _error: BaseException, /) -> None:
        """Ask again the usual way."""
        self._safely(lambda: self._connection.answer_otherwise(self._data))

    def _safely(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception as error:  # noqa: BLE001  # others of the same commit have still to be told
            log_unexpected(error)
            self._connection.transport.abort()


def connection_with(express: Express, share: Share | None = None) -> type[Connection]:
    """Return the connections of a server whose plain checks `express` answers, and which holds a share of all."""

    class Expressed(Connection):
        pass

    Expressed.express = express
    Expressed.share = share or whole()
    return Expressed
