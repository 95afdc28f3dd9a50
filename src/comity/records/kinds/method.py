"""A way of committing crime, or an event or process that is a danger: what purple and orange notices rest on."""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import REMARKS
from comity.records.types.choice import choice
from comity.records.types.country import COUNTRY
from comity.records.types.dates import PARTIAL_DATE
from comity.records.types.text import LABEL, LONG_TEXT, NAME

CATEGORY = choice("method_category", ("method", "event", "process"))

KIND = Kind(
    code="method",
    fields=(
        Field("title", NAME, meaning="method.title", required=True, searched=True),
        Field("other_titles", NAME, meaning="method.title", many=True, searched=True),
        Field("category", CATEGORY),
        Field("description", LONG_TEXT),
        Field("devices", LABEL, many=True),
        Field("hiding_places", LABEL, many=True),
        Field("places", LABEL, many=True),
        Field("countries", COUNTRY, meaning="method.country", many=True),
        Field("since", PARTIAL_DATE),
        Field("reference", LABEL),
        REMARKS,
    ),
    questions=(
        Question("title", NAME, "method.title", finds=True),
        Question("country", COUNTRY, "method.country"),
    ),
    summary=("title", "category", "devices", "hiding_places", "countries"),
    examples=(
        {
            "title": "Spare wheel with a double rim",
            "category": "method",
            "description": "The spare wheel holds its pressure, but half of the rim is hollow.",
            "devices": ["Hydraulic press"],
            "hiding_places": ["Between the two rims"],
            "countries": ["CAN"],
        },
        {
            "title": "رسائل مزيفة من شركة توصيل",
            "other_titles": ["False messages of a delivery company"],
            "category": "method",
            "countries": ["EGY", "KEN"],
            "since": "2026-03",
        },
        {"title": "Cloud of gas over the Serel pass", "category": "event", "places": ["Serel pass"]},
    ),
)
