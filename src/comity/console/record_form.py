"""Forms made from declared fields, and the values that they state: whole records, group by group.

A group that repeats has a row for each of its elements and an empty one: saving brings the next. It works without
scripts, and no kind of record is known by name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from comity.records.fieldtype import Comparison, FieldType, Json
from comity.records.kind import Field

PARTS = re.compile(r"[\n,;\u060c\u061b\u3001]+")  # the Arabic comma and semicolon, the Japanese comma
OPEN_CODES = frozenset({"country", "language", "document_type"})
LONG = frozenset({"text", "long_text"})
WHOLE = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True)
class Input:
    """One input: its name in the form, the field's, how it is typed, what stands in it, what is wrong with it."""

    name: str
    label: str
    look: str
    value: str
    group: str = ""
    codes: tuple[str, ...] = ()
    error: str | None = None
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A field of a form: one input, or the rows of a group; `label` is the field's name."""

    label: str
    rows: tuple[tuple[Input, ...], ...]
    is_group: bool
    repeats: bool
    error: str | None = None

    @property
    def is_filled(self) -> bool:
        """Whether something stands in it, or is wrong with it."""
        return self.error is not None or any(one.value or one.error for row in self.rows for one in row)


def blocks(
    fields: Iterable[Field], data: Mapping[str, Json], prefix: str, fault: tuple[str, str] | None = None
) -> list[Block]:
    """Return the form of declared fields with what is stated; `fault` is an input's name and what is wrong."""
    return [_block(field, data.get(field.name), prefix, fault) for field in fields]


def runs(all_blocks: Iterable[Block]) -> list[tuple[Block, ...]]:
    """Return the blocks in order, neighbours that are no groups together: they share the width of a page."""
    parted = groupby(enumerate(all_blocks), key=lambda one: one[0] if one[1].is_group else -1)
    return [tuple(block for _, block in run) for _, run in parted]


def _block(field: Field, value: Json, prefix: str, fault: tuple[str, str] | None) -> Block:
    path = prefix + field.name
    error = fault[1] if fault is not None and fault[0] == path else None
    if not field.fields:
        return Block(field.name, ((_input(field, value, path, fault),),), False, field.many)
    if not field.many:
        stated = value if isinstance(value, dict) else {}
        row = tuple(_input(one, stated.get(one.name), f"{path}.{one.name}", fault) for one in field.fields)
        return Block(field.name, (row,), True, False, error)
    elements = value if isinstance(value, list) else []
    rows = tuple(
        tuple(
            _input(one, _part(element, one.name), f"{path}.{place}.{one.name}", fault) for one in field.fields
        )
        for place, element in enumerate([*elements, None])
    )
    return Block(field.name, rows, True, True, error)


def _part(element: Json, name: str) -> Json:
    return element.get(name) if isinstance(element, dict) else None


def _input(field: Field, value: Json, path: str, fault: tuple[str, str] | None) -> Input:
    assert field.type is not None, "a group holds values, no further groups"
    is_wrong = fault is not None and (fault[0] == path or re.fullmatch(re.escape(path) + r"\.\d+", fault[0]))
    return Input(
        name=path,
        label=field.name,
        look=_look(field.type, many=field.many),
        value=_text(value),
        group=field.type.name,
        codes=field.type.choices,
        error=fault[1] if fault is not None and is_wrong else None,
        is_required=field.required,
    )


def _text(value: Json) -> str:
    if value is None:
        return ""
    return "\n".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _look(type_: FieldType, *, many: bool) -> str:
    """Return how a value is typed: several lines, a choice, a country, a date, a number, a name, or a line."""
    if many:
        return "lines"
    if type_.choices and type_.name not in OPEN_CODES:
        return "choice"
    if type_.name in LONG:
        return "text"
    if type_.name == "country":
        return "country"
    looks = {Comparison.DATE: "date", Comparison.NAME: "name", Comparison.IDENTIFIER: "number"}
    return looks.get(type_.comparison, "line")


def stated(fields: Iterable[Field], posted: Mapping[str, str], prefix: str) -> dict[str, Json]:
    """Return what a posted form states: what was filled in, as it was typed; empty rows are left out."""
    found: dict[str, Json] = {}
    for field in fields:
        value = _stated(field, posted, prefix + field.name)
        if value not in (None, [], {}):
            found[field.name] = value
    return found


def _stated(field: Field, posted: Mapping[str, str], path: str) -> Json:
    if not field.fields:
        return _typed(field, posted.get(path, ""))
    if not field.many:
        return _row(field, posted, path)
    place, rows = 0, list[Json]()
    while any(f"{path}.{place}.{one.name}" in posted for one in field.fields):
        row = _row(field, posted, f"{path}.{place}")
        if row:
            rows.append(row)
        place += 1
    return rows


def _row(field: Field, posted: Mapping[str, str], path: str) -> dict[str, Json]:
    values = ((one.name, _typed(one, posted.get(f"{path}.{one.name}", ""))) for one in field.fields)
    return {name: value for name, value in values if value not in (None, [])}


def _typed(field: Field, text: str) -> Json:
    """Return what was typed: a list where the field repeats, a number where it is counted."""
    text = text.strip()
    if field.many:
        # A code has neither comma nor space; a text may, so each stands on its own line.
        is_code = field.type is not None and field.type.comparison is Comparison.CODE
        parts = PARTS.split(text) if is_code else text.splitlines()
        return [part.strip() for part in parts if part.strip()]
    if field.type is not None and field.type.name == "months" and WHOLE.fullmatch(text):
        return int(text)
    return text or None
