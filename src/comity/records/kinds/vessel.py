"""A vessel, boat, or boat engine: stolen, sought, or listed."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED, LISTING, names
from comity.records.types.country import COUNTRY
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.measures import TONNAGE, YEAR
from comity.records.types.objects.vehicle import ENGINE_NUMBER
from comity.records.types.objects.vessel import CALL_SIGN, HIN, IMO_COMPANY, IMO_NUMBER, MMSI
from comity.records.types.text import LABEL, NAME

NAMES = names("vessel.name")

KIND = Kind(
    code="vessel",
    fields=(
        # A boat may have no name, only a number on its hull.
        Field("names", fields=NAMES.fields, many=True),
        Field("imo", IMO_NUMBER, meaning="vessel.imo", searched=True),
        Field("mmsi", MMSI, meaning="vessel.mmsi", searched=True),
        Field("call_sign", CALL_SIGN, meaning="vessel.call_sign", searched=True),
        Field("hin", HIN, meaning="vessel.hin", searched=True),
        Field("registration", REGISTER_NUMBER, meaning="vessel.registration", searched=True),
        Field("engines", ENGINE_NUMBER, meaning="vessel.engine", many=True, searched=True),
        Field("flag", COUNTRY, meaning="vessel.flag"),
        Field("former_flags", COUNTRY, meaning="vessel.flag", many=True),
        Field("type", LABEL, meaning="vessel.type"),
        Field("tonnage", TONNAGE),
        Field("gross_tonnage", TONNAGE),
        Field("make", LABEL, meaning="vessel.make"),
        Field("model", LABEL, meaning="vessel.model"),
        Field("year", YEAR, meaning="vessel.year"),
        Field("colour", LABEL),
        Field("owner", NAME, meaning="vessel.owner", names_another=True),
        Field("owner_imo", IMO_COMPANY, meaning="vessel.owner_imo", searched=True),
        Field("manager", NAME, meaning="vessel.owner", names_another=True),
        Field("home_port", LABEL),
        *HAPPENED,
        LISTING,
    ),
    questions=(
        Question("imo", IMO_NUMBER, "vessel.imo", finds=True),
        Question("mmsi", MMSI, "vessel.mmsi", finds=True),
        Question("call_sign", CALL_SIGN, "vessel.call_sign", finds=True),
        Question("hin", HIN, "vessel.hin", finds=True),
        Question("registration", REGISTER_NUMBER, "vessel.registration", finds=True),
        Question("engine", ENGINE_NUMBER, "vessel.engine", finds=True),
        Question("owner_imo", IMO_COMPANY, "vessel.owner_imo", finds=True),
        Question("name", NAME, "vessel.name", finds=True),
        Question("flag", COUNTRY, "vessel.flag"),
        Question("type", LABEL, "vessel.type"),
        Question("owner", NAME, "vessel.owner"),
    ),
    summary=("names", "imo", "mmsi", "flag", "type", "status", "since"),
    examples=(
        {
            "names": [{"name": "Northern Lantern", "type": "primary"}, {"name": "Ana Luz", "type": "former"}],
            "imo": "9074729",
            "mmsi": "351234000",
            "call_sign": "3EXY7",
            "flag": "PAN",
            "type": "general cargo",
            "tonnage": 2597,
            "status": "listed",
        },
        {
            "names": [{"name": "Чайка", "type": "primary"}],
            "hin": "PL-ABC12345A424",
            "flag": "POL",
            "type": "sailing yacht",
            "status": "stolen",
            "since": "2024-08-03",
        },
        {"names": [{"name": "نورس البحر", "type": "primary"}], "registration": "TN 4711", "flag": "TUN"},
    ),
)
