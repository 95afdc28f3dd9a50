"""Many records read at once, field by field: the same records as `parse_record` gives, in a fraction of the time.

    rows -> those with the same fields -> columns -> each distinct value parsed once -> columns in canonical form

Only rows without any fault come out of it. What is odd in any way is left to `parse_record`, which says what
is wrong; so the two ways cannot differ in what they refuse.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import compress
from operator import itemgetter
from typing import Final

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Comparison, Json
from comity.records.handling import Handling, Share, parse_handling
from comity.records.kind import Field, Kind
from comity.records.kinds import kind_named
from comity.records.record import HANDLING_FIELDS, SOURCE_ID_CHARS_MAX, Record, parse_notice

VALUES_KEPT = 200_000
"""How many distinct values of a field are kept parsed."""

ROWS_AT_ONCE: Final = 2048

FAULTY: Final = object()
_FRAME_SIMPLE = ("kind", "source_id", "notice")


@dataclass(frozen=True, slots=True)
class Columns:
    """Records of one kind with the same fields, notice and handling; `places` says where each row stood.

    `names` are the fields in the order of the declaration; `values` are theirs, column by column.
    """

    kind: Kind
    notice: str | None
    handling: Handling
    names: tuple[str, ...]
    source_ids: Sequence[str]
    values: tuple[Sequence[Json], ...]
    places: Sequence[int]

    def __len__(self) -> int:
        return len(self.source_ids)

    def rows(self) -> Iterator[tuple[Json, ...]]:
        """Yield the values of each record, field by field."""
        return zip(*self.values, strict=True) if self.values else iter([()] * len(self))

    def record(self, place: int) -> Record:
        """Return one of the records."""
        data = {name: column[place] for name, column in zip(self.names, self.values, strict=True)}
        return Record(self.kind, self.source_ids[place], self.notice, data, self.handling)

    def without(self, chosen: Sequence[bool]) -> "Columns":
        """Return the records that are chosen."""
        return Columns(
            self.kind,
            self.notice,
            self.handling,
            self.names,
            list(compress(self.source_ids, chosen)),
            tuple(list(compress(column, chosen)) for column in self.values),
            list(compress(self.places, chosen)),
        )

    def sliced(self, size: int) -> Iterator["Columns"]:
        """Yield the records in order, so many at a time."""
        for start in range(0, len(self), size):
            part = slice(start, start + size)
            yield Columns(
                self.kind,
                self.notice,
                self.handling,
                self.names,
                self.source_ids[part],
                tuple(column[part] for column in self.values),
                self.places[part],
            )

    def bodies(self) -> list[bytes]:
        """Return the canonical bytes of every record, as `Record.to_bytes` gives them."""
        frame = {**self.handling.to_json(), "kind": self.kind.code, "notice": self.notice}
        stated = dict(zip(("source_id", *self.names), (self.source_ids, *self.values), strict=True))
        parts: list[str] = []
        columns: list[Sequence[str]] = []
        for name in sorted({*frame, *stated}):
            if name in stated:
                form, column = _as_json(stated[name])
                parts.append(f'"{name}":{form}')
                columns.append(column)
            else:
                fixed = msgspec.json.encode(frame[name], order="sorted").decode()
                parts.append(f'"{name}":{fixed.replace("%", "%%")}')
        template = "{" + ",".join(parts) + "}"
        return [text.encode() for text in map(template.__mod__, zip(*columns, strict=True))]

    def keys(self) -> tuple[tuple[str, Sequence[str]], ...]:
        """Return (meaning, keys) for each field that leads to its record, one key a record."""
        held = dict(zip(self.names, self.values, strict=True))
        return tuple(
            (field.meaning, [*map(field.type.key, held[field.name])])
            for field in self.kind.searched
            if field.type is not None and field.name in held
        )


def is_columnar(kind: Kind, names: Sequence[str]) -> bool:
    """Return whether records with these fields lead to themselves by one key a field, and by no name."""
    return not any(
        field.many or field.type is None or field.type.comparison is Comparison.NAME
        for field in kind.searched
        if field.name in names
    )


def _as_json(column: Sequence[Json]) -> tuple[str, Sequence[str]]:
    """Return how a column stands in the template of a body, and its texts."""
    try:
        whole = " ".join(column)  # type: ignore[arg-type] # what is no text is found out
    except TypeError:
        return "%s", [msgspec.json.encode(value, order="sorted").decode() for value in column]
    if whole.isascii() and whole.isprintable() and '"' not in whole and "\\" not in whole:
        return '"%s"', column  # type: ignore[return-value] # all text
    return "%s", [msgspec.json.encode(value).decode() for value in column]


class _Parsed(dict[str, object]):
    """The parsed value of each text of one field, worked out when it is first met; `FAULTY` where there is none."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field

    def __missing__(self, text: str) -> object:
        if len(self) >= VALUES_KEPT:
            self.clear()
        made = self[text] = _parsed(self._field, text)
        return made


def _parsed(field: Field, value: Json) -> object:
    assert field.type is not None
    if value is None or value == []:
        return FAULTY
    try:
        return field.type.parse(value, field.name)
    except MalformedError:
        return FAULTY


