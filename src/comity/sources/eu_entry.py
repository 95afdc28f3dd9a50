"""One entry of the European Union's list as a record."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from comity.records.fieldtype import FieldType, Json
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.document import DOCUMENT_NUMBER
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.objects.account import BIC
from comity.records.types.objects.vessel import IMO_COMPANY, IMO_NUMBER, MMSI
from comity.records.types.person import SEX
from comity.records.types.text import LABEL, NAME
from comity.sources.dates import is_plain, stated_dates
from comity.sources.listed_names import aliases, listed_names
from comity.sources.rows import Cells
from comity.sources.stated_numbers import Stated, stated_numbers
from comity.sources.texts import countries, distinct, fitting, split_outside_brackets, without_empty

KINDS = {
    "Person": "person",
    "LegalEntity": "organisation",
    "Company": "organisation",
    "Organization": "organisation",
    "Asset": "organisation",
    "Vessel": "vessel",
}
PAPERS = {
    "passportNumber": "P",
    "idNumber": "XN",
    "taxNumber": "XT",
    "innCode": "XT",
    "registrationNumber": "XO",
}
REGISTERS = {
    "registrationNumber": "registration",
    "taxNumber": "tax number",
    "idNumber": "identification number",
    "innCode": "INN",
    "ogrnCode": "OGRN",
    "kppCode": "KPP",
    "okpoCode": "OKPO",
    "leiCode": "LEI",
}
OTHER_NAMES = {"alias": "alias", "weakAlias": "weak", "previousName": "former"}
WORDS = {BIC.name: "BIC", PHONE.name: "phone", EMAIL.name: "e-mail", LABEL.name: "website"}
AUTHORITY = "European Union"
# "Ukrainian and/or Russian", "Syrian/Lebanese", "Chad; Congo"
NATIONS = re.compile(r"\s*(?:[;,/]|\.\s|\band/or\b|\band\b|\bor\b)\s*")
HEDGES = re.compile(
    r"\b(?:allegedly|assumed|possibly|presumed|likely|of the|national of)\b|\([^()]*\)", re.IGNORECASE
)
NOW = re.compile(r"\bnow ([^()]+)\)")
FORMER = re.compile(r"\b(?:former|then|ex-|formerly)\s*", re.IGNORECASE)
PASSPORT = re.compile(r"\bpassport", re.IGNORECASE)
TAX = re.compile(r"\b(?:tax|inn|tin)\b", re.IGNORECASE)
BICS = re.compile(r"\s*(?:;|,|\band\b)\s*")
MAILS = re.compile(r"[;,\s]+(?:and\s+)?")
PHONES = re.compile(r"[;,]|(?i:\bfax\b:?|\btel\b\.?:?|\bor\b)")
SITES = re.compile(r"[;,\s]+")
IN_BRACKETS = re.compile(r"\([^()]*\)")
NOT_NAMES = frozenset({"text of image"})


def record_of(cells: Cells) -> dict[str, Json] | None:
    """Return the record that a row states, without its identifier; None where its schema is not known.

    `cells` are those that are not empty, the name among them.
    """
    kind = KINDS.get(cells.get("schema", ""))
    if kind is None:
        return None
    left: list[str] = []
    own = BUILDERS[kind](cells, left)
    listing: dict[str, Json] = {
        "authority": AUTHORITY,
        "programme": cells.get("programKey", ""),
        "reference": " ".join(cells[column] for column in ("celex", "annex", "recordId") if column in cells),
        "date": next(iter(stated_dates(cells.get("startDate", ""))), None),
        "measures": cells.get("measure", ""),
        "reason": cells.get("reason", ""),
    }
    return without_empty(
        {
            "kind": kind,
            "names": _names(cells, left, is_person=kind == "person"),
            **own,
            "listing": [without_empty(listing)],
            "remarks": "\n".join(text for text in (cells.get("notes", ""), *left) if text),
        }
    )


def _names(cells: Cells, left: list[str], *, is_person: bool) -> list[Json]:
    primary, *more = split_outside_brackets(cells["name"], ";")
    names = listed_names(primary, "primary", is_person=is_person)
    for text in more:
        names += aliases(text, "alias", is_person=is_person)
    for column, type_ in OTHER_NAMES.items():
        if column in cells:
            names += aliases(cells[column], type_, is_person=is_person)
    first = names[0] if names else None
    if isinstance(first, dict) and first["name"] != cells["name"]:
        left.append(f"listed as: {cells['name']}")
    kept: dict[str, Json] = {}
    for name in names:
        if isinstance(name, dict) and str(name["name"]).lower() not in NOT_NAMES:
            kept.setdefault(str(name["name"]), name)
    return [*kept.values()]


def _person(cells: Cells, left: list[str]) -> dict[str, Json]:
    born = cells.get("birthDate", "")
    places = _parts(cells.get("birthPlace", ""))
    if ethnicity := cells.get("ethnicity"):
        left.append(f"ethnicity: {ethnicity}")
    papers = [_paper(column, one, left) for column, one in _numbers(PAPERS, cells)]
    return {
        "born": stated_dates(born),
        "born_note": "" if is_plain(born) else born,
        "sex": fitting(SEX, cells.get("gender")),
        "nationalities": _nations(cells.get("nationality", ""), left),
        "birth_places": [*places],
        "birth_countries": distinct([code for place in places for code in _birth_countries(place)]),
        "documents": distinct([paper for paper in papers if paper]),
        "father": fitting(NAME, cells.get("fatherName")),
        "mother": fitting(NAME, cells.get("motherName")),
        "positions": [*_parts(cells.get("position", ""))],
        "appearance": cells.get("appearance", "").strip('"'),
        "addresses": _addresses(cells.get("address", "")),
        **_contacts(cells, left),
    }


def _organisation(cells: Cells, left: list[str]) -> dict[str, Json]:
    founded = cells.get("incorporationDate", "")
    numbers = [_register(column, one, left) for column, one in _numbers(REGISTERS, cells)]
    addresses = _addresses(cells.get("address", ""))
    held = [place["country"] for place in addresses if isinstance(place, dict) and "country" in place]
    sector = cells.get("sector") or ("Asset" if cells["schema"] == "Asset" else "")
    return {
        "registrations": distinct([number for number in numbers if number]),
        "imo_company": _one(IMO_COMPANY, "IMO", cells.get("imoNumber", ""), left),
        "bics": _several(BIC, BICS, cells.get("swiftBic", ""), left),
        "countries": distinct([*countries(_parts(cells.get("country", "").replace(",", ";"))), *held]),
        "founded": stated_dates(founded),
        "founded_note": "" if is_plain(founded) else founded,
        "legal_form": cells.get("legalForm", ""),
        "sector": sector,
        "addresses": addresses,
        **_contacts(cells, left),
    }


def _vessel(cells: Cells, left: list[str]) -> dict[str, Json]:
    left += [cells[column] for column in ("address", "registrationNumber") if cells.get(column)]
    return {
        "imo": _one(IMO_NUMBER, "IMO", cells.get("imoNumber", ""), left),
        "mmsi": _one(MMSI, "MMSI", cells.get("mmsi", ""), left),
        "flag": next(iter(countries([cells.get("flag", "")])), None),
        "status": "listed",
    }


BUILDERS: Mapping[str, Callable[[Cells, list[str]], dict[str, Json]]] = {
    "person": _person,
    "organisation": _organisation,
    "vessel": _vessel,
}


def _parts(text: str) -> list[str]:
    return [bare for part in text.split(";") if (bare := part.strip(' "'))]


def _one(type_: FieldType, word: str, text: str, left: list[str]) -> Json:
    value = fitting(type_, text)
    if value is None and text:
        left.append(f"{word} {text}")
    return value


def _several(type_: FieldType, parting: re.Pattern[str], text: str, left: list[str]) -> list[Json]:
    """Return the values in a cell, which the pattern parts; those that do not fit are left."""
    if not text:
        return []
    bare = (part.strip(' .,"') for part in parting.split(text) if part)
    found = [_one(type_, WORDS[type_.name], part, left) for part in bare]
    return distinct([value for value in found if value is not None])


def _contacts(cells: Cells, left: list[str]) -> dict[str, Json]:
    return {
        "phones": _several(PHONE, PHONES, cells.get("phone", ""), left),
        "emails": _several(EMAIL, MAILS, cells.get("email", ""), left),
        "websites": _several(LABEL, SITES, cells.get("website", ""), left),
    }


def _numbers(columns: Iterable[str], cells: Cells) -> Iterator[tuple[str, Stated]]:
    """Yield each number in these columns, with its column."""
    for column in columns:
        if column in cells:
            for one in stated_numbers(cells[column]):
                yield column, one


def _nations(text: str, left: list[str]) -> list[Json]:
    codes: list[Json] = []
    if not text:
        return codes
    for part in NATIONS.split(HEDGES.sub(" ", text)):
        bare = part.strip(" .")
        found = countries([bare])
        codes += found
        if bare and not found:
            left.append(f"nationality: {bare}")
    return distinct(codes)


def _birth_countries(place: str) -> list[Json]:
    last = IN_BRACKETS.sub(" ", place).rpartition(",")[2]
    return countries([FORMER.sub("", last).strip(" ."), *(name.strip() for name in NOW.findall(place))])


def _addresses(text: str) -> list[Json]:
    found: list[dict[str, Json]] = []
    for part in _parts(text):
        codes = countries([part.rpartition(",")[2].strip(" .")]) or countries(
            [part.partition(",")[0].strip()]
        )
        bare = "" if "," not in part and codes else part
        found.append(without_empty({"street": bare, "country": codes[0] if codes else None}))
    stated = [place.get("country") for place in found if "street" in place]
    # The table repeats each address's country as an address of its own.
    return distinct([place for place in found if "street" in place or place.get("country") not in stated])


def _paper(column: str, one: Stated, left: list[str]) -> dict[str, Json] | None:
    if fitting(DOCUMENT_NUMBER, one.number) is None or not any(map(str.isdigit, one.number)):
        left.append(f"{column}: {one.text}")
        return None
    words = f"{one.label} {one.note}"
    type_ = "P" if PASSPORT.search(words) else "XT" if TAX.search(words) else PAPERS[column]
    return without_empty(
        {
            "type": type_,
            "issuer": one.country,
            "number": one.number,
            "issued": one.issued,
            "expires": one.expires,
            "note": "; ".join(text for text in (one.label, one.note) if text),
        }
    )


def _register(column: str, one: Stated, left: list[str]) -> dict[str, Json] | None:
    if fitting(REGISTER_NUMBER, one.number) is None or not any(map(str.isdigit, one.number)):
        left.append(f"{column}: {one.text}")
        return None
    type_ = one.label or ("INN" if TAX.search(one.note) else REGISTERS[column])
    return without_empty({"type": type_, "number": one.number, "country": one.country, "note": one.note})
