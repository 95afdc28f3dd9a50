"""Entries have one byte form; what is not in it is refused."""

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import msgspec
import pytest

from comity.audit.entries import Chunk, Entry, decode, encode, for_owner, new_nonce
from comity.audit.lines import column_text, line_of, shown_in
from comity.errors import MalformedError

NOON = datetime(2024, 5, 1, 12, 0, 0, 5, tzinfo=UTC)


def entry(**changes) -> Entry:
    plain = {
        "at": NOON,
        "act": "check:make",
        "account": "fra.border.1",
        "bureau": "FRA",
        "outcome": "no_hit",
        "door": "http",
        "nonce": bytes(16),
    }
    return Entry(**plain | changes)


def test_the_bytes_of_an_entry_are_sorted_json_without_spaces():
    assert encode(entry(query={"name": "Ana", "born": "1970"})) == (
        b'{"account":"fra.border.1","act":"check:make","at":"2024-05-01T12:00:00.000005Z","bureau":"FRA",'
        b'"door":"http","form":1,"nonce":"AAAAAAAAAAAAAAAAAAAAAA==","outcome":"no_hit",'
        b'"query":{"born":"1970","name":"Ana"}}'
    )


def test_every_field_returns_from_its_bytes():
    full = entry(
        unit="north",
        purpose="border",
        kind="person",
        query={"name": "محمد", "limit": 3, "exact": True, "born": None, "any": ["a", {"b": -1}]},
        records=("R-1", "R-2"),
        owners=("EGY", "FRA"),
        on_behalf_of="BEL",
        reason="line 3",
        request_id="req-1",
        chunk=Chunk(10, bytes(32)),
        opens=(0, 1),
    )
    assert decode(encode(full)) == full


def test_composed_and_decomposed_text_have_the_same_bytes():
    assert encode(entry(query={"name": "Rene\u0301"})) == encode(entry(query={"name": "René"}))


def test_a_mark_after_an_escaped_letter_stays_apart_from_it():
    # Written out as JSON the newline becomes \n, and that n must not take the tilde.
    odd = entry(query={"name": "\n\u0303"})
    assert decode(encode(odd)).query == {"name": "\n\u0303"}


def test_a_lone_surrogate_is_logged_as_the_replacement_character():
    assert decode(encode(entry(query={"name": "A\ud800B"}))).query == {"name": "A\ufffdB"}


def test_a_time_in_another_zone_is_written_in_utc():
    there = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert encode(entry(at=there)) == encode(entry())


def test_a_naive_time_is_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        encode(entry(at=NOON.replace(tzinfo=None)))


def test_records_without_owners_are_a_mistake_of_ours():
    with pytest.raises(AssertionError):
        encode(entry(records=("R-1",)))


def test_a_term_of_an_enumeration_is_its_text():
    class Sex(StrEnum):
        FEMALE = "F"

    assert decode(encode(entry(query={"sex": Sex.FEMALE}))).query == {"sex": "F"}


@pytest.mark.parametrize(
    ("term", "code"),
    [
        (1.5, "audit-query-term"),
        (b"x", "audit-query-term"),
        (2**53, "audit-query-term"),
        ({1, 2}, "audit-query-term"),
    ],
)
def test_a_term_outside_the_form_is_refused(term, code):
    with pytest.raises(MalformedError) as caught:
        encode(entry(query={"term": term}))
    assert (caught.value.code, caught.value.field) == (code, "query")


def test_two_spellings_of_one_name_are_both_logged():
    asked = {"e\u0301": "1", "é": "2", "é\ufffd": "3"}
    assert decode(encode(entry(query=asked))).query == {"é": "1", "é\ufffd": "2", "é\ufffd\ufffd": "3"}


def test_terms_nested_too_deep_are_refused():
    term: object = "end"
    for _ in range(20):
        term = [term]
    with pytest.raises(MalformedError, match="audit-query-depth"):
        encode(entry(query={"term": term}))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        encode(entry())[:-1],
        encode(entry()).replace(b'"form":1', b'"form":2'),
        encode(entry()).replace(b'"door":"http"', b'"door":"window"'),
        encode(entry()).replace(b'"form":1', b'"extra":"x","form":1'),
        encode(entry()).replace(b".000005Z", b""),
        encode(entry()).replace(b"AAAA==", b"==="),
        encode(entry(records=("R",), owners=("FRA",))).replace(b'"owners":["FRA"],', b""),
    ],
)
def test_bytes_that_are_no_entry_are_refused(body):
    with pytest.raises(MalformedError) as caught:
        decode(body)
    assert (caught.value.code, caught.value.field) == ("audit-entry", "entry")


@pytest.mark.parametrize(
    "body",
    [
        encode(entry()) + b" ",
        encode(entry()).replace(b":", b": ", 1),
        encode(entry()).replace(b'"form":1', b'"form":1,"form":1'),
        encode(entry()).replace(b"FRA", b"\\u0046RA"),
        encode(entry()).replace(b"12:00:00.000005Z", b"13:00:00.000005+01:00"),
        encode(entry()).replace(b'"form":1', b'"form":1,"kind":null'),
        encode(entry(query={"n": 1})).replace(b'"n":1', b'"n":1.0'),
        encode(entry(reason="é")).replace("é".encode(), "e\u0301".encode()),
        b'{"form":1,' + encode(entry()).replace(b'"form":1,', b"")[1:],
    ],
)
def test_an_entry_written_otherwise_is_refused(body):
    with pytest.raises(MalformedError) as caught:
        decode(body)
    assert caught.value.code in {"audit-entry-form", "audit-query-term"}


def test_an_owner_reads_of_its_own_records_only():
    shown = entry(records=("R-1", "R-2", "R-3"), owners=("EGY", "FRA", "EGY"))
    assert for_owner(shown, "EGY") == entry(records=("R-1", "R-3"), owners=("EGY", "EGY"))


def test_two_nonces_differ():
    assert new_nonce() != new_nonce()


def test_a_line_holds_the_time_in_whole_microseconds():
    assert line_of(0, entry(), b"").at_us == 1_714_564_800_000_005


def test_a_column_holds_no_nul():
    assert column_text("a\x00é") == "a\ufffdé"


def test_the_columns_of_an_entry_are_those_of_its_bytes():
    odd = entry(
        account="Rene\u0301 \ud800", purpose="a\x00", records=("e\u0301", "e\u0301"), owners=("A", "A")
    )
    body = encode(odd)
    assert (line_of(3, odd, body), shown_in(3, odd)) == (
        line_of(3, decode(body), body),
        shown_in(3, decode(body)),
    )


def test_an_entry_is_frozen():
    with pytest.raises(AttributeError):
        entry().act = "record:read"


def test_a_default_takes_no_room():
    assert b"unit" not in msgspec.json.encode(entry())
