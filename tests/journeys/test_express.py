"""The shortest way of a check, from bytes to bytes, answers and logs as the usual way does, in order, and ends well."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from uvicorn.config import Config
from uvicorn.server import ServerState

from comity.access.roles import role_named
from comity.api import Express, Process
from comity.api.elsewhere import Job
from comity.api.express import Ready
from comity.app import Node, init_node, open_node
from comity.cli.connection import Connection, connection_with
from comity.cli.evenness import PAUSE_S, Share
from comity.cli.patience import Patient, sweep
from comity.doors import BothDoors, build_doors
from comity.errors import FullError, OverloadedError
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.procedures.weighing import Weighed
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


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    directory: Path = tmp_path_factory.mktemp("express") / "node"
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


ASKED: tuple[Json, ...] = (
    MISS,
    PASSPORT,
    {**MISS, "id": "7"},
    {"kind": "vehicle", "vin": "1M8GDM9AXKP042788"},
    {"kind": "device", "imei": "490154203237519"},
    {"kind": "vehicle", "plate": "ZZ 999", "id": "q"},
    {"kind": "person", "name": "Doremi Velkast"},
    {"kind": "person", "name": "Fasola Quendrim", "born": "1970", "id": "p"},
    {"kind": "person", "name": "Doremi Velkast", "purpose": "asylum"},
    {"kind": "person", "name": ""},
    {"kind": "person", "name": "Doremi Velkast", "born": "tomorrow"},
    {"kind": "organisation", "name": "Velkast Trading"},
    {**MISS, "number": ""},
    {**MISS, "purpose": "asylum"},
    {"kind": "travel_document"},
    [],
)
BODIES = [
    *(json.dumps(body).encode() for body in ASKED),
    b"",
    b"{",
    b'{"kind":"travel_document","number":"\xff"}',
]


def test_the_shortest_way_answers_as_the_usual_way_does(node: Node) -> None:
    async def answers(protocol: type[Patient] | None, key: str) -> tuple[list[bytes], int]:
        async with opened(node, protocol) as door:
            found = [await door.asked(door.request(body, key=key)) for body in BODIES]
            return [one for some in found for one in some], door.express.taken

    for key in ("fra", "grc"):
        shortest, taken = asyncio.run(answers(None, key))
        usual, none_taken = asyncio.run(answers(Patient, key))
        assert shortest == usual
        assert none_taken == 0
        # A withheld passport is as plain a miss as one that is not held; a hit takes the usual way, as does
        # whatever is malformed or refused. Three of those by name have an answer.
        assert taken == (9 if key == "grc" else 8)


def test_a_person_who_is_found_is_answered_the_shortest_way_as_the_usual_way_does(node: Node) -> None:
    """But for the hit that each of them opens, and its line is durable with the hit: none is logged apart."""
    asked = json.dumps({"kind": "person", "name": "Remifa Oldgrove", "id": "9"}).encode()

    async def answers(protocol: type[Patient] | None, key: str) -> tuple[dict[str, Json], int]:
        async with opened(node, protocol) as door:
            (found,) = await door.asked(door.request(asked, key=key))
            return json.loads(found.partition(b"\r\n\r\n")[2]), door.express.taken

    shortest, taken = asyncio.run(answers(None, "fra"))
    usual, none_taken = asyncio.run(answers(Patient, "fra"))
    assert (shortest["outcome"], taken, none_taken) == ("hit", 0, 0)
    assert _without_hit(shortest) == _without_hit(usual)
    withheld, taken = asyncio.run(answers(None, "grc"))
    assert (withheld["outcome"], withheld["hits"], taken) == ("no_hit", [], 1)


def _without_hit(answer: Json) -> Json:
    text = json.dumps(answer)
    return json.loads(re.sub(r'"(hit|respond_by|by|due|until)": "[^"]*"', "", text).replace(", ,", ","))


class Failing:
    """Fails at whatever it is to weigh."""

    def __init__(self, error: Exception) -> None:
        self.error, self.asked = error, 0

    async def weigh(self, job: Job) -> list[Weighed]:
        """Fail."""
        assert job.lines
        self.asked += 1
        raise self.error

    def ask(self, job: Job, whom: Waiting[list[Weighed]]) -> None:
        """Fail, in a while."""
        assert job.lines
        self.asked += 1
        whom.get_loop().call_soon(whom.set_exception, self.error)


@pytest.mark.parametrize(("error", "status"), [(OverloadedError(1), b"503"), (ValueError("words"), b"500")])
def test_what_cannot_be_weighed_is_said_as_the_usual_way_says_it_and_not_tried_again(
    node: Node, error: Exception, status: bytes
) -> None:
    async def answers(protocol: type[Patient] | None) -> tuple[bytes, int]:
        failing = Failing(error)
        async with opened(node, protocol, process=Process(failing)) as door:
            person, miss = ({"kind": "person", "name": "Doremi Velkast"}, MISS)
            found = await door.asked(
                *(door.request(json.dumps(one).encode()) for one in (person, miss)), answers=2
            )
            assert found[1].startswith(b"HTTP/1.1 200")
            return found[0], failing.asked

    shortest, usual = asyncio.run(answers(None)), asyncio.run(answers(Patient))
    assert shortest == usual
    assert shortest[0].startswith(b"HTTP/1.1 " + status)
    assert (b"words" in shortest[0], shortest[1]) == (False, 1)


def test_a_check_by_name_that_cannot_be_logged_is_asked_again_the_usual_way(node: Node) -> None:
    async def trial() -> tuple[list[bytes], int]:
        async with opened(node) as door:
            request = door.request(json.dumps({"kind": "person", "name": "Doremi Velkast"}).encode())
            door.express.is_full = True
            return await door.asked_in_turn(request, request), door.express.taken

    (first, second), taken = asyncio.run(trial())
    assert (first, first[:12], taken) == (second, b"HTTP/1.1 200", 2)


def test_a_client_that_leaves_while_its_check_is_weighed_harms_nobody(node: Node) -> None:
    async def trial() -> tuple[bytes, int]:
        async with opened(node) as door:
            _reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(door.request(json.dumps({"kind": "person", "name": "Doremi Velkast"}).encode()))
            await writer.drain()
            await asyncio.sleep(0)
            writer.transport.abort()
            (found,) = await door.asked(door.request(json.dumps(MISS).encode()))
            await door.express.until_taken()
            async with asyncio.timeout(20):
                while door.express.taken < 2:  # noqa: ASYNC110  # what is counted here tells nobody
                    await asyncio.sleep(0.01)
            return found, door.express.taken

    before = lines_logged(node)
    found, taken = asyncio.run(trial())
    assert (found[:12], taken) == (b"HTTP/1.1 200", 2)
    # Its line stands in the log all the same: the search was made.
    assert lines_logged(node) - before == 2 + 2 * 2


def test_answers_leave_in_the_order_of_their_questions(node: Node) -> None:
    bodies = [json.dumps({**MISS, "id": str(place)}).encode() for place in range(12)]
    bodies[4] = json.dumps({**PASSPORT, "id": "4"}).encode()
    bodies[7] = json.dumps({"kind": "person", "name": "Doremi Velkast", "id": "7"}).encode()

    async def trial(*, at_once: bool) -> list[bytes]:
        async with opened(node) as door:
            requests = [door.request(body) for body in bodies]
            pieces = [b"".join(requests)] if at_once else requests
            return await door.asked(*pieces, answers=len(bodies))

    for at_once in (True, False):
        found = asyncio.run(trial(at_once=at_once))
        assert [json.loads(one.partition(b"\r\n\r\n")[2])["id"] for one in found] == [*map(str, range(12))]


def test_a_question_while_an_answer_is_under_way_waits_for_it(node: Node) -> None:
    async def trial() -> list[bytes]:
        async with opened(node) as door:
            door.express.after_s = 0.2
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            bodies = [json.dumps({**MISS, "id": str(place)}).encode() for place in range(6)]
            bodies[2] = json.dumps({**PASSPORT, "id": "2"}).encode()
            writer.write(door.request(bodies[0]))
            await door.express.until_taken()
            for body in bodies[1:]:
                writer.write(door.request(body))
                await asyncio.sleep(0.01)
            found = [await door.answer(reader) for _ in bodies]
            writer.close()
            return found

    found = asyncio.run(trial())
    assert [json.loads(one.partition(b"\r\n\r\n")[2])["id"] for one in found] == [*map(str, range(6))]


@pytest.mark.parametrize("cut", [1, 20, 60, -1, -10])
def test_a_request_in_pieces_is_answered(node: Node, cut: int) -> None:
    async def trial() -> list[bytes]:
        async with opened(node) as door:
            whole, first = door.request(json.dumps(MISS).encode()), door.request(json.dumps(MISS).encode())
            return await door.asked(first, whole[:cut], whole[cut:], first, answers=3)

    found = asyncio.run(trial())
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    "headers",
    [
        (*HEADERS, "Connection: close"),
        ("Host: node", "Comity-Purpose: border "),
        (*HEADERS, "Upgrade: websocket", "Connection: Upgrade"),
        (*HEADERS, "Expect: 100-continue"),
        (*HEADERS, "Content-Length: 5"),
        (*HEADERS, "Transfer-Encoding: chunked"),
        (*HEADERS, "X-Unknown: 1"),
        ("Host: node", "Comity-Purpose: leisure"),
        ("Host: node", "Comity-Purpose: border", "Comity-Purpose: asylum"),
        ("Host: node", "Comity-Purpose: border", "Accept: a\x01b"),
        ("Host: node", "Comity-Purpose: border", "Accept: a", " b"),
        ("Comity-Purpose: border", "Accept: *"),
    ],
)
def test_an_unusual_head_goes_the_usual_way(node: Node, headers: tuple[str, ...]) -> None:
    async def trial() -> int:
        async with opened(node) as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(door.request(json.dumps(MISS).encode(), *headers))
            await asyncio.wait_for(reader.read(1), 10)
            writer.close()
            return door.express.taken

    assert asyncio.run(trial()) == 0


def test_each_answer_leaves_one_line_in_the_log(node: Node) -> None:
    async def trial() -> None:
        async with opened(node) as door:
            requests = [door.request(json.dumps({**MISS, "id": str(place)}).encode()) for place in range(20)]
            await door.asked(*requests, answers=20)
            # Now and then one goes the usual way: the index is asked anew whether it is level.
            assert door.express.taken > 10

    before = lines_logged(node)
    asyncio.run(trial())
    # Beside them each of two bureaus made a key, and a check that proved it.
    assert lines_logged(node) - before == 20 + 2 * 2


def lines_logged(node: Node) -> int:
    """Return how many lines the log has."""
    node.desk.registry.settle()
    with node.desk.registry.read() as connection:
        return audit_log.size(connection)


def test_a_revoked_key_is_refused_from_then_on(node: Node) -> None:
    async def trial() -> list[bytes]:
        async with opened(node) as door:
            request = door.request(json.dumps(MISS).encode())
            first = await door.asked(request, request, answers=2)
            people.end_key(door.keys["fra"].split("_")[1], officer_named("fra", node.desk), node.desk)
            return [*first, *await door.asked(request)]

    first, second, last = asyncio.run(trial())
    assert (first, last[:12]) == (second, b"HTTP/1.1 401")


def test_where_nothing_can_be_logged_the_usual_way_says_so(node: Node) -> None:
    async def trial() -> list[bytes]:
        async with opened(node) as door:
            request = door.request(json.dumps(MISS).encode())
            door.express.is_full = True
            # The log takes lines again when the usual way asks: what counts is that it is asked, and answered once.
            return [*await door.asked_in_turn(request, request), b"%d" % door.express.taken]

    first, second, taken = asyncio.run(trial())
    assert (first, first[:12], taken) == (second, b"HTTP/1.1 200", b"2")


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_worker_with_too_many_connections_ends_one_with_its_answer(node: Node, *, is_plain: bool) -> None:
    """The answer says so, and comes whole; the other connections stay."""
    counts = np.zeros(8, dtype=np.int64)

    async def trial() -> tuple[bytes, bytes, int]:
        async with opened(node, share=Share(counts, 0)) as door:
            idle = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(6)]
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            body = MISS if is_plain else {**MISS, "number": ""}
            while len(door.state.connections) < 7:  # noqa: ASYNC110  # a server tells nobody of these
                await asyncio.sleep(0.01)
            await asyncio.sleep(2 * PAUSE_S)
            writer.write(door.request(json.dumps(body).encode()))
            answer = await door.answer(reader)
            rest = await asyncio.wait_for(reader.read(), 10)
            left = len(door.state.connections)
            for _, one in [*idle, (reader, writer)]:
                one.close()
            return answer, rest, left

    answer, rest, left = asyncio.run(trial())
    assert b"connection: close" in answer.split(b"\r\n\r\n")[0].lower().split(b"\r\n")
    assert b'"outcome":"no_hit"' in answer if is_plain else answer.startswith(b"HTTP/1.1 422")
    assert (rest, left) == (b"", 6)


def test_a_head_that_is_none_in_the_end_leaves_no_error_behind(node: Node) -> None:
    """An address that cannot be read ends a request before there is anything to answer."""
    counts, met = np.zeros(8, dtype=np.int64), list[dict[str, object]]()

    async def trial() -> bytes:
        async with opened(node, share=Share(counts, 0)) as door:
            asyncio.get_running_loop().set_exception_handler(lambda _loop, context: met.append(context))
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(b"GET http://a:99999999/ HTTP/1.1\r\nHost: node\r\n\r\n")
            answer = await asyncio.wait_for(reader.read(), 10)
            await asyncio.sleep(0.05)
            writer.close()
            return answer

    assert asyncio.run(trial()).startswith(b"HTTP/1.1 400")
    assert met == []


def test_what_was_asked_meanwhile_is_answered_before_a_connection_ends(node: Node) -> None:
    counts = np.zeros(8, dtype=np.int64)

    async def trial() -> list[bytes]:
        async with opened(node, share=Share(counts, 0)) as door:
            requests = [door.request(json.dumps({**MISS, "id": str(place)}).encode()) for place in range(3)]
            door.express.after_s = 0.1
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            for request in requests:
                writer.write(request)
                counts[0] = 100
                await asyncio.sleep(0.01)
            found = [await door.answer(reader) for _ in requests]
            writer.close()
            return found

    found = asyncio.run(trial())
    assert [json.loads(one.partition(b"\r\n\r\n")[2])["id"] for one in found] == ["0", "1", "2"]


def test_a_line_end_alone_keeps_no_connection_open(node: Node) -> None:
    """Neither after the shortest way nor after the usual one, and the check that comes then is answered."""

    async def trial(*, is_plain: bool, asks_again: bool) -> tuple[int, int, bytes]:
        async with opened(node) as door:
            plain = door.request(json.dumps(MISS).encode())
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(plain if is_plain else b"GET /healthz HTTP/1.1\r\nHost: node\r\n\r\n")
            await door.answer(reader)
            taken = door.express.taken
            writer.write(b"\r\n")
            await asyncio.sleep(0.05)
            again = b""
            if asks_again:
                writer.write(plain)
                again = await door.answer(reader)
            sweep(door.state, asyncio.get_running_loop().time() + 10)
            await asyncio.sleep(0.05)
            writer.close()
            return taken, len(door.state.connections), again[:12]

    for is_plain in (True, False):
        for asks_again, status in ((False, b""), (True, b"HTTP/1.1 200")):
            found = asyncio.run(trial(is_plain=is_plain, asks_again=asks_again))
            assert found == (int(is_plain), 0, status)


def test_a_server_that_ends_while_nothing_can_be_logged_answers_still(node: Node) -> None:
    async def trial() -> tuple[bytes, int]:
        async with opened(node) as door:
            door.express.is_full = True
            reader, writer = await door.ended_while_one_is_under_way()
            # However long the usual way takes, the client that waits is not cut.
            await asyncio.sleep(0)
            sweep(door.state, asyncio.get_running_loop().time() + 6)
            found = await reader.read()
            writer.close()
            return found, len(door.state.connections)

    found, left = asyncio.run(trial())
    assert (found[:12], left) == (b"HTTP/1.1 200", 0)


def test_a_client_that_leaves_while_its_answer_is_under_way_leaves_a_line_and_no_more(node: Node) -> None:
    async def trial() -> int:
        async with opened(node) as door:
            door.express.after_s = 0.1
            _reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(door.request(json.dumps(MISS).encode()))
            await door.express.until_taken()
            writer.transport.abort()
            await asyncio.sleep(0.3)
            return len(door.state.connections)

    before = lines_logged(node)
    assert asyncio.run(trial()) == 0
    assert lines_logged(node) - before == 1 + 2 * 2


def test_much_that_comes_while_an_answer_is_under_way_is_read_later_and_whole(node: Node) -> None:
    async def trial() -> int:
        async with opened(node) as door:
            door.express.after_s = 0.3
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            first, other = (door.request(json.dumps({**MISS, "id": one}).encode()) for one in ("a", "b"))
            writer.write(first)
            await door.express.until_taken()
            count = 2_000_000 // len(other)
            writer.write(other * count)
            found = [await door.answer(reader) for _ in range(50)]
            writer.transport.abort()
            return len(found)

    assert asyncio.run(trial()) == 50


def test_a_head_without_end_is_refused(node: Node) -> None:
    async def trial() -> int:
        async with opened(node) as door:
            _reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(b"GET /healthz HTTP/1.1\r\nHost: node\r\nX-Long: ")
            with suppress(ConnectionError):
                for _ in range(20):
                    writer.write(b"x" * 16_384)
                    await writer.drain()
                    await asyncio.sleep(0.02)
            left = len(door.state.connections)
            writer.close()
            return left

    assert asyncio.run(trial()) == 0


def test_an_idle_connection_is_closed_and_one_that_is_answered_is_not(node: Node) -> None:
    async def trial() -> tuple[int, int, bytes]:
        async with opened(node) as door:
            reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
            writer.write(door.request(json.dumps(MISS).encode()))
            await door.answer(reader)
            now = asyncio.get_running_loop().time()
            sweep(door.state, now + 1)
            await asyncio.sleep(0.01)
            open_still = len(door.state.connections)
            sweep(door.state, now + 10)
            await asyncio.sleep(0.01)
            left = len(door.state.connections)
            rest = await reader.read()
            writer.close()
            return open_still, left, rest

    assert asyncio.run(trial()) == (1, 0, b"")


def test_a_server_that_ends_lets_the_answer_leave_first(node: Node) -> None:
    async def trial() -> bytes:
        async with opened(node) as door:
            reader, writer = await door.ended_while_one_is_under_way()
            found = await reader.read()
            writer.close()
            return found

    assert b'"outcome":"no_hit"' in asyncio.run(trial())
