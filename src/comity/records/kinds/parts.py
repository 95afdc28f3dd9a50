"""Groups of fields that several kinds of record have: documents, addresses, listings, what happened."""

from comity.records.kind import Field
from comity.records.types.choice import choice
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.document import DOCUMENT_NUMBER, DOCUMENT_STATUS, DOCUMENT_TYPE
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.person import NAME_TYPE
from comity.records.types.text import LABEL, LONG_TEXT, NAME, TEXT

OBJECT_STATUS = choice(
    "object_status",
    ("stolen", "lost", "missing", "trafficked", "smuggled", "seized", "recovered", "sought", "listed"),
    {"misappropriated": "stolen", "embezzled": "stolen", "hijacked": "stolen", "sanctioned": "listed"},
)
"""What happened to an object; `sought` is wanted as evidence or asset, `listed` is under sanctions."""


def names(meaning: str) -> Field:
    """Return the names of a person or thing, each with its type, all searched."""
    return Field(
        "names",
        fields=(
            Field("name", NAME, meaning=meaning, required=True, searched=True),
            Field("type", NAME_TYPE),
        ),
        many=True,
        required=True,
    )


DOCUMENTS = Field(
    "documents",
    fields=(
        Field("type", DOCUMENT_TYPE, meaning="document.type"),
        Field("issuer", COUNTRY, meaning="document.issuer"),
        Field("number", DOCUMENT_NUMBER, meaning="document.number", required=True, searched=True),
        Field("issued", PARTIAL_DATE, meaning="document.issued"),
        Field("expires", PARTIAL_DATE, meaning="document.expires"),
        Field("place", LABEL),
        Field("status", DOCUMENT_STATUS),
        Field("note", TEXT),
    ),
    many=True,
)

ADDRESSES = Field(
    "addresses",
    fields=(
        Field("street", TEXT),
        Field("city", LABEL),
        Field("region", LABEL),
        Field("postcode", LABEL),
        Field("country", COUNTRY),
        Field("note", TEXT),
    ),
    many=True,
)

CONTACTS = (
    Field("phones", PHONE, meaning="contact.phone", many=True, searched=True),
    Field("emails", EMAIL, meaning="contact.email", many=True, searched=True),
    Field("websites", LABEL, many=True),
)

LISTING = Field(
    "listing",
    fields=(
        Field("authority", LABEL),
        Field("programme", LABEL),
        Field("reference", LABEL),
        Field("date", PARTIAL_DATE),
        Field("amended", PARTIAL_DATE),
        Field("measures", TEXT),
        Field("reason", LONG_TEXT),
    ),
    many=True,
)

REGISTRATIONS = Field(
    "registrations",
    fields=(
        Field("type", LABEL),
        Field("number", REGISTER_NUMBER, meaning="organisation.registration", required=True, searched=True),
        Field("country", COUNTRY),
        Field("note", TEXT),
    ),
    many=True,
)

HAPPENED = (
    Field("status", OBJECT_STATUS),
    Field("since", PARTIAL_DATE),
    Field("place", LABEL),
    Field("region", LABEL),
    Field("happened_in", COUNTRY),
    Field("circumstances", TEXT),
    Field("reference", LABEL),
    Field("description", TEXT),
    Field("remarks", LONG_TEXT),
)
"""What happened to a thing: its status, since when, where, how, and the owner's file."""

REMARKS = Field("remarks", LONG_TEXT)
