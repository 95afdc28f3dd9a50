"""A person: wanted, missing, warned of, listed, or found and not yet known."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import ADDRESSES, CONTACTS, DOCUMENTS, LISTING, REMARKS, names
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_TYPE
from comity.records.types.measures import HEIGHT, WEIGHT
from comity.records.types.person import EYES, HAIR, LANGUAGE, SEX
from comity.records.types.text import LABEL, NAME, TEXT

CHARGES = Field(
    "charges",
    fields=(Field("issuer", COUNTRY), Field("charge", TEXT, required=True), Field("translation", TEXT)),
    many=True,
)

EVENT = Field(
    "event",
    fields=(
        Field("date", PARTIAL_DATE),
        Field("place", LABEL),
        Field("country", COUNTRY),
        Field("note", TEXT),
    ),
)
"""When and where a missing person was last seen, or an unknown one found."""

KIND = Kind(
    code="person",
    fields=(
        names("person.name"),
        Field("born", PARTIAL_DATE, meaning="person.born", many=True),
        Field("born_note", TEXT),
        Field("sex", SEX, meaning="person.sex"),
        Field("nationalities", COUNTRY, meaning="person.nationality", many=True),
        Field("former_nationalities", COUNTRY, meaning="person.former_nationality", many=True),
        Field("birth_places", NAME, meaning="person.birth_place", many=True),
        Field("birth_countries", COUNTRY, meaning="person.birth_country", many=True),
        DOCUMENTS,
        Field("father", NAME, meaning="person.father", names_another=True),
        Field("mother", NAME, meaning="person.mother", names_another=True),
        Field("titles", LABEL, many=True),
        Field("positions", TEXT, many=True),
        Field("languages", LANGUAGE, meaning="person.language", many=True),
        Field("height", HEIGHT, meaning="person.height"),
        Field("weight", WEIGHT, meaning="person.weight"),
        Field("eyes", EYES, meaning="person.eyes", many=True),
        Field("hair", HAIR, meaning="person.hair", many=True),
        Field("marks", TEXT),
        Field("appearance", TEXT),
        Field("died", PARTIAL_DATE),
        CHARGES,
        EVENT,
        Field("caution", TEXT),
        Field("reward", TEXT),
        ADDRESSES,
        *CONTACTS,
        LISTING,
        Field("links", TEXT, many=True),
        REMARKS,
    ),
    questions=(
        Question("name", NAME, "person.name", finds=True),
        Question("document", DOCUMENT_NUMBER, "document.number", finds=True),
        Question("document_issuer", COUNTRY, "document.issuer"),
        Question("document_type", DOCUMENT_TYPE, "document.type"),
        Question("born", PARTIAL_DATE, "person.born"),
        Question("sex", SEX, "person.sex"),
        Question("nationality", COUNTRY, "person.nationality"),
        Question("birth_place", NAME, "person.birth_place"),
        Question("birth_country", COUNTRY, "person.birth_country"),
        Question("father", NAME, "person.father"),
        Question("mother", NAME, "person.mother"),
        Question("height", HEIGHT, "person.height"),
        Question("phone", PHONE, "contact.phone", finds=True),
        Question("email", EMAIL, "contact.email", finds=True),
    ),
    summary=("names", "born", "sex", "nationalities", "charges", "caution"),
    examples=(
        {
            "names": [
                {"name": "Tarek Mansour Elhadidy", "type": "primary"},
                {"name": "طارق منصور الحديدي", "type": "original"},
                {"name": "Abu Zayd", "type": "weak"},
            ],
            "born": ["1970-02-03", "1970"],
            "sex": "M",
            "nationalities": ["EGY"],
            "birth_places": ["Tanta"],
            "birth_countries": ["EGY"],
            "documents": [{"type": "P", "issuer": "EGY", "number": "A01234567", "expires": "2027-05-01"}],
            "languages": ["ara", "fra"],
            "height": 178,
            "eyes": ["BROD"],
            "charges": [{"issuer": "EGY", "charge": "تزوير محررات رسمية", "translation": "Forgery"}],
        },
        {
            "names": [
                {"name": "Сергей Викторович Лозинцев", "type": "primary"},
                {"name": "Sergei Viktorovich Lozintsev", "type": "alias"},
            ],
            "born": ["1983-11-19"],
            "sex": "M",
            "nationalities": ["KAZ"],
            "documents": [{"type": "P", "issuer": "KAZ", "number": "N 0876543"}],
            "phones": ["+7 701 555 01 23"],
        },
        {
            "names": [{"name": "林 佳蓉", "type": "primary"}, {"name": "Lin Chia-jung", "type": "alias"}],
            "born": ["1991-07"],
            "sex": "F",
            "nationalities": ["SGP"],
            "event": {"date": "2024-03-12", "place": "Orchard Road", "country": "SGP"},
        },
        {
            "names": [
                {"name": "Ελένη Παπακαλλιά", "type": "primary"},
                {"name": "Eleni Papakallia", "type": "alias"},
            ],
            "born": ["1965"],
            "sex": "F",
            "nationalities": ["GRC", "CYP"],
            "documents": [{"type": "I", "issuer": "GRC", "number": "ΑΒ 123456"}],
        },
        {
            "names": [
                {"name": "राजेश वर्धनकर", "type": "primary"},
                {"name": "Rajesh Vardhankar", "type": "alias"},
            ],
            "born": ["1978-05-30"],
            "sex": "M",
            "nationalities": ["IND"],
            "father": "Mohan Vardhankar",
            "birth_places": ["Nagpur"],
        },
        {
            "names": [{"name": "도한결", "type": "primary"}, {"name": "Do Han-gyeol", "type": "alias"}],
            "born": ["1988-12-01"],
            "sex": "M",
            "nationalities": ["KOR"],
        },
        {
            "names": [
                {"name": "João da Conceição Furtunato", "type": "primary"},
                {"name": "Joao Furtunato", "type": "alias"},
            ],
            "born": ["1959-01-21"],
            "sex": "M",
            "nationalities": ["AGO", "PRT"],
            "positions": ["Director of an invented company"],
            "listing": [
                {"programme": "Demonstration", "date": "2023-06-01", "reason": "Invented for examples"}
            ],
        },
    ),
)
