"""What a request says beside its subject: for whom it is, how it may be used, and what an update changes."""

from collections.abc import Iterator
from dataclasses import dataclass

from comity.phrases.sheet import SheetLine, SheetWording, plain
from comity.phrases.speech import Speaker
from comity.records.fieldtype import Json
from comity.records.handling import Restriction, Share
from comity.records.kinds import KINDS
from comity.records.notices.content import Content

LISTED_MAX = 12
"""So many bureaus are named in full; of more, their codes alone."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that an update says otherwise: its label, what stands in force, what is to stand; None for nothing."""

    label: str
    old: SheetLine | None
    new: SheetLine | None


def audience(content: Content, speaker: Speaker) -> tuple[SheetLine, ...]:
    """Return whom a request is for, how much of it they see, and how they may use it."""
    return tuple(_audience(content, speaker))


def _audience(content: Content, speaker: Speaker) -> Iterator[SheetLine]:
    yield plain(speaker.field("", "share"), _share(content.share, speaker))
    yield plain(speaker.field("", "view"), speaker.value("scope", content.view.value))
    for name, group, code in (
        ("reliability", "reliability", content.reliability),
        ("handling_code", "handling", content.handling_code),
    ):
        yield plain(speaker.field("", name), f"{code} – {speaker.value(group, code)}")
    if content.colour.is_public_form:
        yield plain(
            speaker.field("", "is_public"), speaker.value("yes_no", "yes" if content.is_public else "no")
        )
    if content.valid_until is not None:
        yield plain(speaker.field("", "valid_until"), speaker.date(content.valid_until.isoformat()))


def _share(share: Share, speaker: Speaker) -> str:
    word = speaker.value("share", share.restriction.value)
    if share.restriction in {Restriction.ALL, Restriction.OWNER}:
        return word
    codes = sorted(share.bureaus)
    is_few = len(codes) <= LISTED_MAX
    named = [f"{speaker.value('country', code)} ({code})" if is_few else code for code in codes]
    return f"{word}: {', '.join(named)}"


def changed(before: Content, after: Content, speaker: Speaker) -> tuple[Changed, ...]:
    """Return what an update says otherwise than what is in force, in the order of a sheet."""
    old, new = (dict(_said(content, speaker)) for content in (before, after))
    return tuple(
        _changed(old.get(name), new.get(name))
        for name in dict.fromkeys([*old, *new])
        if _value(old.get(name)) != _value(new.get(name))
    )


Said = tuple[Json, SheetLine]
"""What is said, and how: the same words in another language of the free text are no change of each of them."""


def _value(said: Said | None) -> Json:
    return None if said is None else said[0]


def _changed(old: Said | None, new: Said | None) -> Changed:
    said = new or old
    assert said is not None, "one of the two says something"
    return Changed(said[1].label, None if old is None else old[1], None if new is None else new[1])


def _said(content: Content, speaker: Speaker) -> Iterator[tuple[str, Said]]:
    wording, kind = SheetWording(speaker, content.language), KINDS[content.kind]
    parts = (
        ("record", kind.fields, content.record),
        ("particulars", content.colour.fields, content.particulars),
    )
    for part, fields, data in parts:
        for field in fields:
            if field.name in data:
                (line,) = wording.spelt_out((field,), data)
                yield f"{part}.{field.name}", (data[field.name], line)
    language = speaker.value("language", content.language)
    yield "language", (content.language, plain(speaker.say("Language of the free text"), language))
    for line in audience(content, speaker):
        yield f"audience.{line.label}", (line.values[0][0].text, line)
