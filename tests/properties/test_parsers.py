"""Whatever is read, from a request, a command or a list, gives a value or a fault with a stable code and a field.

Ten thousand arbitrary inputs for each parser, twenty an example; each mixes what is well formed with what is not. Two
thousand more are drawn by strategies of Hypothesis.
"""

import re
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.properties.many import BY_HYPOTHESIS, MANY, Drawn, several, several_by_hypothesis

from comity.api.requests import decoded
from comity.errors import MalformedError
from comity.records.check import parse_check
from comity.records.fieldtype import Json
from comity.records.handling import (
    Share,
    bureau_code,
    parse_handling,
    parse_purpose,
    parse_purposes,
    parse_share,
    parse_share_option,
)
from comity.records.kinds import KINDS, kind_named
from comity.records.record import FRAME_FIELDS, parse_notice, parse_record
from comity.sources import READERS
from comity.sources.rows import SourceRow

pytestmark = pytest.mark.slow

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KNOWN = [
    *(
        "all",
        "owner",
        "only",
        "except",
        "only:FRA,EGY",
        "except:",
        "FRA",
        "fra ",
        "ЕGY",
        "full",
        "pointer",
    ),
    *(
        "border",
        "wanted",
        "2024-05-01",
        "2024-02-30",
        "A1",
        "H3",
        "H9",
        "person",
        "vehicle",
        "red",
        "RED",
    ),
    *("A1234567", "1970", "M", "\x00", "\ud800", "﷽", "İ", "1" * 5000),
]
WORDS = st.one_of(st.text(max_size=20), st.sampled_from(KNOWN))
SCALARS: st.SearchStrategy[Json] = st.one_of(
    WORDS,
    WORDS,
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([10**400, -1, 0]),
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["only", "except", "name", "type", "number"]) | WORDS, inner, max_size=3
        )
    ),
    max_leaves=5,
)


def names_of(*more: str) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted({*FRAME_FIELDS, *more})) | WORDS


QUERY_NAMES = {question.name for kind in KINDS.values() for question in kind.questions}
FIELD_NAMES = {field.name for kind in KINDS.values() for field in kind.fields}
EXAMPLES = [{**example, "kind": kind.code} for kind in KINDS.values() for example in kind.examples]
OWN_NAMES = ("id", "limit", "floor", "purpose", "mrz", *QUERY_NAMES, *FIELD_NAMES)
FIELDS = st.dictionaries(names_of(*OWN_NAMES), VALUES, max_size=4)
NAMES = sorted({*FRAME_FIELDS, *OWN_NAMES})
INNER_NAMES = ("only", "except", "name", "type", "number")


def value(drawn: Drawn) -> Json:
    return cast("Json", drawn.value(KNOWN, INNER_NAMES))


def fault_of(parse: Callable[[], object]) -> MalformedError | None:
    """Return the fault that parsing ends with, if any; anything else that is raised fails the test."""
    try:
        parse()
    except MalformedError as error:
        return error
    return None


def assert_named(fault: MalformedError | None) -> None:
    """The fault, if any, has a code that a phrase can be found for, and names a field of bounded length.

    A field of an empty name can be sent, and is then told of by it.
    """
    if fault is not None:
        assert CODE.fullmatch(fault.code), fault.code
        assert len(fault.field) <= 260, fault.field


HANDLING: dict[str, Callable[[Json], object]] = {
    "share": parse_share,
    "purposes": parse_purposes,
    "purpose": parse_purpose,
    "bureau": lambda value: bureau_code(value, "owner"),
    "notice": parse_notice,
    "kind": kind_named,
}


def assert_any_word_of_a_frame_is_read_or_told_of(values: list[Json]) -> None:
    # One draw goes through every parser: the drawing costs more than the parsing.
    for value, parse in product(values, HANDLING.values()):
        assert_named(fault_of(partial(parse, value)))


@MANY
@given(several(value))
def test_any_word_of_a_frame_is_read_or_told_of(values: list[Json]) -> None:
    assert_any_word_of_a_frame_is_read_or_told_of(values)


@BY_HYPOTHESIS
@given(several_by_hypothesis(VALUES))
def test_any_word_of_a_frame_is_read_or_told_of_by_hypothesis(values: list[Json]) -> None:
    assert_any_word_of_a_frame_is_read_or_told_of(values)


def typed(drawn: Drawn) -> str:
    kind = drawn.number(3)
    if kind == 0:
        return drawn.text(30, KNOWN)
    return ":,"[kind - 1].join(drawn.some(lambda: drawn.text(20, KNOWN), 4))


TYPED = (
    st.text(max_size=30)
    | st.lists(WORDS, max_size=4).map(":".join)
    | st.lists(WORDS, max_size=4).map(",".join)
)


def assert_any_sharing_typed_at_the_command_line_is_read_or_told_of(texts: list[str]) -> None:
    for text in texts:
        assert_named(fault_of(partial(parse_share_option, text)))


@MANY
@given(several(typed))
def test_any_sharing_typed_at_the_command_line_is_read_or_told_of(texts: list[str]) -> None:
    assert_any_sharing_typed_at_the_command_line_is_read_or_told_of(texts)


@BY_HYPOTHESIS
@given(several_by_hypothesis(TYPED))
def test_any_sharing_typed_at_the_command_line_is_read_or_told_of_by_hypothesis(texts: list[str]) -> None:
    assert_any_sharing_typed_at_the_command_line_is_read_or_told_of(texts)


def over_an_example(drawn: Drawn) -> tuple[dict[str, Json], Json]:
    example = drawn.one_of(EXAMPLES)
    if drawn.number(2):
        return example, value(drawn)
    return example, cast("Json", drawn.fields(NAMES, KNOWN, INNER_NAMES, 4))


