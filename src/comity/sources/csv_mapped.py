"""Any table of a national register, read through a mapping file (see `mapping`)."""

import csv
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.kind import Kind
from comity.sources.mapping import FieldRule, KindRule, MappingFile, TableMapping, Target, constants_of
from comity.sources.mapping_values import READERS, ReadValue
from comity.sources.rows import READ_ERRORS, Cells, SourceRow, Table, open_list
from comity.sources.texts import fitting, without_empty

DIGEST_DIGITS = 16
CELL_MAX = 20_000


def read(path: Path, mapping: TableMapping) -> Iterator[SourceRow]:
    """Yield the rows of a table as records.

    A value that its field refuses goes to `remarks` with the name of its column. Raises `MalformedError`
    `list-form` where the table has not the columns that the mapping needs.
    """
    seen: dict[str, int] = {}
    forms = {word: _form(word, mapping) for word in mapping.kinds}
    with open_list(path) as file:
        try:
            table = Table(file, mapping.file.columns, mapping.file.delimiter)
            if not _needed(mapping.file).issubset(table.columns):
                raise MalformedError("list-form", "file")
            for line, cells in table.rows():
                yield _row(line, cells, mapping.file, forms, seen)
        except (csv.Error, *READ_ERRORS) as error:
            raise MalformedError("list-form", "file") from error


