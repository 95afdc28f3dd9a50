"""Checks that begin to wait many at a time wait for the same, and as long, as those read one by one."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from tests.copies import copy_node

from comity.access.acts import Act
from comity.app import Node, open_node
from comity.audit.entries import Entry
from comity.procedures import waiting_checks
from comity.procedures.glancing import Read
from comity.procedures.waiting_checks import gather_checks
from comity.records.fieldtype import Json
from comity.records.handling import Purpose
from comity.registry import duties, positions
from comity.registry.duties import Duty
from comity.registry.earlier import ANSWERED, EARLIER
from comity.registry.keyed import KeyedDigests

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
DUTY = Duty("FRA", days={"border": 1, "road": 0, "analysis": 2}, kinds={"vehicle": 9, "person": 0})

NUMBERS = st.text(st.sampled_from("AZaz019 -./"), min_size=1, max_size=12)
ODD = st.one_of(
    st.text(st.sampled_from('AZ09 ,"\\éس{}:'), max_size=9),
    st.sampled_from(["P", "EGY", "XX", "Ana Pérez", "محمد علي", "X" * 61, '"kind":']),
    st.none(),
    st.integers(0, 9),
    st.lists(st.text(max_size=2), max_size=2),
    st.dictionaries(st.sampled_from(["kind", "number"]), st.just("vehicle"), max_size=1),
)
PLAIN = st.one_of(
    st.fixed_dictionaries(
        {"kind": st.just("travel_document"), "number": NUMBERS},
        optional={"id": NUMBERS, "type": st.just("P"), "issuer": st.just("EGY")},
    ),
    st.fixed_dictionaries(
        {"kind": st.just("vehicle")}, optional={"vin": NUMBERS, "plate": NUMBERS, "engine": NUMBERS}
    ),
    st.fixed_dictionaries({"kind": st.just("firearm"), "serial": NUMBERS}),
    st.fixed_dictionaries({"kind": st.just("person"), "name": st.sampled_from(["Ana Pérez", "Omar", "-"])}),
)
AGES = st.integers(-10, 3).map(lambda days: 24 * days) | st.integers(-24 * 35, 24 * 3)
NAMES = ("id", "kind", "type", "issuer", "number", "vin", "plate", "serial", "name", "limit", "purpose")
QUERIES = st.one_of(PLAIN, st.dictionaries(st.sampled_from(NAMES), ODD | NUMBERS, max_size=4))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    query: dict[str, Json] = dict(draw(QUERIES))
    kind = query.get("kind")
    if draw(st.integers(0, 3)) == 0:  # as a partner's line, which states the kind beside the query
        query.pop("kind", None)
    return Entry(
        at=NOW + timedelta(hours=draw(AGES)),
        act=draw(st.sampled_from([Act.CHECK.value] * 4 + [Act.PARTNER_CHECK.value, Act.NODE_OPERATE.value])),
        account="x",
        bureau=draw(st.sampled_from(["FRA", "EGY"])),
        outcome=draw(st.sampled_from([*ANSWERED, "no_hit", "no_hit", "invalid"])),
        door="http",
        nonce=bytes(16),
        purpose=draw(st.sampled_from([None, *Purpose])),
        kind=draw(st.sampled_from([kind, kind, None, "vehicle", 'x"'])) if isinstance(kind, str) else None,
        query=query,
    )


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    directory = tmp_path_factory.mktemp("waiting") / "node"
    copy_node(directory)
    with open_node(directory) as opened, pytest.MonkeyPatch.context() as patched:
        patched.setattr(waiting_checks, "AT_ONCE_MIN", 0)
        with opened.desk.registry.write() as connection:
            duties.set_duty(connection, DUTY, "x", NOW)
        yield replace(opened, desk=replace(opened.desk, clock=lambda: NOW))


def gathered(node: Node, start: int) -> tuple[int, list[tuple[object, ...]]]:
    """Return how many lines from this one on begin to wait, and the runs that this makes of nothing."""
    with node.desk.registry.quietly() as connection:
        connection.execute(delete(EARLIER))
        positions.move(connection, positions.LOG_TO_CHECKS, start)
    count = gather_checks(node.desk)
    with node.desk.registry.read() as connection:
        return count, [tuple(row) for row in connection.execute(select(EARLIER).order_by(EARLIER.c.run))]


def nothing_plain(data: bytes) -> Read:
    return Read([None] * len(data.splitlines()), [], np.zeros(0, np.int64))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(entries(), min_size=1, max_size=8))
def test_many_at_a_time_wait_as_one_by_one(node: Node, asked: list[Entry]) -> None:
    with node.desk.registry.quietly() as connection:
        start = node.desk.registry.append_all(connection, asked).start
    at_once = gathered(node, start)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(waiting_checks, "read_plain", nothing_plain)
        assert at_once == gathered(node, start)


@pytest.mark.parametrize(
    ("query", "is_plain"),
    [
        ({"kind": "travel_document", "number": "Z1", "type": "P", "issuer": "EGY"}, True),
        ({"kind": "vehicle", "plate": "QX 417"}, True),
        ({"kind": "person", "name": "Ana"}, False),
    ],
)
def test_checks_by_number_are_not_read_one_by_one(
    node: Node, monkeypatch: pytest.MonkeyPatch, query: dict[str, str], is_plain: bool
) -> None:
    entry = Entry(
        at=NOW, act=Act.CHECK.value, account="x", bureau="EGY", outcome="no_hit", door="http", nonce=bytes(16),
        purpose="border", kind=query["kind"], query=query,
    )  # fmt: skip
    with node.desk.registry.quietly() as connection:
        start = node.desk.registry.append_all(connection, [entry]).start
    read = list[object]()
    monkeypatch.setattr(waiting_checks, "check_stated", read.append)
    counted, rows = gathered(node, start)
    assert (counted, len(rows), read == []) == ((1, 1, True) if is_plain else (0, 0, False))


def test_few_checks_load_no_compiled_code(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_checks, "AT_ONCE_MIN", 3)
    loaded = list[int]()
    monkeypatch.setattr(
        waiting_checks,
        "read_plain",
        lambda data: (loaded.append(len(data.splitlines())), nothing_plain(data))[1],
    )
    entry = Entry(
        at=NOW, act=Act.CHECK.value, account="x", bureau="EGY", outcome="no_hit", door="http", nonce=bytes(16)
    )
    with node.desk.registry.quietly() as connection:
        start = node.desk.registry.append_all(connection, [entry] * 3).start
    gathered(node, start)
    gathered(node, start + 1)
    assert loaded == [3]


@given(st.binary(max_size=200), st.lists(st.binary(max_size=200), max_size=5))
def test_digests_under_a_key_are_those_of_the_standard(key: bytes, messages: list[bytes]) -> None:
    made = [digest(key, one, sha256) for one in messages]
    keyed = KeyedDigests(key)
    assert [keyed.digest(one) for one in messages] == made
    numbers = [int.from_bytes(one[13:21]) >> 1 for one in made]
    assert [keyed.number(one) for one in messages] == keyed.numbers(messages).tolist() == numbers
