"""The Security Council's consolidated list: individuals and entities, from its official XML.

Carried: every part of each name, the original script, aliases by quality, dates (a span of years is every
year in it), places, sex, nationalities, documents, designations, titles, addresses, e-mail addresses, links
to special notices, reference, dates of listing and update, comments. Not carried: list type and sort keys.
What does not fit a field goes to `remarks`.
"""

import re
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
from comity.sources.dates import stated_dates
from comity.sources.rows import READ_ERRORS, SourceRow, open_list
from comity.sources.stated_numbers import Stated, stated_numbers
from comity.sources.texts import SEPARATORS, countries, distinct, fitting, without_empty

Element: TypeAlias = ET.Element
QUALITIES = {"low": "weak", "f.k.a.": "former"}
PLACE_PARTS = ("STREET", "CITY", "STATE_PROVINCE")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
LINK = re.compile(r"https?://[^\s;,]+")
GENDER = re.compile(r"\bGender:?\s*(male|female)\b", re.IGNORECASE)
EXPIRY = re.compile(
    r"(?i)\b(?:expir\w*(?: date)?:?(?: on)?|valid until)\s*([^()]{4,30}?\d{4}(?:-\d\d-\d\d)?)"
)
NAME_PARTS = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
DOCUMENT_PARTS = (
    "TYPE_OF_DOCUMENT",
    "TYPE_OF_DOCUMENT2",
    "NUMBER",
    "ISSUING_COUNTRY",
    "COUNTRY_OF_ISSUE",
    "CITY_OF_ISSUE",
    "DATE_OF_ISSUE",
    "NOTE",
)
DOCUMENT_WORDS = (
    ("diplomatic passport", "PD"),
    ("service passport", "PO"),
    ("passport", "P"),
    ("passeport", "P"),
    ("pasaporte", "P"),
    ("travel document", "PR"),
    ("residence", "IR"),
    ("driv", "D"),
    ("birth certificate", "XB"),
    ("tax", "XT"),
    ("fiscal", "XT"),
    ("card", "I"),
    ("tazkira", "I"),
    ("identi", "XN"),
)
ALIAS_PARTS = ("DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE")
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
    except (ET.ParseError, ValueError, LookupError, *READ_ERRORS) as error:
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
    except (expat.ExpatError, ValueError, LookupError, *READ_ERRORS) as error:
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
        "emails": distinct([*EMAIL.findall(_text(element, "COMMENTS1"))]),
        "links": distinct([*LINK.findall(_text(element, "COMMENTS1"))]),
        "remarks": _remarks(element),
    }


def _latest(texts: list[str]) -> Json:
    dates = [str(day) for text in texts if (day := fitting(PARTIAL_DATE, text[:10])) is not None]
    return max(dates, default=None)


def _names(element: Element) -> list[Json]:
    is_person = element.tag == "INDIVIDUAL"
    whole = " ".join(part for name in NAME_PARTS if (part := _text(element, name)))
    # "GREAT LAKES BUSINESS COMPANY; GLBC": an entity may stand under several names.
    first, *others = [whole] if is_person else SEPARATORS.split(whole)
    names: list[Json] = [{"name": text, "type": "alias"} for text in others if _is_name(text)]
    if _is_name(first):
        names.insert(0, {"name": first, "type": "primary"})
    for script in SEPARATORS.split(_text(element, "NAME_ORIGINAL_SCRIPT")):
        names += [{"name": script, "type": "original"}] if _is_name(script) else []
    for alias in _aliases(element):
        type_ = QUALITIES.get(_text(alias, "QUALITY").lower(), "alias")
        for text in SEPARATORS.split(_text(alias, "ALIAS_NAME")):
            names += [{"name": text, "type": type_}] if _is_name(text) else []
    return distinct(names)


def _is_name(text: str) -> bool:
    return any(map(str.isalnum, text))


def _aliases(element: Element) -> list[Element]:
    return [*element.findall("INDIVIDUAL_ALIAS"), *element.findall("ENTITY_ALIAS")]


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
    said = [said for alias in _aliases(element) if (said := _said_of(alias))]
    return "\n".join(text for text in (_text(element, "COMMENTS1"), *unfit, *said) if text)


def _said_of(alias: Element) -> str:
    """Return what is said of an alias beside its quality, such as the birth that was claimed under it."""
    parts = [_text(alias, name) for name in ALIAS_PARTS]
    return f"alias {_text(alias, 'ALIAS_NAME')}: {', '.join(filter(None, parts))}" if any(parts) else ""


def _individual(element: Element) -> dict[str, Json]:
    places = element.findall("INDIVIDUAL_PLACE_OF_BIRTH")
    births = element.findall("INDIVIDUAL_DATE_OF_BIRTH")
    named = [", ".join(text for name in PLACE_PARTS if (text := _text(one, name))) for one in places]
    said = [_text(one, "NOTE") for one in (*births, *places)]
    said += ["approximately" for one in births if _text(one, "TYPE_OF_DATE") == "APPROXIMATELY"]
    gender = GENDER.search(_text(element, "COMMENTS1"))
    born = [day for one in births for day in _born(one)]
    # A birth that was claimed under another name is a birth by which the person may be asked for.
    born += [day for alias in _aliases(element) for day in stated_dates(_text(alias, "DATE_OF_BIRTH"))]
    return {
        "born": distinct(born),
        "born_note": "; ".join(dict.fromkeys(text for text in said if text)),
        "sex": fitting(SEX, _text(element, "GENDER") or (gender[1] if gender else "")),
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
    for one in element.findall("INDIVIDUAL_DOCUMENT"):
        document = {name: text for name in DOCUMENT_PARTS if (text := _text(one, name))}
        if document:
            yield document


def _unfit_documents(element: Element) -> Iterator[dict[str, str]]:
    for one in _stated_documents(element):
        if not any(_numbers(one)):
            yield one


def _numbers(document: dict[str, str]) -> Iterator[Stated]:
    for stated in stated_numbers(document.get("NUMBER", "")):
        if fitting(DOCUMENT_NUMBER, stated.number) is not None:
            yield stated


def _documents(element: Element) -> Iterator[dict[str, Json]]:
    for one in _stated_documents(element):
        named = one.get("TYPE_OF_DOCUMENT2", "") or one.get("TYPE_OF_DOCUMENT", "")
        type_ = _document_type(named) or _document_type(one.get("TYPE_OF_DOCUMENT", ""))
        issuers = countries([one.get("ISSUING_COUNTRY", ""), one.get("COUNTRY_OF_ISSUE", "")])
        expiry = EXPIRY.search(one.get("NOTE", ""))
        for stated in _numbers(one):
            notes = [stated.label, stated.note, one.get("NOTE", ""), named if type_ != "P" else ""]
            yield without_empty(
                {
                    "type": type_,
                    "issuer": issuers[0] if issuers else stated.country,
                    "number": stated.number,
                    "issued": next(iter(stated_dates(one.get("DATE_OF_ISSUE", ""))), stated.issued),
                    "expires": next(iter(stated_dates(expiry[1])), None) if expiry else stated.expires,
                    "place": one.get("CITY_OF_ISSUE", ""),
                    "note": "; ".join(note for note in notes if note),
                }
            )


def _document_type(named: str) -> Json:
    """Return the type of a document in the list's words, which are in several languages."""
    known = fitting(DOCUMENT_TYPE, named)
    if known is not None or not named:
        return known
    words = named.lower()
    return next((code for word, code in DOCUMENT_WORDS if word in words), "XO")