def _needed(file: MappingFile) -> set[str]:
    return {*file.source_id, *([file.kind.column] if isinstance(file.kind, KindRule) else ())}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule of a mapping, made ready once for all the rows of a table."""

    stated: FieldRule
    columns: tuple[str, ...]
    parting: re.Pattern[str] | None
    pattern: re.Pattern[str] | None
    silent: frozenset[str]
    words: Mapping[str, str]
    read: ReadValue
    target: Target
    more: Target | None

    def texts(self, cells: Cells) -> list[str]:
        """Return the texts that the rule finds in a row: parted, matched, replaced by what stands for them."""
        whole = cells.get(self.columns[0], "") if len(self.columns) == 1 else self._joined(cells)
        if not whole:
            return []
        texts = [whole[:CELL_MAX]]
        if self.parting is not None:
            texts = self.parting.split(texts[0])
        if self.pattern is not None:
            texts = [found for text in texts for found in self.pattern.findall(text)]
        bare = [kept for text in texts if (kept := text.strip(' \t\n"'))]
        if not self.silent and not self.words:
            return bare
        folded = ((text.casefold(), text) for text in bare)
        return [self.words.get(word, text) for word, text in folded if word not in self.silent]

    def _joined(self, cells: Cells) -> str:
        return self.stated.join.join(text for column in self.columns if (text := cells.get(column, "")))


@dataclass(frozen=True, slots=True)
class _Form:
    """What a mapping makes of a row of one kind: the fields around the record, its constants, its rules."""

    kind: Kind
    frame: Mapping[str, Json]
    constants: tuple[tuple[Target, str], ...]
    rules: tuple[_Rule, ...]


def _form(word: str, mapping: TableMapping) -> _Form:
    """Return what a mapping makes of the rows of this kind."""
    file, targets = mapping.file, mapping.targets
    constants = ((targets.get((word, path)), text) for path, text in file.constants.items())
    return _Form(
        mapping.kinds[word],
        {**constants_of(file), "kind": word},
        tuple((target, text) for target, text in constants if target is not None),
        tuple(_ready(rule, word, mapping) for rule in file.field if not rule.kinds or word in rule.kinds),
    )


def _ready(rule: FieldRule, word: str, mapping: TableMapping) -> _Rule:
    return _Rule(
        stated=rule,
        columns=(rule.source,) if isinstance(rule.source, str) else tuple(rule.source),
        parting=re.compile("|".join(map(re.escape, rule.split))) if rule.split else None,
        pattern=re.compile(rule.pattern) if rule.pattern else None,
        silent=frozenset(text.casefold() for text in rule.unknown),
        words={text.casefold(): value for text, value in rule.values.items()},
        read=READERS[rule.reading],
        target=mapping.targets[word, rule.to],
        more=mapping.targets[word, rule.more] if rule.more else None,
    )


def _row(
    line: int, cells: Cells, file: MappingFile, forms: Mapping[str, _Form], seen: dict[str, int]
) -> SourceRow:
    raw: dict[str, Json] = {name: text for name, text in cells.items() if text}
    stated = file.kind
    word = stated if isinstance(stated, str) else stated.values.get(cells.get(stated.column, ""))
    if word is None:
        return SourceRow(line, None, MalformedError("not-a-choice", "kind"), raw)
    identity = _source_id(cells, file.source_id, seen)
    if not identity:
        return SourceRow(line, None, MalformedError("field-missing", "source_id"), raw)
    form, record = forms[word], _Record()
    for target, text in form.constants:
        record.put(target, text, {})
    for rule in form.rules:
        record.apply(rule, cells)
    return SourceRow(line, {**record.finished(form.kind), **form.frame, "source_id": identity}, raw=raw)


def _source_id(cells: Cells, columns: list[str], seen: dict[str, int]) -> str:
    named = [cells.get(column, "") for column in columns]
    if columns:
        identity = "/".join(named)[:180] if any(named) else ""
    else:
        identity = hashlib.sha256("\x1f".join(cells.values()).encode()).hexdigest()[:DIGEST_DIGITS]
    if not identity:
        return ""
    seen[identity] = seen.get(identity, 0) + 1
    # Tables repeat rows; each is a thing of its own until its owner says otherwise.
    return identity if seen[identity] == 1 else f"{identity}#{seen[identity]}"


class _Record:
    """A record that the rules of a mapping fill, one after the other."""

    def __init__(self) -> None:
        self._data: dict[str, Json] = {}
        self._left: list[str] = []

    def apply(self, rule: _Rule, cells: Cells) -> None:
        """Put what a rule takes from a row into its field; what does not fit is kept for the remarks."""
        for text in rule.texts(cells):
            values = rule.read(text, rule.stated.formats, rule.stated.on)
            taken = [self._put_value(rule, value) for value in values]
            if not values or not all(taken):
                self._left.append(f"{rule.columns[0]}: {text}")

    def _put_value(self, rule: _Rule, value: Json) -> bool:
        stated = rule.stated
        if isinstance(value, dict):
            return self.put(rule.target, value["name"], {**stated.beside, "type": str(value["type"])})
        shown = f"{stated.prefix}{value}{stated.suffix}" if isinstance(value, str) else value
        return self.put(rule.target, shown, stated.beside) or bool(
            rule.more and self.put(rule.more, shown, {})
        )

    def put(self, target: Target, value: Json, beside: dict[str, str]) -> bool:
        """Put a value into a field; tell whether the field took it."""
        field, type_ = target.field, target.field.type
        if type_ is None or fitting(type_, value) is None:
            return False
        if target.group is None:
            return _put(
                self._data, field.name, value, is_many=field.many, is_text=type_.name.endswith("text")
            )
        return self._put_in_group(target.group.name, field.name, value, beside, is_many=target.group.many)

    def _put_in_group(
        self, group: str, name: str, value: Json, beside: dict[str, str], *, is_many: bool
    ) -> bool:
        held = self._data.get(group)
        element: dict[str, Json] = {name: value, **beside}
        if not is_many:
            part: dict[str, Json] = held if isinstance(held, dict) else {}
            self._data[group] = {**part, **element}
            return True
        elements = held if isinstance(held, list) else []
        last = elements[-1] if elements else None
        if beside or not isinstance(last, dict) or name in last:
            self._data[group] = [*elements, element]
        else:
            # Without fields beside it, a value completes the element begun: listing.date after listing.reason.
            self._data[group] = [*elements[:-1], {**last, **element}]
        return True

    def finished(self, kind: Kind) -> dict[str, Json]:
        """Return the record, with everything that found no field in its remarks."""
        if self._left and any(field.name == "remarks" for field in kind.fields):
            held = self._data.get("remarks")
            self._data["remarks"] = "\n".join([*([str(held)] if held else []), *self._left])[:CELL_MAX]
        return without_empty(self._data)


def _put(data: dict[str, Json], name: str, value: Json, *, is_many: bool, is_text: bool) -> bool:
    held = data.get(name)
    if is_many:
        values = held if isinstance(held, list) else []
        data[name] = values if value in values else [*values, value]
        return True
    if held is not None and is_text:
        data[name] = f"{held}\n{value}"
        return True
    if held is not None:
        return held == value
    data[name] = value
    return True
