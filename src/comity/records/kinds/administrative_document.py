"""An administrative document: driving licences, vehicle papers, certificates, blanks, by their number.

Source: INTERPOL's file of stolen administrative documents (SAD).
"""

from comity.records.kind import Carrier, Field, Kind, Question
from comity.records.kinds.travel_document import HOLDER
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_STATUS, DOCUMENT_TYPE
from comity.records.types.mrz import read_mrz
from comity.records.types.text import LABEL, TEXT

KIND = Kind(
    code="administrative_document",
    fields=(
        Field("type", DOCUMENT_TYPE, meaning="document.type"),
        Field("issuer", COUNTRY, meaning="document.issuer"),
        Field("authority", LABEL),
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
        {"type": "XR", "issuer": "BEL", "number": "R 0012345", "status": "stolen", "since": "2024-02"},
        {"type": "D", "issuer": "MAR", "number": "12/345678", "authority": "طنجة", "status": "lost"},
        {"type": "XB", "issuer": "UKR", "number": "І-БК 123456", "status": "stolen_blank", "since": "2022"},
    ),
    carrier=Carrier("mrz", read_mrz),
)
