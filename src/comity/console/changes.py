"""The versions of a record as lines that a page shows, in one language."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.phrases.speech import Speaker
from comity.phrases.wording import Wording
from comity.procedures.records_page import FieldChange, RecordPage
from comity.records.fieldtype import Json
from comity.records.kinds import KINDS

GROUPS = {"view": "scope", "purposes": "purpose", "handling_code": "handling", "opened": "country"}
"""The groups of words in which the values of handling stand, where they are called otherwise."""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field that changed: its label, and what it said before and after; nothing where it said nothing.

    `is_ours` values are words of ours, and run as the page does even where a code's letter begins them.
    """

    label: str
    old: Sequence[str]
    new: Sequence[str]
    is_code: bool
    is_ours: bool = False


class ChangeWording:
    """Says what changed, in the language of one speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._wording = Wording(speaker)

    def lines(self, page: RecordPage, changes: Sequence[FieldChange]) -> list[ChangeLine]:
        """Return the changes of a version, in the order of the kind's declaration, handling last."""
        kind = page.seen.held.record.kind
        places = {field.name: place for place, field in enumerate(kind.fields)}
        ordered = sorted(changes, key=lambda change: places.get(change.field, len(places)))
        return [self._line(kind.code, change) for change in ordered]

    def _line(self, kind: str, change: FieldChange) -> ChangeLine:
        if any(field.name == change.field for field in KINDS[kind].fields):
            return self._own(kind, change)
        label = self._speaker.field(kind, change.field)
        old, new = (self._frame(change.field, value) for value in (change.old, change.new))
        return ChangeLine(label, old, new, is_code=False, is_ours=True)

    def _own(self, kind: str, change: FieldChange) -> ChangeLine:
        old, new = (
            self._wording.lines(kind, {} if value is None else {change.field: value})
            for value in (change.old, change.new)
        )
        line = (old or new)[0]
        return ChangeLine(
            line.label, old[0].values if old else (), new[0].values if new else (), line.is_code
        )

    def _frame(self, name: str, value: Json) -> tuple[str, ...]:
        """Return the words of a field that every kind has around its own."""
        if value is None or value == []:
            return ()
        if name == "share":
            return (self._share(value),)
        if name in {"retain_until", "review_on"}:
            return (self._speaker.date(str(value)),)
        group = {
            "view": "scope",
            "purposes": "purpose",
            "handling_code": "handling",
            "opened": "country",
        }.get(name, name)
        values = value if isinstance(value, list) else [value]
        words = (self._speaker.value(group, one) for one in values)
        is_graded = name in {"reliability", "handling_code"}
        return tuple(
            f"{one} – {word}" if is_graded else word for one, word in zip(values, words, strict=True)
        )

    def _share(self, value: Json) -> str:
        if not isinstance(value, dict):
            return self._speaker.value("share", value)
        ((word, codes),) = value.items()
        listed = ", ".join(str(code) for code in codes) if isinstance(codes, list) else str(codes)
        return f"{self._speaker.value('share', word)} {listed}"
