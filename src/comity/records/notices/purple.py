"""Purple: tell of a way of committing crime, its tools and hiding places. Source: RPD article 92."""

from comity.records.handling import Purpose
from comity.records.kind import Field
from comity.records.notices.colour import Colour, Condition
from comity.records.notices.conditions import FACTS, YES_NO, affirms, facts, states, weighs
from comity.records.types.text import TEXT

COLOUR = Colour(
    code="purple",
    kinds=("method",),
    fields=(
        Field("serious_offence", YES_NO),
        Field("novelty", TEXT),
        Field("countermeasures", TEXT),
        *FACTS,
    ),
    conditions=(
        Condition("serious-offence", "RPD 92(2)(a)", affirms("serious_offence")),
        Condition("novelty", "RPD 92(2)(b)", weighs("novelty")),
        Condition("countermeasures", "RPD 92(2)(c)", states("countermeasures")),
        facts("RPD 92(3)"),
    ),
    purposes=frozenset(
        {
            *(Purpose.WARNING, Purpose.INVESTIGATION, Purpose.ANALYSIS),
            *(Purpose.BORDER, Purpose.ROAD, Purpose.SECURITY),
        }
    ),
    examples=(
        {
            "record": {
                "kind": "method",
                "title": "Hollow water filters",
                "category": "method",
                "description": "Household water filters are emptied, filled and closed again by machine.",
                "devices": ["Ultrasonic welder"],
                "hiding_places": ["Under the carbon cartridge"],
                "countries": ["JPN"],
            },
            "particulars": {
                "serious_offence": "yes",
                "novelty": "First seen in August; three seizures since.",
                "countermeasures": "Weigh filters: full ones are 240 g heavier than the label says.",
                "facts": "Seized in parcels of household goods.",
                "facts_date": "2026-08",
                "facts_country": "JPN",
            },
            "language": "eng",
        },
    ),
)
