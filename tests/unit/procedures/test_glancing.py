"""What a glance settles, many lines at a time, is what the complete way answers and logs, byte for byte."""

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.copies import copy_node

from comity.access.people import Officer
from comity.app import CLI_ACCOUNT, Node, open_node
from comity.audit.entries import decode
from comity.procedures.glancing import Glanced, Glancer, glance_at
from comity.procedures.sign_in import officer_named
from comity.procedures.submit import submit
from comity.procedures.weighing import Weighed, glance, weigh
from comity.records.fieldtype import Json
from comity.records.handling import Purpose

PASSPORT: dict[str, Json] = {"kind": "travel_document", "type": "P", "issuer": "EGY", "number": "A7654321"}
VEHICLE: dict[str, Json] = {"vin": "WVWZZZ1KZAW000123", "plate": "B-XY 1234", "country": "DEU"}


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    directory = tmp_path_factory.mktemp("glancing") / "node"
    copy_node(directory)
    with open_node(directory) as node:
        submit({**PASSPORT, "source_id": "one", "share": "all"}, asker(node), node.desk)
        submit({"kind": "firearm", "serial": "KX 11", "share": "all"}, asker(node), node.desk)
        submit({"kind": "vehicle", **VEHICLE, "share": "all"}, asker(node), node.desk)
        submit({"kind": "device", "imei": "490154203237518", "share": "all"}, asker(node), node.desk)
        yield node


def asker(node: Node) -> Officer:
    return officer_named(CLI_ACCOUNT, node.desk)


def glanced(node: Node, *lines: bytes) -> Glanced:
    node.desk.follower.catch_up()
    return glance_at(b"\n".join(lines), asker(node), Purpose.BORDER, node.desk)


def slow(node: Node, *lines: bytes) -> list[Weighed]:
    return weigh(lines, asker(node), Purpose.BORDER, node.desk)


def line(**fields: Json) -> bytes:
    return json.dumps(fields).encode()


def without_chance(entry: bytes) -> bytes:
    """Return an entry without its nonce and its moment, which no two entries share."""
    return re.sub(rb'"(?:nonce|at)":"[^"]*"', b"", entry)


def assert_same(node: Node, lines: list[bytes]) -> None:
    at_once, one_by_one = glanced(node, *lines), slow(node, *lines)
    settled = [place for place in range(len(lines)) if place not in set(at_once.left)]
    entries = at_once.entries.split(b"\n")[:-1]
    answers = at_once.with_answers([one_by_one[place].answer for place in at_once.left]).split(b"\n")[:-1]
    assert answers == [one.answer for one in one_by_one]
    assert [*map(without_chance, entries)] == [without_chance(one_by_one[place].entry) for place in settled]


def test_plain_checks_are_settled(node: Node) -> None:
    made = glanced(node, line(**{**PASSPORT, "number": "Z1"}), line(kind="firearm", serial="Z-2"))
    assert (made.left, made.counts) == ([], {"travel_document": 1, "firearm": 1})


