"""A notice as a sheet to be printed: what it is, what to do, the subject, the particulars, in one language.

Coded values are said in the reader's language. Free text stays in its own and is marked so, with the direction it
runs in: whoever reads it, or reads it aloud, knows which language it is.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from babel import Locale, UnknownLocaleError

from comity.phrases.speech import Speaker
from comity.phrases.wording import Wording
from comity.phrases.words import short_language
from comity.procedures.check import action_for
from comity.procedures.notices.reading import SeenNotice
from comity.records.fieldtype import Comparison, Json
from comity.records.kind import Field
from comity.records.kinds import KINDS
from comity.records.notices.content import Content
from comity.records.notices.states import NoticeState

FREE = frozenset({"text", "long_text", "label"})
"""Field types whose values are written by people in the language of the request."""

TRANSLATIONS = frozenset({"translation", "facts_translation"})
"""Fields that say in another language what the request says in its own: in which, the request does not state."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of text. `language` is its own where it is free text; `is_code` pieces run left to right.

    `is_ours` ones are words of ours: they run as the page does even where a code's letter begins them.
    """

    text: str
    language: str = ""
    direction: str = ""
    is_code: bool = False
    is_label: bool = False
    is_ours: bool = False

    def to_json(self) -> dict[str, Json]:
        """Return the form that the typesetter takes."""
        marks: dict[str, Json] = {"lang": self.language, "dir": self.direction}
        return {"text": self.text, **marks, "code": self.is_code, "label": self.is_label}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line: its label, and its values, each made of parts."""

    label: str
    values: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A titled block of lines."""

    title: str
    lines: tuple[SheetLine, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A notice as it is printed."""

    colour: str
    title: str
    heading: str
    standing: str
    warning: str
    action: str
    head: tuple[SheetLine, ...]
    sections: tuple[Section, ...]
    footer: str


class SheetWording:
    """Says the fields of a request, in the language of one speaker; free text in the request's own."""

    def __init__(self, speaker: Speaker, language: str) -> None:
        self._speaker, self._wording = speaker, Wording(speaker)
        self._language = short_language(language)
        self._direction = direction_of(self._language)

    def lines(self, fields: tuple[Field, ...], data: Mapping[str, Json]) -> tuple[SheetLine, ...]:
        """Return the fields that the data states, in the order of their declaration."""
        return tuple(self._line(field, data[field.name]) for field in fields if field.name in data)

    def spelt_out(self, fields: tuple[Field, ...], data: Mapping[str, Json]) -> tuple[SheetLine, ...]:
        """Return the same, with each field of a group on a line of its own, under its label."""
        lines = (self._spelt_out(field, data[field.name]) for field in fields if field.name in data)
        return tuple(lines)

    def _line(self, field: Field, value: Json) -> SheetLine:
        values = value if field.many and isinstance(value, list) else [value]
        label = self._speaker.field("", field.name)
        return SheetLine(label, tuple(tuple(self._parts(field, one)) for one in values))

    def _spelt_out(self, field: Field, value: Json) -> SheetLine:
        if not field.fields:
            return self._line(field, value)
        values: list[tuple[Part, ...]] = []
        for one in value if isinstance(value, list) else [value]:
            stated = one if isinstance(one, dict) else {}
            for inner in field.fields:
                if inner.name in stated:
                    label = Part(self._speaker.field("", inner.name), is_label=True)
                    values.append((label, *self._parts(inner, stated[inner.name])))
        return SheetLine(self._speaker.field("", field.name), tuple(values))

    def _parts(self, field: Field, value: Json) -> Iterator[Part]:
        if isinstance(value, dict):
            for inner in field.fields:
                stated = value.get(inner.name)
                for one in stated if isinstance(stated, list) else [stated]:
                    if one is not None:
                        yield from self._parts(inner, one)
            return
        text, type_ = self._wording.value(field, value), field.type
        if field.name in TRANSLATIONS:
            yield Part(text)
        elif type_ is not None and type_.name in FREE:
            yield self._free(text)
        else:
            yield Part(text, is_code=type_ is not None and type_.comparison is Comparison.IDENTIFIER)

    def _free(self, text: str) -> Part:
        """Return free text marked as the request's language, unless its letters run the other way."""
        is_other = _first_strong(text) not in {self._direction, ""}
        return Part(text) if is_other else Part(text, self._language, self._direction)


