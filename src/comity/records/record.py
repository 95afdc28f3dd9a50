"""A record as its owner states it, and as a registry holds it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import Handling, Share, parse_handling
from comity.records.kind import Kind, doubts, parse_fields
from comity.records.kinds import kind_named
from comity.records.types.text import parse_line

HANDLING_FIELDS = (
    *("share", "view", "purposes"),
    *("retain_until", "review_on", "reliability", "handling_code", "opened"),
)
"""The fields in which a record states its handling."""

FRAME_FIELDS = frozenset({"kind", "source_id", "notice", *HANDLING_FIELDS})
"""The fields that every kind of record has around its own."""

NOTICES = frozenset(
    {"red", "yellow", "blue", "black", "green", "orange", "purple", "silver", "un_special", "stolen_art"}
)
"""The colours of notices that a record can carry."""


SOURCE_ID_CHARS_MAX = 200


class State(StrEnum):
    """Where a record stands in its life. Only active records answer checks.

    A suspended record is held, and shown to its owner alone: its retention is over and the owner silent, or
    a redress case blocks it. Of a purged one nothing is held but that it was.
    """

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    SUSPENDED = "suspended"
    PURGED = "purged"


@dataclass(frozen=True, slots=True)
class Record:
    """A record as its owner states it: kind, the owner's own identifier, canonical fields, handling."""

    kind: Kind
    source_id: str
    notice: str | None
    data: Mapping[str, Json]
    handling: Handling

    def doubts(self) -> tuple[tuple[str, str], ...]:
        """Return (field, code) for each value that its own check digit contradicts."""
        return doubts(self.kind, self.data)

    def to_bytes(self) -> bytes:
        """Return the canonical bytes: equal records have equal bytes, whoever wrote them."""
        frame: dict[str, Json] = {
            "kind": self.kind.code,
            "source_id": self.source_id,
            "notice": self.notice,
            **_handling_frame(self.handling),
        }
        return msgspec.json.encode({**self.data, **frame}, order="sorted")

    def digest(self) -> bytes:
        """Return the SHA-256 of the canonical bytes, 32 bytes."""
        return hashlib.sha256(self.to_bytes()).digest()


def record_from_bytes(body: bytes) -> Record:
    """Return the record whose canonical bytes these are; the registry's own, so not checked again."""
    data: dict[str, Json] = msgspec.json.decode(body)
    kind, notice = kind_named(data.pop("kind")), data.pop("notice")
    source_id = str(data.pop("source_id"))
    stated = msgspec.json.encode([data.pop(name, None) for name in HANDLING_FIELDS])
    return Record(kind, source_id, None if notice is None else str(notice), data, _stated_handling(stated))


# A registry holds millions of records and a handful of handlings: each is read and written once.
@lru_cache(maxsize=4096)
def _stated_handling(stated: bytes) -> Handling:
    values: list[Json] = msgspec.json.decode(stated)
    return parse_handling(dict(zip(HANDLING_FIELDS, values, strict=True)), Share())


@lru_cache(maxsize=4096)
def _handling_frame(handling: Handling) -> Mapping[str, Json]:
    return handling.to_json()


def parse_record(data: Json, default_share: Share, default_id: str = "") -> Record:
    """Return the record that `data` states, every field in canonical form.

    `default_share` holds where the record does not speak of sharing; `default_id` where it has no
    `source_id`. Raises `MalformedError` with the field that is at fault.
    """
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "record")
    if "kind" not in data:
        raise MalformedError("field-missing", "kind")
    kind = kind_named(data["kind"])
    return Record(
        kind=kind,
        source_id=_source_id(data.get("source_id"), default_id),
        notice=parse_notice(data.get("notice")),
        data=parse_fields(
            kind.fields, {name: value for name, value in data.items() if name not in FRAME_FIELDS}
        ),
        handling=parse_handling(data, default_share),
    )


def parse_notice(value: Json, field: str = "notice") -> str | None:
    """Return the notice's colour, or None where the record carries none."""
    if value is None:
        return None
    if isinstance(value, str) and value in NOTICES:
        return value
    raise MalformedError("not-a-choice", field)


def _source_id(value: Json, default: str) -> str:
    if value is None:
        if not default:
            raise MalformedError("field-missing", "source_id")
        return default
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    text = clean_text(value, "source_id", SOURCE_ID_CHARS_MAX)
    # What is plain stays as it was written: the record is known by it. What hides in it, or turns it about, goes.
    return text if text.isprintable() else parse_line(text, "source_id", SOURCE_ID_CHARS_MAX)


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """A record as the registry holds it.

    `number` is the registry's own count and never leaves the node: it would betray how many records
    there are. `public_id` is what the doors show. `list_name` is the outside list it came from, or `own`.
    """

    number: int
    public_id: str
    owner: str
    list_name: str
    version: int
    state: State
    entered_at: datetime
    changed_at: datetime
    record: Record

    def is_review_due(self, today: date) -> bool:
        """Return whether a record that answers checks has come to its review date."""
        review_on = self.record.handling.review_on
        return self.state is State.ACTIVE and review_on is not None and review_on <= today