@pytest.mark.parametrize(
    "asked",
    [
        PASSPORT,
        {**PASSPORT, "number": "a-765 4321"},
        {**PASSPORT, "number": "Ａ７６５４３２１"},
        {**PASSPORT, "purpose": "road"},
        {**PASSPORT, "name": "Ana Pérez"},
        {**PASSPORT, "born": "1970"},
        {**PASSPORT, "limit": 3},
        {**PASSPORT, "issuer": "XQX"},
        {**PASSPORT, "nonsense": "x"},
        {**PASSPORT, "number": "x" * 61},
        {**PASSPORT, "number": "  "},
        {**PASSPORT, "id": ""},
        {"kind": "travel_document", "issuer": "EGY"},
        {"kind": "person", "name": "Ana"},
        {"kind": "no-kind", "number": "Z1"},
        {"number": "Z1"},
    ],
)
def test_what_is_not_plain_or_finds_something_is_left(node: Node, asked: dict[str, Json]) -> None:
    assert glanced(node, line(**asked)).left == [0]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"null",
        b"[1]",
        b'{"kind":"firearm","serial":"Z1"',
        b'{"kind":"firearm","serial":"Z1"}}',
        b'{"kind":"firearm","serial":"Z1",}',
        b'{"kind":"firearm","serial":"Z1","serial":"Z2"}',
        b'{"kind":"firearm","serial":"Z\\u0031"}',
        b'{"kind":"firearm","serial":"Z1\x7f"}',
        b'{"kind":"firearm","serial":null}',
        b'{"kind":"firearm" "serial":"Z1"}',
        b'\xef\xbb\xbf{"kind":"firearm","serial":"Z1"}',
        b" " * 70_000 + b'{"kind":"firearm","serial":"Z1"}',
    ],
)
def test_a_line_of_another_form_is_left(node: Node, text: bytes) -> None:
    assert glanced(node, text, line(kind="firearm", serial="Z9")).left == ([0] if text.strip() else [])


@pytest.mark.parametrize(
    "asked",
    [
        {"vin": "WVWZZZ1KZAW000999"},
        {"vin": "wvw zzz-1kz.aw000999"},
        {"vin": "1M8GDM9AXKP042788"},
        {"vin": "1M8GDM9A1KP042788"},
        {"vin": "LFV2A21K0A4000001"},
        {"vin": "IOQZZZ1KZAW000999"},
        {"vin": "12345"},
        {"plate": "B-MW 999", "country": "DEU"},
        {"plate": "X" * 24},
        {"vin": "WVWZZZ1KZAW000999", "plate": "B-MW 999", "make": "VW", "model": " Golf ", "colour": "red"},
        {"plate": "B-MW 999", "type": "x" * 300},
    ],
)
def test_a_vehicle_is_settled_alone_and_among_others(node: Node, asked: dict[str, Json]) -> None:
    assert_settled(node, line(kind="vehicle", id="q", **asked))


@pytest.mark.parametrize(
    "imei", ["49015420323799", "490154203237526", "490154203237527", "4901542032375299", "35-999900-999999-9"]
)
def test_a_device_is_settled_alone_and_among_others(node: Node, imei: str) -> None:
    assert_settled(node, line(kind="device", id="q", imei=imei, make="Nokia"))


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "vehicle", **VEHICLE},
        {"kind": "vehicle", "vin": "ZZZZZZ1KZAW000999", "plate": "bxy1234"},
        {"kind": "vehicle", "vin": "WVWZZZIKZAWOOQ123"},
        {"kind": "vehicle", "vin": "1234"},
        {"kind": "vehicle", "vin": "WVWZZZ1KZAW0001234"},
        {"kind": "vehicle", "plate": "X" * 25},
        {"kind": "vehicle", "plate": "к123мо77"},
        {"kind": "vehicle", "plate": "B-MW 999", "year": 2019},
        {"kind": "vehicle", "plate": "B-MW 999", "make": " "},
        {"kind": "vehicle", "plate": "B-MW 999", "make": "x" * 301},
        {"kind": "vehicle", "make": "VW"},
        {"kind": "device", "imei": "490154203237518"},
        {"kind": "device", "imei": "4901542032375199"},
        {"kind": "device", "imei": "4901542032375"},
        {"kind": "device", "imei": "49015420323751A"},
        {"kind": "device", "imei": "49015420323751888"},
    ],
)
def test_a_vehicle_or_device_that_is_held_or_not_plain_is_left(node: Node, asked: dict[str, Json]) -> None:
    node.desk.follower.catch_up()
    alone = Glancer().glance(line(**asked), asker(node), Purpose.BORDER, node.desk)
    assert (alone, glanced(node, line(**asked)).left) == (None, [0])


