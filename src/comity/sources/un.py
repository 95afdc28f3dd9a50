"""The Security Council's consolidated list: individuals and entities, from its official XML.

Carried: every part of each name, the original script, aliases by quality, dates (a span of years is every
year in it), places, sex, nationalities, documents, designations, titles, addresses, reference, dates of
listing and update, comments. Not carried: list type and sort keys. What does not fit a field goes to `remarks`.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias
from xml.parsers import expat

from comity.errors import MalformedError
from comity.records.fieldtype import Json
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_TYPE
from comity.records.types.person import SEX
from comity.sources.rows import SourceRow, open_list
from comity.sources.texts import SEPARATORS, countries, distinct, fitting, without_empty

Element: TypeAlias = ET.Element
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
YEARS_SPAN_MAX = 40
READ_BYTES = 1 << 16


def read(path: Path) -> Iterator[SourceRow]:
    """Yield the individuals and entities of the list.

    Raises `MalformedError` `list-form` where the file is not that list, or declares entities of its own:
    such declarations are how XML is made to swell or to reach out.
    """
    _refuse_declarations(path)
    number = 0
    try:
        with open_list(path) as file:
            for _event, element in ET.iterparse(file):  # noqa: S314 - declarations are refused above
                if element.tag in {"INDIVIDUAL", "ENTITY"}:
                    number += 1
                    yield _row(number, element)
                    element.clear()
    except (ET.ParseError, OSError, EOFError) as error:
        raise MalformedError("list-form", "file") from error
    if number == 0:
        raise MalformedError("list-form", "file")


def _refuse_declarations(path: Path) -> None:
    parser = expat.ParserCreate()

    def refuse(*_declared: object) -> None:
        raise MalformedError("list-form", "file")

    parser.EntityDeclHandler = refuse
    parser.StartDoctypeDeclHandler = refuse
    try:
        with open_list(path) as file:
            while block := file.read(READ_BYTES):
                parser.Parse(block, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, OSError, EOFError) as error:
        raise MalformedError("list-form", "file") from error


def _row(number: int, element: Element) -> SourceRow:
    identity, is_person = _text(element, "DATAID"), element.tag == "INDIVIDUAL"
    if not identity:
        return SourceRow(number, None, MalformedError("field-missing", "DATAID"))
    shared = _shared(element)
    record = {**shared, **_individual(element)} if is_person else shared
    kind = "person" if is_person else "organisation"
    return SourceRow(number, without_empty({**record, "kind": kind, "source_id": identity}))


def _text(element: Element, name: str) -> str:
    return " ".join((element.findtext(name) or "").split())


def _values(element: Element, name: str) -> list[str]:
    return [text for one in element.findall(f"{name}/VALUE") if (text := " ".join((one.text or "").split()))]


def _shared(element: Element) -> dict[str, Json]:
    listing: dict[str, Json] = {
        "authority": "United Nations Security Council",
        "programme": _text(element, "UN_LIST_TYPE"),
        "reference": _text(element, "REFERENCE_NUMBER"),
        "date": fitting(PARTIAL_DATE, _text(element, "LISTED_ON")[:10]),
        "amended": _latest(_values(element, "LAST_DAY_UPDATED")),
    }
    return {
        "notice": "un_special",
        "names": _names(element),
        "addresses": _addresses(element),
        "listing": [without_empty(listing)],
        "remarks": _remarks(element),
    }


def _latest(texts: list[str]) -> Json:
    dates = [str(day) for text in texts if (day := fitting(PARTIAL_DATE, text[:10])) is not None]
    return max(dates, default=None)


def _names(element: Element) -> list[Json]:
    whole = " ".join(part for name in NAME_PARTS if (part := _text(element, name)))
    names: list[Json] = [{"name": whole, "type": "primary"}] if whole else []
    for script in SEPARATORS.split(_text(element, "NAME_ORIGINAL_SCRIPT")):
        names += [{"name": script, "type": "original"}] if script else []
    for alias in [*element.findall("INDIVIDUAL_ALIAS"), *element.findall("ENTITY_ALIAS")]:
        type_ = "weak" if _text(alias, "QUALITY") == "Low" else "alias"
        for text in SEPARATORS.split(_text(alias, "ALIAS_NAME")):
            names += [{"name": text, "type": type_}] if any(map(str.isalnum, text)) else []
    return distinct(names)


def _addresses(element: Element) -> list[Json]:
    found: list[Json] = []
    for one in [*element.findall("INDIVIDUAL_ADDRESS"), *element.findall("ENTITY_ADDRESS")]:
        codes = countries([_text(one, "COUNTRY")])
        address: dict[str, Json] = {
            "street": _text(one, "STREET"),
            "city": _text(one, "CITY"),
            "region": _text(one, "STATE_PROVINCE"),
            "postcode": _text(one, "ZIP_CODE"),
            "country": codes[0] if codes else None,
            "note": _text(one, "NOTE") or ("" if codes else _text(one, "COUNTRY")),
        }
        found += [kept] if (kept := without_empty(address)) else []
    return distinct(found)


def _remarks(element: Element) -> str:
    unfit = [f"document: {' '.join(document.values())}" for document in _unfit_documents(element)]
    return "\n".join(text for text in (_text(element, "COMMENTS1"), *unfit) if text)


def _individual(element: Element) -> dict[str, Json]:
    places = element.findall("INDIVIDUAL_PLACE_OF_BIRTH")
    named = [
        ", ".join(text for name in ("CITY", "STATE_PROVINCE") if (text := _text(one, name))) for one in places
    ]
    return {
        "born": distinct([day for one in element.findall("INDIVIDUAL_DATE_OF_BIRTH") for day in _born(one)]),
        "sex": fitting(SEX, _text(element, "GENDER")),
        "nationalities": distinct(countries(_values(element, "NATIONALITY"))),
        "birth_places": distinct([text for text in named if text]),
        "birth_countries": distinct(countries([_text(one, "COUNTRY") for one in places])),
        "titles": distinct([*_values(element, "TITLE")]),
        "positions": distinct([*_values(element, "DESIGNATION")]),
        "documents": distinct([*_documents(element)]),
    }


def _born(element: Element) -> list[Json]:
    first, last = _text(element, "FROM_YEAR"), _text(element, "TO_YEAR")
    if first.isdigit() and last.isdigit() and 0 <= int(last) - int(first) <= YEARS_SPAN_MAX:
        return [str(year) for year in range(int(first), int(last) + 1)]
    stated = _text(element, "DATE")[:10] or _text(element, "YEAR") or first or last
    born = fitting(PARTIAL_DATE, stated)
    return [] if born is None else [born]


def _stated_documents(element: Element) -> Iterator[dict[str, str]]:
    names = ("TYPE_OF_DOCUMENT", "NUMBER", "ISSUING_COUNTRY", "COUNTRY_OF_ISSUE", "DATE_OF_ISSUE", "NOTE")
    for one in element.findall("INDIVIDUAL_DOCUMENT"):
        document = {name: text for name in names if (text := _text(one, name))}
        if document:
            yield document


def _unfit_documents(element: Element) -> Iterator[dict[str, str]]:
    for one in _stated_documents(element):
        if fitting(DOCUMENT_NUMBER, one.get("NUMBER", "")) is None:
            yield one


def _documents(element: Element) -> Iterator[dict[str, Json]]:
    for one in _stated_documents(element):
        number = fitting(DOCUMENT_NUMBER, one.get("NUMBER", ""))
        if number is None:
            continue
        stated = one.get("TYPE_OF_DOCUMENT", "")
        type_ = fitting(DOCUMENT_TYPE, stated)
        issuers = countries([one.get("ISSUING_COUNTRY", "") or one.get("COUNTRY_OF_ISSUE", "")])
        notes = [one.get("NOTE", ""), "" if type_ else stated]
        yield without_empty(
            {
                "type": type_,
                "issuer": issuers[0] if issuers else None,
                "number": number,
                "issued": fitting(PARTIAL_DATE, one.get("DATE_OF_ISSUE", "")),
                "note": "; ".join(note for note in notes if note),
            }
        )