def assert_any_query_record_or_frame_is_read_or_told_of(drawn: list[tuple[dict[str, Json], Json]]) -> None:
    # Fields of an arbitrary kind, alone and over a sound record; or what is no object at all.
    for example, fields in drawn:
        query = {**fields, "kind": example["kind"]} if isinstance(fields, dict) else fields
        record = {**example, **fields} if isinstance(fields, dict) else fields
        assert_named(fault_of(partial(parse_check, query)))
        assert_named(fault_of(partial(parse_record, record, Share(), default_id="x")))
        if isinstance(fields, dict):
            assert_named(fault_of(partial(parse_handling, fields, Share())))


@MANY
@given(several(over_an_example, 120))
def test_any_query_record_or_frame_is_read_or_told_of(drawn: list[tuple[dict[str, Json], Json]]) -> None:
    assert_any_query_record_or_frame_is_read_or_told_of(drawn)


@BY_HYPOTHESIS
@given(several_by_hypothesis(st.tuples(st.sampled_from(EXAMPLES), VALUES | FIELDS)))
def test_any_query_record_or_frame_is_read_or_told_of_by_hypothesis(
    drawn: list[tuple[dict[str, Json], Json]],
) -> None:
    assert_any_query_record_or_frame_is_read_or_told_of(drawn)


PLAIN = [b"[" * 100_000, b"1e999", b"-", b'"\\ud800"', b"\xff", b"{}"]
BODIES = st.binary(max_size=60) | st.sampled_from(PLAIN)


def body(drawn: Drawn) -> bytes:
    parts = 1 + drawn.number(2)
    return b"".join(drawn.raw(60) if drawn.number(2) else drawn.one_of(PLAIN) for _ in range(parts))


def assert_any_body_is_read_or_told_of(bodies: list[bytes]) -> None:
    for body in bodies:
        assert_named(fault_of(partial(decoded, body)))


@MANY
@given(several(body))
def test_any_body_is_read_or_told_of(bodies: list[bytes]) -> None:
    assert_any_body_is_read_or_told_of(bodies)


@BY_HYPOTHESIS
@given(several_by_hypothesis(BODIES | st.tuples(BODIES, BODIES).map(b"".join)))
def test_any_body_is_read_or_told_of_by_hypothesis(bodies: list[bytes]) -> None:
    assert_any_body_is_read_or_told_of(bodies)


PIECES: dict[str, tuple[bytes, ...]] = {
    "eu": (
        b"recordId,name,alias,birthDate,passportNumber,schema\n",
        b"1,Tern,x; y,1970-01-01,A1 (fra),",
        b"person\n",
    ),
    "interpol": (
        b'{"entity_id":"1/2","name":"TERN"}',
        b"\n",
        b'{"_embedded":{"notices":[',
        b"]}}",
        b"entity_id,name\n",
    ),
    "jsonl": (b'{"kind":"person","source_id":"1"}', b"\n", b"[", b"null", b'{"kind":'),
    "ofac": (
        b'1,"TERN","individual","A","B",-0-,-0-,-0-,-0-,-0-,-0-,"DOB 1970; Passport A1 (Iran)."',
        b"\n",
        b'"',
        b",",
    ),
    "un": (
        *(
            b"<CONSOLIDATED_LIST><INDIVIDUALS>",
            b"<INDIVIDUAL><DATAID>1</DATAID>",
            b"<FIRST_NAME>TERN</FIRST_NAME>",
        ),
        *(b"</INDIVIDUAL>", b"</INDIVIDUALS></CONSOLIDATED_LIST>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;"),
    ),
}


PIECES_MAX = max(map(len, PIECES.values()))


def content_of(source: str, drawn: list[int | bytes]) -> bytes:
    """Return a list for a source: its own pieces where a number was drawn, and bytes as they were drawn."""
    pieces = PIECES[source]
    return b"".join(one if isinstance(one, bytes) else pieces[one % len(pieces)] for one in drawn)


def read_into(rows: list[SourceRow], source: str, file: Path) -> None:
    rows.extend(READERS[source](file))


def pieces(drawn: Drawn) -> list[int | bytes]:
    def piece() -> int | bytes:
        return drawn.number(PIECES_MAX) if drawn.number(2) else drawn.raw(12)

    return drawn.some(piece, 8)


def assert_any_list_gives_rows_or_a_fault(lists: list[list[int | bytes]], tmp_path: Path) -> None:
    file = tmp_path / "sdn.csv"
    for drawn, source in product(lists, PIECES):
        file.write_bytes(content_of(source, drawn))
        rows: list[SourceRow] = []
        assert_named(fault_of(partial(read_into, rows, source, file)))
        for row in rows:
            assert_named(row.error)
            if row.data is not None:
                assert_named(fault_of(partial(parse_record, row.data, Share())))


@MANY
@given(lists=several(pieces))
def test_any_list_gives_rows_or_a_fault(lists: list[list[int | bytes]], tmp_path: Path) -> None:
    assert_any_list_gives_rows_or_a_fault(lists, tmp_path)


@BY_HYPOTHESIS
@given(
    lists=several_by_hypothesis(st.lists(st.integers(0, PIECES_MAX - 1) | st.binary(max_size=12), max_size=8))
)
def test_any_list_gives_rows_or_a_fault_by_hypothesis(lists: list[list[int | bytes]], tmp_path: Path) -> None:
    assert_any_list_gives_rows_or_a_fault(lists, tmp_path)


def test_every_source_has_its_case() -> None:
    assert set(PIECES) == set(READERS)