def assert_settled(node: Node, asked: bytes) -> None:
    """Settled at once, and to the same bytes as by the complete way."""
    made = glanced(node, asked, asked)
    alone = Glancer().glance(asked, asker(node), Purpose.BORDER, node.desk)
    (complete,) = slow(node, asked)
    assert alone is not None
    assert (made.left, made.answers) == ([], 2 * (complete.answer + b"\n"))
    assert (alone[1], without_chance(alone[2])) == (complete.answer, without_chance(complete.entry))


def test_answers_stand_in_the_order_of_the_lines(node: Node) -> None:
    lines = [
        line(**PASSPORT, id="0"),
        line(kind="firearm", serial="Z", id="1"),
        b"?",
        line(kind="firearm", serial="Y", id="3"),
    ]
    shown = glanced(node, *lines).with_answers([b'{"id":"0"}', b'{"id":"2"}']).split(b"\n")[:-1]
    assert [json.loads(one)["id"] for one in shown] == ["0", "1", "2", "3"]


def test_an_entry_made_at_a_glance_is_in_the_one_form(node: Node) -> None:
    entry = decode(glanced(node, line(kind="firearm", serial="Z 1/2", id="q")).entries[:-1])
    assert entry.query == {"id": "q", "kind": "firearm", "serial": "Z 1/2"}


def test_no_two_entries_share_a_nonce(node: Node) -> None:
    entries = glanced(node, *[line(kind="firearm", serial=f"Z{place}") for place in range(500)]).entries
    assert len(set(re.findall(rb'"nonce":"([^"]*)"', entries))) == 500


def test_a_check_alone_is_glanced_at_as_among_others(node: Node) -> None:
    asked = line(kind="firearm", serial="Z 1/2", id="q")
    alone = glance(asked, asker(node), Purpose.BORDER, node.desk)
    assert alone is not None
    assert alone.answer + b"\n" == glanced(node, asked).answers


def test_a_single_plain_check_is_answered_as_the_complete_way_does(node: Node) -> None:
    asked = line(kind="firearm", serial="Z 1/2", id="q")
    node.desk.follower.catch_up()
    made = Glancer().glance(asked, asker(node), Purpose.BORDER, node.desk)
    (complete,) = slow(node, asked)
    assert made is not None
    assert (made[0], made[1], without_chance(made[2])) == (
        "firearm",
        complete.answer,
        without_chance(complete.entry),
    )


@pytest.mark.parametrize("asked", [line(**PASSPORT), b"", b"?", line(kind="person", name="Ana"), b"x" * 2000])
def test_a_single_check_that_is_not_plain_or_finds_something_is_left(node: Node, asked: bytes) -> None:
    node.desk.follower.catch_up()
    assert Glancer().glance(asked, asker(node), Purpose.BORDER, node.desk) is None


MARKS = st.text(st.sampled_from(" -./"), max_size=2)
VINS = st.text(st.sampled_from("0123459AZLXQIOjk"), min_size=4, max_size=18)
VINS |= st.tuples(
    st.sampled_from("15LWZ"), st.text(st.sampled_from("0123456789XA"), min_size=16, max_size=16)
).map("".join)
IMEIS = st.text(st.sampled_from("0123456789"), min_size=13, max_size=17)
NUMBERS = st.tuples(MARKS, st.one_of(VINS, IMEIS, st.sampled_from([*VEHICLE.values()])), MARKS).map(
    lambda parts: "".join(map(str, parts))
)
VALUES = st.one_of(
    NUMBERS,
    st.text(st.sampled_from('AZaz09 -/.,OI1"\\é\x7f\n'), max_size=8),
    st.sampled_from(["P", "EGY", "FRA", "XX", "A7654321", "KX 11", "X" * 61]),
    st.none(),
    st.integers(0, 9),
)
QUERIES = st.dictionaries(
    st.sampled_from(
        [
            *("id", "number", "type", "issuer", "serial", "name", "country", "nationality"),
            *("vin", "plate", "engine", "make", "year", "imei", "phone"),
        ]
    ),
    VALUES,
    max_size=4,
)
THINGS = st.one_of(
    st.tuples(
        st.just("vehicle"),
        st.fixed_dictionaries(
            {}, optional={"vin": NUMBERS, "plate": NUMBERS, "make": VALUES, "engine": NUMBERS}
        ),
    ),
    st.tuples(st.just("device"), st.fixed_dictionaries({"imei": NUMBERS}, optional={"serial": NUMBERS})),
)
KINDS = st.sampled_from(
    ["travel_document", "administrative_document", "firearm", "device", "vehicle", "vessel", "x"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KINDS, QUERIES), min_size=1, max_size=6))
