"""A message as its author states it, in two halves.

    header    what the node must know to carry it: to whom, how urgent, for what purpose, how it may be used
    content   what its readers alone need: subject, text, coded phrase, references, names of attachments

Of a sealed message the node gets the header and an envelope; only the readers parse its content, with the same
functions. Sources: handling codes H0 to H3 and the 4x4 evaluation as SIENA carries them; the time limits of
Directive (EU) 2023/977, article 5, for answers between contact points.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Json, clean_text
from comity.records.handling import Purpose, bureau_code, parse_purpose
from comity.records.messages.phrases import PHRASES, CodedPhrase
from comity.records.types.money import AMOUNT
from comity.records.types.person import parse_language
from comity.records.types.text import parse_line, parse_long_text

PUBLIC_ID: Final = re.compile("[A-Z2-7]{20}")
"""The form of every identifier that the doors show."""

DIGEST: Final = re.compile("[0-9a-f]{64}")
RECIPIENTS_MAX: Final = 250
REFERENCES_MAX: Final = 50
ATTACHMENTS_MAX: Final = 20
NOTE_CHARS_MAX: Final = 300
NAME_CHARS_MAX: Final = 150
WITHIN_MINUTES_MAX: Final = 60 * 24 * 90
REFERENCE_KINDS: Final = ("record", "notice", "hit", "message")

FILE_NAMES: Final = frozenset(
    {
        *(
            "txt",
            "csv",
            "tsv",
            "json",
            "xml",
            "rtf",
            "pdf",
            "doc",
            "docx",
            "odt",
            "odp",
            "ods",
            "ppt",
            "pptx",
        ),
        *("xls", "xlsx", "eml", "msg", "p7m", "sig", "asc", "zip"),
        *(
            "jpg",
            "jpeg",
            "jp2",
            "png",
            "gif",
            "bmp",
            "tif",
            "tiff",
            "heic",
            "webp",
            "wsq",
            "an2",
            "eft",
            "nist",
        ),
        *("mp3", "m4a", "wav", "mp4", "webm"),
    }
)
"""What the name of an attachment may end in. Nothing that a browser or a desk runs by itself is among them;
whatever a name says, no attachment is ever shown inline."""


class Priority(StrEnum):
    """How soon a message wants to be read, and by when an answer is due where one is asked for."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


