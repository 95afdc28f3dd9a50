"""A message as a form states it, and as a draft keeps it: from the one to the other and back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from comity.console.forms import codes_typed, whole_typed
from comity.phrases.coded import SpokenPhrase, spoken, title
from comity.phrases.speech import Speaker
from comity.procedures.messages.keeping import KeptFile, ShownDraft
from comity.records.fieldtype import Json
from comity.records.messages.message import ATTACHMENTS_MAX, REFERENCE_KINDS, REFERENCES_MAX, Stated
from comity.records.messages.phrases import PHRASES, CodedPhrase

PLAIN = (
    *("subject", "text", "priority", "purpose", "handling_code", "handling_note"),
    *("second", "thread", "answers", "language", "reliability"),
)
STATED = frozenset({*PLAIN, "to", "phrase", "attachments"})
REFERENCE_ROWS = 3
LANGUAGES = ("ara", "eng", "fra", "spa", "por", "rus", "zho", "jpn", "deu", "tur", "swa", "hin")
"""Languages that the form offers for a text; every other of ISO 639-3 can be typed."""
KEPT = re.compile("([0-9a-f]{64}) (.+)")


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was typed, and what is wrong with it: a field's name and a sentence; files and why not."""

    phrase: CodedPhrase | None = None
    typed: Mapping[str, str] = field(default_factory=dict[str, str])
    fault: tuple[str, str] | None = None
    refused: tuple[tuple[str, str], ...] = ()

    @property
    def files(self) -> tuple[tuple[str, str, str], ...]:
        """The files that were handed in for it: the field that carries each, its value, the file's name."""
        return tuple(
            (f"kept-{place}", self.typed[f"kept-{place}"], one["name"]) for place, one in _kept_in(self.typed)
        )

    @property
    def references(self) -> tuple[tuple[int, str, str], ...]:
        """The rows for what it is about: the place of each, its kind and identifier; one is empty at least."""
        rows = [(place, *one) for place, one in _referred_in(self.typed)]
        count = max(REFERENCE_ROWS, len(rows) + 1)
        taken = {place for place, *_ in rows}
        free = [(place, "", "") for place in range(REFERENCES_MAX) if place not in taken]
        return tuple(sorted([*rows, *free[: max(0, count - len(rows))]]))

    @property
    def has_particulars(self) -> bool:
        """Whether anything is typed into the fields that few messages need."""
        named = ("language", "reliability", "answer_within", "shows_recipients")
        return any(self.typed.get(name) for name in named) or any(_referred_in(self.typed))

    @property
    def set_aside(self) -> tuple[tuple[str, str], ...]:
        """What was typed into fields that the chosen phrase does not show: it comes back with another."""
        if self.phrase is None:
            return tuple((name, text) for name, text in self.typed.items() if name.startswith("v-"))
        shown = {f"v-{one.name}" for one in self.phrase.fields}
        kept = [name for name in self.typed if name == "asks" or name.startswith("v-")]
        return tuple((name, self.typed[name]) for name in kept if name not in shown)

    @property
    def status(self) -> int:
        """200 where nothing is wrong, as when a phrase was chosen; otherwise 422."""
        return 422 if self.fault or self.refused else 200


class PhraseWording:
    """Says coded phrases in the language of one speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker

    def spoken(self, stated: Stated) -> SpokenPhrase:
        """Return a phrase with its values."""
        return spoken(stated, self._speaker)

    def title(self, code: str) -> str:
        """Return what a phrase is called."""
        return title(code, self._speaker)


def referred(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what a form shows that was opened from the page of a record, a notice or a hit."""
    found = next(((kind, asked[kind]) for kind in REFERENCE_KINDS if asked.get(kind)), None)
    return {} if found is None else {"ref-kind-0": found[0], "ref-id-0": found[1][:40]}


def codes_in(posted: Mapping[str, str]) -> list[Json]:
    """Return the bureaus that a form names."""
    return [*codes_typed(posted.get("to", ""))]


