"""Entries and their bytes: one form, in and out, whatever the text."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.audit.entries import Chunk, Entry, canonical, decode, encode, read_back
from comity.audit.lines import line_of, shown_in
from comity.errors import MalformedError

# Surrogates, NUL, marks that compose, and escapes that JSON writes with letters, more often than by chance.
texts = st.text(max_size=8) | st.text(
    st.sampled_from('ae\u0301\u0327\u0303\n\t"\\\x00\ud800\udc00가ᄀ\u1161مé'), max_size=6
)
terms = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
moments = st.datetimes(timezones=st.timezones() | st.just(UTC))
shown = st.lists(st.tuples(texts, texts), max_size=3)


def utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def entries(draw) -> Entry:
    pairs = draw(shown)
    return Entry(
        at=draw(moments),
        act=draw(texts),
        account=draw(texts),
        bureau=draw(texts),
        outcome=draw(texts),
        door=draw(st.sampled_from(["cli", "http", "console", "node"])),
        nonce=draw(st.binary(min_size=16, max_size=16)),
        unit=draw(st.none() | texts),
        purpose=draw(st.none() | texts),
        kind=draw(st.none() | texts),
        query=draw(st.dictionaries(texts, terms, max_size=3)),
        records=tuple(record for record, _ in pairs),
        owners=tuple(owner for _, owner in pairs),
        on_behalf_of=draw(st.none() | texts),
        reason=draw(st.none() | texts),
        request_id=draw(st.none() | texts),
        chunk=draw(st.none() | st.builds(Chunk, st.integers(0, 2**40), st.binary(min_size=32, max_size=32))),
        opens=tuple(draw(st.lists(st.integers(0, 99), max_size=3))),
    )


@given(entries())
def test_an_entry_returns_from_its_bytes(entry):
    assert decode(encode(entry)) == canonical(entry)


@given(entries())
def test_the_canonical_form_of_the_canonical_form_is_itself(entry):
    assert encode(canonical(entry)) == encode(entry)


@given(entries())
def test_all_text_in_the_bytes_is_in_nfc(entry):
    kept = decode(encode(entry))
    found = [kept.act, kept.account, kept.bureau, kept.outcome, *kept.records, *kept.owners, *kept.query]
    assert all(unicodedata.is_normalized("NFC", text) for text in found)


@given(entries())
def test_the_columns_can_be_computed_from_the_bytes(entry):
    body = encode(entry)
    kept = decode(body)
    assert (line_of(1, entry, body), shown_in(1, entry)) == (line_of(1, kept, body), shown_in(1, kept))


@given(entries())
def test_the_columns_can_be_computed_from_the_head_alone(entry):
    body = encode(entry)
    kept, head = decode(body), read_back(body).entry
    assert (line_of(1, head, body), shown_in(1, head)) == (line_of(1, kept, body), shown_in(1, kept))


@pytest.mark.parametrize("body", [b"", b"{}", b'{"form":2}', b"\xff", b'{"act":"x","form":1}'])
def test_what_is_no_entry_is_not_read_back(body):
    with pytest.raises(MalformedError):
        read_back(body)


@given(entries())
def test_an_entry_names_each_record_once(entry):
    records = [row.record for row in shown_in(1, entry)]
    assert len(records) == len(set(records))


FULL = encode(
    Entry(
        at=datetime(2024, 5, 1, 12, 0, 0, 5, tzinfo=UTC),
        act="check:make",
        account="fra.1",
        bureau="FRA",
        outcome="hit",
        door="cli",
        nonce=bytes(16),
        query={"name": 'é\n"', "n": [1, True, None, {"a": -3}]},
        records=("R-1",),
        owners=("EGY",),
        chunk=Chunk(3, bytes(32)),
        opens=(0,),
    )
)


@settings(max_examples=2000)
@given(st.integers(0, len(FULL)), st.integers(0, 3), st.binary(max_size=2) | st.text(max_size=2).map(utf8))
def test_bytes_are_refused_or_are_exactly_what_encode_writes(place, removed, put):
    changed = FULL[:place] + put + FULL[place + removed :]
    try:
        entry = decode(changed)
    except MalformedError:
        return
    assert encode(entry) == changed
