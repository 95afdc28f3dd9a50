"""A travel document by its number: stolen, lost, revoked, stolen blank. It carries no personal data.

Source of the mandatory fields (number, issuer, type, what happened): INTERPOL's SLTD.
"""

from comity.records.kind import Carrier, Field, Kind, Question
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_STATUS, DOCUMENT_TYPE
from comity.records.types.mrz import read_mrz
from comity.records.types.person import SEX
from comity.records.types.text import LABEL, NAME, TEXT

HOLDER = (
    Question("name", NAME, "person.name"),
    Question("born", PARTIAL_DATE, "person.born"),
    Question("sex", SEX, "person.sex"),
    Question("nationality", COUNTRY, "person.nationality"),
)
"""What a check may say of who carries the document: it weighs persons whom the number finds."""

KIND = Kind(
    code="travel_document",
    fields=(
        Field("type", DOCUMENT_TYPE, meaning="document.type", required=True),
        Field("issuer", COUNTRY, meaning="document.issuer", required=True),
        Field("number", DOCUMENT_NUMBER, meaning="document.number", required=True, searched=True),
        Field("status", DOCUMENT_STATUS),
        Field("since", PARTIAL_DATE),
        Field("issued", PARTIAL_DATE, meaning="document.issued"),
        Field("expires", PARTIAL_DATE, meaning="document.expires"),
        Field("happened_in", COUNTRY),
        Field("reference", LABEL),
        Field("remarks", TEXT),
    ),
    questions=(
        Question("type", DOCUMENT_TYPE, "document.type"),
        Question("issuer", COUNTRY, "document.issuer"),
        Question("number", DOCUMENT_NUMBER, "document.number", finds=True),
        Question("expiry", PARTIAL_DATE, "document.expires"),
        *HOLDER,
    ),
    summary=("type", "issuer", "number", "status", "since"),
    examples=(
        {
            "type": "P",
            "issuer": "EGY",
            "number": "A1234567",
            "status": "stolen",
            "since": "2024-05-01",
            "expires": "2029-01-31",
        },
        {"type": "I", "issuer": "GRC", "number": "ΑΕ 765432", "status": "lost", "since": "2023-11"},
        {"type": "P", "issuer": "DEU", "number": "C01X00T47", "status": "revoked", "since": "2025-02-14"},
        {"type": "V", "issuer": "BRA", "number": "BR 004711", "status": "stolen_blank", "happened_in": "PRY"},
    ),
    carrier=Carrier("mrz", read_mrz),
)