def _kept_in(posted: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    for place in range(ATTACHMENTS_MAX):
        found = KEPT.fullmatch(posted.get(f"kept-{place}", ""))
        if found is not None:
            yield place, {"name": found[2], "digest": found[1]}


def add_file(posted: dict[str, str], kept: KeptFile) -> bool:
    """Let the form carry one more file that is kept already; return whether there was room."""
    taken = {place for place, _one in _kept_in(posted)}
    free = next((place for place in range(ATTACHMENTS_MAX) if place not in taken), None)
    if free is not None:
        posted[f"kept-{free}"] = f"{kept.digest} {kept.name}"
    return free is not None


def _referred_in(posted: Mapping[str, str]) -> Iterator[tuple[int, tuple[str, str]]]:
    for place in range(REFERENCES_MAX):
        one = posted.get(f"ref-id-{place}", "").strip()
        if one:
            yield place, (posted.get(f"ref-kind-{place}", ""), one)


def message_from(posted: Mapping[str, str]) -> dict[str, Json]:
    """Return the message that a form states: what was filled in, as it was typed."""
    also = posted.get("also", "").split()
    data: dict[str, Json] = {**_rest(posted.get("rest", "")), "to": [*codes_in(posted), *also]}
    if also:
        data["shows_recipients"] = True  # they know of each other, or this would not be offered
    for name in PLAIN:
        if posted.get(name, "").strip():
            data[name] = posted[name].strip()
    phrase = PHRASES.get(posted.get("phrase", ""))
    if phrase is not None:
        values: dict[str, Json] = {
            one.name: posted[f"v-{one.name}"].strip()
            for one in phrase.fields
            if posted.get(f"v-{one.name}", "").strip()
        }
        data["phrase"] = {"code": phrase.code, "values": values}
    elif posted.get("asks") or "second" in data or posted.get("answer_within", "").strip():
        data["asks"] = True
    within = posted.get("answer_within", "").strip()
    if within:
        minutes = whole_typed(within, 8)
        data["answer_within"] = within if minutes is None else minutes
    if posted.get("shows_recipients"):
        data["shows_recipients"] = True
    referred: list[Json] = [{"kind": kind, "id": one} for _place, (kind, one) in _referred_in(posted)]
    if referred:
        data["references"] = referred
    files: list[Json] = [{**one} for _place, one in _kept_in(posted)]
    if files:
        data["attachments"] = files
    return data


def _rest(text: str) -> dict[str, Json]:
    """Return what a draft says that the form has no field for; what is no object says nothing."""
    try:
        decoded: Json = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return {name: value for name, value in decoded.items()} if isinstance(decoded, dict) else {}  # noqa: C416


def typed_from(data: Mapping[str, Json]) -> dict[str, str]:
    """Return what a form shows of a draft. Whoever wrote it, and by whatever door: nothing of it is lost."""
    typed = {name: str(data[name]) for name in PLAIN if isinstance(data.get(name), str)}
    to, phrase, files = data.get("to"), data.get("phrase"), data.get("attachments")
    if isinstance(to, list):
        typed["to"] = " ".join(one for one in to if isinstance(one, str))
    rest = {name: value for name, value in data.items() if name not in STATED}
    if isinstance(phrase, dict):
        typed["phrase"] = str(phrase.get("code", ""))
        values = phrase.get("values")
        for name, value in values.items() if isinstance(values, dict) else ():
            typed[f"v-{name}"] = str(value)
    elif rest.pop("asks", None):
        typed["asks"] = "1"
    for place, one in enumerate(files if isinstance(files, list) else ()):
        if isinstance(one, dict):
            typed[f"kept-{place}"] = f"{one.get('digest')} {one.get('name')}"
    _take_particulars(rest, typed)
    if rest:
        typed["rest"] = msgspec.json.encode(rest).decode()
    return typed


def _take_particulars(rest: dict[str, Json], typed: dict[str, str]) -> None:
    """Move into the form what it has fields for, where it is of their form; anything else stays as it is."""
    within, referred = rest.get("answer_within"), rest.get("references")
    if isinstance(within, int) and not isinstance(within, bool):
        typed["answer_within"] = str(rest.pop("answer_within"))
    if rest.get("shows_recipients") is True:
        typed["shows_recipients"] = "1"
        del rest["shows_recipients"]
    rows = referred if isinstance(referred, list) else []
    pairs = [(one.get("kind"), one.get("id")) for one in rows if isinstance(one, dict) and len(one) == 2]
    stated = [
        (kind, one)
        for kind, one in pairs
        if isinstance(kind, str) and isinstance(one, str) and one and one == one.strip()
    ]
    if rows and len(stated) == len(rows) <= REFERENCES_MAX:
        del rest["references"]
        for place, (kind, one) in enumerate(stated):
            typed[f"ref-kind-{place}"], typed[f"ref-id-{place}"] = kind, one


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the list: what it is about, and to whom it is to go."""

    id: str
    saved_at: datetime
    subject: str
    phrase: str
    to: tuple[str, ...]


def draft_line(draft: ShownDraft) -> DraftLine:
    """Return a draft's line, whatever its account typed."""
    typed = typed_from(draft.data)
    phrase = typed.get("phrase", "")
    to = tuple(typed.get("to", "").split())
    return DraftLine(
        draft.id, draft.saved_at, typed.get("subject", ""), phrase if phrase in PHRASES else "", to
    )
