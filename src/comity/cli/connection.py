"""One client's connection: plain checks are answered at once, names once they are weighed, all else as the server does.

    bytes -> an answer under way? held
          -> somebody has written? once it is known what that means for all, as below
          -> a name asked for? weighed elsewhere -> as a plain check
          -> a plain check? entry on its way to the disk, then answered
          -> the server's way

Answers leave in the order of their questions: what comes while one is under way waits for it. An answer may say that
the connection ends with it: the client's next one finds a worker that holds fewer.
"""

import asyncio
import time
from collections.abc import Callable
from typing import ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from comity.api.elsewhere import Job
from comity.api.express import Express, Ready
from comity.api.guard import log_unexpected
from comity.cli.evenness import Share, whole
from comity.cli.patience import Patient
from comity.errors import ComityError
from comity.procedures.weighing import Weighed

HELD_BYTES_MAX: Final = 64 * 1024
"""Above so much that waits for the answer under way, no more is read."""

RENEWALS_MAX: Final = 4
"""So often a check waits for what it goes by; where others write all the time it goes the usual way."""

_OK: Final = STATUS_LINE[200]
_LAST: Final = b"connection: close\r\n"


class _Dated:
    """The headers of every answer, of which the server makes new ones each second, as bytes."""

    def __init__(self) -> None:
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._bytes = b""

    def as_bytes(self, headers: list[tuple[bytes, bytes]]) -> bytes:
        """Return these, made once for as long as they are the same."""
        if headers is not self._headers:
            self._headers, self._bytes = headers, b"".join(b"%b: %b\r\n" % one for one in headers)
        return self._bytes


class Connection(Patient):
    """A connection whose plain checks take the shortest way."""

    express: ClassVar[Express]
    share: ClassVar[Share]
    dated: ClassVar[_Dated]

    _under_way: "_Waiting | None" = None
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
        elif self.flow.write_paused or not self._is_at_rest() or not self._begin(data, time.perf_counter()):
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

    def _begin(self, data: bytes, begun: float, renewals: int = 0) -> bool:
        """Have a check logged and then answered, or weighed before; return whether it is one of these, or may be."""
        found = self.express.begun(data, is_again=renewals > 0)
        if found is None:
            return False
        try:
            if isinstance(found, asyncio.Task):
                if renewals == RENEWALS_MAX:
                    return False
                renewing = self._under_way = _Renewing(self, data, begun, renewals + 1)
                found.add_done_callback(renewing.go_on)
            elif isinstance(found, Job):
                weighing = self._under_way = _Weighing(self, data, begun)
                self.express.weigh(found, weighing)
            else:
                logging = self._under_way = _Logging(self, data, begun, found)
                self.express.log(found, logging)
        except ComityError:
            self._under_way = None
            return False  # the usual way meets it too, and has the words for it
        self._unset_keepalive_if_required()
        return True

    def begin_again(self, data: bytes, begun: float, renewals: int) -> None:
        """Begin a check anew: what it goes by was asked for."""
        self._under_way = None
        if not self.transport.is_closing() and not self._begin(data, begun, renewals):
            self.answer_otherwise(data)

    def log(self, made: Weighed, data: bytes, begun: float) -> None:
        """Have a check that was weighed logged and then answered."""
        ready = self.express.weighed(made)
        if ready is None:
            self.answer_otherwise(data)
        elif not ready.entry:
            self.answer(ready, begun)
        else:
            logging = self._under_way = _Logging(self, data, begun, ready)
            try:
                self.express.log(ready, logging)
            except ComityError:
                self.answer_otherwise(data)

    def answer(self, ready: Ready, begun: float) -> None:
        """Send an answer whose entry is durable."""
        self.express.count(ready, time.perf_counter() - begun)
        self._send(_OK, ready.answer)

    def answer_failed(self, error: Exception, begun: float) -> None:
        """Send word of a check that could not be weighed."""
        status, rest = self.express.failed(error, time.perf_counter() - begun)
        self._send(STATUS_LINE[status], rest)

    def _send(self, status: bytes, rest: bytes) -> None:
        """Send an answer, what follows the status being given from the first of its headers on."""
        self._under_way = None
        if self.transport.is_closing():
            return
        dated = self.dated.as_bytes(self.server_state.default_headers)
        self._resting_since = self.loop.time()
        is_last = not self._held and self.share.is_exceeded(self._resting_since)
        self.transport.write(b"".join((status, dated, _LAST if is_last else b"", rest)))
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


class _Waiting:
    """A check under way; it is told in the connection's loop, and raises nothing then."""

    __slots__ = ("begun", "connection", "data")

    def __init__(self, connection: Connection, data: bytes, begun: float) -> None:
        self.connection, self.data, self.begun = connection, data, begun

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the connection's loop."""
        return self.connection.loop

    def cancelled(self) -> bool:
        """Return that it is to go on, whether or not anybody is left to hear of it: it is settled, or will be."""
        return False

    def done(self) -> bool:
        """Return that it waits."""
        return False

    def safely(self, tell: Callable[[], None]) -> None:
        """Tell the connection; others have still to be told."""
        try:
            tell()
        except Exception as error:  # noqa: BLE001  # whatever it is, it is this connection's alone
            log_unexpected(error)
            self.connection.transport.abort()


class _Renewing(_Waiting):
    """A check that waits for what it goes by to be asked for anew, for so many times already."""

    __slots__ = ("_renewals",)

    def __init__(self, connection: Connection, data: bytes, begun: float, renewals: int) -> None:
        super().__init__(connection, data, begun)
        self._renewals = renewals

    def go_on(self, _done: "asyncio.Task[None]") -> None:
        """Have it begin again."""
        self.safely(lambda: self.connection.begin_again(self.data, self.begun, self._renewals))


class _Weighing(_Waiting):
    """A check that is weighed elsewhere."""

    __slots__ = ()

    def set_result(self, made: list[Weighed], /) -> None:
        """Have it logged and answered."""
        self.safely(lambda: self.connection.log(made[0], self.data, self.begun))

    def set_exception(self, error: BaseException, /) -> None:
        """Say so: whatever was met is not tried a second time."""
        failure = error if isinstance(error, Exception) else RuntimeError()
        self.safely(lambda: self.connection.answer_failed(failure, self.begun))


class _Logging(_Waiting):
    """A check whose entry is on its way to the disk."""

    __slots__ = ("_ready",)

    def __init__(self, connection: Connection, data: bytes, begun: float, ready: Ready) -> None:
        super().__init__(connection, data, begun)
        self._ready = ready

    def set_result(self, _result: None, /) -> None:
        """Answer: the entry is durable."""
        self.safely(lambda: self.connection.answer(self._ready, self.begun))

    def set_exception(self, _error: BaseException, /) -> None:
        """Ask again the usual way."""
        self.safely(lambda: self.connection.answer_otherwise(self.data))


def connection_with(express: Express, share: Share | None = None) -> type[Connection]:
    """Return the connections of a server whose plain checks `express` answers, and which holds a share of all."""

    class Expressed(Connection):
        pass

    Expressed.express = express
    Expressed.share = share or whole()
    Expressed.dated = _Dated()
    return Expressed