class ColumnReader:
    """Reads rows into columns, and keeps what it has parsed for the next rows. `share` holds where none is stated."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._known: dict[tuple[str, str], _Parsed] = {}

    def read(self, rows: Sequence[Mapping[str, Json]]) -> tuple[list[Columns], list[int]]:
        """Return the columns of all rows that are read here, and the places of the others."""
        read: list[Columns] = []
        left: list[int] = []
        for names, places in _shapes(rows).items():
            made, odd = self._read_shape(names, [rows[place] for place in places], places)
            read += made
            left += odd
        return read, sorted(left)

    def _read_shape(
        self, names: tuple[str, ...], rows: Sequence[Mapping[str, Json]], places: Sequence[int]
    ) -> tuple[list[Columns], list[int]]:
        if "kind" not in names or "source_id" not in names:
            return [], [*places]
        # Some rows after the other: all values of some thousand lie in the processor's cache.
        held: dict[str, list[Json]] = {name: [] for name in names}
        for start in range(0, len(rows), ROWS_AT_ONCE):
            some = rows[start : start + ROWS_AT_ONCE]
            for name, column in held.items():
                column.extend(map(itemgetter(name), some))
        try:
            frames = _frames(held, len(rows))
            distinct = dict.fromkeys(frames)
        except TypeError:
            return [], [*places]
        read: list[Columns] = []
        left: list[int] = []
        for frame in distinct:
            chosen = None if len(distinct) == 1 else [one == frame for one in frames]
            columns = held if chosen is None else {name: [*compress(held[name], chosen)] for name in names}
            where = places if chosen is None else [*compress(places, chosen)]
            made, odd = self._read_frame(columns, where)
            left += odd
            if made is not None:
                read.append(made)
        return read, left

    def _read_frame(
        self, held: Mapping[str, Sequence[Json]], places: Sequence[int]
    ) -> tuple[Columns | None, Sequence[int]]:
        """Read rows that agree in kind, notice and handling."""
        first = {name: held[name][0] for name in held}
        try:
            kind, notice = kind_named(first["kind"]), parse_notice(first.get("notice"))
            handling = parse_handling(first, self._share)
        except MalformedError:
            return None, places
        own = {name: column for name, column in held.items() if name not in _FRAME_SIMPLE + HANDLING_FIELDS}
        fields = [field for field in kind.fields if field.name in own]
        if len(fields) < len(own) or any(field.required and field.name not in own for field in kind.fields):
            return None, places
        if any(field.many or field.type is None for field in fields) or not is_columnar(kind, [*own]):
            return None, places
        sound = [True] * len(places)
        values = [self._read_field(kind, field, own[field.name], sound) for field in fields]
        source_ids = _source_ids(held["source_id"], sound)
        names = tuple(field.name for field in fields)
        made = Columns(kind, notice, handling, names, source_ids, tuple(values), places)
        if all(sound):
            return made, ()
        return made.without(sound), [
            place for place, is_sound in zip(places, sound, strict=True) if not is_sound
        ]

    def _read_field(self, kind: Kind, field: Field, column: Sequence[Json], sound: list[bool]) -> list[Json]:
        """Return the parsed values, and note in `sound` which have a fault."""
        if _is_text(column):
            known = self._known.setdefault((kind.code, field.name), _Parsed(field))
            made = [known[value] for value in column]  # type: ignore[index] # all text
        else:
            made = [*map(partial(_parsed, field), column)]
        if FAULTY in made:
            for place, value in enumerate(made):
                if value is FAULTY:
                    sound[place] = False
        return made  # type: ignore[return-value] # faulty rows are left out


def _frames(held: Mapping[str, Sequence[Json]], count: int) -> Sequence[object]:
    """Return what decides the kind, notice and handling of each row; raises `TypeError` where that has no order."""
    kinds = held["kind"]
    framed = [name for name in ("notice", *HANDLING_FIELDS) if name in held]
    if not framed:
        # Nearly every list: one kind, and nothing said of handling.
        return [kinds[0]] * count if len(set(kinds)) == 1 else kinds
    stated = zip(*(held[name] for name in framed), strict=True)
    return list(zip(kinds, map(msgspec.json.encode, stated), strict=True))


def _shapes(rows: Sequence[Mapping[str, Json]]) -> dict[tuple[str, ...], Sequence[int]]:
    """Return the places of the rows that have the same fields in the same order."""
    if len(distinct := set(map(tuple, rows))) == 1:  # nearly every list
        return {distinct.pop(): range(len(rows))}
    shapes: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        shapes.setdefault(tuple(row), []).append(place)
    return {**shapes}


def _is_text(column: Sequence[Json]) -> bool:
    try:
        "".join(column)  # type: ignore[arg-type] # what is no text is found out
    except TypeError:
        return False
    return True


def _source_ids(column: Sequence[Json], sound: list[bool]) -> list[str]:
    """Return the owner's identifiers, and note in `sound` which are not plainly fine as they stand."""
    made = [str(value) if type(value) is int else value for value in column]
    if not _is_text(made):
        for place, value in enumerate(made):
            if type(value) is not str:
                sound[place], made[place] = False, ""
    texts: list[str] = made  # type: ignore[assignment] # all text by now
    if (
        not " ".join(texts).isprintable()
        or min(map(len, texts)) == 0
        or max(map(len, texts)) > SOURCE_ID_CHARS_MAX
    ):
        for place, text in enumerate(texts):
            if not text.isprintable() or not 0 < len(text) <= SOURCE_ID_CHARS_MAX:
                sound[place] = False
    for place, text in enumerate(texts):
        if text[:1] == " " or text[-1:] == " " or not (text.isascii() or text.strip() == text):
            sound[place] = False
    return texts