def _first_strong(text: str) -> str:
    """Return the direction of the first letter that has one (Unicode annex 9), or nothing."""
    strong = {"L": "ltr", "R": "rtl", "AL": "rtl"}
    return next((strong[kind] for char in text if (kind := unicodedata.bidirectional(char)) in strong), "")


def sheet(seen: SeenNotice, speaker: Speaker, at: datetime, under_review: Content | None = None) -> Sheet:
    """Return a request as a sheet in the language of a speaker, printed at a moment.

    `under_review` is what a reviewer weighs, where that is not what the request says to whoever reads it now.
    """
    held, content = seen.held, under_review or seen.content
    wording = SheetWording(speaker, content.language)
    kind = KINDS[content.kind]
    colour = "" if seen.is_pointer else content.colour.code
    what = speaker.value("notice_form", held.form.value)
    if colour:
        named = speaker.value("notice", colour)
        what = f"{named} – {what}" if held.form.value == "diffusion" else named
    sections = (
        Section(speaker.kind(content.kind), wording.lines(kind.fields, content.record)),
        Section(speaker.say("Particulars"), wording.spelt_out(content.colour.fields, content.particulars)),
    )
    return Sheet(
        colour=colour,
        title=what,
        heading=Wording(speaker).heading(content.kind, content.record),
        standing=speaker.value("notice_state", seen.state.value),
        warning=_warning(seen, speaker),
        action=speaker.value("action", action_for(content.kind, colour, seen.view)),
        head=tuple(_head(seen, content, speaker)),
        sections=tuple(section for section in sections if section.lines),
        footer=speaker.say("Printed {when}. A hit is not proof.", when=speaker.instant(at)),
    )


def _warning(seen: SeenNotice, speaker: Speaker) -> str:
    if seen.is_pointer:
        return speaker.say("The owner shows only that the record exists. Ask the owner.")
    if seen.held.since is None:
        return speaker.say("Not in force: no measure may rest on this sheet.")
    if seen.held.reviewed_at is None:
        return speaker.say("Not yet reviewed by the general secretariat.")
    return ""


def _head(seen: SeenNotice, content: Content, speaker: Speaker) -> Iterator[SheetLine]:
    held = seen.held
    owner = f"{speaker.value('country', held.owner)} ({held.owner})"
    yield plain(speaker.say("Confirm with"), owner)
    yield SheetLine(speaker.say("Number"), ((Part(held.id, is_code=True),),))
    if seen.is_pointer:
        return
    if held.since is not None:
        yield plain(speaker.say("In force since"), speaker.instant(held.since))
    if held.end is not None and seen.state is not NoticeState.DRAFT:
        yield plain(speaker.field("", "valid_until"), speaker.date(held.end.isoformat()))
    yield plain(speaker.say("Language of the free text"), speaker.value("language", content.language))
    yield plain(
        speaker.say("Reliability"),
        f"{content.reliability} – {speaker.value('reliability', content.reliability)}",
    )
    yield plain(
        speaker.say("Handling"),
        f"{content.handling_code} – {speaker.value('handling', content.handling_code)}",
    )


def plain(label: str, text: str) -> SheetLine:
    """Return a line of one value in the speaker's own words."""
    return SheetLine(label, ((Part(text, is_ours=True),),))


def direction_of(language: str) -> str:
    """Return which way a language is written: `ltr` or `rtl`."""
    try:
        return "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"
    except (ValueError, UnknownLocaleError):
        return "ltr"
