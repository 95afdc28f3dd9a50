"""A small load generator: keep-alive connections over loopback, each waiting for its answer before it asks again.

It shares the machine's cores with the server that it measures.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """Where the requests go, and with which API key."""

    port: int
    key: str


def request(target: Target, path: str, body: bytes, media_type: str) -> bytes:
    """Return the bytes of a POST request for the purpose `border`."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{target.port}\r\nAuthorization: Bearer {target.key}\r\n"
        f"Comity-Purpose: border\r\nContent-Type: {media_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def load(
    target: Target, requests: Sequence[bytes], connections: int, limit_s: float
) -> tuple[list[float], float]:
    """Return the seconds of each request, sent until all are answered or the time is up, and of the whole."""
    return asyncio.run(_load(target, requests, connections, limit_s))


async def _load(
    target: Target, requests: Sequence[bytes], connections: int, limit_s: float
) -> tuple[list[float], float]:
    waiting = iter(requests)
    taken: list[float] = []
    begun = time.perf_counter()

    async def ask() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", target.port, limit=2**20)
        for one in waiting:
            if time.perf_counter() - begun > limit_s:
                break
            sent = time.perf_counter()
            writer.write(one)
            await _answer(reader)
            taken.append(time.perf_counter() - sent)
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(ask() for _ in range(connections)))
    return taken, time.perf_counter() - begun


async def _answer(reader: asyncio.StreamReader) -> None:
    """Read one answer to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    fields = head.lower()
    if b"transfer-encoding: chunked" in fields:
        while size := int(await reader.readuntil(b"\r\n"), 16):
            await reader.readexactly(size + 2)
        await reader.readexactly(2)
        return
    length = fields.partition(b"content-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length))
