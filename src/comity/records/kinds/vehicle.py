"""A vehicle, trailer or identifiable part: stolen, or sought as evidence or asset."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED
from comity.records.types.country import COUNTRY
from comity.records.types.measures import YEAR
from comity.records.types.objects.plate import PLATE
from comity.records.types.objects.vehicle import ENGINE_NUMBER, VIN
from comity.records.types.text import LABEL

KIND = Kind(
    code="vehicle",
    fields=(
        # Real lists have trailers and mopeds without any number: nothing is required.
        Field("vin", VIN, meaning="vehicle.vin", searched=True),
        Field("plate", PLATE, meaning="vehicle.plate", searched=True),
        Field("country", COUNTRY, meaning="vehicle.country"),
        Field("former_plates", PLATE, meaning="vehicle.plate", many=True, searched=True),
        Field("engine", ENGINE_NUMBER, meaning="vehicle.engine", searched=True),
        Field("type", LABEL, meaning="vehicle.type"),
        Field("make", LABEL, meaning="vehicle.make"),
        Field("model", LABEL, meaning="vehicle.model"),
        Field("year", YEAR, meaning="vehicle.year"),
        Field("colour", LABEL, meaning="vehicle.colour"),
        *HAPPENED,
    ),
    questions=(
        Question("vin", VIN, "vehicle.vin", finds=True),
        Question("plate", PLATE, "vehicle.plate", finds=True),
        Question("country", COUNTRY, "vehicle.country"),
        Question("engine", ENGINE_NUMBER, "vehicle.engine", finds=True),
        Question("type", LABEL, "vehicle.type"),
        Question("make", LABEL, "vehicle.make"),
        Question("model", LABEL, "vehicle.model"),
        Question("year", YEAR, "vehicle.year"),
        Question("colour", LABEL, "vehicle.colour"),
    ),
    summary=("plate", "country", "make", "model", "colour", "status", "since"),
    examples=(
        {
            "vin": "WVWZZZ1KZAW000123",
            "plate": "B-XY 1234",
            "country": "DEU",
            "make": "Volkswagen",
            "model": "Golf",
            "colour": "silver",
            "status": "stolen",
            "since": "2025-01-17",
        },
        {"plate": "к123мо77", "country": "RUS", "make": "Lada", "status": "stolen", "since": "2024"},
        {"plate": "د ر س ١٢٣٤", "country": "SAU", "make": "Toyota", "model": "Hilux", "year": 2019},
        {
            "plate": "品川 300 あ 12-34",
            "country": "JPN",
            "make": "Nissan",
            "colour": "白",
            "status": "stolen",
        },
    ),
)
