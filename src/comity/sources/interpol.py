"""INTERPOL's public notices, as their service answers: a list's envelope, or notices one a line or in an array.

Also the list as a table (CSV) with the service's own words as columns. A notice's colour is told by its
address, by its arrest warrants, or by the file's name ("red_list.csv"). Carried: names, dates, sex,
nationalities, birth place and country, height and weight (0 is "not known"), eyes, hair, languages, marks,
charges with issuer and translation. Not carried: pictures, links.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.measures import HEIGHT, WEIGHT
from comity.records.types.person import EYES, HAIR, LANGUAGE, SEX
from comity.sources.rows import READ_ERRORS, SourceRow, open_list
from comity.sources.texts import fitting, without_empty

COLOURS = {"red": "red", "yellow": "yellow", "un": "un_special"}
ADDRESS = re.compile(r"/notices/v\d+/(red|yellow|un)/")
WORDS = re.compile("[a-z]+")
TABLE = re.compile(rb"(?:\xef\xbb\xbf)?[^\n{\[]*\bentity_id\b")
LISTS = frozenset({"nationalities", "languages_spoken_ids", "eyes_colors_id", "hairs_id"})


def read(path: Path) -> Iterator[SourceRow]:
    """Yield the notices of a file; raises `MalformedError` `file-unreadable` or `list-form`.

    A row that is no notice carries `notice-form`; one without identifier or name carries `field-missing`.
    """
    try:
        with open_list(path) as file:
            content = file.read()
    except READ_ERRORS as error:
        raise MalformedError("list-form", "file") from error
    colour = next((word for word in WORDS.findall(path.name.lower()) if word in COLOURS), "")
    for number, notice in enumerate(_notices(content), 1):
        yield _row(number, notice, colour)


def _notices(content: bytes) -> Iterator[Json]:
    try:
        whole: Json = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        yield from _table(content) if TABLE.match(content) else _lines(content)
        return
    embedded = whole.get("_embedded") if isinstance(whole, dict) else None
    held = embedded.get("notices") if isinstance(embedded, dict) else whole
    yield from held if isinstance(held, list) else [held]


def _lines(content: bytes) -> Iterator[Json]:
    lines = [line for line in content.splitlines() if line.strip()]
    if not lines or not isinstance(_line(lines[0]), dict):
        raise MalformedError("list-form", "file")
    yield from map(_line, lines)


def _table(content: bytes) -> Iterator[Json]:
    """Yield the rows of a table as the service would state them: lists of codes are parted by commas."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""))
    try:
        for row in rows:
            cells = {name: text for name, text in row.items() if name and text and isinstance(text, str)}
            notice: dict[str, Json] = {
                name: [*re.split(r"[,;|\s]+", text)] if name in LISTS else text
                for name, text in cells.items()
            }
            yield notice
    except csv.Error as error:
        raise MalformedError("list-form", "file") from error


def _line(line: bytes) -> Json:
    try:
        notice: Json = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return line[:2000].decode("utf-8", "replace")
    return notice


def _row(number: int, notice: Json, colour: str) -> SourceRow:
    if not isinstance(notice, dict):
        return SourceRow(number, None, MalformedError("notice-form", "notice"), notice)
    identity = notice.get("entity_id")
    if not isinstance(identity, str) or not identity.strip():
        return SourceRow(number, None, MalformedError("field-missing", "entity_id"), notice)
    names = _names(notice)
    if not names:
        return SourceRow(number, None, MalformedError("field-missing", "name"), notice)
    person: dict[str, Json] = {**_person(notice), "source_id": identity.strip(), "names": names}
    if colour_of := _colour(notice) or COLOURS.get(colour):
        person["notice"] = colour_of
    return SourceRow(number, person, raw=notice)


def _colour(notice: dict[str, Json]) -> str | None:
    links = notice.get("_links")
    own = links.get("self") if isinstance(links, dict) else None
    address = own.get("href") if isinstance(own, dict) else None
    match = ADDRESS.search(address) if isinstance(address, str) else None
    if match:
        return COLOURS[match[1]]
    return "red" if notice.get("arrest_warrants") is not None else None


def _names(notice: dict[str, Json]) -> list[Json]:
    parts = [str(notice.get(part) or "").strip() for part in ("forename", "name")]
    whole = " ".join(part for part in parts if part)
    names = [_named(whole, "primary")] if whole else []
    script = " ".join(
        str(notice[part]).strip()
        for part in ("forename_in_original_script", "name_in_original_script")
        if notice.get(part)
    )
    names += [_named(script, "original")] if script else []
    birth = notice.get("birth_name") or notice.get("name_at_birth")
    if isinstance(birth, str) and birth.strip():
        names.append(_named(birth, "maiden"))
    return [*names, *_aliases(notice.get("aliases"))]


def _aliases(stated: Json) -> list[Json]:
    held = stated if isinstance(stated, list) else []
    texts = [one.get("name") if isinstance(one, dict) else one for one in held]
    return [_named(text, "alias") for text in texts if isinstance(text, str) and text.strip()]


def _named(text: str, type_: str) -> Json:
    return {"name": text, "type": type_}


def _person(notice: dict[str, Json]) -> dict[str, Json]:
    place = notice.get("place_of_birth")
    country = fitting(COUNTRY, notice.get("country_of_birth_id"))
    born = fitting(PARTIAL_DATE, notice.get("date_of_birth"))
    height = notice.get("height")
    return without_empty(
        {
            "kind": "person",
            "born": [] if born is None else [born],
            "sex": fitting(SEX, notice.get("sex_id")),
            "nationalities": _fitting_all(notice.get("nationalities")),
            "birth_places": [place] if isinstance(place, str) and place.strip() else [],
            "birth_countries": [] if country is None else [country],
            "height": fitting(HEIGHT, f"{height} m") if height else None,
            "weight": fitting(WEIGHT, notice.get("weight") or None),
            "eyes": [code for one in _list(notice.get("eyes_colors_id")) if (code := fitting(EYES, one))],
            "hair": [code for one in _list(notice.get("hairs_id")) if (code := fitting(HAIR, one))],
            "languages": [
                code for one in _list(notice.get("languages_spoken_ids")) if (code := fitting(LANGUAGE, one))
            ],
            "marks": notice.get("distinguishing_marks"),
            "charges": [charge for one in _list(notice.get("arrest_warrants")) if (charge := _charge(one))],
        }
    )


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _fitting_all(value: Json) -> list[Json]:
    return [code for one in _list(value) if (code := fitting(COUNTRY, one)) is not None]


def _charge(stated: Json) -> dict[str, Json]:
    if not isinstance(stated, dict) or not stated.get("charge"):
        return {}
    issuer = fitting(COUNTRY, stated.get("issuing_country_id"))
    translation = stated.get("charge_translation")
    return without_empty({"issuer": issuer, "charge": stated["charge"], "translation": translation})
