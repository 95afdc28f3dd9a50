"""The shortest way of a check, from bytes to bytes, answers and logs as the usual way does, in order, and ends well."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress

import numpy as np
import pytest
from tests.journeys.express_door import HEADERS, MISS, PASSPORT, lines_logged, node_with_both, opened

from comity.app import Node
from comity.cli.evenness import PAUSE_S, Share
from comity.cli.patience import Patient, sweep
from comity.procedures import people
from comity.procedures.sign_in import officer_named
from comity.records.fieldtype import Json


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node_with_both(tmp_path_factory.mktemp("express") / "node") as node:
        yield node


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


@pytest.mark.parametrize("header", ["Idempotency-Key: a", "X-Request-ID: a"])
def test_a_header_that_says_nothing_of_a_check_keeps_the_shortest_way(node: Node, header: str) -> None:
    async def trial() -> int:
        async with opened(node) as door:
            await door.asked(door.request(json.dumps(MISS).encode(), *HEADERS, header))
            return door.express.taken

    assert asyncio.run(trial()) == 1


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
