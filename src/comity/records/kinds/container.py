"""A freight container by the number of ISO 6346: stolen, or sought for what it carries."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED
from comity.records.types.country import COUNTRY
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.objects.container import CONTAINER_NUMBER
from comity.records.types.text import LABEL, NAME

KIND = Kind(
    code="container",
    fields=(
        Field("number", CONTAINER_NUMBER, meaning="container.number", required=True, searched=True),
        Field("seals", REGISTER_NUMBER, meaning="container.seal", many=True, searched=True),
        Field("type", LABEL, meaning="container.type"),
        Field("colour", LABEL),
        Field("operator", NAME, meaning="container.operator", names_another=True),
        Field("from_country", COUNTRY),
        Field("to_country", COUNTRY),
        Field("contents", LABEL),
        *HAPPENED,
    ),
    questions=(
        Question("number", CONTAINER_NUMBER, "container.number", finds=True),
        Question("seal", REGISTER_NUMBER, "container.seal", finds=True),
        Question("type", LABEL, "container.type"),
        Question("operator", NAME, "container.operator"),
    ),
    summary=("number", "type", "operator", "status", "since"),
    examples=(
        {
            "number": "CSQU3054383",
            "type": "22G1",
            "status": "stolen",
            "since": "2025-05-20",
            "happened_in": "NLD",
        },
        {"number": "ZZZU 100200-1", "operator": "Линия Прибой", "from_country": "GEO", "to_country": "ROU"},
        {"number": "QQQU1234565", "seals": ["EU 0012345"], "contents": "青果", "status": "sought"},
    ),
)
