"""The form for entering a record, made from its kind's declaration, and the record that it states.

A field is posted under its path: `plate`, `event.date`, `documents.0.number`; of a field that takes several
values, each line is one. Groups that repeat have an empty row behind those filled in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from comity.console.forms import codes_typed
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Handling, Purpose, Restriction, View
from comity.records.kind import Field, Kind

FIELDS_MAX = 1000
ROWS_MAX = 40
HANDLING_CODES = ("H0", "H1", "H2", "H3")
RELIABILITIES = tuple(f"{source}{grade}" for source in "ABCX" for grade in "1234")
LONG = frozenset({"text", "long_text"})
HANDLING = ("share", "bureaus", "view", "reliability", "handling_code", "retain_until", "review_on")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to fill in: where it is posted, its name, how it is typed, what stands in it, what is wrong."""

    path: str
    name: str
    look: str
    value: str
    is_required: bool = False
    choices: tuple[str, ...] = ()
    group: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A group of fields: once, or as often as it is filled in and once more."""

    name: str
    rows: tuple[tuple[Entry, ...], ...]
    is_many: bool
    error: str | None = None


Part = Entry | Rows


@dataclass(frozen=True, slots=True)
class EntryForm:
    """The form of a kind: what identifies the thing first, the rest behind one line."""

    kind: str
    first: tuple[Part, ...]
    more: tuple[Part, ...]

    @property
    def is_open(self) -> bool:
        """Whether something stands in the rest, or is wrong with it."""
        return any(part.error or _is_filled(part) for part in self.more)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the field's path, as the error names it, and the sentence."""

    path: str
    sentence: str

    def at(self, path: str) -> str | None:
        """Return the sentence where this is the place."""
        return self.sentence if self.path == path or self.path.startswith(f"{path}.") else None


NO_FAULT = Fault("", "")


def entry_form(kind: Kind, data: Mapping[str, Json], fault: Fault = NO_FAULT, rows: int = 1) -> EntryForm:
    """Return the form of a kind as far as it is filled in; `rows` empty ones stand behind repeated groups."""
    parts = [
        (_is_first(kind, field), _part(field, data.get(field.name), fault, rows)) for field in kind.fields
    ]
    return EntryForm(
        kind.code,
        tuple(part for is_first, part in parts if is_first),
        tuple(part for is_first, part in parts if not is_first),
    )


def record_from(kind: Kind, posted: Mapping[str, str]) -> dict[str, Json]:
    """Return the record that the form states, as it was typed; what was left empty is left out."""
    data: dict[str, Json] = {"kind": kind.code, **_handling_from(posted)}
    for field in kind.fields:
        value = _value(field, posted, field.name)
        if value not in (None, [], {}):
            data[field.name] = value
    return data


def handling_values(handling: Handling) -> dict[str, str]:
    """Return what the form's questions on handling say for a record that is held."""
    return {
        "share": handling.share.restriction.value,
        "bureaus": ", ".join(sorted(handling.share.bureaus)),
        "view": handling.view.value,
        "reliability": handling.reliability,
        "handling_code": handling.code,
        "retain_until": "" if handling.retain_until is None else handling.retain_until.isoformat(),
        "review_on": "" if handling.review_on is None else handling.review_on.isoformat(),
        **{f"purpose.{purpose.value}": "on" for purpose in handling.purposes},
    }


def handling_typed(posted: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed about handling."""
    names = (*HANDLING, *(f"purpose.{purpose.value}" for purpose in Purpose))
    return {name: posted[name] for name in names if posted.get(name)}


def _handling_from(posted: Mapping[str, str]) -> dict[str, Json]:
    word = posted.get("share", "")
    codes: list[Json] = [*codes_typed(posted.get("bureaus", ""))]
    needs_codes = word in {Restriction.ONLY.value, Restriction.EXCEPT.value}
    stated: dict[str, Json] = {"share": {word: codes} if needs_codes else word or Restriction.OWNER.value}
    purposes: list[Json] = [one.value for one in Purpose if posted.get(f"purpose.{one.value}")]
    if purposes:
        stated["purposes"] = purposes
    for name in ("view", "reliability", "handling_code", "retain_until", "review_on", "source_id"):
        if posted.get(name, "").strip():
            stated[name] = posted[name].strip()
    return stated


def _value(field: Field, posted: Mapping[str, str], path: str) -> Json:
    if field.type is not None and field.many and field.type.choices:
        return [code for code in field.type.choices if posted.get(f"{path}.{code}")]
    if field.type is not None:
        text = posted.get(path, "").strip()
        return [*_lines(text)] if field.many else text or None
    if not field.many:
        return _group(field, posted, path)
    rows = (_group(field, posted, f"{path}.{place}") for place in range(ROWS_MAX))
    return [row for row in rows if row]


def _lines(text: str) -> Iterator[str]:
    yield from (line.strip() for line in text.splitlines() if line.strip())


def _group(field: Field, posted: Mapping[str, str], path: str) -> dict[str, Json]:
    found = {one.name: _value(one, posted, f"{path}.{one.name}") for one in field.fields}
    return {name: value for name, value in found.items() if value not in (None, [], {})}


def _is_first(kind: Kind, field: Field) -> bool:
    return (
        field.required or field.name in kind.summary or any(one.name == field.name for one in kind.searched)
    )


def _is_filled(part: Part) -> bool:
    if isinstance(part, Entry):
        return part.value != ""
    return any(entry.value for row in part.rows for entry in row)


def _part(field: Field, value: Json, fault: Fault, rows: int) -> Part:
    if field.type is not None:
        return _entry(field, value, field.name, fault)
    held = value if isinstance(value, list) else [value] if value else []
    given = [one for one in held if isinstance(one, dict)]
    empty: list[dict[str, Json]] = [{} for _ in range(rows if field.many else 1 - min(len(given), 1))]
    drawn = tuple(
        tuple(
            _entry(one, row.get(one.name), _path(field, place, one), fault)
            for one in field.fields
            if one.type
        )
        for place, row in enumerate([*given, *empty][:ROWS_MAX])
    )
    has_own = any(entry.error for row in drawn for entry in row)
    return Rows(field.name, drawn, field.many, None if has_own else fault.at(field.name))


def _path(group: Field, place: int, field: Field) -> str:
    return f"{group.name}.{place}.{field.name}" if group.many else f"{group.name}.{field.name}"


def _entry(field: Field, value: Json, path: str, fault: Fault) -> Entry:
    assert field.type is not None, "a group is drawn as rows"
    shown = [str(one) for one in value] if isinstance(value, list) else [] if value is None else [str(value)]
    return Entry(
        path,
        field.name,
        _look(field),
        "\n".join(shown),
        field.required,
        field.type.choices,
        field.type.name,
        fault.at(path),
    )


def _look(field: Field) -> str:
    """Return how a value is typed: several lines, one or several choices, a country, a number, a date, text."""
    assert field.type is not None, "a group has no look of its own"
    if field.type.choices:
        return "choices" if field.many else "choice"
    if field.many:
        return "lines"
    if field.type.name == "country":
        return "country"
    if field.type.name in LONG:
        return "text"
    return {Comparison.IDENTIFIER: "number", Comparison.DATE: "date", Comparison.NAME: "name"}.get(
        field.type.comparison, "line"
    )


VIEWS = tuple(view.value for view in View)
SHARES = tuple(one.value for one in Restriction)
