"""A check by name takes the shortest way as far as it can, and answers and logs as the usual way does."""

import asyncio
import json
import re
from collections.abc import Iterator

import pytest
from tests.journeys.express_door import MISS, lines_logged, node_with_both, opened

from comity.api import Process
from comity.api.elsewhere import Job
from comity.app import Node
from comity.cli.patience import Patient
from comity.errors import OverloadedError
from comity.procedures.weighing import Weighed
from comity.registry.group_commit import Waiting

HIT = re.compile(rb'"hit":"[^"]+"')


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with node_with_both(tmp_path_factory.mktemp("express") / "node") as node:
        yield node


def test_a_person_who_is_found_is_answered_the_shortest_way_as_the_usual_way_does(node: Node) -> None:
    """But for the hit that each of them opens, and its line is durable with the hit: none is logged apart."""
    asked = json.dumps({"kind": "person", "name": "Remifa Oldgrove", "id": "9"}).encode()

    async def answers(protocol: type[Patient] | None, key: str) -> tuple[bytes, int, int]:
        async with opened(node, protocol) as door:
            (found,) = await door.asked(door.request(asked, key=key))
            return *HIT.subn(b'"hit":""', found), door.express.taken

    shortest, usual = asyncio.run(answers(None, "fra")), asyncio.run(answers(Patient, "fra"))
    assert shortest == usual
    assert (b'"outcome":"hit"' in shortest[0], shortest[1:]) == (True, (1, 0))
    withheld, opened_count, taken = asyncio.run(answers(None, "grc"))
    assert (b'"outcome":"no_hit"' in withheld, opened_count, taken) == (True, 0, 1)


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