def test_at_a_glance_as_by_the_complete_way(node: Node, asked: list[tuple[str, dict[str, Json]]]) -> None:
    assert_same(node, [line(kind=kind, **query) for kind, query in asked])


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(THINGS, min_size=1, max_size=8))
def test_vehicles_and_devices_at_a_glance_as_by_the_complete_way(
    node: Node, asked: list[tuple[str, dict[str, Json]]]
) -> None:
    assert_same(node, [line(kind=kind, **query) for kind, query in asked])


@pytest.mark.parametrize("odd", [b'"', b"\\", b"\x00", b"\x1f", b"\x7f", b"\xc3\xa9", b"\n", b" ", b"~"])
def test_a_character_is_met_wherever_it_stands_in_a_value(node: Node, odd: bytes) -> None:
    texts = [b"A" * place + odd + b"B" * (20 - place) for place in range(21)]
    lines = [b'{"kind":"firearm","serial":"Z","id":"%b"}' % text for text in texts]
    for one in b"\n".join(lines).split(b"\n"):
        assert_alike(node, one)


FORMS = [
    b'{"kind":"firearm","serial":"Z1"}',
    b'{"serial":"Z2","kind":"firearm"}',
    b' { "kind" : "firearm" ,\t"serial" : "Z3" } \r',
    b'{"kind":"firearm","serial":"Z4","id":"4"}',
    b'{"kind":"travel_document","number":"Z5","issuer":"EGY","type":"P"}',
    b'{"kind":"travel_document","number":"Z6","issuer":"FRA","type":"P"}x',
    b'{"kind":"travel_document","number":"Z7","issuer":"EG"}',
    b'{"kind":"vehicle","plate":"B-MW 999","country":"DEU"}',
    b'{"kind":"vehicle","vin":"12345"}',
    b'{"kind":"device","imei":"490154203237527"}',
    b'{"kindx":"firearm","serial":"Z8"}',
    b'{"kin":"firearm","serial":"Z8"}',
    b"\x0b",
    b"{",
    b"?",
]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(FORMS), min_size=1, max_size=12))
def test_what_a_line_is_does_not_depend_on_the_one_before(node: Node, lines: list[bytes]) -> None:
    many = glanced(node, *lines)
    alone = [glanced(node, one) for one in lines]
    assert many.answers == b"".join(one.answers for one in alone)
    assert without_chance(many.entries) == b"".join(without_chance(one.entries) for one in alone)
    assert many.left_of(b"\n".join(lines)) == [
        kept for one in lines for kept in glanced(node, one).left_of(one)
    ]


@pytest.mark.parametrize(("length", "left"), [(65_536, 0), (65_537, 1)])
def test_a_line_is_settled_up_to_its_greatest_length(node: Node, length: int, left: int) -> None:
    begun = b'{"kind":"firearm","serial":"Z1"'
    asked = begun + b" " * (length - len(begun) - 1) + b"}"
    assert len(glanced(node, asked, b"?").left) == left + 1


def assert_alike(node: Node, asked: bytes) -> None:
    """Answered and logged as by the complete way, where it is settled."""
    made = glanced(node, asked, asked)
    if asked.strip() and not made.left:
        (complete,) = slow(node, asked)
        assert made.answers == 2 * (complete.answer + b"\n")
        assert without_chance(made.entries) == 2 * (without_chance(complete.entry) + b"\n")
