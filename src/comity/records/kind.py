"""A kind of record is a declaration: its fields, what may be asked, what a summary shows.

A field's `meaning` is a word of a vocabulary that all kinds share: `document.number` means the same on a
stolen passport and on the person who carries it, so that a check of one finds the other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, FieldType, Json

FREE_TEXTS = frozenset({"text", "long_text"})
"""The types of fields in which whoever enters a record writes sentences."""

VALUES_MAX = 500
"""The most values that one repeated field takes."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: a value, a list of values (`many`), or a group of fields.

    `searched` fields lead to their record: identifiers by their key, names by the name index. One that
    `names_another` holds the name of whom the record is not about: no check is led to the record by it.
    """

    name: str
    type: FieldType | None = None
    fields: tuple["Field", ...] = ()
    meaning: str = ""
    many: bool = False
    required: bool = False
    searched: bool = False
    names_another: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a check may ask: its word in the query, its type, and what it means in records.

    A question that `finds` leads to candidates; the others weigh them.
    """

    name: str
    type: FieldType
    meaning: str
    finds: bool = False


ReadText: TypeAlias = Callable[[Json, str], tuple[Mapping[str, Json], tuple[str, ...]]]
"""Reads (text, field) into answers by question name, and doubts; raises `MalformedError`."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """A question that carries several others in one text, such as a machine-readable zone."""

    name: str
    read: ReadText


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record. `code` is its word at the doors; `summary` names the fields of the summary view.

    `carrier` is an optional question that answers several others at once. `examples` are invented
    records, used by tests, documentation and the demonstration. `searched` is worked out: the fields
    that lead to the record, groups reduced to theirs; `dated` likewise those that are dates with a meaning, and
    `naming` those that may name somebody whom the record is not about: owners, parents, free text; `by_name` holds the
    questions.
    """

    code: str
    fields: tuple[Field, ...]
    questions: tuple[Question, ...]
    summary: tuple[str, ...]
    examples: tuple[Mapping[str, Json], ...] = field(default=())
    carrier: Carrier | None = None
    searched: tuple[Field, ...] = field(init=False)
    dated: tuple[Field, ...] = field(init=False)
    naming: tuple[Field, ...] = field(init=False)
    by_name: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "searched", searched_fields(self.fields))
        object.__setattr__(self, "dated", dated_fields(self.fields))
        object.__setattr__(self, "naming", naming_fields(self.fields))
        # The first of one name, as whoever goes through them finds it.
        named = {question.name: question for question in reversed(self.questions)}
        object.__setattr__(self, "by_name", named)

    def question(self, name: str) -> Question | None:
        """Return the question called `name`, if this kind has it."""
        return self.by_name.get(name)


def searched_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields that lead to their record; a group keeps those of its fields that do."""
    reduced = (replace(one, fields=searched_fields(one.fields)) if one.fields else one for one in fields)
    return tuple(one for one in reduced if one.searched or one.fields)


def dated_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields that are dates with a meaning; a group keeps those of its fields that are."""
    reduced = (replace(one, fields=dated_fields(one.fields)) if one.fields else one for one in fields)
    return tuple(one for one in reduced if one.fields or (one.meaning and _is_date(one)))


