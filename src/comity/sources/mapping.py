"""A mapping file: which column of a table says what in a record. Written in TOML, checked when it is read.

kind = "vehicle"                 # or { column = "Type", values = { Person = "person" } }
source_id = ["vehicle_id"]       # columns; [] makes a digest of the row
constants = { status = "stolen" }
[[field]]
to = "since"                     # a field; "listing.date" is a field of a group
from = "date_stolen"             # a column, or several that are joined
as = "date"
formats = ["%m/%d/%y"]
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.kind import Field, Kind
from comity.records.kinds import KINDS
from comity.records.record import FRAME_FIELDS
from comity.sources.mapping_values import READERS

MAPPING_BYTES_MAX = 200_000
SHIPPED = "mappings"


class KindRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kind of a row, told by the value of one column."""

    column: str
    values: dict[str, str]


class FieldRule(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"source": "from", "reading": "as"}
):
    """What one field takes from a row.

    `to` is the field, or the group and its field; `beside` gives other fields of the same element of a
    repeated group. `split` are the texts that part several values, `pattern` a regular expression whose
    first group is the value, `values` a table of words, `unknown` are words that say nothing, `more` is
    the field that takes further values where `to` takes one, `kinds` the kinds the rule is for.
    """

    to: str
    source: str | list[str]
    reading: str = "text"
    join: str = " "
    split: list[str] = []
    pattern: str = ""
    values: dict[str, str] = {}
    unknown: list[str] = []
    formats: list[str] = []
    on: str = ""
    prefix: str = ""
    suffix: str = ""
    beside: dict[str, str] = {}
    more: str = ""
    kinds: list[str] = []


class MappingFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping as its file states it."""

    kind: str | KindRule
    source_id: list[str]
    field: list[FieldRule]
    about: str = ""
    constants: dict[str, str] = {}
    columns: list[str] = []
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Target:
    """Where a rule's values go: a field of the record, or of an element of a group."""

    field: Field
    group: Field | None = None


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A mapping that has been checked: the file, the kinds it makes, and each rule's target by kind."""

    file: MappingFile
    kinds: Mapping[str, Kind]
    targets: Mapping[tuple[str, str], Target]


def read_mapping(name_or_file: str) -> TableMapping:
    """Return a mapping by the name of a shipped one, or by its file.

    Raises `MalformedError(field="mapping")`: `mapping-unknown`, `mapping-form`, `mapping-kind`,
    `mapping-reading`, `mapping-pattern`; or `mapping-field` with the field that the kind has not.
    """
    try:
        return checked(msgspec.convert(tomllib.loads(_text(name_or_file)), MappingFile))
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError("mapping-form", "mapping") from error


def shipped_mappings() -> tuple[str, ...]:
    """Return the names of the mappings that come with Comity."""
    beside = files("comity.sources") / SHIPPED
    return tuple(
        sorted(one.name.removesuffix(".toml") for one in beside.iterdir() if one.name.endswith(".toml"))
    )


def _text(name_or_file: str) -> str:
    if name_or_file in shipped_mappings():
        return (files("comity.sources") / SHIPPED / f"{name_or_file}.toml").read_text("utf-8")
    path = Path(name_or_file)
    try:
        if path.stat().st_size > MAPPING_BYTES_MAX:
            raise MalformedError("mapping-form", "mapping")
        return path.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise MalformedError("mapping-unknown", "mapping") from error


def checked(file: MappingFile) -> TableMapping:
    """Return the mapping with every rule's target found. Raises as `read_mapping` does."""
    words = [file.kind] if isinstance(file.kind, str) else [*file.kind.values.values()]
    if not words or not set(words) <= KINDS.keys() or len(file.delimiter) != 1:
        raise MalformedError("mapping-kind" if len(file.delimiter) == 1 else "mapping-form", "mapping")
    kinds = {word: KINDS[word] for word in words}
    targets: dict[tuple[str, str], Target] = {}
    for rule in file.field:
        _check_rule(rule)
        for word, kind in kinds.items():
            if not rule.kinds or word in rule.kinds:
                targets[word, rule.to] = _target(kind, rule.to)
                if rule.more:
                    targets[word, rule.more] = _target(kind, rule.more)
    for path in file.constants:
        for word, kind in kinds.items():
            if path not in FRAME_FIELDS:
                targets[word, path] = _target(kind, path)
    return TableMapping(file, kinds, targets)


def _check_rule(rule: FieldRule) -> None:
    if rule.reading not in READERS:
        raise MalformedError("mapping-reading", "mapping")
    try:
        groups = re.compile(rule.pattern).groups
    except (re.error, RecursionError, OverflowError) as error:
        raise MalformedError("mapping-pattern", "mapping") from error
    if rule.pattern and groups != 1:
        raise MalformedError("mapping-pattern", "mapping")


def _target(kind: Kind, path: str) -> Target:
    name, _, inner = path.partition(".")
    field = next((one for one in kind.fields if one.name == name), None)
    if field is not None and inner and field.type is None:
        part = next((one for one in field.fields if one.name == inner), None)
        if part is not None and part.type is not None:
            return Target(part, field)
    if field is None or inner or field.type is None:
        raise MalformedError("mapping-field", path[:200])
    return Target(field)


def constants_of(file: MappingFile) -> dict[str, Json]:
    """Return the constants that go into the frame of each record, such as its notice."""
    return {name: text for name, text in file.constants.items() if name in FRAME_FIELDS}
