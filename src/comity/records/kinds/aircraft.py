"""An aircraft: stolen, sought, or listed."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED, LISTING
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.objects.aircraft import AIRCRAFT_REGISTRATION, AIRCRAFT_SERIAL, ICAO24
from comity.records.types.text import LABEL, NAME

KIND = Kind(
    code="aircraft",
    fields=(
        Field("registration", AIRCRAFT_REGISTRATION, meaning="aircraft.registration", searched=True),
        Field(
            "former_registrations",
            AIRCRAFT_REGISTRATION,
            meaning="aircraft.registration",
            many=True,
            searched=True,
        ),
        Field("serial", AIRCRAFT_SERIAL, meaning="aircraft.serial", searched=True),
        Field("other_serials", AIRCRAFT_SERIAL, meaning="aircraft.serial", many=True, searched=True),
        Field("icao24", ICAO24, meaning="aircraft.icao24", searched=True),
        Field("country", COUNTRY, meaning="aircraft.country"),
        Field("make", LABEL, meaning="aircraft.make"),
        Field("model", LABEL, meaning="aircraft.model"),
        Field("manufactured", PARTIAL_DATE),
        Field("operator", NAME, meaning="aircraft.operator", names_another=True),
        Field("owner", NAME, meaning="aircraft.owner", names_another=True),
        *HAPPENED,
        LISTING,
    ),
    questions=(
        Question("registration", AIRCRAFT_REGISTRATION, "aircraft.registration", finds=True),
        Question("serial", AIRCRAFT_SERIAL, "aircraft.serial", finds=True),
        Question("icao24", ICAO24, "aircraft.icao24", finds=True),
        Question("country", COUNTRY, "aircraft.country"),
        Question("make", LABEL, "aircraft.make"),
        Question("model", LABEL, "aircraft.model"),
        Question("operator", NAME, "aircraft.operator"),
    ),
    summary=("registration", "serial", "make", "model", "status", "since"),
    examples=(
        {
            "registration": "EP-ZZQ",
            "serial": "20817",
            "country": "IRN",
            "make": "Fokker",
            "model": "F28",
            "status": "listed",
        },
        {
            "registration": "N987ZY",
            "icao24": "ad9f3c",
            "model": "Cessna 172",
            "status": "stolen",
            "since": "2024",
        },
        {"registration": "РА-12345", "serial": "А-4567", "operator": "Северный ветер", "country": "RUS"},
    ),
)
