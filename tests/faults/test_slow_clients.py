"""A client that sends or reads too slowly is cut off in bounded time and holds nobody; the clock is moved by hand."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from starlette.types import Receive, Scope, Send
from uvicorn.config import Config
from uvicorn.server import ServerState

from comity.cli import patience
from comity.cli.patience import BATCH_PATH, PATIENCE_S, REQUEST_S, SWEEP_S, Patient, sweep

BOUND_S = max(PATIENCE_S, REQUEST_S) + SWEEP_S
LARGE = 32 * 2**20
STEPS_MAX = 200

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Door:
    """A server in this loop, whose clock is moved by hand; `at_work` are the requests that it has not ended."""

    port: int = 0
    state: ServerState = field(default_factory=ServerState)
    at_work: set[str] = field(default_factory=set[str])
    begun_at: float = 0.0
    clients: list[Client] = field(default_factory=list[Client])

    async def application(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the whole request, and answer it: with a megabyte after the other where `/large` is asked for."""
        self.at_work.add(scope["path"])
        try:
            while (message := await receive()).get("more_body"):
                pass
            if message["type"] == "http.disconnect":
                return
            size = LARGE if scope["path"] == "/large" else 2
            length = (b"content-length", b"%d" % size)
            await send({"type": "http.response.start", "status": 200, "headers": [length]})
            for _ in range(size // 2**20):
                await send({"type": "http.response.body", "body": bytes(2**20), "more_body": True})
            await send({"type": "http.response.body", "body": b"" if size == LARGE else b"ok"})
        finally:
            self.at_work.discard(scope["path"])

    async def client(self, head: bytes) -> Client:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head)
        self.clients.append((reader, writer))
        return reader, writer

    def sweep_after(self, seconds: float) -> None:
        sweep(self.state, self.begun_at + seconds)

    async def cut_after(self, client: Client, step: Callable[[], Awaitable[None]]) -> float:
        """Return how many seconds of the server's clock pass until it cuts a client, which steps once a second."""
        for second in range(int(2 * BOUND_S)):
            with suppress(ConnectionError):
                await step()
            self.sweep_after(second)
            await self.until(lambda: True)
            if not self.state.connections:
                return second
        return float("inf")

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Let the loop go on, until something is so, a few rounds at least."""
        for step in range(STEPS_MAX):
            await asyncio.sleep(0.001)
            if step > 1 and is_so():
                return


@asynccontextmanager
async def opened() -> AsyncGenerator[Door, None]:
    loop, door = asyncio.get_running_loop(), Door()
    config = Config(door.application, interface="asgi3", http=Patient, log_level="critical", lifespan="off")
    config.load()
    server = await loop.create_server(lambda: Patient(config, door.state, {}), "127.0.0.1", 0)
    door.port, door.begun_at = server.sockets[0].getsockname()[1], loop.time()
    try:
        yield door
    finally:
        server.close()
        for _, writer in door.clients:
            writer.transport.abort()
        for connection in list(door.state.connections):
            connection.transport.abort()
        await door.until(lambda: not door.state.connections)


def head(path: str, length: int) -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize("path", ["/v1/checks", "/v1/records", BATCH_PATH])
def test_a_body_of_a_byte_a_second_is_cut_off(path: str) -> None:
    async def trial() -> tuple[float, set[str]]:
        async with opened() as door:
            client = await door.client(head(path, 1000))
            await door.until(lambda: bool(door.at_work))

            async def step() -> None:
                client[1].write(b"x")
                await client[1].drain()

            taken = await door.cut_after(client, step)
            await door.until(lambda: not door.at_work)
            return taken, door.at_work

    taken, at_work = asyncio.run(trial())
    assert (taken <= BOUND_S, at_work) == (True, set())


def test_a_body_that_trickles_is_cut_off() -> None:
    async def trial() -> float:
        async with opened() as door:
            client = await door.client(head("/v1/records", 100_000))
            await door.until(lambda: bool(door.at_work))

            async def step() -> None:
                client[1].write(b"x" * 200)
                await client[1].drain()

            return await door.cut_after(client, step)

    assert asyncio.run(trial()) <= BOUND_S


@pytest.mark.parametrize("begun", [b"", b"POST /v1/checks HTTP/1.1\r\nContent-Le"])
def test_a_request_that_never_comes_whole_is_cut_off(begun: bytes) -> None:
    async def trial() -> float:
        async with opened() as door:
            client = await door.client(begun)
            await door.until(lambda: bool(door.state.connections))

            async def wait() -> None:
                return

            return await door.cut_after(client, wait)

    assert asyncio.run(trial()) <= BOUND_S


def test_an_answer_that_is_never_read_is_cut_off_and_its_request_ended() -> None:
    async def trial() -> tuple[float, set[str]]:
        async with opened() as door:
            client = await door.client(head("/large", 0))
            client[0]._transport.pause_reading()  # type: ignore[attr-defined]
            await door.until(lambda: "/large" in door.at_work)

            async def wait() -> None:
                return

            taken = await door.cut_after(client, wait)
            await door.until(lambda: not door.at_work)
            return taken, door.at_work

    taken, at_work = asyncio.run(trial())
    assert (taken <= BOUND_S, at_work) == (True, set())


def test_a_request_that_comes_steadily_but_too_long_is_cut_off() -> None:
    async def trial() -> float:
        async with opened() as door:
            client = await door.client(head("/v1/records", 10**6))
            await door.until(lambda: bool(door.at_work))

            async def step() -> None:
                client[1].write(bytes(100))
                await client[1].drain()

            return await door.cut_after(client, step)

    assert PATIENCE_S < asyncio.run(trial()) <= BOUND_S


def test_a_batch_that_comes_steadily_is_not_cut_off() -> None:
    async def trial() -> float:
        async with opened() as door:
            client = await door.client(head(BATCH_PATH, 10**6))
            await door.until(lambda: bool(door.at_work))

            async def step() -> None:
                client[1].write(bytes(100))
                await client[1].drain()

            return await door.cut_after(client, step)

    assert asyncio.run(trial()) == float("inf")


def test_others_are_answered_beside_those_that_hang() -> None:
    async def trial() -> bytes:
        async with opened() as door:
            for _ in range(50):
                await door.client(head("/v1/checks", 1000))
            reader, writer = await door.client(head("/quick", 2))
            writer.write(b"{}")
            return await asyncio.wait_for(reader.readline(), 5)

    assert asyncio.run(trial()).startswith(b"HTTP/1.1 200")


def test_one_connection_too_many_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "CONNECTIONS_MAX", 3)

    async def trial() -> bytes:
        async with opened() as door:
            for _ in range(3):
                await door.client(b"")
            await door.until(lambda: len(door.state.connections) == 3)
            reader, _writer = await door.client(b"")
            return await asyncio.wait_for(reader.read(), 5)

    answer = asyncio.run(trial())
    assert (answer.startswith(b"HTTP/1.1 503"), b"retry-after: 1\r\n" in answer) == (True, True)
