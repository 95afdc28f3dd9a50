"""Which field of a record carries which fact of an OFAC entry, kind by kind."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from comity.records.fieldtype import FieldType, Json
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.document import DOCUMENT_NUMBER
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.measures import YEAR
from comity.records.types.objects.account import BIC
from comity.records.types.objects.aircraft import AIRCRAFT_REGISTRATION, AIRCRAFT_SERIAL, ICAO24
from comity.records.types.objects.vessel import CALL_SIGN, IMO_COMPANY, IMO_NUMBER, MMSI
from comity.records.types.person import SEX
from comity.records.types.text import LABEL, NAME, TEXT
from comity.sources.dates import is_plain, stated_dates
from comity.sources.ofac_remarks import DOCUMENT_TYPES, Fact, stated_number
from comity.sources.texts import countries, fitting, without_empty

ReadFact: TypeAlias = Callable[[Fact], list[Json]]


@dataclass(frozen=True, slots=True)
class Carried:
    """One field that carries a fact: its name, how the fact is read, whether it takes several.

    A field that `joins` is one text to which each fact adds.
    """

    field: str
    read: ReadFact
    many: bool = True
    joins: bool = False


def _typed(type_: FieldType) -> ReadFact:
    return lambda fact: [] if (value := fitting(type_, fact.value)) is None else [value]


def _number(fact: Fact) -> list[Json]:
    number = fitting(REGISTER_NUMBER, stated_number(fact.value).number)
    return [] if number is None else [number]


def _country(fact: Fact) -> list[Json]:
    return countries([fact.value])


def _birth_country(fact: Fact) -> list[Json]:
    return countries([fact.value.rpartition(",")[2].strip()]) or countries([fact.value])


def _dates(fact: Fact) -> list[Json]:
    return stated_dates(fact.value)


def _date_note(fact: Fact) -> list[Json]:
    return [] if is_plain(fact.value) else [fact.value]


def _name(type_: str) -> ReadFact:
    return lambda fact: [] if fitting(NAME, fact.value) is None else [{"name": fact.value, "type": type_}]


def _document(fact: Fact) -> list[Json]:
    stated = stated_number(fact.value)
    if fitting(DOCUMENT_NUMBER, stated.number) is None:
        return []
    type_ = DOCUMENT_TYPES.get(fact.word, "XO")
    issuer, others = _issuer(stated.places)
    says = [] if fact.word == "Passport" else [fact.word]
    document: dict[str, Json] = {
        "type": type_,
        "number": stated.number,
        "issuer": issuer,
        "issued": next(iter(stated_dates(stated.issued)), None),
        "expires": next(iter(stated_dates(stated.expires)), None),
        "note": "; ".join([*says, *others]),
    }
    return [without_empty(document)]


def _registration(fact: Fact) -> list[Json]:
    stated = stated_number(fact.value)
    if fitting(REGISTER_NUMBER, stated.number) is None:
        return []
    country, others = _issuer(stated.places)
    dates = [f"issued {stated.issued}"] if stated.issued else []
    dates += [f"expires {stated.expires}"] if stated.expires else []
    registration: dict[str, Json] = {
        "type": fact.word,
        "number": stated.number,
        "country": country,
        "note": "; ".join([*others, *dates]),
    }
    return [without_empty(registration)]


def _issuer(places: tuple[str, ...]) -> tuple[Json, list[str]]:
    """Return the country among the places in brackets, which stands last, and the other places."""
    codes = countries([places[-1]]) if places else []
    return (codes[0], list(places[:-1])) if codes else (None, list(places))


LINKS = Carried("links", _typed(TEXT))
PERSON: Mapping[str, tuple[Carried, ...]] = {
    "born": (Carried("born", _dates), Carried("born_note", _date_note, joins=True)),
    "birth_place": (Carried("birth_places", _typed(NAME)), Carried("birth_countries", _birth_country)),
    "nationality": (Carried("nationalities", _country),),
    "sex": (Carried("sex", _typed(SEX), many=False),),
    "weak": (Carried("names", _name("weak")),),
    "alias": (Carried("names", _name("alias")),),
    "former": (Carried("names", _name("former")),),
    "number": (Carried("documents", _document),),
    "email": (Carried("emails", _typed(EMAIL)),),
    "phone": (Carried("phones", _typed(PHONE)),),
    "website": (Carried("websites", _typed(LABEL)),),
    "link": (LINKS,),
}
ORGANISATION: Mapping[str, tuple[Carried, ...]] = {
    "weak": PERSON["weak"],
    "alias": PERSON["alias"],
    "former": PERSON["former"],
    "number": (Carried("registrations", _registration),),
    "imo_company": (Carried("imo_company", _typed(IMO_COMPANY), many=False),),
    # The list states numbers of shipping companies under the words for vessels too.
    "imo": (Carried("imo_company", _typed(IMO_COMPANY), many=False),),
    "bic": (Carried("bics", _typed(BIC)),),
    "founded": (Carried("founded", _dates), Carried("founded_note", _date_note, joins=True)),
    "sector": (Carried("sector", _typed(TEXT), many=False),),
    "country": (Carried("countries", _country),),
    "nationality": (Carried("countries", _country),),
    "email": PERSON["email"],
    "phone": PERSON["phone"],
    "website": PERSON["website"],
    "link": (LINKS,),
}
VESSEL: Mapping[str, tuple[Carried, ...]] = {
    "weak": PERSON["weak"],
    "alias": PERSON["alias"],
    "former": PERSON["former"],
    "imo": (Carried("imo", _typed(IMO_NUMBER), many=False),),
    "mmsi": (Carried("mmsi", _typed(MMSI), many=False),),
    "call_sign": (Carried("call_sign", _typed(CALL_SIGN), many=False),),
    "former_flag": (Carried("former_flags", _country),),
    "year": (Carried("year", _typed(YEAR), many=False),),
    "number": (Carried("registration", _number, many=False),),
    "link": (Carried("owner", _typed(NAME), many=False),),
}
AIRCRAFT: Mapping[str, tuple[Carried, ...]] = {
    "tail": (Carried("registration", _typed(AIRCRAFT_REGISTRATION), many=False),),
    "former_tail": (Carried("former_registrations", _typed(AIRCRAFT_REGISTRATION)),),
    "weak": (Carried("former_registrations", _typed(AIRCRAFT_REGISTRATION)),),
    "alias": (Carried("former_registrations", _typed(AIRCRAFT_REGISTRATION)),),
    "former": (Carried("former_registrations", _typed(AIRCRAFT_REGISTRATION)),),
    "serial": (Carried("serial", _typed(AIRCRAFT_SERIAL), many=False),),
    "other_serial": (Carried("other_serials", _typed(AIRCRAFT_SERIAL)),),
    "icao24": (Carried("icao24", _typed(ICAO24), many=False),),
    "model": (Carried("model", _typed(LABEL), many=False),),
    "manufactured": (Carried("manufactured", lambda fact: stated_dates(fact.value)[:1], many=False),),
    "operator": (Carried("operator", _typed(NAME), many=False),),
    "country": (Carried("country", _country, many=False),),
    "link": (Carried("owner", _typed(NAME), many=False),),
}
CARRIERS: Mapping[str, Mapping[str, tuple[Carried, ...]]] = {
    "person": PERSON,
    "organisation": ORGANISATION,
    "vessel": VESSEL,
    "aircraft": AIRCRAFT,
}


def carry(facts: Iterable[Fact], record: dict[str, Json], kind: str) -> list[str]:
    """Put facts into the record's fields; return the words of those that no field carries."""
    left: list[str] = []
    for fact in facts:
        taken = [_put(carried, fact, record) for carried in CARRIERS[kind].get(fact.role, ())]
        if not any(taken):
            left.append(fact.text)
    return left


def _put(carried: Carried, fact: Fact, record: dict[str, Json]) -> bool:
    values = carried.read(fact)
    if not values:
        return False
    held = record.get(carried.field)
    if carried.joins:
        record[carried.field] = "; ".join(str(text) for text in (held, *values) if text)
        return True
    if carried.many:
        before = held if isinstance(held, list) else []
        record[carried.field] = [*before, *(value for value in values if value not in before)]
        return True
    if held is None:
        record[carried.field] = values[0]
    return held is None or held == values[0]
