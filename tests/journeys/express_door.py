"""A server in the test's own loop whose checks take the shortest way, and are counted."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from uvicorn.config import Config
from uvicorn.server import ServerState

from comity.access.roles import role_named
from comity.api import Express, Process
from comity.api.express import Ready
from comity.app import Node, init_node, open_node
from comity.cli.connection import Connection, connection_with
from comity.cli.evenness import Share
from comity.cli.patience import Patient
from comity.doors import BothDoors, build_doors
from comity.errors import FullError
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.records.fieldtype import Json
from comity.registry import accounts, audit_log
from comity.registry.accounts import Account
from comity.registry.group_commit import Waiting

PASSPORT: dict[str, Json] = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
MISS: dict[str, Json] = {**PASSPORT, "number": "A7654322"}
DATE = re.compile(rb"date: [^\r]*\r\n")
HEADERS = ("Host: node", "Comity-Purpose: border", "Content-Type: application/json")


class Counting(Express):
    """Counts the checks that take the shortest way."""

    taken = 0
    is_full = False
    after_s = 0.0

    def log(self, ready: Ready, whom: Waiting[None]) -> None:
        """Count, and log, perhaps late; or find the disk full, as whoever writes would."""
        self.taken += 1
        if self.is_full:
            whom.get_loop().call_soon(whom.set_exception, FullError())
        elif self.after_s:
            whom.get_loop().call_later(self.after_s, super().log, ready, whom)
        else:
            super().log(ready, whom)

    async def until_taken(self) -> None:
        """Return once a check takes the shortest way."""
        async with asyncio.timeout(20):
            while not self.taken:  # noqa: ASYNC110  # what is counted here tells nobody
                await asyncio.sleep(0)


@dataclass
class Door:
    """A server in this loop, and the keys of two bureaus."""

    port: int
    state: ServerState
    express: Counting
    keys: dict[str, str] = field(default_factory=dict[str, str])

    def request(self, body: bytes, *headers: str, key: str = "fra") -> bytes:
        """Return a request as bytes."""
        lines = ["POST /v1/checks HTTP/1.1", *(headers or HEADERS), f"Authorization: Bearer {self.keys[key]}"]
        return "\r\n".join([*lines, f"Content-Length: {len(body)}", "\r\n"]).encode() + body

    async def asked(self, *pieces: bytes, answers: int = 1) -> list[bytes]:
        """Send pieces, one after the other, over one connection; return so many answers, without their dates."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        found = [await self.answer(reader) for _ in range(answers)]
        writer.close()
        return found

    async def asked_in_turn(self, *pieces: bytes) -> list[bytes]:
        """Send pieces over one connection, each once the one before is answered; return the answers."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        found: list[bytes] = []
        for piece in pieces:
            writer.write(piece)
            found.append(await self.answer(reader))
        writer.close()
        return found

    async def ended_while_one_is_under_way(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send a plain check, and have every connection end while its entry is on its way to the disk."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self.request(json.dumps(MISS).encode()))
        await self.express.until_taken()
        for connection in list(self.state.connections):
            assert isinstance(connection, Connection)
            connection.shutdown()
        return reader, writer

    async def answer(self, reader: asyncio.StreamReader) -> bytes:
        """Return the next answer, without its date, its headers in one order."""
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20)
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None
        status, *headers = DATE.sub(b"", head).strip().split(b"\r\n")
        lines = [status, *sorted(headers), b"", await reader.readexactly(int(length[1]))]
        return b"\r\n".join(lines)


@contextmanager
def node_with_both(directory: Path) -> Generator[Node, None, None]:
    """Make a node with a passport and a person whom all but Greece may see, whose log is a journal."""
    init_node(directory, "Test")
    with open_node(directory) as node:
        for bureau in ("EGY", "FRA", "GRC"):
            with node.desk.registry.write() as connection:
                account = Account(bureau.lower(), bureau, role_named("registrar"))
                accounts.add_account(connection, account, node.desk.clock())
        held: dict[str, Json] = {**PASSPORT, "source_id": "D1", "share": {"except": ["GRC"]}}
        person: dict[str, Json] = {
            "kind": "person",
            "source_id": "P1",
            "names": [{"name": "Remifa Oldgrove"}],
            "share": {"except": ["GRC"]},
        }
        for one in (held, person):
            submit(one, officer_named("egy", node.desk), node.desk)
        node.desk.registry.begin_journal()
        node.desk.follower.catch_up()
        yield node


@asynccontextmanager
async def opened(
    node: Node,
    protocol: type[Patient] | None = None,
    share: Share | None = None,
    process: Process | None = None,
) -> AsyncGenerator[Door, None]:
    """Serve a node in this loop; without a protocol, by connections whose plain checks take the shortest way."""
    loop, doors, state = asyncio.get_running_loop(), build_doors(node.desk, process), ServerState()
    counting = counted(doors)
    chosen = protocol or connection_with(counting, share)
    config = Config(doors, interface="asgi3", http=chosen, ws="none", log_level="critical", lifespan="off")
    config.load()
    server = await loop.create_server(lambda: chosen(config, state, {}), "127.0.0.1", 0)
    door = Door(server.sockets[0].getsockname()[1], state, counting)
    for account in ("fra", "grc"):
        door.keys[account] = people.new_key(officer_named(account, node.desk), node.desk).reveal()
    for account in door.keys:
        # A key is proven by the usual way first.
        await door.asked(door.request(json.dumps(MISS).encode(), key=account))
    counting.taken = 0
    try:
        yield door
    finally:
        server.close()
        for connection in list(state.connections):
            connection.transport.abort()


def counted(doors: BothDoors) -> Counting:
    """Return a counting twin of what answers plain checks."""
    twin = Counting.__new__(Counting)
    twin.__dict__.update(doors.express.__dict__)
    return twin


def lines_logged(node: Node) -> int:
    """Return how many lines the log has."""
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        return audit_log.size(connection)