ANSWER_WITHIN: Final[Mapping[Priority, timedelta]] = {
    Priority.URGENT: timedelta(hours=8),
    Priority.NORMAL: timedelta(days=3),
    Priority.LOW: timedelta(days=7),
}
"""The limits of Directive (EU) 2023/977: 8 hours where urgent and at hand, 3 days, 7 days."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the node must know to carry a message.

    `answer_within` is None where no answer is asked for. `second` is the bureau that gets the message, too,
    once that time has passed without an answer. Recipients know of each other only where `shows_recipients`.
    """

    to: tuple[str, ...]
    thread: str | None
    answers: str | None
    priority: Priority
    purpose: Purpose
    handling_code: str
    handling_note: str | None
    answer_within: timedelta | None
    second: str | None
    shows_recipients: bool

    def to_json(self) -> dict[str, Json]:
        """Return the fields that say how the message is carried, all but its place in a thread."""
        to: list[Json] = [*self.to]
        within = self.answer_within
        return {
            "to": to,
            "priority": self.priority.value,
            "purpose": self.purpose.value,
            "handling_code": self.handling_code,
            "handling_note": self.handling_note,
            "asks": within is not None,
            "answer_within": None if within is None else int(within.total_seconds() // 60),
            "second": self.second,
            "shows_recipients": self.shows_recipients,
        }

    def to_bytes(self) -> bytes:
        """Return the canonical bytes."""
        return msgspec.json.encode(self.to_json(), order="sorted")


@dataclass(frozen=True, slots=True)
class Reference:
    """Something that a message is about, by its public identifier: a record, notice, hit or message."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with a message: its name, and the SHA-256 by which its content is found."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class Stated:
    """A coded phrase with the values that its fields take here, in canonical form."""

    phrase: CodedPhrase
    values: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Content:
    """What the readers of a message need. `language` is that of the free text, ISO 639-3."""

    subject: str | None
    text: str | None
    language: str | None
    reliability: str
    stated: Stated | None
    references: tuple[Reference, ...] = ()
    attachments: tuple[Attached, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """Return the form that the doors show, and that `parse_content` takes; what is not said is left out."""
        stated: Json = None
        if self.stated is not None:
            stated = {"code": self.stated.phrase.code, "values": dict(self.stated.values)}
        references: list[Json] = [{"kind": one.kind, "id": one.id} for one in self.references]
        attachments: list[Json] = [{"name": one.name, "digest": one.digest} for one in self.attachments]
        said: dict[str, Json] = {
            "subject": self.subject,
            "text": self.text,
            "language": self.language,
            "reliability": self.reliability,
            "phrase": stated,
            "references": references or None,
            "attachments": attachments or None,
        }
        return {name: value for name, value in said.items() if value is not None}

    def to_bytes(self) -> bytes:
        """Return the canonical bytes."""
        return msgspec.json.encode(self.to_json(), order="sorted")


HEADER_FIELDS: Final = frozenset(
    {
        *("to", "thread", "answers", "priority", "purpose", "handling_code", "handling_note"),
        *("asks", "answer_within", "second", "shows_recipients"),
    }
)
CONTENT_FIELDS: Final = frozenset(
    {"subject", "text", "language", "reliability", "phrase", "references", "attachments"}
)


def header_from_bytes(body: bytes) -> Header:
    """Return the header whose canonical bytes these are: the registry's own."""
    decoded: dict[str, Json] = msgspec.json.decode(body)
    return parse_header({name: value for name, value in decoded.items() if value is not None})


def content_from_bytes(body: bytes) -> Content:
    """Return the content whose canonical bytes these are: the registry's own."""
    return _content(msgspec.json.decode(body))


def split(data: Json) -> tuple[dict[str, Json], dict[str, Json]]:
    """Return what belongs to the header and what to the content.

    Raises `MalformedError` `object-expected`, and `unknown-field` for what belongs to neither.
    """
    if not isinstance(data, dict):
        raise MalformedError("object-expected", "message")
    for name in data:
        if name not in HEADER_FIELDS | CONTENT_FIELDS:
            raise MalformedError("unknown-field", name[:200])
    given: dict[str, Json] = {name: value for name, value in data.items() if value is not None}
    header = {name: value for name, value in given.items() if name in HEADER_FIELDS}
    return header, {name: value for name, value in given.items() if name in CONTENT_FIELDS}


def parse_header(data: Mapping[str, Json], phrase: CodedPhrase | None = None) -> Header:
    """Return the header that these fields state; the phrase, where there is one, sets what is not said.

    Raises `MalformedError` with the field that is at fault.
    """
    priority = _priority(data.get("priority"), phrase)
    to = _bureaus(data.get("to"))
    second = None if data.get("second") is None else bureau_code(data["second"], "second")
    within = _within(data, priority, phrase)
    if second is not None and (second in to or within is None):
        # Nobody is asked twice, and nothing passes on to a second where the first owes no answer.
        raise MalformedError("second-addressee", "second")
    code = _handling_code(data.get("handling_code"))
    note = data.get("handling_note")
    if code == "H3" and note is None:
        # H3 is "other restrictions": without its words it restricts nothing.
        raise MalformedError("field-missing", "handling_note")
    return Header(
        to=to,
        thread=_optional_id(data, "thread"),
        answers=_optional_id(data, "answers"),
        priority=priority,
        purpose=parse_purpose(data.get("purpose")) if "purpose" in data else _missing("purpose"),
        handling_code=code,
        handling_note=None if note is None else parse_line(note, "handling_note", NOTE_CHARS_MAX),
        answer_within=within,
        second=second,
        shows_recipients=_truth(data.get("shows_recipients", False), "shows_recipients"),
    )


def parse_content(data: Mapping[str, Json]) -> Content:
    """Return the content that these fields state: a coded phrase, or a subject and a text, or all of them.

    Raises `MalformedError` with the field that is at fault.
    """
    for needed in ("subject", "text"):
        if data.get(needed) is None and data.get("phrase") is None:
            raise MalformedError("field-missing", needed)
    return _content(data)


def check_amounts(content: Content) -> None:
    """Raise `MalformedError` `amount-thousands` where an amount may be read a thousand times too small.

    12.500 is twelve and a half to some, and twelve thousand five hundred to others. For what is about to be sent:
    what was sent before stays readable.
    """
    if content.stated is None:
        return
    for name, value in content.stated.values.items():
        if content.stated.phrase.field(name).type is AMOUNT and re.fullmatch(r"\d{1,3}\.\d{3}", str(value)):
            raise MalformedError("amount-thousands", f"phrase.values.{name}")


def _content(data: Mapping[str, Json]) -> Content:
    stated = None if data.get("phrase") is None else parse_stated(data["phrase"])
    subject, text = data.get("subject"), data.get("text")
    language = data.get("language")
    return Content(
        subject=None if subject is None else parse_line(subject, "subject"),
        text=None if text is None else parse_long_text(text, "text"),
        language=None if language is None else str(parse_language(language, "language")),
        reliability=_reliability(data.get("reliability")),
        stated=stated,
        references=tuple(_references(data.get("references"))),
        attachments=tuple(_attachments(data.get("attachments"))),
    )


def parse_stated(value: Json, field: str = "phrase") -> Stated:
    """Return the coded phrase that `{"code": ..., "values": {...}}` states, its values in canonical form."""
    if not isinstance(value, dict) or set(value) - {"code", "values"}:
        raise MalformedError("phrase-form", field)
    code, values = value.get("code"), value.get("values", {})
    if not isinstance(code, str) or code not in PHRASES:
        raise MalformedError("not-a-choice", f"{field}.code")
    if not isinstance(values, dict):
        raise MalformedError("object-expected", f"{field}.values")
    phrase = PHRASES[code]
    return Stated(phrase, phrase.parse(values))


def file_name(value: Json, field: str) -> str:
    """Return the name of an attachment: one plain name, of a type that may be sent.

    Raises `MalformedError` `file-name` for a path or nothing before the point, `file-type` for its end.
    """
    name = parse_line(value, field, NAME_CHARS_MAX)
    stem, point, end = name.rpartition(".")
    if not point or not stem.strip(". ") or any(char in name for char in '/\\:*?"<>|'):
        raise MalformedError("file-name", field)
    if end.lower() not in FILE_NAMES:
        raise MalformedError("file-type", field)
    return name


def parse_id(value: Json, field: str) -> str:
    """Return an identifier as the doors show it. Raises `MalformedError` `public-id`."""
    text = clean_text(value, field, 40).upper()
    if not PUBLIC_ID.fullmatch(text):
        raise MalformedError("public-id", field)
    return text


def _missing(field: str) -> Purpose:
    raise MalformedError("field-missing", field)


def _priority(value: Json, phrase: CodedPhrase | None) -> Priority:
    if value is None:
        return Priority.URGENT if phrase is not None and phrase.is_urgent else Priority.NORMAL
    if isinstance(value, str) and value in set(Priority):
        return Priority(value)
    raise MalformedError("not-a-choice", "priority")


def _within(data: Mapping[str, Json], priority: Priority, phrase: CodedPhrase | None) -> timedelta | None:
    """Return how long the answer may take; None where none is asked for."""
    minutes = data.get("answer_within")
    phrase_asks = phrase is not None and phrase.asks
    if not _truth(data.get("asks", minutes is not None or phrase_asks), "asks"):
        return None
    if minutes is not None:
        return timedelta(minutes=_minutes(minutes))
    if phrase is not None and phrase.answer_within is not None:
        return phrase.answer_within
    return ANSWER_WITHIN[priority]


def _minutes(value: Json) -> int:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 9:
        raise MalformedError("number-expected", "answer_within")
    if not 1 <= int(text) <= WITHIN_MINUTES_MAX:
        raise MalformedError("out-of-range", "answer_within")
    return int(text)


def _truth(value: Json, field: str) -> bool:
    if not isinstance(value, bool):
        raise MalformedError("truth-expected", field)
    return value


def _bureaus(value: Json) -> tuple[str, ...]:
    codes = _list(value, "to", RECIPIENTS_MAX)
    if not codes:
        raise MalformedError("field-missing", "to")
    return tuple(dict.fromkeys(bureau_code(code, f"to.{place}") for place, code in enumerate(codes)))


def _list(value: Json, field: str, count_max: int) -> Sequence[Json]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedError("list-expected", field)
    if len(value) > count_max:
        raise MalformedError("too-many-values", field)
    return value


def _optional_id(data: Mapping[str, Json], field: str) -> str | None:
    return None if data.get(field) is None else parse_id(data[field], field)


def _handling_code(value: Json) -> str:
    code = "H0" if value is None else value
    if not isinstance(code, str) or not re.fullmatch("H[0-3]", code):
        raise MalformedError("not-a-choice", "handling_code")
    return code


def _reliability(value: Json) -> str:
    grade = "X4" if value is None else value
    if not isinstance(grade, str) or not re.fullmatch("[ABCX][1-4]", grade):
        raise MalformedError("not-a-choice", "reliability")
    return grade


def _references(value: Json) -> list[Reference]:
    found: list[Reference] = []
    for place, one in enumerate(_list(value, "references", REFERENCES_MAX)):
        path = f"references.{place}"
        if not isinstance(one, dict) or set(one) != {"kind", "id"}:
            raise MalformedError("reference-form", path)
        if one["kind"] not in REFERENCE_KINDS:
            raise MalformedError("not-a-choice", f"{path}.kind")
        found.append(Reference(str(one["kind"]), parse_id(one["id"], f"{path}.id")))
    return list(dict.fromkeys(found))


def _attachments(value: Json) -> list[Attached]:
    found: list[Attached] = []
    for place, one in enumerate(_list(value, "attachments", ATTACHMENTS_MAX)):
        path = f"attachments.{place}"
        if not isinstance(one, dict) or set(one) != {"name", "digest"}:
            raise MalformedError("attachment-form", path)
        digest = one["digest"]
        if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
            raise MalformedError("attachment-form", f"{path}.digest")
        found.append(Attached(file_name(one["name"], f"{path}.name"), digest))
    return found
