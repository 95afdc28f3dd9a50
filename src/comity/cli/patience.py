"""How long a server waits for a client: one that sends or reads too slowly is let go, and holds nothing.

each few seconds: every connection that waits for its client -> has it moved enough? -> otherwise cut
"""

import asyncio
from typing import Any, Final, cast

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

SWEEP_S: Final = 2.0
PATIENCE_S: Final = 20.0
"""The longest that a client may take to send or read `BYTES_MIN` while the server waits for it."""

REQUEST_S: Final = 30.0
RATE_MIN: Final = 1024
"""A request other than a batch that is longer under way must have brought so many bytes a second."""

HEAD_BYTES_MAX: Final = 64 * 1024
"""The longest head, beside what comes with its beginning and with its end."""

BYTES_MIN: Final = 256
CONNECTIONS_MAX: Final = 4000
BATCH_PATH: Final = "/v1/checks/batch"

_TOO_LONG: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)
_TOO_MANY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
)


class Patient(HttpToolsProtocol):
    """A connection that knows when its client last moved."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.received = self._begun_received = 0
        self.marked_at = self.begun_at = self.loop.time()
        self._marked_received = self._marked_waiting = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless there are too many already."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MAX:
            transport.write(_TOO_MANY)
            transport.close()

    def data_received(self, data: bytes) -> None:
        """Take what has come."""
        self.received += len(data)
        self.take(data)

    def take(self, data: bytes) -> None:
        """Read what has come, unless it is a head without end."""
        before = self.received - len(data) - self._begun_received
        if self._is_head_open() and before > HEAD_BYTES_MAX:
            self.transport.write(_TOO_LONG)
            self.transport.close()
        else:
            super().data_received(data)

    def _is_head_open(self) -> bool:
        """Return whether a request has begun whose head has not ended."""
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cast("object", self.scope) is not None and (cycle is None or self.scope is not cycle.scope)

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.begun_at = self.marked_at = self.loop.time()
        self._marked_received = self._begun_received = self.received

    def is_too_slow(self, now: float) -> bool:
        """Return whether the client keeps the server waiting for longer than it may."""
        if self._is_arriving() and not self._is_batch() and self._is_late(now):
            return True
        waiting = self.transport.get_write_buffer_size()
        is_moving = self.received - self._marked_received >= BYTES_MIN or waiting < self._marked_waiting
        if is_moving or not (waiting or self._is_arriving()):
            self.marked_at, self._marked_received, self._marked_waiting = now, self.received, waiting
            return False
        self._marked_waiting = waiting
        return now - self.marked_at > PATIENCE_S

    def _is_late(self, now: float) -> bool:
        taken = now - self.begun_at
        return taken > REQUEST_S and self.received - self._begun_received < taken * RATE_MIN

    def _is_arriving(self) -> bool:
        """Return whether the client has still to send its first request, or the rest of one."""
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None before the first request
        return cycle is None or self.scope is not cycle.scope or cycle.more_body

    def _is_batch(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)
        return cycle is not None and not self._is_head_open() and cycle.scope["path"] == BATCH_PATH


def sweep(state: ServerState, now: float) -> None:
    """Cut the connections whose clients are too slow."""
    for connection in list(state.connections):
        if isinstance(connection, Patient) and connection.is_too_slow(now):
            connection.transport.abort()


async def sweep_until_cancelled(state: ServerState) -> None:
    """Look after the connections of a server."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(SWEEP_S)
        sweep(state, loop.time())
