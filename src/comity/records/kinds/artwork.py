"""A work of art or cultural object.

Source of the fields: Object ID (ICOM), its nine categories and the five that may be added.
"""

from comity.records.kind import Field, Kind, Question
from comity.records.kinds.parts import HAPPENED
from comity.records.types.country import COUNTRY
from comity.records.types.identifier import REGISTER_NUMBER
from comity.records.types.text import LABEL, NAME, TEXT

KIND = Kind(
    code="artwork",
    fields=(
        Field("title", NAME, meaning="artwork.title", searched=True),
        Field("other_titles", NAME, meaning="artwork.title", many=True, searched=True),
        Field("maker", NAME, meaning="artwork.maker", searched=True),
        Field("other_makers", NAME, meaning="artwork.maker", many=True, searched=True),
        Field("type", LABEL, meaning="artwork.type"),
        Field("subtype", LABEL),
        Field("materials", LABEL, meaning="artwork.material", many=True),
        Field("techniques", LABEL, many=True),
        Field("measurements", LABEL, many=True),
        Field("inscriptions", TEXT),
        Field("period", LABEL, meaning="artwork.period"),
        Field("subject", TEXT),
        Field("features", TEXT),
        Field("inventory_number", REGISTER_NUMBER, meaning="artwork.inventory", searched=True),
        Field("origin", LABEL),
        Field("origin_country", COUNTRY, meaning="artwork.country"),
        Field("related_objects", TEXT),
        Field("related_writing", TEXT),
        Field("documented", LABEL),
        *HAPPENED,
    ),
    questions=(
        Question("title", NAME, "artwork.title", finds=True),
        Question("maker", NAME, "artwork.maker", finds=True),
        Question("inventory_number", REGISTER_NUMBER, "artwork.inventory", finds=True),
        Question("type", LABEL, "artwork.type"),
        Question("material", LABEL, "artwork.material"),
        Question("period", LABEL, "artwork.period"),
        Question("country", COUNTRY, "artwork.country"),
    ),
    summary=("title", "maker", "type", "period", "status", "since"),
    examples=(
        {
            "title": "Ferry at the Salt Quay",
            "maker": "Anselm Kortwijk",
            "type": "painting",
            "materials": ["oil", "canvas"],
            "measurements": ["62 x 48 cm"],
            "period": "1887",
            "status": "stolen",
            "since": "2019-10-02",
            "happened_in": "BEL",
        },
        {"title": "千鳥の硯箱", "type": "writing box", "materials": ["lacquer"], "period": "18th century"},
        {
            "title": "Икона Святого Пантелеимона",
            "type": "icon",
            "inventory_number": "КП 1204",
            "origin_country": "BGR",
            "status": "stolen",
        },
    ),
)
