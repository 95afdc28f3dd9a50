"""What one line of the audit log holds, and its one byte form.

An entry is written once, hashed as it stands, and never rewritten, so its bytes must be the same whoever
makes them: JSON (RFC 8259) with sorted keys, no spaces, UTF-8, text in Unicode NFC, whole numbers only,
defaults left out. `decode` takes nothing that `encode` would have written otherwise.
"""

import os
import unicodedata
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, NamedTuple, cast

import msgspec

from comity.errors import MalformedError

Door = Literal["cli", "http", "console", "node"]

# The largest whole number that every JSON reader keeps exact (RFC 8259 section 6).
_NUMBER_MAX: Final = 2**53 - 1
_NONCE_BYTES: Final = 16
_NONCES_DRAWN: Final = 256
_DIGEST_BYTES: Final = 32
_DEPTH_MAX: Final = 16


class Chunk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bulk act in one entry: how many records, and the Merkle root over their digests."""

    count: int
    root: Annotated[bytes, msgspec.Meta(min_length=_DIGEST_BYTES, max_length=_DIGEST_BYTES)]


class Entry(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="form",
    tag=1,
):
    """One act: who, for whom, why, what was asked, and what came of it.

    `records` are the public identifiers of the records shown, and `owners` the bureaus that own them, place
    by place: an owner is told of its own records and of no other's (`for_owner`). `query` holds the terms
    as they were asked: text, whole numbers, true and false, lists and mappings of these.
    """

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    act: str
    account: str
    bureau: str
    outcome: str
    door: Door
    # Random, because a leaf's hash is shown to others in proofs: an entry of few possible contents ("did
    # bureau A check this name?") could otherwise be guessed and the guess confirmed.
    nonce: Annotated[bytes, msgspec.Meta(min_length=_NONCE_BYTES, max_length=_NONCE_BYTES)]
    unit: str | None = None
    purpose: str | None = None
    kind: str | None = None
    query: Mapping[str, object] = {}
    records: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    on_behalf_of: str | None = None
    reason: str | None = None
    request_id: str | None = None
    chunk: Chunk | None = None
    opens: tuple[Annotated[int, msgspec.Meta(ge=0, lt=2**31)], ...] = ()


class Head(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="form", tag=1):
    """What of an entry is repeated beside its bytes in the store; the rest is read over."""

    at: Annotated[datetime, msgspec.Meta(tz=True)]
    act: str
    account: str
    bureau: str
    outcome: str
    purpose: str | None = None
    records: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


class Written(NamedTuple):
    """An entry, or its head, with its canonical bytes: nothing about it can fail any more."""

    entry: Entry | Head
    body: bytes


_encoder: Final = msgspec.json.Encoder(order="sorted")
_decoder: Final = msgspec.json.Decoder(Entry)
_head_decoder: Final = msgspec.json.Decoder(Head)
_TEXTS: Final = (
    "act",
    "account",
    "bureau",
    "outcome",
    "unit",
    "purpose",
    "kind",
    "on_behalf_of",
    "reason",
    "request_id",
)


def new_nonce() -> bytes:
    """Return the 16 random bytes that an entry needs; the system is asked for many at a time."""
    while True:
        try:
            return _nonces.pop()
        except IndexError:
            drawn = os.urandom(_NONCE_BYTES * _NONCES_DRAWN)
            _nonces.extend(drawn[at : at + _NONCE_BYTES] for at in range(0, len(drawn), _NONCE_BYTES))


_nonces: Final[deque[bytes]] = deque()
# A process that is forked must not go on with what its parent has drawn: no nonce is used twice.
os.register_at_fork(after_in_child=_nonces.clear)


def encode(entry: Entry) -> bytes:
    """Return the canonical bytes of an entry.

    Text is brought into NFC, a lone surrogate becomes U+FFFD (what was asked is logged even where it was no
    valid text), of two terms whose names are then the same the later gets U+FFFD added to its name, and the
    time is written in UTC. Raises `MalformedError(field="query")` for a term that is neither text, whole
    number (up to 2^53 - 1), truth value, null, list nor mapping of these, or lies deeper than 16 of them.
    """
    assert entry.at.tzinfo is not None, "an entry's time is aware"
    assert len(entry.records) == len(entry.owners), "each record shown has its owner, place by place"
    if entry.at.tzinfo is UTC and all(type(value) is str for value in entry.query.values()):
        # Nearly every entry: plain terms, and text that is in NFC as it came. Text that is in NFC as a
        # whole is so in its parts; where an escape disturbs the test, the slow way gives the same bytes.
        try:
            body = _encoder.encode(entry)
            if body.isascii() or unicodedata.is_normalized("NFC", body.decode()):
                return body
        except UnicodeEncodeError:
            pass
    return _encoder.encode(canonical(entry))


def write(entry: Entry) -> Written:
    """Return the entry with its canonical bytes; raises as `encode`.

    Done before an entry joins others in one commit, so that a bad one fails alone.
    """
    return Written(entry, encode(entry))


def canonical(entry: Entry) -> Entry:
    """Return the entry as `decode(encode(entry))` gives it: text in NFC, time in UTC, plain containers."""
    texts = {name: clean_text(text) for name in _TEXTS if (text := getattr(entry, name)) is not None}
    return msgspec.structs.replace(
        entry,
        at=entry.at.astimezone(UTC),
        query=_canonical_terms(entry.query),
        records=tuple(map(clean_text, entry.records)),
        owners=tuple(map(clean_text, entry.owners)),
        **texts,
    )


def decode(body: bytes) -> Entry:
    """Return the entry of these canonical bytes.

    Raises `MalformedError(field="entry")`, code "audit-entry" for bytes that are no entry, and code
    "audit-entry-form" for an entry written in any other way than `encode` writes it.
    """
    try:
        entry = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError("audit-entry", "entry") from error
    if len(entry.records) != len(entry.owners):
        raise MalformedError("audit-entry", "entry")
    if encode(entry) != body:
        raise MalformedError("audit-entry-form", "entry")
    return entry


def read_back(body: bytes) -> Written:
    """Return canonical bytes that were sealed since `encode` made them, so not tested for their form, with their head.

    Raises `MalformedError(code="audit-entry", field="entry")`.
    """
    try:
        return Written(_head_decoder.decode(body), body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedError("audit-entry", "entry") from error


def for_owner(entry: Entry, bureau: str) -> Entry:
    """Return the entry as the owner of some of the records shown may read it: without the others' records.

    Such a reading has no inclusion proof, as its bytes are not those that were sealed.
    """
    own = tuple(record for record, owner in zip(entry.records, entry.owners, strict=True) if owner == bureau)
    return msgspec.structs.replace(entry, records=own, owners=(bureau,) * len(own), opens=())


def clean_text(text: str) -> str:
    """Return the text in NFC, each lone surrogate replaced by U+FFFD."""
    if text.isascii():
        return text
    # Surrogates cannot be encoded; "surrogatepass" and back leaves valid text alone and marks the others.
    valid = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", valid)


def _canonical_terms(terms: Mapping[str, object], depth: int = 0) -> dict[str, object]:
    cleaned: dict[str, object] = {}
    for name, value in terms.items():
        kept = clean_text(name)
        while kept in cleaned:
            # Two names that differ only in how they are composed. Neither may be lost, and a query must not
            # be able to stop its own entry, so the later one is marked.
            kept += "\ufffd"
        cleaned[kept] = _canonical_term(value, depth + 1)
    return cleaned


def _canonical_term(value: object, depth: int) -> object:
    if depth > _DEPTH_MAX:
        raise MalformedError("audit-query-depth", "query")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, int) and abs(value) <= _NUMBER_MAX:
        return int(value)
    if isinstance(value, Mapping):
        return _canonical_terms(cast("Mapping[str, object]", value), depth)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_canonical_term(part, depth + 1) for part in cast("Sequence[object]", value)]
    raise MalformedError("audit-query-term", "query")