def naming_fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return the fields that may name somebody whom the record is not about; a group keeps those of its fields."""
    reduced = (replace(one, fields=naming_fields(one.fields)) if one.fields else one for one in fields)
    return tuple(one for one in reduced if one.fields or one.names_another or _is_free_text(one))


def _is_free_text(field_: Field) -> bool:
    return field_.type is not None and field_.type.name in FREE_TEXTS


def _is_date(field_: Field) -> bool:
    return field_.type is not None and field_.type.comparison is Comparison.DATE


@dataclass(frozen=True, slots=True)
class Value:
    """One typed value in a record: where it stands, what it means, and in which element of which group."""

    path: str
    field: Field
    value: Json
    group: int


def parse_fields(fields: tuple[Field, ...], data: Mapping[str, Json], prefix: str = "") -> dict[str, Json]:
    """Return `data` in canonical form, field by field in the order of the declaration.

    Raises `MalformedError` with `unknown-field`, `field-missing`, `list-expected`, `group-expected`,
    `too-many-values`, or what the field's type says. Null and empty lists are the same as absent.
    """
    parsed: dict[str, Json] = {}
    for field_ in fields:
        name = field_.name
        value = data.get(name)
        if value is None or value == []:
            if field_.required:
                # A slip in a field's name leaves the right one missing: the slip is what to tell.
                _refuse_unknown(fields, data, prefix)
                raise MalformedError("field-missing", prefix + name)
            continue
        parse = _parse_many if field_.many else _parse_one
        parsed[name] = parse(field_, value, prefix + name)
    if len(parsed) != len(data):
        _refuse_unknown(fields, data, prefix)
    return parsed


def _refuse_unknown(fields: tuple[Field, ...], data: Mapping[str, Json], prefix: str) -> None:
    known = {field.name for field in fields}
    for name in data:
        if name not in known:
            raise MalformedError("unknown-field", f"{prefix}{name}"[:200])


def _parse_many(field_: Field, value: Json, path: str) -> Json:
    if not isinstance(value, list):
        raise MalformedError("list-expected", path)
    if len(value) > VALUES_MAX:
        raise MalformedError("too-many-values", path)
    parsed = [_parse_one(field_, one, f"{path}.{place}") for place, one in enumerate(value)]
    # The same alias twice says nothing more than once.
    return (
        parsed if len(parsed) == 1 else [one for place, one in enumerate(parsed) if one not in parsed[:place]]
    )


def _parse_one(field_: Field, value: Json, path: str) -> Json:
    if field_.type is not None:
        return field_.type.parse(value, path)
    if not isinstance(value, dict):
        raise MalformedError("group-expected", path)
    return parse_fields(field_.fields, value, f"{path}.")


def values(fields: tuple[Field, ...], data: Mapping[str, Json]) -> Iterator[Value]:
    """Yield every typed value of a record; values of one element of a repeated group share a group number.

    Group 0 is the record itself; the elements of repeated groups are numbered from 1.
    """
    group = 0
    for field_ in fields:
        value = data.get(field_.name)
        if value is None:
            continue
        for one in value if field_.many and isinstance(value, list) else [value]:
            if field_.type is not None:
                yield Value(field_.name, field_, one, 0)
            elif isinstance(one, dict):
                group += 1
                yield from _group_values(field_, one, group)


def _group_values(field_: Field, data: Mapping[str, Json], group: int) -> Iterator[Value]:
    for inner in values(field_.fields, data):
        yield Value(f"{field_.name}.{inner.path}", inner.field, inner.value, group)


@dataclass(frozen=True, slots=True)
class Terms:
    """The words under which a record is found: (meaning, key) for identifiers, (meaning, text) for names.

    `dates` are (meaning, text) of its dates that may be asked: they find nothing, but tell whom a name may mean.
    """

    keys: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, str], ...] = ()


def search_terms(kind: Kind, data: Mapping[str, Json]) -> Terms:
    """Return the terms under which a record with these fields is found, without repetition."""
    keys: dict[tuple[str, str], None] = {}
    names: dict[tuple[str, str], None] = {}
    _gather_terms(kind.searched, data, keys, names)
    dates: dict[tuple[str, str], None] = {}
    if names:
        _gather_dates(kind.dated, data, dates)
    return Terms(tuple(keys), tuple(names), tuple(dates))


def _gather_dates(
    fields: tuple[Field, ...], data: Mapping[str, Json], dates: dict[tuple[str, str], None]
) -> None:
    for field_ in fields:
        value = data.get(field_.name)
        for one in value if field_.many and isinstance(value, list) else [value]:
            if isinstance(one, dict):
                _gather_dates(field_.fields, one, dates)
            elif one is not None:
                dates[field_.meaning, str(one)] = None


def _gather_terms(
    fields: tuple[Field, ...],
    data: Mapping[str, Json],
    keys: dict[tuple[str, str], None],
    names: dict[tuple[str, str], None],
) -> None:
    for field_ in fields:
        value = data.get(field_.name)
        if value is None:
            continue
        type_ = field_.type
        for one in value if field_.many and isinstance(value, list) else [value]:
            if type_ is None:
                if isinstance(one, dict):
                    _gather_terms(field_.fields, one, keys, names)
            elif type_.comparison is Comparison.NAME:
                names[field_.meaning, str(one)] = None
            else:
                keys[field_.meaning, type_.key(one)] = None


def doubts(kind: Kind, data: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    """Return (field path, doubt code) for each value that its own check digit contradicts."""
    return tuple(
        (value.path, doubt)
        for value in values(kind.fields, data)
        if value.field.type is not None
        for doubt in value.field.type.doubts(value.value)
    )
