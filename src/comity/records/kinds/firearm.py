"""A firearm: stolen, lost, trafficked, smuggled. Source of the fields: INTERPOL's iARMS."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED
from comity.records.types.country import COUNTRY
from comity.records.types.measures import YEAR
from comity.records.types.objects.firearm import CALIBRE, FIREARM_SERIAL
from comity.records.types.text import LABEL, TEXT

KIND = Kind(
    code="firearm",
    fields=(
        Field("serial", FIREARM_SERIAL, meaning="firearm.serial", searched=True),
        Field("other_serials", FIREARM_SERIAL, meaning="firearm.serial", many=True, searched=True),
        Field("type", LABEL, meaning="firearm.type"),
        Field("make", LABEL, meaning="firearm.make"),
        Field("model", LABEL, meaning="firearm.model"),
        Field("calibre", CALIBRE, meaning="firearm.calibre"),
        Field("country", COUNTRY, meaning="firearm.country"),
        Field("importer", COUNTRY, meaning="firearm.importer"),
        Field("year", YEAR, meaning="firearm.year"),
        Field("markings", TEXT),
        *HAPPENED,
    ),
    questions=(
        Question("serial", FIREARM_SERIAL, "firearm.serial", finds=True),
        Question("type", LABEL, "firearm.type"),
        Question("make", LABEL, "firearm.make"),
        Question("model", LABEL, "firearm.model"),
        Question("calibre", CALIBRE, "firearm.calibre"),
        Question("country", COUNTRY, "firearm.country"),
    ),
    summary=("serial", "make", "model", "calibre", "status", "since"),
    examples=(
        {
            "serial": "KX 01234",
            "type": "pistol",
            "make": "Glock",
            "model": "17",
            "calibre": "9mm Luger",
            "country": "AUT",
            "status": "stolen",
            "since": "2023-09-09",
        },
        {
            "serial": "АЕ 7654",
            "make": "Izhmash",
            "model": "AKM",
            "calibre": "7.62x39",
            "status": "trafficked",
        },
        {"serial": "٣٤٥٦٧", "make": "Maadi", "model": "Misr", "calibre": "7.62×39", "status": "lost"},
    ),
)
