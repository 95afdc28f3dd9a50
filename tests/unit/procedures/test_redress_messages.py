"""A controller is shown the likeliest messages, the same ones whether all were read or not."""

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection
from tests.unit.procedures.bureaus import bureaus, officer

from comity.access.roles import role_named
from comity.app import SECRETARIAT, Node
from comity.errors import ConflictError
from comity.procedures import redress_find, redress_messages, redress_words
from comity.procedures.desk import Desk
from comity.procedures.message_keys import keep_within
from comity.procedures.redress import Request, open_case
from comity.procedures.redress_messages import search_messages
from comity.procedures.redress_words import Among, Sought
from comity.records.check import parse_check
from comity.records.messages.message import parse_content, parse_header
from comity.records.record import Record
from comity.registry import accounts
from comity.registry.accounts import Account
from comity.registry.messages import MESSAGES
from comity.registry.messages_held import MessageText

NAME = "Ferhat Dalamanoglu"
HEADER = parse_header({"to": ["EGY"], "purpose": "investigation"}).to_bytes()
# The letters of the last but one run together as the name's do; only reading tells that it is not there.
TEXTS = (f"About {NAME}.", "About nobody.", "About Ferhat.", "Ferhata Dalamanoglux.", "See ID-OF-RECORD.")
COUNT = 300


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with bureaus(tmp_path) as opened:
        yield opened


def fill(connection: Connection, seed: int) -> None:
    """Write messages of all sorts, three to a thread, a quarter of them sealed, under identifiers in no order."""
    chosen = random.Random(seed)
    rows: list[dict[str, object]] = []
    for number in range(1, COUNT + 1):
        is_sealed = chosen.random() < 0.25
        content = parse_content({"subject": "A file", "text": chosen.choice(TEXTS)})
        rows.append(
            {
                "number": number,
                "public_id": f"{chosen.getrandbits(80):020X}",
                "thread": f"T{number // 3}",
                "author": "FRA",
                "account": "fra-registrar",
                "at": datetime(2026, 3, 1, tzinfo=UTC),
                "header": HEADER,
                "envelope": f"E{number}" if is_sealed else None,
                "body": b"sealed" if is_sealed else content.to_bytes(),
            }
        )
    connection.execute(MESSAGES.insert(), rows)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("limit", "threads_max"), [(1, 1000), (7, 1000), (40, 1000), (1, 45), (7, 45), (40, 45)]
)
def test_passing_messages_over_changes_nothing(
    node: Node, monkeypatch: pytest.MonkeyPatch, seed: int, limit: int, threads_max: int
) -> None:
    with node.desk.registry.write() as connection:
        fill(connection, seed)
    monkeypatch.setattr(redress_messages, "AT_ONCE", 10)
    sought = Sought(parse_check({"kind": "person", "name": NAME}), ["ID-OF-RECORD"])
    with node.desk.registry.read() as connection:
        monkeypatch.setattr(redress_messages, "THREADS_MAX", threads_max)
        some = search_messages(sought, limit, connection, node.desk)
        monkeypatch.setattr(redress_messages, "THREADS_MAX", 1000)
        every = search_messages(sought, COUNT, connection, node.desk)
        ids = dict(
            connection.execute(
                MESSAGES.select().with_only_columns(MESSAGES.c.number, MESSAGES.c.public_id)
            ).all()
        )
    ranked = sorted(every, key=lambda number: (-every[number][0], ids[number]))
    assert [*some.items()] == [(number, every[number]) for number in ranked[:limit]]


def test_few_are_read_where_all_name_the_person(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.unit.procedures.test_redress_messages.TEXTS", TEXTS[:1])
    with node.desk.registry.write() as connection:
        fill(connection, 1)
    read: list[int] = []
    found_in = redress_messages.found_in

    def counting(
        messages: Sequence[MessageText], sought: Sought, among: Among, desk: Desk
    ) -> Iterator[tuple[MessageText, float, str]]:
        read.extend(one.number for one in messages)
        return found_in(messages, sought, among, desk)

    monkeypatch.setattr(redress_messages, "found_in", counting)
    monkeypatch.setattr(redress_messages, "AT_ONCE", 10)
    with node.desk.registry.read() as connection:
        found = search_messages(
            Sought(parse_check({"kind": "person", "name": NAME}), []), 5, connection, node.desk
        )
    assert (len(found), len(read) < COUNT / 4) == (5, True)


def test_keys_are_made_a_part_at_a_time(node: Node) -> None:
    with node.desk.registry.write() as connection:
        fill(connection, 1)
    parts = [keep_within(node.desk, 0.0) for _ in range(3)]
    assert [(one.count, one.is_all) for one in parts] == [(128, False), (256, True), (256, True)]


def test_a_search_before_all_keys_are_made_says_so_and_goes_on_from_there(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redress_find, "KEEP_WITHIN_S", 0.0)
    with node.desk.registry.write() as connection:
        fill(connection, 1)
    with node.desk.registry.write() as connection:
        account = Account("ccf", SECRETARIAT, role_named("controller"))
        accounts.add_account(connection, account, node.desk.clock())
    controller = officer(node, "ccf")
    case = open_case(Request("deletion", {"name": NAME}, "Please.", ""), controller, node.desk).ref
    query = {"kind": "person", "name": NAME}
    with pytest.raises(ConflictError) as early:
        redress_find.find(case, query, controller, node.desk)
    found = redress_find.find(case, query, controller, node.desk)
    assert (early.value.rule, len(found) > 0) == ("messages-not-ready", True)


def test_of_many_phrases_those_are_read_whose_names_sound_alike(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def phrased(name: str) -> bytes:
        return parse_content({"phrase": {"code": "locate-person", "values": {"name": name}}}).to_bytes()

    names = [
        "Farhad Dalamanoglu",
        "Li",
        *(f"Zoltan Quill{letters}" for letters in ("feather", "more", "dane")),
    ]
    with node.desk.registry.write() as connection:
        fill(connection, 1)
        for number, name in enumerate(names, 1):
            connection.execute(
                MESSAGES.update().where(MESSAGES.c.number == number).values(body=phrased(name), envelope=None)
            )
    read: list[int] = []
    what_it_says = redress_words.what_it_says

    def counting(message: MessageText) -> tuple[list[str], list[Record]]:
        read.append(message.number)
        return what_it_says(message)

    keep_within(node.desk, 60.0)
    monkeypatch.setattr(redress_words, "what_it_says", counting)
    with node.desk.registry.read() as connection:
        asked = parse_check({"kind": "person", "name": "Ferhat Dalamanoglou"})
        found = search_messages(Sought(asked, []), 5, connection, node.desk)
    by = {number: how for number, (_, how) in found.items() if number <= len(names)}
    assert (by, {*read} & {*range(1, len(names) + 1)}) == ({1: "likeness"}, {1, 2})
