"""An organisation: a company, group or body, listed or sought."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import ADDRESSES, CONTACTS, LISTING, REGISTRATIONS, REMARKS, names
from comity.records.types.contact import EMAIL, PHONE
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.objects.account import BIC
from comity.records.types.objects.vessel import IMO_COMPANY
from comity.records.types.text import LABEL, NAME, TEXT

KIND = Kind(
    code="organisation",
    fields=(
        names("organisation.name"),
        REGISTRATIONS,
        Field("imo_company", IMO_COMPANY, meaning="organisation.imo_company", searched=True),
        Field("bics", BIC, meaning="organisation.bic", many=True, searched=True),
        Field("countries", COUNTRY, meaning="organisation.country", many=True),
        Field("founded", PARTIAL_DATE, many=True),
        Field("founded_note", TEXT),
        Field("legal_form", LABEL),
        Field("sector", TEXT),
        Field("managers", NAME, meaning="organisation.manager", many=True, names_another=True),
        Field("owners", NAME, meaning="organisation.owner", many=True, names_another=True),
        ADDRESSES,
        *CONTACTS,
        LISTING,
        Field("links", TEXT, many=True),
        REMARKS,
    ),
    questions=(
        Question("name", NAME, "organisation.name", finds=True),
        Question("registration", REGISTER_NUMBER, "organisation.registration", finds=True),
        Question("imo_company", IMO_COMPANY, "organisation.imo_company", finds=True),
        Question("bic", BIC, "organisation.bic", finds=True),
        Question("phone", PHONE, "contact.phone", finds=True),
        Question("email", EMAIL, "contact.email", finds=True),
        Question("country", COUNTRY, "organisation.country"),
    ),
    summary=("names", "countries", "registrations", "listing"),
    examples=(
        {
            "names": [
                {"name": "Halcyon Meridian Trading Ltd", "type": "primary"},
                {"name": "HMT", "type": "weak"},
            ],
            "registrations": [{"type": "company", "number": "HE 123456", "country": "CYP"}],
            "countries": ["CYP"],
            "listing": [
                {"programme": "Demonstration", "date": "2024-04-01", "reason": "Invented for examples"}
            ],
        },
        {
            "names": [
                {"name": "ООО «Синий Маяк»", "type": "primary"},
                {"name": "Siniy Mayak LLC", "type": "alias"},
            ],
            "countries": ["BLR"],
            "registrations": [{"type": "tax", "number": "190000017", "country": "BLR"}],
        },
        {
            "names": [{"name": "شركة النورس الأزرق للتجارة", "type": "primary"}],
            "countries": ["SYR"],
            "addresses": [{"city": "دمشق", "country": "SYR"}],
        },
    ),
)
