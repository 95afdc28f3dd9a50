"""Any table of a national register, read through a mapping file (see `mapping`)."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.kind import Kind
from comity.sources.mapping import FieldRule, KindRule, TableMapping, constants_of
from comity.sources.mapping_values import READERS
from comity.sources.rows import READ_ERRORS, SourceRow, open_list
from comity.sources.texts import fitting, without_empty

Cells: TypeAlias = dict[str, str]

DIGEST_DIGITS = 16
CELL_MAX = 20_000


def read(path: Path, mapping: TableMapping) -> Iterator[SourceRow]:
    """Yield the rows of a table as records.

    A value that its field refuses goes to `remarks` with the name of its column. Raises `MalformedError`
    `list-form` where the table has not the columns that the mapping needs.
    """
    seen: dict[str, int] = {}
    with open_list(path) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", "replace", newline="")
        rows = csv.DictReader(text, mapping.file.columns or None, delimiter=mapping.file.delimiter)
        try:
            if not _needed(mapping) <= set(rows.fieldnames or ()):
                raise MalformedError("list-form", "file")
            for row in rows:
                cells = {name: text.strip() for name, text in row.items() if name and isinstance(text, str)}
                yield _row(rows.line_num, cells, mapping, seen)
        except (csv.Error, *READ_ERRORS) as error:
            raise MalformedError("list-form", "file") from error


def _needed(mapping: TableMapping) -> set[str]:
    kind = mapping.file.kind
    return {*mapping.file.source_id, *([kind.column] if isinstance(kind, KindRule) else ())}


def _row(line: int, cells: Cells, mapping: TableMapping, seen: dict[str, int]) -> SourceRow:
    raw: dict[str, Json] = {name: text for name, text in cells.items() if text}
    stated = mapping.file.kind
    word = stated if isinstance(stated, str) else stated.values.get(cells.get(stated.column, ""))
    if word is None:
        return SourceRow(line, None, MalformedError("not-a-choice", "kind"), raw)
    identity = _source_id(cells, mapping, seen)
    if not identity:
        return SourceRow(line, None, MalformedError("field-missing", "source_id"), raw)
    record = _Record(mapping.kinds[word], mapping)
    for path, text in mapping.file.constants.items():
        if (word, path) in mapping.targets:
            record.put(path, text, {})
    for rule in mapping.file.field:
        if not rule.kinds or word in rule.kinds:
            record.apply(rule, cells)
    frame = {**constants_of(mapping.file), "kind": word, "source_id": identity}
    return SourceRow(line, {**record.finished(), **frame}, raw=raw)


def _source_id(cells: Cells, mapping: TableMapping, seen: dict[str, int]) -> str:
    named = [cells.get(column, "") for column in mapping.file.source_id]
    if mapping.file.source_id:
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

    def __init__(self, kind: Kind, mapping: TableMapping) -> None:
        self._kind, self._mapping = kind, mapping
        self._data: dict[str, Json] = {}
        self._left: list[str] = []

    def apply(self, rule: FieldRule, cells: Cells) -> None:
        """Put what a rule takes from a row into its field; what does not fit is kept for the remarks."""
        columns = [rule.source] if isinstance(rule.source, str) else rule.source
        whole = rule.join.join(text for column in columns if (text := cells.get(column, "")))[:CELL_MAX]
        for text in _parts(rule, whole):
            values = READERS[rule.reading](text, rule.formats, rule.on)
            taken = [self._put_value(rule, value) for value in values]
            if not values or not all(taken):
                self._left.append(f"{columns[0]}: {text}")

    def _put_value(self, rule: FieldRule, value: Json) -> bool:
        if isinstance(value, dict):
            return self.put(rule.to, value["name"], {**rule.beside, "type": str(value["type"])})
        shown = f"{rule.prefix}{value}{rule.suffix}" if isinstance(value, str) else value
        return self.put(rule.to, shown, rule.beside) or bool(rule.more and self.put(rule.more, shown, {}))

    def put(self, path: str, value: Json, beside: dict[str, str]) -> bool:
        """Put a value into a field; tell whether the field took it."""
        target = self._mapping.targets[self._kind.code, path]
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

    def finished(self) -> dict[str, Json]:
        """Return the record, with everything that found no field in its remarks."""
        if self._left and any(field.name == "remarks" for field in self._kind.fields):
            held = self._data.get("remarks")
            self._data["remarks"] = "\n".join([*([str(held)] if held else []), *self._left])[:CELL_MAX]
        return without_empty(self._data)


def _parts(rule: FieldRule, whole: str) -> list[str]:
    texts = [whole]
    if rule.split:
        texts = re.split("|".join(map(re.escape, rule.split)), whole)
    if rule.pattern:
        texts = [found for text in texts for found in re.findall(rule.pattern, text)]
    silent = {word.casefold() for word in rule.unknown}
    words = {word.casefold(): value for word, value in rule.values.items()}
    bare = [text.strip(' \t\n"') for text in texts]
    return [words.get(text.casefold(), text) for text in bare if text and text.casefold() not in silent]


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
